// SPDX-License-Identifier: Apache-2.0
// The root file system: read-only, masked, devices, links.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("the root file system") struct RootTests {
        @Test("a read-only root refuses writes, a writable one takes them")
        func readOnly() throws {
            try Fixture.use { box in
                let refused = try box.run { $0.script("touch /here 2>&1") }
                let taken = try box.run { config in
                    config["root.readonly"] = false
                    config.script("touch /here")
                }

                #expect(refused.status == 1 && refused.output.contains("Read-only file system"))
                #expect(taken.status == 0 && FileManager.default.fileExists(atPath: box.rootfs + "/here"))
            }
        }

        @Test("masked paths are empty and read-only paths cannot be written")
        func masks() throws {
            try Fixture.use { box in
                try box.write("bundle/rootfs/secret", "secret")
                let outcome = try box.run { config in
                    config["root.readonly"] = false
                    config["linux.maskedPaths"] = ["/secret", "/var", "/no/such", "/proc/version"]
                    config["linux.readonlyPaths"] = ["/etc", "/no/such", "/proc/sys"]
                    config.script(
                        """
                        cat /secret; ls -A /var; wc -c </proc/version; cat /etc/passwd | wc -l
                        touch /etc/x 2>/dev/null || echo etc; touch /var/x 2>/dev/null || echo var
                        echo 1 2>/dev/null >/proc/sys/kernel/domainname || echo sys
                        """)
                }

                #expect(outcome.lines == ["0", "4", "etc", "var", "sys"], "\(outcome)")
            }
        }

        @Test("the default devices are there with their numbers, and the links to /proc")
        func devices() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config.script(
                        """
                        cd /dev; for d in null zero full random urandom tty; do stat -c '%n %F %t:%T %a' $d; done
                        for l in fd stdin stdout stderr ptmx; do echo $l $(readlink $l); done
                        head -c 3 zero | wc -c; echo x >null
                        """)
                }

                #expect(
                    outcome.lines == [
                        "null character special file 1:3 666", "zero character special file 1:5 666",
                        "full character special file 1:7 666", "random character special file 1:8 666",
                        "urandom character special file 1:9 666", "tty character special file 5:0 666",
                        "fd /proc/self/fd", "stdin /proc/self/fd/0", "stdout /proc/self/fd/1",
                        "stderr /proc/self/fd/2",
                        "ptmx pts/ptmx", "3",
                    ], "\(outcome)")
            }
        }

        @Test("configured devices have their type, number, mode and owner")
        func moreDevices() throws {
            try Fixture.use { box in
                let outcome = try box.run { config in
                    config["linux.devices"] = [
                        [
                            "path": "/dev/deep/er", "type": "c", "major": 1, "minor": 5, "fileMode": 0o640,
                            "uid": 3, "gid": 4,
                        ],
                        ["path": "/dev/disk", "type": "b", "major": 7, "minor": 300],
                        ["path": "/dev/pipe", "type": "p", "fileMode": 0o600],
                    ]
                    config.script("stat -c '%F %t:%T %a %u:%g' /dev/deep/er /dev/disk /dev/pipe")
                }

                #expect(
                    outcome.lines == [
                        "character special file 1:5 640 3:4", "block special file 7:12c 666 0:0",
                        "fifo 0:0 600 0:0",
                    ], "\(outcome)")
            }
        }

        @Test("the host's root and its mounts are not seen")
        func pivoted() throws {
            try Fixture.use { box in
                let outcome = try box.run { $0.script("cut -d' ' -f5 /proc/self/mountinfo; ls -A /") }

                #expect(outcome.lines.first == "/")
                #expect(!outcome.output.contains(box.directory))
                #expect(outcome.lines.filter { $0.hasPrefix("/") }.count < 30)
                #expect(outcome.lines.suffix(12).contains("bin"))
            }
        }

        @Test("--no-pivot runs too, in the same root")
        func noPivot() throws {
            try Fixture.use { box in
                try box.configure { $0.script("ls /bin/busybox; touch /x 2>/dev/null || echo ro") }
                let outcome = try box.oci("run", "--no-pivot", "--bundle", box.bundle, box.id)

                #expect(outcome.lines == ["/bin/busybox", "ro"], "\(outcome)")
            }
        }
    }
}
