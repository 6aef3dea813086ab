// SPDX-License-Identifier: Apache-2.0
// The filter of system calls, felt from inside: each probe is one call by number (x86_64).
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("seccomp") struct SeccompTests {
        /// What a program needs to say a line and end.
        static let least = ["execve", "write", "exit_group"]

        private func rule(_ names: [String], _ action: String, _ more: [String: Any] = [:]) -> [String: Any] {
            var rule: [String: Any] = ["names": names, "action": "SCMP_ACT_" + action]
            for (key, value) in more { rule[key] = value }
            return rule
        }

        private func profile(_ standard: String, _ rules: [[String: Any]]) -> [String: Any] {
            ["defaultAction": "SCMP_ACT_" + standard, "syscalls": rules]
        }

        private func run(
            _ box: Fixture, _ profile: [String: Any], probe: [String],
            _ edit: (inout Config) -> Void = { _ in }
        ) throws -> Outcome {
            try box.addProbe()
            return try box.run { config in
                config["linux.seccomp"] = profile
                config.args = ["/probe"] + probe
                edit(&config)
            }
        }

        @Test("rules decide: allowed, an errno of their own, the default's errno")
        func actions() throws {
            try Fixture.use { box in
                var profile = profile(
                    "ERRNO",
                    [rule(Self.least + ["getppid"], "ALLOW"), rule(["getuid"], "ERRNO", ["errnoRet": 77])])
                profile["defaultErrnoRet"] = 99
                // getppid, getuid, getgid, and one above all that the profile names.
                let outcome = try run(box, profile, probe: ["110", ",", "102", ",", "104", ",", "999"])

                #expect(outcome.lines == ["0", "-77", "-99", "-38"], "\(outcome)")
            }
        }

        @Test("the same profile again has the same filter; one that differs in a digit has its own")
        func kept() throws {
            try Fixture.use { box in
                for number in [77, 77, 78, 77] {
                    let profile = profile(
                        "ALLOW", [rule(["getuid"], "ERRNO", ["errnoRet": number])])

                    let outcome = try run(box, profile, probe: ["102"])

                    #expect(outcome.lines == ["-\(number)"], "\(outcome)")
                }
                let kept = try FileManager.default.contentsOfDirectory(
                    atPath: box.stateRoot + "/.cache/seccomp")
                #expect(kept.count == 2)
                // It is looked up before the rest is read, which must not be less strict for that.
                let config = try String(contentsOfFile: box.bundle + "/config.json", encoding: .utf8)
                try box.write(
                    box.bundle + "/config.json", config.replacingOccurrences(of: "args", with: "arg"))

                let outcome = try box.oci("run", "-b", box.bundle, "broken")

                #expect(outcome.status == 1 && "\(outcome)".contains("args"), "\(outcome)")
            }
        }

        @Test(
            "arguments are compared in full",
            arguments: [
                ("SCMP_CMP_EQ", ["5"]), ("SCMP_CMP_NE", ["4", "6", "0x100000005"]), ("SCMP_CMP_LT", ["4"]),
                ("SCMP_CMP_LE", ["4", "5"]), ("SCMP_CMP_GT", ["6", "0x100000005"]),
                ("SCMP_CMP_GE", ["5", "6", "0x100000005"]),
            ])
        func arguments(op: String, allowed: [String]) throws {
            try Fixture.use { box in
                let condition: [String: Any] = ["index": 1, "value": 5, "op": op]
                let rules = [rule(Self.least, "ALLOW"), rule(["getppid"], "ALLOW", ["args": [condition]])]
                let values = ["4", "5", "6", "0x100000005"]
                let calls = values.map { ["110", "0", $0] }.joined(separator: [","])
                let outcome = try run(box, profile("ERRNO", rules), probe: Array(calls))

                #expect(outcome.lines == values.map { allowed.contains($0) ? "0" : "-1" }, "\(outcome)")
            }
        }

        @Test(
            "kill, trap: SIGSYS ends the program", arguments: ["KILL", "KILL_PROCESS", "KILL_THREAD", "TRAP"])
        func kill(action: String) throws {
            try Fixture.use { box in
                let rules = [rule(["getppid"], action)]
                let outcome = try run(box, profile("ALLOW", rules), probe: ["110"])

                #expect(outcome.status == 128 + 31 && outcome.output == "", "\(outcome)")
            }
        }

        @Test("a program without privilege, under a filter that allows it nothing but to begin and to end")
        func strict() throws {
            try Fixture.use { box in
                for flag in [true, false] {
                    for user in [0, 1000] {
                        let profile = profile("KILL_PROCESS", [rule(Self.least, "ALLOW")])
                        let outcome = try run(box, profile, probe: ["1", "1", "0", "0"]) { config in
                            config["process.noNewPrivileges"] = flag
                            config["process.user"] = ["uid": user, "gid": user]
                            config["process.capabilities"] = ["bounding": ["CAP_KILL"]]
                        }

                        #expect(outcome.status == 0 && outcome.lines == ["0"], "\(flag) \(user): \(outcome)")
                    }
                }
            }
        }

        @Test("what was kept for the filter is gone in the program", arguments: [0, 1000])
        func capabilities(user: Int) throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.seccomp"] = profile("ALLOW", [rule(["keyctl"], "ERRNO")])
                    config["process.noNewPrivileges"] = false
                    config["process.user"] = ["uid": user, "gid": user]
                    config["process.capabilities"] = [
                        "bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"], "inheritable": ["CAP_KILL"],
                        "effective": ["CAP_KILL"], "ambient": ["CAP_KILL"],
                    ]
                    config.script(
                        "grep -E '^(Cap(Prm|Eff|Bnd|Amb)|Seccomp):' /proc/self/status | tr -d '\\t'")
                }
                let kill = "0000000000000020"

                #expect(
                    outcome.lines == [
                        "CapPrm:" + kill, "CapEff:" + kill, "CapBnd:" + kill, "CapAmb:" + kill, "Seccomp:2",
                    ], "\(outcome)")
            }
        }

        @Test("exec is under the filter too, and so is a container that waited for start")
        func exec() throws {
            try Fixture.use { box in
                try box.addProbe()
                try box.create { config in
                    config["linux.seccomp"] = profile("ALLOW", [rule(["getppid"], "ERRNO", ["errnoRet": 55])])
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                let outcome = try box.oci("exec", box.id, "/probe", "110")
                let first = try box.oci("exec", box.id, "grep", "Seccomp:", "/proc/1/status")
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.lines == ["-55"], "\(outcome)")
                #expect(first.output == "Seccomp:\t2\n", "\(first)")
            }
        }

        @Test("start tells when the program is gone, filter or not")
        func startFailure() throws {
            try Fixture.use { box in
                try box.create { config in
                    config["linux.seccomp"] = profile("ALLOW", [rule(["execve"], "ERRNO", ["errnoRet": 13])])
                    config.args = ["true"]
                }
                let outcome = try box.oci("start", box.id)
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("permission denied"), "\(outcome)")
            }
        }

        @Test(
            "a call by x86's 32-bit door is judged by its own numbers, or kills where x86 is not in the filter"
        )
        func old() throws {
            try Fixture.use { box in
                var profile = profile(
                    "ALLOW", [rule(["getppid"], "ERRNO", ["errnoRet": 44]), rule(["sethostname"], "ERRNO")])
                profile["architectures"] = ["SCMP_ARCH_X86"]
                // 64 is getppid there, 74 sethostname; 110 and 170 on x86_64.
                let both = try run(box, profile, probe: ["i64", ",", "i74", ",", "110"])
                profile["architectures"] = [String]()
                let alone = try run(box, profile, probe: ["i64"])

                #expect(both.lines == ["-44", "-1", "-44"], "\(both)")
                #expect(alone.status == 128 + 31, "\(alone)")
            }
        }

        @Test("flags of seccomp(2) reach the kernel")
        func flags() throws {
            try Fixture.use { box in
                var profile = profile("ALLOW", [rule(["getppid"], "ERRNO")])
                profile["flags"] = [
                    "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
                ]
                let outcome = try run(box, profile, probe: ["110"])

                #expect(outcome.lines == ["-1"], "\(outcome)")
            }
        }

        @Test(
            "errors name the field",
            arguments: [
                ("\"action\": \"SCMP_ACT_PERHAPS\"", "linux.seccomp.syscalls[0].action"),
                (
                    "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4096",
                    "`linux.seccomp.syscalls[0].errnoRet`: 4096 is no errno"
                ),
                (
                    "\"action\": \"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]",
                    "`linux.seccomp.syscalls[0].args[0].index`"
                ),
                (
                    "\"action\": \"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 0, \"value\": 1, \"op\": \"LIKE\"}]",
                    "linux.seccomp.syscalls[0].args[0].op"
                ),
                (
                    "\"action\": \"SCMP_ACT_NOTIFY\"",
                    "`linux.seccomp.syscalls[0].action`: `SCMP_ACT_NOTIFY` needs"
                ),
            ])
        func errors(rule: String, text: String) throws {
            try Fixture.use { box in
                let members = try Config("{\"names\": [\"read\"], \(rule)}").members
                let outcome = try box.run { $0["linux.seccomp"] = profile("ALLOW", [members]) }

                #expect(outcome.status == 1 && outcome.errors.contains(text), "\(outcome)")
            }
        }
    }
}
