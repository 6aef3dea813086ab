// SPDX-License-Identifier: Apache-2.0
// What a filter returns to the kernel: an action in the upper half, its number in the lower. See seccomp(2).
public import OCISpec

/// The value that a filter program returns for a call.
public struct SeccompVerdict: Equatable, Sendable {
    /// SECCOMP_RET_ and its data.
    public let rawValue: UInt32
    /// Wraps a value.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The thread dies.
    public static let killThread = SeccompVerdict(rawValue: 0)
    /// The call does not exist.
    public static let notImplemented = SeccompVerdict(rawValue: 0x0005_0000 | 38)
    /// The call is carried out.
    public static let allow = SeccompVerdict(rawValue: 0x7fff_0000)

    /// What `action` returns. `number` is the errno, or the message for a tracer; without one EPERM.
    public init(_ action: SeccompAction, number: UInt32?) {
        let data = (number ?? 1) & 0xffff
        switch action {
        case .kill, .killThread: self = .killThread
        case .killProcess: rawValue = 0x8000_0000
        case .trap: rawValue = 0x0003_0000
        case .errno: rawValue = 0x0005_0000 | data
        case .trace: rawValue = 0x7ff0_0000 | data
        case .allow: self = .allow
        case .log: rawValue = 0x7ffc_0000
        case .notify: rawValue = 0x7fc0_0000
        }
    }

    /// Whether an unknown call comes through to the kernel, or to a tracer, which tell of it themselves.
    var letsThrough: Bool { rawValue >> 16 == 0x7fff || rawValue >> 16 == 0x7ffc || rawValue >> 16 == 0x7ff0 }

    /// In words: `allowed`, `fails with EPERM (operation not permitted)`.
    public var text: String {
        let data = rawValue & 0xffff
        switch rawValue & 0xffff_0000 {
        case 0: return "kills the thread"
        case 0x8000_0000: return "kills the process"
        case 0x0003_0000: return "sends SIGSYS"
        case 0x0005_0000: return data == 0 ? "returns 0, undone" : "fails with \(ErrorNumber(Int32(data)))"
        case 0x7ff0_0000: return "asks the tracer (message \(data)); without one fails with ENOSYS"
        case 0x7ffc_0000: return "allowed and logged"
        case 0x7fc0_0000: return "asks the listener"
        default: return "allowed"
        }
    }
}
