// SPDX-License-Identifier: Apache-2.0
// Times two commands beside each other: A B A B ..., so that what else the machine does hits both.
//   measure time NAME BAR RUNS ROUNDS A... -- B...    one line of fields separated by tabs (see print_row)
//   measure memory RUNS COMMAND...                    the largest private memory seen, in KiB
// A command is steps separated by `,`; words VAR=VALUE before a step are set for that step alone.
// A step that does not exit with 0 ends the measurement: a wrong start has no time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_STEPS = 8, MOST_WORDS = 64, MOST_RUNS = 10000, WARM_UP = 5 };

struct step {
    char *words[MOST_WORDS + 1];
    char *environment[MOST_WORDS + 1];
};

struct command {
    int count;
    struct step steps[MOST_STEPS];
};

struct figures {
    double least, p10, median, most;
};

static char *base_environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
static posix_spawn_file_actions_t actions;
static int64_t samples[2][MOST_RUNS];

static void stop(const char *what, const char *name)
{
    fprintf(stderr, "measure: %s: %s\n", what, name);
    exit(2);
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

// Reads words up to NULL or `--`; returns the first word not taken.
static char **parse(char **words, struct command *command)
{
    while (*words && strcmp(*words, "--") != 0) {
        if (command->count == MOST_STEPS)
            stop("too many steps", *words);
        struct step *step = &command->steps[command->count++];
        int variables = 0, count = 0;
        for (; *words && strcmp(*words, ",") != 0 && strcmp(*words, "--") != 0; words++) {
            if (count + variables == MOST_WORDS - 1)
                stop("too many words", *words);
            if (count == 0 && strchr(*words, '='))
                step->environment[variables++] = *words;
            else
                step->words[count++] = *words;
        }
        if (count == 0)
            stop("an empty step", "nothing to run");
        step->environment[variables] = base_environment[0];
        if (*words && strcmp(*words, ",") == 0)
            words++;
    }
    return words;
}

static pid_t begin(struct step *step)
{
    pid_t pid;
    int error = posix_spawn(&pid, step->words[0], &actions, NULL, step->words, step->environment);
    if (error)
        stop(strerror(error), step->words[0]);
    return pid;
}

static void finish(pid_t pid, struct step *step)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            stop(strerror(errno), "waitpid");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    fprintf(stderr, "measure: status %#x:", (unsigned)status);
    for (char **word = step->words; *word; word++)
        fprintf(stderr, " %s", *word);
    stop(" failed", step->words[0]);
}

static int64_t run(struct command *command)
{
    int64_t before = now();
    for (int i = 0; i < command->count; i++)
        finish(begin(&command->steps[i]), &command->steps[i]);
    return now() - before;
}

static int order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static struct figures summary(int64_t *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, order);
    return (struct figures){
        (double)values[0] / 1e6,
        (double)values[count / 10] / 1e6,
        (double)values[count / 2] / 1e6,
        (double)values[count - 1] / 1e6,
    };
}

// Name, bar, the worst round's ratio of p10, each round's ratio, then min p10 median max of A and of B.
static void print_row(char **head, int rounds, double *ratios, int worst, struct figures (*all)[2])
{
    printf("%s\t%s\t%.3f\t", head[0], head[1], ratios[worst]);
    for (int i = 0; i < rounds; i++)
        printf("%s%.3f", i ? " " : "", ratios[i]);
    for (int side = 0; side < 2; side++) {
        struct figures *f = &all[worst][side];
        printf("\t%.3f\t%.3f\t%.3f\t%.3f", f->least, f->p10, f->median, f->most);
    }
    printf("\n");
}

static int time_two(char **words)
{
    static struct command commands[2];
    struct figures all[16][2];
    double ratios[16] = {0};
    int runs = atoi(words[2]), rounds = atoi(words[3]), worst = 0;
    if (runs < 1 || runs > MOST_RUNS || rounds < 1 || rounds > 16)
        stop("runs are 1 to 10000, rounds 1 to 16", words[0]);
    char **rest = parse(words + 4, &commands[0]);
    if (*rest)
        parse(rest + 1, &commands[1]);
    if (!commands[0].count || !commands[1].count)
        stop("two commands are needed, with `--` between them", words[0]);
    for (int i = 0; i < 2 * WARM_UP; i++)
        run(&commands[i % 2]);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < runs; i++)
            for (int side = 0; side < 2; side++)
                samples[side][i] = run(&commands[side]);
        for (int side = 0; side < 2; side++)
            all[round][side] = summary(samples[side], runs);
        ratios[round] = all[round][0].p10 / all[round][1].p10;
        if (ratios[round] > ratios[worst])
            worst = round;
    }
    print_row(words, rounds, ratios, worst, all);
    return 0;
}

static long private_memory(pid_t pid)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    text[count > 0 ? count : 0] = 0;
    long total = 0;
    const char *names[] = {"Private_Clean:", "Private_Dirty:"};
    for (int i = 0; i < 2; i++) {
        const char *at = strstr(text, names[i]);
        if (at)
            total += atol(at + strlen(names[i]));
    }
    return total;
}

static int memory(char **words)
{
    static struct command command;
    long largest = 0;
    int runs = atoi(words[0]);
    parse(words + 1, &command);
    for (int i = 0; i < runs; i++) {
        pid_t pid = begin(&command.steps[0]);
        siginfo_t info = {0};
        while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
            long seen = private_memory(pid);
            largest = seen > largest ? seen : largest;
        }
        finish(pid, &command.steps[0]);
    }
    if (largest == 0)
        stop("nothing could be read", "smaps_rollup");
    printf("%ld\n", largest);
    return 0;
}

int main(int count, char **words)
{
    posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 2; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    if (count > 7 && strcmp(words[1], "time") == 0)
        return time_two(words + 2);
    if (count > 3 && strcmp(words[1], "memory") == 0)
        return memory(words + 2);
    fprintf(stderr, "usage: measure time NAME BAR RUNS ROUNDS A... -- B...\n"
                    "       measure memory RUNS COMMAND...\n");
    return 2;
}
