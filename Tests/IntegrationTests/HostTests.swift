// SPDX-License-Identifier: Apache-2.0
// Hosts that give less: calls that are refused, no cgroup v2, privileges that lack. Each ends in a container
// that has what the host can give, or in one sentence.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hosts that give less") struct HostTests {
        /// A probe of the group, the device list and the pid namespace.
        private static let probe = """
            sed -n 's/^0:://p' /proc/self/cgroup; mknod /dev/xloop b 7 0
            (: </dev/xloop) 2>/tmp/why; grep -q 'not permitted' /tmp/why && echo denied || echo open
            echo pid $$
            """

        private static func maker(_ config: inout Config) {
            for set in ["bounding", "effective", "permitted"] {
                config["process.capabilities.\(set)"] = ["CAP_MKNOD"]
            }
            config["root.readonly"] = false
            config.removeNamespace("cgroup")
            config.script(probe)
        }

        /// `run` of the probe under a filter.
        private func run(_ box: Fixture, refusing calls: [String], _ flags: [String] = []) throws -> Outcome {
            try box.configure(Self.maker)
            return try box.spawn(
                [try refuseTool.get()] + calls + [
                    "--", Programs.runtime, "--root", box.stateRoot, "run", "--bundle", box.bundle,
                ] + flags + [box.id]
            ).wait()
        }

        @Test(
            "without clone3 the first process enters its group itself, and is under the device list",
            .enabled(if: HostState.cgroupRoot != nil), arguments: ["ENOSYS", "EPERM"])
        func withoutClone3(_ error: String) throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: ["\(error):clone3"])

                #expect(outcome.lines == ["/roost/\(box.id)", "denied", "pid 1"], "\(outcome)")
                #expect(outcome.errors == "")
            }
        }

        @Test("without clone3 `exec` is in the group too", .enabled(if: HostState.cgroupRoot != nil))
        func execWithoutClone3() throws {
            try Fixture.use { box in
                try box.create { config in
                    Self.maker(&config)
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                let outcome = try box.spawn([
                    try refuseTool.get(), "ENOSYS:clone3", "--", Programs.runtime, "--root", box.stateRoot,
                    "exec", box.id, "sh", "-c", Self.probe,
                ]).wait()
                try box.succeed("delete", "-f", box.id)

                #expect(outcome.lines.prefix(2) == ["/roost/\(box.id)", "denied"], "\(outcome)")
            }
        }

        @Test("the narration tells of clone where clone3 is refused")
        func narration() throws {
            try Fixture.use { box in
                let outcome = try box.spawn([
                    try refuseTool.get(), "ENOSYS:clone3", "--", Programs.directory + "/roost", "--root",
                    box.directory, "run", "--name", box.id, "--explain", "--rootfs", box.rootfs, "true",
                ]).wait()

                #expect(outcome.status == 0 && outcome.errors.contains(" clone(CLONE_NEWPID |"), "\(outcome)")
                #expect(!outcome.errors.contains("clone3("))
            }
        }

        @Test(
            "without bpf a warning names what is lost, if something is",
            .enabled(if: HostState.cgroupRoot != nil), arguments: ["ENOSYS", "EPERM"])
        func withoutBPF(_ error: String) throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: ["\(error):bpf"])

                #expect(outcome.lines == ["/roost/\(box.id)", "open", "pid 1"], "\(outcome)")
                #expect(
                    outcome.errors.hasPrefix("roost-oci: warning: no device list: this host refuses bpf(2)"))
                #expect(outcome.errors.split(separator: "\n").count == 1)
            }
        }

        @Test("without bpf a list that denies nothing is no loss")
        func nothingLost() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["linux.resources.devices"] = [["allow": true, "access": "rwm"]]
                }
                let outcome = try box.spawn([
                    try refuseTool.get(), "EPERM:bpf", "--", Programs.runtime, "--root", box.stateRoot, "run",
                    "--bundle", box.bundle, box.id,
                ]).wait()

                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)")
            }
        }

        @Test(
            "what the container can do without is left out",
            arguments: ["ENOSYS:keyctl", "EPERM:keyctl", "EPERM:mknodat"])
        func harmless(_ refused: String) throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: [refused])

                #expect(outcome.lines.last == "pid 1" && outcome.status == 0, "\(outcome)")
            }
        }

        @Test(
            "without execveat the program says that it is not sealed",
            arguments: ["EPERM:execveat", "ENOSYS:execveat"])
        func unsealed(_ refused: String) throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: [refused])

                #expect(outcome.lines.last == "pid 1" && outcome.status == 0, "\(outcome)")
                // On a read-only file system there is nothing to seal.
                var status = statvfs()
                try #require(statvfs(Programs.runtime, &status) == 0)
                let isReadOnly = status.f_flag & UInt(ST_RDONLY) != 0
                #expect(
                    outcome.errors.contains("could not run from a read-only mount of itself") != isReadOnly)
            }
        }

        @Test(
            "a call that nothing can replace is one sentence that names it",
            arguments: [
                "openat2", "open_tree", "move_mount", "mount_setattr", "fsopen", "close_range", "pivot_root",
            ], ["ENOSYS", "EPERM"])
        func needed(_ call: String, _ error: String) throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: ["\(error):\(call)"])
                let sentences = outcome.errors.split(separator: "\n").filter { !$0.contains(": warning: ") }

                #expect(outcome.status == 1, "\(outcome)")
                #expect(
                    sentences.count == 1 && sentences[0].contains("`\(call)` is refused here"), "\(outcome)")
            }
        }

        @Test("without pivot_root, `--no-pivot` works")
        func noPivot() throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: ["EPERM:pivot_root"], ["--no-pivot"])

                #expect(outcome.status == 0, "\(outcome)")
            }
        }

        @Test("without namespaces one sentence says so")
        func noNamespaces() throws {
            try Fixture.use { box in
                let outcome = try run(box, refusing: ["EPERM:clone3,clone"])

                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("cannot make the container's first process"))
                #expect(outcome.errors.split(separator: "\n").count == 1)
            }
        }

        @Test("without CAP_NET_ADMIN the loopback link is the reason")
        func noNetworkAdministration() throws {
            try Fixture.use { box in
                try box.configure(Self.maker)
                let outcome = try box.spawn([
                    "setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", Programs.runtime,
                    "--root", box.stateRoot, "run", "--bundle", box.bundle, box.id,
                ]).wait()

                #expect(outcome.status == 1 && outcome.errors.contains("lacks CAP_NET_ADMIN"), "\(outcome)")
            }
        }

        @Test(
            "without cgroup v2, or with a read-only one, the container has no group and no device list",
            .enabled(if: HostState.cgroupRoot != nil), arguments: ["umount -l", "mount -o remount,bind,ro"])
        func noGroup(_ change: String) throws {
            try Fixture.use { box in
                try box.configure { config in
                    Self.maker(&config)
                    config.removeMount("/sys/fs/cgroup")
                }
                let root = HostState.cgroupRoot ?? ""
                let command =
                    "\(change) '\(root)' && exec '\(Programs.runtime)' --root '\(box.stateRoot)' run --bundle"
                    + " '\(box.bundle)' \(box.id)"
                let outcome = try box.spawn(["unshare", "-m", "sh", "-c", command]).wait()

                #expect(outcome.lines.suffix(2) == ["open", "pid 1"], "\(outcome)")
                #expect(!outcome.output.contains("/roost/"))
                #expect(outcome.errors.contains("no device list: there is no control group"), "\(outcome)")
                #expect(outcome.errors.split(separator: "\n").count == 1)
            }
        }
    }
}
