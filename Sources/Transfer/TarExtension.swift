// SPDX-License-Identifier: Apache-2.0
// The records of a PAX header: `LENGTH KEY=VALUE\n`. Those that we know are kept, the others dropped.
// See POSIX.1-2017 pax, "pax Extended Header".

/// What the headers before an entry say about it.
struct TarExtension {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var size: Int64?
    var uid: Int64?
    var gid: Int64?
    var seconds: Int64?
    var nanoseconds: Int64 = 0
    var attributes: [ExtendedAttribute] = []
    var sparse = SparseRecords()

    /// What `GNU.sparse.*` says.
    struct SparseRecords {
        var major: Int64?
        var minor: Int64?
        var name: [UInt8]?
        var realSize: Int64?
        /// Offsets and lengths in turn, of formats 0.0 and 0.1.
        var numbers: [Int64] = []
        var isMapped = false
        var hasCount = false
    }

    static let mostPieces = 1 << 16

    /// Takes all records of a header; nil when they are none.
    mutating func take(_ records: [UInt8]) -> Bool {
        var rest = records[...]
        while !rest.isEmpty {
            guard let space = rest.prefix(20).firstIndex(of: 0x20),
                let length = Self.number(rest[..<space]), length > Int64(space - rest.startIndex) + 1,
                length <= Int64(rest.count)
            else { return false }
            let end = rest.startIndex + Int(length)
            guard rest[end - 1] == 0x0a else { return false }
            let record = rest[(space + 1)..<(end - 1)]
            guard let equals = record.firstIndex(of: 0x3d), equals > record.startIndex,
                take(
                    String(decoding: record[..<equals], as: UTF8.self), record[..<equals],
                    record[(equals + 1)...])
            else { return false }
            rest = rest[end...]
        }
        return true
    }

    private mutating func take(_ key: String, _ raw: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        switch key {
        case "path": return Self.set(&path, value)
        case "linkpath": return Self.set(&linkPath, value)
        case "size": return Self.set(&size, value)
        case "uid": return Self.set(&uid, value)
        case "gid": return Self.set(&gid, value)
        case "mtime": return setTime(value)
        default: break
        }
        if key.hasPrefix("GNU.sparse.") { return sparse.take(key, value) }
        let prefix = "SCHILY.xattr."
        if key.hasPrefix(prefix), raw.count > prefix.utf8.count {
            let name = Array(raw.dropFirst(prefix.utf8.count))
            guard !name.contains(0) else { return false }
            attributes.removeAll { $0.key == name }
            if !value.isEmpty { attributes.append(ExtendedAttribute(key: name, value: Array(value))) }
        }
        return true
    }

    // An empty value takes back what was said before.
    private static func set(_ field: inout [UInt8]?, _ value: ArraySlice<UInt8>) -> Bool {
        field = value.isEmpty ? nil : Array(value)
        return !value.contains(0)
    }

    fileprivate static func set(_ field: inout Int64?, _ value: ArraySlice<UInt8>) -> Bool {
        field = nil
        if value.isEmpty { return true }
        guard let number = number(value) else { return false }
        field = number
        return true
    }

    /// Digits only.
    static func number(_ digits: some Collection<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    // Seconds with a fraction, perhaps before 1970.
    private mutating func setTime(_ value: ArraySlice<UInt8>) -> Bool {
        seconds = nil
        nanoseconds = 0
        if value.isEmpty { return true }
        let isNegative = value.first == 0x2d
        let parts = (isNegative ? value.dropFirst() : value).split(
            separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
        guard var whole = Self.number(parts[0]) else { return false }
        var fraction: Int64 = 0
        if parts.count > 1 {
            guard parts[1].allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
            let digits = Array(parts[1].prefix(9)) + Array(repeating: 0x30, count: max(0, 9 - parts[1].count))
            fraction = Self.number(digits) ?? 0
        }
        if isNegative {
            whole = fraction > 0 ? -whole - 1 : -whole
            fraction = fraction > 0 ? 1_000_000_000 - fraction : 0
        }
        seconds = whole
        nanoseconds = fraction
        return true
    }
}

extension TarExtension.SparseRecords {
    /// Whether the content begins with a map: format 1.0.
    var hasMapInContent: Bool { major == 1 && minor == 0 }

    fileprivate mutating func take(_ key: String, _ value: ArraySlice<UInt8>) -> Bool {
        switch key {
        case "GNU.sparse.major": return TarExtension.set(&major, value)
        case "GNU.sparse.minor": return TarExtension.set(&minor, value)
        case "GNU.sparse.name":
            name = value.isEmpty ? nil : Array(value)
            return !value.contains(0)
        case "GNU.sparse.realsize", "GNU.sparse.size": return TarExtension.set(&realSize, value)
        case "GNU.sparse.numblocks":
            hasCount = true
            return true
        case "GNU.sparse.offset", "GNU.sparse.numbytes":
            guard let number = TarExtension.number(value), numbers.count < 2 * TarExtension.mostPieces,
                (numbers.count % 2 == 0) == (key == "GNU.sparse.offset")
            else { return false }
            numbers.append(number)
            isMapped = true
            return true
        case "GNU.sparse.map":
            isMapped = true
            numbers = []
            if value.isEmpty { return true }
            for part in value.split(separator: 0x2c, omittingEmptySubsequences: false) {
                guard let number = TarExtension.number(part), numbers.count < 2 * TarExtension.mostPieces
                else { return false }
                numbers.append(number)
            }
            return numbers.count % 2 == 0
        default: return true
        }
    }
}
