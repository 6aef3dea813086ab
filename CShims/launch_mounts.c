// SPDX-License-Identifier: Apache-2.0
// The operations that build a root file system: mounts by descriptor, devices, masks, pivot_root.
// See fsopen(2), open_tree(2), move_mount(2), mount_setattr(2), pivot_root(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "CShims.h"
#include "Interpreter.h"
#include "Mounting.h"

#define CONFIG_FLAG 0u
#define CONFIG_STRING 1u
#define CONFIG_CREATE 6u

static int attributes(int fd, const struct shim_op *op)
{
    return shim_mount_setattr(fd, op->x, op->y, op->z, op->a != 0);
}

static int clone_tree(int fd, int recursive)
{
    return shim_open_tree(fd, "", SHIM_TREE_CLONE | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
}

static int is_directory(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    return S_ISDIR(st.st_mode);
}

static int is_procfs(int fd)
{
    struct statfs fs;
    return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

static int open_tree_operation(struct interpreter *in, const struct shim_op *op)
{
    int fd = shim_open_tree(AT_FDCWD, text(in, op->s1), (uint32_t)op->x);
    if (fd < 0)
        return fd;
    in->slots[op->slot] = fd;
    return 0;
}

// /dev/null is taken from the host and proven to be the device before anything is hidden behind it.
static int open_null(struct interpreter *in, const struct shim_op *op)
{
    struct stat st;
    int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3)) {
        close(fd);
        return fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -ENODEV);
    }
    in->slots[op->slot] = fd;
    return 0;
}

static int root(struct interpreter *in, const struct shim_op *op)
{
    int below = open(text(in, op->s1), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (below < 0)
        return -errno;
    int status = shim_move_mount(in->slots[op->slot], below);
    close(below);
    return status;
}

static int fsmount_operation(struct interpreter *in, const struct shim_op *op)
{
    int fs = shim_fsopen(text(in, op->s1));
    if (fs < 0)
        return fs;
    char *const *options = list(in, op->list1);
    int status = 0, mount = -1;
    for (uint32_t i = 0; options[i] && !status; i += 2) {
        int flag = options[i + 1][0] == 0;
        status = shim_fsconfig(
            fs, flag ? CONFIG_FLAG : CONFIG_STRING, options[i], flag ? NULL : options[i + 1]);
        if (status < 0) {
            in->page->detail_index = i / 2;
            fail(in, SHIM_DETAIL_CONFIG, status);
        }
    }
    if (!status)
        status = fail(in, SHIM_DETAIL_CREATE, shim_fsconfig(fs, CONFIG_CREATE, NULL, NULL));
    if (!status)
        status = (mount = shim_fsmount(fs, op->x)) < 0 ? mount : 0;
    close(fs);
    in->slots[op->slot] = mount;
    return status;
}

static int attach(struct interpreter *in, const struct shim_op *op)
{
    int mount = in->slots[op->slot], directory = 1;
    if (op->a == SHIM_ATTACH_LIKE_SOURCE && (directory = is_directory(mount)) < 0)
        return directory;
    uint64_t resolve = op->a == SHIM_ATTACH_REAL_DIRECTORY ? RESOLVE_NO_SYMLINKS : 0;
    int target = shim_target(in->slots[op->slot2], text(in, op->s1), !directory, resolve);
    if (target == -ELOOP && resolve)
        return fail(in, SHIM_DETAIL_SYMLINK, target);
    if (target < 0)
        return fail(in, SHIM_DETAIL_OPEN_TARGET, target);
    int status = is_directory(target);
    if (status >= 0 && !op->x && is_procfs(target)) {
        status = fail(in, SHIM_DETAIL_IN_PROC, -EPERM);
    } else if (op->x && op->a == SHIM_ATTACH_REAL_DIRECTORY && !is_procfs(mount)) {
        status = fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -ENODEV);
    } else if (status >= 0 && status != directory) {
        uint32_t detail = directory ? SHIM_DETAIL_NOT_DIRECTORY : SHIM_DETAIL_NOT_FILE;
        status = fail(in, detail, directory ? -ENOTDIR : -EISDIR);
    } else if (status >= 0) {
        status = fail(in, SHIM_DETAIL_MOVE, shim_move_mount(mount, target));
    }
    close(target);
    close(mount);
    in->slots[op->slot] = -1;
    return status;
}

static int remount(struct interpreter *in, const struct shim_op *op)
{
    int target = shim_existing(in->slots[op->slot2], text(in, op->s1), 0);
    if (target < 0)
        return fail(in, SHIM_DETAIL_OPEN_TARGET, target);
    int status = attributes(target, op);
    close(target);
    return status;
}

static int open_directory(struct interpreter *in, const struct shim_op *op)
{
    int fd = shim_target(in->slots[op->slot2], text(in, op->s1), 0, 0);
    if (fd < 0)
        return fd;
    int directory = is_directory(fd);
    if (directory != 1) {
        close(fd);
        return directory < 0 ? directory : fail(in, SHIM_DETAIL_NOT_DIRECTORY, -ENOTDIR);
    }
    in->slots[op->slot] = fd;
    return 0;
}

// The host's node by bind mount, where the kernel refuses mknod (user namespaces, nested
// containers).
static int bind_device(struct interpreter *in, const struct shim_op *op, const char *name)
{
    char host[300] = "/dev/";
    struct stat st;
    if (strlen(name) >= sizeof host - 6)
        return -ENAMETOOLONG;
    strcat(host, name);
    int fd = open(host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int status = 0, tree = -1, target = -1;
    if (fstat(fd, &st) < 0 || st.st_rdev != op->x || (st.st_mode & S_IFMT) != (op->a & S_IFMT))
        status = fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -ENODEV);
    if (!status)
        status = (tree = clone_tree(fd, 0)) < 0 ? tree : 0;
    if (!status)
        status = (target = shim_target(in->slots[op->slot], name, 1, RESOLVE_NO_SYMLINKS)) < 0
                     ? target
                     : 0;
    if (!status)
        status = shim_move_mount(tree, target);
    if (target >= 0)
        close(target);
    if (tree >= 0)
        close(tree);
    close(fd);
    return status;
}

static int mknod_operation(struct interpreter *in, const struct shim_op *op)
{
    const char *name = text(in, op->s1);
    int directory = in->slots[op->slot];
    struct stat st;
    if (mknodat(directory, name, op->a, op->x) < 0) {
        if (errno == EPERM)
            return bind_device(in, op, name);
        if (errno != EEXIST)
            return -errno;
        if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            return -errno;
        int same = (st.st_mode & S_IFMT) == (op->a & S_IFMT) &&
                   (S_ISFIFO(st.st_mode) || st.st_rdev == op->x);
        return same ? 0 : fail(in, SHIM_DETAIL_NOT_THE_DEVICE, -EEXIST);
    }
    if ((op->y || op->z) &&
        fchownat(directory, name, (uid_t)op->y, (gid_t)op->z, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    return 0;
}

static int read_only(struct interpreter *in, const struct shim_op *op)
{
    int target = shim_existing(in->slots[op->slot], text(in, op->s1), 0);
    if (target == -ENOENT || target == -ENOTDIR)
        return 0;
    if (target < 0)
        return target;
    struct shim_op set = {.x = SHIM_ATTR_READ_ONLY, .a = 1};
    int tree = clone_tree(target, 1);
    int status = tree < 0 ? tree : attributes(tree, &set);
    if (!status)
        status = shim_move_mount(tree, target);
    if (tree >= 0)
        close(tree);
    close(target);
    return status;
}

// Kernels before 6.15 clone no tree of a mount that is attached nowhere: the first directory takes
// the empty file system itself, the others a clone of it there.
static int mask_directory(struct interpreter *in, int empty, int target)
{
    if (!in->empty_is_attached) {
        in->empty_is_attached = 1;
        return shim_move_mount(empty, target);
    }
    int tree = clone_tree(empty, 0);
    int status = tree < 0 ? tree : shim_move_mount(tree, target);
    if (tree >= 0)
        close(tree);
    return status;
}

// Read-only: the mode and the owner of this device are the host's, and root of the container owns
// it.
static int mask_file(int null_device, int target)
{
    int tree = clone_tree(null_device, 0);
    int status = tree < 0 ? tree : shim_mount_setattr(tree, SHIM_ATTR_READ_ONLY, 0, 0, 0);
    if (!status)
        status = shim_move_mount(tree, target);
    if (tree >= 0)
        close(tree);
    return status;
}

static int mask(struct interpreter *in, const struct shim_op *op)
{
    int target = shim_existing(in->slots[op->slot], text(in, op->s1), 0);
    if (target == -ENOENT || target == -ENOTDIR)
        return 0;
    if (target < 0)
        return target;
    int status = is_directory(target);
    if (status == 1)
        status = mask_directory(in, in->slots[op->x], target);
    else if (status == 0)
        status = mask_file(in->slots[op->slot2], target);
    close(target);
    return status;
}

static int pivot(const struct interpreter *in, const struct shim_op *op)
{
    int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old < 0)
        return -errno;
    int status = fchdir(in->slots[op->slot]) < 0 ? -errno : shim_pivot_root(".", ".");
    // The old root lies on top now: nothing that is unmounted there may reach the host.
    if (!status && fchdir(old) < 0)
        status = -errno;
    if (!status)
        status = shim_mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL);
    if (!status)
        status = shim_unmount(".", MNT_DETACH);
    close(old);
    return status || chdir("/") == 0 ? status : -errno;
}

// Without pivot_root (a root on the initial ramfs): move the root over / and chroot. The host's
// other mounts stay below, out of reach of a path but not of the kernel: hence only on request.
// Whoever has a whole procfs or sysfs in his mount namespace, even one below, may mount another
// in a user namespace of his own, without our masks: these two go. / is private or a slave here.
static int change_root(const struct interpreter *in, const struct shim_op *op)
{
    static const char *const whole[] = {"/proc", "/sys"};
    for (int i = 0; i < 2; i++) {
        int gone = shim_unmount(whole[i], MNT_DETACH);
        if (gone < 0 && gone != -EINVAL && gone != -ENOENT)
            return gone;
    }
    if (fchdir(in->slots[op->slot]) < 0)
        return -errno;
    int status = shim_mount(".", "/", NULL, MS_MOVE, NULL);
    if (status < 0)
        return status;
    if (chroot(".") < 0 || chdir("/") < 0)
        return -errno;
    return 0;
}

static int symlink_operation(const struct interpreter *in, const struct shim_op *op)
{
    if (symlinkat(text(in, op->s1), in->slots[op->slot], text(in, op->s2)) == 0)
        return 0;
    return errno == EEXIST ? 0 : -errno;
}

static int propagation(const struct interpreter *in, const struct shim_op *op)
{
    return shim_mount(NULL, text(in, op->s1), NULL, op->x, NULL);
}

int shim_mount_operation(struct interpreter *in, const struct shim_op *op)
{
    switch (op->code) {
    case SHIM_OP_PROPAGATION:
        return propagation(in, op);
    case SHIM_OP_ROOT_PROPAGATION:
    case SHIM_OP_ATTRIBUTES:
        return attributes(in->slots[op->slot], op);
    case SHIM_OP_OPEN_TREE:
        return open_tree_operation(in, op);
    case SHIM_OP_OPEN_NULL:
        return open_null(in, op);
    case SHIM_OP_ROOT:
        return root(in, op);
    case SHIM_OP_FSMOUNT:
        return fsmount_operation(in, op);
    case SHIM_OP_ATTACH:
        return attach(in, op);
    case SHIM_OP_REMOUNT:
        return remount(in, op);
    case SHIM_OP_OPEN_DIRECTORY:
        return open_directory(in, op);
    case SHIM_OP_MKNOD:
        return mknod_operation(in, op);
    case SHIM_OP_SYMLINK:
        return symlink_operation(in, op);
    case SHIM_OP_READ_ONLY:
        return read_only(in, op);
    case SHIM_OP_MASK:
        return mask(in, op);
    case SHIM_OP_PIVOT:
        return pivot(in, op);
    case SHIM_OP_CHROOT:
        return change_root(in, op);
    default:
        return -ENOSYS;
    }
}
