// SPDX-License-Identifier: Apache-2.0
// Writes tars of any shape, right or wrong, for tests. It shares no line with what it tests.
import Foundation

/// A tar that grows entry by entry.
struct TinyTar {
    private(set) var bytes: [UInt8] = []

    struct Entry {
        var name = Array("file".utf8)
        var type = UInt8(ascii: "0")
        var mode = 0o644
        var uid = Int(getuid())
        var gid = Int(getgid())
        var size: Int?
        var time = 1_600_000_000
        var link: [UInt8] = []
        var major = 0
        var minor = 0
        var content: [UInt8] = []
        var magic = Array("ustar\u{0}00".utf8)
    }

    mutating func add(_ entry: Entry) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ at: Int, _ value: some Collection<UInt8>, _ most: Int) {
            for (index, byte) in value.prefix(most).enumerated() { block[at + index] = byte }
        }
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        }
        put(0, entry.name, 100)
        put(100, octal(entry.mode, 7), 8)
        put(108, octal(entry.uid, 7), 8)
        put(116, octal(entry.gid, 7), 8)
        put(124, octal(entry.size ?? entry.content.count, 11), 12)
        put(136, octal(entry.time, 11), 12)
        put(148, Array(repeating: 0x20, count: 8), 8)
        block[156] = entry.type
        put(157, entry.link, 100)
        put(257, entry.magic, 8)
        put(329, octal(entry.major, 7), 8)
        put(337, octal(entry.minor, 7), 8)
        put(148, octal(block.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20], 8)
        bytes += block + entry.content
        bytes += [UInt8](repeating: 0, count: (512 - entry.content.count % 512) % 512)
    }

    mutating func file(_ name: String, _ text: String = "text", mode: Int = 0o644) {
        add(Entry(name: Array(name.utf8), mode: mode, content: Array(text.utf8)))
    }

    mutating func directory(_ name: String, mode: Int = 0o755, time: Int = 1_600_000_000) {
        add(Entry(name: Array(name.utf8), type: UInt8(ascii: "5"), mode: mode, time: time))
    }

    mutating func link(_ name: String, to target: String, hard: Bool = false) {
        add(
            Entry(
                name: Array(name.utf8), type: UInt8(ascii: hard ? "1" : "2"), mode: 0o777,
                link: Array(target.utf8)))
    }

    /// A PAX header for the next entry.
    mutating func extended(_ records: [(String, [UInt8])], type: UInt8 = UInt8(ascii: "x")) {
        var content: [UInt8] = []
        for (key, value) in records {
            let rest = Array(" \(key)=".utf8) + value + [0x0a]
            var length = rest.count
            while length != rest.count + String(length).utf8.count {
                length = rest.count + String(length).utf8.count
            }
            content += Array(String(length).utf8) + rest
        }
        add(Entry(name: Array("PaxHeaders/x".utf8), type: type, content: content))
    }

    /// With the two blocks of zeros at its end.
    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
