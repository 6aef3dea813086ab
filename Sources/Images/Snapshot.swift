// SPDX-License-Identifier: Apache-2.0
// An image's files as a container sees them: its layers below, a directory of its own on top. The overlay is
// a detached mount, so that a crash leaves none on the host.
internal import BlobStore
public import Kernel
public import OCISpec

/// The root file system of one container.
public struct Snapshot: ~Copyable {
    /// The overlay's parts; nil where the files are a copy.
    public let overlay: OverlayMount?
    /// The root, a detached mount; for a copy, the directory itself.
    public let root: OwnedFileDescriptor
    /// An empty directory that the root may be mounted on, absolute; for a copy, the files.
    public let mountPoint: String
    /// What the user should know: why it is a copy.
    public let notice: String?
    private let directory: String

    /// Makes the snapshot of an unpacked image in `containers/<id>`. The chain IDs, the lowest first, must be
    /// held by a lease.
    public init(
        _ store: borrowing ImageStore, chain: [ContentDigest], id: String, isVolatile: Bool
    ) throws(ImageError) {
        let directory = store.path + "/containers/" + id
        try Self.explaining(directory) { () throws(SyscallError) in try Self.makeDirectories(directory) }
        let overlay = Self.parts(store.path, chain, directory, isVolatile)
        do throws(SyscallError) {
            root = try overlay.mount(scratch: directory + "/scratch")
            notice = nil
            self.overlay = overlay
        } catch {
            guard error.number == .invalid else {
                try? Files.removeTree(directory)
                throw ImageError("cannot mount the layers of the image: \(error.number.text) (\(error.call))")
            }
            root = try Self.copy(chain, store, directory)
            notice =
                "the file system of `\(store.path)` cannot hold an overlay's changes: the image is copied for"
                + " each container, which takes time and room; a store on ext4, xfs, btrfs or tmpfs (`--root`)"
                + " does without"
            self.overlay = nil
        }
        self.directory = directory
        mountPoint = directory + "/root"
    }

    /// The layers one over the other, where no overlay can be: each file by reflink where that is possible.
    private static func copy(
        _ chain: [ContentDigest], _ store: borrowing ImageStore, _ directory: String
    ) throws(ImageError) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            let root = try OwnedFileDescriptor.open(directory + "/root", .directory)
            for layer in chain {
                let files = try OwnedFileDescriptor.open(
                    BlobStore.layerFiles(layer), .directory, at: store.blobs.directory.number)
                try TreeCopy.merge(layer: files.number, into: root.number)
            }
            return root
        } catch {
            try? Files.removeTree(directory)
            throw ImageError("cannot copy the layers of the image: \(error.description)")
        }
    }

    /// The parts of the overlay of an image, made or not.
    public static func parts(
        _ store: String, _ chain: [ContentDigest], _ directory: String, _ isVolatile: Bool
    ) -> OverlayMount {
        // An overlay needs something below; an image without layers has nothing.
        let lower = chain.reversed().map { store + "/" + BlobStore.layerFiles($0) }
        return OverlayMount(
            lower: lower.isEmpty ? [directory + "/scratch"] : lower, upper: directory + "/upper",
            work: directory + "/work", isVolatile: isVolatile)
    }

    private static func makeDirectories(_ directory: String) throws(SyscallError) {
        try Files.makeDirectories(directory, permissions: 0o700)
        for name in ["upper", "work", "root", "scratch"] {
            _ = try Files.makeDirectory(directory + "/" + name, permissions: 0o755)
        }
    }

    private static func explaining(
        _ directory: String, _ body: () throws(SyscallError) -> Void
    ) throws(ImageError) {
        do throws(SyscallError) { try body() } catch {
            throw ImageError("cannot make the container's directory `\(directory)`: \(error.number.text)")
        }
    }

    /// Removes what the container wrote, and its directory.
    public consuming func remove() {
        let directory = self.directory
        try? Files.removeTree(directory)
    }
}
