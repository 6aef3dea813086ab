// SPDX-License-Identifier: Apache-2.0
// One errand of roost-transfer: from the descriptors that it was started with to its last event.
internal import BlobStore
internal import JSON
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// What this process was started for.
public enum Errand {
    /// Reads the request, runs the errand and tells how it went. Returns the exit status.
    public static func run() -> Int32 {
        let report = ErrandReport(TransferDescriptor.events)
        do throws(TransferFailure) {
            let request = try readRequest()
            let store = BlobStore(owning: OwnedFileDescriptor(owning: TransferDescriptor.store))
            let lease = Lease(owning: OwnedFileDescriptor(owning: TransferDescriptor.lease))
            try carryOut(request, store, lease, report)
            report.tell(.done)
            return 0
        } catch {
            report.tell(.failed(error))
            return 1
        }
    }

    private static func readRequest() throws(TransferFailure) -> TransferRequest {
        let file = OwnedFileDescriptor(owning: TransferDescriptor.request)
        let bytes: [UInt8]
        do throws(SyscallError) { bytes = try file.readAll(limit: 16 << 20) } catch {
            throw TransferFailure(.other, "there is no request: \(error.number.text); run `roost`")
        }
        do throws(JSONError) { return try TransferRequest.decode(bytes) } catch {
            throw TransferFailure(.other, "the request cannot be read: \(error.description)")
        }
    }

    private static func carryOut(
        _ request: TransferRequest, _ store: consuming BlobStore, _ lease: consuming Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        switch request.operation {
        case .pull: try PullErrand(request, store, lease, report).run()
        case .unpack: try UnpackErrand.run(request, store, lease, report)
        default: throw TransferFailure(.other, "`\(request.operation.rawValue)` is not done yet")
        }
    }
}

/// Unpacks the layers of an image that the store has packed.
enum UnpackErrand {
    static func run(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ lease: borrowing Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        guard let digest = request.digest else { throw TransferFailure(.other, "no manifest is named") }
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
        try batch.run { (downloads) throws(RegistryError) in
            throw RegistryError(.notFound, "blobs of the image are missing; pull it again")
        }
    }
}
