// SPDX-License-Identifier: Apache-2.0
// Waiting, signals and clocks. See poll(2), signalfd(2), clock_gettime(2).
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "CShims.h"

_Static_assert(sizeof(struct shim_poll) == sizeof(struct pollfd), "shim_poll mirrors pollfd");

int shim_poll(struct shim_poll *list, uint32_t count, int timeout_ms)
{
    int ready = poll((struct pollfd *)list, count, timeout_ms);
    return ready < 0 ? -errno : ready;
}

int shim_epoll_create(void)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int shim_epoll_control(int epoll, int operation, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int shim_epoll_wait(int epoll, struct shim_poll *list, uint32_t count, int timeout_ms)
{
    struct epoll_event events[SHIM_EPOLL_MOST];
    if (count > SHIM_EPOLL_MOST)
        count = SHIM_EPOLL_MOST;
    int ready = epoll_wait(epoll, events, (int)count, timeout_ms);
    if (ready < 0)
        return -errno;
    for (int i = 0; i < ready; i++)
        list[i] = (struct shim_poll){events[i].data.fd, 0, (int16_t)events[i].events};
    return ready;
}

int shim_signalfd(void)
{
    sigset_t all;
    sigfillset(&all);
    // A fault must still kill the program that has it.
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGTRAP);
    sigdelset(&all, SIGABRT);
    if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
        return -errno;
    int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int shim_read_signal(int fd)
{
    struct signalfd_siginfo info;
    ssize_t got = read(fd, &info, sizeof info);
    return got < 0 ? -errno : (int)info.ssi_signo;
}

int shim_unblock_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

int shim_ignore_signal(int number)
{
    return signal(number, SIG_IGN) == SIG_ERR ? -errno : 0;
}

int shim_default_signal(int number)
{
    return signal(number, SIG_DFL) == SIG_ERR ? -errno : 0;
}

int64_t shim_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void shim_realtime(int64_t *seconds, int64_t *nanoseconds)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *seconds = now.tv_sec;
    *nanoseconds = now.tv_nsec;
}
