// SPDX-License-Identifier: Apache-2.0
// How many files may be open at once. See getrlimit(2).
#define _GNU_SOURCE
#include <errno.h>
#include <sys/resource.h>

#include "CTransfer.h"

int transfer_raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return -errno;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}
