// SPDX-License-Identifier: Apache-2.0
// One file with all that belongs to it, from one directory into another. See ioctl_ficlone(2),
// copy_file_range(2), lseek(2), mknod(2), listxattr(2), utimensat(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "CShims.h"

// For file systems that cannot copy among themselves.
static int copy_through_memory(int from, int to, off_t start, off_t end)
{
    char buffer[32768];
    while (start < end) {
        size_t want = (size_t)(end - start) < sizeof buffer ? (size_t)(end - start) : sizeof buffer;
        ssize_t got = pread(from, buffer, want, start);
        if (got <= 0)
            return got < 0 ? -errno : -EIO;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = pwrite(to, buffer + done, (size_t)(got - done), start + done);
            if (put < 0)
                return -errno;
            done += put;
        }
        start += got;
    }
    return 0;
}

static int copy_range(int from, int to, off_t start, off_t end)
{
    while (start < end) {
        off_t in = start, out = start;
        ssize_t done = copy_file_range(from, &in, to, &out, (size_t)(end - start), 0);
        if (done <= 0)
            return copy_through_memory(from, to, start, end);
        start += done;
    }
    return 0;
}

// Holes stay holes.
static int copy_content(int from, int to, off_t size)
{
    if (size == 0 || ioctl(to, FICLONE, from) == 0)
        return 0;
    for (off_t at = 0; at < size;) {
        off_t data = lseek(from, at, SEEK_DATA);
        if (data < 0 && errno == ENXIO)
            break;
        off_t hole = data < 0 ? size : lseek(from, data, SEEK_HOLE);
        if (data < 0)
            data = at;
        if (hole < 0 || hole > size)
            hole = size;
        int status = copy_range(from, to, data, hole);
        if (status < 0)
            return status;
        at = hole;
    }
    return ftruncate(to, size) < 0 ? -errno : 0;
}

static int copy_file(int from_at, const char *name, int to_at, off_t size)
{
    int from = openat(from_at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0)
        return -errno;
    int to = openat(to_at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int status = to < 0 ? -errno : copy_content(from, to, size);
    if (to >= 0)
        close(to);
    close(from);
    return status;
}

static int copy_link(int from_at, const char *name, int to_at)
{
    char target[4096];
    ssize_t length = readlinkat(from_at, name, target, sizeof target - 1);
    if (length < 0)
        return -errno;
    target[length] = 0;
    return symlinkat(target, to_at, name) < 0 ? -errno : 0;
}

int shim_copy_node(int from_at, const char *name, int to_at)
{
    struct stat is;
    if (fstatat(from_at, name, &is, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    switch (is.st_mode & S_IFMT) {
    case S_IFREG:
        return copy_file(from_at, name, to_at, is.st_size);
    case S_IFLNK:
        return copy_link(from_at, name, to_at);
    case S_IFDIR:
        return mkdirat(to_at, name, 0700) < 0 ? -errno : 0;
    default:
        return mknodat(to_at, name, (is.st_mode & S_IFMT) | 0600, is.st_rdev) < 0 ? -errno : 0;
    }
}

static int is_left_out(const char *name)
{
    return strncmp(name, "user.overlay.", 13) == 0 || strncmp(name, "trusted.overlay.", 16) == 0 ||
           strcmp(name, "security.selinux") == 0;
}

// By names below /proc/self/fd: there are no calls that take a directory and a name.
static int copy_attributes(int from_at, const char *name, int to_at)
{
    char from[320], to[320], value[65536], list[65536];
    snprintf(from, sizeof from, "/proc/self/fd/%d/%s", from_at, name);
    snprintf(to, sizeof to, "/proc/self/fd/%d/%s", to_at, name);
    ssize_t length = llistxattr(from, list, sizeof list);
    if (length < 0)
        return errno == EOPNOTSUPP ? 0 : -errno;
    for (char *key = list; key < list + length; key += strlen(key) + 1) {
        if (is_left_out(key))
            continue;
        ssize_t size = lgetxattr(from, key, value, sizeof value);
        if (size < 0 || lsetxattr(to, key, value, (size_t)size, 0) < 0)
            return -errno;
    }
    return 0;
}

int shim_copy_metadata(int from_at, const char *name, int to_at)
{
    struct stat is;
    if (fstatat(from_at, name, &is, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    // A change of the owner takes away capabilities and the setuid bit: it comes first.
    if (fchownat(to_at, name, is.st_uid, is.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    int status = copy_attributes(from_at, name, to_at);
    if (status < 0)
        return status;
    if (!S_ISLNK(is.st_mode) && fchmodat(to_at, name, is.st_mode & 07777, 0) < 0)
        return -errno;
    struct timespec times[2] = {is.st_atim, is.st_mtim};
    return utimensat(to_at, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}
