// SPDX-License-Identifier: Apache-2.0
// The mounts that users ask for on the host itself. Everything else that Roost mounts is detached, or in a
// mount namespace of its own.
internal import CShims

/// Mounts in the namespace of this process.
public enum HostMounts {
    /// Mounts a detached tree on a directory. See move_mount(2).
    public static func attach(
        _ tree: borrowing OwnedFileDescriptor, onto path: String
    ) throws(SyscallError) {
        let place = try OwnedFileDescriptor.open(path, [.path, .directory, .noFollow])
        _ = try checked(shim_move_mount(tree.number, place.number), "move_mount", path)
    }

    /// Takes a mount away; `EBUSY` while somebody is in it. See umount2(2).
    public static func detach(_ path: String) throws(SyscallError) {
        let noFollow: Int32 = 8
        _ = try checked(shim_unmount(path, noFollow), "umount2", path)
    }
}
