// SPDX-License-Identifier: Apache-2.0
// One large object of a text may be left unread: its caller knows from before what such bytes mean.

extension JSONReader {
    /// Passes over the object that comes next, if this reader is to leave one; it is looked at no more than to
    /// find its end, so that it may hold anything. False: it is still to be read.
    public mutating func leaves() -> Bool {
        guard leavesObject, unread == nil else { return false }
        skipSpace()
        guard let end = endOfObject() else { return false }
        unread = at..<end
        at = end
        return true
    }

    /// Where the object that begins here ends; nil when there is none, or no end of it.
    private func endOfObject() -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            guard at < bytes.count, bytes[at] == UInt8(ascii: "{") else { return nil }
            var level = 0
            var index = at
            while index < bytes.count {
                let byte = bytes[index]
                index &+= 1
                // White space is most of what stands outside of strings.
                if byte <= 0x20 { continue }
                if byte == UInt8(ascii: "\"") {
                    index = Self.endOfString(bytes, index)
                } else if byte == UInt8(ascii: "{") {
                    level &+= 1
                } else if byte == UInt8(ascii: "}") {
                    level &-= 1
                    if level == 0 { return index }
                }
            }
            return nil
        }
    }

    @inline(__always)
    private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index &+= 1
            // All small letters: one comparison for most of a name.
            if byte > UInt8(ascii: "\\") { continue }
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") { index &+= 1 }
        }
        return index
    }
}

extension JSONValue {
    /// Reads a whole text that is this value, and gives the bytes of the object in it that was left unread.
    @inlinable
    public static func decodeLeaving(
        _ bytes: [UInt8]
    ) throws(JSONError) -> (value: Self, unread: ArraySlice<UInt8>?) {
        var reader = try JSONReader(bytes.span)
        reader.leavesObject = true
        let value = try Self.read(from: &reader)
        try reader.finish()
        return (value, reader.unread.map { bytes[$0] })
    }
}
