// SPDX-License-Identifier: Apache-2.0
// One blob of a layer on its way into the store: `ingest/<hex>.partial`, locked while it comes in, kept when
// that breaks off, renamed when its digest is proven.
internal import BlobStore
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// A blob that comes in, or that is there.
final class LayerIntake {
    /// What it must be.
    let descriptor: Descriptor
    /// The file, which the unpacker reads behind the download.
    let file: GrowingFile
    /// Bytes that were there when this began; of a broken download, which may have been cut by a crash.
    let resumed: Int64
    /// Whether it is a blob of the store already.
    private(set) var isStored: Bool
    /// Whether the registry began anew with other bytes.
    private(set) var hasChanged = false
    private var isGone = false
    private let store: Int32

    /// Opens the blob, or its partial file. Waits while another process fetches the same one.
    init(_ descriptor: Descriptor, _ store: borrowing BlobStore) throws(TransferFailure) {
        self.descriptor = descriptor
        self.store = store.directory.number
        do throws(SyscallError) {
            if let blob = try Self.openStored(descriptor.digest, store) {
                resumed = Int64(try Files.status("", at: blob.number).size)
                file = GrowingFile(owning: blob, count: resumed, isComplete: true)
                isStored = true
                return
            }
            let partial = try Self.openPartial(descriptor, store)
            // While this waited for the lock, the blob may have come.
            if let blob = try Self.openStored(descriptor.digest, store) {
                try? Files.remove(BlobStore.partial(descriptor.digest), at: store.directory.number)
                resumed = Int64(try Files.status("", at: blob.number).size)
                file = GrowingFile(owning: blob, count: resumed, isComplete: true)
                isStored = true
                return
            }
            let size = Int64(try Files.status("", at: partial.number).size)
            resumed = size > descriptor.size ? 0 : size
            if resumed != size { try partial.truncate(to: 0) }
            file = GrowingFile(owning: partial, count: resumed, isComplete: resumed == descriptor.size)
            isStored = false
        } catch {
            throw TransferFailure(
                .other, "cannot open the blob `\(descriptor.digest.text)`: \(error.number.text)")
        }
    }

    private static func openStored(
        _ digest: ContentDigest, _ store: borrowing BlobStore
    ) throws(SyscallError) -> OwnedFileDescriptor? {
        guard store.has(digest) else { return nil }
        return try OwnedFileDescriptor.open(
            BlobStore.blob(digest), .noFollow, at: store.directory.number)
    }

    private static func openPartial(
        _ descriptor: Descriptor, _ store: borrowing BlobStore
    ) throws(SyscallError) -> OwnedFileDescriptor {
        let name = BlobStore.partial(descriptor.digest)
        while true {
            let file = try OwnedFileDescriptor.open(
                name, [.readWrite, .create, .noFollow], permissions: 0o644, at: store.directory.number)
            _ = try FileLock.take(file, wait: true)
            // Who had the lock has renamed or removed what was opened here.
            let mine = try Files.status("", at: file.number)
            if let now = try? Files.status(name, at: store.directory.number), now.inode == mine.inode {
                return file
            }
            if store.has(descriptor.digest) { return file }
        }
    }

    /// Whether bytes have to be fetched.
    var isMissing: Bool { !isStored && !file.isComplete }

    /// The download of what is missing; its progress goes to `report`.
    func download(_ report: ErrandReport) -> BlobDownload {
        let (id, size, file) = (descriptor.digest.short, descriptor.size, file)
        var received = resumed
        return BlobDownload(
            descriptor.digest, size: size, received: resumed,
            receive: { (bytes) throws(RegistryError) in
                // The unpacker has given up: what still comes is of no use.
                if let failure = file.failure { throw RegistryError(.stopped, failure) }
                do throws(LayerError) { try file.append(bytes) } catch {
                    self.hasChanged = error.description == GrowingFile.differs
                    throw RegistryError(.stopped, error.description)
                }
                received += Int64(bytes.count)
                report.progress(id, .downloading, received, of: size)
            },
            restart: {
                received = 0
                report.progress(id, .retrying)
                file.reset()
            },
            finish: {
                file.complete()
                report.progress(id, .downloaded, size, of: size)
            })
    }

    /// Makes it a blob of the store, once the digest of all its bytes is proven.
    func keep() throws(TransferFailure) {
        guard !isStored else { return }
        do throws(SyscallError) {
            try Files.sync(file.descriptor)
            try Files.rename(
                BlobStore.partial(descriptor.digest), to: BlobStore.blob(descriptor.digest), at: store)
            isStored = true
        } catch {
            throw TransferFailure(
                .other, "cannot keep the blob `\(descriptor.digest.text)`: \(error.number.text)")
        }
    }

    /// Throws away what is not what it must be; a blob of the store stays.
    func discard() {
        // Once: the name may be another process's then.
        if isStored || isGone { return }
        isGone = true
        try? Files.remove(BlobStore.partial(descriptor.digest), at: store)
    }
}
