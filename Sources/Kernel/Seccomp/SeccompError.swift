// SPDX-License-Identifier: Apache-2.0
// Why a filter cannot be made: the field of the profile that is wrong, and what to do.

/// A profile that cannot become a filter.
public struct SeccompError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The field, such as `syscalls[3].args[0].index`; empty: the profile as a whole.
    public let field: String
    /// What is wrong with it.
    public let reason: String

    /// All of it.
    public init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    /// One sentence, the field below `parent`, such as `linux.seccomp`.
    public func text(below parent: String) -> String {
        let path = field.isEmpty ? parent : parent.isEmpty ? field : parent + "." + field
        return path.isEmpty ? reason : "`\(path)`: \(reason)"
    }

    /// One sentence.
    public var description: String { text(below: "") }
}
