// SPDX-License-Identifier: Apache-2.0
// Both programs read what the other writes.
import JSON
import OCISpec
import Testing
import TransferProtocol

@Suite("TransferProtocol")
struct RoundTripTests {
    static let digest = ContentDigest(hash: [UInt8](repeating: 7, count: 32))

    @Test(
        "every operation with every part comes back as it was", arguments: TransferRequest.Operation.allCases)
    func request(operation: TransferRequest.Operation) throws {
        var request = TransferRequest(operation)
        var registryToken = Credential()
        registryToken.registryToken = "r"
        request.reference = "ubuntu"
        request.repository = "library/ubuntu"
        request.tag = "latest"
        request.digest = Self.digest
        request.endpoints = [
            Endpoint(
                url: "https://a", isMirror: true, isInsecure: true, certificates: "/c",
                credential: Credential(username: "u", password: "p\n\"", identityToken: "t")),
            Endpoint(url: "http://b"), Endpoint(url: "https://c", credential: registryToken),
        ]
        request.platform = "linux/arm64"
        request.allTags = true
        request.keepsPacked = true
        request.siblings = ["library/debian"]
        request.images = [SavedImage(names: ["a", "b"], manifest: Self.digest)]
        request.format = "oci-archive"
        request.compression = "zstd"
        request.path = "containers/1/upper"
        request.isUpper = true
        request.configuration = "{}"
        request.words = "word"
        request.limit = 3
        request.concurrency = 5

        #expect(try TransferRequest.decode(request.encode()) == request)
    }

    static let events: [TransferEvent] =
        TransferProgress.Status.allCases.map {
            .progress(TransferProgress(id: "0123456789ab", status: $0, current: 1, total: 2))
        }
        + TransferFailure.Kind.allCases.map { .failed(TransferFailure($0, "a `b`")) }
        + [
            .notice("a\nb"), .done, .authenticated(identityToken: ""), .authenticated(identityToken: "x"),
            .found(FoundImage(name: "n", description: "d", stars: 4, isOfficial: true)),
            .image(
                TransferredImage(
                    names: ["docker.io/library/a:b"], manifest: digest, manifestSize: 10, mediaType: "m",
                    repositoryDigest: digest, repositorySize: 20)),
        ]

    @Test("every event comes back as it was, from one line", arguments: events)
    func event(event: TransferEvent) throws {
        let bytes = event.encode()

        #expect(!bytes.contains(UInt8(ascii: "\n")))
        #expect(try TransferEvent.decode(bytes) == event)
    }

    @Test(
        "what is no request and no event is an error",
        arguments: [
            "{}", "{\"operation\":\"fly\"}", "{\"operation\":\"pull\",\"more\":1}", "{\"event\":\"rain\"}",
            "{\"event\":\"progress\",\"status\":\"Sleeping\"}", "{\"event\":\"image\",\"mediaType\":\"m\"}",
            "[]",
        ])
    func invalid(text: String) {
        #expect(throws: JSONError.self) { _ = try TransferRequest.decode(Array(text.utf8)) }
        #expect(throws: JSONError.self) { _ = try TransferEvent.decode(Array(text.utf8)) }
    }
}
