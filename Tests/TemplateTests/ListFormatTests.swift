// SPDX-License-Identifier: Apache-2.0
// The formats of lists: tables with headers, lines, JSON.

import JSON
import Template
import Testing

@Suite("Formats of lists")
struct ListFormatTests {
    private static let titles = [
        (field: "ID", title: "CONTAINER ID"), (field: "Names", title: "NAMES"),
        (field: "Labels", title: "LABELS"),
        (field: "Label", title: ""),
    ]

    private func template(_ text: String) throws -> GoTemplate {
        guard case .table(let template?) = try ListFormat(text) else { throw NoTable() }
        return template
    }

    private struct NoTable: Error {}

    @Test(
        "a table's header is the template over the columns' names",
        arguments: [
            ("table {{.ID}}\\t{{.Names}}", "CONTAINER ID\tNAMES"),
            ("table {{.ID}}\t{{.Names}}", "CONTAINER ID\tNAMES"),
            ("table{{.ID}}", "CONTAINER ID"), ("table {{json .ID}} {{lower .Names}}", "CONTAINER ID NAMES"),
            ("table {{truncate .ID 3}} {{join (split .Names `,`) ` `}}", "CONTAINER ID NAMES"),
            ("table {{.Label \"com.example.my-role_x\"}}|{{.Label \"a\"}}", "my role x|a"),
            ("table {{pad .ID 1 1}}|", " CONTAINER ID |"), ("table {{if .ID}}{{.Names}}{{end}}", "NAMES"),
            ("table {{println .ID}}", "CONTAINER ID\n"),
            ("table {{.ID | upper | printf \"%s!\"}}", "CONTAINER ID!"),
        ])
    func headers(text: String, header: String) throws {
        #expect(try template(text).header(Self.titles) == header)
    }

    @Test("a column that is not there is told by name")
    func unknownColumn() throws {
        let template = try template("table {{.Nmaes}}")

        #expect {
            try template.header(Self.titles)
        } throws: {
            "\($0)" == "template: 1:3: `.` has no field `Nmaes`; did you mean `Names`?"
        }
    }

    @Test("lines, JSON, and a table of the command's own")
    func kinds() throws {
        guard case .lines(let template) = try ListFormat("{{.a}}\\t\\n\\x{{\"\\t\"}}"),
            case .json = try ListFormat("json"),
            case .table(nil) = try ListFormat("table"), case .table(nil) = try ListFormat("table ")
        else { throw NoTable() }

        #expect(try template.render(.object([JSONTree.Member("a", .integer(1))])) == "1\t\n\\x\t")
        #expect(throws: TemplateError.self) { try ListFormat("table {{.a") }
        #expect(throws: TemplateError.self) { try ListFormat("{{end}}") }
        #expect(try GoTemplate("a\\tb").render(.null) == "a\\tb")
    }
}
