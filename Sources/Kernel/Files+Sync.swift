// SPDX-License-Identifier: Apache-2.0
// What makes a change last, and what makes it whole: fsync(2), syncfs(2), rename(2).
internal import CShims

extension OwnedFileDescriptor {
    /// Waits until the content is on the disk. See fsync(2).
    public borrowing func sync() throws(SyscallError) {
        _ = try checked(shim_fsync(number), "fsync")
    }

    /// Waits until all of the file system that this file is on is on the disk. See syncfs(2).
    public borrowing func syncFileSystem() throws(SyscallError) {
        _ = try checked(shim_syncfs(number), "syncfs")
    }

    /// Makes another user the owner. See fchown(2).
    public borrowing func give(to uid: UInt32) throws(SyscallError) {
        _ = try checked(shim_fchown(number, uid), "fchown")
    }

    /// Makes the file this long. See ftruncate(2).
    public borrowing func truncate(to size: Int64) throws(SyscallError) {
        _ = try checked(shim_ftruncate(number, size), "ftruncate")
    }
}

extension Files {
    /// Waits until the content of a file that somebody else owns is on the disk. See fsync(2).
    public static func sync(_ descriptor: Int32) throws(SyscallError) {
        _ = try checked(shim_fsync(descriptor), "fsync")
    }

    /// Gives a file another name, in place of what has it. Both are relative to `directory`. See rename(2).
    public static func rename(
        _ old: String, to new: String, at directory: Int32 = currentDirectory
    ) throws(SyscallError) {
        _ = try checked(shim_rename(directory, old, directory, new), "rename", new)
    }

    /// As `replace`, and on the disk before the old content is gone.
    public static func replaceLasting(
        _ name: String, with bytes: [UInt8], at directory: Int32, permissions: UInt32 = 0o600
    ) throws(SyscallError) {
        let temporary = name + ".tmp"
        do {
            let file = try OwnedFileDescriptor.open(
                temporary, [.write, .create, .truncate], permissions: permissions, at: directory)
            try file.write(bytes)
            try file.sync()
        }
        try rename(temporary, to: name, at: directory)
    }
}
