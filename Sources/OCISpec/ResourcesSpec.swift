// SPDX-License-Identifier: Apache-2.0
// Limits carried out by cgroups, also what `update --resources` reads.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// Limits carried out by cgroups.
/// See runtime-spec v1.3 config-linux.md#control-groups.
public struct ResourcesSpec: Sendable, Equatable {
    /// Device rules; a later rule wins.
    public var devices: [DeviceCgroupSpec]
    /// Memory.
    public var memory: MemorySpec?
    /// CPU time and placement.
    public var cpu: CPUSpec?
    /// Number of tasks.
    public var pids: PidsSpec?
    /// Block devices.
    public var blockIO: BlockIOSpec?
    /// Huge pages.
    public var hugepageLimits: [HugepageLimitSpec]
    /// Network classes; cgroup v1 only.
    public var network: NetworkResourcesSpec?
    /// RDMA devices.
    public var rdma: [RdmaSpec]
    /// cgroup v2 files by name, in the order of the file.
    public var unified: [StringPair]

    /// What is left out takes the value an absent key has.
    public init(
        devices: [DeviceCgroupSpec] = [],
        memory: MemorySpec? = nil,
        cpu: CPUSpec? = nil,
        pids: PidsSpec? = nil,
        blockIO: BlockIOSpec? = nil,
        hugepageLimits: [HugepageLimitSpec] = [],
        network: NetworkResourcesSpec? = nil,
        rdma: [RdmaSpec] = [],
        unified: [StringPair] = []
    ) {
        self.devices = devices
        self.memory = memory
        self.cpu = cpu
        self.pids = pids
        self.blockIO = blockIO
        self.hugepageLimits = hugepageLimits
        self.network = network
        self.rdma = rdma
        self.unified = unified
    }
}

/// One rule of the device list.
/// See runtime-spec v1.3 config-linux.md#allowed-device-list.
public struct DeviceCgroupSpec: Sendable, Equatable {
    /// Whether the rule allows.
    public var allow: Bool
    /// Kind of device; absent means all.
    public var type: DeviceRuleType?
    /// Major number; absent means all.
    public var major: Int64?
    /// Minor number; absent means all.
    public var minor: Int64?
    /// Letters of `r`, `w`, `m`.
    public var access: String?

    /// What is left out takes the value an absent key has.
    public init(
        allow: Bool,
        type: DeviceRuleType? = nil,
        major: Int64? = nil,
        minor: Int64? = nil,
        access: String? = nil
    ) {
        self.allow = allow
        self.type = type
        self.major = major
        self.minor = minor
        self.access = access
    }
}

/// Kinds of device a rule speaks of.
public enum DeviceRuleType: String, Sendable, Equatable, CaseIterable {
    /// Every device.
    case all = "a"
    /// Character devices.
    case character = "c"
    /// Block devices.
    case block = "b"
}

/// Memory limits in bytes; -1 is no limit.
/// See runtime-spec v1.3 config-linux.md#memory.
public struct MemorySpec: Sendable, Equatable {
    /// Limit of memory.
    public var limit: Int64?
    /// Soft limit of memory.
    public var reservation: Int64?
    /// Limit of memory and swap together.
    public var swap: Int64?
    /// Deprecated: kernel memory.
    public var kernel: Int64?
    /// Kernel's TCP buffers; cgroup v1 only.
    public var kernelTCP: Int64?
    /// 0 to 100; cgroup v1 only.
    public var swappiness: UInt64?
    /// Whether the OOM killer is off; cgroup v1 only.
    public var disableOOMKiller: Bool?
    /// Hierarchical accounting; cgroup v1 only.
    public var useHierarchy: Bool?
    /// Whether a limit below the usage is refused.
    public var checkBeforeUpdate: Bool?

    /// What is left out takes the value an absent key has.
    public init(
        limit: Int64? = nil,
        reservation: Int64? = nil,
        swap: Int64? = nil,
        kernel: Int64? = nil,
        kernelTCP: Int64? = nil,
        swappiness: UInt64? = nil,
        disableOOMKiller: Bool? = nil,
        useHierarchy: Bool? = nil,
        checkBeforeUpdate: Bool? = nil
    ) {
        self.limit = limit
        self.reservation = reservation
        self.swap = swap
        self.kernel = kernel
        self.kernelTCP = kernelTCP
        self.swappiness = swappiness
        self.disableOOMKiller = disableOOMKiller
        self.useHierarchy = useHierarchy
        self.checkBeforeUpdate = checkBeforeUpdate
    }
}

/// CPU time in microseconds, and placement.
/// See runtime-spec v1.3 config-linux.md#cpu.
public struct CPUSpec: Sendable, Equatable {
    /// Weight in cgroup v1's range, 2 to 262144.
    public var shares: UInt64?
    /// Time allowed in a period; -1 is no limit.
    public var quota: Int64?
    /// Time that may be saved up.
    public var burst: UInt64?
    /// Length of a period.
    public var period: UInt64?
    /// Real-time share of a period; cgroup v1 only.
    public var realtimeRuntime: Int64?
    /// Real-time period; cgroup v1 only.
    public var realtimePeriod: UInt64?
    /// List of CPUs.
    public var cpus: String?
    /// List of memory nodes.
    public var mems: String?
    /// 1 makes the cgroup idle.
    public var idle: Int64?

    /// What is left out takes the value an absent key has.
    public init(
        shares: UInt64? = nil,
        quota: Int64? = nil,
        burst: UInt64? = nil,
        period: UInt64? = nil,
        realtimeRuntime: Int64? = nil,
        realtimePeriod: UInt64? = nil,
        cpus: String? = nil,
        mems: String? = nil,
        idle: Int64? = nil
    ) {
        self.shares = shares
        self.quota = quota
        self.burst = burst
        self.period = period
        self.realtimeRuntime = realtimeRuntime
        self.realtimePeriod = realtimePeriod
        self.cpus = cpus
        self.mems = mems
        self.idle = idle
    }
}

/// Number of tasks.
/// See runtime-spec v1.3 config-linux.md#pids.
public struct PidsSpec: Sendable, Equatable {
    /// Limit; -1 is none.
    public var limit: Int64?

    /// What is left out takes the value an absent key has.
    public init(limit: Int64? = nil) {
        self.limit = limit
    }
}

/// Limit of one size of huge page.
/// See runtime-spec v1.3 config-linux.md#huge-page-limits.
public struct HugepageLimitSpec: Sendable, Equatable {
    /// Size such as `2MB`.
    public var pageSize: String
    /// Limit in bytes.
    public var limit: UInt64

    /// What is left out takes the value an absent key has.
    public init(pageSize: String, limit: UInt64) {
        self.pageSize = pageSize
        self.limit = limit
    }
}

/// Class and priorities of packets; cgroup v1 only.
/// See runtime-spec v1.3 config-linux.md#network.
public struct NetworkResourcesSpec: Sendable, Equatable {
    /// Class of the packets.
    public var classID: UInt32?
    /// Priority by interface.
    public var priorities: [InterfacePrioritySpec]

    /// What is left out takes the value an absent key has.
    public init(classID: UInt32? = nil, priorities: [InterfacePrioritySpec] = []) {
        self.classID = classID
        self.priorities = priorities
    }
}

/// Priority on one interface.
/// See runtime-spec v1.3 config-linux.md#network.
public struct InterfacePrioritySpec: Sendable, Equatable {
    /// Interface.
    public var name: String
    /// Priority.
    public var priority: UInt32

    /// What is left out takes the value an absent key has.
    public init(name: String, priority: UInt32) {
        self.name = name
        self.priority = priority
    }
}

/// Limits of one RDMA device.
/// See runtime-spec v1.3 config-linux.md#rdma.
public struct RdmaSpec: Sendable, Equatable {
    /// Name of the device.
    public var device: String
    /// Handles.
    public var hcaHandles: UInt32?
    /// Objects.
    public var hcaObjects: UInt32?

    /// What is left out takes the value an absent key has.
    public init(device: String, hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
        self.device = device
        self.hcaHandles = hcaHandles
        self.hcaObjects = hcaObjects
    }
}
