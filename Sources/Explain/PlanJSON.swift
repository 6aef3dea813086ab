// SPDX-License-Identifier: Apache-2.0
// A plan for programs: an array of steps in the order of time. The keys are documented in docs/explain.md.
internal import JSON
internal import Plan

enum PlanJSON {
    static func write(_ plan: LaunchPlan) -> String {
        var writer = JSONWriter(.spaces(2))
        writer.array { writer in
            for (index, step) in plan.timeline.enumerated() {
                write(step, number: index + 1, to: &writer)
            }
        }
        return writer.text + "\n"
    }

    private static func write(_ step: TimedStep, number: Int, to writer: inout JSONWriter) {
        let words = step.explanation
        writer.object { writer in
            writer.key("number")
            writer.integer(number)
            for (key, value) in [
                ("side", step.side.rawValue), ("kind", step.label.kind), ("what", words.what),
                ("call", words.call), ("why", words.why), ("source", words.source),
                ("lesson", step.label.lesson.path),
            ] {
                writer.key(key)
                writer.string(value)
            }
        }
    }
}
