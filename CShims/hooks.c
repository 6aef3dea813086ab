// SPDX-License-Identifier: Apache-2.0
// One hook of runtime-spec config.md#posix-platform-hooks: a program with the state on standard
// input, run to its end or its timeout. Runs in the parent and, for two kinds, in the container's
// first process.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "CShims.h"
#include "Launch.h"
#include "Mounting.h"

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

__attribute__((noreturn)) static void become(const struct shim_hook *hook, int input, int report)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    int error = 0;
    if (dup2(input, 0) < 0)
        error = errno;
    // Closed, not marked: see descriptors.c.
    if (report > 3)
        shim_close_range(3u, (uint32_t)report - 1, 0);
    shim_close_range((uint32_t)report + 1, ~0u, 0);
    if (!error && hook->directory && chdir(hook->directory) < 0)
        error = errno;
    if (!error) {
        execve(hook->path, hook->argv, hook->envp);
        error = errno;
    }
    if (write(report, &error, sizeof error) < 0)
        _exit(126);
    _exit(127);
}

// Writes the state, then waits for the end of the hook; 0 when it is time to reap, -ETIMEDOUT
// otherwise.
// `*input` is closed as soon as all is written, so that the hook sees its end; -1 from then on.
static int attend(const struct shim_hook *hook, int pidfd, int *input)
{
    int64_t deadline = hook->timeout_ms < 0 ? -1 : milliseconds() + hook->timeout_ms;
    uint32_t written = 0;
    for (;;) {
        if (*input >= 0 && written == hook->input_length) {
            close(*input);
            *input = -1;
        }
        struct pollfd list[2] = {{pidfd, POLLIN, 0}, {*input, POLLOUT, 0}};
        int64_t left = deadline < 0 ? -1 : deadline - milliseconds();
        if (deadline >= 0 && left <= 0)
            return -ETIMEDOUT;
        int ready = poll(list, 2, (int)(left > 60000 ? 60000 : left));
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready <= 0)
            continue;
        if (list[0].revents)
            return 0;
        ssize_t put =
            write(*input, (const char *)hook->input + written, hook->input_length - written);
        // A hook that does not read its input is no error: EPIPE ends the writing only.
        written = put < 0 && errno != EAGAIN && errno != EINTR
                      ? hook->input_length
                      : written + (put > 0 ? (uint32_t)put : 0);
    }
}

static int judge(const siginfo_t *info, struct shim_hook_end *end)
{
    if (info->si_code == CLD_EXITED && info->si_status == 0)
        return 0;
    end->detail = info->si_code == CLD_EXITED ? SHIM_DETAIL_HOOK_EXIT : SHIM_DETAIL_HOOK_SIGNAL;
    end->detail_index = (uint32_t)info->si_status;
    return -ECANCELED;
}

static int supervise(const struct shim_hook *hook, struct shim_hook_end *end, int pidfd, int input)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int status = attend(hook, pidfd, &input);
    if (input >= 0)
        close(input);
    if (status == -ETIMEDOUT) {
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
        end->detail = SHIM_DETAIL_HOOK_TIMEOUT;
    }
    while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) < 0)
        if (errno != EINTR)
            return status ? status : -errno;
    return status ? status : judge(&info, end);
}

int shim_run_hook(const struct shim_hook *hook, struct shim_hook_end *end)
{
    int input[2], report[2], pidfd = -1, error = 0;
    end->detail = end->detail_index = 0;
    if (pipe2(input, O_CLOEXEC) < 0)
        return -errno;
    if (pipe2(report, O_CLOEXEC) < 0) {
        close(input[0]);
        close(input[1]);
        return -errno;
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGPIPE, &ignore, &before);
    long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0);
    int status = pid < 0 ? -errno : 0;
    if (pid == 0)
        become(hook, input[0], report[1]);
    close(input[0]);
    close(report[1]);
    fcntl(input[1], F_SETFL, O_NONBLOCK);
    if (!status)
        status = supervise(hook, end, pidfd, input[1]);
    else
        close(input[1]);
    if (pid > 0 && read(report[0], &error, sizeof error) == sizeof error && error) {
        end->detail = end->detail_index = SHIM_DETAIL_NONE;
        status = -error;
    }
    close(report[0]);
    if (pidfd >= 0)
        close(pidfd);
    sigaction(SIGPIPE, &before, NULL);
    return status;
}
