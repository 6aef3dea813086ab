// SPDX-License-Identifier: Apache-2.0
// Namespaces: new, the host's, and joined by path.
import Foundation
import Glibc
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("namespaces") struct NamespaceTests {
        @Test(
            "what is not in the list stays the host's",
            arguments: [["pid"], ["network"], ["ipc"], ["uts"], ["cgroup"], ["pid", "ipc", "uts", "cgroup"]])
        func host(_ types: [String]) throws {
            let names = ["network": "net"]
            let expected = types.map { ("namespace.\(names[$0] ?? $0)", "the host's") }
            try Trial.compare(Dictionary(uniqueKeysWithValues: expected)) { subject in
                var facts = try Probe.run(subject) { config in
                    for type in types { config.removeNamespace(type) }
                    if types.contains("uts") { config["hostname"] = nil }
                    // Numbers of the host are each run's own.
                    if types.contains("network") { config.removeMount("/sys") }
                }
                if types.contains("pid") {
                    for name in ["parent", "group", "session", "status.NSpid"] { facts[name] = nil }
                }
                return facts
            }
        }

        @Test("namespaces are joined by path")
        func joined() throws {
            let types = ["network": "net", "ipc": "ipc", "uts": "uts", "pid": "pid_for_children"]
            let holder = try Spawned(
                [
                    "unshare", "-n", "-i", "-u", "-p", "-f", "--kill-child", "sh", "-c",
                    "hostname holder; echo ready; exec sleep 600",
                ], files: try directoryOfTheRun("roost-ns") + "/holder")
            defer {
                holder.signal(SIGKILL)
                _ = holder.wait()
            }
            #expect(eventually { holder.output == "ready\n" }, "\(holder.errors)")

            try Trial.compare([
                "net": "joined", "ipc": "joined", "uts": "joined", "pid": "joined", "name": "holder",
            ]
            ) { subject in
                let outcome = try subject.run { config in
                    for (type, name) in types { config.join(type, "/proc/\(holder.pid)/ns/\(name)") }
                    config["hostname"] = nil
                    config.script(
                        "for name in net ipc uts pid; do echo $name $(readlink /proc/$$/ns/$name); done; echo name $(hostname)"
                    )
                }
                var facts: Facts = [:]
                for line in outcome.lines {
                    let words = line.split(separator: " ").map(String.init)
                    let theirs = try? FileManager.default.destinationOfSymbolicLink(
                        atPath:
                            "/proc/\(holder.pid)/ns/\(types.values.first { $0.hasPrefix(words[0]) } ?? "")")
                    facts[words[0]] = words[1] == theirs ? "joined" : words[1]
                }
                return facts
            }
        }

        @Test("a cgroupsPath is the path of the container's group")
        func cgroupsPath() throws {
            try Trial.compare(["cgroup": "0::/ID"]) { subject in
                try Probe.run(subject) { config in
                    config["linux.cgroupsPath"] = "/" + subject.id
                    config.removeNamespace("cgroup")
                }
                .filter { $0.key == "cgroup" }
            }
        }
    }
}
