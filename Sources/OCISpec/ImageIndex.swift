// SPDX-License-Identifier: Apache-2.0
// A list of manifests: one image for many platforms, or all images of a layout.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md

/// A list of manifests; the same as Docker's list.
/// See image-spec v1.1.1 image-index.md.
public struct ImageIndex: Sendable, Equatable {
    /// What the document calls itself.
    public var mediaType: MediaType?
    /// What it is about, when that is no image.
    public var artifactType: String?
    /// The manifests, in the order of preference.
    public var manifests: [Descriptor]
    /// The manifest that this one refers to.
    public var subject: Descriptor?
    /// Free keys and values.
    public var annotations: [StringPair]

    /// What is left out takes the value an absent key has.
    public init(
        mediaType: MediaType? = nil,
        artifactType: String? = nil,
        manifests: [Descriptor] = [],
        subject: Descriptor? = nil,
        annotations: [StringPair] = []
    ) {
        self.mediaType = mediaType
        self.artifactType = artifactType
        self.manifests = manifests
        self.subject = subject
        self.annotations = annotations
    }

    /// Most entries of an index.
    public static var mostManifests: Int { 10_000 }

    /// The entry that a machine of a platform runs best, the first of equals; an entry without a platform
    /// comes after all that name theirs. Nil when the machine can run none.
    public func manifest(for platform: Platform) -> Descriptor? {
        var best: (entry: Descriptor, rank: Int)?
        for entry in manifests where entry.mediaType.isManifest || entry.mediaType.isIndex {
            let rank = entry.platform.map { platform.rank(of: $0) } ?? .max
            guard let rank, rank < best?.rank ?? .max || best == nil else { continue }
            best = (entry, rank)
        }
        return best?.entry
    }

    /// The platforms that the entries name, without those of attestations.
    public var platforms: [Platform] {
        var found: [Platform] = []
        for case let platform? in manifests.map({ $0.platform })
        where platform.os != "unknown" && !found.contains(platform) {
            found.append(platform)
        }
        return found
    }
}
