// SPDX-License-Identifier: Apache-2.0
// Writes a tar: ustar headers, with a PAX header before an entry that does not fit into one. The same entries
// give the same bytes. See POSIX.1-2017 pax.

/// A tar as bytes; where they go is the caller's.
struct TarWriter {
    private(set) var buffer: [UInt8] = []

    /// Takes the bytes that are ready.
    mutating func take() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    /// The header of an entry; its content, if any, and `pad` follow.
    mutating func begin(_ entry: TarEntry) {
        var records: [UInt8] = []
        let (prefix, name) = Self.split(entry.path)
        let fits = Self.isPlain(entry.path) && (prefix.count <= 155 && name.count <= 100)
        if !fits { Self.add("path", entry.path, &records) }
        if entry.linkPath.count > 100 || !Self.isPlain(entry.linkPath) {
            Self.add("linkpath", entry.linkPath, &records)
        }
        Self.addNumber("uid", entry.uid, most: 0o777_7777, &records)
        Self.addNumber("gid", entry.gid, most: 0o777_7777, &records)
        Self.addNumber("size", entry.size, most: 0o777_7777_7777, &records)
        if entry.nanoseconds != 0 || entry.seconds < 0 || entry.seconds > 0o777_7777_7777 {
            Self.add("mtime", Self.time(entry), &records)
        }
        for attribute in entry.attributes {
            Self.add(
                "SCHILY.xattr." + String(decoding: attribute.key, as: UTF8.self), attribute.value, &records)
        }
        if !records.isEmpty {
            var extra = TarEntry()
            extra.path = Array("PaxHeaders.0/".utf8) + Self.lastName(entry.path).prefix(80)
            extra.mode = 0o644
            extra.size = Int64(records.count)
            header(extra, type: UInt8(ascii: "x"), [], extra.path)
            buffer += records
            pad(after: extra.size)
        }
        header(
            entry, type: Self.type(entry.kind), fits ? prefix : [], fits ? name : Self.lastName(entry.path))
    }

    /// Fills the last block of a content.
    mutating func pad(after size: Int64) {
        buffer.append(contentsOf: repeatElement(0, count: Int(-size & 511)))
    }

    /// The end of the archive.
    mutating func end() { buffer.append(contentsOf: repeatElement(0, count: 1024)) }

    private mutating func header(
        _ entry: TarEntry, type: UInt8, _ prefix: ArraySlice<UInt8>, _ name: some Collection<UInt8>
    ) {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 512))
        put(name.prefix(100), start)
        number(Int64(entry.mode & 0o7777), start + 100, 7)
        number(entry.uid, start + 108, 7)
        number(entry.gid, start + 116, 7)
        number(entry.size, start + 124, 11)
        number(entry.seconds, start + 136, 11)
        put(repeatElement(0x20, count: 8), start + 148)
        buffer[start + 156] = type
        put(entry.linkPath.prefix(100), start + 157)
        put("ustar\u{0}00".utf8, start + 257)
        if entry.kind == .characterDevice || entry.kind == .blockDevice {
            number(Int64(entry.major), start + 329, 7)
            number(Int64(entry.minor), start + 337, 7)
        }
        put(prefix, start + 345)
        let sum = buffer[start...].reduce(0) { $0 + Int64($1) }
        number(sum, start + 148, 6)
        buffer[start + 154] = 0
    }

    private mutating func put(_ bytes: some Collection<UInt8>, _ place: Int) {
        for (index, byte) in bytes.enumerated() { buffer[place + index] = byte }
    }

    // Octal digits; what does not fit stands in a PAX record, and here 0.
    private mutating func number(_ value: Int64, _ place: Int, _ digits: Int) {
        var rest = value < 0 || value >> (3 * Int64(digits)) != 0 ? 0 : value
        for index in stride(from: digits - 1, through: 0, by: -1) {
            buffer[place + index] = 0x30 + UInt8(rest & 7)
            rest >>= 3
        }
    }

    // MARK: Records

    private static func addNumber(_ key: String, _ value: Int64, most: Int64, _ records: inout [UInt8]) {
        if value > most { add(key, Array(String(value).utf8), &records) }
    }

    // The length counts its own digits.
    private static func add(_ key: String, _ value: [UInt8], _ records: inout [UInt8]) {
        let rest = [0x20] + Array(key.utf8) + [0x3d] + value + [0x0a]
        var length = rest.count
        while length != rest.count + String(length).utf8.count {
            length = rest.count + String(length).utf8.count
        }
        records += Array(String(length).utf8) + rest
    }

    private static func time(_ entry: TarEntry) -> [UInt8] {
        var seconds = entry.seconds
        var nanoseconds = entry.nanoseconds
        let isNegative = seconds < 0
        if isNegative, nanoseconds > 0 {
            seconds += 1
            nanoseconds = 1_000_000_000 - nanoseconds
        }
        var text = (isNegative ? "-" : "") + String(seconds.magnitude)
        if nanoseconds > 0 {
            let digits = String(nanoseconds)
            text += "." + String(repeating: "0", count: 9 - digits.utf8.count) + digits
            while text.utf8.last == 0x30 { text.removeLast() }
        }
        return Array(text.utf8)
    }

    // MARK: Names

    /// ASCII, as a header without a character set may have it.
    private static func isPlain(_ name: [UInt8]) -> Bool { name.allSatisfy { $0 < 0x80 } }

    private static func lastName(_ path: [UInt8]) -> ArraySlice<UInt8> {
        let end = path.last == 0x2f ? path.count - 1 : path.count
        let start = path[..<end].lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
        return path[start..<end].prefix(100)
    }

    // The longest prefix that leaves a name of at most 100 bytes.
    private static func split(_ path: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        if path.count <= 100 { return ([], path[...]) }
        let earliest = path.count - 101
        guard let slash = path[earliest..<(path.count - 1)].firstIndex(of: 0x2f), slash > 0 else {
            return ([], path[...])
        }
        return (path[..<slash], path[(slash + 1)...])
    }

    private static func type(_ kind: TarEntry.Kind) -> UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .characterDevice: UInt8(ascii: "3")
        case .blockDevice: UInt8(ascii: "4")
        case .directory: UInt8(ascii: "5")
        case .fifo: UInt8(ascii: "6")
        }
    }
}
