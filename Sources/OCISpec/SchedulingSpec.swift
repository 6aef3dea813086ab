// SPDX-License-Identifier: Apache-2.0
// Scheduler, I/O priority and CPU affinity of a process.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md

/// Scheduling attributes. See sched_setattr(2).
/// See runtime-spec v1.3 config.md#linux-process.
public struct SchedulerSpec: Sendable, Equatable {
    /// Scheduling policy.
    public var policy: SchedulerPolicy
    /// Nice value, for `other` and `batch`.
    public var nice: Int32
    /// Static priority, for `fifo` and `roundRobin`.
    public var priority: Int32
    /// Scheduling flags.
    public var flags: [SchedulerFlag]
    /// Run time in nanoseconds, for `deadline`.
    public var runtime: UInt64
    /// Deadline in nanoseconds, for `deadline`.
    public var deadline: UInt64
    /// Period in nanoseconds, for `deadline`.
    public var period: UInt64

    /// What is left out takes the value an absent key has.
    public init(
        policy: SchedulerPolicy,
        nice: Int32 = 0,
        priority: Int32 = 0,
        flags: [SchedulerFlag] = [],
        runtime: UInt64 = 0,
        deadline: UInt64 = 0,
        period: UInt64 = 0
    ) {
        self.policy = policy
        self.nice = nice
        self.priority = priority
        self.flags = flags
        self.runtime = runtime
        self.deadline = deadline
        self.period = period
    }
}

/// I/O class and priority. See ioprio_set(2).
/// See runtime-spec v1.3 config.md#linux-process.
public struct IOPrioritySpec: Sendable, Equatable {
    /// I/O scheduling class.
    public var ioClass: IOPriorityClass
    /// Priority in the class, 0 (high) to 7 (low).
    public var priority: Int32

    /// What is left out takes the value an absent key has.
    public init(ioClass: IOPriorityClass, priority: Int32) {
        self.ioClass = ioClass
        self.priority = priority
    }
}

/// CPUs an `exec` process may use, as cpuset lists.
/// See runtime-spec v1.3 config.md#linux-process.
public struct CPUAffinitySpec: Sendable, Equatable {
    /// CPUs before the process joins the container's cgroup.
    public var initial: String?
    /// CPUs after it has joined.
    public var final: String?

    /// What is left out takes the value an absent key has.
    public init(initial: String? = nil, final: String? = nil) {
        self.initial = initial
        self.final = final
    }
}

/// Scheduling policies. See sched(7).
public enum SchedulerPolicy: String, Sendable, Equatable, CaseIterable {
    /// The default time sharing.
    case other = "SCHED_OTHER"
    /// Real time, first in first out.
    case fifo = "SCHED_FIFO"
    /// Real time, round robin.
    case roundRobin = "SCHED_RR"
    /// Time sharing for batch work.
    case batch = "SCHED_BATCH"
    /// Reserved by the kernel, not implemented there.
    case iso = "SCHED_ISO"
    /// Runs when nothing else does.
    case idle = "SCHED_IDLE"
    /// Earliest deadline first.
    case deadline = "SCHED_DEADLINE"
}

/// Scheduling flags. See sched_setattr(2).
public enum SchedulerFlag: String, Sendable, Equatable, CaseIterable {
    /// Children do not inherit the policy.
    case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
    /// May use bandwidth others leave.
    case reclaim = "SCHED_FLAG_RECLAIM"
    /// SIGXCPU on overrun.
    case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
    /// The policy stays as it is.
    case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
    /// The parameters stay as they are.
    case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
    /// Utilization has a floor.
    case utilizationClampMin = "SCHED_FLAG_UTIL_CLAMP_MIN"
    /// Utilization has a ceiling.
    case utilizationClampMax = "SCHED_FLAG_UTIL_CLAMP_MAX"
}

/// I/O scheduling classes. See ioprio_set(2).
public enum IOPriorityClass: String, Sendable, Equatable, CaseIterable {
    /// First access to the disk.
    case realTime = "IOPRIO_CLASS_RT"
    /// The default.
    case bestEffort = "IOPRIO_CLASS_BE"
    /// Only when nobody else asks.
    case idle = "IOPRIO_CLASS_IDLE"
}
