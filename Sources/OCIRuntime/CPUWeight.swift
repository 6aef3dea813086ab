// SPDX-License-Identifier: Apache-2.0
// From shares of cgroup v1 (2 to 262144, usually 1024) to a weight of v2 (1 to 10000, usually 100), by the
// curve that runc 1.4 and crun 1.24 use: the smallest weight not below 10^((l^2 + 125 l) / 612 - 7 / 34),
// l = log2(shares). It meets 2 -> 1, 1024 -> 100 and 262144 -> 10000. In integers: the C library's logarithm
// is no part of a release build, and differs from host to host in its last digit.

enum CPUWeight {
    /// The weight for shares; what is out of range is taken for the nearest value in it.
    static func weight(shares: UInt64) -> UInt64 {
        let position = logarithm(min(max(shares, 2), 262_144))
        // Both sides of 10^e <= w as logarithms to base 2, times 612.
        let square = scaled(position, by: position)
        let exponent = square + 125 * position - 126 << fractionBits
        let wanted = scaled(exponent, by: logarithmOfTen)
        var (low, high): (UInt64, UInt64) = (1, 10_000)
        while low < high {
            let middle = (low + high) / 2
            if wanted <= 612 * logarithm(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static let fractionBits: UInt64 = 42
    private static let logarithmOfTen = logarithm(10)

    /// log2 with 42 bits after the point, rounded down: each squaring of the mantissa gives one bit.
    static func logarithm(_ value: UInt64) -> UInt64 {
        let whole = UInt64(63 - value.leadingZeroBitCount)
        var mantissa = value << (63 - whole)
        var result = whole
        for _ in 0..<fractionBits {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            let isTwoOrMore = square.high >> 63 == 1
            mantissa = isTwoOrMore ? square.high : square.high << 1 | square.low >> 63
            result = result << 1 | (isTwoOrMore ? 1 : 0)
        }
        return result
    }

    private static func scaled(_ left: UInt64, by right: UInt64) -> UInt64 {
        let wide = left.multipliedFullWidth(by: right)
        return wide.high << (64 - fractionBits) | wide.low >> fractionBits
    }
}
