// SPDX-License-Identifier: Apache-2.0
// What roost-transfer tells while it works: JSON lines on descriptor 4. The last one is `done` or `failed`;
// none of both means that it was killed.
public import OCISpec

/// Something that happened.
public enum TransferEvent: Sendable, Equatable {
    /// A part moved on.
    case progress(TransferProgress)
    /// Something that the user should know: a mirror passed over, a wall that is missing.
    case notice(String)
    /// An image is complete.
    case image(TransferredImage)
    /// One that was found by `search`.
    case found(FoundImage)
    /// login: taken. The token replaces the password when it is not empty.
    case authenticated(identityToken: String)
    /// Nothing more comes; all went well.
    case done
    /// Nothing more comes.
    case failed(TransferFailure)
}

/// How far one layer, or another part, is.
public struct TransferProgress: Sendable, Equatable {
    /// In docker's words.
    public enum Status: String, Sendable, CaseIterable {
        /// pull: it is listed and not begun.
        case fsLayer = "Pulling fs layer"
        /// pull, push: others go first.
        case waiting = "Waiting"
        /// pull: bytes come in.
        case downloading = "Downloading"
        /// pull: all bytes are here.
        case downloaded = "Download complete"
        /// pull: files are made.
        case extracting = "Extracting"
        /// pull: unpacked.
        case complete = "Pull complete"
        /// pull: it was unpacked before.
        case exists = "Already exists"
        /// pull: a broken download is tried again.
        case retrying = "Retrying"
        /// push: not begun.
        case preparing = "Preparing"
        /// push: bytes go out.
        case pushing = "Pushing"
        /// push: the registry has it now.
        case pushed = "Pushed"
        /// push: the registry had it.
        case layerExists = "Layer already exists"
        /// push: the registry took it from another repository.
        case mounted = "Mounted"
        /// load: files are made.
        case loading = "Loading layer"
    }

    /// The first 12 digits of the layer's digest.
    public var id: String
    /// What happens to it.
    public var status: Status
    /// Bytes done.
    public var current: Int64
    /// Bytes in all; 0: not known.
    public var total: Int64

    /// How far a part is.
    public init(id: String, status: Status, current: Int64 = 0, total: Int64 = 0) {
        self.id = id
        self.status = status
        self.current = current
        self.total = total
    }
}

/// An image that came in or went out.
public struct TransferredImage: Sendable, Equatable {
    /// Full names; one for pull and push, as many as the archive gives for load.
    public var names: [String]
    /// The manifest of one platform.
    public var manifest: ContentDigest
    /// Bytes of the manifest.
    public var manifestSize: Int64
    /// Its media type.
    public var mediaType: String
    /// What the name stands for in the registry: the index where there is one, else the manifest.
    public var repositoryDigest: ContentDigest
    /// Bytes of what was asked for by name, for `push`.
    public var repositorySize: Int64

    /// An image.
    public init(
        names: [String], manifest: ContentDigest, manifestSize: Int64, mediaType: String,
        repositoryDigest: ContentDigest, repositorySize: Int64
    ) {
        self.names = names
        self.manifest = manifest
        self.manifestSize = manifestSize
        self.mediaType = mediaType
        self.repositoryDigest = repositoryDigest
        self.repositorySize = repositorySize
    }
}

/// A row of `search`.
public struct FoundImage: Sendable, Equatable {
    /// The repository.
    public var name: String
    /// In its maker's words.
    public var description: String
    /// How many like it.
    public var stars: Int64
    /// Whether the registry's own people make it.
    public var isOfficial: Bool

    /// A row.
    public init(name: String, description: String, stars: Int64, isOfficial: Bool) {
        self.name = name
        self.description = description
        self.stars = stars
        self.isOfficial = isOfficial
    }
}

/// Why it did not work.
public struct TransferFailure: Error, Sendable, Equatable {
    /// What the caller may do something about.
    public enum Kind: String, Sendable, CaseIterable {
        /// Nothing of that name.
        case notFound
        /// A credential is missing, or not taken.
        case unauthorized
        /// Nobody answers.
        case unreachable
        /// What came is not what was asked for.
        case invalid
        /// The disk, the store, a bug.
        case other
    }

    /// Which kind.
    public var kind: Kind
    /// One sentence, without a secret in it.
    public var message: String

    /// A failure.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
