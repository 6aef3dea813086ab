// SPDX-License-Identifier: Apache-2.0
// Garbage collection: mark what images and leases name, remove the rest. Nobody is kept waiting for longer
// than that takes: directories get another name under the lock and are removed after it.
internal import BlobStore
internal import Kernel
public import OCISpec

/// What a sweep removed.
public struct SweepResult: Sendable, Equatable {
    /// Blobs that nothing named.
    public var blobs: [ContentDigest] = []
    /// Unpacked layers that nothing named, by chain ID.
    public var layers: [ContentDigest] = []
    /// What killed processes had left.
    public var leftovers = 0
    /// Bytes of all of them.
    public var bytes: Int64 = 0
}

extension ImageStore {
    /// Removes every blob and layer that no image and no live lease names, and what killed processes left.
    /// Safe beside running pulls and containers.
    /// - Parameter partial: whether broken downloads go too, which a later pull could go on with.
    public borrowing func sweep(partial: Bool) throws(ImageError) -> SweepResult {
        var result = SweepResult()
        var trash: [SweptDirectory] = []
        do throws(SyscallError) {
            let lock = try StoreLock(blobs, .sweep)
            let marked = try mark()
            try sweepBlobs(marked, &result)
            try sweepLayers(marked, &result, &trash)
            try sweepIngest(partial: partial, &result)
            _ = consume lock
            try remove(trash)
        } catch {
            throw ImageError("cannot sweep the image store `\(path)`: \(error.number.text) (\(error.call))")
        }
        removeUnwritten()
        return result
    }

    /// Removes what killed processes left, but for broken downloads, which can be gone on with. Cheap: no image
    /// is looked at.
    public borrowing func sweepLeftovers() throws(ImageError) {
        var result = SweepResult()
        var trash: [SweptDirectory] = []
        do throws(SyscallError) {
            let lock = try StoreLock(blobs, .sweep)
            _ = try liveLeases()
            try sweepLayers(nil, &result, &trash)
            try sweepIngest(partial: false, &result)
            _ = consume lock
            try remove(trash)
        } catch {
            throw ImageError("cannot sweep the image store `\(path)`: \(error.number.text) (\(error.call))")
        }
        removeUnwritten()
    }

    /// An index that was being written. What does not go now goes with the next change.
    private borrowing func removeUnwritten() {
        let name = BlobStore.indexName + ".tmp"
        guard Files.exists(name, at: blobs.directory.number), let lock = try? StoreLock(blobs, .index) else {
            return
        }
        try? Files.remove(name, at: blobs.directory.number)
        _ = consume lock
    }

    private borrowing func remove(_ trash: [SweptDirectory]) throws(SyscallError) {
        for one in trash { try Files.removeTree(one.name, at: blobs.directory.number) }
    }

    // MARK: mark

    /// Hexadecimal names of blobs and layers that are needed. What cannot be read is told by nobody, and so
    /// nothing that it may name is known: then its own blob stays, and the sweep goes on.
    private borrowing func mark() throws(SyscallError) -> Set<String> {
        var marked = try liveLeases()
        guard let index = try? index() else { throw SyscallError("read", "index.json", .invalid) }
        for descriptor in index.manifests {
            marked.insert(descriptor.digest.hex)
            markImage(descriptor.digest, &marked, depth: 0)
        }
        return marked
    }

    private borrowing func markImage(_ digest: ContentDigest, _ marked: inout Set<String>, depth: Int) {
        guard depth < 4, let bytes = try? blobs.read(digest, limit: ManifestDocument.limit),
            let document = try? ManifestDocument.decode(bytes)
        else { return }
        switch document {
        case .index(let index):
            for descriptor in index.manifests where blobs.has(descriptor.digest) {
                marked.insert(descriptor.digest.hex)
                markImage(descriptor.digest, &marked, depth: depth + 1)
            }
        case .manifest(let manifest):
            marked.insert(manifest.config.digest.hex)
            for layer in manifest.layers { marked.insert(layer.digest.hex) }
            guard let configuration = try? configuration(manifest.config.digest) else { return }
            for chain in ChainID.chain(configuration.diffIDs) { marked.insert(chain.hex) }
        }
    }

    /// What live leases list; dead ones are removed.
    private borrowing func liveLeases() throws(SyscallError) -> Set<String> {
        var marked: Set<String> = []
        let directory = try OwnedFileDescriptor.open("leases", .directory, at: blobs.directory.number)
        for name in try Files.names(in: directory) {
            guard let file = try? OwnedFileDescriptor.open(name, .noFollow, at: directory.number) else {
                continue
            }
            if try FileLock.take(file, wait: false) {
                try Files.remove(name, at: directory.number)
                continue
            }
            let text = try file.readAll(limit: 64 << 20)
            for line in text.split(separator: UInt8(ascii: "\n")) {
                marked.insert(String(decoding: line, as: UTF8.self))
            }
        }
        return marked
    }

    // MARK: sweep

    private borrowing func sweepBlobs(
        _ marked: Set<String>, _ result: inout SweepResult
    ) throws(SyscallError) {
        let directory = try OwnedFileDescriptor.open("blobs/sha256", .directory, at: blobs.directory.number)
        for name in try Files.names(in: directory) where !marked.contains(name) {
            guard let digest = ContentDigest(hex: name) else { continue }
            result.bytes += (try? Files.status(name, at: directory.number)).map { Int64($0.size) } ?? 0
            try Files.remove(name, at: directory.number)
            result.blobs.append(digest)
        }
    }

    /// - Parameter marked: names that stay; nil: all that have a final name.
    private borrowing func sweepLayers(
        _ marked: Set<String>?, _ result: inout SweepResult, _ trash: inout [SweptDirectory]
    ) throws(SyscallError) {
        let directory = try OwnedFileDescriptor.open("layers", .directory, at: blobs.directory.number)
        for name in try Files.names(in: directory) {
            if let chain = ContentDigest(hex: name) {
                guard let marked, !marked.contains(name) else { continue }
                result.bytes += layerSize(chain)
                result.layers.append(chain)
                // The kernel's overlays keep what they have open; no new one can be made of it.
                let gone = "gone-" + RandomName.make()
                let held = try OwnedFileDescriptor.open(name, [.directory, .noFollow], at: directory.number)
                _ = try FileLock.take(held, wait: false)
                try Files.rename(name, to: gone, at: directory.number)
                trash.append(SweptDirectory("layers/" + gone, held))
            } else if let held = try abandoned(name, at: directory.number) {
                result.leftovers += 1
                trash.append(SweptDirectory("layers/" + name, held))
            }
        }
    }

    private borrowing func sweepIngest(
        partial: Bool, _ result: inout SweepResult
    ) throws(SyscallError) {
        let directory = try OwnedFileDescriptor.open("ingest", .directory, at: blobs.directory.number)
        for name in try Files.names(in: directory) {
            guard partial || !name.hasSuffix(".partial"),
                let held = try abandoned(name, at: directory.number)
            else { continue }
            result.bytes += (try? Files.status(name, at: directory.number)).map { Int64($0.size) } ?? 0
            try Files.remove(name, at: directory.number)
            _ = consume held
            result.leftovers += 1
        }
    }

    /// A temporary that nobody works on, locked now; nil when somebody does.
    private func abandoned(
        _ name: String, at directory: Int32
    ) throws(SyscallError) -> OwnedFileDescriptor? {
        guard let file = try? OwnedFileDescriptor.open(name, .noFollow, at: directory) else { return nil }
        guard try FileLock.take(file, wait: false) else { return nil }
        return file
    }
}

/// A directory that is removed, locked meanwhile: another sweep leaves it alone.
private final class SweptDirectory {
    let name: String
    private let held: OwnedFileDescriptor

    init(_ name: String, _ held: consuming OwnedFileDescriptor) {
        self.name = name
        self.held = held
    }
}
