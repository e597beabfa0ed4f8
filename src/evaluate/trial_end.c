/* SPDX-License-Identifier: Apache-2.0 */
/* How a trial ends: judged and recorded, lost, left without an end, or with the run. */
#include "evaluate/record.h"
#include "evaluate/trial.h"

void obi_trial_free(ob_trial *t)
{
    *t->link = t->next;
    if (t->next != NULL) {
        t->next->link = t->link;
    }
    for (size_t i = 0; i < t->sessions_count; i++) {
        ob_mem_free(t->sessions[i].history);
    }
    ob_observation_fini(&t->obs);
    ob_arena_fini(&t->arena);
    ob_mem_free(t);
}

void ob_trial_drop(struct ob_trial *trial)
{
    obi_trial_free(trial);
}

void obi_trial_leave(ob_trial *t)
{
    ob_engine *e = t->e;
    ob_family *family = t->family;
    obi_trial_free(t);
    ob_engine_trial_gone(e, family);
}

/* Our own failure: the whole run ends with it. */
void obi_trial_broken(ob_trial *t, const ob_err *err)
{
    ob_engine_abort(t->e, err);
    obi_trial_leave(t);
}

bool obi_trial_note_left(ob_trial *t, ob_err *err)
{
    for (size_t i = 0; i < t->actors_count; i++) {
        const ob_var *id = ob_vars_find(&t->actors[i].vars, OB_SPAN("actor.id"));
        if (!t->actors[i].created || t->actors[i].removed || t->e->o->service->accounts_count > 0) {
            continue;
        }
        ob_span text = {0};
        if (!ob_arena_printf(&t->arena, &text, err, "account %.*s of trial %lld of %.*s",
                             OB_SHOW(id == NULL ? OB_SPAN("(unnamed)") : id->value),
                             (long long)t->number, OB_SHOW(t->family->procedure->id)) ||
            !obi_record_note(t->e, "left behind", text, err)) {
            return false;
        }
    }
    return true;
}

/* The run stops in between: no end is recorded. */
void obi_trial_abandon(ob_trial *t)
{
    ob_err err = {0};
    if (!obi_trial_note_left(t, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_leave(t);
}

static bool schedule_reruns(ob_trial *t)
{
    ob_family *f = t->family;
    unsigned wanted = f->procedure->confirm;
    if (t->judgement.result != OB_TRIAL_HIT || f->reruns_made || t->rerun_of >= 0 || wanted == 0) {
        return true;
    }
    f->reruns_made = true;
    for (unsigned k = 0; k < wanted && k < OB_COUNT(f->reruns); k++) {
        f->reruns[f->reruns_count++] =
            (struct ob_rerun){OB_RERUN_BASE + t->number * 32 + (int64_t)k, t->number};
    }
    return true;
}

/* Records the end, tells the tally, and begins to tidy up. */
void obi_trial_finish(ob_trial *t)
{
    ob_err err = {0};
    ob_confirmation confirmation = {0};
    bool hit = t->judgement.result == OB_TRIAL_HIT;
    bool good = true;
    if (hit) {
        good = ob_confirm(t->e, t->family, t->number, t->attempt, t->first_record, &t->obs,
                          &t->judgement, &confirmation, &err) &&
               obi_record_confirm(t->e, t->family, t->number, t->attempt, &confirmation, t->reread,
                                  &err);
        if (good && !confirmation.confirmed && t->family->procedure->zero_tolerance) {
            t->judgement.result = OB_TRIAL_INVALID;
            (void)snprintf(t->judgement.reason, sizeof t->judgement.reason,
                           "the hit was not confirmed: %s", confirmation.why_not);
        }
    }
    good = good && obi_record_end(t->e, t->family, t->number, t->attempt, t->rerun_of, &t->obs,
                                  &t->judgement, confirmation.confirmed, &err);
    if (good && t->rerun_of < 0) {
        good = ob_tally_end(&t->family->tally, (uint64_t)t->number, t->judgement.result, &err);
    }
    if (!good || !schedule_reruns(t)) {
        obi_trial_broken(t, &err);
        return;
    }
    t->phase = PHASE_TEARDOWN;
    obi_trial_go_on(t);
}

void obi_trial_invalid(ob_trial *t, const char *reason)
{
    t->judgement = (ob_judgement){.result = OB_TRIAL_INVALID};
    (void)snprintf(t->judgement.reason, sizeof t->judgement.reason, "%.190s", reason);
    obi_trial_finish(t);
}
