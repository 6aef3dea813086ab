// SPDX-License-Identifier: Apache-2.0
// An overlay where fsopen(2) does not know its keys (before Linux 6.7): mounted by the old call in
// a mount namespace of its own, taken out of it as a detached tree. See mount(2), open_tree(2),
// setns(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "CShims.h"

static int mounted_elsewhere(int names, const char *target, const char *options)
{
    if (unshare(CLONE_NEWNS) < 0)
        return -errno;
    if (mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) < 0)
        return -errno;
    // The layers are named relative to here: a page has to hold all names.
    if (fchdir(names) < 0)
        return -errno;
    if (mount("overlay", target, "overlay", 0, options) < 0)
        return -errno;
    return shim_open_tree(AT_FDCWD, target, 1u /* OPEN_TREE_CLONE */);
}

int shim_old_overlay(int names, const char *target, const char *options)
{
    int home = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (home < 0 || here < 0)
        return -errno;
    int tree = mounted_elsewhere(names, target, options);
    // What cannot come back must not go on: its mounts are not the host's.
    if (setns(home, CLONE_NEWNS) < 0 || fchdir(here) < 0)
        _exit(125);
    close(home);
    close(here);
    return tree;
}
