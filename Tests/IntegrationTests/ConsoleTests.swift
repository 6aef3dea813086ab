// SPDX-License-Identifier: Apache-2.0
// Terminals: the master sent to a console socket, and `roost run -it` on a terminal of the caller.
import Foundation
import Glibc
import Testing

/// A Unix socket that takes the descriptor a runtime sends: a terminal's master, or a pidfd.
final class ConsoleSocket {
    private let listener: Int32
    private(set) var master: Int32 = -1

    init(_ path: String) throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 1) == 0 else {
            throw FixtureError("cannot listen on \(path): errno \(errno)")
        }
    }

    deinit {
        close(listener)
        if master >= 0 { close(master) }
    }

    /// Accepts and receives by SCM_RIGHTS.
    func receive() throws {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 10_000) == 1 else {
            throw FixtureError("nobody connected to the console socket")
        }
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var data = [UInt8](repeating: 0, count: 256)
        // cmsghdr of 16 bytes, the descriptor, padding.
        var control = [UInt8](repeating: 0, count: 24)
        let received = data.withUnsafeMutableBytes { data in
            control.withUnsafeMutableBytes { control in
                var vector = iovec(iov_base: data.baseAddress, iov_len: data.count)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return recvmsg(connection, &message, Int32(MSG_CMSG_CLOEXEC))
                }
            }
        }
        guard received > 0 else { throw FixtureError("no descriptor came: errno \(errno)") }
        master = control.withUnsafeBytes { $0.load(fromByteOffset: 16, as: Int32.self) }
    }

    func type(_ text: String) { _ = write(master, text, text.utf8.count) }

    /// Reads until `text` came, or the end.
    func read(until text: String) -> String {
        var all = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !all.contains(text) {
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 5000) == 1 else { return all + "(time is up)" }
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return all
    }
}

extension RuntimeTests {
    @Suite("terminals") struct ConsoleTests {
        @Test(
            "the master comes over the console socket, and the program has a terminal of the configured size")
        func consoleSocket() throws {
            try Fixture.use { box in
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                try box.configure { config in
                    config["process.terminal"] = true
                    config["process.consoleSize"] = ["height": 33, "width": 99]
                    config.script(
                        "tty; stty size; ls -l /dev/console | cut -c1; read line; echo got $line; sleep 600")
                }
                try box.succeed(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                try socket.receive()
                try box.succeed("start", box.id)
                let before = socket.read(until: "\nc\r\n")
                socket.type("hello\n")
                let after = socket.read(until: "got hello")

                #expect(before.contains("/dev/") && before.contains("33 99"), "\(before)")
                #expect(after.contains("got hello"), "\(after)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("^C on the terminal interrupts the program")
        func interrupt() throws {
            try Fixture.use { box in
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                try box.configure { config in
                    config["process.terminal"] = true
                    config.script("trap 'echo caught; exit 4' INT; echo ready; while :; do sleep 0.05; done")
                }
                try box.succeed(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                try socket.receive()
                try box.succeed("start", box.id)
                _ = socket.read(until: "ready")
                socket.type("\u{3}")

                #expect(socket.read(until: "caught").contains("caught"))
                try box.reach("stopped")
                try box.succeed("delete", box.id)
            }
        }

        @Test("exec takes a console socket as well")
        func exec() throws {
            try Fixture.use { box in
                try box.create { $0.args = ["sleep", "600"] }
                try box.succeed("start", box.id)
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                let program = try box.start([
                    "exec", "--tty", "--console-socket", box.directory + "/c.sock", box.id, "sh", "-c",
                    "tty; read x; exit 6",
                ])
                try socket.receive()
                let name = socket.read(until: "\n")
                socket.type("x\n")

                #expect(name.hasPrefix("/dev/pts/"), "\(name)")
                #expect(program.wait().status == 6)
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("run and exec in the foreground relay the caller's terminal when there is no console socket")
        func foreground() throws {
            try Fixture.use { box in
                let runtime = "\(Programs.runtime) --root \(box.stateRoot)"
                try box.configure { config in
                    config["process.terminal"] = true
                    config.script("tty; exit 5")
                }
                let run = try box.spawn([
                    "script", "-qec", "\(runtime) run --bundle \(box.bundle) \(box.id)", "/dev/null",
                ]).wait()
                try box.create { config in
                    config["process.terminal"] = false
                    config.args = ["sleep", "600"]
                }
                try box.succeed("start", box.id)
                let exec = try box.spawn([
                    "script", "-qec", "\(runtime) exec -t \(box.id) sh -c 'tty; exit 6'", "/dev/null",
                ]).wait()

                #expect(run.status == 5 && run.output.contains("/dev/"), "\(run)")
                #expect(exec.status == 6 && exec.output.contains("/dev/pts/"), "\(exec)")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("the terminal belongs to the program's user")
        func owner() throws {
            try Fixture.use { box in
                try box.configure { config in
                    config["process.terminal"] = true
                    config["process.user"] = ["uid": 1000, "gid": 1000]
                    config.script("echo ok > /dev/stdout; stat -c %u /dev/console")
                }
                let outcome = try box.spawn([
                    "script", "-qec",
                    "\(Programs.runtime) --root \(box.stateRoot) run --bundle \(box.bundle) \(box.id)",
                    "/dev/null",
                ]).wait()

                #expect(
                    outcome.output.contains("ok\r\n") && outcome.output.hasSuffix("1000\r\n"), "\(outcome)")
            }
        }

        @Test("a terminal that nobody takes is an error, and so is a socket that would get none")
        func nobodyTakes() throws {
            try Fixture.use { box in
                try box.configure { $0["process.terminal"] = true }
                for command in [["create"], ["run", "--detach"]] {
                    let outcome = try box.oci(command + ["--bundle", box.bundle, box.id])
                    #expect(
                        outcome.status == 1 && outcome.errors.contains("`--console-socket`"), "\(outcome)")
                }
                try box.configure { $0["process.terminal"] = false }
                let socket = try ConsoleSocket(box.directory + "/c.sock")
                let outcome = try box.oci(
                    "create", "--bundle", box.bundle, "--console-socket", box.directory + "/c.sock", box.id)
                #expect(outcome.status == 1 && outcome.errors.contains("`process.terminal`"), "\(outcome)")
                #expect(socket.master == -1)
            }
        }

        @Test("a console socket that nobody listens on is an error")
        func nobody() throws {
            try Fixture.use { box in
                try box.configure { $0["process.terminal"] = true }
                let outcome = try box.oci(
                    "create", "--bundle", box.bundle, "--console-socket", "/no/such", box.id)

                #expect(outcome.status == 1 && outcome.errors.contains("/no/such"), "\(outcome)")
            }
        }

        @Test("roost run -it gives the program a terminal, its output to the caller's")
        func roostRun() throws {
            try Fixture.use { box in
                let command =
                    "\(Programs.directory)/roost --root \(box.directory) run --rm --name \(box.id) -it --rootfs \(box.rootfs) /bin/sh -c 'test -t 0 && tty; exit 5'"
                let outcome = try box.spawn(["script", "-qec", command, "/dev/null"]).wait()

                #expect(outcome.status == 5 && outcome.output.contains("/dev/"), "\(outcome)")
            }
        }
    }
}
