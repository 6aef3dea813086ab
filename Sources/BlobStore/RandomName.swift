// SPDX-License-Identifier: Apache-2.0
// Names that nobody else has.

/// Names for temporaries and leases.
public enum RandomName {
    /// 16 hexadecimal digits, at random. See getrandom(2).
    public static func make() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
