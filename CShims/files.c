// SPDX-License-Identifier: Apache-2.0
// Files and directories by descriptor. See open(2), openat2(2), getdents(2), flock(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CShims.h"

#define RESULT(call)                                                                               \
    do {                                                                                           \
        __typeof__(call) result_ = (call);                                                         \
        return result_ < 0 ? -errno : result_;                                                     \
    } while (0)

int shim_open(int at, const char *path, int flags, uint32_t mode)
{
    int fd;
    do
        fd = openat(at, path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

int shim_open_in_root(int root, const char *path, uint64_t flags, uint64_t resolve)
{
    struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve};
    RESULT((int)syscall(SYS_openat2, root, path, &how, sizeof how));
}

int shim_fchown(int fd, uint32_t uid)
{
    RESULT(fchown(fd, (uid_t)uid, (gid_t)-1));
}

int64_t shim_read(int fd, void *buffer, size_t count)
{
    ssize_t got;
    do
        got = read(fd, buffer, count);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

int64_t shim_write(int fd, const void *buffer, size_t count)
{
    ssize_t put;
    do
        put = write(fd, buffer, count);
    while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}

int64_t shim_pwrite(int fd, const void *buffer, size_t count, int64_t offset)
{
    ssize_t put;
    do
        put = pwrite(fd, buffer, count, offset);
    while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}

int shim_close(int fd)
{
    RESULT(close(fd));
}
int shim_dup_at_least(int fd, int lowest)
{
    RESULT(fcntl(fd, F_DUPFD_CLOEXEC, lowest));
}
int shim_dup_onto(int fd, int target)
{
    RESULT(dup2(fd, target));
}
int shim_set_close_on_exec(int fd, int on)
{
    RESULT(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0));
}

int shim_set_blocking(int fd, int blocking)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return -errno;
    RESULT(fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}

int shim_mkdir(int at, const char *path, uint32_t mode)
{
    RESULT(mkdirat(at, path, mode));
}
int shim_mkfifo(int at, const char *path, uint32_t mode)
{
    RESULT(mkfifoat(at, path, mode));
}

int shim_unlink(int at, const char *path, int directory)
{
    RESULT(unlinkat(at, path, directory ? AT_REMOVEDIR : 0));
}

int shim_rename(int from_at, const char *from, int to_at, const char *to)
{
    RESULT(renameat(from_at, from, to_at, to));
}

int shim_link(int from_at, const char *from, int to_at, const char *to)
{
    RESULT(linkat(from_at, from, to_at, to, 0));
}
int shim_symlink(const char *target, int at, const char *path)
{
    RESULT(symlinkat(target, at, path));
}

int64_t shim_readlink(int at, const char *path, char *buffer, size_t size)
{
    RESULT(readlinkat(at, path, buffer, size));
}

int shim_stat_at(int at, const char *path, int follow, struct shim_stat *out)
{
    struct stat st;
    int flags = (follow ? 0 : AT_SYMLINK_NOFOLLOW) | (*path ? 0 : AT_EMPTY_PATH);
    if (fstatat(at, path, &st, flags) < 0)
        return -errno;
    out->device = st.st_dev;
    out->inode = st.st_ino;
    out->size = (uint64_t)st.st_size;
    out->special_device = st.st_rdev;
    out->mode = st.st_mode;
    out->uid = st.st_uid;
    out->gid = st.st_gid;
    out->links = (uint32_t)st.st_nlink;
    return 0;
}

int shim_is_on_read_only_mount(const char *path)
{
    struct statfs fs;
    if (statfs(path, &fs) < 0)
        return -errno;
    return (fs.f_flags & 1 /* ST_RDONLY */) != 0;
}

int shim_flock(int fd, int exclusive, int wait)
{
    int status, operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB);
    do
        status = flock(fd, operation);
    while (status < 0 && errno == EINTR);
    return status < 0 ? -errno : 0;
}

int shim_unlock(int fd)
{
    RESULT(flock(fd, LOCK_UN));
}

int64_t shim_getdents(int fd, void *buffer, size_t size)
{
    RESULT(syscall(SYS_getdents64, fd, buffer, size));
}

int shim_fsync(int fd)
{
    RESULT(fsync(fd));
}

int shim_syncfs(int fd)
{
    RESULT(syncfs(fd));
}

int shim_ftruncate(int fd, int64_t size)
{
    RESULT(ftruncate(fd, size));
}

int64_t shim_getcwd(char *buffer, size_t size)
{
    RESULT(syscall(SYS_getcwd, buffer, size));
}

int shim_access_executable(int at, const char *path)
{
    RESULT(faccessat(at, path, X_OK, AT_EACCESS));
}

void *shim_map_shared(int fd, size_t size)
{
    int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
    void *page = mmap(0, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    return page == MAP_FAILED ? 0 : page;
}

int shim_unmap(void *address, size_t size)
{
    RESULT(munmap(address, size));
}
