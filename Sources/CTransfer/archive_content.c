// SPDX-License-Identifier: Apache-2.0
// Content and properties of an open file: see write(2), fsetxattr(2), fchown(2), futimens(3),
// getdents(2).
#define _GNU_SOURCE
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "CTransfer.h"

static int outcome(int result)
{
    return result < 0 ? -errno : result;
}

int tree_set_owner(int fd, uint32_t uid, uint32_t gid)
{
    return outcome(fchown(fd, uid, gid));
}

int tree_set_mode(int fd, uint32_t mode)
{
    return outcome(fchmod(fd, mode));
}

int tree_set_time(int fd, int64_t seconds, int64_t nanoseconds)
{
    struct timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    return outcome(futimens(fd, times));
}

int tree_set_attribute(int fd, const char *key, const void *value, size_t size)
{
    return outcome(fsetxattr(fd, key, value, size, 0));
}

int64_t tree_get_attribute(int fd, const char *key, void *value, size_t size)
{
    ssize_t length = fgetxattr(fd, key, value, size);
    return length < 0 ? -errno : length;
}

int64_t tree_list_attributes(int fd, char *buffer, size_t size)
{
    ssize_t length = flistxattr(fd, buffer, size);
    return length < 0 ? -errno : length;
}

int64_t tree_write(int fd, const void *bytes, size_t count)
{
    ssize_t put;
    do
        put = write(fd, bytes, count);
    while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}

int64_t tree_read(int fd, void *buffer, size_t count)
{
    ssize_t got;
    do
        got = read(fd, buffer, count);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

int64_t tree_read_at(int fd, void *buffer, size_t count, int64_t offset)
{
    ssize_t got;
    do
        got = pread(fd, buffer, count, offset);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

int64_t tree_copy(int from, int to, int64_t count)
{
    ssize_t put = copy_file_range(from, NULL, to, NULL, (size_t)count, 0);
    return put < 0 ? -errno : put;
}

int tree_set_size(int fd, int64_t size)
{
    return outcome(ftruncate(fd, size));
}

int tree_skip(int fd, int64_t count)
{
    return lseek(fd, count, SEEK_CUR) < 0 ? -errno : 0;
}

int64_t tree_names(int fd, void *buffer, size_t size)
{
    long length = syscall(SYS_getdents64, fd, buffer, size);
    return length < 0 ? -errno : length;
}

int tree_rewind(int fd)
{
    return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

int64_t tree_free_bytes(int fd)
{
    struct statvfs space;
    if (fstatvfs(fd, &space) < 0)
        return -errno;
    return (int64_t)space.f_bavail * (int64_t)space.f_frsize;
}

int tree_close(int fd)
{
    return outcome(close(fd));
}

int64_t tree_write_at(int fd, const void *bytes, size_t count, int64_t offset)
{
    ssize_t put;
    do
        put = pwrite(fd, bytes, count, offset);
    while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}
