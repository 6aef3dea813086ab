// SPDX-License-Identifier: Apache-2.0
// `explain --format sh`: the script makes the same container as the runtime, as a program inside sees it.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("the script of explain") struct ScriptTests {
        static let roost = Programs.directory + "/roost"

        /// Flags of `roost run`; ROOT is the root file system, DIR the fixture's directory.
        struct Flags: Sendable, CustomTestStringConvertible {
            let flags: [String]
            init(_ flags: String...) { self.flags = flags }
            var testDescription: String { flags.isEmpty ? "none" : flags.joined(separator: " ") }
        }

        @Test(
            "flags of roost run",
            arguments: [
                Flags(), Flags("--read-only"), Flags("--read-only", "-w", "/made/deep"),
                Flags("-u", "1000:1000"), Flags("-u", "1000:1000", "--cap-add", "ALL"), Flags("-u", "7"),
                Flags("--cap-drop", "ALL"), Flags("--cap-add", "SYS_ADMIN", "--cap-drop", "chown"),
                Flags("--ulimit", "nofile=256:512", "--ulimit", "core=0", "--ulimit", "nproc=999"),
                Flags("--tmpfs", "/scratch:size=1m,exec", "--tmpfs", "/var/deep/er:mode=700,noatime"),
                Flags(
                    "-v", "DIR/data:/data", "-v", "DIR/data/file:/made/file:ro", "-v",
                    "DIR:/mnt:ro,nosuid,noexec"),
                Flags("--sysctl", "net.ipv4.ip_forward=1", "--sysctl", "kernel.shmmax=123456"),
                Flags("-h", "other"), Flags("--security-opt", "no-new-privileges"),
                Flags("--network", "host"),
                Flags("--pid", "host"), Flags("--ipc", "host", "--uts", "host", "--cgroupns", "host"),
                Flags(
                    "-w", "/made/deep", "-e", "A=$(touch x)`touch x`'\"\n# touch x\n", "-e", "B.c= d\te\\",
                    "-e", "A=2"),
                Flags("-h", "$(touch x)", "-w", "/a b'$(touch x)\nc"),
            ])
        func flags(_ flags: Flags) throws {
            try Fixture.use { box in
                try prepare(box)
                let words = flags.flags.map { $0.replacing("DIR", with: box.directory) }
                let rest =
                    words + [
                        "--name", box.id, "--rootfs", box.rootfs, "sh", "-c", Seen.probe, "$(touch x)\n'",
                    ]
                let program = [Self.roost, "--root", box.directory]
                try compare(
                    box, program + ["run"] + rest, program + ["explain", "run", "--format", "sh"] + rest,
                    hostPids: words.contains("--pid"), hostGroups: words.contains("--cgroupns"))
            }
        }

        @Test("the configuration that spec writes, with devices")
        func bundle() throws {
            try compareBundle { config in
                config.append("linux.devices", device("/dev/fuse", "c", 10, 229, 0o666, 0, 0))
                config.append("linux.devices", device("/dev/sub/disk", "b", 7, 300, 0o640, 5, 6))
                config.append("linux.devices", device("/made/fifo", "p", 0, 0, 0o600, 7, 0))
                config["root.readonly"] = false
                config["process.oomScoreAdj"] = 17
                config["domainname"] = "of.it"
                config["process.user"] = ["uid": 0, "gid": 3, "additionalGids": [4, 5], "umask": 0o27]
            }
        }

        @Test("capabilities that survive execve, and those that no_new_privs holds back")
        func capabilities() throws {
            let three = ["CAP_KILL", "CAP_CHOWN", "CAP_SYS_ADMIN"]
            try compareBundle { config in
                config["process.user"] = ["uid": 1000, "gid": 1000]
                for set in ["bounding", "permitted", "inheritable"] {
                    config["process.capabilities.\(set)"] = three
                }
                config["process.capabilities.ambient"] = ["CAP_KILL", "CAP_SYS_ADMIN"]
            }
            try compareBundle { config in
                config["process.capabilities.bounding"] = three
                config["process.capabilities.permitted"] = ["CAP_KILL"]
                config["process.capabilities.effective"] = []
            }
        }

        @Test("mounts of all kinds: recursive, remounted, propagating, over links of the root")
        func mounts() throws {
            try compareBundle(link: "/var/link") { config in
                config.mount("/data", nil, "/proc/sys", ["rbind", "rro", "rslave"])
                config.mount(
                    "/var/link/x", "tmpfs", "name of it", ["nosuid", "noatime", "nodiratime", "size=64k"])
                config.mount("/var/link/x", nil, nil, ["remount", "ro", "nodev"])
                config.mount("/tmp", "tmpfs", nil, ["shared", "nosymfollow"])
                config["linux.rootfsPropagation"] = "rprivate"
                config["linux.maskedPaths"] = ["/proc/acpi", "/proc/bus", "/etc/passwd", "/none"]
                config["linux.readonlyPaths"] = ["/proc/sys", "/tmp", "/none/below"]
            }
        }

        @Test("a joined namespace, no group of its own, an execution domain, a propagation that comes last")
        func rare() throws {
            try Fixture.use { box in
                let shell = "echo 4321 >/proc/sys/kernel/msgmax; echo up; exec sleep 60"
                let other = try box.spawn(["unshare", "--ipc", "sh", "-c", shell])
                defer {
                    other.signal(9)
                    _ = other.wait()
                }
                #expect(eventually { other.output == "up\n" })
                try compareBundle(hostGroups: true) { config in
                    config.join("ipc", "/proc/\(other.pid)/ns/ipc")
                    config.removeNamespace("cgroup")
                    config["linux.personality"] = ["domain": "LINUX32"]
                    config["linux.rootfsPropagation"] = "unbindable"
                    config["linux.maskedPaths"] = []
                    config["linux.readonlyPaths"] = []
                }
            }
        }

        @Test(
            "the script ends as the program does, and a missing program is an error", arguments: [0, 3, 255])
        func status(_ status: Int32) throws {
            try Fixture.use { box in
                try prepare(box)
                let script = try script(box, ["sh", "-c", "exit \(status)"])
                #expect(try box.spawn(["bash", script]).wait().status == status)
                let none = try box.spawn(["bash", try self.script(box, ["/none"])]).wait()
                #expect(none.status == 127 && none.errors.contains("no program at /none"), "\(none)")
            }
        }

        @Test("a script that is ended takes its container with it; a mount that fails leaves nothing")
        func ended() throws {
            try Fixture.use { box in
                try prepare(box)
                let program = try box.spawn([
                    "bash", try script(box, ["sh", "-c", "echo up; exec sleep 60"]),
                ])
                #expect(eventually { program.output == "up\n" }, "\(program.errors)")
                program.signal(15)
                #expect(program.wait().status == 143)

                let failing = try script(box, ["true"], ["-v", "/none/of/it:/data"])
                let outcome = try box.spawn(["bash", failing]).wait()
                #expect(outcome.status != 0 && outcome.errors.contains("/none/of/it"), "\(outcome)")
            }
        }

        // MARK: both ways

        private func prepare(_ box: Fixture) throws {
            _ = try box.tool("mkdir", "-p", box.directory + "/data", box.directory + "/empty")
            try box.write("data/file", "x")
            _ = try box.tool("chmod", "755", box.directory)
        }

        private func script(_ box: Fixture, _ command: [String], _ flags: [String] = []) throws -> String {
            let words =
                [
                    Self.roost, "--root", box.directory, "explain", "run", "--format", "sh", "--name", box.id,
                    "--rootfs",
                    box.rootfs,
                ] + flags + command
            let text = try box.spawn(words).wait()
            #expect(text.status == 0, "\(text)")
            try box.write("script.sh", text.output)
            return box.directory + "/script.sh"
        }

        private func device(
            _ path: String, _ type: String, _ major: Int, _ minor: Int, _ mode: Int, _ uid: Int, _ gid: Int
        ) -> [String: Any] {
            [
                "path": path, "type": type, "major": major, "minor": minor, "fileMode": mode, "uid": uid,
                "gid": gid,
            ]
        }

        private func compareBundle(
            link: String? = nil, hostGroups: Bool = false, _ edit: (inout Config) -> Void
        ) throws {
            try Fixture.use { box in
                try prepare(box)
                try box.configure { config in
                    config.args = ["sh", "-c", Seen.probe, "sh", box.id]
                    edit(&config)
                }
                let program = [Programs.runtime, "--root", box.stateRoot]
                let rest = ["--bundle", box.bundle, box.id]
                try compare(
                    box, program + ["run"] + rest, program + ["explain", "--format", "sh"] + rest,
                    hostGroups: hostGroups, link: link)
            }
        }

        /// Runs the container both ways, each on a fresh root, its streams pipes.
        private func compare(
            _ box: Fixture, _ run: [String], _ explain: [String], hostPids: Bool = false,
            hostGroups: Bool = false, link: String? = nil
        ) throws {
            let script = try box.spawn(explain).wait()
            #expect(script.status == 0, "\(script)")
            try box.write("script.sh", script.output)
            var seen: [[String]] = []
            for words in [["bash", box.directory + "/script.sh"], run] {
                _ = try box.tool("rm", "-rf", box.rootfs)
                _ = try box.tool("cp", "-al", try busyboxRoot.get(), box.rootfs)
                if let link { _ = try box.tool("ln", "-s", "../../linked", box.rootfs + link) }
                if link != nil { _ = try box.tool("mkdir", box.rootfs + "/linked") }
                let piped =
                    ["bash", "-c", "cat /dev/null | \"$@\" 2>&1 | grep -v ': warning: '", "bash"] + words
                let outcome = try box.spawn(piped, directory: box.directory + "/empty").wait()
                #expect(outcome.output.contains("== group"), "\(words): \(outcome)")
                seen.append(Seen.normalised(outcome.output, hostPids: hostPids, hostGroups: hostGroups))
            }
            let difference = seen[0].difference(from: seen[1])
            #expect(difference.isEmpty, "script (inserted), runtime (removed): \(describe(difference))")
            let made = try FileManager.default.contentsOfDirectory(atPath: box.directory + "/empty")
            #expect(made.isEmpty, "a value became a command: \(made)")
        }

        private func describe(_ difference: CollectionDifference<String>) -> String {
            difference.map { change in
                switch change {
                case .insert(_, let line, _): "+ \(line)"
                case .remove(_, let line, _): "- \(line)"
                }
            }.joined(separator: "\n")
        }
    }
}
