// SPDX-License-Identifier: Apache-2.0
// Manifests that go out, when all that they name is there.
// Source: distribution-spec spec.md#pushing-manifests
internal import Digest
public import OCISpec

extension RegistryClient {
    /// Stores a manifest or index under a tag or its digest, and returns the digest.
    public func push(
        _ bytes: [UInt8], mediaType: String, as name: ManifestName
    ) throws(RegistryError) -> ContentDigest {
        let digest = ContentDigest(hash: SHA256.hash(bytes))
        if case .digest(let wanted) = name { try Self.check(bytes, wanted) }
        let call = try manifestCall("PUT", name, push: true)
        call.fields = [("Content-Type", mediaType)]
        call.body = .bytes(bytes)
        let answer = try ask(call)
        if let told = answer.head.first("docker-content-digest"), !HTTPText.same(told, digest.text) {
            throw RegistryError(
                .invalid,
                "\(call.subject): the registry stored `\(HTTPText.shown(told, limit: 80))`,"
                    + " not `\(digest.text)`")
        }
        return digest
    }

    /// The digest of a manifest that the registry has under a name; nil when it has none. Nothing is fetched.
    public func digest(of name: ManifestName) throws(RegistryError) -> ContentDigest? {
        let call = try manifestCall("HEAD", name)
        call.accepted = [404]
        let answer = try ask(call)
        guard answer.head.status != 404 else { return nil }
        return answer.head.first("docker-content-digest").flatMap { ContentDigest($0) }
    }
}
