// SPDX-License-Identifier: Apache-2.0
// A look at what comes next, for the few fields that may have more than one type.

/// The types of JSON values.
public enum JSONKind: Sendable, Equatable {
    /// `{`
    case object
    /// `[`
    case array
    /// `"`
    case string
    /// A digit or `-`.
    case number
    /// `t` or `f`
    case bool
    /// `n`
    case null
    /// Something that starts no value, or the end.
    case none
}

extension JSONReader {
    /// What the next value is, by its first byte; reading it may still fail.
    public mutating func kind() -> JSONKind {
        skipSpace()
        guard at < bytes.count else { return .none }
        switch bytes[at] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: return .none
        }
    }
}
