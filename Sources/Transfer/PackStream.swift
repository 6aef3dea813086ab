// SPDX-License-Identifier: Apache-2.0
// Where a tar goes that is made: hashed, compressed, and written to a blob or a descriptor.
internal import BlobStore
internal import CTransfer
internal import Digest
internal import OCISpec

/// A stream of bytes into a blob, or into a descriptor.
struct PackStream: ~Copyable {
    private static let size = 256 << 10

    private var blob: BlobWriter?
    private let descriptor: Int32
    private var engine: UnsafeMutableRawPointer?
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: PackStream.size, alignment: 64)
    private var hash = SHA256()
    /// Bytes in so far.
    private(set) var count: Int64 = 0

    init(
        _ blob: consuming BlobWriter?, descriptor: Int32 = -1, _ compression: Compression, level: Int32?
    ) throws(LayerError) {
        self.blob = blob
        self.descriptor = descriptor
        switch compression {
        case .none: return
        case .gzip: engine = transfer_deflate_new(TRANSFER_GZIP, level ?? 6)
        case .zstd: engine = transfer_deflate_new(TRANSFER_ZSTD, level ?? 3)
        }
        if engine == nil { throw LayerError("no memory for compression, or no such level") }
    }

    deinit {
        if let engine { transfer_deflate_free(engine) }
        output.deallocate()
    }

    /// Takes more bytes.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        guard bytes.count > 0 else { return }
        hash.update(bytes)
        count += Int64(bytes.count)
        engine == nil ? try put(bytes) : try compress(bytes, isLast: false)
    }

    /// Takes more bytes.
    mutating func write(_ bytes: [UInt8]) throws(LayerError) {
        guard !bytes.isEmpty else { return }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        try write(UnsafeRawBufferPointer(copy))
    }

    /// Ends the stream. Returns the digest of what went in and, for a blob, its digest and size.
    mutating func finish() throws(LayerError) -> (content: ContentDigest, blob: ContentDigest?, size: Int64) {
        if engine != nil { try compress(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) }
        let content = ContentDigest(hash: hash.finish())
        guard var writer = blob.take() else { return (content, nil, 0) }
        do throws(BlobError) {
            let digest = try writer.finish()
            return (content, digest, writer.count)
        } catch { throw LayerError(error.description) }
    }

    private mutating func compress(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(LayerError) {
        guard let engine, let to = output.baseAddress else { return }
        // An empty input still has a place.
        let from = bytes.baseAddress ?? UnsafeRawPointer(to)
        var used = 0
        while true {
            var step = transfer_step()
            let result = transfer_deflate_step(
                engine, from.assumingMemoryBound(to: UInt8.self) + used, bytes.count - used,
                to.assumingMemoryBound(to: UInt8.self), output.count, isLast ? 1 : 0, &step)
            guard result >= 0 else { throw LayerError("cannot be compressed", result) }
            used += step.used
            try put(UnsafeRawBufferPointer(rebasing: output[..<step.made]))
            if isLast ? step.ended == 1 : used == bytes.count && step.made < output.count { return }
        }
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        if var writer = blob.take() {
            do throws(BlobError) { try writer.write(Array(bytes)) } catch {
                throw LayerError(error.description)
            }
            blob = consume writer
            return
        }
        var done = 0
        while done < bytes.count {
            let result = tree_write(descriptor, base + done, bytes.count - done)
            guard result > 0 else { throw LayerError("cannot write the output", result) }
            done += Int(result)
        }
    }
}
