// SPDX-License-Identifier: Apache-2.0
// clone3(2), then one loop over the operations in the child. Raw calls only: no malloc, no stdio,
// no Swift; all memory was prepared by the parent. The child ends in execve or _exit.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "CShims.h"
#include "Interpreter.h"
#include "Mounting.h"

#define KEYCTL_JOIN_SESSION 1
#define LAST_CAPABILITY 63

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// SIG_IGN survives execve, so every disposition is set back, not only the handled ones.
static int session(void)
{
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } reset = {0};
    for (int number = 1; number <= 64; number++)
        syscall(SYS_rt_sigaction, number, &reset, NULL, sizeof reset.mask);
    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    if (setsid() < 0 && errno != EPERM)
        return -errno;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

// Where a filter hides the call, it hides it from the container too: there the keys of the host's
// session are out of reach as well. No name: one of that name may have been made by somebody else,
// and would be joined.
static int keyring(void)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION, NULL) >= 0 || errno == ENOSYS || errno == EPERM)
        return 0;
    return -errno;
}

static int write_text(int fd, const char *value)
{
    size_t length = strlen(value);
    ssize_t put = write(fd, value, length);
    int status = put < 0 ? -errno : (size_t)put == length ? 0 : -EIO;
    close(fd);
    return status;
}

static int host_write(const struct interpreter *in, const struct shim_op *op)
{
    int fd = open(text(in, op->s1), O_WRONLY | O_CLOEXEC);
    return fd < 0 ? -errno : write_text(fd, text(in, op->s2));
}

static int proc_write(const struct interpreter *in, const struct shim_op *op)
{
    struct open_how how = {.flags = O_WRONLY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS};
    int fd = (int)syscall(SYS_openat2, in->slots[op->slot], text(in, op->s1), &how, sizeof how);
    return fd < 0 ? -errno : write_text(fd, text(in, op->s2));
}

static int loopback(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int status = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(fd);
    return status;
}

static int bounding(const struct shim_op *op)
{
    for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
        if (op->x >> capability & 1)
            continue;
        // EINVAL: past the last capability of this kernel.
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
            return errno == EINVAL ? 0 : -errno;
    }
    return 0;
}

static int identity(const struct interpreter *in, const struct shim_op *op)
{
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return -errno;
    if (syscall(SYS_setgroups, op->a, list(in, op->list1)) < 0)
        return -errno;
    gid_t gid = (gid_t)op->y;
    uid_t uid = (uid_t)op->x;
    if (syscall(SYS_setresgid, gid, gid, gid) < 0)
        return -errno;
    if (syscall(SYS_setresuid, uid, uid, uid) < 0)
        return -errno;
    return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static int ambient(const struct shim_op *op)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return -errno;
    for (int capability = 0; capability <= LAST_CAPABILITY; capability++)
        if (op->x >> capability & 1 &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
            return -errno;
    return 0;
}

// A working directory such as /proc/self/fd/7 can lie outside the root: the kernel then answers a
// path that does not begin with a slash ("(unreachable)").
static int directory(struct interpreter *in, const struct shim_op *op)
{
    char where[4096];
    const char *path = text(in, op->s1);
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return -errno;
    int fd = op->a ? shim_target(root, path, 0, 0) : shim_existing(root, path, 0);
    close(root);
    if (fd < 0)
        return fd == -ELOOP ? fail(in, SHIM_DETAIL_OUTSIDE, fd) : fd;
    int status = fchdir(fd) < 0 ? -errno : 0;
    close(fd);
    if (status)
        return status;
    if (syscall(SYS_getcwd, where, sizeof where) < 0)
        return -errno;
    return where[0] == '/' ? 0 : fail(in, SHIM_DETAIL_OUTSIDE, -ENOENT);
}

// As execvp(3) does, but before the container counts as created: a missing program fails `create`.
static int find_program(const struct interpreter *in, const struct shim_op *op)
{
    char *const *candidates = list(in, op->list1);
    int status = -ENOENT;
    for (uint32_t i = 0; candidates[i]; i++) {
        struct stat st;
        if (stat(candidates[i], &st) < 0) {
            if (errno != ENOENT && errno != ENOTDIR && status == -ENOENT)
                status = -errno;
        } else if (!S_ISREG(st.st_mode)) {
            if (status == -ENOENT)
                status = S_ISDIR(st.st_mode) ? -EISDIR : -EACCES;
        } else if (faccessat(AT_FDCWD, candidates[i], X_OK, AT_EACCESS) < 0) {
            status = -EACCES;
        } else {
            in->page->program = i;
            return 0;
        }
    }
    return status;
}

static int gate(struct interpreter *in, const struct shim_op *op)
{
    char byte = 'r';
    int fd = in->slots[op->slot];
    if (op->a && write(fd, &byte, 1) != 1)
        return fail(in, SHIM_DETAIL_PARENT_GONE, -EPIPE);
    ssize_t got;
    do
        got = read(fd, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 1 ? 0 : fail(in, SHIM_DETAIL_PARENT_GONE, -EPIPE);
}

// The FIFO is open for both, so that a writer who leaves is no end, and without blocking: poll
// until `start` has written its byte.
static int wait_for_start(const struct interpreter *in, const struct shim_op *op)
{
    struct pollfd wait = {in->slots[op->slot], POLLIN, 0};
    char byte;
    for (;;) {
        if (poll(&wait, 1, -1) < 0 && errno != EINTR)
            return -errno;
        if (read(wait.fd, &byte, 1) == 1)
            return 0;
    }
}

static int hook(struct interpreter *in, const struct shim_op *op)
{
    struct shim_hook_end end;
    struct shim_hook run = {.path = text(in, op->s1),
        .argv = list(in, op->list1),
        .envp = list(in, op->list2),
        .input = in->page->text[op->a],
        .input_length = in->page->text_length[op->a],
        .timeout_ms = (int64_t)op->x};
    int status = shim_run_hook(&run, &end);
    in->page->detail = end.detail;
    in->page->detail_index = end.detail_index;
    return status;
}

static int rlimit(const struct shim_op *op)
{
    struct rlimit limit = {.rlim_cur = op->x, .rlim_max = op->y};
    return setrlimit(op->a, &limit) < 0 ? -errno : 0;
}

static int execute(struct interpreter *in, const struct shim_op *op, char *const *candidates)
{
    in->page->at_exec = 1;
    execve(candidates[in->page->program], list(in, op->list1), list(in, op->list2));
    int error = errno;
    in->page->at_exec = 0;
    return -error;
}

static int process_operation(struct interpreter *in, const struct shim_op *op)
{
    switch (op->code) {
    case SHIM_OP_NOTHING:
        return 0;
    case SHIM_OP_CLOSE:
        return close(in->slots[op->slot]) < 0 ? -errno : 0;
    case SHIM_OP_SESSION:
        return session();
    case SHIM_OP_UNSHARE:
        return unshare((int)op->x) < 0 ? -errno : 0;
    case SHIM_OP_SETNS:
        return setns(in->slots[op->slot], (int)op->x) < 0 ? -errno : 0;
    case SHIM_OP_KEYRING:
        return keyring();
    case SHIM_OP_HOST_WRITE:
        return host_write(in, op);
    case SHIM_OP_HOSTNAME:
        return sethostname(text(in, op->s1), strlen(text(in, op->s1))) < 0 ? -errno : 0;
    case SHIM_OP_DOMAINNAME:
        return setdomainname(text(in, op->s1), strlen(text(in, op->s1))) < 0 ? -errno : 0;
    case SHIM_OP_PROC_WRITE:
        return proc_write(in, op);
    case SHIM_OP_RLIMIT:
        return rlimit(op);
    case SHIM_OP_LOOPBACK:
        return loopback();
    case SHIM_OP_CONSOLE:
        return shim_console(in, op);
    case SHIM_OP_BOUNDING:
        return bounding(op);
    case SHIM_OP_IDENTITY:
        return identity(in, op);
    case SHIM_OP_CAPABILITIES:
        return shim_capset(op->x, op->y, op->z);
    case SHIM_OP_AMBIENT:
        return ambient(op);
    case SHIM_OP_NO_NEW_PRIVILEGES:
        return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
    case SHIM_OP_UMASK:
        umask(op->a);
        return 0;
    case SHIM_OP_DIRECTORY:
        return directory(in, op);
    case SHIM_OP_FIND_PROGRAM:
        return find_program(in, op);
    case SHIM_OP_GATE:
        return gate(in, op);
    case SHIM_OP_START:
        return wait_for_start(in, op);
    case SHIM_OP_HOOK:
        return hook(in, op);
    case SHIM_OP_CLOSE_RANGE:
        return shim_close_descriptors(in, op);
    case SHIM_OP_SECCOMP:
        return shim_filter(in, op);
    case SHIM_OP_PERSONALITY:
        return personality(op->x) < 0 ? -errno : 0;
    default:
        return shim_mount_operation(in, op);
    }
}

__attribute__((noreturn)) static void report(struct interpreter *in, uint32_t operation, int status)
{
    in->page->error = -status;
    in->page->failed = operation + 1;
    _exit(127);
}

__attribute__((noreturn)) static void child_main(const struct shim_program *program, int entered)
{
    struct interpreter in = {program, program->page, program->slots, 0};
    if (entered < 0)
        report(&in, 0, fail(&in, SHIM_DETAIL_ENTER_GROUP, entered));
    char *const *candidates = list(&in, SHIM_NO_STRING);
    int filtered = 0;
    for (uint32_t i = 0; i < program->count; i++) {
        const struct shim_op *op = &program->operations[i];
        // Under the filter no call but execve: the clock may be one.
        in.page->stamps[i] = filtered ? in.page->stamps[i - 1] : now();
        filtered |= op->code == SHIM_OP_SECCOMP;
        if (op->code == SHIM_OP_FIND_PROGRAM)
            candidates = list(&in, op->list1);
        int status =
            op->code == SHIM_OP_EXEC ? execute(&in, op, candidates) : process_operation(&in, op);
        if (status < 0)
            report(&in, i, status);
    }
    _exit(127);
}

int shim_launch(
    const struct shim_program *program, uint64_t clone_flags, int cgroup, struct shim_child *child)
{
    int entered;
    long pid = shim_birth(clone_flags, cgroup, child, &entered);
    if (pid < 0)
        return (int)pid;
    if (pid == 0)
        child_main(program, entered);
    child->pid = (int32_t)pid;
    return 0;
}

uint64_t shim_page_stamp(const struct shim_page *page, uint32_t index)
{
    return page->stamps[index];
}

void shim_page_set_text(struct shim_page *page, uint32_t index, const void *text, uint32_t length)
{
    if (index >= SHIM_STATE_TEXTS)
        return;
    if (length > SHIM_STATE_TEXT_SIZE)
        length = SHIM_STATE_TEXT_SIZE;
    memcpy(page->text[index], text, length);
    page->text_length[index] = length;
}
