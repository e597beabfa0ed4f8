/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ombud selftest: does each procedure find the weakness that it is for, and nothing where there is
 * none? The parent owns the services, the workers and the temporary folder, so that all of them end
 * with it however a worker ends.
 */
#include "cli/selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 64

typedef struct selftest {
    const ob_args *args;
    ob_arena arena;
    ob_catalogue catalogue;
    ob_selftest_plan plan;
    ob_selftest_figures figures;
    ob_span only[128];
    size_t only_count;
    char folder[2048]; /* empty = none yet */
    char token[33];
    ob_reference services[JOBS_MAX];
    pid_t workers[JOBS_MAX]; /* 0 = none */
    size_t jobs;
    size_t done; /* tasks */
    _Atomic(uint32_t) *next;
    int stop_fd;
    bool stopped;
} selftest;

static bool read_only_list(selftest *t, ob_err *err)
{
    for (size_t i = 0; i < ob_args_count(t->args, "only"); i++) {
        ob_span rest = ob_span_str(ob_args_nth(t->args, "only", i));
        ob_span id;
        while (ob_span_cut(&rest, ',', &id)) {
            if (t->only_count == OB_COUNT(t->only)) {
                return ob_fail(err, OB_ERR_USAGE, "--only takes at most %zu ids",
                               OB_COUNT(t->only));
            }
            t->only[t->only_count++] = ob_span_trim(id);
        }
    }
    return true;
}

static bool prepare(selftest *t, ob_err *err)
{
    ob_span folder = {0};
    uint64_t seeds = 0;
    uint64_t jobs = 0;
    if (!ob_args_number(t->args, "seeds", 1, 10000, &seeds, err) ||
        !ob_args_number(t->args, "jobs", 1, JOBS_MAX, &jobs, err) || !read_only_list(t, err) ||
        !ob_cli_catalogue(t->args, &t->arena, &folder, err)) {
        return false;
    }
    const ob_catalogue_from from = {.folder = folder.ptr, .profile = OB_SPAN("ics")};
    if (!ob_catalogue_load(&t->catalogue, &t->arena, &from, err) ||
        !ob_selftest_plan_make(&t->plan, &t->arena, &t->catalogue, t->only, t->only_count,
                               (unsigned)seeds, err)) {
        return false;
    }
    t->jobs = jobs < t->plan.tasks_count ? (size_t)jobs : t->plan.tasks_count;
    t->figures.plan = &t->plan;
    t->figures.rows = OB_NEW(&t->arena, ob_selftest_row, t->plan.procedures_count, err);
    t->plan.token = t->token;
    return t->figures.rows != NULL && ob_reference_token(t->token, err) &&
           ob_reference_hand_over(t->token, err);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    (void)remove(path); /* what cannot be removed does not keep the rest */
    return 0;
}

static bool start_worker(selftest *t, size_t number, int out, ob_err *err)
{
    char folder[sizeof t->folder + 32];
    (void)snprintf(folder, sizeof folder, "%s/%zu", t->folder, number);
    if (mkdir(folder, 0700) != 0) {
        return ob_fail_errno(err, errno, "cannot make the folder %s", folder);
    }
    (void)fflush(stdout);
    (void)fflush(stderr);
    pid_t pid = fork();
    if (pid < 0) {
        return ob_fail_errno(err, errno, "cannot start a worker");
    }
    if (pid == 0) {
        ob_selftest_work(&(ob_selftest_worker){.args = t->args,
                                               .plan = &t->plan,
                                               .service = &t->services[number],
                                               .folder = folder,
                                               .next = t->next,
                                               .out = out});
    }
    t->workers[number] = pid;
    return true;
}

static bool start_all(selftest *t, int *in, ob_err *err)
{
    int ends[2];
    void *shared =
        mmap(NULL, sizeof *t->next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return ob_fail_errno(err, errno, "cannot share memory");
    }
    t->next = shared;
    for (size_t i = 0; i < t->jobs; i++) {
        if (!ob_reference_open(&t->services[i], (const char *const[]){"--seed", "selftest"}, 2,
                               err)) {
            return false;
        }
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return ob_fail_errno(err, errno, "cannot make a pipe");
    }
    bool good = true;
    for (size_t i = 0; good && i < t->jobs; i++) {
        good = start_worker(t, i, ends[1], err);
    }
    (void)close(ends[1]);
    *in = ends[0];
    return good;
}

/* All that was started ends here, in every case. */
static void stop_all(selftest *t)
{
    for (size_t i = 0; i < t->jobs; i++) {
        if (t->workers[i] > 0) {
            (void)kill(t->workers[i], SIGTERM);
        }
    }
    for (size_t i = 0; i < t->jobs; i++) {
        int status = 0;
        while (t->workers[i] > 0 && waitpid(t->workers[i], &status, 0) < 0 && errno == EINTR) {
        }
        t->workers[i] = 0;
        ob_reference_close(&t->services[i]);
    }
    if (t->folder[0] != '\0') {
        /* No thread runs here. NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)nftw(t->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    if (t->next != NULL) {
        (void)munmap((void *)(uintptr_t)t->next, sizeof *t->next);
    }
    ob_wipe(t->token, sizeof t->token);
}

static void tell_progress(const selftest *t)
{
    size_t tenth = t->done * 10 / t->plan.tasks_count;
    if (tenth > (t->done - 1) * 10 / t->plan.tasks_count) {
        ob_cli_say(t->args, "selftest  %zu %%  %zu of %zu runs  %llu requests", tenth * 10, t->done,
                   t->plan.tasks_count, (unsigned long long)t->figures.requests);
    }
}

static bool take(selftest *t, const ob_selftest_record *record, ob_err *err)
{
    if (record->outcome == OB_SELFTEST_BROKEN) {
        return ob_fail(err, (ob_err_kind)record->kind, "%.239s", record->why);
    }
    if (record->outcome == OB_SELFTEST_DONE) {
        t->done++;
        tell_progress(t);
    } else {
        ob_selftest_add(&t->figures, record);
    }
    return true;
}

/* Reads records until the last worker is gone or somebody interrupts. */
static bool collect(selftest *t, int in, ob_err *err)
{
    ob_selftest_record record;
    size_t used = 0;
    struct pollfd waits[] = {{.fd = in, .events = POLLIN}, {.fd = t->stop_fd, .events = POLLIN}};
    for (;;) {
        if (poll(waits, OB_COUNT(waits), -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return ob_fail_errno(err, errno, "cannot wait for the workers");
        }
        if (waits[1].revents != 0) {
            t->stopped = true;
            return true;
        }
        ssize_t got = read(in, (char *)&record + used, sizeof record - used);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return t->done == t->plan.tasks_count ||
                   ob_fail(err, OB_ERR_IO, "a worker ended before its work");
        }
        used += got > 0 ? (size_t)got : 0;
        if (used == sizeof record) {
            used = 0;
            if (!take(t, &record, err)) {
                return false;
            }
        }
    }
}

static int report(const selftest *t, double seconds)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 1 << 22};
    OB_AUTO(ob_buf) json = {.max = 1 << 22};
    const char *path = ob_args_text(t->args, "json");
    bool met = ob_selftest_table(&t->figures, &text);
    /* Standard output is the data's when they go there. */
    FILE *out = ob_cli_is_stdout(path) ? stderr : stdout;
    (void)fwrite(text.ptr, 1, text.len, out);
    for (size_t i = 0; i < t->plan.judged_count; i++) {
        (void)fprintf(out, "not measured, as it needs a judge: %.*s\n",
                      OB_SHOW(t->plan.judged[i]->id));
    }
    (void)fflush(out);
    ob_cli_say(t->args, "%zu runs, %llu requests, %.0f s", t->done,
               (unsigned long long)t->figures.requests, seconds);
    if (path != NULL) {
        ob_selftest_json(&t->figures, &json);
        if (!ob_buf_check(&json, "the figures", &err) ||
            !ob_cli_write(path, ob_buf_span(&json), &err)) {
            return ob_cli_fail(&err, true);
        }
    }
    return met ? OB_EXIT_OK : OB_EXIT_FOUND;
}

static int run_command(const ob_args *args)
{
    ob_err err = {0};
    selftest t = {.args = args};
    int in = -1;
    uint64_t began = ob_clock_ns();
    if (args->words_count > 0) {
        (void)ob_fail(&err, OB_ERR_USAGE, "selftest takes options only");
        return ob_cli_usage("selftest", &err);
    }
    int status = OB_EXIT_OK;
    if (!prepare(&t, &err) || !ob_cli_writable(ob_args_text(args, "json"), &err) ||
        !ob_cli_folder(t.folder, sizeof t.folder, "ombud-selftest", &err)) {
        status = ob_cli_fail(&err, false);
    } else {
        bool good =
            ob_cli_signals(&t.stop_fd, &err) && start_all(&t, &in, &err) && collect(&t, in, &err);
        stop_all(&t);
        if (t.stopped) {
            ob_cli_say(args, "interrupted after %zu of %zu runs", t.done, t.plan.tasks_count);
            status = OB_EXIT_UNDECIDED;
        } else if (!good) {
            status = ob_cli_fail(&err, true);
        } else {
            status = report(&t, (double)(ob_clock_ns() - began) / 1e9);
        }
    }
    if (in >= 0) {
        (void)close(in);
    }
    ob_arena_fini(&t.arena);
    return status;
}

static const ob_option options[] = {
    {"catalogue", OB_OPTION_TEXT, false, "DIR", NULL, "folder of catalogues", NULL},
    {"jobs", OB_OPTION_NUMBER, false, "N", "2", "runs at once", NULL},
    {"json", OB_OPTION_TEXT, false, "FILE", NULL,
     "write the figures as JSON (- is standard output)", NULL},
    {"only", OB_OPTION_TEXT, true, "ID,...", NULL, "procedures, evaluations or requirements", NULL},
    {"seeds", OB_OPTION_NUMBER, false, "N", "20", "runs of each procedure and dial", NULL},
};

const ob_command ob_command_selftest = {
    .name = "selftest",
    .purpose = "measure the procedures on a service with known weaknesses",
    .usage = "  ombud selftest [options]\n",
    .examples = "  ombud selftest\n"
                "  ombud selftest --seeds 1 --only ics-session-leak\n"
                "  ombud selftest --json selftest.json --jobs 4\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "Each procedure meets the reference service without its weakness and with it,\n"
             "at the design rate of 'ombud demo dials'. doc/selftest.md explains the table.\n"
             "\n"
             "Exit status: 0 all figures are as good as asked, 1 one is not, 2 wrong usage,\n"
             "3 interrupted, 4 a fault of ombud.\n",
    .run = run_command,
};
