/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would do: which procedures it takes, and what each of them costs. */
#include "evaluate/applicable.h"
#include "evaluate/engine.h"

unsigned obi_requests_per_trial(const ob_run_options *o, const ob_procedure *p)
{
    unsigned count = 0;
    unsigned actors = 0;
    for (size_t i = 0; i < p->flow_count; i++) {
        if (p->flow[i].kind == OB_STEP_SAY || p->flow[i].kind == OB_STEP_HTTP) {
            count += p->flow[i].repeat;
        }
        bool seen = p->flow[i].kind != OB_STEP_SAY;
        for (size_t k = 0; k < i; k++) {
            seen = seen || (p->flow[k].kind == OB_STEP_SAY &&
                            ob_span_is(p->flow[k].session, p->flow[i].session) &&
                            ob_span_is(p->flow[k].actor, p->flow[i].actor));
        }
        if (!seen) {
            count += (unsigned)o->service->session_open.present +
                     (unsigned)o->service->session_end.present;
        }
    }
    for (size_t i = 0; i < p->fixtures_count; i++) {
        actors += p->fixtures[i].kind == OB_FIXTURE_ACTOR;
    }
    return count + actors * ((unsigned)o->service->actor_create.present +
                             (unsigned)o->service->actor_remove.present +
                             (unsigned)o->service->login.present);
}

static bool is_of(const ob_run_options *o, const ob_procedure *p, ob_span id)
{
    const ob_evaluation *v = ob_catalogue_evaluation(o->catalogue, p->evaluation);
    return ob_span_is(id, p->id) || ob_span_is(id, v->id) || ob_span_is(id, v->requirement->id);
}

bool obi_is_selected(const ob_run_options *o, const ob_procedure *p)
{
    bool wanted = o->only_count == 0;
    for (size_t i = 0; i < o->only_count; i++) {
        wanted = wanted || is_of(o, p, o->only[i]);
    }
    for (size_t i = 0; i < o->except_count; i++) {
        wanted = wanted && !is_of(o, p, o->except[i]);
    }
    return wanted &&
           ob_catalogue_evaluation(o->catalogue, p->evaluation)->requirement->level <= o->level;
}

static bool check_list(const ob_run_options *o, const ob_span *ids, size_t count, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t k = 0; k < o->catalogue->procedures_count; k++) {
            known = known || is_of(o, &o->catalogue->procedures[k], ids[i]);
        }
        if (!known) {
            return ob_fail(
                err, OB_ERR_USAGE,
                "no procedure is called '%.*s' or belongs to it; see the list with 'ombud "
                "catalogue list procedures'",
                OB_SHOW(ob_span_sub(ids[i], 0, OB_QUOTE_MAX)));
        }
    }
    return true;
}

bool obi_check_ids(const ob_run_options *o, ob_err *err)
{
    bool any = o->only_count + o->except_count == 0;
    for (size_t i = 0; i < o->catalogue->procedures_count; i++) {
        any = any || obi_is_selected(o, &o->catalogue->procedures[i]);
    }
    return check_list(o, o->only, o->only_count, err) &&
           check_list(o, o->except, o->except_count, err) &&
           (any || ob_fail(err, OB_ERR_USAGE, "--only and --except leave no procedure at level %u",
                           o->level));
}

static uint64_t hits_to_fail(const ob_procedure *p, const ob_tally *tally, uint64_t most)
{
    ob_eproc process = tally->process;
    if (p->zero_tolerance) {
        return 1;
    }
    while (process.trials < most && ob_eproc_decide(&process, tally->alpha) != OB_ABOVE) {
        ob_eproc_add(&process, true);
    }
    return process.trials;
}

/* Accounts that are made for the actors of a trial are more than reading. */
bool obi_has_leave(const ob_run_options *o, const ob_procedure *p, ob_err *err)
{
    bool makes = false;
    for (size_t i = 0; o->service->actor_create.present && i < p->fixtures_count; i++) {
        makes = makes || p->fixtures[i].kind == OB_FIXTURE_ACTOR;
    }
    return ob_scope_check_effect(o->scope, (ob_effect)p->effect, err) &&
           (!makes || ob_scope_check_effect(o->scope, OB_EFFECT_WRITE, err));
}

bool obi_leave_of(const ob_run_options *o, const ob_procedure *p, ob_arena *arena,
                  const char **not_tested, ob_err *err)
{
    ob_err why = {0};
    ob_span text = {0};
    if (o->only_count > 0 || obi_has_leave(o, p, &why)) {
        return true;
    }
    if (!ob_arena_printf(arena, &text, err, "not tested: %s", why.text)) {
        return false;
    }
    *not_tested = text.ptr;
    return true;
}

static bool find_refusal(const ob_run_options *o, ob_arena *arena, ob_plan_row *row, ob_err *err)
{
    ob_err why = {0};
    ob_span text = {0};
    if (row->not_applicable != NULL || row->not_tested != NULL ||
        obi_has_leave(o, row->procedure, &why)) {
        return true;
    }
    if (!ob_arena_dup(arena, ob_span_str(why.text), &text, err)) {
        return false;
    }
    row->refused = text.ptr;
    return true;
}

/* The figures of a row, by the very tally that a run would keep. */
static bool fill_row(const ob_run_options *o, ob_arena *arena, ob_plan_row *row, ob_err *err)
{
    const ob_procedure *p = row->procedure;
    ob_tally tally = {0};
    row->limit = p->limit[o->level - 1];
    row->trials_most = p->max[o->level - 1];
    row->requests_per_trial = obi_requests_per_trial(o, p);
    if (row->not_applicable == NULL &&
        (!obi_judge_of(o, p, arena, &row->judge, &row->not_tested, err) ||
         (row->not_tested == NULL && !obi_leave_of(o, p, arena, &row->not_tested, err)))) {
        return false;
    }
    ob_tally_plan plan = {.limit = row->limit,
                          .alpha = p->alpha,
                          .max = row->trials_most,
                          .zero_tolerance = p->zero_tolerance,
                          .judge = row->judge};
    if (!ob_tally_init(&tally, &plan, err)) {
        return false;
    }
    row->trials_least = hits_to_fail(p, &tally, row->trials_most);
    row->trials_expected = ob_eproc_needs(&tally.process, tally.alpha, row->trials_most);
    ob_tally_fini(&tally);
    return true;
}

bool ob_run_plan(const ob_run_options *options, ob_arena *arena, ob_plan_row **rows, size_t *count,
                 ob_err *err)
{
    const ob_catalogue *c = options->catalogue;
    ob_plan_row *list = OB_NEW(arena, ob_plan_row, c->procedures_count, err);
    size_t used = 0;
    if (list == NULL || !obi_check_ids(options, err)) {
        return false;
    }
    for (size_t i = 0; i < c->procedures_count; i++) {
        const ob_procedure *p = &c->procedures[i];
        if (!obi_is_selected(options, p)) {
            continue;
        }
        ob_plan_row *row = &list[used++];
        row->procedure = p;
        if (!ob_applicable(options->service, p, arena, &row->not_applicable, err)) {
            return false;
        }
        if (!fill_row(options, arena, row, err) || !find_refusal(options, arena, row, err)) {
            return false;
        }
    }
    *rows = list;
    *count = used;
    return true;
}
