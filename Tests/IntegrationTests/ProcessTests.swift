// SPDX-License-Identifier: Apache-2.0
// The process as config.json's `process` and `linux` describe it, seen from inside.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("the process") struct ProcessTests {
        @Test("user, groups and umask are the configured ones")
        func user() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["process.user"] = [
                        "uid": 1000, "gid": 1001, "additionalGids": [5, 7], "umask": 0o027,
                    ]
                    config.script("id -u; id -g; grep ^Groups /proc/self/status | tr -d '\\t'; umask")
                }

                #expect(
                    outcome.lines.map { $0.trimmingCharacters(in: .whitespaces) } == [
                        "1000", "1001", "Groups:5 7", "0027",
                    ])
            }
        }

        @Test("groups of the caller do not come in")
        func noGroups() throws {
            try Fixture.use { box in
                try box.configure { $0.script("grep ^Groups /proc/self/status | tr -d '\\t '") }
                let outcome = try box.spawn(
                    [
                        "setpriv", "--groups", "4,24", Programs.runtime, "--root", box.stateRoot, "run",
                        "--bundle", box.bundle, box.id,
                    ]
                ).wait()

                #expect(outcome.output == "Groups:\n", "\(outcome)")
            }
        }

        @Test("resource limits are set, unlimited too")
        func rlimits() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["process.rlimits"] = [
                        ["type": "RLIMIT_NOFILE", "soft": 64, "hard": 128],
                        ["type": "RLIMIT_CORE", "soft": 0, "hard": UInt64.max],
                    ]
                    config.script("grep -E '^Max (open files|core)' /proc/self/limits | tr -s ' '")
                }

                #expect(
                    outcome.lines.map { $0.trimmingCharacters(in: .whitespaces) }
                        == ["Max core file size 0 unlimited bytes", "Max open files 64 128 files"])
            }
        }

        @Test("a limit that the launch itself would break holds for the program all the same")
        func lowLimits() throws {
            try Fixture.use { box in
                let run = try box.run { config in
                    config["process.rlimits"] = [["type": "RLIMIT_NOFILE", "soft": 4, "hard": 4]]
                    config["linux.sysctl"] = ["net.ipv4.ip_forward": "1"]
                    config.script("ulimit -n")
                }
                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("start", box.id)
                let exec = try box.oci("exec", box.id, "sh", "-c", "ulimit -n")

                #expect(run.output == "4\n", "\(run)")
                #expect(exec.output == "4\n", "\(exec)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("each of the five capability sets is exactly the configured one")
        func capabilities() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["process.capabilities"] = [
                        "bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_SYSLOG"],
                        "permitted": ["CAP_CHOWN", "CAP_KILL"],
                        "effective": ["CAP_CHOWN"], "inheritable": ["CAP_CHOWN", "CAP_KILL"],
                        "ambient": ["CAP_KILL"],
                    ]
                    // As root, execve would recompute permitted and effective.
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.args = ["grep", "^Cap", "/proc/self/status"]
                }

                #expect(
                    outcome.lines.map { $0.replacing("\t", with: "") } == [
                        "CapInh:0000000000000021", "CapPrm:0000000000000020", "CapEff:0000000000000020",
                        "CapBnd:0000000400000021", "CapAmb:0000000000000020",
                    ], "\(outcome)")
            }
        }

        @Test("without capabilities in the configuration of root, the default three stay and no other")
        func defaultCapabilities() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.args = ["grep", "^Cap", "/proc/self/status"] }

                #expect(
                    outcome.lines.map { $0.replacing("\t", with: "") } == [
                        "CapInh:0000000000000000", "CapPrm:0000000020000420", "CapEff:0000000020000420",
                        "CapBnd:0000000020000420", "CapAmb:0000000000000000",
                    ], "\(outcome)")
            }
        }

        @Test("no_new_privs follows the configuration", arguments: [true, false])
        func noNewPrivileges(_ isSet: Bool) throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["process.noNewPrivileges"] = isSet
                    config.args = ["grep", "^NoNewPrivs", "/proc/self/status"]
                }

                #expect(outcome.output == "NoNewPrivs:\t\(isSet ? 1 : 0)\n")
            }
        }

        @Test("oom_score_adj is set")
        func oomScore() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["process.oomScoreAdj"] = 321
                    config.args = ["cat", "/proc/self/oom_score_adj"]
                }

                #expect(outcome.output == "321\n")
            }
        }

        @Test("no signal is blocked or ignored, whatever the caller had")
        func signals() throws {
            try Fixture.use { box in
                try box.configure { $0.args = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"] }
                let command =
                    "trap '' HUP PIPE INT; exec \(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)"
                let outcome = try box.spawn(["sh", "-c", command]).wait()

                #expect(
                    outcome.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", "\(outcome)")
            }
        }

        @Test("a sysctl of the container's own namespaces is set there, not on the host")
        func sysctl() throws {
            try Fixture.use { box in
                let before = text(of: "/proc/sys/net/ipv4/ip_default_ttl")
                let outcome = try box.run { config in
                    config["linux.sysctl"] = ["net.ipv4.ip_default_ttl": "37", "kernel.msgmax": "4096"]
                    config.args = ["cat", "/proc/sys/net/ipv4/ip_default_ttl", "/proc/sys/kernel/msgmax"]
                }

                #expect(outcome.output == "37\n4096\n", "\(outcome)")
                #expect(text(of: "/proc/sys/net/ipv4/ip_default_ttl") == before)
            }
        }

        @Test("pid 1 has a session of its own and sees its own processes only")
        func session() throws {
            try Fixture.use { box in
                let outcome = try box.run {
                    $0.script("echo $$; cut -d' ' -f6 /proc/1/stat; ls -d /proc/[0-9]* | wc -l")
                }

                #expect(outcome.lines.prefix(2) == ["1", "1"])
                #expect((Int(outcome.lines.last ?? "") ?? 99) <= 4)
            }
        }

        @Test("the network namespace has a loopback device that is up, and no other that works")
        func loopback() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.script("ip -o link show up | cut -d: -f2") }

                #expect(outcome.output == " lo\n", "\(outcome)")
            }
        }

        @Test("the program finds itself in the root of its cgroup namespace")
        func cgroup() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.script("grep ^0: /proc/self/cgroup") }

                #expect(outcome.output == "0::/\n", "\(outcome)")
            }
        }

        @Test(
            "a program that is missing, a directory, or not executable is told apart",
            arguments: [
                ("nosuch", 1, "executable file not found in $PATH"),
                ("/nosuch", 1, "no such file or directory"),
                ("/etc", 1, "is a directory"), ("/etc/passwd", 1, "permission denied"),
            ])
        func missingProgram(_ program: String, _ status: Int32, _ sentence: String) throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.args = [program] }

                #expect(outcome.status == status && outcome.errors.contains(sentence), "\(outcome)")
            }
        }

        @Test("without HOME in the environment it is the user's of /etc/passwd", arguments: [0, 1000, 4321])
        func home(_ uid: Int) throws {
            try Fixture.use { box in
                let homes = [0: "/root", 1000: "/tmp", 4321: "/"]
                let outcome = try box.run { config in
                    config["process.user.uid"] = uid
                    config["process.env"] = ["PATH=/bin"]
                    config.script("echo $HOME")
                }

                #expect(outcome.lines == [homes[uid]], "\(outcome)")
            }
        }
    }
}
