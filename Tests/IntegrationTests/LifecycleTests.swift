// SPDX-License-Identifier: Apache-2.0
// create, start, state, kill, delete, list, ps, pause, resume: the life of a container step by step.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("life of a container") struct LifecycleTests {
        @Test("created, running, stopped, gone")
        func life() throws {
            try Fixture.use { box in
                let program = try box.create { $0.script("echo begun; exec sleep 60") }
                #expect(try box.status() == "created")
                #expect(program.output == "")

                try box.succeed("start", box.id)
                #expect(try box.status() == "running")
                #expect(eventually { program.output == "begun\n" })

                try box.succeed("kill", box.id, "KILL")
                try box.reach("stopped")
                try box.succeed("delete", box.id)
                #expect(try box.oci("state", box.id).status == 1)
            }
        }

        @Test("the state has the specification's members and runc's")
        func stateMembers() throws {
            try Fixture.use { box in
                try box.create { config in
                    config.args = ["sleep", "60"]
                    config["annotations"] = ["org.example": "ä\"\\"]
                }
                let state = try box.state()
                let pid = state["pid"] as? Int ?? 0

                #expect(
                    state["ociVersion"] as? String == "1.3.0"
                        || (state["ociVersion"] as? String)?.hasPrefix("1.") == true)
                #expect(state["id"] as? String == box.id)
                #expect(state["bundle"] as? String == box.bundle)
                #expect(state["rootfs"] as? String == box.rootfs)
                #expect(state.members["annotations"] as? [String: String] == ["org.example": "ä\"\\"])
                #expect(FileManager.default.fileExists(atPath: "/proc/\(pid)"))
                #expect((state["created"] as? String)?.hasSuffix("Z") == true)
                #expect(state["owner"] != nil)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a stopped container's pid is 0 or absent")
        func stoppedPid() throws {
            try Fixture.use { box in
                try box.create()
                try box.succeed("start", box.id)
                try box.reach("stopped")

                #expect(try box.state()["pid"] as? Int ?? 0 == 0)
                try box.succeed("delete", box.id)
            }
        }

        @Test("the pid file holds the pid and nothing else")
        func pidFile() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "60"] }
                let file = box.directory + "/pid"
                try box.succeed("create", "--bundle", box.bundle, "--pid-file", file, box.id)

                #expect(text(of: file) == "\(try box.state()["pid"] as? Int ?? -1)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a second start, and one after the end, is refused")
        func startTwice() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                let second = try box.oci("start", box.id)
                try box.succeed("kill", box.id, "KILL")
                try box.reach("stopped")
                let third = try box.oci("start", box.id)

                #expect(second.status == 1 && second.errors.contains("it is running already"), "\(second)")
                #expect(third.status == 1 && third.errors.contains("container not running"), "\(third)")
                try box.succeed("delete", box.id)
            }
        }

        @Test("an id in use is refused, and what has it stays as it is")
        func idInUse() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                let second = try box.oci("create", "--bundle", box.bundle, box.id)

                #expect(second.status == 1 && second.errors.contains("in use"), "\(second)")
                #expect(try box.status() == "created")
                try box.succeed("start", box.id)
                #expect(try box.status() == "running")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a running container is not deleted without force")
        func deleteRunning() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                let refused = try box.oci("delete", box.id)

                #expect(refused.status == 1 && refused.errors.contains("it is running"), "\(refused)")
                #expect(try box.status() == "running")
                try box.succeed("delete", "--force", box.id)
            }
        }

        @Test(
            "commands on an unknown id say `container does not exist`",
            arguments: [
                ["state"], ["start"], ["kill"], ["delete"], ["pause"], ["resume"], ["ps"],
            ])
        func unknown(_ command: [String]) throws {
            try Fixture.use { box in
                let outcome = try box.oci(command + ["it-nobody"])

                #expect(
                    outcome.status == 1 && outcome.errors.contains("container does not exist"), "\(outcome)")
                #expect(
                    outcome.errors.hasPrefix("roost-oci: ")
                        && outcome.errors.split(separator: "\n").count == 1)
            }
        }

        @Test("delete -f of an unknown id is no error")
        func deleteUnknown() throws {
            try Fixture.use { box in
                let outcome = try box.oci("delete", "-f", "it-nobody")

                #expect(outcome.status == 0, "\(outcome)")
            }
        }

        @Test("kill of a stopped container says `container not running`")
        func killStopped() throws {
            try Fixture.use { box in
                try box.create()
                try box.succeed("start", box.id)
                try box.reach("stopped")
                let outcome = try box.oci("kill", box.id, "TERM")

                #expect(outcome.status == 1 && outcome.errors.contains("container not running"), "\(outcome)")
                try box.succeed("delete", box.id)
            }
        }

        @Test(
            "signals have names with and without SIG, and numbers",
            arguments: ["USR1", "SIGUSR1", "10", "sigusr1"])
        func signalNames(_ name: String) throws {
            try Fixture.use { box in
                let program = try box.create {
                    $0.script("trap 'echo got; exit' USR1; echo ready; while :; do sleep 0.02; done")
                }
                try box.succeed("start", box.id)
                #expect(eventually { program.output == "ready\n" })
                try box.succeed("kill", box.id, name)

                #expect(eventually { program.output == "ready\ngot\n" })
                try box.reach("stopped")
                try box.succeed("delete", box.id)
            }
        }

        @Test("a signal that does not exist is refused", arguments: ["NOSUCH", "00", "65", "-1", ""])
        func badSignal(_ name: String) throws {
            try Fixture.use { box in
                try box.create()
                let outcome = try box.oci("kill", box.id, "--", name)

                #expect(outcome.status == 1 && outcome.errors.contains("roost-oci: "), "\(outcome)")
                #expect(try box.status() == "created")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a created container can be killed and deleted without having been started")
        func killCreated() throws {
            try Fixture.use { box in
                let program = try box.create { $0.script("echo begun") }
                try box.succeed("kill", box.id, "KILL")
                try box.reach("stopped")
                try box.succeed("delete", box.id)

                #expect(program.output == "")
            }
        }

        @Test("list shows each container, as a table, as ids, as JSON")
        func list() throws {
            try Fixture.use { box in
                #expect(
                    try box.oci("list", "-q").output.trimmingCharacters(in: .whitespacesAndNewlines) == "")
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("create", "--bundle", box.bundle, box.id + "-b")
                let table = try box.oci("list").lines
                let json = try JSONSerialization.jsonObject(
                    with: Data(try box.oci("list", "--format", "json").output.utf8))

                #expect(table.count == 3 && table[0].hasPrefix("ID") && table[1].contains("created"))
                #expect(try box.oci("list", "--quiet").lines == [box.id, box.id + "-b"])
                #expect(
                    (json as? [[String: Any]])?.compactMap { $0["id"] as? String } == [box.id, box.id + "-b"])
                try box.succeed("delete", "-f", box.id)
                try box.succeed("delete", "-f", box.id + "-b")
            }
        }

        @Test(
            "ps lists every process of the container, by the host's pids",
            .enabled(if: HostState.cgroupRoot != nil))
        func ps() throws {
            try Fixture.use { box in
                try box.create { $0.script("sleep 61 & sleep 62 & wait") }
                try box.succeed("start", box.id)
                var pids: [Int] = []
                let isThere = eventually {
                    let output = (try? box.oci("ps", "--format", "json", box.id).output) ?? ""
                    pids = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [Int] ?? []
                    return pids.count == 3
                }

                #expect(isThere, "\(pids)")
                #expect(pids.contains(try box.state()["pid"] as? Int ?? -1))
                #expect(try box.oci("ps", box.id).output.contains("sleep 62"))
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("pause freezes every process until resume", .enabled(if: HostState.cgroupRoot != nil))
        func pause() throws {
            try Fixture.use { box in
                let program = try box.create { $0.script("while :; do echo x; sleep 0.01; done") }
                try box.succeed("start", box.id)
                #expect(eventually { program.output.count > 4 })
                try box.succeed("pause", box.id)
                #expect(try box.status() == "paused")
                let frozen = program.output.count
                usleep(100_000)
                #expect(program.output.count == frozen)
                #expect(try box.oci("pause", box.id).status == 1)

                try box.succeed("resume", box.id)
                #expect(try box.status() == "running")
                #expect(eventually { program.output.count > frozen })
                #expect(try box.oci("resume", box.id).status == 1)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a paused container is deleted by force", .enabled(if: HostState.cgroupRoot != nil))
        func deletePaused() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                try box.succeed("pause", box.id)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a program that is not found fails create with the text that callers look for")
        func notFound() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["nosuch"] }
                let outcome = try box.oci("create", "--bundle", box.bundle, box.id)

                #expect(
                    outcome.status == 1 && outcome.errors.contains("executable file not found in $PATH"),
                    "\(outcome)")
            }
        }

        @Test("run --detach returns while the program runs, and run --keep leaves its state")
        func detachAndKeep() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "60"] }
                try box.succeed("run", "--detach", "--bundle", box.bundle, box.id)
                #expect(try box.status() == "running")
                try box.succeed("delete", "-f", box.id)
                try box.configure { $0.args = ["true"] }
                try box.succeed("run", "--keep", "--bundle", box.bundle, box.id)
                #expect(try box.status() == "stopped")
                try box.succeed("delete", box.id)
            }
        }
    }
}
