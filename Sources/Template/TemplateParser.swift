// SPDX-License-Identifier: Apache-2.0
// From tokens to nodes. Functions and variables are known here already, so that a wrong name is told without a value.
import JSON

struct TemplateParser {
    let source: SourceText
    let items: [TemplateItem]
    private var next = 0
    private var depth = 0
    private var loops = 0
    /// Names of the variables that are in scope; the first is `$`.
    var variables = [""]

    init(source: SourceText, items: [TemplateItem]) {
        self.source = source
        self.items = items
    }

    mutating func parse() throws(TemplateError) -> [Node] {
        let (nodes, stop) = try list()
        if let stop { throw source.error(stop.offset, "`\(stop.word)` without `if`, `range` or `with`") }
        return nodes
    }

    /// What ends a list: `end` or `else`, and the tokens after `else`.
    private struct Stop {
        var word: String
        var offset: Int
        var rest: TokenCursor
    }

    private mutating func list() throws(TemplateError) -> ([Node], Stop?) {
        var nodes: [Node] = []
        while next < items.count {
            let item = items[next]
            next += 1
            switch item {
            case .text(let text): nodes.append(.text(text))
            case .action(let tokens, let offset):
                var cursor = TokenCursor(source: source, tokens: tokens)
                guard case .word(let word) = cursor.token.kind, Self.isKeyword(word) else {
                    nodes.append(.action(try pipeline(&cursor, until: .end, isRange: false)))
                    continue
                }
                cursor.advance()
                if word == "end" || word == "else" {
                    if word == "end" { try cursor.expectEnd() }
                    return (nodes, Stop(word: word, offset: offset, rest: cursor))
                }
                nodes.append(try node(word, offset, &cursor))
            }
        }
        return (nodes, nil)
    }

    static func isKeyword(_ word: String) -> Bool {
        switch word {
        case "if", "else", "end", "range", "with", "break", "continue", "define", "template", "block": true
        default: false
        }
    }

    private mutating func node(
        _ word: String, _ offset: Int, _ cursor: inout TokenCursor
    ) throws(TemplateError) -> Node {
        switch word {
        case "if": return .condition(try control(word, offset, &cursor))
        case "with": return .with(try control(word, offset, &cursor))
        case "range": return .range(try control(word, offset, &cursor))
        case "break", "continue":
            try cursor.expectEnd()
            guard loops > 0 else { throw source.error(offset, "`\(word)` outside of `range`") }
            return word == "break" ? .leave : .next
        default: throw source.error(offset, "`\(word)` is not supported: a format is one template")
        }
    }

    private mutating func control(
        _ word: String, _ offset: Int, _ cursor: inout TokenCursor
    ) throws(TemplateError) -> Control {
        try descend(offset)
        let scope = variables.count
        let pipeline = try pipeline(&cursor, until: .end, isRange: word == "range")
        let inner = variables.count
        loops += word == "range" ? 1 : 0
        let (body, stop) = try list()
        variables.removeLast(variables.count - inner)
        loops -= word == "range" ? 1 : 0
        guard var stop else { throw source.error(offset, "`\(word)` without `end`") }
        var otherwise: [Node] = []
        if stop.word == "else" { otherwise = try alternative(word, offset, &stop) }
        variables.removeLast(variables.count - scope)
        depth -= 1
        return Control(pipeline: pipeline, body: body, otherwise: otherwise)
    }

    /// What stands after `else`, up to `end`: another control of the same kind needs no `end` of its own.
    private mutating func alternative(
        _ word: String, _ offset: Int, _ stop: inout Stop
    ) throws(TemplateError) -> [Node] {
        if case .word(let inner) = stop.rest.token.kind, inner == word, word != "range" {
            stop.rest.advance()
            return [try node(inner, stop.offset, &stop.rest)]
        }
        try stop.rest.expectEnd()
        let (nodes, end) = try list()
        guard let end else { throw source.error(offset, "`\(word)` without `end`") }
        guard end.word == "end" else { throw source.error(end.offset, "a second `else`") }
        return nodes
    }

    private mutating func descend(_ offset: Int) throws(TemplateError) {
        depth += 1
        guard depth <= GoTemplate.deepest else {
            throw source.error(offset, "more than \(GoTemplate.deepest) levels deep")
        }
    }

    private mutating func pipeline(
        _ cursor: inout TokenCursor, until stop: Token.Kind, isRange: Bool
    ) throws(TemplateError) -> Pipeline {
        var pipeline = Pipeline(offset: cursor.token.offset)
        let declared = try declaration(&cursor, &pipeline, isRange: isRange)
        repeat {
            pipeline.commands.append(try command(&cursor, stop, isFirst: pipeline.commands.isEmpty))
        } while cursor.take(.bar)
        guard cursor.token.kind == stop else { throw cursor.unexpected() }
        if stop != .end { cursor.advance() }
        // A variable is not in scope in its own declaration.
        variables += declared
        return pipeline
    }

    /// Takes `$x :=`, `$x =`, and in `range` also `$i, $x :=`; gives back the names that are new.
    private mutating func declaration(
        _ cursor: inout TokenCursor, _ pipeline: inout Pipeline, isRange: Bool
    ) throws(TemplateError) -> [String] {
        guard case .variable(let first) = cursor.token.kind else { return [] }
        var ahead = cursor
        ahead.advance()
        var names = [first]
        if isRange, ahead.take(.comma) {
            guard case .variable(let second) = ahead.token.kind else { throw ahead.unexpected() }
            names.append(second)
            ahead.advance()
        }
        let assigns = ahead.token.kind == .assign
        guard assigns || ahead.token.kind == .declare else {
            if names.count > 1 { throw ahead.unexpected() }
            return []
        }
        for name in names where assigns && !variables.contains(name) {
            throw undefined(name, cursor.token.offset)
        }
        ahead.advance()
        cursor = ahead
        pipeline.variables = names
        pipeline.assigns = assigns
        return assigns ? [] : names
    }

    private func undefined(_ name: String, _ offset: Int) -> TemplateError {
        let known = variables.dropFirst().map { "$" + $0 }
        return source.error(offset, "no variable `$\(name)`" + NearestName.hint("$" + name, known))
    }

    private mutating func command(
        _ cursor: inout TokenCursor, _ stop: Token.Kind, isFirst: Bool
    ) throws(TemplateError) -> PipelineCommand {
        let offset = cursor.token.offset
        var operands: [Operand] = []
        while cursor.token.kind != stop, cursor.token.kind != .bar {
            guard operands.isEmpty || cursor.token.isApart else { throw cursor.unexpected() }
            operands.append(try operand(&cursor))
        }
        guard let first = operands.first else { throw source.error(offset, "a value is missing") }
        if operands.count == 1, case .literal(.null) = first.kind {
            throw source.error(offset, "`nil` can only be an argument")
        }
        if !takesArguments(first), !isFirst || operands.count > 1 {
            let text = source.text(first.offset, first.end)
            let place = isFirst ? operands[1].offset : first.offset
            throw source.error(place, "`\(text)` is no function and takes no arguments")
        }
        return PipelineCommand(offset: offset, operands: operands)
    }

    /// Whether a value may be given to it: functions, and fields, which then are looked into.
    private func takesArguments(_ operand: Operand) -> Bool {
        if case .function = operand.kind { return true }
        return !operand.fields.isEmpty
    }

    private mutating func operand(_ cursor: inout TokenCursor) throws(TemplateError) -> Operand {
        let token = cursor.token
        cursor.advance()
        var operand = Operand(offset: token.offset, end: token.end, kind: .dot)
        switch token.kind {
        case .dot:
            if case .field = cursor.token.kind, !cursor.token.isApart { throw cursor.unexpected() }
            return operand
        case .field(let name): operand.fields.append(Field(offset: token.offset, name: name))
        case .variable(let name):
            guard variables.contains(name) else { throw undefined(name, token.offset) }
            operand.kind = .variable(name)
        case .literal(let value): operand.kind = .literal(value)
        case .word("nil"): operand.kind = .literal(.null)
        case .word(let name):
            guard let function = TemplateFunction(rawValue: name) else {
                let hint = NearestName.hint(name, TemplateFunction.names)
                throw source.error(token.offset, "no function `\(name)`\(hint)")
            }
            operand.kind = .function(function)
        case .open:
            try descend(token.offset)
            operand.kind = .group(try pipeline(&cursor, until: .close, isRange: false))
            depth -= 1
        default: throw cursor.unexpected(token)
        }
        try fields(&cursor, &operand)
        return operand
    }

    private func fields(_ cursor: inout TokenCursor, _ operand: inout Operand) throws(TemplateError) {
        while case .field(let name) = cursor.token.kind, !cursor.token.isApart {
            if case .literal = operand.kind { throw cursor.unexpected() }
            if case .function = operand.kind { throw cursor.unexpected() }
            operand.fields.append(Field(offset: cursor.token.offset, name: name))
            cursor.advance()
        }
        operand.end = cursor.previousEnd
    }
}

/// A place among the tokens of an action.
struct TokenCursor {
    let source: SourceText
    let tokens: [Token]
    private var index = 0

    init(source: SourceText, tokens: [Token]) {
        self.source = source
        self.tokens = tokens
    }

    /// The next token; `end` is never passed.
    var token: Token {
        index < tokens.count
            ? tokens[index] : Token(kind: .end, offset: previousEnd, end: previousEnd, isApart: true)
    }

    /// Where the token before ends.
    var previousEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

    mutating func advance() { index = min(index + 1, tokens.count) }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    func expectEnd() throws(TemplateError) {
        guard token.kind == .end else { throw unexpected() }
    }

    func unexpected(_ token: Token? = nil) -> TemplateError {
        let token = token ?? self.token
        if token.kind == .end { return source.error(token.offset, "the action ends too early") }
        return source.error(token.offset, "`\(source.text(token.offset, token.end))` cannot stand there")
    }
}
