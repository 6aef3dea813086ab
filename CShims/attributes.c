// SPDX-License-Identifier: Apache-2.0
// One extended attribute of a name in a directory. See lgetxattr(2).
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/xattr.h>

#include "CShims.h"

// By a name below /proc/self/fd: there is no call that takes a directory and a name.
int64_t shim_attribute(int at, const char *name, const char *key, void *value, size_t size)
{
    char path[320];
    if (snprintf(path, sizeof path, "/proc/self/fd/%d/%s", at, name) >= (int)sizeof path)
        return -ENAMETOOLONG;
    ssize_t length = lgetxattr(path, key, value, size);
    return length < 0 ? -errno : length;
}
