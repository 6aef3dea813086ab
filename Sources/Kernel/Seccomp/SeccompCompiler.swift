// SPDX-License-Identifier: Apache-2.0
// From a profile to the program that the kernel runs before each system call: one binary search over ranges
// of numbers for each architecture, so that a call costs about eight instructions.
internal import CSeccomp
public import OCISpec

/// A finished filter.
public struct SeccompFilter: Equatable, Sendable {
    /// Instructions in the layout of `struct sock_filter`.
    public var instructions: [UInt64]
    /// SECCOMP_FILTER_FLAG_ for seccomp(2).
    public var flags: UInt32
    /// Whether a listener is asked about some calls.
    public var notifies: Bool

    /// All of it.
    public init(instructions: [UInt64], flags: UInt32 = 0, notifies: Bool = false) {
        self.instructions = instructions
        self.flags = flags
        self.notifies = notifies
    }

    /// `0`, or `SECCOMP_FILTER_FLAG_LOG | ...`.
    public var flagNames: String {
        var names = SeccompFlag.allCases.filter { flags & $0.bit != 0 }.map { $0.rawValue }
        if flags & Self.newListener != 0 { names.append("SECCOMP_FILTER_FLAG_NEW_LISTENER") }
        return names.isEmpty ? "0" : names.joined(separator: " | ")
    }

    /// SECCOMP_FILTER_FLAG_NEW_LISTENER.
    public static let newListener: UInt32 = 1 << 3
}

/// Compiles profiles.
public enum SeccompCompiler {
    /// Raised whenever the same profile gets another program; a test sees when.
    static let revision: UInt32 = 1

    /// What a kept program depends on besides its profile: this compiler, and the names that libseccomp knows.
    public static var version: UInt32 {
        guard let library = seccomp_version()?.pointee else { return revision << 24 }
        return revision << 24 | library.major << 16 | library.minor << 8 | library.micro
    }

    /// The filter of a profile for this machine.
    public static func compile(_ spec: SeccompSpec) throws(SeccompError) -> SeccompFilter {
        try SeccompSpec.checkListener(spec)
        let architectures = try architectures(spec)
        var filter = SeccompFilter(instructions: try program(spec, architectures))
        filter.notifies = spec.syscalls.contains { $0.action == .notify }
        // One thread has nobody to synchronise with.
        for flag in spec.flags where flag != .tsync { filter.flags |= flag.bit }
        if filter.notifies { filter.flags |= SeccompFilter.newListener }
        return filter
    }

    /// The architectures of a profile: this machine's always, each once.
    static func architectures(_ spec: SeccompSpec) throws(SeccompError) -> [SeccompArchitecture] {
        guard let native = SeccompArchitecture.native else {
            throw SeccompError("", "no filter can be made for this machine's architecture")
        }
        var list = [native]
        for (index, architecture) in spec.architectures.enumerated() where !list.contains(architecture) {
            guard SystemCallNumber.knows(architecture) else {
                throw SeccompError(
                    "architectures[\(index)]",
                    "libseccomp does not know the calls of `\(architecture.rawValue)`; leave it out")
            }
            guard architecture.isLittleEndian == native.isLittleEndian else {
                throw SeccompError(
                    "architectures[\(index)]",
                    "`\(architecture.rawValue)` has another byte order than this machine; leave it out")
            }
            list.append(architecture)
        }
        return list
    }

    /// The program for exactly these architectures, the most used one first.
    static func program(
        _ spec: SeccompSpec, _ architectures: [SeccompArchitecture]
    ) throws(SeccompError) -> [UInt64] {
        let policy = try SeccompPolicy(spec, architectures)
        return try program(policy)
    }

    static func program(_ policy: SeccompPolicy) throws(SeccompError) -> [UInt64] {
        var writer = SeccompWriter(policy)
        let instructions = try writer.write()
        guard !writer.assembler.overflows else {
            throw SeccompError(
                "",
                "the filter has more than the \(SeccompAssembler.mostInstructions) instructions that the"
                    + " kernel takes; make the profile smaller")
        }
        return instructions
    }
}

extension SeccompFlag {
    /// Its bit for seccomp(2).
    public var bit: UInt32 {
        switch self {
        case .tsync: 1 << 0
        case .log: 1 << 1
        case .specAllow: 1 << 2
        case .waitKillableReceive: 1 << 5
        }
    }
}

extension SeccompSpec {
    /// A listener needs somebody who listens, and the runtime itself must get to it.
    static func checkListener(_ spec: SeccompSpec) throws(SeccompError) {
        if spec.defaultAction == .notify {
            throw SeccompError(
                "defaultAction",
                "`SCMP_ACT_NOTIFY` would stop the runtime itself; name the calls in `syscalls`")
        }
        let index = spec.syscalls.firstIndex { $0.action == .notify }
        if let index, (spec.listenerPath ?? "").isEmpty {
            throw SeccompError(
                "syscalls[\(index)].action",
                "`SCMP_ACT_NOTIFY` needs a listener; name its socket in `listenerPath`")
        }
        if let index,
            let name = spec.syscalls[index...].firstIndex(where: {
                $0.action == .notify && $0.names.contains("write")
            })
        {
            throw SeccompError(
                "syscalls[\(name)].names",
                "`SCMP_ACT_NOTIFY` cannot be used for `write`, with which the listener is handed over")
        }
        if index == nil, let path = spec.listenerPath, !path.isEmpty {
            throw SeccompError(
                "listenerPath", "`\(path)` would get nothing: no rule has the action `SCMP_ACT_NOTIFY`")
        }
        if index == nil, let text = spec.listenerMetadata, !text.isEmpty {
            throw SeccompError("listenerMetadata", "without `listenerPath` nobody gets it; leave it out")
        }
        if index == nil, spec.flags.contains(.waitKillableReceive) {
            throw SeccompError(
                "flags", "`SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV` needs a rule with `SCMP_ACT_NOTIFY`")
        }
    }
}
