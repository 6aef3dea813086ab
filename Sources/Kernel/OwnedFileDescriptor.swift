// SPDX-License-Identifier: Apache-2.0
// A descriptor with one owner: it cannot be copied, it cannot leak. All are close-on-exec.
internal import CShims

/// How `OwnedFileDescriptor.open` opens. See open(2).
public struct OpenMode: OptionSet, Sendable {
    /// The flags of open(2).
    public let rawValue: Int32
    /// Wraps flags.
    public init(rawValue: Int32) { self.rawValue = rawValue }
    /// For reading.
    public static let read = OpenMode([])
    /// For writing.
    public static let write = OpenMode(rawValue: 0o1)
    /// For both.
    public static let readWrite = OpenMode(rawValue: 0o2)
    /// Made when missing.
    public static let create = OpenMode(rawValue: 0o100)
    /// Fails when it is there.
    public static let exclusive = OpenMode(rawValue: 0o200)
    /// Emptied.
    public static let truncate = OpenMode(rawValue: 0o1000)
    /// Each write goes to the end.
    public static let append = OpenMode(rawValue: 0o2000)
    /// Never waits.
    public static let nonBlocking = OpenMode(rawValue: 0o4000)
    /// Fails when it is no directory.
    public static let directory = OpenMode(rawValue: 0o200000)
    /// The last component may be no symbolic link.
    public static let noFollow = OpenMode(rawValue: 0o400000)
    /// A place in the file system only, neither read nor written.
    public static let path = OpenMode(rawValue: 0o10000000)
}

/// A file descriptor that is closed when its owner goes.
@frozen public struct OwnedFileDescriptor: ~Copyable, Sendable {
    /// The number; valid as long as the owner lives.
    public let number: Int32

    /// Takes ownership of an open descriptor.
    public init(owning number: Int32) { self.number = number }

    deinit { _ = shim_close(number) }

    /// Gives the number away: the caller closes it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    /// Opens `path`, relative to `directory` when given. See openat(2).
    public static func open(
        _ path: String, _ mode: OpenMode = .read, permissions: UInt32 = 0o600, at directory: Int32 = -100
    ) throws(SyscallError) -> OwnedFileDescriptor {
        let fd = try checked(shim_open(directory, path, mode.rawValue, permissions), "open", path)
        return OwnedFileDescriptor(owning: fd)
    }

    /// Opens `path` below `root`: symbolic links stay inside, magic links are refused. See openat2(2).
    public static func openInRoot(
        _ path: String, root: Int32, _ mode: OpenMode = .read
    ) throws(SyscallError) -> OwnedFileDescriptor {
        let inRootWithoutMagicLinks: UInt64 = 0x10 | 0x02
        let flags = UInt64(mode.rawValue)
        let fd = try checked(
            shim_open_in_root(root, path, flags, inRootWithoutMagicLinks), "openat2", path)
        return OwnedFileDescriptor(owning: fd)
    }

    /// Opens a regular file below `root` for reading. Looked at before it is opened: opening a FIFO may wait
    /// for ever, and opening a device may do something.
    public static func openFileInRoot(_ path: String, root: Int32) throws(SyscallError) -> OwnedFileDescriptor
    {
        let place = try openInRoot(path, root: root, .path)
        guard try Files.status("", at: place.number).isRegularFile else {
            throw SyscallError("openat2", path, .invalid)
        }
        return try open("/proc/self/fd/\(place.number)")
    }

    /// Up to `count` bytes; empty at the end of the file. See read(2).
    public borrowing func read(upTo count: Int) throws(SyscallError) -> [UInt8] {
        var got: Int64 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            guard let base = buffer.baseAddress else { return }
            got = shim_read(number, base, count)
            length = Int(max(got, 0))
        }
        _ = try checked(got, "read")
        return bytes
    }

    /// The whole file, at most `limit` bytes: a longer one is an error (`EFBIG`).
    public borrowing func readAll(limit: Int) throws(SyscallError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = try read(upTo: min(32768, limit + 1 - all.count))
            if part.isEmpty { return all }
            // Most files are one part, which need not be copied.
            if all.isEmpty { all = part } else { all += part }
            if all.count > limit { throw SyscallError("read", "", ErrorNumber(27)) }
        }
    }

    /// Writes what fits now and returns how much that was. See write(2).
    public borrowing func writeSome(_ bytes: [UInt8]) throws(SyscallError) -> Int {
        let put = bytes.withUnsafeBytes { buffer -> Int64 in
            guard let base = buffer.baseAddress else { return 0 }
            return shim_write(number, base, buffer.count)
        }
        return Int(try checked(put, "write"))
    }

    /// Writes every byte at a place of the file. See pwrite(2).
    public borrowing func write(_ bytes: [UInt8], at offset: Int) throws(SyscallError) {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { buffer -> Int64 in
                guard let base = buffer.baseAddress else { return 0 }
                return shim_pwrite(number, base + done, buffer.count - done, Int64(offset + done))
            }
            done += Int(try checked(put, "pwrite"))
        }
    }

    /// Whether calls wait. See fcntl(2), O_NONBLOCK.
    public borrowing func setBlocking(_ blocking: Bool) throws(SyscallError) {
        _ = try checked(shim_set_blocking(number, blocking ? 1 : 0), "fcntl")
    }

    /// Writes every byte. See write(2).
    public borrowing func write(_ bytes: some Collection<UInt8>) throws(SyscallError) {
        try writeAll(bytes, to: number)
    }
}

/// Writes every byte to a descriptor that somebody else owns, such as standard output.
public func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws(SyscallError) {
    let whole = Array(bytes)
    var done = 0
    while done < whole.count {
        let put = whole.withUnsafeBytes { buffer -> Int64 in
            guard let base = buffer.baseAddress else { return 0 }
            return shim_write(descriptor, base + done, buffer.count - done)
        }
        done += Int(try checked(put, "write"))
    }
}

/// Writes text, ignoring a reader that went away: for diagnostics.
public func writeText(_ text: String, to descriptor: Int32) {
    try? writeAll(text.utf8, to: descriptor)
}

/// Reads from standard input, which nobody owns; empty at its end.
public func readStandardInput(upTo count: Int = 16384) throws(SyscallError) -> [UInt8] {
    var got: Int64 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
        guard let base = buffer.baseAddress else { return }
        got = shim_read(0, base, count)
        length = Int(max(got, 0))
    }
    _ = try checked(got, "read", "standard input")
    return bytes
}
