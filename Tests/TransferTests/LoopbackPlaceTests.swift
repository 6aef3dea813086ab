// SPDX-License-Identifier: Apache-2.0
// Mirrors, registries without TLS, redirects and servers in trouble, on 127.0.0.1.
import OCISpec
import Synchronization
import Testing
import TransferProtocol

@testable import Transfer

@Suite("Places of a registry on loopback")
struct LoopbackPlaceTests {
    @Test("a mirror is asked first, and the registry not at all when it answers")
    func mirror() throws {
        let mirror = LoopbackServer { _ in manifestReply }
        let registry = LoopbackServer { _ in manifestReply }
        let notices = Notices()

        let places = [Endpoint(url: mirror.url, isMirror: true), Endpoint(url: registry.url)]
        _ = try client(places, notices: notices).manifest(.tag("latest"))

        #expect(mirror.requests.count == 1)
        #expect(registry.requests.isEmpty)
        #expect(notices.all == [])
    }

    @Test(
        "a mirror that has nothing, is in trouble or lies is passed over, with one notice",
        arguments: [
            Reply(status: 404), Reply(status: 503), Reply(status: 401), Reply(body: Array("{}".utf8) + [1]),
            Reply(body: [], announced: 100), Reply(raw: Array("nonsense\r\n\r\n".utf8)),
        ])
    func passesOver(reply: Reply) throws {
        let mirror = LoopbackServer { _ in reply }
        let registry = LoopbackServer { request in
            request.target.contains("/blobs/") ? Reply(body: blob) : manifestReply
        }
        let notices = Notices()
        let received = Received()
        let places = [Endpoint(url: mirror.url, isMirror: true), Endpoint(url: registry.url)]
        let client = try client(places, notices: notices)

        _ = try client.manifest(.tag("latest"))
        try client.fetch([received.download(blob)])

        #expect(received.bytes == blob)
        #expect(mirror.requests.count == 1)
        #expect(registry.requests.count == 2)
        #expect(notices.all.count == 1)
        #expect(notices.all.first?.hasPrefix("the mirror `\(mirror.url)` is passed over: ") == true)
    }

    @Test("a mirror that fails for several blobs at once is spoken of once")
    func passesOverOnce() throws {
        let mirror = LoopbackServer { _ in Reply(status: 404) }
        let contents = (0..<3).map { number in blob.map { $0 ^ UInt8(number) } }
        let byPath = Dictionary(
            uniqueKeysWithValues: contents.map { ("/v2/library/x/blobs/" + digest($0).text, $0) })
        let registry = LoopbackServer { Reply(body: byPath[$0.target] ?? []) }
        let received = contents.map { _ in Received() }
        let notices = Notices()
        let places = [Endpoint(url: mirror.url, isMirror: true), Endpoint(url: registry.url)]

        try client(places, notices: notices).fetch(zip(received, contents).map { $0.download($1) })

        #expect(received.map(\.bytes) == contents)
        #expect(mirror.requests.count == 3)
        #expect(notices.all.count == 1)
    }

    @Test("a blob that a mirror broke off is gone on with at the registry")
    func goesOn() throws {
        let mirror = LoopbackServer { _ in Reply(body: Array(blob.prefix(1000)), announced: blob.count) }
        let registry = LoopbackServer { LoopbackBlobTests.ranged($0, blob) }
        let received = Received()
        let places = [Endpoint(url: mirror.url, isMirror: true), Endpoint(url: registry.url)]

        try client(places).fetch([received.download(blob)])

        #expect(received.bytes == blob)
        #expect(registry.requests.map { $0.fields["range"] } == ["bytes=1000-"])
    }

    @Test("an insecure registry without TLS is asked again by plain HTTP, once and for all")
    func plain() throws {
        let server = LoopbackServer { request in
            request.method == "GET" ? manifestReply : Reply(raw: Array("HTTP/1.1 400 Bad\r\n\r\n".utf8))
        }
        let client = try client([Endpoint(url: "https://127.0.0.1:\(server.port)", isInsecure: true)])

        _ = try client.manifest(.tag("latest"))
        _ = try client.manifest(.tag("latest"))

        #expect(server.lines.filter { $0.hasPrefix("GET") }.count == 2)
        #expect(server.requests.count <= 3)
    }

    @Test("a registry that is not insecure is never asked without TLS")
    func secure() throws {
        let server = LoopbackServer { _ in manifestReply }
        let client = try client([Endpoint(url: "https://127.0.0.1:\(server.port)")])

        let error = failure { () throws(RegistryError) in _ = try client.manifest(.tag("latest")) }

        #expect(error?.reason == .network)
        #expect(error?.description.contains("TLS") == true, "\(error?.description ?? "")")
        #expect(server.lines.allSatisfy { !$0.hasPrefix("GET") })
    }

    @Test("a host without an address and a port without a listener are named")
    func nobody() throws {
        let silent = LoopbackServer(listens: false) { _ in Reply() }
        let noHost = failure { () throws(RegistryError) in
            _ = try client([Endpoint(url: "https://no-such-host.invalid")]).manifest(.tag("latest"))
        }
        let noPort = failure { () throws(RegistryError) in
            _ = try client([Endpoint(url: silent.url)]).manifest(.tag("latest"))
        }

        #expect(noHost?.description == "`library/x:latest`: could not resolve host `no-such-host.invalid`")
        #expect(
            noPort?.description
                == "`library/x:latest`: could not connect to `\(silent.url)`: connection refused")
    }

    @Test(
        "a server in trouble is asked again, as often as allowed and as late as it says",
        arguments: [408, 429, 500, 503])
    func triesAgain(status: Int) throws {
        let left = Mutex(3)
        let mended = LoopbackServer { _ in
            let fails = left.withLock { left in
                left -= 1
                return left >= 0
            }
            return fails ? Reply(status: status, fields: [("Retry-After", "0")]) : manifestReply
        }
        let broken = LoopbackServer { _ in Reply(status: status) }

        _ = try client(mended).manifest(.tag("latest"))
        let error = failure { () throws(RegistryError) in _ = try client(broken).manifest(.tag("latest")) }

        #expect(mended.requests.count == 4)
        #expect(broken.requests.count == 5)
        #expect(error?.status == status)
    }

    @Test("what is wrong for good is asked once", arguments: [400, 403, 404, 405, 410])
    func triesOnce(status: Int) throws {
        let server = LoopbackServer { _ in Reply(status: status) }

        let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("latest")) }

        #expect(error?.status == status)
        #expect(server.requests.count == 1)
    }

    @Test("redirects end: after ten, at another scheme, and nowhere")
    func redirects() throws {
        let circle = LoopbackServer { _ in Reply(status: 302, fields: [("Location", "/again")]) }
        let scheme = LoopbackServer { _ in Reply(status: 302, fields: [("Location", "file:///etc/passwd")]) }
        let nowhere = LoopbackServer { _ in Reply(status: 301) }

        for server in [circle, scheme, nowhere] {
            let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("latest"))
            }
            #expect(error?.description.contains("redirects") == true, "\(error?.description ?? "")")
        }

        #expect(circle.requests.count == 11)
        #expect(scheme.requests.count == 1)
    }

    @Test("a head without end is refused")
    func longHead() throws {
        let server = LoopbackServer { _ in
            Reply(fields: (0..<2000).map { ("X-\($0)", String(repeating: "x", count: 90)) })
        }

        let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("latest")) }

        #expect(error?.description.contains("a head of more than 65536 bytes") == true)
    }

    @Test(
        "a name that would change the address is refused",
        arguments: ["../x", "a//b", "a/../b", "A", "a?b", "a/", "a b"])
    func names(name: String) {
        let places = [Endpoint(url: "http://127.0.0.1:1")]
        let settings = RegistrySettings(agent: "roost/test")

        #expect(
            failure { () throws(RegistryError) in
                _ = try RegistryClient(name, at: places, settings) { _ in }
            } != nil)
    }

    @Test("a tag that would change the address is refused", arguments: ["", "a/b", "..", "a?b", "a b", "-a"])
    func tags(tag: String) throws {
        let client = try client([Endpoint(url: "http://127.0.0.1:1")])

        let error = failure { () throws(RegistryError) in _ = try client.manifest(.tag(tag)) }

        #expect(error?.reason == .invalid)
    }
}
