// SPDX-License-Identifier: Apache-2.0
// Known ways out by descriptors and programs of the runtime. See docs/hardening.md.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hardening: descriptors") struct HardeningDescriptorTests {
        private static let numbers = Array(3...20)
        private static let up = "/../../../../../../../../../.."

        /// A static program of the host that the root does not have. As a program it prints its arguments.
        private func hostProgram(_ box: Fixture) throws -> String {
            let place = try box.outside()
            _ = try box.tool("cp", box.rootfs + "/bin/busybox", place + "/echo")
            return place + "/echo"
        }

        private func paths(_ program: String) -> [String] {
            Self.numbers.flatMap {
                ["/proc/self/fd/\($0)\(Self.up)\(program)", "/proc/self/fd/\($0)\(program)"]
            }
        }

        @Test("CVE-2024-21626: a program of the host is not run through a descriptor, by run and exec")
        func program() throws {
            try Fixture.useRunning { box in
                let program = try hostProgram(box)
                var got: [String] = []
                for path in paths(program) {
                    try box.configure { $0.args = [path, "out"] }
                    let run = try box.ociWithOpenDirectories(["run", "-b", box.bundle, box.id + "-run"])
                    let exec = try box.ociWithOpenDirectories(["exec", box.id, path, "out"])
                    if run.status == 0 || exec.status == 0 { got.append("\(path): \(run), \(exec)") }
                }

                #expect(got == [])
            }
        }

        @Test("CVE-2024-21626: a script's interpreter is not taken from the host through a descriptor")
        func interpreter() throws {
            try Fixture.useRunning { box in
                let program = try hostProgram(box)
                var got: [String] = []
                for (index, path) in paths(program).enumerated() {
                    try box.write("bundle/rootfs/script\(index)", "#!\(path)\n")
                    _ = try box.tool("chmod", "755", box.rootfs + "/script\(index)")
                    try box.configure { $0.args = ["/script\(index)"] }
                    let run = try box.ociWithOpenDirectories(["run", "-b", box.bundle, box.id + "-run"])
                    let exec = try box.ociWithOpenDirectories(["exec", box.id, "/script\(index)"])
                    if run.status == 0 || exec.status == 0 { got.append("\(path): \(run), \(exec)") }
                }

                #expect(got == [])
            }
        }

        @Test("CVE-2024-21626: a hook in the container is not taken from the host through a descriptor")
        func hook() throws {
            try Fixture.use { box in
                let program = try hostProgram(box)
                var got: [String] = []
                for path in paths(program) {
                    try box.configure { config in
                        config.args = ["true"]
                        config["hooks"] = ["startContainer": [["path": path, "args": ["echo", "out"]]]]
                    }
                    let run = try box.ociWithOpenDirectories(["run", "-b", box.bundle, box.id])
                    if run.status == 0 { got.append("\(path): \(run)") }
                }

                #expect(got == [])
            }
        }

        @Test("CVE-2024-21626: --preserve-fds passes on no descriptor of the runtime's own")
        func preserved() throws {
            try Fixture.use { box in
                let program = try hostProgram(box)
                var got: [String] = []
                for path in paths(program).enumerated().filter({ $0.offset % 2 == 0 }).map(\.element) {
                    try box.configure { $0.args = [path, "out"] }
                    let run = try box.oci("run", "--preserve-fds", "20", "-b", box.bundle, box.id)
                    if run.status == 0 { got.append("\(path): \(run)") }
                }

                #expect(got == [])
            }
        }

        @Test("CVE-2024-21626: a working directory through a descriptor is refused, by run and exec")
        func workingDirectory() throws {
            try Fixture.useRunning { box in
                var got: [String] = []
                for number in Self.numbers {
                    let path = "/proc/self/fd/\(number)"
                    try box.configure { config in
                        config["process.cwd"] = path
                        config.args = ["ls"]
                    }
                    let run = try box.ociWithOpenDirectories(["run", "-b", box.bundle, box.id + "-run"])
                    let exec = try box.ociWithOpenDirectories(["exec", "--cwd", path, box.id, "ls"])
                    if run.status == 0 || exec.status == 0 { got.append("\(path): \(run), \(exec)") }
                }

                #expect(got == [])
            }
        }

        private func inode(_ path: String) throws -> String {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return "\(attributes[.systemFileNumber] as? Int ?? 0)"
        }

        @Test("CVE-2016-9962: a process of exec shows the container neither its program nor its directories")
        func scan() throws {
            try Fixture.use { box in
                try box.arm()
                let attacker = try box.attack(["scan", try inode(Programs.runtime)])
                for _ in 0..<Fixture.rounds(500) {
                    let exec = try box.oci("exec", box.id + "-attacker", "true")
                    if attacker.poll() != nil { break }
                    #expect(exec.status == 0, "\(exec)")
                }
                let seen = try box.stop(attacker)

                #expect(seen.lines == ["ready", "nothing"], "\(seen)")
            }
        }

        @Test("CVE-2019-5736: the runtime's file cannot be written through a process that runs it")
        func overwrite() throws {
            try Fixture.use { box in
                try box.arm()
                // A copy: should it succeed, the programs of the other tests stay whole.
                let runtime = box.directory + "/roost-oci"
                _ = try box.tool("cp", Programs.runtime, runtime)
                let size = text(size: runtime)
                let number = try inode(runtime)
                _ = try box.tool("mkfifo", "-m", "666", box.rootfs + "/waits")
                try box.configure { $0.args = ["/attack", "overwrite", number] }
                let attacker = try box.start(["run", "--bundle", box.bundle, box.id])
                try box.reach("running")
                // The runtime as a program of the container, and it stays: nobody writes to the FIFO.
                let bait = try box.spawn([
                    runtime, "--root", box.stateRoot, "exec", box.id, "/proc/self/exe", "exec", "--process",
                    "/waits", "x",
                ])
                let outcome = attacker.wait()
                _ = bait.wait()

                #expect(outcome.output == "Read-only file system\n", "\(outcome)")
                #expect(text(size: runtime) == size)
            }
        }

        private func text(size path: String) -> UInt64 {
            (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64) ?? 0
        }
    }
}
