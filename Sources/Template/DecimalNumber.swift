// SPDX-License-Identifier: Apache-2.0
// Numbers by their digits: exact, and without the tables that binary fractions would need in a static program.

/// A number as digits and a power of ten.
struct DecimalNumber: Sendable, Equatable {
    var isNegative = false
    /// Digits from 0 to 9 without zeros at either end; none for zero.
    private(set) var digits: [UInt8] = []
    /// The value is 0.DIGITS times ten to this.
    private(set) var point = 0

    /// Reads a number of JSON; nil when it is none, or has an exponent beyond 9999.
    init?(_ text: String) {
        self.init(decimal: Array(text.utf8)[...])
    }

    /// Reads a literal of Go.
    init?(literal: ArraySlice<UInt8>) {
        var rest = literal
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            rest = rest.dropFirst()
        }
        let digits = rest.filter { $0 != UInt8(ascii: "_") }[...]
        let prefix = digits.dropFirst().first.map { $0 | 0x20 }
        guard digits.first == UInt8(ascii: "0"), digits.count > 1, let prefix, prefix != UInt8(ascii: "."),
            prefix != UInt8(ascii: "e")
        else {
            self.init(decimal: digits)
            isNegative = literal.first == UInt8(ascii: "-") && !self.digits.isEmpty
            return
        }
        let (base, start): (UInt64, Int) =
            switch prefix {
            case UInt8(ascii: "x"): (16, 2)
            case UInt8(ascii: "b"): (2, 2)
            case UInt8(ascii: "o"): (8, 2)
            default: (8, 1)
            }
        guard let value = Self.whole(digits.dropFirst(start), base) else { return nil }
        self.init(decimal: Array(String(value).utf8)[...])
        isNegative = literal.first == UInt8(ascii: "-") && value != 0
    }

    private static func whole(_ digits: ArraySlice<UInt8>, _ base: UInt64) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = QuotedText.hexValue(byte), digit < base else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: base)
            let (sum, overToo) = product.addingReportingOverflow(UInt64(digit))
            guard !over, !overToo else { return nil }
            value = sum
        }
        return value
    }

    private init?(decimal: ArraySlice<UInt8>) {
        var rest = decimal
        if rest.first == UInt8(ascii: "-") {
            isNegative = true
            rest = rest.dropFirst()
        }
        var seenPoint = false
        var count = 0
        while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits.append(byte - UInt8(ascii: "0"))
            if !seenPoint { point += 1 }
            count += 1
        }
        guard count > 0 else { return nil }
        if !rest.isEmpty {
            guard let exponent = Self.exponent(rest.dropFirst()) else { return nil }
            point += exponent
        }
        trim()
    }

    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count <= 5, let value = Int(String(decoding: text, as: UTF8.self)), abs(value) <= 9999
        else {
            return nil
        }
        return value
    }

    private mutating func trim() {
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty {
            point = 0
            isNegative = false
        }
    }

    /// Whether it has no fraction.
    var isWhole: Bool { digits.count <= point }

    /// The number, if it is whole and fits.
    var integer: Int64? {
        guard isWhole, point <= 19 else { return nil }
        return Int64(text)
    }

    /// The number as Go prints it.
    var text: String {
        guard !digits.isEmpty else { return "0" }
        let sign = isNegative ? "-" : ""
        if point > 21 || point < -3 { return sign + scientific }
        return sign + plain(fraction: nil)
    }

    private var scientific: String {
        let exponent = point - 1
        let rest = digits.dropFirst()
        let mantissa = Self.text(digits.prefix(1)) + (rest.isEmpty ? "" : "." + Self.text(rest))
        return mantissa + (exponent < 0 ? "e-" : "e+") + (abs(exponent) < 10 ? "0" : "")
            + String(abs(exponent))
    }

    /// Without sign and exponent; `fraction` digits behind the point, or as many as there are.
    func plain(fraction: Int?) -> String {
        if let fraction { return rounded(fraction).padded(fraction) }
        return padded(max(0, digits.count - point))
    }

    private func padded(_ fraction: Int) -> String {
        let whole = point <= 0 ? "0" : Self.text(digits.prefix(point)) + Self.zeros(point - digits.count)
        guard fraction > 0 else { return whole }
        let behind = Self.zeros(min(fraction, -point)) + Self.text(digits.dropFirst(max(0, point)))
        return whole + "." + behind + Self.zeros(fraction - behind.utf8.count)
    }

    private func rounded(_ fraction: Int) -> DecimalNumber {
        let kept = point + fraction
        guard kept < digits.count else { return self }
        var result = self
        guard kept >= 0 else {
            result.digits = []
            result.trim()
            return result
        }
        let isHalf = digits[kept] == 5 && digits.count == kept + 1
        let isOdd = kept > 0 && digits[kept - 1] % 2 == 1
        let goesUp = digits[kept] > 5 || digits[kept] == 5 && (!isHalf || isOdd)
        result.digits = [0] + digits.prefix(kept)
        result.point += 1
        var index = result.digits.count - 1
        if goesUp { result.digits[index] += 1 }
        while index > 0, result.digits[index] > 9 {
            result.digits[index] = 0
            index -= 1
            result.digits[index] += 1
        }
        result.trim()
        return result
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
}

extension DecimalNumber: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? right.isLessInMagnitude(than: left) : left.isLessInMagnitude(than: right)
    }

    private func isLessInMagnitude(than other: Self) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        return point == other.point ? digits.lexicographicallyPrecedes(other.digits) : point < other.point
    }
}
