// SPDX-License-Identifier: Apache-2.0
// One loop while a program runs in the foreground: its end, the caller's signals, and, with `-t`, bytes
// between the caller's terminal and the container's.
public import Kernel

/// The caller's side of a container's terminal.
public final class ForegroundTerminal: Sendable {
    let socket: OwnedFileDescriptor
    /// True: the caller's input goes to the container.
    let isInteractive: Bool

    /// - Parameter socket: gets the master from the container.
    public init(socket: consuming OwnedFileDescriptor, isInteractive: Bool) {
        self.socket = socket
        self.isInteractive = isInteractive
    }

    /// One with the connected socket that a request takes as its `consoleDescriptor`.
    public static func make(
        isInteractive: Bool
    ) throws(RuntimeError) -> (terminal: ForegroundTerminal, consoleDescriptor: Int32) {
        let pair = try explaining("make a socket pair for the terminal") { () throws(SyscallError) in
            try SocketPair()
        }
        let (near, far) = pair.released()
        let terminal = ForegroundTerminal(
            socket: OwnedFileDescriptor(owning: near), isInteractive: isInteractive)
        return (terminal, far)
    }
}

enum Foreground {
    private static let childSignal: Int32 = 17
    private static let windowSignal: Int32 = 28

    static func wait(
        for child: borrowing ProcessHandle, _ signals: borrowing SignalReader, _ terminal: ForegroundTerminal?
    ) throws(SyscallError) -> ProcessEnd {
        guard let terminal else {
            var entries = [PollEntry(child.descriptor, .readable), PollEntry(signals.descriptor, .readable)]
            while true {
                _ = try Waiting.poll(&entries)
                if !entries[0].came.isEmpty { return try child.wait() }
                while let signal = signals.next() {
                    if signal != childSignal { _ = try? child.signal(signal) }
                }
            }
        }
        let master = try UnixSocket.receiveDescriptor(terminal.socket)
        return try relay(child, signals, master, terminal.isInteractive)
    }

    private static func relay(
        _ child: borrowing ProcessHandle, _ signals: borrowing SignalReader,
        _ master: borrowing OwnedFileDescriptor, _ isInteractive: Bool
    ) throws(SyscallError) -> ProcessEnd {
        resize(master)
        let raw = isInteractive ? RawMode(0) : nil
        defer { _ = raw }
        var entries = [
            PollEntry(child.descriptor, .readable), PollEntry(signals.descriptor, .readable),
            PollEntry(master.number, .readable), PollEntry(isInteractive ? 0 : -1, .readable),
        ]
        while true {
            _ = try Waiting.poll(&entries)
            if !entries[2].came.isEmpty, !copyOutput(master) { entries[2].descriptor = -1 }
            if !entries[3].came.isEmpty, !copyInput(master) { entries[3].descriptor = -1 }
            while let signal = signals.next() {
                if signal == windowSignal {
                    resize(master)
                } else if signal != childSignal {
                    _ = try? child.signal(signal)
                }
            }
            guard !entries[0].came.isEmpty else { continue }
            let end = try child.wait()
            // What it wrote last is still in the terminal.
            while try Waiting.readable(master.number, milliseconds: 0), copyOutput(master) {}
            return end
        }
    }

    private static func resize(_ master: borrowing OwnedFileDescriptor) {
        if let size = Terminal.size(of: 0) ?? Terminal.size(of: 1) {
            Terminal.setSize(size, of: master.number)
        }
    }

    /// False at the end: EIO, when no process has the terminal open.
    private static func copyOutput(_ master: borrowing OwnedFileDescriptor) -> Bool {
        guard let bytes = try? master.read(upTo: 16384), !bytes.isEmpty else { return false }
        try? writeAll(bytes, to: 1)
        return true
    }

    /// False at the end of the caller's input, which is passed on as ^D.
    private static func copyInput(_ master: borrowing OwnedFileDescriptor) -> Bool {
        guard let bytes = try? readStandardInput(), !bytes.isEmpty else {
            try? master.write([4])
            return false
        }
        try? master.write(bytes)
        return true
    }
}
