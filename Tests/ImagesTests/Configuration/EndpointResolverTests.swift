// SPDX-License-Identifier: Apache-2.0
// Where a reference leads: mirrors, the registry, certificates, and whose credential goes where.
import Foundation
import OCISpec
import Testing
import TransferProtocol

@testable import Images

@Suite("EndpointResolver")
struct EndpointResolverTests {
    let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    private func resolver(_ settings: String = "{}") throws -> EndpointResolver {
        var read = Settings()
        try read.read(Array(settings.utf8), file: "/f")
        return EndpointResolver(read, certificateDirectories: [place.path + "/ours", place.path + "/docker"])
    }

    private func credentials(_ text: String = "{}") throws -> CredentialStore {
        CredentialStore(try DockerConfiguration(path: "/c", Array(text.utf8)), environment: [])
    }

    private static let mirrors = #"{"registry-mirrors": ["http://m.example:5000/", "https://n.example/hub"]}"#

    @Test("Docker Hub is asked after its mirrors, each as who the user is there")
    func hub() throws {
        let auths =
            #"{"auths": {"https://index.docker.io/v1/": {"auth": "aHViOjE="}, "n.example": {"auth": "bjoy"}}}"#

        let resolved = try resolver(Self.mirrors).sources(ImageReference("ubuntu"), credentials(auths))

        #expect(
            resolved
                == .init(endpoints: [
                    Endpoint(url: "http://m.example:5000", isMirror: true),
                    Endpoint(
                        url: "https://n.example/hub", isMirror: true,
                        credential: Credential(username: "n", password: "2")),
                    Endpoint(
                        url: "https://registry-1.docker.io",
                        credential: Credential(username: "hub", password: "1")),
                ]))
    }

    @Test("any other registry has no mirror, and gets no credential of Docker Hub's")
    func other() throws {
        let auths = #"{"auths": {"https://index.docker.io/v1/": {"auth": "aHViOjE="}}}"#

        let resolved = try resolver(Self.mirrors).sources(ImageReference("ghcr.io/a/b:1"), credentials(auths))

        #expect(resolved == .init(endpoints: [Endpoint(url: "https://ghcr.io")]))
    }

    @Test(
        "a registry is insecure when it is this machine or the settings say so",
        arguments: [
            ("localhost/a", "https://localhost", true), ("localhost:5000/a", "https://localhost:5000", true),
            ("127.0.0.1:5000/a", "https://127.0.0.1:5000", true),
            ("[::1]:5000/a", "https://[::1]:5000", true),
            ("10.1.1.1/a", "https://10.1.1.1", true), ("r.example:5000/a", "https://r.example:5000", true),
            ("r.example/a", "https://r.example", false), ("ubuntu", "https://registry-1.docker.io", false),
        ])
    func insecure(reference: String, url: String, isInsecure: Bool) throws {
        let resolver = try resolver(
            #"{"insecure-registries": ["10.0.0.0/8", "r.example:5000", "docker.io", "registry-1.docker.io"]}"#
        )

        let resolved = resolver.sources(try ImageReference(reference), try credentials())

        #expect(resolved.endpoints == [Endpoint(url: url, isInsecure: isInsecure)])
    }

    @Test("a mirror on this machine needs no certificate, one elsewhere does")
    func mirrors() throws {
        let resolver = try resolver(
            #"{"registry-mirrors": ["http://127.0.0.1:5000", "https://m:1", "https://o"], "insecure-registries": ["m:1"]}"#
        )

        let resolved = resolver.sources(try ImageReference("a"), try credentials())

        #expect(resolved.endpoints.map(\.isInsecure) == [true, true, false, false])
        #expect(resolved.endpoints.map(\.isMirror) == [true, true, true, false])
    }

    @Test("certificates are in the directory of the host and port, ours before docker's")
    func certificates() throws {
        for name in ["docker/r.example:5000", "docker/m.example", "ours/m.example", "docker/docker.io"] {
            try FileManager.default.createDirectory(
                atPath: place.path + "/" + name, withIntermediateDirectories: true)
        }
        try "".write(toFile: place.path + "/docker/file.example", atomically: false, encoding: .utf8)
        let resolver = try resolver(#"{"registry-mirrors": ["https://m.example/x"]}"#)

        #expect(resolver.endpoint("r.example:5000").certificates == place.path + "/docker/r.example:5000")
        #expect(resolver.endpoint("r.example").certificates == "")
        #expect(resolver.endpoint("file.example").certificates == "")
        let hub = resolver.sources(try ImageReference("a"), try credentials())
        #expect(
            hub.endpoints.map(\.certificates) == [
                place.path + "/ours/m.example", place.path + "/docker/docker.io",
            ])
    }

    @Test("warnings of every place that is asked come along")
    func warnings() throws {
        let resolved = try resolver(Self.mirrors)
            .sources(ImageReference("a"), credentials(#"{"credsStore": "none"}"#))

        #expect(resolved.warnings.count == 3 && resolved.endpoints.count == 3)
    }

    @Test("push goes to the registry itself")
    func push() throws {
        let resolved = try resolver(Self.mirrors).registry("docker.io", credentials())

        #expect(resolved.endpoints == [Endpoint(url: "https://registry-1.docker.io")])
    }
}
