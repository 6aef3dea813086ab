// SPDX-License-Identifier: Apache-2.0
// What a hostile container runs in the hardening tests: one static program, one word for each
// attack. It prints what it got; a test says what it must not get.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static int stopped(void)
{
    return access("/stop", F_OK) == 0;
}

static int number_of(const char *name)
{
    char *end;
    long value = strtol(name, &end, 10);
    return *end ? -1 : (int)value;
}

// swap A B: two names change places until /stop is there.
static int swap(char **word)
{
    puts("ready");
    fflush(stdout);
    do
        for (int i = 0; i < 1000; i++)
            if (renameat2(AT_FDCWD, word[0], AT_FDCWD, word[1], RENAME_EXCHANGE) < 0)
                return perror("renameat2"), 1;
    while (!stopped());
    return 0;
}

static int is_program(int fd, const char *inode)
{
    struct stat st;
    return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == strtoull(inode, NULL, 10);
}

// A process that comes by: its program, and directories that it has open.
static int look_into(int pid, const char *inode)
{
    char path[64];
    struct stat st;
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int exe = open(path, O_PATH | O_CLOEXEC);
    if (is_program(exe, inode))
        found = printf("the runtime's program\n");
    if (exe >= 0)
        close(exe);
    for (int number = 3; number < 24; number++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, number);
        int fd = open(path, O_PATH | O_CLOEXEC);
        if (fd < 0)
            continue;
        if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
            found = printf("a directory of it\n");
        close(fd);
    }
    return found;
}

// scan INODE: looks at every process but itself until /stop is there or something was found.
static int scan(char **word)
{
    puts("ready");
    fflush(stdout);
    do {
        DIR *list = opendir("/proc");
        for (struct dirent *entry; (entry = readdir(list));) {
            int pid = number_of(entry->d_name);
            if (pid > 1 && pid != getpid() && look_into(pid, word[0]))
                return 0;
        }
        closedir(list);
    } while (!stopped());
    puts("nothing");
    return 0;
}

// In a user namespace of one's own one has every capability over mounts: off with the read-only.
static void make_writable(int exe)
{
    struct {
        uint64_t set, clear, propagation, user_namespace;
    } attributes = {.clear = 1};
    if (fork() == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0)
            syscall(SYS_mount_setattr, exe, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
        _exit(0);
    }
    wait(NULL);
}

// overwrite INODE: waits for a process that runs the program, then writes to its file.
static int overwrite(char **word)
{
    int exe = -1, pid = 0;
    while (exe < 0 && !stopped()) {
        DIR *list = opendir("/proc");
        for (struct dirent *entry; exe < 0 && (entry = readdir(list));) {
            char path[300];
            if ((pid = number_of(entry->d_name)) <= 1)
                continue;
            snprintf(path, sizeof path, "/proc/%s/exe", entry->d_name);
            exe = open(path, O_PATH | O_CLOEXEC);
            if (exe >= 0 && !is_program(exe, word[0]))
                close(exe), exe = -1;
        }
        closedir(list);
    }
    if (exe < 0)
        return puts("not seen"), 0;
    make_writable(exe);
    kill(pid, SIGKILL);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", exe);
    int fd = -1;
    for (int i = 0; i < 100000 && fd < 0; i++)
        if ((fd = open(path, O_WRONLY | O_APPEND)) < 0 && errno != ETXTBSY)
            break;
    if (fd < 0)
        return puts(strerror(errno)), 0;
    puts(write(fd, "!", 1) == 1 ? "written" : strerror(errno));
    return 0;
}

// procfs: a new one and a new sysfs, in namespaces of one's own.
static int procfs(char **word)
{
    (void)word;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET) < 0)
        return perror("unshare"), 1;
    fflush(stdout);
    if (fork() == 0) {
        puts(mount("proc", "/tmp", "proc", 0, NULL) == 0 ? "procfs" : strerror(errno));
        puts(mount("sysfs", "/tmp", "sysfs", 0, NULL) == 0 ? "sysfs" : strerror(errno));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    return 0;
}

// leave FILE: the classic way out of a chroot, then whether FILE is there.
static int leave(char **word)
{
    int here = open("/", O_RDONLY | O_DIRECTORY);
    if (mkdir("/tmp/jail", 0700) < 0 || chroot("/tmp/jail") < 0 || fchdir(here) < 0)
        return perror("chroot"), 1;
    for (int i = 0; i < 64; i++)
        if (chdir("..") < 0)
            break;
    if (chroot(".") < 0)
        return perror("chroot"), 1;
    puts(access(word[0], F_OK) == 0 ? "outside" : "inside");
    return 0;
}

int main(int count, char **word)
{
    static const struct {
        const char *name;
        int words;
        int (*run)(char **);
    } attacks[] = {{"swap", 2, swap}, {"scan", 1, scan}, {"overwrite", 1, overwrite},
        {"procfs", 0, procfs}, {"leave", 1, leave}};
    for (size_t i = 0; count > 1 && i < sizeof attacks / sizeof *attacks; i++)
        if (!strcmp(word[1], attacks[i].name) && count - 2 >= attacks[i].words)
            return attacks[i].run(word + 2);
    fprintf(stderr, "attack: which?\n");
    return 2;
}
