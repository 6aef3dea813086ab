// SPDX-License-Identifier: Apache-2.0
// One method for each operation of CShims/include/Launch.h. What an operation means to a person is
// written on the steps of Plan; here are only the arguments.
internal import CShims
public import OCISpec

/// How a mount's target is opened.
public enum AttachKind: Sendable {
    /// A directory; a missing one is made.
    case directory
    /// A file or a directory, as the source is.
    case likeSource
    /// A directory with no symbolic link on the way: /proc and /sys.
    case realDirectory
}

/// Bits of mount_setattr(2): what to set, what to clear, the propagation, whether mounts below are
/// changed too.
public struct MountAttributes: Equatable, Sendable {
    /// MOUNT_ATTR bits to set.
    public var set: UInt64
    /// MOUNT_ATTR bits to clear.
    public var clear: UInt64
    /// MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE; 0: as it is.
    public var propagation: UInt64
    /// True: also the mounts below.
    public var isRecursive: Bool

    /// The change that these arguments describe; none without arguments.
    public init(set: UInt64 = 0, clear: UInt64 = 0, propagation: UInt64 = 0, isRecursive: Bool = false) {
        self.set = set
        self.clear = clear
        self.propagation = propagation
        self.isRecursive = isRecursive
    }

    /// True when nothing is changed.
    public var isEmpty: Bool { self.set == 0 && clear == 0 && propagation == 0 }
}

extension LaunchProgram {
    /// close(2).
    public mutating func close(_ slot: Slot) { append(SHIM_OP_CLOSE, slot: slot) }
    /// A new session, default signals, not dumpable. See setsid(2).
    public mutating func session() { append(SHIM_OP_SESSION) }
    /// unshare(2).
    public mutating func unshare(_ flags: NamespaceFlags) { append(SHIM_OP_UNSHARE, x: flags.rawValue) }
    /// setns(2).
    public mutating func join(_ slot: Slot, _ flags: NamespaceFlags) {
        append(SHIM_OP_SETNS, slot: slot, x: flags.rawValue)
    }
    /// keyctl(2), KEYCTL_JOIN_SESSION_KEYRING: a new one without a name.
    public mutating func keyring() { append(SHIM_OP_KEYRING) }
    /// Writes a file of the host, before the container's mounts exist.
    public mutating func hostWrite(_ path: String, _ value: String) {
        append(SHIM_OP_HOST_WRITE, s1: string(path), s2: string(value))
    }
    /// mount(2) with a propagation flag only.
    public mutating func propagation(_ path: String, _ flags: UInt64) {
        append(SHIM_OP_PROPAGATION, x: flags, s1: string(path))
    }
    /// open_tree(2) of a host path.
    public mutating func openTree(_ path: String, isRecursive: Bool, into slot: Slot) {
        append(SHIM_OP_OPEN_TREE, slot: slot, x: isRecursive ? 0x8001 : 1, s1: string(path))
    }
    /// The host's /dev/null, proven.
    public mutating func openNull(into slot: Slot) { append(SHIM_OP_OPEN_NULL, slot: slot) }
    /// Moves a cloned tree onto a host path; the slot stays open.
    public mutating func attachRoot(_ slot: Slot, path: String) {
        append(SHIM_OP_ROOT, slot: slot, s1: string(path))
    }
    /// fsopen(2), fsconfig(2), fsmount(2). An option with an empty value is a flag.
    public mutating func fileSystem(
        _ type: String, options: [StringPair], attributes: UInt64, into slot: Slot
    ) {
        var texts: [String] = []
        for option in options { texts += [option.key, option.value] }
        let type = string(type)
        let list = list(texts)
        append(SHIM_OP_FSMOUNT, slot: slot, x: attributes, s1: type, list1: list)
    }
    /// mount_setattr(2).
    public mutating func attributes(_ slot: Slot, _ change: MountAttributes) {
        append(
            SHIM_OP_ATTRIBUTES, slot: slot, a: change.isRecursive ? 1 : 0, x: change.set, y: change.clear,
            z: change.propagation)
    }
    /// move_mount(2) onto a path inside `root`, which is made when missing; the mount's slot is closed.
    /// - Parameter mayBeInProc: false: a destination that turns out to lie in a procfs is refused.
    public mutating func attach(
        _ slot: Slot, to path: String, root: Slot, kind: AttachKind, mayBeInProc: Bool = false
    ) {
        let code: UInt32 =
            switch kind {
            case .directory: UInt32(SHIM_ATTACH_DIRECTORY)
            case .likeSource: UInt32(SHIM_ATTACH_LIKE_SOURCE)
            case .realDirectory: UInt32(SHIM_ATTACH_REAL_DIRECTORY)
            }
        append(SHIM_OP_ATTACH, slot: slot, slot2: root, a: code, x: mayBeInProc ? 1 : 0, s1: string(path))
    }
    /// mount_setattr(2) on a mount that is there already.
    public mutating func remount(_ path: String, root: Slot, _ change: MountAttributes) {
        append(
            SHIM_OP_REMOUNT, slot2: root, a: change.isRecursive ? 1 : 0, x: change.set, y: change.clear,
            z: change.propagation, s1: string(path))
    }
    /// Opens a directory inside `root`, made when missing.
    public mutating func openDirectory(_ path: String, root: Slot, into slot: Slot) {
        append(SHIM_OP_OPEN_DIRECTORY, slot: slot, slot2: root, s1: string(path))
    }
    /// mknodat(2), or the host's node by bind mount where that is refused.
    public mutating func node(
        _ name: String, directory: Slot, mode: UInt32, device: UInt64, uid: UInt32, gid: UInt32
    ) {
        append(
            SHIM_OP_MKNOD, slot: directory, a: mode, x: device, y: UInt64(uid), z: UInt64(gid),
            s1: string(name))
    }
    /// symlinkat(2); what is there already stays.
    public mutating func link(_ name: String, to target: String, directory: Slot) {
        append(SHIM_OP_SYMLINK, slot: directory, s1: string(target), s2: string(name))
    }
    /// A read-only mount over a path inside `root`, if that exists.
    public mutating func readOnly(_ path: String, root: Slot) {
        append(SHIM_OP_READ_ONLY, slot: root, s1: string(path))
    }
    /// Hides a path inside `root`, if that exists: a file behind /dev/null, a directory behind `empty`.
    public mutating func mask(_ path: String, root: Slot, null: Slot, empty: Slot) {
        append(
            SHIM_OP_MASK, slot: root, slot2: null, x: UInt64(bitPattern: Int64(empty.index)), s1: string(path)
        )
    }
    /// pivot_root(2) and the detaching of the old root.
    public mutating func pivot(_ root: Slot) { append(SHIM_OP_PIVOT, slot: root) }
    /// MS_MOVE and chroot(2).
    public mutating func changeRoot(_ root: Slot) { append(SHIM_OP_CHROOT, slot: root) }
    /// sethostname(2).
    public mutating func hostname(_ name: String) { append(SHIM_OP_HOSTNAME, s1: string(name)) }
    /// setdomainname(2).
    public mutating func domainname(_ name: String) { append(SHIM_OP_DOMAINNAME, s1: string(name)) }
    /// Writes below a private procfs: no other mount, no symbolic link on the way.
    public mutating func procWrite(_ path: String, _ value: String, procfs: Slot) {
        append(SHIM_OP_PROC_WRITE, slot: procfs, s1: string(path), s2: string(value))
    }
    /// setrlimit(2).
    public mutating func rlimit(_ resource: UInt32, soft: UInt64, hard: UInt64) {
        append(SHIM_OP_RLIMIT, a: resource, x: soft, y: hard)
    }
    /// Brings up `lo`. See netdevice(7).
    public mutating func loopback() { append(SHIM_OP_LOOPBACK) }
    /// A terminal pair: the master goes to `socket`. `root` none: the process is inside already.
    public mutating func console(
        root: Slot, socket: Slot, rows: UInt16, columns: UInt16, mounted: Bool, owner: UInt32
    ) {
        append(
            SHIM_OP_CONSOLE, slot: root, slot2: socket, a: UInt32(rows) << 16 | UInt32(columns),
            x: mounted ? 1 : 0, y: UInt64(owner))
    }
    /// PR_CAPBSET_DROP for what is not in `mask`.
    public mutating func bounding(_ mask: UInt64) { append(SHIM_OP_BOUNDING, x: mask) }
    /// setgroups(2), setresgid(2), setresuid(2), permitted capabilities kept.
    public mutating func identity(uid: UInt32, gid: UInt32, groups: [UInt32]) {
        let list = numbers(groups)
        append(SHIM_OP_IDENTITY, a: UInt32(groups.count), x: UInt64(uid), y: UInt64(gid), list1: list)
    }
    /// capset(2).
    public mutating func capabilities(effective: UInt64, permitted: UInt64, inheritable: UInt64) {
        append(SHIM_OP_CAPABILITIES, x: effective, y: permitted, z: inheritable)
    }
    /// PR_CAP_AMBIENT_RAISE.
    public mutating func ambient(_ mask: UInt64) { append(SHIM_OP_AMBIENT, x: mask) }
    /// PR_SET_NO_NEW_PRIVS.
    public mutating func noNewPrivileges() { append(SHIM_OP_NO_NEW_PRIVILEGES) }
    /// umask(2).
    public mutating func umask(_ mask: UInt32) { append(SHIM_OP_UMASK, a: mask) }
    /// chdir(2), proven to be inside the root.
    public mutating func workingDirectory(_ path: String, make: Bool) {
        append(SHIM_OP_DIRECTORY, a: make ? 1 : 0, s1: string(path))
    }
    /// Finds the program among `candidates`.
    public mutating func findProgram(_ file: String, candidates: [String]) {
        let file = string(file)
        let list = list(candidates)
        append(SHIM_OP_FIND_PROGRAM, s1: file, list1: list)
    }
    /// Waits for the parent's byte; with `announce`, tells it first.
    public mutating func gate(_ socket: Slot, announce: Bool) {
        append(SHIM_OP_GATE, slot: socket, a: announce ? 1 : 0)
    }
    /// Waits until `start` writes to the FIFO.
    public mutating func waitForStart(_ fifo: Slot) { append(SHIM_OP_START, slot: fifo) }
    /// A hook inside the container. `timeoutMilliseconds` < 0: none.
    public mutating func hook(
        _ path: String, arguments: [String], environment: [String], timeoutMilliseconds: Int64,
        stateText: UInt32
    ) {
        let path = string(path)
        let arguments = list(arguments)
        let environment = list(environment)
        append(
            SHIM_OP_HOOK, a: stateText, x: UInt64(bitPattern: timeoutMilliseconds), s1: path,
            list1: arguments,
            list2: environment)
    }
    /// close_range(2) of all but what these slots hold until execve(2).
    public mutating func close(from first: UInt32, except gate: Slot, _ start: Slot) {
        append(SHIM_OP_CLOSE_RANGE, slot: gate, slot2: start, a: first)
    }
    /// personality(2).
    public mutating func personality(_ domain: UInt64) { append(SHIM_OP_PERSONALITY, x: domain) }
    /// seccomp(2). With `raisesAdministration`, CAP_SYS_ADMIN comes from the permitted set for it.
    public mutating func filter(_ filter: SeccompFilter, raisesAdministration: Bool) {
        let list = words(filter.instructions)
        append(
            SHIM_OP_SECCOMP, a: filter.flags, x: UInt64(filter.instructions.count),
            y: raisesAdministration ? 1 : 0, list1: list)
    }
    /// execve(2) of what `findProgram` found.
    public mutating func execute(arguments: [String], environment: [String]) {
        let arguments = list(arguments)
        let environment = list(environment)
        append(SHIM_OP_EXEC, list1: arguments, list2: environment)
    }
}
