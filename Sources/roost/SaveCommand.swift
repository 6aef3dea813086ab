// SPDX-License-Identifier: Apache-2.0
// `roost save`: into a file that is there whole or not at all, or to standard output.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct SaveCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        guard let path = invocation.string("output"), !path.isEmpty else {
            guard !Terminal.isTerminal(1) else {
                throw RuntimeError(
                    "cowardly refusing to save to a terminal; use the `-o` flag or redirect")
            }
            try save(to: 1)
            return 0
        }
        try save(as: path)
        return 0
    }

    private func save(as path: String) throws(RuntimeError) {
        if let status = try? Files.status(path), status.isDirectory {
            throw RuntimeError("`--output`: `\(path)` is a directory; name a file in it")
        }
        // What is no file, such as /dev/null or a pipe, is not replaced.
        if let status = try? Files.status(path), !status.isRegularFile {
            let file = try open(path, .write)
            try save(to: file.number)
            _ = consume file
            return
        }
        let temporary = path + "." + RandomName.make() + ".tmp"
        do throws(RuntimeError) {
            let file = try open(temporary, [.write, .create, .exclusive])
            try save(to: file.number)
            try explaining(path) { () throws(SyscallError) in
                try file.sync()
                try Files.rename(temporary, to: path)
            }
        } catch {
            try? Files.remove(temporary)
            throw error
        }
    }

    private func open(_ path: String, _ mode: OpenMode) throws(RuntimeError) -> OwnedFileDescriptor {
        do throws(SyscallError) { return try OwnedFileDescriptor.open(path, mode) } catch {
            throw RuntimeError("`--output`: cannot write `\(path)`: \(error.number.text)")
        }
    }

    private func explaining(
        _ path: String, _ body: () throws(SyscallError) -> Void
    ) throws(RuntimeError) {
        do throws(SyscallError) { try body() } catch {
            throw RuntimeError("`--output`: cannot write `\(path)`: \(error.number.text)")
        }
    }

    private func save(to descriptor: Int32) throws(RuntimeError) {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let lease = try ImageSource.lease(store)
        var request = TransferRequest(.save)
        let isOCI = invocation.string("format")?.hasPrefix("oci") ?? false
        request.format = isOCI ? "oci-archive" : "docker-archive"
        request.images = try images(store, lease)
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease, archive: descriptor) { event in
                if case .notice(let text) = event { writeText("roost: \(text)\n", to: 2) }
            }
        } catch {
            throw RuntimeError(error.message)
        }
    }

    /// Each manifest once, with the names that it was asked for by.
    private func images(
        _ store: borrowing ImageStore, _ lease: borrowing Lease
    ) throws(RuntimeError) -> [SavedImage] {
        let records = try imaging { () throws(ImageError) in try store.records() }
        var images: [SavedImage] = []
        for name in invocation.positionals {
            for (name, record) in try named(name, records, store) {
                let digest = record.manifest.digest
                let index = images.firstIndex { $0.manifest == digest } ?? images.count
                if index == images.count {
                    images.append(SavedImage(names: [], manifest: digest))
                    try hold(record, store, lease)
                }
                if let name, !images[index].names.contains(name) { images[index].names.append(name) }
            }
        }
        return images
    }

    private func named(
        _ text: String, _ records: [ImageRecord], _ store: borrowing ImageStore
    ) throws(RuntimeError) -> [(String?, ImageRecord)] {
        if let repository = try? ImageReference(text, defaultTag: nil), repository.tag == nil,
            repository.digest == nil
        {
            let all = records.filter { $0.repository == repository.name && $0.tag != nil }
            if !all.isEmpty { return all.map { ($0.name, $0) } }
        }
        let record = try imaging { () throws(ImageError) in try store.find(text) }
        // By an id, an image goes without a name.
        let isNamed = (try? ImageReference(text))?.full == record.name
        return [(isNamed ? record.name : nil, record)]
    }

    /// Its blobs stay while they are read, also when somebody removes the image.
    private func hold(
        _ record: ImageRecord, _ store: borrowing ImageStore, _ lease: borrowing Lease
    ) throws(RuntimeError) {
        let manifest = try imaging { () throws(ImageError) in try store.manifest(of: record) }
        do throws(BlobError) {
            for part in [record.manifest, manifest.config] + manifest.layers {
                _ = try lease.keepBlob(part.digest, in: store.blobs)
            }
        } catch {
            throw RuntimeError(error.description)
        }
    }
}
