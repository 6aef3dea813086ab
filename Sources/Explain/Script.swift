// SPDX-License-Identifier: Apache-2.0
// A plan as a script of ordinary programs. Two parts, as in the plan: `child` is what the first process
// does, after it what the host does. The host's programs go out of the child's reach with pivot_root(2):
// what comes after it is carried out by the host's part from outside, or was loaded before.
internal import Kernel
internal import Plan

/// A plan that the script cannot carry out.
public struct ScriptError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence, lower case, no full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Writes the script of one plan.
struct Script {
    let plan: LaunchPlan
    let title: String
    /// The program that the child becomes, with its prefixes, each of which changes the process.
    var last: [String] = []
    /// Comments and lines of the child, in order.
    var child = ""
    /// What gives birth to the child: prefixes again.
    var birth = ""
    /// Carried out from outside once the child stands at its last gate.
    var outside = ""
    /// After that.
    var outsideEnd = ""
    /// What the process may do when it becomes the program.
    var lowered: CapabilitySet?
    var root = ""
    var files: [String] = []
    var firstClosed: UInt32 = 3

    init(_ plan: LaunchPlan, title: String) {
        self.plan = plan
        self.title = title
    }

    func write() throws(ScriptError) -> String {
        var script = self
        return try script.written()
    }

    private mutating func written() throws(ScriptError) -> String {
        for step in plan.container {
            if case .root(let path) = step { root = path }
            if case .overlayRoot(let path, _) = step { root = path }
        }
        for step in plan.container { try add(step) }
        let host = try hostPart()
        return """
            #!/bin/bash
            # \(printable(title)), as a script: what Roost does step by step, done by ordinary programs.
            # Run it with `bash` as root; it needs util-linux, iproute2, libcap2-bin and perl-base.
            \(ScriptParts.start)

            root=\(quoted(root))

            \(ScriptParts.functions)

            # ---- the child: the steps of the container's first process

            child() {
                set -euo pipefail
                local pid _ last=() empty=
                # Its number on the host, as the host's /proc has it.
                read -r pid _ </proc/self/stat
                echo "$pid" >&199

            \(child)}

            # ---- the host

            \(host)
            """ + "\n"
    }

    // MARK: lines

    /// The step's own words, as a comment.
    static func comment(_ words: Explanation, _ lesson: Lesson, indent: String) -> String {
        "\(indent)# \(printable(words.what)): \(printable(words.why))"
            + " (\(printable(words.source)); \(lesson.path))\n"
    }

    mutating func explain(_ step: ContainerStep) {
        child += Self.comment(step.explanation, step.label.lesson, indent: "    ")
    }

    mutating func line(_ text: String) { child += "    " + text + "\n" }

    /// A prefix of what gives birth to the child.
    mutating func bear(_ step: ContainerStep, _ words: [String]) {
        birth += Self.comment(step.explanation, step.label.lesson, indent: "")
        birth += "birth+=(\(quoted(words)))\n"
    }

    /// A prefix of the program that the child becomes.
    mutating func become(_ step: ContainerStep, _ words: [String]) {
        explain(step)
        line("last+=(\(quoted(words)))")
    }

    // MARK: the child

    private mutating func add(_ step: ContainerStep) throws(ScriptError) {
        switch step {
        case .session, .joinNamespace, .joinContainer, .newCgroupNamespace, .keyring: addBirth(step)
        case .oomScore(let score):
            explain(step)
            line("printf %s \(score) >/proc/self/oom_score_adj")
        case .loopback:
            explain(step)
            line("ip link set lo up")
        case .hostname(let name):
            explain(step)
            line(Self.naming("hostname", name))
        case .domainname(let name):
            explain(step)
            line(Self.naming("domainname", name))
        case .propagation, .root, .overlayRoot, .mount, .rootAttributes, .pivot, .changeRoot, .device,
            .deviceLinks,
            .sysctl, .readOnlyPath, .maskedPath, .makeWorkingDirectory:
            try addMounts(step)
        default: try addProcess(step)
        }
    }

    private mutating func addBirth(_ step: ContainerStep) {
        switch step {
        case .session: bear(step, ["env", "--default-signal", "setsid"])
        case .joinNamespace(let type, let path, _):
            bear(step, ["nsenter", Self.flag(type.flag) + "=" + path])
        case .newCgroupNamespace: bear(step, ["unshare", "--cgroup"])
        case .keyring:
            birth += Self.comment(step.explanation, step.label.lesson, indent: "")
            birth += "birth+=(perl -e '\(ScriptParts.keyring)' \"$keyctl\")\n"
        default: break
        }
    }

    /// hostname(1) takes only names that may stand in a domain; the kernel takes any.
    private static func naming(_ program: String, _ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        if isPlain, !name.isEmpty { return "\(program) -- \(quoted(name))" }
        return
            "perl -e 'syscall($ARGV[0] + 0, $ARGV[1], length $ARGV[1]) == 0 or die \"set\(program): $!\\n\"'"
            + " \"$set\(program)\" \(quoted(name))"
    }

    /// The flag of unshare(1) and nsenter(1).
    static func flag(_ type: NamespaceFlags) -> String {
        switch type {
        case .mount: "--mount"
        case .network: "--net"
        case .ipc: "--ipc"
        case .uts: "--uts"
        case .cgroup: "--cgroup"
        case .pid: "--pid"
        default: "--user"
        }
    }
}
