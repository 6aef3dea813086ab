// SPDX-License-Identifier: Apache-2.0
// A registry's client: one repository at the places that serve it. All of it runs on the caller's thread.
// Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
public import TransferProtocol

/// How hard a client tries.
public struct RegistrySettings: Sendable {
    /// Tries for one thing before it is an error.
    public var tries = 5
    /// Milliseconds before the second try; each further one waits twice as long.
    public var firstDelay: Int64 = 500
    /// Seconds that a registry's `Retry-After` may ask for.
    public var longestWait: Int64 = 60
    /// Blobs that move at once.
    public var simultaneous = 3
    /// What `User-Agent` says.
    public var agent: String

    /// The usual ones.
    public init(agent: String) { self.agent = agent }
}

/// A repository of a registry. Of one thread only.
public final class RegistryClient {
    /// The repository's name in the registry, such as `library/ubuntu`.
    public let repository: String
    let settings: RegistrySettings
    let web: HTTPWeb
    let notice: (String) -> Void
    var places: [RegistryPlace] = []
    var tokens = AuthTokens()

    /// A client for `repository` at `endpoints`, which are asked in their order: mirrors first. `notice`
    /// gets a sentence when a mirror is passed over.
    public init(
        _ repository: String, at endpoints: [Endpoint], _ settings: RegistrySettings,
        notice: @escaping (String) -> Void
    ) throws(RegistryError) {
        guard Self.isPath(repository) else {
            throw RegistryError(
                .invalid, "`\(HTTPText.shown(repository, limit: 120))` is no name of a repository")
        }
        self.repository = repository
        self.settings = settings
        self.notice = notice
        web = try HTTPWeb(agent: settings.agent)
        for endpoint in endpoints { places.append(try RegistryPlace(endpoint)) }
        guard places.contains(where: { !$0.endpoint.isMirror }) else {
            throw RegistryError(.invalid, "there is no registry to ask, only mirrors")
        }
    }

    /// Letters that mean nothing in an address; no `..`. Empty: the registry as a whole.
    private static func isPath(_ name: String) -> Bool {
        var before: UInt8 = UInt8(ascii: "/")
        for byte in name.utf8 {
            let isSmall = HTTPText.isDigit(byte) || (byte >= 0x61 && byte <= 0x7a)
            let parts = byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
            guard isSmall || parts || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") else {
                return false
            }
            if parts, before == UInt8(ascii: "/") || before == UInt8(ascii: ".") { return false }
            before = byte
        }
        return name.isEmpty || before != UInt8(ascii: "/")
    }

    /// A call below the repository: `/v2/NAME/` and `path`.
    func call(_ method: String, _ path: String, about subject: String, push: Bool = false) -> RegistryCall {
        let call = RegistryCall(method, .path("/v2/" + repository + "/" + path), about: subject)
        call.scopes = ["repository:" + repository + (push ? ":pull,push" : ":pull")]
        return call
    }

    /// Makes one call and returns its answer.
    func ask(_ call: RegistryCall) throws(RegistryError) -> HTTPAnswer {
        try run([call], atMost: 1)
        guard let answer = call.answer else { throw RegistryError(.network, "there is no answer") }
        return answer
    }

    /// A server's words without what must not be seen.
    func cleaned(_ text: String) -> String {
        var secrets = tokens.secrets
        for place in places {
            guard let credential = place.endpoint.credential else { continue }
            secrets += [credential.password, credential.identityToken, credential.registryToken]
        }
        var bytes = Array(text.utf8)
        for secret in secrets where secret.utf8.count >= 4 { bytes = Self.without(Array(secret.utf8), bytes) }
        return HTTPText.shown(String(decoding: bytes, as: UTF8.self))
    }

    private static func without(_ secret: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at...].starts(with: secret) {
                result += "***".utf8
                at += secret.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return result
    }
}
