// SPDX-License-Identifier: Apache-2.0
// What a 401 leads to: one token, or one Basic; a second 401 is an error.
internal import TransferProtocol

extension RegistryClient {
    /// Takes a 401 of the registry.
    func authenticate(_ call: RegistryCall, _ answer: HTTPAnswer) throws(RegistryError) -> RegistryStep {
        let place = places[call.place]
        let isRegistry = HTTPText.same(answer.address.origin, place.address.origin)
        guard isRegistry, !call.isFresh else { throw refusal(answer, call) }
        tokens.forget(call.place, call.scopeKey)
        let challenges = AuthChallenge.parse(answer.head.all("www-authenticate"))
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            if let token = place.endpoint.credential?.bearer { return proceed(call, token) }
            call.restart()
            call.stage = .token(bearer)
            return .again
        }
        guard challenges.contains(where: { $0.scheme == "basic" }),
            let basic = place.endpoint.credential?.basic
        else { throw refusal(answer, call) }
        return proceed(call, basic)
    }

    /// Takes a token server's answer.
    func authorised(_ call: RegistryCall, _ answer: HTTPAnswer) throws(RegistryError) -> RegistryStep {
        guard let token = TokenAnswer(answer.body) else {
            throw RegistryError(
                .invalid,
                "\(call.subject): the token server `\(answer.address.origin)` answers without a token")
        }
        if let identity = token.refreshToken { tokens.identity = identity }
        return proceed(call, "Bearer " + token.token)
    }

    private func proceed(_ call: RegistryCall, _ value: String) -> RegistryStep {
        tokens.keep(value, call.place, call.scopeKey)
        call.restart()
        call.isFresh = true
        return .again
    }
}
