// SPDX-License-Identifier: Apache-2.0
// Limits that are reached: a kill for want of memory, a fork that fails, and how it is told. As LimitTests,
// where cgroup v2 has its controllers.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("limits reached", .enabled(if: hasControllers)) struct LimitReachedTests {
        /// Takes more memory than it may, in the tmpfs that is counted with it.
        private static let glutton = ["dd", "if=/dev/zero", "of=/dev/shm/x", "bs=1M", "count=60"]
        private static let sixteen: [String: Int] = ["limit": 16 << 20, "swap": 16 << 20]

        @Test("a container of /bin/true starts in 512 KiB")
        func small() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0["linux.resources.memory"] = ["limit": 512 << 10] }
                let seen = try box.run { $0.args = ["cat", "/sys/fs/cgroup/memory.max"] }

                #expect(outcome.status == 0, "\(outcome)")
                #expect(seen.output == "524288\n", "\(seen)")
            }
        }

        @Test("a limit too low to make a container in is told with its figure", arguments: ["run", "create"])
        func tooLow(_ command: String) throws {
            try Fixture.use { box in
                try box.configure { $0["linux.resources.memory"] = ["limit": 4096] }
                let outcome = try box.oci(command, "--bundle", box.bundle, box.id)

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "roost-oci: the memory limit, 4 KiB, is too low to make a container in; raise"
                            + " `linux.resources.memory.limit`\n"), "\(outcome)")
            }
        }

        @Test("a program that is killed for want of memory: its limit, and what to raise")
        func killed() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.resources.memory"] = Self.sixteen
                    config.args = Self.glutton
                }

                #expect(outcome.status == 137, "\(outcome)")
                #expect(
                    outcome.errors.contains(
                        "the container's program was killed by the kernel: it used up its memory, 16 MiB;"
                            + " raise `linux.resources.memory.limit`\n"), "\(outcome)")
            }
        }

        @Test("of roost run: the flag to raise; a program that outlives the killed one keeps its status")
        func killedChild() throws {
            try Fixture.use { box in
                let script = Self.glutton.joined(separator: " ") + "; echo after; exit 5"
                let outcome = try box.roost("-m", "16m", "--memory-swap", "16m", "sh", "-c", script)

                #expect(outcome.status == 5 && outcome.output == "after\n", "\(outcome)")
                #expect(
                    outcome.errors.contains(
                        "roost: warning: the kernel killed a process of the container: it used up its memory,"
                            + " 16 MiB; raise `--memory`\n"), "\(outcome)")
            }
        }

        @Test("events: the figures, a line for a kill, and the end with the container")
        func events() throws {
            try Fixture.use { box in
                try box.create { config in
                    config["linux.resources.memory"] = Self.sixteen
                    config["linux.resources.pids"] = ["limit": 20]
                    config.args = Self.glutton
                }
                let once = try Config(try box.succeed("events", "--stats", box.id).output)
                let watcher = try box.start(["events", "--interval", "50ms", box.id])
                #expect(eventually { watcher.output.contains("\"stats\"") })
                try box.succeed("start", box.id)
                let outcome = watcher.wait()
                try box.reach("stopped")
                try box.succeed("delete", box.id)

                #expect(once["type"] as? String == "stats" && once["id"] as? String == box.id)
                #expect(once["data.memory.usage.limit"] as? Int == 16 << 20)
                #expect(once["data.pids.limit"] as? Int == 20 && once["data.pids.current"] as? Int == 1)
                #expect((once["data.cpu.usage.total"] as? Int ?? 0) > 0)
                #expect(once["data.memory.raw.anon"] is Int)
                #expect(outcome.status == 0)
                #expect(outcome.lines.contains("{\"type\":\"oom\",\"id\":\"\(box.id)\"}"), "\(outcome)")
            }
        }

        @Test("pids: forks fail at the limit, and 0 is one")
        func forks() throws {
            try Fixture.use { box in
                let many = try box.run { config in
                    config["linux.resources.pids"] = ["limit": 12]
                    config.script("i=0; while [ $i -lt 100 ]; do sleep 600 & i=$((i+1)); done; echo all")
                }
                let none = try box.run { config in
                    config["linux.resources.pids"] = ["limit": 0]
                    config.script("echo one; ls /; echo two")
                }

                for outcome in [many, none] {
                    #expect(outcome.errors.contains("can't fork"), "\(outcome)")
                }
                #expect(!many.output.contains("all") && none.output == "one\n")
            }
        }

        @Test("a fork bomb stays inside its limit, and ends with the container")
        func bomb() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.resources.pids"] = ["limit": 30]
                    config["linux.resources.memory"] = ["limit": 64 << 20]
                    config.script("f() { f | f & }; f; while :; do sleep 600; done")
                }
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                let isReached = eventually {
                    text(of: box.group + "/pids.events").split(separator: " ").last != "0\n"
                }
                let count = Int(box.limit("pids.current")) ?? 0
                try box.succeed("delete", "-f", box.id)

                #expect(isReached && count <= 30)
            }
        }

        @Test("a start that fails at the limit of processes says so")
        func hook() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.resources.pids"] = ["limit": 1]
                    config["hooks.createContainer"] = [["path": "/bin/true"]]
                }

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "roost-oci: the container may have 1 processes and reached that while it was made;"
                            + " raise `linux.resources.pids.limit`\n"), "\(outcome)")
            }
        }

        @Test("update changes what is named, while the program runs")
        func update() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.resources.memory"] = ["limit": 64 << 20, "swap": 96 << 20]
                    config["linux.resources.cpu"] = ["quota": 50_000, "period": 100_000]
                    config.args = ["sleep", "600"]
                }
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                try box.succeed(
                    "update", "--memory", "80m", "--cpu-period", "200000", "--cpuset-cpus", "0",
                    "--pids-limit", "44", "--cpu-share", "2048", box.id)
                let first = ["memory.max", "memory.swap.max", "cpu.max", "pids.max", "cpu.weight"].map(
                    box.limit)
                let seen = try box.succeed("exec", box.id, "grep", "Cpus_allowed_list", "/proc/self/status")
                let json =
                    "{\"memory\": {\"limit\": -1}, \"pids\": {\"limit\": -1}, \"cpu\": {\"quota\": 30000}}"
                let second = try box.oci(
                    "update", "--resources", "-", box.id, input: json)
                let after = ["memory.max", "memory.swap.max", "cpu.max", "pids.max"].map(box.limit)
                try box.succeed("delete", "-f", box.id)

                // The sum of memory and swap stays; so does the quota.
                #expect(first == ["83886080", "16777216", "50000 200000", "44", "174"])
                #expect(seen.output == "Cpus_allowed_list:\t0\n")
                #expect(second.status == 0, "\(second)")
                #expect(after == ["max", "max", "30000 200000", "max"])
            }
        }

        @Test("an update below what is used is refused with the figures when asked to check")
        func checked() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.resources.memory"] = ["limit": 64 << 20]
                    config.script(
                        "dd if=/dev/zero of=/dev/shm/x bs=1M count=20 2>/dev/null; echo ready; sleep 600")
                }
                let runner = try box.start(["run", "--bundle", box.bundle, box.id])
                #expect(eventually { runner.output == "ready\n" })
                let outcome = try box.oci(
                    "update", "-r", "-", box.id,
                    input: "{\"memory\": {\"limit\": 1048576, \"checkBeforeUpdate\": true}}")
                let limit = box.limit("memory.max")
                try box.succeed("kill", box.id, "9")
                _ = runner.wait()

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains("`memory.limit`: 1048576 is less than what is used now, 2"),
                    "\(outcome)")
                #expect(limit == "67108864")
            }
        }

        @Test("an update that fails half-way says what was set and what was not")
        func halfway() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                let outcome = try box.oci("update", "--memory", "64m", "--cpu-quota", "1", box.id)
                let limit = box.limit("memory.max")
                try box.succeed("delete", "-f", box.id)
                let gone = try box.oci("update", "--memory", "64m", box.id)

                #expect(outcome.status == 1 && limit == "67108864")
                #expect(
                    outcome.errors.contains("`--cpu-quota`: the kernel refuses `1` for `cpu.max`")
                        && outcome.errors.contains("set before it: `--memory`; nothing after it"),
                    "\(outcome)")
                #expect(gone.errors.contains("container does not exist"))
            }
        }
    }
}
