// SPDX-License-Identifier: Apache-2.0
// `linux.devices`, masked and read-only paths, names and sysctls.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("devices and paths") struct DeviceTests {
        @Test("devices have their type, numbers, mode and owner, the default ones as well")
        func devices() throws {
            try Trial.compare([
                "device./dev/null": "character special file|666|0:0|1:3",
                "device./dev/fuse": "character special file|640|1:2|a:e5",
                "device./dev/ptmx": "pts/ptmx symbolic link|777|0:0|0:0",
            ]) { subject in
                try Probe.run(subject) { config in
                    config["linux.devices"] = [
                        Self.device("/dev/fuse", "c", 10, 229, mode: 0o640, uid: 1, gid: 2),
                        Self.device("/dev/block/loop", "b", 7, 0, mode: 0o600),
                        Self.device("/dev/u", "u", 1, 5, mode: 0o666),
                        Self.device("/dev/net/tun", "c", 10, 200, mode: nil),
                    ]
                }
                .filter { $0.key.hasPrefix("device.") }
            }
        }

        private static func device(
            _ path: String, _ type: String, _ major: Int, _ minor: Int, mode: Int?, uid: Int = 0, gid: Int = 0
        ) -> [String: Any] {
            var device: [String: Any] = [
                "path": path, "type": type, "major": major, "minor": minor, "uid": uid, "gid": gid,
            ]
            device["fileMode"] = mode
            return device
        }

        @Test("masked paths show nothing, read-only ones cannot be written")
        func paths() throws {
            let script = """
                wc -c </secret; ls -A /hidden | wc -l; wc -c </proc/keys; ls -A /proc/acpi 2>/dev/null | wc -l
                for file in /data/file /proc/sys/kernel/domainname /readonly; do
                    if (echo x >$file) 2>/dev/null; then echo $file written; else echo $file read-only; fi
                done
                cat /data/file /readonly
                echo x >/secret; if chmod 666 /secret 2>/dev/null; then echo mode changed; else echo mode kept; fi; ls /nosuch 2>/dev/null
                touch /hidden/file 2>/dev/null && echo hidden written
                cat /proc/$$/mountinfo
                """
            try Trial.compare([
                "output.0": "0", "output.1": "0", "output.2": "0", "output.4": "/data/file read-only",
                "mount./data.options": "relatime,ro",
            ]) { subject in
                try subject.tool("mkdir", subject.rootfs + "/hidden", subject.rootfs + "/data")
                for name in ["secret", "hidden/file", "data/file", "readonly"] {
                    try subject.write("bundle/rootfs/" + name, "content\n")
                }
                let outcome = try subject.run { config in
                    config["root.readonly"] = false
                    config["linux.maskedPaths"] = [
                        "/secret", "/hidden", "/proc/keys", "/proc/acpi", "/nosuch",
                    ]
                    config["linux.readonlyPaths"] = ["/data", "/proc/sys", "/readonly", "/nosuch"]
                    config.script(script)
                }
                let lines = subject.normal(outcome.output).split(separator: "\n").map(String.init)
                var facts = MountFacts.facts(lines).filter { $0.key.hasSuffix(".options") }
                for (index, line) in lines.filter({ !$0.contains(" - ") }).enumerated() {
                    facts[line.hasPrefix("mode ") ? "masked file" : "output.\(index)"] = line
                }
                return facts
            }
        }

        @Test("names and sysctls are set in the container's namespaces")
        func names() throws {
            try Trial.compare(["names": "other domain", "sysctls": "1 4321"]) { subject in
                let outcome = try subject.run { config in
                    config["hostname"] = "other"
                    config["domainname"] = "domain"
                    config["linux.sysctl"] = ["net.ipv4.ip_forward": "1", "kernel.msgmax": "4321"]
                    config.script(
                        "hostname; cd /proc/sys; cat kernel/domainname net/ipv4/ip_forward kernel/msgmax")
                }
                let lines = outcome.lines
                return [
                    "names": lines.prefix(2).joined(separator: " "),
                    "sysctls": lines.dropFirst(2).joined(separator: " "),
                ]
            }
        }
    }
}
