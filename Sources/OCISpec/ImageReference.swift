// SPDX-License-Identifier: Apache-2.0
// What users call an image: `ubuntu`, `ghcr.io/a/b:1.0`, `host:5000/a@sha256:…`.
// Source: https://github.com/distribution/reference/blob/v0.6.0/reference.go

/// A name of an image, whole: registry, repository, and a tag, a digest or both.
public struct ImageReference: Sendable, Hashable {
    /// The registry as the name has it: `docker.io`, `localhost:5000`.
    public let domain: String
    /// The repository in the registry: `library/ubuntu`.
    public let path: String
    /// The tag, which may move from one image to another.
    public let tag: String?
    /// The digest of the manifest, which says which image is meant.
    public let digest: ContentDigest?

    init(domain: String, path: String, tag: String?, digest: ContentDigest?) {
        self.domain = domain
        self.path = path
        self.tag = tag
        self.digest = digest
    }

    /// The registry of names that name none.
    public static var defaultDomain: String { "docker.io" }
    /// The tag of names that have neither tag nor digest.
    public static var defaultTag: String { "latest" }
    /// Most bytes of registry and repository together.
    public static var longestName: Int { 255 }
    /// Most bytes of a tag.
    public static var longestTag: Int { 128 }

    /// Registry and repository: `docker.io/library/ubuntu`.
    public var name: String { domain + "/" + path }
    /// Everything: `docker.io/library/ubuntu:latest`; what an index is searched for.
    public var full: String { name + suffix }
    /// The name as docker prints it: `ubuntu`, `a/b`, `ghcr.io/a/b`; whole where the short one means another.
    public var familiarName: String {
        guard domain == Self.defaultDomain else { return name }
        let isOfficial = path.hasPrefix("library/") && path.utf8.count { $0 == UInt8(ascii: "/") } == 1
        let short = isOfficial ? String(path.dropFirst("library/".utf8.count)) : path
        return (try? Self(short))?.name == name ? short : name
    }
    /// Everything as docker prints it: `ubuntu:latest`.
    public var familiar: String { familiarName + suffix }
    /// The host, and perhaps port, that answers for the registry: Docker's is not where its name says.
    public var registryHost: String { domain == Self.defaultDomain ? "registry-1.docker.io" : domain }
    /// What comes after `/v2/PATH/manifests/`: the digest if there is one, else the tag.
    public var target: String { digest?.text ?? tag ?? Self.defaultTag }

    private var suffix: String { (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0.text } ?? "") }

    /// The same repository under another tag, without a digest; throws when it is no tag.
    public func tagged(_ tag: String) throws(ReferenceError) -> Self {
        let other = try Self(name + ":" + tag)
        guard other.tag == tag else {
            throw ReferenceError(reference: other.full, reason: "a digest follows the tag")
        }
        return other
    }

    /// The same repository at a digest, without a tag.
    public func pinned(_ digest: ContentDigest) -> Self {
        Self(domain: domain, path: path, tag: nil, digest: digest)
    }
}

extension ImageReference: CustomStringConvertible {
    /// `familiar`.
    public var description: String { familiar }
}

/// Why a text names no image.
public struct ReferenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text.
    public let reference: String
    /// What is wrong with it, and where.
    public let reason: String

    /// One sentence.
    public var description: String { "invalid reference format: `\(reference)`: \(reason)" }
}
