// SPDX-License-Identifier: Apache-2.0
// Descriptors of the host: none comes into a container unless it was asked for (CVE-2024-21626).
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("descriptors") struct DescriptorTests {
        private func withOpenFiles(_ box: Fixture, _ command: [String]) throws -> Outcome {
            let words = ([Programs.runtime, "--root", box.stateRoot] + command).map { "'\($0)'" }.joined(
                separator: " ")
            return try box.spawn(["sh", "-c", "exec 3</etc/passwd 4</ 7</proc 9</dev/null; exec \(words)"])
                .wait()
        }

        @Test("a program of run has its standard streams only, whatever the caller had open")
        func run() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["ls", "/proc/self/fd"] }
                let outcome = try withOpenFiles(box, ["run", "-b", box.bundle, box.id])

                // 3 is the directory that ls reads.
                #expect(outcome.lines == ["0", "1", "2", "3"], "\(outcome)")
            }
        }

        @Test("a program of exec has its standard streams only")
        func exec() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                let outcome = try withOpenFiles(box, ["exec", box.id, "ls", "/proc/self/fd"])

                #expect(outcome.lines == ["0", "1", "2", "3"], "\(outcome)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("--preserve-fds passes on that many from 3 upward")
        func preserved() throws {
            try Fixture.use { box in
                try box.configure { $0.script("head -n 1 <&3 | cut -c 1-4; ls /proc/self/fd | tr '\\n' ' '") }
                let outcome = try withOpenFiles(
                    box, ["run", "--preserve-fds", "2", "-b", box.bundle, box.id])

                #expect(outcome.lines == ["root", "0 1 2 3 4 5 "], "\(outcome)")
            }
        }

        @Test(
            "a working directory that is a descriptor of the host is refused", arguments: [3, 4, 5, 7, 8, 9])
        func workingDirectory(_ number: Int) throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.cwd"] = "/proc/self/fd/\(number)"
                    config.script("ls -d ../../../../../etc/shadow; pwd")
                }
                let outcome = try withOpenFiles(box, ["run", "-b", box.bundle, box.id])

                #expect(outcome.status == 1 && outcome.output == "", "\(outcome)")
            }
        }

        @Test("the same holds for exec --cwd", arguments: [3, 4, 7, 9])
        func execDirectory(_ number: Int) throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                let outcome = try withOpenFiles(
                    box, ["exec", "--cwd", "/proc/self/fd/\(number)", box.id, "pwd"])

                #expect(outcome.status == 255 && outcome.output == "", "\(outcome)")
                try box.succeed("delete", "-f", box.id)
            }
        }
    }
}
