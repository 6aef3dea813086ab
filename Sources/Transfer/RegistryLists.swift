// SPDX-License-Identifier: Apache-2.0
// Lists that a registry gives page by page, and Docker Hub's search.
// Source: distribution-spec spec.md#content-discovery
internal import JSON

/// A repository as a search finds it.
public struct SearchResult: Equatable, Sendable {
    /// Its name.
    public var name = ""
    /// What it is, in its owner's words.
    public var summary = ""
    /// How many people marked it.
    public var stars: Int64 = 0
    /// Whether the index itself takes care of it.
    public var isOfficial = false
    /// Whether it is built by the index.
    public var isAutomated = false
}

extension RegistryClient {
    /// Most pages of a list.
    private static let mostPages = 1000

    /// All tags of the repository, in the registry's order.
    public func tags() throws(RegistryError) -> [String] {
        try pages(
            "/v2/" + repository + "/tags/list?n=1000", "tags", "repository:" + repository + ":pull",
            "the tags of `\(repository)`")
    }

    /// All repositories of the registry.
    public func catalog() throws(RegistryError) -> [String] {
        try pages("/v2/_catalog?n=1000", "repositories", "registry:catalog:*", "the list of repositories")
    }

    private func pages(
        _ first: String, _ key: StaticString, _ scope: String, _ subject: String
    ) throws(RegistryError) -> [String] {
        var path = first
        var all: [String] = []
        for _ in 0..<Self.mostPages {
            let call = RegistryCall("GET", .path(path), about: subject)
            call.scopes = [scope]
            call.limit = 4 << 20
            let answer = try ask(call)
            do throws(JSONError) { all += try Self.names(answer.body, key) } catch {
                throw RegistryError(.invalid, "\(subject): the answer cannot be read: \(error)")
            }
            guard let next = try nextPage(answer) else { return all }
            path = next
        }
        throw RegistryError(.invalid, "\(subject): more than \(Self.mostPages) pages")
    }

    /// The path of the page that follows; nil at the last one. Another host's is refused.
    func nextPage(_ answer: HTTPAnswer) throws(RegistryError) -> String? {
        guard let link = HTTPLink.find("next", in: answer.head.all("link")) else { return nil }
        guard let address = answer.address.joined(link), HTTPText.same(address.host, answer.address.host),
            let start = Self.api(address.target)
        else {
            throw RegistryError(.invalid, "`\(answer.address.origin)` continues a list elsewhere")
        }
        return start
    }

    /// What follows the place's own path.
    private static func api(_ target: String) -> String? {
        let bytes = Array(target.utf8)
        let mark = Array("/v2/".utf8)
        let starts = (0..<max(bytes.count - 3, 0)).first { bytes[$0...].starts(with: mark) }
        return starts.map { String(decoding: bytes[$0...], as: UTF8.self) }
    }

    private static func names(_ bytes: [UInt8], _ key: StaticString) throws(JSONError) -> [String] {
        var names: [String] = []
        try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
            try reader.object { (name, reader) throws(JSONError) in
                if reader.matches(name, key) {
                    names = try reader.value()
                } else {
                    try reader.skip()
                }
            }
        }
        return names
    }

    /// What an index such as Docker Hub's finds for `term`, at most `limit` repositories.
    public func search(_ term: String, limit: Int = 25) throws(RegistryError) -> [SearchResult] {
        let path = "/v1/search?q=" + HTTPText.encoded(term) + "&n=\(limit)"
        let call = RegistryCall(
            "GET", .path(path), about: "the search for `\(HTTPText.shown(term, limit: 80))`")
        call.limit = 4 << 20
        let answer = try ask(call)
        do throws(JSONError) { return Array(try Self.results(answer.body).prefix(limit)) } catch {
            throw RegistryError(.invalid, "\(call.subject): the answer cannot be read: \(error)")
        }
    }

    private static func results(_ bytes: [UInt8]) throws(JSONError) -> [SearchResult] {
        var results: [SearchResult] = []
        try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
            try reader.object { (key, reader) throws(JSONError) in
                guard reader.matches(key, "results") else { return try reader.skip() }
                try reader.array { (reader) throws(JSONError) in results.append(try result(&reader)) }
            }
        }
        return results
    }

    private static func result(_ reader: inout JSONReader) throws(JSONError) -> SearchResult {
        var result = SearchResult()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "name") {
                result.name = try reader.string()
            } else if reader.matches(key, "description") {
                result.summary = try reader.string()
            } else if reader.matches(key, "star_count") {
                result.stars = try reader.integer()
            } else if reader.matches(key, "is_official") {
                result.isOfficial = try reader.bool()
            } else if reader.matches(key, "is_automated") {
                result.isAutomated = try reader.bool()
            } else {
                try reader.skip()
            }
        }
        return result
    }
}

extension RegistryClient {
    /// Shows the credential of the registry to it. Returns the token for later that its token server gave in
    /// exchange, to be kept in place of the password; nil when it gives none.
    public func login() throws(RegistryError) -> String? {
        let call = RegistryCall("GET", .path("/v2/"), about: "login")
        call.wantsIdentity = true
        tokens.identity = nil
        _ = try ask(call)
        return tokens.identity
    }
}
