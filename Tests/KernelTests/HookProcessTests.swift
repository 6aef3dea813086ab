// SPDX-License-Identifier: Apache-2.0
// Hooks run by the runtime. One after the other: a run changes the disposition of SIGPIPE for a while.
import Testing

@testable import Kernel

@Suite("HookProcess", .serialized) struct HookProcessTests {
    private func failure(
        _ script: String, input: [UInt8] = Array("{}".utf8), timeout: Int64 = 20_000, path: String = "/bin/sh"
    ) -> HookFailure? {
        do throws(HookFailure) {
            try HookProcess.run(
                path: path, arguments: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"],
                input: input,
                timeoutMilliseconds: timeout)
            return nil
        } catch { return error }
    }

    @Test("status 0 is success, any other is told")
    func exitStatus() {
        #expect(failure("exit 0") == nil)
        #expect(failure("exit 7") == HookFailure(number: ErrorNumber(125), detail: .hookExit, detailIndex: 7))
    }

    @Test("the signal that ends a hook is told")
    func signal() {
        #expect(
            failure("kill -TERM $$")
                == HookFailure(number: ErrorNumber(125), detail: .hookSignal, detailIndex: 15))
    }

    @Test("a hook is killed when its time is up")
    func timeout() {
        let before = Clock.monotonic()

        let error = failure("exec sleep 30", timeout: 100)

        #expect(error?.detail == .hookTimeout)
        #expect(Clock.monotonic() - before < 15_000_000_000)
    }

    @Test("a missing program and one that may not run give the error of execve(2)")
    func missing() {
        #expect(
            failure("", path: "/nonexistent/hook")
                == HookFailure(number: .noEntry, detail: .none, detailIndex: 0))
        #expect(
            failure("", path: "/etc") == HookFailure(number: .permissionDenied, detail: .none, detailIndex: 0)
        )
    }

    @Test("the input arrives whole, also when it is larger than a pipe", arguments: [2, 65536, 300_000])
    func input(size: Int) {
        #expect(failure("test \"$(wc -c)\" -eq \(size)", input: [UInt8](repeating: 120, count: size)) == nil)
    }

    @Test("without input the hook reads the end of its input at once")
    func noInput() {
        #expect(failure("cat", input: [], timeout: 5000) == nil)
    }

    @Test("a hook that does not read its input is no error, and leaves no descriptor behind")
    func unread() throws {
        let large = [UInt8](repeating: 120, count: 300_000)
        #expect(failure("exit 0", input: large) == nil)
        let before = try pipes()

        for _ in 0..<8 { #expect(failure("exit 0", input: large) == nil) }
        for _ in 0..<4 {
            #expect(failure("exec sleep 30", input: large, timeout: 20)?.detail == .hookTimeout)
        }

        #expect(try pipes() < before + 8)
    }

    @Test("the environment is the hook's own only")
    func environment() {
        #expect(failure("test -z \"$HOME\" && test \"$PATH\" = /usr/bin:/bin") == nil)
    }

    private func pipes() throws -> Int {
        let directory = try OwnedFileDescriptor.open("/proc/self/fd", .directory)
        return try Files.names(in: directory).count {
            ((try? Files.readLink("/proc/self/fd/" + $0)) ?? "").hasPrefix("pipe:")
        }
    }
}
