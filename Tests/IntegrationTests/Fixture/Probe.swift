// SPDX-License-Identifier: Apache-2.0
// A static program that makes one system call and says what came of it: no libc call of its own stands
// between. `probe NUMBER ARGS...`; a number with a leading `i` goes through int 0x80, x86's 32-bit door.
import Foundation
import TestSupport

/// Compiled once for all tests.
let probeProgram: Result<String, FixtureError> = {
    do {
        let place = try directoryOfTheRun("roost-probe")
        try source.write(toFile: place + "/probe.c", atomically: true, encoding: .utf8)
        let outcome = try Spawned(
            [
                "cc", "-static", "-O1", "-nostdlib", "-fno-stack-protector", "-o", place + "/probe",
                place + "/probe.c",
            ], files: place + "/log"
        ).wait()
        guard outcome.status == 0 else { return .failure(FixtureError("cc: \(outcome)")) }
        return .success(place + "/probe")
    } catch { return .failure(FixtureError("\(error)")) }
}()

extension Fixture {
    /// Puts the probe into the root as /probe.
    func addProbe() throws {
        _ = try tool("cp", try probeProgram.get(), rootfs + "/probe")
    }
}

private let source = """
    #include <stddef.h>
    static long call(long n, long a, long b, long c, long d, long e, long f)
    {
        long result;
        register long r10 __asm__("r10") = d;
        register long r8 __asm__("r8") = e;
        register long r9 __asm__("r9") = f;
        __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
        return result;
    }
    static long old(long n, long a, long b, long c)
    {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
        return (int)result;
    }
    static unsigned long number(const char *text)
    {
        unsigned long value = 0, base = 10;
        if (text[0] == '0' && text[1] == 'x') { base = 16; text += 2; }
        for (; *text; text++)
            value = value * base + (*text <= '9' ? *text - '0' : *text - 'a' + 10);
        return value;
    }
    static void print(long value)
    {
        char text[24];
        int at = 24, negative = value < 0;
        unsigned long rest = negative ? -value : value;
        text[--at] = '\\n';
        do text[--at] = '0' + rest % 10; while (rest /= 10);
        if (negative) text[--at] = '-';
        call(1, 1, (long)(text + at), 24 - at, 0, 0, 0);
    }
    __attribute__((used)) void begin(long *stack)
    {
        long count = stack[0];
        char **words = (char **)(stack + 1);
        for (long at = 1; at < count;) {
            long v[7] = {0};
            int isOld = words[at][0] == 'i', i = 0;
            v[i++] = number(words[at++] + isOld);
            while (at < count && words[at][0] != ',') { if (i < 7) v[i++] = number(words[at]); at++; }
            at++;
            print(isOld ? old(v[0], v[1], v[2], v[3]) : call(v[0], v[1], v[2], v[3], v[4], v[5], v[6]));
        }
        call(231, 0, 0, 0, 0, 0, 0);
    }
    __asm__(".globl _start\\n_start: mov %rsp, %rdi\\nand $-16, %rsp\\ncall begin\\n");
    """
