// SPDX-License-Identifier: Apache-2.0
// The steps of the host that bound the container's group: controllers before the child is born into it, so
// that all it uses is counted; limits when it first stands at a gate, so that neither a quota nor a limit of
// processes slows or fails its making, and both hold before a hook or the program runs.
internal import OCISpec
internal import Plan

extension Planner {
    /// A limit without a group would be lost in silence.
    func checkGroup() throws(RuntimeError) {
        guard options.cgroup == nil, let field = limits.writes.field(where: { _ in true }) else { return }
        throw Controllers.noGroup(field: field, isDisabled: !options.usesCgroup)
    }

    mutating func addControllers() {
        guard let cgroup = options.cgroup, !limits.controllers.isEmpty else { return }
        plan.host.append(
            .enableControllers(
                limits.controllers, groups: Self.groups(above: cgroup, from: options.cgroupRoot)))
    }

    mutating func addLimits() {
        guard let cgroup = options.cgroup else { return }
        for write in limits.writes { plan.host.append(.limit(write, group: cgroup)) }
    }

    /// The groups from the mount point down to the one above `path`.
    static func groups(above path: String, from root: String) -> [String] {
        var groups: [String] = []
        var group = root
        for name in path.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/")) {
            groups.append(group)
            group += "/" + String(Substring(name))
        }
        return groups
    }
}
