// SPDX-License-Identifier: Apache-2.0
// What the reader accepts and refuses, as tables.

import JSON
import Testing

/// Whether a whole text is accepted when it is only passed over.
func skipError(_ bytes: [UInt8], limit: Int = JSONReader.defaultLimit) -> JSONError? {
    do throws(JSONError) {
        try JSONReader.read(bytes.span, limit: limit) { (reader) throws(JSONError) in try reader.skip() }
        return nil
    } catch {
        return error
    }
}

/// The error of reading a whole text as a type.
func readError<Value: JSONValue>(_ text: String, as _: Value.Type) -> String? {
    do throws(JSONError) {
        _ = try Value.decode(Array(text.utf8))
        return nil
    } catch {
        return error.description
    }
}

@Suite("JSONReader")
struct ReaderTests {
    @Test(
        "a text of RFC 8259 is accepted",
        arguments: [
            "{}", "[]", " \t\r\n[ ] ", "null", "true", "false", "0", "-0", "12", "-1.5e+10", "0.0", "1E9",
            "\"\"",
            #""a\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t""#, "\"é😀\u{2028}\u{7f}\"",
            #"{"a":{"b":[1,{"c":null}]}}"#,
            #"{"":1}"#, #"{"a":1,"A":2}"#, "[1,[2,[3]]]", "1e999", "123456789012345678901234567890",
        ])
    func accepts(_ text: String) {
        #expect(skipError(Array(text.utf8)) == nil)
    }

    @Test(
        "a text that is not of RFC 8259 is refused",
        arguments: [
            "", " ", "{", "[", "}", "]", "{]", "[}", "[1,]", "{,}", "[,1]", #"{"a":1,}"#, #"{"a"}"#,
            #"{"a":}"#, "{1:2}",
            "{a:1}", #"{"a" 1}"#, #"{"a":1 "b":2}"#, "[1 2]", "nul", "nulll", "True", "tru", "truefalse",
            "NaN",
            "Infinity", "'a'", "01", "-01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "1_000", "1 2",
            "[] []",
            "\"", "\"a", "\"a\u{1}\"", "\"a\nb\"", "\"a\tb\"", "\"\u{0}\"", #""\x""#, #""\u12""#,
            #""\u12g4""#, #""\"#,
            #""\u"#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#,
            #""\udc00\ud800""#, #""\udc00\udc00""#,
            #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":2}"#, "// c\n1", "\u{feff}{}",
            "\u{a0}1",
        ])
    func refuses(_ text: String) {
        #expect(skipError(Array(text.utf8)) != nil)
    }

    @Test(
        "bytes that are not UTF-8 are refused, in keys and values",
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80],
        ] as [[UInt8]])
    func invalidUTF8(_ bad: [UInt8]) {
        let value = Array(#"{"a":"x"#.utf8) + bad + Array(#""}"#.utf8)
        let key = Array(#"{"a"#.utf8) + bad + Array(#"":1}"#.utf8)

        #expect(skipError(value)?.description == "a: invalid UTF-8 (line 1, column 8)")
        #expect(skipError(key)?.reason == "invalid UTF-8")
    }

    @Test("64 levels are read, 65 are not")
    func depth() {
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }

        #expect(skipError(nested(64)) == nil)
        #expect(skipError(nested(65))?.reason == "more than 64 levels deep")
        #expect(skipError(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) != nil)
        #expect(skipError(Array(("[" + String(repeating: "[[]],", count: 99) + "[]]").utf8)) == nil)
    }

    @Test("a text longer than the limit is refused before it is read")
    func size() {
        #expect(skipError(Array("[1]".utf8), limit: 3) == nil)
        #expect(skipError(Array("[12]".utf8), limit: 3)?.reason == "4 bytes are more than the 3 allowed")
    }

    @Test("a duplicate is found among few keys and among many", arguments: [2, 31, 32, 33, 34, 200])
    func duplicates(_ count: Int) {
        let members = (0..<count).map { "\"key\($0)\":{\"key0\":1}" }.joined(separator: ",")

        #expect(skipError(Array("{\(members)}".utf8)) == nil)
        for again in ["key0", "key\(count - 1)", "\\u006bey\(count / 2)"] {
            let text = "{\(members),\"\(again)\":1}"
            #expect(skipError(Array(text.utf8))?.reason.hasPrefix("duplicate key") == true, "\(again)")
        }
    }

    @Test("keys that are only canonically equivalent differ")
    func canonicalEquivalence() {
        #expect(skipError(Array("{\"\u{e9}\":1,\"e\u{301}\":2}".utf8)) == nil)
        #expect(skipError(Array(#"{"K":1,"\u212a":2}"#.utf8)) == nil)
    }

    @Test("a string is given without its escapes")
    func strings() throws {
        let text = #""a\u00e9\ud83d\ude00\"\\\/\b\f\n\r\té""#

        #expect(try String.decode(Array(text.utf8)) == "aé😀\"\\/\u{8}\u{c}\n\r\té")
    }

    @Test("a string or a key that holds NUL is refused where it is read")
    func nul() {
        #expect(readError(#"["a","b\u0000c"]"#, as: [String].self) == "[1]: the string holds NUL")
    }

    @Test("the integers of a type are read to both ends, and no further")
    func integers() {
        #expect(readError("65535", as: UInt16.self) == nil)
        #expect(readError("65536", as: UInt16.self) == "expected an unsigned integer from 0 to 65535")
        #expect(readError("18446744073709551615", as: UInt64.self) == nil)
        #expect(readError("18446744073709551616", as: UInt64.self)?.hasPrefix("expected an unsigned") == true)
        #expect(readError("-9223372036854775808", as: Int64.self) == nil)
        #expect(
            readError("-9223372036854775809", as: Int64.self)?.hasPrefix("expected an integer from") == true)
        #expect(
            readError("9223372036854775808", as: Int64.self)?.hasPrefix("expected an integer from") == true)
        #expect(readError("-2147483649", as: Int32.self) != nil)
        #expect(readError("-99999999999999999999999", as: Int32.self) != nil)
        #expect((try? Int64.decode(Array("-9223372036854775808".utf8))) == Int64.min)
        #expect((try? Int32.decode(Array("-7".utf8))) == -7)
        #expect((try? Int32.decode(Array("-0".utf8))) == 0)
    }

    @Test("a fraction or an exponent is no integer", arguments: ["1.0", "1e3", "0.5", "10E-1"])
    func fractions(_ text: String) {
        #expect(
            readError(text, as: UInt32.self) == "expected an unsigned integer, without fraction or exponent")
        #expect(readError(text, as: Int64.self) == "expected an integer, without fraction or exponent")
    }

    @Test("a value of the wrong type is refused with the type that was expected")
    func wrongTypes() {
        for text in ["{}", "[]", "\"1\"", "true", "null"] {
            #expect(readError(text, as: UInt32.self) == "expected an unsigned integer", "\(text)")
        }
        #expect(readError("-1", as: UInt32.self) == "expected an unsigned integer")
        #expect(readError("1", as: String.self) == "expected a string")
        #expect(readError("{}", as: [String].self) == "expected an array")
        #expect(readError("0", as: Bool.self) == "expected `true` or `false`")
        #expect(readError("[1,null]", as: [Int].self) == "[1]: expected an integer")
    }
}
