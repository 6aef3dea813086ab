// SPDX-License-Identifier: Apache-2.0
// docker's default profile as `roost run` loads it, and the listener of a profile that notifies.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("seccomp, the default profile") struct SeccompDefaultTests {
        private func roost(_ box: Fixture, _ flags: [String], _ probe: [String]) throws -> Outcome {
            try box.addProbe()
            return try box.spawn(
                [Programs.directory + "/roost", "--root", box.directory, "run", "--name", box.id, "--rootfs"]
                    + [box.rootfs] + flags + ["/probe"] + probe
            ).wait()
        }

        /// Calls that break out of walls, with their arguments, and what they answer.
        static let refused: [(String, String)] = [
            ("272 0x10000000", "unshare"), ("165 0 0 0 0 0", "mount"), ("166 0 0", "umount2"),
            ("250 0 0 0 0 0", "keyctl"), ("248 0 0 0 0 0", "add_key"), ("249 0 0 0 0", "request_key"),
            ("321 0 0 0", "bpf"), ("323 0", "userfaultfd"), ("298 0 0 0 0 0", "perf_event_open"),
            ("56 0x7c020011 0 0 0 0", "clone with namespaces"), ("308 0 0", "setns"),
            ("155 0 0", "pivot_root"),
            ("41 38 5 0", "socket(AF_ALG)"), ("41 40 1 0", "socket(AF_VSOCK)"),
            ("135 16", "personality"), ("246 0 0 0 0", "kexec_load"), ("175 0 0 0", "init_module"),
            ("304 0 0 0", "open_by_handle_at"), ("442 0 0 0 0 0", "mount_setattr"),
            ("425 1 0", "io_uring_setup"), ("167 0 0", "swapon"), ("172 3", "iopl"),
            ("312 0 0 0 0 0", "kcmp"),
            ("i310 0x10000000", "unshare, 32 bits"), ("i357 0 0 0", "bpf, 32 bits"),
            ("i21 0 0 0", "mount, 32 bits"),
        ]

        @Test("each call that walls are broken with fails with EPERM", arguments: refused)
        func probes(call: String, name: String) throws {
            try Fixture.use { box in
                let outcome = try roost(box, [], call.split(separator: " ").map(String.init))

                #expect(outcome.lines == ["-1"], "\(name): \(outcome)")
            }
        }

        @Test("clone3 and calls younger than the profile do not exist, so that programs fall back")
        func missing() throws {
            try Fixture.use { box in
                // clone3; three numbers that no kernel has; one of them through the 32-bit door.
                let outcome = try roost(
                    box, [], ["435", "0", "0", ",", "480", ",", "600", ",", "0x7fffff", ",", "i480"])

                #expect(outcome.lines == Array(repeating: "-38", count: 5), "\(outcome)")
            }
        }

        @Test("what programs need goes on: personality(0xffffffff), a socket, a plain clone's flags")
        func allowed() throws {
            try Fixture.use { box in
                let outcome = try roost(
                    box, [], ["135", "0xffffffff", ",", "41", "1", "1", "0", ",", "41", "10", "2", "0"])

                #expect(
                    outcome.lines.allSatisfy { Int($0) ?? -1 >= 0 } && outcome.lines.count == 3, "\(outcome)")
            }
        }

        @Test("a capability brings its calls; unconfined has no filter; a file is read as docker does")
        func options() throws {
            try Fixture.use { box in
                try box.write(
                    "profile.json",
                    """
                    {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                      "subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [
                      {"name": "getppid", "action": "SCMP_ACT_ERRNO", "errnoRet": 50, "includes": {}},
                      {"names": ["getuid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 51, "comment": "no",
                       "includes": {"caps": ["CAP_SYS_ADMIN"]}},
                      {"names": ["getgid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 52,
                       "excludes": {"caps": ["CAP_SYS_ADMIN"]}, "includes": {"arches": ["amd64"], "minKernel": "4.8"}}
                    ]}
                    """)
                let calls = ["110", ",", "102", ",", "104"]
                let syslog = ["103", "3", "0", "0"]
                let added = try roost(box, ["--cap-add", "SYSLOG"], syslog)
                let open = try roost(box, ["--security-opt", "seccomp=unconfined"], calls)
                let read = try roost(
                    box, ["--security-opt", "seccomp=" + box.directory + "/profile.json"], calls)

                #expect(try roost(box, [], syslog).lines == ["-1"])
                #expect(added.lines == ["-22"], "\(added)")
                #expect(open.lines == ["0", "0", "0"], "\(open)")
                #expect(read.lines == ["-50", "0", "-52"], "\(read)")
            }
        }

        @Test("a wrong option or profile is an error that says what to do")
        func wrong() throws {
            try Fixture.use { box in
                try box.write(
                    "profile.json", "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": []")
                let place = box.directory + "/profile.json"
                let option = try roost(box, ["--security-opt", "seccomp"], [])
                let missing = try roost(box, ["--security-opt", "seccomp=/nowhere"], [])
                let broken = try roost(box, ["--security-opt", "seccomp=" + place], [])

                #expect(option.status == 125 && option.errors.contains("`--security-opt`"), "\(option)")
                #expect(missing.status == 125 && missing.errors.contains("/nowhere"), "\(missing)")
                #expect(broken.status == 125 && broken.errors.contains(place), "\(broken)")
            }
        }

        @Test(
            "a listener gets the descriptor with the process's state, and decides", arguments: [false, true])
        func listener(isCreated: Bool) throws {
            try Fixture.use { box in
                try box.addProbe()
                let socket = box.directory + "/listener"
                let server = try box.spawn(["python3", "-c", Self.server, socket, box.directory + "/state"])
                #expect(eventually { FileManager.default.fileExists(atPath: socket) })
                try box.configure { config in
                    config["linux.seccomp"] = [
                        "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": socket,
                        "listenerMetadata": "hello",
                        "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
                        "syscalls": [["names": ["getppid"], "action": "SCMP_ACT_NOTIFY"]],
                    ]
                    config.args = isCreated ? ["sleep", "600"] : ["/probe", "110"]
                }
                var outcome: Outcome
                if isCreated {
                    outcome = try box.oci("create", "--bundle", box.bundle, box.id)
                    try box.succeed("start", box.id)
                    outcome = try box.oci("exec", box.id, "/probe", "110")
                    try box.succeed("delete", "-f", box.id)
                } else {
                    outcome = try box.oci("run", "--bundle", box.bundle, box.id)
                }
                let served = server.wait()
                let state = try Config(text(of: box.directory + "/state"))

                #expect(outcome.lines == ["-66"], "\(outcome) \(served)")
                #expect(state["fds"] as? [String] == ["seccompFd"] && state["metadata"] as? String == "hello")
                #expect(state["state.id"] as? String == box.id)
                #expect(state["state.status"] as? String == (isCreated ? "running" : "creating"))
                #expect((state["pid"] as? Int ?? 0) > 1)
            }
        }

        /// Takes listeners until one was asked, which it answers with errno 66; writes the last state down.
        private static let server = """
            array, fcntl, json, os, select, socket, struct, sys = map(
                __import__, "array fcntl json os select socket struct sys".split())
            place = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            place.bind(sys.argv[1]); place.listen(4)
            listeners = []
            while True:
                ready = select.select([place] + listeners, [], [], 20)[0]
                if not ready: sys.exit("nobody asked")
                if place in ready:
                    peer = place.accept()[0]
                    data, control, _, _ = peer.recvmsg(4096, socket.CMSG_SPACE(4))
                    listeners.append(array.array("i", control[0][2])[0])
                    while True:
                        more = peer.recv(4096)
                        if not more: break
                        data += more
                    open(sys.argv[2], "w").write(data.decode())
                    continue
                notice = bytearray(80)
                fcntl.ioctl(ready[0], 0xc0502100, notice)
                number = struct.unpack_from("=QII", notice)[0]
                fcntl.ioctl(ready[0], 0xc0182101, bytearray(struct.pack("=QqiI", number, 0, -66, 0)))
                break
            """
    }
}
