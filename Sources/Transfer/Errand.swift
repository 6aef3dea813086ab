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
            try confine(request, store, report)
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

    // Before anything is read that a stranger wrote, and before libcurl starts a thread.
    private static func confine(
        _ request: TransferRequest, _ store: borrowing BlobStore, _ report: ErrandReport
    ) throws(TransferFailure) {
        var readable = request.endpoints.map { $0.certificates }.filter { !$0.isEmpty }
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if let path = ThisProcess.environment(name), !path.isEmpty { readable.append(path) }
        }
        do throws(LayerError) {
            for notice in try Sandbox.confine(store, alsoReadable: readable).notices {
                report.tell(.notice(notice))
            }
        } catch {
            throw TransferFailure(.other, error.description)
        }
    }

    private static func carryOut(
        _ request: TransferRequest, _ store: consuming BlobStore, _ lease: consuming Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        switch request.operation {
        case .pull: try PullErrand(request, store, lease, report).run()
        case .unpack: try UnpackErrand.run(request, store, lease, report)
        case .load: try ArchiveErrand.load(request, store, lease, report)
        case .save: try ArchiveErrand.save(request, store)
        case .importing: try ArchiveErrand.importing(request, store, lease, report)
        case .export: try ArchiveErrand.export(request, store)
        case .pack: try ArchiveErrand.pack(request, store, lease, report)
        default: throw TransferFailure(.other, "`\(request.operation.rawValue)` is not done yet")
        }
    }
}
