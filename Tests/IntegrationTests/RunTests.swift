// SPDX-License-Identifier: Apache-2.0
// `run`: status, streams, and what the program finds around itself.
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("run") struct RunTests {
        @Test("the exit status is the program's", arguments: [0, 1, 7, 126, 255])
        func exitStatus(_ status: Int32) throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.script("exit \(status)") }

                #expect(outcome.status == status)
                #expect(
                    outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("roost-oci: warning: ") })
            }
        }

        @Test("a program that is killed gives 128 + 9")
        func killed() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "60"] }
                let program = try box.start(["run", "--bundle", box.bundle, box.id])
                try box.reach("running")
                try box.succeed("kill", box.id, "KILL")

                #expect(program.wait().status == 128 + 9)
            }
        }

        @Test("signals to the runtime are passed on to the program")
        func signalsPassedOn() throws {
            try Fixture.use { box in
                try box.configure {
                    $0.script("trap 'echo got; exit 3' TERM; echo ready; while :; do sleep 0.05; done")
                }
                let program = try box.start(["run", "--bundle", box.bundle, box.id])
                #expect(eventually { program.output == "ready\n" })
                program.signal(15)
                let outcome = program.wait()

                #expect(outcome.status == 3 && outcome.output == "ready\ngot\n", "\(outcome)")
            }
        }

        @Test("a program without a pid namespace of its own ends by any signal", arguments: [6, 15])
        func signalStatusOnHost(_ signal: Int32) throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.removeNamespace("pid")
                    config.removeMount("/proc")
                    config["linux.maskedPaths"] = nil
                    config["linux.readonlyPaths"] = nil
                    config.script("kill -\(signal) $$")
                }

                #expect(outcome.status == 128 + signal, "\(outcome)")
            }
        }

        @Test("standard input and output are the caller's")
        func streams() throws {
            try Fixture.use { box in
                let outcome = try box.run(input: "one\ntwo\n") { $0.script("cat; echo three >&2") }

                #expect(outcome.output == "one\ntwo\n")
                #expect(outcome.errors.hasSuffix("three\n"))
            }
        }

        @Test(
            "the program sees its arguments, environment, directory and host name, and nothing of the caller's"
        )
        func surroundings() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.args = [
                        "sh", "-c", "echo \"$0|$1|$#\"; pwd; hostname; env | sort", "zero", "a b", "c",
                    ]
                    config["process.env"] = ["PATH=/bin", "ONE=1 2"]
                    config["root.readonly"] = false
                    config["process.cwd"] = "/tmp/deep/er"
                    config["hostname"] = "box"
                }

                #expect(outcome.status == 0, "\(outcome)")
                #expect(
                    outcome.lines.filter {
                        !$0.hasPrefix("HOSTNAME") && !$0.hasPrefix("OLDPWD") && !$0.hasPrefix("SHLVL")
                    }
                        == [
                            "zero|a b|2", "/tmp/deep/er", "box", "HOME=/root", "ONE=1 2", "PATH=/bin",
                            "PWD=/tmp/deep/er",
                        ])
            }
        }
    }
}
