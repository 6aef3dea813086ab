// SPDX-License-Identifier: Apache-2.0
// Known ways out by identity, groups of processes, settings and sessions. See docs/hardening.md.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hardening: processes") struct HardeningProcessTests {
        // MARK: groups and settings of the host

        @Test(
            "CVE-2023-25809: without a cgroup namespace the groups of the host cannot be written",
            .enabled(if: HostState.cgroupRoot != nil))
        func hostGroups() throws {
            try Fixture.use { box in
                let name = box.id + "-evil"
                defer { if let root = HostState.cgroupRoot { rmdir(root + "/" + name) } }
                let outcome = try box.run { config in
                    config.removeNamespace("cgroup")
                    config.removeMount("/sys/fs/cgroup")
                    config.mount("/sys/fs/cgroup", "cgroup2", "cgroup", ["rw", "nosuid", "nodev", "noexec"])
                    // So that nothing else is in the way.
                    for set in ["bounding", "permitted", "effective"] {
                        config["process.capabilities.\(set)"] = ["CAP_DAC_OVERRIDE"]
                    }
                    config.script("mkdir /sys/fs/cgroup/\(name) && echo made")
                }

                #expect(outcome.output == "" && outcome.errors.contains("Read-only"), "\(outcome)")
            }
        }

        @Test("CVE-2022-0811: a sysctl's value is one value, whatever stands in it")
        func sysctlValue() throws {
            try Fixture.use { box in
                let before = text(of: "/proc/sys/kernel/core_pattern")
                let value = "1+kernel.core_pattern=|/evil"
                let outcome = try box.run { config in
                    config["linux.sysctl"] = ["kernel.shm_rmid_forced": value, "kernel.domainname": value]
                    config.script("cat /proc/sys/kernel/domainname")
                }
                let name = try box.run { config in
                    config["linux.sysctl"] = ["kernel.domainname": value]
                    config.script("cat /proc/sys/kernel/domainname")
                }

                #expect(outcome.status == 1 && outcome.errors.contains("shm_rmid_forced"), "\(outcome)")
                #expect(name.output == value + "\n", "\(name)")
                #expect(text(of: "/proc/sys/kernel/core_pattern") == before)
            }
        }

        @Test(
            "exec --cgroup: a group that is not below the container's is refused",
            .enabled(if: HostState.cgroupRoot != nil),
            arguments: ["..", "../..", "a/../../..", "memory:../.."])
        func execGroup(_ path: String) throws {
            try Fixture.useRunning { box in
                let outcome = try box.oci("exec", "--cgroup", path, box.id, "cat", "/proc/self/cgroup")

                #expect(outcome.status == 255 && outcome.output == "", "\(outcome)")
                #expect(outcome.errors.contains("cgroup"), "\(outcome)")
            }
        }

        @Test("CVE-2021-43784: hundreds of mounts and of KiB of environment arrive whole")
        func lengths() throws {
            try Fixture.use { box in
                let values = (0..<300).map { String(repeating: "\($0 % 10)", count: 1000) }
                let outcome = try box.run { config in
                    for index in values.indices { config.mount("/many/\(index)", "tmpfs", "tmpfs", []) }
                    config["process.env"] =
                        ["PATH=/bin", "HOME=/"] + values.enumerated().map { "V\($0.offset)=\($0.element)" }
                    config.script("env | sort; grep -c ' /many/' /proc/self/mountinfo")
                }
                let wanted = values.enumerated().map { "V\($0.offset)=\($0.element)" }

                #expect(outcome.status == 0 && outcome.lines.last == "300", "\(outcome.errors)")
                #expect(outcome.lines.filter { $0.hasPrefix("V") }.sorted() == wanted.sorted())
            }
        }

        // MARK: who a program is

        @Test("CVE-2022-29162: run and exec, also with --cap, leave nothing inheritable")
        func inheritable() throws {
            let print = ["grep", "CapInh", "/proc/self/status"]
            try Fixture.useRunning { box in
                try box.configure { config in
                    config["process.capabilities.inheritable"] = nil
                    config.args = print
                }
                let nothing = "CapInh:\t0000000000000000\n"
                let run = try box.oci("run", "--bundle", box.bundle, box.id + "-run")
                let exec = try box.oci(["exec", "--cap", "CAP_KILL", box.id] + print)

                #expect(run.output == nothing, "\(run)")
                #expect(exec.output == nothing, "\(exec)")
            }
        }

        @Test("CVE-2023-25173: groups of the caller do not come in by exec either")
        func execGroups() throws {
            try Fixture.useRunning { box in
                let print = ["grep", "^Groups", "/proc/self/status"]
                let exec = try box.spawn(
                    [
                        "setpriv", "--groups", "4,24", Programs.runtime, "--root", box.stateRoot, "exec",
                        box.id,
                    ]
                        + print
                ).wait()
                let added = try box.oci(["exec", "--additional-gids", "5", box.id] + print)

                #expect(exec.output.filter { !$0.isWhitespace } == "Groups:", "\(exec)")
                #expect(added.output.filter { !$0.isWhitespace } == "Groups:5", "\(added)")
            }
        }

        @Test(
            "CVE-2016-3697, CVE-2026-30892: a user of exec is a number or refused, never a name of the image",
            arguments: [
                "4294967296", "4294967295", "99999999999", "-1", "+0", "1000:", ":0", "evil", "0x0", "",
            ])
        func user(_ user: String) throws {
            try Fixture.useRunning { box in
                let number = user.filter { $0 != ":" }
                try box.write("bundle/rootfs/etc/passwd", "\(number):x:0:0::/evil:/bin/sh\n")
                let outcome = try box.oci("exec", "--user=" + user, box.id, "id", "-u")

                #expect(outcome.status == 255 && outcome.output == "", "\(outcome)")
                #expect(outcome.errors.contains("user"), "\(outcome)")
            }
        }

        @Test(
            "CVE-2026-47262: an /etc/passwd of the image that never ends is not read, and stalls nobody",
            .timeLimit(.minutes(2)),
            arguments: ["mkfifo F", "ln -s /dev/zero F", "echo root:x:0:0::/evil: >F; truncate -s 64M F"])
        func passwd(_ script: String) throws {
            try Fixture.use { box in
                let file = box.rootfs + "/etc/passwd"
                try? FileManager.default.removeItem(atPath: file)
                _ = try box.tool("sh", "-c", script.replacingOccurrences(of: "F", with: file))
                let outcome = try box.run { config in
                    config["process.env"] = ["PATH=/bin"]
                    config.script("echo $HOME")
                }

                #expect(outcome.output == "/\n", "\(outcome)")
            }
        }

        // MARK: sessions

        @Test("TIOCSTI: a program without a terminal of its own has none of the caller's, by run and exec")
        func callersTerminal() throws {
            let probe = "(exec 3<>/dev/tty) 2>/dev/null && echo shared || echo none"
            try Fixture.useRunning { box in
                try box.configure { $0.script(probe) }
                let command = "\(Programs.runtime) --root \(box.stateRoot)"
                try box.write(
                    "probe.sh",
                    "\(command) run --bundle \(box.bundle) \(box.id)-run\n"
                        + "\(command) exec \(box.id) sh -c '\(probe)'\n(exec 3<>/dev/tty) && echo caller\n")
                let outcome = try box.spawn([
                    "script", "-qec", "sh \(box.directory)/probe.sh", "/dev/null",
                ]).wait()

                let lines = outcome.output.split(whereSeparator: \.isNewline).map(String.init)

                #expect(lines == ["none", "none", "caller"], "\(outcome)")
            }
        }

        @Test("session keyring: the keys of the caller's session are not the program's, unless asked for")
        func keyring() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.maskedPaths"] = nil
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.script("grep -c roost-secret /proc/keys; true")
                }
                let join =
                    "import ctypes, os, platform, sys;"
                    + "number = 250 if platform.machine() == 'x86_64' else 219;"
                    + "assert ctypes.CDLL(None).syscall(number, 1, b'roost-secret') > 0;"
                    + "os.execv(sys.argv[1], sys.argv[1:])"
                let words = [Programs.runtime, "--root", box.stateRoot, "run", "--bundle", box.bundle]
                let own = try box.spawn(["python3", "-c", join] + words + [box.id]).wait()
                let shared = try box.spawn(
                    ["python3", "-c", join] + words + ["--no-new-keyring", box.id]
                ).wait()

                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("start", box.id)
                let exec = try box.spawn(
                    ["python3", "-c", join, Programs.runtime, "--root", box.stateRoot, "exec"]
                        + [
                            "--user", "1000:1000", box.id, "sh", "-c",
                            "grep -c roost-secret /proc/keys; true",
                        ]
                ).wait()
                try box.succeed("delete", "-f", box.id)

                #expect(own.output == "0\n", "\(own)")
                #expect(shared.output == "1\n", "\(shared)")
                #expect(exec.output == "0\n", "\(exec)")
            }
        }

        @Test(
            "CVE-2020-15257: run, create and exec make no abstract socket",
            arguments: ["a network of its own", "the host's network"])
        func abstractSockets(_ network: String) throws {
            try Fixture.use { box in
                let look = "cat /proc/net/unix"
                try box.configure { config in
                    if network == "the host's network" { config.removeNamespace("network") }
                    config["root.path"] = box.rootfs
                    config["hooks"] = [
                        "createRuntime": [["path": "/bin/sh", "args": ["sh", "-c", look + " >&2"]]]
                    ]
                    config.script(look)
                }
                _ = try box.tool("mkdir", box.directory + "/second")
                var waiting = try Config(text(of: box.bundle + "/config.json"))
                waiting.args = ["sleep", "600"]
                try box.write("second/config.json", try waiting.text)
                let runtime = "\(Programs.runtime) --root \(box.stateRoot)"
                try box.write(
                    "all.sh",
                    """
                    set -e
                    \(runtime) run -b \(box.bundle) \(box.id)-run
                    \(look)
                    \(runtime) create -b \(box.directory)/second \(box.id) </dev/null
                    \(look)
                    \(runtime) start \(box.id)
                    \(runtime) exec \(box.id) \(look)
                    \(runtime) delete -f \(box.id)
                    """)
                // In a network of its own, where nobody else's sockets are.
                let outcome = try box.spawn(["unshare", "--net", "sh", box.directory + "/all.sh"]).wait()
                let lists = (outcome.output + outcome.errors).components(separatedBy: "RefCount").count - 1

                #expect(outcome.status == 0 && lists == 6, "\(outcome)")
                #expect(!outcome.output.contains("@") && !outcome.errors.contains("@"), "\(outcome)")
            }
        }

        // MARK: masks

        @Test("masked tmpfs: all masked directories are one read-only file system that holds nothing")
        func masks() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.maskedPaths"] = ["/etc", "/var", "/tmp"]
                    config.script(
                        "awk '$5==\"/etc\"||$5==\"/var\"||$5==\"/tmp\"{print $3, substr($6,1,2)}'"
                            + " /proc/self/mountinfo | sort | uniq -c | awk '{print $1, $3}'; touch /etc/x")
                }

                #expect(outcome.output == "3 ro\n", "\(outcome)")
                #expect(outcome.errors.contains("Read-only"), "\(outcome)")
            }
        }
    }
}
