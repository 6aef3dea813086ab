// SPDX-License-Identifier: Apache-2.0
// Device programs of a control group, as another manager would handle them:
// devices deny GROUP MINOR attaches a program that denies a minor number; devices list GROUP prints names.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int deny(int group, int minor)
{
    struct bpf_insn code[] = {
        {.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1, .off = 8},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1},
        {.code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = 2, .off = 1, .imm = minor},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr load, attach;
    memset(&load, 0, sizeof load);
    load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load.insns = (uint64_t)(uintptr_t)code;
    load.insn_cnt = sizeof code / sizeof *code;
    load.license = (uint64_t)(uintptr_t) "Apache-2.0";
    strcpy(load.prog_name, "of_another");
    memset(&attach, 0, sizeof attach);
    attach.target_fd = (uint32_t)group;
    attach.attach_bpf_fd = (uint32_t)bpf(BPF_PROG_LOAD, &load);
    attach.attach_type = BPF_CGROUP_DEVICE;
    attach.attach_flags = BPF_F_ALLOW_MULTI;
    return bpf(BPF_PROG_ATTACH, &attach);
}

static int list(int group)
{
    uint32_t ids[64];
    union bpf_attr query;
    memset(&query, 0, sizeof query);
    query.query.target_fd = (uint32_t)group;
    query.query.attach_type = BPF_CGROUP_DEVICE;
    query.query.prog_ids = (uint64_t)(uintptr_t)ids;
    query.query.prog_cnt = 64;
    if (bpf(BPF_PROG_QUERY, &query) < 0)
        return -1;
    for (uint32_t i = 0; i < query.query.prog_cnt; i++) {
        union bpf_attr open, ask;
        struct bpf_prog_info info;
        memset(&open, 0, sizeof open);
        open.prog_id = ids[i];
        memset(&ask, 0, sizeof ask);
        memset(&info, 0, sizeof info);
        ask.info.bpf_fd = (uint32_t)bpf(BPF_PROG_GET_FD_BY_ID, &open);
        ask.info.info = (uint64_t)(uintptr_t)&info;
        ask.info.info_len = sizeof info;
        if (bpf(BPF_OBJ_GET_INFO_BY_FD, &ask) < 0)
            return -1;
        puts(info.name);
    }
    return 0;
}

int main(int argc, char **argv)
{
    int group = argc > 2 ? open(argv[2], O_RDONLY | O_DIRECTORY) : -1, status = -1;
    if (group >= 0 && argc == 4 && !strcmp(argv[1], "deny"))
        status = deny(group, atoi(argv[3]));
    else if (group >= 0 && argc == 3 && !strcmp(argv[1], "list"))
        status = list(group);
    if (status < 0)
        perror("devices");
    return status < 0;
}
