// SPDX-License-Identifier: Apache-2.0
// Pushes to a registry that fails, cuts, forgets and sends elsewhere; and what nobody else may learn.
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("conduct of registries", .enabled(if: isRoot))
struct RegistryConductTests {
    private let box: RegistryBox

    init() throws { box = try RegistryBox() }

    /// zstd's first layer is large enough for a stream; the others go in one request each.
    private func push(_ conduct: String, to hostile: ImageRegistry) throws -> (Outcome, String) {
        let source = try ImageRegistry(images: ["zstd:latest"], isReadOnly: true)
        let name = "\(hostile.address)/push/\(conduct):1"
        try box.have("zstd:latest", from: source, as: name)
        return (try box.roost("push", name), name)
    }

    @Test(
        "a push goes on after failures, breaks and detours, and arrives whole",
        arguments: [
            "plain", "token", "basic", "fails-start-2", "fails-patch-2", "fails-put-2", "fails-manifest-2",
            "busy-2", "cut-patch-1000", "cut-put-50", "location-other", "location-absolute",
            "location-query", "chunk-minimum-65536",
        ])
    func arrives(_ conduct: String) throws {
        // skopeo logs in only where it is asked to at first.
        let pings = ["token": "token", "basic": "basic", "location-other": "token"]
        let hostile = try ImageRegistry.hostile(ping: pings[conduct] ?? "fine")
        try box.writeAccount(hostile)

        let (pushed, name) = try push(conduct, to: hostile)
        let copied = try box.skopeo(
            "copy", "--src-tls-verify=false", "--src-creds", "user:pass:word", "docker://\(name)",
            "dir:\(box.place)/copy")

        #expect(pushed.status == 0, "\(pushed)")
        #expect(pushed.output.contains(": Pushed\n"))
        #expect(copied.status == 0, "\(copied)")
    }

    @Test("a stream that was cut goes on where the registry says that it stopped")
    func resumes() throws {
        let hostile = try ImageRegistry.hostile()

        let (pushed, _) = try push("cut-patch-500000", to: hostile)
        let patches = try hostile.requests(of: "push/cut-patch-500000").filter { $0.method == "PATCH" }
        let asked = try hostile.requests(of: "push/cut-patch-500000").filter {
            $0.method == "GET" && $0.path.contains("/uploads/")
        }

        #expect(pushed.status == 0, "\(pushed)")
        #expect(patches.count == 2 && asked.count == 1)
        #expect(hostile.log.contains(#""content-range": "500000-1081199""#), "\(hostile.log)")
    }

    @Test(
        "a push that cannot be ends with one sentence",
        arguments: [
            ("denied", "denied: requested access to the resource is denied"), ("digest", "provided digest"),
            ("manifest-refused", "manifest invalid"), ("too-large", "too large"),
            ("lost", "blob upload unknown"), ("forgets", "blob unknown to registry"),
            ("location-file", "names no place for the upload"),
            ("location-none", "names no place for the upload"), ("unheard-of", "not found"),
            ("fails-start-99", "something broke"), ("fails-manifest-99", "something broke"),
        ])
    func ends(_ conduct: String, _ words: String) throws {
        let hostile = try ImageRegistry.hostile()

        let (pushed, name) = try push(conduct, to: hostile)
        let digest = try box.succeed("images", "--format", "{{.Digest}}", name)

        #expect(pushed.status == 1, "\(pushed)")
        #expect(pushed.errors.contains(words), "\(pushed)")
        #expect(pushed.errors.hasPrefix("roost: ") && pushed.errors.split(separator: "\n").count == 1)
        #expect(digest.output == "<none>\n")
    }

    @Test("an upload that goes on at another host does not tell it who asks")
    func uploadElsewhere() throws {
        let hostile = try ImageRegistry.hostile()
        try box.writeAccount(hostile)

        let (pushed, _) = try push("location-other", to: hostile)
        let requests = try hostile.requests(of: "push/location-other")
        let elsewhere = requests.filter { $0.port != hostile.port }
        let here = requests.filter { $0.port == hostile.port && $0.status < 300 }

        #expect(pushed.status == 0, "\(pushed)")
        #expect(elsewhere.count == 6, "\(elsewhere)")
        #expect(elsewhere.allSatisfy { $0.authorization == nil })
        #expect(!here.isEmpty && here.allSatisfy { $0.authorization == "Bearer good-token" }, "\(here)")
    }

    @Test(
        "a download that is redirected to another host does not tell it who asks",
        arguments: ["redirect", "redirect-host", "redirect-basic", "redirect-302"])
    func downloadElsewhere(_ lie: String) throws {
        let hostile = try ImageRegistry.hostile()
        try box.writeAccount(hostile)

        let pulled = try box.roost("pull", "\(hostile.address)/lies/\(lie)/a")
        let requests = try hostile.requests()
        let elsewhere = requests.filter { $0.path.hasPrefix("/_elsewhere/") }
        let here = requests.filter { $0.path.hasPrefix("/v2/lies/") && $0.authorization != nil }

        #expect(pulled.status == 0, "\(pulled)")
        #expect(elsewhere.count == 3, "\(elsewhere)")
        #expect(elsewhere.allSatisfy { $0.authorization == nil })
        #expect(here.count >= 4)
    }

    @Test("neither the arguments nor the environment of roost-transfer hold a secret")
    func process() throws {
        let hostile = try ImageRegistry.hostile()
        try box.writeAccount(hostile)
        let program = try box.start(["pull", "\(hostile.address)/lies/silent-manifest"])
        defer { program.signal(SIGKILL) }
        var seen: (pid: Int32, arguments: String, environment: String)?

        let isAsking = eventually {
            seen = transfer(of: program.pid)
            return seen != nil && (try? hostile.requests())?.isEmpty == false
        }
        if let seen { kill(seen.pid, SIGKILL) }
        let outcome = program.wait()

        #expect(isAsking)
        #expect(seen?.arguments == "roost-transfer\0pull\0")
        let environment = try #require(seen?.environment)
        #expect(environment.hasPrefix("LC_ALL=C\0"))
        #expect(!environment.contains(box.home) && !RegistryBox.secrets.contains { environment.contains($0) })
        #expect(outcome.errors.contains("was killed by signal 9"), "\(outcome)")
    }

    /// The child of a process that has become roost-transfer.
    private func transfer(of parent: pid_t) -> (pid: Int32, arguments: String, environment: String)? {
        let children = text(of: "/proc/\(parent)/task/\(parent)/children").split(separator: " ")
        for pid in children.compactMap({ Int32($0) }) {
            let arguments = text(of: "/proc/\(pid)/cmdline")
            guard arguments.hasPrefix("roost-transfer") else { continue }
            return (pid, arguments, text(of: "/proc/\(pid)/environ"))
        }
        return nil
    }
}
