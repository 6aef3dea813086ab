// SPDX-License-Identifier: Apache-2.0
// What one `run` costs, in figures that a busy machine does not change: system calls and page faults.
// A ceiling is what was measured plus 15 %. Raise one only with a reason.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("the cost of run") struct CostTests {
        private static let systemCalls = 500
        private static let pageFaults = 165

        @Test("system calls of one run of /bin/true, of all processes, stay below the ceiling")
        func calls() throws {
            try Fixture.use { box in
                let file = box.directory + "/strace"
                let outcome = try box.spawn(
                    [
                        "strace", "-f", "-c", "-o", file, Programs.runtime, "--root", box.stateRoot, "run",
                        "-b", box.bundle, box.id,
                    ]
                ).wait()
                let total = text(of: file).split(separator: "\n").last { $0.hasSuffix(" total") }
                let words = (total ?? "").split(separator: " ")
                let count = words.count > 3 ? Int(words[3]) ?? .max : .max
                print("system calls of one run: \(count)")

                #expect(outcome.status == 0, "\(outcome)")
                #expect(count <= Self.systemCalls)
            }
        }

        @Test("page faults of one run of /bin/true stay below the ceiling")
        func faults() throws {
            try Fixture.use { box in
                var before = rusage()
                var after = rusage()
                getrusage(RUSAGE_CHILDREN.rawValue, &before)
                let outcome = try box.run()
                getrusage(RUSAGE_CHILDREN.rawValue, &after)
                let count = after.ru_minflt - before.ru_minflt
                print("page faults of one run: \(count)")

                #expect(outcome.status == 0, "\(outcome)")
                #expect(count <= Self.pageFaults)
            }
        }
    }
}
