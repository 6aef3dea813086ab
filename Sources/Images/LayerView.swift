// SPDX-License-Identifier: Apache-2.0
// The files of an image, to read: its layers as an overlay without an upper directory. A detached mount until
// it is attached.
internal import BlobStore
public import Kernel
public import OCISpec

/// What the layers of an image are together; read-only.
public struct LayerView: ~Copyable {
    /// The root, a detached mount.
    public let root: OwnedFileDescriptor

    /// Mounts the layers, the lowest first, which a lease or an image must hold.
    public init(_ store: borrowing ImageStore, chain: [ContentDigest]) throws(ImageError) {
        do throws(SyscallError) { root = try Self.mount(store.path, chain) } catch {
            throw ImageError("cannot mount the layers of the image: \(error.number.text) (\(error.call))")
        }
    }

    private static func mount(
        _ store: String, _ chain: [ContentDigest]
    ) throws(SyscallError) -> OwnedFileDescriptor {
        // An overlay without an upper directory wants two below.
        let empty = ["empty", "none"].map { store + "/mounts/" + $0 }
        for path in empty { try Files.makeDirectories(path, permissions: 0o755) }
        let layers = chain.reversed().map { store + "/" + BlobStore.layerFiles($0) }
        let scratch = store + "/mounts/." + RandomName.make()
        _ = try Files.makeDirectory(scratch)
        defer { try? Files.removeDirectory(scratch) }
        let parts = layers + empty.prefix(max(0, 2 - layers.count))
        return try OverlayMount(lower: parts).mount(scratch: scratch)
    }
}
