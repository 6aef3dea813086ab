// SPDX-License-Identifier: Apache-2.0
// The program that makes a container: a flat array of operations over one string arena, carried out
// in the child by one loop of C (launch.c). After clone3 no Swift, malloc or stdio runs in the
// child.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum shim_op_code {
    SHIM_OP_NOTHING = 0,
    SHIM_OP_CLOSE,            // slot
    SHIM_OP_SESSION,          // setsid, default signals, empty mask, not dumpable
    SHIM_OP_UNSHARE,          // x: flags
    SHIM_OP_SETNS,            // slot, x: type
    SHIM_OP_KEYRING,          // a new session keyring
    SHIM_OP_HOST_WRITE,       // s1: host path, s2: value
    SHIM_OP_PROPAGATION,      // s1: path, x: MS_ flags
    SHIM_OP_ROOT_PROPAGATION, // slot: root, x: MS_ flags, by mount_setattr
    SHIM_OP_OPEN_TREE,        // slot <- s1: host path, x: open_tree flags
    SHIM_OP_OPEN_NULL,        // slot <- the host's /dev/null, proven to be 1:3
    SHIM_OP_ROOT,             // slot: cloned tree moved onto s1: host path; stays open
    SHIM_OP_FSMOUNT,          // slot <- s1: type, list1: key, value, ...; x: mount attributes
    SHIM_OP_ATTRIBUTES,       // slot, x: set, y: clear, z: propagation, a: 1 = recursive
    SHIM_OP_ATTACH,  // slot: mount -> s1: path in slot2: root; a: SHIM_ATTACH_*; x: 1 = may be in
                     // /proc
    SHIM_OP_REMOUNT, // s1: path in slot2: root, x: set, y: clear, z: propagation, a: recursive
    SHIM_OP_OPEN_DIRECTORY, // slot <- s1 in slot2, made when missing
    SHIM_OP_MKNOD,          // s1 in slot: directory; a: mode, x: device number, y: uid, z: gid
    SHIM_OP_SYMLINK,        // s1: target, s2: path in slot
    SHIM_OP_READ_ONLY,      // s1: path in slot
    SHIM_OP_MASK,           // s1: path in slot; slot2: /dev/null; x: slot of an empty file system
    SHIM_OP_PIVOT,          // slot: root
    SHIM_OP_CHROOT,         // slot: root, for --no-pivot
    SHIM_OP_HOSTNAME,       // s1
    SHIM_OP_DOMAINNAME,     // s1
    SHIM_OP_PROC_WRITE,     // slot: private procfs, s1: path, s2: value
    SHIM_OP_RLIMIT,         // a: resource, x: soft, y: hard
    SHIM_OP_LOOPBACK,
    // slot: root, slot2: socket; a: rows << 16 | columns; x: 1 = also /dev/console; y: owner
    SHIM_OP_CONSOLE,
    SHIM_OP_BOUNDING,     // x: mask that stays
    SHIM_OP_IDENTITY,     // x: uid, y: gid, a: number of groups, list1: groups as uint32
    SHIM_OP_CAPABILITIES, // x: effective, y: permitted, z: inheritable
    SHIM_OP_AMBIENT,      // x: mask
    SHIM_OP_NO_NEW_PRIVILEGES,
    SHIM_OP_UMASK,        // a
    SHIM_OP_DIRECTORY,    // s1: working directory; a: 1 = make it when missing
    SHIM_OP_FIND_PROGRAM, // s1: file, list1: candidates
    SHIM_OP_GATE,         // slot: socket, a: 1 = tell the parent first
    SHIM_OP_START,        // slot: the FIFO that `start` writes
    SHIM_OP_HOOK, // s1: path, list1: argv, list2: environment, x: milliseconds, a: state text
    SHIM_OP_CLOSE_RANGE, // a: first descriptor; but those of slot and slot2
    SHIM_OP_PERSONALITY, // x
    SHIM_OP_SECCOMP, // list1: instructions, x: their number, a: flags; y: 1 = raise CAP_SYS_ADMIN
    SHIM_OP_EXEC,    // list1: argv, list2: environment
    SHIM_OP_COUNT
};

#define SHIM_ATTACH_DIRECTORY 0
#define SHIM_ATTACH_LIKE_SOURCE 1
#define SHIM_ATTACH_REAL_DIRECTORY 2 // no symbolic link on the way: /proc and /sys

#define SHIM_NO_STRING 0xffffffffu

struct shim_op {
    uint32_t code;
    int32_t slot, slot2;
    uint32_t a;
    uint64_t x, y, z;
    uint32_t s1, s2;       // offsets into the arena
    uint32_t list1, list2; // offsets of arrays of pointers (or of uint32)
};

// What went wrong inside an operation, where one operation makes several calls.
enum shim_detail {
    SHIM_DETAIL_NONE = 0,
    SHIM_DETAIL_OPEN_TARGET,   // the path inside the root could not be opened or made
    SHIM_DETAIL_NOT_DIRECTORY, // the destination is a file, the source a directory
    SHIM_DETAIL_NOT_FILE,      // the destination is a directory, the source a file
    SHIM_DETAIL_MOVE,
    SHIM_DETAIL_CONFIG,         // a file system option was refused; detail_index says which
    SHIM_DETAIL_CREATE,         // fsconfig(FSCONFIG_CMD_CREATE)
    SHIM_DETAIL_SYMLINK,        // a symbolic link where none may be
    SHIM_DETAIL_NOT_THE_DEVICE, // something else stands where a device must
    SHIM_DETAIL_OUTSIDE,        // the working directory is not inside the root
    SHIM_DETAIL_HOOK_EXIT,      // detail_index: exit status of a hook
    SHIM_DETAIL_HOOK_SIGNAL,    // detail_index: signal that ended a hook
    SHIM_DETAIL_HOOK_TIMEOUT,
    SHIM_DETAIL_PARENT_GONE,
    SHIM_DETAIL_IN_PROC,     // the destination leads into a procfs by a symbolic link
    SHIM_DETAIL_ENTER_GROUP, // before the first operation: the child's way into its cgroup
};

#define SHIM_STATE_TEXTS 2
#define SHIM_STATE_TEXT_SIZE 16384
// Shared by parent and child, also a file for `start`. `stamps` has one more entry than operations.
struct shim_page {
    uint32_t magic, operations;
    volatile uint32_t failed; // index of the failed operation + 1
    volatile int32_t error;   // its errno
    volatile uint32_t detail; // enum shim_detail
    volatile uint32_t detail_index;
    volatile uint32_t at_exec;  // 1 from just before execve
    volatile uint32_t program;  // index of the candidate that was found
    volatile uint32_t listener; // descriptor of the filter's listener in the child + 1
    uint32_t text_length[SHIM_STATE_TEXTS];
    char text[SHIM_STATE_TEXTS][SHIM_STATE_TEXT_SIZE];
    volatile uint64_t stamps[]; // CLOCK_MONOTONIC, nanoseconds
};

uint64_t shim_page_stamp(const struct shim_page *_Nonnull page, uint32_t index);
void shim_page_set_text(
    struct shim_page *_Nonnull page, uint32_t index, const void *_Nonnull text, uint32_t length);

struct shim_program {
    const struct shim_op *_Nonnull operations;
    uint32_t count;
    const char *_Nonnull arena;
    int *_Nonnull slots;
    struct shim_page *_Nonnull page;
};

struct shim_child {
    int32_t pid, pidfd;
    int32_t by_clone; // 1: clone3 is refused here, clone and cgroup.procs did it
};

// clone3(2), or clone(2). cgroup < 0: the child stays in the caller's. Only the parent returns.
int shim_launch(const struct shim_program *_Nonnull program, uint64_t clone_flags, int cgroup,
    struct shim_child *_Nonnull child);

struct shim_hook {
    const char *_Nonnull path;
    char *_Nullable const *_Nonnull argv;
    char *_Nullable const *_Nonnull envp;
    const void *_Nonnull input; // the state, on standard input
    uint32_t input_length;
    int64_t timeout_ms;              // < 0: none
    const char *_Nullable directory; // to run it in; NULL: the caller's
};
struct shim_hook_end {
    uint32_t detail, detail_index;
};
// Runs a hook to its end; usable in parent and child. Returns 0 or -errno with `end` filled.
int shim_run_hook(const struct shim_hook *_Nonnull hook, struct shim_hook_end *_Nonnull end);
