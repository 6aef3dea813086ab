// SPDX-License-Identifier: Apache-2.0
// Broken input: one sentence, exit status 1, nothing left.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("bad input") struct BadInputTests {
        private func expectRefusal(_ outcome: Outcome, _ source: SourceLocation = #_sourceLocation) {
            let lines = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("roost-oci: warning: ") }

            #expect(outcome.status == 1 && outcome.output == "", "\(outcome)", sourceLocation: source)
            #expect(
                lines.count == 1 && lines.allSatisfy { $0.hasPrefix("roost-oci: ") }, "\(outcome)",
                sourceLocation: source)
        }

        @Test(
            "a config.json that is no JSON object of the right shape is refused",
            arguments: [
                "", "{", "[]", "null", "\"x\"", "{}", "{\"ociVersion\": 1}", "{\"ociVersion\": \"1.0.0\"} x",
                "\u{0}",
                "{\"ociVersion\": \"2.0.0\"}", String(repeating: "[", count: 100_000),
                "{\"ociVersion\":\"1.0.0\",\"process\":",
            ])
        func notJSON(_ text: String) throws {
            try Fixture.use { box in
                try box.write("bundle/config.json", text)
                expectRefusal(try box.oci("create", "--bundle", box.bundle, box.id))
            }
        }

        @Test(
            "a member of the wrong type or an impossible value is refused",
            arguments: [
                ("process", "\"x\""), ("process.args", "[]"), ("process.args", "[1]"),
                ("process.args", "[\"\"]"),
                ("process.cwd", "\"tmp\""), ("process.cwd", "\"\""), ("process.env", "{}"),
                ("process.user", "\"root\""),
                ("process.user.uid", "-1"), ("process.user.uid", "4294967296"), ("process.user.uid", "1.5"),
                ("process.oomScoreAdj", "1001"), ("process.capabilities.bounding", "[\"KILL\"]"),
                ("process.rlimits", "[{\"type\": \"RLIMIT_NOSUCH\", \"soft\": 1, \"hard\": 1}]"),
                ("process.rlimits", "[{\"type\": \"RLIMIT_CORE\", \"soft\": 2, \"hard\": 1}]"),
                ("process.rlimits", "[{\"type\": \"RLIMIT_CORE\", \"soft\": -1, \"hard\": 1}]"),
                ("root.path", "\"no/such\""), ("root.path", "\"/\""), ("root.path", "7"),
                ("root.path", "\"config.json\""),
                ("mounts", "[{\"type\": \"tmpfs\"}]"),
                ("mounts", "[{\"destination\": \"/\", \"type\": \"tmpfs\"}]"),
                ("mounts", "[7]"), ("mounts", "{}"),
                ("hostname", "\"\(String(repeating: "h", count: 65))\""),
                ("linux", "[]"), ("linux.namespaces", "[{\"type\": \"nosuch\"}]"), ("linux.namespaces", "[]"),
                ("linux.namespaces", "[{\"type\": \"mount\"}, {\"type\": \"mount\"}]"),
                (
                    "linux.namespaces",
                    "[{\"type\": \"mount\"}, {\"type\": \"network\", \"path\": \"/no/such\"}]"
                ),
                (
                    "linux.namespaces",
                    "[{\"type\": \"mount\"}, {\"type\": \"network\", \"path\": \"/etc/passwd\"}]"
                ),
                ("linux.sysctl", "{\"kernel.panic\": \"1\"}"),
                ("linux.sysctl", "{\"net/../kernel/panic\": \"1\"}"),
                ("linux.sysctl", "{\"net.no.such\": \"1\"}"), ("linux.maskedPaths", "[\"relative\"]"),
                ("linux.devices", "[{\"path\": \"x\", \"type\": \"c\", \"major\": 1, \"minor\": 3}]"),
                ("linux.devices", "[{\"path\": \"/dev/x\", \"type\": \"z\"}]"),
                ("linux.rootfsPropagation", "\"nosuch\""),
                ("hooks", "{\"prestart\": [{\"path\": \"relative\"}]}"), ("hooks", "{\"prestart\": {}}"),
                ("hooks", "{\"prestart\": [{\"path\": \"/bin/true\", \"timeout\": 0}]}"),
            ])
        func wrongMember(_ path: String, _ json: String) throws {
            try Fixture.use { box in
                let value = try JSONSerialization.jsonObject(
                    with: Data(json.utf8), options: [.fragmentsAllowed])
                try box.configure { $0[path] = value }
                expectRefusal(try box.oci("create", "--bundle", box.bundle, box.id))
            }
        }

        @Test("a missing member that must be there is named", arguments: ["process", "root", "ociVersion"])
        func missingMember(_ path: String) throws {
            try Fixture.use { box in
                try box.configure { $0[path] = nil }
                let outcome = try box.oci("create", "--bundle", box.bundle, box.id)

                expectRefusal(outcome)
                #expect(outcome.errors.contains(path), "\(outcome)")
            }
        }

        @Test(
            "a bundle without config.json, or that is not there, is refused",
            arguments: ["", "/no/such/bundle"])
        func noConfig(_ bundle: String) throws {
            try Fixture.use { box in
                try FileManager.default.removeItem(atPath: box.bundle + "/config.json")
                let outcome = try box.oci("create", "--bundle", bundle.isEmpty ? box.bundle : bundle, box.id)

                expectRefusal(outcome)
                #expect(outcome.errors.contains("config.json"))
            }
        }

        @Test(
            "a root that is the host's own, by whatever name, is refused",
            arguments: ["/", "/proc/self/root"])
        func hostRoot(_ path: String) throws {
            try Fixture.use { box in
                let outcome = try box.run { $0["root.path"] = path }

                expectRefusal(outcome)
                #expect(outcome.errors.contains("the host's own root"), "\(outcome)")
            }
        }

        @Test("a cgroupsPath in systemd's form is refused by name")
        func systemdPath() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0["linux.cgroupsPath"] = "system.slice:roost:box" }

                expectRefusal(outcome)
                #expect(outcome.errors.contains("systemd"), "\(outcome)")
            }
        }

        @Test(
            "ids that are no plain name are refused by every command",
            arguments: [
                "..", ".", "a/b", "", "/", "../x", String(repeating: "x", count: 1024), "a b", "ä", "a\nb",
                ".hidden",
            ])
        func badIDs(_ id: String) throws {
            try Fixture.use { box in
                for command in ["create", "run"] {
                    expectRefusal(try box.oci(command, "--bundle", box.bundle, "--", id))
                }
                for command in ["state", "start", "kill", "delete", "pause", "resume", "ps"] {
                    let outcome = try box.oci(command, "--", id)
                    #expect(
                        outcome.status == 1 && outcome.errors.hasPrefix("roost-oci: "),
                        "\(command): \(outcome)")
                }
                #expect(text(of: box.bundle + "/config.json") != "")
            }
        }

        @Test("--log-format json writes the error as one object that says what standard error says")
        func log() throws {
            try Fixture.use { box in
                let file = box.directory + "/log.json"
                let outcome = try box.oci("--log", file, "--log-format", "json", "state", "it-nobody")
                let entry = try Config(text(of: file))

                #expect(entry["level"] as? String == "error")
                #expect(outcome.errors == "roost-oci: \(entry["msg"] as? String ?? "")\n")
            }
        }
    }
}
