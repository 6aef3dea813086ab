// SPDX-License-Identifier: Apache-2.0
// Who is told about each step as it happens. Implemented by `roost run --explain`, and by the collector
// of the tests.
public import Plan

/// Told about steps with their times.
public protocol Narrator: Sendable {
    /// A step of the runtime was done.
    func host(_ step: HostStep, nanoseconds: Int64)
    /// A step of the child was done.
    func container(_ step: ContainerStep, nanoseconds: Int64)
}
