// SPDX-License-Identifier: Apache-2.0
// The registries that image tests pull from and push to, seen through skopeo: what they do is what tests of
// roost build on.
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("registries of the tests", .enabled(if: isRoot))
struct ImageRegistryTests {
    private let place: String

    init() throws { place = try directoryOfTheRun("roost-skopeo") }

    private func copy(_ source: String, _ destination: String, _ flags: [String] = []) throws -> Outcome {
        try Spawned(
            ["skopeo", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false"] + flags
                + [source, destination], files: place + "/skopeo"
        ).wait()
    }

    private func digest(_ reference: String, _ flags: [String] = []) throws -> String {
        let outcome = try Spawned(
            ["skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}"] + flags + [reference],
            files: place + "/inspect"
        ).wait()
        guard outcome.status == 0 else { throw FixtureError("\(outcome)") }
        return outcome.output
    }

    private func isListening(_ registry: ImageRegistry) -> Bool { (try? registry.get("/v2/")) != nil }

    @Test("docker-registry starts with the images that are asked for, takes others, and stops")
    func starts() throws {
        let layout = try standinLayout.get()
        let registry = try ImageRegistry(images: ["busybox", "user"])
        let answer = try registry.get("/v2/")
        let pulled = try copy("docker://\(registry.address)/library/user:number", "dir:\(place)/pulled")
        let pushed = try copy(
            "oci:\(layout):docker.io/library/odd:latest", "docker://\(registry.address)/new/odd:1")
        try #require(pushed.status == 0, "\(pushed)")
        let same = try digest("docker://\(registry.address)/new/odd:1")
        let log = registry.log
        registry.stop()

        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(pulled.status == 0, "\(pulled)")
        #expect(try same == digest("oci:\(layout):docker.io/library/odd:latest"))
        #expect(log.contains("PUT /v2/new/odd/manifests/1"))
        #expect(!isListening(registry))
    }

    @Test("it wants a login, by password or token", arguments: [ImageRegistry.Authentication.basic, .token])
    func login(_ authentication: ImageRegistry.Authentication) throws {
        let registry = try ImageRegistry(images: ["busybox"], authentication: authentication)
        let (name, password) = ImageRegistry.account
        let folder = authentication == .token ? "private" : "library"
        let reference = "docker://\(registry.address)/\(folder)/busybox"

        #expect(throws: FixtureError.self) { try digest(reference) }
        #expect(throws: FixtureError.self) { try digest(reference, ["--creds", "\(name):wrong"]) }
        #expect(try digest(reference, ["--creds", "\(name):\(password)"]).hasPrefix("sha256:"))
        if authentication == .token {
            #expect(try digest("docker://\(registry.address)/library/busybox").hasPrefix("sha256:"))
        }
    }

    @Test("it speaks TLS, and takes nothing when it is read-only")
    func tls() throws {
        let registry = try ImageRegistry(images: ["busybox"], tls: true, isReadOnly: true)
        let inspected = try Spawned(
            [
                "skopeo", "inspect", "--cert-dir", registry.certificates,
                "docker://\(registry.address)/library/busybox",
            ], files: place + "/inspect"
        ).wait()
        let pushed = try copy(
            "docker://\(registry.address)/library/busybox", "docker://\(registry.address)/new/busybox",
            ["--src-cert-dir", registry.certificates, "--dest-cert-dir", registry.certificates])

        #expect(inspected.status == 0, "\(inspected)")
        #expect(pushed.status != 0)
        #expect(pushed.errors.contains("405"))
    }

    @Test("the hostile registry tells the truth, lies by name, notes who asks, and stops")
    func hostile() throws {
        let registry = try ImageRegistry.hostile(ping: "token")
        let answer = try registry.get("/v2/")
        let stranger = try registry.get("/v2/lies/redirect/b/manifests/latest")
        let honest = try copy("docker://\(registry.address)/lies/login-token", "dir:\(place)/honest")
        let lie = try copy("docker://\(registry.address)/lies/digest:any", "dir:\(place)/lie")
        let redirected = try copy("docker://\(registry.address)/lies/redirect/a", "dir:\(place)/redirected")
        let elsewhere = try registry.requests().filter { $0.path.hasPrefix("/_elsewhere/lies/redirect/a/") }
        let sent = try registry.requests(of: "v2/lies/redirect/a").filter { $0.status == 307 }
        registry.stop()

        #expect(answer.hasPrefix("HTTP/1.1 401 "))
        #expect(stranger.hasPrefix("HTTP/1.1 401 "))
        #expect(honest.status == 0, "\(honest)")
        #expect(lie.errors.contains("Digest did not match"))
        #expect(redirected.status == 0, "\(redirected)")
        #expect(elsewhere.count == 3 && elsewhere.allSatisfy { $0.port != registry.port })
        #expect(elsewhere.allSatisfy { $0.authorization == nil })
        #expect(sent.map(\.authorization) == Array(repeating: "Bearer good-token", count: 3))
        #expect(!isListening(registry))
    }

    @Test("the hostile registry takes what is pushed, and refuses by name")
    func push() throws {
        let registry = try ImageRegistry.hostile()
        let image = "oci:\(try standinLayout.get()):docker.io/library/user:latest"
        let pushed = try copy(image, "docker://\(registry.address)/push/plain:1")
        try #require(pushed.status == 0, "\(pushed)")
        let same = try digest("docker://\(registry.address)/push/plain:1")
        let refused = try copy(image, "docker://\(registry.address)/push/digest:1")

        #expect(try same == digest(image))
        #expect(refused.errors.contains("digest invalid"))
    }

    @Test("a registry does not outlive who started it")
    func orphan() throws {
        // The shell starts it for itself, waits until it is ready, and ends without a word to it.
        let starter = try Spawned(
            [
                "sh", "-c",
                "\(Programs.package)/Tests/Images/registry --images --end-with $$ >\(place)/ready & "
                    + "echo $!; until [ -s \(place)/ready ]; do :; done",
            ], files: place + "/starter"
        ).wait()
        let pid = try #require(starter.lines.first.flatMap { Int32($0) })

        #expect(starter.status == 0)
        #expect(eventually { kill(pid, 0) != 0 || text(of: "/proc/\(pid)/stat").contains(") Z ") })
    }
}
