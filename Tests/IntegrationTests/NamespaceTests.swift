// SPDX-License-Identifier: Apache-2.0
// Namespaces joined by path, and those that a configuration leaves to the host.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("namespaces") struct NamespaceTests {
        @Test(
            "a second container joins those of the first by path",
            arguments: [
                ("network", "net"), ("ipc", "ipc"), ("uts", "uts"), ("pid", "pid"),
            ])
        func joined(_ type: String, _ name: String) throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "60"] }
                try box.succeed("start", box.id)
                let path = "/proc/\(try box.state()["pid"] as? Int ?? -1)/ns/\(name)"
                try box.configure { config in
                    config.join(type, path)
                    config["hostname"] = type == "uts" ? nil : "second"
                    config.args = ["readlink", "/proc/self/ns/\(name)"]
                }
                let outcome = try box.oci("run", "--bundle", box.bundle, box.id + "-b")

                #expect(
                    outcome.output == (try FileManager.default.destinationOfSymbolicLink(atPath: path))
                        + "\n",
                    "\(outcome)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("each namespace of the configuration is new, and one that is left out is the host's")
        func own() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.removeNamespace("ipc")
                    config.removeMount("/dev/mqueue")
                    config.script(
                        "cd /proc/self/ns; for n in mnt net pid uts cgroup ipc; do readlink $n; done")
                }
                let host = try ["mnt", "net", "pid", "uts", "cgroup", "ipc"].map {
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\($0)")
                }

                #expect(outcome.lines.count == 6, "\(outcome)")
                #expect(
                    zip(outcome.lines, host).map { $0 != $1 } == [true, true, true, true, true, false],
                    "\(outcome)")
            }
        }

        @Test("a path of another type of namespace is refused")
        func otherType() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.join("network", "/proc/self/ns/uts") }

                #expect(outcome.status == 1 && outcome.errors.contains("/proc/self/ns/uts"), "\(outcome)")
            }
        }
    }
}
