// SPDX-License-Identifier: Apache-2.0
// What the programs that call a runtime pass to it and expect of it: containerd's shim, conmon, podman,
// dockerd, buildah. Each command line is one of theirs.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("callers") struct CallerTests {
        /// The flags that stand before every command of containerd's shim.
        private func globals(_ box: Fixture) -> [String] {
            ["--log", box.directory + "/log.json", "--log-format", "json"]
        }

        private func log(_ box: Fixture) -> String { text(of: box.directory + "/log.json") }

        @Test("--version has a line each for version, commit and specification")
        func version() throws {
            try Fixture.use { box in
                let lines = try box.spawn([Programs.runtime, "--version"]).wait().lines

                #expect(lines.count == 3 && lines[0].hasPrefix("roost-oci version "), "\(lines)")
                let commit = lines[1].replacing("commit: ", with: "").replacing("-dirty", with: "")
                #expect(
                    commit == "unknown" || commit.count == 40 && commit.allSatisfy(\.isHexDigit), "\(lines)")
                #expect(lines[2].hasPrefix("spec: 1."), "\(lines)")
            }
        }

        @Test("a container's life as containerd's shim leads it")
        func shim() throws {
            try Fixture.use { box in
                let pidFile = box.directory + "/init.pid"
                try box.configure { $0.args = ["sleep", "600"] }
                try box.write(
                    "process.json", "{\"args\": [\"sleep\", \"601\"], \"cwd\": \"/\", \"user\": {}}")
                func call(_ arguments: String..., source: SourceLocation = #_sourceLocation) throws -> Outcome
                {
                    let outcome = try box.oci(globals(box) + arguments)
                    #expect(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: source)
                    return outcome
                }
                _ = try call(
                    "create", "--bundle", box.bundle, "--pid-file", pidFile, "--no-new-keyring", box.id)
                _ = try call("start", box.id)
                _ = try call(
                    "exec", "--process", box.directory + "/process.json", "--detach", "--pid-file",
                    box.directory + "/e1.pid", box.id)
                let pids = try call("ps", "--format", "json", box.id).output
                _ = try call("kill", box.id, "0")
                _ = try call("kill", "--all", box.id, "9")
                try box.reach("stopped")
                _ = try call("delete", box.id)

                #expect(pids == "[\(text(of: pidFile)),\(text(of: box.directory + "/e1.pid"))]\n")
                #expect(log(box) == "")
            }
        }

        @Test(
            "a command line that is wrong is in the log too, and exec's status is 255",
            arguments: [
                (["bogus"], 1), (["create", "--bogus", "x"], 1), (["create"], 1),
                (["exec", "--apparmor", "x", "y", "true"], 255), (["update", "x"], 1),
            ] as [([String], Int32)])
        func usage(_ arguments: [String], _ status: Int32) throws {
            try Fixture.use { box in
                let outcome = try box.oci(globals(box) + arguments)
                let entry = try Config(log(box))

                #expect(outcome.status == status, "\(outcome)")
                #expect(entry["level"] as? String == "error")
                #expect(outcome.errors.hasPrefix("roost-oci: \(entry["msg"] as? String ?? "")\n"))
            }
        }

        @Test("a text log is one line of quoted fields, in the file or `file:` of --log")
        func textLog() throws {
            try Fixture.use { box in
                _ = try box.oci("--log", "file:" + box.directory + "/log", "state", "a\"b\\c")
                let line = text(of: box.directory + "/log")

                #expect(
                    line.hasSuffix(
                        " level=error msg=\"the container `a\\\"b\\\\c` was not found: container does not exist\"\n"
                    ), "\(line)")
            }
        }

        @Test("a log that cannot be written is an error, before anything is made")
        func badLog() throws {
            try Fixture.use { box in
                let outcome = try box.oci(
                    "--log", box.directory + "/none/log", "run", "--bundle", box.bundle, box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("cannot open the log"), "\(outcome)")
            }
        }

        @Test("a create that fails says one thing: no warning stands before its error")
        func failedCreate() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.apparmorProfile"] = "some"
                    config.args = ["nosuch"]
                }
                let outcome = try box.oci(globals(box) + ["create", "--bundle", box.bundle, box.id])

                #expect(
                    outcome.errors == "roost-oci: exec: `nosuch`: executable file not found in $PATH\n")
                #expect(try Config(log(box))["level"] as? String == "error")
            }
        }

        @Test("warnings of a create that succeeds are on standard error, unless --log-level is error")
        func warnings() throws {
            try Fixture.use { box in
                try box.configure { $0["process.apparmorProfile"] = "some" }
                for (level, expected) in [("warning", true), ("error", false)] {
                    let outcome = try box.oci(
                        globals(box) + ["--log-level", level, "create", "--bundle", box.bundle, box.id])
                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(outcome.errors.contains("apparmorProfile") == expected, "\(outcome)")
                    try box.succeed("delete", "-f", box.id)
                }
                #expect(log(box) == "")
            }
        }

        @Test("a program of another user opens /dev/stdout and /dev/stderr, which are the caller's pipes")
        func pipes() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.script("echo out > /dev/stdout; echo err > /dev/stderr; sleep 600")
                }
                let runtime = "\(Programs.runtime) --root \(box.stateRoot)"
                let first = try box.spawn([
                    "sh", "-c",
                    "(\(runtime) create --bundle \(box.bundle) \(box.id) && \(runtime) start \(box.id)) 2>&1 | cat",
                ])
                let hasWritten = eventually { first.output.hasSuffix("out\nerr\n") }
                let second = try box.spawn([
                    "sh", "-c",
                    "\(runtime) exec -u 1001:1001 \(box.id) sh -c 'echo more > /dev/stdout' 2>&1 | cat",
                ]).wait()

                #expect(hasWritten, "\(first.output)")
                #expect(second.output == "more\n", "\(second)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("--pidfd-socket gets a descriptor of the process", arguments: [false, true])
        func pidfd(_ ofExec: Bool) throws {
            try Fixture.use { box in
                let path = box.directory + "/p.sock"
                let pidFile = box.directory + "/pid"
                let socket = try ConsoleSocket(path)
                let flags = ["--pidfd-socket", path, "--pid-file", pidFile]
                try box.configure { $0.args = ["sleep", "600"] }
                let made = try box.oci(
                    ["create", "--bundle", box.bundle] + (ofExec ? [] : flags) + [box.id])
                try box.succeed("start", box.id)
                if ofExec { _ = try box.oci(["exec", "-d"] + flags + [box.id, "sleep", "601"]) }
                try socket.receive()
                let info = text(of: "/proc/self/fdinfo/\(socket.master)")

                #expect(made.status == 0, "\(made)")
                #expect(info.contains("Pid:\t\(text(of: pidFile))\n"), "\(info)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("kill --all reaches every process of the container", .enabled(if: HostState.cgroupRoot != nil))
        func killAll() throws {
            try Fixture.use { box in
                let program = try box.create {
                    $0.script(
                        "trap 'echo outer' USR1; sh -c 'trap \"echo inner\" USR1; echo up; while :; do sleep 0.05; done' & while :; do sleep 0.05; done"
                    )
                }
                try box.succeed("start", box.id)
                #expect(eventually { program.output == "up\n" })
                try box.succeed("kill", "--all", box.id, "USR1")

                #expect(
                    eventually { program.output.contains("inner") && program.output.contains("outer") },
                    "\(program.output)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("options of ps(1), which are not supported, are refused and not dropped")
        func psOptions() throws {
            try Fixture.use { box in
                try box.create()
                let outcome = try box.oci("ps", box.id, "-o", "pid")

                #expect(outcome.status == 1 && outcome.errors.contains("`-o`"), "\(outcome)")
                try box.succeed("delete", "-f", box.id)
            }
        }
    }
}
