// SPDX-License-Identifier: Apache-2.0
// Runs a program and its children one instruction at a time and prints the address of each
// instruction when it is executed first, in that order, up to the first execve of a child. For
// Benchmarks/order.
//   trace FILE COMMAND...
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 24 }; // a static program lies below

static unsigned char seen[MOST];
static const long options = PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE |
                            PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL;

static void note(FILE *out, pid_t pid)
{
#if defined(__x86_64__)
    struct user_regs_struct registers;
    struct iovec part = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, 1 /* NT_PRSTATUS */, &part) < 0)
        return;
    uint64_t at = registers.rip;
#else
    struct user_regs_struct registers;
    struct iovec part = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, 1, &part) < 0)
        return;
    uint64_t at = registers.pc;
#endif
    if (at < MOST && !seen[at]) {
        seen[at] = 1;
        fprintf(out, "%lx\n", (unsigned long)at);
    }
}

// The first program executes itself once more from a read-only mount; a child's exec is the
// container.
static void stopped(FILE *out, pid_t first, pid_t pid, int status)
{
    int signal = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_EXEC && pid != first) {
        ptrace(PTRACE_DETACH, pid, 0, 0);
        return;
    }
    if (signal == SIGTRAP || signal == SIGSTOP)
        signal = 0;
    note(out, pid);
    ptrace(PTRACE_SINGLESTEP, pid, 0, signal);
}

int main(int count, char **words)
{
    if (count < 3) {
        fprintf(stderr, "usage: trace FILE COMMAND...\n");
        return 2;
    }
    FILE *out = fopen(words[1], "w");
    if (!out)
        return 2;
    pid_t first = fork();
    if (first == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execv(words[2], words + 2);
        _exit(127);
    }
    int status, result = 1;
    waitpid(first, &status, 0);
    ptrace(PTRACE_SETOPTIONS, first, 0, options);
    ptrace(PTRACE_SINGLESTEP, first, 0, 0);
    for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;) {
        if (WIFSTOPPED(status))
            stopped(out, first, pid, status);
        else if (pid == first) {
            result = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
            break;
        }
    }
    fclose(out);
    return result;
}
