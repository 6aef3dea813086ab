// SPDX-License-Identifier: Apache-2.0
// Terminals: the master sent to a console socket, and `roost run -it` on a terminal of the caller.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("terminals") struct ConsoleTests {
        @Test(
            "the master comes over the console socket, and the program has a terminal of the configured size")
        func consoleSocket() throws {
            try Fixture.use { box in
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                try box.configure { config in
                    config["process.terminal"] = true
                    config["process.consoleSize"] = ["height": 33, "width": 99]
                    config.script(
                        "tty; stty size; ls -l /dev/console | cut -c1; read line; echo got $line; sleep 600")
                }
                try box.succeed(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                try socket.receive()
                try box.succeed("start", box.id)
                let before = socket.read(until: "\nc\r\n")
                socket.type("hello\n")
                let after = socket.read(until: "got hello")

                #expect(before.contains("/dev/") && before.contains("33 99"), "\(before)")
                #expect(after.contains("got hello"), "\(after)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("^C on the terminal interrupts the program")
        func interrupt() throws {
            try Fixture.use { box in
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                try box.configure { config in
                    config["process.terminal"] = true
                    config.script("trap 'echo caught; exit 4' INT; echo ready; while :; do sleep 0.05; done")
                }
                try box.succeed(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                try socket.receive()
                try box.succeed("start", box.id)
                _ = socket.read(until: "ready")
                socket.type("\u{3}")

                #expect(socket.read(until: "caught").contains("caught"))
                try box.reach("stopped")
                try box.succeed("delete", box.id)
            }
        }

        @Test("exec takes a console socket as well")
        func exec() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("start", box.id)
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                let program = try box.start([
                    "exec", "--tty", "--console-socket", box.directory + "/c.sock", box.id, "sh", "-c",
                    "tty; read x; exit 6",
                ])
                try socket.receive()
                let name = socket.read(until: "\n")
                socket.type("x\n")

                #expect(name.hasPrefix("/dev/pts/"), "\(name)")
                #expect(program.wait().status == 6)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("run and exec in the foreground relay the caller's terminal when there is no console socket")
        func foreground() throws {
            try Fixture.use { box in
                let runtime = "\(Programs.runtime) --root \(box.stateRoot)"
                try box.configure { config in
                    config["process.terminal"] = true
                    config.script("tty; exit 5")
                }
                let run = try box.spawn([
                    "script", "-qec", "\(runtime) run --bundle \(box.bundle) \(box.id)", "/dev/null",
                ]).wait()
                try box.create { config in
                    config["process.terminal"] = false
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                let exec = try box.spawn([
                    "script", "-qec", "\(runtime) exec -t \(box.id) sh -c 'tty; exit 6'", "/dev/null",
                ]).wait()

                #expect(run.status == 5 && run.output.contains("/dev/"), "\(run)")
                #expect(exec.status == 6 && exec.output.contains("/dev/pts/"), "\(exec)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("the terminal belongs to the program's user")
        func owner() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.terminal"] = true
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.script("echo ok > /dev/stdout; stat -c %u /dev/console")
                }
                let outcome = try box.spawn([
                    "script", "-qec",
                    "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)",
                    "/dev/null",
                ]).wait()

                #expect(
                    outcome.output.contains("ok\r\n") && outcome.output.hasSuffix("1000\r\n"), "\(outcome)")
            }
        }

        @Test("a terminal that nobody takes is an error, and so is a socket that would get none")
        func nobodyTakes() throws {
            try Fixture.use { box in
                try box.configure { $0["process.terminal"] = true }
                for command in [["create"], ["run", "--detach"]] {
                    let outcome = try box.oci(command + ["--bundle", box.bundle, box.id])
                    #expect(
                        outcome.status == 1 && outcome.errors.contains("`--console-socket`"), "\(outcome)")
                }
                try box.configure { $0["process.terminal"] = false }
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                let outcome = try box.oci(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                #expect(outcome.status == 1 && outcome.errors.contains("`process.terminal`"), "\(outcome)")
                #expect(socket.master == -1)
            }
        }

        @Test("a console socket that nobody listens on is an error")
        func nobody() throws {
            try Fixture.use { box in
                try box.configure { $0["process.terminal"] = true }
                let outcome = try box.oci(
                    "create", "--bundle", box.bundle, "--console-socket", "/no/such", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("/no/such"), "\(outcome)")
            }
        }

        @Test("roost run -it gives the program a terminal, its output to the caller's")
        func roostRun() throws {
            try Fixture.use { box in
                let command =
                    "\(Programs.directory)/roost --root \(box.directory) run --rm --name \(box.id) -it --rootfs \(box.rootfs) /bin/sh -c 'test -t 0 && tty; exit 5'"
                let outcome = try box.spawn(["script", "-qec", command, "/dev/null"]).wait()

                #expect(outcome.status == 5 && outcome.output.contains("/dev/"), "\(outcome)")
            }
        }

        @Test("a long paste to a program that echoes it comes back whole")
        func paste() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.terminal"] = true
                    config.script("stty -echo; echo ready; cat; echo done")
                }
                let lines = (0..<4000).map { "line \($0) " + String(repeating: "x", count: 60) }
                let outcome = try box.spawn(
                    [
                        "script", "-qec",
                        "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)",
                        "/dev/null",
                    ], input: lines.joined(separator: "\n") + "\n"
                ).wait()
                let last = lines.last ?? ""

                #expect(outcome.output.contains(last), "\(outcome.output.suffix(200))")
                #expect(outcome.output.contains("done"), "\(outcome.output.suffix(200))")
            }
        }
    }
}
