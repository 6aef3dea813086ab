// SPDX-License-Identifier: Apache-2.0
// What went wrong with a registry.

/// An error of a registry or of the way to it: one sentence, without tokens, passwords and queries.
public struct RegistryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller may want to tell apart.
    public enum Reason: Equatable, Sendable {
        /// The registry has no such thing.
        case notFound
        /// Who asks may not have it, or said nothing, or the wrong thing.
        case denied
        /// The way there: no address, no answer, no TLS, cut off.
        case network
        /// The registry said no, or something is wrong with it.
        case refused
        /// The registry says what cannot be: wrong digest, size, range, form.
        case invalid
        /// The one who takes or gives the bytes said so.
        case stopped
    }

    /// What kind of error it is.
    public let reason: Reason
    /// One sentence, lower case, without a full stop.
    public let description: String
    /// The status of the answer; 0 when there was none.
    public let status: Int

    /// An error.
    public init(_ reason: Reason, _ description: String, status: Int = 0) {
        self.reason = reason
        self.description = description
        self.status = status
    }

    /// The same, naming what it happened to.
    func about(_ subject: String) -> RegistryError {
        RegistryError(reason, subject + ": " + description, status: status)
    }
}
