// SPDX-License-Identifier: Apache-2.0
// Who is told about each step as it happens: two functions, so that one value can write text, collect,
// or draw.
public import Plan

/// Told about steps with their times in nanoseconds.
public struct Narrator: Sendable {
    /// A step of the runtime was done.
    public let host: @Sendable (HostStep, _ nanoseconds: Int64) -> Void
    /// A step of the child was done.
    public let container: @Sendable (ContainerStep, _ nanoseconds: Int64) -> Void

    /// A narrator of these two functions.
    public init(
        host: @escaping @Sendable (HostStep, _ nanoseconds: Int64) -> Void,
        container: @escaping @Sendable (ContainerStep, _ nanoseconds: Int64) -> Void
    ) {
        self.host = host
        self.container = container
    }
}
