// SPDX-License-Identifier: Apache-2.0
// A blob while it comes in: hashed as it is written, and named by its digest only when it is whole.
internal import Digest
internal import Kernel
public import OCISpec

/// Writes one blob. Dropped before `finish`, it leaves nothing.
public struct BlobWriter: ~Copyable {
    private let store: Int32
    private let name: String
    private let file: OwnedFileDescriptor
    private var hash = SHA256()
    /// Bytes written so far.
    public private(set) var count: Int64 = 0

    /// Begins a blob. The store must live longer than the writer.
    public init(_ store: borrowing BlobStore) throws(BlobError) {
        let name = "ingest/" + RandomName.make() + ".tmp"
        file = try Self.make(name, store)
        self.name = name
        self.store = store.directory.number
    }

    // Its lock tells a sweep that somebody is writing; none may come before it is taken.
    private static func make(
        _ name: String, _ store: borrowing BlobStore
    ) throws(BlobError) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            let gate = try StoreLock(store, .sweep, shared: true)
            let file = try OwnedFileDescriptor.open(
                name, [.readWrite, .create, .exclusive], permissions: 0o644, at: store.directory.number)
            _ = try FileLock.take(file, wait: true)
            _ = consume gate
            return file
        } catch {
            throw BlobError("cannot write into the image store: \(error.number.text)", cause: error)
        }
    }

    deinit { try? Files.remove(name, at: store) }

    /// Takes more bytes.
    public mutating func write(_ bytes: [UInt8]) throws(BlobError) {
        do throws(SyscallError) { try file.write(bytes) } catch {
            throw BlobError("cannot write a blob: \(error.number.text)", cause: error)
        }
        hash.update(bytes)
        count += Int64(bytes.count)
    }

    /// Names the blob by its digest, once it is on the disk, and returns that. When `expected` is given,
    /// another digest is an error and nothing is kept.
    public mutating func finish(expected: ContentDigest? = nil) throws(BlobError) -> ContentDigest {
        let digest = ContentDigest(hash: hash.finish())
        if let expected, expected != digest {
            throw BlobError("the content has the digest `\(digest.text)`, not `\(expected.text)`")
        }
        do throws(SyscallError) {
            try file.sync()
            try Files.rename(name, to: BlobStore.blob(digest), at: store)
        } catch {
            throw BlobError("cannot keep the blob `\(digest.text)`: \(error.number.text)", cause: error)
        }
        return digest
    }
}

extension BlobStore {
    /// Stores a small blob, unless it is there, and returns its digest.
    public borrowing func put(_ bytes: [UInt8]) throws(BlobError) -> ContentDigest {
        let digest = ContentDigest(hash: SHA256.hash(bytes))
        if has(digest) { return digest }
        var writer = try BlobWriter(self)
        try writer.write(bytes)
        return try writer.finish(expected: digest)
    }
}
