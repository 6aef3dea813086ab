// SPDX-License-Identifier: Apache-2.0
// Lowering: each step becomes one or more operations for the child. The order of steps is the Planner's.
public import Kernel
internal import OCISpec

/// The descriptors that the parent hands to the child; negative: none.
public struct LaunchDescriptors: Sendable {
    /// The child's end of the socket to the parent.
    public var gate: Int32
    /// The FIFO that `start` writes to.
    public var start: Int32
    /// The socket that takes the terminal's master.
    public var console: Int32
    /// The pidfd of a container to join.
    public var container: Int32
    /// The root, a detached mount.
    public var root: Int32
    /// Namespaces to join, in the order of the plan's `joinNamespace` steps.
    public var namespaces: [Int32]
    /// The parent's own, which the child must not hold.
    public var closed: [Int32]

    /// None yet.
    public init(
        gate: Int32 = -1, start: Int32 = -1, console: Int32 = -1, container: Int32 = -1,
        root: Int32 = -1, namespaces: [Int32] = [],
        closed: [Int32] = []
    ) {
        self.gate = gate
        self.start = start
        self.console = console
        self.container = container
        self.root = root
        self.namespaces = namespaces
        self.closed = closed
    }
}

/// Turns steps into a program and remembers which operation belongs to which step.
public struct Lowering: ~Copyable {
    /// The program so far.
    public var program = LaunchProgram()
    /// The index of each step's first operation.
    public private(set) var firstOperation: [Int] = []
    private let descriptors: LaunchDescriptors
    private let gate: Slot
    private let start: Slot
    private let console: Slot
    private let root: Slot
    private var devices: Slot?
    private var procfs: Slot?
    private var hiding: (null: Slot, empty: Slot)?

    /// Begins a program for a child that gets `descriptors`.
    public init(_ descriptors: LaunchDescriptors) {
        self.descriptors = descriptors
        gate = program.slot(holding: descriptors.gate)
        start = program.slot(holding: descriptors.start)
        console = program.slot(holding: descriptors.console)
        root = descriptors.root < 0 ? program.slot() : program.slot(holding: descriptors.root)
        for number in descriptors.closed where number >= 0 { program.close(program.slot(holding: number)) }
    }

    /// The step that an operation belongs to.
    public func step(of operation: Int) -> Int {
        max(0, (firstOperation.firstIndex { $0 > operation } ?? firstOperation.count) - 1)
    }

    /// Appends one step.
    public mutating func append(_ step: ContainerStep) {
        firstOperation.append(program.count)
        switch step {
        case .joinNamespace, .joinContainer, .newCgroupNamespace, .session, .keyring, .oomScore, .loopback:
            appendBirth(step)
        case .propagation, .root, .overlayRoot, .mount, .rootAttributes, .pivot, .changeRoot: appendRoot(step)
        case .device, .deviceLinks, .readOnlyPath, .maskedPath, .sysctl: appendInside(step)
        case .rlimit, .bounding, .identity, .capabilities, .ambient, .noNewPrivileges, .umask, .personality:
            appendCredentials(step)
        default: appendProcess(step)
        }
    }

    private mutating func appendBirth(_ step: ContainerStep) {
        switch step {
        case .session:
            program.session()
            program.umask(0)
        case .joinNamespace(let type, _, let index):
            program.join(program.slot(holding: descriptors.namespaces[index]), type.flag)
        case .joinContainer:
            program.join(
                program.slot(holding: descriptors.container), [.mount, .network, .ipc, .uts, .cgroup])
        case .newCgroupNamespace: program.unshare(.cgroup)
        case .keyring: program.keyring()
        case .oomScore(let score): program.hostWrite("/proc/self/oom_score_adj", "\(score)")
        default: program.loopback()
        }
    }

    private mutating func appendRoot(_ step: ContainerStep) {
        switch step {
        case .propagation(let path, let flags, _): program.propagation(path, flags)
        case .root(let path):
            program.openTree(path, isRecursive: true, into: root)
            program.attachRoot(root, path: path)
        case .overlayRoot(let path, _): program.attachRoot(root, path: path)
        case .mount(let mount): append(mount)
        case .rootAttributes(let change, _): program.attributes(root, change)
        case .pivot: program.pivot(root)
        default: program.changeRoot(root)
        }
    }

    private mutating func append(_ mount: PlannedMount) {
        let slot = program.slot()
        switch mount.origin {
        case .tree(let path, let isRecursive): program.openTree(path, isRecursive: isRecursive, into: slot)
        case .fileSystem(let type, let options):
            let own = mount.changes.first { !$0.isRecursive && $0.propagation == 0 }
            program.fileSystem(type, options: options, attributes: own?.set ?? 0, into: slot)
        case .existing:
            for change in mount.changes { program.remount(mount.destination, root: root, change) }
            return
        }
        for change in mount.changes {
            // fsmount(2) has set these at birth.
            if case .fileSystem = mount.origin, !change.isRecursive, change.propagation == 0 { continue }
            program.attributes(slot, change)
        }
        // The Planner lets only what may be there name /proc; a link of the image may lead there too.
        let namesProc = mount.destination == "/proc" || mount.destination.utf8.starts(with: "/proc/".utf8)
        program.attach(slot, to: mount.destination, root: root, kind: mount.kind, mayBeInProc: namesProc)
    }

    private mutating func devicesSlot() -> Slot {
        if let devices { return devices }
        let slot = program.slot()
        program.openDirectory("/dev", root: root, into: slot)
        devices = slot
        return slot
    }

    /// Not `nr_blocks`, which Linux 6.1 takes from fsconfig(2) and drops. One by one: Swift 6.3.1 exchanges the
    /// tuples of such a literal when it optimises Embedded Swift.
    private static var emptyOptions: [StringPair] {
        var options: [StringPair] = []
        options.append(StringPair(key: "size", value: "4096"))
        options.append(StringPair(key: "nr_inodes", value: "1"))
        options.append(StringPair(key: "mode", value: "0555"))
        return options
    }

    private mutating func hidingSlots() -> (null: Slot, empty: Slot) {
        if let hiding { return hiding }
        let slots = (null: program.slot(), empty: program.slot())
        program.openNull(into: slots.null)
        program.fileSystem(
            "tmpfs", options: Self.emptyOptions, attributes: 0xf, into: slots.empty)
        hiding = slots
        return slots
    }

    private mutating func append(_ device: PlannedDevice) {
        var directory = devicesSlot()
        var name = device.path
        if let slash = device.path.lastIndex(of: "/") {
            let parent = String(device.path[..<slash])
            name = String(device.path[device.path.index(after: slash)...])
            if parent != "/dev" {
                directory = program.slot()
                program.openDirectory(parent.isEmpty ? "/" : parent, root: root, into: directory)
            }
        }
        program.node(
            name, directory: directory, mode: device.mode, device: device.device, uid: device.uid,
            gid: device.gid)
    }

    private mutating func appendInside(_ step: ContainerStep) {
        switch step {
        case .device(let device): append(device)
        case .deviceLinks:
            let directory = devicesSlot()
            program.link("fd", to: "/proc/self/fd", directory: directory)
            program.link("stdin", to: "/proc/self/fd/0", directory: directory)
            program.link("stdout", to: "/proc/self/fd/1", directory: directory)
            program.link("stderr", to: "/proc/self/fd/2", directory: directory)
            program.link("ptmx", to: "pts/ptmx", directory: directory)
        case .readOnlyPath(let path): program.readOnly(path, root: root)
        case .maskedPath(let path):
            let slots = hidingSlots()
            program.mask(path, root: root, null: slots.null, empty: slots.empty)
        case .sysctl(let path, let value):
            if procfs == nil {
                let slot = program.slot()
                program.fileSystem("proc", options: [], attributes: 0, into: slot)
                procfs = slot
            }
            if let procfs { program.procWrite("sys/" + path, value, procfs: procfs) }
        default: break
        }
    }

    private mutating func appendCredentials(_ step: ContainerStep) {
        switch step {
        case .rlimit(_, let number, let soft, let hard): program.rlimit(number, soft: soft, hard: hard)
        case .bounding(let set): program.bounding(set.rawValue)
        case .identity(let uid, let gid, let groups): program.identity(uid: uid, gid: gid, groups: groups)
        case .capabilities(let effective, let permitted, let inheritable):
            program.capabilities(
                effective: effective.rawValue, permitted: permitted.rawValue,
                inheritable: inheritable.rawValue)
        case .ambient(let set): program.ambient(set.rawValue)
        case .noNewPrivileges: program.noNewPrivileges()
        case .umask(let mask): program.umask(mask)
        case .personality(let domain, _): program.personality(domain)
        default: break
        }
    }

    private mutating func appendProcess(_ step: ContainerStep) {
        switch step {
        case .console(let rows, let columns, let isInside, let owner):
            program.console(
                root: isInside ? .none : root, socket: console, rows: rows, columns: columns,
                mounted: !isInside, owner: owner)
        case .hook(let kind, let hook, _):
            program.hook(
                hook.path, arguments: hook.args.isEmpty ? [hook.path] : hook.args, environment: hook.env,
                timeoutMilliseconds: hook.timeout.map { $0 * 1000 } ?? -1,
                stateText: kind == .createContainer ? 0 : 1)
        case .gate(let announce, _): program.gate(gate, announce: announce)
        case .hostname(let name): program.hostname(name)
        case .domainname(let name): program.domainname(name)
        case .makeWorkingDirectory(let path):
            let slot = program.slot()
            program.openDirectory(path, root: root, into: slot)
        case .workingDirectory(let path, let make): program.workingDirectory(path, make: make)
        case .findProgram(let file, let candidates): program.findProgram(file, candidates: candidates)
        case .waitForStart: program.waitForStart(start)
        case .closeDescriptors(let first): program.close(from: first, except: gate, start)
        case .seccomp(let filter, let keeps): program.filter(filter, raisesAdministration: keeps)
        case .execute(let arguments, let environment):
            program.execute(arguments: arguments, environment: environment)
        default: break
        }
    }
}
