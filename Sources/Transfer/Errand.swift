// SPDX-License-Identifier: Apache-2.0
// One errand of roost-transfer: from the descriptors that it was started with to its last event.
internal import BlobStore
internal import CTransfer
internal import JSON
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// What this process was started for.
public enum Errand {
    /// Reads the request, runs the errand and tells how it went. Returns the exit status.
    public static func run() -> Int32 {
        let report = ErrandReport(TransferDescriptor.events)
        // An image may have 500 layers, each with three files open; the usual limit is 1024.
        _ = transfer_raise_descriptors()
        do throws(TransferFailure) {
            let request = try readRequest()
            if try ask(request, report) {
                report.tell(.done)
                return 0
            }
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
        let readable = readable(request)
        do throws(LayerError) {
            for notice in try Sandbox.confine(store, alsoReadable: readable).notices {
                report.tell(.notice(notice))
            }
        } catch {
            throw TransferFailure(.other, error.description)
        }
    }

    /// Certificates that are neither below /etc nor below /usr.
    private static func readable(_ request: TransferRequest) -> [String] {
        var readable = request.endpoints.map { $0.certificates }.filter { !$0.isEmpty }
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if let path = ThisProcess.environment(name), !path.isEmpty { readable.append(path) }
        }
        return readable
    }

    /// Runs an errand that comes without a store; false when it is none of these.
    private static func ask(
        _ request: TransferRequest, _ report: ErrandReport
    ) throws(TransferFailure) -> Bool {
        guard request.operation == .login || request.operation == .search else { return false }
        do throws(LayerError) {
            for notice in try Sandbox.confineWithoutStore(alsoReadable: readable(request)).notices {
                report.tell(.notice(notice))
            }
        } catch {
            throw TransferFailure(.other, error.description)
        }
        switch request.operation {
        case .login: try LoginErrand.run(request, report)
        case .search: try SearchErrand.run(request, report)
        default: break
        }
        return true
    }

    private static func carryOut(
        _ request: TransferRequest, _ store: consuming BlobStore, _ lease: consuming Lease,
        _ report: ErrandReport
    ) throws(TransferFailure) {
        switch request.operation {
        case .pull: try PullErrand(request, store, lease, report).run()
        case .push: try PushErrand(request, store, lease, report).run()
        case .unpack: try UnpackErrand.run(request, store, lease, report)
        case .load: try ArchiveErrand.load(request, store, lease, report)
        case .save: try ArchiveErrand.save(request, store)
        case .importing: try ArchiveErrand.importing(request, store, lease, report)
        case .export: try ArchiveErrand.export(request, store)
        case .pack: try ArchiveErrand.pack(request, store, lease, report)
        case .login, .search: break
        }
    }
}
