// SPDX-License-Identifier: Apache-2.0
// A program of ours, with exactly the descriptors that it is to have. See posix_spawn(3).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include "CShims.h"

enum { MOST = 16 };

// All out of the way of the numbers that they will get. Close-on-exec.
static int lift(const int *from, int *to, int count)
{
    for (int i = 0; i < count; i++) {
        to[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD_CLOEXEC, MOST);
        if (from[i] >= 0 && to[i] < 0)
            return -errno;
    }
    return 0;
}

static int start(const char *path, char *const *argv, char *const *envp, const int *fds, int count)
{
    int pid = -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    for (int i = 0; i < count; i++)
        if (fds[i] >= 0)
            posix_spawn_file_actions_adddup2(&actions, fds[i], i);
    int error = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -error : pid;
}

int shim_spawn(const char *path, char *const *argv, char *const *envp, const int *fds, int count)
{
    int lifted[MOST];
    if (count > MOST)
        return -EINVAL;
    for (int i = 0; i < count; i++)
        lifted[i] = -1;
    int status = lift(fds, lifted, count);
    if (!status)
        status = start(path, argv, envp, lifted, count);
    for (int i = 0; i < count; i++)
        if (lifted[i] >= 0)
            close(lifted[i]);
    return status;
}
