// SPDX-License-Identifier: Apache-2.0
// The runtime killed at any point: what it was doing can be cleared by the next command.
// ROOST_SEED repeats a run, ROOST_KILLS says how many; ROOST_SOAK=1 means 200.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("the runtime is killed") struct KillTests {
        private struct Random {
            var state: UInt64
            mutating func below(_ limit: UInt64) -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % limit
            }
        }

        @Test(
            "at random points of create, start and delete: `delete -f` or the next create clears everything")
        func kill() throws {
            let seed = Programs.number("ROOST_SEED") ?? Int(getpid())
            let count =
                Programs.number("ROOST_KILLS") ?? (Programs.environment("ROOST_SOAK") == "1" ? 200 : 20)
            print("killing \(count) times, ROOST_SEED=\(seed)")
            var random = Random(state: UInt64(truncatingIfNeeded: seed))
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                let commands = ["create", "start", "delete"]
                let durations = try commands.map { try duration(box, $0) }
                for round in 0..<count {
                    // A little longer than the command takes: most kills hit it, some come too late.
                    let limit = durations[round % 3] * 5 / 4
                    try killOnce(box, commands[round % 3], microseconds: UInt32(random.below(limit)))
                    try clear(box, byCreate: random.below(2) == 0, "round \(round), ROOST_SEED=\(seed)")
                }
            }
        }

        /// Microseconds that a command takes here, its start included.
        private func duration(_ box: Fixture, _ command: String) throws -> UInt64 {
            try prepare(box, command)
            let begin = nanoseconds()
            let program = try box.start(arguments(box, command))
            let outcome = program.wait()
            let end = nanoseconds()
            #expect(outcome.status == 0, "\(command): \(outcome)")
            _ = try box.oci("delete", "-f", box.id)
            return max(1000, (end - begin) / 1000)
        }

        private func nanoseconds() -> UInt64 {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        }

        private func prepare(_ box: Fixture, _ command: String) throws {
            if command != "create" { try box.succeed("create", "--bundle", box.bundle, box.id) }
            if command == "delete" { try box.succeed("start", box.id) }
        }

        private func arguments(_ box: Fixture, _ command: String) -> [String] {
            let options = ["create": ["--bundle", box.bundle], "delete": ["-f"]][command] ?? []
            return [command] + options + [box.id]
        }

        private func killOnce(_ box: Fixture, _ command: String, microseconds: UInt32) throws {
            try prepare(box, command)
            let program = try box.start(arguments(box, command))
            usleep(microseconds)
            program.signal(SIGKILL)
            _ = program.wait()
        }

        /// A container that stands is deleted; what is half made goes with the next create, or with delete.
        private func clear(_ box: Fixture, byCreate: Bool, _ round: String) throws {
            if byCreate, try box.status() == "none" {
                // The child of a killed create may hold on for the instant that its death takes.
                let created = eventually(seconds: 20) {
                    (try? box.oci("create", "--bundle", box.bundle, box.id).status) == 0
                }
                #expect(created, "create after \(round)")
            }
            let deleted = try box.oci("delete", "-f", box.id)

            #expect(deleted.status == 0, "\(round): \(deleted)")
            let isClean = eventually(seconds: 20) {
                box.leftovers().filter { !$0.contains("bundle") }.isEmpty
            }
            #expect(isClean, "\(round): \(box.leftovers())")
        }
    }
}
