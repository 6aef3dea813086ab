// SPDX-License-Identifier: Apache-2.0
// Strings: one pass finds the end and checks every byte and escape, a second one copies.

extension JSONReader {
    /// Reads a string; throws when it holds NUL, which no text this project reads may.
    public mutating func string() throws(JSONError) -> String {
        let range = try scanString("expected a string")
        guard range.escaped else { return slice(range.start, range.end) }
        let text = unescaped(range)
        guard !text.utf8.contains(0) else { throw JSONError("the string holds NUL") }
        return text
    }

    /// Reads a string without a copy, for `matches` against the words of a closed set.
    @inlinable
    public mutating func word() throws(JSONError) -> JSONKey {
        try scanString("expected a string")
    }

    /// The error for a word that is in no closed set: ``unknown namespace type `foo` ``.
    public func unknown(_ what: StaticString, _ word: JSONKey) -> JSONError {
        JSONError("unknown \(what) `\(plain(word))`")
    }

    /// Takes a string and checks it whole; `start` and `end` lie inside the quotes.
    @usableFromInline
    mutating func scanString(_ expected: StaticString) throws(JSONError) -> JSONKey {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw mismatch(expected) }
        let start = at &+ 1
        var escaped = false
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                guard index <= validEnd else { throw syntaxError("invalid UTF-8", at: validEnd) }
                at = index &+ 1
                return JSONKey(start: start, end: index, escaped: escaped)
            }
            guard byte >= 0x20 else { throw syntaxError("a control character inside a string", at: index) }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                _ = try escape(&index)
            } else {
                index &+= 1
            }
        }
        throw syntaxError("the string does not end", at: start &- 1)
    }

    /// The scalar of the escape at `index`, which moves behind it.
    private func escape(_ index: inout Int) throws(JSONError) -> Unicode.Scalar {
        let start = index
        let first = try unit(&index)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, index < bytes.count, bytes[index] == UInt8(ascii: "\\") else {
            throw syntaxError("a lone surrogate", at: start)
        }
        let second = try unit(&index)
        guard (0xdc00...0xdfff).contains(second) else { throw syntaxError("a lone surrogate", at: start) }
        let value = 0x10000 + (UInt32(first) & 0x3ff) << 10 + UInt32(second) & 0x3ff
        guard let scalar = Unicode.Scalar(value) else { throw syntaxError("a lone surrogate", at: start) }
        return scalar
    }

    /// The UTF-16 unit of the single escape at `index`, which moves behind it.
    private func unit(_ index: inout Int) throws(JSONError) -> UInt16 {
        guard index &+ 1 < bytes.count else { throw syntaxError("the string does not end", at: index) }
        let letter = bytes[index &+ 1]
        let start = index
        index &+= 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(letter)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0c
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): break
        default: throw syntaxError("an unknown escape", at: start)
        }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Self.hexValue(bytes[index]) else {
                throw syntaxError("expected four hexadecimal digits", at: start)
            }
            unit = unit << 4 | digit
            index &+= 1
        }
        return unit
    }

    private static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// A copy of a range that holds no escape.
    @usableFromInline
    func slice(_ start: Int, _ end: Int) -> String {
        // The bytes were found valid when the reader was made, and a quote or backslash cuts no character.
        String(copying: UTF8Span(unchecked: bytes.extracting(start..<end)))
    }

    /// A copy of a scanned range with its escapes resolved.
    @usableFromInline
    func unescaped(_ range: JSONKey) -> String {
        var text: [UInt8] = []
        var index = range.start
        while index < range.end {
            if bytes[index] == UInt8(ascii: "\\") {
                // The scan has checked every escape, so none throws here.
                guard let scalar = try? escape(&index) else { break }
                text.append(contentsOf: UTF8.encode(scalar) ?? .init())
            } else {
                text.append(bytes[index])
                index &+= 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
