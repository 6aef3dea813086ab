// SPDX-License-Identifier: Apache-2.0
// Raw system calls for Kernel, nothing above it. Each function returns >= 0 or -errno, keeps no
// state, allocates nothing and decides nothing. Only fixed-width types: a wide system header here
// would clash with Swift's Glibc module.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "Launch.h"

// Files: open(2), openat2(2), read(2), write(2), mkdirat(2), unlinkat(2), renameat(2),
// symlinkat(2), readlinkat(2), fstatat(2), statfs(2), flock(2), mkfifoat(3), getdents64(2).
struct shim_stat {
    uint64_t device, inode, size, special_device;
    uint32_t mode, uid, gid, links;
};
int shim_open(int at, const char *_Nonnull path, int flags, uint32_t mode);
int shim_fchown(int fd, uint32_t uid);
int shim_open_in_root(int root, const char *_Nonnull path, uint64_t flags, uint64_t resolve);
int64_t shim_read(int fd, void *_Nonnull buffer, size_t count);
int64_t shim_write(int fd, const void *_Nonnull buffer, size_t count);
int64_t shim_pwrite(int fd, const void *_Nonnull buffer, size_t count, int64_t offset);
int shim_close(int fd);
int shim_dup_at_least(int fd, int lowest);
int shim_dup_onto(int fd, int target);
int shim_set_close_on_exec(int fd, int enabled);
int shim_set_blocking(int fd, int blocking);
int shim_mkdir(int at, const char *_Nonnull path, uint32_t mode);
int shim_mkfifo(int at, const char *_Nonnull path, uint32_t mode);
int shim_unlink(int at, const char *_Nonnull path, int directory);
int shim_rename(int from_at, const char *_Nonnull from, int to_at, const char *_Nonnull to);
int shim_symlink(const char *_Nonnull target, int at, const char *_Nonnull path);
int64_t shim_readlink(int at, const char *_Nonnull path, char *_Nonnull buffer, size_t size);
int shim_stat_at(int at, const char *_Nonnull path, int follow, struct shim_stat *_Nonnull out);
int shim_is_on_read_only_mount(const char *_Nonnull path);
int shim_flock(int fd, int exclusive, int wait);
int shim_unlock(int fd);
int64_t shim_getdents(int fd, void *_Nonnull buffer, size_t size);
int shim_fsync(int fd);
int shim_syncfs(int fd);
int shim_ftruncate(int fd, int64_t size);
int64_t shim_getcwd(char *_Nonnull buffer, size_t size);
// One file from a directory into another under the same name; a directory without what is in it.
int64_t shim_attribute(
    int at, const char *_Nonnull name, const char *_Nonnull key, void *_Nonnull value, size_t size);
int shim_copy_node(int from_at, const char *_Nonnull name, int to_at);
// Its owner, mode, extended attributes and times.
int shim_copy_metadata(int from_at, const char *_Nonnull name, int to_at);
int shim_link(int from_at, const char *_Nonnull from, int to_at, const char *_Nonnull to);
int shim_access_executable(int at, const char *_Nonnull path);
void *_Nullable shim_map_shared(int fd, size_t size);
int shim_unmap(void *_Nonnull address, size_t size);

// Mounts: mount(2), umount2(2), pivot_root(2), fsopen(2), fsconfig(2), fsmount(2), open_tree(2),
// move_mount(2), mount_setattr(2). New descriptors are close-on-exec.
int shim_mount(const char *_Nullable source, const char *_Nonnull target,
    const char *_Nullable type, uint64_t flags, const char *_Nullable data);
int shim_unmount(const char *_Nonnull target, int flags);
int shim_pivot_root(const char *_Nonnull new_root, const char *_Nonnull put_old);
int shim_fsopen(const char *_Nonnull type);
int shim_fsconfig(int fs, uint32_t command, const char *_Nullable key, const char *_Nullable value);
int shim_fsmount(int fs, uint64_t attributes);
int shim_open_tree(int at, const char *_Nonnull path, uint32_t flags);
int shim_move_mount(int from, int onto); // both by descriptor
int shim_mount_setattr(int fd, uint64_t set, uint64_t clear, uint64_t propagation, int recursive);
// A detached overlay by the old call; `options` name layers relative to the directory `names`.
int shim_old_overlay(int names, const char *_Nonnull target, const char *_Nonnull options);

// Namespaces: unshare(2), setns(2).
int shim_unshare(uint64_t flags);
int shim_setns(int fd, int type);

// Processes: pidfd_open(2), pidfd_send_signal(2), waitid(2), prctl(2), capset(2), seccomp(2),
// close_range(2), execveat(2); clone3(2) is shim_launch.
struct shim_exit {
    int32_t exited; // 1: `status` is an exit code; 0: `status` is a signal
    int32_t status;
};
int shim_pidfd_open(int pid);
int shim_pidfd_getfd(int pidfd, int descriptor);
int shim_pidfd_signal(int pidfd, int signal);
int shim_kill(int pid, int signal);
int shim_wait_pidfd(int pidfd, int block, struct shim_exit *_Nonnull out);
int shim_wait_pid(int pid, struct shim_exit *_Nonnull out);
int shim_set_dumpable(int enabled);
int shim_set_subreaper(void);
int shim_execute(
    int fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull envp);
// Starts a program; `fds[i]` becomes its descriptor i, a negative one is left as it is. Returns its
// pid.
int shim_spawn(const char *_Nonnull path, char *_Nullable const *_Nonnull argv,
    char *_Nullable const *_Nonnull envp, const int *_Nonnull fds, int count);
int shim_execute_path(const char *_Nonnull path, char *_Nullable const *_Nonnull argv,
    char *_Nullable const *_Nonnull envp);
char *_Nullable *_Nonnull shim_environment(void);
// The arguments as the kernel laid them out; NULL in a program that does not begin at shim_entry.
char *_Nullable *_Nullable shim_arguments(int *_Nonnull count);
int shim_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int shim_prctl(int option, uint64_t a, uint64_t b);
int shim_seccomp(uint32_t operation, uint32_t flags, void *_Nullable argument);
int shim_close_range(uint32_t first, uint32_t last, uint32_t flags);
int shim_effective_capabilities(uint64_t *_Nonnull out);
int shim_get_rlimit(int resource, uint64_t *_Nonnull soft, uint64_t *_Nonnull hard);
int shim_getpid(void);
uint32_t shim_geteuid(void);
_Noreturn void shim_exit_now(int status);

// 0, or -ENOSYS or -EPERM when a call that launching needs is refused whatever it is asked.
int shim_refused(uint32_t index, const char *_Nullable *_Nonnull name);

// Device programs of control groups: bpf(2).
int shim_device_program_load(
    const uint64_t *_Nonnull instructions, uint32_t count, const char *_Nonnull name);
int shim_device_program_attach(int cgroup, int program, int replaced); // replaced < 0: added
int shim_device_program_detach(int cgroup, int program);
// How many there are; `ids` gets at most `capacity` of them.
int shim_device_program_ids(int cgroup, uint32_t *_Nonnull ids, uint32_t capacity);
int shim_program_open(uint32_t id);
int shim_program_has_name(int program, const char *_Nonnull name);

// Waiting: poll(2), epoll(7), signalfd(2), sigprocmask(2), clock_gettime(2), nanosleep(2).
struct shim_poll {
    int32_t fd;
    int16_t events, revents;
};
#define SHIM_POLL_IN 1
#define SHIM_POLL_PRI 2
#define SHIM_POLL_OUT 4
#define SHIM_POLL_ERR 8
#define SHIM_POLL_HUP 16
int shim_poll(struct shim_poll *_Nonnull list, uint32_t count, int timeout_ms);
#define SHIM_EPOLL_MOST 64
int shim_epoll_create(void);
int shim_epoll_control(int epoll, int operation, int fd, uint32_t events);
// Fills `list` with descriptors and what came; at most SHIM_EPOLL_MOST at a time.
int shim_epoll_wait(int epoll, struct shim_poll *_Nonnull list, uint32_t count, int timeout_ms);
int shim_signalfd(void); // every signal that can be blocked is blocked and read here
int shim_read_signal(int fd);
int shim_unblock_signals(void);
int shim_ignore_signal(int signal);
int shim_default_signal(int signal);
int64_t shim_monotonic_ns(void);
void shim_realtime(int64_t *_Nonnull seconds, int64_t *_Nonnull nanoseconds);

// Sockets and terminals: socketpair(2), unix(7), cmsg(3), pipe2(2), ioctl_tty(2).
int shim_socketpair(int *_Nonnull pair);
int shim_pipe(int *_Nonnull pair);
int shim_connect_unix(const char *_Nonnull path);
int shim_send_fd(int socket, int fd, const char *_Nonnull text);
int shim_receive_fd(int socket);
int shim_is_terminal(int fd);
int shim_window_size(int fd, uint16_t *_Nonnull rows, uint16_t *_Nonnull columns);
int shim_set_window_size(int fd, uint16_t rows, uint16_t columns);
int shim_terminal_raw(int fd, void *_Nonnull saved, size_t size);
int shim_terminal_restore(int fd, const void *_Nonnull saved);

const char *_Nonnull shim_error_name(int error);
const char *_Nonnull shim_error_text(int error);
uint32_t shim_audit_architecture(void);

// The filter of docker's default profile, or NULL: not made for this architecture.
const uint64_t *_Nullable shim_default_filter(uint32_t *_Nonnull count);
