// SPDX-License-Identifier: Apache-2.0
// Where the image of a `run` comes from: the store, or a registry first.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

/// An image that a command names.
struct ImageSource {
    let invocation: Invocation
    let name: String

    init(_ invocation: Invocation, _ name: String) {
        self.invocation = invocation
        self.name = name
    }

    /// The record of the image, pulled when `--pull` says so.
    func record(_ store: borrowing ImageStore) throws(RuntimeError) -> ImageRecord {
        let policy = invocation.string("pull") ?? "missing"
        if policy != "always" {
            do throws(ImageError) { return try store.find(name) } catch {
                guard error.kind == .notFound, policy == "missing" else {
                    throw RuntimeError(error.description)
                }
            }
        }
        let reference = try reference()
        if policy == "missing" {
            writeText("Unable to find image '\(reference.familiar)' locally\n", to: 2)
        }
        return try PullOperation(invocation, output: 2).pull(reference, store)
    }

    func reference() throws(RuntimeError) -> ImageReference {
        do throws(ReferenceError) { return try ImageReference(name) } catch {
            throw RuntimeError(error.description)
        }
    }

    static func lease(_ store: borrowing ImageStore) throws(RuntimeError) -> Lease {
        do throws(BlobError) { return try Lease(store.blobs) } catch {
            throw RuntimeError(error.description)
        }
    }

    /// Holds the layers, and unpacks those that are packed.
    static func unpack(
        _ record: ImageRecord, _ chain: [ContentDigest], _ store: borrowing ImageStore,
        _ lease: borrowing Lease
    ) throws(RuntimeError) {
        var isUnpacked = true
        do throws(BlobError) {
            for layer in chain where !(try lease.keepLayer(layer, in: store.blobs)) { isUnpacked = false }
        } catch {
            throw RuntimeError(error.description)
        }
        guard !isUnpacked else { return }
        var request = TransferRequest(.unpack)
        request.reference = record.name ?? record.id.short
        request.digest = record.manifest.digest
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease) { event in
                if case .notice(let text) = event { writeText("roost: \(text)\n", to: 2) }
            }
        } catch {
            throw RuntimeError(error.message)
        }
    }
}
