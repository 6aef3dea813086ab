// SPDX-License-Identifier: Apache-2.0
// The new mount interface where the C library's headers are older than the kernel: constants and
// one structure. Private to CShims. See fsopen(2), open_tree(2), move_mount(2), mount_setattr(2).
#pragma once
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#define SHIM_TREE_CLONE 1u
#define SHIM_MOVE_FROM_FD 0x4u  /* MOVE_MOUNT_F_EMPTY_PATH */
#define SHIM_MOVE_ONTO_FD 0x40u /* MOVE_MOUNT_T_EMPTY_PATH */
#define SHIM_ATTR_READ_ONLY 1u

struct shim_mount_attr {
    uint64_t set, clear, propagation, user_namespace;
};
