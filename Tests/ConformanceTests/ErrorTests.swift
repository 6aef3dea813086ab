// SPDX-License-Identifier: Apache-2.0
// Bad input: that it is refused, and which class of error its callers see.
import Foundation
import TestSupport
import Testing

/// A bundle that must be refused.
struct BadBundle: Sendable, CustomTestStringConvertible {
    let name: String
    /// What podman makes of the error.
    let kind: String
    let edit: @Sendable (inout Config) -> Void
    var testDescription: String { name }

    init(_ name: String, _ kind: String = "error", _ edit: @escaping @Sendable (inout Config) -> Void) {
        (self.name, self.kind, self.edit) = (name, kind, edit)
    }

    static let all = [
        BadBundle("a program that is not in PATH", "not found") { $0.args = ["nosuch"] },
        BadBundle("a path that is not there", "not found") { $0.args = ["/no/such"] },
        BadBundle("a file that is not executable", "cannot run") { $0.args = ["/etc/passwd"] },
        BadBundle("a directory as program", "cannot run") { $0.args = ["/etc"] },
        BadBundle("a working directory that is a file") { $0["process.cwd"] = "/etc/passwd" },
        BadBundle("a relative working directory") { $0["process.cwd"] = "tmp" },
        BadBundle("no arguments") { $0.args = [] },
        BadBundle("no process") { $0["process"] = nil },
        BadBundle("no root") { $0["root"] = nil },
        BadBundle("a root that is not there", "not found") { $0["root.path"] = "nosuch" },
        BadBundle("args of a wrong type") { $0["process.args"] = "true" },
        BadBundle("a uid of a wrong type") { $0["process.user.uid"] = "root" },
        BadBundle("a version of the future") { $0["ociVersion"] = "2.0.0" },
        BadBundle("no version") { $0["ociVersion"] = nil },
        BadBundle("a namespace path that is not there", "not found") { $0.join("network", "/no/such") },
        BadBundle("a namespace path of another type") { $0.join("network", "/proc/self/ns/uts") },
        BadBundle("an unknown namespace") { $0.join("nosuch", nil) },
        BadBundle("a namespace twice") { $0.append("linux.namespaces", ["type": "uts"]) },
        BadBundle("a hostname without a UTS namespace") { $0.removeNamespace("uts") },
        BadBundle("an unknown limit") { config in
            config["process.rlimits"] = [["type": "RLIMIT_NOSUCH", "soft": 1, "hard": 1] as [String: Any]]
        },
        BadBundle("a soft limit above the hard one") { config in
            config["process.rlimits"] = [["type": "RLIMIT_NOFILE", "soft": 9, "hard": 8] as [String: Any]]
        },
        BadBundle("a limit twice") { config in
            config.append(
                "process.rlimits", ["type": "RLIMIT_NOFILE", "soft": 9, "hard": 9] as [String: Any])
        },
        BadBundle("a sysctl of the host") { $0["linux.sysctl"] = ["vm.swappiness": "1"] },
        BadBundle("a sysctl of a namespace that is the host's") { config in
            config.removeNamespace("network")
            config["linux.sysctl"] = ["net.ipv4.ip_forward": "1"]
        },
        BadBundle("a bind source that is not there", "not found") {
            $0.mount("/tmp/x", nil, "/no/such", ["bind"])
        },
        BadBundle("an unknown file system") { $0.mount("/tmp", "nosuchfs", "none", []) },
        BadBundle("an unknown device type") {
            $0["linux.devices"] = [["path": "/dev/x", "type": "x", "major": 1, "minor": 1] as [String: Any]]
        },
        BadBundle("an unknown propagation") { $0["linux.rootfsPropagation"] = "nosuch" },
    ]
}

extension ConformanceTests {
    @Suite("bad input") struct ErrorTests {
        @Test("is refused with the same class of error", arguments: BadBundle.all)
        func bad(_ bundle: BadBundle) throws {
            try Trial.compare([bundle.name: bundle.kind, "\(bundle.name): status": "none"]) { subject in
                try subject.configure { bundle.edit(&$0) }
                let outcome = try subject.oci("run", "--bundle", subject.bundle, subject.id)
                return [
                    bundle.name: CallerPatterns.podman(outcome),
                    "\(bundle.name): status": try subject.status(),
                ]
            }
        }

        @Test("an unknown capability is left out")
        func capability() throws {
            try Trial.compare(["class": "success"]) { subject in
                let outcome = try subject.run {
                    $0.append("process.capabilities.bounding", "CAP_NOSUCH")
                }
                return ["class": CallerPatterns.podman(outcome)]
            }
        }

        @Test("a script without its interpreter")
        func interpreter() throws {
            try Trial.compare(["class": "not found"]) { subject in
                try subject.write("bundle/rootfs/script", "#!/no/such\n")
                try subject.tool("chmod", "755", subject.rootfs + "/script")
                return ["class": CallerPatterns.podman(try subject.run { $0.args = ["/script"] })]
            }
        }

        @Test(
            "a bundle that is no bundle",
            arguments: ["missing", "empty", "no JSON", "an array", "two documents"])
        func config(_ kind: String) throws {
            let contents = [
                "empty": "", "no JSON": "{", "an array": "[]", "two documents": BaseConfig.text + "{}",
            ]
            let name = "config.json \(kind)"
            try Trial.compare([name: kind == "missing" ? "not found" : "error"]) { subject in
                if let content = contents[kind] {
                    try subject.write("bundle/config.json", content)
                } else {
                    try FileManager.default.removeItem(atPath: subject.bundle + "/config.json")
                }
                let outcome = try subject.oci("run", "--bundle", subject.bundle, subject.id)
                return [name: CallerPatterns.podman(outcome)]
            }
        }

        @Test(
            "ids",
            arguments: ["", ".", "..", "a/b", "../a", "a b", "a\nb", "ä", "-", "+a", "_a", ".a", "a.b-c_d+e"])
        func ids(_ id: String) throws {
            try Trial.compare { subject in
                let outcome = try subject.oci("run", "--bundle", subject.bundle, "--", id)
                return ["id `\(id)`": outcome.status == 0 ? "success" : "error"]
            }
        }

        @Test(
            "command lines",
            arguments: [[], ["nosuch"], ["--nosuch", "list"], ["state"], ["state", "a", "b"], ["kill"]])
        func commandLines(_ arguments: [String]) throws {
            try Trial.compare { subject in
                let outcome = try subject.start(arguments).wait()
                return [
                    "line `\(arguments.joined(separator: " "))`": outcome.status == 0 ? "success" : "error"
                ]
            }
        }
    }
}
