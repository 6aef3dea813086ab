// SPDX-License-Identifier: Apache-2.0
// Terminals: what comes over the console socket and what the program has.
import Foundation
import TestSupport
import Testing

extension ConformanceTests {
    @Suite("terminals") struct ConsoleTests {
        private static let script = """
            tty; stty size; stat -c '%F %a %u:%g %t:%T' /dev/console
            read -r pid name state parent group session terminal rest </proc/$$/stat
            [ $session = $$ ] && echo session leader; [ $terminal != 0 ] && echo controlling terminal
            ls -1 /proc/$$/fd; grep ' /dev/console ' /proc/$$/mountinfo | cut -d ' ' -f 5,6
            echo end
            """

        @Test("create sends one descriptor, and the program has a terminal of the configured size")
        func create() throws {
            try Trial.compare(["descriptors": "1", "payload": "some"]) { subject in
                let path = subject.directory + "/s"
                let socket = try ConsoleSocket(path)
                try subject.configure { config in
                    config["process.terminal"] = true
                    config["process.consoleSize"] = ["height": 33, "width": 99]
                    config.script(Self.script + "; read x")
                }
                try subject.succeed(
                    "create", "--bundle", subject.bundle, "--console-socket", path, subject.id)
                try socket.receive()
                try subject.succeed("start", subject.id)
                return Self.facts(socket)
            }
        }

        @Test("exec sends one descriptor as well")
        func exec() throws {
            try Trial.compare(["descriptors": "1", "payload": "some"]) { subject in
                try subject.create { $0.args = ["sleep", "60"] }
                try subject.succeed("start", subject.id)
                let path = subject.directory + "/s"
                let socket = try ConsoleSocket(path)
                try subject.succeed(
                    "exec", "--detach", "--tty", "--console-socket", path, subject.id, "sh", "-c",
                    Self.script + "; read x")
                try socket.receive()
                return Self.facts(socket)
            }
        }

        private static func facts(_ socket: ConsoleSocket) -> Facts {
            var facts = [
                "descriptors": "\(socket.descriptors)", "payload": socket.payload > 0 ? "some" : "none",
            ]
            let lines = socket.read(until: "end\r\n").split(separator: "\r\n")
            for (index, line) in lines.enumerated() {
                let words = line.split(separator: " ").map(String.init)
                if words.first == "/dev/console", words.count == 2 {
                    facts[words[0]] = words[1]
                } else {
                    facts["line \(index)"] = String(line)
                }
            }
            return facts
        }

        @Test("a terminal without a console socket, and a socket without a terminal, are refused by create")
        func mismatch() throws {
            try Trial.compare(["terminal only": "error", "socket only": "error", "nobody listens": "error"]) {
                subject in
                func create(_ isTerminal: Bool, _ flags: String...) throws -> String {
                    try subject.configure { $0["process.terminal"] = isTerminal }
                    let outcome = try subject.start(
                        ["create", "--bundle", subject.bundle] + flags + [subject.id]
                    ).wait()
                    subject.clear()
                    return outcome.status == 0 ? "success" : "error"
                }
                let socket = try ConsoleSocket(subject.directory + "/s")
                defer { withExtendedLifetime(socket) {} }
                return [
                    "terminal only": try create(true),
                    "socket only": try create(false, "--console-socket", subject.directory + "/s"),
                    "nobody listens": try create(true, "--console-socket", subject.directory + "/none"),
                ]
            }
        }
    }
}
