// SPDX-License-Identifier: Apache-2.0
// Paths inside a root file system, which is not trusted: component by component, by descriptor,
// with openat2(2). A symbolic link is followed inside the root only; what is missing is made by
// mkdirat(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "Interpreter.h"

#define INSIDE (RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)

int shim_existing(int root, const char *path, uint64_t resolve)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = INSIDE | resolve};
    int fd, tries = 16;
    // A rename elsewhere on the host makes openat2 say EAGAIN: ask again, not for ever.
    do
        fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    while (fd < 0 && errno == EAGAIN && tries-- > 0);
    return fd < 0 ? -errno : fd;
}

// Makes the last component of `path` in the directory that the rest names.
static int make(int root, const char *path, size_t length, int make_file, uint64_t resolve)
{
    char parent[4096], name[256];
    while (length > 0 && path[length - 1] == '/')
        length--;
    size_t slash = length;
    while (slash > 0 && path[slash - 1] != '/')
        slash--;
    if (length == slash || length - slash >= sizeof name)
        return -ENAMETOOLONG;
    if (slash >= sizeof parent)
        return -ENAMETOOLONG;
    memcpy(name, path + slash, length - slash);
    name[length - slash] = 0;
    if (!strcmp(name, ".") || !strcmp(name, ".."))
        return -EINVAL;
    memcpy(parent, path, slash);
    parent[slash] = 0;
    int directory = shim_existing(root, slash ? parent : ".", resolve);
    if (directory < 0)
        return directory;
    int status;
    if (make_file) {
        int fd =
            openat(directory, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
        status = fd < 0 ? -errno : 0;
        if (fd >= 0)
            close(fd);
    } else {
        status = mkdirat(directory, name, 0755) < 0 ? -errno : 0;
    }
    close(directory);
    return status == -EEXIST ? 0 : status;
}

int shim_target(int root, const char *path, int make_file, uint64_t resolve)
{
    int fd = shim_existing(root, path, resolve);
    if (fd != -ENOENT)
        return fd;
    size_t length = strlen(path);
    if (length >= 4096)
        return -ENAMETOOLONG;
    for (size_t end = 1; end <= length; end++) {
        if (end < length && path[end] != '/')
            continue;
        if (path[end - 1] == '/')
            continue;
        char prefix[4096];
        memcpy(prefix, path, end);
        prefix[end] = 0;
        int found = shim_existing(root, prefix, resolve);
        if (found >= 0) {
            close(found);
            continue;
        }
        if (found != -ENOENT)
            return found;
        int status = make(root, path, end, make_file && end == length, resolve);
        if (status < 0)
            return status;
    }
    return shim_existing(root, path, resolve);
}
