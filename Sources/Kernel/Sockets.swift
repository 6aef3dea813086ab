// SPDX-License-Identifier: Apache-2.0
// Pairs of connected sockets, sockets that carry descriptors, namespaces of this process. See unix(7).
internal import CShims

/// Two connected sockets of type SOCK_SEQPACKET.
public struct SocketPair: ~Copyable {
    /// The end that stays.
    public let near: OwnedFileDescriptor
    /// The end that is given away.
    public let far: OwnedFileDescriptor

    /// Makes a pair.
    public init() throws(SyscallError) {
        var pair: [Int32] = [-1, -1]
        _ = try checked(shim_socketpair(&pair), "socketpair")
        near = OwnedFileDescriptor(owning: pair[0])
        far = OwnedFileDescriptor(owning: pair[1])
    }

    /// Gives both numbers away: the caller closes them.
    public consuming func released() -> (near: Int32, far: Int32) {
        let near = near.release()
        let far = far.release()
        return (near, far)
    }

    /// Gives away the near end and closes the far one.
    public consuming func takeNear() -> OwnedFileDescriptor { near }
}

/// Sockets in the file system.
public enum UnixSocket {
    /// Connects to a stream socket; the path may be longer than 108 bytes.
    public static func connect(_ path: String) throws(SyscallError) -> OwnedFileDescriptor {
        OwnedFileDescriptor(owning: try checked(shim_connect_unix(path), "connect", path))
    }

    /// Sends one descriptor in one message of `text`. See cmsg(3).
    public static func send(
        _ descriptor: Int32, over socket: borrowing OwnedFileDescriptor, text: String
    ) throws(SyscallError) {
        _ = try checked(shim_send_fd(socket.number, descriptor, text), "sendmsg")
    }

    /// Sends all of `text`, the descriptor with its first byte: it may be more than one message takes.
    public static func send(
        _ descriptor: Int32, over socket: borrowing OwnedFileDescriptor, whole text: [UInt8]
    ) throws(SyscallError) {
        let first = String(decoding: text.prefix(1), as: UTF8.self)
        try send(descriptor, over: socket, text: first)
        try socket.write(Array(text.dropFirst()))
    }

    /// Receives one descriptor that came with a message. See cmsg(3).
    public static func receiveDescriptor(
        _ socket: borrowing OwnedFileDescriptor
    ) throws(SyscallError) -> OwnedFileDescriptor {
        OwnedFileDescriptor(owning: try checked(shim_receive_fd(socket.number), "recvmsg"))
    }
}

/// What this process does to itself.
public enum ThisProcess {
    /// Its number.
    public static var pid: Int32 { shim_getpid() }
    /// Its effective user.
    public static var effectiveUser: UInt32 { shim_geteuid() }
    /// The machine's architecture as AUDIT_ARCH_. See seccomp(2).
    public static var auditArchitecture: UInt32 { shim_audit_architecture() }

    /// Enters a namespace for the children that it makes from now on. See setns(2).
    public static func join(_ descriptor: Int32, _ flags: NamespaceFlags) throws(SyscallError) {
        _ = try checked(shim_setns(descriptor, Int32(truncatingIfNeeded: flags.rawValue)), "setns")
    }

    /// Out of reach of ptrace(2) and of /proc/PID for those who come by in a container.
    public static func makeUndumpable() throws(SyscallError) {
        _ = try checked(shim_set_dumpable(0), "prctl", "PR_SET_DUMPABLE")
    }

    /// Ends now; nothing is flushed or unwound.
    public static func exit(_ status: Int32) -> Never { shim_exit_now(status) }

    /// Makes children waitable, whatever the caller left: with SIGCHLD ignored they would vanish.
    public static func expectChildren() { _ = shim_default_signal(17) }

    /// True when the program's own file cannot be written through /proc/PID/exe: it runs from a read-only
    /// mount (CShims/entry.c).
    public static var isSealed: Bool { shim_is_on_read_only_mount("/proc/self/exe") == 1 }

    /// Ignores a signal for good.
    public static func ignore(signal: Int32) { _ = shim_ignore_signal(signal) }

    /// The value of an environment variable.
    public static func environment(_ name: String) -> String? {
        for entry in environment() where entry.utf8.starts(with: name.utf8) {
            let rest = entry.dropFirst(name.count)
            if rest.first == "=" { return String(rest.dropFirst()) }
        }
        return nil
    }

    /// The environment as `NAME=value` lines.
    public static func environment() -> [String] {
        var entries: [String] = []
        var cursor = shim_environment()
        while let entry = cursor.pointee {
            entries.append(String(cString: entry))
            cursor += 1
        }
        return entries
    }

    /// The program's arguments without its name. Not `CommandLine.arguments`: that finds them by reading
    /// /proc/self/maps.
    public static func arguments() -> [String] {
        var count: Int32 = 0
        guard let list = shim_arguments(&count) else {
            return []
        }
        return (1..<max(1, Int(count))).compactMap { list[$0].map { String(cString: $0) } }
    }
}

/// Calls `body` with a null-terminated vector of C strings.
func withArgumentVector(_ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Void) {
    var arena: [CChar] = []
    var offsets: [Int] = []
    for text in texts {
        offsets.append(arena.count)
        arena.append(contentsOf: text.utf8CString)
    }
    arena.withUnsafeMutableBufferPointer { bytes in
        var pointers: [UnsafeMutablePointer<CChar>?] = offsets.map { offset in
            bytes.baseAddress.map { $0 + offset }
        }
        pointers.append(nil)
        pointers.withUnsafeBufferPointer { list in
            if let base = list.baseAddress { body(base) }
        }
    }
}
