// SPDX-License-Identifier: Apache-2.0
// White space, brackets, commas and literals, below the reader's object and array functions.

extension JSONReader {
    @inlinable
    mutating func skipSpace() {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
            at &+= 1
        }
    }

    /// Takes the opening bracket; false when the closing one follows at once.
    @usableFromInline
    mutating func open(_ bracket: UInt8, close: UInt8, _ expected: StaticString) throws(JSONError) -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == bracket else { throw mismatch(expected) }
        guard depth < Self.deepest else { throw syntaxError("more than \(Self.deepest) levels deep") }
        at &+= 1
        skipSpace()
        if at < bytes.count, bytes[at] == close {
            at &+= 1
            return false
        }
        depth &+= 1
        return true
    }

    /// Takes a comma (true) or the closing bracket (false).
    @usableFromInline
    mutating func goesOn(close: UInt8, _ expected: StaticString) throws(JSONError) -> Bool {
        skipSpace()
        guard at < bytes.count else { throw syntaxError("the text ends too early") }
        let byte = bytes[at]
        guard byte == UInt8(ascii: ",") || byte == close else { throw syntaxError("\(expected)") }
        at &+= 1
        if byte == close { depth &-= 1 }
        return byte != close
    }

    /// Takes a `null`, if that is what comes.
    @inlinable
    mutating func skipNull() -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "n") else { return false }
        return take("null")
    }

    /// Takes a word, if that is what comes; what follows it is for the next call to judge.
    @usableFromInline
    mutating func take(_ word: StaticString) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, equal(at, end, word) else { return false }
        at = end
        return true
    }

    @inlinable
    func equal(_ start: Int, _ end: Int, _ text: StaticString) -> Bool {
        guard end &- start == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for index in 0..<wanted.count where bytes[start &+ index] != wanted[index] { return false }
            return true
        }
    }

    /// The error for a value of the wrong type, or for no value at all.
    @usableFromInline
    mutating func mismatch(_ expected: StaticString) -> JSONError {
        guard at < bytes.count else { return syntaxError("the text ends too early") }
        return kind() == .none ? syntaxError("expected a value") : JSONError("\(expected)")
    }

    /// An error with line and column of `offset`, or of the next byte.
    @usableFromInline
    func syntaxError(_ reason: String, at offset: Int? = nil) -> JSONError {
        let end = min(offset ?? at, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<end where bytes[index] == 0x0a {
            line += 1
            lineStart = index + 1
        }
        return JSONError(reason, position: .init(line: line, column: end - lineStart + 1))
    }
}
