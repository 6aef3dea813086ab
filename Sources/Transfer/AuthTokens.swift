// SPDX-License-Identifier: Apache-2.0
// How a registry is told who asks: Basic, or a token from the server that it names. Nothing from here goes
// into a message.
// Source: https://distribution.github.io/distribution/spec/auth/token/, …/auth/oauth/
internal import JSON
internal import TransferProtocol

/// What was said in `Authorization`, by place and scope.
struct AuthTokens {
    private var known: [(place: Int, scope: String, value: String)] = []
    /// The last token for later that a token server gave.
    var identity: String?

    /// What to say; nil when nothing is known.
    func value(_ place: Int, _ scope: String) -> String? {
        known.first { $0.place == place && HTTPText.same($0.scope, scope) }?.value
    }

    mutating func forget(_ place: Int, _ scope: String) {
        known.removeAll { $0.place == place && HTTPText.same($0.scope, scope) }
    }

    mutating func keep(_ value: String, _ place: Int, _ scope: String) {
        forget(place, scope)
        known.append((place, scope, value))
    }

    /// All that must not be seen.
    var secrets: [String] {
        known.compactMap {
            $0.value.utf8.split(separator: 0x20).last.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

/// What a token server answers.
struct TokenAnswer: Equatable {
    var token = ""
    var refreshToken: String?

    /// Reads it; nil when there is no token in it.
    init?(_ bytes: [UInt8]) {
        var token: String?
        var access: String?
        var refresh: String?
        do throws(JSONError) {
            try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
                try reader.object { (key, reader) throws(JSONError) in
                    if reader.matches(key, "token") {
                        token = try reader.string()
                    } else if reader.matches(key, "access_token") {
                        access = try reader.string()
                    } else if reader.matches(key, "refresh_token") {
                        refresh = try reader.string()
                    } else {
                        try reader.skip()
                    }
                }
            }
        } catch { return nil }
        // The old name counts when both are there and it says something.
        let said = [token, access].compactMap { $0 }.first { !$0.isEmpty }
        guard let said, !said.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) else { return nil }
        self.token = said
        refreshToken = refresh.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Credential {
    /// `Basic …`; nil when there is no user.
    var basic: String? {
        username.isEmpty ? nil : "Basic " + HTTPText.base64(username + ":" + password)
    }

    /// `Bearer …`; nil when there is no token for the registry itself, or one that no field can hold.
    var bearer: String? {
        let isToken = registryToken.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        return registryToken.isEmpty || !isToken ? nil : "Bearer " + registryToken
    }
}

extension RegistryClient {
    /// The scopes that a token is asked for: the registry's and those the call needs.
    static func scopes(_ challenge: AuthChallenge, _ call: RegistryCall) -> [String] {
        var all = challenge.value("scope").utf8.split(separator: 0x20).map {
            String(decoding: $0, as: UTF8.self)
        }
        for scope in call.scopes where !all.contains(scope) { all.append(scope) }
        return all
    }

    /// The request for a token. The server that a registry names gets the credential by TLS only, unless the
    /// registry itself is talked to without.
    func tokenRequest(
        _ challenge: AuthChallenge, _ call: RegistryCall
    ) throws(RegistryError) -> HTTPRequest {
        let place = places[call.place]
        guard let realm = HTTPAddress(challenge.value("realm")) else {
            throw RegistryError(.invalid, "`\(place.address.origin)` names no token server that can be asked")
        }
        guard realm.isSecure || place.allowsPlain else {
            throw RegistryError(
                .denied, "`\(place.address.origin)` names the token server `\(realm.shown)`, which has no TLS"
            )
        }
        let credential = place.endpoint.credential
        let scopes = Self.scopes(challenge, call)
        if let credential, !credential.identityToken.isEmpty {
            return oauth(realm, challenge, credential, scopes, place)
        }
        var request = HTTPRequest(address: realm)
        request.trust = place.trust
        let service = challenge.value("service")
        if !service.isEmpty { request.address = request.address.adding("service", service) }
        for scope in scopes { request.address = request.address.adding("scope", scope) }
        if let credential, let basic = credential.basic {
            request.address = request.address.adding("account", credential.username)
            request.fields.append(("Authorization", basic))
        }
        if call.wantsIdentity {
            request.address = request.address.adding("client_id", "roost").adding("offline_token", "true")
        }
        return request
    }

    private func oauth(
        _ realm: HTTPAddress, _ challenge: AuthChallenge, _ credential: Credential, _ scopes: [String],
        _ place: RegistryPlace
    ) -> HTTPRequest {
        var scope = ""
        for one in scopes { scope += (scope.isEmpty ? "" : " ") + one }
        let form = [
            ("grant_type", "refresh_token"), ("service", challenge.value("service")), ("client_id", "roost"),
            ("scope", scope), ("refresh_token", credential.identityToken),
        ]
        var text = ""
        for (name, value) in form where !value.isEmpty {
            text += (text.isEmpty ? "" : "&") + name + "=" + HTTPText.encoded(value)
        }
        var request = HTTPRequest(method: "POST", address: realm)
        request.trust = place.trust
        request.body = .bytes(Array(text.utf8))
        request.fields.append(("Content-Type", "application/x-www-form-urlencoded"))
        return request
    }
}
