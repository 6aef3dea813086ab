// SPDX-License-Identifier: Apache-2.0
// The narration of `--explain`: each step as three lines on standard error, its microseconds first.
internal import Kernel
internal import Plan

extension Narrator {
    /// Writes each step with its time to standard error.
    public static let text = Narrator(
        host: { step, nanoseconds in write("host ", step.explanation, step.label.lesson, nanoseconds) },
        container: { step, nanoseconds in write("child", step.explanation, step.label.lesson, nanoseconds) })

    private static func write(
        _ side: String, _ explanation: Explanation, _ lesson: Lesson, _ nanoseconds: Int64
    ) {
        let time = nanoseconds > 0 ? "\(nanoseconds / 1000)" : "-"
        let padding = String(repeating: " ", count: max(0, 6 - time.count))
        let indent = String(repeating: " ", count: 18)
        writeText(
            "\(padding)\(time) us  \(side)  \(explanation.what)\n\(indent)\(explanation.call)\n"
                + "\(indent)\(explanation.why) (\(explanation.source); \(lesson.path))\n", to: 2)
    }
}
