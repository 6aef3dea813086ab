// SPDX-License-Identifier: Apache-2.0
// Commands on a container that another command is busy with, or that was left by a killed one.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("commands that meet") struct ContentionTests {
        @Test("a container of a foreground run is seen, refused and deleted by others")
        func foreground() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                let run = try box.start(["run", "--bundle", box.bundle, box.id])
                try box.reach("running")

                let delete = try box.oci("delete", box.id)
                let start = try box.oci("start", box.id)
                let force = try box.oci("delete", "-f", box.id)

                #expect(delete.status == 1 && delete.errors.contains("it is running"), "\(delete)")
                #expect(start.status == 1 && start.errors.contains("running already"), "\(start)")
                #expect(force.status == 0, "\(force)")
                #expect(run.wait().status == 128 + 9)
            }
        }

        @Test("of two creates of one id the late one is refused, and the other's container stays")
        func twoCreates() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                let create = ["--root", box.stateRoot, "create", "--bundle", box.bundle, box.id]
                // Its directory is made, and for a second it does not get to lock it.
                let late = try box.spawn(
                    [
                        "strace", "-o", box.directory + "/trace", "-e", "trace=mkdirat", "-P",
                        "\(box.stateRoot)/\(box.id)", "-e", "inject=mkdirat:delay_exit=1000000",
                        Programs.runtime,
                    ] + create)
                let isMade = eventually {
                    FileManager.default.fileExists(atPath: "\(box.stateRoot)/\(box.id)")
                }
                #expect(isMade)
                let other = try box.spawn([Programs.runtime] + create).wait()
                let outcome = late.wait()

                #expect(other.status == 0, "\(other)")
                #expect(outcome.status == 1 && outcome.errors.contains("is in use"), "\(outcome)")
                #expect(try box.status() == "created")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("an id that a foreground run left to others is not cleared by it", .timeLimit(.minutes(5)))
        func reused() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                let run = try box.start(["run", "--bundle", box.bundle, box.id])
                try box.reach("running")
                run.signal(SIGSTOP)
                try box.succeed("delete", "-f", box.id)
                try box.create { $0.args = ["sleep", "600"] }
                run.signal(SIGCONT)

                #expect(run.wait().status == 128 + 9)
                #expect(try box.status() == "created")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test(
            "a created container is paused, and created again when it is resumed",
            .enabled(if: HostState.cgroupRoot != nil))
        func pauseCreated() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("pause", box.id)
                let paused = try box.status()
                let start = try box.oci("start", box.id)
                try box.succeed("resume", box.id)

                #expect(paused == "paused")
                #expect(start.status == 1 && start.errors.contains("paused"), "\(start)")
                #expect(try box.status() == "created")
                try box.succeed("start", box.id)
                #expect(try box.status() == "running")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a start that was killed before it cleared up leaves a running container")
        func killedStart() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("start", box.id)
                _ = try box.tool("mkfifo", "\(box.stateRoot)/\(box.id)/start")
                let start = try box.oci("start", box.id)

                #expect(try box.status() == "running")
                #expect(start.status == 1 && start.errors.contains("running already"), "\(start)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("while hooks run the status is creating, and exec is refused")
        func creating() throws {
            try Fixture.use { box in
                let log = box.directory + "/log"
                let runtime = "\(Programs.runtime) --root \(box.stateRoot)"
                let outcome = try box.run { config in
                    config.hook(
                        "createRuntime",
                        "\(runtime) state \(box.id) >\(log); \(runtime) exec \(box.id) cat /etc/passwd >>\(log)"
                            + " 2>&1; true")
                }

                #expect(outcome.status == 0, "\(outcome)")
                #expect(text(of: log).contains("\"status\": \"creating\""), "\(text(of: log))")
                #expect(text(of: log).contains("still being made"), "\(text(of: log))")
                #expect(!text(of: log).contains("root:x"), "\(text(of: log))")
            }
        }

        @Test("a caller that ignores SIGCHLD gets the exit status, and its hooks run")
        func ignoredChild() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config.script("exit 9")
                    config.hook("createRuntime", "true")
                }
                let program = [
                    Programs.runtime, "--root", box.stateRoot, "run", "--bundle", box.bundle, box.id,
                ]
                let outcome = try box.spawn(
                    [
                        "python3", "-c",
                        "import os,signal,sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
                            + " os.execv(sys.argv[1], sys.argv[1:])",
                    ] + program
                ).wait()

                #expect(outcome.status == 9, "\(outcome)")
            }
        }

        @Test("a state too long for a hook in the container is an error that names annotations")
        func longState() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["annotations"] = ["a": String(repeating: "x", count: 20_000)]
                    config.hook("createContainer", "true")
                }

                #expect(outcome.status == 1 && outcome.errors.contains("`annotations`"), "\(outcome)")
            }
        }
    }
}
