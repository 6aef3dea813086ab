// SPDX-License-Identifier: Apache-2.0
// A container in a container: the runtime runs inside one of its own.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("nested", .enabled(if: HostState.cgroupRoot != nil)) struct NestedTests {
        private static let all = [
            "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
            "CAP_NET_ADMIN", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_ADMIN",
            "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_AUDIT_WRITE", "CAP_NET_BIND_SERVICE",
        ]

        private static let inner = """
            sed -n 's/^0:://p' /proc/self/cgroup; mknod /dev/xloop b 7 0
            (: </dev/xloop) 2>/tmp/why; grep -q 'not permitted' /tmp/why && echo denied || echo open
            hostname; echo pid $$
            """

        /// An outer container that has the programs, a bundle in /inner and all that the runtime needs.
        private func run(
            _ box: Fixture, command: String, _ edit: (inout Config) -> Void
        ) throws -> Outcome {
            _ = try box.tool("mkdir", "-p", box.rootfs + "/inner", box.rootfs + "/programs")
            _ = try box.tool("cp", "-al", try busyboxRoot.get(), box.rootfs + "/inner/rootfs")
            _ = try box.tool("cp", try refuseTool.get(), box.rootfs + "/bin/refuse")
            var config = try Config(text(of: box.bundle + "/config.json"))
            for set in ["bounding", "effective", "permitted"] {
                config["process.capabilities.\(set)"] = ["CAP_MKNOD"]
            }
            config["root.readonly"] = false
            config["hostname"] = "inner"
            config.removeNamespace("cgroup")
            config.script(Self.inner)
            try box.write(box.rootfs + "/inner/config.json", try config.text)
            return try box.run { config in
                for set in ["bounding", "effective", "permitted"] {
                    config["process.capabilities.\(set)"] = Self.all
                }
                config["process.noNewPrivileges"] = false
                config["root.readonly"] = false
                config["linux.resources.devices"] = [["allow": true, "access": "rwm"]]
                config["linux.maskedPaths"] = nil
                config["linux.readonlyPaths"] = nil
                config.mount("/programs", "bind", Programs.directory, ["rbind", "ro"])
                config.mount("/run", "tmpfs", "tmpfs", ["nosuid", "nodev", "mode=755"])
                config.script(command)
                edit(&config)
            }
        }

        private func command(_ box: Fixture, _ before: String = "") -> String {
            "\(before) /programs/roost-oci --root /run/roost run --bundle /inner \(box.id)-inner; echo $?;"
                + " ls /run/roost 2>/dev/null"
        }

        private static func writableGroups(_ config: inout Config) {
            config.removeMount("/sys/fs/cgroup")
            config.mount("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev"])
        }

        @Test("in a cgroup namespace of its own, the inner group is below the outer one")
        func ownNamespace() throws {
            try Fixture.use { box in
                let outcome = try run(box, command: command(box), Self.writableGroups)

                #expect(
                    outcome.lines == ["/roost/\(box.id)-inner", "denied", "inner", "pid 1", "0"], "\(outcome)"
                )
                #expect(outcome.errors == "")
            }
        }

        @Test("in the host's cgroup namespace, the inner group is beside the outer one")
        func hostNamespace() throws {
            try Fixture.use { box in
                let outcome = try run(box, command: command(box)) { config in
                    config.removeMount("/sys/fs/cgroup")
                    config.mount("/sys/fs/cgroup", "bind", HostState.cgroupRoot ?? "", ["rbind"])
                    config.removeNamespace("cgroup")
                }

                #expect(
                    outcome.lines == ["/roost/\(box.id)-inner", "denied", "inner", "pid 1", "0"], "\(outcome)"
                )
                #expect(outcome.errors == "")
            }
        }

        @Test(
            "with read-only groups and masked paths, as in an ordinary container, it has no group of its own")
        func ordinary() throws {
            try Fixture.use { box in
                let outcome = try run(box, command: command(box)) { config in
                    config["linux.maskedPaths"] = ["/proc/kcore", "/proc/keys", "/sys/firmware"]
                    config["linux.readonlyPaths"] = ["/proc/bus", "/proc/sys"]
                }

                #expect(outcome.lines == ["/", "open", "inner", "pid 1", "0"], "\(outcome)")
                #expect(outcome.errors.contains("no device list: there is no control group"), "\(outcome)")
            }
        }

        @Test("under a filter as an outer container's, it does without clone3, keyctl and bpf")
        func filtered() throws {
            try Fixture.use { box in
                let before = "refuse ENOSYS:clone3 EPERM:keyctl,bpf --"
                let outcome = try run(box, command: command(box, before), Self.writableGroups)

                #expect(
                    outcome.lines == ["/roost/\(box.id)-inner", "open", "inner", "pid 1", "0"], "\(outcome)")
                #expect(outcome.errors.contains("no device list: this host refuses bpf(2)"), "\(outcome)")
            }
        }

        @Test("the outer device list holds for the inner container, whatever its own list says")
        func outerList() throws {
            try Fixture.use { box in
                let outcome = try run(box, command: command(box)) { config in
                    Self.writableGroups(&config)
                    config["linux.resources.devices"] = [["allow": false, "access": "rwm"]]
                    config.script(
                        "sed -i 's/\"allow\":false/\"allow\":true/' /inner/config.json; "
                            + command(box))
                }

                #expect(
                    outcome.lines == ["/roost/\(box.id)-inner", "denied", "inner", "pid 1", "0"], "\(outcome)"
                )
            }
        }

        @Test("without CAP_SYS_ADMIN inside, one sentence says so")
        func unprivileged() throws {
            try Fixture.use { box in
                let outcome = try run(box, command: command(box)) { config in
                    for set in ["bounding", "effective", "permitted"] {
                        config["process.capabilities.\(set)"] = Self.all.filter { $0 != "CAP_SYS_ADMIN" }
                    }
                }

                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
                #expect(outcome.errors.contains("needs CAP_SYS_ADMIN"), "\(outcome)")
            }
        }
    }
}
