// SPDX-License-Identifier: Apache-2.0
// The values of HTTP's fields, and random bytes in their place.
import Testing

@testable import Transfer

@Suite("Fields of HTTP")
struct HTTPFieldsTests {
    private func challenge(_ scheme: String, _ pairs: (String, String)...) -> AuthChallenge {
        AuthChallenge(scheme: scheme, parameters: pairs.map { .init(name: $0.0, value: $0.1) })
    }

    @Test("one challenge is read, with quotes, escapes and blanks")
    func one() {
        let text =
            #"Bearer realm="https://auth.h/token",service="reg \"a\"" , scope = "repository:x:pull,push""#

        #expect(
            AuthChallenge.parse([text]) == [
                challenge(
                    "bearer", ("realm", "https://auth.h/token"), ("service", #"reg "a""#),
                    ("scope", "repository:x:pull,push"))
            ])
    }

    @Test("several challenges are told apart, in one field and in several")
    func several() {
        let expected = [
            challenge("negotiate"), challenge("basic", ("realm", "a, b")),
            challenge("bearer", ("realm", "c")),
        ]

        #expect(AuthChallenge.parse([#"Negotiate, Basic realm="a, b", Bearer Realm=c"#]) == expected)
        #expect(
            AuthChallenge.parse(["Negotiate abc==", #"Basic realm="a, b""#, "BEARER realm=c"]) == expected)
    }

    @Test("what is no challenge ends the field", arguments: ["", ",", "=", "\"", "Basic realm=\"a", ";;"])
    func none(text: String) {
        #expect(AuthChallenge.parse([text]).allSatisfy { $0.parameters.isEmpty })
    }

    @Test(
        "a link is found by its relation",
        arguments: [
            (["</v2/_catalog?last=b&n=2>; rel=\"next\""], "/v2/_catalog?last=b&n=2"),
            (["<a>; rel=prev, <b>; title=\"x, <y>; rel=next\"; rel=\"last next\""], "b"),
            (["<a>; rel=prev", "<c>;rel=next"], "c"), (["<a>"], nil), (["a; rel=next"], nil),
            (["<a; rel=next"], nil),
        ] as [([String], String?)])
    func links(values: [String], target: String?) {
        #expect(HTTPLink.find("next", in: values) == target)
    }

    @Test(
        "a range is read, or refused",
        arguments: [
            ("bytes 0-9/10", true), ("bytes 5-9/*", true), ("bytes 9-5/10", false), ("bytes 0-10/10", false),
            ("bytes */10", false), ("items 0-9/10", false), ("bytes 0-9", false), ("bytes 0-9/10 ", false),
            ("bytes 0-99999999999999999999/*", false),
        ])
    func ranges(text: String, isRead: Bool) {
        #expect((ContentRange(text) != nil) == isRead)
    }

    @Test(
        "how far an upload came is read",
        arguments: [
            (nil, 0), ("", 0), ("0-0", 0), ("0-41", 42), ("bytes=0-41", 42), ("1-41", nil), ("x", nil),
        ]
            as [(String?, Int64?)])
    func uploaded(text: String?, count: Int64?) {
        #expect(ContentRange.uploaded(text) == count)
    }

    @Test("a head is read line by line, and begins anew with each status line")
    func head() {
        var head = HTTPHead()
        for line in [
            "HTTP/1.1 100 Continue\r\n", "X: y\r\n", "HTTP/2 404\r\n",
            "Content-Type: Text/JSON; charset=x\r\n",
            "content-length: 12\r\n", "Retry-After: 7\r\n",
        ] { head.take(Array(line.utf8)) }

        #expect(head.status == 404)
        #expect(head.first("x") == nil)
        #expect(head.mediaType == "text/json")
        #expect(head.length == 12)
        #expect(head.retryAfter == 7)
    }

    @Test(
        "what libcurl says becomes a sentence",
        arguments: [
            (1, "", 0, "could not resolve host `h`"),
            (2, "", 111, "could not connect to `https://h`: connection refused"),
            (3, "SSL problem: it is old", 0, "`https://h`: TLS certificate: it is old"),
            (3, "x", 0, "`https://h`: TLS certificate: not to be verified"),
            (4, "error:0A0:SSL routines::wrong", 0, "`https://h` does not speak TLS as it should (wrong)"),
            (5, "", 0, "`https://h` timed out"), (6, "", 0, "the connection to `https://h` broke"),
            (6, "SSL_read: x::tls alert no", 0, "`https://h` does not speak TLS as it should (tls alert no)"),
            (10, "see https://h/a?token=secret", 0, "`https://h` cannot be talked to"),
        ] as [(Int32, String, Int32, String)])
    func failures(number: Int32, words: String, error: Int32, text: String) throws {
        let place = try #require(HTTPAddress("https://h/a?token=secret"))

        #expect(HTTPFailure(number, words: words, error: error, place: place).text == text)
    }

    @Test(
        "base64 is what RFC 4648 says",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")])
    func base64(text: String, result: String) {
        #expect(HTTPText.base64(text) == result)
    }

    @Test("random and mutated fields never trap, and what is joined stays an address")
    func fuzz() {
        var random = SplitMix(state: 0x5eed)
        let seeds = [
            #"Bearer realm="https://a/b?c",service="d",scope="e:f:g""#,
            "</v2/x?n=1>; rel=\"next\", <b>; rel=prev",
            "bytes 0-41/42", "https://u@[::1]:50/a/../b?c#d", "//h/./..//%2e?x",
            "Basic realm=\"a\\\"b\", X y==, Z",
            "0-18446744073709551616", "HTTP/1.1 200 OK", "a: b",
        ].map { Array($0.utf8) }
        let base = HTTPAddress("https://h/a/b?c")
        var joined = 0

        for _ in 0..<20_000 {
            let text = String(decoding: random.mutated(seeds), as: UTF8.self)
            _ = AuthChallenge.parse([text])
            _ = HTTPLink.find("next", in: [text])
            _ = ContentRange(text)
            _ = ContentRange.uploaded(text)
            var head = HTTPHead()
            head.take(Array(text.utf8))
            if let address = base?.joined(text) {
                joined += 1
                #expect(HTTPAddress(address.text) == address, "\(text)")
            }
        }

        #expect(joined > 100)
    }
}

/// A small generator with a seed, so that what fails once fails again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func mutated(_ seeds: [[UInt8]]) -> [UInt8] {
        var bytes = seeds[Int.random(in: 0..<seeds.count, using: &self)]
        for _ in 0..<Int.random(in: 0...4, using: &self) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<3, using: &self) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: at)
            default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &self)], at: at)
            }
        }
        return bytes
    }
}
