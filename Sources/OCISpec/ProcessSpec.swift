// SPDX-License-Identifier: Apache-2.0
// The process object of config.json, also what `exec --process` reads.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md

/// The program to run and what it may do.
/// See runtime-spec v1.3 config.md#process.
public struct ProcessSpec: Sendable, Equatable {
    /// Whether a terminal is attached.
    public var terminal: Bool
    /// First size of the terminal; ignored without one.
    public var consoleSize: ConsoleSizeSpec?
    /// Who the process runs as.
    public var user: UserSpec
    /// The argument vector; the first is looked up in the container's PATH.
    public var args: [String]
    /// Whole command line; Windows only, kept for round trips.
    public var commandLine: String?
    /// The environment as `NAME=value`.
    public var env: [String]
    /// Absolute working directory inside the container.
    public var cwd: String
    /// Capability sets; absent means none is kept.
    public var capabilities: CapabilitiesSpec?
    /// Resource limits of the process.
    public var rlimits: [RlimitSpec]
    /// Whether `PR_SET_NO_NEW_PRIVS` is set.
    public var noNewPrivileges: Bool
    /// AppArmor profile of the process.
    public var apparmorProfile: String?
    /// Value for /proc/PID/oom_score_adj; absent leaves it alone.
    public var oomScoreAdj: Int32?
    /// Scheduling attributes.
    public var scheduler: SchedulerSpec?
    /// SELinux label of the process.
    public var selinuxLabel: String?
    /// I/O priority.
    public var ioPriority: IOPrioritySpec?
    /// CPU affinity used by `exec` only.
    public var execCPUAffinity: CPUAffinitySpec?

    /// What is left out takes the value an absent key has.
    public init(
        terminal: Bool = false,
        consoleSize: ConsoleSizeSpec? = nil,
        user: UserSpec = UserSpec(),
        args: [String] = [],
        commandLine: String? = nil,
        env: [String] = [],
        cwd: String = "/",
        capabilities: CapabilitiesSpec? = nil,
        rlimits: [RlimitSpec] = [],
        noNewPrivileges: Bool = false,
        apparmorProfile: String? = nil,
        oomScoreAdj: Int32? = nil,
        scheduler: SchedulerSpec? = nil,
        selinuxLabel: String? = nil,
        ioPriority: IOPrioritySpec? = nil,
        execCPUAffinity: CPUAffinitySpec? = nil
    ) {
        self.terminal = terminal
        self.consoleSize = consoleSize
        self.user = user
        self.args = args
        self.commandLine = commandLine
        self.env = env
        self.cwd = cwd
        self.capabilities = capabilities
        self.rlimits = rlimits
        self.noNewPrivileges = noNewPrivileges
        self.apparmorProfile = apparmorProfile
        self.oomScoreAdj = oomScoreAdj
        self.scheduler = scheduler
        self.selinuxLabel = selinuxLabel
        self.ioPriority = ioPriority
        self.execCPUAffinity = execCPUAffinity
    }
}

/// Size of the terminal, in characters.
/// See runtime-spec v1.3 config.md#process.
public struct ConsoleSizeSpec: Sendable, Equatable {
    /// Rows.
    public var height: UInt32
    /// Columns.
    public var width: UInt32

    /// What is left out takes the value an absent key has.
    public init(height: UInt32, width: UInt32) {
        self.height = height
        self.width = width
    }
}

/// User and groups inside the container.
/// See runtime-spec v1.3 config.md#posix-platform-user.
public struct UserSpec: Sendable, Equatable {
    /// User id in the container's user namespace.
    public var uid: UInt32
    /// Group id in the container's user namespace.
    public var gid: UInt32
    /// File mode creation mask; absent leaves the runtime's.
    public var umask: UInt32?
    /// Supplementary groups.
    public var additionalGids: [UInt32]
    /// User name; Windows only, kept for round trips.
    public var username: String?

    /// What is left out takes the value an absent key has.
    public init(
        uid: UInt32 = 0,
        gid: UInt32 = 0,
        umask: UInt32? = nil,
        additionalGids: [UInt32] = [],
        username: String? = nil
    ) {
        self.uid = uid
        self.gid = gid
        self.umask = umask
        self.additionalGids = additionalGids
        self.username = username
    }
}

/// One resource limit. See setrlimit(2).
/// See runtime-spec v1.3 config.md#posix-process.
public struct RlimitSpec: Sendable, Equatable {
    /// Name of the limit, such as `RLIMIT_NOFILE`.
    public var type: String
    /// Ceiling; UInt64.max is no limit.
    public var hard: UInt64
    /// Limit in force; UInt64.max is no limit.
    public var soft: UInt64

    /// What is left out takes the value an absent key has.
    public init(type: String, hard: UInt64, soft: UInt64) {
        self.type = type
        self.hard = hard
        self.soft = soft
    }
}

/// The five capability sets, by name (`CAP_CHOWN`). See capabilities(7).
/// See runtime-spec v1.3 config.md#linux-process.
public struct CapabilitiesSpec: Sendable, Equatable {
    /// Bounding set.
    public var bounding: [String]
    /// Effective set.
    public var effective: [String]
    /// Inheritable set.
    public var inheritable: [String]
    /// Permitted set.
    public var permitted: [String]
    /// Ambient set.
    public var ambient: [String]

    /// What is left out takes the value an absent key has.
    public init(
        bounding: [String] = [],
        effective: [String] = [],
        inheritable: [String] = [],
        permitted: [String] = [],
        ambient: [String] = []
    ) {
        self.bounding = bounding
        self.effective = effective
        self.inheritable = inheritable
        self.permitted = permitted
        self.ambient = ambient
    }
}
