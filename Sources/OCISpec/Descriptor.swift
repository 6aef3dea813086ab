// SPDX-License-Identifier: Apache-2.0
// A pointer to a blob: what it is, its digest and its size, all three checked when the blob is read.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md

/// A pointer to a blob.
/// See image-spec v1.1.1 descriptor.md.
public struct Descriptor: Sendable, Equatable {
    /// What the blob is.
    public var mediaType: MediaType
    /// The SHA-256 of its bytes.
    public var digest: ContentDigest
    /// How many bytes it has; never negative.
    public var size: Int64
    /// Where it can be had besides the registry.
    public var urls: [String]
    /// Free keys and values.
    public var annotations: [StringPair]
    /// The blob itself in base64, when it is small.
    public var data: String?
    /// What an index's entry runs on.
    public var platform: Platform?
    /// What the manifest pointed to is about, when that is no image.
    public var artifactType: String?

    /// What is left out takes the value an absent key has.
    public init(
        mediaType: MediaType,
        digest: ContentDigest,
        size: Int64,
        urls: [String] = [],
        annotations: [StringPair] = [],
        data: String? = nil,
        platform: Platform? = nil,
        artifactType: String? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.urls = urls
        self.annotations = annotations
        self.data = data
        self.platform = platform
        self.artifactType = artifactType
    }

    /// The key of the annotation that names an image in the index of a layout.
    /// See image-spec v1.1.1 annotations.md.
    public static var referenceNameKey: String { "org.opencontainers.image.ref.name" }

    /// The name that the index of a layout gives to the image.
    public var referenceName: String? { annotations[Self.referenceNameKey] }
}
