// SPDX-License-Identifier: Apache-2.0
// Go's literals in quotes: "a\n", `raw`, 'c'; and the other way, text put into quotes.
// Source: https://go.dev/ref/spec#String_literals
import JSON

enum QuotedText {
    /// Reads the literal at `at`, which moves behind it: a string, or the number of a character.
    static func read(_ bytes: [UInt8], _ at: inout Int) -> JSONTree? {
        let quote = bytes[at]
        let start = at + 1
        if quote == UInt8(ascii: "`") {
            guard let end = bytes[start...].firstIndex(of: quote) else { return nil }
            at = end + 1
            return .string(String(decoding: bytes[start..<end].filter { $0 != 0x0d }, as: UTF8.self))
        }
        var text: [UInt8] = []
        var index = start
        while index < bytes.count, bytes[index] != quote {
            guard bytes[index] != 0x0a else { return nil }
            if bytes[index] == UInt8(ascii: "\\") {
                index += 1
                guard escape(bytes, &index, quote, &text) else { return nil }
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        guard index < bytes.count else { return nil }
        at = index + 1
        let string = String(decoding: text, as: UTF8.self)
        guard quote == UInt8(ascii: "'") else { return .string(string) }
        let scalars = Array(string.unicodeScalars)
        return scalars.count == 1 ? .integer(scalars[0].value) : nil
    }

    /// Reads the escape behind a backslash.
    private static func escape(
        _ bytes: [UInt8], _ index: inout Int, _ quote: UInt8, _ text: inout [UInt8]
    ) -> Bool {
        guard index < bytes.count else { return false }
        let letter = bytes[index]
        index += 1
        switch letter {
        case UInt8(ascii: "a"): text.append(0x07)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "v"): text.append(0x0b)
        case UInt8(ascii: "\\"), quote: text.append(letter)
        case UInt8(ascii: "x"):
            guard let value = digits(bytes, &index, 2, 16) else { return false }
            text.append(UInt8(truncatingIfNeeded: value))
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            guard let scalar = digits(bytes, &index, count, 16).flatMap({ Unicode.Scalar($0) }) else {
                return false
            }
            text.append(contentsOf: String(Character(scalar)).utf8)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            index -= 1
            guard let value = digits(bytes, &index, 3, 8), value < 256 else { return false }
            text.append(UInt8(truncatingIfNeeded: value))
        default: return false
        }
        return true
    }

    private static func digits(_ bytes: [UInt8], _ index: inout Int, _ count: Int, _ base: UInt32) -> UInt32?
    {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard index < bytes.count, let digit = hexValue(bytes[index]), digit < base else { return nil }
            value = value &* base &+ digit
            index += 1
        }
        return value
    }

    /// The value of a hexadecimal digit.
    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// A text as a literal in double quotes.
    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(Character(scalar))
            default: quoted += printable(scalar)
            }
        }
        return quoted + "\""
    }

    /// A character as a literal in single quotes.
    static func quote(_ scalar: Unicode.Scalar) -> String {
        "'" + (scalar == "'" || scalar == "\\" ? "\\" + String(Character(scalar)) : printable(scalar)) + "'"
    }

    private static func printable(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x0c: return "\\f"
        case 0x0a: return "\\n"
        case 0x0d: return "\\r"
        case 0x09: return "\\t"
        case 0x0b: return "\\v"
        case 0..<0x20, 0x7f:
            let hex = String(scalar.value, radix: 16)
            return "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
        case 0x80..<0xa1, 0xad, 0xfeff, 0xfffd:
            if scalar.value == 0xfffd { return "\u{fffd}" }
            let hex = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
        default: return String(Character(scalar))
        }
    }
}
