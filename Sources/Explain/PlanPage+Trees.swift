// SPDX-License-Identifier: Apache-2.0
// Two pictures of a plan: the namespaces around the program, and the mounts as the tree that it sees.
internal import Kernel
internal import OCISpec
internal import Plan

/// One place in the tree of mounts.
private struct Place {
    let path: String
    var tags: [String]
    /// The nearest place above.
    var above: Int?
}

extension PlanPage {
    // MARK: namespaces

    /// A tree: the host's namespaces at the root, one branch for each kind.
    func namespaces() -> String {
        let kinds: [(NamespaceType, String)] = [
            (.mount, "mounts"), (.pid, "processes"), (.network, "links, addresses, ports"),
            (.ipc, "queues, shared memory"), (.uts, "host name"), (.cgroup, "control groups"),
            (.user, "users"), (.time, "clocks"),
        ]
        let height = kinds.count * 34 + 20
        let middle = height / 2
        var rows = ""
        for (index, kind) in kinds.enumerated() {
            let y = 10 + index * 34
            let (style, words) = state(of: kind.0)
            rows += """
                <path class="branch \(style)" d="M172 \(middle)C210 \(middle) 196 \(y + 14) 236 \(y + 14)"/>
                <g class="\(style)"><rect x="236" y="\(y)" width="136" height="28" rx="6"/>\
                <text x="248" y="\(y + 19)">\(kind.0.rawValue)</text></g>
                <text class="note" x="386" y="\(y + 19)">\(escaped(kind.1 + ": " + words))</text>

                """
        }
        return """
            <svg class="tree" viewBox="0 0 780 \(height)" role="img" aria-label="The namespaces of the container">
            <g class="root"><rect x="4" y="\(middle - 20)" width="168" height="40" rx="6"/>\
            <text x="18" y="\(middle + 5)">\(escaped(short(program)))</text></g>
            \(rows)</svg>
            """
    }

    private func state(of type: NamespaceType) -> (style: String, words: String) {
        for case .joinNamespace(type, let path, _) in plan.container { return ("joined", "joined, \(path)") }
        if type == .pid, let path = plan.pidNamespacePath { return ("joined", "joined, \(path)") }
        let isNew =
            plan.birth.contains(type.flag)
            || (type == .cgroup && plan.container.contains(.newCgroupNamespace))
        return isNew ? ("new", "its own") : ("shared", "the host’s")
    }

    private var program: String {
        for case .execute(let arguments, _) in plan.container { return arguments.first ?? "" }
        return ""
    }

    private func short(_ text: String) -> String {
        text.count <= 19 ? text : String(text.prefix(18)) + "…"
    }

    // MARK: mounts

    /// Nested lists, by the longest place above each.
    func mounts() -> String {
        var places: [Place] = []
        for step in plan.container { add(step, to: &places) }
        for index in places.indices where places[index].path != "/" {
            let path = places[index].path
            let above = places.indices.filter { path != places[$0].path && isBelow(path, places[$0].path) }
            places[index].above = above.max { places[$0].path.utf8.count < places[$1].path.utf8.count }
        }
        return "<ul class=\"places\">\n" + list(places, below: nil) + "</ul>"
    }

    private func isBelow(_ path: String, _ directory: String) -> Bool {
        directory == "/" || path.utf8.starts(with: (directory + "/").utf8)
    }

    private func list(_ places: [Place], below index: Int?) -> String {
        var text = ""
        for (number, place) in places.enumerated() where place.above == index {
            let below = list(places, below: number)
            let tags = place.tags.map { "<span class=\"tag\">\(escaped($0))</span>" }.joined(separator: " ")
            text += "<li><code>\(escaped(place.path))</code> \(tags)"
            text += below.isEmpty ? "</li>\n" : "\n<ul>\n\(below)</ul></li>\n"
        }
        return text
    }

    private func add(_ step: ContainerStep, to places: inout [Place]) {
        switch step {
        case .root(let path): put("/", "root: " + path, &places)
        case .overlayRoot(_, let overlay):
            put("/", "overlay of \(overlay.lower.count) layers", &places)
        case .mount(let mount):
            switch mount.origin {
            case .tree(let path, _): put(mount.destination, "bind of " + path, &places)
            case .fileSystem(let type, _): put(mount.destination, type, &places)
            case .existing: break
            }
            for change in mount.changes {
                for word in Script.words(MountAttributes(set: change.set)) {
                    put(mount.destination, word, &places)
                }
            }
        case .device(let device): put(device.path, "device", &places)
        case .readOnlyPath(let path): put(path, "read-only", &places)
        case .maskedPath(let path): put(path, "hidden", &places)
        case .rootAttributes(_, let name): put("/", name, &places)
        default: break
        }
    }

    private func put(_ path: String, _ tag: String, _ places: inout [Place]) {
        if let index = places.firstIndex(where: { $0.path == path }) {
            places[index].tags.append(tag)
        } else {
            places.append(Place(path: path, tags: [tag]))
        }
    }
}
