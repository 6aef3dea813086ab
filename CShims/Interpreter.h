// SPDX-License-Identifier: Apache-2.0
// Shared by the files that carry out operations in the child. Private to CShims.
// Every function here returns 0 or -errno and may set the page's detail. Async-signal-safe calls
// only.
#pragma once
#include "Launch.h"

struct interpreter {
    const struct shim_program *program;
    struct shim_page *page;
    int *slots;
    int empty_is_attached; // the first mask took the empty file system itself
};

static inline const char *text(const struct interpreter *in, uint32_t offset)
{
    return offset == SHIM_NO_STRING ? "" : in->program->arena + offset;
}

static inline char *const *list(const struct interpreter *in, uint32_t offset)
{
    static char *const empty[1] = {0};
    return offset == SHIM_NO_STRING ? empty
                                    : (char *const *)(const void *)(in->program->arena + offset);
}

static inline int fail(struct interpreter *in, uint32_t detail, int status)
{
    if (status < 0)
        in->page->detail = detail;
    return status;
}

// Opens `path` below `root` (O_PATH); missing directories are made, the last one a file when
// `make_file`.
int shim_target(int root, const char *path, int make_file, uint64_t resolve);
// Opens what exists at `path` below `root` (O_PATH), or -errno.
int shim_existing(int root, const char *path, uint64_t resolve);
// clone3(2), or clone(2) where that is refused: the pid, 0 in the child, or -errno. In the child
// `entered` is 0, or -errno when it could not move into `cgroup`.
long shim_birth(uint64_t flags, int cgroup, struct shim_child *child, int *entered);
int shim_mount_operation(struct interpreter *in, const struct shim_op *op);
int shim_filter(struct interpreter *in, const struct shim_op *op);
int shim_close_descriptors(const struct interpreter *in, const struct shim_op *op);
int shim_console(struct interpreter *in, const struct shim_op *op);
