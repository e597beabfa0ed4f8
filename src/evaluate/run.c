/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run: which families take part, who starts next, when it is over. Families are interleaved
 * round robin while they are undecided; a family whose faults hit the whole service runs when no
 * other does. Numbers are given out in order, a resumed run first repeats those that were broken
 * off.
 */
#include "evaluate/applicable.h"
#include "evaluate/resume.h"

#include <ombud/text.h>

/* Engine services */

bool ob_engine_append(ob_engine *e, const ob_record *record, ob_err *err)
{
    if (!e->in_transaction) {
        if (!ob_store_begin(e->o->store, err)) {
            return false;
        }
        e->in_transaction = true;
    }
    return ob_store_append(e->o->store, record, err);
}

bool ob_engine_commit(ob_engine *e, ob_err *err)
{
    if (e->in_transaction) {
        e->in_transaction = false;
        return ob_store_commit(e->o->store, err);
    }
    return true;
}

void ob_engine_abort(ob_engine *e, const ob_err *err)
{
    e->stopping = true;
    ob_client_abort(&e->client, err);
    if (e->judge_open) {
        ob_client_abort(&e->judge, err);
    }
}

void ob_engine_stop(ob_engine *e, const char *why)
{
    if (!e->stopping) {
        e->stopping = true;
        e->why_stopped = why;
        ob_client_stop(&e->client);
        if (e->judge_open) {
            ob_client_stop(&e->judge);
        }
    }
}

bool ob_engine_rng(const ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                   const char *what, ob_rng *rng, ob_err *err)
{
    char label[256];
    (void)snprintf(label, sizeof label, "%s/%.*s/%lld/%d", what, OB_SHOW(family->procedure->id),
                   (long long)number, (int)attempt);
    /* Choices follow the seed that people give; planted values the secret key of the run. */
    bool choice = strcmp(what, "choice") == 0 || strcmp(what, "order") == 0;
    return ob_rng_init(rng, choice ? e->seed : ob_span_str(e->key), ob_span_str(label), err);
}

/* Hooks of the client */

static bool on_sending(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    ob_engine *e = ctx;
    int64_t number = -1;
    int32_t trial_attempt = 0;
    ob_family *family = NULL;
    if (owner != NULL) {
        family = obi_trial_family(owner, &number, &trial_attempt);
        family->requests++;
    }
    return obi_record_request(e, owner, family, number, trial_attempt, attempt, err);
}

/* One transaction for all that a turn of the loop brought: ends, answers, and the requests that may
 * leave only now. */
static bool on_settle(void *ctx, ob_err *err)
{
    return ob_engine_commit(ctx, err);
}

static bool on_ended(void *ctx, void *owner, const ob_attempt *attempt, ob_err *err)
{
    ob_engine *e = ctx;
    int64_t number = -1;
    int32_t trial_attempt = 0;
    ob_family *family = owner == NULL ? NULL : obi_trial_family(owner, &number, &trial_attempt);
    return obi_record_response(e, owner, family, number, trial_attempt, attempt, err);
}

static void on_stopping(void *ctx)
{
    ob_engine_stop(ctx, "interrupted");
}

/* Progress */

static void tell_progress(ob_engine *e, bool last)
{
    uint64_t now = ob_clock_ns();
    if (e->o->progress == NULL || (!last && now - e->progress_ns < 100000000)) {
        return;
    }
    e->progress_ns = now;
    ob_progress p = {.requests = obi_requests(e), .eta_s = -1};
    for (size_t i = 0; i < e->families_count; i++) {
        const ob_family *f = &e->families[i];
        if (!obi_is_executed(f)) {
            continue;
        }
        uint64_t ended = f->tally.hits + f->tally.clean + f->tally.invalid;
        p.families++;
        p.trials += ended + f->tally.surplus;
        p.hits += f->tally.hits;
        if (f->tally.state == OB_TALLY_OPEN) {
            p.undecided++;
            p.left += obi_requests_per_trial(e->o, f->procedure) *
                      ob_eproc_needs(&f->tally.process, f->tally.alpha,
                                     f->tally.plan.max > ended ? f->tally.plan.max - ended : 1);
        }
    }
    double elapsed = (double)(now - e->started_ns) / 1e9;
    if (p.requests > 20 && elapsed > 0.2) {
        p.eta_s = (double)p.left * elapsed / (double)p.requests;
    }
    e->o->progress(e->o->progress_ctx, &p);
}

/* Scheduling */

/* A trial that cannot be judged any more is not begun. */
static bool lacks_judge(ob_engine *e, const ob_family *f)
{
    if (f->judge != NULL && ob_client_requests_left(&e->judge) <= e->judged_running) {
        e->judge_spent = e->judge_spent || e->judged_running == 0;
        return true;
    }
    return f->judge != NULL && e->judge_spent;
}

static bool has_work(ob_engine *e, const ob_family *f)
{
    bool wants =
        obi_is_executed(f) &&
        ((f->tally.state == OB_TALLY_OPEN && (f->broken_count > 0 || ob_tally_wants(&f->tally))) ||
         f->reruns_next < f->reruns_count);
    return wants && !lacks_judge(e, f);
}

static bool start_one(ob_engine *e, ob_family *f, ob_err *err)
{
    int64_t number = 0;
    int64_t rerun_of = -1;
    if (f->tally.state == OB_TALLY_OPEN && f->broken_count > 0) {
        number = (int64_t)f->broken[--f->broken_count];
    } else if (f->tally.state == OB_TALLY_OPEN && ob_tally_wants(&f->tally)) {
        number = (int64_t)f->next++;
    } else {
        number = f->reruns[f->reruns_next].number;
        rerun_of = f->reruns[f->reruns_next++].of;
    }
    int32_t attempt = 1;
    if (rerun_of < 0) {
        void *attempts = f->attempts;
        while ((size_t)number >= f->attempts_cap) {
            size_t before = f->attempts_cap;
            if (!ob_array_grow(&attempts, &f->attempts_cap, f->attempts_cap, sizeof *f->attempts,
                               OB_TALLY_NUMBERS_MAX, err)) {
                return false;
            }
            f->attempts = attempts;
            (void)memset(f->attempts + before, 0, (f->attempts_cap - before) * sizeof *f->attempts);
        }
        attempt = ++f->attempts[number];
        if (!ob_tally_start(&f->tally, (uint64_t)number, err)) {
            return false;
        }
    }
    return ob_trial_begin(e, f, number, attempt, rerun_of, err);
}

/* The next family in turn that has work; NULL if none may start now. */
static ob_family *next_family(ob_engine *e)
{
    bool others = false;
    for (size_t i = 0; i < e->families_count; i++) {
        others = others || (!e->families[i].exclusive && has_work(e, &e->families[i]));
        if (e->families[i].exclusive && e->families[i].running > 0) {
            return NULL;
        }
    }
    for (size_t i = 0; i < e->families_count; i++) {
        ob_family *f = &e->families[(e->turn + i) % e->families_count];
        if (has_work(e, f) && (!f->exclusive || (!others && e->running == 0))) {
            e->turn = (size_t)(f - e->families) + 1;
            return f;
        }
    }
    return NULL;
}

static void pump(ob_engine *e)
{
    ob_err err = {0};
    if (e->deadline_ns > 0 && ob_clock_ns() >= e->deadline_ns) {
        ob_engine_stop(e, "the time budget is spent");
    }
    ob_err over = {0};
    if (!ob_scope_check_time(e->o->scope, ob_clock_wall_ms(), &over)) {
        ob_engine_stop(e, "the time that the scope covers is over");
    }
    while (!e->stopping && e->running < ob_client_in_flight(&e->client)) {
        if (ob_client_requests_left(&e->client) <= e->running) {
            if (e->running == 0) {
                ob_engine_stop(e, "the request budget is spent");
            }
            return;
        }
        ob_family *f = next_family(e);
        if (f == NULL) {
            return;
        }
        if (!start_one(e, f, &err)) {
            ob_engine_abort(e, &err);
            return;
        }
    }
}

void ob_engine_trial_gone(ob_engine *e, ob_family *family)
{
    family->running--;
    e->running--;
    e->judged_running -= family->judge != NULL;
    tell_progress(e, false);
    pump(e);
}

/* Setting up */

static bool shuffle(ob_engine *e, ob_family *f, ob_err *err)
{
    size_t count = f->procedure->inputs_count;
    uint32_t *order = OB_NEW(&e->arena, uint32_t, count, err);
    ob_rng rng;
    if (order == NULL || !ob_engine_rng(e, f, 0, 0, "order", &rng, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        size_t k = (size_t)ob_rng_below(&rng, i + 1);
        order[i] = order[k];
        order[k] = (uint32_t)i;
    }
    f->order = order;
    return true;
}

static bool make_family(ob_engine *e, const ob_procedure *p, ob_family *f, ob_err *err)
{
    f->procedure = p;
    if (!ob_applicable(e->o->service, p, &e->arena, &f->not_applicable, err)) {
        return false;
    }
    if (!obi_judge_family(e, f, err) ||
        (obi_is_executed(f) && !obi_leave_of(e->o, p, &e->arena, &f->not_tested, err))) {
        return false;
    }
    ob_tally_plan plan = {.limit = p->limit[e->o->level - 1],
                          .alpha = p->alpha,
                          .max = p->max[e->o->level - 1],
                          .zero_tolerance = p->zero_tolerance,
                          .invalid_max = p->invalid_max,
                          .judge = f->judge};
    f->exclusive = p->effect == OB_EFFECT_FAULT && !e->o->service->fault_scope_actor;
    for (size_t i = 0; i < p->fixtures_count; i++) {
        e->kb_wanted = e->kb_wanted || (obi_is_executed(f) && p->fixtures[i].kind == OB_FIXTURE_KB);
    }
    return ob_test_compile(&f->test, &e->arena, p, err) && ob_tally_init(&f->tally, &plan, err);
}

static bool make_families(ob_engine *e, ob_err *err)
{
    const ob_catalogue *c = e->o->catalogue;
    e->families = OB_NEW(&e->arena, ob_family, c->procedures_count, err);
    if (e->families == NULL || !obi_check_ids(e->o, err)) {
        return false;
    }
    for (size_t i = 0; i < c->procedures_count; i++) {
        if (obi_is_selected(e->o, &c->procedures[i]) &&
            !make_family(e, &c->procedures[i], &e->families[e->families_count++], err)) {
            return false;
        }
    }
    /* Nothing may be sent that the scope does not allow: every effect is asked for beforehand. What
     * was named must be tested; of all together there must be something left. */
    bool any = e->o->only_count > 0;
    for (size_t i = 0; i < e->families_count; i++) {
        any = any || obi_is_executed(&e->families[i]);
    }
    for (size_t i = 0; i < e->families_count; i++) {
        const ob_family *f = &e->families[i];
        if ((obi_is_executed(f) || (!any && f->not_applicable == NULL)) &&
            !obi_has_leave(e->o, f->procedure, err)) {
            return ob_wrap(err, "procedure %.*s", OB_SHOW(f->procedure->id));
        }
    }
    return true;
}

static bool make_seed(ob_engine *e, ob_err *err)
{
    ob_digest key = {{0}};
    ob_digest seed = {{0}};
    if (!ob_random(key.bytes, sizeof key.bytes, err) || !ob_random(seed.bytes, 8, err)) {
        return false;
    }
    char hex[65];
    ob_digest_hex(&key, e->key);
    ob_digest_hex(&seed, hex);
    return ob_arena_dup(&e->arena, e->o->seed.len > 0 ? e->o->seed : (ob_span){hex, 16}, &e->seed,
                        err);
}

static ob_span host_of(ob_span address)
{
    size_t start = ob_span_find(address, OB_SPAN("://"), 0);
    ob_span rest = ob_span_sub(address, start == SIZE_MAX ? address.len : start + 3, address.len);
    if (rest.len > 0 && rest.ptr[0] == '[') {
        return ob_span_sub(rest, 1, ob_span_find(rest, OB_SPAN("]"), 0));
    }
    size_t colon = ob_span_find(rest, OB_SPAN(":"), 0);
    return colon == SIZE_MAX ? rest : ob_span_sub(rest, 0, colon);
}

static bool open_engine(ob_engine *e, const ob_run_options *options, ob_err *err)
{
    *e = (ob_engine){.o = options, .started_ns = ob_clock_ns()};
    e->own_host = host_of(options->service->address);
    e->keep_raw = options->keep_raw;
    e->screen = (ob_screen){.detector = options->detector, .service = options->service};
    e->deadline_ns = options->max_ms == 0 ? 0 : e->started_ns + options->max_ms * 1000000;
    if (options->level < 1 || options->level > OB_LEVELS) {
        return ob_fail(err, OB_ERR_USAGE, "the level is 1, 2 or 3");
    }
    ob_client_options client = {.service = options->service,
                                .scope = options->scope,
                                .secrets = options->secrets,
                                .hooks = {e, on_sending, on_settle, on_ended, on_stopping},
                                .run = e->run,
                                .rate = options->rate,
                                .in_flight = options->in_flight,
                                .max_requests = options->max_requests,
                                .stop_fd = options->stop_fd,
                                .log = options->log,
                                .environment = options->environment,
                                .environment_count = options->environment_count};
    if (!make_seed(e, err) || !ob_client_open(&e->client, &client, err)) {
        return false;
    }
    e->client_open = true;
    return true;
}

static void close_engine(ob_engine *e)
{
    while (e->trials != NULL) {
        ob_trial_drop(e->trials);
    }
    if (e->client_open) {
        ob_client_close(&e->client);
    }
    for (size_t i = 0; i < e->families_count; i++) {
        ob_tally_fini(&e->families[i].tally);
        ob_mem_free(e->families[i].attempts);
        ob_mem_free(e->families[i].broken);
    }
    ob_wipe(e->key, sizeof e->key);
    ob_screen_close(&e->screen);
    ob_arena_fini(&e->arena);
}

/* The knowledge base, once a run, before the first trial */

typedef struct kb_fetch {
    ob_engine *e;
    bool good;
    char why[160];
    ob_err err;
} kb_fetch;

static void kb_done(void *ctx, const ob_reply *reply)
{
    kb_fetch *f = ctx;
    f->good = reply->lost == OB_LOST_NONE && reply->extracted_count > 0 &&
              ob_kb_read(&f->e->kb, &f->e->arena, reply->extracted[0].value, &f->err);
    if (!f->good) {
        (void)snprintf(f->why, sizeof f->why, "%.150s",
                       reply->lost == OB_LOST_NONE ? "it holds nothing" : reply->why);
    }
}

static bool fetch_kb(ob_engine *e, ob_err *err)
{
    const ob_call_template *call = ob_service_backend(e->o->service, OB_SPAN("kb"));
    ob_vars vars = {.arena = &e->arena};
    if (!e->kb_wanted || call == NULL) {
        return true;
    }
    if (!ob_vars_set(&vars, OB_SPAN("trial.tag"), OB_SPAN("setup"), false, err) ||
        !ob_vars_set(&vars, OB_SPAN("run.id"), ob_span_str(e->run), false, err)) {
        return false;
    }
    for (int tries = 0; tries < 3; tries++) {
        kb_fetch fetch = {.e = e};
        ob_call request = {
            .call = call, .kind = "kb", .vars = &vars, .done = kb_done, .ctx = &fetch};
        if (!ob_client_send(&e->client, &request, err) || !ob_client_run(&e->client, err)) {
            return false;
        }
        if (fetch.good || e->stopping) {
            return true;
        }
        if (tries == 2) {
            /* Not the end of the run: what needs it cannot be judged and will say so. */
            char text[220];
            (void)snprintf(text, sizeof text, "the knowledge base could not be read: %s",
                           fetch.why);
            return obi_record_note(e, "deviation", ob_span_str(text), err);
        }
    }
    return true;
}

static bool record_head(ob_engine *e, ob_err *err)
{
    if (!obi_record_run(e, err)) {
        return false;
    }
    for (size_t i = 0; i < e->families_count; i++) {
        if (!obi_record_procedure(e, &e->families[i], err)) {
            return false;
        }
    }
    return ob_engine_commit(e, err);
}

static bool record_tail(ob_engine *e, ob_err *err)
{
    for (size_t i = 0; i < e->families_count; i++) {
        ob_tally_close(&e->families[i].tally);
        if (!obi_record_verdict(e, &e->families[i], err)) {
            return false;
        }
    }
    return obi_record_finish(e, err) && ob_engine_commit(e, err) &&
           ob_store_run_end(e->o->store, e->why_stopped == NULL ? "finished" : "interrupted", err);
}

static bool begin_run(ob_engine *e, ob_err *err)
{
    bool good = e->o->resume != NULL ? obi_resume(e, err)
                                     : ob_store_run_new(e->o->store, e->o->service->title,
                                                        e->o->service_path, e->run, err) &&
                                           record_head(e, err);
    /* The order follows the seed, which a resumed run has just taken over. */
    for (size_t i = 0; good && i < e->families_count; i++) {
        good = shuffle(e, &e->families[i], err);
    }
    return good;
}

static bool execute(ob_engine *e, ob_err *err)
{
    if (!begin_run(e, err) || !fetch_kb(e, err)) {
        return false;
    }
    pump(e);
    if (!ob_client_run(&e->client, err)) {
        /* What is recorded stays; the broken trials are done again by a resumed run. */
        ob_err ignored = {0};
        (void)!ob_engine_commit(e, &ignored);
        return false;
    }
    tell_progress(e, true);
    if (e->judge_spent && e->why_stopped == NULL) {
        e->why_stopped = "the judge's request budget is spent";
    }
    return record_tail(e, err);
}

bool ob_run_execute(const ob_run_options *options, ob_run_result *result, ob_err *err)
{
    ob_engine e;
    bool good = open_engine(&e, options, err) && make_families(&e, err) &&
                obi_judge_open(&e, (ob_hooks){&e, on_sending, on_settle, on_ended, NULL}, err) &&
                execute(&e, err);
    (void)memcpy(result->id, e.run, sizeof result->id);
    result->interrupted = e.why_stopped != NULL;
    result->requests = obi_requests(&e);
    close_engine(&e);
    return good;
}

bool ob_run_preview(const ob_run_options *options, const ob_procedure *procedure, ob_buf *out,
                    ob_err *err)
{
    ob_engine e;
    bool good = open_engine(&e, options, err);
    if (good) {
        (void)snprintf(e.run, sizeof e.run, "dry-run");
        e.families = OB_NEW(&e.arena, ob_family, 1, err);
        e.families_count = e.families == NULL ? 0 : 1;
        good = e.families != NULL && make_family(&e, procedure, e.families, err) &&
               shuffle(&e, e.families, err) && ob_trial_preview(&e, e.families, out, err);
    }
    close_engine(&e);
    return good;
}

bool ob_run_limits(const ob_run_options *options, double *rate, unsigned *in_flight,
                   uint64_t *requests, ob_err *err)
{
    ob_engine e;
    bool good = open_engine(&e, options, err);
    if (good) {
        *rate = ob_client_rate(&e.client);
        *in_flight = ob_client_in_flight(&e.client);
        *requests = ob_client_requests_left(&e.client);
    }
    close_engine(&e);
    return good;
}
