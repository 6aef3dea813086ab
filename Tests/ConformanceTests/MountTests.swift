// SPDX-License-Identifier: Apache-2.0
// `mounts`, `root` and propagation, as mountinfo inside the container shows them.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("mounts") struct MountTests {
        @Test("every classic option of a tmpfs")
        func tmpfs() throws {
            let options = [
                ["nosuid", "nodev", "noexec"], ["ro"], ["rw", "suid", "dev", "exec"], ["sync"], ["dirsync"],
                ["noatime"], ["nodiratime"], ["relatime"], ["strictatime"], ["lazytime"], ["async"],
                ["noatime", "nodiratime"], ["size=1m", "nr_inodes=100"], ["mode=0711", "uid=1000", "gid=5"],
                ["ro", "rw"], ["noexec", "exec"],
            ]
            try Trial.compare([
                "mount./tmp/m0.options": "nodev,noexec,nosuid,relatime,rw",
                "mount./tmp/m1.options": "relatime,ro", "mount./tmp/m5.options": "noatime,rw",
            ]) { subject in
                try Probe.run(subject) { config in
                    config.mount("/tmp", "tmpfs", "tmpfs", [])
                    for (index, options) in options.enumerated() {
                        config.mount("/tmp/m\(index)", "tmpfs", "m\(index)", options)
                    }
                }
            }
        }

        @Test("nosymfollow")
        func noSymlinks() throws {
            try Trial.compare(["nosymfollow": "nosymfollow,relatime,rw"]) { subject in
                let outcome = try subject.run { config in
                    config.mount("/tmp", "tmpfs", "tmpfs", ["nosymfollow"])
                    config.args = ["cat", "/proc/self/mountinfo"]
                }
                return ["nosymfollow": MountFacts.facts(outcome.lines)["mount./tmp.options"] ?? "error"]
            }
        }

        @Test("bind mounts: options, files, what is mounted below, and the order of the list")
        func bind() throws {
            let options = [
                ["bind"], ["rbind"], ["bind", "ro"], ["rbind", "ro"], ["rbind", "rro"],
                ["bind", "nosuid", "nodev"],
                ["bind", "noexec", "noatime"], ["bind", "private"], ["bind", "shared"], ["bind", "slave"],
                ["rbind", "rprivate"], ["rbind", "rshared"], ["rbind", "rslave"], ["bind", "unbindable"],
                ["rbind", "rnosuid", "rnodev", "rnoexec"],
                ["bind", "ro", "rw"], ["rbind", "runbindable"],
            ]
            try Trial.compare([
                "mount./tmp/m2.options": "relatime,ro", "mount./tmp/m3/sub.options": "relatime,rw",
                "mount./tmp/m4/sub.options": "relatime,ro", "mount./tmp/m8.propagation": "shared",
            ]) { subject in
                let source = subject.directory + "/source"
                try subject.tool("mkdir", "-p", source + "/sub")
                try subject.beside("mount", "-t", "tmpfs", "tmpfs", source + "/sub")
                defer { _ = try? subject.beside("umount", source + "/sub") }
                try subject.write("source/file", "content")
                return try Probe.run(subject) { config in
                    config.mount("/tmp", "tmpfs", "tmpfs", [])
                    for (index, options) in options.enumerated() {
                        config.mount("/tmp/m\(index)", nil, source, options)
                    }
                    config.mount("/tmp/file", nil, source + "/file", ["bind", "ro"])
                    config.mount("/tmp/m0/sub/deep/below", "bind", source, ["bind"])
                    config.mount("/etc/new/file", "none", source + "/file", ["bind"])
                    config["root.readonly"] = false
                }
            }
        }

        @Test("a source is taken from the bundle when its path is relative")
        func relativeSource() throws {
            try Trial.compare(["output": "content"]) { subject in
                try subject.write("bundle/file", "content")
                let outcome = try subject.run { config in
                    config.mount("/tmp/file", "bind", "file", ["bind"])
                    config["root.readonly"] = false
                    config.args = ["cat", "/tmp/file"]
                }
                return ["output": outcome.output]
            }
        }

        @Test("a link in a destination leads within the root")
        func links() throws {
            try Trial.compare([
                "mounts.below": "/place/a /place/sub /tmp/up"
            ]) { subject in
                try subject.tool("ln", "-s", "/place", subject.rootfs + "/absolute")
                try subject.tool("ln", "-s", "../../../../../tmp/up", subject.rootfs + "/up")
                try subject.tool("mkdir", subject.rootfs + "/place", subject.rootfs + "/tmp/up")
                let facts = try Probe.run(subject) { config in
                    config["root.readonly"] = false
                    config.mount("/absolute/a", "tmpfs", "tmpfs", [])
                    config.mount("/absolute/../place/sub", "tmpfs", "tmpfs", [])
                    config.mount("/up", "tmpfs", "tmpfs", [])
                }
                let below = (facts["mounts"] ?? "").split(separator: " ").sorted()
                    .filter { $0.hasPrefix("/place") || $0.hasPrefix("/tmp") }
                return ["mounts.below": below.joined(separator: " ")]
            }
        }

        @Test("modes of destinations that are made, and of a tmpfs without `mode=`")
        func made() throws {
            try Trial.compare(["made": "755 755"]) { subject in
                try subject.tool("mkdir", "-m", "711", subject.rootfs + "/kept")
                let outcome = try subject.run { config in
                    config["root.readonly"] = false
                    config.mount("/new/dir", nil, subject.directory + "/bundle", ["bind"])
                    config.mount("/etc/new", "tmpfs", "tmpfs", ["mode=755"])
                    config.mount("/kept", "tmpfs", "tmpfs", ["nosuid"])
                    config.args = ["stat", "-c", "%a", "/new", "/etc/new", "/kept"]
                }
                let modes = outcome.lines
                return [
                    "made": modes.prefix(2).joined(separator: " "), "tmpfs over 711": modes.last ?? "none",
                ]
            }
        }

        @Test(
            "the root's propagation",
            arguments: ["private", "slave", "rprivate", "rslave", "shared", "rshared"])
        func rootPropagation(_ name: String) throws {
            try Trial.compare { subject in
                try Probe.run(subject) { $0["linux.rootfsPropagation"] = name }
                    .filter { $0.key.hasSuffix(".propagation") }
            }
        }

        @Test("a writable root is written to, a read-only one is not", arguments: [true, false])
        func readOnlyRoot(_ isReadOnly: Bool) throws {
            try Trial.compare(["output": isReadOnly ? "no\n" : "yes\n"]) { subject in
                let outcome = try subject.run { config in
                    config["root.readonly"] = isReadOnly
                    config.script("if touch /file 2>/dev/null; then echo yes; else echo no; fi")
                }
                return ["output": outcome.output]
            }
        }
    }
}
