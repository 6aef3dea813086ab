// SPDX-License-Identifier: Apache-2.0
// Carries a template out. Every step is counted, so that a template ends; output is bounded.
import JSON

struct TemplateEvaluator {
    let source: SourceText
    let root: JSONTree
    /// Whether fields are names of columns: then a field with an argument is named after the argument.
    let isHeader: Bool
    private var variables: [(name: String, value: JSONTree)]
    private var output: [UInt8] = []
    private var steps = 0

    /// Most steps of one rendering.
    private static var mostSteps: Int { 4_000_000 }

    init(source: SourceText, root: JSONTree, isHeader: Bool) {
        self.source = source
        self.root = root
        self.isHeader = isHeader
        variables = [("", root)]
    }

    mutating func render(_ nodes: [Node]) throws(TemplateError) -> String {
        _ = try walk(nodes, root)
        return String(decoding: output, as: UTF8.self)
    }

    /// How a list ended.
    private enum Ending {
        case done
        case leave
        case next
    }

    private mutating func walk(_ nodes: [Node], _ dot: JSONTree) throws(TemplateError) -> Ending {
        for node in nodes {
            switch node {
            case .text(let text): try write(text, 0)
            case .action(let pipeline):
                let value = try evaluate(pipeline, dot)
                if pipeline.variables.isEmpty { try write(ValueText.printed(value), pipeline.offset) }
            case .condition(let control), .with(let control):
                var isWith = false
                if case .with = node { isWith = true }
                let ending = try branch(control, dot, isWith: isWith)
                if ending != .done { return ending }
            case .range(let control):
                let ending = try loop(control, dot)
                if ending != .done { return ending }
            case .leave: return .leave
            case .next: return .next
            }
        }
        return .done
    }

    private mutating func write(_ text: String, _ offset: Int) throws(TemplateError) {
        guard output.count + text.utf8.count <= GoTemplate.longestOutput else {
            throw source.error(offset, "the output has more than \(GoTemplate.longestOutput) bytes")
        }
        output.append(contentsOf: text.utf8)
    }

    private mutating func count(_ offset: Int) throws(TemplateError) {
        steps += 1
        guard steps <= Self.mostSteps else { throw source.error(offset, "the template takes too many steps") }
    }

    private mutating func branch(
        _ control: Control, _ dot: JSONTree, isWith: Bool
    ) throws(TemplateError) -> Ending {
        let scope = variables.count
        defer { variables.removeLast(variables.count - scope) }
        let value = try evaluate(control.pipeline, dot)
        guard value.isTruth else { return try walk(control.otherwise, dot) }
        return try walk(control.body, isWith ? value : dot)
    }

    private mutating func loop(_ control: Control, _ dot: JSONTree) throws(TemplateError) -> Ending {
        let scope = variables.count
        defer { variables.removeLast(variables.count - scope) }
        let names = control.pipeline.variables
        var pipeline = control.pipeline
        pipeline.variables = []
        let value = try evaluate(pipeline, dot)
        let elements = try elements(value, control.pipeline.offset)
        guard !elements.isEmpty else { return try walk(control.otherwise, dot) }
        for (key, element) in elements {
            try count(control.pipeline.offset)
            let inner = variables.count
            if names.count > 0 { set(names[names.count - 1], element, control.pipeline.assigns) }
            if names.count > 1 { set(names[0], key, control.pipeline.assigns) }
            let ending = try walk(control.body, element)
            variables.removeLast(variables.count - inner)
            if ending == .leave { break }
        }
        return .done
    }

    /// What a loop goes through: an array, an object by its keys in order, or numbers below one.
    private func elements(
        _ value: JSONTree, _ offset: Int
    ) throws(TemplateError) -> [(key: JSONTree, value: JSONTree)] {
        switch value {
        case .null: return []
        case .array(let elements): return elements.enumerated().map { (.integer($0.offset), $0.element) }
        case .object(let members):
            return ValueText.sorted(members).map { (.string($0.key), $0.value) }
        case .number(let text):
            guard let count = DecimalNumber(text)?.integer, count <= Self.mostSteps else { break }
            return (0..<max(0, count)).map { (.integer($0), .integer($0)) }
        case .bool, .string: break
        }
        throw source.error(offset, "`range` cannot go through \(value.kindName)")
    }

    private mutating func set(_ name: String, _ value: JSONTree, _ assigns: Bool) {
        if assigns, let index = variables.lastIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append((name, value))
        }
    }

    private mutating func evaluate(_ pipeline: Pipeline, _ dot: JSONTree) throws(TemplateError) -> JSONTree {
        var value: JSONTree?
        for command in pipeline.commands { value = try evaluate(command, dot, piped: value) }
        let result = value ?? .null
        // In an `if` the variable lives as long as the control, else as long as the list it stands in.
        for name in pipeline.variables { set(name, result, pipeline.assigns) }
        return result
    }

    private mutating func evaluate(
        _ command: PipelineCommand, _ dot: JSONTree, piped: JSONTree?
    ) throws(TemplateError) -> JSONTree {
        try count(command.offset)
        guard let first = command.operands.first else { return .null }
        let rest = command.operands.dropFirst()
        if case .function(let function) = first.kind {
            return try call(function, first.offset, rest, dot, piped)
        }
        if rest.isEmpty, piped == nil { return try value(of: first, dot) }
        var arguments: [JSONTree] = []
        for operand in rest { arguments.append(try value(of: operand, dot)) }
        if let piped { arguments.append(piped) }
        return try look(first, dot, arguments)
    }

    /// A field with an argument, such as `.Label "name"`: what the field's object has under the name.
    private mutating func look(
        _ operand: Operand, _ dot: JSONTree, _ arguments: [JSONTree]
    ) throws(TemplateError) -> JSONTree {
        guard arguments.count == 1, case .string(let key) = arguments[0] else {
            throw source.error(
                operand.offset, "`\(source.text(operand.offset, operand.end))` takes one argument, a string")
        }
        if isHeader { return .string(HeaderName.of(key)) }
        let value = try value(of: operand, dot)
        guard case .object = value else {
            throw source.error(
                operand.offset, "`\(source.text(operand.offset, operand.end))` takes no arguments")
        }
        return value[key] ?? .string("")
    }

    private mutating func call(
        _ function: TemplateFunction, _ offset: Int, _ operands: ArraySlice<Operand>, _ dot: JSONTree,
        _ piped: JSONTree?
    ) throws(TemplateError) -> JSONTree {
        let given = operands.count + (piped == nil ? 0 : 1)
        guard function.arity.contains(given) else {
            let count = function.arity.lowerBound
            let wanted = function.arity.upperBound == count ? "\(count)" : "at least \(count)"
            let noun = count == 1 ? "argument" : "arguments"
            throw source.error(offset, "`\(function.rawValue)` takes \(wanted) \(noun), not \(given)")
        }
        var arguments: [JSONTree] = []
        for operand in operands {
            let value = try value(of: operand, dot)
            // These two stop at the argument that decides.
            if function == .and && !value.isTruth || function == .or && value.isTruth { return value }
            arguments.append(value)
        }
        if let piped { arguments.append(piped) }
        if isHeader, function.keepsHeader {
            return arguments.first { if case .string = $0 { true } else { false } } ?? .null
        }
        do throws(FunctionFault) {
            return try function.apply(arguments)
        } catch {
            throw source.error(offset, "`\(function.rawValue)`: \(error.text)")
        }
    }

    private mutating func value(of operand: Operand, _ dot: JSONTree) throws(TemplateError) -> JSONTree {
        var value: JSONTree
        switch operand.kind {
        case .dot: value = dot
        case .literal(let literal): return literal
        case .variable(let name): value = variables.last { $0.name == name }?.value ?? .null
        case .function(let function): return try call(function, operand.offset, [], dot, nil)
        case .group(let pipeline): value = try evaluate(pipeline, dot)
        }
        for field in operand.fields { value = try member(field, of: value, operand) }
        return value
    }

    private mutating func member(
        _ field: Field, of value: JSONTree, _ operand: Operand
    ) throws(TemplateError) -> JSONTree {
        try count(field.offset)
        if let found = value[field.name] { return found }
        let before = source.text(operand.offset, field.offset)
        let owner = before.isEmpty ? "." : before
        guard case .object(let members) = value else {
            throw source.error(
                field.offset, "`\(owner)` is \(value.kindName), which has no field `\(field.name)`")
        }
        let hint = NearestName.hint(field.name, members.map { $0.key })
        throw source.error(field.offset, "`\(owner)` has no field `\(field.name)`\(hint)")
    }
}
