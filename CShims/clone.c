// SPDX-License-Identifier: Apache-2.0
// The birth of a child: clone3(2), or clone(2) where a filter hides clone3, as that of an outer
// container may: then the child moves itself into its group, before anything else. See
// CLONE_INTO_CGROUP, cgroups(7).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "Interpreter.h"
#include "Mounting.h"

// "0" is whoever writes.
static int enter_group(int cgroup)
{
    int fd = openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int status = write(fd, "0", 1) == 1 ? 0 : -errno;
    close(fd);
    return status;
}

static long plain_clone(uint64_t flags, int *pidfd)
{
    // The first three arguments are the same on every architecture here: flags, stack, parent_tid,
    // which takes the pidfd.
    return syscall(SYS_clone, (unsigned long)(flags | CLONE_PIDFD | SIGCHLD), 0, pidfd, 0, 0);
}

long shim_birth(uint64_t flags, int cgroup, struct shim_child *child, int *entered)
{
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
            set_tid_size, cgroup;
    } args = {.flags = flags | CLONE_PIDFD, .exit_signal = SIGCHLD};
    *entered = 0;
    child->pidfd = -1;
    child->by_clone = 0;
    args.pidfd = (uint64_t)(uintptr_t)&child->pidfd;
    if (cgroup >= 0) {
        args.flags |= 0x200000000ULL; /* CLONE_INTO_CGROUP */
        args.cgroup = (uint64_t)cgroup;
    }
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid >= 0 || (errno != ENOSYS && errno != EPERM))
        return pid < 0 ? -errno : pid;
    child->by_clone = 1;
    pid = plain_clone(flags, &child->pidfd);
    if (pid < 0)
        return -errno;
    if (pid == 0 && cgroup >= 0)
        *entered = enter_group(cgroup);
    return pid;
}
