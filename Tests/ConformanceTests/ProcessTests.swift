// SPDX-License-Identifier: Apache-2.0
// What the program is and has: everything a bundle says about `process`.
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("process") struct ProcessTests {
        @Test("a plain container looks the same")
        func plain() throws {
            try Trial.compare([
                "status.CapEff": "0000000020000020", "status.NoNewPrivs": "1", "status.Uid": "0 0 0 0",
                "cwd": "/", "names": "conform (none)", "limit.Max open files": "1024 1024",
                "namespace.pid": "its own", "session": "1", "descriptors": "0 1 2",
            ]) { try Probe.run($0) }
        }

        @Test("user, groups, umask, capabilities, limits, environment and the rest are as configured")
        func configured() throws {
            let rlimits: [(String, Int, Int)] = [
                ("NOFILE", 100, 200), ("NPROC", 300, 400), ("CORE", 0, 0), ("AS", 1 << 30, 1 << 31),
                ("CPU", 60, 60), ("FSIZE", 1 << 20, 1 << 20), ("STACK", 1 << 23, 1 << 23),
                ("NICE", 0, 0), ("RTPRIO", 0, 0), ("SIGPENDING", 99, 99), ("MSGQUEUE", 9999, 9999),
                ("LOCKS", 5, 6), ("DATA", 1 << 29, 1 << 29), ("RSS", 7, 8),
            ]
            try Trial.compare([
                "status.Uid": "1000 1000 1000 1000", "status.Gid": "1001 1001 1001 1001",
                "status.Groups": "5 2000 3000", "status.Umask": "0027", "status.CapAmb": "0000000000000400",
                "status.CapEff": "0000000000000400", "status.NoNewPrivs": "0", "oom_score_adj": "500",
                "cwd": "/tmp", "limit.Max open files": "100 200",
                "environ": "A=with space B= HOME=/h PATH=/bin UML=ä=ö",
            ]) { subject in
                try Probe.run(subject) { config in
                    config["process.user"] = [
                        "uid": 1000, "gid": 1001, "additionalGids": [5, 2000, 3000], "umask": 0o027,
                    ]
                    for set in ["bounding", "permitted", "effective", "inheritable", "ambient"] {
                        config["process.capabilities.\(set)"] = ["CAP_NET_BIND_SERVICE"]
                    }
                    config["process.rlimits"] = rlimits.map {
                        ["type": "RLIMIT_\($0.0)", "soft": $0.1, "hard": $0.2] as [String: Any]
                    }
                    config["process.noNewPrivileges"] = false
                    config["process.oomScoreAdj"] = 500
                    config["process.cwd"] = "/tmp"
                    config["process.env"] = ["PATH=/bin", "A=with space", "B=", "UML=ä=ö", "HOME=/h"]
                }
            }
        }

        @Test("a user who is not root keeps no capability that is not ambient")
        func plainUser() throws {
            try Trial.compare(["status.CapPrm": "0000000000000000", "status.Uid": "65534 65534 65534 65534"])
            {
                try Probe.run($0) { config in
                    config["process.user"] = ["uid": 65534, "gid": 65534]
                    config["process.capabilities.effective"] = nil
                    config["process.capabilities.permitted"] = nil
                }
            }
        }

        @Test("without `capabilities` and `rlimits` the program gets the same")
        func bare() throws {
            try Trial.compare { subject in
                try Probe.run(subject) { config in
                    config["process.capabilities"] = nil
                    config["process.rlimits"] = nil
                    config["process.noNewPrivileges"] = nil
                }
            }
        }

        @Test("the exit status is the program's", arguments: [0, 7, 255])
        func exitStatus(_ status: Int) throws {
            try Trial.compare(["exit": "\(status)"]) { subject in
                ["exit": "\(try subject.run { $0.script("exit \(status)") }.status)"]
            }
        }

        @Test("a signal's exit status is 128 and its number", arguments: ["TERM", "KILL", "SEGV"])
        func signalled(_ name: String) throws {
            let numbers = ["TERM": 143, "KILL": 137, "SEGV": 139]
            try Trial.compare(["exit": "\(numbers[name] ?? 0)"]) { subject in
                let outcome = try subject.run { config in
                    // The first process of a pid namespace is immune to itself.
                    config.removeNamespace("pid")
                    config["process.rlimits"] = [["type": "RLIMIT_CORE", "soft": 0, "hard": 0]]
                    config.script("kill -\(name) $$")
                }
                return ["exit": "\(outcome.status)"]
            }
        }

        @Test("standard input, output and error are the caller's")
        func streams() throws {
            try Trial.compare(["output": "got it\n", "errors": "oops\n", "exit": "0"]) { subject in
                try subject.configure { $0.script("read x; echo got $x; echo oops >&2") }
                let outcome = try subject.oci("run", "--bundle", subject.bundle, subject.id, input: "it\n")
                return [
                    "output": outcome.output, "errors": outcome.errors, "exit": "\(outcome.status)",
                ]
            }
        }

        @Test("arguments come through as they are")
        func arguments() throws {
            try Trial.compare(["output": "<><a b><*><$HOME><ä\n>"]) { subject in
                let outcome = try subject.run {
                    $0.args = ["printf", "<%s>", "", "a b", "*", "$HOME", "ä\n"]
                }
                return ["output": outcome.output]
            }
        }

        @Test(
            "a program is found as a path, in the PATH of the config, and by a relative path from the cwd",
            arguments: [["/bin/true"], ["true"], ["bin/true"], ["./bin/true"], ["../bin/true"]])
        func lookup(_ arguments: [String]) throws {
            try Trial.compare(["exit": "0"]) { subject in
                ["exit": "\(try subject.run { $0.args = arguments }.status)"]
            }
        }

        @Test("HOME is the user's of /etc/passwd when the config has none", arguments: [0, 1000, 4321])
        func home(_ uid: Int) throws {
            let homes = [0: "/root", 1000: "/tmp", 4321: "/"]
            try Trial.compare(["HOME of \(uid)": homes[uid] ?? ""]) { subject in
                let outcome = try subject.run { config in
                    config["process.user.uid"] = uid
                    config["process.env"] = ["PATH=/bin"]
                    config.script("printf %s \"$HOME\"")
                }
                return ["HOME of \(uid)": outcome.output]
            }
        }

        @Test("without PATH in the environment a bare name is looked up, or not, alike")
        func noPath() throws {
            try Trial.compare { subject in
                let outcome = try subject.run { config in
                    config.args = ["true"]
                    config["process.env"] = ["A=b"]
                }
                return ["exit without PATH": outcome.status == 0 ? "0" : "not 0"]
            }
        }
    }
}
