// SPDX-License-Identifier: Apache-2.0
// A small program run to its end, with bounds on what it may say and how long it may take: a credential
// helper. See posix_spawn(3), pidfd_open(2), poll(2).
internal import CShims

/// What a program that is run to its end came to.
public enum ProgramOutcome: Equatable, Sendable {
    /// It ended by itself; what it wrote to its standard output.
    case ended(ProcessEnd, output: [UInt8])
    /// It was killed when its time was up.
    case timeout
    /// It was killed when its output became longer than allowed.
    case tooMuchOutput
}

extension ChildProgram {
    /// The most bytes of input that `run` takes: they must fit a pipe before anybody reads it.
    public static var longestInput: Int { 32 << 10 }

    /// Runs `path` to its end: `input` is its standard input, its output is gathered, its errors go where ours
    /// go. What it started itself is not waited for.
    /// - Parameters:
    ///   - outputLimit: with more bytes of output it is killed.
    ///   - milliseconds: after these it is killed.
    public static func run(
        _ path: String, arguments: [String], environment: [String], input: [UInt8], outputLimit: Int,
        milliseconds: Int32
    ) throws(SyscallError) -> ProgramOutcome {
        let source = try filled(with: input)
        let pipe = try Pipe()
        let child = try ChildProgram(
            path, arguments: [path] + arguments, environment: environment,
            descriptors: [source.number, pipe.writer.number, -1])
        let output = pipe.takeReader()
        let handle: ProcessHandle
        do throws(SyscallError) { handle = try ProcessHandle(pid: child.pid) } catch {
            _ = shim_kill(child.pid, 9)
            _ = child.wait()
            throw error
        }
        let deadline = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        do throws(SyscallError) {
            let gathered = try gather(handle, output, outputLimit, deadline)
            if case .output(let bytes) = gathered { return .ended(try handle.wait(), output: bytes) }
            try end(handle)
            return gathered == .timeout ? .timeout : .tooMuchOutput
        } catch {
            try end(handle)
            throw error
        }
    }

    /// A pipe that holds the whole input: whoever does not read it harms nobody.
    private static func filled(with input: [UInt8]) throws(SyscallError) -> OwnedFileDescriptor {
        let argumentTooLong = ErrorNumber(7)
        guard input.count <= longestInput else { throw SyscallError("write", "", argumentTooLong) }
        let pipe = try Pipe()
        try pipe.writer.setBlocking(false)
        try pipe.writer.write(input)
        return pipe.takeReader()
    }

    private static func end(_ handle: borrowing ProcessHandle) throws(SyscallError) {
        _ = try handle.signal(9)
        _ = try handle.wait()
    }

    private enum Gathered: Equatable {
        case output([UInt8])
        case timeout
        case tooMuch
    }

    /// Reads until the program has ended and nothing is left to read. Not until the end of the pipe: a daemon
    /// that the program leaves behind may keep that open.
    private static func gather(
        _ handle: borrowing ProcessHandle, _ output: borrowing OwnedFileDescriptor, _ limit: Int,
        _ deadline: Int64
    ) throws(SyscallError) -> Gathered {
        var bytes: [UInt8] = []
        var isOpen = true
        while true {
            // Rounded up: a rest below a millisecond must not become a busy loop.
            let left = (deadline - Clock.monotonic() + 999_999) / 1_000_000
            guard left > 0 else { return .timeout }
            var entries = [
                PollEntry(handle.descriptor, .readable), PollEntry(isOpen ? output.number : -1, .readable),
            ]
            guard try Waiting.poll(&entries, milliseconds: Int32(clamping: left)) else { continue }
            if entries[1].came != [] {
                let part = try output.read(upTo: 16384)
                isOpen = !part.isEmpty
                bytes += part
                if bytes.count > limit { return .tooMuch }
            } else if entries[0].came != [] {
                return .output(bytes)
            }
        }
    }
}
