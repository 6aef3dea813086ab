// SPDX-License-Identifier: Apache-2.0
// What every step says of itself: the same words serve the narration, the plan on paper and the errors.

/// The four things a learner asks of a step.
public struct Explanation: Equatable, Sendable {
    /// In plain words.
    public let what: String
    /// The literal call.
    public let call: String
    /// Why it is done, and why here when the order matters.
    public let why: String
    /// The man page or the section of the specification.
    public let source: String

    /// All four.
    public init(_ what: String, call: String, why: String, source: String) {
        self.what = what
        self.call = call
        self.why = why
        self.source = source
    }
}

/// An act on the kernel that a learner should see. Implemented by `HostStep` and `ContainerStep`.
public protocol Step: Sendable {
    /// What it does, how, why, and where that is written.
    var explanation: Explanation { get }
}
