// SPDX-License-Identifier: Apache-2.0
// What passes between a program and who called for it: standard streams, the terminal, the process's
// number and descriptor.
internal import Kernel
internal import OCISpec

extension Runtime {
    /// Before anything is made: a terminal needs somebody who takes its master.
    static func admit(
        _ process: ProcessSpec?, consoleSocket: String?, consoleDescriptor: Int32 = -1
    ) throws(RuntimeError) {
        guard let process else { return }
        if process.terminal, consoleSocket == nil, consoleDescriptor < 0 {
            throw RuntimeError(
                "`process.terminal` is true, but nobody takes the terminal; give `--console-socket`, or run"
                    + " it in the foreground"
            )
        }
        if let consoleSocket, !process.terminal {
            throw RuntimeError(
                "`--console-socket`: `\(consoleSocket)` would get no terminal; set `process.terminal`, or"
                    + " leave the flag out"
            )
        }
    }

    /// Tells the caller which process it is.
    static func introduce(
        _ child: borrowing ProcessHandle, pidFile: String?, pidfdSocket: String?
    ) throws(RuntimeError) {
        if let path = pidfdSocket {
            try explaining("send the process's descriptor to `\(path)`") { () throws(SyscallError) in
                let socket = try UnixSocket.connect(path)
                try UnixSocket.send(child.descriptor, over: socket, text: "pidfd")
            }
        }
        if let path = pidFile { try writePidFile(path, child.pid) }
    }
}
