// SPDX-License-Identifier: Apache-2.0
// The digest of content, checked before it is ever part of a path or an address.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests
public import JSON

/// A SHA-256 digest: `sha256:` and 64 lower case hexadecimal digits. No other algorithm is taken.
public struct ContentDigest: Sendable, Hashable, Comparable {
    /// The 64 digits; safe as a file name.
    public let hex: String

    /// `sha256:<hex>`.
    public var text: String { "sha256:" + hex }
    /// The first 12 digits, as lists show them.
    public var short: String { String(hex.prefix(12)) }

    /// Reads `sha256:<hex>`; nil when it is anything else.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst(7))
    }

    /// Reads the 64 digits alone; nil when they are not that.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ Self.isDigit($0) }) else { return nil }
        self.hex = String(hex)
    }

    /// The digest with a hash of 32 bytes, as `SHA256.finish` gives it.
    public init(hash: [UInt8]) {
        precondition(hash.count == 32, "a SHA-256 hash has 32 bytes")
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in hash {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        hex = String(decoding: text, as: UTF8.self)
    }

    /// By the digits.
    public static func < (left: Self, right: Self) -> Bool { left.hex < right.hex }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension ContentDigest: JSONValue {
    /// See `JSONValue`. Anything but `sha256:` and 64 digits is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let text = try reader.string()
        guard let digest = ContentDigest(text) else {
            throw JSONError("`\(text.prefix(80))` is not `sha256:` with 64 hexadecimal digits")
        }
        return digest
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) { writer.string(text) }
}
