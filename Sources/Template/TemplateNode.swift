// SPDX-License-Identifier: Apache-2.0
// A template as it was parsed. Offsets are those of the text, for errors.
import JSON

/// A piece of a template.
enum Node: Sendable {
    /// Text as it is.
    case text(String)
    /// A pipeline whose value is printed, unless it declares a variable.
    case action(Pipeline)
    /// `if`
    case condition(Control)
    /// `with`
    case with(Control)
    /// `range`
    case range(Control)
    /// `break`
    case leave
    /// `continue`
    case next
}

/// A pipeline and what depends on it.
struct Control: Sendable {
    var pipeline: Pipeline
    var body: [Node]
    var otherwise: [Node]
}

/// Commands, each fed with the value of the one before.
struct Pipeline: Sendable {
    var offset: Int
    /// Names without `$`; two only in `range`.
    var variables: [String] = []
    /// Whether the variables are there already, and `=` stands for `:=`.
    var assigns = false
    var commands: [PipelineCommand] = []
}

/// An operand, or a function or field with its arguments.
struct PipelineCommand: Sendable {
    var offset: Int
    var operands: [Operand]
}

/// A value, and the fields taken of it.
struct Operand: Sendable {
    enum Kind: Sendable {
        case dot
        case variable(String)
        case literal(JSONTree)
        case function(TemplateFunction)
        case group(Pipeline)
    }

    var offset: Int
    var end: Int
    var kind: Kind
    var fields: [Field] = []
}

/// `.Name`
struct Field: Sendable {
    var offset: Int
    var name: String
}
