// SPDX-License-Identifier: Apache-2.0
// Small programs run to their end, within bounds.
import Foundation
import Kernel
import Testing

@Suite("Programs run to their end")
struct ProgramRunTests {
    private func run(
        _ script: String, input: [UInt8] = [], limit: Int = 1000, milliseconds: Int32 = 60_000
    ) throws -> ProgramOutcome {
        try ChildProgram.run(
            "/bin/sh", arguments: ["-c", script], environment: ["A=b"], input: input, outputLimit: limit,
            milliseconds: milliseconds)
    }

    @Test("input, environment, output and status go through")
    func through() throws {
        let outcome = try run("cat; echo $A; exit 7", input: Array("in ".utf8))

        #expect(outcome == .ended(.exited(7), output: Array("in b\n".utf8)))
    }

    @Test("a signal is told from a status")
    func signal() throws {
        #expect(try run("kill -15 $$") == .ended(.signalled(15), output: []))
    }

    @Test("output up to the limit is given back whole, more kills the program")
    func limit() throws {
        let most = 100_000

        let outcome = try run("yes | head -c \(most)", limit: most)
        let tooMuch = try run("yes | head -c \(most + 1); exec sleep 600", limit: most)

        guard case .ended(.exited(0), let output) = outcome else {
            throw SyscallError("run", "\(outcome)", .invalid)
        }
        #expect(output.count == most && tooMuch == .tooMuchOutput)
    }

    @Test("a program that does not end is killed when its time is up, whether its output is open or not")
    func timeout() throws {
        #expect(try run("exec sleep 600", milliseconds: 200) == .timeout)
        #expect(try run("exec >/dev/null; exec sleep 600", milliseconds: 200) == .timeout)
    }

    @Test("input that nobody reads, and input that no pipe holds")
    func unread() throws {
        let most = [UInt8](repeating: 65, count: ChildProgram.longestInput)

        #expect(try run("exec 0<&-; echo a", input: most) == .ended(.exited(0), output: Array("a\n".utf8)))
        #expect(throws: SyscallError.self) { try run("true", input: most + [65]) }
    }

    @Test("a program that is not there is an error")
    func missing() {
        #expect(throws: SyscallError.self) {
            try ChildProgram.run(
                "/none", arguments: [], environment: [], input: [], outputLimit: 1, milliseconds: 1000)
        }
    }
}
