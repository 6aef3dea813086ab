// SPDX-License-Identifier: Apache-2.0
// Reads what `save` of docker, podman, skopeo or Roost wrote: docker archives and OCI layouts, compressed or
// not, from a file or a pipe. Each file goes into the store under its own digest; what names images is read
// from there afterwards, since it may come first or last.
public import BlobStore
internal import JSON
public import OCISpec

/// An image that an archive brought.
public struct LoadedImage: Sendable, Equatable {
    /// Its manifest or index, in the store.
    public let descriptor: Descriptor
    /// Its names as the archive has them, perhaps none, perhaps only a tag.
    public let names: [String]
}

/// Reads archives of images.
public enum ArchiveReader {
    static let mostFiles = 100_000
    static let longestDocument = 16 << 20

    /// Takes all images of an archive into the store. The lease keeps their blobs.
    public static func load(
        _ input: Int32, into store: borrowing BlobStore, _ lease: borrowing Lease
    ) throws(LayerError) -> [LoadedImage] {
        var reader = TarReader(try Decompressor(.descriptor(input)))
        var contents = ArchiveContents()
        var entry = TarEntry()
        var count = 0
        while try reader.next(&entry) {
            count += 1
            guard count <= mostFiles else { throw LayerError("it has more than \(mostFiles) files") }
            try contents.take(entry, &reader, store, lease)
        }
        try reader.drain()
        if contents.files["index.json"] != nil { return try contents.imagesOfLayout(store) }
        if contents.files["manifest.json"] != nil { return try contents.imagesOfDocker(store, lease) }
        throw LayerError("it is no archive of images: it has neither `index.json` nor `manifest.json`")
    }
}

/// What an archive has, by path.
struct ArchiveContents {
    struct File {
        let digest: ContentDigest
        let size: Int64
        let compression: Compression
    }

    private(set) var files: [String: File] = [:]
    private var links: [String: String] = [:]

    /// Stores a file, or notes a link.
    mutating func take(
        _ entry: TarEntry, _ reader: inout TarReader, _ store: borrowing BlobStore, _ lease: borrowing Lease
    ) throws(LayerError) {
        let path = try Self.clean(entry.path)
        switch entry.kind {
        case .file: files[path] = try keep(path, entry.size, &reader, store, lease)
        case .hardLink: links[path] = try Self.clean(entry.linkPath)
        case .symbolicLink:
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            links[path] = try Self.clean(Array(parent.utf8) + [0x2f] + entry.linkPath)
        default: return
        }
    }

    private static func clean(_ path: [UInt8]) throws(LayerError) -> String {
        do throws(LayerError) { return String(decoding: try LayerPath(path).whole, as: UTF8.self) } catch {
            throw LayerError("`\(shown(path))` \(error.description)")
        }
    }

    private func keep(
        _ path: String, _ size: Int64, _ reader: inout TarReader, _ store: borrowing BlobStore,
        _ lease: borrowing Lease
    ) throws(LayerError) -> File {
        do throws(BlobError) {
            var expected: ContentDigest?
            if path.hasPrefix("blobs/sha256/") {
                expected = ContentDigest(hex: path.dropFirst("blobs/sha256/".utf8.count))
            }
            if let expected, try lease.keepBlob(expected, in: store), store.size(of: expected) == size {
                return File(digest: expected, size: size, compression: .none)
            }
            var writer = try BlobWriter(store)
            var first: [UInt8] = []
            let problem = Self.copy(&reader, &writer, &first)
            if let problem { throw BlobError(problem.description) }
            let digest = try writer.finish(expected: expected)
            guard try lease.keepBlob(digest, in: store) else {
                throw BlobError("it was removed again by a clean-up at the same moment; load it again")
            }
            return File(digest: digest, size: writer.count, compression: Self.compression(first))
        } catch { throw LayerError("`\(path)`: \(error.description)") }
    }

    private static func copy(
        _ reader: inout TarReader, _ writer: inout BlobWriter, _ first: inout [UInt8]
    ) -> LayerError? {
        do throws(LayerError) {
            while true {
                let part = try reader.content()
                if part.count == 0 { return nil }
                if first.count < 4 { first += part.prefix(4 - first.count) }
                do throws(BlobError) { try writer.write(Array(part)) } catch {
                    return LayerError(error.description)
                }
            }
        } catch { return error }
    }

    private static func compression(_ first: [UInt8]) -> Compression {
        if first.starts(with: [0x1f, 0x8b]) { return .gzip }
        return first == [0x28, 0xb5, 0x2f, 0xfd] ? .zstd : .none
    }

    /// The file at a path, through links.
    func find(_ name: String) throws(LayerError) -> File {
        var path = try Self.clean(Array(name.utf8))
        for _ in 0..<8 {
            if let file = files[path] { return file }
            guard let next = links[path] else { break }
            path = next
        }
        throw LayerError("it names `\(shown(name.utf8))` and does not have it")
    }

    /// A document of the archive.
    func document<Value: JSONValue>(
        _ name: String, _ store: borrowing BlobStore
    ) throws(LayerError) -> Value {
        try Self.decode(try find(name).digest, name, store)
    }

    static func decode<Value: JSONValue>(
        _ digest: ContentDigest, _ name: String, _ store: borrowing BlobStore
    ) throws(LayerError) -> Value {
        let bytes: [UInt8]
        do throws(BlobError) { bytes = try store.read(digest, limit: ArchiveReader.longestDocument) } catch {
            throw LayerError("`\(shown(name.utf8))`: \(error.description)")
        }
        do throws(JSONError) { return try Value.decode(bytes) } catch {
            throw LayerError("`\(shown(name.utf8))`: \(error.description)")
        }
    }
}

// MARK: Images

extension ArchiveContents {
    private static let nameKey = "io.containerd.image.name"

    /// The images of an OCI layout, one for each manifest, with all its names.
    func imagesOfLayout(_ store: borrowing BlobStore) throws(LayerError) -> [LoadedImage] {
        let index: ImageIndex = try document("index.json", store)
        var images: [LoadedImage] = []
        for entry in index.manifests {
            let name = entry.annotations[Self.nameKey] ?? entry.referenceName
            var plain = entry
            plain.annotations.removeAll { $0.key == Self.nameKey || $0.key == Descriptor.referenceNameKey }
            try Self.prove(plain, store)
            if let known = images.firstIndex(where: { $0.descriptor.digest == plain.digest }) {
                let names = images[known].names + (name.map { [$0] } ?? [])
                images[known] = LoadedImage(descriptor: images[known].descriptor, names: names)
            } else {
                images.append(LoadedImage(descriptor: plain, names: name.map { [$0] } ?? []))
            }
        }
        return images
    }

    // An index may name platforms that the archive leaves out; a manifest's parts must be there.
    private static func prove(_ entry: Descriptor, _ store: borrowing BlobStore) throws(LayerError) {
        guard store.size(of: entry.digest) == entry.size else {
            throw LayerError("it names `\(entry.digest.text)` and does not have it with \(entry.size) bytes")
        }
        guard entry.mediaType == .ociManifest || entry.mediaType == .dockerManifest else { return }
        let manifest: ImageManifest = try decode(entry.digest, entry.digest.text, store)
        for part in [manifest.config] + manifest.layers where store.size(of: part.digest) != part.size {
            throw LayerError("it names `\(part.digest.text)` and does not have it with \(part.size) bytes")
        }
    }

    /// The images of a docker archive, each given a manifest.
    func imagesOfDocker(
        _ store: borrowing BlobStore, _ lease: borrowing Lease
    ) throws(LayerError) -> [LoadedImage] {
        let items: [DockerArchiveItem] = try document("manifest.json", store)
        var images: [LoadedImage] = []
        for item in items {
            let config = try find(item.config)
            let parsed: ImageConfig = try Self.decode(config.digest, item.config, store)
            guard parsed.diffIDs.count == item.layers.count else {
                throw LayerError(
                    "`\(shown(item.config.utf8))` tells of \(parsed.diffIDs.count) layers, `manifest.json` of"
                        + " \(item.layers.count)")
            }
            var manifest = ImageManifest(
                mediaType: .ociManifest,
                config: Descriptor(mediaType: .ociConfig, digest: config.digest, size: config.size))
            for name in item.layers {
                let layer = try find(name)
                manifest.layers.append(
                    Descriptor(
                        mediaType: layer.compression.mediaType, digest: layer.digest, size: layer.size))
            }
            let descriptor = try ArchiveDocuments.put(manifest, .ociManifest, store, lease)
            images.append(LoadedImage(descriptor: descriptor, names: item.repoTags))
        }
        return images
    }
}

extension Compression {
    /// The media type of a layer that is compressed so. See image-spec v1.1 layer.md.
    public var mediaType: MediaType {
        switch self {
        case .none: .ociLayer
        case .gzip: .ociLayerGzip
        case .zstd: .ociLayerZstd
        }
    }
}

enum ArchiveDocuments {
    /// Stores a document and returns what points to it.
    static func put(
        _ value: some JSONValue, _ type: MediaType, _ store: borrowing BlobStore, _ lease: borrowing Lease
    ) throws(LayerError) -> Descriptor {
        let bytes = value.encode()
        do throws(BlobError) {
            let digest = try store.put(bytes)
            guard try lease.keepBlob(digest, in: store) else {
                throw BlobError("a document was removed by a clean-up at the same moment; try again")
            }
            return Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
        } catch { throw LayerError(error.description) }
    }
}
