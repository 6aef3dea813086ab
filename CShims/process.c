// SPDX-License-Identifier: Apache-2.0
// Processes by pidfd, identity, program execution. See pidfd_open(2), waitid(2), execveat(2),
// prctl(2).
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CShims.h"
#include "Mounting.h"

extern char **environ;

int shim_unshare(uint64_t flags)
{
    return unshare((int)flags) < 0 ? -errno : 0;
}
int shim_setns(int fd, int type)
{
    return setns(fd, type) < 0 ? -errno : 0;
}

int shim_pidfd_open(int pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

int shim_pidfd_signal(int pidfd, int signal)
{
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int shim_kill(int pid, int signal)
{
    return kill(pid, signal) < 0 ? -errno : 0;
}

static int wait_for(idtype_t type, id_t id, int block, struct shim_exit *out)
{
    siginfo_t info = {0};
    int status;
    do
        status = waitid(type, id, &info, WEXITED | (block ? 0 : WNOHANG));
    while (status < 0 && errno == EINTR);
    if (status < 0)
        return -errno;
    if (info.si_pid == 0)
        return -EAGAIN;
    out->exited = info.si_code == CLD_EXITED;
    out->status = info.si_status;
    return 0;
}

int shim_wait_pidfd(int pidfd, int block, struct shim_exit *out)
{
    return wait_for(P_PIDFD, (id_t)pidfd, block, out);
}

int shim_wait_pid(int pid, struct shim_exit *out)
{
    return wait_for(P_PID, (id_t)pid, 1, out);
}

int shim_set_dumpable(int on)
{
    return prctl(PR_SET_DUMPABLE, on, 0, 0, 0) < 0 ? -errno : 0;
}
int shim_set_subreaper(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int shim_execute(int fd, char *const *argv, char *const *envp)
{
    syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
    return -errno;
}

int shim_execute_path(const char *path, char *const *argv, char *const *envp)
{
    execve(path, argv, envp);
    return -errno;
}

char **shim_environment(void)
{
    return environ;
}

int shim_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        data[half].effective = (uint32_t)(effective >> (32 * half));
        data[half].permitted = (uint32_t)(permitted >> (32 * half));
        data[half].inheritable = (uint32_t)(inheritable >> (32 * half));
    }
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int shim_prctl(int option, uint64_t a, uint64_t b)
{
    int result = prctl(option, a, b, 0, 0);
    return result < 0 ? -errno : result;
}

int shim_seccomp(uint32_t operation, uint32_t flags, void *argument)
{
    int result = (int)syscall(SYS_seccomp, operation, flags, argument);
    return result < 0 ? -errno : result;
}

int shim_close_range(uint32_t first, uint32_t last, uint32_t flags)
{
    return syscall(SYS_close_range, first, last, flags) < 0 ? -errno : 0;
}

int shim_effective_capabilities(uint64_t *out)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0)
        return -errno;
    *out = data[0].effective | (uint64_t)data[1].effective << 32;
    return 0;
}

int shim_get_rlimit(int resource, uint64_t *soft, uint64_t *hard)
{
    struct rlimit limit;
    if (getrlimit((unsigned)resource, &limit) < 0)
        return -errno;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

int shim_getpid(void)
{
    return getpid();
}
uint32_t shim_geteuid(void)
{
    return geteuid();
}
void shim_exit_now(int status)
{
    _exit(status);
}

const char *shim_error_name(int error)
{
    const char *name = strerrorname_np(error);
    return name ? name : "unknown error";
}

const char *shim_error_text(int error)
{
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
}

uint32_t shim_audit_architecture(void)
{
#if defined(__x86_64__)
    return AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
    return AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
    return AUDIT_ARCH_RISCV64;
#else
#error "this architecture's AUDIT_ARCH is not known here"
#endif
}
