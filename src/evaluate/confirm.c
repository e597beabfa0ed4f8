/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hit is believed when it stands in the evidence: the oracles run again over what the store
 * holds, planted values of the same form that were never planted are not found, and the actor had
 * neither sent nor been told the value before.
 */
#include "evaluate/form.h"
#include "evaluate/record.h"

#define DECOYS 32

typedef struct loader {
    ob_observation *obs;
    ob_arena *arena;

    struct stored {
        uint64_t id;
        ob_span body;
        ob_span head;
    } responses[256]; /* a ring: a turn stands close behind its response */

    size_t count;
} loader;

static bool load_response(loader *l, const ob_json *body, ob_span data, ob_err *err)
{
    struct stored *slot = &l->responses[l->count++ % OB_COUNT(l->responses)];
    size_t head = (size_t)ob_json_double(body, "head_bytes", -1);
    slot->id = (uint64_t)ob_json_double(body, "attempt_id", -1);
    return ob_arena_dup(l->arena, ob_span_sub(data, 0, head), &slot->head, err) &&
           ob_arena_dup(l->arena, ob_span_sub(data, head, data.len), &slot->body, err);
}

static bool load_turn(loader *l, const ob_json *body, ob_err *err)
{
    ob_seen seen = {.actor = ob_json_text(body, "actor"),
                    .session = ob_json_text(body, "session"),
                    .kind = ob_json_text(body, "kind"),
                    .sent = ob_json_text(body, "sent"),
                    .text = ob_json_text(body, "text"),
                    .lost = ob_json_text(body, "lost"),
                    .status = (int)ob_json_double(body, "status", -1),
                    .first_byte_ms = ob_json_double(body, "first_byte_ms", -1),
                    .first_token_ms = ob_json_double(body, "first_token_ms", -1),
                    .max_gap_ms = ob_json_double(body, "max_gap_ms", -1),
                    .total_ms = ob_json_double(body, "total_ms", -1),
                    .attempt_id = (uint64_t)ob_json_double(body, "attempt_id", -1),
                    .step = (size_t)ob_json_double(body, "step", 0)};
    for (size_t i = 0; i < OB_COUNT(l->responses) && i < l->count; i++) {
        if (l->responses[i].id == seen.attempt_id) {
            seen.body = l->responses[i].body;
            seen.head = l->responses[i].head;
        }
    }
    if (!ob_observation_add(l->obs, &seen, err)) {
        return false;
    }
    const ob_json *names = ob_json_get(body, "names");
    for (const ob_json *n = names == NULL ? NULL : names->first; n != NULL; n = n->next) {
        if (!ob_observation_name(l->obs, n->key, n->text, err)) {
            return false;
        }
    }
    return true;
}

static bool load_records(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                         uint64_t first, loader *l, ob_err *err)
{
    OB_AUTO_CLOSE(ob_records) it = {0};
    ob_record_query query = {.run = e->run,
                             .kinds = 1u << OB_RECORD_RESPONSE | 1u << OB_RECORD_TURN,
                             .procedure = family->procedure->id,
                             .trial = number,
                             .attempt = attempt,
                             .first = first};
    if (!ob_records_open(&it, e->o->store, &query, err)) {
        return false;
    }
    for (ob_record r; ob_records_next(&it, &r, err);) {
        ob_json_doc doc = {0};
        ob_span copy = {0};
        /* The record's bytes go with the next one; the tree borrows from them. */
        if (!ob_arena_dup(l->arena, r.body, &copy, err) ||
            !ob_json_parse(&doc, l->arena, copy, err)) {
            return false;
        }
        if (r.kind == OB_RECORD_RESPONSE ? !load_response(l, doc.root, r.data, err)
                                         : !load_turn(l, doc.root, err)) {
            return false;
        }
    }
    return err->kind == OB_OK;
}

static bool set_vars(ob_observation *obs, const ob_vars *vars, ob_err *err)
{
    obs->vars.arena = obs->arena;
    for (size_t i = 0; i < vars->count; i++) {
        if (!ob_vars_set(&obs->vars, vars->items[i].name, vars->items[i].value,
                         vars->items[i].secret, err)) {
            return false;
        }
    }
    return true;
}

/* A fact of the service that procedures look for, with other digits. */
static bool set_other_facts(ob_observation *obs, ob_rng *rng, ob_err *err)
{
    for (size_t i = 0; i < obs->vars.count; i++) {
        const ob_var *var = &obs->vars.items[i];
        OB_AUTO(ob_buf) value = {.max = 4096};
        if (!ob_span_has_prefix(var->name, OB_SPAN("service."))) {
            continue;
        }
        for (size_t k = 0; k < var->value.len; k++) {
            char c = var->value.ptr[k];
            bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            ob_buf_add_char(&value, digit ? "0123456789abcdef"[ob_rng_below(rng, 16)] : c);
        }
        if (!ob_buf_check(&value, "a fact", err) ||
            !ob_vars_set(&obs->vars, var->name, ob_buf_span(&value), false, err)) {
            return false;
        }
    }
    return true;
}

/* Replaces every canary by a fresh value of its form. */
static bool set_decoys(const ob_procedure *p, ob_observation *obs, ob_rng *rng, ob_err *err)
{
    for (size_t i = 0; i < p->fixtures_count; i++) {
        const ob_fixture *f = &p->fixtures[i];
        OB_AUTO(ob_buf) value = {.max = 4096};
        if (f->kind == OB_FIXTURE_CANARY &&
            (!ob_form_fill(f->form, rng, &value, err) ||
             !ob_vars_set(&obs->vars, f->name, ob_buf_span(&value), false, err))) {
            return false;
        }
    }
    return set_other_facts(obs, rng, err);
}

static bool try_decoys(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                       ob_observation *obs, ob_confirmation *out, ob_err *err)
{
    ob_rng rng;
    if (!ob_engine_rng(e, family, number, attempt, "decoys", &rng, err)) {
        return false;
    }
    for (unsigned i = 0; i < DECOYS; i++) {
        if (!set_decoys(family->procedure, obs, &rng, err)) {
            return false;
        }
        bool any = false;
        for (size_t k = 0; k < family->test.oracles_count; k++) {
            bool hit = false;
            if (!ob_oracle_look_canaries(&family->test.oracles[k], obs, &hit, err)) {
                return false;
            }
            any = any || hit;
        }
        out->decoys++;
        out->decoy_hits += any;
    }
    return true;
}

/* Had the actor that surfaced the value sent it, or been told it, in a step of the flow before the
 * finding's? A step that is done again to see whether it shows the same was not told by itself. */
static bool told_before(const ob_family *family, const ob_observation *obs, const ob_finding *f)
{
    if (f->turn == OB_TURN_NONE) {
        return false;
    }
    for (size_t i = 0; i < family->procedure->fixtures_count; i++) {
        const ob_fixture *fixture = &family->procedure->fixtures[i];
        const ob_var *value = ob_vars_find(&obs->vars, fixture->name);
        if (fixture->kind != OB_FIXTURE_CANARY || value == NULL) {
            continue;
        }
        for (size_t t = 0; t <= f->turn; t++) {
            const ob_seen *seen = &obs->turns[t];
            if (!ob_span_is(seen->actor, obs->turns[f->turn].actor) ||
                seen->step > obs->turns[f->turn].step) {
                continue;
            }
            if (ob_span_find_nocase(seen->sent, value->value, 0) != SIZE_MAX ||
                (seen->step < obs->turns[f->turn].step &&
                 ob_span_find_nocase(seen->text, value->value, 0) != SIZE_MAX)) {
                return true;
            }
        }
    }
    return false;
}

static bool has_canary(const ob_test *test)
{
    for (size_t i = 0; i < test->oracles_count; i++) {
        if (ob_oracle_has_canary(&test->oracles[i])) {
            return true;
        }
    }
    return false;
}

static void conclude(ob_confirmation *out)
{
    const char *why = "";
    if (!out->again) {
        why = "the stored bytes do not show it";
    } else if (out->decoy_hits > 0) {
        why = "values that were never planted are found, too";
    } else if (out->told_before) {
        why = "the actor had sent or been told the value";
    }
    out->confirmed = why[0] == '\0';
    (void)snprintf(out->why_not, sizeof out->why_not, "%s", why);
}

/* A copy that outlives the observation it was made of. */
static bool take_judgement(const ob_judgement *from, ob_arena *arena, ob_judgement *to, ob_err *err)
{
    ob_judgement made = *from;
    for (size_t i = 0; i < made.findings_count; i++) {
        ob_finding *f = &made.findings[i];
        /* Which encodings were undone, a mask does not tell. */
        if (f->steps.len == 0 && i < to->findings_count &&
            ob_span_is(f->oracle, to->findings[i].oracle)) {
            f->steps = to->findings[i].steps;
        }
        if (!ob_arena_dup(arena, f->why, &f->why, err) ||
            !ob_arena_dup(arena, f->steps, &f->steps, err)) {
            return false;
        }
    }
    *to = made;
    return true;
}

bool ob_confirm(ob_engine *e, ob_family *family, int64_t number, int32_t attempt, uint64_t first,
                const ob_observation *seen, ob_judgement *judgement, ob_confirmation *confirmation,
                ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_confirmation out = {0};
    ob_observation obs = {.arena = &arena,
                          .kb = &e->kb,
                          .time_scale = e->o->service->time_scale,
                          .allow_hosts = e->o->service->allow_hosts,
                          .allow_hosts_count = e->o->service->allow_hosts_count,
                          .own_host = e->own_host,
                          .screen = &e->screen,
                          .stored = !e->keep_raw};
    loader *l = OB_NEW(&arena, loader, 1, err);
    ob_judgement stored = {0};
    bool good = l != NULL;
    if (good) {
        l->obs = &obs;
        l->arena = &arena;
    }
    good = good && set_vars(&obs, &seen->vars, err) &&
           load_records(e, family, number, attempt, first, l, err) &&
           ob_test_judge(&family->test, &obs, &stored, err);
    if (good) {
        out.again = stored.result == OB_TRIAL_HIT;
        for (size_t i = 0; i < stored.findings_count; i++) {
            out.told_before = out.told_before || told_before(family, &obs, &stored.findings[i]);
        }
        good =
            !has_canary(&family->test) || try_decoys(e, family, number, attempt, &obs, &out, err);
    }
    good = good && (!out.again || seen->masked == NULL ||
                    take_judgement(&stored, seen->arena, judgement, err));
    ob_observation_fini(&obs);
    if (good) {
        conclude(&out);
        *confirmation = out;
    }
    return good;
}
