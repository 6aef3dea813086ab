// SPDX-License-Identifier: Apache-2.0
// Writes images as an archive: an OCI layout, with docker's `manifest.json` beside it when docker is to read
// it, as docker 25 and later write it. And makes an image of a root's tar. The same images give the same bytes.
public import BlobStore
internal import CTransfer
internal import JSON
internal import Kernel
public import OCISpec

/// An image to be written.
public struct ArchivedImage: Sendable {
    /// Its manifest, or an index.
    public var descriptor: Descriptor
    /// Its full names, such as `docker.io/library/ubuntu:latest`.
    public var names: [String]

    /// An image and its names.
    public init(descriptor: Descriptor, names: [String]) {
        self.descriptor = descriptor
        self.names = names
    }
}

/// Which programs read an archive.
public enum ArchiveFormat: Sendable {
    /// docker, and what reads OCI layouts.
    case docker
    /// What reads OCI layouts.
    case oci
}

/// Writes archives of images.
public enum ArchiveWriter {
    /// Writes images to a descriptor, perhaps a pipe. With `.docker`, each must be a manifest.
    public static func save(
        _ images: [ArchivedImage], from store: borrowing BlobStore, to output: Int32, _ format: ArchiveFormat,
        _ compression: Compression = .none
    ) throws(LayerError) {
        var index = ImageIndex(mediaType: .ociIndex)
        var items: [DockerArchiveItem] = []
        var blobs: Set<ContentDigest> = []
        for image in images {
            try collect(image.descriptor, store, &blobs, depth: 0)
            index.manifests += entries(image, format)
            if format == .docker { items.append(try item(image, store)) }
        }
        var archive = Archive(try PackStream(nil, descriptor: output, compression, level: nil))
        for digest in blobs.sorted() { try archive.add(digest, store) }
        try archive.add("index.json", index.encode())
        if format == .docker { try archive.add("manifest.json", items.encode()) }
        try archive.add(ImageLayoutFile.name, Array("{\"imageLayoutVersion\":\"1.0.0\"}".utf8))
        try archive.finish()
    }

    // One entry a name, or one without.
    private static func entries(_ image: ArchivedImage, _ format: ArchiveFormat) -> [Descriptor] {
        var plain = image.descriptor
        plain.annotations.removeAll { $0.key == Descriptor.referenceNameKey }
        if image.names.isEmpty { return [plain] }
        return image.names.map { name in
            var entry = plain
            let tag = name.split(separator: "/").last?.split(separator: ":").dropFirst().last.map(String.init)
            entry.annotations += [
                StringPair(key: "io.containerd.image.name", value: name),
                StringPair(
                    key: Descriptor.referenceNameKey, value: format == .docker ? tag ?? name : name),
            ]
            return entry
        }
    }

    private static func item(
        _ image: ArchivedImage, _ store: borrowing BlobStore
    ) throws(LayerError) -> DockerArchiveItem {
        let manifest: ImageManifest = try ArchiveContents.decode(
            image.descriptor.digest, image.descriptor.digest.text, store)
        return DockerArchiveItem(
            config: BlobStore.blob(manifest.config.digest),
            repoTags: image.names.compactMap { (try? ImageReference($0))?.familiar },
            layers: manifest.layers.map { BlobStore.blob($0.digest) })
    }

    // Platforms of an index that were never fetched are left out.
    private static func collect(
        _ descriptor: Descriptor, _ store: borrowing BlobStore, _ blobs: inout Set<ContentDigest>, depth: Int
    ) throws(LayerError) {
        guard store.has(descriptor.digest) else {
            throw LayerError("the store has no blob `\(descriptor.digest.text)`; pull the image again")
        }
        blobs.insert(descriptor.digest)
        switch descriptor.mediaType {
        case .ociIndex, .dockerList:
            let index: ImageIndex = try ArchiveContents.decode(
                descriptor.digest, descriptor.digest.text, store)
            guard depth < 3 else { throw LayerError("`\(descriptor.digest.text)` is an index in an index") }
            for part in index.manifests where store.has(part.digest) {
                try collect(part, store, &blobs, depth: depth + 1)
            }
        case .ociManifest, .dockerManifest:
            let manifest: ImageManifest = try ArchiveContents.decode(
                descriptor.digest, descriptor.digest.text, store)
            for part in [manifest.config] + manifest.layers {
                guard store.has(part.digest) else {
                    throw LayerError("the store has no blob `\(part.digest.text)`; pull the image again")
                }
                blobs.insert(part.digest)
            }
        default: return
        }
    }
}

/// An archive while it is written.
private struct Archive: ~Copyable {
    private var stream: PackStream
    private var tar = TarWriter()

    init(_ stream: consuming PackStream) { self.stream = stream }

    private mutating func begin(_ name: String, _ size: Int64) {
        var entry = TarEntry()
        entry.path = Array(name.utf8)
        entry.mode = 0o644
        entry.size = size
        tar.begin(entry)
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws(LayerError) {
        begin(name, Int64(bytes.count))
        try stream.write(tar.take())
        try stream.write(bytes)
        tar.pad(after: Int64(bytes.count))
    }

    mutating func add(_ digest: ContentDigest, _ store: borrowing BlobStore) throws(LayerError) {
        do throws(BlobError) {
            let size = store.size(of: digest) ?? 0
            let file = try store.openBlob(digest)
            begin(BlobStore.blob(digest), size)
            var left = size
            let problem = copy(file.number, &left)
            if let problem { throw BlobError(problem.description) }
            tar.pad(after: size)
        } catch { throw LayerError("`\(digest.text)`: \(error.description)") }
    }

    private mutating func copy(_ file: Int32, _ left: inout Int64) -> LayerError? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress else { return nil }
        do throws(LayerError) {
            try stream.write(tar.take())
            while left > 0 {
                let got = tree_read(file, base, Int(min(left, Int64(buffer.count))))
                guard got > 0 else { return LayerError("cannot be read whole") }
                try stream.write(UnsafeRawBufferPointer(rebasing: buffer[..<Int(got)]))
                left -= got
            }
            return nil
        } catch { return error }
    }

    mutating func finish() throws(LayerError) {
        tar.end()
        try stream.write(tar.take())
        _ = try stream.finish()
    }
}
