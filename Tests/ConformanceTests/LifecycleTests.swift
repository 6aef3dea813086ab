// SPDX-License-Identifier: Apache-2.0
// The life of a container step by step: state, list, ps, kill, pause, delete, and what is refused when.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("life of a container") struct LifecycleTests {
        @Test("the state at each step")
        func states() throws {
            try Trial.compare([
                "created.status": "created", "running.status": "running", "paused.status": "paused",
                "resumed.status": "running", "stopped.status": "stopped", "gone": "error",
                "output": "begun\n",
                "before start": "", "running.pid": "alive",
                "running.annotations": "[\"org.example\": \"value\"]",
            ]) { subject in
                let program = try subject.create { config in
                    config["annotations"] = ["org.example": "value"]
                    config.script("echo begun; exec sleep 60")
                }
                var facts = try Self.members(subject, "created")
                facts["before start"] = program.output
                try subject.succeed("start", subject.id)
                _ = eventually { program.output == "begun\n" }
                facts["output"] = program.output
                facts.merge(try Self.members(subject, "running")) { _, new in new }
                try subject.succeed("pause", subject.id)
                facts.merge(try Self.members(subject, "paused")) { _, new in new }
                try subject.succeed("resume", subject.id)
                facts.merge(try Self.members(subject, "resumed")) { _, new in new }
                try subject.succeed("kill", subject.id, "KILL")
                try subject.reach("stopped")
                facts.merge(try Self.members(subject, "stopped")) { _, new in new }
                try subject.succeed("delete", subject.id)
                facts["gone"] = try subject.oci("state", subject.id).status == 0 ? "success" : "error"
                return facts
            }
        }

        private static func members(_ subject: Subject, _ step: String) throws -> Facts {
            facts(of: try subject.state().members, subject, step)
        }

        private static func facts(of members: [String: Any], _ subject: Subject, _ step: String) -> Facts {
            var facts: Facts = [:]
            for (name, value) in members { facts["\(step).\(name)"] = subject.normal("\(value)") }
            if let pid = members["pid"] as? Int, pid > 0 {
                let isThere = FileManager.default.fileExists(atPath: "/proc/\(pid)")
                facts["\(step).pid"] = isThere ? "alive" : "gone"
            }
            if let created = members["created"] as? String {
                let isTime = created.hasPrefix("20") && created.contains("T") && created.hasSuffix("Z")
                facts["\(step).created"] = isTime ? "time" : created
            }
            facts["\(step).ociVersion"] = members["ociVersion"] as? String == nil ? "none" : "a version"
            return facts
        }

        @Test("list and ps as JSON")
        func lists() throws {
            try Trial.compare([
                "list.status": "running", "list.id": "ID", "list.pid": "alive",
                "ps": "3, first is the state's",
                "quiet": "ID\n", "count": "1",
            ]) { subject in
                let program = try subject.create { $0.script("sleep 61 & sleep 62 & echo ready; wait") }
                try subject.succeed("start", subject.id)
                _ = eventually { program.output == "ready\n" }
                let list =
                    try JSONSerialization.jsonObject(
                        with: Data(try subject.oci("list", "--format", "json").output.utf8))
                    as? [[String: Any]]
                var facts = Self.facts(of: list?.first ?? [:], subject, "list")
                facts["count"] = "\(list?.count ?? -1)"
                let ps = try subject.oci("ps", "--format", "json", subject.id)
                let pids = try JSONSerialization.jsonObject(with: Data(ps.output.utf8)) as? [Int] ?? []
                let isFirst = pids.min() == (try subject.state()["pid"] as? Int ?? -1)
                facts["ps"] = "\(pids.count), \(isFirst ? "first is the state's" : "\(pids)")"
                facts["quiet"] = subject.normal(try subject.oci("list", "--quiet").output)
                return facts
            }
        }

        @Test("list without containers")
        func emptyList() throws {
            try Trial.compare(["json": "null or []", "quiet": ""]) { subject in
                let json = try subject.oci("list", "--format", "json")
                let text = json.output.trimmingCharacters(in: .whitespacesAndNewlines)
                return [
                    "json": ["null", "[]"].contains(text.filter { !$0.isWhitespace })
                        ? "null or []" : "\(json)",
                    "quiet": try subject.oci("list", "--quiet").output,
                ]
            }
        }

        @Test("commands on an unknown id")
        func unknown() throws {
            let commands = [
                ["state"], ["start"], ["kill", "ID", "KILL"], ["delete"], ["pause"], ["resume"],
                ["ps", "--format", "json"], ["exec", "ID", "true"], ["delete", "--force"],
            ]
            let named = commands.map { ($0.filter { $0 != "ID" }.prefix(2).joined(separator: " ")) }
            let expected = named.map { ($0, $0 == "delete --force" ? "success" : "not found") }
            try Trial.compare(Dictionary(uniqueKeysWithValues: expected)) { subject in
                var facts: Facts = [:]
                for (name, command) in zip(named, commands) {
                    let words =
                        command.contains("ID")
                        ? command.map { $0 == "ID" ? "ct-nobody" : $0 } : command + ["ct-nobody"]
                    facts[name] = CallerPatterns.containerd(try subject.start(words).wait())
                }
                return facts
            }
        }

        @Test("what is refused in which status")
        func refused() throws {
            try Trial.compare([
                "created.id in use": "error", "running.delete": "error",
                "running.start": "error", "stopped.kill": "not running",
            ]) { subject in
                try subject.create { $0.args = ["sleep", "60"] }
                var facts: Facts = [:]
                func note(_ name: String, _ arguments: String...) throws {
                    facts[name] = CallerPatterns.containerd(try subject.start(arguments).wait())
                }
                try note("created.id in use", "create", "--bundle", subject.bundle, subject.id)
                try note("created.resume", "resume", subject.id)
                try subject.succeed("start", subject.id)
                try note("running.start", "start", subject.id)
                try note("running.delete", "delete", subject.id)
                try note("running.resume", "resume", subject.id)
                try note("running.unknown signal", "kill", subject.id, "NOSUCH")
                try note("running.signal 0", "kill", subject.id, "0")
                facts["running.status"] = try subject.status()
                try subject.succeed("pause", subject.id)
                try note("paused.pause", "pause", subject.id)
                try note("paused.exec", "exec", subject.id, "true")
                try note("paused.delete", "delete", subject.id)
                try subject.succeed("resume", subject.id)
                try subject.succeed("kill", subject.id, "KILL")
                try subject.reach("stopped")
                try note("stopped.start", "start", subject.id)
                try note("stopped.kill", "kill", subject.id, "TERM")
                try note("stopped.pause", "pause", subject.id)
                try note("stopped.resume", "resume", subject.id)
                try note("stopped.exec", "exec", subject.id, "true")
                try note("stopped.ps", "ps", "--format", "json", subject.id)
                try note("stopped.delete", "delete", subject.id)
                try note("stopped.again", "delete", subject.id)
                return facts
            }
        }

        @Test("delete of a created container, with and without force", arguments: [false, true])
        func deleteCreated(_ isForced: Bool) throws {
            let name = "delete of a created one" + (isForced ? ", forced" : "")
            try Trial.compare([name: isForced ? "success, none" : "error, created", "output": ""]) {
                subject in
                let program = try subject.create { $0.script("echo begun") }
                let command = ["delete"] + (isForced ? ["--force"] : []) + [subject.id]
                let outcome = try subject.start(command).wait()
                let word = outcome.status == 0 ? "success" : "error"
                return [name: "\(word), \(try subject.status())", "output": program.output]
            }
        }

        @Test("delete --force of a running and of a paused container", arguments: [false, true])
        func deleteForce(_ isPaused: Bool) throws {
            try Trial.compare(["delete": "0", "status": "none"]) { subject in
                try subject.create { $0.args = ["sleep", "60"] }
                try subject.succeed("start", subject.id)
                if isPaused { try subject.succeed("pause", subject.id) }
                let outcome = try subject.oci("delete", "--force", subject.id)
                return ["delete": "\(outcome.status)", "status": try subject.status()]
            }
        }

        @Test("signals have names, with and without SIG, and numbers")
        func signals() throws {
            try Trial.compare(["output": "USR1 USR1 USR1 HUP WINCH", "default": "TERM"]) { subject in
                let program = try subject.create {
                    $0.script(
                        """
                        for name in USR1 HUP WINCH TERM; do trap "echo $name" $name; done
                        echo ready; while :; do sleep 0.01; done
                        """)
                }
                try subject.succeed("start", subject.id)
                _ = eventually { program.output == "ready\n" }
                func send(_ arguments: String...) throws {
                    let before = program.output
                    _ = try subject.start(["kill", subject.id] + arguments).wait()
                    _ = eventually(seconds: 3) { program.output != before }
                }
                for name in ["USR1", "SIGUSR1", "10", "HUP", "28"] { try send(name) }
                let named = program.output.split(separator: "\n").dropFirst().joined(separator: " ")
                try send()
                return ["output": named, "default": String(program.output.split(separator: "\n").last ?? "")]
            }
        }

        @Test("the pid file holds the pid of the state, of create, run and exec")
        func pidFile() throws {
            try Trial.compare(["create": "the state's", "exec": "digits", "run": "digits"]) { subject in
                let file = subject.directory + "/pid"
                func isDigits(_ text: String) -> Bool { !text.isEmpty && text.allSatisfy(\.isNumber) }
                try subject.configure { $0.args = ["sleep", "60"] }
                try subject.succeed("create", "--bundle", subject.bundle, "--pid-file", file, subject.id)
                var facts: Facts = [:]
                let pid = try subject.state()["pid"] as? Int ?? -1
                facts["create"] = text(of: file) == "\(pid)" ? "the state's" : text(of: file)
                try subject.succeed("start", subject.id)
                try subject.succeed("exec", "--pid-file", file + "2", subject.id, "true")
                facts["exec"] = isDigits(text(of: file + "2")) ? "digits" : text(of: file + "2")
                try subject.succeed("delete", "--force", subject.id)
                try subject.configure { $0.args = ["true"] }
                try subject.succeed("run", "--bundle", subject.bundle, "--pid-file", file + "3", subject.id)
                facts["run"] = isDigits(text(of: file + "3")) ? "digits" : text(of: file + "3")
                return facts
            }
        }

        @Test("run --detach returns while the program runs")
        func detach() throws {
            try Trial.compare(["run": "0", "status": "running"]) { subject in
                try subject.configure { $0.args = ["sleep", "60"] }
                let outcome = try subject.oci("run", "--detach", "--bundle", subject.bundle, subject.id)
                return ["run": "\(outcome.status)", "status": try subject.status()]
            }
        }
    }
}
