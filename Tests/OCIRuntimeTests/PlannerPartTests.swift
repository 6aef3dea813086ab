// SPDX-License-Identifier: Apache-2.0
// Parts of plans: mounts, devices, credentials, the program.
import Kernel
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

@Suite("Planner parts") struct PlannerPartTests {
    @Test(
        "a path is cleaned by its text and never leaves /",
        arguments: [
            ("/", "/"), ("", "/"), ("a", "/a"), ("//a///b/", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"),
            ("/../../a", "/a"),
            ("/a/b/../..", "/"), ("/.../..a", "/.../..a"), ("/a/..", "/"),
            ("/../\u{301}a", "/\u{301}a"), ("/\u{301}/../b", "/b"),
        ])
    func clean(path: String, wanted: String) {
        #expect(Planner.clean(path) == wanted)
        #expect(Planner.clean(wanted) == wanted)
    }

    @Test(
        "a relative path begins at the bundle",
        arguments: [("rootfs", "/b/rootfs"), ("/r", "/r"), ("../r", "/r"), (".", "/b")])
    func absolute(path: String, wanted: String) {
        #expect(Planner.absolute(path, in: "/b") == wanted)
    }

    @Test(
        "device numbers are as makedev(3) encodes them",
        arguments: [
            (1, 3, 0x103), (5, 0, 0x500), (10, 229, 0xae5), (8, 256, 0x10_0800), (8, 0xfffff, 0xfff0_08ff),
            (0xfff, 0xff, 0xf_ffff),
            (0x1000, 0, 0x1000_0000_0000), (0xffff_ffff, 0xffff_ffff, 0xffff_ffff_ffff_ffff), (0, 0, 0),
        ] as [(UInt64, UInt64, UInt64)])
    func devices(major: UInt64, minor: UInt64, number: UInt64) {
        #expect(Planner.number(major, minor) == number)
    }

    @Test("a device of the configuration replaces the default one and keeps mode and owner")
    func ownDevice() throws {
        let steps = try Sample.plan {
            $0.linux?.devices = [
                DeviceSpec(
                    path: "/dev/null", type: .character, major: 1, minor: 3, fileMode: 0o600, uid: 4, gid: 5),
                DeviceSpec(path: "/dev/sd", type: .block, major: 8, minor: 1),
                DeviceSpec(path: "/run/p", type: .fifo, major: 9, minor: 9),
            ]
        }.container

        #expect(steps.filter { Sample.name($0) == "device" }.count == 8)
        #expect(
            steps.contains(
                .device(PlannedDevice(path: "/dev/null", mode: 0o020600, device: 0x103, uid: 4, gid: 5))))
        #expect(steps.contains(.device(PlannedDevice(path: "/dev/sd", mode: 0o060666, device: 0x801))))
        #expect(steps.contains(.device(PlannedDevice(path: "/run/p", mode: 0o010666, device: 0))))
    }

    @Test("a bind mount over /dev brings its own nodes", arguments: ["bind", "rbind"])
    func boundDev(option: String) throws {
        let names = try Sample.plan {
            $0.mounts = [MountSpec(destination: "/dev/", source: "/dev", options: [option])]
        }.container.map(Sample.name)

        #expect(!names.contains("device") && !names.contains("deviceLinks"))
    }

    @Test("a terminal is made when somebody takes its master")
    func console() throws {
        let with = try Sample.plan {
            $0.process?.consoleSize = ConsoleSizeSpec(height: 24, width: 80)
        } options: {
            $0.hasConsole = true
        }
        let without = try Sample.plan()

        #expect(with.container.contains(.console(rows: 24, columns: 80, isInside: false)))
        #expect(!without.container.map(Sample.name).contains("console"))
    }

    @Test("a mount keeps its source, options and index, its destination cleaned")
    func mount() throws {
        let steps = try Sample.plan {
            $0.mounts = [
                MountSpec(
                    destination: "data/../tmp", type: "tmpfs", source: "t",
                    options: ["nosuid", "size=1m", "ro", "noswap"]),
                MountSpec(destination: "/etc/hosts", source: "hosts", options: ["rbind", "ro", "rslave"]),
                MountSpec(destination: "/tmp", options: ["remount", "ro"]),
                MountSpec(destination: "/proc", type: "proc"),
            ]
        }.container
        let pairs = [
            StringPair(key: "source", value: "t"), StringPair(key: "size", value: "1m"),
            StringPair(key: "noswap", value: ""),
        ]

        #expect(
            steps.contains(
                .mount(
                    PlannedMount(
                        origin: .fileSystem(type: "tmpfs", options: pairs), destination: "/tmp",
                        changes: [MountAttributes(set: 3)], index: 0))))
        #expect(
            steps.contains(
                .mount(
                    PlannedMount(
                        origin: .tree(path: "/b/hosts", isRecursive: true), destination: "/etc/hosts",
                        changes: [
                            MountAttributes(set: 1), MountAttributes(propagation: 1 << 19, isRecursive: true),
                        ], kind: .likeSource, index: 1))))
        #expect(
            steps.contains(
                .mount(
                    PlannedMount(
                        origin: .existing, destination: "/tmp", changes: [MountAttributes(set: 1)], index: 2))
            ))
        #expect(
            steps.contains(
                .mount(
                    PlannedMount(
                        origin: .fileSystem(type: "proc", options: []), destination: "/proc",
                        kind: .realDirectory, index: 3))))
    }

    @Test(
        "PATH gives the candidates, as execvp(3) has it",
        arguments: [
            ("sh", ["PATH=/a:/b"], ["/a/sh", "/b/sh"]), ("sh", [], ["/bin/sh", "/usr/bin/sh"]),
            ("sh", ["PATH=/a", "PATH=/b"], ["/b/sh"]), ("sh", ["PATH=:/a:"], ["sh", "/a/sh", "sh"]),
            ("sh", ["PATH="], ["sh"]),
            ("./sh", ["PATH=/a"], ["./sh"]), ("/bin/sh", ["PATH=/a"], ["/bin/sh"]),
            ("sh", ["XPATH=/a"], ["/bin/sh", "/usr/bin/sh"]),
        ] as [(String, [String], [String])])
    func candidates(file: String, environment: [String], candidates: [String]) {
        #expect(
            Credentials.find(ProcessSpec(args: [file], env: environment))
                == .findProgram(file, candidates: candidates))
    }

    @Test(
        "without capabilities there are none; with them, what is not permitted is not effective or ambient")
    func capabilities() throws {
        let kill = try #require(CapabilitySet(name: "CAP_KILL"))
        let chown = try #require(CapabilitySet(name: "CAP_CHOWN"))
        var warnings: [String] = []
        let set = CapabilitiesSpec(
            bounding: ["CAP_KILL", "CAP_UNHEARD_OF"], effective: ["CAP_KILL", "CAP_CHOWN"],
            inheritable: ["CAP_KILL", "CAP_CHOWN"],
            permitted: ["CAP_KILL"], ambient: ["CAP_KILL", "CAP_CHOWN"])

        let none = try Credentials.steps(
            ProcessSpec(user: UserSpec(uid: 1, gid: 2, umask: 0o77, additionalGids: [3])), warnings: &warnings
        )
        let some = try Credentials.steps(
            ProcessSpec(capabilities: set, noNewPrivileges: true), warnings: &warnings)

        #expect(
            none == [
                .bounding([]), .identity(uid: 1, gid: 2, groups: [3]),
                .capabilities(effective: [], permitted: [], inheritable: []), .umask(0o77),
            ])
        #expect(
            some == [
                .bounding(kill), .identity(uid: 0, gid: 0, groups: []),
                .capabilities(effective: kill, permitted: kill, inheritable: kill.union(chown)),
                .ambient(kill), .umask(0o22), .noNewPrivileges,
            ])
        #expect(warnings.count == 2)
        #expect(warnings[0].hasPrefix("`process.capabilities.bounding`: `CAP_UNHEARD_OF`"))
    }

    @Test(
        "annotations: none of an image's changes what is done",
        arguments: [
            ("run.oci.keep_original_groups", "1"), ("run.oci.seccomp_fail_unknown_syscall", "0"),
            ("run.oci.hooks.stdout", "/tmp/x"), ("run.oci.mount_context_type", "fscontext"),
            ("org.systemd.property.DeviceAllow", "['/dev/sda rwm']"), ("org.criu.config", "/tmp/x"),
        ])
    func annotation(key: String, value: String) throws {
        let plan = try Sample.plan { $0.annotations = [StringPair(key: key, value: value)] }

        #expect(plan == (try Sample.plan()))
    }
}
