// SPDX-License-Identifier: Apache-2.0
// Resource limits by name. See getrlimit(2); the numbers are those of every Linux architecture but
// alpha, mips and sparc.
internal import CShims

/// A resource that a process can be limited in.
public struct Resource: Equatable, Sendable {
    /// The RLIMIT_ number.
    public let number: UInt32

    /// All names, each at the index that is its number.
    public static let names = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS",
        "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING",
        "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]

    /// The resource of a name such as `RLIMIT_NOFILE`; nil when there is none.
    public init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        number = UInt32(index)
    }

    /// This process's own limits.
    public func current() throws(SyscallError) -> (soft: UInt64, hard: UInt64) {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        _ = try checked(shim_get_rlimit(Int32(number), &soft, &hard), "getrlimit", Self.names[Int(number)])
        return (soft, hard)
    }
}
