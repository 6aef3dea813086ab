// SPDX-License-Identifier: Apache-2.0
// How commands that list print: docker's table, a template, or JSON.
import JSON
import Kernel
import OCIRuntime
import Template

/// A list on its way to standard output.
struct ListOutput {
    /// Fields that a template may name, with the titles of their columns.
    let titles: [(field: String, title: String)]
    /// The fields of the table that is printed when no format is given.
    let columns: [String]

    /// Prints `rows`, objects with the fields of `titles`.
    func print(_ rows: [JSONTree], format: String?) throws(RuntimeError) {
        do throws(TemplateError) {
            switch try format.map({ (text) throws(TemplateError) in try ListFormat(text) }) ?? .table(nil) {
            case .json:
                for row in rows { writeText(String(decoding: row.encode(), as: UTF8.self) + "\n", to: 1) }
            case .lines(let template):
                for row in rows { writeText(try template.render(row) + "\n", to: 1) }
            case .table(let template?):
                var lines = [try template.header(titles)]
                for row in rows { lines.append(try template.render(row)) }
                printTable(lines.map { Self.cells($0) })
            case .table(nil): printDefault(rows)
            }
        } catch {
            throw RuntimeError("`--format`: \(error.description)")
        }
    }

    private static func cells(_ line: String) -> [String] {
        line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    private func printDefault(_ rows: [JSONTree]) {
        let header = columns.map { field in titles.first { $0.field == field }?.title ?? field }
        let lines = rows.map { row in
            columns.map { field -> String in
                if case .string(let text)? = row[field] { return text }
                return ""
            }
        }
        printTable([header] + lines)
    }

    /// Three spaces between columns, as docker has them; the last one ends where its text does.
    private func printTable(_ lines: [[String]]) {
        var widths: [Int] = []
        for line in lines {
            for (index, cell) in line.enumerated() {
                let width = cell.unicodeScalars.count
                if index == widths.count {
                    widths.append(width)
                } else {
                    widths[index] = max(widths[index], width)
                }
            }
        }
        var text = ""
        for line in lines {
            for (index, cell) in line.enumerated() {
                text += cell
                guard index < line.count - 1 else { continue }
                text += String(repeating: " ", count: widths[index] - cell.unicodeScalars.count + 3)
            }
            text += "\n"
        }
        writeText(text, to: 1)
    }
}
