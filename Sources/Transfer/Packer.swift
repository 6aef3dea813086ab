// SPDX-License-Identifier: Apache-2.0
// A directory as a tar: an overlay's upper as a layer, or a whole root. The same directory gives the same
// bytes: sorted by name, no names of users, no times of access or change. Nothing is followed, nothing is
// changed.
public import BlobStore
internal import CTransfer
public import OCISpec

/// A layer that was packed.
public struct PackedLayer: Sendable, Equatable {
    /// The blob.
    public let digest: ContentDigest
    /// The tar.
    public let diffID: ContentDigest
    /// Bytes of the blob.
    public let size: Int64
    /// How it is compressed.
    public let compression: Compression

    /// The media type of such a layer. See image-spec v1.1 layer.md.
    public var mediaType: MediaType { compression.mediaType }
}

/// How a directory is packed.
public struct PackOptions: Sendable {
    /// Whether what overlayfs means by 0:0 devices and opaque directories becomes whiteouts.
    public var isUpper: Bool
    /// How the tar is compressed.
    public var compression: Compression
    /// The level of that; nil: the usual one.
    public var level: Int32?
    /// Later times become this one, in seconds since 1970 (SOURCE_DATE_EPOCH); nil: none does.
    public var latestTime: Int64?

    /// The usual choices.
    public init(
        isUpper: Bool, compression: Compression = .gzip, level: Int32? = nil, latestTime: Int64? = nil
    ) {
        self.isUpper = isUpper
        self.compression = compression
        self.level = level
        self.latestTime = latestTime
    }
}

/// Makes tars of directories.
public enum Packer {
    /// Packs a directory, given as a descriptor, into a blob of the store.
    public static func pack(
        _ directory: Int32, into store: borrowing BlobStore, _ options: PackOptions
    ) throws(LayerError) -> PackedLayer {
        let writer: BlobWriter
        do throws(BlobError) { writer = try BlobWriter(store) } catch { throw LayerError(error.description) }
        let stream = try PackStream(writer, options.compression, level: options.level)
        var walk = PackWalk(stream, options)
        try walk.packRoot(directory)
        let done = try walk.stream.finish()
        guard let digest = done.blob else { throw LayerError("no blob was written") }
        return PackedLayer(
            digest: digest, diffID: done.content, size: done.size, compression: options.compression)
    }

    /// Writes a directory as a tar to a descriptor, perhaps a pipe: `export`. Returns the tar's digest.
    public static func export(
        _ directory: Int32, to output: Int32, _ options: PackOptions
    ) throws(LayerError) -> ContentDigest {
        var walk = PackWalk(
            try PackStream(nil, descriptor: output, options.compression, level: options.level), options)
        try walk.packRoot(directory)
        return try walk.stream.finish().content
    }
}

/// One walk through a directory.
struct PackWalk: ~Copyable {
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    var stream: PackStream
    private let options: PackOptions
    private var tar = TarWriter()
    // First names of files that have several.
    private var names: [File: [UInt8]] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)

    init(_ stream: consuming PackStream, _ options: PackOptions) {
        self.stream = stream
        self.options = options
    }

    deinit { buffer.deallocate() }

    /// The whole tar. It has no entry for the root itself, as docker's have none.
    mutating func packRoot(_ directory: Int32) throws(LayerError) {
        let root = tree_open_directory(directory, ".")
        guard root >= 0 else { throw LayerError("the directory cannot be opened", root) }
        defer { _ = tree_close(root) }
        try packContent(of: root, path: [], depth: 0)
        tar.end()
        try flush()
    }

    private mutating func flush() throws(LayerError) { try stream.write(tar.take()) }

    private mutating func packContent(of directory: Int32, path: [UInt8], depth: Int) throws(LayerError) {
        guard depth < 512 else { throw LayerError("`\(shown(path))` is too deep") }
        if options.isUpper, Self.isOpaque(directory) {
            var entry = TarEntry()
            entry.path = path + Array(".wh..wh..opq".utf8)
            tar.begin(entry)
        }
        for name in try LayerNames.all(in: directory) {
            do throws(LayerError) { try pack(name, in: directory, path: path + name, depth: depth) } catch {
                // The innermost name is enough.
                if error.description.utf8.first == 0x60 { throw error }
                throw LayerError("`\(shown(path + name))` \(error.description)")
            }
        }
    }

    private mutating func pack(
        _ name: [UInt8], in directory: Int32, path: [UInt8], depth: Int
    ) throws(LayerError) {
        var status = transfer_status()
        let result = withCString(name) { tree_status(directory, $0, &status) }
        guard result >= 0 else { throw LayerError("cannot be looked at", result) }
        if status.isWhiteout {
            guard options.isUpper else { return }
            var entry = TarEntry()
            entry.path = path.dropLast(name.count) + Array(".wh.".utf8) + name
            return tar.begin(entry)
        }
        if options.isUpper, name.starts(with: ".wh.".utf8) {
            throw LayerError("has a name that stands for a deletion in a layer")
        }
        guard var entry = Self.entry(status, path, options) else { return }
        if !status.isDirectory, status.links > 1 {
            let file = File(device: status.device, inode: status.inode)
            if let first = names[file] {
                entry.kind = .hardLink
                entry.linkPath = first
                entry.size = 0
                return tar.begin(entry)
            }
            names[file] = path
        }
        switch entry.kind {
        case .directory: try packDirectory(name, in: directory, &entry, depth: depth)
        case .file: try packFile(name, in: directory, &entry)
        case .symbolicLink:
            entry.linkPath = try Self.target(name, in: directory)
            tar.begin(entry)
        default: tar.begin(entry)
        }
        if tar.buffer.count > 64 << 10 { try flush() }
    }

    private mutating func packDirectory(
        _ name: [UInt8], in directory: Int32, _ entry: inout TarEntry, depth: Int
    ) throws(LayerError) {
        let inside = withCString(name) { tree_open_directory(directory, $0) }
        guard inside >= 0 else { throw LayerError("cannot be opened", inside) }
        defer { _ = tree_close(inside) }
        entry.path.append(0x2f)
        entry.attributes = try LayerAttributes.all(of: inside)
        tar.begin(entry)
        try packContent(of: inside, path: entry.path, depth: depth + 1)
    }

    // As long as the header says, whatever happens to the file meanwhile.
    private mutating func packFile(
        _ name: [UInt8], in directory: Int32, _ entry: inout TarEntry
    ) throws(LayerError) {
        let file = withCString(name) { tree_open_file(directory, $0) }
        guard file >= 0 else { throw LayerError("cannot be opened", file) }
        defer { _ = tree_close(file) }
        entry.attributes = try LayerAttributes.all(of: file)
        tar.begin(entry)
        try flush()
        guard let base = buffer.baseAddress else { return }
        var left = entry.size
        while left > 0 {
            let got = tree_read(file, base, Int(min(left, Int64(buffer.count))))
            guard got > 0 else {
                throw got < 0
                    ? LayerError("cannot be read", got) : LayerError("became shorter while it was read")
            }
            try stream.write(UnsafeRawBufferPointer(rebasing: buffer[..<Int(got)]))
            left -= got
        }
        tar.pad(after: entry.size)
    }

    // MARK: What a file is

    // Sockets mean nothing in an archive.
    private static func entry(
        _ status: transfer_status, _ path: [UInt8], _ options: PackOptions
    ) -> TarEntry? {
        var entry = TarEntry()
        switch status.type {
        case 0o100000: entry.kind = .file
        case 0o040000: entry.kind = .directory
        case 0o120000: entry.kind = .symbolicLink
        case 0o020000: entry.kind = .characterDevice
        case 0o060000: entry.kind = .blockDevice
        case 0o010000: entry.kind = .fifo
        default: return nil
        }
        entry.path = path
        entry.size = entry.kind == .file ? Int64(clamping: status.size) : 0
        entry.mode = status.mode & 0o7777
        entry.uid = Int64(status.uid)
        entry.gid = Int64(status.gid)
        entry.seconds = status.seconds
        entry.nanoseconds = status.nanoseconds
        if let latest = options.latestTime, status.seconds >= latest {
            entry.seconds = latest
            entry.nanoseconds = 0
        }
        let device = status.special_device
        entry.major = UInt32(truncatingIfNeeded: device >> 8 & 0xfff | device >> 32 & ~0xfff)
        entry.minor = UInt32(truncatingIfNeeded: device & 0xff | device >> 12 & 0xffff_ff00)
        return entry
    }

    private static func target(_ name: [UInt8], in directory: Int32) throws(LayerError) -> [UInt8] {
        let size = LayerPath.longest + 1
        var length: Int64 = 0
        let bytes = withCString(name) { name in
            [CChar](unsafeUninitializedCapacity: size) { buffer, count in
                guard let base = buffer.baseAddress else { return }
                length = tree_read_link(directory, name, base, size)
                count = Int(max(length, 0))
            }
        }
        guard length >= 0 else { throw LayerError("cannot be read", length) }
        return bytes.map { UInt8(bitPattern: $0) }
    }

    private static func isOpaque(_ directory: Int32) -> Bool {
        var value: UInt8 = 0
        for key in ["user.overlay.opaque", "trusted.overlay.opaque"]
        where tree_get_attribute(directory, key, &value, 1) == 1 && value == UInt8(ascii: "y") {
            return true
        }
        return false
    }
}
