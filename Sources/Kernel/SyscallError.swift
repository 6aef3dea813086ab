// SPDX-License-Identifier: Apache-2.0
// The error of every door to Linux: which call failed, on what, why.
internal import CShims

/// An error number of the kernel. See errno(3).
public struct ErrorNumber: Equatable, Sendable, CustomStringConvertible {
    /// The positive number.
    public let value: Int32

    /// Wraps a positive error number.
    public init(_ value: Int32) { self.value = value }

    /// No such file or directory.
    public static let noEntry = ErrorNumber(2)
    /// No such process.
    public static let noProcess = ErrorNumber(3)
    /// Interrupted by a signal.
    public static let interrupted = ErrorNumber(4)
    /// Device not configured: nobody reads the FIFO.
    public static let noDeviceOrAddress = ErrorNumber(6)
    /// Try again.
    public static let again = ErrorNumber(11)
    /// Cannot allocate memory.
    public static let noMemory = ErrorNumber(12)
    /// Permission denied.
    public static let permissionDenied = ErrorNumber(13)
    /// Device or resource busy.
    public static let busy = ErrorNumber(16)
    /// The file is there already.
    public static let exists = ErrorNumber(17)
    /// Not a directory.
    public static let notDirectory = ErrorNumber(20)
    /// Is a directory.
    public static let isDirectory = ErrorNumber(21)
    /// Operation not permitted.
    public static let notPermitted = ErrorNumber(1)
    /// Exec format error.
    public static let notExecutableFormat = ErrorNumber(8)
    /// The call does not exist in this kernel, or a filter hides it.
    public static let notImplemented = ErrorNumber(38)
    /// Directory not empty.
    public static let notEmpty = ErrorNumber(39)
    /// Too many levels of symbolic links.
    public static let loop = ErrorNumber(40)
    /// No such device.
    public static let noDevice = ErrorNumber(19)
    /// Invalid argument.
    public static let invalid = ErrorNumber(22)

    /// The symbolic name, such as `ENOENT`.
    public var name: String { String(cString: shim_error_name(value)) }
    /// The C library's text, in lower case at its start.
    public var text: String {
        var bytes = Array(String(cString: shim_error_text(value)).utf8)
        if let first = bytes.first, (65...90).contains(first) { bytes[0] = first + 32 }
        return String(decoding: bytes, as: UTF8.self)
    }
    /// `ENOENT (no such file or directory)`.
    public var description: String { "\(name) (\(text))" }
}

/// A system call that failed: prints ``mount_setattr(2) `/proc`: EPERM (operation not permitted)``.
public struct SyscallError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call, without its section.
    public let call: String
    /// What it was done to: a path, an id; empty when the call says it all.
    public let subject: String
    /// Why.
    public let number: ErrorNumber

    /// An error from a positive number.
    public init(_ call: String, _ subject: String, _ number: ErrorNumber) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// One line.
    public var description: String {
        subject.isEmpty ? "\(call): \(number)" : "\(call) `\(subject)`: \(number)"
    }
}

/// Turns the shims' convention (>= 0 or -errno) into a value or an error.
@inline(__always)
func checked<Result: SignedInteger & FixedWidthInteger>(
    _ result: Result, _ call: StaticString, _ subject: @autoclosure () -> String = ""
) throws(SyscallError) -> Result {
    guard result < 0 else { return result }
    throw SyscallError("\(call)", subject(), ErrorNumber(Int32(truncatingIfNeeded: -result)))
}
