// SPDX-License-Identifier: Apache-2.0
// Another program as a child: roost-transfer, a credential helper. See posix_spawn(3).
internal import CShims

/// A program that this one has started, and has to wait for.
public struct ChildProgram: ~Copyable {
    /// Its pid.
    public let pid: Int32

    /// Starts `path`; `descriptors[i]` becomes its descriptor `i`, a negative one leaves what is there. All
    /// others are closed in it, as they are close-on-exec.
    public init(
        _ path: String, arguments: [String], environment: [String], descriptors: [Int32]
    ) throws(SyscallError) {
        var result: Int32 = 0
        withArgumentVector(arguments) { argv in
            withArgumentVector(environment) { envp in
                descriptors.withUnsafeBufferPointer { list in
                    guard let base = list.baseAddress else { return }
                    result = shim_spawn(path, argv, envp, base, Int32(list.count))
                }
            }
        }
        pid = try checked(result, "posix_spawn", path)
    }

    /// Waits for its end: the exit status, or 128 and the signal.
    public consuming func wait() -> Int32 {
        var end = shim_exit()
        guard shim_wait_pid(pid, &end) >= 0 else { return 125 }
        return end.exited == 1 ? end.status : 128 + end.status
    }
}

extension ThisProcess {
    /// The absolute path of this program's file. See proc(5), CShims/entry.c.
    public static func programPath() -> String {
        let path = (try? Files.readLink("/proc/self/exe")) ?? ""
        // From a mount of its own, the file is all there is.
        guard path.isEmpty || path == "/" else { return path }
        return environment("ROOST_EXE") ?? ""
    }
}

/// Two ends of a pipe. See pipe2(2).
public struct Pipe: ~Copyable {
    /// Where bytes come out.
    public let reader: OwnedFileDescriptor
    /// Where bytes go in.
    public let writer: OwnedFileDescriptor

    /// Makes a pipe; both ends are close-on-exec.
    public init() throws(SyscallError) {
        var ends: [Int32] = [-1, -1]
        _ = try checked(shim_pipe(&ends), "pipe2")
        reader = OwnedFileDescriptor(owning: ends[0])
        writer = OwnedFileDescriptor(owning: ends[1])
    }

    /// Gives the writing end away; the other is closed.
    public consuming func takeWriter() -> OwnedFileDescriptor { writer }
    /// Gives the reading end away; the other is closed.
    public consuming func takeReader() -> OwnedFileDescriptor { reader }
}
