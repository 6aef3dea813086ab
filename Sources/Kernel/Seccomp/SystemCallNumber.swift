// SPDX-License-Identifier: Apache-2.0
// From the name of a system call to its number on an architecture, and back: libseccomp's tables, then our
// own for what is younger. See seccomp_syscall_resolve_name(3).
internal import CSeccomp
public import OCISpec

/// Where a system call is found on an architecture.
public enum SystemCallNumber: Equatable, Sendable {
    /// Its number.
    case number(UInt32)
    /// Only as a part of `socketcall` or `ipc`, as on x86: `argument` is the first argument of `call` there.
    /// Some have a number of their own beside it.
    case part(call: UInt32, argument: UInt32, direct: UInt32?)
    /// It exists, but not here.
    case elsewhere
    /// No table knows it.
    case unknown

    /// Looks up a name.
    public static func find(_ name: String, _ architecture: SeccompArchitecture) -> SystemCallNumber {
        // Not `name` itself: that would make an array of its bytes, a thousand times for a usual profile.
        let number = name.withCString { seccomp_syscall_resolve_name_arch(architecture.token, $0) }
        if number >= 0 { return .number(UInt32(number)) }
        if (-149 ... -101).contains(number) { return part(name, architecture, Self.socketcall, number, 100) }
        if (-249 ... -201).contains(number) { return part(name, architecture, Self.ipc, number, 200) }
        if let newer = NewerSystemCalls.number(name, architecture) { return .number(newer) }
        return number == -1 ? .unknown : .elsewhere
    }

    private static let socketcall = "socketcall"
    private static let ipc = "ipc"

    private static func part(
        _ name: String, _ architecture: SeccompArchitecture, _ whole: String, _ number: Int32, _ base: Int32
    ) -> SystemCallNumber {
        let call = seccomp_syscall_resolve_name_arch(architecture.token, whole)
        guard call >= 0 else { return .elsewhere }
        let direct = architecture == .x86 ? X86Parts.direct(number) : scan(name, architecture)
        return .part(call: UInt32(call), argument: UInt32(-number - base), direct: direct)
    }

    /// libseccomp gives the direct number only the other way round. Slow; for filters of foreign machines.
    static func scan(_ name: String, _ architecture: SeccompArchitecture) -> UInt32? {
        let first = Int32(bitPattern: architecture.firstNumber)
        return (first..<first + 700).first { libraryName($0, architecture) == name }.map { UInt32($0) }
    }

    private static func libraryName(_ number: Int32, _ architecture: SeccompArchitecture) -> String? {
        guard let text = seccomp_syscall_resolve_num_arch(architecture.token, number) else { return nil }
        defer { seccomp_free_name(text) }
        return String(cString: text)
    }

    /// The name of a number, nil when no table has it.
    public static func name(_ number: UInt32, _ architecture: SeccompArchitecture) -> String? {
        guard number != UInt32.max else { return nil }
        return libraryName(Int32(bitPattern: number), architecture)
            ?? NewerSystemCalls.name(number, architecture)
    }

    /// Whether libseccomp has a table for it.
    static func knows(_ architecture: SeccompArchitecture) -> Bool {
        seccomp_syscall_resolve_name_arch(architecture.token, "read") >= 0
    }
}

/// The parts of x86's `socketcall` and `ipc` that have numbers of their own.
/// Source: arch/x86/entry/syscalls/syscall_32.tbl.
enum X86Parts {
    /// By libseccomp's number for the part: -101 is the first of `socketcall`, -201 of `ipc`.
    static func direct(_ part: Int32) -> UInt32? {
        switch part {
        case -101: 359  // socket
        case -102: 361  // bind
        case -103: 362  // connect
        case -104: 363  // listen
        case -106: 367  // getsockname
        case -107: 368  // getpeername
        case -108: 360  // socketpair
        case -111: 369  // sendto
        case -112: 371  // recvfrom
        case -113: 373  // shutdown
        case -114: 366  // setsockopt
        case -115: 365  // getsockopt
        case -116: 370  // sendmsg
        case -117: 372  // recvmsg
        case -118: 364  // accept4
        case -119: 337  // recvmmsg
        case -120: 345  // sendmmsg
        case -202: 393  // semget
        case -203: 394  // semctl
        case -211: 400  // msgsnd
        case -212: 401  // msgrcv
        case -213: 399  // msgget
        case -214: 402  // msgctl
        case -221: 397  // shmat
        case -222: 398  // shmdt
        case -223: 395  // shmget
        case -224: 396  // shmctl
        default: nil
        }
    }
}
