// SPDX-License-Identifier: Apache-2.0
// The last thing before the program: no descriptor of the runtime or its caller stays open.
// See close_range(2), execve(2).
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "CShims.h"
#include "Interpreter.h"

// Closes from `first` up to `kept` (none: -1), and goes on behind it.
static int close_around(uint32_t *first, int kept)
{
    if (kept < 0 || (uint32_t)kept < *first)
        return 0;
    int status = (uint32_t)kept == *first ? 0 : shim_close_range(*first, (uint32_t)kept - 1, 0);
    *first = (uint32_t)kept + 1;
    return status;
}

// Closed, not marked: execve looks up the program, its interpreter and its loader before it closes
// what is marked, and /proc/self/fd/N/.. of a directory of the host leads to the host. The two that
// tell the parent of the exec stay until then: a socket and a FIFO lead nowhere.
int shim_close_descriptors(const struct interpreter *in, const struct shim_op *op)
{
    int low = op->slot < 0 ? -1 : in->slots[op->slot];
    int high = op->slot2 < 0 ? -1 : in->slots[op->slot2];
    if (low > high) {
        int swap = low;
        low = high;
        high = swap;
    }
    // Of those that the program gets, the marked ones are not the caller's but ours.
    for (int fd = 3; fd < (int)op->a; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0 && (flags & FD_CLOEXEC) && fd != low && fd != high)
            close(fd);
    }
    uint32_t first = op->a;
    int status = close_around(&first, low);
    if (!status)
        status = close_around(&first, high);
    return status ? status : shim_close_range(first, ~0u, 0);
}
