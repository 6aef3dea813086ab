// SPDX-License-Identifier: Apache-2.0
// The image store on disk, an OCI image layout with unpacked layers beside it. What is named is whole: all
// is written under a temporary name, checked, synced and renamed. roost and roost-transfer both use it; only
// roost writes index.json (module Images).
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
public import Kernel
public import OCISpec

/// An open image store.
public struct BlobStore: ~Copyable {
    /// The store's directory; all names are relative to it.
    public let directory: OwnedFileDescriptor

    /// Takes over a descriptor of a store's directory, as roost-transfer gets it.
    public init(owning directory: consuming OwnedFileDescriptor) { self.directory = directory }

    /// Opens the store in `path`; makes what is missing of it.
    public static func open(_ path: String) throws(BlobError) -> BlobStore {
        do throws(SyscallError) {
            if !Files.exists(path + "/" + layoutName) { try create(path) }
            return BlobStore(owning: try OwnedFileDescriptor.open(path, .directory))
        } catch {
            throw BlobError("cannot open the image store `\(path)`: \(error.number.text)", cause: error)
        }
    }

    // Everything here can be done twice at once, and `oci-layout` comes last.
    private static func create(_ path: String) throws(SyscallError) {
        try Files.makeDirectories(path, permissions: 0o700)
        for name in ["blobs/sha256", "ingest", "layers", "leases", "locks"] {
            try Files.makeDirectories(path + "/" + name, permissions: 0o700)
        }
        let directory = try OwnedFileDescriptor.open(path, .directory)
        // One name for all, and each writes the same: what a killed one left is what the next one writes.
        let name = layoutName + ".tmp"
        do {
            let file = try OwnedFileDescriptor.open(
                name, [.write, .create, .noFollow], permissions: 0o644, at: directory.number)
            try file.write("{\"imageLayoutVersion\":\"1.0.0\"}".utf8)
            try file.sync()
        }
        do throws(SyscallError) { try Files.rename(name, to: layoutName, at: directory.number) } catch {
            // Another one was quicker.
            let isThere = Files.exists(layoutName, at: directory.number)
            guard error.number == .noEntry, isThere else { throw error }
        }
    }

    /// Whether a blob is there, whole.
    public borrowing func has(_ digest: ContentDigest) -> Bool {
        Files.exists(Self.blob(digest), at: directory.number)
    }

    /// The size of a blob in bytes; nil when it is not there.
    public borrowing func size(of digest: ContentDigest) -> Int64? {
        (try? Files.status(Self.blob(digest), at: directory.number)).map { Int64($0.size) }
    }

    /// A blob, open for reading.
    public borrowing func openBlob(_ digest: ContentDigest) throws(BlobError) -> OwnedFileDescriptor {
        do throws(SyscallError) {
            return try OwnedFileDescriptor.open(Self.blob(digest), .noFollow, at: directory.number)
        } catch {
            throw error.number == .noEntry
                ? BlobError("the store has no blob `\(digest.text)`; pull the image again", cause: error)
                : BlobError("cannot open the blob `\(digest.text)`: \(error.number.text)", cause: error)
        }
    }

    /// The bytes of a small blob: a manifest, a configuration. More than `limit` is an error.
    public borrowing func read(_ digest: ContentDigest, limit: Int) throws(BlobError) -> [UInt8] {
        let file = try openBlob(digest)
        do throws(SyscallError) { return try file.readAll(limit: limit) } catch {
            throw BlobError("cannot read the blob `\(digest.text)`: \(error.number.text)", cause: error)
        }
    }

    /// Whether a layer is unpacked.
    public borrowing func hasLayer(_ chain: ContentDigest) -> Bool {
        Files.exists(Self.layer(chain), at: directory.number)
    }
}

// Names, relative to the store's directory.
extension BlobStore {
    /// The file that makes a directory an image layout.
    public static let layoutName = "oci-layout"
    /// The images by name.
    public static let indexName = "index.json"

    /// `blobs/sha256/<hex>`.
    public static func blob(_ digest: ContentDigest) -> String { "blobs/sha256/" + digest.hex }
    /// `ingest/<hex>.partial`: a blob while it comes in; kept when that breaks off.
    public static func partial(_ digest: ContentDigest) -> String { "ingest/" + digest.hex + ".partial" }
    /// `layers/<chain hex>`: `fs` with the files, `layer.json`.
    public static func layer(_ chain: ContentDigest) -> String { "layers/" + chain.hex }
    /// `layers/<chain hex>/fs`: the layer's files, as overlay takes them.
    public static func layerFiles(_ chain: ContentDigest) -> String { layer(chain) + "/fs" }
}
