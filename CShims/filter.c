// SPDX-License-Identifier: Apache-2.0
// seccomp(2) in the child: the filter is the last thing before execve, so that no call of ours runs
// under it. With a listener the parent fetches its descriptor, by pidfd_getfd(2).
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CShims.h"
#include "Interpreter.h"

// Without no_new_privs the kernel wants CAP_SYS_ADMIN, which setresuid or the configuration took
// from the effective set. The permitted one still has it; execve takes it from there.
static int raise_administration(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0)
        return -errno;
    data[0].effective |= 1u << CAP_SYS_ADMIN;
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int shim_filter(struct interpreter *in, const struct shim_op *op)
{
    if (op->y) {
        int status = raise_administration();
        if (status < 0)
            return status;
    }
    struct sock_fprog program = {.len = (unsigned short)op->x,
        .filter = (struct sock_filter *)(uintptr_t)(in->program->arena + op->list1)};
    int result = shim_seccomp(SECCOMP_SET_MODE_FILTER, op->a, &program);
    if (result > 0)
        in->page->listener = (uint32_t)result + 1;
    return result < 0 ? result : 0;
}

int shim_pidfd_getfd(int pidfd, int descriptor)
{
    int fd = (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
    return fd < 0 ? -errno : fd;
}
