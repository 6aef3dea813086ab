// SPDX-License-Identifier: Apache-2.0
// `roost images`: docker's columns, formats and filters.
import Foundation
import TestSupport
import Testing

@Suite("roost images", .enabled(if: isRoot))
struct ImageListTests {
    private let box: ImageBox

    init() throws {
        box = try ImageBox("busybox", "odd", "user")
        #expect(try box.roost("tag", "busybox", "example.com:5000/team/box:1.0").status == 0)
    }

    @Test("a table as docker's, the newest name first")
    func table() throws {
        let lines = try box.printed("images").split(separator: "\n").map {
            $0.replacing(#/ {3,}/#, with: "|").trimmingCharacters(in: .whitespaces)
        }

        #expect(lines[0] == "REPOSITORY|TAG|IMAGE ID|CREATED|SIZE")
        #expect(lines.count == 5)
        #expect(
            lines[1].wholeMatch(of: #/example.com:5000/team/box\|1.0\|[0-9a-f]{12}\|\d+ years ago\|[\d.]+MB/#)
                != nil)
        #expect(lines[2].hasPrefix("user|latest|"))
        #expect(try box.printed("image", "ls") == box.printed("images"))
    }

    @Test("ids alone, whole or short")
    func quiet() throws {
        let short = try box.printed("images", "-q").split(separator: "\n")
        let whole = try box.printed("images", "-q", "--no-trunc").split(separator: "\n")

        #expect(short.allSatisfy { $0.wholeMatch(of: #/[0-9a-f]{12}/#) != nil })
        #expect(whole.allSatisfy { $0.wholeMatch(of: #/sha256:[0-9a-f]{64}/#) != nil })
        #expect(zip(short, whole).allSatisfy { $1.hasPrefix("sha256:" + $0) })
    }

    @Test(
        "filters",
        arguments: [
            (["busybox"], "busybox:latest"),
            (["busybox:other"], ""),
            (["-f", "reference=*/*/box"], "example.com:5000/team/box:1.0"),
            (["-f", "reference=o*:l?test"], "odd:latest"),
            (["-f", "label=purpose=tests"], "user:latest"),
            (["-f", "label=purpose", "-f", "reference=odd"], ""),
            (["-f", "dangling=true"], ""),
            (["-f", "reference=user", "-f", "reference=odd"], "user:latest odd:latest"),
        ])
    func filters(_ flags: [String], _ expected: String) throws {
        let outcome = try box.run(
            [
                Programs.directory + "/roost", "--root", box.root, "images", "--format",
                "{{.Repository}}:{{.Tag}}",
            ]
                + flags)

        #expect(outcome.status == 0)
        #expect(outcome.lines.joined(separator: " ") == expected)
    }

    @Test("templates, tables of templates, JSON, digests")
    func formats() throws {
        let json = try box.printed("images", "--format", "json", "odd")
        let table = try box.printed("images", "--format", "table {{.Tag}}\\t{{.Repository}}", "odd")
        let digests = try box.printed("images", "--digests", "odd")

        #expect(try Config(json)["Repository"] as? String == "odd")
        #expect(try Config(json)["ID"] as? String == box.printed("images", "-q", "odd"))
        #expect(table == "TAG      REPOSITORY\nlatest   odd")
        #expect(digests.contains("DIGEST") && digests.contains("<none>"))
    }

    @Test("what cannot be filtered or formatted is told")
    func errors() throws {
        let filter = try box.roost("images", "-f", "colour=red")
        let format = try box.roost("images", "--format", "{{.Nope}}")

        #expect(filter.status == 1 && filter.errors.contains("invalid filter `colour`"))
        #expect(format.status == 1 && format.errors.contains("`--format`"))
    }
}
