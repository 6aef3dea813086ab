// SPDX-License-Identifier: Apache-2.0
// The device list: which devices a container with CAP_MKNOD can open.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("device list", .enabled(if: HostState.cgroupRoot != nil)) struct DeviceListTests {
        /// CAP_MKNOD, which docker grants, and a root that can be written to.
        private static func maker(_ config: inout Config) {
            for set in ["bounding", "effective", "permitted"] {
                config["process.capabilities.\(set)"] = ["CAP_MKNOD"]
            }
            config["root.readonly"] = false
        }

        private static func rule(
            _ allow: Bool, _ type: String? = nil, _ major: Int? = nil, _ minor: Int? = nil, _ access: String
        ) -> [String: Any] {
            var rule: [String: Any] = ["allow": allow, "access": access]
            rule["type"] = type
            rule["major"] = major
            rule["minor"] = minor
            return rule
        }

        /// Says for each access what becomes of it. 1:11 is the kernel's log, which is not written to, 7:0 a loop
        /// device. No driver has 1:100: where the list allows it, the kernel says that there is no such device.
        private static let probe = """
            try() { if (eval ": $2") 2>/tmp/why; then echo "$1 yes"; elif grep -q 'not permitted' /tmp/why; \
            then echo "$1 EPERM"; else grep -q 'No such device' /tmp/why && echo "$1 allowed" || cat /tmp/why; fi; }
            mknod /dev/xnone c 1 100 && mknod /dev/xkmsg c 1 11 && mknod /dev/xloop b 7 0 && echo made
            try read "</dev/xnone"; try write ">/dev/xkmsg"; try loop "</dev/xloop"
            for name in null zero full random urandom; do try $name "<>/dev/$name"; done
            """

        private static let defaults = ["null", "zero", "full", "random", "urandom"].map { "\($0) yes" }

        @Test("a node can be made, and opened only when it is in the list; what programs expect always is")
        func fresh() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    Self.maker(&config)
                    config.script(Self.probe)
                }

                #expect(
                    outcome.lines == ["made", "read EPERM", "write EPERM", "loop EPERM"] + Self.defaults,
                    "\(outcome)")
                #expect(outcome.errors == "")
            }
        }

        @Test("a configuration without rules, and one without resources, denies the same")
        func noRules() throws {
            for resources in [[String: Any](), nil] {
                try Fixture.use { box in
                    let outcome = try box.run { config in
                        Self.maker(&config)
                        config["linux.resources"] = resources
                        config.script(Self.probe)
                    }

                    #expect(outcome.lines.prefix(3) == ["made", "read EPERM", "write EPERM"], "\(outcome)")
                }
            }
        }

        @Test("what the configuration allows can be opened, for what it allows, and the last rule decides")
        func allowed() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    Self.maker(&config)
                    config["linux.resources.devices"] = [
                        Self.rule(true, "c", 1, nil, "rw"), Self.rule(false, "a", 1, nil, "w"),
                    ]
                    config.script(Self.probe)
                }

                #expect(
                    outcome.lines == ["made", "read allowed", "write EPERM", "loop EPERM"] + Self.defaults,
                    "\(outcome)")
            }
        }

        @Test("a list that allows everything puts nothing on the group")
        func everything() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    Self.maker(&config)
                    config["linux.resources.devices"] = [Self.rule(true, nil, nil, nil, "rwm")]
                    config.script(Self.probe)
                }

                #expect(outcome.lines.prefix(3) == ["made", "read allowed", "write yes"], "\(outcome)")
            }
        }

        @Test("a device of `linux.devices` that no rule allows is made, and cannot be opened")
        func configuredNode() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.devices"] = [
                        ["path": "/dev/log11", "type": "c", "major": 1, "minor": 11, "fileMode": 0o666]
                    ]
                    config.script("test -c /dev/log11 && echo there; cat /dev/log11")
                }

                #expect(outcome.lines == ["there"] && outcome.errors.contains("not permitted"), "\(outcome)")
            }
        }

        @Test("`exec` is under the list too")
        func exec() throws {
            try Fixture.use { box in
                try box.create { config in
                    Self.maker(&config)
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                let outcome = try box.oci("exec", box.id, "sh", "-c", Self.probe)
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.lines.prefix(3) == ["made", "read EPERM", "write EPERM"], "\(outcome)")
            }
        }

        @Test("a terminal works under the list")
        func terminal() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.script("test -w /dev/ptmx && exec 9<>/dev/ptmx && echo pty $(ls /dev/pts)")
                }

                #expect(outcome.lines == ["pty 0 ptmx"], "\(outcome)")
            }
        }

        @Test("`roost run` has docker's list")
        func docker() throws {
            try Fixture.use { box in
                let program = try box.spawn([
                    Programs.directory + "/roost", "--root", box.directory, "run", "--name", box.id,
                    "--rootfs",
                    box.rootfs, "sh", "-c", Self.probe + "",
                ])
                let outcome = program.wait()

                #expect(
                    outcome.lines == ["made", "read EPERM", "write EPERM", "loop EPERM"] + Self.defaults,
                    "\(outcome)")
            }
        }

        @Test("a rule that means nothing is an error that names it, and nothing is left")
        func refused() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.resources.devices"] = [Self.rule(true, "c", 1, 3, "rwx")]
                }

                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains(
                        "`linux.resources.devices[0].access`: `rwx` is not made of `r`, `w` and `m`"),
                    "\(outcome)")
            }
        }

        @Test("four thousand rules are taken, and the last one still decides")
        func many() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    Self.maker(&config)
                    var rules: [[String: Any]] = []
                    for number in 0..<4000 {
                        let type = number % 3 == 0 ? "b" : "c"
                        rules.append(Self.rule(number % 2 == 0, type, number % 256, number, "rw"))
                    }
                    config["linux.resources.devices"] = rules + [Self.rule(true, "c", 1, 100, "r")]
                    config.script(Self.probe)
                }

                #expect(
                    outcome.lines.prefix(4) == ["made", "read allowed", "write EPERM", "loop EPERM"],
                    "\(outcome)")
            }
        }
    }
}
