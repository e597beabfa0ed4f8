/* SPDX-License-Identifier: Apache-2.0 */
/* A worker: a process with a service of its own that executes tasks until none are left. */
#include "cli/scan.h"
#include "cli/selftest.h"
#include "evaluate/run.h"

#include <ombud/json.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PATH_ROOM 4200

typedef struct bench {
    const ob_selftest_worker *w;
    ob_arena arena; /* what all tasks share */
    ob_service service;
    ob_scope scope;
    ob_log log;
    ob_detector *detector; /* as long as the process */
    ob_run_options options;
    char service_path[PATH_ROOM];
    char scope_path[PATH_ROOM];
    char store_path[PATH_ROOM];
} bench;

/* The pipe is the parent's only view: where it cannot be written, there is nothing left to do. */
static void send_record(const bench *b, const ob_selftest_record *record)
{
    ssize_t sent;
    do {
        sent = write(b->w->out, record, sizeof *record);
    } while (sent < 0 && errno == EINTR);
    if (sent != (ssize_t)sizeof *record) {
        _exit(OB_EXIT_UNDECIDED);
    }
}

static _Noreturn void break_off(const bench *b, uint32_t task, const ob_err *err)
{
    ob_selftest_record record = {
        .task = task, .outcome = OB_SELFTEST_BROKEN, .kind = (int32_t)err->kind};
    (void)snprintf(record.why, sizeof record.why, "%.239s", err->text);
    send_record(b, &record);
    _exit(OB_EXIT_UNDECIDED);
}

static bool set_up(bench *b, ob_err *err)
{
    const ob_selftest_worker *w = b->w;
    OB_AUTO(ob_buf) service = {.max = 65536};
    OB_AUTO(ob_buf) scope = {.max = 65536};
    ob_var secret = {
        .name = OB_SPAN(OB_REFERENCE_SECRET), .value = ob_span_str(w->plan->token), .secret = true};
    ob_demo_service_file(&service, w->service->address);
    ob_demo_scope_file(&scope, w->service->address, ob_clock_wall_ms());
    (void)snprintf(b->service_path, sizeof b->service_path, "%s/service.yaml", w->folder);
    (void)snprintf(b->scope_path, sizeof b->scope_path, "%s/scope.yaml", w->folder);
    (void)snprintf(b->store_path, sizeof b->store_path, "%s/evidence.db", w->folder);
    b->log = ob_cli_log(w->args);
    b->options = (ob_run_options){.catalogue = w->plan->catalogue,
                                  .service = &b->service,
                                  .service_path = ob_span_str(b->service_path),
                                  .scope = &b->scope,
                                  .operator_ = OB_SPAN("selftest"),
                                  .in_flight = 16,
                                  .log = &b->log};
    if (!ob_cli_detector(w->args, NULL, &b->detector, err)) {
        return false;
    }
    b->options.detector = b->detector;
    return ob_buf_check(&service, "the service file", err) &&
           ob_buf_check(&scope, "the scope file", err) &&
           ob_file_write(b->service_path, ob_buf_span(&service), 0600, err) &&
           ob_file_write(b->scope_path, ob_buf_span(&scope), 0600, err) &&
           ob_service_load(&b->service, &b->arena, b->service_path, err) &&
           ob_scope_load(&b->scope, &b->arena, b->scope_path, err) &&
           ob_cli_secrets(w->args, &b->arena, &b->service, &secret, &b->options.secrets, err) &&
           ob_cli_signals(&b->options.stop_fd, err);
}

static bool turn_dials(const bench *b, const ob_selftest_task *task, ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = 1024};
    ob_json_writer json = {.out = &body};
    ob_jw_object(&json, NULL);
    if (task->dial >= 0) {
        ob_jw_double(&json, ob_demo_dials[task->dial].name, ob_demo_dials[task->dial].design_rate);
    }
    ob_jw_end(&json, true);
    ob_buf_add_char(&body, '\0');
    return ob_buf_check(&body, "the dials", err) &&
           ob_reference_dials(b->w->service, b->w->plan->token, body.ptr, err);
}

static void hand_in(const bench *b, uint32_t number, const ob_summary *summary)
{
    const ob_selftest_plan *plan = b->w->plan;
    for (size_t i = 0; i < summary->procedures_count; i++) {
        const ob_procedure_view *v = &summary->procedures[i];
        ob_selftest_record record = {.trials = v->trials,
                                     .fixed_plan = v->fixed_plan,
                                     .requests = v->requests,
                                     .task = number,
                                     .outcome = (int32_t)v->outcome};
        (void)snprintf(record.why, sizeof record.why, "%.*s",
                       OB_SHOW(ob_span_sub(v->reason, 0, 200)));
        while (record.procedure < plan->procedures_count &&
               !ob_span_is(plan->procedures[record.procedure]->id, v->id)) {
            record.procedure++;
        }
        if (record.procedure < plan->procedures_count) {
            send_record(b, &record);
        }
    }
    send_record(b, &(ob_selftest_record){.task = number, .outcome = OB_SELFTEST_DONE});
}

/* Evidence is kept for the time of one task only. */
static void drop_store(const bench *b)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        char path[PATH_ROOM + 8];
        (void)snprintf(path, sizeof path, "%s%s", b->store_path, ends[i]);
        (void)unlink(path);
    }
}

static bool execute(bench *b, uint32_t number, ob_err *err)
{
    const ob_selftest_task *task = &b->w->plan->tasks[number];
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    ob_run_result result = {0};
    ob_summary summary = {0};
    ob_run_options options = b->options;
    char seed[32];
    (void)snprintf(seed, sizeof seed, "selftest-%u", task->seed);
    options.seed = ob_span_str(seed);
    options.level = task->level;
    options.only = task->only;
    options.only_count = task->only_count;
    options.store = &store;
    if (!turn_dials(b, task, err) || !ob_store_open(&store, b->store_path, false, err) ||
        !ob_store_relax(&store, err) || !ob_run_execute(&options, &result, err)) {
        return false;
    }
    if (result.interrupted) {
        _exit(OB_EXIT_UNDECIDED);
    }
    if (!ob_summary_load(&summary, &arena, &store, result.id, err)) {
        return false;
    }
    hand_in(b, number, &summary);
    return true;
}

_Noreturn void ob_selftest_work(const ob_selftest_worker *worker)
{
    ob_err err = {0};
    bench b = {.w = worker};
    /* A parent that was killed cannot say so. */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (!set_up(&b, &err)) {
        break_off(&b, 0, &err);
    }
    for (uint32_t number = atomic_fetch_add(worker->next, 1); number < worker->plan->tasks_count;
         number = atomic_fetch_add(worker->next, 1)) {
        bool good = execute(&b, number, &err);
        drop_store(&b);
        if (!good) {
            break_off(&b, number, &err);
        }
    }
    _exit(OB_EXIT_OK);
}
