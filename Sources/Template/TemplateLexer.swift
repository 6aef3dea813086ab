// SPDX-License-Identifier: Apache-2.0
// Cuts a template into text and actions, and actions into tokens.
import JSON

/// A token and where it stands.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        /// `:=`
        case declare
        /// `=`
        case assign
        case comma
        case bar
        case open
        case close
        /// `.` alone.
        case dot
        /// `.Name`
        case field(String)
        /// `$name`; empty for `$`.
        case variable(String)
        /// A function or a keyword.
        case word(String)
        case literal(JSONTree)
        /// The end of the action.
        case end
    }

    var kind: Kind
    var offset: Int
    var end: Int
    /// Whether white space stands before it.
    var isApart: Bool
}

/// Text, or the tokens of an action with `end` as the last.
enum TemplateItem: Sendable {
    case text(String)
    case action([Token], Int)
}

struct TemplateLexer {
    let source: SourceText
    let escapes: Bool
    private(set) var at = 0

    init(source: SourceText, escapes: Bool) {
        self.source = source
        self.escapes = escapes
    }

    var bytes: [UInt8] { source.bytes }

    mutating func items() throws(TemplateError) -> [TemplateItem] {
        var items: [TemplateItem] = []
        var trimsStart = false
        while true {
            let start = at
            while at < bytes.count, !starts("{{", at) { at += 1 }
            let trimsEnd = starts("{{-", at) && isSpace(at + 3)
            let text = text(start, at, trimsStart: trimsStart, trimsEnd: trimsEnd)
            if !text.isEmpty { items.append(.text(text)) }
            guard at < bytes.count else { return items }
            let offset = at
            at += trimsEnd ? 3 : 2
            if try skipComment() {
                trimsStart = takesTrim()
                at += 2
                continue
            }
            let tokens = try action(offset)
            trimsStart = takesTrim()
            at += 2
            items.append(.action(tokens, offset))
        }
    }

    private func text(_ from: Int, _ to: Int, trimsStart: Bool, trimsEnd: Bool) -> String {
        var start = from
        var end = to
        if trimsStart { while start < end, isSpace(start) { start += 1 } }
        if trimsEnd { while end > start, isSpace(end - 1) { end -= 1 } }
        guard escapes else { return source.text(start, end) }
        var plain: [UInt8] = []
        while start < end {
            let next = start + 1 < end && bytes[start] == UInt8(ascii: "\\") ? bytes[start + 1] : 0
            switch next {
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "n"): plain.append(0x0a)
            default:
                plain.append(bytes[start])
                start += 1
                continue
            }
            start += 2
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// Passes over `/* … */` that fills an action; what follows it is the end of the action.
    private mutating func skipComment() throws(TemplateError) -> Bool {
        var start = at
        while isSpace(start), bytes[at - 1] == UInt8(ascii: "-") { start += 1 }
        guard starts("/*", start) else { return false }
        var end = start + 2
        while end < bytes.count, !starts("*/", end) { end += 1 }
        guard end < bytes.count else { throw source.error(start, "the comment does not end") }
        at = end + 2
        guard endsAction(at) else { throw source.error(at, "a comment must fill its action: `{{/* … */}}`") }
        return true
    }

    /// Whether an action ends here, with or without trimming.
    private func endsAction(_ index: Int) -> Bool {
        if starts("}}", index) { return true }
        var index = index
        let start = index
        while isSpace(index) { index += 1 }
        return index > start && starts("-}}", index)
    }

    /// Passes over ` -`, so that the delimiter comes next.
    private mutating func takesTrim() -> Bool {
        if starts("}}", at) { return false }
        while isSpace(at) { at += 1 }
        at += 1
        return true
    }

    private mutating func action(_ offset: Int) throws(TemplateError) -> [Token] {
        var tokens: [Token] = []
        while true {
            if endsAction(at) {
                tokens.append(Token(kind: .end, offset: at, end: at, isApart: true))
                return tokens
            }
            let before = at
            while isSpace(at) { at += 1 }
            guard at < bytes.count else {
                throw source.error(offset, "the action does not end; close it with `}}`")
            }
            if at > before, endsAction(at) { continue }
            let start = at
            let kind = try token()
            tokens.append(Token(kind: kind, offset: start, end: at, isApart: start > before))
        }
    }

    private mutating func token() throws(TemplateError) -> Token.Kind {
        let start = at
        switch bytes[at] {
        case UInt8(ascii: ":"):
            guard starts(":=", at) else { throw source.error(at, "`:` without `=`") }
            at += 2
            return .declare
        case UInt8(ascii: "="): return single(.assign)
        case UInt8(ascii: ","): return single(.comma)
        case UInt8(ascii: "|"): return single(.bar)
        case UInt8(ascii: "("): return single(.open)
        case UInt8(ascii: ")"): return single(.close)
        case UInt8(ascii: "$"):
            at += 1
            return .variable(name())
        case UInt8(ascii: "."):
            if isDigit(at + 1) { return try number() }
            at += 1
            let field = name()
            return field.isEmpty ? .dot : .field(field)
        case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "'"): return try quoted()
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            let word = name()
            guard !word.isEmpty else { throw unexpected(start) }
            switch word {
            case "true": return .literal(.bool(true))
            case "false": return .literal(.bool(false))
            default: return .word(word)
            }
        }
    }

    private mutating func single(_ kind: Token.Kind) -> Token.Kind {
        at += 1
        return kind
    }

    private func unexpected(_ index: Int) -> TemplateError {
        let byte = bytes[index]
        let shown = (0x21..<0x7f).contains(byte) ? "`\(source.text(index, index + 1))`" : "byte \(byte)"
        return source.error(index, "\(shown) has no meaning in an action")
    }

    private mutating func number() throws(TemplateError) -> Token.Kind {
        let start = at
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let isExponent =
                bytes[at - 1] | 0x20 == UInt8(ascii: "e") && !source.text(start, at).hasPrefix("0x")
            guard isName(at) || byte == UInt8(ascii: ".") || isSign && isExponent else { break }
            at += 1
        }
        guard let number = DecimalNumber(literal: bytes[start..<at]) else {
            throw source.error(start, "`\(source.text(start, at))` is no number")
        }
        return .literal(.number(number.text))
    }

    private mutating func quoted() throws(TemplateError) -> Token.Kind {
        let start = at
        guard let literal = QuotedText.read(bytes, &at) else {
            throw source.error(start, "the quoted text does not end, or holds an escape that is not known")
        }
        return .literal(literal)
    }

    private mutating func name() -> String {
        let start = at
        while isName(at) { at += 1 }
        return source.text(start, at)
    }

    private func starts(_ text: StaticString, _ index: Int) -> Bool {
        guard index >= 0, index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where bytes[index + offset] != wanted[offset] { return false }
            return true
        }
    }

    private func isSpace(_ index: Int) -> Bool {
        guard index >= 0, index < bytes.count else { return false }
        return bytes[index] == 0x20 || (0x09...0x0a).contains(bytes[index]) || bytes[index] == 0x0d
    }

    private func isDigit(_ index: Int) -> Bool {
        index < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
    }

    /// Letters, digits, `_`, and all that is not ASCII.
    private func isName(_ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        return isDigit(index) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
