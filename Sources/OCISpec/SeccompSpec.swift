// SPDX-License-Identifier: Apache-2.0
// The system call filter of config.json.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// A system call filter. See seccomp(2).
/// See runtime-spec v1.3 config-linux.md#seccomp.
public struct SeccompSpec: Sendable, Equatable {
    /// What happens to a call no rule names.
    public var defaultAction: SeccompAction
    /// errno of the default action; absent means EPERM.
    public var defaultErrnoRet: UInt32?
    /// Architectures beside the machine's own.
    public var architectures: [SeccompArchitecture]
    /// Flags of seccomp(2).
    public var flags: [SeccompFlag]
    /// Socket that is sent the notify descriptor.
    public var listenerPath: String?
    /// Opaque text sent with it.
    public var listenerMetadata: String?
    /// Rules.
    public var syscalls: [SeccompSyscallSpec]

    /// What is left out takes the value an absent key has.
    public init(
        defaultAction: SeccompAction,
        defaultErrnoRet: UInt32? = nil,
        architectures: [SeccompArchitecture] = [],
        flags: [SeccompFlag] = [],
        listenerPath: String? = nil,
        listenerMetadata: String? = nil,
        syscalls: [SeccompSyscallSpec] = []
    ) {
        self.defaultAction = defaultAction
        self.defaultErrnoRet = defaultErrnoRet
        self.architectures = architectures
        self.flags = flags
        self.listenerPath = listenerPath
        self.listenerMetadata = listenerMetadata
        self.syscalls = syscalls
    }
}

/// One rule: these calls, with these arguments, get this action.
/// See runtime-spec v1.3 config-linux.md#seccomp.
public struct SeccompSyscallSpec: Sendable, Equatable {
    /// Names of system calls.
    public var names: [String]
    /// What happens.
    public var action: SeccompAction
    /// errno, or for `trace` the message; absent means EPERM.
    public var errnoRet: UInt32?
    /// Conditions, all of which must hold.
    public var args: [SeccompArgumentSpec]

    /// What is left out takes the value an absent key has.
    public init(
        names: [String],
        action: SeccompAction,
        errnoRet: UInt32? = nil,
        args: [SeccompArgumentSpec] = []
    ) {
        self.names = names
        self.action = action
        self.errnoRet = errnoRet
        self.args = args
    }
}

/// A condition on one argument.
/// See runtime-spec v1.3 config-linux.md#seccomp.
public struct SeccompArgumentSpec: Sendable, Equatable {
    /// Argument, 0 to 5.
    public var index: UInt32
    /// What it is compared with; the mask for `maskedEqual`.
    public var value: UInt64
    /// The value after masking, for `maskedEqual`.
    public var valueTwo: UInt64
    /// The comparison.
    public var op: SeccompOperator

    /// What is left out takes the value an absent key has.
    public init(index: UInt32, value: UInt64, valueTwo: UInt64 = 0, op: SeccompOperator) {
        self.index = index
        self.value = value
        self.valueTwo = valueTwo
        self.op = op
    }
}

/// What a filter does with a call.
public enum SeccompAction: String, Sendable, Equatable, CaseIterable {
    /// Kills the thread.
    case kill = "SCMP_ACT_KILL"
    /// Kills the process.
    case killProcess = "SCMP_ACT_KILL_PROCESS"
    /// Kills the thread.
    case killThread = "SCMP_ACT_KILL_THREAD"
    /// Sends SIGSYS.
    case trap = "SCMP_ACT_TRAP"
    /// Fails with an errno.
    case errno = "SCMP_ACT_ERRNO"
    /// Tells a tracer.
    case trace = "SCMP_ACT_TRACE"
    /// Carries it out.
    case allow = "SCMP_ACT_ALLOW"
    /// Carries it out and logs it.
    case log = "SCMP_ACT_LOG"
    /// Asks the listener.
    case notify = "SCMP_ACT_NOTIFY"
}

/// Comparisons of an argument.
public enum SeccompOperator: String, Sendable, Equatable, CaseIterable {
    /// Differs.
    case notEqual = "SCMP_CMP_NE"
    /// Less.
    case lessThan = "SCMP_CMP_LT"
    /// Less or the same.
    case lessOrEqual = "SCMP_CMP_LE"
    /// The same.
    case equal = "SCMP_CMP_EQ"
    /// Greater or the same.
    case greaterOrEqual = "SCMP_CMP_GE"
    /// Greater.
    case greaterThan = "SCMP_CMP_GT"
    /// The same after masking.
    case maskedEqual = "SCMP_CMP_MASKED_EQ"
}

/// Flags of a filter.
public enum SeccompFlag: String, Sendable, Equatable, CaseIterable {
    /// Every thread at once.
    case tsync = "SECCOMP_FILTER_FLAG_TSYNC"
    /// Logs every action but allow.
    case log = "SECCOMP_FILTER_FLAG_LOG"
    /// No speculation mitigation.
    case specAllow = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
    /// A notified call waits killably.
    case waitKillableReceive = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
}
