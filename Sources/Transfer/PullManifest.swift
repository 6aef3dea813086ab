// SPDX-License-Identifier: Apache-2.0
// Manifests: found by tag or digest, and what they say they are. The digest is always computed here.
// Source: distribution-spec spec.md#pulling-manifests
internal import Digest
internal import JSON
public import OCISpec

/// What a manifest is asked for by.
public enum ManifestName: Equatable, Sendable {
    /// A tag.
    case tag(String)
    /// A digest, which binds.
    case digest(ContentDigest)

    /// As it stands in an address.
    var text: String {
        switch self {
        case .tag(let tag): tag
        case .digest(let digest): digest.text
        }
    }
}

/// A manifest or an index as it came, byte for byte.
public struct FetchedManifest: Equatable, Sendable {
    /// The SHA-256 of the bytes.
    public let digest: ContentDigest
    /// The media type: the answer's and the document's, which agree.
    public let mediaType: String
    /// The document.
    public let bytes: [UInt8]
}

extension RegistryClient {
    /// Most bytes of a manifest.
    public static let manifestLimit = 4 << 20

    /// The types that can be had: OCI's and docker's, never schema 1.
    static let manifestTypes = [
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]

    /// A manifest or index by its name; at mirrors first.
    public func manifest(_ name: ManifestName) throws(RegistryError) -> FetchedManifest {
        let call = try manifestCall("GET", name)
        call.asksMirrors = true
        call.limit = Self.manifestLimit
        // Checked where another place can still be asked.
        var fetched: FetchedManifest?
        call.next = { (answer) throws(RegistryError) in
            do throws(RegistryError) { fetched = try Self.checked(answer, name) } catch {
                throw error.about(call.subject)
            }
            return nil
        }
        defer { call.next = nil }
        _ = try ask(call)
        guard let fetched else { throw RegistryError(.network, "there is no answer") }
        return fetched
    }

    /// The manifest behind a name. `choose` gets each document and answers which manifest of an index is
    /// meant, or nil when the document is the image's manifest. Returns all documents, the image's last.
    public func resolve(
        _ name: ManifestName, choose: (FetchedManifest) throws(RegistryError) -> ContentDigest?
    ) throws(RegistryError) -> [FetchedManifest] {
        var found = [try manifest(name)]
        while let last = found.last, let digest = try choose(last) {
            guard found.count < 4 else {
                throw RegistryError(.invalid, "`\(name.text)`: more than 3 indexes inside one another")
            }
            found.append(try manifest(.digest(digest)))
        }
        return found
    }

    func manifestCall(
        _ method: String, _ name: ManifestName, push: Bool = false
    ) throws(RegistryError) -> RegistryCall {
        if case .tag(let tag) = name, !Self.isTag(tag) {
            throw RegistryError(.invalid, "`\(HTTPText.shown(tag, limit: 140))` is no tag")
        }
        let shown = repository + (name.isDigest ? "@" : ":") + name.text
        let call = call(method, "manifests/" + name.text, about: "`\(shown)`", push: push)
        if method != "PUT" {
            for type in Self.manifestTypes { call.fields.append(("Accept", type)) }
        }
        return call
    }

    private static func isTag(_ tag: String) -> Bool {
        guard let first = tag.utf8.first, tag.utf8.count <= 128 else { return false }
        let isLetter: (UInt8) -> Bool = {
            HTTPText.isDigit($0) || HTTPText.isLetter($0) || $0 == UInt8(ascii: "_")
        }
        return isLetter(first)
            && tag.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    static func checked(_ answer: HTTPAnswer, _ name: ManifestName) throws(RegistryError) -> FetchedManifest {
        let digest = ContentDigest(hash: SHA256.hash(answer.body))
        if case .digest(let wanted) = name { try check(answer.body, wanted) }
        if let told = answer.head.first("docker-content-digest"), !HTTPText.same(told, digest.text) {
            throw RegistryError(
                .invalid,
                "the registry says `\(HTTPText.shown(told, limit: 80))`,"
                    + " but the content has the digest `\(digest.text)`")
        }
        let type = try ManifestKind(answer.body).mediaType(told: answer.head.mediaType)
        return FetchedManifest(digest: digest, mediaType: type, bytes: answer.body)
    }

    /// Throws when bytes have another digest.
    static func check(_ bytes: [UInt8], _ wanted: ContentDigest) throws(RegistryError) {
        let digest = ContentDigest(hash: SHA256.hash(bytes))
        guard digest == wanted else {
            throw RegistryError(
                .invalid, "the content has the digest `\(digest.text)`, not `\(wanted.text)`")
        }
    }
}

extension ManifestName {
    var isDigest: Bool {
        if case .digest = self { return true }
        return false
    }
}
