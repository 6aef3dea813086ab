// SPDX-License-Identifier: Apache-2.0
// Any text as a tree: what is read is written again, byte for byte where the text is compact.

import JSON
import Testing

@Suite("JSONTree")
struct TreeTests {
    @Test(
        "a compact text comes back the same",
        arguments: [
            "null", "true", "false", "0", "-1", "1.50", "1e3", "9007199254740993", "-0.0E+5", "\"\"",
            "\"é\\n\"",
            "[]", "{}", "[null,1,\"a\",[{}],false]", #"{"b":1,"a":null,"c":{"d":[]}}"#,
        ])
    func roundTrips(text: String) throws {
        let tree = try JSONTree.decode(Array(text.utf8))

        #expect(String(decoding: tree.encode(), as: UTF8.self) == text)
        #expect(try JSONTree.decode(tree.encode(.spaces(2))) == tree)
        #expect(JSONTree(tree) == tree)
    }

    @Test("nulls are values, keys keep their order, and are found by name")
    func access() throws {
        let tree = try JSONTree.decode(Array(#"{"b":null,"a":[1,"x",true]}"#.utf8))

        #expect(
            tree
                == .object([
                    JSONTree.Member("b", .null),
                    JSONTree.Member("a", .array([.number("1"), .string("x"), .bool(true)])),
                ]))
        #expect(tree["b"] == .null && tree["c"] == nil && JSONTree.null["a"] == nil)
        #expect(JSONTree(["a", "b"]) == .strings(["a", "b"]) && JSONTree(7) == .integer(7))
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", "the text ends too early (line 1, column 1)"),
            ("nul", "expected a value (line 1, column 1)"),
            (#"{"a":[1,}"#, "a[1]: expected a value (line 1, column 9)"),
            (#"{"a":1,"a":2}"#, "duplicate key `a`"), (#"{"a":"\u0000"}"#, "a: the string holds NUL"),
            ("[01]", "[0]: a number with a leading zero (line 1, column 2)"),
            ("1 2", "unexpected bytes after the value (line 1, column 3)"),
            ("1.", "expected a digit (line 1, column 3)"),
        ])
    func refuses(text: String, message: String) {
        #expect {
            try JSONTree.decode(Array(text.utf8))
        } throws: {
            "\($0)" == message
        }
    }

    @Test("a tree is not deeper than a text may be")
    func depth() {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)

        #expect(throws: JSONError.self) { try JSONTree.decode(Array(deep.utf8)) }
        #expect(throws: Never.self) { try JSONTree.decode(Array(deep.utf8.dropFirst().dropLast())) }
    }
}
