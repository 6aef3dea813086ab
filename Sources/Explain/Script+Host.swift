// SPDX-License-Identifier: Apache-2.0
// The host's part of the script: what is made before the child, what is done while it waits, what is
// removed in the end.
internal import Kernel
internal import OCISpec
internal import Plan

extension Script {
    /// The host's steps in order. The child's are known by now: what gives birth to it, what is done for it
    /// from outside.
    func hostPart() throws(ScriptError) -> String {
        var text = cleaning()
        let lastGate = plan.lastGate
        for (index, step) in plan.host.enumerated() {
            if index == lastGate {
                text +=
                    "# The child stands at its last gate.\nread -r _ <&\"$ready\" || lost\n" + outside
                    + outsideEnd
            }
            if case .cleanUp = step { continue }
            text += Self.comment(step.explanation, step.label.lesson, indent: "")
            text += try lines(of: step) + "\n"
        }
        return text + """
            # Its end is ours.
            status=0
            wait "$first" || status=$?
            exit "$status"
            """
    }

    private func lines(of step: HostStep) throws(ScriptError) -> String {
        switch step {
        case .claim(let directory):
            return
                "mkdir -p -m 700 -- \(quoted(Self.parent(directory)))\nmkdir -m 700 -- \"$state\"\nclaimed=1\n"
        case .begin: return "echo \"made by a script\" >\"$state/script\"\n"
        case .makeCgroup: return ScriptParts.makeCgroup
        case .giveStreams(let owner):
            return "for stream in 0 1 2; do\n"
                + "    if [[ -p /proc/self/fd/$stream ]]; then chown \(owner) \"/proc/self/fd/$stream\" || :; fi\n"
                + "done\n"
        case .deviceList: return deviceList()
        case .enableControllers(let names, let groups):
            return groups.map { group in
                "echo \(quoted(names.map { "+" + $0 }.joined(separator: " "))) >\(quoted(group + "/cgroup.subtree_control"))\n"
            }.joined()
        case .limit(let write, let group): return Self.limit(write, group)
        case .clone(let flags, let intoCgroup), .plainClone(let flags, let intoCgroup):
            return clone(flags, intoCgroup)
        case .record: return "echo \"$pid\" >\"$state/pid\"\n"
        case .hook(let kind, _, _):
            throw ScriptError(
                "`--format sh` cannot run `hooks.\(kind)`, which get the state of a runtime; leave the hooks out"
            )
        case .openGate: return "echo >&\"$gate\"\n"
        case .cleanUp: return ""
        }
    }

    /// The first of the files that is there, as the runtime chooses.
    private static func limit(_ write: LimitWrite, _ group: String) -> String {
        var text = ""
        for (index, choice) in write.choices.enumerated() {
            let file = quoted(group + "/" + choice.file)
            let line = "echo \(quoted(choice.value)) >\(file)\n"
            if index == write.choices.count - 1 {
                text += line + (index == 0 ? "" : "fi\n")
            } else {
                text += "\(index == 0 ? "if" : "elif") [[ -e \(file) ]]; then " + line
                if index == write.choices.count - 2 { text += "else " }
            }
        }
        return text
    }

    /// bpf(2) has no program in Debian's base: the finished instructions go through perl.
    private func deviceList() -> String {
        var digits = ""
        for instruction in plan.deviceFilter?.instructions ?? [] {
            for byte in 0..<8 {
                let value = UInt8(truncatingIfNeeded: instruction >> UInt64(byte * 8))
                digits += (value < 16 ? "0" : "") + String(value, radix: 16)
            }
        }
        return "perl -e '\(ScriptParts.deviceList)' \"$bpf\" \"$cgroup\" \\\n    \(digits)\n"
    }

    private func clone(_ flags: NamespaceFlags, _ intoCgroup: Bool) -> String {
        let types: [NamespaceFlags] = [.mount, .uts, .ipc, .network, .pid, .user]
        var words = types.filter { flags.contains($0) }.map { Self.flag($0) }
        if flags.contains(.mount) { words += ["--propagation", "unchanged"] }
        if flags.contains(.pid) { words.append("--fork") }
        var text = ""
        if let path = plan.pidNamespacePath { text += "birth=(\(quoted(["nsenter", "--pid=" + path])))\n" }
        text += "birth+=(\(quoted(["unshare"] + words)))\n"
        if intoCgroup { text += "birth+=(bash -c 'echo 0 >\"$0/cgroup.procs\"; exec \"$@\"' \"$cgroup\")\n" }
        return text + birth + ScriptParts.birth
    }

    private func cleaning() -> String {
        let end = plan.host.first { step in
            if case .cleanUp = step { return true }
            return false
        }
        let cleanUp = end ?? .cleanUp(directory: "")
        return "state=\(quoted(stateDirectory))\ncgroup=\(quoted(cgroup))\n"
            + "# What the container writes into the layers of an image.\nwritten=(\(quoted(overlayParts)))\n\n"
            + Self.comment(cleanUp.explanation, cleanUp.label.lesson, indent: "") + ScriptParts.cleaning
            + "\n"
    }

    private var overlayParts: [String] {
        for case .overlayRoot(let path, let overlay) in plan.container {
            let parts = [overlay.upper, overlay.work, path]
            // All in one directory, as a container's are: that goes too.
            let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            return parts.allSatisfy { $0.hasPrefix(directory + "/") } && !directory.isEmpty
                ? [directory] : parts
        }
        return []
    }

    private var stateDirectory: String {
        if case .claim(let directory)? = plan.host.first { return directory }
        return ""
    }

    private var cgroup: String {
        for case .makeCgroup(let path) in plan.host { return path }
        return ""
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
