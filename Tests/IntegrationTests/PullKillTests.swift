// SPDX-License-Identifier: Apache-2.0
// roost or roost-transfer killed at any point of a pull: the next pull needs no repair, fetches only what is
// missing, and leaves nothing. ROOST_SEED repeats a run, ROOST_KILLS says how many; ROOST_SOAK=1 means 100.
import Foundation
import Glibc
import TestSupport
import Testing

extension PullTests {
    @Suite("a pull is killed", .serialized) struct PullKillTests {
        private struct Random {
            var state: UInt64
            mutating func below(_ limit: UInt64) -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % limit
            }
        }

        /// Many small files; a blob that breaks off once, and half a second later goes on; zeros.
        private static let lies = ["entries-distinct-3000", "once-100000", "large-16"]

        @Test("at random points: the next pull goes on from there and leaves the store as a clean one does")
        func kill() throws {
            let seed = Programs.number("ROOST_SEED") ?? Int(getpid())
            let count =
                Programs.number("ROOST_KILLS") ?? (Programs.environment("ROOST_SOAK") == "1" ? 100 : 10)
            print("killing \(count) pulls, ROOST_SEED=\(seed)")
            var random = Random(state: UInt64(truncatingIfNeeded: seed))
            let clean = try Self.lies.map { try Clean($0) }
            for round in 0..<count {
                let one = clean[round % clean.count]
                let point = random.below(one.microseconds * 5 / 4)
                try Round(one, killsTransfer: random.below(2) == 0, "round \(round), ROOST_SEED=\(seed)")
                    .run(microseconds: UInt32(point))
            }
        }

        /// What a pull that nobody disturbs leaves, and how long it takes.
        private struct Clean {
            let lie: String
            let layers: [String: String]
            let blobs: [String]
            let microseconds: UInt64

            init(_ lie: String) throws {
                let box = try PullBox()
                self.lie = lie
                let image = try "\(PullBox.hostile.get().address)/lies/\(lie)/\(box.id):latest"
                let begin = nanoseconds()
                let outcome = try box.roost("pull", "-q", image)
                microseconds = max(1000, (nanoseconds() - begin) / 1000)
                try #require(outcome.status == 0, "\(outcome)")
                layers = try box.layers()
                blobs = box.names("blobs/sha256")
            }
        }

        private struct Round {
            let clean: Clean
            let killsTransfer: Bool
            let name: String
            let box: PullBox

            init(_ clean: Clean, killsTransfer: Bool, _ name: String) throws {
                self.clean = clean
                self.killsTransfer = killsTransfer
                self.name = "\(name), \(clean.lie), \(killsTransfer ? "roost-transfer" : "roost")"
                box = try PullBox()
            }

            func run(microseconds: UInt32) throws {
                let registry = try PullBox.hostile.get()
                let repository = "/lies/\(clean.lie)/\(box.id)/"
                let image = "\(registry.address)/lies/\(clean.lie)/\(box.id):latest"
                let pull = try box.start(box.arguments(["pull", "-q", image]))
                usleep(microseconds)
                if killsTransfer {
                    if let transfer = child(of: pull.pid) { Glibc.kill(transfer, SIGKILL) }
                } else {
                    pull.signal(SIGKILL)
                }
                _ = pull.wait()
                let before = try registry.requests().filter { $0.path.contains(repository) }.count
                let kept = killsTransfer ? try partialSizes() : [:]
                let again = try box.roost("pull", "-q", image)
                let after = try registry.requests().filter { $0.path.contains(repository) }.dropFirst(before)

                #expect(again.status == 0, "\(name): \(again)")
                #expect(try box.images() == [image], "\(name)")
                #expect(try box.damage().isEmpty, "\(name)")
                #expect(box.names("blobs/sha256") == clean.blobs, "\(name)")
                #expect(try box.layers() == clean.layers, "\(name)")
                for (digest, size) in kept {
                    let asked = after.filter { $0.path.contains(digest) && $0.status < 300 }
                    #expect(asked.allSatisfy { $0.range == "bytes=\(size)-" }, "\(name): \(size) \(asked)")
                }
                try expectNothingLeft(image)
            }

            /// Sizes of broken downloads that have something, by digest.
            private func partialSizes() throws -> [String: Int] {
                var found: [String: Int] = [:]
                for partial in box.partials {
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: "\(box.root)/ingest/\(partial)")
                    if let size = attributes[.size] as? Int, size > 0 {
                        found[String(partial.prefix(64))] = size
                    }
                }
                return found
            }

            /// A roost-transfer whose roost was killed ends its work; the command after that clears up.
            private func expectNothingLeft(_ image: String) throws {
                let isClean = eventually {
                    guard (try? box.roost("pull", "-q", image))?.status == 0 else { return false }
                    return box.temporaries.isEmpty && box.partials.isEmpty
                }
                #expect(isClean, "\(name): \(box.temporaries) \(box.partials)")
            }
        }
    }
}

/// The first child of a process.
private func child(of pid: pid_t) -> pid_t? {
    text(of: "/proc/\(pid)/task/\(pid)/children").split(separator: " ").first.flatMap { pid_t($0) }
}

private func nanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
