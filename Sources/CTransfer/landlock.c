// SPDX-License-Identifier: Apache-2.0
// Landlock: see landlock(7). The numbers stand here, since headers are older than kernels.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CTransfer.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset {
    uint64_t handled_files, handled_net, scoped;
};
struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

static int outcome(long result)
{
    return result < 0 ? -errno : (int)result;
}

int sandbox_landlock_version(void)
{
    return outcome(syscall(SYS_landlock_create_ruleset, NULL, 0, 1));
}

int sandbox_landlock_make(uint64_t files, uint64_t scoped)
{
    struct ruleset rules = {files, 0, scoped};
    // Kernels before 6.12 know no scopes, and refuse a longer value only when it is not zero there.
    return outcome(syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0));
}

int sandbox_landlock_allow(int ruleset, int place, uint64_t files)
{
    struct beneath rule = {files, place};
    return outcome(syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0));
}

int sandbox_landlock_enter(int ruleset)
{
    return outcome(syscall(SYS_landlock_restrict_self, ruleset, 0));
}

int sandbox_open_place(const char *path)
{
    return outcome(open(path, O_PATH | O_CLOEXEC));
}
