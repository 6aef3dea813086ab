// SPDX-License-Identifier: Apache-2.0
// One thing that is asked of a registry, however many exchanges it takes: a token may have to be had first,
// a redirect followed, a broken connection made again. RegistryRun.swift moves it from one to the next.

/// The whole answer to a call.
struct HTTPAnswer {
    var head: HTTPHead
    var body: [UInt8]
    /// Where it came from, behind all redirects.
    var address: HTTPAddress
}

/// A call. Its identity is what a run knows of it.
final class RegistryCall {
    /// Where it goes.
    enum Target {
        /// Below the place that is asked: `/v2/…`.
        case path(String)
        /// Where a registry sent us with an upload.
        case address(HTTPAddress)
    }

    /// What the next exchange is for.
    enum Stage {
        case target
        case token(AuthChallenge)
    }

    let method: String
    let target: Target
    /// What it is about, for messages: a name in backquotes.
    let subject: String
    var fields: [(name: String, value: String)] = []
    var body = HTTPBody.none
    /// What a token must allow, such as `repository:library/ubuntu:pull`.
    var scopes: [String] = []
    /// Whether mirrors are asked first.
    var asksMirrors = false
    /// Whether a token for later is wanted besides.
    var wantsIdentity = false
    /// Bytes that an answer may have, unless it is a download.
    var limit = 1 << 20
    var patience: Int32 = 60
    var mostTries = Int.max
    /// Whether a break ends it: what it sent counts, and must not come twice.
    var isSentOnce = false
    var download: BlobDownload?
    /// Statuses beside 2xx that are an answer.
    var accepted: [Int] = []
    /// What is asked next, by the answer.
    var next: ((HTTPAnswer) throws(RegistryError) -> RegistryCall?)?
    /// What is asked instead after an error.
    var mend: ((RegistryError) throws(RegistryError) -> RegistryCall?)?

    // How far it is.
    var place = 0
    var stage = Stage.target
    var exchange: HTTPExchange?
    var redirected: HTTPAddress?
    var redirects = 0
    /// After a 303 a GET follows, whatever was asked first.
    var isReduced = false
    var tries = 0
    var notBefore: Int64 = 0
    /// Whether the registry has not yet answered to what we say about ourselves.
    var isFresh = false
    var answer: HTTPAnswer?

    init(_ method: String, _ target: Target, about subject: String) {
        self.method = method
        self.target = target
        self.subject = subject
    }

    /// Whether the next exchange asks for a token.
    var isAtToken: Bool {
        if case .token = stage { return true }
        return false
    }

    /// Begins at the first exchange again; what was received stays.
    func restart(at time: Int64 = 0) {
        stage = .target
        redirected = nil
        redirects = 0
        isReduced = false
        notBefore = time
    }

    /// What the cache of tokens knows it by.
    var scopeKey: String {
        var key = ""
        for scope in scopes { key += (key.isEmpty ? "" : " ") + scope }
        return key
    }
}
