// SPDX-License-Identifier: Apache-2.0
// The head of an answer, and the values of its fields that are more than a word.
// Source: RFC 9110; RFC 8288 (Link).

/// Status and fields of an answer.
struct HTTPHead: Sendable {
    var status = 0
    /// Names in small letters.
    var fields: [(name: String, value: String)] = []

    /// The first value of a field; nil when there is none.
    func first(_ name: String) -> String? { fields.first { HTTPText.same($0.name, name) }?.value }

    /// All values of a field.
    func all(_ name: String) -> [String] { fields.filter { HTTPText.same($0.name, name) }.map { $0.value } }

    /// Takes one line of the head: the status line begins it anew.
    mutating func take(_ line: some BidirectionalCollection<UInt8>) {
        if line.starts(with: "HTTP/".utf8) {
            self = HTTPHead()
            var scanner = HTTPScanner(String(decoding: line, as: UTF8.self))
            _ = scanner.take { $0 != 0x20 }
            scanner.skipSpace()
            status = Int(truncatingIfNeeded: scanner.number() ?? 0)
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = HTTPText.trimmed(line[line.index(after: colon)...])
            fields.append((HTTPText.lower(HTTPText.trimmed(line[..<colon])), value))
        }
    }

    /// The size that the answer announces.
    var length: Int64? {
        guard let text = first("content-length") else { return nil }
        var scanner = HTTPScanner(text)
        let number = scanner.number()
        return scanner.isAtEnd ? number : nil
    }

    /// Seconds of `Retry-After`; nil when it is absent or a date.
    var retryAfter: Int64? {
        guard let text = first("retry-after") else { return nil }
        var scanner = HTTPScanner(text)
        let number = scanner.number()
        return scanner.isAtEnd ? number : nil
    }

    /// The media type without parameters, in small letters.
    var mediaType: String {
        let value = first("content-type") ?? ""
        return HTTPText.lower(HTTPText.trimmed(Array(value.utf8.prefix { $0 != UInt8(ascii: ";") })))
    }
}

/// `bytes 10-19/100`: which bytes an answer has.
struct ContentRange: Equatable, Sendable {
    var first: Int64
    var last: Int64
    /// The whole; nil for `*`.
    var total: Int64?

    /// Reads the value of `Content-Range`; nil when it is no range of bytes, or turns back.
    init?(_ text: String) {
        var scanner = HTTPScanner(text)
        guard HTTPText.lower(scanner.token()) == "bytes" else { return nil }
        scanner.skipSpace()
        guard let first = scanner.number(), scanner.take(UInt8(ascii: "-")), let last = scanner.number(),
            scanner.take(UInt8(ascii: "/"))
        else { return nil }
        let total = scanner.number()
        if total == nil, !scanner.take(UInt8(ascii: "*")) { return nil }
        guard scanner.isAtEnd, first <= last, last < total ?? .max else { return nil }
        self.first = first
        self.last = last
        self.total = total
    }

    /// How many bytes an upload has, by the registry's `Range: 0-41`; 0 for none of it, nil for nonsense.
    static func uploaded(_ text: String?) -> Int64? {
        guard let text, !text.isEmpty else { return 0 }
        var scanner = HTTPScanner(HTTPText.has(text, prefix: "bytes=") ? String(text.dropFirst(6)) : text)
        guard scanner.number() == 0, scanner.take(UInt8(ascii: "-")), let last = scanner.number(),
            scanner.isAtEnd, last < .max
        else { return nil }
        // Registries write `0-0` both for none and for one byte; none is what can be mended.
        return last == 0 ? 0 : last + 1
    }
}

/// The links of `Link` fields.
enum HTTPLink {
    /// The target of the first link with `rel`; nil when there is none.
    static func find(_ rel: String, in values: [String]) -> String? {
        for value in values {
            var scanner = HTTPScanner(value)
            while let link = one(&scanner) {
                if link.rels.contains(where: { HTTPText.same($0, rel) }) { return link.target }
            }
        }
        return nil
    }

    private static func one(_ scanner: inout HTTPScanner) -> (target: String, rels: [String])? {
        _ = scanner.take { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
        guard scanner.take(UInt8(ascii: "<")) else { return nil }
        let target = scanner.take { $0 != UInt8(ascii: ">") }
        guard scanner.take(UInt8(ascii: ">")) else { return nil }
        var rels: [String] = []
        scanner.skipSpace()
        while scanner.take(UInt8(ascii: ";")) {
            scanner.skipSpace()
            let name = HTTPText.lower(scanner.token())
            scanner.skipSpace()
            guard scanner.take(UInt8(ascii: "=")) else { continue }
            scanner.skipSpace()
            let quoted = scanner.next == UInt8(ascii: "\"")
            guard let value = quoted ? scanner.quoted() : scanner.token() else { return nil }
            if name == "rel", rels.isEmpty {
                rels = value.utf8.split(separator: 0x20).map {
                    HTTPText.lower(String(decoding: $0, as: UTF8.self))
                }
            }
            scanner.skipSpace()
        }
        return (target, rels)
    }
}
