// SPDX-License-Identifier: Apache-2.0
// The linux object of config.json: namespaces, masks and what hangs below it.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// What only Linux has.
/// See runtime-spec v1.3 config-linux.md.
public struct LinuxSpec: Sendable, Equatable {
    /// User ids of the user namespace.
    public var uidMappings: [IDMappingSpec]
    /// Group ids of the user namespace.
    public var gidMappings: [IDMappingSpec]
    /// Kernel parameters, in the order of the file.
    public var sysctl: [StringPair]
    /// Limits carried out by cgroups.
    public var resources: ResourcesSpec?
    /// Path below the cgroup mount, or `slice:prefix:name` for systemd.
    public var cgroupsPath: String?
    /// Namespaces made or joined.
    public var namespaces: [NamespaceSpec]
    /// Device nodes made in /dev, beyond the default ones.
    public var devices: [DeviceSpec]
    /// Network devices moved from the host.
    public var netDevices: [NetDeviceSpec]
    /// System call filter.
    public var seccomp: SeccompSpec?
    /// Mount propagation of the root: `shared`, `slave`, `private`, `unbindable`, or these with `r` before.
    public var rootfsPropagation: String?
    /// Absolute paths that cannot be read inside.
    public var maskedPaths: [String]
    /// Absolute paths that cannot be written inside.
    public var readonlyPaths: [String]
    /// SELinux context of the mounts.
    public var mountLabel: String?
    /// Cache and memory bandwidth of Intel's RDT.
    public var intelRdt: IntelRdtSpec?
    /// NUMA memory policy.
    public var memoryPolicy: MemoryPolicySpec?
    /// Execution domain.
    public var personality: PersonalitySpec?
    /// Clock offsets of the time namespace.
    public var timeOffsets: [TimeOffsetSpec]

    /// What is left out takes the value an absent key has.
    public init(
        uidMappings: [IDMappingSpec] = [],
        gidMappings: [IDMappingSpec] = [],
        sysctl: [StringPair] = [],
        resources: ResourcesSpec? = nil,
        cgroupsPath: String? = nil,
        namespaces: [NamespaceSpec] = [],
        devices: [DeviceSpec] = [],
        netDevices: [NetDeviceSpec] = [],
        seccomp: SeccompSpec? = nil,
        rootfsPropagation: String? = nil,
        maskedPaths: [String] = [],
        readonlyPaths: [String] = [],
        mountLabel: String? = nil,
        intelRdt: IntelRdtSpec? = nil,
        memoryPolicy: MemoryPolicySpec? = nil,
        personality: PersonalitySpec? = nil,
        timeOffsets: [TimeOffsetSpec] = []
    ) {
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
        self.sysctl = sysctl
        self.resources = resources
        self.cgroupsPath = cgroupsPath
        self.namespaces = namespaces
        self.devices = devices
        self.netDevices = netDevices
        self.seccomp = seccomp
        self.rootfsPropagation = rootfsPropagation
        self.maskedPaths = maskedPaths
        self.readonlyPaths = readonlyPaths
        self.mountLabel = mountLabel
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.personality = personality
        self.timeOffsets = timeOffsets
    }
}

/// One namespace to make, or to join when `path` is there.
/// See runtime-spec v1.3 config-linux.md#namespaces.
public struct NamespaceSpec: Sendable, Equatable {
    /// Which namespace.
    public var type: NamespaceType
    /// Absolute path of a namespace file to join.
    public var path: String?

    /// What is left out takes the value an absent key has.
    public init(type: NamespaceType, path: String? = nil) {
        self.type = type
        self.path = path
    }
}

/// Kinds of namespace. See namespaces(7).
public enum NamespaceType: String, Sendable, Equatable, CaseIterable {
    /// Process ids.
    case pid
    /// Interfaces, routes, sockets.
    case network
    /// Mount points.
    case mount
    /// System V IPC and POSIX queues.
    case ipc
    /// Host and domain name.
    case uts
    /// User and group ids.
    case user
    /// The view of the cgroup tree.
    case cgroup
    /// Monotonic and boot clocks.
    case time
}
