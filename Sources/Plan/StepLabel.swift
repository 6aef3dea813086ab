// SPDX-License-Identifier: Apache-2.0
// What a step is called where its values do not matter, and the page of the course that leads up to it.

/// A page of the course in docs/lessons, by the family of steps that it is about.
public enum Lesson: String, CaseIterable, Sendable {
    /// Programs and processes: fork, exec, sessions, descriptors.
    case process = "00-process"
    /// What a process may have of its own.
    case namespaces = "01-namespaces"
    /// The pid namespace and /proc.
    case processes = "02-processes"
    /// Mounts, and how they spread.
    case mounts = "03-mounts"
    /// chroot and pivot_root.
    case root = "04-root"
    /// Nodes, links, the terminal.
    case devices = "05-devices"
    /// Settings of the kernel: sysctl, masked and read-only paths.
    case kernelSettings = "06-kernel-settings"
    /// Control groups: limits, the device list, freezing, killing.
    case cgroups = "07-cgroups"
    /// Users, groups, capabilities, limits of a process, keys.
    case privileges = "08-privileges"
    /// The filter of system calls.
    case seccomp = "09-seccomp"
    /// All of it: states, gates, hooks, bundles.
    case container = "10-container"

    /// Where the page is, from the top of the project.
    public var path: String { "docs/lessons/" + rawValue + ".md" }
}

/// The name of a kind of step, and its lesson.
public struct StepLabel: Equatable, Sendable {
    /// As the case of the enumeration is called; it does not change from version to version.
    public let kind: String
    /// The page that explains its family.
    public let lesson: Lesson

    init(_ kind: String, _ lesson: Lesson) {
        self.kind = kind
        self.lesson = lesson
    }
}

extension HostStep {
    /// The name of its kind, and its lesson.
    public var label: StepLabel {
        switch self {
        case .claim: StepLabel("claim", .container)
        case .begin: StepLabel("begin", .container)
        case .makeCgroup: StepLabel("makeCgroup", .cgroups)
        case .giveStreams: StepLabel("giveStreams", .privileges)
        case .deviceList: StepLabel("deviceList", .cgroups)
        case .enableControllers: StepLabel("enableControllers", .cgroups)
        case .limit: StepLabel("limit", .cgroups)
        case .clone: StepLabel("clone", .namespaces)
        case .plainClone: StepLabel("plainClone", .namespaces)
        case .record: StepLabel("record", .container)
        case .hook: StepLabel("hook", .container)
        case .openGate: StepLabel("openGate", .container)
        case .cleanUp: StepLabel("cleanUp", .container)
        }
    }
}

extension ContainerStep {
    /// The name of its kind, and its lesson.
    public var label: StepLabel {
        switch self {
        case .session: StepLabel("session", .process)
        case .joinNamespace: StepLabel("joinNamespace", .namespaces)
        case .joinContainer: StepLabel("joinContainer", .namespaces)
        case .newCgroupNamespace: StepLabel("newCgroupNamespace", .namespaces)
        case .keyring: StepLabel("keyring", .privileges)
        case .oomScore: StepLabel("oomScore", .cgroups)
        case .loopback: StepLabel("loopback", .namespaces)
        case .propagation: StepLabel("propagation", .mounts)
        case .root: StepLabel("root", .root)
        case .overlayRoot: StepLabel("overlayRoot", .root)
        case .mount(let mount): StepLabel("mount", mount.lesson)
        case .device: StepLabel("device", .devices)
        case .deviceLinks: StepLabel("deviceLinks", .devices)
        case .console: StepLabel("console", .devices)
        case .hook: StepLabel("hook", .container)
        case .gate: StepLabel("gate", .container)
        case .sysctl: StepLabel("sysctl", .kernelSettings)
        case .readOnlyPath: StepLabel("readOnlyPath", .kernelSettings)
        case .maskedPath: StepLabel("maskedPath", .kernelSettings)
        case .rootAttributes: StepLabel("rootAttributes", .root)
        case .pivot: StepLabel("pivot", .root)
        case .changeRoot: StepLabel("changeRoot", .root)
        case .hostname: StepLabel("hostname", .namespaces)
        case .domainname: StepLabel("domainname", .namespaces)
        default: processLabel
        }
    }

    private var processLabel: StepLabel {
        switch self {
        case .rlimit: StepLabel("rlimit", .privileges)
        case .bounding: StepLabel("bounding", .privileges)
        case .identity: StepLabel("identity", .privileges)
        case .capabilities: StepLabel("capabilities", .privileges)
        case .ambient: StepLabel("ambient", .privileges)
        case .noNewPrivileges: StepLabel("noNewPrivileges", .privileges)
        case .seccomp: StepLabel("seccomp", .seccomp)
        case .umask: StepLabel("umask", .privileges)
        case .personality: StepLabel("personality", .privileges)
        case .makeWorkingDirectory: StepLabel("makeWorkingDirectory", .root)
        case .workingDirectory: StepLabel("workingDirectory", .root)
        case .findProgram: StepLabel("findProgram", .process)
        case .waitForStart: StepLabel("waitForStart", .container)
        case .closeDescriptors: StepLabel("closeDescriptors", .process)
        case .execute: StepLabel("execute", .process)
        default: StepLabel("", .container)
        }
    }
}

extension PlannedMount {
    /// /proc, terminals and control groups have pages of their own.
    fileprivate var lesson: Lesson {
        guard case .fileSystem(let type, _) = origin else { return .mounts }
        switch type {
        case "proc": return .processes
        case "devpts": return .devices
        case "cgroup2": return .cgroups
        default: return .mounts
        }
    }
}
