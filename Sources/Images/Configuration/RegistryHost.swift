// SPDX-License-Identifier: Apache-2.0
// The host and port of a registry, as names of images, settings and credentials write it.

/// `host`, `host:port`, `[v6 address]:port`. Two are equal when they mean the same place by their text.
public struct RegistryHost: Sendable, Hashable {
    /// In small letters, without brackets.
    public let host: String
    /// The port; nil when none is written.
    public let port: UInt16?
    /// The address, if the host is one.
    public let address: NetworkAddress?

    /// Reads a host; nil when it is none.
    public init?(_ text: String) {
        guard text.utf8.count <= 300 else { return nil }
        if let address = NetworkAddress(text), address.bytes.count == 16 {
            (host, port, self.address) = (Self.small(text), nil, address)
            return
        }
        var bytes = Array(text.utf8)[...]
        let isBracketed = bytes.first == UInt8(ascii: "[")
        if isBracketed { bytes = bytes.dropFirst() }
        guard
            let end = bytes.firstIndex(of: UInt8(ascii: isBracketed ? "]" : ":"))
                ?? (isBracketed ? nil : bytes.endIndex),
            let port = Self.port(bytes[min(bytes.endIndex, isBracketed ? end + 1 : end)...])
        else { return nil }
        let host = Self.small(String(decoding: bytes[..<end], as: UTF8.self))
        let address = NetworkAddress(host)
        guard isBracketed ? host.utf8.contains(UInt8(ascii: ":")) && address != nil : Self.isName(host) else {
            return nil
        }
        self.host = host
        self.port = port == 0 ? nil : port
        self.address = address
    }

    /// The host of a key of docker's `auths`: without scheme and path.
    public init?(key: String) {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.utf8.count)
            break
        }
        self.init(String(rest.prefix { $0 != "/" }))
    }

    /// Whether this is the machine itself, by name or address.
    public var isLoopback: Bool { address?.isLoopback ?? (host == "localhost") }

    /// See `Hashable`.
    public static func == (one: Self, other: Self) -> Bool {
        guard one.port == other.port else { return false }
        if let address = one.address { return address == other.address }
        return other.address == nil && one.host == other.host
    }

    /// See `Hashable`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(port)
        if let address { hasher.combine(address) } else { hasher.combine(host) }
    }

    /// `:PORT`, or nothing, which is 0; nil for anything else.
    private static func port(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard let colon = text.first else { return 0 }
        let digits = text.dropFirst()
        guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { return nil }
        return port
    }

    /// Letters, digits, `-`, `_` between dots.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                label in
                !label.isEmpty && label.first != UInt8(ascii: "-")
                    && label.allSatisfy { byte in
                        (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
                            || byte == UInt8(ascii: "_")
                    }
            }
    }

    private static func small(_ text: String) -> String {
        String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
