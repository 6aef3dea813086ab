// SPDX-License-Identifier: Apache-2.0
// What went wrong with the store.
public import Kernel

/// An error of the image store: one sentence.
public struct BlobError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence, lower case, without a full stop.
    public let description: String
    /// The call that failed, when one did.
    public let cause: SyscallError?

    /// An error.
    public init(_ description: String, cause: SyscallError? = nil) {
        self.description = description
        self.cause = cause
    }
}
