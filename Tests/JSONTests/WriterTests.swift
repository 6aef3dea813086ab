// SPDX-License-Identifier: Apache-2.0
// What the writer puts out, byte by byte.

import JSON
import Testing

@Suite("JSONWriter")
struct WriterTests {
    private func sample(_ layout: JSONWriter.Layout) -> String {
        var writer = JSONWriter(layout)
        writer.object { writer in
            writer.member("a", [1, 2])
            writer.key("b")
            writer.object { _ in }
            writer.key("c")
            writer.array { writer in
                writer.null()
                writer.bool(true)
                writer.array { _ in }
                writer.object { $0.member("d", "x") }
            }
        }
        return writer.text
    }

    @Test("the compact layout has no white space")
    func compact() {
        #expect(sample(.compact) == #"{"a":[1,2],"b":{},"c":[null,true,[],{"d":"x"}]}"#)
    }

    @Test("the indented layouts put each member on its line, and empty brackets on one")
    func indented() {
        let expected = """
            {
            >"a": [
            >>1,
            >>2
            >],
            >"b": {},
            >"c": [
            >>null,
            >>true,
            >>[],
            >>{
            >>>"d": "x"
            >>}
            >]
            }
            """

        #expect(sample(.tabs) == expected.replacing(">", with: "\t"))
        #expect(sample(.spaces(2)) == expected.replacing(">", with: "  "))
        #expect(sample(.spaces(4)) == expected.replacing(">", with: "    "))
    }

    @Test("quotes, backslashes and control characters are escaped, nothing else")
    func escapes() {
        let text = "a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{0}\u{7f}é😀"

        #expect(
            String(decoding: text.encode(), as: UTF8.self)
                == #""a\"\\/\b\f\n\r\t\u0001\u001f\u0000"# + "\u{7f}é😀\"")
    }

    @Test("integers are written to both ends")
    func integers() {
        #expect(
            String(decoding: [Int64.min, 0, .max].encode(), as: UTF8.self)
                == "[-9223372036854775808,0,9223372036854775807]")
        #expect(String(decoding: UInt64.max.encode(), as: UTF8.self) == "18446744073709551615")
    }

    @Test("members that are not set are left out")
    func unset() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.memberIfSet("a", String?.none)
            writer.memberIfSet("b", [String]())
            writer.memberIfSet("c", false)
            writer.memberIfSet("d", 0)
            writer.memberIfSet("e", UInt32?(0))
            writer.memberIfSet("f", [String]?([]))
        }

        #expect(writer.text == #"{"e":0,"f":[]}"#)
    }
}
