// SPDX-License-Identifier: Apache-2.0
// What each test of pulls has for itself: an image store, and questions about what is in it.
import Foundation
import Glibc
import TestSupport
import Testing

/// An image store of one test.
final class PullBox {
    let directory: String
    /// The store's directory.
    let root: String
    /// In names of repositories, so that the hostile registry counts for this test alone.
    let id: String
    private var count = 0

    /// The hostile registry of the run.
    // Nothing of it changes once it has started, until the run's end.
    nonisolated(unsafe) static let hostile = Result { try ImageRegistry.hostile() }

    init() throws {
        directory = try temporaryDirectory("roost-pull")
        root = directory + "/store"
        id = "t" + directory.suffix(6).lowercased()
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: directory) }

    /// The store that has one honest image; made once, copied for each test.
    // The box is only read.
    nonisolated(unsafe) static let pulled = Result<(box: PullBox, image: String), any Error> {
        let box = try PullBox()
        let image = try "\(hostile.get().address)/lies/gzip-members/\(box.id):latest"
        let outcome = try box.roost("pull", "-q", image)
        guard outcome.status == 0 else { throw FixtureError("\(outcome)") }
        return (box, image)
    }

    /// A box whose store has an honest image already; its name.
    static func withImage() throws -> (box: PullBox, image: String) {
        let box = try PullBox()
        let (made, image) = try pulled.get()
        _ = try box.tool("cp", "-a", made.root, box.root)
        return (box, image)
    }

    // MARK: programs

    func arguments(_ words: [String]) -> [String] { [Programs.directory + "/roost", "--root", root] + words }

    func start(_ arguments: [String]) throws -> Spawned {
        count += 1
        return try Spawned(arguments, files: "\(directory)/program\(count)")
    }

    /// roost on this store, to its end.
    func roost(_ words: String...) throws -> Outcome { try start(arguments(words)).wait() }

    /// The same, with the most memory in MB that it or a program of it had.
    func measured(_ words: String..., seconds: Double = 300) throws -> (outcome: Outcome, megabytes: Int) {
        let measure =
            "import os, sys\npid = os.fork()\nif not pid: os.execv(sys.argv[2], sys.argv[2:])\n"
            + "_, status, usage = os.wait4(pid, 0)\nprint(usage.ru_maxrss // 1024, file=open(sys.argv[1], 'w'))\n"
            + "sys.exit(os.waitstatus_to_exitcode(status) & 255)\n"
        let file = directory + "/megabytes"
        let outcome = try start(["python3", "-c", measure, file] + arguments(words)).wait(seconds: seconds)
        return (outcome, Int(text(of: file).dropLast()) ?? .max)
    }

    @discardableResult func tool(_ arguments: String...) throws -> Outcome {
        let outcome = try start(arguments).wait(seconds: 300)
        guard outcome.status == 0 else {
            throw FixtureError("\(arguments.joined(separator: " ")): \(outcome)")
        }
        return outcome
    }

    // MARK: the store

    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + path)) ?? []).sorted()
    }

    /// The names of all images.
    func images() throws -> [String] {
        guard let data = FileManager.default.contents(atPath: root + "/index.json") else { return [] }
        let index = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let manifests = index?["manifests"] as? [[String: Any]] ?? []
        return manifests.compactMap {
            ($0["annotations"] as? [String: String])?["org.opencontainers.image.ref.name"]
        }
    }

    /// Broken downloads, which a later pull goes on with.
    var partials: [String] { names("ingest").filter { $0.hasSuffix(".partial") } }

    /// Everything that has no final name, but for broken downloads.
    var temporaries: [String] {
        names("ingest").filter { !$0.hasSuffix(".partial") }.map { "ingest/" + $0 }
            + names("layers").filter { $0.count != 64 }.map { "layers/" + $0 }
            + names("leases").map { "leases/" + $0 }
            + names(".").filter { $0.hasSuffix(".tmp") || $0.hasPrefix(".") }
    }

    /// The layers, each with a digest of all that is in it but times: what a layer only implied has none.
    func layers() throws -> [String: String] {
        var found: [String: String] = [:]
        for name in names("layers") where name.count == 64 {
            let digest = try tool(
                "sh", "-c",
                "tar -C \"$1\" --sort=name --numeric-owner --xattrs --xattrs-include='*' --mtime=@0"
                    + " --format=posix --pax-option=delete=atime,delete=ctime -cf - . | sha256sum", "sh",
                "\(root)/layers/\(name)/fs")
            found[name] = digest.output
        }
        return found
    }

    /// What is wrong with the store: blobs that are not what their names say, or no image layout.
    func damage() throws -> [String] {
        var found: [String] = []
        if text(of: root + "/oci-layout") != "{\"imageLayoutVersion\":\"1.0.0\"}" {
            found.append("oci-layout")
        }
        let blobs = names("blobs/sha256")
        guard !blobs.isEmpty else { return found }
        let sums = try tool("sh", "-c", "cd \"$1\" && sha256sum *", "sh", root + "/blobs/sha256")
        return found + sums.lines.filter { $0.prefix(64) != $0.suffix(64) }
    }

    /// Whether another program reads an image of the store.
    func isReadable(_ image: String) throws -> Bool {
        try start(["skopeo", "inspect", "--raw", "oci:\(root):\(image)"]).wait().status == 0
    }

    /// Files of attacks that are not inside a layer.
    func escaped() throws -> [String] {
        let places = [
            "/roost-escaped", "/tmp/roost-escaped", "/tmp/roost-escape/roost-escaped",
            "/tmp/roost-escape/made",
        ]
        let inside = try tool(
            "find", directory, "-name", "roost-escape*", "-not", "-path", "*/layers/*/fs/*")
        return places.filter { FileManager.default.fileExists(atPath: $0) } + inside.lines
    }
}
