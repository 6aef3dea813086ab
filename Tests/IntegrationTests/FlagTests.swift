// SPDX-License-Identifier: Apache-2.0
// Flags of `roost run` that give powers and bound them, as docker has them.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("flags of run") struct FlagTests {
        /// The effective set inside, as the kernel prints it.
        private func powers(_ box: Fixture, _ flags: [String]) throws -> UInt64? {
            let outcome = try box.spawn(
                [Programs.directory + "/roost", "--root", box.directory, "run", "--rootfs", box.rootfs]
                    + flags
                    + ["sed", "-n", "s/CapEff:.//p", "/proc/self/status"]
            ).wait()
            #expect(outcome.status == 0, "\(flags): \(outcome)")
            return UInt64(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
        }

        @Test("what is dropped by its name is dropped from `--cap-add ALL` too, in whatever order")
        func dropped() throws {
            try Fixture.use { box in
                let mknod: UInt64 = 1 << 27
                let all = try #require(try powers(box, ["--cap-add", "ALL"]))

                #expect(all & mknod != 0)
                #expect(try powers(box, ["--cap-add", "ALL", "--cap-drop", "MKNOD"]) == all & ~mknod)
                #expect(try powers(box, ["--cap-drop", "mknod", "--cap-add", "all"]) == all & ~mknod)
                #expect(try powers(box, ["--cap-drop", "ALL", "--cap-add", "MKNOD"]) == mknod)
            }
        }

        @Test("`--cap-add ALL` is what this host can give; what it cannot give is named")
        func withheld() throws {
            try Fixture.use { box in
                let without = ["setpriv", "--bounding-set", "-sys_time"]
                let roost = [
                    Programs.directory + "/roost", "--root", box.directory, "run", "--rootfs", box.rootfs,
                ]
                let all = try box.spawn(without + roost + ["--cap-add", "ALL", "true"]).wait()
                let one = try box.spawn(without + roost + ["--cap-add", "SYS_TIME", "true"]).wait()

                #expect(all.status == 0, "\(all)")
                #expect(one.status == 125, "\(one)")
                #expect(
                    one.errors
                        == "roost: `process.capabilities`: this process has no CAP_SYS_TIME itself and cannot"
                        + " give it away; leave it out\n")
            }
        }

        @Test("`--device` gives a node of the host's, and lets it be opened as far as was said")
        func device() throws {
            try Fixture.use { box in
                // Some kernel has each; none is in docker's list.
                let source = try #require(
                    ["/dev/loop-control", "/dev/cpu_dma_latency"].first {
                        FileManager.default.fileExists(atPath: $0)
                    })
                let numbers = try box.tool("stat", "-c", "%t:%T", source).lines[0]
                func run(_ devices: [String], _ script: String) throws -> Outcome {
                    try box.spawn(
                        [
                            Programs.directory + "/roost", "--root", box.directory, "run", "--rootfs",
                            box.rootfs,
                        ]
                            + devices.flatMap { ["--device", $0] } + ["sh", "-c", script]
                    ).wait()
                }
                let script = "stat -c %t:%T /dev/it; : </dev/it && echo read; : >>/dev/it && echo written"
                let all = try run([source + ":/dev/it"], script)
                let reading = try run([source + ":/dev/it:r"], script)
                let plain = try run([source], "test -c \(source) && echo there")

                #expect(all.lines == [numbers, "read", "written"], "\(all)")
                #expect(reading.lines == [numbers, "read"], "\(reading)")
                #expect(plain.lines == ["there"], "\(plain)")
            }
        }

        @Test(
            "`--device` that cannot be: one sentence",
            arguments: [
                ("null", "`null` is not `/SOURCE[:/PATH][:rwm]`"),
                ("/dev/null:x", "`/dev/null:x` is not `/SOURCE[:/PATH][:rwm]`"),
                ("/dev/nosuch", "there is no `/dev/nosuch` on this host"),
                ("/etc/passwd", "`/etc/passwd` is no device; name a node such as `/dev/fuse`"),
            ])
        func noDevice(_ text: String, _ words: String) throws {
            try Fixture.use { box in
                let outcome = try box.roost("--device", text, "true")

                #expect(
                    outcome.status == 125 && outcome.errors == "roost: `--device`: \(words)\n", "\(outcome)")
            }
        }

        @Test("a weight that fits no field is named as it was typed")
        func weight() throws {
            try Fixture.use { box in
                let outcome = try box.roost("--blkio-weight", "70000", "true")

                #expect(
                    outcome.errors == "roost: `--blkio-weight`: `70000` is not between 10 and 1000\n",
                    "\(outcome)")
            }
        }

        @Test("`--cpus` beyond the processors of the host is refused, as docker does")
        func processors() throws {
            try Fixture.use { box in
                let outcome = try box.roost("--cpus", "8193", "true")

                #expect(outcome.status == 125, "\(outcome)")
                #expect(
                    outcome.errors.hasPrefix(
                        "roost: `--cpus`: `8193` is more than this host has; give 0.01 to "),
                    "\(outcome)")
            }
        }

        @Test("`explain run` too tells of flags, not of fields")
        func explained() throws {
            try Fixture.use { box in
                let outcome = try box.spawn(
                    [Programs.directory + "/roost", "explain", "run", "--cpu-quota", "-5", "--rootfs"]
                        + [box.rootfs, "true"]
                ).wait()

                #expect(outcome.errors == "roost: `--cpu-quota`: `-5` is negative; -1 is no limit\n")
            }
        }

        @Test("an error about a profile names its file, and the rule as it stands there")
        func profile() throws {
            try Fixture.use { box in
                try box.write(
                    "profile.json",
                    """
                    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                      {"names": ["getppid"], "action": "SCMP_ACT_ERRNO", "excludes": {"caps": ["CAP_CHOWN"]}},
                      {"names": [""], "action": "SCMP_ACT_ERRNO"}]}
                    """)
                let file = box.directory + "/profile.json"
                let words = "roost: `\(file)`: `syscalls[1].names[0]`: an empty name is no system call\n"
                let run = try box.roost("--security-opt", "seccomp=" + file, "true")
                let paper = try box.spawn(
                    [Programs.directory + "/roost", "explain", "run", "--security-opt", "seccomp=" + file]
                        + ["--rootfs", box.rootfs, "true"]
                ).wait()

                #expect(run.status == 125 && run.errors == words, "\(run)")
                #expect(paper.status == 125 && paper.errors == words, "\(paper)")
            }
        }
    }
}
