// SPDX-License-Identifier: Apache-2.0
// Removing a directory with all that is in it, by descriptors: a link that somebody puts in the way is
// removed, never followed.
internal import CShims

extension Files {
    /// Removes what `name` is, with everything in it; no error when it is gone. Mount points stay an error.
    public static func removeTree(
        _ name: String, at directory: Int32 = currentDirectory
    ) throws(SyscallError) {
        let status: FileStatus
        do throws(SyscallError) { status = try self.status(name, at: directory, follow: false) } catch {
            if error.number == .noEntry { return }
            throw error
        }
        guard status.isDirectory else { return try remove(name, at: directory) }
        do throws(SyscallError) { return try removeDirectory(name, at: directory) } catch {
            guard error.number == .notEmpty || error.number == .exists else { throw error }
        }
        try emptyDirectory(name, at: directory)
        try removeDirectory(name, at: directory)
    }

    // Not by recursion over paths: each level has its descriptor. What comes in meanwhile is taken too.
    private static func emptyDirectory(_ name: String, at directory: Int32) throws(SyscallError) {
        let opened = try OwnedFileDescriptor.open(name, [.directory, .noFollow], at: directory)
        for entry in try names(in: opened) {
            // Most entries are files: unlink first, look only when it is a directory.
            let result = shim_unlink(opened.number, entry, 0)
            if result >= 0 || result == -ErrorNumber.noEntry.value { continue }
            guard result == -ErrorNumber.isDirectory.value || result == -ErrorNumber.notPermitted.value else {
                _ = try checked(result, "unlink", entry)
                continue
            }
            try removeTree(entry, at: opened.number)
        }
    }
}
