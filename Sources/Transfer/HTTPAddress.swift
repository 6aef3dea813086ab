// SPDX-License-Identifier: Apache-2.0
// An http or https address, taken apart strictly: nothing here is repaired, and what could mean two things
// to two readers (a user before the host, blanks, backslashes) is refused.
// Source: RFC 3986.

/// An absolute address.
struct HTTPAddress: Equatable, Sendable {
    /// Whether it is `https`.
    var isSecure: Bool
    /// In small letters; IPv6 with its brackets.
    var host: String
    var port: Int
    /// From `/` on, with the query.
    var target: String

    /// Reads an absolute address; nil when it is none, or has a user.
    init?(_ text: String) {
        var scanner = HTTPScanner(text)
        let scheme = HTTPText.lower(scanner.take(while: HTTPText.isLetter))
        guard scheme == "http" || scheme == "https", scanner.take(UInt8(ascii: ":")),
            scanner.take(UInt8(ascii: "/")), scanner.take(UInt8(ascii: "/"))
        else { return nil }
        isSecure = scheme == "https"
        guard let host = Self.host(&scanner), let port = Self.port(&scanner, isSecure: isSecure),
            let target = Self.target(&scanner)
        else { return nil }
        self.host = host
        self.port = port
        self.target = target
    }

    private static func host(_ scanner: inout HTTPScanner) -> String? {
        if scanner.take(UInt8(ascii: "[")) {
            let inside = scanner.take {
                HTTPText.isDigit($0) || HTTPText.isLetter($0) || $0 == UInt8(ascii: ":")
                    || $0 == UInt8(ascii: ".")
            }
            guard !inside.isEmpty, scanner.take(UInt8(ascii: "]")) else { return nil }
            return "[" + HTTPText.lower(inside) + "]"
        }
        let name = scanner.take {
            HTTPText.isDigit($0) || HTTPText.isLetter($0) || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "_")
        }
        return name.isEmpty || name.utf8.count > 255 ? nil : HTTPText.lower(name)
    }

    private static func port(_ scanner: inout HTTPScanner, isSecure: Bool) -> Int? {
        guard scanner.take(UInt8(ascii: ":")) else { return isSecure ? 443 : 80 }
        guard let number = scanner.number(), (1...65535).contains(number) else { return nil }
        return Int(number)
    }

    /// What follows host and port, without a fragment.
    private static func target(_ scanner: inout HTTPScanner) -> String? {
        let target = scanner.take {
            $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#")
        }
        guard scanner.isAtEnd || scanner.next == UInt8(ascii: "#") else { return nil }
        switch target.utf8.first {
        case nil: return "/"
        case UInt8(ascii: "/"): return target
        case UInt8(ascii: "?"): return "/" + target
        default: return nil
        }
    }

    /// The whole address.
    var text: String { origin + target }

    /// Scheme, host and port: what a credential is bound to.
    var origin: String {
        let isUsual = port == (isSecure ? 443 : 80)
        return (isSecure ? "https://" : "http://") + host + (isUsual ? "" : ":\(port)")
    }

    /// For messages: without the query, which may hold a signature.
    var shown: String { origin + path }

    /// The path without the query.
    var path: String {
        String(decoding: target.utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Whether it is this machine, which no proxy is asked about.
    var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || HTTPText.has(host, prefix: "127.")
    }

    /// Whether what is found here may send us there: never from TLS to none.
    func mayLead(to there: HTTPAddress) -> Bool { there.isSecure || !isSecure }

    /// The same place by plain HTTP, on the same port when one was named.
    var plain: HTTPAddress {
        var copy = self
        copy.isSecure = false
        if port == 443 { copy.port = 80 }
        return copy
    }

    /// The address with a name and a value added to the query.
    func adding(_ name: String, _ value: String) -> HTTPAddress {
        var copy = self
        let hasQuery = target.utf8.contains(UInt8(ascii: "?"))
        copy.target += (hasQuery ? "&" : "?") + name + "=" + HTTPText.encoded(value)
        return copy
    }

    /// Where a `Location` or a link found at this address leads; nil when it is no http address.
    func joined(_ location: String) -> HTTPAddress? {
        let bytes = Array(location.utf8)
        if HTTPText.has(location, prefix: "//") {
            return HTTPAddress((isSecure ? "https:" : "http:") + location)
        }
        if Self.hasScheme(bytes) { return HTTPAddress(location) }
        if bytes.isEmpty { return self }
        switch bytes[0] {
        case UInt8(ascii: "/"): return HTTPAddress(origin + Self.withoutDots(location))
        case UInt8(ascii: "?"): return HTTPAddress(origin + path + location)
        case UInt8(ascii: "#"): return self
        default: return HTTPAddress(origin + Self.withoutDots(folder + location))
        }
    }

    /// The path up to its last slash.
    private var folder: String {
        let bytes = Array(path.utf8)
        let end = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return String(decoding: bytes[...end], as: UTF8.self)
    }

    private static func hasScheme(_ bytes: [UInt8]) -> Bool {
        let name = bytes.prefix {
            HTTPText.isLetter($0) || HTTPText.isDigit($0) || $0 == UInt8(ascii: "+")
                || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
        guard let first = name.first, HTTPText.isLetter(first), name.count < bytes.count else { return false }
        return bytes[name.count] == UInt8(ascii: ":")
    }

    /// `.` and `..` resolved in the path; the query stays.
    private static func withoutDots(_ target: String) -> String {
        let bytes = Array(target.utf8)
        let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.count
        let parts = bytes[..<end].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst()
        var kept: [ArraySlice<UInt8>] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let isUp = part.elementsEqual("..".utf8)
            if isUp { _ = kept.popLast() }
            if !isUp, !part.elementsEqual(".".utf8) {
                kept.append(part)
            } else if isLast {
                kept.append([])
            }
        }
        var path: [UInt8] = []
        for part in kept { path += [UInt8(ascii: "/")] + part }
        return String(decoding: path + bytes[end...], as: UTF8.self)
    }
}
