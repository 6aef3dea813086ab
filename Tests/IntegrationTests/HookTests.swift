// SPDX-License-Identifier: Apache-2.0
// Hooks: order, place, input, failure. See runtime-spec config.md#posix-platform-hooks.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hooks") struct HookTests {
        private static let kinds = [
            "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
        ]

        @Test("all six kinds run in their order, each with the state on standard input")
        func order() throws {
            try Fixture.use { box in
                let log = box.directory + "/log"
                try box.create { config in
                    config.mount("/log", nil, box.directory, ["bind"])
                    config["root.readonly"] = false
                    for kind in Self.kinds {
                        let place = kind == "startContainer" ? "/log/log" : log
                        config.hook(kind, "echo \(kind) $(cat | tr -d ' \\n') >>\(place)")
                    }
                    config.script("echo program >>/log/log; exec sleep 60")
                }
                let afterCreate = text(of: log).split(separator: "\n").map { $0.split(separator: " ")[0] }
                let pid = try box.state()["pid"] as? Int ?? -1
                try box.succeed("start", box.id)
                #expect(
                    eventually {
                        text(of: log).contains("\nprogram\n") && text(of: log).contains("\npoststart ")
                    })
                try box.succeed("delete", "-f", box.id)
                let lines = text(of: log).split(separator: "\n").map {
                    $0.split(separator: " ").map(String.init)
                }

                #expect(afterCreate == ["prestart", "createRuntime", "createContainer"])
                #expect(lines.map { $0[0] }.filter { $0 != "program" } == Self.kinds)
                let statuses = ["creating", "creating", "creating", "created", "running", "stopped"]
                for (line, status) in zip(lines.filter { $0.count > 1 }, statuses) {
                    #expect(
                        line[1].contains("\"id\":\"\(box.id)\"")
                            && line[1].contains("\"bundle\":\"\(box.bundle)\""))
                    #expect(line[1].contains("\"status\":\"\(status)\""), "\(line)")
                    if status != "stopped" { #expect(line[1].contains("\"pid\":\(pid)"), "\(line)") }
                }
            }
        }

        @Test("hooks of the host run in its namespaces, createContainer in the container's before the pivot")
        func place() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.hook(
                        "createRuntime",
                        "readlink /proc/self/ns/mnt >\(box.directory)/a; readlink /proc/self/ns/net >>\(box.directory)/a"
                    )
                    config.hook(
                        "createContainer",
                        "readlink /proc/self/ns/mnt >\(box.directory)/b; grep -c \(box.rootfs) /proc/self/mountinfo >>\(box.directory)/b"
                    )
                    config.script("true")
                }
                let host = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/mnt")

                #expect(outcome.status == 0, "\(outcome)")
                #expect(text(of: box.directory + "/a").hasPrefix(host + "\n"))
                #expect(!text(of: box.directory + "/b").hasPrefix(host))
                #expect((Int(text(of: box.directory + "/b").split(separator: "\n").last ?? "0") ?? 0) >= 7)
            }
        }

        @Test(
            "a failing hook of create is an error, and nothing is left",
            arguments: ["prestart", "createRuntime", "createContainer"])
        func failing(_ kind: String) throws {
            try Fixture.use { box in
                try box.configure { $0.hook(kind, "exit 9") }
                let outcome = try box.oci("create", "--bundle", box.bundle, box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("`hooks.\(kind)"), "\(outcome)")
                #expect(outcome.errors.contains("9"), "\(outcome)")
                #expect(try box.status() == "none")
            }
        }

        @Test(
            "a failing startContainer or poststart hook fails start, and the program ends",
            arguments: ["startContainer", "poststart"])
        func failingStart(_ kind: String) throws {
            try Fixture.use { box in
                try box.create { config in
                    config.hook(kind, "exit 9")
                    config.args = ["sleep", "60"]
                }
                let outcome = try box.oci("start", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("`hooks.\(kind)"), "\(outcome)")
                try box.reach("stopped")
                try box.succeed("delete", box.id)
            }
        }

        @Test("a failing poststop hook is a warning: delete goes on with the next")
        func failingStop() throws {
            try Fixture.use { box in
                try box.create { config in
                    config.hook("poststop", "exit 9")
                    config.hook("poststop", "touch \(box.directory)/second")
                }
                let outcome = try box.oci("delete", "-f", box.id)

                #expect(outcome.status == 0 && outcome.errors.contains("warning: "), "\(outcome)")
                #expect(FileManager.default.fileExists(atPath: box.directory + "/second"))
            }
        }

        @Test(
            "a hook that outlives its timeout is killed and fails",
            arguments: ["createRuntime", "createContainer"])
        func timeout(_ kind: String) throws {
            try Fixture.use { box in
                try box.configure { $0.hook(kind, "exec sleep 60", timeout: 1) }
                let begin = Date()
                let outcome = try box.oci("create", "--bundle", box.bundle, box.id)
                let seconds = Date().timeIntervalSince(begin)

                #expect(outcome.status == 1 && outcome.errors.contains("timeout"), "\(outcome)")
                #expect(seconds >= 1 && seconds < 10)
            }
        }

        @Test("hooks of the host begin in the bundle")
        func directory() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    for kind in ["prestart", "createRuntime", "poststart"] {
                        config.hook(kind, "pwd >>\(box.directory)/log")
                    }
                }

                #expect(outcome.status == 0, "\(outcome)")
                #expect(
                    text(of: box.directory + "/log") == String(repeating: box.bundle + "\n", count: 3))
            }
        }

        @Test("a hook that does not exist is named")
        func missing() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.append("hooks.createRuntime", ["path": "/no/such/hook"]) }

                #expect(outcome.status == 1 && outcome.errors.contains("`/no/such/hook`"), "\(outcome)")
            }
        }
    }
}
