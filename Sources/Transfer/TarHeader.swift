// SPDX-License-Identifier: Apache-2.0
// A header block of 512 bytes: fields at fixed places, numbers in octal digits or base 256.
// See tar(5); POSIX.1-2017 pax, "ustar Interchange Format".

/// A view of one header block.
struct TarHeader {
    static let size = 512
    /// Sizes beyond are refused, so that sums of them fit.
    static let largest: Int64 = 1 << 60
    let bytes: UnsafeRawBufferPointer

    var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
    var type: UInt8 { bytes[156] }
    /// GNU's own format: what ustar uses for a prefix holds other things.
    var isGNU: Bool { bytes[257..<265].elementsEqual("ustar  \0".utf8) }
    var isUstar: Bool { bytes[257..<263].elementsEqual("ustar\0".utf8) }

    /// Text up to the first NUL.
    func text(_ start: Int, _ count: Int) -> [UInt8] {
        Array(bytes[start..<start + count].prefix { $0 != 0 })
    }

    /// A number; nil when it is none.
    func number(_ start: Int, _ count: Int) -> Int64? {
        let field = bytes[start..<start + count]
        guard bytes[start] & 0x80 == 0 else { return binary(field) }
        var value: Int64 = 0
        let trimmed = field.drop { $0 == 0x20 || $0 == 0 }
        for byte in trimmed {
            if byte == 0 || byte == 0x20 { break }
            guard (0x30...0x37).contains(byte), value >> 59 == 0 else { return nil }
            value = value << 3 | Int64(byte - 0x30)
        }
        return value
    }

    // Two's complement, big endian; the highest bit is the mark, the next one the sign.
    private func binary(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
        let isNegative = bytes[field.startIndex] & 0x40 != 0
        var value: Int64 = isNegative ? -1 : 0
        for (index, byte) in field.enumerated() {
            let bits = index == 0 ? (isNegative ? byte | 0x80 : byte & 0x7f) : byte
            guard value >> 55 == (isNegative ? -1 : 0) else { return nil }
            value = value << 8 | Int64(bits)
        }
        return value
    }

    /// Whether the sum is right; old programs added signed bytes.
    var hasRightSum: Bool {
        guard let wanted = number(148, 8) else { return false }
        var plain: Int64 = 0
        var signed: Int64 = 0
        for index in 0..<Self.size {
            let byte = (148..<156).contains(index) ? 0x20 : bytes[index]
            plain += Int64(byte)
            signed += Int64(Int8(bitPattern: byte))
        }
        return wanted == plain || wanted == signed
    }

    /// The path, with ustar's prefix.
    var path: [UInt8] {
        let name = text(0, 100)
        guard isUstar, bytes[345] != 0 else { return name }
        return text(345, 155) + [0x2f] + name
    }

    /// Takes what every entry has; false when a number is none.
    func fill(_ entry: inout TarEntry) -> Bool {
        guard let mode = number(100, 8), let uid = number(108, 8), let gid = number(116, 8),
            let size = number(124, 12), let seconds = number(136, 12),
            (0...Self.largest).contains(size)
        else { return false }
        entry.path = path
        entry.linkPath = text(157, 100)
        entry.mode = UInt32(truncatingIfNeeded: mode) & 0o7777
        entry.uid = uid
        entry.gid = gid
        entry.size = size
        entry.seconds = seconds
        entry.nanoseconds = 0
        entry.major = 0
        entry.minor = 0
        guard isGNU || isUstar, type == 0x33 || type == 0x34 else { return true }
        guard let major = number(329, 8), let minor = number(337, 8),
            (0...0xfff).contains(major), (0...0xf_ffff).contains(minor)
        else { return false }
        entry.major = UInt32(major)
        entry.minor = UInt32(minor)
        return true
    }
}
