// SPDX-License-Identifier: Apache-2.0
// Reads a tar archive from a decompressor, entry by entry: v7, ustar, PAX, GNU, sparse files. Strict as Go's
// archive/tar, which is what images are made and read with. It touches no file.
internal import OCISpec

/// A stream of entries.
struct TarReader: ~Copyable {
    // As Go has it: an extended header or a map is no longer than this.
    private static let longestExtension: Int64 = 1 << 20

    private(set) var source: Decompressor
    private let block: UnsafeMutableRawBufferPointer
    // Bytes of the current entry in the archive, not yet taken, and what fills the last block.
    private var remaining: Int64 = 0
    private var padding: Int64 = 0

    init(_ source: consuming Decompressor) {
        self.source = source
        block = .allocate(byteCount: TarHeader.size, alignment: 16)
    }

    deinit { block.deallocate() }

    /// Reads what is behind the archive's end.
    mutating func drain() throws(LayerError) { try source.drain() }

    /// Reads what is behind the archive's end and tells the digests of all.
    mutating func finish() throws(LayerError) -> (compressed: ContentDigest, content: ContentDigest) {
        try source.drain()
        return source.digests()
    }

    /// The next entry; false at the end.
    mutating func next(_ entry: inout TarEntry) throws(LayerError) -> Bool {
        var extras = TarExtension()
        var longName: [UInt8]?
        var longLink: [UInt8]?
        while true {
            try skip(remaining + padding)
            guard let header = try readHeader() else { return false }
            guard header.fill(&entry) else { throw LayerError("its tar has a header with a wrong number") }
            let type = header.type
            begin(entry.size)
            switch type {
            case UInt8(ascii: "x"):
                extras = TarExtension()
                guard extras.take(try readExtension()) else {
                    throw LayerError("its tar has a damaged PAX header")
                }
            case UInt8(ascii: "g"): break
            case UInt8(ascii: "L"): longName = try readLongName()
            case UInt8(ascii: "K"): longLink = try readLongName()
            default:
                entry.path = extras.path ?? longName ?? entry.path
                entry.linkPath = extras.linkPath ?? longLink ?? entry.linkPath
                Self.apply(extras, &entry)
                try setKind(&entry, type)
                try setContent(&entry, type, extras)
                return true
            }
        }
    }

    /// Content of the current entry as it is in the archive, at most `most` bytes; empty at its end. Valid
    /// until the next call.
    mutating func content(upTo most: Int64 = .max) throws(LayerError) -> UnsafeRawBufferPointer {
        let wanted = min(remaining, most)
        guard wanted > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard try source.advance() else { throw LayerError("its tar ends too early") }
        let part = UnsafeRawBufferPointer(rebasing: source.window.prefix(Int(min(wanted, Int64(Int.max)))))
        source.consume(part.count)
        remaining -= Int64(part.count)
        return part
    }

    private mutating func begin(_ size: Int64) {
        remaining = size
        padding = -size & 511
    }

    private mutating func skip(_ count: Int64) throws(LayerError) {
        var left = count
        while left > 0 {
            guard try source.advance() else { throw LayerError("its tar ends too early") }
            let part = Int(min(left, Int64(source.window.count)))
            source.consume(part)
            left -= Int64(part)
        }
        remaining = 0
        padding = 0
    }

    /// One block in `block`; false at the end of the input.
    private mutating func readBlock() throws(LayerError) -> Bool {
        var got = 0
        while got < TarHeader.size {
            guard try source.advance() else {
                if got == 0 { return false }
                throw LayerError("its tar ends too early")
            }
            let part = UnsafeRawBufferPointer(rebasing: source.window.prefix(TarHeader.size - got))
            UnsafeMutableRawBufferPointer(rebasing: block[got...]).copyMemory(from: part)
            source.consume(part.count)
            got += part.count
        }
        return true
    }

    /// A header, or nil at the end: two blocks of zeros, or the end of the input.
    private mutating func readHeader() throws(LayerError) -> TarHeader? {
        guard try readBlock() else { return nil }
        let header = TarHeader(bytes: UnsafeRawBufferPointer(block))
        if header.isZero {
            guard try readBlock(), !header.isZero else { return nil }
            throw LayerError("its tar has a header with a wrong sum")
        }
        guard header.hasRightSum else { throw LayerError("it is no tar, or its tar is damaged") }
        return header
    }

    private mutating func readExtension() throws(LayerError) -> [UInt8] {
        guard remaining <= Self.longestExtension else {
            throw LayerError("its tar has an extended header of \(remaining) bytes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(remaining))
        while remaining > 0 { bytes.append(contentsOf: try content()) }
        return bytes
    }

    private mutating func readLongName() throws(LayerError) -> [UInt8] {
        Array(try readExtension().prefix { $0 != 0 })
    }

    private static func apply(_ extras: TarExtension, _ entry: inout TarEntry) {
        entry.uid = extras.uid ?? entry.uid
        entry.gid = extras.gid ?? entry.gid
        entry.size = extras.size ?? entry.size
        if let seconds = extras.seconds {
            entry.seconds = seconds
            entry.nanoseconds = extras.nanoseconds
        }
        entry.attributes = extras.attributes
    }

    private func setKind(_ entry: inout TarEntry, _ type: UInt8) throws(LayerError) {
        switch type {
        case 0: entry.kind = entry.path.last == 0x2f ? .directory : .file
        case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): entry.kind = .file
        case UInt8(ascii: "1"): entry.kind = .hardLink
        case UInt8(ascii: "2"): entry.kind = .symbolicLink
        case UInt8(ascii: "3"): entry.kind = .characterDevice
        case UInt8(ascii: "4"): entry.kind = .blockDevice
        case UInt8(ascii: "5"): entry.kind = .directory
        case UInt8(ascii: "6"): entry.kind = .fifo
        default:
            throw LayerError("`\(shown(entry.path))` is of a type that is not supported: \(type)")
        }
    }

    private mutating func setContent(
        _ entry: inout TarEntry, _ type: UInt8, _ extras: TarExtension
    ) throws(LayerError) {
        entry.pieces = nil
        guard entry.kind == .file else {
            entry.size = 0
            return begin(0)
        }
        if type == UInt8(ascii: "S") {
            // The header is still in `block`, and more of its map may follow.
            let map = try readOldMap()
            begin(entry.size)
            entry.size = map.size
            entry.pieces = map.pieces
        } else {
            begin(entry.size)
            try readNewMap(&entry, extras.sparse)
        }
        try checkPieces(entry)
    }
}

// Sparse files. See tar(5), "Sparse files"; GNU tar's manual, "Storing Sparse Files".
extension TarReader {
    private mutating func readOldMap() throws(LayerError) -> (size: Int64, pieces: [SparsePiece]) {
        let bad = LayerError("its tar has a sparse file with a damaged map")
        let header = TarHeader(bytes: UnsafeRawBufferPointer(block))
        guard let size = header.number(483, 12), (0...TarHeader.largest).contains(size) else { throw bad }
        var pieces: [SparsePiece] = []
        var place = 386
        var count = 4
        var isLong = block[482] != 0
        while true {
            for index in 0..<count where block[place + 24 * index] != 0 {
                guard let offset = header.number(place + 24 * index, 12),
                    let length = header.number(place + 24 * index + 12, 12),
                    pieces.count < TarExtension.mostPieces
                else { throw bad }
                pieces.append(SparsePiece(offset: offset, count: length))
            }
            guard isLong else { return (size, pieces) }
            guard try readBlock() else { throw bad }
            place = 0
            count = 21
            isLong = block[504] != 0
        }
    }

    private mutating func readNewMap(
        _ entry: inout TarEntry, _ sparse: TarExtension.SparseRecords
    ) throws(LayerError) {
        guard sparse.hasMapInContent || sparse.isMapped || sparse.hasCount else { return }
        guard let size = sparse.realSize else {
            throw LayerError("`\(shown(entry.path))` is a sparse file without a size")
        }
        entry.path = sparse.name ?? entry.path
        let numbers = sparse.hasMapInContent ? try readMapInContent() : sparse.numbers
        entry.size = size
        entry.pieces = stride(from: 0, to: numbers.count - 1, by: 2).map {
            SparsePiece(offset: numbers[$0], count: numbers[$0 + 1])
        }
    }

    // Decimal lines, the number of pieces first, filled up to a whole block.
    private mutating func readMapInContent() throws(LayerError) -> [Int64] {
        let bad = LayerError("its tar has a sparse file with a damaged map")
        var line: [UInt8] = []
        var numbers: [Int64] = []
        var wanted = 1
        while numbers.count < wanted {
            guard remaining >= Int64(TarHeader.size) else { throw bad }
            var bytes: [UInt8] = []
            while bytes.count < TarHeader.size {
                bytes.append(contentsOf: try content(upTo: Int64(TarHeader.size - bytes.count)))
            }
            for byte in bytes where numbers.count < wanted {
                if byte != 0x0a {
                    line.append(byte)
                    continue
                }
                guard let number = TarExtension.number(line) else { throw bad }
                if numbers.isEmpty {
                    guard number <= Int64(TarExtension.mostPieces) else { throw bad }
                    wanted = 1 + 2 * Int(number)
                }
                numbers.append(number)
                line = []
            }
            guard line.count <= 20 else { throw bad }
        }
        return Array(numbers.dropFirst())
    }

    // In order, inside the file, and together what the archive has.
    private func checkPieces(_ entry: TarEntry) throws(LayerError) {
        guard let pieces = entry.pieces else { return }
        var end: Int64 = 0
        var sum: Int64 = 0
        for piece in pieces {
            guard piece.offset >= end, piece.count >= 0, piece.count <= entry.size,
                piece.offset <= entry.size - piece.count
            else { throw LayerError("`\(shown(entry.path))` is a sparse file with a wrong map") }
            end = piece.offset + piece.count
            sum += piece.count
        }
        guard sum == remaining else {
            throw LayerError("`\(shown(entry.path))` is a sparse file with a wrong map")
        }
    }
}
