// SPDX-License-Identifier: Apache-2.0
// Makes an image of one layer from the tar of a root.
public import BlobStore
public import OCISpec

/// `import`.
public enum ArchiveImport {
    /// Takes a tar, compressed or not, from a descriptor as the only layer of an image with this
    /// configuration, whose diff IDs are set here. Returns the manifest's descriptor. That it is a sound tar
    /// shows when it is unpacked.
    public static func run(
        _ input: Int32, _ config: ImageConfig, into store: borrowing BlobStore, _ lease: borrowing Lease
    ) throws(LayerError) -> Descriptor {
        let writer: BlobWriter
        do throws(BlobError) { writer = try BlobWriter(store) } catch { throw LayerError(error.description) }
        var source = try Decompressor(.descriptor(input))
        var stream = try PackStream(writer, .gzip, level: nil)
        while try source.advance() {
            try stream.write(source.window)
            source.consume(source.window.count)
        }
        let done = try stream.finish()
        guard let digest = done.blob else { throw LayerError("no blob was written") }
        do throws(BlobError) {
            guard try lease.keepBlob(digest, in: store) else {
                throw BlobError("it was removed again by a clean-up at the same moment; import it again")
            }
        } catch { throw LayerError(error.description) }
        var config = config
        config.diffIDs = [done.content]
        let layer = Descriptor(mediaType: .ociLayerGzip, digest: digest, size: done.size)
        let manifest = ImageManifest(
            mediaType: .ociManifest, config: try ArchiveDocuments.put(config, .ociConfig, store, lease),
            layers: [layer])
        return try ArchiveDocuments.put(manifest, .ociManifest, store, lease)
    }
}
