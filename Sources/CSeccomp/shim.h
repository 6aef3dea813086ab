// SPDX-License-Identifier: Apache-2.0
// libseccomp, for the numbers of system calls only: see seccomp_syscall_resolve_name(3).
#pragma once
#include <seccomp.h>

// What seccomp_syscall_resolve_num_arch(3) gives is the caller's to free. Not <stdlib.h>: it is wide.
void free(void *pointer);
static inline void seccomp_free_name(char *name)
{
    free(name);
}
