// SPDX-License-Identifier: Apache-2.0
// Pulls that meet: each other, a garbage collection, a full disk.
import Foundation
import Glibc
import TestSupport
import Testing

extension PullTests {
    @Suite("pulls that meet") struct PullContentionTests {
        private func image(_ box: PullBox, _ lie: String, _ tag: String = "latest") throws -> String {
            try "\(PullBox.hostile.get().address)/lies/\(lie)/\(box.id):\(tag)"
        }

        private func blobs(_ box: PullBox) throws -> [String] {
            try PullBox.hostile.get().requests()
                .filter { $0.path.contains("/\(box.id)/blobs/") && $0.status < 300 }
                .map { String($0.path.suffix(64)) }.sorted()
        }

        @Test("two pulls of one image at once both succeed, and each layer is fetched once")
        func same() throws {
            let box = try PullBox()
            let image = try image(box, "large-32")

            let pulls = try (0..<4).map { _ in try box.start(box.arguments(["pull", "-q", image])) }
            let outcomes = pulls.map { $0.wait() }

            for outcome in outcomes { #expect(outcome.status == 0, "\(outcome)") }
            let fetched = try blobs(box)
            let layers = fetched.filter { hex in
                (try? FileManager.default.attributesOfItem(atPath: "\(box.root)/blobs/sha256/\(hex)")[.size]
                    as? Int)
                    ?? 0 > 10_000
            }
            #expect(layers.count == 1, "\(fetched)")
            #expect(try box.damage().isEmpty)
            #expect(box.temporaries.isEmpty && box.partials.isEmpty, "\(box.temporaries)")
            #expect(try box.images() == [image])
        }

        @Test("two images that share layers come in at once, in whatever order each has them")
        func shared() throws {
            let box = try PullBox()
            let images = try (0..<6).map {
                try image(box, ["none", "once-50000", "docker-list"][$0 % 3], "t\($0)")
            }

            let pulls = try images.map { try box.start(box.arguments(["pull", "-q", $0])) }
            let outcomes = pulls.map { $0.wait() }

            for outcome in outcomes { #expect(outcome.status == 0, "\(outcome)") }
            #expect(try box.images().sorted() == images.sorted())
            #expect(try box.damage().isEmpty)
            #expect(box.temporaries.isEmpty && box.partials.isEmpty, "\(box.temporaries)")
            #expect(box.names("layers").count == 2)
        }

        @Test("a garbage collection during a pull takes nothing of it, and all that nobody needs")
        func collected() throws {
            let box = try PullBox()
            let other = try image(box, "none")
            let image = try image(box, "steps-60000")
            let first = try box.roost("pull", "-q", other)
            try #require(first.status == 0, "\(first)")

            let pull = try box.start(box.arguments(["pull", "-q", image]))
            var rounds = 0
            while pull.poll() == nil {
                let outcome =
                    try rounds == 0
                    ? box.roost("rmi", other) : box.roost("image", "prune", "-f")
                #expect(outcome.status == 0, "\(outcome)")
                rounds += 1
            }

            let outcome = pull.wait()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(rounds > 1)
            let again = try box.roost("pull", "-q", image)
            #expect(again.status == 0, "\(again)")
            #expect(try box.damage().isEmpty)
            #expect(try box.images() == [image])
            #expect(try box.isReadable(image))
            #expect(box.names("layers").count == 2)
            #expect(box.temporaries.isEmpty && box.partials.isEmpty, "\(box.temporaries)")
            #expect(try box.roost("image", "prune", "-af").status == 0)
            #expect(box.names("layers").isEmpty && box.names("blobs/sha256").isEmpty)
        }

        @Test("what a running container is made of stays when its image is removed")
        func running() throws {
            let registry = try ImageRegistry(images: ["busybox"])
            let box = try PullBox()
            let image = "\(registry.address)/library/busybox:latest"
            let pulled = try box.roost("pull", "-q", image)
            try #require(pulled.status == 0, "\(pulled)")

            let fifo = box.directory + "/go"
            try box.tool("mkfifo", fifo)
            let run = try box.start(
                ["sh", "-c", "\"$@\" <\(fifo)", "sh"]
                    + box.arguments([
                        "run", "-i", "--rm", image, "sh", "-c", "echo up; read line; ls /bin/cat",
                    ]))
            let hold = open(fifo, O_RDWR)
            defer {
                close(hold)
                run.signal(SIGKILL)
            }
            let isUp = eventually { run.output.contains("up") || run.poll() != nil }
            #expect(isUp)
            #expect(try box.roost("rmi", "-f", image).status == 0)
            #expect(try box.roost("image", "prune", "-af").status == 0)

            #expect(box.names("layers").count == 1, "\(box.names("layers"))")
            #expect(try box.images().isEmpty)
            _ = write(hold, "go\n", 3)
            let outcome = run.wait()
            #expect(outcome.status == 0 && outcome.output.contains("/bin/cat"), "\(outcome)")
            #expect(try box.roost("image", "prune", "-af").status == 0)
            #expect(box.names("layers").isEmpty)
        }

        @Test(
            "a full disk is named, leaves nothing half, and all is well once there is room",
            arguments: [16, 200, 1000])
        func fullDisk(_ kibibytes: Int) throws {
            let box = try PullBox()
            try FileManager.default.createDirectory(atPath: box.root, withIntermediateDirectories: true)
            try box.tool("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "roost-full", box.root)
            defer { _ = try? box.tool("umount", box.root) }
            let before = try image(box, "none")
            let image = try image(box, "large-3")
            let first = try box.roost("pull", "-q", before)
            try #require(first.status == 0, "\(first)")
            // All but so much is taken.
            try box.tool(
                "sh", "-c",
                "free=$(df -k --output=avail \"$1\" | tail -1); head -c $(((free - $2) * 1024)) /dev/zero"
                    + " >\"$1/filler\"", "sh", box.root, String(kibibytes))

            let outcome = try box.roost("pull", "-q", image)

            #expect(outcome.status == 1, "\(outcome)")
            #expect(
                outcome.errors.hasSuffix("no space left on device\n")
                    || outcome.errors.contains("no space left"), "\(outcome)")
            #expect(outcome.errors.contains("`\(image)`"), "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
            #expect(try box.images() == [before])
            #expect(box.temporaries.isEmpty, "\(box.temporaries)")
            #expect(try box.damage().isEmpty)
            #expect(try box.isReadable(before))
            try FileManager.default.removeItem(atPath: box.root + "/filler")
            let again = try box.roost("pull", "-q", image)
            #expect(again.status == 0, "\(again)")
            #expect(try box.images() == [image, before])
            #expect(try box.damage().isEmpty)
            #expect(box.temporaries.isEmpty && box.partials.isEmpty, "\(box.temporaries) \(box.partials)")
        }

        @Test("an image of 500 layers comes in and runs with the usual 1024 descriptors, in bounded memory")
        func manyLayers() throws {
            let registry = try ImageRegistry(images: ["layers:500"])
            let box = try PullBox()
            let image = "\(registry.address)/library/layers:500"
            let store = box.arguments([])

            let pull = try box.start(
                ["sh", "-c", "ulimit -Sn 1024; exec \"$@\"", "sh"] + store + ["pull", "-q", image]
            )
            .wait(seconds: 300)
            let run = try box.roost("run", "--rm", image, "cat", "/last")
            let again = try box.measured("pull", image)

            #expect(pull.status == 0, "\(pull)")
            #expect(run.status == 0 && run.output.hasPrefix("499"), "\(run)")
            #expect(again.outcome.status == 0 && again.megabytes <= Lie.mostMegabytes, "\(again)")
            #expect(box.names("layers").count == 500)
            #expect(box.temporaries.isEmpty, "\(box.temporaries)")
        }
    }
}
