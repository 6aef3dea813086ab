// SPDX-License-Identifier: Apache-2.0
// What roost asks of roost-transfer: one request a process, JSON on descriptor 3.
public import OCISpec

/// The descriptors that roost-transfer is started with, beside standard input, output and error.
public enum TransferDescriptor {
    /// The request, read to its end.
    public static let request: Int32 = 3
    /// Events, one JSON text a line.
    public static let events: Int32 = 4
    /// The directory of the store.
    public static let store: Int32 = 5
    /// The lease that what comes in is kept by; locked.
    public static let lease: Int32 = 6
    /// What archives are read from or written to.
    public static let archive: Int32 = 7
}

/// One errand.
public struct TransferRequest: Sendable, Equatable {
    /// What to do.
    public enum Operation: String, Sendable, CaseIterable {
        /// Fetch an image and unpack its layers.
        case pull
        /// Send an image.
        case push
        /// Ask whether a credential is taken.
        case login
        /// Look for images by a word.
        case search
        /// Unpack the layers of an image that the store has.
        case unpack
        /// Take images from an archive.
        case load
        /// Write images into an archive.
        case save
        /// Take a file system from an archive, as an image of one layer.
        case importing = "import"
        /// Write a directory of the store as a tar.
        case export
        /// Make a layer of a directory of the store.
        case pack
    }

    /// What to do.
    public var operation: Operation
    /// The image as the user wrote it, for messages.
    public var reference = ""
    /// The repository within the registry, such as `library/ubuntu`.
    public var repository = ""
    /// The tag; empty when a digest is asked for.
    public var tag = ""
    /// pull: the digest that is asked for. push, unpack: the manifest's.
    public var digest: ContentDigest?
    /// Where to ask, in order.
    public var endpoints: [Endpoint] = []
    /// `os/architecture[/variant]`; empty: the host's.
    public var platform = ""
    /// pull, push: every tag of the repository.
    public var allTags = false
    /// pull: the layers are left packed.
    public var keepsPacked = false
    /// push: for the configuration, then for each layer of the manifest, a repository of the same registry
    /// that is known to have it; empty where there is none.
    public var siblings: [String] = []
    /// save: what goes into the archive.
    public var images: [SavedImage] = []
    /// save: `docker-archive` or `oci-archive`.
    public var format = ""
    /// save, pack: `gzip`, `zstd` or empty.
    public var compression = ""
    /// export, pack: relative to the store.
    public var path = ""
    /// pack: an overlay's upper directory, whose whiteouts are written as such.
    public var isUpper = false
    /// import: the configuration's bytes, without `rootfs`.
    public var configuration = ""
    /// search: the words.
    public var words = ""
    /// search: at most so many.
    public var limit: Int32 = 0
    /// Layers of one image that come in at once.
    public var concurrency: Int32 = 3

    /// An errand.
    public init(_ operation: Operation) { self.operation = operation }
}

/// An image that is written into an archive.
public struct SavedImage: Sendable, Equatable {
    /// Full names, such as `docker.io/library/ubuntu:latest`; may be empty.
    public var names: [String]
    /// The manifest.
    public var manifest: ContentDigest

    /// An image.
    public init(names: [String], manifest: ContentDigest) {
        self.names = names
        self.manifest = manifest
    }
}
