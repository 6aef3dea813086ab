// SPDX-License-Identifier: Apache-2.0
// Runs a program under a seccomp filter that answers an error for some system calls, as the filter of an
// outer container or an older kernel would: refuse ENOSYS:clone3,openat2 EPERM:keyctl -- PROGRAM ARG...
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name) {#name, SYS_##name}
static const struct {
    const char *name;
    int number;
} calls[] = {CALL(bpf), CALL(clone), CALL(clone3), CALL(close_range), CALL(execveat), CALL(fsopen), CALL(keyctl),
    CALL(mknodat), CALL(mount_setattr), CALL(move_mount), CALL(open_tree), CALL(openat2), CALL(pidfd_open),
    CALL(pivot_root), CALL(sethostname), CALL(setns), CALL(unshare)};

static int number(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (!strcmp(calls[i].name, name))
            return calls[i].number;
    fprintf(stderr, "refuse: `%s` is not in the table\n", name);
    exit(125);
}

int main(int argc, char **argv)
{
    struct sock_filter code[256] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    unsigned short length = 1;
    int i = 1;
    for (; i < argc && strcmp(argv[i], "--"); i++) {
        char *list = strchr(argv[i], ':');
        int error = !strncmp(argv[i], "ENOSYS:", 7) ? ENOSYS : !strncmp(argv[i], "EPERM:", 6) ? EPERM : 0;
        if (!list || !error) {
            fprintf(stderr, "refuse: `%s` is not ENOSYS:CALL,... or EPERM:CALL,...\n", argv[i]);
            return 125;
        }
        for (char *name = strtok(list + 1, ","); name && length < 253; name = strtok(NULL, ",")) {
            struct sock_filter compare = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number(name), 0, 1);
            struct sock_filter answer = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error);
            code[length++] = compare;
            code[length++] = answer;
        }
    }
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[length++] = allow;
    struct sock_fprog program = {length, code};
    if (i + 1 >= argc) {
        fprintf(stderr, "usage: refuse ERROR:CALL,... -- PROGRAM ARG...\n");
        return 125;
    }
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) {
        perror("refuse: seccomp");
        return 125;
    }
    execvp(argv[i + 1], argv + i + 1);
    perror("refuse: exec");
    return 127;
}
