// SPDX-License-Identifier: Apache-2.0
// A plan for a terminal: five lines a step, host and child in the order of time.
internal import Plan

enum PlanText {
    static func write(_ plan: LaunchPlan) -> String {
        var text = ""
        for (index, step) in plan.timeline.enumerated() {
            let number = String(index + 1)
            let head = String(repeating: " ", count: max(0, 3 - number.utf8.count)) + number
            let words = step.explanation
            text += "\(head)  \(step.side == .host ? "host " : "child")  \(printable(words.what))\n"
            for line in [words.call, words.why, "\(words.source); \(step.label.lesson.path)"] {
                text += "            \(printable(line))\n"
            }
        }
        return text
    }
}
