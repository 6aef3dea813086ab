// SPDX-License-Identifier: Apache-2.0
// What values are to a template: true or not, what they are called, and how they are printed.
import JSON

extension JSONTree {
    /// Whether `if` takes it for true: all but null, false, 0 and what is empty.
    var isTruth: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .number(let text): DecimalNumber(text)?.digits.isEmpty == false
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    /// What it is, for messages.
    var kindName: String {
        switch self {
        case .null: "nil"
        case .bool: "a truth value"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// How values are printed.
enum ValueText {
    /// The value of an action.
    static func printed(_ value: JSONTree) -> String {
        value == .null ? "<no value>" : plain(value)
    }

    /// The value inside of others.
    static func plain(_ value: JSONTree) -> String {
        var text = ""
        append(value, to: &text)
        return text
    }

    private static func append(_ value: JSONTree, to text: inout String) {
        switch value {
        case .null: text += "<nil>"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): text += number
        case .string(let string): text += string
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += " " }
                append(element, to: &text)
            }
            text += "]"
        case .object(let members):
            text += "map["
            for (index, member) in sorted(members).enumerated() {
                text += (index > 0 ? " " : "") + member.key + ":"
                append(member.value, to: &text)
            }
            text += "]"
        }
    }

    /// Members by their keys' bytes.
    static func sorted(_ members: [JSONTree.Member]) -> [JSONTree.Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
