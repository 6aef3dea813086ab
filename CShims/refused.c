// SPDX-License-Identifier: Apache-2.0
// Which of the calls that launching needs are refused here, asked when one has failed: each is made
// in a way that does nothing. A filter answers before the kernel looks at the arguments.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CShims.h"
#include "Mounting.h"

static int openat2_refused(void)
{
    struct open_how how = {0};
    return (int)syscall(SYS_openat2, -1, "x", &how, sizeof how);
}

int shim_refused(uint32_t index, const char **name)
{
    static const char *const names[] = {"openat2", "open_tree", "move_mount", "mount_setattr",
        "fsopen", "close_range", "unshare", "setns", "pivot_root"};
    struct shim_mount_attr nothing = {0};
    if (index >= sizeof names / sizeof *names)
        return -EINVAL;
    *name = names[index];
    errno = 0;
    switch (index) {
    case 0:
        openat2_refused();
        break;
    case 1:
        syscall(SYS_open_tree, -1, "x", 0);
        break;
    case 2:
        syscall(SYS_move_mount, -1, "x", -1, "x", 0);
        break;
    case 3:
        syscall(SYS_mount_setattr, -1, "x", 0, &nothing, sizeof nothing);
        break;
    case 4:
        syscall(SYS_fsopen, "", 0);
        break;
    case 5:
        syscall(SYS_close_range, 2u, 1u, 0u);
        break;
    case 6:
        syscall(SYS_unshare, 0);
        break;
    case 7:
        syscall(SYS_setns, -1, 0);
        break;
    default:
        syscall(SYS_pivot_root, "", "");
        break;
    }
    return errno == ENOSYS || errno == EPERM ? -errno : 0;
}
