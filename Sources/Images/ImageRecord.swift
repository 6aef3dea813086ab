// SPDX-License-Identifier: Apache-2.0
// One line of `images`: a descriptor of index.json with what lists show in its annotations, so that a list
// of many images reads one file.
public import OCISpec

/// A name of an image, or an image without one.
public struct ImageRecord: Sendable, Equatable {
    /// The full name with tag or digest, such as `docker.io/library/ubuntu:latest`; nil when another image
    /// has taken the name, or when there never was one.
    public var name: String?
    /// The full name of the repository, `docker.io/library/ubuntu`; empty when there is none.
    public var repository: String
    /// The digest of the configuration: the image's id.
    public var id: ContentDigest
    /// The manifest of one platform.
    public var manifest: Descriptor
    /// What the registry knows the image by: the digest of the index where there is one; nil for an image
    /// that no registry gave.
    public var repositoryDigest: ContentDigest?
    /// When the image was made, as its configuration says (RFC 3339); may be empty.
    public var created: String
    /// Bytes of all unpacked files.
    public var size: Int64

    /// A record.
    public init(
        name: String?, repository: String, id: ContentDigest, manifest: Descriptor,
        repositoryDigest: ContentDigest? = nil, created: String = "", size: Int64 = 0
    ) {
        self.name = name
        self.repository = repository
        self.id = id
        self.manifest = manifest
        self.repositoryDigest = repositoryDigest
        self.created = created
        self.size = size
    }

    private enum Key {
        static let id = "io.roost.image.id"
        static let repository = "io.roost.image.repository"
        static let repositoryDigest = "io.roost.image.repository-digest"
        static let size = "io.roost.image.size"
        static let created = "org.opencontainers.image.created"
    }

    /// Nil for an entry that another tool has written and that says no id.
    init?(_ descriptor: Descriptor) {
        let notes = descriptor.annotations
        guard let id = notes[Key.id].flatMap({ ContentDigest($0) }) else { return nil }
        var manifest = descriptor
        manifest.annotations = []
        self.init(
            name: descriptor.referenceName, repository: notes[Key.repository] ?? "", id: id,
            manifest: manifest, repositoryDigest: notes[Key.repositoryDigest].flatMap { ContentDigest($0) },
            created: notes[Key.created] ?? "", size: notes[Key.size].flatMap { Int64($0) } ?? 0)
    }

    var descriptor: Descriptor {
        var descriptor = manifest
        var notes: [StringPair] = []
        if let name { notes.append(StringPair(key: Descriptor.referenceNameKey, value: name)) }
        if !created.isEmpty { notes.append(StringPair(key: Key.created, value: created)) }
        notes.append(StringPair(key: Key.id, value: id.text))
        if !repository.isEmpty { notes.append(StringPair(key: Key.repository, value: repository)) }
        if let repositoryDigest {
            notes.append(StringPair(key: Key.repositoryDigest, value: repositoryDigest.text))
        }
        notes.append(StringPair(key: Key.size, value: "\(size)"))
        descriptor.annotations = notes
        return descriptor
    }

    /// The tag; nil when the name has none.
    public var tag: String? {
        guard let name, let reference = try? ImageReference(name, defaultTag: nil) else { return nil }
        return reference.tag
    }

    /// The repository as users write it.
    public var familiarRepository: String {
        (try? ImageReference(repository, defaultTag: nil))?.familiarName ?? repository
    }
}
