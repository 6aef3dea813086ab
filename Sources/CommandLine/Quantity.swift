// SPDX-License-Identifier: Apache-2.0
// Numbers, sizes and durations as people write them after a flag. Integer arithmetic only; what does
// not fit is refused, never wrapped or rounded to the limit.

/// Readers of numbers in flags. All return nil for text that is malformed or does not fit.
public enum Quantity {
    /// Decimal digits only: no sign, no space, no prefix.
    public static func unsigned(_ text: String) -> UInt64? {
        guard !text.utf8.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            guard isDigit(byte), let next = shifted(value, adding: byte) else { return nil }
            value = next
        }
        return value
    }

    /// A size in bytes with docker's units: `b`, `k`, `m`, `g`, `t`, `p` in either case, 1024 apart, an
    /// `i` or `b` after them (`kb`, `KiB`) changes nothing; a fraction is cut to whole bytes.
    public static func bytes(_ text: String) -> UInt64? {
        var rest = Substring(text).utf8
        guard let number = decimal(&rest), let shift = unitShift(&rest) else { return nil }
        return number.scaled(by: 1 << shift)
    }

    /// A duration in nanoseconds as Go writes it: `300ms`, `1m30s`, `1.5h`, `0`; units ns us µs ms s m h.
    /// No sign: no flag means a negative time.
    public static func nanoseconds(_ text: String) -> Int64? {
        if text == "0" { return 0 }
        var rest = Substring(text).utf8
        var total: UInt64 = 0
        repeat {
            guard let number = decimal(&rest), let unit = durationUnit(&rest),
                let part = number.scaled(by: unit)
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        } while !rest.isEmpty
        return Int64(exactly: total)
    }

    private struct Decimal {
        var whole: UInt64 = 0
        var fraction: UInt64 = 0
        var divisor: UInt64 = 1

        func scaled(by unit: UInt64) -> UInt64? {
            let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
            let wide = fraction.multipliedFullWidth(by: unit)
            guard !overflow else { return nil }
            let part = divisor.dividingFullWidth(wide).quotient
            let (sum, carried) = product.addingReportingOverflow(part)
            return carried ? nil : sum
        }
    }

    private static func decimal(_ rest: inout Substring.UTF8View) -> Decimal? {
        var number = Decimal()
        var digits = 0
        while let byte = rest.first, isDigit(byte) {
            guard let next = shifted(number.whole, adding: byte) else { return nil }
            number.whole = next
            digits += 1
            rest.removeFirst()
        }
        guard digits > 0 else { return nil }
        guard rest.first == UInt8(ascii: ".") else { return number }
        rest.removeFirst()
        var places = 0
        while let byte = rest.first, isDigit(byte) {
            if places < 18 {
                number.fraction = number.fraction * 10 + UInt64(byte - UInt8(ascii: "0"))
                number.divisor *= 10
            }
            places += 1
            rest.removeFirst()
        }
        return places > 0 ? number : nil
    }

    private static func unitShift(_ rest: inout Substring.UTF8View) -> UInt64? {
        if rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        var shift: UInt64 = 0
        if let byte = rest.first, let unit = "kmgtp".utf8.firstIndex(of: byte | 0x20) {
            shift = 10 * UInt64("kmgtp".utf8.distance(from: "kmgtp".utf8.startIndex, to: unit) + 1)
            rest.removeFirst()
            if let byte = rest.first, byte | 0x20 == UInt8(ascii: "i") { rest.removeFirst() }
        }
        if let byte = rest.first, byte | 0x20 == UInt8(ascii: "b") { rest.removeFirst() }
        return rest.isEmpty ? shift : nil
    }

    private static func durationUnit(_ rest: inout Substring.UTF8View) -> UInt64? {
        let end = rest.firstIndex(where: isDigit) ?? rest.endIndex
        let unit = String(Substring(rest[..<end]))
        rest = rest[end...]
        switch unit {
        case "ns": return 1
        case "us", "\u{B5}s", "\u{3BC}s": return 1_000
        case "ms": return 1_000_000
        case "s": return 1_000_000_000
        case "m": return 60 * 1_000_000_000
        case "h": return 3600 * 1_000_000_000
        default: return nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func shifted(_ value: UInt64, adding digit: UInt8) -> UInt64? {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carried) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
        return overflow || carried ? nil : sum
    }
}
