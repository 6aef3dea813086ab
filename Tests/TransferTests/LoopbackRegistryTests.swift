// SPDX-License-Identifier: Apache-2.0
// The registry client against registries on 127.0.0.1 that behave, and that do not: nothing here leaves the
// machine.
import Digest
import OCISpec
import Synchronization
import Testing
import TransferProtocol

@testable import Transfer

typealias Reply = LoopbackServer.Reply

/// Sentences that a client said.
final class Notices: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ text: String) { list.withLock { $0.append(text) } }
}

func digest(_ bytes: [UInt8]) -> ContentDigest { ContentDigest(hash: SHA256.hash(bytes)) }

func client(
    _ endpoints: [Endpoint], notices: Notices = Notices(), simultaneous: Int = 3
) throws(RegistryError) -> RegistryClient {
    var settings = RegistrySettings(agent: "roost/test")
    settings.firstDelay = 1
    settings.simultaneous = simultaneous
    return try RegistryClient("library/x", at: endpoints, settings) { notices.add($0) }
}

func client(_ server: LoopbackServer, credential: Credential? = nil) throws(RegistryError) -> RegistryClient {
    try client([Endpoint(url: server.url, isInsecure: true, credential: credential)])
}

/// What a download brought.
final class Received {
    var bytes: [UInt8] = []
    var restarts = 0
    var isWhole = false

    func download(_ content: [UInt8], received: Int = 0) -> BlobDownload {
        bytes = Array(content.prefix(received))
        return BlobDownload(
            digest(content), size: Int64(content.count), received: Int64(received),
            receive: { self.bytes.append(contentsOf: $0) },
            restart: {
                self.bytes = []
                self.restarts += 1
            }, finish: { self.isWhole = true })
    }
}

let manifestType = "application/vnd.oci.image.manifest.v1+json"
let manifestBytes = Array(#"{"schemaVersion":2,"mediaType":"\#(manifestType)","config":{},"layers":[]}"#.utf8)
let manifestReply = Reply(fields: [("Content-Type", manifestType)], body: manifestBytes)
let blob = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

/// The error of a body that must have one.
func failure(_ body: () throws(RegistryError) -> Void) -> RegistryError? {
    do throws(RegistryError) { try body() } catch { return error }
    return nil
}

@Suite("Manifests from a registry on loopback")
struct LoopbackManifestTests {
    @Test("a manifest comes by its tag, with its digest and type")
    func byTag() throws {
        let server = LoopbackServer { _ in manifestReply }

        let got = try client(server).manifest(.tag("latest"))

        #expect(got.bytes == manifestBytes)
        #expect(got.digest == digest(manifestBytes))
        #expect(got.mediaType == manifestType)
        #expect(server.lines == ["GET /v2/library/x/manifests/latest"])
        #expect(server.requests[0].fields["user-agent"] == "roost/test")
    }

    @Test("a manifest with another digest than the one asked for is refused")
    func bindingDigest() throws {
        let server = LoopbackServer { _ in manifestReply }

        let error = failure { () throws(RegistryError) in
            _ = try client(server).manifest(.digest(digest([1])))
        }

        #expect(error?.reason == .invalid)
        #expect(error?.description.contains("not `\(digest([1]).text)`") == true)
    }

    @Test(
        "a manifest that lies is refused",
        arguments: [
            ([("Docker-Content-Digest", "sha256:00")], manifestBytes, "but the content has the digest"),
            (
                [("Content-Type", "application/vnd.oci.image.index.v1+json")], manifestBytes,
                "the registry says"
            ),
            ([], Array(#"{"schemaVersion":1,"fsLayers":[]}"#.utf8), "schema 1"),
            (
                [("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")],
                Array("{}".utf8), "schema 1"
            ),
            ([], Array(#"{"manifests":[],"layers":[]}"#.utf8), "both an index and an image"),
            ([], Array("<html>".utf8), "cannot be read"),
        ])
    func lies(fields: [(String, String)], body: [UInt8], message: String) throws {
        let server = LoopbackServer { _ in Reply(fields: fields, body: body) }

        let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("latest")) }

        #expect(error?.reason == .invalid)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
    }

    @Test("a manifest of more than 4 MiB is refused, whether announced or not")
    func tooLong() throws {
        let told = LoopbackServer { _ in Reply(body: [0x20], announced: 1 << 30) }
        let long = [UInt8](repeating: 0x20, count: 4 << 20 | 1)
        let untold = LoopbackServer { _ in Reply(raw: Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + long) }

        for server in [told, untold] {
            let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("latest"))
            }
            #expect(error?.reason == .invalid)
            #expect(error?.description.contains("more than 4194304 bytes") == true)
        }
    }

    @Test("an index leads to the manifest that is chosen, and to no fourth index")
    func resolves() throws {
        let server = LoopbackServer { _ in manifestReply }
        let inner = digest(manifestBytes)
        var asked = 0

        let found = try client(server).resolve(.tag("latest")) { _ in
            asked += 1
            return asked == 1 ? inner : nil
        }
        let error = failure { () throws(RegistryError) in
            _ = try client(server).resolve(.tag("latest")) { _ in inner }
        }

        #expect(found.map(\.digest) == [inner, inner])
        #expect(server.lines[1] == "GET /v2/library/x/manifests/\(inner.text)")
        #expect(error?.description.contains("more than 3 indexes") == true)
    }

    @Test("what the registry says about a missing manifest is passed on")
    func missing() throws {
        let body = Array(#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest\u001b unknown"}]}"#.utf8)
        let server = LoopbackServer { _ in Reply(status: 404, body: body) }

        let error = failure { () throws(RegistryError) in _ = try client(server).manifest(.tag("v1")) }

        #expect(error?.reason == .notFound)
        #expect(error?.description == "`library/x:v1`: not found at `\(server.url)`: manifest  unknown")
        #expect(server.requests.count == 1)
    }

    @Test("referrers are read, and by their tag where the registry has no such list")
    func referrers() throws {
        let index = Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8)
        let hex = digest([1]).hex
        let modern = LoopbackServer { _ in Reply(body: index) }
        let old = LoopbackServer { request in
            request.target.contains("/manifests/sha256-") ? Reply(body: index) : Reply(status: 404)
        }
        let none = LoopbackServer { _ in Reply(status: 404) }

        #expect(try client(modern).referrers(of: digest([1])).map(\.bytes) == [index])
        #expect(try client(old).referrers(of: digest([1])).map(\.bytes) == [index])
        #expect(try client(none).referrers(of: digest([1])) == [])
        #expect(old.lines.last == "GET /v2/library/x/manifests/sha256-\(hex)")
    }
}
