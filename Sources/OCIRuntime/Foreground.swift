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
        // A program that echoes and does not read stops taking input while its output waits for us: a write
        // that waited in turn would be the end of both.
        try master.setBlocking(false)
        var input: [UInt8] = []
        var hasInput = isInteractive
        var entries = [
            PollEntry(child.descriptor, .readable), PollEntry(signals.descriptor, .readable),
            PollEntry(master.number, .readable), PollEntry(-1, .readable),
        ]
        while true {
            entries[2].wanted = input.isEmpty ? .readable : [.readable, .writable]
            entries[3].descriptor = hasInput && input.isEmpty ? 0 : -1
            _ = try Waiting.poll(&entries)
            if entries[2].came.contains(.writable) { drain(&input, to: master) }
            if !entries[2].came.subtracting(.writable).isEmpty, !copyOutput(master) {
                entries[2].descriptor = -1
                hasInput = false
            }
            if !entries[3].came.isEmpty { hasInput = takeInput(&input) }
            pass(signals, child, master)
            guard !entries[0].came.isEmpty else { continue }
            let end = try child.wait()
            // What it wrote last is still in the terminal.
            while try Waiting.readable(master.number, milliseconds: 0), copyOutput(master) {}
            return end
        }
    }

    private static func pass(
        _ signals: borrowing SignalReader, _ child: borrowing ProcessHandle,
        _ master: borrowing OwnedFileDescriptor
    ) {
        while let signal = signals.next() {
            if signal == windowSignal {
                resize(master)
            } else if signal != childSignal {
                _ = try? child.signal(signal)
            }
        }
    }

    private static func resize(_ master: borrowing OwnedFileDescriptor) {
        if let size = Terminal.size(of: 0) ?? Terminal.size(of: 1) {
            Terminal.setSize(size, of: master.number)
        }
    }

    /// False at the end: EIO, when no process has the terminal open.
    private static func copyOutput(_ master: borrowing OwnedFileDescriptor) -> Bool {
        do throws(SyscallError) {
            let bytes = try master.read(upTo: 16384)
            if bytes.isEmpty { return false }
            try? writeAll(bytes, to: 1)
            return true
        } catch { return error.number == .again }
    }

    /// Adds what the caller typed; its end is passed on as ^D. False at the end.
    private static func takeInput(_ input: inout [UInt8]) -> Bool {
        guard let bytes = try? readStandardInput(), !bytes.isEmpty else {
            input.append(4)
            return false
        }
        input += bytes
        return true
    }

    /// Writes as much as the terminal takes now.
    private static func drain(_ input: inout [UInt8], to master: borrowing OwnedFileDescriptor) {
        do throws(SyscallError) { input.removeFirst(try master.writeSome(input)) } catch {
            if error.number != .again { input = [] }
        }
    }
}
