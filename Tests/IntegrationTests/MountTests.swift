// SPDX-License-Identifier: Apache-2.0
// `mounts`: what is mounted, with which options, and where a hostile image cannot lead it.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("mounts") struct MountTests {
        @Test(
            "a bind mount shows the source; `ro` refuses writes, `rw` takes them",
            arguments: [
                (["bind"], true), (["bind", "rw"], true), (["bind", "ro"], false), (["rbind", "ro"], false),
            ])
        func bind(_ options: [String], _ isWritable: Bool) throws {
            try Fixture.use { box in
                try FileManager.default.createDirectory(
                    atPath: box.directory + "/data", withIntermediateDirectories: true)
                try box.write("data/file", "content\n")
                let outcome = try box.run { config in
                    config.mount("/mnt/here", "none", box.directory + "/data", options)
                    config.script("cat /mnt/here/file; touch /mnt/here/new 2>/dev/null && echo written")
                }

                #expect(outcome.lines == ["content"] + (isWritable ? ["written"] : []), "\(outcome)")
                #expect(FileManager.default.fileExists(atPath: box.directory + "/data/new") == isWritable)
            }
        }

        @Test("a relative source is meant from the bundle")
        func relativeSource() throws {
            try Fixture.use { box in
                try box.write("bundle/notes", "mine\n")
                let outcome = try box.run { config in
                    config.mount("/etc/notes", nil, "notes", ["bind", "ro"])
                    config.args = ["cat", "/etc/notes"]
                }

                #expect(outcome.output == "mine\n", "\(outcome)")
            }
        }

        @Test(
            "rbind takes the mounts below along, bind does not",
            arguments: [("rbind", "below\n"), ("bind", "")])
        func recursion(_ option: String, _ expected: String) throws {
            try Fixture.use { box in
                // A namespace of its own, so that the host sees no mount.
                try FileManager.default.createDirectory(
                    atPath: box.directory + "/data/sub", withIntermediateDirectories: true)
                try box.configure { config in
                    config.mount("/mnt", nil, box.directory + "/data", [option])
                    config.script("cat /mnt/sub/file 2>/dev/null")
                }
                let data = box.directory + "/data"
                let command =
                    "mount -t tmpfs none \(data)/sub && echo below >\(data)/sub/file && "
                    + "\(Programs.runtime) --root \(box.stateRoot) run -b \(box.bundle) \(box.id)"
                let outcome = try box.spawn(["unshare", "-m", "sh", "-c", command]).wait()

                #expect(outcome.output == expected, "\(outcome)")
            }
        }

        @Test("tmpfs takes its own options and the mount's flags")
        func tmpfs() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.mount(
                        "/scratch", "tmpfs", "tmpfs",
                        ["nosuid", "nodev", "noexec", "noatime", "size=64k", "mode=1750"])
                    config.script(
                        "grep ' /scratch ' /proc/self/mounts; stat -c %a /scratch; head -c 100000 /dev/zero 2>&1 >/scratch/x | wc -l"
                    )
                }
                let line = outcome.lines.first ?? ""

                for option in ["nosuid", "nodev", "noexec", "noatime", "size=64k", "mode=1750", "rw"] {
                    #expect(line.contains(option), "\(option) in \(outcome)")
                }
                #expect(outcome.lines.dropFirst().first == "1750")
            }
        }

        @Test("a missing destination is made, as a directory or a file like the source")
        func missingDestination() throws {
            try Fixture.use { box in
                try box.write("file", "content\n")
                let outcome = try box.run { config in
                    config.mount("/not/yet/there", nil, box.directory, ["bind", "ro"])
                    config.mount("/nor/this", nil, box.directory + "/file", ["bind", "ro"])
                    config.script("cat /not/yet/there/file /nor/this")
                }

                #expect(outcome.output == "content\ncontent\n", "\(outcome)")
            }
        }

        @Test("a directory over a file, and a file over a directory, are refused with the place named")
        func kinds() throws {
            try Fixture.use { box in
                try box.write("file", "")
                let original = text(of: box.bundle + "/config.json")
                let first = try box.run { $0.mount("/etc/passwd", nil, box.directory, ["bind"]) }
                try box.write("bundle/config.json", original)
                let second = try box.run { $0.mount("/etc", nil, box.directory + "/file", ["bind"]) }

                #expect(
                    first.status == 1 && first.errors.contains("not a directory")
                        && first.errors.contains("`mounts[7]`"), "\(first)")
                #expect(
                    second.status == 1 && second.errors.contains("is a directory")
                        && second.errors.contains("`mounts[7]`"), "\(second)")
            }
        }

        @Test(
            "a mount that says neither a type nor `bind` is refused",
            arguments: [nil, "none", "bind"] as [String?])
        func noBindOption(_ type: String?) throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.mount("/mnt", type, "/etc", ["ro"]) }

                #expect(outcome.status == 1 && outcome.errors.contains("`bind`"), "\(outcome)")
            }
        }

        @Test("a source that does not exist and a file system that does not exist are told")
        func missingSource() throws {
            try Fixture.use { box in
                let original = text(of: box.bundle + "/config.json")
                let source = try box.run { $0.mount("/mnt", nil, "/no/such/source", ["bind"]) }
                try box.write("bundle/config.json", original)
                let type = try box.run { $0.mount("/mnt", "nosuchfs", "x", []) }
                try box.write("bundle/config.json", original)
                let option = try box.run { $0.mount("/mnt", "tmpfs", "x", ["nosuch=1"]) }

                #expect(source.status == 1 && source.errors.contains("/no/such/source"), "\(source)")
                #expect(type.status == 1 && type.errors.contains("`nosuchfs`"), "\(type)")
                #expect(option.status == 1 && option.errors.contains("nosuch=1"), "\(option)")
            }
        }

        @Test("root of the container cannot change the host's device that masks a file")
        func maskedMode() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.maskedPaths"] = ["/proc/keys"]
                    // The mode that it has: harmless where it can be changed.
                    config.script("wc -c </proc/keys; chmod 666 /proc/keys 2>/dev/null || echo refused")
                }

                #expect(outcome.lines == ["0", "refused"], "\(outcome)")
            }
        }

        @Test("a root can be shared", arguments: ["shared", "rshared"])
        func sharedRoot(_ name: String) throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.rootfsPropagation"] = name
                    config.script("grep -c ' / .* shared:' /proc/self/mountinfo")
                }

                #expect(outcome.status == 0, "\(outcome)")
            }
        }

        @Test(
            "a mount's propagation is the configured one",
            arguments: [
                ("rprivate", ""), ("rslave", "master:"), ("rshared", "shared:"), ("unbindable", "unbindable"),
            ])
        func propagation(_ option: String, _ expected: String) throws {
            try Fixture.use { box in
                try box.configure { config in
                    config.mount("/mnt", nil, box.directory + "/data", ["rbind", option])
                    config.args = ["grep", " /mnt ", "/proc/self/mountinfo"]
                }
                let data = box.directory + "/data"
                let command =
                    "mkdir \(data); mount -t tmpfs none \(data) && mount --make-shared \(data) && "
                    + "exec \(Programs.runtime) --root \(box.stateRoot) run -b \(box.bundle) \(box.id)"
                let outcome = try box.spawn(["unshare", "-m", "sh", "-c", command]).wait()
                let fields = outcome.output.split(separator: " ").dropFirst(6).prefix { $0 != "-" }.joined(
                    separator: " ")

                #expect(outcome.status == 0, "\(outcome)")
                #expect(expected.isEmpty ? fields.isEmpty : fields.contains(expected), "\(outcome)")
            }
        }

        // As podman writes it for `-v SOURCE:/DESTINATION:rshared`.
        @Test(
            "the root's propagation is the configured one",
            arguments: [("shared", "shared:"), ("rshared", "shared:"), ("rslave", ""), ("private", "")])
        func rootPropagation(_ name: String, _ expected: String) throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.rootfsPropagation"] = name
                    config.args = ["head", "-n", "1", "/proc/self/mountinfo"]
                }
                let fields = outcome.output.split(separator: " ").dropFirst(6).prefix { $0 != "-" }.joined(
                    separator: " ")

                #expect(outcome.status == 0, "\(outcome)")
                #expect(
                    expected.isEmpty ? !fields.contains("shared:") : fields.contains(expected), "\(outcome)")
            }
        }

        @Test(
            "/dev, /proc or /sys that are links to the host's do nothing there",
            arguments: ["dev", "proc", "sys"])
        func hostileLink(_ name: String) throws {
            try Fixture.use { box in
                let outside = box.directory + "/outside"
                try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
                try box.write("outside/file", "host's\n")
                try FileManager.default.removeItem(atPath: box.rootfs + "/" + name)
                try FileManager.default.createSymbolicLink(
                    atPath: box.rootfs + "/" + name, withDestinationPath: outside)
                let outcome = try box.run { config in
                    config["root.readonly"] = false
                    config.script("true")
                }

                #expect(outcome.status == 0 || outcome.errors.contains("roost-oci: "), "\(outcome)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["file"])
                #expect(text(of: outside + "/file") == "host's\n")
            }
        }

        @Test(
            "links and `..` in a destination stay in the root",
            arguments: [
                "/../../../outside/new", "/link/new", "/up/new", "/loop/new",
            ])
        func escape(_ destination: String) throws {
            try Fixture.use { box in
                let outside = box.directory + "/outside"
                try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
                for (link, target) in [
                    ("link", outside), ("up", "../../../../../../../" + outside), ("loop", "loop"),
                ] {
                    try FileManager.default.createSymbolicLink(
                        atPath: box.rootfs + "/" + link, withDestinationPath: target)
                }
                let outcome = try box.run { config in
                    config["root.readonly"] = false
                    config.mount(destination, "tmpfs", "tmpfs", [])
                    config.script("true")
                }

                #expect(outcome.status == 0 || outcome.errors.contains("`mounts[7]`"), "\(outcome)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
            }
        }

        @Test(
            "nothing may be mounted inside /proc, and only proc at /proc",
            arguments: [
                ("/proc/self", "bind"), ("/proc/sys/../1", "bind"), ("/proc", "tmpfs"),
                ("/x/../proc/sys", "tmpfs"),
            ])
        func overProc(_ destination: String, _ type: String) throws {
            try Fixture.use { box in
                let outcome = try box.run {
                    $0.mount(destination, type, "/etc", type == "bind" ? ["bind"] : [])
                }

                #expect(outcome.status == 1 && outcome.errors.contains("`mounts[7]"), "\(outcome)")
            }
        }

        @Test(
            "a destination that a link of the image leads into /proc is refused",
            arguments: ["", "/sys/kernel"])
        func intoProc(_ below: String) throws {
            try Fixture.use { box in
                try FileManager.default.createSymbolicLink(
                    atPath: box.rootfs + "/vol", withDestinationPath: "/proc" + below)
                let outcome = try box.run { $0.mount("/vol", nil, box.directory, ["bind"]) }

                #expect(outcome.status == 1 && outcome.errors.contains("leads into `/proc`"), "\(outcome)")
            }
        }
    }
}
