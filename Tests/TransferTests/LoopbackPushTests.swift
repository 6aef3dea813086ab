// SPDX-License-Identifier: Apache-2.0
// Blobs and manifests that go out, and lists, at registries on 127.0.0.1.
import Foundation
import OCISpec
import Synchronization
import Testing
import TransferProtocol

@testable import Transfer

/// A registry that keeps what it is sent.
final class KeepingRegistry: Sendable {
    struct State {
        var blobs: [String: [UInt8]] = [:]
        var upload: [UInt8] = []
        /// After how many bytes the next stream is cut.
        var cut: Int?
        var forgets = false
    }

    let state = Mutex(State())

    func reply(_ request: LoopbackServer.Request, _ body: [UInt8]) -> Reply {
        state.withLock { state in
            let path = "/v2/library/x/blobs/"
            switch request.method {
            case "HEAD":
                // As registries do: the size of what is there, without a body.
                let known = state.blobs[String(request.target.dropFirst(path.count))]
                return known.map { Reply(announced: $0.count) } ?? Reply(status: 404)
            case "POST": return Reply(status: 202, fields: [("Location", path + "uploads/1?_state=a")])
            case "GET":
                if state.forgets { return Reply(status: 404) }
                let range = "0-\(max(state.upload.count - 1, 0))"
                return Reply(
                    status: 204, fields: [("Location", path + "uploads/1?_state=b"), ("Range", range)])
            case "PATCH":
                state.upload += body
                return Reply(status: 202, fields: [("Location", path + "uploads/1?_state=c")])
            default:
                let name = request.target.components(separatedBy: "digest=")[1].replacingOccurrences(
                    of: "%3A", with: ":")
                state.upload += body
                guard digest(state.upload).text == name else { return Reply(status: 400) }
                state.blobs[name] = state.upload
                return Reply(status: 201)
            }
        }
    }

    /// A server in front of it, which reads a request's body before it answers.
    func server() -> LoopbackServer {
        LoopbackServer({ request in
            if request.method == "POST" { self.state.withLock { $0.upload = [] } }
            if request.method == "PATCH",
                let cut = self.state.withLock({ state in
                    defer { state.cut = nil }
                    return state.cut
                })
            {
                self.state.withLock { $0.upload += request.body.prefix(cut) }
                return Reply(raw: [])
            }
            return self.reply(request, request.body)
        })
    }
}

@Suite("Pushes to a registry on loopback")
struct LoopbackPushTests {
    private let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 >> 4) }

    private func withFile<Result>(_ bytes: [UInt8], _ body: (Int32) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "roost-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try FileHandle(forReadingFrom: url)
        return try body(file.fileDescriptor)
    }

    @Test("a small blob goes out in one request, a large one in a stream; then the registry has it")
    func sends() throws {
        for content in [blob, large, []] {
            let registry = KeepingRegistry()
            let server = registry.server()
            var told: Int64 = 0
            try withFile(content) { descriptor in
                let upload = BlobUpload(
                    digest(content), size: Int64(content.count), descriptor: descriptor,
                    progress: { told = $0 })
                let again = BlobUpload(digest(content), size: Int64(content.count), descriptor: descriptor)

                try client(server).push([upload])
                try client(server).push([again])

                #expect(upload.outcome == .sent)
                #expect(again.outcome == .exists)
                #expect(told == Int64(content.count))
            }
            #expect(registry.state.withLock { $0.blobs[digest(content).text] } == content)
            #expect(server.lines.contains { $0.hasPrefix("PATCH") } == (content.count > 1 << 20))
        }
    }

    @Test(
        "a stream that breaks goes on where the registry says, or anew when it forgot",
        arguments: [false, true])
    func resumes(forgets: Bool) throws {
        let registry = KeepingRegistry()
        registry.state.withLock {
            $0.cut = 1_000_000
            $0.forgets = forgets
        }
        let server = registry.server()

        try withFile(large) { descriptor in
            let upload = BlobUpload(digest(large), size: Int64(large.count), descriptor: descriptor)
            try client(server).push([upload])
            #expect(upload.outcome == .sent)
        }

        let patches = server.requests.filter { $0.method == "PATCH" }
        #expect(patches.map(\.body.count) == [3_000_000, forgets ? 3_000_000 : 2_000_000])
        #expect(patches.last?.fields["content-range"] == (forgets ? nil : "1000000-2999999"))
        #expect(patches.last?.target.hasSuffix("_state=" + (forgets ? "a" : "b")) == true)
    }

    @Test(
        "a blob of another repository is mounted, or sent when that is not allowed",
        arguments: [201, 202, 403])
    func mounts(status: Int) throws {
        let registry = KeepingRegistry()
        let server = LoopbackServer({ request in
            guard request.target.contains("mount=") else { return registry.reply(request, request.body) }
            return status == 202 ? registry.reply(request, request.body) : Reply(status: status)
        })

        try withFile(blob) { descriptor in
            let upload = BlobUpload(
                digest(blob), size: Int64(blob.count), descriptor: descriptor, mountFrom: "library/y")
            try client(server).push([upload])
            #expect(upload.outcome == (status == 201 ? .mounted : .sent))
        }

        #expect(
            server.lines[1] == "POST /v2/library/x/blobs/uploads/?mount=\(digest(blob).text)&from=library%2Fy"
        )
    }

    @Test("an upload that fails for good is an error after a bounded number of requests")
    func failsForGood() throws {
        let server = LoopbackServer({ request in
            switch request.method {
            case "HEAD", "GET": Reply(status: 404)
            case "POST": Reply(status: 202, fields: [("Location", "/u")])
            default: Reply(raw: [])
            }
        })

        let error = try withFile(large) { descriptor in
            failure { () throws(RegistryError) in
                try client(server).push([
                    BlobUpload(digest(large), size: Int64(large.count), descriptor: descriptor)
                ])
            }
        }

        #expect(error?.reason == .network)
        #expect(server.requests.count < 20)
    }

    @Test("a manifest is stored under its tag; another digest than ours is an error")
    func manifest() throws {
        let server = LoopbackServer { _ in Reply(status: 201) }
        let liar = LoopbackServer { _ in Reply(status: 201, fields: [("Docker-Content-Digest", "sha256:00")])
        }

        let stored = try client(server).push(manifestBytes, mediaType: manifestType, as: .tag("v1"))
        let error = failure { () throws(RegistryError) in
            _ = try client(liar).push(manifestBytes, mediaType: manifestType, as: .tag("v1"))
        }

        #expect(stored == digest(manifestBytes))
        #expect(server.lines == ["PUT /v2/library/x/manifests/v1"])
        #expect(server.requests[0].body == manifestBytes)
        #expect(server.requests[0].fields["content-type"] == manifestType)
        #expect(error?.reason == .invalid)
    }

    @Test("tags come page by page; a list that continues at another host is refused")
    func tags() throws {
        let server = LoopbackServer { request in
            request.target.contains("last=b")
                ? Reply(body: Array(#"{"name":"x","tags":["c"]}"#.utf8))
                : Reply(
                    fields: [("Link", #"</v2/library/x/tags/list?last=b&n=2>; rel="next""#)],
                    body: Array(#"{"name":"x","tags":["a","b"]}"#.utf8))
        }
        let elsewhere = LoopbackServer { _ in
            Reply(fields: [("Link", #"<http://localhost/v2/x>; rel="next""#)], body: Array("{}".utf8))
        }

        #expect(try client(server).tags() == ["a", "b", "c"])
        let error = failure { () throws(RegistryError) in _ = try client(elsewhere).tags() }
        #expect(error?.description == "`\(elsewhere.url)` continues a list elsewhere")
    }

    @Test("a search finds what the index says")
    func search() throws {
        let body =
            #"{"results":[{"name":"busybox","description":"d","star_count":3,"is_official":true,"x":[1]}]}"#
        let server = LoopbackServer { _ in Reply(body: Array(body.utf8)) }

        let found = try client(server).search("busy box", limit: 5)

        #expect(found == [SearchResult(name: "busybox", summary: "d", stars: 3, isOfficial: true)])
        #expect(server.lines == ["GET /v1/search?q=busy%20box&n=5"])
    }
}
