// SPDX-License-Identifier: Apache-2.0
// Layers of an image whose blobs are in the store: after a load, and where a layer is gone.
internal import BlobStore
internal import JSON
internal import OCISpec
internal import TransferProtocol

/// Unpacks the layers of an image that the store has packed.
enum UnpackErrand {
    static func run(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        guard let digest = request.digest else { throw TransferFailure(.other, "no manifest is named") }
        try unpack(digest, store, lease, report)
    }

    /// Unpacks what is not unpacked yet.
    static func unpack(
        _ digest: ContentDigest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        let manifest: ImageManifest
        let configuration: ImageConfig
        let bytes = try reading { () throws(BlobError) in
            try store.read(digest, limit: ManifestDocument.limit)
        }
        do throws(JSONError) {
            guard case .manifest(let read) = try ManifestDocument.decode(bytes) else {
                throw JSONError("it is an index")
            }
            manifest = read
        } catch { throw TransferFailure(.invalid, "the manifest `\(digest.text)`: \(error.description)") }
        let config = try reading { () throws(BlobError) in
            try store.read(manifest.config.digest, limit: ImageConfig.limit)
        }
        do throws(JSONError) { configuration = try ImageConfig.decode(config) } catch {
            throw TransferFailure(.invalid, "the configuration of `\(digest.text)`: \(error.description)")
        }
        guard manifest.layers.count == configuration.diffIDs.count else {
            throw TransferFailure(.invalid, "`\(digest.text)` has layers without diff ID")
        }
        let batch = try LayerBatch(
            manifest.layers, configuration.diffIDs, unpacks: true, store, lease, report)
        try batch.run(store) { (downloads) throws(RegistryError) in
            throw RegistryError(.notFound, "blobs of the image are missing; pull it again")
        }
    }
}
