// SPDX-License-Identifier: Apache-2.0
// Module Explain: a plan on paper, for people and for programs. Pure: a plan goes in, a text comes out.
// Nothing here is on the path of a launch.
public import Plan

/// How a plan is written down.
public enum PlanFormat: String, CaseIterable, Sendable {
    /// For a terminal.
    case text
    /// For programs: docs/explain.md.
    case json
    /// One page for a browser.
    case html
    /// A script of ordinary programs that makes the same container.
    case sh

    /// The names, as `--format` takes them.
    public static var names: [String] { allCases.map { $0.rawValue } }

    /// The plan in this format, with a newline at the end.
    /// - Parameter title: what is explained, such as the command line.
    public func write(_ plan: LaunchPlan, title: String) throws(ScriptError) -> String {
        switch self {
        case .text: PlanText.write(plan)
        case .json: PlanJSON.write(plan)
        case .html: PlanPage(plan, title: title).write()
        case .sh: try Script(plan, title: title).write()
        }
    }
}

/// Text that may come from anybody, for one line of a terminal or of a comment: no control characters.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case _ where isControl(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// C0 and C1, and what turns the direction of writing.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return value < 0x20 || (0x7f...0x9f).contains(value) || (0x2028...0x202e).contains(value)
        || (0x2066...0x2069).contains(value)
}
