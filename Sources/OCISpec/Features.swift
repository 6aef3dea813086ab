// SPDX-License-Identifier: Apache-2.0
// What a runtime can do, as `features` prints it.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features.md

/// What a runtime can do. An absent value means unknown, not none.
/// See runtime-spec v1.3 features.md.
public struct Features: Sendable, Equatable {
    /// Oldest version of the specification understood.
    public var ociVersionMin: String?
    /// Newest version of the specification understood.
    public var ociVersionMax: String?
    /// Hooks known.
    public var hooks: [String]?
    /// Mount options known.
    public var mountOptions: [String]?
    /// What only Linux has.
    public var linux: LinuxFeatures?
    /// Facts of the implementation.
    public var annotations: [StringPair]
    /// Annotations that change the runtime's behaviour; one that ends in `.` is a prefix.
    public var potentiallyUnsafeConfigAnnotations: [String]?

    /// What is left out takes the value an absent key has.
    public init(
        ociVersionMin: String? = nil,
        ociVersionMax: String? = nil,
        hooks: [String]? = nil,
        mountOptions: [String]? = nil,
        linux: LinuxFeatures? = nil,
        annotations: [StringPair] = [],
        potentiallyUnsafeConfigAnnotations: [String]? = nil
    ) {
        self.ociVersionMin = ociVersionMin
        self.ociVersionMax = ociVersionMax
        self.hooks = hooks
        self.mountOptions = mountOptions
        self.linux = linux
        self.annotations = annotations
        self.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations
    }
}

/// What a runtime can do on Linux.
/// See runtime-spec v1.3 features.md#linux.
public struct LinuxFeatures: Sendable, Equatable {
    /// Namespaces known.
    public var namespaces: [String]?
    /// Capabilities known.
    public var capabilities: [String]?
    /// Cgroups.
    public var cgroup: CgroupFeatures?
    /// Filters.
    public var seccomp: SeccompFeatures?
    /// AppArmor.
    public var apparmor: EnabledFeature?
    /// SELinux.
    public var selinux: EnabledFeature?
    /// Intel's RDT.
    public var intelRdt: IntelRdtFeatures?
    /// NUMA memory policy.
    public var memoryPolicy: MemoryPolicyFeatures?
    /// Mounts beyond mount(2).
    public var mountExtensions: MountExtensionFeatures?
    /// Moved network devices.
    public var netDevices: EnabledFeature?

    /// What is left out takes the value an absent key has.
    public init(
        namespaces: [String]? = nil,
        capabilities: [String]? = nil,
        cgroup: CgroupFeatures? = nil,
        seccomp: SeccompFeatures? = nil,
        apparmor: EnabledFeature? = nil,
        selinux: EnabledFeature? = nil,
        intelRdt: IntelRdtFeatures? = nil,
        memoryPolicy: MemoryPolicyFeatures? = nil,
        mountExtensions: MountExtensionFeatures? = nil,
        netDevices: EnabledFeature? = nil
    ) {
        self.namespaces = namespaces
        self.capabilities = capabilities
        self.cgroup = cgroup
        self.seccomp = seccomp
        self.apparmor = apparmor
        self.selinux = selinux
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.mountExtensions = mountExtensions
        self.netDevices = netDevices
    }
}

/// Whether one thing is built in.
/// See runtime-spec v1.3 features.md#linux.
public struct EnabledFeature: Sendable, Equatable {
    /// Whether it is.
    public var enabled: Bool?

    /// What is left out takes the value an absent key has.
    public init(enabled: Bool? = nil) {
        self.enabled = enabled
    }
}

/// Which cgroups are built in.
/// See runtime-spec v1.3 features.md#cgroup.
public struct CgroupFeatures: Sendable, Equatable {
    /// Version 1.
    public var v1: Bool?
    /// Version 2.
    public var v2: Bool?
    /// Through systemd.
    public var systemd: Bool?
    /// Through a user's systemd.
    public var systemdUser: Bool?
    /// The RDMA controller.
    public var rdma: Bool?

    /// What is left out takes the value an absent key has.
    public init(
        v1: Bool? = nil,
        v2: Bool? = nil,
        systemd: Bool? = nil,
        systemdUser: Bool? = nil,
        rdma: Bool? = nil
    ) {
        self.v1 = v1
        self.v2 = v2
        self.systemd = systemd
        self.systemdUser = systemdUser
        self.rdma = rdma
    }
}

/// Which filters are built in.
/// See runtime-spec v1.3 features.md#seccomp.
public struct SeccompFeatures: Sendable, Equatable {
    /// Whether filters are built in.
    public var enabled: Bool?
    /// Actions known.
    public var actions: [String]?
    /// Operators known.
    public var operators: [String]?
    /// Architectures known.
    public var archs: [String]?
    /// Flags known.
    public var knownFlags: [String]?
    /// Flags this kernel takes too.
    public var supportedFlags: [String]?

    /// What is left out takes the value an absent key has.
    public init(
        enabled: Bool? = nil,
        actions: [String]? = nil,
        operators: [String]? = nil,
        archs: [String]? = nil,
        knownFlags: [String]? = nil,
        supportedFlags: [String]? = nil
    ) {
        self.enabled = enabled
        self.actions = actions
        self.operators = operators
        self.archs = archs
        self.knownFlags = knownFlags
        self.supportedFlags = supportedFlags
    }
}

/// What of RDT is built in.
/// See runtime-spec v1.3 features.md#intel-rdt.
public struct IntelRdtFeatures: Sendable, Equatable {
    /// Whether RDT is.
    public var enabled: Bool?
    /// The `schemata` field.
    public var schemata: Bool?
    /// Monitoring groups.
    public var monitoring: Bool?

    /// What is left out takes the value an absent key has.
    public init(enabled: Bool? = nil, schemata: Bool? = nil, monitoring: Bool? = nil) {
        self.enabled = enabled
        self.schemata = schemata
        self.monitoring = monitoring
    }
}

/// Memory policies known.
/// See runtime-spec v1.3 features.md#memory-policy.
public struct MemoryPolicyFeatures: Sendable, Equatable {
    /// Modes known.
    public var modes: [String]?
    /// Flags known.
    public var flags: [String]?

    /// What is left out takes the value an absent key has.
    public init(modes: [String]? = nil, flags: [String]? = nil) {
        self.modes = modes
        self.flags = flags
    }
}

/// Mounts beyond mount(2).
/// See runtime-spec v1.3 features.md#mount-extensions.
public struct MountExtensionFeatures: Sendable, Equatable {
    /// Id-mapped mounts.
    public var idmap: EnabledFeature?

    /// What is left out takes the value an absent key has.
    public init(idmap: EnabledFeature? = nil) {
        self.idmap = idmap
    }
}
