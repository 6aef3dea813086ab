// SPDX-License-Identifier: Apache-2.0
// Known ways out by links and exchanges in a root file system. See docs/hardening.md.
import Foundation
import Glibc
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hardening: paths") struct HardeningPathTests {
        private static let climb = "../../../../../../../.."

        /// The mount points that a program of the container sees.
        private func mountPoints(_ outcome: Outcome) -> [String] {
            outcome.lines.compactMap { line in
                let fields = line.split(separator: " ")
                return fields.count > 6 ? String(fields[4]) : nil
            }
        }

        // MARK: /proc

        @Test(
            "CVE-2019-19921: /proc or /sys that is a link, also to a directory of the root, is refused",
            arguments: ["/proc", "/sys"])
        func linkedProc(_ name: String) throws {
            try Fixture.use { box in
                try box.link(name, to: "/tmp")
                let outcome = try box.run { $0.args = ["true"] }

                #expect(outcome.status == 1 && outcome.errors.contains("is a symbolic link"), "\(outcome)")
            }
        }

        @Test("CVE-2019-16884: a directory with a forged procfs is not mounted at /proc")
        func forgedProc() throws {
            try Fixture.use { box in
                let forged = try box.outside()
                let outcome = try box.run { config in
                    config.removeMount("/proc")
                    config.mount("/proc", nil, forged, ["bind"])
                    config.args = ["cat", "/proc/file"]
                }

                #expect(outcome.status == 1 && outcome.errors.contains("only a procfs"), "\(outcome)")
            }
        }

        @Test("CVE-2019-16884: the host's procfs may be bound at /proc, as a configuration may ask")
        func boundProc() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.removeMount("/proc")
                    config.mount("/proc", nil, "/proc", ["bind"])
                    config.args = ["cat", "/proc/version"]
                }

                #expect(outcome.status == 0 && outcome.output.hasPrefix("Linux"), "\(outcome)")
            }
        }

        @Test("CVE-2023-27561: nothing is mounted at /proc/self/attr, by whatever name")
        func overAttributes() throws {
            try Fixture.use { box in
                try box.link("/attr", to: "/proc/self/attr")
                let outside = try box.outside()
                for destination in ["/proc/self/attr", "/proc/self/attr/../attr", "/attr"] {
                    let outcome = try box.run { config in
                        config.removeMount(destination)
                        config.mount(destination, nil, outside, ["bind"])
                        config.args = ["true"]
                    }
                    try box.configure { $0.removeMount(destination) }

                    #expect(outcome.status == 1 && outcome.errors.contains("`/proc`"), "\(outcome)")
                }
            }
        }

        @Test(
            "CVE-2025-52881: a sysctl is written through a procfs of the runtime's own, not the container's")
        func sysctl() throws {
            try Fixture.use { box in
                let outside = try box.outside()
                // No procfs in the configuration: what lies there is the image's.
                _ = try box.tool("mkdir", "-p", box.rootfs + "/proc/sys/kernel")
                try box.link("/proc/sys/kernel/domainname", to: Self.climb + outside + "/file")
                try box.write("bundle/rootfs/proc/sys/kernel/hostname", "the image's\n")
                let outcome = try box.run { config in
                    config.removeMount("/proc")
                    config["linux.maskedPaths"] = nil
                    config["linux.readonlyPaths"] = nil
                    config["root.readonly"] = false
                    config["hostname"] = nil
                    config["linux.sysctl"] = ["kernel.domainname": "evil", "kernel.hostname": "ours"]
                    config.args = ["hostname"]
                }

                #expect(outcome.output == "ours\n", "\(outcome)")
                #expect(text(of: box.rootfs + "/proc/sys/kernel/hostname") == "the image's\n")
                #expect(box.isUntouched(outside))
            }
        }

        @Test("CVE-2025-52881: exec writes the OOM score to the host's procfs, not the container's")
        func oomScore() throws {
            try Fixture.useRunning({ config in
                config.removeMount("/proc")
                config["linux.maskedPaths"] = nil
                config["linux.readonlyPaths"] = nil
                config["root.readonly"] = false
            }) { box in
                try FileManager.default.createDirectory(
                    atPath: box.rootfs + "/proc/self", withIntermediateDirectories: true)
                try box.write("bundle/rootfs/proc/self/oom_score_adj", "0")
                try box.write(
                    "process.json",
                    #"{"args":["true"],"cwd":"/","user":{"uid":0,"gid":0},"oomScoreAdj":123,"env":["PATH=/bin"]}"#
                )
                let exec = try box.oci("exec", "--process", box.directory + "/process.json", box.id)

                #expect(exec.status == 0, "\(exec)")
                #expect(text(of: box.rootfs + "/proc/self/oom_score_adj") == "0")
            }
        }

        // MARK: /dev

        @Test("CVE-2026-41579: /dev that is a link out of the root gets its nodes and links inside")
        func linkedDev() throws {
            try Fixture.use { box in
                let outside = try box.outside()
                try box.link("/dev", to: Self.climb + outside)
                _ = try box.tool("mkdir", "-p", box.rootfs + outside)
                let outcome = try box.run { config in
                    for place in ["/dev/mqueue", "/dev/shm", "/dev/pts", "/dev"] { config.removeMount(place) }
                    config["root.readonly"] = false
                    config.args = ["ls", "/dev"]
                }

                #expect(outcome.lines.contains("null") && outcome.lines.contains("ptmx"), "\(outcome)")
                #expect(box.isUntouched(outside))
            }
        }

        @Test(
            "CVE-2026-88265: a device of the image that is a link or a file is refused, its target untouched",
            arguments: ["link", "file"])
        func falseNull(_ kind: String) throws {
            try Fixture.use { box in
                let outside = try box.outside()
                if kind == "link" {
                    try box.link("/dev/null", to: Self.climb + outside + "/file")
                } else {
                    try box.write("bundle/rootfs/dev/null", "kept")
                }
                let outcome = try box.run { config in
                    for place in ["/dev/mqueue", "/dev/shm", "/dev/pts", "/dev"] { config.removeMount(place) }
                    config["root.readonly"] = false
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.script("echo x >/dev/null")
                }

                #expect(outcome.status == 1 && outcome.errors.contains("`/dev/null`"), "\(outcome)")
                #expect(box.isUntouched(outside))
            }
        }

        @Test("CVE-2026-88265: of the caller's streams only pipes change their owner")
        func owners() throws {
            try Fixture.use { box in
                try box.write("stream", "")
                try box.configure { config in
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.args = ["true"]
                }
                let outcome = try box.spawn([
                    "sh", "-c",
                    "exec \(Programs.runtime) --root \(box.stateRoot) run -b \(box.bundle) \(box.id)"
                        + " <\(box.directory)/stream >/dev/full",
                ]).wait()
                var file = stat()
                var device = stat()
                stat(box.directory + "/stream", &file)
                stat("/dev/full", &device)

                #expect(outcome.status == 0, "\(outcome)")
                #expect(file.st_uid == 0 && device.st_uid == 0)
                chown("/dev/full", 0, device.st_gid)
            }
        }

        @Test("CVE-2025-31133: a masked file lies behind the host's /dev/null, whatever the container's is")
        func mask() throws {
            try Fixture.use { box in
                let dev = box.directory + "/dev"
                _ = try box.tool("mkdir", dev)
                try FileManager.default.createSymbolicLink(
                    atPath: dev + "/null", withDestinationPath: "/etc/passwd")
                let outcome = try box.run { config in
                    for place in ["/dev/mqueue", "/dev/shm", "/dev/pts", "/dev"] { config.removeMount(place) }
                    config.mount("/dev", nil, dev, ["bind"])
                    config["linux.maskedPaths"] = ["/proc/version"]
                    config.script("stat -c %t:%T /proc/version; cat /proc/version")
                }

                #expect(outcome.output == "1:3\n", "\(outcome)")
            }
        }

        @Test(
            "CVE-2025-52565: /dev/console or /dev/pts/ptmx of the image that leads elsewhere is refused",
            arguments: ["/dev/console", "/dev/pts/ptmx"])
        func console(_ name: String) throws {
            try Fixture.use { box in
                let outside = try box.outside()
                _ = try box.tool("mkdir", "-p", box.rootfs + "/dev/pts", box.rootfs + outside)
                try box.write(box.rootfs + outside + "/file", "the image's\n")
                try box.link(name, to: outside + "/file")
                try box.configure { config in
                    for place in ["/dev/mqueue", "/dev/shm", "/dev"] { config.removeMount(place) }
                    if name == "/dev/pts/ptmx" { config.removeMount("/dev/pts") }
                    config["process.terminal"] = true
                    config.script("cat /proc/self/mountinfo; stat -c %t /dev/console")
                }
                let outcome = try box.spawn([
                    "script", "-qec",
                    "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)",
                    "/dev/null",
                ]).wait()

                #expect(outcome.status == 1, "\(outcome)")
                #expect(text(of: box.rootfs + outside + "/file") == "the image's\n")
            }
        }

        @Test(
            "CVE-2025-52565: a FIFO in the place of /dev/pts/ptmx is no terminal and does not stall anybody")
        func fifoTerminal() throws {
            try Fixture.use { box in
                _ = try box.tool("mkdir", "-p", box.rootfs + "/dev/pts")
                _ = try box.tool("mkfifo", box.rootfs + "/dev/pts/ptmx")
                try box.configure { config in
                    for place in ["/dev/mqueue", "/dev/shm", "/dev", "/dev/pts"] { config.removeMount(place) }
                    config["process.terminal"] = true
                    config.args = ["true"]
                }
                let outcome = try box.spawn([
                    "script", "-qec",
                    "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)",
                    "/dev/null",
                ]).wait()

                #expect(outcome.status == 1 && outcome.output.contains("terminal"), "\(outcome)")
            }
        }

        // MARK: what is made in the root

        @Test(
            "GHSA-q6r4-3wmg-fwcq: a working directory is made in the root, whatever its links say",
            arguments: [true, false])
        func workingDirectory(_ readonly: Bool) throws {
            try Fixture.use { box in
                let outside = try box.outside()
                try box.link("/place", to: Self.climb + outside)
                _ = try box.tool("mkdir", "-p", box.rootfs + outside)
                let outcome = try box.run { config in
                    config["root.readonly"] = readonly
                    config["process.cwd"] = "/place/new"
                    config.args = ["pwd"]
                }

                #expect(outcome.output == outside + "/new\n", "\(outcome)")
                #expect(box.isUntouched(outside))
            }
        }

        /// A container that shares a volume exchanges a directory and a link there, while others mount below.
        private func race(below: String, link: String, _ body: (Fixture, Outcome) throws -> Void) throws {
            try Fixture.use { box in
                try box.arm()
                let volume = box.directory + "/volume"
                let outside = try box.outside()
                _ = try box.tool("mkdir", "-p", volume + "/a")
                try FileManager.default.createSymbolicLink(
                    atPath: volume + "/b", withDestinationPath: link.isEmpty ? Self.climb + outside : link)
                let attacker = try box.attack(["swap", "/volume/a", "/volume/b"]) { config in
                    config.mount("/volume", nil, volume, ["bind"])
                }
                try box.configure { config in
                    config.mount("/volume/a" + below, "tmpfs", "tmpfs", [])
                    config.args = ["cat", "/proc/self/mountinfo"]
                }
                for _ in 0..<Fixture.rounds(300) {
                    try body(box, try box.oci("run", "--bundle", box.bundle, box.id))
                }
                _ = try box.stop(attacker)
            }
        }

        @Test(
            "CVE-2021-30465: a destination that is exchanged for a link while it is mounted stays in the root"
        )
        func exchange() throws {
            try race(below: "", link: "") { box, outcome in
                let outside = box.directory + "/outside"
                let points = mountPoints(outcome).filter { $0 == outside || $0.hasPrefix("/volume/") }

                #expect(outcome.status == 0 || outcome.errors.contains("mounts["), "\(outcome)")
                // A mount that is not in the root was left behind with the host's.
                #expect(outcome.status != 0 || points.count == 1, "\(outcome)")
                #expect(box.isUntouched(outside))
            }
        }

        @Test("CVE-2024-45310: directories that are made for a destination under exchange stay in the root")
        func litter() throws {
            try race(below: "/deep/er/new", link: "") { box, outcome in
                #expect(outcome.status == 0 || outcome.errors.contains("mounts["), "\(outcome)")
                #expect(box.isUntouched(box.directory + "/outside"))
                // Under exchange rm(1) may meet another directory than it began with; the next round goes on.
                _ = try? box.tool(
                    "rm", "-rf", box.directory + "/volume/a/deep", box.directory + "/volume/b/deep")
            }
        }

        @Test("CVE-2023-28642: an exchange for a link into /proc puts no mount there")
        func intoProc() throws {
            try race(below: "", link: "/proc/sys/kernel") { (_: Fixture, outcome: Outcome) throws in
                let points = mountPoints(outcome)

                #expect(outcome.status == 0 || outcome.errors.contains("mounts["), "\(outcome)")
                #expect(points.filter { $0 == "/proc/sys/kernel" } == [], "\(points)")
            }
        }
    }
}
