// SPDX-License-Identifier: Apache-2.0
// exec: what the second program is and has, and how it ends.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("exec") struct ExecTests {
        /// A running container.
        private static func running(_ subject: Subject) throws {
            try subject.create { config in
                config.args = ["sleep", "60"]
                config["process.user"] = ["uid": 1000, "gid": 1000, "additionalGids": [5]]
                config["process.env"] = ["PATH=/bin", "FROM=config"]
                config["process.cwd"] = "/tmp"
            }
            try subject.succeed("start", subject.id)
        }

        @Test("a program is as the container's own")
        func same() throws {
            try Trial.compare([
                "plain: status.Uid": "1000 1000 1000 1000", "plain: cwd": "/tmp",
                "plain: namespace.pid": "its own",
            ]) {
                subject in
                try Self.running(subject)
                let outcome = try subject.oci("exec", subject.id, "sh", "-c", Probe.script)
                return Self.facts("plain", outcome, subject)
            }
        }

        /// The facts of a test under its name. The n-th process of the container has another number with
        /// each runtime, and mounts and devices are the container's.
        private static func facts(_ test: String, _ outcome: Outcome, _ subject: Subject) -> Facts {
            #expect(outcome.status == 0, "\(subject.runtime): \(outcome)")
            var facts = Probe.facts(of: outcome.output, subject)
            let pid = facts["status.NSpid"]?.split(separator: " ").last.map(String.init)
            for name in ["session", "group"] {
                facts[name] = facts[name] == pid ? "its own" : facts[name]
            }
            facts["status.NSpid"] = nil
            let ours = facts.filter { !$0.key.hasPrefix("mount") && !$0.key.hasPrefix("device.") }
            return Dictionary(uniqueKeysWithValues: ours.map { ("\(test): \($0.key)", $0.value) })
        }

        @Test("flags: user, groups, cwd, environment, capabilities, no new privileges")
        func flags() throws {
            try Trial.compare([
                "flags: status.Uid": "7 7 7 7", "flags: status.Gid": "8 8 8 8", "flags: cwd": "/etc",
                "flags: status.NoNewPrivs": "1",
            ]) { subject in
                try Self.running(subject)
                let outcome = try subject.oci(
                    "exec", "--user", "7:8", "--cwd", "/etc", "--env", "A=1", "--env", "FROM=flag", "--env",
                    "PATH=/bin", "--cap",
                    "CAP_KILL", "--no-new-privs", subject.id, "sh", "-c", Probe.script)
                return Self.facts("flags", outcome, subject)
            }
        }

        @Test("a process file replaces what the config says")
        func processFile() throws {
            try Trial.compare([
                "file: status.Uid": "3 3 3 3", "file: status.Groups": "6",
                "file: status.CapEff": "0000000000000020",
                "file: cwd": "/var",
                "file: limit.Max open files": "50 60", "file: environ": "A=b HOME=/x PATH=/bin",
                "file: oom_score_adj": "700",
            ]) { subject in
                try Self.running(subject)
                var process = try Config("{}")
                process.members = [
                    "user": ["uid": 3, "gid": 4, "additionalGids": [6]], "args": ["sh", "-c", Probe.script],
                    "cwd": "/var", "env": ["PATH=/bin", "A=b", "HOME=/x"], "oomScoreAdj": 700,
                    "rlimits": [["type": "RLIMIT_NOFILE", "soft": 50, "hard": 60] as [String: Any]],
                    "noNewPrivileges": true,
                ]
                for set in ["bounding", "permitted", "effective", "inheritable", "ambient"] {
                    process["capabilities.\(set)"] = ["CAP_KILL"]
                }
                try subject.write("process.json", try process.text)
                let outcome = try subject.oci(
                    "exec", "--process", subject.directory + "/process.json", subject.id)
                return Self.facts("file", outcome, subject)
            }
        }

        @Test("how a program ends, and what cannot be run")
        func ends() throws {
            try Trial.compare([
                "exit 7": "7", "killed": "143", "input": "<it>", "missing": "not found",
                "missing path": "not found",
                "not executable": "cannot run", "bad cwd": "not found", "running": "running",
            ]) { subject in
                try Self.running(subject)
                func exec(_ arguments: String...) throws -> Outcome {
                    try subject.oci("exec", subject.id, "sh", "-c", arguments[0])
                }
                var facts: Facts = [:]
                facts["exit 7"] = "\(try exec("exit 7").status)"
                facts["killed"] = "\(try exec("kill -TERM $$").status)"
                facts["input"] = try subject.oci(
                    "exec", subject.id, "sh", "-c", "read x; printf \"<$x>\"", input: "it\n"
                ).output
                func refused(_ name: String, _ arguments: String...) throws {
                    let outcome = try subject.start(["exec"] + arguments).wait()
                    facts[name] = CallerPatterns.podman(outcome)
                    facts["\(name).exit"] = "\(outcome.status)"
                }
                try refused("missing", subject.id, "nosuch")
                try refused("missing path", subject.id, "/no/such")
                try refused("not executable", subject.id, "/etc/passwd")
                try refused("directory", subject.id, "/etc")
                try refused("bad cwd", "--cwd", "/no/such", subject.id, "true")
                facts["running"] = try subject.status()
                return facts
            }
        }

        @Test("exec in a container that is created, not started")
        func created() throws {
            try Trial.compare { subject in
                try subject.create { $0.args = ["sleep", "60"] }
                let outcome = try subject.oci("exec", subject.id, "echo", "here")
                return [
                    "exit": "\(outcome.status)", "output": outcome.output, "status": try subject.status(),
                ]
            }
        }

        @Test("exec --detach returns while the program runs")
        func detach() throws {
            try Trial.compare(["exit": "0", "count": "2"]) { subject in
                try Self.running(subject)
                let outcome = try subject.oci("exec", "--detach", subject.id, "sleep", "61")
                let ps = try subject.oci("ps", "--format", "json", subject.id)
                let pids = try JSONSerialization.jsonObject(with: Data(ps.output.utf8)) as? [Int] ?? []
                return ["exit": "\(outcome.status)", "count": "\(pids.count)"]
            }
        }
    }
}
