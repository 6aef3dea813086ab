// SPDX-License-Identifier: Apache-2.0
// Limits that cannot be kept are errors by name, on any host; those of a host where cgroup v1 has the
// controllers are for that host alone.
import Foundation
import TestSupport
import Testing

/// Limits, each of a controller of its own.
private let samples: [(controller: String, field: String, json: String)] = [
    ("memory", "memory.limit", "{\"memory\": {\"limit\": 1048576}}"),
    ("memory", "memory.reservation", "{\"memory\": {\"reservation\": 1048576}}"),
    ("pids", "pids.limit", "{\"pids\": {\"limit\": 2048}}"),
    ("pids", "pids.limit", "{\"pids\": {\"limit\": 0}}"),
    ("cpu", "cpu.shares", "{\"cpu\": {\"shares\": 2}}"),
    ("cpuset", "cpu.cpus", "{\"cpu\": {\"cpus\": \"0\"}}"),
    ("io", "blockIO.weight", "{\"blockIO\": {\"weight\": 100}}"),
    ("memory", "unified.memory.high", "{\"unified\": {\"memory.high\": \"1048576\"}}"),
]

/// Whether cgroup v1 has these controllers here.
private let isHybrid = Set(samples.map(\.controller)).allSatisfy { name in
    let old = name == "io" ? "blkio" : name
    return text(of: "/proc/self/cgroup").split(separator: "\n").contains { line in
        let fields = line.split(separator: ":", omittingEmptySubsequences: false)
        return fields[0] != "0" && fields.count > 1 && fields[1].split(separator: ",").contains { $0 == old }
    }
}

extension RuntimeTests {
    @Suite("limits that cannot be kept") struct LimitErrorTests {
        @Test("a controller that cgroup v1 has is named, with what to do", .enabled(if: isHybrid))
        func hybrid() throws {
            try Fixture.use { box in
                for (controller, field, json) in samples {
                    let resources = try JSONSerialization.jsonObject(with: Data(json.utf8))
                    let outcome = try box.run { $0["linux.resources"] = resources }
                    let old = controller == "io" ? "blkio" : controller

                    #expect(outcome.status == 1)
                    #expect(
                        outcome.errors == "roost-oci: `linux.resources.\(field)` needs the controller"
                            + " `\(controller)` of cgroup v2, but cgroup v1 has it on this host; boot with"
                            + " `systemd.unified_cgroup_hierarchy=1` or `cgroup_no_v1=\(old)`, or leave the limit"
                            + " out\n", "\(json)")
                }
            }
        }

        @Test("the same of update, and of roost run by its flags", .enabled(if: isHybrid))
        func hybridUpdate() throws {
            try Fixture.use { box in
                try box.create()
                let update = try box.oci("update", "--pids-limit", "5", box.id)
                try box.succeed("delete", "-f", box.id)
                let run = try box.roost("--cpus", "1.5", "true")
                let memory = try box.roost("-m", "64m", "true")

                #expect(update.status == 1 && run.status == 125)
                #expect(
                    update.errors.hasPrefix("roost-oci: `--pids-limit` needs the controller `pids`"),
                    "\(update)")
                #expect(run.errors.hasPrefix("roost: `--cpus` needs the controller `cpu`"), "\(run)")
                #expect(memory.errors.hasPrefix("roost: `--memory` needs the controller"), "\(memory)")
            }
        }

        @Test("update: a device list that is wrong changes no limit; without a group it is an error")
        func deviceLists() throws {
            try Fixture.use { box in
                try box.create()
                let wrong = try box.oci(
                    "update", "--resources", "-", box.id,
                    input:
                        #"{"unified": {"cgroup.max.depth": "1"}, "devices": [{"allow": true, "access": "x"}]}"#
                )
                let depth = box.limit("cgroup.max.depth")
                try box.succeed("delete", "-f", box.id)
                let disabled = ["--cgroup-manager", "disabled"]
                let made = try box.oci(disabled + ["create", "--bundle", box.bundle, box.id])
                let groupless = try box.oci(
                    "update", "--resources", "-", box.id,
                    input: #"{"devices": [{"allow": false, "access": "rwm"}]}"#)
                try box.succeed("delete", "-f", box.id)

                #expect(wrong.status == 1 && wrong.errors.contains("`x` is not made of"), "\(wrong)")
                #expect(depth == "max" && made.status == 0)
                #expect(
                    groupless.errors
                        == "roost-oci: cannot change the device list of `\(box.id)`: it was made without a"
                        + " control group\n", "\(groupless)")
            }
        }

        @Test("what asks for no limit needs no controller")
        func nothing() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.resources.memory"] = ["limit": -1, "swap": -1, "reservation": 0]
                    config["linux.resources.cpu"] = ["shares": 0, "quota": -1, "period": 0, "cpus": ""]
                    config["linux.resources.pids"] = ["limit": -1]
                    config["linux.resources.blockIO"] = ["weight": 0]
                    config["linux.resources.unified"] = [String: String]()
                    config.script("echo in")
                }

                #expect(outcome.status == 0 && outcome.output == "in\n", "\(outcome)")
            }
        }

        @Test("a limit without a control group is an error by name")
        func noGroup() throws {
            try Fixture.use { box in
                try box.configure { $0["linux.resources.pids"] = ["limit": 3] }
                let outcome = try box.oci(
                    "--cgroup-manager", "disabled", "run", "--bundle", box.bundle, box.id)

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "`linux.resources.pids.limit` needs a control group, which `--cgroup-manager disabled`"
                            + " forbids"), "\(outcome)")
            }
        }

        @Test("a group that is frozen, or below a frozen one, is an error: the container would never begin")
        func frozen() throws {
            let root = try #require(HostState.cgroupRoot)
            try Fixture.use { box in
                let group = "\(root)/\(box.id)"
                defer { HostState.removeGroups(of: box.id) }
                try FileManager.default.createDirectory(
                    atPath: group + "/box", withIntermediateDirectories: true)
                try box.write("freeze.sh", "echo $1 >\(group)/cgroup.freeze")
                _ = try box.tool("sh", box.directory + "/freeze.sh", "1")
                for path in ["\(box.id)/box", "\(box.id)/none/box"] {
                    let outcome = try box.run { $0["linux.cgroupsPath"] = "/" + path }

                    #expect(outcome.status == 1)
                    #expect(
                        outcome.errors.contains("is frozen: a container in it would not begin"), "\(path)")
                }
                _ = try box.tool("sh", box.directory + "/freeze.sh", "0")
                let thawed = try box.run { $0["linux.cgroupsPath"] = "/\(box.id)/box" }

                #expect(thawed.status == 0, "\(thawed)")
            }
        }

        @Test("figures are had everywhere: `events --stats`, and `events` ends with the container")
        func figures() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["sleep", "600"] }
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                let once = try box.succeed("events", "--stats", box.id)
                let watcher = try box.start(["events", "--interval", "20ms", box.id])
                #expect(eventually { watcher.output.split(separator: "\n").count > 2 })
                try box.succeed("delete", "-f", box.id)
                let outcome = watcher.wait()
                let stopped = try box.oci("events", box.id)

                let figures = try Config(once.output)
                #expect(figures["type"] as? String == "stats" && figures["id"] as? String == box.id)
                #expect(figures["data.cpu.usage.total"] is Int)
                #expect(outcome.status == 0, "\(outcome)")
                #expect(stopped.status == 1)
            }
        }

        @Test(
            "command lines that are wrong name the flag",
            arguments: [
                (["--memory", "x"], "`--memory`"),
                (["--memory", "1m", "--memory-swap", "1k"], "`--memory-swap`"),
                (["--pids-limit", "1.5"], "`--pids-limit`"), (["--cpu-quota", "-5"], "`--cpu-quota`"),
                (["--cpu-rt-period", "5"], "`--cpu-rt-period`"),
                (["--blkio-weight", "9"], "`--blkio-weight`"),
                (["--resources", "/nosuch"], "`/nosuch`"), (["--cpuset-cpus", "a"], "`--cpuset-cpus`"),
            ])
        func flags(_ flags: [String], _ named: String) throws {
            try Fixture.use { box in
                try box.create()
                let outcome = try box.oci(["update"] + flags + [box.id])
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains(named), "\(outcome)")
                #expect(!outcome.errors.contains("linux.resources"), "\(outcome)")
            }
        }

        @Test(
            "resources that are wrong name the field",
            arguments: [
                ("{", "standard input"), ("[]", "standard input"),
                ("{\"memory\": {\"limit\": \"1\"}}", "memory.limit"),
                ("{\"memory\": {\"limit\": 99999999999999999999}}", "memory.limit"),
                ("{\"pids\": {\"limit\": -2}}", "pids.limit"), ("{\"cpu\": {\"shares\": -1}}", "cpu.shares"),
            ])
        func resources(_ json: String, _ named: String) throws {
            try Fixture.use { box in
                try box.create()
                let outcome = try box.oci("update", "--resources", "-", box.id, input: json)
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains(named), "\(outcome)")
            }
        }
    }
}
