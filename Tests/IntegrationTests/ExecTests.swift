// SPDX-License-Identifier: Apache-2.0
// `exec`: another process in a container that runs.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("exec") struct ExecTests {
        /// A fixture with a container that sleeps.
        private func withContainer(
            _ edit: (inout Config) -> Void = { _ in }, source: SourceLocation = #_sourceLocation,
            _ body: (Fixture) throws -> Void
        ) throws {
            try Fixture.use(source) { box in
                try box.create { config in
                    config.args = ["sleep", "600"]
                    edit(&config)
                }
                try box.succeed("start", box.id)
                try body(box)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("the exit status is the program's", arguments: [0, 3, 255])
        func status(_ status: Int32) throws {
            try withContainer { box in
                let outcome = try box.oci("exec", box.id, "sh", "-c", "exit \(status)")

                #expect(outcome.status == status, "\(outcome)")
            }
        }

        @Test("a program ended by signal n gives 128 + n")
        func signalStatus() throws {
            try withContainer { box in
                let outcome = try box.oci("exec", box.id, "sh", "-c", "kill -15 $$")

                #expect(outcome.status == 128 + 15, "\(outcome)")
            }
        }

        @Test("streams are the caller's, and the process is in the container's namespaces and group")
        func inside() throws {
            try withContainer { box in
                let pid = try box.state()["pid"] as? Int ?? -1
                let outcome = try box.oci(
                    [
                        "exec", box.id, "sh", "-c",
                        "cat; cd /proc/self/ns; for n in ipc mnt net pid uts cgroup; do readlink $n; done",
                    ],
                    input: "in\n")
                let expected = try ["ipc", "mnt", "net", "pid", "uts", "cgroup"].map {
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/\($0)")
                }

                #expect(outcome.lines == ["in"] + expected, "\(outcome)")
                #expect(try box.oci("exec", box.id, "grep", "^0:", "/proc/self/cgroup").output == "0::/\n")
            }
        }

        @Test("flags set environment, directory, user and groups")
        func flags() throws {
            try withContainer { box in
                let outcome = try box.oci(
                    "exec", "--env", "ONE=1", "-e", "TWO=2 2", "--cwd", "/etc", "--user", "1000:1001",
                    "--additional-gids", "7", box.id, "sh", "-c",
                    "echo $ONE $TWO; pwd; id -u; id -g; grep ^Groups /proc/self/status | tr -d '\\t '")

                #expect(outcome.lines == ["1 2 2", "/etc", "1000", "1001", "Groups:7"], "\(outcome)")
            }
        }

        @Test("the process is the container's own where no flag says otherwise")
        func defaults() throws {
            try withContainer({ config in
                config["process.env"] = ["PATH=/bin", "KEPT=yes"]
                config["process.cwd"] = "/tmp"
            }) { box in
                let outcome = try box.oci(
                    "exec", box.id, "sh", "-c",
                    "echo $KEPT; pwd; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status")

                #expect(
                    outcome.lines == ["yes", "/tmp", "CapEff:\t0000000020000420", "NoNewPrivs:\t1"],
                    "\(outcome)")
            }
        }

        @Test("--process takes the whole process from a file")
        func processFile() throws {
            try withContainer { box in
                try box.write(
                    "process.json",
                    """
                    {"args": ["sh", "-c", "echo $A; pwd; id -u; ulimit -n; grep ^CapEff /proc/self/status"], "cwd": "/var",
                     "env": ["PATH=/bin", "A=b"], "user": {"uid": 0, "gid": 0},
                     "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"]},
                     "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 33, "hard": 33}]}
                    """)
                let outcome = try box.oci("exec", "--process", box.directory + "/process.json", box.id)

                #expect(outcome.lines == ["b", "/var", "0", "33", "CapEff:\t0000000000000020"], "\(outcome)")
            }
        }

        @Test(
            "a failure of exec itself exits 255 with one line",
            arguments: [
                ["nosuch"], ["/etc"], ["--cwd", "/nosuch", "true"], ["--user", "root", "true"],
                ["--process", "/nosuch/file"],
            ])
        func failures(_ arguments: [String]) throws {
            try withContainer { box in
                var all = arguments
                let isProgram = arguments.count == 1
                all.insert(box.id, at: isProgram ? 0 : arguments.count == 3 ? 2 : all.count)
                let outcome = try box.oci(["exec"] + all)

                #expect(outcome.status == 255, "\(outcome)")
                #expect(
                    outcome.errors.hasPrefix("roost-oci: ")
                        && outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
            }
        }

        @Test("a container that is unknown or stopped is refused")
        func notRunning() throws {
            try Fixture.use { box in
                try box.create()
                try box.succeed("start", box.id)
                try box.reach("stopped")
                let stopped = try box.oci("exec", box.id, "true")
                let unknown = try box.oci("exec", "it-nobody", "true")

                #expect(
                    stopped.status == 255 && stopped.errors.contains("container not running"), "\(stopped)")
                #expect(
                    unknown.status == 255 && unknown.errors.contains("container does not exist"), "\(unknown)"
                )
                try box.succeed("delete", box.id)
            }
        }

        @Test("--env replaces a variable of the configuration")
        func environment() throws {
            try withContainer { box in
                let outcome = try box.oci(
                    "exec", "--env", "PATH=/bin", box.id, "sh", "-c", "cat /proc/$$/environ | tr '\\0' '\\n'")

                #expect(outcome.lines.filter { $0.hasPrefix("PATH=") } == ["PATH=/bin"], "\(outcome)")
            }
        }

        @Test("a paused container is refused", .enabled(if: HostState.cgroupRoot != nil))
        func paused() throws {
            try withContainer { box in
                try box.succeed("pause", box.id)
                let outcome = try box.oci("exec", box.id, "true")

                #expect(outcome.status == 255 && outcome.errors.contains("paused"), "\(outcome)")
            }
        }

        @Test("--detach returns at once, and the pid file names the process")
        func detach() throws {
            try withContainer { box in
                let file = box.directory + "/pid"
                try box.succeed("exec", "--detach", "--pid-file", file, box.id, "sleep", "613")
                let command = text(of: "/proc/\(text(of: file))/cmdline")

                #expect(command == "sleep\0613\0")
            }
        }

        @Test("a pid file that cannot be written is an error, and no process stays")
        func badPidFile() throws {
            try withContainer { box in
                let outcome = try box.oci(
                    "exec", "--detach", "--pid-file", box.directory + "/none/pid", box.id, "sleep", "614")
                let processes = try box.oci("ps", "--format", "json", box.id)

                #expect(outcome.status == 255 && outcome.errors.contains("/none/pid"), "\(outcome)")
                #expect(processes.output.split(separator: ",").count == 1, "\(processes)")
            }
        }

        @Test("the container ends while a process of exec still runs")
        func endsTogether() throws {
            try withContainer { box in
                let program = try box.start(["exec", box.id, "sh", "-c", "echo in; exec sleep 600"])
                #expect(eventually { program.output == "in\n" })
                try box.succeed("kill", box.id, "KILL")

                #expect(program.wait().status == 128 + 9)
                try box.reach("stopped")
            }
        }
    }
}
