// SPDX-License-Identifier: Apache-2.0
// One request and its answer on libcurl. Heads are bounded, and so is every body that is kept; a body that
// goes elsewhere is bounded by who takes it.
internal import CTransfer

/// What is sent.
enum HTTPBody {
    case none
    case bytes([UInt8])
    /// A part of an open file; `sent` is told how many bytes went out more.
    case file(descriptor: Int32, offset: Int64, count: Int64, sent: (Int) -> Void)
}

/// Takes a part of a body; an error ends the exchange and is what is thrown.
typealias HTTPTaker = (UnsafeRawBufferPointer) throws(RegistryError) -> Void

/// What becomes of an answer's body.
enum HTTPBodyUse {
    /// Kept; what is more than `limit` is an error.
    case keep(limit: Int)
    /// Kept, as much as fits: for error messages.
    case begin(limit: Int)
    /// Handed on as it comes.
    case hand(HTTPTaker)
}

/// A request.
struct HTTPRequest {
    var method = "GET"
    var address: HTTPAddress
    var fields: [(name: String, value: String)] = []
    var body = HTTPBody.none
    /// Seconds without progress that are borne.
    var patience: Int32 = 60
    var trust = HTTPTrust()
}

/// A request under way. Its identity is what C knows of it.
final class HTTPExchange {
    static let headLimit = 64 << 10

    let request: HTTPRequest
    private(set) var head = HTTPHead()
    private(set) var body: [UInt8] = []
    /// Why the exchange was stopped from here.
    private(set) var refusal: RegistryError?
    /// What broke it off; nil when the answer is whole.
    private(set) var failure: HTTPFailure?
    /// Whether a head came.
    private(set) var isAnswered = false

    private let web: HTTPWeb
    private var raw: OpaquePointer?
    private let decide: (HTTPHead) throws(RegistryError) -> HTTPBodyUse
    private var use: HTTPBodyUse?
    private var headCount = 0

    /// Begins; `decide` is asked once, when the head is there.
    init(
        _ request: HTTPRequest, on web: HTTPWeb,
        decide: @escaping (HTTPHead) throws(RegistryError) -> HTTPBodyUse
    ) throws(RegistryError) {
        self.request = request
        self.web = web
        self.decide = decide
        let context = Unmanaged.passUnretained(self).toOpaque()
        raw = transfer_exchange_make(
            request.method, request.address.text, context,
            { HTTPExchange.taken($0, $1, $2) { $0.takeHead($1) } },
            { HTTPExchange.taken($0, $1, $2) { $0.takeBody($1) } })
        guard let raw, prepare(raw), transfer_exchange_start(web.raw, raw) == 0 else {
            throw RegistryError(.network, "out of memory")
        }
    }

    deinit {
        if let raw { transfer_exchange_free(raw) }
    }

    private func prepare(_ raw: OpaquePointer) -> Bool {
        transfer_exchange_agent(raw, web.agent)
        transfer_exchange_patience(raw, request.patience)
        if !request.address.isLoopback { transfer_exchange_proxy(raw, request.address.isSecure ? 1 : 0) }
        for field in request.fields {
            // A line end would begin another field.
            guard !field.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }),
                transfer_exchange_header(raw, field.name + ": " + field.value) == 0
            else { return false }
        }
        return request.trust.apply(raw) && prepareBody(raw)
    }

    private func prepareBody(_ raw: OpaquePointer) -> Bool {
        switch request.body {
        case .none: return true
        case .bytes(let bytes):
            // libcurl takes a null pointer for "no body".
            let copy = bytes + [0]
            return copy.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return false }
                return transfer_exchange_send_bytes(raw, base, bytes.count) == 0
            }
        case .file(let descriptor, let offset, let count, _):
            transfer_exchange_send_file(raw, descriptor, offset, count) { context, _, count in
                HTTPExchange.of(context).tellSent(count)
                return 0
            }
            return true
        }
    }

    /// Marks the end, as `HTTPWeb.step` learns it.
    func end(_ number: Int32) {
        guard number != 0, let raw else { return settleHead() }
        let words = String(cString: transfer_exchange_words(raw))
        failure = HTTPFailure(
            number, words: words, error: transfer_exchange_errno(raw), place: request.address)
    }

    /// An exchange by what C keeps of it: valid while the exchange lives, which frees C's part first.
    static func of(_ context: UnsafeMutableRawPointer) -> HTTPExchange {
        Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
    }
}

// What libcurl calls.
extension HTTPExchange {
    private static func taken(
        _ context: UnsafeMutableRawPointer, _ bytes: UnsafePointer<UInt8>, _ count: Int,
        _ take: (HTTPExchange, UnsafeRawBufferPointer) -> Bool
    ) -> Int32 {
        take(of(context), UnsafeRawBufferPointer(start: bytes, count: count)) ? 0 : 1
    }

    private func tellSent(_ count: Int) {
        if case .file(_, _, _, let sent) = request.body { sent(count) }
    }

    private func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
        headCount += line.count
        if headCount > Self.headLimit {
            refusal = RegistryError(
                .invalid,
                "`\(request.address.origin)` answers with a head of more than \(Self.headLimit) bytes")
            return false
        }
        // What comes behind the body is of no use here.
        if isAnswered { return true }
        if line.count > 2 {
            head.take(line)
        } else if head.status >= 200 {
            settleHead()
        }
        return refusal == nil
    }

    /// Asks what becomes of the body, once.
    private func settleHead() {
        guard !isAnswered, head.status >= 200 else { return }
        isAnswered = true
        do throws(RegistryError) { use = try decide(head) } catch { refusal = error }
        if case .keep(let limit) = use, request.method != "HEAD", let length = head.length,
            length > Int64(limit)
        {
            refusal = tooLong(limit)
        }
    }

    private func tooLong(_ limit: Int) -> RegistryError {
        RegistryError(.invalid, "`\(request.address.origin)` answers with more than \(limit) bytes")
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(RegistryError) { try place(bytes) } catch { refusal = error }
        return refusal == nil
    }

    private func place(_ bytes: UnsafeRawBufferPointer) throws(RegistryError) {
        switch use {
        case .hand(let take): try take(bytes)
        case .keep(let limit):
            guard body.count + bytes.count <= limit else { throw tooLong(limit) }
            body.append(contentsOf: bytes.bindMemory(to: UInt8.self))
        case .begin(let limit): body.append(contentsOf: bytes.prefix(max(limit - body.count, 0)))
        case nil: break
        }
    }
}
