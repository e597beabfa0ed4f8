/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/resume.h"

static ob_family *family_of(ob_engine *e, ob_span id)
{
    for (size_t i = 0; i < e->families_count; i++) {
        if (ob_span_is(e->families[i].procedure->id, id)) {
            return &e->families[i];
        }
    }
    return NULL;
}

static bool same_digest(const ob_json *body, const char *key, const ob_digest *now,
                        const char *what, ob_err *err)
{
    char hex[65];
    ob_digest_hex(now, hex);
    return ob_span_is_str(ob_json_text(body, key), hex) ||
           ob_fail(err, OB_ERR_INPUT,
                   "%s changed since the run began; start a new run instead of --resume", what);
}

/* With another judge, or without one, the trials of one run would not be of one kind. */
static bool same_judge(const ob_engine *e, const ob_json *judge, ob_err *err)
{
    if ((judge == NULL) != !e->judge_open) {
        return ob_fail(err, OB_ERR_INPUT, "the run was begun %s a judge; give --judge as then",
                       judge == NULL ? "without" : "with");
    }
    return judge == NULL ||
           (same_digest(judge, "settings_digest", &e->o->judge->settings, "the judge", err) &&
            same_digest(judge, "calibration_digest", &e->o->calibration->digest,
                        "the judge's calibration", err));
}

static bool take_head(ob_engine *e, const ob_json *body, ob_err *err)
{
    const ob_run_options *o = e->o;
    ob_span key = ob_json_text(body, "key");
    int64_t level = ob_json_i64(body, "level", 0);
    if (!same_digest(body, "service_digest", &o->service->doc.digest, "the service file", err) ||
        !same_digest(body, "catalogue_digest", &o->catalogue->digest, "the catalogue", err) ||
        !same_digest(body, "procedures_digest", &o->catalogue->procedures_digest, "a procedure",
                     err)) {
        return false;
    }
    if (!same_judge(e, ob_json_get(body, "judge"), err)) {
        return false;
    }
    if (level != (int64_t)o->level) {
        return ob_fail(err, OB_ERR_INPUT, "the run was begun for level %lld; name it with --level",
                       (long long)level);
    }
    if (key.len != sizeof e->key - 1) {
        return ob_fail(err, OB_ERR_STORE, "the first record of the run is damaged");
    }
    const ob_json *raw = ob_json_get(body, "keep_raw");
    e->keep_raw = raw == NULL || raw->truth; /* earlier versions masked nothing */
    (void)memcpy(e->key, key.ptr, key.len);
    return ob_arena_dup(&e->arena, ob_json_text(body, "seed"), &e->seed, err);
}

static bool take_start(ob_family *f, const ob_record *r, ob_err *err)
{
    if (r->trial >= OB_RERUN_BASE || r->trial < 0) {
        return true;
    }
    void *attempts = f->attempts;
    while ((size_t)r->trial >= f->attempts_cap) {
        size_t before = f->attempts_cap;
        if (!ob_array_grow(&attempts, &f->attempts_cap, f->attempts_cap, sizeof *f->attempts,
                           OB_TALLY_NUMBERS_MAX, err)) {
            return false;
        }
        f->attempts = attempts;
        (void)memset(f->attempts + before, 0, (f->attempts_cap - before) * sizeof *f->attempts);
    }
    f->attempts[r->trial] = r->attempt;
    f->starts++;
    if ((uint64_t)r->trial >= f->next) {
        f->next = (uint64_t)r->trial + 1;
    }
    return ob_tally_start(&f->tally, (uint64_t)r->trial, err);
}

static bool take_end(ob_family *f, const ob_record *r, const ob_json *body, ob_err *err)
{
    ob_span word = ob_json_text(body, "result");
    if (r->trial >= OB_RERUN_BASE || r->trial < 0) {
        f->reruns_made = true;
        return true;
    }
    if (!ob_tally_runs(&f->tally, r->trial)) {
        return ob_fail(err, OB_ERR_STORE, "record %llu ends a trial that never began",
                       (unsigned long long)r->seq);
    }
    for (int i = OB_TRIAL_HIT; i <= OB_TRIAL_INVALID; i++) {
        if (ob_span_is_str(word, ob_trial_result_names[i])) {
            return ob_tally_end(&f->tally, (uint64_t)r->trial, (ob_trial_result)i, err);
        }
    }
    return ob_fail(err, OB_ERR_STORE, "record %llu has no result", (unsigned long long)r->seq);
}

static bool take_record(ob_engine *e, const ob_record *r, ob_arena *arena, ob_err *err)
{
    ob_json_doc doc = {0};
    if (r->kind == OB_RECORD_REQUEST) {
        ob_family *f = family_of(e, r->procedure);
        e->first_requests++;
        if (f != NULL) {
            f->requests++;
        }
        return true;
    }
    if (!ob_json_parse(&doc, arena, r->body, err)) {
        return ob_wrap(err, "record %llu", (unsigned long long)r->seq);
    }
    if (r->kind == OB_RECORD_RUN) {
        return take_head(e, doc.root, err);
    }
    ob_family *f = family_of(e, r->procedure);
    if (f == NULL) {
        return ob_fail(err, OB_ERR_INPUT,
                       "the run has %.*s in its plan; use the same --only and --except",
                       OB_SHOW(r->procedure));
    }
    if (r->kind == OB_RECORD_PROCEDURE) {
        f->planned = true;
        return true;
    }
    return r->kind == OB_RECORD_START ? take_start(f, r, err) : take_end(f, r, doc.root, err);
}

/* Started, but without an end: done again, lowest number first (the list is used from its end). */
static bool find_broken(ob_family *f, ob_err *err)
{
    for (uint64_t i = f->tally.started; i > 0; i--) {
        if (f->tally.results[i - 1] >= OB_TRIAL_HIT) {
            continue;
        }
        void *broken = f->broken;
        if (!ob_array_grow(&broken, &f->broken_cap, f->broken_count, sizeof *f->broken,
                           OB_TALLY_NUMBERS_MAX, err)) {
            return false;
        }
        f->broken = broken;
        f->broken[f->broken_count++] = i - 1;
    }
    return true;
}

/* A run does what it was begun for: without --only more are at hand than it planned. */
static void drop_unplanned(ob_engine *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->families_count; i++) {
        ob_family *f = &e->families[i];
        if (f->planned) {
            e->families[kept++] = *f;
        } else {
            ob_tally_fini(&f->tally);
            ob_mem_free(f->attempts);
            ob_mem_free(f->broken);
        }
    }
    e->families_count = kept;
}

bool obi_resume(ob_engine *e, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO_CLOSE(ob_records) it = {0};
    ob_record_query query = {.run = e->o->resume,
                             .kinds = 1u << OB_RECORD_RUN | 1u << OB_RECORD_PROCEDURE |
                                      1u << OB_RECORD_START | 1u << OB_RECORD_END |
                                      1u << OB_RECORD_REQUEST,
                             .trial = -1};
    (void)snprintf(e->run, sizeof e->run, "%s", e->o->resume);
    /* What goes on behind a broken chain would be lost with it. */
    if (!ob_store_require_whole(e->o->store, e->o->resume, err) ||
        !ob_store_run_resume(e->o->store, e->o->resume, err) ||
        !ob_records_open(&it, e->o->store, &query, err)) {
        return false;
    }
    bool head = false;
    for (ob_record r; ob_records_next(&it, &r, err);) {
        head = head || r.kind == OB_RECORD_RUN;
        ob_arena_reset(&arena);
        if (!take_record(e, &r, &arena, err)) {
            return false;
        }
    }
    if (err->kind != OB_OK) {
        return false;
    }
    if (!head) {
        return ob_fail(err, OB_ERR_STORE, "run %s has no first record", e->o->resume);
    }
    drop_unplanned(e);
    for (size_t i = 0; i < e->families_count; i++) {
        if (!find_broken(&e->families[i], err)) {
            return false;
        }
    }
    return obi_record_note(e, "resumed", OB_SPAN("the run was taken up again"), err) &&
           ob_engine_commit(e, err);
}
