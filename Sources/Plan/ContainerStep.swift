// SPDX-License-Identifier: Apache-2.0
// The table of contents of "what is a container": every act of the child between clone3 and execve.
// Explanations are in ContainerStep+Explanation.swift, operations in ContainerStep+Operations.swift.
public import Kernel
public import OCISpec

/// A mount with its options already understood.
public struct PlannedMount: Equatable, Sendable {
    /// Where the content comes from.
    public enum Origin: Equatable, Sendable {
        /// A tree of the host.
        case tree(path: String, isRecursive: Bool)
        /// A new instance of a file system; an option with an empty value is a flag.
        case fileSystem(type: String, options: [StringPair])
        /// What is mounted there already.
        case existing
    }
    /// Where the content comes from.
    public var origin: Origin
    /// An absolute, clean path inside the root.
    public var destination: String
    /// Changes to the mount, in order: its own attributes, recursive ones, propagation.
    public var changes: [MountAttributes]
    /// How the destination is opened.
    public var kind: AttachKind
    /// The index in config.json's `mounts`, for errors.
    public var index: Int

    /// All of it.
    public init(
        origin: Origin, destination: String, changes: [MountAttributes] = [], kind: AttachKind = .directory,
        index: Int = 0
    ) {
        self.origin = origin
        self.destination = destination
        self.changes = changes
        self.kind = kind
        self.index = index
    }
}

/// A device node.
public struct PlannedDevice: Equatable, Sendable {
    /// An absolute path inside the root.
    public var path: String
    /// Type and permissions, as for mknod(2).
    public var mode: UInt32
    /// The device's number, as the kernel encodes it.
    public var device: UInt64
    /// The owner.
    public var uid: UInt32
    /// The group.
    public var gid: UInt32

    /// All of it.
    public init(path: String, mode: UInt32, device: UInt64, uid: UInt32 = 0, gid: UInt32 = 0) {
        self.path = path
        self.mode = mode
        self.device = device
        self.uid = uid
        self.gid = gid
    }
}

/// The hooks that run inside the container's first process.
public enum InnerHook: String, Sendable {
    /// After the mounts, before pivot_root.
    case createContainer
    /// After `start`, before the program.
    case startContainer
}

/// One act of the child.
public enum ContainerStep: Step, Equatable, Sendable {
    /// A session of its own, default signals.
    case session
    /// Enters a namespace that exists; `index` counts the joined ones.
    case joinNamespace(NamespaceType, path: String, index: Int)
    /// Enters every namespace of a container but the pid namespace, which it was born into.
    case joinContainer
    /// A cgroup namespace whose root is the container's own group.
    case newCgroupNamespace
    /// A session keyring of its own.
    case keyring
    /// How eagerly the kernel kills it when memory runs out.
    case oomScore(Int32)
    /// Brings up the loopback link.
    case loopback
    /// How mount events pass between the host and the container.
    case propagation(path: String, flags: UInt64, name: String)
    /// The root file system becomes a mount of its own.
    case root(path: String)
    /// The layers of an image become the root file system: an overlay that was made before the child, since
    /// the user and the working directory are looked up in it.
    case overlayRoot(path: String, OverlayMount)
    /// One mount of the configuration.
    case mount(PlannedMount)
    /// One device node.
    case device(PlannedDevice)
    /// /dev/fd, /dev/stdin, /dev/stdout, /dev/stderr and /dev/ptmx.
    case deviceLinks
    /// The terminal.
    case console(rows: UInt16, columns: UInt16, isInside: Bool, owner: UInt32 = 0)
    /// A hook inside the container.
    case hook(InnerHook, HookSpec, index: Int)
    /// The parent's turn.
    case gate(announce: Bool, purpose: String)
    /// Kernel settings of the container's own namespaces; dots already turned into slashes.
    case sysctl(path: String, value: String)
    /// A path made read-only.
    case readOnlyPath(String)
    /// A path hidden.
    case maskedPath(String)
    /// The attributes of the root mount.
    case rootAttributes(MountAttributes, name: String)
    /// The root becomes /, the host's file system goes out of reach.
    case pivot
    /// The same without pivot_root(2).
    case changeRoot
    /// The host name.
    case hostname(String)
    /// The NIS domain name.
    case domainname(String)
    /// A resource limit.
    case rlimit(name: String, number: UInt32, soft: UInt64, hard: UInt64)
    /// What execve may ever grant.
    case bounding(CapabilitySet)
    /// User and groups.
    case identity(uid: UInt32, gid: UInt32, groups: [UInt32])
    /// What the process may do.
    case capabilities(effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet)
    /// What survives execve without set-user-ID.
    case ambient(CapabilitySet)
    /// No program may raise privileges.
    case noNewPrivileges
    /// The mask of new files.
    case umask(UInt32)
    /// The execution domain.
    case personality(UInt64, name: String)
    /// Makes the working directory when it is missing.
    case makeWorkingDirectory(String)
    /// The working directory.
    case workingDirectory(String, make: Bool)
    /// Looks for the program.
    case findProgram(String, candidates: [String])
    /// Waits for `start`.
    case waitForStart
    /// Nothing of the runtime's stays open.
    case closeDescriptors(from: UInt32)
    /// The filter of system calls. `keepsAdministration`: without no_new_privs, by CAP_SYS_ADMIN.
    case seccomp(SeccompFilter, keepsAdministration: Bool)
    /// Becomes the program.
    case execute(arguments: [String], environment: [String])
}
