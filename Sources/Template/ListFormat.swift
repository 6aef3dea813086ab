// SPDX-License-Identifier: Apache-2.0
// `--format` of commands that list: a template for each line, with or without a header, or JSON.
// Source: https://docs.docker.com/engine/cli/formatting/
import JSON

/// How a list is to be printed.
public enum ListFormat: Sendable {
    /// A table; without a template, the command's own.
    case table(GoTemplate?)
    /// A line for each, without a header.
    case lines(GoTemplate)
    /// A line of JSON for each.
    case json

    /// Reads `table`, `table {{…}}`, `json` or a template.
    public init(_ text: String) throws(TemplateError) {
        let bytes = Array(text.utf8)
        if text == "json" {
            self = .json
        } else if bytes.starts(with: "table".utf8) {
            let rest = String(decoding: Self.trimmed(bytes.dropFirst(5)), as: UTF8.self)
            self = .table(rest.isEmpty ? nil : try GoTemplate(rest, escapes: true))
        } else {
            self = .lines(try GoTemplate(text, escapes: true))
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
        while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
        return rest
    }
}

extension GoTemplate {
    /// The line above a table: the template over the names of its columns. A field with an argument, such as
    /// `.Label "com.example.role"`, is named after the end of the argument.
    public func header(_ titles: [(field: String, title: String)]) throws(TemplateError) -> String {
        let names = JSONTree.object(titles.map { JSONTree.Member($0.field, .string($0.title)) })
        var evaluator = TemplateEvaluator(source: source, root: names, isHeader: true)
        return try evaluator.render(nodes)
    }
}

/// The name of a column that shows one label.
enum HeaderName {
    /// What stands behind the last dot, with spaces for `-` and `_`.
    static func of(_ key: String) -> String {
        let bytes = Array(key.utf8)
        let start = bytes.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? 0
        let name = bytes[start...].map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") ? 0x20 : $0 }
        return String(decoding: name, as: UTF8.self)
    }
}
