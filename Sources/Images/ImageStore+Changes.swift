// SPDX-License-Identifier: Apache-2.0
// What changes index.json, each under its lock, each whole: read, change, write beside, sync, rename.
internal import BlobStore
internal import JSON
internal import Kernel
public import OCISpec

/// What taking a name away did.
public enum ImageRemoval: Sendable, Equatable {
    /// A name went.
    case untagged(String)
    /// The image went with its last name.
    case deleted(ContentDigest)
}

extension ImageStore {
    /// Gives an image a name, as a pull, a load, a commit or `tag` does. Who had the name keeps its content,
    /// without a name. Blobs and layers must be there, held by a lease.
    public borrowing func add(_ record: ImageRecord) throws(ImageError) {
        try change { (records: inout [ImageRecord]) throws(ImageError) in
            for index in records.indices where record.name != nil && records[index].name == record.name {
                records[index].name = nil
            }
            // An image without a name is listed once, and not beside its names.
            records.removeAll { $0.name == nil && $0.id == record.id }
            if record.name == nil, records.contains(where: { $0.id == record.id }) { return }
            Self.dropNamelessTwins(&records)
            records.insert(record, at: 0)
        }
    }

    private static func dropNamelessTwins(_ records: inout [ImageRecord]) {
        let named = Set(records.filter { $0.name != nil }.map { $0.id })
        records.removeAll { $0.name == nil && named.contains($0.id) }
    }

    /// Notes what a registry knows the image by from now on, unless the name has moved on meanwhile.
    public borrowing func note(_ repositoryDigest: ContentDigest, of record: ImageRecord) throws(ImageError) {
        try change { (records: inout [ImageRecord]) throws(ImageError) in
            for index in records.indices where records[index] == record {
                records[index].repositoryDigest = repositoryDigest
            }
        }
    }

    /// The record of an image in the store, made from its manifest and its configuration.
    public borrowing func record(
        name: ImageReference?, manifest descriptor: Descriptor, repositoryDigest: ContentDigest?
    ) throws(ImageError) -> ImageRecord {
        let manifest = try manifest(descriptor.digest, descriptor.mediaType)
        let configuration = try configuration(manifest.config.digest)
        var size: Int64 = 0
        for chain in ChainID.chain(configuration.diffIDs) { size += layerSize(chain) }
        return ImageRecord(
            name: name?.full, repository: name?.name ?? "", id: manifest.config.digest,
            manifest: descriptor, repositoryDigest: repositoryDigest, created: configuration.created ?? "",
            size: size)
    }

    /// Bytes of one unpacked layer; 0 when it is not unpacked.
    public borrowing func layerSize(_ chain: ContentDigest) -> Int64 {
        let path = BlobStore.layer(chain) + "/layer.json"
        guard let bytes = try? Files.read(path, at: blobs.directory.number, limit: 4096),
            let note = try? LayerNote.decode(bytes)
        else { return 0 }
        return note.size
    }

    /// Gives the image `source` another name.
    public borrowing func tag(_ source: String, as target: ImageReference) throws(ImageError) {
        guard target.digest == nil else {
            throw ImageError("`\(target.familiar)` has a digest; a tag is only a name")
        }
        var record = try find(source)
        if record.repository != target.name { record.repositoryDigest = nil }
        record.name = target.full
        record.repository = target.name
        try add(record)
    }

    /// Takes a name away, and the image with its last one; by id, all names (`force`) or the only one.
    /// Blobs and layers stay until the next sweep.
    public borrowing func remove(_ text: String, force: Bool) throws(ImageError) -> [ImageRemoval] {
        let found = try find(text)
        let isByID = Self.isID(text, found)
        var removals: [ImageRemoval] = []
        try change { (records: inout [ImageRecord]) throws(ImageError) in
            let names = records.filter { $0.id == found.id && $0.name != nil }
            if isByID {
                let repositories = Set(names.map { $0.repository })
                guard force || repositories.count < 2 else {
                    throw ImageError(
                        "conflict: unable to delete \(found.id.short) (must be forced): the image has names"
                            + " in several repositories; use `-f` to take all of them", .conflict)
                }
                removals = names.compactMap { $0.name.map { .untagged(Self.familiar($0)) } }
                records.removeAll { $0.id == found.id }
            } else {
                if let name = found.name { removals.append(.untagged(Self.familiar(name))) }
                records.removeAll { $0.name == found.name && $0.id == found.id }
            }
            if !records.contains(where: { $0.id == found.id }) {
                if isMounted(found.id) { throw mountedConflict(found.id) }
                removals.append(.deleted(found.id))
            }
        }
        return removals
    }

    private static func isID(_ text: String, _ record: ImageRecord) -> Bool {
        let hex = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard record.id.hex.hasPrefix(hex) else { return false }
        guard let reference = try? ImageReference(text) else { return true }
        return reference.full != record.name
    }

    static func familiar(_ name: String) -> String {
        (try? ImageReference(name, defaultTag: nil))?.familiar ?? name
    }

    /// Takes away the records that `isUnwanted` names, but not of images that are mounted, and returns them.
    public borrowing func removeRecords(
        _ isUnwanted: (ImageRecord) -> Bool
    ) throws(ImageError) -> [ImageRecord] {
        var removed: [ImageRecord] = []
        try change { (records: inout [ImageRecord]) throws(ImageError) in
            let mounted = mounted()
            removed = records.filter { isUnwanted($0) && !mounted.contains($0.id) }
            records.removeAll { isUnwanted($0) && !mounted.contains($0.id) }
        }
        return removed
    }

    private borrowing func change(
        _ body: (inout [ImageRecord]) throws(ImageError) -> Void
    ) throws(ImageError) {
        let lock = try lockIndex()
        var index = try index()
        var records = index.manifests.compactMap { ImageRecord($0) }
        let others = index.manifests.filter { ImageRecord($0) == nil }
        try body(&records)
        index.manifests = records.map { $0.descriptor } + others
        index.mediaType = .ociIndex
        do throws(SyscallError) {
            try Files.replaceLasting(
                BlobStore.indexName, with: index.encode(), at: blobs.directory.number, permissions: 0o644)
        } catch {
            throw ImageError("cannot write `\(path)/index.json`: \(error.number.text)")
        }
        _ = consume lock
    }

    private borrowing func lockIndex() throws(ImageError) -> StoreLock {
        do throws(SyscallError) { return try StoreLock(blobs, .index) } catch {
            throw ImageError("cannot lock the index of `\(path)`: \(error.number.text)")
        }
    }
}

/// What layer.json says.
private struct LayerNote: JSONValue {
    var size: Int64 = 0

    static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var note = LayerNote()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "size") { note.size = try reader.value() } else { try reader.skip() }
        }
        return note
    }

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("size", size) }
    }
}
