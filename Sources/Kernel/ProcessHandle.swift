// SPDX-License-Identifier: Apache-2.0
// A process by pidfd: no signal ever reaches a stranger that got the number later.
internal import CShims

/// How a process ended.
public enum ProcessEnd: Equatable, Sendable {
    /// By exit(2), with this status.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)

    /// As a shell reports it: 128 + the signal's number for a signal.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
    }

    init(_ raw: shim_exit) {
        self = raw.exited != 0 ? .exited(raw.status) : .signalled(raw.status)
    }
}

/// A process and the descriptor that names it for as long as it is held. See pidfd_open(2).
public struct ProcessHandle: ~Copyable, Sendable {
    /// The number in the caller's pid namespace.
    public let pid: Int32
    private let pidfd: OwnedFileDescriptor

    init(pid: Int32, owning pidfd: consuming OwnedFileDescriptor) {
        self.pid = pid
        self.pidfd = pidfd
    }

    /// Opens a running process.
    public init(pid: Int32) throws(SyscallError) {
        let fd = try checked(shim_pidfd_open(pid), "pidfd_open", "\(pid)")
        self.init(pid: pid, owning: OwnedFileDescriptor(owning: fd))
    }

    /// Opens the process `pid` only if it is the one that began at `startTime`; nil when that one is gone.
    public static func find(pid: Int32, startTime: UInt64) throws(SyscallError) -> ProcessHandle? {
        guard pid > 0 else { return nil }
        let fd = shim_pidfd_open(pid)
        if fd == -ErrorNumber.noProcess.value || fd == -ErrorNumber.invalid.value { return nil }
        let handle = ProcessHandle(
            pid: pid, owning: OwnedFileDescriptor(owning: try checked(fd, "pidfd_open", "\(pid)")))
        guard let status = ProcessStatus.read(pid), status.startTime == startTime, !status.isDead else {
            return nil
        }
        return handle
    }

    /// The descriptor's number, for poll(2) and setns(2).
    public var descriptor: Int32 { pidfd.number }

    /// A copy of one of its descriptors. See pidfd_getfd(2).
    public func descriptor(_ number: Int32) throws(SyscallError) -> OwnedFileDescriptor {
        OwnedFileDescriptor(owning: try checked(shim_pidfd_getfd(descriptor, number), "pidfd_getfd"))
    }

    /// Sends a signal; false when the process is gone. See pidfd_send_signal(2).
    public borrowing func signal(_ number: Int32) throws(SyscallError) -> Bool {
        let result = shim_pidfd_signal(pidfd.number, number)
        if result == -ErrorNumber.noProcess.value { return false }
        _ = try checked(result, "pidfd_send_signal", "\(pid)")
        return true
    }

    /// Waits for the end of a child and reaps it. See waitid(2).
    public borrowing func wait() throws(SyscallError) -> ProcessEnd {
        var end = shim_exit()
        _ = try checked(shim_wait_pidfd(pidfd.number, 1, &end), "waitid", "\(pid)")
        return ProcessEnd(end)
    }

    /// Waits until the process, child or not, has ended; false after `milliseconds` (< 0: for ever).
    public borrowing func waitForEnd(milliseconds: Int32) throws(SyscallError) -> Bool {
        try Waiting.readable(pidfd.number, milliseconds: milliseconds)
    }
}

/// What /proc/PID/stat says. See proc_pid_stat(5).
public struct ProcessStatus: Equatable, Sendable {
    /// Clock ticks after boot: together with the number it names a process.
    public let startTime: UInt64
    /// True for a zombie or a process that is being reaped.
    public let isDead: Bool

    /// Reads it; nil when there is no such process.
    public static func read(_ pid: Int32) -> ProcessStatus? {
        guard let bytes = try? Files.read("/proc/\(pid)/stat", limit: 4096) else { return nil }
        return parse(bytes)
    }

    /// Parses one line; the name in parentheses may hold anything.
    static func parse(_ bytes: [UInt8]) -> ProcessStatus? {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")), close + 2 < bytes.count else { return nil }
        let fields = bytes[(close + 2)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let start = UInt64(String(decoding: fields[19], as: UTF8.self)) else {
            return nil
        }
        let state = fields[0].first
        return ProcessStatus(
            startTime: start, isDead: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"))
    }
}
