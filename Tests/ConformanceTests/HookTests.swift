// SPDX-License-Identifier: Apache-2.0
// Hooks: order, place, and the state that each gets. See runtime-spec config.md#posix-platform-hooks.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("hooks") struct HookTests {
        private static let kinds = [
            "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
        ]

        @Test("all six kinds run in their order, with the state on standard input")
        func order() throws {
            try Trial.compare([
                "after create": "prestart createRuntime createContainer",
                "order": "prestart createRuntime createContainer startContainer poststop", "poststart": "ran",
                "createRuntime.id": "ID", "createRuntime.bundle": "DIR/bundle",
                "createRuntime.pid": "the container's",
                "poststop.status": "stopped",
            ]) { subject in
                let log = subject.directory + "/log"
                try subject.create { config in
                    config.mount("/tmp", nil, subject.directory, ["bind"])
                    config["annotations"] = ["org.example": "value"]
                    config["linux.readonlyPaths"] = nil
                    for kind in Self.kinds {
                        let place = kind == "startContainer" ? "/tmp/log" : log
                        config.hook(kind, "echo \(kind) $(cat | tr -d ' \\n') >>\(place)")
                    }
                    config.args = ["sleep", "60"]
                }
                let afterCreate = Self.names(log)
                let pid = try subject.state()["pid"] as? Int ?? -1
                try subject.succeed("start", subject.id)
                _ = eventually { Self.names(log).contains("poststart") }
                try subject.succeed("delete", "--force", subject.id)

                var facts: Facts = [
                    "after create": afterCreate.joined(separator: " "),
                    // Peers run it while the program, or the hook before it, still starts.
                    "order": Self.names(log).filter { $0 != "poststart" }.joined(separator: " "),
                    "poststart": Self.names(log).contains("poststart") ? "ran" : "did not run",
                ]
                for line in text(of: log).split(separator: "\n") {
                    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
                    let state = try Config(parts.count > 1 ? parts[1] : "{}")
                    for (name, value) in state.members where name != "ociVersion" {
                        facts["\(parts[0]).\(name)"] = subject.normal("\(value)")
                    }
                    if state["pid"] as? Int == pid { facts["\(parts[0]).pid"] = "the container's" }
                }
                return facts
            }
        }

        private static func names(_ log: String) -> [String] {
            text(of: log).split(separator: "\n").map { String($0.split(separator: " ")[0]) }
        }

        @Test("each kind runs in its namespaces, with its own environment and arguments only")
        func place() throws {
            try Trial.compare(["createRuntime.net": "the host's", "createContainer.net": "the container's"]) {
                subject in
                let log = subject.directory + "/log"
                let outcome = try subject.run { config in
                    config.mount("/tmp", nil, subject.directory, ["bind"])
                    for kind in Self.kinds where kind != "poststop" {
                        let place = kind == "startContainer" ? "/tmp/log" : log
                        config.hook(
                            kind,
                            """
                            for name in net uts ipc pid; do echo \(kind).$name $(readlink /proc/self/ns/$name); done >>\(place)
                            echo \(kind).env $(tr '\\0' ' ' </proc/$$/environ) >>\(place)
                            echo \(kind).arguments $(tr '\\0' ' ' </proc/$$/cmdline | head -c 5) >>\(place)
                            echo \(kind).cwd $(readlink /proc/$$/cwd) >>\(place)
                            """)
                    }
                    config.script(
                        "for name in net uts ipc pid; do echo $(readlink /proc/self/ns/$name); done")
                }
                var facts: Facts = [:]
                for line in text(of: log).split(separator: "\n") {
                    let words = subject.normal(String(line)).split(separator: " ", maxSplits: 1).map(
                        String.init)
                    guard words.count == 2 else { continue }
                    let name = words[0].split(separator: ".").last ?? ""
                    let host = try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/self/ns/\(name)")
                    facts[words[0]] =
                        words[1] == host
                        ? "the host's" : outcome.lines.contains(words[1]) ? "the container's" : words[1]
                }
                return facts
            }
        }

        @Test("a hook that fails is an error of create or start", arguments: kinds.dropLast())
        func failing(_ kind: String) throws {
            try Trial.compare { subject in
                try subject.configure { config in
                    config.hook(kind, "exit 9")
                    config.args = ["sleep", "60"]
                }
                let create = try subject.oci("create", "--bundle", subject.bundle, subject.id)
                var facts = ["\(kind) fails: create": create.status == 0 ? "success" : "error"]
                guard create.status == 0 else {
                    facts["\(kind) fails: status"] = try subject.status()
                    return facts
                }
                facts["\(kind) fails: start"] =
                    try subject.oci("start", subject.id).status == 0 ? "success" : "error"
                facts["\(kind) fails: ends"] =
                    eventually(seconds: 3) { (try? subject.status()) != "running" } ? "yes" : "no"
                return facts
            }
        }
    }
}
