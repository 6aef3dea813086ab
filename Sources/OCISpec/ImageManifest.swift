// SPDX-License-Identifier: Apache-2.0
// One image: its configuration and its layers.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md

/// The configuration and the layers of one image.
/// See image-spec v1.1.1 manifest.md.
public struct ImageManifest: Sendable, Equatable {
    /// What the document calls itself.
    public var mediaType: MediaType?
    /// What it is about, when that is no image.
    public var artifactType: String?
    /// The configuration.
    public var config: Descriptor
    /// The layers, lowest first.
    public var layers: [Descriptor]
    /// The manifest that this one refers to.
    public var subject: Descriptor?
    /// Free keys and values.
    public var annotations: [StringPair]

    /// What is left out takes the value an absent key has.
    public init(
        mediaType: MediaType? = nil,
        artifactType: String? = nil,
        config: Descriptor,
        layers: [Descriptor] = [],
        subject: Descriptor? = nil,
        annotations: [StringPair] = []
    ) {
        self.mediaType = mediaType
        self.artifactType = artifactType
        self.config = config
        self.layers = layers
        self.subject = subject
        self.annotations = annotations
    }

    /// Most layers of an image: what one overlay takes.
    public static var mostLayers: Int { 500 }
}
