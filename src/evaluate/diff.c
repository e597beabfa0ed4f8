/* SPDX-License-Identifier: Apache-2.0 */
/* Two runs side by side: what was set, what was tested, what came out. */
#include "evaluate/diff.h"

#include "evaluate/diff_core.h"

#include <stdio.h>

typedef struct work {
    ob_diff *d;
    ob_arena *arena;
    const ob_diff_from *from;
    ob_diff_procedure *procedures;
    bool *confirmed; /* by procedure: the new run confirmed a hit of it */
    ob_span *reasons;
    size_t reasons_max;
} work;

static bool differ(work *w, const char *name, ob_span before, ob_span now, bool unpairs)
{
    if (ob_span_is(before, now)) {
        return false;
    }
    ob_diff *d = w->d;
    if (!OB_NEVER(d->settings_count == OB_COUNT(d->settings))) {
        d->settings[d->settings_count++] = (ob_diff_setting){name, before, now, unpairs};
    }
    return true;
}

static bool number_text(work *w, double value, ob_span *out, ob_err *err)
{
    return ob_arena_printf(w->arena, out, err, "%.6g", value);
}

/* The address differs between a staging and a live service as a matter of course; what unpairs is
 * what makes trial n another trial. */
static bool compare_settings(work *w, ob_err *err)
{
    ob_diff *d = w->d;
    const ob_summary *a = &d->before;
    const ob_summary *b = &d->now;
    ob_span numbers[8] = {{0}};
    const double values[] = {a->level, b->level, a->time_scale, b->time_scale,
                             a->rate,  b->rate,  a->in_flight,  b->in_flight};
    for (size_t i = 0; i < OB_COUNT(values); i++) {
        if (!number_text(w, values[i], &numbers[i], err)) {
            return false;
        }
    }
    if (differ(w, "time scale", numbers[2], numbers[3], true)) {
        d->not_paired = "the time scales differ";
    }
    if (differ(w, "level", numbers[0], numbers[1], true)) {
        d->not_paired = "the levels differ";
    }
    if (differ(w, "seed", a->seed, b->seed, true)) {
        d->not_paired = "the seeds differ";
    }
    (void)differ(w, "service", a->service, b->service, false);
    (void)differ(w, "address", a->address, b->address, false);
    (void)differ(w, "driver", a->driver, b->driver, false);
    (void)differ(w, "service file", a->service_digest, b->service_digest, false);
    (void)differ(w, "catalogue", a->catalogue_digest, b->catalogue_digest, false);
    (void)differ(w, "procedures", a->procedures_digest, b->procedures_digest, false);
    (void)differ(w, "scope file", a->scope_digest, b->scope_digest, false);
    (void)differ(w, "tool", a->tool, b->tool, false);
    (void)differ(w, "requests a second", numbers[4], numbers[5], false);
    (void)differ(w, "most in flight", numbers[6], numbers[7], false);
    return true;
}

static const ob_procedure_view *view_of(const ob_summary *s, ob_span id)
{
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (ob_span_is(s->procedures[i].id, id)) {
            return &s->procedures[i];
        }
    }
    return NULL;
}

static bool is_of(const ob_procedure_view *v, ob_span id)
{
    return ob_span_is(v->id, id) || ob_span_is(v->requirement, id) || ob_span_is(v->evaluation, id);
}

static bool is_wanted(const work *w, const ob_procedure_view *v)
{
    bool wanted = w->from->only_count == 0;
    for (size_t i = 0; i < w->from->only_count; i++) {
        wanted = wanted || is_of(v, w->from->only[i]);
    }
    for (size_t i = 0; i < w->from->except_count; i++) {
        wanted = wanted && !is_of(v, w->from->except[i]);
    }
    return wanted;
}

static bool holds(const ob_summary *s, ob_span id)
{
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (is_of(&s->procedures[i], id)) {
            return true;
        }
    }
    return false;
}

static bool check_ids(const work *w, const ob_span *ids, size_t count, ob_err *err)
{
    for (size_t i = 0; i < count; i++) {
        ob_span id = ids[i];
        if (!holds(&w->d->before, id) && !holds(&w->d->now, id)) {
            return ob_fail(err, OB_ERR_USAGE,
                           "neither run holds a procedure, evaluation or requirement '%.*s'",
                           OB_SHOW(ob_span_sub(id, 0, 60)));
        }
    }
    return true;
}

static void add_procedure(work *w, const ob_procedure_view *before, const ob_procedure_view *now)
{
    ob_diff_procedure *p = &w->procedures[w->d->procedures_count++];
    *p =
        (ob_diff_procedure){.id = now == NULL ? before->id : now->id, .before = before, .now = now};
    if (before == NULL || now == NULL) {
        p->not_paired = before == NULL ? "it was not run before" : "it was not run now";
    } else if (before->outcome == OB_NOT_APPLICABLE || now->outcome == OB_NOT_APPLICABLE) {
        p->not_paired = "it did not apply in both runs";
    } else if (w->d->not_paired != NULL) {
        p->not_paired = w->d->not_paired;
    } else if (!ob_span_is(before->digest, now->digest)) {
        p->not_paired = "the procedure or its inputs changed";
    }
    p->paired = p->not_paired == NULL;
}

static bool line_up(work *w, ob_err *err)
{
    ob_diff *d = w->d;
    size_t most = d->before.procedures_count + d->now.procedures_count;
    size_t common = 0;
    w->procedures = OB_NEW(w->arena, ob_diff_procedure, most, err);
    w->confirmed = OB_NEW(w->arena, bool, most, err);
    if (w->procedures == NULL || w->confirmed == NULL) {
        return false;
    }
    for (size_t i = 0; i < d->now.procedures_count; i++) {
        const ob_procedure_view *now = &d->now.procedures[i];
        const ob_procedure_view *before = view_of(&d->before, now->id);
        if (is_wanted(w, now)) {
            add_procedure(w, before, now);
            common += before != NULL;
        }
    }
    for (size_t i = 0; i < d->before.procedures_count; i++) {
        const ob_procedure_view *before = &d->before.procedures[i];
        if (view_of(&d->now, before->id) == NULL && is_wanted(w, before)) {
            add_procedure(w, before, NULL);
        }
    }
    d->procedures = w->procedures;
    return common > 0 || ob_fail(err, OB_ERR_USAGE, "runs %s and %s have no procedure in common",
                                 d->before.run.id, d->now.run.id);
}

static bool compare_trials(work *w, ob_err *err)
{
    ob_diff *d = w->d;
    obi_diff_side before = {.store = w->from->old_store, .summary = &d->before};
    obi_diff_side now = {.store = w->from->new_store, .summary = &d->now};
    bool good = obi_diff_side_read(&before, err) && obi_diff_side_read(&now, err);
    for (size_t i = 0; good && i < d->procedures_count; i++) {
        ob_diff_procedure *p = &w->procedures[i];
        obi_diff_trials a = obi_diff_side_list(&before, p->before);
        obi_diff_trials b = obi_diff_side_list(&now, p->now);
        w->confirmed[i] = obi_diff_confirmed(&b);
        good = (!p->paired || obi_diff_pair(p, w->arena, &a, &b, err)) &&
               obi_diff_find(p, w->arena, &before, &now, err);
    }
    obi_diff_side_fini(&before);
    obi_diff_side_fini(&now);
    return good;
}

static bool covers(const work *w, const ob_summary *s, ob_span requirement)
{
    for (size_t i = 0; i < s->procedures_count; i++) {
        if (ob_span_is(s->procedures[i].requirement, requirement) &&
            is_wanted(w, &s->procedures[i]) && obi_diff_is_tested(&s->procedures[i])) {
            return true;
        }
    }
    return false;
}

static bool list_requirements(work *w, const ob_summary *with, const ob_summary *without,
                              const ob_requirement_view *const **list, size_t *count, ob_err *err)
{
    const ob_requirement_view **made =
        OB_NEW(w->arena, const ob_requirement_view *, with->requirements_count, err);
    if (made == NULL) {
        return false;
    }
    for (size_t i = 0; i < with->requirements_count; i++) {
        const ob_requirement_view *r = &with->requirements[i];
        if (covers(w, with, r->id) && !covers(w, without, r->id)) {
            made[(*count)++] = r;
        }
    }
    *list = made;
    return true;
}

static bool add_reason(work *w, ob_change change, ob_span about, ob_span text, ob_err *err)
{
    ob_diff *d = w->d;
    d->change = change < d->change ? change : d->change;
    if (OB_NEVER(d->reasons_count == w->reasons_max)) {
        return ob_fail(err, OB_ERR_BUG, "more reasons than procedures");
    }
    return ob_arena_printf(w->arena, &w->reasons[d->reasons_count++], err, "%.*s%s%.*s",
                           OB_SHOW(about), about.len == 0 ? "" : ": ", OB_SHOW(text));
}

static ob_severity severity_of(const ob_diff_procedure *p)
{
    return p->now != NULL ? p->now->severity : p->before->severity;
}

/* Worst first, as a reader wants them. */
static bool sum_up(work *w, ob_err *err)
{
    ob_diff *d = w->d;
    d->change = OB_CHANGE_NONE;
    w->reasons_max = d->procedures_count + 1;
    w->reasons = OB_NEW(w->arena, ob_span, w->reasons_max, err);
    if (w->reasons == NULL) {
        return false;
    }
    for (unsigned change = OB_CHANGE_WORSE; change <= OB_CHANGE_BETTER; change++) {
        if (change == OB_CHANGE_UNDECIDED && strcmp(d->now.run.state, "finished") != 0 &&
            !add_reason(w, OB_CHANGE_UNDECIDED, (ob_span){"", 0},
                        OB_SPAN("the new run is not finished"), err)) {
            return false;
        }
        for (size_t i = 0; i < d->procedures_count; i++) {
            const ob_diff_procedure *p = &d->procedures[i];
            if (p->change != (ob_change)change || severity_of(p) < w->from->fail_on) {
                continue;
            }
            if (change == OB_CHANGE_BETTER) {
                d->change = OB_CHANGE_BETTER < d->change ? OB_CHANGE_BETTER : d->change;
            } else if (!add_reason(w, p->change, p->id, p->statement, err)) {
                return false;
            }
        }
    }
    d->reasons = w->reasons;
    return true;
}

static bool compare(work *w, ob_err *err)
{
    ob_diff *d = w->d;
    if (!ob_span_is(d->before.profile, d->now.profile)) {
        return ob_fail(err, OB_ERR_USAGE, "the profiles differ: %.*s and %.*s",
                       OB_SHOW(ob_span_sub(d->before.profile, 0, 60)),
                       OB_SHOW(ob_span_sub(d->now.profile, 0, 60)));
    }
    return check_ids(w, w->from->only, w->from->only_count, err) &&
           check_ids(w, w->from->except, w->from->except_count, err) && compare_settings(w, err) &&
           line_up(w, err) && compare_trials(w, err) &&
           obi_diff_judge(w->procedures, d->procedures_count, d->alpha, w->confirmed, w->arena,
                          err) &&
           list_requirements(w, &d->before, &d->now, &d->lost, &d->lost_count, err) &&
           list_requirements(w, &d->now, &d->before, &d->gained, &d->gained_count, err) &&
           sum_up(w, err);
}

bool ob_diff_load(ob_diff *diff, ob_arena *arena, const ob_diff_from *from, ob_err *err)
{
    ob_diff *made = OB_NEW(arena, ob_diff, 1, err);
    work w = {.d = made, .arena = arena, .from = from};
    if (made == NULL) {
        return false;
    }
    made->alpha = from->alpha;
    if (!ob_store_require_whole(from->old_store, from->old_run, err) ||
        !ob_summary_load(&made->before, arena, from->old_store, from->old_run, err)) {
        return ob_wrap(err, "the old run");
    }
    if (!ob_store_require_whole(from->new_store, from->new_run, err) ||
        !ob_summary_load(&made->now, arena, from->new_store, from->new_run, err)) {
        return ob_wrap(err, "the new run");
    }
    if (!compare(&w, err)) {
        return false;
    }
    *diff = *made;
    return true;
}
