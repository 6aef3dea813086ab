// SPDX-License-Identifier: Apache-2.0
// The images by name: index.json over the blobs. Reading takes no lock: the file is replaced whole.
public import BlobStore
internal import JSON
internal import Kernel
public import OCISpec

/// The images of one store.
public struct ImageStore: ~Copyable {
    /// The blobs and layers.
    public let blobs: BlobStore
    /// The store's directory, absolute.
    public let path: String

    /// Opens the store in `path`, and makes it when it is missing.
    public init(_ path: String) throws(ImageError) {
        blobs = try storing { () throws(BlobError) in try BlobStore.open(path) }
        self.path = path
    }

    /// All records, in the order of the index.
    public borrowing func records() throws(ImageError) -> [ImageRecord] {
        try index().manifests.compactMap { ImageRecord($0) }
    }

    /// The index as it is; what other tools wrote into it stays in it.
    borrowing func index() throws(ImageError) -> ImageIndex {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try Files.read(BlobStore.indexName, at: blobs.directory.number, limit: 64 << 20)
        } catch {
            if error.number == .noEntry { return ImageIndex(manifests: []) }
            throw ImageError("cannot read `\(path)/index.json`: \(error.number.text)")
        }
        do throws(JSONError) { return try ImageIndex.decode(bytes.span, limit: 64 << 20) } catch {
            throw ImageError("`\(path)/index.json`: \(error)")
        }
    }

    /// The image of a name, an id, the beginning of an id, or `NAME@DIGEST`.
    public borrowing func find(_ text: String) throws(ImageError) -> ImageRecord {
        let records = try records()
        if let digest = ContentDigest(text) ?? ContentDigest(hex: text),
            let record = records.first(where: { $0.id == digest })
        {
            return record
        }
        let reference = try? ImageReference(text)
        if let reference, let record = Self.named(reference, records) { return record }
        let ids = Set(records.filter { Self.matches($0.id, text) }.map { $0.id })
        if ids.count > 1 {
            throw ImageError(
                "`\(text)` is the beginning of \(ids.count) images' ids; give more of it", .conflict)
        }
        if let id = ids.first, let record = records.first(where: { $0.id == id }) { return record }
        guard let reference else {
            throw ImageError.noSuchImage(text)
        }
        throw ImageError.noSuchImage(reference.familiar)
    }

    private static func named(_ reference: ImageReference, _ records: [ImageRecord]) -> ImageRecord? {
        if let digest = reference.digest {
            return records.first {
                $0.repository == reference.name
                    && ($0.repositoryDigest == digest || $0.manifest.digest == digest)
            }
        }
        return records.first { $0.name == reference.full }
    }

    private static func matches(_ id: ContentDigest, _ text: String) -> Bool {
        let hex = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        return !hex.isEmpty && id.hex.hasPrefix(hex)
    }

    /// A record's manifest.
    public borrowing func manifest(of record: ImageRecord) throws(ImageError) -> ImageManifest {
        try manifest(record.manifest.digest, record.manifest.mediaType)
    }

    borrowing func manifest(
        _ digest: ContentDigest, _ mediaType: MediaType? = nil
    ) throws(ImageError) -> ImageManifest {
        let bytes = try read(digest, limit: ManifestDocument.limit)
        do throws(JSONError) {
            guard case .manifest(let manifest) = try ManifestDocument.decode(bytes, mediaType: mediaType)
            else {
                throw JSONError("it is an index of several platforms")
            }
            return manifest
        } catch {
            throw ImageError("the manifest `\(digest.text)`: \(error)")
        }
    }

    /// A record's configuration.
    public borrowing func configuration(of record: ImageRecord) throws(ImageError) -> ImageConfig {
        try configuration(record.id)
    }

    borrowing func configuration(_ id: ContentDigest) throws(ImageError) -> ImageConfig {
        let bytes = try read(id, limit: ImageConfig.limit)
        do throws(JSONError) { return try ImageConfig.decode(bytes) } catch {
            throw ImageError("the configuration of the image `\(id.short)`: \(error)")
        }
    }

    private borrowing func read(_ digest: ContentDigest, limit: Int) throws(ImageError) -> [UInt8] {
        do throws(BlobError) { return try blobs.read(digest, limit: limit) } catch {
            throw ImageError(error.description)
        }
    }
}
