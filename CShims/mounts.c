// SPDX-License-Identifier: Apache-2.0
// The mount calls, old and new. See mount(2), umount2(2), pivot_root(2), fsopen(2), fsconfig(2),
// fsmount(2), open_tree(2), move_mount(2), mount_setattr(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "CShims.h"
#include "Mounting.h"

static int checked(long result)
{
    return result < 0 ? -errno : (int)result;
}

int shim_mount(
    const char *source, const char *target, const char *type, uint64_t flags, const char *data)
{
    return checked(mount(source, target, type, flags, data));
}

int shim_unmount(const char *target, int flags)
{
    return checked(umount2(target, flags));
}

int shim_pivot_root(const char *new_root, const char *put_old)
{
    return checked(syscall(SYS_pivot_root, new_root, put_old));
}

int shim_fsopen(const char *type)
{
    return checked(syscall(SYS_fsopen, type, 1u /* FSOPEN_CLOEXEC */));
}

int shim_fsconfig(int fs, uint32_t command, const char *key, const char *value)
{
    return checked(syscall(SYS_fsconfig, fs, command, key, value, 0));
}

int shim_fsmount(int fs, uint64_t attributes)
{
    return checked(syscall(SYS_fsmount, fs, 1u /* FSMOUNT_CLOEXEC */, (unsigned)attributes));
}

int shim_open_tree(int at, const char *path, uint32_t flags)
{
    return checked(syscall(SYS_open_tree, at, path, flags | O_CLOEXEC));
}

int shim_move_mount(int from, int onto)
{
    return checked(
        syscall(SYS_move_mount, from, "", onto, "", SHIM_MOVE_FROM_FD | SHIM_MOVE_ONTO_FD));
}

int shim_mount_setattr(int fd, uint64_t set, uint64_t clear, uint64_t propagation, int recursive)
{
    struct shim_mount_attr attributes = {set, clear, propagation, 0};
    int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    return checked(syscall(SYS_mount_setattr, fd, "", flags, &attributes, sizeof attributes));
}
