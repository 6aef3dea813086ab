// SPDX-License-Identifier: Apache-2.0
// Numbers and booleans. Only integers are read into values: no field of this project takes a fraction.

/// A number as written; the magnitude counts only when it is whole and did not overflow.
@usableFromInline
struct ScannedNumber {
    @usableFromInline var isNegative = false
    @usableFromInline var isWhole = true
    @usableFromInline var overflows = false
    @usableFromInline var magnitude: UInt64 = 0

    @usableFromInline
    init() {}
}

extension JSONReader {
    /// Reads `true` or `false`.
    public mutating func bool() throws(JSONError) -> Bool {
        skipSpace()
        if take("true") { return true }
        if take("false") { return false }
        if at < bytes.count, bytes[at] == UInt8(ascii: "t") || bytes[at] == UInt8(ascii: "f") {
            throw syntaxError("expected a value")
        }
        throw mismatch("expected `true` or `false`")
    }

    /// Reads an integer that must fit its type; `1.0` and `1e3` are refused.
    @inlinable
    public mutating func integer<Integer: FixedWidthInteger>(
        _: Integer.Type = Integer.self
    ) throws(JSONError) -> Integer {
        let number = try scanInteger(isSigned: Integer.isSigned)
        if !number.overflows {
            if !number.isNegative, let value = Integer(exactly: number.magnitude) { return value }
            // The magnitude of a type's least value is one more than that of its greatest.
            if number.isNegative, number.magnitude <= Integer.min.magnitude {
                return 0 &- Integer(truncatingIfNeeded: number.magnitude)
            }
        }
        throw Self.outOfRange(Integer.isSigned, Int64(truncatingIfNeeded: Integer.min), UInt64(Integer.max))
    }

    // What follows is there once, not for every type of integer.

    @usableFromInline
    mutating func scanInteger(isSigned: Bool) throws(JSONError) -> ScannedNumber {
        let expected = Self.expected(isSigned)
        let number = try scanNumber(expected)
        guard number.isWhole else { throw JSONError("\(expected), without fraction or exponent") }
        guard isSigned || !number.isNegative else { throw JSONError("\(expected)") }
        return number
    }

    private static func expected(_ isSigned: Bool) -> StaticString {
        isSigned ? "expected an integer" : "expected an unsigned integer"
    }

    @usableFromInline @inline(never)
    static func outOfRange(_ isSigned: Bool, _ least: Int64, _ most: UInt64) -> JSONError {
        JSONError("\(expected(isSigned)) from \(least) to \(most)")
    }

    /// Takes a number and checks its form.
    @usableFromInline
    mutating func scanNumber(_ expected: StaticString) throws(JSONError) -> ScannedNumber {
        skipSpace()
        var number = ScannedNumber()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "-") || isDigit(at) else {
            throw mismatch(expected)
        }
        if bytes[at] == UInt8(ascii: "-") {
            number.isNegative = true
            at &+= 1
        }
        guard isDigit(at) else { throw syntaxError("expected a digit") }
        if bytes[at] == UInt8(ascii: "0"), isDigit(at &+ 1) {
            throw syntaxError("a number with a leading zero")
        }
        while isDigit(at) {
            let (tens, over) = number.magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overToo) = tens.addingReportingOverflow(UInt64(bytes[at] &- UInt8(ascii: "0")))
            number.magnitude = sum
            number.overflows = number.overflows || over || overToo
            at &+= 1
        }
        let hasFraction = try scanFraction()
        let hasExponent = try scanExponent()
        number.isWhole = !hasFraction && !hasExponent
        return number
    }

    /// Takes a fraction, if there is one.
    private mutating func scanFraction() throws(JSONError) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else { return false }
        at &+= 1
        try scanDigits()
        return true
    }

    private mutating func scanExponent() throws(JSONError) -> Bool {
        guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
        at &+= 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at &+= 1 }
        try scanDigits()
        return true
    }

    private mutating func scanDigits() throws(JSONError) {
        guard isDigit(at) else { throw syntaxError("expected a digit") }
        while isDigit(at) { at &+= 1 }
    }

    private func isDigit(_ index: Int) -> Bool {
        index < bytes.count && bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
    }
}
