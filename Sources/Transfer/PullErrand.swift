// SPDX-License-Identifier: Apache-2.0
// A pull: manifests, configuration, then all layers at once, each downloaded, hashed, decompressed and
// unpacked at the same time; named bottom up when all are proven.
internal import BlobStore
internal import JSON
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// One image that comes in from a registry.
struct PullErrand: ~Copyable {
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

    /// Pulls the image, or every tag of its repository.
    borrowing func run() throws(TransferFailure) {
        let report = report
        var settings = RegistrySettings(agent: "roost")
        settings.simultaneous = Int(max(request.concurrency, 1))
        let client = try asking { () throws(RegistryError) in
            try RegistryClient(request.repository, at: request.endpoints, settings) { text in
                report.tell(.notice(text))
            }
        }
        guard request.allTags else { return try pull(name(request.tag), client) }
        for tag in try asking({ () throws(RegistryError) in try client.tags() }) {
            try pull(.tag(tag), client)
        }
    }

    private borrowing func name(_ tag: String) -> ManifestName {
        if let digest = request.digest { return .digest(digest) }
        return .tag(tag.isEmpty ? "latest" : tag)
    }

    private borrowing func pull(_ name: ManifestName, _ client: RegistryClient) throws(TransferFailure) {
        let documents = try resolve(name, client)
        guard let first = documents.first, let last = documents.last else { return }
        let manifest = try Self.manifest(last)
        let configuration = try configuration(manifest, client)
        _ = try put(last.bytes, last.digest)
        do throws(TransferFailure) { try layers(manifest, configuration, client) } catch {
            // A crash may have left a partial file with holes: once, from the first byte.
            guard error.kind == .invalid, error.message.hasSuffix(LayerBatch.resumedWrongly) else {
                throw error
            }
            try layers(manifest, configuration, client)
        }
        report.tell(
            .image(
                TransferredImage(
                    names: [request.allTags ? name.text : request.reference], manifest: last.digest,
                    manifestSize: Int64(last.bytes.count), mediaType: last.mediaType,
                    repositoryDigest: first.digest, repositorySize: Int64(first.bytes.count))))
    }

    // MARK: documents

    private borrowing func resolve(
        _ name: ManifestName, _ client: RegistryClient
    ) throws(TransferFailure) -> [FetchedManifest] {
        let platform = try wantedPlatform()
        let reference = request.reference
        var problem: TransferFailure?
        do throws(RegistryError) {
            return try client.resolve(name) { (fetched) throws(RegistryError) -> ContentDigest? in
                do throws(TransferFailure) {
                    return try Self.choose(fetched, platform, reference)
                } catch {
                    problem = error
                    throw RegistryError(.stopped, error.message)
                }
            }
        } catch {
            throw problem ?? TransferFailure(error)
        }
    }

    private borrowing func wantedPlatform() throws(TransferFailure) -> Platform {
        let host = Platform(architecture: Machine.architecture, os: "linux")
        guard !request.platform.isEmpty else { return host }
        do throws(PlatformError) { return try Platform(request.platform, host: host) } catch {
            throw TransferFailure(.invalid, error.description)
        }
    }

    /// The manifest of an index that is for `platform`; nil when the document is a manifest.
    private static func choose(
        _ fetched: FetchedManifest, _ platform: Platform, _ reference: String
    ) throws(TransferFailure) -> ContentDigest? {
        guard case .index(let index) = try document(fetched) else { return nil }
        if let descriptor = index.manifest(for: platform) { return descriptor.digest }
        let has = index.platforms.map { $0.description }.joined(separator: ", ")
        throw TransferFailure(
            .notFound,
            "no matching manifest for \(platform.description) in `\(reference)`; it has \(has.isEmpty ? "none" : has)"
        )
    }

    private static func document(_ fetched: FetchedManifest) throws(TransferFailure) -> ManifestDocument {
        do throws(JSONError) {
            return try ManifestDocument.decode(fetched.bytes, mediaType: MediaType(fetched.mediaType))
        } catch {
            throw TransferFailure(.invalid, "the manifest `\(fetched.digest.text)`: \(error.description)")
        }
    }

    private static func manifest(_ fetched: FetchedManifest) throws(TransferFailure) -> ImageManifest {
        guard case .manifest(let manifest) = try document(fetched) else {
            throw TransferFailure(.invalid, "`\(fetched.digest.text)` is an index, not a manifest")
        }
        guard manifest.layers.count <= ImageManifest.mostLayers else {
            throw TransferFailure(
                .invalid,
                "the image has \(manifest.layers.count) layers; \(ImageManifest.mostLayers) is the most")
        }
        return manifest
    }

    private borrowing func configuration(
        _ manifest: ImageManifest, _ client: RegistryClient
    ) throws(TransferFailure) -> ImageConfig {
        let descriptor = manifest.config
        guard descriptor.mediaType.isConfig else {
            throw TransferFailure(
                .invalid,
                "`\(request.reference)` is no image: its configuration is `\(descriptor.mediaType.text)`")
        }
        var bytes: [UInt8] = []
        if try kept(descriptor.digest) {
            bytes = try reading { () throws(BlobError) in
                try store.read(descriptor.digest, limit: ImageConfig.limit)
            }
            guard Int64(bytes.count) == descriptor.size else {
                throw TransferFailure(
                    .invalid,
                    "the configuration `\(descriptor.digest.short)` has \(bytes.count) bytes; the manifest"
                        + " says \(descriptor.size)")
            }
        } else {
            bytes = try asking { () throws(RegistryError) in
                try client.fetchBytes(descriptor.digest, size: descriptor.size, limit: ImageConfig.limit)
            }
            _ = try put(bytes, descriptor.digest)
        }
        do throws(JSONError) { return try ImageConfig.decode(bytes) } catch {
            throw TransferFailure(
                .invalid, "the configuration `\(descriptor.digest.text)`: \(error.description)")
        }
    }

    private borrowing func kept(_ digest: ContentDigest) throws(TransferFailure) -> Bool {
        try reading { () throws(BlobError) in try lease.keepBlob(digest, in: store) }
    }

    private borrowing func put(_ bytes: [UInt8], _ digest: ContentDigest) throws(TransferFailure) {
        if try kept(digest) { return }
        _ = try reading { () throws(BlobError) in try store.put(bytes) }
    }

    // MARK: layers

    private borrowing func layers(
        _ manifest: ImageManifest, _ configuration: ImageConfig, _ client: RegistryClient
    ) throws(TransferFailure) {
        guard manifest.layers.count == configuration.diffIDs.count else {
            throw TransferFailure(
                .invalid,
                "the manifest has \(manifest.layers.count) layers, the configuration"
                    + " \(configuration.diffIDs.count)")
        }
        let batch = try LayerBatch(
            manifest.layers, configuration.diffIDs, unpacks: !request.keepsPacked, store, lease, report)
        try batch.run(store) { (downloads) throws(RegistryError) in try client.fetch(downloads) }
    }
}

/// Runs `body`, turning an error of the store into one of the errand.
func reading<Value: ~Copyable>(
    _ body: () throws(BlobError) -> Value
) throws(TransferFailure) -> Value {
    do throws(BlobError) { return try body() } catch { throw TransferFailure(.other, error.description) }
}
