/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and writes one line to FILE: when it was started (monotonic seconds), how long it
 * took, the processor seconds and the peak of its resident memory in MB (10^6 bytes), and its
 * status. measure FILE COMMAND [ARGUMENT...]
 */
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
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        perror("measure");
        return 1;
    }
    double wall = now() - start;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    (void)fprintf(out, "%.6f %.6f %.6f %.3f %d\n", start, wall,
                  seconds(used.ru_utime) + seconds(used.ru_stime),
                  (double)used.ru_maxrss * 1024 / 1e6, code);
    return fclose(out) == 0 ? code : 1;
}
