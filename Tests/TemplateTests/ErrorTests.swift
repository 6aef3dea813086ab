// SPDX-License-Identifier: Apache-2.0
// Templates that are wrong, each with the place and the sentence; and bounds, and texts that nobody wrote.

import Foundation
import JSON
import Template
import Testing

@Suite("Templates that are wrong")
struct ErrorTests {
    private func error(_ template: String, _ value: JSONTree = Sample.tree) -> String? {
        do throws(TemplateError) {
            _ = try GoTemplate(template).render(value)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "what cannot be read is told with its place",
        arguments: [
            ("a{{", "1:2: the action does not end; close it with `}}`"),
            ("{{.A", "1:1: the action does not end; close it with `}}`"),
            ("a\nbc{{ % }}", "2:6: `%` has no meaning in an action"),
            ("{{\"a}}", "1:3: the quoted text does not end, or holds an escape that is not known"),
            ("{{\"\\z\"}}", "1:3: the quoted text does not end, or holds an escape that is not known"),
            ("{{'ab'}}", "1:3: the quoted text does not end, or holds an escape that is not known"),
            ("{{}}", "1:3: a value is missing"), ("{{1 |}}", "1:6: a value is missing"),
            ("{{/* a}}", "1:3: the comment does not end"),
            ("{{/* a */ 1}}", "1:10: a comment must fill its action: `{{/* … */}}`"),
            ("{{1.2.3}}", "1:3: `1.2.3` is no number"), ("{{09}}", "1:3: `09` is no number"),
            ("{{-}}", "1:3: `-` is no number"),
            ("{{0xfffffffffffffffff}}", "1:3: `0xfffffffffffffffff` is no number"),
            ("{{1e99999}}", "1:3: `1e99999` is no number"),
            ("{{if .ID}}x", "1:1: `if` without `end`"),
            ("x{{end}}", "1:2: `end` without `if`, `range` or `with`"),
            ("{{else}}", "1:1: `else` without `if`, `range` or `with`"),
            ("{{if 1}}{{else}}{{else}}{{end}}", "1:17: a second `else`"),
            ("{{break}}", "1:1: `break` outside of `range`"), ("{{if}}{{end}}", "1:5: a value is missing"),
            ("{{define \"a\"}}{{end}}", "1:1: `define` is not supported: a format is one template"),
            ("{{jsonn .}}", "1:3: no function `jsonn`; did you mean `json`?"),
            ("{{$a}}", "1:3: no variable `$a`"),
            ("{{$name := 1}}{{$nmae}}", "1:17: no variable `$nmae`; did you mean `$name`?"),
            ("{{$x = 1}}", "1:3: no variable `$x`"),
            ("{{if $a := 1}}{{end}}{{$a}}", "1:24: no variable `$a`"),
            ("{{1 2}}", "1:5: `1` is no function and takes no arguments"),
            ("{{1 | .}}", "1:7: `.` is no function and takes no arguments"),
            ("{{nil}}", "1:3: `nil` can only be an argument"),
            ("{{(1}}", "1:5: the action ends too early"), ("{{1)}}", "1:4: `)` cannot stand there"),
            ("{{. , 1}}", "1:5: `,` cannot stand there"),
            ("{{\"a\".B}}", "1:6: `.B` cannot stand there"),
            ("{{print\"a\"}}", "1:8: `\"a\"` cannot stand there"),
            ("{{range $a, 1 := .}}{{end}}", "1:13: `1` cannot stand there"),
            ("{{end 1}}", "1:7: `1` cannot stand there"),
            ("{{: }}", "1:3: `:` without `=`"),
        ])
    func parsing(template: String, message: String) {
        #expect(error(template) == "template: " + message)
    }

    @Test(
        "what does not fit the value is told with its place",
        arguments: [
            ("{{.Nam}}", "1:3: `.` has no field `Nam`; did you mean `Name`?"),
            ("{{.name}}", "1:3: `.` has no field `name`; did you mean `Name`?"),
            ("{{.State.Foo}}", "1:9: `.State` has no field `Foo`; there is `Status`, `Pid`, `Health`"),
            (
                "{{.State.Health.Statsu}}",
                "1:16: `.State.Health` has no field `Statsu`; did you mean `Status`?"
            ),
            ("{{.Nothing.A}}", "1:11: `.Nothing` is nil, which has no field `A`"),
            ("{{.ID.A}}", "1:6: `.ID` is a string, which has no field `A`"),
            ("{{range .Args}}{{.A}}{{end}}", "1:18: `.` is a string, which has no field `A`"),
            (
                "{{with $x := .State}}{{$x.B}}{{end}}",
                "1:26: `$x` has no field `B`; there is `Status`, `Pid`, `Health`"
            ),
            ("{{.ID \"a\"}}", "1:3: `.ID` takes no arguments"),
            ("{{.Labels 1}}", "1:3: `.Labels` takes one argument, a string"),
            ("{{.Labels \"a\" \"b\"}}", "1:3: `.Labels` takes one argument, a string"),
            ("{{range .ID}}{{end}}", "1:9: `range` cannot go through a string"),
            ("{{len 1}}", "1:3: `len`: a number has no length"),
            ("{{upper .Count}}", "1:3: `upper`: a number where a string is expected"),
            ("{{join .ID \",\"}}", "1:3: `join`: a string where a list is expected"),
            ("{{upper}}", "1:3: `upper` takes 1 argument, not 0"),
            ("{{eq 1}}", "1:3: `eq` takes at least 2 arguments, not 1"),
            ("{{eq 1 \"1\"}}", "1:3: `eq`: a number cannot be compared with a string"),
            ("{{lt .Args .Args}}", "1:3: `lt`: a list cannot be compared with a list"),
            ("{{index .Args 2}}", "1:3: `index`: there is no element 2; there are 2, from 0"),
            ("{{index .Args -1}}", "1:3: `index`: there is no element -1; there are 2, from 0"),
            (
                "{{index .Args 9999999999999999999999}}",
                "1:3: `index`: a number where a whole number is expected"
            ),
            ("{{index .Nothing 1}}", "1:3: `index`: nil has no elements"),
            ("{{index .Labels 1}}", "1:3: `index`: a number where a string is expected"),
            ("{{slice .ID 3 2}}", "1:3: `slice`: there is no part from 3 to 2; there are 12, from 0"),
            ("{{slice .ID 13}}", "1:3: `slice`: there is no part from 13 to 12; there are 12, from 0"),
            ("{{pad .ID 1 1001}}", "1:3: `pad`: pads by 0 to 1000 spaces"),
            ("{{printf \"%10001d\" 1}}", "1:3: `printf`: a width of more than 10000"),
            ("{{truncate .ID -1}}", "1:3: `truncate`: a length of -1"),
        ])
    func rendering(template: String, message: String) {
        #expect(error(template) == "template: " + message)
    }

    @Test("depth, length, steps and output are bounded")
    func bounds() {
        func nested(_ count: Int) -> String {
            String(repeating: "{{if 1}}", count: count) + String(repeating: "{{end}}", count: count)
        }
        func grouped(_ count: Int) -> String {
            "{{" + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) + "}}"
        }
        let long = String(repeating: "a", count: GoTemplate.longestText)
        let doubling = String(repeating: "{{$x = print $x $x}}", count: 40)
        let loops = String(repeating: "{{range 1000}}", count: 4) + String(repeating: "{{end}}", count: 4)
        let alternatives = String(repeating: "{{else if 0}}", count: 3000)

        #expect(error(nested(64)) == nil && error(grouped(64)) == nil)
        #expect(error(nested(65))?.hasSuffix("more than 64 levels deep") == true)
        #expect(error(grouped(4000))?.hasSuffix("more than 64 levels deep") == true)
        #expect(error("{{if 0}}" + alternatives + "{{end}}")?.hasSuffix("more than 64 levels deep") == true)
        #expect(error(long) == nil)
        #expect(error(long + "a") == "template: 1:1: the template has more than 65536 bytes")
        #expect(
            error("{{$x := `a`}}" + doubling)?.hasSuffix("the result has more than 1048576 bytes") == true)
        #expect(error(loops)?.hasSuffix("the template takes too many steps") == true)
        #expect(
            error("{{$x := printf `%10000d` 1}}{{range 10000}}{{$x}}{{end}}")?
                .hasSuffix("the output has more than 16777216 bytes") == true)
    }

    private static var count: Int {
        ProcessInfo.processInfo.environment["ROOST_FUZZ_COUNT"].flatMap(Int.init) ?? 1_000_000
    }

    private static let pieces =
        [
            "{{", "}}", "{{-", "-}}", "{{- ", " -}}", "if ", "else", "end", "range ", "with ", "break",
            "continue",
            "$", "$x", ":=", "=", ",", "|", "(", ")", ".", ".State", ".ID", ".Args", ".Labels", "printf ",
            "index ",
            "slice ", "json ", "truncate ", "\"%5.3v\"", "\"%-0+# x\"", "\"", "`", "'", "'a'", "\\", "/*",
            "*/", "1", "-1",
            "1.5e3", "0x", "9223372036854775807", "-9223372036854775808", "1e9999", "nil", "true", " ", "\n",
            "é",
            "\u{0}", "\u{1F468}\u{200D}", "\u{301}",
        ]

    @Test("a text that nobody wrote never traps", arguments: 1...4 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        var rendered = 0
        for _ in 0..<Self.count / 40 {
            var text =
                Bool.random(using: &random) ? "{{" : "{{range $i, $x := .Ports}}{{if eq $i `a`}}b{{else}}{{"
            let end = text.utf8.count > 2 ? "}}{{end}}{{end}}" : "}}"
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                text += Self.pieces.randomElement(using: &random) ?? ""
            }
            if (try? GoTemplate(text + end, escapes: true).render(Sample.tree)) != nil { rendered += 1 }
        }

        #expect(rendered > Self.count / 4000)
    }
}

/// A small generator of even quality, the same on every run. See Steele, Lea, Flood (2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
