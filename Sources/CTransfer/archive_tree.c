// SPDX-License-Identifier: Apache-2.0
// Files of a layer: see openat2(2), mknodat(2), linkat(2), unlinkat(2), fchownat(2). The directory
// tree is this program's alone while it works, so a name that was just made is what was made.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "CTransfer.h"

static int outcome(int result)
{
    return result < 0 ? -errno : result;
}

int tree_open_parent(int root, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    long fd;
    // EAGAIN: a rename somewhere raced with `..` in a link.
    for (int tries = 0; tries < 32; tries++) {
        fd = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0 || (errno != EINTR && errno != EAGAIN))
            break;
    }
    return outcome((int)fd);
}

int tree_open_directory(int at, const char *name)
{
    return outcome(openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int tree_open_file(int at, const char *name)
{
    return outcome(openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

int tree_create(int at, const char *name)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return outcome(openat(at, name, flags, 0600));
}

int tree_make_directory(int at, const char *name, uint32_t mode)
{
    return outcome(mkdirat(at, name, mode));
}

int tree_make_node(int at, const char *name, uint32_t mode, uint32_t major, uint32_t minor)
{
    return outcome(mknodat(at, name, mode, makedev(major, minor)));
}

int tree_make_link(int at, const char *name, const char *target)
{
    return outcome(symlinkat(target, at, name));
}

int tree_make_hard_link(int from_at, const char *from, int at, const char *name)
{
    return outcome(linkat(from_at, from, at, name, 0));
}

int tree_remove(int at, const char *name, int directory)
{
    return outcome(unlinkat(at, name, directory ? AT_REMOVEDIR : 0));
}

int tree_rename(int from_at, const char *from, int to_at, const char *to)
{
    return outcome(renameat(from_at, from, to_at, to));
}

static int fill(const struct stat *from, struct transfer_status *out)
{
    *out = (struct transfer_status){.device = from->st_dev,
        .inode = from->st_ino,
        .size = (uint64_t)from->st_size,
        .special_device = from->st_rdev,
        .seconds = from->st_mtim.tv_sec,
        .nanoseconds = from->st_mtim.tv_nsec,
        .mode = from->st_mode,
        .uid = from->st_uid,
        .gid = from->st_gid,
        .links = (uint32_t)from->st_nlink};
    return 0;
}

int tree_status(int at, const char *name, struct transfer_status *out)
{
    struct stat found;
    if (fstatat(at, name, &found, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    return fill(&found, out);
}

int tree_descriptor_status(int fd, struct transfer_status *out)
{
    struct stat found;
    if (fstat(fd, &found) < 0)
        return -errno;
    return fill(&found, out);
}

int64_t tree_read_link(int at, const char *name, char *buffer, size_t size)
{
    ssize_t length = readlinkat(at, name, buffer, size);
    return length < 0 ? -errno : length;
}

int tree_set_owner_at(int at, const char *name, uint32_t uid, uint32_t gid)
{
    return outcome(fchownat(at, name, uid, gid, AT_SYMLINK_NOFOLLOW));
}

int tree_set_mode_at(int at, const char *name, uint32_t mode)
{
    return outcome(fchmodat(at, name, mode, 0));
}

int tree_set_time_at(int at, const char *name, int64_t seconds, int64_t nanoseconds)
{
    struct timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    return outcome(utimensat(at, name, times, AT_SYMLINK_NOFOLLOW));
}
