public import BlobStore
// SPDX-License-Identifier: Apache-2.0
// Unpacks one layer on a thread of its own, while its blob still comes in: hash, decompress, hash, tar, files.
// All goes into layers/<random>.tmp/fs; a final name is given only by `finish`, after both digests are
// proven. The directory `layers/<random>.tmp` is locked, so a sweep knows that somebody works on it.
internal import CTransfer
internal import JSON
internal import Kernel
public import OCISpec

/// What a layer must be.
public struct ExpectedLayer: Sendable {
    /// The digest of the blob; nil: whatever it is.
    public var digest: ContentDigest?
    /// The blob's size in bytes; nil: whatever it is.
    public var size: Int64?
    /// The digest of the tar; nil: whatever it is.
    public var diffID: ContentDigest?

    /// What to hold a layer against.
    public init(digest: ContentDigest? = nil, size: Int64? = nil, diffID: ContentDigest? = nil) {
        self.digest = digest
        self.size = size
        self.diffID = diffID
    }
}

/// What a layer turned out to be.
public struct UnpackedLayer: Sendable, Equatable {
    /// The digest of the blob.
    public let digest: ContentDigest
    /// The digest of the tar.
    public let diffID: ContentDigest
    /// The blob's bytes.
    public let compressedSize: Int64
    /// Bytes of its regular files.
    public let size: Int64
    /// Entries of its tar.
    public let entries: Int
}

/// One layer on its way from a blob to a directory.
public final class LayerUnpacker: @unchecked Sendable {
    private let store: Int32
    private let name: String
    private let directory: OwnedFileDescriptor
    private let files: OwnedFileDescriptor
    private let blob: GrowingFile
    private let expected: ExpectedLayer
    private let options: UnpackOptions
    // Until `wait` has joined the thread, only the thread touches these.
    private var tree: LayerTree
    private var outcome: Result<UnpackedLayer, LayerError> = .failure(LayerError("nothing was unpacked"))
    private var thread: RunningThread?
    private var isKept = false
    /// Whether the failure is what this found, not that the blob did not come. After `wait`.
    public private(set) var hasRefused = false

    /// Makes the directory. The store must live longer.
    public init(
        _ store: borrowing BlobStore, _ blob: GrowingFile, _ expected: ExpectedLayer, _ options: UnpackOptions
    ) throws(LayerError) {
        let made = try LayerDirectory.make(store)
        self.store = store.directory.number
        name = made.name
        self.blob = blob
        self.expected = expected
        self.options = options
        let files = tree_open_directory(made.number, "fs")
        directory = OwnedFileDescriptor(owning: made.number)
        self.files = OwnedFileDescriptor(owning: files)
        tree = LayerTree(root: files, scratch: made.number, options: options)
    }

    deinit {
        if !isKept { LayerDirectory.remove(name, store: store) }
    }

    /// Starts the thread, which lives until the blob is over or has failed: `wait` must follow.
    public func start() throws(LayerError) {
        thread = try RunningThread { self.outcome = self.unpack() }
    }

    /// Waits for the thread, and tells what it found. An error names neither layer nor image.
    public func wait() throws(LayerError) -> UnpackedLayer {
        if let thread = thread.take() { thread.join() }
        return try outcome.get()
    }

    /// What was left out, a sentence each. After `wait`.
    public var notices: [String] { tree.notices }

    /// Ends the layer and names it. Bottom up: `lower` are the files' directories of the layers below, the
    /// nearest first. Only after `wait`. A layer that another process finished first is as good.
    public func finish(as chain: ContentDigest, lower: [Int32]) throws(LayerError) {
        let layer = try outcome.get()
        try tree.finish(lower: lower)
        let record = LayerRecord(diffID: layer.diffID, size: tree.size)
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open(
                "layer.json", [.write, .create, .exclusive], permissions: 0o644, at: directory.number)
            try file.write(record.encode())
        } catch { throw LayerError("cannot write `layer.json`", error) }
        do throws(SyscallError) {
            try Files.rename("layers/" + name, to: BlobStore.layer(chain), at: store)
            isKept = true
        } catch {
            if error.number != .notEmpty, error.number != .exists {
                throw LayerError("cannot name the layer `\(chain.text)`", error)
            }
        }
    }

    private func unpack() -> Result<UnpackedLayer, LayerError> {
        do throws(LayerError) {
            let limit = DecompressionLimit(bytes: options.mostBytes)
            var reader = TarReader(try Decompressor(.file(blob), limit: limit))
            let entries = try unpackEntries(&reader)
            let digests = try reader.finish()
            try prove(digests.compressed, digests.content, reader.source.compressedCount)
            return .success(
                UnpackedLayer(
                    digest: digests.compressed, diffID: digests.content,
                    compressedSize: reader.source.compressedCount, size: tree.size, entries: entries))
        } catch {
            // Who still fills the file hears of it there.
            hasRefused = blob.fail(error.description)
            return .failure(error)
        }
    }

    private func unpackEntries(_ reader: inout TarReader) throws(LayerError) -> Int {
        var entry = TarEntry()
        var count = 0
        while try reader.next(&entry) {
            count += 1
            do throws(LayerError) {
                guard count <= options.mostEntries else {
                    throw LayerError("is one entry more than \(options.mostEntries)")
                }
                try tree.add(entry, &reader)
            } catch {
                throw error.about("`\(shown(entry.path))`")
            }
        }
        return count
    }

    private func prove(
        _ digest: ContentDigest, _ diffID: ContentDigest, _ size: Int64
    ) throws(LayerError) {
        if let wanted = expected.size, wanted != size {
            throw LayerError("it has \(size) bytes, not \(wanted)")
        }
        if let wanted = expected.digest, wanted != digest {
            throw LayerError("it has the digest `\(digest.text)`, not `\(wanted.text)`")
        }
        if let wanted = expected.diffID, wanted != diffID {
            throw LayerError("its tar has the digest `\(diffID.text)`, not `\(wanted.text)`")
        }
    }
}
