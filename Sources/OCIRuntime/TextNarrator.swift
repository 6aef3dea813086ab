// SPDX-License-Identifier: Apache-2.0
// The narration of `--explain`: each step as two lines on standard error, its microseconds first.
internal import Kernel
public import Plan

/// Writes each step with its time.
public struct TextNarrator: Narrator {
    /// A narrator to standard error.
    public init() {}

    /// See `Narrator`.
    public func host(_ step: HostStep, nanoseconds: Int64) { write("host ", step.explanation, nanoseconds) }

    /// See `Narrator`.
    public func container(_ step: ContainerStep, nanoseconds: Int64) {
        write("child", step.explanation, nanoseconds)
    }

    private func write(_ side: String, _ explanation: Explanation, _ nanoseconds: Int64) {
        let time = nanoseconds > 0 ? "\(nanoseconds / 1000)" : "-"
        let padding = String(repeating: " ", count: max(0, 6 - time.count))
        let indent = String(repeating: " ", count: 18)
        writeText(
            "\(padding)\(time) us  \(side)  \(explanation.what)\n\(indent)\(explanation.call)\n"
                + "\(indent)\(explanation.why) (\(explanation.source))\n", to: 2)
    }
}
