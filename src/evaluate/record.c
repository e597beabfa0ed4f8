/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/record.h"

#include "drive/driver.h"

#define BODY_MAX (OB_REPLY_MAX_CEILING * 2)

typedef struct body {
    ob_buf text;
    ob_json_writer w;
} body;

bool obi_record_shown(ob_engine *e, ob_observation *obs, ob_span saying, bool fresh, ob_span text,
                      ob_span *shown, ob_err *err)
{
    if (e->keep_raw) {
        *shown = text;
        return true;
    }
    ob_screen_own own = {.obs = obs, .turns = obs->turns_count, .saying = saying};
    return ob_screen_mask(&e->screen, fresh ? &own : NULL, obs->arena, &obs->masked, text, shown,
                          err);
}

static void begin(body *b)
{
    *b = (body){.text = {.max = BODY_MAX}};
    b->w = (ob_json_writer){.out = &b->text};
    ob_jw_object(&b->w, NULL);
}

/* Appends the record and frees the body. */
static bool append(ob_engine *e, body *b, ob_record_kind kind, const ob_family *family,
                   int64_t number, int32_t attempt, ob_span data, ob_err *err)
{
    ob_jw_end(&b->w, true);
    ob_record record = {.kind = kind,
                        .procedure = family == NULL ? (ob_span){"", 0} : family->procedure->id,
                        .trial = number,
                        .attempt = attempt,
                        .body = ob_buf_span(&b->text),
                        .data = data};
    bool good =
        ob_buf_check(&b->text, "an evidence record", err) && ob_engine_append(e, &record, err);
    ob_buf_fini(&b->text);
    return good;
}

static void put_digest(ob_json_writer *w, const char *key, const ob_digest *digest)
{
    char hex[65];
    ob_digest_hex(digest, hex);
    ob_jw_str(w, key, hex);
}

/* All requirements of the level, so that a report can say what was not tested without the
 * catalogue. */
static void put_requirements(ob_json_writer *w, const ob_run_options *o)
{
    ob_jw_array(w, "requirements");
    for (size_t i = 0; i < o->catalogue->requirements_count; i++) {
        const ob_requirement *r = &o->catalogue->requirements[i];
        if (r->level > o->level) {
            continue;
        }
        ob_jw_object(w, NULL);
        ob_jw_text(w, "id", r->id);
        ob_jw_text(w, "title", r->title);
        ob_jw_u64(w, "level", r->level);
        ob_jw_text(w, "component", r->component);
        ob_jw_text(w, "pillar", ob_requirement_pillar(r)->id);
        ob_jw_bool(w, "testable", r->testable);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "pillars");
    for (size_t i = 0; i < o->catalogue->pillars_count; i++) {
        ob_jw_object(w, NULL);
        ob_jw_text(w, "id", o->catalogue->pillars[i].id);
        ob_jw_text(w, "title", o->catalogue->pillars[i].title);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

/* Which judge, calibrated when: a resumed run has to have the same. */
static void put_judge(ob_json_writer *w, const ob_run_options *o)
{
    ob_jw_object(w, "judge");
    ob_jw_text(w, "title", o->judge->title);
    ob_jw_text(w, "model", o->judge->service.model);
    ob_jw_text(w, "address", o->judge->service.address);
    put_digest(w, "settings_digest", &o->judge->settings);
    put_digest(w, "calibration_digest", &o->calibration->digest);
    ob_jw_end(w, true);
}

/* The figures that everything else about the judge follows from. */
static void put_figures(ob_json_writer *w, const ob_judge_view *v)
{
    ob_jw_object(w, "judge");
    ob_jw_text(w, "rubric", v->rubric);
    ob_jw_text(w, "title", v->judge);
    ob_jw_text(w, "model", v->model);
    ob_jw_text(w, "address", v->address);
    ob_jw_text(w, "calibrated", v->calibrated);
    ob_jw_u64(w, "hits", v->hits);
    ob_jw_u64(w, "hits_right", v->hits_right);
    ob_jw_u64(w, "clean", v->clean);
    ob_jw_u64(w, "clean_right", v->clean_right);
    ob_jw_u64(w, "unusable", v->unusable);
    ob_jw_end(w, true);
}

bool obi_record_run(ob_engine *e, ob_err *err)
{
    const ob_run_options *o = e->o;
    body b;
    begin(&b);
    ob_jw_str(&b.w, "tool", "ombud " OB_VERSION);
    ob_jw_text(&b.w, "service", o->service->title);
    ob_jw_text(&b.w, "address", o->service->address);
    ob_jw_str(&b.w, "driver", o->service->driver->id);
    ob_jw_text(&b.w, "profile", o->catalogue->profile);
    ob_jw_u64(&b.w, "level", o->level);
    ob_jw_text(&b.w, "seed", e->seed);
    ob_jw_str(&b.w, "key", e->key);
    ob_jw_double(&b.w, "time_scale", o->service->time_scale);
    ob_jw_text(&b.w, "operator", o->operator_);
    ob_jw_text(&b.w, "owner", o->scope->present ? o->scope->owner : (ob_span){"", 0});
    put_digest(&b.w, "service_digest", &o->service->doc.digest);
    if (o->scope->present) {
        put_digest(&b.w, "scope_digest", &o->scope->doc.digest);
    }
    put_digest(&b.w, "catalogue_digest", &o->catalogue->digest);
    put_digest(&b.w, "procedures_digest", &o->catalogue->procedures_digest);
    ob_jw_bool(&b.w, "keep_raw", e->keep_raw);
    ob_jw_double(&b.w, "rate", ob_client_rate(&e->client));
    ob_jw_u64(&b.w, "in_flight", ob_client_in_flight(&e->client));
    if (e->judge_open) {
        put_judge(&b.w, o);
    }
    put_requirements(&b.w, o);
    return append(e, &b, OB_RECORD_RUN, NULL, -1, 0, (ob_span){"", 0}, err);
}

bool obi_record_procedure(ob_engine *e, const ob_family *family, ob_err *err)
{
    const ob_procedure *p = family->procedure;
    const ob_requirement *r = ob_catalogue_evaluation(e->o->catalogue, p->evaluation)->requirement;
    body b;
    begin(&b);
    ob_jw_text(&b.w, "id", p->id);
    ob_jw_text(&b.w, "title", p->title);
    ob_jw_text(&b.w, "evaluation", p->evaluation);
    ob_jw_text(&b.w, "requirement", r->id);
    ob_jw_text(&b.w, "requirement_title", r->title);
    ob_jw_array(&b.w, "threats");
    for (size_t i = 0; i < r->threats_count; i++) {
        ob_jw_text(&b.w, NULL, r->threats[i]->id);
    }
    ob_jw_end(&b.w, false);
    ob_jw_text(&b.w, "pillar", ob_requirement_pillar(r)->id);
    ob_jw_str(&b.w, "severity", ob_severity_names[p->severity]);
    ob_jw_str(&b.w, "effects", ob_effect_names[p->effect]);
    put_digest(&b.w, "digest", &p->digest);
    ob_jw_double(&b.w, "limit", p->limit[e->o->level - 1]);
    ob_jw_double(&b.w, "alpha", p->alpha);
    ob_jw_u64(&b.w, "max", p->max[e->o->level - 1]);
    ob_jw_bool(&b.w, "zero_tolerance", p->zero_tolerance);
    ob_jw_u64(&b.w, "confirm", p->confirm);
    ob_jw_double(&b.w, "invalid_max", p->invalid_max);
    ob_jw_u64(&b.w, "inputs", p->inputs_count);
    if (family->not_applicable != NULL) {
        ob_jw_str(&b.w, "not_applicable", family->not_applicable);
    }
    if (family->not_tested != NULL) {
        ob_jw_str(&b.w, "not_tested", family->not_tested);
    }
    if (family->judge != NULL) {
        put_figures(&b.w, family->judge);
    }
    return append(e, &b, OB_RECORD_PROCEDURE, family, -1, 0, (ob_span){"", 0}, err);
}

static void put_vars(ob_json_writer *w, const ob_vars *vars)
{
    ob_jw_object(w, "vars");
    for (size_t i = 0; i < vars->count; i++) {
        if (!vars->items[i].secret) {
            char name[160];
            (void)snprintf(name, sizeof name, "%.*s",
                           OB_SHOW(ob_span_sub(vars->items[i].name, 0, sizeof name - 1)));
            ob_jw_text(w, name, vars->items[i].value);
        }
    }
    ob_jw_end(w, true);
}

bool obi_record_start(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                      int64_t rerun_of, const ob_choice *choice, const ob_vars *vars, ob_err *err)
{
    body b;
    begin(&b);
    if (rerun_of >= 0) {
        ob_jw_i64(&b.w, "rerun_of", rerun_of);
    }
    ob_jw_u64(&b.w, "input", choice->input_index);
    ob_jw_text(&b.w, "coding", choice->coding);
    put_vars(&b.w, vars);
    return append(e, &b, OB_RECORD_START, family, number, attempt, (ob_span){"", 0}, err);
}

bool obi_record_request(ob_engine *e, struct ob_trial *trial, const ob_family *family,
                        int64_t number, int32_t trial_attempt, const ob_attempt *attempt,
                        ob_err *err)
{
    body b;
    ob_span unused;
    ob_span shown = attempt->request;
    /* Of what is sent only that needs a mask which came with an earlier reply. */
    if (trial != NULL && !obi_record_shown(e, obi_trial_seen(trial, &unused), (ob_span){"", 0},
                                           false, attempt->request, &shown, err)) {
        return false;
    }
    begin(&b);
    ob_jw_u64(&b.w, "attempt_id", attempt->id);
    ob_jw_u64(&b.w, "number", attempt->number);
    ob_jw_str(&b.w, "why", attempt->why);
    ob_jw_str(&b.w, "kind", attempt->kind);
    return append(e, &b, OB_RECORD_REQUEST, family, number, trial_attempt, shown, err);
}

/* The heads of a service differ in their dates only, which is cheaper to see than to scan them. */
static bool is_clean_head(const ob_engine *e, ob_span head)
{
    ob_span clean = {e->clean_head, e->clean_head_len};
    ob_span mine;
    ob_span theirs;
    if (head.len != clean.len || head.len == 0) {
        return false;
    }
    while (ob_span_cut_line(&head, &mine) && ob_span_cut_line(&clean, &theirs)) {
        bool date = ob_span_is_nocase(ob_span_sub(mine, 0, 5), OB_SPAN("date:")) &&
                    ob_span_is_nocase(ob_span_sub(theirs, 0, 5), OB_SPAN("date:"));
        if (!date && !ob_span_is(mine, theirs)) {
            return false;
        }
    }
    return true;
}

static void note_clean_head(ob_engine *e, ob_span head)
{
    if (head.len <= sizeof e->clean_head) {
        (void)memcpy(e->clean_head, head.ptr, head.len);
        e->clean_head_len = head.len;
    }
}

/* Head and body of a response as they are stored. Without a trial, what is read is the operator's
 * own (the knowledge base), and its memory is not kept. */
static bool show_response(ob_engine *e, struct ob_trial *trial, const ob_attempt *attempt,
                          ob_arena *arena, ob_span *head, ob_span *text, ob_err *err)
{
    ob_observation nobody = {.arena = arena};
    ob_span saying = {"", 0};
    ob_observation *obs = trial == NULL ? &nobody : obi_trial_seen(trial, &saying);
    if (!obi_record_shown(e, obs, saying, true, attempt->body, text, err)) {
        return false;
    }
    *head = attempt->head;
    bool clean = obs->masked == NULL && is_clean_head(e, attempt->head);
    if (!clean && !obi_record_shown(e, obs, saying, true, attempt->head, head, err)) {
        return false;
    }
    if (!clean && obs->masked == NULL && head->len > 0) {
        note_clean_head(e, *head);
    }
    obs->clean_id = obs->masked == NULL ? attempt->id : 0;
    return true;
}

bool obi_record_response(ob_engine *e, struct ob_trial *trial, const ob_family *family,
                         int64_t number, int32_t trial_attempt, const ob_attempt *attempt,
                         ob_err *err)
{
    body b;
    OB_AUTO(ob_buf) data = {.max = BODY_MAX * 2};
    OB_AUTO(ob_arena) arena = {0};
    ob_span head = {0};
    ob_span text = {0};
    if (!show_response(e, trial, attempt, &arena, &head, &text, err)) {
        return false;
    }
    begin(&b);
    ob_jw_u64(&b.w, "attempt_id", attempt->id);
    ob_jw_str(&b.w, "address", attempt->address);
    ob_jw_str(&b.w, "lost", ob_lost_names[attempt->lost]);
    ob_jw_i64(&b.w, "status", attempt->status);
    ob_jw_double(&b.w, "first_byte_ms", attempt->first_byte_ms);
    ob_jw_double(&b.w, "total_ms", attempt->total_ms);
    ob_jw_u64(&b.w, "head_bytes", head.len);
    ob_buf_add(&data, head);
    ob_buf_add(&data, text);
    if (!ob_buf_check(&data, "a reply", err)) {
        ob_buf_fini(&b.text);
        return false;
    }
    return append(e, &b, OB_RECORD_RESPONSE, family, number, trial_attempt, ob_buf_span(&data),
                  err);
}

/* What was named from the turn. A name is mostly the whole text, which need not be looked at again.
 */
static bool put_names(ob_engine *e, ob_json_writer *w, ob_observation *obs, size_t turn,
                      ob_span text, ob_err *err)
{
    ob_jw_object(w, "names");
    for (size_t i = 0; i < obs->names_count; i++) {
        const ob_named *named = &obs->names[i];
        ob_span shown = text;
        if (named->turn == turn) {
            char name[80];
            if (!ob_span_is(named->value, obs->turns[turn].text) &&
                !obi_record_shown(e, obs, (ob_span){"", 0}, true, named->value, &shown, err)) {
                return false;
            }
            (void)snprintf(name, sizeof name, "%.*s", OB_SHOW(named->name));
            ob_jw_text(w, name, shown);
        }
    }
    ob_jw_end(w, true);
    return true;
}

bool obi_record_turn(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                     ob_observation *obs, const ob_reply *reply, ob_err *err)
{
    size_t turn = obs->turns_count - 1;
    const ob_seen *seen = &obs->turns[turn];
    ob_span sent = {0};
    ob_span text = {0};
    body b;
    /* What stands as it is in a body that holds nothing need not be looked at again. */
    bool clean = obs->masked == NULL && obs->clean_id == seen->attempt_id &&
                 ob_span_find(seen->body, seen->text, 0) != SIZE_MAX;
    if (!obi_record_shown(e, obs, (ob_span){"", 0}, !clean, seen->text, &text, err) ||
        !obi_record_shown(e, obs, (ob_span){"", 0}, false, seen->sent, &sent, err)) {
        return false;
    }
    begin(&b);
    ob_jw_text(&b.w, "actor", seen->actor);
    ob_jw_text(&b.w, "session", seen->session);
    ob_jw_text(&b.w, "kind", seen->kind);
    ob_jw_text(&b.w, "sent", sent);
    ob_jw_text(&b.w, "text", text);
    ob_jw_text(&b.w, "lost", seen->lost);
    ob_jw_str(&b.w, "why", reply->why);
    ob_jw_i64(&b.w, "status", seen->status);
    ob_jw_double(&b.w, "first_byte_ms", seen->first_byte_ms);
    ob_jw_double(&b.w, "first_token_ms", seen->first_token_ms);
    ob_jw_double(&b.w, "max_gap_ms", seen->max_gap_ms);
    ob_jw_double(&b.w, "total_ms", seen->total_ms);
    ob_jw_u64(&b.w, "attempts", reply->attempts);
    ob_jw_u64(&b.w, "attempt_id", seen->attempt_id);
    ob_jw_u64(&b.w, "step", seen->step);
    if (!put_names(e, &b.w, obs, turn, text, err)) {
        ob_buf_fini(&b.text);
        return false;
    }
    return append(e, &b, OB_RECORD_TURN, family, number, attempt, (ob_span){"", 0}, err);
}

bool obi_record_confirm(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                        const ob_confirmation *confirmation, bool reread, ob_err *err)
{
    body b;
    begin(&b);
    ob_jw_bool(&b.w, "confirmed", confirmation->confirmed);
    ob_jw_bool(&b.w, "again", confirmation->again);
    ob_jw_u64(&b.w, "decoys", confirmation->decoys);
    ob_jw_u64(&b.w, "decoy_hits", confirmation->decoy_hits);
    ob_jw_bool(&b.w, "told_before", confirmation->told_before);
    ob_jw_bool(&b.w, "reread", reread);
    ob_jw_str(&b.w, "why_not", confirmation->why_not);
    return append(e, &b, OB_RECORD_CONFIRM, family, number, attempt, (ob_span){"", 0}, err);
}

bool obi_record_end(ob_engine *e, const ob_family *family, int64_t number, int32_t attempt,
                    int64_t rerun_of, ob_observation *obs, const ob_judgement *judgement,
                    bool confirmed, ob_err *err)
{
    ob_span why[OB_FINDINGS_MAX];
    ob_span reason = {0};
    body b;
    /* An oracle may quote what it found. */
    for (size_t i = 0; i < judgement->findings_count; i++) {
        if (!obi_record_shown(e, obs, (ob_span){"", 0}, true, judgement->findings[i].why, &why[i],
                              err)) {
            return false;
        }
    }
    if (!obi_record_shown(e, obs, (ob_span){"", 0}, true, ob_span_str(judgement->reason), &reason,
                          err)) {
        return false;
    }
    begin(&b);
    ob_jw_str(&b.w, "result", ob_trial_result_names[judgement->result]);
    ob_jw_text(&b.w, "reason", reason);
    if (rerun_of >= 0) {
        ob_jw_i64(&b.w, "rerun_of", rerun_of);
    }
    ob_jw_bool(&b.w, "confirmed", confirmed);
    ob_jw_array(&b.w, "findings");
    for (size_t i = 0; i < judgement->findings_count; i++) {
        const ob_finding *f = &judgement->findings[i];
        ob_jw_object(&b.w, NULL);
        ob_jw_text(&b.w, "oracle", f->oracle);
        ob_jw_text(&b.w, "why", why[i]);
        ob_jw_i64(&b.w, "turn", f->turn == OB_TURN_NONE ? -1 : (int64_t)f->turn);
        ob_jw_u64(&b.w, "start", f->start);
        ob_jw_u64(&b.w, "end", f->end);
        ob_jw_text(&b.w, "steps", f->steps);
        ob_jw_end(&b.w, true);
    }
    ob_jw_end(&b.w, false);
    return append(e, &b, OB_RECORD_END, family, number, attempt, (ob_span){"", 0}, err);
}

bool obi_record_note(ob_engine *e, const char *kind, ob_span text, ob_err *err)
{
    body b;
    begin(&b);
    ob_jw_str(&b.w, "kind", kind);
    ob_jw_text(&b.w, "text", text);
    return append(e, &b, OB_RECORD_NOTE, NULL, -1, 0, (ob_span){"", 0}, err);
}

bool obi_record_verdict(ob_engine *e, const ob_family *family, ob_err *err)
{
    OB_AUTO(ob_buf) reason = {.max = 2000};
    OB_AUTO(ob_buf) statement = {.max = 2000};
    ob_outcome outcome = OB_NOT_APPLICABLE;
    if (family->not_tested != NULL) {
        outcome = OB_INCONCLUSIVE;
        ob_buf_add_str(&reason, family->not_tested);
    } else if (family->not_applicable == NULL) {
        outcome = ob_tally_outcome(&family->tally, e->why_stopped, &reason, &statement);
    } else {
        ob_buf_add_str(&reason, family->not_applicable);
    }
    if (!ob_buf_check(&reason, "a reason", err) || !ob_buf_check(&statement, "a statement", err)) {
        return false;
    }
    body b;
    begin(&b);
    ob_jw_str(&b.w, "outcome", ob_outcome_names[outcome]);
    ob_jw_text(&b.w, "reason", ob_buf_span(&reason));
    ob_jw_text(&b.w, "statement", ob_buf_span(&statement));
    return append(e, &b, OB_RECORD_VERDICT, family, -1, 0, (ob_span){"", 0}, err);
}

static void put_addresses(ob_json_writer *w, const ob_client *client)
{
    for (size_t i = 0;; i++) {
        ob_span address = ob_client_address(client, i);
        if (address.len == 0) {
            return;
        }
        ob_jw_text(w, NULL, address);
    }
}

bool obi_record_finish(ob_engine *e, ob_err *err)
{
    body b;
    begin(&b);
    ob_jw_str(&b.w, "why_stopped", e->why_stopped == NULL ? "" : e->why_stopped);
    ob_jw_u64(&b.w, "requests", e->first_requests + obi_requests(e));
    ob_jw_array(&b.w, "addresses");
    put_addresses(&b.w, &e->client);
    if (e->judge_open) {
        put_addresses(&b.w, &e->judge);
    }
    ob_jw_end(&b.w, false);
    return append(e, &b, OB_RECORD_FINISH, NULL, -1, 0, (ob_span){"", 0}, err);
}
