// SPDX-License-Identifier: Apache-2.0
// A push: configuration and layers, several at once, each only where the registry has not got it; the
// manifest last, byte for byte as the store has it.
internal import BlobStore
internal import JSON
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// One image that goes out to a registry.
struct PushErrand: ~Copyable {
    /// Blobs that are open at once.
    private static let mostOpen = 64

    private let request: TransferRequest
    private let store: BlobStore
    private let lease: Lease
    private let report: ErrandReport

    init(
        _ request: TransferRequest, _ store: consuming BlobStore, _ lease: consuming Lease,
        _ report: ErrandReport
    ) {
        self.request = request
        self.store = store
        self.lease = lease
        self.report = report
    }

    /// Pushes the image under its tag.
    borrowing func run() throws(TransferFailure) {
        guard let digest = request.digest else { throw TransferFailure(.other, "no manifest is named") }
        let bytes = try document(digest)
        let manifest = try Self.manifest(bytes, digest)
        let blobs = try blobs(manifest)
        let report = report
        var settings = RegistrySettings(agent: "roost")
        settings.simultaneous = Int(max(request.concurrency, 1))
        let client = try asking { () throws(RegistryError) in
            try RegistryClient(request.repository, at: request.endpoints, settings) { text in
                report.tell(.notice(text))
            }
        }
        announce(blobs)
        for start in stride(from: 0, to: blobs.count, by: Self.mostOpen) {
            try send(blobs[start..<min(start + Self.mostOpen, blobs.count)], client)
        }
        let type = (manifest.mediaType ?? .ociManifest).text
        let stored = try asking { () throws(RegistryError) in
            try client.push(bytes, mediaType: type, as: .tag(request.tag))
        }
        report.tell(
            .image(
                TransferredImage(
                    names: [request.reference], manifest: digest, manifestSize: Int64(bytes.count),
                    mediaType: type, repositoryDigest: stored, repositorySize: Int64(bytes.count))))
    }

    // MARK: what there is

    private borrowing func document(_ digest: ContentDigest) throws(TransferFailure) -> [UInt8] {
        try reading { () throws(BlobError) in
            _ = try lease.keepBlob(digest, in: store)
            return try store.read(digest, limit: ManifestDocument.limit)
        }
    }

    private static func manifest(
        _ bytes: [UInt8], _ digest: ContentDigest
    ) throws(TransferFailure) -> ImageManifest {
        do throws(JSONError) {
            guard case .manifest(let manifest) = try ManifestDocument.decode(bytes) else {
                throw JSONError("it is an index")
            }
            return manifest
        } catch { throw TransferFailure(.invalid, "the manifest `\(digest.text)`: \(error.description)") }
    }

    /// The layers, the topmost first, then the configuration; each content once, and nothing that only its
    /// owner gives away.
    private borrowing func blobs(_ manifest: ImageManifest) throws(TransferFailure) -> [PushedBlob] {
        var blobs: [PushedBlob] = []
        var seen: Set<ContentDigest> = []
        let parts = [manifest.config] + manifest.layers
        for (index, part) in parts.enumerated().reversed() where !part.mediaType.isForeignLayer {
            guard seen.insert(part.digest).inserted else { continue }
            let isThere = try reading { () throws(BlobError) in try lease.keepBlob(part.digest, in: store) }
            guard isThere, store.size(of: part.digest) == part.size else {
                throw TransferFailure(
                    .invalid,
                    "the store has no whole blob `\(part.digest.text)` of `\(request.reference)`;"
                        + " pull the image again")
            }
            blobs.append(
                PushedBlob(
                    digest: part.digest, size: part.size, isLayer: index > 0,
                    source: request.siblings.indices.contains(index) ? request.siblings[index] : ""))
        }
        return blobs
    }

    // MARK: sending

    private borrowing func announce(_ blobs: [PushedBlob]) {
        let layers = blobs.filter { $0.isLayer }
        for layer in layers { report.progress(layer.digest.short, .preparing) }
        for layer in layers.dropFirst(Int(max(request.concurrency, 1))) {
            report.progress(layer.digest.short, .waiting)
        }
    }

    private borrowing func send(
        _ blobs: ArraySlice<PushedBlob>, _ client: RegistryClient
    ) throws(TransferFailure) {
        var uploads: [BlobUpload] = []
        defer { for upload in uploads { _ = OwnedFileDescriptor(owning: upload.descriptor) } }
        for blob in blobs {
            let file = try reading { () throws(BlobError) in try store.openBlob(blob.digest) }
            uploads.append(upload(blob, file.release()))
        }
        try asking { () throws(RegistryError) in try client.push(uploads) }
    }

    private borrowing func upload(_ blob: PushedBlob, _ descriptor: Int32) -> BlobUpload {
        guard blob.isLayer else {
            return BlobUpload(
                blob.digest, size: blob.size, descriptor: descriptor, mountFrom: blob.source)
        }
        let report = report
        let id = blob.digest.short
        return BlobUpload(
            blob.digest, size: blob.size, descriptor: descriptor, mountFrom: blob.source,
            progress: { report.progress(id, .pushing, $0, of: blob.size) },
            finish: { outcome in
                switch outcome {
                case .pending: break
                case .exists: report.progress(id, .layerExists)
                case .mounted: report.progress(id, .mounted)
                case .sent: report.progress(id, .pushed)
                }
            })
    }
}

/// A blob of the image that is pushed.
private struct PushedBlob {
    let digest: ContentDigest
    let size: Int64
    let isLayer: Bool
    /// A repository that it may be mounted from; empty when none is known.
    let source: String
}
