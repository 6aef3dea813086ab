// SPDX-License-Identifier: Apache-2.0
// `roost push`: one errand for each tag, drawn as docker draws it.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct PushCommand {
    let invocation: Invocation
    private let isQuiet: Bool

    init(_ invocation: Invocation) {
        self.invocation = invocation
        isQuiet = invocation.bool("quiet")
    }

    func run() throws(RuntimeError) -> Int32 {
        let name = invocation.positionals.first ?? ""
        let reference = try ImageSource(invocation, name).reference()
        guard reference.digest == nil else {
            throw RuntimeError("cannot push a digest reference; push a tag of `\(reference.familiarName)`")
        }
        let hasTag = (try? ImageReference(name, defaultTag: nil))?.tag != nil
        let isAll = invocation.bool("all-tags")
        if isAll, hasTag { throw RuntimeError("tag can't be used with --all-tags/-a: `\(name)`") }
        if !isAll, !hasTag, !isQuiet { writeText("Using default tag: latest\n", to: 1) }
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let records = try imaging { () throws(ImageError) in try store.records() }
        let chosen = try choose(records, reference, isAll)
        let access = try RegistryAccess(invocation)
        let endpoint = access.registry(reference.domain)
        if !isQuiet { writeText("The push refers to repository [\(reference.name)]\n", to: 1) }
        for record in chosen {
            try checkPlatform(record, store)
            var request = TransferRequest(.push)
            request.repository = reference.path
            request.endpoints = [endpoint]
            request.concurrency = access.settings.concurrentUploads
            try push(record, request, PushSiblings(record, records, store), store)
        }
        if isQuiet { writeText((isAll ? reference.name : reference.full) + "\n", to: 1) }
        return 0
    }

    private func choose(
        _ records: [ImageRecord], _ reference: ImageReference, _ isAll: Bool
    ) throws(RuntimeError) -> [ImageRecord] {
        var chosen = records.filter { $0.name == reference.full }
        if isAll { chosen = records.filter { $0.repository == reference.name && $0.tag != nil } }
        guard !chosen.isEmpty else {
            throw RuntimeError(
                "An image does not exist locally with the tag: \(reference.familiarName);"
                    + " `roost images` lists what there is, `roost tag` gives it a name")
        }
        return chosen.sorted { ($0.name ?? "").utf8.lexicographicallyPrecedes(($1.name ?? "").utf8) }
    }

    private func checkPlatform(
        _ record: ImageRecord, _ store: borrowing ImageStore
    ) throws(RuntimeError) {
        guard let text = invocation.string("platform") else { return }
        let has = try imaging { () throws(ImageError) in try store.configuration(of: record).platform }
        let wanted: Platform
        do throws(PlatformError) {
            wanted = try Platform(text, host: Platform(architecture: Machine.architecture, os: "linux"))
        } catch { throw RuntimeError(error.description) }
        guard wanted.rank(of: has) == nil else { return }
        throw RuntimeError(
            "image with reference `\(record.name ?? "")` was found but is for \(has.description),"
                + " not for \(wanted.description)")
    }

    private func push(
        _ record: ImageRecord, _ order: TransferRequest, _ siblings: PushSiblings,
        _ store: borrowing ImageStore
    ) throws(RuntimeError) {
        var request = order
        request.reference = record.name ?? ""
        request.tag = record.tag ?? ""
        request.digest = record.manifest.digest
        request.siblings = siblings.repositories
        let lease = try ImageSource.lease(store)
        var view = ProgressView(output: 1, size: Terminal.size(of: 1))
        var image: TransferredImage?
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease) { event in
                switch event {
                case .progress(let progress):
                    if !isQuiet { view.show(progress, siblings.detail(of: progress)) }
                case .notice(let text): writeText("roost: \(text)\n", to: 2)
                case .image(let sent): image = sent
                default: break
                }
            }
        } catch { throw refusal(error, record) }
        guard let image else { throw RuntimeError("`roost-transfer` sent no image") }
        try imaging { () throws(ImageError) in try store.note(image.repositoryDigest, of: record) }
        if !isQuiet {
            let digest = image.repositoryDigest.text
            view.say("\(request.tag): digest: \(digest) size: \(image.repositorySize)")
        }
    }

    /// docker's words for what may not be pushed, and what to do.
    private func refusal(_ failure: TransferFailure, _ record: ImageRecord) -> RuntimeError {
        guard failure.kind == .unauthorized else { return RuntimeError(failure.message) }
        let domain = (try? ImageReference(record.repository, defaultTag: nil))?.domain ?? ""
        let server = domain == ImageReference.defaultDomain ? "" : " " + domain
        return RuntimeError(
            "denied: requested access to the resource is denied; log in with `roost login\(server)` as"
                + " somebody who may push to `\(record.familiarRepository)` (\(failure.message))")
    }
}

/// Where the registry may take blobs from instead of being sent them: other repositories there that an image
/// of this store was pulled from or pushed to.
struct PushSiblings {
    /// For the configuration, then for each layer; empty where there is none.
    let repositories: [String]
    private let layers: [ContentDigest]

    init(
        _ record: ImageRecord, _ records: [ImageRecord], _ store: borrowing ImageStore
    ) throws(RuntimeError) {
        let manifest = try imaging { () throws(ImageError) in try store.manifest(of: record) }
        let wanted = [manifest.config.digest] + manifest.layers.map { $0.digest }
        var found = [String](repeating: "", count: wanted.count)
        let home = try? ImageReference(record.repository, defaultTag: nil)
        for other in records where other.repositoryDigest != nil && other.repository != record.repository {
            guard let place = try? ImageReference(other.repository, defaultTag: nil),
                place.domain == home?.domain, let there = try? store.manifest(of: other)
            else { continue }
            let has = Set([there.config.digest] + there.layers.map { $0.digest })
            for (index, digest) in wanted.enumerated() where found[index].isEmpty && has.contains(digest) {
                found[index] = place.path
            }
        }
        repositories = found
        layers = Array(wanted.dropFirst())
    }

    /// ` from library/ubuntu`, for a layer that was mounted.
    func detail(of progress: TransferProgress) -> String {
        guard progress.status == .mounted, let index = layers.firstIndex(where: { $0.short == progress.id })
        else { return "" }
        return " from " + repositories[index + 1]
    }
}
