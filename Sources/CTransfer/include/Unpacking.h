// SPDX-License-Identifier: Apache-2.0
// Threads, decompression, compression, and the calls that make a layer's files. Every function
// returns a number >= 0 or -errno; what allocates is freed by the function that its comment names.
#pragma once
#include <stdint.h>
#include <stddef.h>

// As many open files as the hard limit allows. See getrlimit(2).
int transfer_raise_descriptors(void);
// Threads. See pthread_create(3), pthread_cond_wait(3).
int transfer_thread_start(uint64_t *_Nonnull thread,
    void *_Nullable (*_Nonnull run)(void *_Nullable), void *_Nullable argument);
int transfer_thread_join(uint64_t thread);
// A mutex with a condition; NULL when there is no memory.
void *_Nullable transfer_gate_new(void);
void transfer_gate_free(void *_Nonnull gate);
void transfer_gate_lock(void *_Nonnull gate);
void transfer_gate_unlock(void *_Nonnull gate);
void transfer_gate_wait(void *_Nonnull gate);
void transfer_gate_wake(void *_Nonnull gate);

// Decompression of one member or frame after the other.
#define TRANSFER_GZIP 1
#define TRANSFER_GZIP_BY_ZLIB 2
#define TRANSFER_ZSTD 3
struct transfer_step {
    size_t used, made; // bytes of the input and of the output
    int ended;         // 1: a member or frame ended after `used`
};
void *_Nullable transfer_inflate_new(int format);
void transfer_inflate_free(void *_Nonnull state);
// -EBADMSG: the data are damaged. -ENOTSUP: another engine may read them.
int transfer_inflate_step(void *_Nonnull state, const uint8_t *_Nonnull in, size_t in_count,
    uint8_t *_Nonnull out, size_t out_count, struct transfer_step *_Nonnull step);

// Compression. `last` ends the stream; `ended` tells that all of it came out.
void *_Nullable transfer_deflate_new(int format, int level);
void transfer_deflate_free(void *_Nonnull state);
int transfer_deflate_step(void *_Nonnull state, const uint8_t *_Nonnull in, size_t in_count,
    uint8_t *_Nonnull out, size_t out_count, int last, struct transfer_step *_Nonnull step);

// Files of a layer, each below a directory's descriptor. No call follows a symbolic link in its
// last name.
struct transfer_status {
    uint64_t device, inode, size, special_device;
    int64_t seconds, nanoseconds; // modification time
    uint32_t mode, uid, gid, links;
};
int tree_open_parent(int root, const char *_Nonnull path); // stays below root; O_PATH
int tree_open_directory(int at, const char *_Nonnull name);
int tree_open_file(int at, const char *_Nonnull name); // a regular file, for reading
int tree_create(int at, const char *_Nonnull name);
int tree_make_directory(int at, const char *_Nonnull name, uint32_t mode);
int tree_make_node(
    int at, const char *_Nonnull name, uint32_t mode, uint32_t major, uint32_t minor);
int tree_make_link(int at, const char *_Nonnull name, const char *_Nonnull target);
int tree_make_hard_link(int from_at, const char *_Nonnull from, int at, const char *_Nonnull name);
int tree_remove(int at, const char *_Nonnull name, int directory);
int tree_rename(int from_at, const char *_Nonnull from, int to_at, const char *_Nonnull to);
int tree_status(int at, const char *_Nonnull name, struct transfer_status *_Nonnull out);
int tree_descriptor_status(int fd, struct transfer_status *_Nonnull out);
int64_t tree_read_link(int at, const char *_Nonnull name, char *_Nonnull buffer, size_t size);
int tree_set_owner(int fd, uint32_t uid, uint32_t gid);
int tree_set_owner_at(int at, const char *_Nonnull name, uint32_t uid, uint32_t gid);
int tree_set_mode(int fd, uint32_t mode);
int tree_set_mode_at(int at, const char *_Nonnull name, uint32_t mode); // not for symbolic links
int tree_set_time(int fd, int64_t seconds, int64_t nanoseconds);
int tree_set_time_at(int at, const char *_Nonnull name, int64_t seconds, int64_t nanoseconds);
int tree_set_attribute(int fd, const char *_Nonnull key, const void *_Nonnull value, size_t size);
int64_t tree_get_attribute(int fd, const char *_Nonnull key, void *_Nonnull value, size_t size);
int64_t tree_list_attributes(int fd, char *_Nonnull buffer, size_t size);
int64_t tree_write(int fd, const void *_Nonnull bytes, size_t count);
int64_t tree_read(int fd, void *_Nonnull buffer, size_t count);
int64_t tree_read_at(int fd, void *_Nonnull buffer, size_t count, int64_t offset);
int64_t tree_write_at(int fd, const void *_Nonnull bytes, size_t count, int64_t offset);
int64_t tree_copy(int from, int to, int64_t count);
int tree_set_size(int fd, int64_t size);
int tree_skip(int fd, int64_t count); // the next write leaves a hole
int64_t tree_names(int fd, void *_Nonnull buffer, size_t size);
int tree_rewind(int fd);
int64_t tree_free_bytes(int fd);
int tree_close(int fd);
