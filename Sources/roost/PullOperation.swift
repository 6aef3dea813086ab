// SPDX-License-Identifier: Apache-2.0
// A pull from the name to the record in the index, drawn as docker draws it.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

/// Fetches images.
struct PullOperation {
    private let invocation: Invocation
    private let output: Int32
    private let isQuiet: Bool

    /// - Parameter output: where progress goes: standard output for `pull`, standard error for `run`.
    init(_ invocation: Invocation, output: Int32) {
        self.invocation = invocation
        self.output = output
        isQuiet = invocation.bool("quiet")
    }

    /// Fetches one image and names it in the index.
    func pull(
        _ reference: ImageReference, _ store: borrowing ImageStore
    ) throws(RuntimeError) -> ImageRecord {
        let before = try? store.find(reference.full)
        try imaging { () throws(ImageError) in try store.sweepLeftovers() }
        let lease = try ImageSource.lease(store)
        var view = ProgressView(output: output, size: Terminal.size(of: output))
        if !isQuiet { view.say("\(reference.target): Pulling from \(shownRepository(reference))") }
        var image: TransferredImage?
        let request = try request(reference)
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease) { event in
                switch event {
                case .progress(let progress): if !isQuiet { view.show(progress) }
                case .notice(let text): writeText("roost: \(text)\n", to: 2)
                case .image(let arrived): image = arrived
                default: break
                }
            }
        } catch {
            throw RuntimeError("cannot pull `\(reference.familiar)`: \(error.message)")
        }
        guard let image else { throw RuntimeError("`roost-transfer` brought no image") }
        let record = try keep(image, reference, store)
        if !isQuiet {
            let isNew = before?.id != record.id || before?.repositoryDigest != record.repositoryDigest
            view.say("Digest: \(image.repositoryDigest.text)")
            view.say(
                isNew
                    ? "Status: Downloaded newer image for \(reference.familiar)"
                    : "Status: Image is up to date for \(reference.familiar)")
        }
        return record
    }

    private func keep(
        _ image: TransferredImage, _ reference: ImageReference, _ store: borrowing ImageStore
    ) throws(RuntimeError) -> ImageRecord {
        try imaging { () throws(ImageError) in
            let record = try store.record(
                name: reference,
                manifest: Descriptor(
                    mediaType: MediaType(image.mediaType), digest: image.manifest, size: image.manifestSize),
                repositoryDigest: image.repositoryDigest)
            try store.add(record)
            return record
        }
    }

    private func request(_ reference: ImageReference) throws(RuntimeError) -> TransferRequest {
        var request = TransferRequest(.pull)
        request.reference = reference.familiar
        request.repository = reference.path
        request.tag = reference.digest == nil ? reference.tag ?? "latest" : ""
        request.digest = reference.digest
        request.platform = invocation.string("platform") ?? ""
        let access = try RegistryAccess(invocation)
        request.endpoints = access.sources(reference)
        request.concurrency = access.settings.concurrentDownloads
        return request
    }

    /// docker leaves its own registry's name away.
    private func shownRepository(_ reference: ImageReference) -> String {
        reference.domain == ImageReference.defaultDomain ? reference.path : reference.name
    }
}
