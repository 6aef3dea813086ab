// SPDX-License-Identifier: Apache-2.0
// What keeps blobs and layers that no image names yet: a pull's, a container's. A lease is a file that its
// owner holds locked; it lists digests and chain IDs. The lock goes with the last process that has the
// descriptor, so a killed owner leaves a file that means nothing and that the next sweep removes.
public import Kernel
public import OCISpec

/// A lease that this process, or one that it started, holds.
public struct Lease: ~Copyable {
    /// The lease's file, locked. A program that gets it shares the lease.
    public let file: OwnedFileDescriptor
    private let name: String
    private let directory: OwnedFileDescriptor?

    /// Makes a lease.
    public init(_ store: borrowing BlobStore) throws(BlobError) {
        let name = RandomName.make()
        let directory = try Self.openDirectory(store)
        file = try Self.make(name, store, directory.number)
        self.name = name
        self.directory = consume directory
    }

    private static func openDirectory(
        _ store: borrowing BlobStore
    ) throws(BlobError) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            return try OwnedFileDescriptor.open("leases", .directory, at: store.directory.number)
        } catch {
            throw BlobError("cannot open the leases of the image store: \(error.number.text)", cause: error)
        }
    }

    // Not locked yet, it would look like a killed owner's to a sweep.
    private static func make(
        _ name: String, _ store: borrowing BlobStore, _ directory: Int32
    ) throws(BlobError) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            let gate = try StoreLock(store, .sweep, shared: true)
            let file = try OwnedFileDescriptor.open(
                name, [.write, .append, .create, .exclusive], at: directory)
            _ = try FileLock.take(file, wait: true)
            _ = consume gate
            return file
        } catch {
            throw BlobError("cannot make a lease in the image store: \(error.number.text)", cause: error)
        }
    }

    /// A lease that was handed to this process; its file stays when this goes.
    public init(owning file: consuming OwnedFileDescriptor) {
        self.file = file
        name = ""
        directory = nil
    }

    deinit {
        switch directory {
        case .some(let directory): try? Files.remove(name, at: directory.number)
        case .none: break
        }
    }

    /// Keeps a blob from being swept, and tells whether it is there. A blob that is not there is kept as
    /// soon as it comes.
    public borrowing func keepBlob(
        _ digest: ContentDigest, in store: borrowing BlobStore
    ) throws(BlobError) -> Bool {
        try keep(digest, store)
        return store.has(digest)
    }

    /// The same for an unpacked layer.
    public borrowing func keepLayer(
        _ chain: ContentDigest, in store: borrowing BlobStore
    ) throws(BlobError) -> Bool {
        try keep(chain, store)
        return store.hasLayer(chain)
    }

    // A sweep that has read the leases goes on without this line: it must be over before the caller looks.
    private borrowing func keep(_ digest: ContentDigest, _ store: borrowing BlobStore) throws(BlobError) {
        do throws(SyscallError) {
            let gate = try StoreLock(store, .sweep, shared: true)
            try file.write((digest.hex + "\n").utf8)
            _ = consume gate
        } catch {
            throw BlobError("cannot write a lease of the image store: \(error.number.text)", cause: error)
        }
    }
}
