// SPDX-License-Identifier: Apache-2.0
// The one error that a runtime command ends with: a sentence a person can act on, holding its cause.
internal import Kernel
internal import StateStore

/// Why a command failed.
public struct RuntimeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can tell apart.
    public enum Code: Sendable, Equatable {
        /// Anything else.
        case failed
        /// There is no such container.
        case notFound
        /// The program cannot be executed (126).
        case notExecutable
        /// The program does not exist (127).
        case programNotFound
    }
    /// One sentence, lower case, no full stop.
    public let description: String
    /// What kind.
    public let code: Code

    /// An error with a sentence.
    public init(_ description: String, code: Code = .failed) {
        self.description = description
        self.code = code
    }

    init(_ error: StoreError) { self.init(error.description, code: error.isNotFound ? .notFound : .failed) }
}

/// Runs `body`, turning a failed call into a sentence that begins with `doing`.
func explaining<Result: ~Copyable>(
    _ doing: @autoclosure () -> String, _ body: () throws(SyscallError) -> Result
) throws(RuntimeError) -> Result {
    do throws(SyscallError) { return try body() } catch {
        throw RuntimeError("cannot \(doing()): \(error.number.text) (\(error.call))")
    }
}

/// Runs `body`, passing on the store's sentence.
func storing<Result: ~Copyable>(_ body: () throws(StoreError) -> Result) throws(RuntimeError) -> Result {
    do throws(StoreError) { return try body() } catch { throw RuntimeError(error) }
}
