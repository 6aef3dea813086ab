// SPDX-License-Identifier: Apache-2.0
// What follows from the end of an exchange: the answer, or one more exchange. Everything that could go round
// in circles is counted here.
internal import TransferProtocol

extension RegistryClient {
    /// Most redirects of one call.
    static let mostRedirects = 10

    /// Takes an exchange that is over.
    func settle(_ call: RegistryCall, _ over: HTTPExchange) throws(RegistryError) -> RegistryStep {
        call.exchange = nil
        do throws(RegistryError) {
            if let refusal = over.refusal { throw refusal.about(call.subject) }
            if let failure = over.failure { return try broken(call, over, failure) }
            places[call.place].isAnswering = true
            let answer = HTTPAnswer(head: over.head, body: over.body, address: over.request.address)
            return try answered(call, answer)
        } catch {
            return try instead(call, error)
        }
    }

    /// Another place, another call, or the error.
    private func instead(_ call: RegistryCall, _ error: RegistryError) throws(RegistryError) -> RegistryStep {
        if places[call.place].endpoint.isMirror, call.asksMirrors, error.reason != .stopped {
            passOver(call.place, error)
            call.place = firstPlace(from: call.place + 1)
            call.tries = 0
            call.isFresh = false
            call.restart()
            // What came from there may be what is wrong.
            if error.reason == .invalid { try call.download?.beginAgain() }
            return .again
        }
        if let mend = call.mend, let other = try mend(error) { return .next(other) }
        throw error
    }

    private func passOver(_ place: Int, _ error: RegistryError) {
        if places[place].isPassedOver { return }
        places[place].isPassedOver = true
        notice("the mirror `\(places[place].address.origin)` is passed over: \(error)")
    }

    private func broken(
        _ call: RegistryCall, _ over: HTTPExchange, _ failure: HTTPFailure
    ) throws(RegistryError) -> RegistryStep {
        let place = places[call.place]
        if place.endpoint.isInsecure, failure.isWithoutTLS, call.isFirstExchange(over) {
            // Of several calls at once, another may have found out before.
            if !place.address.isSecure { return .again }
            if !place.isAnswering {
                places[call.place].address = place.address.plain
                return .again
            }
        }
        var text = failure.text
        if let download = call.download, over.isAnswered, (200..<300).contains(over.head.status) {
            text += ": cut off after \(download.received) of \(download.size) bytes"
        }
        let error = RegistryError(.network, call.subject + ": " + text)
        guard failure.isPassing, !call.isSentOnce else { throw error }
        return try again(call, error)
    }

    /// One more try, later; or the error, when there were enough. What brings a download on counts for none.
    private func again(
        _ call: RegistryCall, _ error: RegistryError, after seconds: Int64? = nil
    ) throws(RegistryError) -> RegistryStep {
        if let download = call.download, download.hasMoved() { call.tries = 0 }
        call.tries += 1
        let most = places[call.place].endpoint.isMirror ? 1 : min(settings.tries, call.mostTries)
        guard call.tries < most else { throw error }
        if let seconds, seconds > settings.longestWait {
            throw RegistryError(
                error.reason, error.description + "; it asks to wait for \(seconds) seconds",
                status: error.status)
        }
        var delay = settings.firstDelay << Int64(min(call.tries - 1, 16))
        delay += Int64.random(in: 0...max(delay / 4, 0))
        if let seconds { delay = max(delay, seconds * 1000) }
        // Between tries a token may run out.
        call.isFresh = false
        call.restart(at: HTTPWeb.clock() + delay)
        return .again
    }

    private func answered(_ call: RegistryCall, _ answer: HTTPAnswer) throws(RegistryError) -> RegistryStep {
        let status = answer.head.status
        if !call.isAtToken, call.accepted.contains(status) { return try done(call, answer) }
        switch status {
        case 200..<300:
            return call.isAtToken ? try authorised(call, answer) : try done(call, answer)
        case 301, 302, 303, 307, 308: return try follow(call, answer)
        case 401 where !call.isAtToken: return try authenticate(call, answer)
        case 408, 429, 500..<600:
            return try again(call, refusal(answer, call), after: answer.head.retryAfter)
        case 416 where call.download?.received ?? 0 > 0:
            try call.download?.beginAgain()
            return try again(call, refusal(answer, call))
        case 403 where call.redirected != nil && !call.isAtToken:
            // A signed address may have run out.
            return try again(call, refusal(answer, call))
        default: throw refusal(answer, call)
        }
    }

    private func done(_ call: RegistryCall, _ answer: HTTPAnswer) throws(RegistryError) -> RegistryStep {
        if let download = call.download {
            guard download.received == download.size else {
                let text = "cut off after \(download.received) of \(download.size) bytes"
                return try again(call, RegistryError(.network, call.subject + ": " + text))
            }
            do throws(RegistryError) { try download.complete() } catch { throw error.about(call.subject) }
        }
        call.answer = answer
        if let next = call.next, let following = try next(answer) { return .next(following) }
        return .done
    }

    private func follow(_ call: RegistryCall, _ answer: HTTPAnswer) throws(RegistryError) -> RegistryStep {
        let here = answer.address
        guard let location = answer.head.first("location"), let there = here.joined(location) else {
            throw RegistryError(.invalid, "\(call.subject): `\(here.origin)` redirects to nowhere")
        }
        guard here.mayLead(to: there) else {
            throw RegistryError(
                .invalid, "\(call.subject): `\(here.origin)` redirects to `\(there.origin)`, which has no TLS"
            )
        }
        call.redirects += 1
        guard call.redirects <= Self.mostRedirects else {
            throw RegistryError(
                .invalid, "\(call.subject): `\(here.origin)` redirects more than \(Self.mostRedirects) times")
        }
        try checkMethod(call, answer, there)
        if answer.head.status == 303, call.method != "HEAD" { call.isReduced = true }
        call.redirected = there
        return .again
    }

    // A body is sent again only where the status says so, and a token for later to its own server alone.
    private func checkMethod(
        _ call: RegistryCall, _ answer: HTTPAnswer, _ there: HTTPAddress
    ) throws(RegistryError) {
        let origin = answer.address.origin
        if case .token = call.stage {
            let secret = places[call.place].endpoint.credential?.identityToken ?? ""
            guard secret.isEmpty || HTTPText.same(there.origin, origin) else {
                throw RegistryError(.denied, "the token server `\(origin)` redirects to `\(there.origin)`")
            }
            return
        }
        let isReading = call.method == "GET" || call.method == "HEAD" || call.isReduced
        guard isReading || answer.head.status == 307 || answer.head.status == 308 else {
            throw RegistryError(.invalid, "\(call.subject): `\(origin)` redirects what is sent to it")
        }
    }
}

extension RegistryCall {
    /// Whether an exchange that is over went to the place itself, by TLS.
    fileprivate func isFirstExchange(_ over: HTTPExchange) -> Bool {
        guard case .path = target, redirected == nil, !isAtToken else { return false }
        return over.request.address.isSecure
    }
}
