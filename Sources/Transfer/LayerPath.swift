// SPDX-License-Identifier: Apache-2.0
// A name of an archive, made clean: relative to the layer's root, without `.`, `..` and double slashes.

/// A place in a layer.
struct LayerPath: Equatable, Hashable {
    /// PATH_MAX and NAME_MAX. See limits.h(0p).
    static let longest = 4095
    static let longestName = 255

    /// The directory's components and slashes, NUL, the last component, NUL: both halves are C strings.
    private let bytes: [UInt8]
    /// Where the last component begins; 0 for the root itself.
    private let leafStart: Int

    /// Cleans a name; an error says what is wrong with it.
    init(_ name: some Collection<UInt8>) throws(LayerError) {
        guard name.count <= Self.longest else {
            throw LayerError("has a name of \(name.count) bytes")
        }
        guard !name.contains(0) else { throw LayerError("has a NUL in its name") }
        var clean: [UInt8] = []
        clean.reserveCapacity(name.count + 2)
        var starts: [Int] = []
        for part in name.split(separator: 0x2f) {
            if part.count == 1, part.first == 0x2e { continue }
            if part.elementsEqual([0x2e, 0x2e]) {
                guard let last = starts.popLast() else { throw LayerError("leads out of the layer") }
                clean.removeSubrange((last > 0 ? last - 1 : 0)...)
                continue
            }
            guard part.count <= Self.longestName else {
                throw LayerError("has a component of \(part.count) bytes in its name")
            }
            if !starts.isEmpty { clean.append(0x2f) }
            starts.append(clean.count)
            clean.append(contentsOf: part)
        }
        leafStart = starts.last ?? 0
        if leafStart > 0 { clean[leafStart - 1] = 0 }
        clean.append(0)
        bytes = clean
    }

    private init(bytes: [UInt8], leafStart: Int) {
        self.bytes = bytes
        self.leafStart = leafStart
    }

    /// Bytes that it takes.
    var byteCount: Int { bytes.count }
    /// The root of the layer.
    var isRoot: Bool { bytes.count == 1 }
    /// Whether it lies in the root itself.
    var isInRoot: Bool { leafStart == 0 }
    /// The last component.
    var leaf: ArraySlice<UInt8> { bytes[leafStart..<(bytes.count - 1)] }
    /// The directory's path, without a slash at its end; empty for the root.
    var parent: ArraySlice<UInt8> { bytes[..<max(leafStart - 1, 0)] }
    /// The directory as a path of its own; nil in the root.
    var parentPath: LayerPath? {
        guard leafStart > 0 else { return nil }
        var upper = Array(bytes[..<leafStart])
        let slash = upper.dropLast().lastIndex(of: 0x2f)
        if let slash { upper[slash] = 0 }
        return LayerPath(bytes: upper, leafStart: slash.map { $0 + 1 } ?? 0)
    }
    /// All of it, with slashes.
    var whole: [UInt8] {
        var all = Array(bytes.dropLast())
        if leafStart > 0 { all[leafStart - 1] = 0x2f }
        return all
    }
    /// Its components.
    var components: [ArraySlice<UInt8>] { whole.split(separator: 0x2f) }

    /// The same directory, another last component.
    func beside(_ name: ArraySlice<UInt8>) -> LayerPath {
        LayerPath(bytes: Array(bytes[..<leafStart]) + name + [0], leafStart: leafStart)
    }

    /// The directory's path as a C string; `.` for the root.
    func withParent<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        leafStart > 0 ? withBytes(at: 0, body) : withCString([0x2e], body)
    }

    /// The last component as a C string; empty for the root.
    func withLeaf<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withBytes(at: leafStart, body)
    }

    private func withBytes<Result>(at start: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a path ends with NUL") }
            return body(base.assumingMemoryBound(to: CChar.self) + start)
        }
    }
}

/// Bytes as a C string.
func withCString<Result>(
    _ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result
) -> Result {
    (Array(bytes) + [0]).withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("a string ends with NUL") }
        return body(base.assumingMemoryBound(to: CChar.self))
    }
}
