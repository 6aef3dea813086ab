// SPDX-License-Identifier: Apache-2.0
// What one system call costs under a filter: prints least, 10th percentile, median and most of many
// batches of 10,000 calls, in ms.
//   calls getppid|personality [PROFILE]
// Without PROFILE under whatever filter there is already; with one under the filter that libseccomp makes of
// it. A profile here is words in lines: `default ACTION`, `arch NAME`, then for each rule and call
// `rule ACTION CALL [ARGUMENT OPERATOR VALUE VALUE]...`; an action is the number that the kernel knows.
#define _GNU_SOURCE
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 200, CALLS = 10000, LONGEST = 4096 };

static void stop(const char *what, const char *name)
{
    fprintf(stderr, "calls: %s: %s\n", what, name);
    exit(2);
}

static void check(int result, const char *name)
{
    if (result < 0)
        stop(strerror(-result), name);
}

static unsigned number(char **words)
{
    char *word = strsep(words, " \n");
    if (!word || !*word)
        stop("a number is missing", "profile");
    return (unsigned)strtoul(word, NULL, 0);
}

static enum scmp_compare comparison(const char *name)
{
    static const char *names[] = {"NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"};
    for (int i = 0; i < 7; i++)
        if (name && strcmp(name, names[i]) == 0)
            return (enum scmp_compare)(SCMP_CMP_NE + i);
    stop("no operator", name ? name : "");
    return SCMP_CMP_EQ;
}

static void add_rule(scmp_filter_ctx filter, char *words)
{
    struct scmp_arg_cmp all[6];
    unsigned count = 0, action = number(&words);
    const char *name = strsep(&words, " \n");
    int call = seccomp_syscall_resolve_name(name);
    // As crun does: what this libseccomp does not know yet is left out.
    if (call == __NR_SCMP_ERROR)
        return;
    while (words && *words && count < 6) {
        struct scmp_arg_cmp *one = &all[count++];
        one->arg = number(&words);
        one->op = comparison(strsep(&words, " \n"));
        one->datum_a = number(&words);
        one->datum_b = number(&words);
    }
    check(seccomp_rule_add_array(filter, action, call, count, all), name);
}

static void load(const char *path)
{
    char line[LONGEST];
    scmp_filter_ctx filter = NULL;
    FILE *file = fopen(path, "re");
    if (!file)
        stop("cannot be opened", path);
    while (fgets(line, sizeof line, file)) {
        char *words = line, *kind = strsep(&words, " \n");
        if (strcmp(kind, "default") == 0) {
            filter = seccomp_init(number(&words));
        } else if (strcmp(kind, "arch") == 0) {
            uint32_t token = seccomp_arch_resolve_name(strsep(&words, " \n"));
            if (token != seccomp_arch_native())
                check(seccomp_arch_add(filter, token), "arch");
        } else {
            add_rule(filter, words);
        }
    }
    fclose(file);
    check(seccomp_load(filter), path);
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int count, char **words)
{
    static double each[BATCHES];
    if (count < 2 || count > 3)
        stop("one call is needed, then at most a profile", words[0]);
    long call = strcmp(words[1], "getppid") == 0 ? SYS_getppid : SYS_personality;
    if (count == 3)
        load(words[2]);
    for (int batch = 0; batch < BATCHES; batch++) {
        double before = now();
        for (int i = 0; i < CALLS; i++)
            if (syscall(call, 0xffffffffUL) < 0)
                stop("is refused", words[1]);
        each[batch] = (now() - before) / 1e6;
    }
    qsort(each, BATCHES, sizeof each[0], order);
    printf("%.3f %.3f %.3f %.3f\n", each[0], each[BATCHES / 10], each[BATCHES / 2], each[BATCHES - 1]);
    return 0;
}
