// SPDX-License-Identifier: Apache-2.0
// The templates of `--format`: Go's text/template with docker's functions, over a JSON tree. Bounded in depth, time
// and output, no trap on any text.
// Source: https://pkg.go.dev/text/template
public import JSON

/// A template that can be rendered many times.
public struct GoTemplate: Sendable {
    let nodes: [Node]
    /// The text, for the places of errors.
    let source: SourceText

    /// Most bytes of a template.
    public static var longestText: Int { 64 << 10 }
    /// Most bytes of what one rendering gives.
    public static var longestOutput: Int { 16 << 20 }
    /// Most controls and parentheses inside one another.
    static var deepest: Int { 64 }

    /// Reads a template; with `escapes`, `\t` and `\n` between the actions stand for tab and new line, as in the
    /// formats of docker's lists.
    public init(_ text: String, escapes: Bool = false) throws(TemplateError) {
        let source = SourceText(bytes: Array(text.utf8))
        guard source.bytes.count <= Self.longestText else {
            throw source.error(0, "the template has more than \(Self.longestText) bytes")
        }
        var lexer = TemplateLexer(source: source, escapes: escapes)
        var parser = TemplateParser(source: source, items: try lexer.items())
        nodes = try parser.parse()
        self.source = source
    }

    /// What the template makes of a value, which is `.` and `$` in it.
    public func render(_ value: JSONTree) throws(TemplateError) -> String {
        var evaluator = TemplateEvaluator(source: source, root: value, isHeader: false)
        return try evaluator.render(nodes)
    }
}

/// What is wrong with a template, or with what it does to a value.
public struct TemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The byte of the line, from 1.
    public let column: Int
    /// One sentence.
    public let reason: String

    /// The reason and its place.
    public var description: String { "template: \(line):\(column): \(reason)" }
}

/// The bytes of a template.
struct SourceText: Sendable {
    let bytes: [UInt8]

    func text(_ start: Int, _ end: Int) -> String {
        guard start < end, start >= 0, end <= bytes.count else { return "" }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// An error at an offset.
    func error(_ offset: Int, _ reason: String) -> TemplateError {
        var line = 1
        var start = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0a {
            line += 1
            start = index + 1
        }
        return TemplateError(line: line, column: offset - start + 1, reason: reason)
    }
}
