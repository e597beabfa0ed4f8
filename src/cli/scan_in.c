/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs of ombud scan, and how far it is with them. */
#include "cli/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_PER_S 1000000000u
/* Short scans are over before anybody wants to know how far they are. */
#define SILENT_NS (NS_PER_S / 2)
/* On a terminal the line changes ten times a second at most. */
#define AGAIN_NS (NS_PER_S / 10)

bool ob_scan_in_open(ob_scan_in *in, const char *name, ob_err *err)
{
    struct stat info = {0};
    *in = (ob_scan_in){.name = name, .fd = STDIN_FILENO};
    if (strcmp(name, "-") == 0) {
        return true;
    }
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return ob_fail_errno(err, errno, "cannot open %.150s", name);
    }
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        (void)close(fd);
        return ob_fail(err, OB_ERR_INPUT, "%.150s is a folder; name files", name);
    }
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    in->fd = fd;
    return true;
}

void ob_scan_in_close(ob_scan_in *in)
{
    if (in->fd != STDIN_FILENO) {
        (void)close(in->fd);
    }
    in->fd = STDIN_FILENO;
}

void ob_scan_measure(ob_scan_job *job)
{
    const ob_args *args = job->args;
    job->progress.all = 0;
    for (size_t i = 0; i < args->words_count || i == 0; i++) {
        const char *name = args->words_count == 0 ? "-" : args->words[i];
        struct stat info = {0};
        bool good =
            strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &info) == 0 : stat(name, &info) == 0;
        if (!good || !S_ISREG(info.st_mode)) {
            job->progress.all = 0;
            return;
        }
        job->progress.all += (uint64_t)info.st_size;
    }
}

void ob_scan_erase(ob_scan_progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\x1b[K", stderr);
        progress->shown = false;
    }
}

static void tell_progress(ob_scan_job *job)
{
    ob_scan_progress *p = &job->progress;
    uint64_t now = ob_clock_ns();
    double mb = (double)job->bytes / 1e6;
    double all = (double)p->all / 1e6;
    double seconds = (double)(now - p->start_ns) / NS_PER_S;
    double share = p->all == 0 || job->bytes > p->all ? 0 : mb / all;
    if (p->quiet || now - p->start_ns < SILENT_NS ||
        (p->live ? now - p->told_ns < AGAIN_NS : (unsigned)(share * 10) <= p->tenth)) {
        return;
    }
    p->told_ns = now;
    p->tenth = (unsigned)(share * 10);
    const char *start = p->live ? "\r\x1b[K" : "";
    const char *end = p->live ? "" : "\n";
    if (share > 0) {
        unsigned long left = (unsigned long)(seconds / share * (1 - share) + 0.5);
        (void)fprintf(stderr, "%sscan  %2.0f %%  %.1f of %.1f MB  %llu found  eta %02lu:%02lu%s",
                      start, share * 100, mb, all, (unsigned long long)job->hits, left / 60,
                      left % 60, end);
    } else {
        (void)fprintf(stderr, "%sscan  %.1f MB  %.1f MB/s  %llu found%s", start, mb, mb / seconds,
                      (unsigned long long)job->hits, end);
    }
    p->shown = p->live;
}

/* Read as UTF-8 such a text would show nothing, and pass a mask as it is. */
static bool is_readable(ob_scan_in *in, const char *piece, size_t got, ob_err *err)
{
    for (size_t i = 0; i < got && in->seen < sizeof in->head; i++) {
        in->head[in->seen++] = piece[i];
    }
    return in->seen < sizeof in->head ||
           (memcmp(in->head, "\xff\xfe", 2) != 0 && memcmp(in->head, "\xfe\xff", 2) != 0) ||
           ob_fail(
               err, OB_ERR_INPUT,
               "%.120s is UTF-16, texts are read as UTF-8; convert it: iconv -f UTF-16 -t UTF-8",
               strcmp(in->name, "-") == 0 ? "standard input" : in->name);
}

bool ob_scan_in_read(ob_scan_job *job, ob_scan_in *in, char *piece, size_t *got, ob_err *err)
{
    struct pollfd waits[] = {{.fd = in->fd, .events = POLLIN},
                             {.fd = job->stop_fd, .events = POLLIN}};
    /* A reader behind a pipe sees at once what is known. */
    if (!ob_scan_out_flush(&job->out, err)) {
        return false;
    }
    tell_progress(job);
    for (;;) {
        if (poll(waits, OB_COUNT(waits), -1) < 0 && errno != EINTR) {
            return ob_fail_errno(err, errno, "cannot wait for %.150s", in->name);
        }
        if (waits[1].revents != 0) {
            return ob_fail(err, OB_ERR_CANCELLED, "interrupted");
        }
        if (waits[0].revents == 0) {
            continue;
        }
        ssize_t count = read(in->fd, piece, OB_SCAN_PIECE);
        if (count >= 0) {
            *got = (size_t)count;
            job->bytes += *got;
            return is_readable(in, piece, *got, err);
        }
        if (errno != EINTR && errno != EAGAIN) {
            return ob_fail_errno(err, errno, "cannot read %.150s",
                                 strcmp(in->name, "-") == 0 ? "standard input" : in->name);
        }
    }
}
