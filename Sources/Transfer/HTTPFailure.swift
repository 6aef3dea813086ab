// SPDX-License-Identifier: Apache-2.0
// Why an exchange has no whole answer, in words.
internal import CTransfer
internal import Kernel

/// An exchange that broke off.
struct HTTPFailure: Equatable, Sendable {
    /// What happened.
    enum Kind: Equatable, Sendable {
        case resolve, connect, certificate, tls, timeout, broken, stopped, proxy, memory, other
    }

    var kind: Kind
    /// One sentence.
    var text: String

    /// Whether another try may help.
    var isPassing: Bool { kind == .timeout || kind == .broken }

    /// Whether plain HTTP may help, where that is allowed.
    var isWithoutTLS: Bool {
        switch kind {
        case .connect, .certificate, .tls, .timeout, .broken: true
        default: false
        }
    }

    /// From the number, the words and the errno of an exchange. `place` is where it went, without query.
    init(_ number: Int32, words: String, error: Int32, place: HTTPAddress) {
        // TLS 1.3 says no only after its handshake, such as when it wants to know who asks.
        let isAlert = Self.kind(number) == .broken && Self.isAlert(words)
        kind = isAlert ? .tls : Self.kind(number)
        let host = place.origin
        switch kind {
        case .resolve: text = "could not resolve host `\(place.host)`"
        case .connect:
            let why = error == 0 ? "no answer" : ErrorNumber(error).text
            text = "could not connect to `\(host)`: \(why)"
        case .certificate: text = "`\(host)`: TLS certificate: " + Self.certificate(words)
        case .tls: text = "`\(host)` does not speak TLS as it should" + Self.detail(Self.lastPart(words))
        case .timeout: text = "`\(host)` timed out"
        case .broken: text = "the connection to `\(host)` broke"
        case .stopped: text = "the exchange with `\(host)` was stopped"
        case .proxy: text = "the proxy for `\(host)` cannot be used; see `http_proxy` and `https_proxy`"
        case .memory: text = "out of memory"
        case .other: text = "`\(host)` cannot be talked to" + Self.detail(words)
        }
    }

    private static func kind(_ number: Int32) -> Kind {
        switch UInt32(bitPattern: number) {
        case TRANSFER_RESOLVE.rawValue: .resolve
        case TRANSFER_CONNECT.rawValue: .connect
        case TRANSFER_CERTIFICATE.rawValue: .certificate
        case TRANSFER_TLS.rawValue: .tls
        case TRANSFER_TIMEOUT.rawValue: .timeout
        case TRANSFER_BROKEN.rawValue: .broken
        case TRANSFER_STOPPED.rawValue: .stopped
        case TRANSFER_PROXY.rawValue: .proxy
        case TRANSFER_MEMORY.rawValue: .memory
        default: .other
        }
    }

    // libcurl: "SSL certificate problem: self-signed certificate", "SSL: no alternative certificate subject
    // name matches target host name 'x'".
    private static func certificate(_ words: String) -> String {
        let parts = words.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2 else { return "not to be verified" }
        return HTTPText.shown(HTTPText.trimmed(parts[1]), limit: 160)
    }

    // OpenSSL: "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0".
    private static func isAlert(_ words: String) -> Bool {
        words.utf8.split(separator: 0x20).contains { $0.elementsEqual("alert".utf8) }
    }

    // OpenSSL: "OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number".
    private static func lastPart(_ words: String) -> String {
        guard let colon = words.utf8.lastIndex(of: UInt8(ascii: ":")) else { return words }
        return String(decoding: words.utf8[words.utf8.index(after: colon)...], as: UTF8.self)
    }

    // No address stands in these words but the host's: they come from the TLS library and from libcurl's
    // reading of HTTP.
    private static func detail(_ words: String) -> String {
        let words = HTTPText.shown(words, limit: 160)
        return words.isEmpty || words.utf8.contains(UInt8(ascii: "?")) ? "" : " (\(words))"
    }
}
