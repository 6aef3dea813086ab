// SPDX-License-Identifier: Apache-2.0
// What the runtime does outside: before the child is born, while it waits, after it has begun.
public import Kernel
public import OCISpec

/// One act of the runtime itself.
public enum HostStep: Step, Equatable, Sendable {
    /// Claims the id.
    case claim(directory: String)
    /// Writes down what is going to be made.
    case begin(path: String)
    /// Makes the group.
    case makeCgroup(path: String)
    /// Puts a device list on the group.
    case deviceList(rules: [DeviceRule], path: String)
    /// Passes controllers on, group by group from the top.
    case enableControllers([String], groups: [String])
    /// Sets a limit of the container's group.
    case limit(LimitWrite, group: String)
    /// Gives the pipes among the standard streams to the program's user.
    case giveStreams(owner: UInt32)
    /// Makes the child.
    case clone(NamespaceFlags, intoCgroup: Bool)
    /// Makes the child where clone3(2) is refused.
    case plainClone(NamespaceFlags, intoCgroup: Bool)
    /// Writes down the pid.
    case record(path: String)
    /// Runs a hook on the host.
    case hook(kind: String, HookSpec, index: Int)
    /// Lets the child go on.
    case openGate
    /// Removes what was made.
    case cleanUp(directory: String)

    /// What it does, how, why, and where that is written.
    public var explanation: Explanation {
        switch self {
        case .claim(let directory):
            Explanation(
                "claim the id", call: "mkdir(\"\(directory)\", 0700)",
                why: "mkdir fails when it is there: two containers cannot have one id", source: "mkdir(2)")
        case .begin(let path):
            Explanation(
                "begin the state", call: "open(\"\(path)\", O_CREAT | O_EXCL); write(record)",
                why: "should this process be killed, the next command on the id finds what it made",
                source: "runtime-spec runtime.md#state")
        case .makeCgroup(let path):
            Explanation(
                "a control group", call: "mkdir(\"\(path)\")",
                why: "every process of the container can be counted, frozen and killed together",
                source: "cgroups(7)")
        case .deviceList(let rules, let path): Self.explain(rules, path)
        case .enableControllers(let names, let groups):
            Explanation(
                "controllers \(names.joined(separator: ", "))",
                call: "write(\"\(groups.joined(separator: ", "))/cgroup.subtree_control\", \"+"
                    + names.joined(separator: " +") + "\")",
                why: "a group has the files of a limit only when each group above passes the controller on",
                source: "cgroups(7)")
        case .limit(let write, let group): write.explanation(in: group)
        case .giveStreams(let owner):
            Explanation(
                "pipes to standard streams become user \(owner)'s", call: "fchown(0, \(owner), -1); 1; 2",
                why: "who opens /dev/stdout opens the pipe anew, with its permissions", source: "fchown(2)")
        case .clone(let flags, let intoCgroup):
            Explanation(
                "a child in new namespaces",
                call:
                    "clone3(\((flags.names + (intoCgroup ? ["CLONE_INTO_CGROUP"] : [])).joined(separator: " | ")))",
                why: "one call: the child is born inside, nothing is moved afterwards",
                source: "clone(2), namespaces(7)")
        case .plainClone(let flags, let intoCgroup):
            Explanation(
                "a child in new namespaces, without clone3",
                call: "clone(\(flags.names.joined(separator: " | ")))"
                    + (intoCgroup ? "; write(\"cgroup.procs\", \"0\")" : ""),
                why: "clone3 is refused here: the child moves into its group itself, before anything else",
                source: "clone(2), cgroups(7)")
        case .record(let path):
            Explanation(
                "complete the state", call: "write(\"\(path)\", the configuration; the pid)",
                why: "before the program runs, so that `delete` finds it whatever happens next",
                source: "runtime-spec runtime.md#state")
        case .hook(let kind, let hook, let index):
            Explanation(
                "hook \(kind)[\(index)] `\(hook.path)`", call: "execve(\"\(hook.path)\")",
                why: "the configuration asks for it at this point",
                source: "runtime-spec config.md#posix-platform-hooks")
        case .openGate:
            Explanation(
                "let the child go on", call: "write(gate)", why: "its turn",
                source: "runtime-spec runtime.md#lifecycle")
        case .cleanUp(let directory):
            Explanation(
                "leave nothing behind", call: "rmdir(cgroup); unlink and rmdir(\"\(directory)\")",
                why: "mounts and links went with the namespaces", source: "runtime-spec runtime.md#delete")
        }
    }

    private static func explain(_ rules: [DeviceRule], _ path: String) -> Explanation {
        let shown = rules.prefix(20).map { $0.text } + (rules.count > 20 ? ["\(rules.count - 20) more"] : [])
        return Explanation(
            "a list of \(rules.count) rules of devices",
            call:
                "bpf(BPF_PROG_LOAD, {BPF_PROG_TYPE_CGROUP_DEVICE, [\(shown.joined(separator: "; "))]});"
                + " bpf(BPF_PROG_ATTACH, {\"\(path)\", BPF_F_ALLOW_MULTI})",
            why:
                "who may make nodes could make one of the host's disk and open it; the last rule that matches"
                + " decides",
            source: "runtime-spec config-linux.md#allowed-device-list, bpf(2)")
    }
}

extension NamespaceFlags {
    /// The flags' names, as clone(2) writes them.
    public var names: [String] {
        let known: [(NamespaceFlags, String)] = [
            (.pid, "CLONE_NEWPID"), (.mount, "CLONE_NEWNS"), (.network, "CLONE_NEWNET"),
            (.uts, "CLONE_NEWUTS"),
            (.ipc, "CLONE_NEWIPC"), (.cgroup, "CLONE_NEWCGROUP"), (.user, "CLONE_NEWUSER"),
        ]
        return known.filter { contains($0.0) }.map { $0.1 }
    }
}

extension ContainerStep {
    /// Whether the child waits here for the runtime.
    public var isGate: Bool {
        if case .gate = self { return true }
        return false
    }
}

/// A container on paper: what will be done, in order. Pure values; nothing has happened yet.
public struct LaunchPlan: Equatable, Sendable {
    /// The runtime's own acts.
    public var host: [HostStep] = []
    /// The child's acts.
    public var container: [ContainerStep] = []
    /// The namespaces that the child is born into.
    public var birth: NamespaceFlags = []
    /// A pid namespace that the child must be born into, since setns(2) works for children only.
    public var pidNamespacePath: String?
    /// The devices that the container may use.
    public var deviceFilter: DeviceFilter?
    /// What the plan leaves out, each a sentence for the user.
    public var warnings: [String] = []

    /// An empty plan.
    public init() {}

    /// True when the program gets a terminal.
    public var hasConsole: Bool {
        container.contains { step in
            if case .console = step { return true }
            return false
        }
    }

    /// The index of the step that lets the child pass its last gate.
    public var lastGate: Int { host.lastIndex(of: .openGate) ?? host.count }

    /// The runtime's steps between the birth of the child and its last gate.
    public var stepsWhileChildWaits: ArraySlice<HostStep> {
        let birth = host.firstIndex {
            if case .clone = $0 { return true }
            return false
        }
        guard let birth, birth < lastGate else { return [] }
        return host[(birth + 1)..<lastGate]
    }

    /// Paths of namespaces to join, in the order of the `joinNamespace` steps.
    public var joinedPaths: [String] {
        container.compactMap { step in
            if case .joinNamespace(_, let path, _) = step { return path }
            return nil
        }
    }
}
