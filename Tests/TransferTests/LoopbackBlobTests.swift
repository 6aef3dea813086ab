// SPDX-License-Identifier: Apache-2.0
// Blobs from registries on 127.0.0.1 that break off, answer with other bytes, or lie about sizes.
import OCISpec
import Synchronization
import Testing
import TransferProtocol

@testable import Transfer

@Suite("Blobs from a registry on loopback")
struct LoopbackBlobTests {
    /// Answers ranges as registries do.
    static func ranged(_ request: LoopbackServer.Request, _ content: [UInt8]) -> Reply {
        guard let range = request.fields["range"], let start = Int(range.dropFirst(6).dropLast()) else {
            return Reply(body: content)
        }
        let field = ("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)")
        return Reply(status: 206, fields: [field], body: Array(content[start...]))
    }

    @Test("a download that is cut off goes on where it stopped")
    func resumes() throws {
        let count = Mutex(0)
        let server = LoopbackServer { request in
            var reply = Self.ranged(request, blob)
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number < 4 {
                reply.announced = reply.body.count
                reply.body = Array(reply.body.prefix(50_000))
            }
            return reply
        }
        let received = Received()

        try client(server).fetch([received.download(blob)])

        #expect(received.bytes == blob)
        #expect(received.isWhole)
        #expect(received.restarts == 0)
        #expect(
            server.requests.map { $0.fields["range"] } == [
                nil, "bytes=50000-", "bytes=100000-", "bytes=150000-",
            ])
    }

    @Test("a download that was begun earlier asks for the rest only; one that is whole asks for nothing")
    func continues() throws {
        let server = LoopbackServer { Self.ranged($0, blob) }
        let part = Received()
        let whole = Received()

        try client(server).fetch([
            part.download(blob, received: 1000), whole.download(blob, received: blob.count),
        ])

        #expect(part.bytes == blob)
        #expect(whole.isWhole)
        #expect(server.requests.map { $0.fields["range"] } == ["bytes=1000-"])
    }

    @Test("a registry that knows no ranges, or refuses this one, is begun with anew", arguments: [200, 416])
    func beginsAnew(status: Int) throws {
        let server = LoopbackServer { request in
            request.fields["range"] != nil && status == 416 ? Reply(status: 416) : Reply(body: blob)
        }
        let received = Received()

        try client(server).fetch([received.download(blob, received: 1000)])

        #expect(received.bytes == blob)
        #expect(received.restarts == 1)
    }

    @Test(
        "other bytes than those asked for are refused",
        arguments: ["bytes 0-299999/300000", "bytes 1000-299999/300001", "bytes 1000-300000/*", "1000", ""])
    func otherRange(range: String) throws {
        let server = LoopbackServer { _ in
            Reply(status: 206, fields: [("Content-Range", range)], body: Array(blob[1000...]))
        }
        let received = Received()

        let error = failure { () throws(RegistryError) in
            try client(server).fetch([received.download(blob, received: 1000)])
        }

        #expect(error?.reason == .invalid)
        #expect(error?.description.contains("other bytes") == true)
        #expect(received.bytes.count == 1000)
    }

    @Test("a blob of another size than its descriptor's is refused, whether announced or not")
    func otherSize() throws {
        let told = LoopbackServer { _ in Reply(body: blob + [1]) }
        let untold = LoopbackServer { _ in
            Reply(raw: Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + blob + [1])
        }
        let received = Received()

        let first = failure { () throws(RegistryError) in try client(told).fetch([received.download(blob)]) }
        let second = failure { () throws(RegistryError) in try client(untold).fetch([received.download(blob)])
        }

        #expect(first?.description.contains("has 300001 bytes; the manifest says 300000") == true)
        #expect(second?.description.contains("more than the 300000 bytes") == true)
        #expect(received.bytes.count <= blob.count)
    }

    @Test("a connection that always breaks is an error after five tries, which says how far it came")
    func breaksAlways() throws {
        let server = LoopbackServer { _ in
            Reply(body: Array(blob.prefix(10)), announced: blob.count)
        }
        let received = Received()

        let error = failure { () throws(RegistryError) in try client(server).fetch([received.download(blob)])
        }

        #expect(error?.reason == .network)
        #expect(error?.description.contains("cut off after 10 of 300000 bytes") == true)
        #expect(server.requests.count == 5)
    }

    @Test("many blobs come at once, at most as many as allowed")
    func many() throws {
        let state = Mutex((now: 0, most: 0))
        let contents = (0..<12).map { number in blob.map { $0 ^ UInt8(number) } }
        let byPath = Dictionary(
            uniqueKeysWithValues: contents.map { ("/v2/library/x/blobs/" + digest($0).text, $0) })
        let server = LoopbackServer { request in
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            return Reply(body: byPath[request.target] ?? [])
        }
        let received = contents.map { _ in Received() }

        try client(server).fetch(zip(received, contents).map { $0.download($1) })

        #expect(received.map(\.bytes) == contents)
        #expect(state.withLock { $0.most } <= 3)
    }

    @Test("the first failure ends all downloads")
    func endsAll() throws {
        let wrong = Array(blob.reversed())
        let path = "/v2/library/x/blobs/" + digest(wrong).text
        let server = LoopbackServer { request in
            request.target == path ? Reply(status: 404) : Reply(body: blob.dropLast(), announced: blob.count)
        }
        let error = failure { () throws(RegistryError) in
            try client(server).fetch([Received().download(wrong), Received().download(blob)])
        }

        #expect(error?.reason == .notFound)
        #expect(server.requests.count <= 4)
    }

    @Test("an error of the one who takes the bytes is the error, and nothing is tried again")
    func stopped() throws {
        let server = LoopbackServer { _ in Reply(body: blob) }
        let download = BlobDownload(
            digest(blob), size: Int64(blob.count),
            receive: { (_) throws(RegistryError) in throw RegistryError(.stopped, "the disk is full") },
            restart: {}, finish: {})

        let error = failure { () throws(RegistryError) in try client(server).fetch([download]) }

        #expect(error?.reason == .stopped)
        #expect(error?.description.hasSuffix("the disk is full") == true)
        #expect(server.requests.count == 1)
    }

    @Test("a small blob comes with its digest checked")
    func small() throws {
        let server = LoopbackServer { _ in Reply(body: [1, 2, 3]) }

        let bytes = try client(server).fetchBytes(digest([1, 2, 3]), size: 3, limit: 10)
        let error = failure { () throws(RegistryError) in
            _ = try client(server).fetchBytes(digest([1, 2, 4]), size: 3, limit: 10)
        }

        #expect(bytes == [1, 2, 3])
        #expect(error?.reason == .invalid)
    }
}
