// SPDX-License-Identifier: Apache-2.0
// Device lists beside those of others, and replaced while the container runs.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("device programs", .enabled(if: HostState.cgroupRoot != nil)) struct DeviceProgramTests {
        /// Nodes 1:100 and 1:101, which no driver has: what the list allows ends with "No such device".
        private static let probe = """
            cd /dev; for n in 100 101; do test -e $n || mknod $n c 1 $n 2>why; test ! -e $n || (: <$n) 2>why; \
            grep -q 'No such device' why && echo $n allowed || { grep -q 'not permitted' why && echo $n denied; }
            done
            """

        private static var everyMajor1: [[String: Any]] {
            [
                ["allow": false, "access": "rwm"],
                ["allow": true, "type": "c", "major": 1, "access": "rwm"],
            ]
        }

        private static func maker(_ config: inout Config) {
            for set in ["bounding", "effective", "permitted"] {
                config["process.capabilities.\(set)"] = ["CAP_MKNOD"]
            }
            config["root.readonly"] = false
            config["linux.resources.devices"] = everyMajor1
            config.script(probe)
        }

        /// A group that another manager has put a program on, which denies 1:100.
        private func withDenyingGroup(_ box: Fixture, _ body: (String, String) throws -> Void) throws {
            let path = (HostState.cgroupRoot ?? "") + "/\(box.id)"
            defer { HostState.removeGroups(of: box.id) }
            guard mkdir(path, 0o755) == 0 else { throw FixtureError("mkdir \(path): errno \(errno)") }
            _ = try box.tool(try devicesTool.get(), "deny", path, "100")
            try body("/\(box.id)", path)
        }

        @Test("the program of a group above stays in force")
        func above() throws {
            try Fixture.use { box in
                try withDenyingGroup(box) { group, _ in
                    let outcome = try box.run { config in
                        Self.maker(&config)
                        config["linux.cgroupsPath"] = group + "/inner"
                    }

                    #expect(outcome.lines == ["100 denied", "101 allowed"], "\(outcome)")
                }
            }
        }

        @Test("the program that another has put on the same group stays there, and in force")
        func same() throws {
            try Fixture.use { box in
                try withDenyingGroup(box) { group, path in
                    try box.create { config in
                        Self.maker(&config)
                        config["linux.cgroupsPath"] = group
                        config.args = ["sleep", "600"]
                    }
                    try box.succeed("start", box.id)
                    let names = try box.tool(try devicesTool.get(), "list", path).lines
                    let outcome = try box.oci("exec", box.id, "sh", "-c", Self.probe)
                    try box.succeed("delete", "-f", box.id)

                    #expect(names == ["of_another", "roost_devices"])
                    #expect(outcome.lines == ["100 denied", "101 allowed"], "\(outcome)")
                }
            }
        }

        @Test("`update` closes and opens a device of a container that runs")
        func update() throws {
            try Fixture.use { box in
                try box.create { config in
                    Self.maker(&config)
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                func probe() throws -> [String] { try box.oci("exec", box.id, "sh", "-c", Self.probe).lines }
                func update(_ rules: String) throws {
                    let outcome = try box.oci(
                        "update", "--resources", "-", box.id, input: "{\"devices\": [\(rules)]}")
                    #expect(outcome.status == 0, "\(outcome)")
                }
                let group = (HostState.cgroupRoot ?? "") + "/roost/" + box.id

                let before = try probe()
                try update("{\"allow\": false, \"access\": \"rwm\"}")
                let closed = try probe()
                try update(
                    "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 101, \"access\": \"r\"}")
                let one = try probe()
                try update("{\"allow\": true, \"access\": \"rwm\"}")
                let open = try probe()
                let names = try box.tool(try devicesTool.get(), "list", group).lines
                try box.succeed("delete", "-f", box.id)

                #expect(before == ["100 allowed", "101 allowed"])
                #expect(closed == ["100 denied", "101 denied"])
                #expect(one == ["100 denied", "101 allowed"])
                #expect(open == ["100 allowed", "101 allowed"])
                #expect(names == ["roost_devices"])
            }
        }
    }
}
