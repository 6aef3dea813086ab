// SPDX-License-Identifier: Apache-2.0
// Files and directories of the host: small calls that read as sentences. Paths inside a container's root
// do not belong here: see OwnedFileDescriptor.openInRoot.
internal import CShims

/// The host's files, each call relative to `directory` (a descriptor) when given.
public enum Files {
    /// The current directory as a descriptor for the `at` calls.
    public static let currentDirectory: Int32 = -100

    /// The whole of a small file.
    public static func read(
        _ path: String, at directory: Int32 = currentDirectory, limit: Int = 1 << 20
    ) throws(SyscallError) -> [UInt8] {
        let file = try OwnedFileDescriptor.open(path, at: directory)
        do { return try file.readAll(limit: limit) } catch {
            throw SyscallError(error.call, path, error.number)
        }
    }

    /// Writes a file of the kernel (cgroup, procfs): one write, no truncation of meaning.
    public static func writeKernelFile(
        _ path: String, _ text: String, at directory: Int32 = currentDirectory
    ) throws(SyscallError) {
        let file = try OwnedFileDescriptor.open(path, .write, at: directory)
        do { try file.write(text.utf8) } catch { throw SyscallError("write", path, error.number) }
    }

    /// Replaces `name` whole: readers see the old or the new content. See rename(2).
    public static func replace(
        _ name: String, with bytes: [UInt8], at directory: Int32, permissions: UInt32 = 0o600
    ) throws(SyscallError) {
        let temporary = name + ".tmp"
        do {
            let file = try OwnedFileDescriptor.open(
                temporary, [.write, .create, .truncate], permissions: permissions, at: directory)
            try file.write(bytes)
        }
        _ = try checked(shim_rename(directory, temporary, directory, name), "rename", name)
    }

    /// Makes a directory; false when it was there.
    public static func makeDirectory(
        _ path: String, permissions: UInt32 = 0o700, at directory: Int32 = currentDirectory
    ) throws(SyscallError) -> Bool {
        let result = shim_mkdir(directory, path, permissions)
        if result == -ErrorNumber.exists.value { return false }
        _ = try checked(result, "mkdir", path)
        return true
    }

    /// Makes a directory and those above it.
    public static func makeDirectories(_ path: String, permissions: UInt32 = 0o700) throws(SyscallError) {
        do throws(SyscallError) { _ = try makeDirectory(path, permissions: permissions) } catch {
            guard error.number == .noEntry, let slash = path.lastIndex(of: "/"), slash != path.startIndex
            else {
                throw error
            }
            try makeDirectories(String(path[..<slash]), permissions: permissions)
            _ = try makeDirectory(path, permissions: permissions)
        }
    }

    /// Makes a FIFO. See mkfifo(3).
    public static func makeFIFO(_ name: String, at directory: Int32) throws(SyscallError) {
        _ = try checked(shim_mkfifo(directory, name, 0o600), "mkfifo", name)
    }

    /// Removes a file; no error when it is gone.
    public static func remove(_ path: String, at directory: Int32 = currentDirectory) throws(SyscallError) {
        let result = shim_unlink(directory, path, 0)
        if result != -ErrorNumber.noEntry.value { _ = try checked(result, "unlink", path) }
    }

    /// Removes an empty directory; no error when it is gone.
    public static func removeDirectory(
        _ path: String, at directory: Int32 = currentDirectory
    ) throws(SyscallError) {
        let result = shim_unlink(directory, path, 1)
        if result != -ErrorNumber.noEntry.value { _ = try checked(result, "rmdir", path) }
    }

    /// Makes a symbolic link; its making is atomic, its target may be any text.
    public static func link(to target: String, _ name: String, at directory: Int32) throws(SyscallError) {
        _ = try checked(shim_symlink(target, directory, name), "symlink", name)
    }

    /// The target of a symbolic link.
    public static func readLink(
        _ path: String, at directory: Int32 = currentDirectory
    ) throws(SyscallError) -> String {
        var length: Int64 = 0
        let bytes = [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            length = shim_readlink(directory, path, base, 4096)
            count = Int(max(length, 0))
        }
        _ = try checked(length, "readlink", path)
        return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What is at `path`. See stat(2).
    public static func status(
        _ path: String, at directory: Int32 = currentDirectory, follow: Bool = true
    ) throws(SyscallError) -> FileStatus {
        var raw = shim_stat()
        _ = try checked(shim_stat_at(directory, path, follow ? 1 : 0, &raw), "stat", path)
        return FileStatus(
            device: raw.device, inode: raw.inode, size: raw.size, mode: raw.mode, uid: raw.uid, gid: raw.gid,
            links: raw.links, specialDevice: raw.special_device)
    }

    /// True when something is there.
    public static func exists(_ path: String, at directory: Int32 = currentDirectory) -> Bool {
        (try? status(path, at: directory)) != nil
    }

    /// The current directory's absolute path.
    public static func workingDirectory() throws(SyscallError) -> String {
        var length: Int64 = 0
        let bytes = [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            length = shim_getcwd(base, 4096)
            count = Int(max(length - 1, 0))
        }
        _ = try checked(length, "getcwd")
        return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a directory, without `.` and `..`, unsorted. See getdents(2).
    public static func names(in directory: borrowing OwnedFileDescriptor) throws(SyscallError) -> [String] {
        var names: [String] = []
        while true {
            var got: Int64 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 16384) { buffer, count in
                guard let base = buffer.baseAddress else { return }
                got = shim_getdents(directory.number, base, 16384)
                count = Int(max(got, 0))
            }
            _ = try checked(got, "getdents64")
            if bytes.isEmpty { return names }
            appendNames(from: bytes, to: &names)
        }
    }

    private static func appendNames(from bytes: [UInt8], to names: inout [String]) {
        var offset = 0
        while offset + 19 < bytes.count {
            let length = Int(bytes[offset + 16]) | Int(bytes[offset + 17]) << 8
            let name = bytes[(offset + 19)..<min(offset + length, bytes.count)].prefix { $0 != 0 }
            let text = String(decoding: name, as: UTF8.self)
            if text != ".", text != ".." { names.append(text) }
            guard length > 0 else { return }
            offset += length
        }
    }
}

/// The part of stat(2) that Roost looks at.
public struct FileStatus: Equatable, Sendable {
    /// The file system's number.
    public let device: UInt64
    /// The file's number in it.
    public let inode: UInt64
    /// Bytes.
    public let size: UInt64
    /// Type and permissions.
    public let mode: UInt32
    /// The owner.
    public let uid: UInt32
    /// The group.
    public let gid: UInt32
    /// The number of names.
    public let links: UInt32
    let specialDevice: UInt64
    /// True for a directory.
    public var isDirectory: Bool { mode & 0o170000 == 0o040000 }
    /// True for a regular file.
    public var isRegularFile: Bool { mode & 0o170000 == 0o100000 }
    /// True for a block device.
    public var isBlockDevice: Bool { mode & 0o170000 == 0o060000 }
    /// True for a character device.
    public var isCharacterDevice: Bool { mode & 0o170000 == 0o020000 }
    /// The number of a device, as makedev(3) encodes it.
    public var deviceNumber: DeviceNumber {
        DeviceNumber(
            major: Int64(specialDevice >> 8 & 0xfff | specialDevice >> 32 & ~0xfff),
            minor: Int64(specialDevice & 0xff | specialDevice >> 12 & 0xffff_ff00))
    }
    /// True for a pipe or FIFO.
    public var isPipe: Bool { mode & 0o170000 == 0o010000 }
}

/// A device by its numbers.
public struct DeviceNumber: Equatable, Sendable {
    /// The driver's.
    public let major: Int64
    /// The driver's own count.
    public let minor: Int64
}

/// A lock on an open directory or file, held until its descriptor is closed everywhere. See flock(2).
public enum FileLock {
    /// Takes the lock; false when another process has it and `wait` is false.
    public static func take(
        _ descriptor: borrowing OwnedFileDescriptor, shared: Bool = false, wait: Bool
    ) throws(SyscallError) -> Bool {
        let result = shim_flock(descriptor.number, shared ? 0 : 1, wait ? 1 : 0)
        if result == -ErrorNumber.again.value { return false }
        _ = try checked(result, "flock")
        return true
    }

    /// Gives it back before the descriptor is closed.
    public static func release(_ descriptor: borrowing OwnedFileDescriptor) {
        _ = shim_unlock(descriptor.number)
    }
}
