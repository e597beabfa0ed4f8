/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary of a run from its records alone, so that a run that was killed can be reported, too.
 * Two passes: one over starts, ends and totals, which feeds each procedure's tally again in the
 * order of its numbers; one for the trials that are shown in full.
 */
#include "evaluate/summary_build.h"

#include "evaluate/engine.h"

#include <ombud/text.h>

#define SHOWN_HITS 10
#define INPUT_MOST 1000000 /* a procedure has fewer; a record written by hand may name any */

static ob_summary_family *family_of(ob_summary_build *b, ob_span id)
{
    for (size_t i = 0; i < b->families_count; i++) {
        if (ob_span_is(b->families[i].view.id, id)) {
            return &b->families[i];
        }
    }
    return NULL;
}

static bool truth_of(const ob_json *object, const char *key)
{
    const ob_json *node = ob_json_get(object, key);
    return node != NULL && node->truth;
}

static bool take_requirements(ob_summary_build *b, const ob_json *body, ob_err *err)
{
    const ob_json *list = ob_json_get(body, "requirements");
    const ob_json *pillars = ob_json_get(body, "pillars");
    size_t count = list == NULL ? 0 : list->count;
    size_t pillars_count = pillars == NULL ? 0 : pillars->count;
    b->requirements = OB_NEW(b->arena, ob_requirement_view, count, err);
    b->pillars = OB_NEW(b->arena, ob_pillar_view, pillars_count, err);
    if (b->requirements == NULL || b->pillars == NULL) {
        return false;
    }
    for (const ob_json *r = count == 0 ? NULL : list->first; r != NULL; r = r->next) {
        bool testable = truth_of(r, "testable");
        b->requirements[b->requirements_count++] = (ob_requirement_view){
            .id = ob_json_text(r, "id"),
            .title = ob_json_text(r, "title"),
            .level = (unsigned)ob_json_i64(r, "level", 0),
            .component = ob_json_text(r, "component"),
            .pillar = ob_json_text(r, "pillar"),
            .outcome = OB_INCONCLUSIVE,
            .reason = testable ? OB_SPAN("not tested: no procedure of this run belongs to it")
                               : OB_SPAN("not answered: it is examined or asked, not tested")};
    }
    for (const ob_json *p = pillars_count == 0 ? NULL : pillars->first; p != NULL; p = p->next) {
        b->pillars[b->pillars_count++] = (ob_pillar_view){.id = ob_json_text(p, "id"),
                                                          .title = ob_json_text(p, "title"),
                                                          .outcome = OB_NOT_APPLICABLE};
    }
    return true;
}

/* When it began and ended, and how, as the chain has it: the run's row of the store says so, too,
 * but nothing proves that row. */
static void set_state(ob_summary_build *b, const char *state, int64_t ended_ms)
{
    ob_run_info *run = &b->summary->run;
    (void)snprintf(run->state, sizeof run->state, "%s", state);
    run->ended_ms = ended_ms;
}

static bool take_run(ob_summary_build *b, const ob_record *r, const ob_json *body, ob_err *err)
{
    ob_summary *s = b->summary;
    if (b->requirements != NULL) {
        return ob_fail(err, OB_ERR_STORE, "record %llu begins the run again",
                       (unsigned long long)r->seq);
    }
    s->run.started_ms = r->at_ms;
    set_state(b, "running", 0);
    s->tool = ob_json_text(body, "tool");
    s->service = ob_json_text(body, "service");
    s->address = ob_json_text(body, "address");
    s->driver = ob_json_text(body, "driver");
    s->profile = ob_json_text(body, "profile");
    s->level = (unsigned)ob_json_i64(body, "level", 0);
    s->seed = ob_json_text(body, "seed");
    s->time_scale = ob_json_double(body, "time_scale", 0);
    const ob_json *raw = ob_json_get(body, "keep_raw");
    s->keep_raw = raw == NULL || raw->truth; /* earlier versions masked nothing */
    s->operator_ = ob_json_text(body, "operator");
    s->owner = ob_json_text(body, "owner");
    s->scope_digest = ob_json_text(body, "scope_digest");
    s->service_digest = ob_json_text(body, "service_digest");
    s->catalogue_digest = ob_json_text(body, "catalogue_digest");
    s->procedures_digest = ob_json_text(body, "procedures_digest");
    s->rate = ob_json_double(body, "rate", 0);
    s->in_flight = (unsigned)ob_json_i64(body, "in_flight", 0);
    return take_requirements(b, body, err);
}

static bool take_threats(ob_summary_build *b, const ob_json *body, ob_procedure_view *v,
                         ob_err *err)
{
    const ob_json *list = ob_json_get(body, "threats");
    ob_span *threats = OB_NEW(b->arena, ob_span, list == NULL ? 0 : list->count, err);
    if (threats == NULL) {
        return false;
    }
    for (const ob_json *t = list == NULL ? NULL : list->first; t != NULL; t = t->next) {
        threats[v->threats_count++] = t->text;
    }
    v->threats = threats;
    return true;
}

static bool take_procedure(ob_summary_build *b, const ob_json *body, ob_err *err)
{
    void *families = b->families;
    if (!ob_array_grow(&families, &b->families_cap, b->families_count, sizeof *b->families, 4096,
                       err)) {
        return false;
    }
    b->families = families;
    ob_summary_family *f = &b->families[b->families_count];
    *f = (ob_summary_family){0};
    ob_procedure_view *v = &f->view;
    v->id = ob_json_text(body, "id");
    v->title = ob_json_text(body, "title");
    v->requirement = ob_json_text(body, "requirement");
    v->requirement_title = ob_json_text(body, "requirement_title");
    v->evaluation = ob_json_text(body, "evaluation");
    v->pillar = ob_json_text(body, "pillar");
    int severity = ob_text_index(ob_json_text(body, "severity"), ob_severity_names, OB_SEVERITIES);
    v->severity = severity < 0 ? OB_SEV_LOW : (ob_severity)severity;
    v->effects = ob_json_text(body, "effects");
    v->digest = ob_json_text(body, "digest");
    v->limit = ob_json_double(body, "limit", 0);
    v->alpha = ob_json_double(body, "alpha", 0);
    v->zero_tolerance = truth_of(body, "zero_tolerance");
    v->invalid_max = ob_json_double(body, "invalid_max", 0);
    f->not_applicable = ob_json_text(body, "not_applicable");
    f->not_tested = ob_json_text(body, "not_tested");
    if (!obi_summary_judge(b, ob_json_get(body, "judge"), v, err)) {
        return false;
    }
    ob_tally_plan plan = {.limit = v->limit,
                          .alpha = v->alpha,
                          .max = (uint64_t)ob_json_i64(body, "max", 0),
                          .zero_tolerance = v->zero_tolerance,
                          .invalid_max = v->invalid_max,
                          .judge = v->judge};
    if (!take_threats(b, body, v, err) || !ob_tally_init(&f->tally, &plan, err)) {
        return false;
    }
    v->fixed_plan = ob_tally_fixed_plan(&plan);
    b->families_count++;
    return true;
}

static bool grow_trials(ob_summary_family *f, size_t number, ob_err *err)
{
    void *trials = f->trials;
    while (number >= f->trials_cap) {
        size_t before = f->trials_cap;
        if (!ob_array_grow(&trials, &f->trials_cap, f->trials_cap, sizeof *f->trials,
                           OB_TALLY_NUMBERS_MAX, err)) {
            return false;
        }
        f->trials = trials;
        (void)memset(f->trials + before, 0, (f->trials_cap - before) * sizeof *f->trials);
    }
    return true;
}

/* The input of a start record, which stands near its head: most records are such, so the rest of it
 * is not read. */
static bool input_of(const ob_record *r, uint32_t *input, ob_err *err)
{
    ob_json_parser parser;
    ob_json_token token;
    int64_t value = 0;
    bool next = false;
    ob_json_start(&parser, r->body);
    while (ob_json_next(&parser, &token) == OB_DONE && token.kind != OB_JSON_END) {
        if (next) {
            if (token.kind != OB_JSON_NUMBER || !ob_span_to_i64(token.raw, &value, err) ||
                value < 0 || value >= INPUT_MOST) {
                break;
            }
            *input = (uint32_t)value;
            return true;
        }
        next = parser.depth == 1 && token.kind == OB_JSON_KEY && ob_span_is_str(token.raw, "input");
    }
    return ob_fail(err, OB_ERR_STORE, "record %llu names no input", (unsigned long long)r->seq);
}

static bool take_start(ob_summary_family *f, const ob_record *r, ob_err *err)
{
    f->view.attempts++;
    if (r->trial < 0 || r->trial >= OB_RERUN_BASE) {
        return true;
    }
    if (!grow_trials(f, (size_t)r->trial, err)) {
        return false;
    }
    f->trials[r->trial].started_ms = r->at_ms;
    f->trials[r->trial].first_record = r->seq;
    return input_of(r, &f->trials[r->trial].input, err) &&
           ob_tally_start(&f->tally, (uint64_t)r->trial, err);
}

/* "lost (reset): ..." and "logging in failed: ..." are counted by what stands before the colon. */
static bool count_lost(ob_summary_build *b, ob_summary_family *f, ob_span reason, ob_err *err)
{
    ob_span word = ob_span_sub(reason, 0, ob_span_find(reason, OB_SPAN(":"), 0));
    for (size_t i = 0; i < f->lost_count; i++) {
        if (ob_span_is(f->lost[i].name, word)) {
            f->lost[i].count++;
            return true;
        }
    }
    size_t slot = f->lost_count < OB_COUNT(f->lost) - 1 ? f->lost_count : OB_COUNT(f->lost) - 1;
    if (slot == f->lost_count) {
        f->lost_count++;
        f->lost[slot] = (ob_count_view){.count = 0};
        if (!ob_arena_dup(b->arena, slot == OB_COUNT(f->lost) - 1 ? OB_SPAN("other") : word,
                          &f->lost[slot].name, err) ||
            !ob_arena_dup(b->arena, reason, &f->lost[slot].example, err)) {
            return false;
        }
    }
    f->lost[slot].count++;
    return true;
}

static bool take_end(ob_summary_build *b, ob_summary_family *f, const ob_record *r,
                     const ob_json *body, ob_err *err)
{
    int result = ob_text_index(ob_json_text(body, "result"), ob_trial_result_names, 5);
    if (result < OB_TRIAL_HIT) {
        return ob_fail(err, OB_ERR_STORE, "record %llu has no result", (unsigned long long)r->seq);
    }
    if (r->trial >= OB_RERUN_BASE) {
        int64_t of = (r->trial - OB_RERUN_BASE) / 32;
        if (of >= 0 && (size_t)of < f->trials_cap) {
            f->trials[of].reruns++;
            f->trials[of].reproduced =
                (uint8_t)(f->trials[of].reproduced + (result == OB_TRIAL_HIT));
        }
        return true;
    }
    if (!ob_tally_runs(&f->tally, r->trial)) {
        return ob_fail(err, OB_ERR_STORE, "record %llu ends a trial that never began",
                       (unsigned long long)r->seq);
    }
    int64_t started_ms = f->trials[r->trial].started_ms;
    f->view.busy_ms += r->at_ms > started_ms ? (uint64_t)r->at_ms - (uint64_t)started_ms : 0;
    f->trials[r->trial].last_record = r->seq;
    f->trials[r->trial].result = (uint8_t)result;
    f->trials[r->trial].attempt = r->attempt;
    f->trials[r->trial].confirmed = truth_of(body, "confirmed");
    if (result == OB_TRIAL_INVALID && !count_lost(b, f, ob_json_text(body, "reason"), err)) {
        return false;
    }
    return ob_tally_end(&f->tally, (uint64_t)r->trial, (ob_trial_result)result, err);
}

static bool take_note(ob_summary_build *b, const ob_json *body, ob_err *err)
{
    ob_span kind = ob_json_text(body, "kind");
    ob_span text = {0};
    if (!ob_arena_dup(b->arena, ob_json_text(body, "text"), &text, err)) {
        return false;
    }
    bool left = ob_span_is_str(kind, "left behind");
    if (ob_span_is_str(kind, "resumed")) {
        set_state(b, "running", 0);
        b->why_stopped = (ob_span){"", 0};
    }
    ob_span **list = left ? &b->left_behind : &b->deviations;
    size_t *count = left ? &b->left_behind_count : &b->deviations_count;
    size_t *cap = left ? &b->left_behind_cap : &b->deviations_cap;
    void *items = *list;
    if (!ob_array_grow(&items, cap, *count, sizeof **list, 100000, err)) {
        return false;
    }
    *list = items;
    (*list)[(*count)++] = text;
    return true;
}

static bool is_known_address(const ob_summary *s, ob_span address)
{
    for (size_t i = 0; i < s->addresses_count; i++) {
        if (ob_span_is(s->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

/* A resumed run has several: each tells the addresses of its own sitting. */
static bool take_finish(ob_summary_build *b, const ob_record *r, const ob_json *body, ob_err *err)
{
    ob_summary *s = b->summary;
    const ob_json *list = ob_json_get(body, "addresses");
    size_t most = s->addresses_count + (list == NULL ? 0 : list->count);
    ob_span *addresses = OB_NEW(b->arena, ob_span, most, err);
    if (addresses == NULL) {
        return false;
    }
    b->why_stopped = ob_json_text(body, "why_stopped");
    set_state(b, b->why_stopped.len == 0 ? "finished" : "interrupted", r->at_ms);
    if (s->addresses_count > 0) {
        (void)memcpy(addresses, s->addresses, s->addresses_count * sizeof *addresses);
    }
    s->addresses = addresses;
    for (const ob_json *a = list == NULL ? NULL : list->first; a != NULL; a = a->next) {
        if (!is_known_address(s, a->text)) {
            addresses[s->addresses_count++] = a->text;
        }
    }
    return true;
}

/* Bodies that the views borrow from are kept; those of the many trial records are not. */
static bool take_record(ob_summary_build *b, const ob_record *r, ob_arena *scratch, ob_err *err)
{
    ob_summary_family *f = family_of(b, r->procedure);
    if (r->kind == OB_RECORD_REQUEST) {
        b->summary->requests++;
        if (f != NULL) {
            f->view.requests++;
        }
        return true;
    }
    if (r->kind == OB_RECORD_START) {
        return f == NULL || take_start(f, r, err);
    }
    bool keeps =
        r->kind == OB_RECORD_RUN || r->kind == OB_RECORD_PROCEDURE || r->kind == OB_RECORD_FINISH;
    ob_arena *arena = keeps ? b->arena : scratch;
    ob_span body = {0};
    ob_json_doc doc = {0};
    if (!ob_arena_dup(arena, r->body, &body, err) || !ob_json_parse(&doc, arena, body, err)) {
        return ob_wrap(err, "record %llu", (unsigned long long)r->seq);
    }
    switch (r->kind) {
    case OB_RECORD_RUN:
        return take_run(b, r, doc.root, err);
    case OB_RECORD_PROCEDURE:
        return take_procedure(b, doc.root, err);
    case OB_RECORD_END:
        return f == NULL || take_end(b, f, r, doc.root, err);
    case OB_RECORD_NOTE:
        return take_note(b, doc.root, err);
    case OB_RECORD_FINISH:
        return take_finish(b, r, doc.root, err);
    case OB_RECORD_START:
    case OB_RECORD_REQUEST:
    case OB_RECORD_RESPONSE:
    case OB_RECORD_TURN:
    case OB_RECORD_CONFIRM:
    case OB_RECORD_VERDICT:
        break;
    }
    return true;
}

static bool first_pass(ob_summary_build *b, ob_store *store, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    OB_AUTO_CLOSE(ob_records) it = {0};
    ob_record_query query = {.run = b->summary->run.id,
                             .kinds = 1u << OB_RECORD_RUN | 1u << OB_RECORD_PROCEDURE |
                                      1u << OB_RECORD_START | 1u << OB_RECORD_REQUEST |
                                      1u << OB_RECORD_END | 1u << OB_RECORD_NOTE |
                                      1u << OB_RECORD_FINISH,
                             .trial = -1};
    if (!ob_records_open(&it, store, &query, err)) {
        return false;
    }
    for (ob_record r; ob_records_next(&it, &r, err);) {
        ob_arena_reset(&scratch);
        if (!take_record(b, &r, &scratch, err)) {
            return false;
        }
    }
    return err->kind == OB_OK;
}

/* Which trials are shown: the first hits, and one clean trial so that the reader sees what was
 * done. */
static bool choose_shown(ob_summary_build *b, ob_summary_family *f, ob_store *store, ob_err *err)
{
    ob_trial_view *shown = OB_NEW(b->arena, ob_trial_view, SHOWN_HITS + 1, err);
    int64_t clean = -1;
    if (shown == NULL) {
        return false;
    }
    for (size_t i = 0; i < f->trials_cap; i++) {
        const ob_summary_trial *t = &f->trials[i];
        if (t->result == OB_TRIAL_HIT && f->view.shown_count == SHOWN_HITS) {
            f->view.hits_not_shown++;
        } else if (t->result == OB_TRIAL_HIT) {
            shown[f->view.shown_count++] = (ob_trial_view){.trial = (int64_t)i,
                                                           .attempt = t->attempt,
                                                           .result = OB_SPAN("hit"),
                                                           .confirmed = t->confirmed,
                                                           .reproduced = t->reproduced,
                                                           .reruns = t->reruns};
        } else if (t->result == OB_TRIAL_CLEAN && clean < 0) {
            clean = (int64_t)i;
        }
    }
    if (clean >= 0) {
        shown[f->view.shown_count++] = (ob_trial_view){
            .trial = clean, .attempt = f->trials[clean].attempt, .result = OB_SPAN("clean")};
    }
    f->view.shown = shown;
    for (size_t i = 0; i < f->view.shown_count; i++) {
        const ob_summary_trial *t = &f->trials[shown[i].trial];
        if (!obi_summary_trial(b, store, f->view.id, t->first_record, t->last_record, &shown[i],
                               err)) {
            return false;
        }
    }
    return true;
}

static int by_count(const void *a, const void *b)
{
    const ob_count_view *left = a;
    const ob_count_view *right = b;
    return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
}

/* Clusters: trials with the same input. */
static bool measure_clusters(ob_summary_build *b, ob_summary_family *f, ob_err *err)
{
    size_t most = 0;
    for (size_t i = 0; i < f->trials_cap; i++) {
        most = f->trials[i].input >= most ? f->trials[i].input + 1 : most;
    }
    uint64_t *sizes = OB_NEW(b->arena, uint64_t, most, err);
    uint64_t *hits = OB_NEW(b->arena, uint64_t, most, err);
    if (sizes == NULL || hits == NULL) {
        return false;
    }
    for (size_t i = 0; i < f->trials_cap; i++) {
        const ob_summary_trial *t = &f->trials[i];
        if (i < f->tally.read && (t->result == OB_TRIAL_HIT || t->result == OB_TRIAL_CLEAN)) {
            sizes[t->input]++;
            hits[t->input] += t->result == OB_TRIAL_HIT;
        }
    }
    size_t used = 0;
    for (size_t i = 0; i < most; i++) {
        if (sizes[i] > 0) {
            sizes[used] = sizes[i];
            hits[used++] = hits[i];
        }
    }
    f->view.inputs = used;
    f->view.design_effect = used == 0 ? 1 : ob_design_effect(sizes, hits, used);
    return true;
}

static bool close_family(ob_summary_build *b, ob_summary_family *f, ob_err *err)
{
    ob_procedure_view *v = &f->view;
    OB_AUTO(ob_buf) reason = {.max = 2000};
    OB_AUTO(ob_buf) statement = {.max = 2000};
    char why[100];
    (void)snprintf(why, sizeof why, "%.*s", OB_SHOW(b->why_stopped));
    v->outcome = OB_NOT_APPLICABLE;
    if (f->not_tested.len > 0) {
        v->outcome = OB_INCONCLUSIVE;
        v->not_tested = true;
        ob_buf_add(&reason, f->not_tested);
    } else if (f->not_applicable.len == 0) {
        ob_tally_close(&f->tally);
        v->outcome = ob_tally_outcome(&f->tally, why[0] == '\0' ? NULL : why, &reason, &statement);
    } else {
        ob_buf_add(&reason, f->not_applicable);
    }
    const ob_tally *t = &f->tally;
    v->trials = t->hits + t->clean;
    v->hits = t->hits;
    v->invalid = t->invalid;
    v->surplus = t->surplus;
    v->lower = ob_anytime_lower(v->trials, v->hits, t->alpha);
    v->upper = ob_anytime_upper(v->trials, v->hits, t->alpha);
    ob_anytime_interval(v->trials, v->hits, t->alpha, &v->interval[0], &v->interval[1]);
    if (v->judge != NULL) {
        obi_summary_true_bounds(v);
    }
    v->log_e_pass = ob_eproc_log_pass(&t->process);
    v->log_e_fail = ob_eproc_log_fail(&t->process);
    if (v->outcome == OB_INCONCLUSIVE && f->not_tested.len == 0) {
        v->needs = ob_eproc_needs(&t->process, t->alpha, 1000000);
    }
    qsort(f->lost, f->lost_count, sizeof *f->lost, by_count);
    if (v->outcome == OB_ERROR && f->lost_count > 0) {
        ob_buf_addf(&reason, "; mostly: %.*s", OB_SHOW(f->lost[0].example));
    }
    ob_count_view *lost = OB_NEW(b->arena, ob_count_view, f->lost_count, err);
    if (lost == NULL || !measure_clusters(b, f, err)) {
        return false;
    }
    (void)memcpy(lost, f->lost, f->lost_count * sizeof *lost);
    v->lost = lost;
    v->lost_count = f->lost_count;
    return ob_buf_check(&reason, "a reason", err) && ob_buf_check(&statement, "a statement", err) &&
           ob_arena_dup(b->arena, ob_buf_span(&reason), &v->reason, err) &&
           ob_arena_dup(b->arena, ob_buf_span(&statement), &v->statement, err);
}

static bool hand_over(ob_summary_build *b, ob_err *err)
{
    ob_summary *s = b->summary;
    ob_procedure_view *views = OB_NEW(b->arena, ob_procedure_view, b->families_count, err);
    ob_span *notes = OB_NEW(b->arena, ob_span, b->left_behind_count + b->deviations_count, err);
    if (views == NULL || notes == NULL) {
        return false;
    }
    for (size_t i = 0; i < b->families_count; i++) {
        views[i] = b->families[i].view;
        s->trials += views[i].trials;
    }
    for (size_t i = 0; i < b->left_behind_count; i++) {
        notes[i] = b->left_behind[i];
    }
    for (size_t i = 0; i < b->deviations_count; i++) {
        notes[b->left_behind_count + i] = b->deviations[i];
    }
    s->left_behind = notes;
    s->left_behind_count = b->left_behind_count;
    s->deviations = notes + b->left_behind_count;
    s->deviations_count = b->deviations_count;
    s->procedures = views;
    s->procedures_count = b->families_count;
    s->requirements = b->requirements;
    s->requirements_count = b->requirements_count;
    s->pillars = b->pillars;
    s->pillars_count = b->pillars_count;
    char hex[65];
    ob_digest_hex(&s->run.last, hex);
    return ob_arena_dup(b->arena, ob_span_str(hex), &s->chain, err);
}

static bool build(ob_summary_build *b, ob_store *store, ob_err *err)
{
    if (!first_pass(b, store, err)) {
        return false;
    }
    for (size_t i = 0; i < b->families_count; i++) {
        if (!close_family(b, &b->families[i], err) ||
            !choose_shown(b, &b->families[i], store, err)) {
            return false;
        }
    }
    return obi_summary_suite(b, err) && obi_summary_roll_up(b, err) && hand_over(b, err);
}

bool ob_summary_load(ob_summary *summary, ob_arena *arena, ob_store *store, const char *run,
                     ob_err *err)
{
    ob_summary made = {0};
    ob_summary_build b = {.summary = &made, .arena = arena};
    bool good = ob_store_run_find(store, arena, run, &made.run, err) && build(&b, store, err);
    for (size_t i = 0; i < b.families_count; i++) {
        ob_tally_fini(&b.families[i].tally);
        ob_mem_free(b.families[i].trials);
    }
    ob_mem_free(b.families);
    ob_mem_free(b.left_behind);
    ob_mem_free(b.deviations);
    if (good) {
        *summary = made;
    }
    return good;
}
