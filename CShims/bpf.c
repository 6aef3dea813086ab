// SPDX-License-Identifier: Apache-2.0
// Device programs of control groups. See bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE, and
// Documentation/admin-guide/cgroup-v2.rst#device-controller.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CShims.h"

static int bpf(int command, union bpf_attr *attributes)
{
    long result = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    return result < 0 ? -errno : (int)result;
}

static uint64_t address(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

int shim_device_program_load(const uint64_t *instructions, uint32_t count, const char *name)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.expected_attach_type = BPF_CGROUP_DEVICE;
    attributes.insns = address(instructions);
    attributes.insn_cnt = count;
    attributes.license = address("Apache-2.0");
    strncpy(attributes.prog_name, name, sizeof attributes.prog_name - 1);
    return bpf(BPF_PROG_LOAD, &attributes);
}

int shim_device_program_attach(int cgroup, int program, int replaced)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (replaced >= 0) {
        attributes.attach_flags |= BPF_F_REPLACE;
        attributes.replace_bpf_fd = (uint32_t)replaced;
    }
    return bpf(BPF_PROG_ATTACH, &attributes);
}

int shim_device_program_detach(int cgroup, int program)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    return bpf(BPF_PROG_DETACH, &attributes);
}

int shim_device_program_ids(int cgroup, uint32_t *ids, uint32_t capacity)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = address(ids);
    attributes.query.prog_cnt = capacity;
    int status = bpf(BPF_PROG_QUERY, &attributes);
    return status < 0 ? status : (int)attributes.query.prog_cnt;
}

int shim_program_open(uint32_t id)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_id = id;
    return bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
}

int shim_program_has_name(int program, const char *name)
{
    union bpf_attr attributes;
    struct bpf_prog_info info;
    memset(&attributes, 0, sizeof attributes);
    memset(&info, 0, sizeof info);
    attributes.info.bpf_fd = (uint32_t)program;
    attributes.info.info = address(&info);
    attributes.info.info_len = sizeof info;
    int status = bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes);
    return status < 0 ? status : strncmp(info.name, name, sizeof info.name) == 0;
}
