// SPDX-License-Identifier: Apache-2.0
// Who is told about each step as it happens: two functions, so that one value can write text, collect,
// or draw.
internal import Kernel
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

extension Runtime {
    /// Carries out a step of the plan, then tells about that very step.
    func carryOut<Result: ~Copyable>(
        _ step: HostStep, _ body: () throws(RuntimeError) -> Result
    ) throws(RuntimeError) -> Result {
        let begin = narrator == nil ? 0 : Clock.monotonic()
        let result = try body()
        narrator?.host(step, Clock.monotonic() - begin)
        return result
    }

    /// Tells about the child's steps up to `end` that nobody was told of yet.
    func tell(_ launch: inout Launch, through end: Int) {
        guard let narrator else { return }
        while launch.told <= end {
            let begin = launch.page.began(launch.firstOperation[launch.told])
            let next =
                launch.told + 1 < launch.firstOperation.count
                ? launch.page.began(launch.firstOperation[launch.told + 1]) : 0
            narrator.container(
                launch.plan.container[launch.told], begin == 0 || next < begin ? 0 : Int64(next - begin))
            launch.told += 1
        }
    }
}
