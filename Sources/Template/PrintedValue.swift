// SPDX-License-Identifier: Apache-2.0
// One value by one verb of `printf`.
// Source: https://pkg.go.dev/fmt#hdr-Printing
import JSON

enum PrintedValue {
    static func text(_ value: JSONTree, _ verb: PrintVerb) -> String {
        switch value {
        case .null: return verb.letter == "v" ? padded("<nil>", verb) : bad("<nil>", verb)
        case .bool(let truth):
            let text = truth ? "true" : "false"
            return verb.letter == "v" || verb.letter == "t" ? padded(text, verb) : bad("bool=" + text, verb)
        case .number(let number): return self.number(number, verb)
        case .string(let text): return string(text, verb)
        case .array(let elements):
            return "[" + elements.map { text($0, verb) }.joined(separator: " ") + "]"
        case .object(let members):
            let parts = ValueText.sorted(members).map { string($0.key, verb) + ":" + text($0.value, verb) }
            return "map[" + parts.joined(separator: " ") + "]"
        }
    }

    /// What Go calls the type of a value.
    static func typeName(_ value: JSONTree) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .number(let text): DecimalNumber(text)?.integer == nil ? "float64" : "int"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }

    private static func bad(_ what: String, _ verb: PrintVerb) -> String {
        "%!" + String(Character(verb.letter)) + "(" + what + ")"
    }

    /// Fills up to the width, which counts characters.
    private static func padded(_ text: String, _ verb: PrintVerb, zeros: Bool = false) -> String {
        let count = (verb.width ?? 0) - text.unicodeScalars.count
        guard count > 0 else { return text }
        if verb.isLeft { return text + String(repeating: " ", count: count) }
        return String(repeating: zeros ? "0" : " ", count: count) + text
    }

    private static func string(_ text: String, _ verb: PrintVerb) -> String {
        var shown = text
        if let precision = verb.precision, verb.letter != "x", verb.letter != "X" {
            shown = ""
            shown.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(precision))
        }
        switch verb.letter {
        case "v" where verb.isSharp: return padded(QuotedText.quote(text), verb)
        case "v", "s": return padded(shown, verb, zeros: verb.hasZeros)
        case "q":
            let isRaw =
                verb.isSharp && !shown.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x60 || $0 == 0x7f }
            return padded(isRaw ? "`" + shown + "`" : QuotedText.quote(shown), verb, zeros: verb.hasZeros)
        case "x", "X":
            let bytes = text.utf8.prefix(verb.precision ?? .max)
            let hex = bytes.map {
                ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: verb.letter == "X")
            }
            return padded(hex.joined(separator: verb.isSpaced ? " " : ""), verb, zeros: verb.hasZeros)
        default: return bad("string=" + text, verb)
        }
    }

    private static func number(_ text: String, _ verb: PrintVerb) -> String {
        guard let number = DecimalNumber(text) else { return bad("number=" + text, verb) }
        let isFraction = text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        guard let integer = number.integer, !isFraction else { return fraction(text, number, verb) }
        switch verb.letter {
        case "v": return signed(plainText(text, number), number.isNegative, verb)
        case "d": return signed(String(integer.magnitude), integer < 0, verb)
        case "x": return based(integer, 16, "0x", verb)
        case "X": return based(integer, 16, "0X", verb)
        case "o": return based(integer, 8, "0", verb)
        case "b": return based(integer, 2, "0b", verb)
        case "c": return padded(character(integer), verb)
        case "q": return padded(QuotedText.quote(scalar(integer)), verb)
        case "U":
            let hex = String(integer.magnitude, radix: 16, uppercase: true)
            return padded("U+" + String(repeating: "0", count: max(0, 4 - hex.utf8.count)) + hex, verb)
        default: return bad("int=" + text, verb)
        }
    }

    private static func plainText(_ text: String, _ number: DecimalNumber) -> String {
        number.isNegative ? String(text.dropFirst()) : text
    }

    private static func fraction(_ text: String, _ number: DecimalNumber, _ verb: PrintVerb) -> String {
        switch verb.letter {
        case "v", "g", "G": return signed(plainText(text, number), number.isNegative, verb)
        case "f", "F": return signed(number.plain(fraction: verb.precision ?? 6), number.isNegative, verb)
        default: return bad("float64=" + text, verb)
        }
    }

    private static func based(_ value: Int64, _ base: Int, _ prefix: String, _ verb: PrintVerb) -> String {
        let digits = String(value.magnitude, radix: base, uppercase: verb.letter == "X")
        return signed((verb.isSharp ? prefix : "") + digits, value < 0, verb)
    }

    /// Digits with their sign; zeros come between the two.
    private static func signed(_ digits: String, _ isNegative: Bool, _ verb: PrintVerb) -> String {
        var digits = digits
        let sign = isNegative ? "-" : verb.isSigned ? "+" : verb.isSpaced ? " " : ""
        if let precision = verb.precision, verb.letter != "f", verb.letter != "F" {
            digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
        } else if verb.hasZeros, let width = verb.width {
            digits =
                String(repeating: "0", count: max(0, width - sign.utf8.count - digits.utf8.count)) + digits
        }
        return padded(sign + digits, verb)
    }

    private static func scalar(_ value: Int64) -> Unicode.Scalar {
        UInt32(exactly: value).flatMap { Unicode.Scalar($0) } ?? "\u{fffd}"
    }

    private static func character(_ value: Int64) -> String { String(Character(scalar(value))) }
}
