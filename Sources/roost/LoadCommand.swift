// SPDX-License-Identifier: Apache-2.0
// `roost load`.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct LoadCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        guard let path = invocation.string("input"), !path.isEmpty else {
            guard !Terminal.isTerminal(0) else {
                throw RuntimeError(
                    "requested load from stdin, but stdin is empty; use the `-i` flag or redirect")
            }
            try load(from: 0)
            return 0
        }
        let file = try ArchiveInput.open(path, "--input")
        try load(from: file.number)
        _ = consume file
        return 0
    }

    private func load(from descriptor: Int32) throws(RuntimeError) {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let lease = try ImageSource.lease(store)
        var request = TransferRequest(.load)
        request.platform = invocation.string("platform") ?? ""
        let size = invocation.bool("quiet") ? nil : Terminal.size(of: 1)
        var view = ProgressView(output: 1, size: size)
        var images: [TransferredImage] = []
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease, archive: descriptor) { event in
                switch event {
                case .progress(let progress): if size != nil { view.show(progress) }
                case .notice(let text): writeText("roost: \(text)\n", to: 2)
                case .image(let image): images.append(image)
                default: break
                }
            }
        } catch {
            throw RuntimeError("cannot load the archive: \(error.message)")
        }
        for image in images { try keep(image, store) }
    }

    private func keep(_ image: TransferredImage, _ store: borrowing ImageStore) throws(RuntimeError) {
        var names: [ImageReference] = []
        // A word alone is a tag of nothing: layouts of skopeo have such.
        for name in image.names where name.utf8.contains(where: { $0 == 0x3a || $0 == 0x2f }) {
            if let reference = try? ImageReference(name), reference.digest == nil { names.append(reference) }
        }
        for name in names {
            _ = try ArchiveInput.keep(image, name, store)
            writeText("Loaded image: \(name.familiar)\n", to: 1)
        }
        guard names.isEmpty else { return }
        let id = try ArchiveInput.keep(image, nil, store)
        writeText("Loaded image ID: \(id.text)\n", to: 1)
    }
}

/// What `load` and `import` have in common.
enum ArchiveInput {
    static func open(_ path: String, _ what: String) throws(RuntimeError) -> OwnedFileDescriptor {
        do throws(SyscallError) { return try OwnedFileDescriptor.open(path) } catch {
            throw RuntimeError("`\(what)`: cannot open `\(path)`: \(error.number.text)")
        }
    }

    /// Enters an image into the index, and returns its id.
    static func keep(
        _ image: TransferredImage, _ name: ImageReference?, _ store: borrowing ImageStore
    ) throws(RuntimeError) -> ContentDigest {
        // What a registry is known to have stays known when the same image comes again.
        if let name, let record = try? store.find(name.full), record.manifest.digest == image.manifest {
            return record.id
        }
        return try imaging { () throws(ImageError) in
            let record = try store.record(
                name: name,
                manifest: Descriptor(
                    mediaType: MediaType(image.mediaType), digest: image.manifest, size: image.manifestSize),
                repositoryDigest: nil)
            try store.add(record)
            return record.id
        }
    }
}
