// SPDX-License-Identifier: Apache-2.0
// What the parsers of HTTP's little grammars share: a cursor over bytes, and letters as ASCII has them.
// Everything here takes any bytes and never traps.

/// A place in a text of bytes.
struct HTTPScanner {
    let bytes: [UInt8]
    var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { at >= bytes.count }
    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    /// Takes the bytes that `belongs` says yes to.
    mutating func take(while belongs: (UInt8) -> Bool) -> String {
        let start = at
        while at < bytes.count, belongs(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    /// Takes one byte when it is `byte`.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    mutating func skipSpace() { _ = take { $0 == 0x20 || $0 == 0x09 } }

    /// A token of RFC 9110; empty when there is none.
    mutating func token() -> String { take(while: HTTPText.isTokenByte) }

    /// What stands between double quotes, without them and without backslashes; nil when it does not end.
    mutating func quoted() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while let byte = next {
            at += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = next {
                at += 1
                text.append(escaped)
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    /// Digits as a number; nil when there are none or too many.
    mutating func number() -> Int64? {
        var value: Int64 = 0
        let start = at
        while let byte = next, HTTPText.isDigit(byte) {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, overAgain) = product.addingReportingOverflow(Int64(byte - 0x30))
            guard !over, !overAgain else { return nil }
            value = sum
            at += 1
        }
        return at > start ? value : nil
    }
}

/// Letters and digits as HTTP means them.
enum HTTPText {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        if isDigit(byte) || isLetter(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// The text with ASCII's capitals made small.
    static func lower(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Whether two texts have the same bytes.
    static func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

    /// Whether `text` begins with the bytes of `prefix`.
    static func has(_ text: String, prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    /// Without blanks at both ends.
    static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d || $0 == 0x0a }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// A text as part of a query or of a form: all but letters, digits and `-._~` as `%XX`.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            case _ where isDigit(byte) || isLetter(byte): result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A server's words, fit to be shown: one line, no control characters, at most `limit` bytes.
    static func shown(_ text: String, limit: Int = 300) -> String {
        var result: [Unicode.Scalar] = []
        var count = 0
        for scalar in text.unicodeScalars {
            let isControl =
                scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
                || (0x2028...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            result.append(isControl ? " " : scalar)
            count += 1
            if count >= limit { break }
        }
        var shown = ""
        shown.unicodeScalars.append(contentsOf: result)
        return trimmed(shown.utf8)
    }

    /// Base64 with `=`. See RFC 4648.
    static func base64(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var group = part.reduce(0) { $0 << 8 | Int($1) }
            group <<= 8 * (3 - part.count)
            for place in 0..<4 {
                let letter = letters[group >> (18 - 6 * place) & 63]
                result.append(place <= part.count ? letter : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
