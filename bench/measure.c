/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and writes one line to FILE: when it was started (monotonic seconds); how long it
 * took, less the time for which it was ready to run while others had the processors; the processor
 * seconds; the peak of its resident memory in MB (10^6 bytes); and how long it took by the clock on
 * the wall. On an idle machine the second and the last are the same.
 *
 *   measure FILE COMMAND [ARGUMENT...]
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Seconds in the queue for a processor, of an ended child that was not waited for yet. */
static double queued(pid_t child)
{
    char path[64];
    unsigned long long ran = 0;
    unsigned long long stood = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/schedstat", (long)child);
    FILE *file = fopen(path, "re");
    int got = file == NULL ? 0 : fscanf(file, "%llu %llu", &ran, &stood);
    if (file != NULL) {
        (void)fclose(file);
    }
    return got == 2 ? (double)stood / 1e9 : 0;
}

int main(int argc, char **argv)
{
    FILE *out = argc > 2 ? fopen(argv[1], "we") : NULL;
    if (out == NULL) {
        (void)fputs("usage: measure FILE COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    struct rusage used = {0};
    siginfo_t info;
    if (child < 0 || waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) != 0) {
        perror("measure");
        return 1;
    }
    double wall = now() - start;
    double own = wall - queued(child);
    if (wait4(child, &status, 0, &used) != child) {
        perror("measure");
        return 1;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    (void)fprintf(out, "%.6f %.6f %.6f %.3f %.6f\n", start, own,
                  seconds(used.ru_utime) + seconds(used.ru_stime),
                  (double)used.ru_maxrss * 1024 / 1e6, wall);
    return fclose(out) == 0 ? code : 1;
}
