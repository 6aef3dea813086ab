// SPDX-License-Identifier: Apache-2.0
// The two lists of a plan as one, in the order of time: who waits at a gate, and who opens it.

/// Whose step it is.
public enum StepSide: String, Sendable {
    /// The runtime, on the host.
    case host
    /// The container's first process.
    case child
}

/// One step of a plan, as a person reads it.
public struct TimedStep: Equatable, Sendable {
    /// Who takes it.
    public let side: StepSide
    /// The name of its kind, and its lesson.
    public let label: StepLabel
    /// What it does, how, why, and where that is written.
    public let explanation: Explanation
}

extension LaunchPlan {
    /// Every step in the order of time. Of what happens at one time on both sides, such as the record and
    /// the child's first steps, the host's comes first.
    public var timeline: [TimedStep] {
        var steps: [TimedStep] = []
        var (taken, reached, opened) = (0, 0, 0)
        var isBorn = false
        /// The child's steps through the gate that is still shut.
        func childGoesOn() {
            while isBorn, taken < container.count, reached <= opened {
                let step = container[taken]
                steps.append(TimedStep(side: .child, label: step.label, explanation: step.explanation))
                if step.isGate { reached += 1 }
                taken += 1
            }
        }
        for step in host {
            if step.followsGate { childGoesOn() }
            steps.append(TimedStep(side: .host, label: step.label, explanation: step.explanation))
            if case .clone = step { isBorn = true }
            if case .openGate = step { opened += 1 }
        }
        childGoesOn()
        return steps
    }
}

extension HostStep {
    /// What waits until the child stands at a gate, or has become the program.
    fileprivate var followsGate: Bool {
        switch self {
        case .openGate, .cleanUp, .hook: true
        default: false
        }
    }
}
