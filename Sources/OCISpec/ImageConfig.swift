// SPDX-License-Identifier: Apache-2.0
// What an image says about itself and about the program in it.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md

/// The configuration of an image; the digest of its text is the image's id.
/// See image-spec v1.1.1 config.md.
public struct ImageConfig: Sendable, Equatable {
    /// When the image was made, RFC 3339.
    public var created: String?
    /// Who made it.
    public var author: String?
    /// What it runs on.
    public var platform: Platform
    /// What a container of it starts with.
    public var config: ImageDefaults
    /// The digest of each layer's tar, lowest first.
    public var diffIDs: [ContentDigest]
    /// How each layer came about.
    public var history: [ImageHistory]

    /// What is left out takes the value an absent key has.
    public init(
        created: String? = nil,
        author: String? = nil,
        platform: Platform,
        config: ImageDefaults = ImageDefaults(),
        diffIDs: [ContentDigest] = [],
        history: [ImageHistory] = []
    ) {
        self.created = created
        self.author = author
        self.platform = platform
        self.config = config
        self.diffIDs = diffIDs
        self.history = history
    }

    /// Most bytes of a configuration: 8 MiB.
    public static var limit: Int { 8 << 20 }
    /// Most entries of a history; entries without a layer count too.
    public static var mostHistory: Int { 10_000 }
}

/// One step of how an image came about.
/// See image-spec v1.1.1 config.md#properties.
public struct ImageHistory: Sendable, Equatable {
    /// When, RFC 3339.
    public var created: String?
    /// By which command.
    public var createdBy: String?
    /// By whom.
    public var author: String?
    /// A note.
    public var comment: String?
    /// Whether the step made no layer.
    public var emptyLayer: Bool

    /// What is left out takes the value an absent key has.
    public init(
        created: String? = nil,
        createdBy: String? = nil,
        author: String? = nil,
        comment: String? = nil,
        emptyLayer: Bool = false
    ) {
        self.created = created
        self.createdBy = createdBy
        self.author = author
        self.comment = comment
        self.emptyLayer = emptyLayer
    }
}
