// SPDX-License-Identifier: Apache-2.0
// The first instructions of the programs, before the C library and Swift: a program that is about
// to make a container executes itself once more, from a read-only mount of its own file that nobody
// else has. A container that gets hold of /proc/PID/exe cannot write through it (CVE-2019-5736).
// Done here it costs an exec of nearly nothing; from Swift it cost a whole start more.
//
// Nothing of the C library works yet: no call, no thread-local, no errno, no stack protector.
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <stddef.h>
#include <stdint.h>

#include "CShims.h"
#include "Mounting.h"

#define EARLY __attribute__((no_stack_protector, noinline))

// What the kernel laid on the stack: the count, the arguments, NULL, the environment, NULL.
static char **first_arguments;
static intptr_t first_count;

char **shim_arguments(int *count)
{
    *count = (int)first_count;
    return first_arguments;
}

#if defined(__x86_64__)
EARLY static long early_call(long number, long a, long b, long c, long d, long e)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
EARLY static long early_call(long number, long a, long b, long c, long d, long e)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
#elif defined(__riscv) && __riscv_xlen == 64
EARLY static long early_call(long number, long a, long b, long c, long d, long e)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4) : "memory");
    return a0;
}
#else
#error "this architecture's system call is not known here"
#endif

// volatile: else the compiler may make a call to strcmp of it.
EARLY static int same(const volatile char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

// One word too many (a container named `run`) costs an exec, one too few the protection.
EARLY static int makes_a_container(void)
{
    for (intptr_t i = 1; i < first_count; i++)
        if (same(first_arguments[i], "run") || same(first_arguments[i], "exec") ||
            same(first_arguments[i], "create"))
            return 1;
    return 0;
}

EARLY static void name_process(const char *path)
{
    const char *name = path;
    for (const volatile char *at = path; *at; at++)
        if (*at == '/')
            name = (const char *)at + 1;
    early_call(__NR_prctl, PR_SET_NAME, (long)name, 0, 0, 0);
}

// The environment with one more entry: run from a mount that nobody else has, the program could not
// find the other programs, which are beside it. volatile: else the compiler may make a call to
// memcpy of it.
EARLY static long execute_again(long tree, char **environment, const char *self)
{
    char entry[4096 + 11];
    static const char key[] = "ROOST_EXE=";
    long end = 0, count = 0;
    for (; key[end]; end++)
        ((volatile char *)entry)[end] = key[end];
    long length = early_call(__NR_readlinkat, AT_FDCWD, (long)self, (long)(entry + end), 4096, 0);
    entry[end + (length < 0 ? 0 : length)] = 0;
    while (environment[count])
        count++;
    char *list[count + 2];
    for (long i = 0; i < count; i++)
        ((char *volatile *)list)[i] = environment[i];
    list[count] = entry;
    list[count + 1] = 0;
    return early_call(
        __NR_execveat, tree, (long)"", (long)first_arguments, (long)list, AT_EMPTY_PATH);
}

EARLY void shim_begin(intptr_t *stack);
EARLY void shim_begin(intptr_t *stack)
{
    static const char self[] = "/proc/self/exe";
    struct {
        long type, block_size;
        uint64_t blocks[5];
        int32_t id[2];
        long name_length, fragment_size, flags, spare[4];
    } fs;
    first_count = stack[0];
    first_arguments = (char **)(stack + 1);
    if (first_count < 2 || !makes_a_container() ||
        early_call(__NR_statfs, (long)self, (long)&fs, 0, 0, 0) < 0)
        return;
    if (fs.flags & 1 /* ST_RDONLY */) {
        // After execveat its name may be the descriptor's number.
        name_process(first_arguments[0]);
        return;
    }
    // The kernel refuses without CAP_SYS_ADMIN: then the program goes on as it is.
    long tree = early_call(SYS_open_tree, AT_FDCWD, (long)self, SHIM_TREE_CLONE | O_CLOEXEC, 0, 0);
    if (tree < 0)
        return;
    struct shim_mount_attr attributes = {SHIM_ATTR_READ_ONLY, 0, 0, 0};
    if (early_call(SYS_mount_setattr, tree, (long)"", AT_EMPTY_PATH, (long)&attributes,
            sizeof attributes) == 0)
        execute_again(tree, first_arguments + first_count + 1, self);
    early_call(__NR_close, tree, 0, 0, 0, 0);
}

// The programs' entry point (--entry in Package.swift): what the kernel passes in registers and on
// the stack reaches the C library's _start as it came.
#if defined(__x86_64__)
__asm__(".text\n.globl shim_entry\n.type shim_entry, @function\nshim_entry:\n"
        "xor %ebp, %ebp\n mov %rsp, %r12\n mov %rdx, %r13\n mov %rsp, %rdi\n and $-16, %rsp\n"
        "call shim_begin\n mov %r12, %rsp\n mov %r13, %rdx\n jmp _start\n"
        ".size shim_entry, . - shim_entry\n");
#elif defined(__aarch64__)
__asm__(".text\n.globl shim_entry\n.type shim_entry, %function\nshim_entry:\n"
        "mov x29, #0\n mov x30, #0\n mov x19, x0\n mov x0, sp\n bl shim_begin\n mov x0, x19\n"
        "mov x29, #0\n mov x30, #0\n b _start\n"
        ".size shim_entry, . - shim_entry\n");
#else
__asm__(".text\n.globl shim_entry\n.type shim_entry, @function\nshim_entry:\n"
        ".option push\n.option norelax\n la gp, __global_pointer$\n.option pop\n"
        "mv s1, a0\n mv a0, sp\n call shim_begin\n mv a0, s1\n tail _start\n"
        ".size shim_entry, . - shim_entry\n");
#endif
