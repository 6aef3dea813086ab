// SPDX-License-Identifier: Apache-2.0
// Limits that hold: the files of the group, and what a program feels of them. They need cgroup v2 with its
// controllers, so `make test-vm` runs them; a host where cgroup v1 has the controllers cannot.
import Foundation
import TestSupport
import Testing

/// The controllers of cgroup v2 here.
let controllers = (HostState.cgroupRoot.map { text(of: $0 + "/cgroup.controllers") } ?? "")
    .split(whereSeparator: \.isWhitespace)
let hasControllers = ["cpu", "cpuset", "io", "memory", "pids"].allSatisfy { controllers.contains($0) }

extension Fixture {
    /// The container's group on the host.
    var group: String { (HostState.cgroupRoot ?? "") + "/roost/" + id }

    /// A file of the group, without the line's end.
    func limit(_ file: String) -> String {
        text(of: group + "/" + file).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// `roost run` on this fixture's root file system.
    func roost(_ arguments: String...) throws -> Outcome {
        try spawn(
            [Programs.directory + "/roost", "--root", directory, "run", "--name", id, "--rootfs", rootfs]
                + arguments
        ).wait()
    }
}

extension RuntimeTests {
    @Suite("limits in force", .enabled(if: hasControllers)) struct LimitTests {
        @Test("each limit of a configuration stands in its file of the group")
        func files() throws {
            try Fixture.use { box in
                try box.create { config in
                    config["linux.resources.memory"] = [
                        "limit": 64 << 20, "swap": 96 << 20, "reservation": 32 << 20,
                    ]
                    config["linux.resources.cpu"] = [
                        "shares": 512, "quota": 50_000, "period": 200_000, "burst": 1000, "cpus": "0-1",
                        "mems": "0",
                    ]
                    config["linux.resources.pids"] = ["limit": 33]
                    config["linux.resources.hugepageLimits"] = [["pageSize": "2MB", "limit": 4 << 20]]
                    config["linux.resources.unified"] = [
                        "memory.high": "50331648", "cgroup.max.depth": "3",
                    ]
                }
                let expected = [
                    "memory.max": "67108864", "memory.swap.max": "33554432", "memory.low": "33554432",
                    "memory.high": "50331648", "cpu.weight": "59", "cpu.max": "50000 200000",
                    "cpu.max.burst": "1000", "cpuset.cpus": "0-1", "cpuset.mems": "0", "pids.max": "33",
                    "hugetlb.2MB.max": "4194304", "hugetlb.2MB.rsvd.max": "4194304", "cgroup.max.depth": "3",
                ]

                for (file, value) in expected { #expect(box.limit(file) == value, "\(file)") }
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("an idle group, and limits that are taken away, stand in their files")
        func lifted() throws {
            try Fixture.use { box in
                try box.create { config in
                    config["linux.resources.memory"] = ["limit": -1]
                    config["linux.resources.cpu"] = ["idle": 1, "quota": -1]
                    config["linux.resources.pids"] = ["limit": -1]
                }

                #expect(box.limit("cpu.idle") == "1")
                #expect(box.limit("cpu.max") == "max 100000")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("only the controllers that limits need are passed on, and only on the group's own path")
        func onlyNeeded() throws {
            try Fixture.use { box in
                let root = HostState.cgroupRoot ?? ""
                defer { HostState.removeGroups(of: box.id) }
                try box.create { config in
                    config["linux.cgroupsPath"] = "/\(box.id)/inner/box"
                    config["linux.resources.pids"] = ["limit": 9]
                }
                let groups = ["\(root)/\(box.id)", "\(root)/\(box.id)/inner"]

                for group in groups {
                    #expect(text(of: group + "/cgroup.subtree_control") == "pids\n", "\(group)")
                }
                #expect(text(of: groups[1] + "/box/pids.max") == "9\n")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("processes in the group above are an error that says so")
        func processesAbove() throws {
            try Fixture.use { box in
                let above = (HostState.cgroupRoot ?? "") + "/" + box.id
                defer { HostState.removeGroups(of: box.id) }
                try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: false)
                let sleeper = try box.spawn(["sh", "-c", "echo 0 >\(above)/cgroup.procs; exec sleep 600"])
                #expect(eventually { text(of: above + "/cgroup.procs") == "\(sleeper.pid)\n" })
                let outcome = try box.run { config in
                    config["linux.cgroupsPath"] = "/\(box.id)/box"
                    config["linux.resources.memory"] = ["limit": 64 << 20]
                }
                sleeper.signal(9)
                _ = sleeper.wait()

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "`linux.resources.memory.limit` needs the controller `memory`, which the control group"
                            + " `\(above)` cannot pass on: device or resource busy; it has processes"),
                    "\(outcome)")
            }
        }

        @Test("in a cgroup namespace whose root has processes, a limit moves them to `init`; else none moves")
        func nested() throws {
            try Fixture.use { box in
                let group = (HostState.cgroupRoot ?? "") + "/" + box.id
                defer { HostState.removeGroups(of: box.id) }
                try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: false)
                func inside(_ script: String) throws -> Outcome {
                    let namespaces = "exec unshare --cgroup --mount sh -ec '\(script)'"
                    let begin = "echo 0 >\(group)/cgroup.procs; "
                    return try box.spawn(["sh", "-ec", begin + namespaces]).wait()
                }
                try box.configure { $0.script("cat /proc/self/cgroup") }
                let command =
                    "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)"
                // unshare(1) makes the mounts private: this one goes with the shell.
                let mount = "umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup;"
                let without = try inside("\(mount) \(command); cat /proc/self/cgroup")
                try box.configure { $0["linux.resources.pids"] = ["limit": 7] }
                let with = try inside("\(mount) \(command); cat /proc/self/cgroup")

                #expect(without.status == 0 && without.lines == ["0::/", "0::/"], "\(without)")
                #expect(with.status == 0 && with.lines == ["0::/", "0::/init"], "\(with)")
                #expect(text(of: group + "/cgroup.subtree_control") == "pids\n")
            }
        }

        @Test("cpuset: a program sees the processors it may use; one that is not there is an error")
        func cpuset() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.resources.cpu"] = ["cpus": "1", "mems": "0"]
                    config.args = ["grep", "Cpus_allowed_list", "/proc/self/status"]
                }
                let refused = try box.run { $0["linux.resources.cpu"] = ["cpus": "0-99"] }

                #expect(outcome.output == "Cpus_allowed_list:\t1\n", "\(outcome)")
                #expect(
                    refused.errors.contains(
                        "`linux.resources.cpu.cpus`: `0-99` for `cpuset.cpus`: there is no processor 2 for this"
                            + " container; there are `0-1`"), "\(refused)")
            }
        }

        @Test(
            "what the kernel refuses names the field, the file and the value",
            arguments: [
                (
                    "cpu", "{\"quota\": 10}",
                    "`linux.resources.cpu.quota`: the kernel refuses `10` for `cpu.max`"
                ),
                (
                    "blockIO", "{\"throttleReadBpsDevice\": [{\"major\": 4000, \"minor\": 1, \"rate\": 5}]}",
                    "`linux.resources.blockIO.throttleReadBpsDevice[0].rate`: the kernel refuses `4000:1 rbps=5`"
                        + " for `io.max`"
                ),
                (
                    "hugepageLimits", "[{\"pageSize\": \"3MB\", \"limit\": 1}]",
                    "`linux.resources.hugepageLimits[0].limit`: this kernel has no `hugetlb.3MB.max`"
                ),
                (
                    "unified", "{\"memory.nosuch\": \"1\"}",
                    "`linux.resources.unified.memory.nosuch`: this kernel has no `memory.nosuch`"
                ),
            ])
        func refused(_ key: String, _ json: String, _ error: String) throws {
            try Fixture.use { box in
                let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
                let outcome = try box.run { $0["linux.resources.\(key)"] = value }

                #expect(outcome.status == 1 && outcome.errors.contains(error), "\(outcome)")
            }
        }

        @Test("io: a limit of a disk stands in io.max, and a program keeps running under it")
        func disk() throws {
            try Fixture.use { box in
                try box.write("disk", String(repeating: "x", count: 1 << 20))
                let device = try box.tool("losetup", "-f", "--show", box.directory + "/disk").lines[0]
                defer { _ = try? box.tool("losetup", "-d", device) }
                let numbers = try box.tool("lsblk", "-ndo", "MAJ:MIN", device).lines[0]
                    .trimmingCharacters(in: .whitespaces)
                let outcome = try box.roost(
                    "--device-read-bps", device + ":1mb", "--device-write-iops", device + ":100", "cat",
                    "/sys/fs/cgroup/io.max")

                #expect(
                    outcome.output == "\(numbers) rbps=1048576 wbps=max riops=max wiops=100\n", "\(outcome)")
            }
        }
    }
}
