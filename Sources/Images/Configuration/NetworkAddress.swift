// SPDX-License-Identifier: Apache-2.0
// Addresses of IPv4 and IPv6 as text, and networks in CIDR notation: `insecure-registries`. No name is resolved.
// Source: RFC 4291, section 2.2; RFC 4632, section 3.1

/// An address of IPv4 or IPv6.
public struct NetworkAddress: Sendable, Hashable {
    /// 4 or 16 bytes, the first as written first.
    public let bytes: [UInt8]

    /// Reads an address; nil when it is none. IPv4 in IPv6 (`::ffff:1.2.3.4`) is IPv4.
    public init?(_ text: String) {
        let parsed = text.utf8.contains(UInt8(ascii: ":")) ? Self.six(text[...]) : Self.four(text[...])
        guard let parsed else { return nil }
        bytes = parsed.starts(with: Self.mapped) && parsed.count == 16 ? Array(parsed.dropFirst(12)) : parsed
    }

    /// Whether it is this machine's own: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
    }

    /// What IPv4 begins with in IPv6.
    static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

    /// Four decimal numbers. A leading zero is refused: some read it as octal.
    private static func four(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            let digits = part.utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
                digits.count == 1 || digits.first != UInt8(ascii: "0"), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Groups of four hexadecimal digits, one `::`, IPv4 at the end.
    private static func six(_ text: Substring) -> [UInt8]? {
        let characters = Array(text.utf8)
        let gap = characters.indices.dropLast().first { characters[$0] == 58 && characters[$0 + 1] == 58 }
        guard let gap else {
            let bytes = groups(characters[...], mayEndInFour: true)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let head = groups(characters[..<gap], mayEndInFour: false),
            let tail = groups(characters[(gap + 2)...], mayEndInFour: true), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: ArraySlice<UInt8>, mayEndInFour: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), maxSplits: 16, omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            let group = String(decoding: part, as: UTF8.self)
            if mayEndInFour, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let last = four(group[...]) else { return nil }
                bytes += last
            } else {
                guard (1...4).contains(part.count), part.first != UInt8(ascii: "+"),
                    part.first != UInt8(ascii: "-"), let value = UInt16(group, radix: 16)
                else { return nil }
                bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
            }
        }
        return bytes
    }
}

/// A network such as `10.0.0.0/8`.
public struct NetworkPrefix: Sendable, Hashable {
    /// An address of the network.
    public let address: NetworkAddress
    /// How many leading bits are the network's.
    public let length: Int

    /// Reads CIDR notation; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = NetworkAddress(String(parts[0])),
            (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }), var length = Int(parts[1])
        else { return nil }
        if address.bytes.count == 4, parts[0].utf8.contains(UInt8(ascii: ":")) { length -= 96 }
        guard (0...address.bytes.count * 8).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// Whether an address is in the network.
    public func contains(_ other: NetworkAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        for index in address.bytes.indices {
            let bits = min(8, length - index * 8)
            guard bits > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xff00 >> bits)
            if (address.bytes[index] ^ other.bytes[index]) & mask != 0 { return false }
        }
        return true
    }
}
