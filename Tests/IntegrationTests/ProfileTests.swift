// SPDX-License-Identifier: Apache-2.0
// Profiles that ask much or contradict themselves, flags of the filter, and callers without power: what is
// run, what is refused, and that nothing is left.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("seccomp, bad profiles") struct ProfileTests {
        private func rule(_ name: String, _ action: String, _ value: Int? = nil, errno: Int? = nil)
            -> [String: Any]
        {
            var rule: [String: Any] = ["names": [name], "action": "SCMP_ACT_" + action]
            if let value { rule["args"] = [["index": 0, "value": value, "op": "SCMP_CMP_EQ"]] }
            if let errno { rule["errnoRet"] = errno }
            return rule
        }

        /// `create` and `run` of a bundle with these rules.
        private func attempts(_ box: Fixture, _ rules: [[String: Any]], _ probe: [String]) throws -> [Outcome]
        {
            try box.addProbe()
            try box.configure { config in
                config["linux.seccomp"] = ["defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules]
                config.args = ["/probe"] + probe
            }
            let created = try box.oci("create", "--bundle", box.bundle, box.id)
            if created.status == 0 { try box.succeed("delete", "-f", box.id) }
            return [created, try box.oci("run", "--bundle", box.bundle, box.id)]
        }

        @Test("10,000 rules on one call are more than a filter holds: one sentence, before anything is made")
        func tooMany() throws {
            try Fixture.use { box in
                let rules = (0..<10_000).map { rule("getppid", $0 % 2 == 0 ? "ERRNO" : "TRAP", $0) }
                for outcome in try attempts(box, rules, ["110"]) {
                    #expect(outcome.status == 1, "\(outcome)")
                    #expect(
                        outcome.errors
                            == "roost-oci: `linux.seccomp`: 10000 rules with conditions for one system call are"
                            + " more than fit into a filter; make the profile smaller\n")
                }
            }
        }

        @Test("10,000 rules that fit are a filter; the first that needs no condition decides")
        func many() throws {
            try Fixture.use { box in
                let rules = (0..<10_000).map { rule("getppid", "ERRNO", errno: 50 + $0 % 3) }
                let outcomes = try attempts(box, rules, ["110"])

                #expect(outcomes.map(\.status) == [0, 0], "\(outcomes)")
                #expect(outcomes[1].lines == ["-50"])
            }
        }

        @Test("rules that contradict each other are refused by both their names")
        func contradictory() throws {
            try Fixture.use { box in
                let rules = [rule("read", "ERRNO"), rule("getppid", "ERRNO", 5), rule("getppid", "TRAP", 5)]
                for outcome in try attempts(box, rules, ["110"]) {
                    #expect(outcome.status == 1, "\(outcome)")
                    #expect(
                        outcome.errors
                            == "roost-oci: `linux.seccomp.syscalls[2]`: contradicts `syscalls[1]`: the same"
                            + " conditions, another action\n")
                }
            }
        }

        @Test("flags of a profile are those of the system call, in run and in exec")
        func flags() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.seccomp"] = [
                        "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule("getppid", "ERRNO")],
                        "flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"],
                    ]
                    config.args = ["sleep", "600"]
                }
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                try box.configure { $0.args = ["true"] }
                let commands = [
                    ["run", "--bundle", box.bundle, box.id + "-2"], ["exec", box.id, "true"],
                ]
                for command in commands {
                    let trace = box.directory + "/trace"
                    let outcome = try box.spawn(
                        ["strace", "-f", "-o", trace, "-e", "trace=seccomp", Programs.runtime, "--root"]
                            + [box.stateRoot] + command
                    ).wait()
                    let flags = "SECCOMP_FILTER_FLAG_LOG|SECCOMP_FILTER_FLAG_SPEC_ALLOW"
                    let calls = text(of: trace).split(separator: "\n").filter { $0.contains("seccomp(") }

                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(calls.count == 1 && calls[0].hasSuffix(" = 0"), "\(calls)")
                    #expect(calls.first?.contains("seccomp(SECCOMP_SET_MODE_FILTER, \(flags),") == true)
                }
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("without CAP_SYS_ADMIN: no container is made, and exec into one needs no_new_privs")
        func powerless() throws {
            try Fixture.use { box in
                let without = [
                    "setpriv", "--bounding-set", "-sys_admin", Programs.runtime, "--root", box.stateRoot,
                ]
                try box.configure { config in
                    config["linux.seccomp"] = [
                        "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule("getppid", "ERRNO")],
                    ]
                    config["process.noNewPrivileges"] = false
                    config.args = ["sleep", "600"]
                }
                let made = try box.spawn(without + ["create", "--bundle", box.bundle, box.id]).wait()
                try box.succeed("run", "-d", "--bundle", box.bundle, box.id)
                let entered = try box.spawn(without + ["exec", box.id, "true"]).wait()
                try box.succeed("delete", "-f", box.id)

                #expect(made.status == 1 && made.errors.contains("needs CAP_SYS_ADMIN"), "\(made)")
                #expect(
                    entered.status == 255
                        && entered.errors
                            == "roost-oci: `linux.seccomp`: a filter needs CAP_SYS_ADMIN, which this process lacks,"
                            + " or no_new_privs; run it as root, or set `process.noNewPrivileges`\n",
                    "\(entered)")
            }
        }
    }
}
