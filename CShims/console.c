// SPDX-License-Identifier: Apache-2.0
// The container's terminal: a pair of its own devpts, the master sent to the caller, the slave on
// standard streams and /dev/console, by descriptor only. See pts(4), ioctl_tty(2), cmsg(3).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "CShims.h"
#include "Interpreter.h"
#include "Mounting.h"

#ifndef DEVPTS_SUPER_MAGIC
#define DEVPTS_SUPER_MAGIC 0x1cd1
#endif

static int open_master(struct interpreter *in, int root)
{
    struct statfs fs;
    struct stat st;
    int path = shim_existing(root, "/dev/pts/ptmx", RESOLVE_NO_SYMLINKS);
    if (path < 0)
        return path;
    if (fstatfs(path, &fs) < 0 || fs.f_type != DEVPTS_SUPER_MAGIC || fstat(path, &st) < 0 ||
        st.st_rdev != makedev(5, 2)) {
        close(path);
        return fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -ENODEV);
    }
    close(path);
    struct open_how how = {
        .flags = O_RDWR | O_NOCTTY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS};
    int master = (int)syscall(SYS_openat2, root, "/dev/pts/ptmx", &how, sizeof how);
    return master < 0 ? -errno : master;
}

static int open_slave(struct interpreter *in, int master)
{
    int unlocked = 0;
    struct stat st;
    if (ioctl(master, TIOCSPTLCK, &unlocked) < 0)
        return -errno;
    int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return -errno;
    if (fstat(slave, &st) < 0 || major(st.st_rdev) != 136) {
        close(slave);
        return fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -ENODEV);
    }
    return slave;
}

static int mount_console(int root, int slave)
{
    int target = shim_target(root, "/dev/console", 1, RESOLVE_NO_SYMLINKS);
    if (target < 0)
        return target;
    int tree = shim_open_tree(slave, "", SHIM_TREE_CLONE | AT_EMPTY_PATH);
    int status = tree < 0 ? tree : shim_move_mount(tree, target);
    if (tree >= 0)
        close(tree);
    close(target);
    return status;
}

int shim_console(struct interpreter *in, const struct shim_op *op)
{
    int root = op->slot < 0 ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : in->slots[op->slot];
    int master = open_master(in, root);
    if (master < 0)
        return master;
    int slave = open_slave(in, master), status = slave < 0 ? slave : 0;
    if (!status && op->a)
        status = shim_set_window_size(master, (uint16_t)(op->a >> 16), (uint16_t)op->a);
    // The program's user opens /dev/tty and /dev/console by name.
    if (!status && op->y && fchown(slave, (uid_t)op->y, (gid_t)-1) < 0)
        status = -errno;
    if (!status && op->x)
        status = mount_console(root, slave);
    if (!status)
        status = shim_send_fd(in->slots[op->slot2], master, "/dev/ptmx");
    if (!status && ioctl(slave, TIOCSCTTY, 0) < 0)
        status = -errno;
    for (int fd = 0; fd < 3 && !status; fd++)
        if (dup2(slave, fd) < 0)
            status = -errno;
    if (slave > 2)
        close(slave);
    close(master);
    close(in->slots[op->slot2]);
    return status;
}
