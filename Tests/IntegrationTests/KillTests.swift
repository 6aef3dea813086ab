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
                for round in 0..<count {
                    try killOnce(
                        box, ["create", "start", "delete"][round % 3],
                        microseconds: UInt32(random.below(9000)))
                    try clear(box, byCreate: random.below(2) == 0, "round \(round), ROOST_SEED=\(seed)")
                }
            }
        }

        private func killOnce(_ box: Fixture, _ command: String, microseconds: UInt32) throws {
            if command != "create" { try box.succeed("create", "--bundle", box.bundle, box.id) }
            if command == "delete" { try box.succeed("start", box.id) }
            let options = ["create": ["--bundle", box.bundle], "delete": ["-f"]][command] ?? []
            let program = try box.start([command] + options + [box.id])
            usleep(microseconds)
            program.signal(SIGKILL)
            _ = program.wait()
        }

        /// A container that stands is deleted; what is half made goes with the next create, or with delete.
        private func clear(_ box: Fixture, byCreate: Bool, _ round: String) throws {
            if byCreate, try box.status() == "none" {
                // The child of a killed create may hold on for the instant that its death takes.
                let created = eventually(seconds: 5) {
                    (try? box.oci("create", "--bundle", box.bundle, box.id).status) == 0
                }
                #expect(created, "create after \(round)")
            }
            let deleted = try box.oci("delete", "-f", box.id)

            #expect(deleted.status == 0, "\(round): \(deleted)")
            let isClean = eventually(seconds: 5) { box.leftovers().filter { !$0.contains("bundle") }.isEmpty }
            #expect(isClean, "\(round): \(box.leftovers())")
        }
    }
}
