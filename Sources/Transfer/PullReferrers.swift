// SPDX-License-Identifier: Apache-2.0
// What is said about a manifest: signatures, lists of parts. Read by the referrers API, or by the tag that
// stands in for it at registries without one.
// Source: distribution-spec spec.md#listing-referrers
public import OCISpec

extension RegistryClient {
    /// The indexes that list what refers to a manifest, most often one; empty when nothing does.
    public func referrers(of digest: ContentDigest) throws(RegistryError) -> [FetchedManifest] {
        var path = "/v2/" + repository + "/referrers/" + digest.text
        var pages: [FetchedManifest] = []
        while pages.count < 64 {
            let call = RegistryCall("GET", .path(path), about: "the referrers of `\(digest.text)`")
            call.scopes = ["repository:" + repository + ":pull"]
            call.fields = [("Accept", Self.manifestTypes[0])]
            call.limit = Self.manifestLimit
            call.accepted = [404]
            let answer = try ask(call)
            if answer.head.status == 404 { return pages.isEmpty ? try referrersByTag(digest) : pages }
            do throws(RegistryError) { pages.append(try Self.checked(answer, .tag("referrers"))) } catch {
                throw error.about(call.subject)
            }
            guard let next = try nextPage(answer) else { return pages }
            path = next
        }
        return pages
    }

    private func referrersByTag(_ digest: ContentDigest) throws(RegistryError) -> [FetchedManifest] {
        do throws(RegistryError) { return [try manifest(.tag("sha256-" + digest.hex))] } catch {
            if error.reason == .notFound { return [] }
            throw error
        }
    }
}
