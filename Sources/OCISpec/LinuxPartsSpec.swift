// SPDX-License-Identifier: Apache-2.0
// Smaller parts of the linux object: devices, clocks, RDT, memory policy, personality.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// A device node. See mknod(2).
/// See runtime-spec v1.3 config-linux.md#devices.
public struct DeviceSpec: Sendable, Equatable {
    /// Absolute path inside the container.
    public var path: String
    /// Kind of node.
    public var type: DeviceType
    /// Major number; not for `fifo`.
    public var major: Int64
    /// Minor number; not for `fifo`.
    public var minor: Int64
    /// Permission bits.
    public var fileMode: UInt32?
    /// Owner inside the container.
    public var uid: UInt32?
    /// Group inside the container.
    public var gid: UInt32?

    /// What is left out takes the value an absent key has.
    public init(
        path: String,
        type: DeviceType,
        major: Int64 = 0,
        minor: Int64 = 0,
        fileMode: UInt32? = nil,
        uid: UInt32? = nil,
        gid: UInt32? = nil
    ) {
        self.path = path
        self.type = type
        self.major = major
        self.minor = minor
        self.fileMode = fileMode
        self.uid = uid
        self.gid = gid
    }
}

/// Kinds of device node.
public enum DeviceType: String, Sendable, Equatable, CaseIterable {
    /// Character device.
    case character = "c"
    /// Block device.
    case block = "b"
    /// Unbuffered character device.
    case unbuffered = "u"
    /// Named pipe.
    case fifo = "p"
}

/// A network device moved into the container.
/// See runtime-spec v1.3 config-linux.md#network-devices.
public struct NetDeviceSpec: Sendable, Equatable {
    /// Name on the host.
    public var hostName: String
    /// Name inside; absent keeps the host's.
    public var name: String?

    /// What is left out takes the value an absent key has.
    public init(hostName: String, name: String? = nil) {
        self.hostName = hostName
        self.name = name
    }
}

/// Offset of one clock in a time namespace. See time_namespaces(7).
/// See runtime-spec v1.3 config-linux.md#time-offsets.
public struct TimeOffsetSpec: Sendable, Equatable {
    /// Which clock.
    public var clock: ClockName
    /// Seconds.
    public var secs: Int64
    /// Nanoseconds added to the seconds.
    public var nanosecs: UInt32

    /// What is left out takes the value an absent key has.
    public init(clock: ClockName, secs: Int64 = 0, nanosecs: UInt32 = 0) {
        self.clock = clock
        self.secs = secs
        self.nanosecs = nanosecs
    }
}

/// Clocks a time namespace can shift.
public enum ClockName: String, Sendable, Equatable, CaseIterable {
    /// CLOCK_MONOTONIC.
    case monotonic
    /// CLOCK_BOOTTIME.
    case boottime
}

/// Cache and memory bandwidth. See the kernel's resctrl page.
/// See runtime-spec v1.3 config-linux.md#intelrdt.
public struct IntelRdtSpec: Sendable, Equatable {
    /// Class of service; the name of a directory in resctrl.
    public var closID: String?
    /// Lines written to the schemata file.
    public var schemata: [String]
    /// Schema of the L3 cache.
    public var l3CacheSchema: String?
    /// Schema of memory bandwidth.
    public var memBwSchema: String?
    /// Whether a monitoring group is made.
    public var enableMonitoring: Bool

    /// What is left out takes the value an absent key has.
    public init(
        closID: String? = nil,
        schemata: [String] = [],
        l3CacheSchema: String? = nil,
        memBwSchema: String? = nil,
        enableMonitoring: Bool = false
    ) {
        self.closID = closID
        self.schemata = schemata
        self.l3CacheSchema = l3CacheSchema
        self.memBwSchema = memBwSchema
        self.enableMonitoring = enableMonitoring
    }
}

/// NUMA memory policy. See set_mempolicy(2).
/// See runtime-spec v1.3 config-linux.md#memory-policy.
public struct MemoryPolicySpec: Sendable, Equatable {
    /// Where pages come from.
    public var mode: MemoryPolicyMode
    /// List of nodes, as in cpuset(7).
    public var nodes: String?
    /// Changes to the mode.
    public var flags: [MemoryPolicyFlag]

    /// What is left out takes the value an absent key has.
    public init(mode: MemoryPolicyMode, nodes: String? = nil, flags: [MemoryPolicyFlag] = []) {
        self.mode = mode
        self.nodes = nodes
        self.flags = flags
    }
}

/// Memory policy modes.
public enum MemoryPolicyMode: String, Sendable, Equatable, CaseIterable {
    /// The kernel's default policy.
    case normal = "MPOL_DEFAULT"
    /// Only these nodes.
    case bind = "MPOL_BIND"
    /// Page by page over the nodes.
    case interleave = "MPOL_INTERLEAVE"
    /// As interleave, by weight.
    case weightedInterleave = "MPOL_WEIGHTED_INTERLEAVE"
    /// One node first.
    case preferred = "MPOL_PREFERRED"
    /// These nodes first.
    case preferredMany = "MPOL_PREFERRED_MANY"
    /// The node that asks.
    case local = "MPOL_LOCAL"
}

/// Memory policy flags.
public enum MemoryPolicyFlag: String, Sendable, Equatable, CaseIterable {
    /// The kernel may move pages.
    case numaBalancing = "MPOL_F_NUMA_BALANCING"
    /// Nodes count from the allowed set.
    case relativeNodes = "MPOL_F_RELATIVE_NODES"
    /// Nodes do not follow the allowed set.
    case staticNodes = "MPOL_F_STATIC_NODES"
}

/// Execution domain. See personality(2).
/// See runtime-spec v1.3 config-linux.md#personality.
public struct PersonalitySpec: Sendable, Equatable {
    /// Which domain.
    public var domain: PersonalityDomain
    /// Further flags; the spec names none yet.
    public var flags: [String]

    /// What is left out takes the value an absent key has.
    public init(domain: PersonalityDomain, flags: [String] = []) {
        self.domain = domain
        self.flags = flags
    }
}

/// Execution domains.
public enum PersonalityDomain: String, Sendable, Equatable, CaseIterable {
    /// The machine's own.
    case linux = "LINUX"
    /// 32 bits on 64.
    case linux32 = "LINUX32"
}
