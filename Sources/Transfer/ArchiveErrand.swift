// SPDX-License-Identifier: Apache-2.0
// load, save, import, export, pack: errands that ask no registry.
internal import BlobStore
internal import JSON
internal import Kernel
internal import OCISpec
internal import TransferProtocol

enum ArchiveErrand {
    /// Takes every image of the archive, and unpacks its layers.
    static func load(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        let images = try reading { () throws(LayerError) in
            try ArchiveReader.load(TransferDescriptor.archive, into: store, lease)
        }
        for image in images {
            let digest = try choose(image.descriptor, request, store)
            try UnpackErrand.unpack(digest, store, lease, report)
            report.tell(.image(try arrived(image.names, digest, store)))
        }
    }

    /// The manifest for this machine where the archive has an index.
    private static func choose(
        _ descriptor: Descriptor, _ request: TransferRequest, _ store: borrowing BlobStore
    ) throws(TransferFailure) -> ContentDigest {
        let bytes = try reading { () throws(BlobError) in
            try store.read(descriptor.digest, limit: ManifestDocument.limit)
        }
        let host = Platform(architecture: Machine.architecture, os: "linux")
        var platform = host
        do throws(PlatformError) {
            if !request.platform.isEmpty { platform = try Platform(request.platform, host: host) }
        } catch {
            throw TransferFailure(.invalid, error.description)
        }
        do throws(JSONError) {
            guard case .index(let index) = try ManifestDocument.decode(bytes) else {
                return descriptor.digest
            }
            if let chosen = index.manifest(for: platform) { return chosen.digest }
        } catch {
            throw TransferFailure(.invalid, "the manifest `\(descriptor.digest.text)`: \(error.description)")
        }
        throw TransferFailure(.notFound, "the archive has no image for \(platform.description)")
    }

    private static func arrived(
        _ names: [String], _ digest: ContentDigest, _ store: borrowing BlobStore
    ) throws(TransferFailure) -> TransferredImage {
        let bytes = try reading { () throws(BlobError) in
            try store.read(digest, limit: ManifestDocument.limit)
        }
        let document = try? ManifestDocument.decode(bytes)
        let mediaType = document?.mediaType ?? .ociManifest
        let size = Int64(bytes.count)
        return TransferredImage(
            names: names, manifest: digest, manifestSize: size, mediaType: mediaType.text,
            repositoryDigest: digest, repositorySize: size)
    }

    static func save(_ request: TransferRequest, _ store: borrowing BlobStore) throws(TransferFailure) {
        var images: [ArchivedImage] = []
        for image in request.images {
            let bytes = try reading { () throws(BlobError) in
                try store.read(image.manifest, limit: ManifestDocument.limit)
            }
            let mediaType = (try? ManifestDocument.decode(bytes))?.mediaType ?? .ociManifest
            images.append(
                ArchivedImage(
                    descriptor: Descriptor(
                        mediaType: mediaType, digest: image.manifest, size: Int64(bytes.count)),
                    names: image.names))
        }
        try reading { () throws(LayerError) in
            try ArchiveWriter.save(
                images, from: store, to: TransferDescriptor.archive,
                request.format == "oci-archive" ? .oci : .docker, compression(request))
        }
    }

    static func importing(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        let configuration: ImageConfig
        do throws(JSONError) {
            configuration = try ImageConfig.decode(Array(request.configuration.utf8))
        } catch {
            throw TransferFailure(.other, "the configuration: \(error.description)")
        }
        let descriptor = try reading { () throws(LayerError) in
            try ArchiveImport.run(TransferDescriptor.archive, configuration, into: store, lease)
        }
        try UnpackErrand.unpack(descriptor.digest, store, lease, report)
        report.tell(.image(try arrived([], descriptor.digest, store)))
    }

    static func export(_ request: TransferRequest, _ store: borrowing BlobStore) throws(TransferFailure) {
        let directory = try open(request, store)
        _ = try reading { () throws(LayerError) in
            try Packer.export(
                directory.number, to: TransferDescriptor.archive, PackOptions(isUpper: request.isUpper))
        }
    }

    /// Tells of the layer as of an image: its digest as the manifest's, its diff ID as the repository's.
    static func pack(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        let directory = try open(request, store)
        let layer = try reading { () throws(LayerError) in
            try Packer.pack(
                directory.number, into: store,
                PackOptions(isUpper: request.isUpper, compression: compression(request)))
        }
        guard try reading({ () throws(BlobError) in try lease.keepBlob(layer.digest, in: store) }) else {
            throw TransferFailure(.other, "the layer was removed by a clean-up at the same moment; try again")
        }
        report.tell(
            .image(
                TransferredImage(
                    names: [], manifest: layer.digest, manifestSize: layer.size,
                    mediaType: layer.mediaType.text, repositoryDigest: layer.diffID, repositorySize: 0)))
    }

    private static func open(
        _ request: TransferRequest, _ store: borrowing BlobStore
    ) throws(TransferFailure) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            return try OwnedFileDescriptor.openInRoot(
                request.path, root: store.directory.number, .directory)
        } catch {
            throw TransferFailure(.other, "cannot open `\(request.path)`: \(error.number.text)")
        }
    }

    private static func compression(_ request: TransferRequest) -> Compression {
        switch request.compression {
        case "gzip": .gzip
        case "zstd": .zstd
        default: .none
        }
    }
}

/// Runs `body`, turning an error of layers and archives into one of the errand.
func reading<Value: ~Copyable>(
    _ body: () throws(LayerError) -> Value
) throws(TransferFailure) -> Value {
    do throws(LayerError) { return try body() } catch { throw TransferFailure(error) }
}
