// SPDX-License-Identifier: Apache-2.0
// `push`: what goes out comes in again byte for byte, at any kind of login, and others read it.
import Foundation
import TestSupport
import Testing

@Suite("push", .enabled(if: isRoot))
struct RegistryPushTests {
    private let box: RegistryBox

    init() throws { box = try RegistryBox() }

    @Test(
        "an image that was pushed and removed is pulled again as it was",
        arguments: [nil, ImageRegistry.Authentication.basic, .token])
    func roundTrip(_ authentication: ImageRegistry.Authentication?) throws {
        let registry = try ImageRegistry(images: ["user:latest"], authentication: authentication)
        let (source, name) = ("\(registry.address)/library/user:latest", "\(registry.address)/new/it:1")
        if authentication != nil { try box.login(registry) }
        let pulled = try box.succeed("pull", source)
        try box.succeed("tag", source, name)
        let id = try box.succeed("images", "-q", "--no-trunc", name).output

        let pushed = try box.succeed("push", name)
        try box.succeed("rmi", source, name)
        let left = try box.succeed("images", "-q")
        let again = try box.succeed("pull", name)

        #expect(pushed.lines.first == "The push refers to repository [\(registry.address)/new/it]")
        #expect(pushed.lines.last == "1: digest: \(pulled.digest ?? "") size: 582", "\(pushed)")
        #expect(left.output.isEmpty)
        #expect(again.digest == pulled.digest)
        #expect(try box.succeed("images", "-q", "--no-trunc", name).output == id)
    }

    @Test(
        "skopeo reads what was pushed: gzip, zstd, docker's media types, 500 layers",
        arguments: ["odd:latest", "zstd:latest", "docker2:latest", "layers:500"])
    func skopeo(_ image: String) throws {
        let source = try ImageRegistry(images: [image], isReadOnly: true)
        let target = try ImageRegistry(images: [])
        let name = "\(target.address)/some/where:tag"
        try box.have(image, from: source, as: name)
        let before = try box.skopeo(
            "inspect", "--raw", "--tls-verify=false", "docker://\(source.address)/library/\(image)")

        let pushed = try box.succeed("push", name)
        let copied = try box.skopeo(
            "copy", "--src-tls-verify=false", "docker://\(name)", "dir:\(box.place)/copy")
        let after = try box.skopeo("inspect", "--raw", "--tls-verify=false", "docker://\(name)")

        #expect(copied.status == 0, "\(copied)")
        #expect(before.status == 0 && before.output == after.output)
        #expect(pushed.output.contains(": Pushed\n"))
        #expect(!pushed.output.contains("Mounted"))
    }

    @Test("by TLS, the certificate's authority stands in the user's own directory", arguments: [false, true])
    func tls(_ hasOwnBase: Bool) throws {
        let registry = try ImageRegistry(images: ["user:latest"], tls: true)
        // This machine by a name that is not one of those that need no certificate.
        let host = "registry.localhost:\(registry.port)"
        let base = hasOwnBase ? box.place + "/xdg" : box.home + "/.config"
        let environment = hasOwnBase ? ["XDG_CONFIG_HOME": base] : [:]

        let stranger = try box.roost("pull", "\(host)/library/user", environment: environment)
        let directory = "\(base)/roost/certs.d"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: registry.certificates, toPath: "\(directory)/\(host)")
        try box.succeed("pull", "\(host)/library/user", environment: environment)
        try box.succeed("tag", "\(host)/library/user", "\(host)/new/user")
        let pushed = try box.succeed("push", "\(host)/new/user", environment: environment)
        let copied = try box.skopeo(
            "copy", "--src-cert-dir", registry.certificates, "docker://\(registry.address)/new/user",
            "dir:\(box.place)/copy")

        #expect(stranger.status == 1)
        #expect(stranger.errors.contains("TLS certificate: "), "\(stranger)")
        #expect(pushed.lines.first == "Using default tag: latest")
        #expect(copied.status == 0, "\(copied)")
    }

    @Test("layers that the registry has elsewhere are mounted, and not sent again")
    func mounts() throws {
        let registry = try ImageRegistry(images: ["odd:latest"])
        let name = "\(registry.address)/new/odd:1"
        try box.have("odd:latest", from: registry, as: name)

        let pushed = try box.succeed("push", name)
        let log = registry.log.split(separator: "\n").filter { $0.contains("/v2/new/odd/blobs/") }
        let again = try box.succeed("push", name)
        let posts = registry.log.split(separator: "\n").filter { $0.contains("\"POST /v2/new/odd/") }

        #expect(pushed.lines.filter { $0.hasSuffix(": Mounted from library/odd") }.count == 4, "\(pushed)")
        // Four layers and the configuration.
        #expect(
            log.filter { $0.contains("?mount=sha256") && $0.contains("from=library%2Fodd") }.count == 5,
            "\(log)")
        #expect(!log.contains { $0.contains("\"PUT ") || $0.contains("\"PATCH ") }, "\(log)")
        #expect(again.lines.filter { $0.hasSuffix(": Layer already exists") }.count == 4, "\(again)")
        #expect(posts.count == 5)
    }

    @Test("what a registry refuses to mount is sent")
    func unmounted() throws {
        let source = try ImageRegistry(images: ["user:latest"], authentication: .token)
        try box.login(source)
        let name = "\(source.address)/new/user:1"
        try box.succeed("pull", "\(source.address)/private/user:latest")
        try box.succeed("tag", "\(source.address)/private/user:latest", name)
        let hostile = try ImageRegistry.hostile()
        let (first, second) = ("\(hostile.address)/push/plain/a:1", "\(hostile.address)/push/no-mount/b:1")
        try box.succeed("tag", name, first)
        try box.succeed("tag", name, second)

        let mounted = try box.succeed("push", name)
        try box.succeed("push", first)
        let sent = try box.succeed("push", second)
        let requests = try hostile.requests(of: "push/no-mount/b")

        #expect(mounted.output.contains("Mounted from private/user"))
        #expect(requests.filter { $0.path.contains("?mount=") }.count == 3)
        #expect(sent.lines.filter { $0.hasSuffix(": Pushed") }.count == 2, "\(sent)")
    }

    @Test("all tags of a repository go out at once, and no other's")
    func allTags() throws {
        let source = try ImageRegistry(images: ["user"])
        let target = try ImageRegistry(images: [])
        try box.have("user:latest", from: source, as: "\(target.address)/a/b:1")
        try box.have("user:number", from: source, as: "\(target.address)/a/b:2")
        try box.have("user:group", from: source, as: "\(target.address)/a/other:3")

        let pushed = try box.succeed("push", "-a", "\(target.address)/a/b")
        let tags = try target.get("/v2/a/b/tags/list")
        let other = try target.get("/v2/a/other/tags/list")

        #expect(tags.contains(#"["1","2"]"#) || tags.contains(#"["2","1"]"#), "\(tags)")
        #expect(other.hasPrefix("HTTP/1.1 404 "))
        #expect(pushed.lines.filter { $0.hasPrefix("The push refers to") }.count == 1)
        #expect(
            pushed.lines.filter { $0.contains(": digest: sha256:") }.map { $0.prefix(2) } == ["1:", "2:"])
    }

    @Test("quietly, the name alone is printed; what was pushed shows its digest in the list")
    func quiet() throws {
        let source = try ImageRegistry(images: ["user:latest"])
        let target = try ImageRegistry(images: [])
        let name = "\(target.address)/q:1"
        try box.have("user:latest", from: source, as: name)
        let format = "{{.Digest}}"

        let before = try box.succeed("images", "--format", format, name)
        let pushed = try box.succeed("image", "push", "-q", name)
        let after = try box.succeed("images", "--format", format, name)

        #expect(pushed.output == name + "\n")
        #expect(before.output == "<none>\n")
        #expect(after.output.hasPrefix("sha256:"))
    }

    @Test("what cannot be pushed is said before anything is asked")
    func refused() throws {
        let registry = try ImageRegistry(images: ["user:latest"])
        let name = "\(registry.address)/new/user"
        try box.have("user:latest", from: registry, as: name + ":1")
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let cases: [([String], String)] = [
            (["\(name):none"], "roost: An image does not exist locally with the tag: \(name)"),
            (["-a", "\(name):1"], "tag can't be used with --all-tags/-a"),
            (["\(name)@\(digest)"], "cannot push a digest reference"),
            (["--platform", "linux/s390x", "\(name):1"], "was found but is for linux/"),
            (["NAME"], "invalid reference format"),
        ]

        for (arguments, words) in cases {
            let outcome = try box.start(["push"] + arguments).wait()
            #expect(outcome.status == 1 && outcome.errors.contains(words), "\(arguments): \(outcome)")
        }
        #expect(!registry.log.contains("/v2/new/user/"))
    }

    @Test("who may not push is told so in docker's words, and what to do", arguments: [true, false])
    func denied(_ isLoggedIn: Bool) throws {
        let source = try ImageRegistry(images: ["user:latest"])
        let target = try ImageRegistry(images: [], authentication: .basic)
        let hostile = try ImageRegistry.hostile()
        let name = isLoggedIn ? "\(hostile.address)/push/denied:1" : "\(target.address)/new/user:1"
        try box.have("user:latest", from: source, as: name)

        let outcome = try box.roost("push", name)

        #expect(outcome.status == 1)
        #expect(
            outcome.errors.hasPrefix(
                "roost: denied: requested access to the resource is denied; log in with"),
            "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }
}
