// SPDX-License-Identifier: Apache-2.0
// What a process gives up: see prctl(2), capabilities(7), seccomp(2), mount_setattr(2),
// open_tree(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CTransfer.h"

static int outcome(long result)
{
    return result < 0 ? -errno : (int)result;
}

int sandbox_no_new_privileges(void)
{
    return outcome(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

int sandbox_not_dumpable(void)
{
    return outcome(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

// A detached copy of a directory's mount: `..` ends at it.
int sandbox_detach(int directory)
{
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE;
    int tree = outcome(syscall(SYS_open_tree, directory, "", flags));
    if (tree < 0)
        return tree;
    int again = outcome(openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    close(tree);
    return again;
}

// A mount namespace of its own in which nothing may be written.
int sandbox_read_only(void)
{
    if (unshare(CLONE_NEWNS) < 0)
        return -errno;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE};
    return outcome(
        syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes));
}

int sandbox_replace(int from, int onto)
{
    int result = outcome(dup3(from, onto, O_CLOEXEC));
    close(from);
    return result;
}

int sandbox_permitted(uint64_t *mask)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0)
        return -errno;
    *mask = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return 0;
}

// Effective and permitted become `mask`, all other sets empty.
int sandbox_keep_capabilities(uint64_t mask)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)mask, (uint32_t)mask, 0}, {(uint32_t)(mask >> 32), (uint32_t)(mask >> 32), 0}};
    // Without CAP_SETPCAP the bounding set stays; nothing is executed, so it gives nothing.
    for (int number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
        prctl(PR_CAPBSET_DROP, number, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return outcome(syscall(SYS_capset, &header, data));
}

int sandbox_filter(const uint64_t *instructions, uint32_t count)
{
    struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)instructions};
    return outcome(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

int sandbox_process(void)
{
    return getpid();
}
