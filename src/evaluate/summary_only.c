/* SPDX-License-Identifier: Apache-2.0 */
/* A summary narrowed to some procedures, with outcomes of what is left. */
#include "evaluate/summary.h"

#include <ombud/limits.h>
#include <ombud/mem.h>

static bool is_of(const ob_procedure_view *p, ob_span id)
{
    return ob_span_is(p->id, id) || ob_span_is(p->requirement, id) || ob_span_is(p->evaluation, id);
}

static bool keep_procedures(ob_summary *s, ob_procedure_view *kept, const ob_span *ids,
                            size_t count, ob_err *err)
{
    size_t kept_count = 0;
    for (size_t k = 0; k < count; k++) {
        bool known = false;
        for (size_t i = 0; i < s->procedures_count; i++) {
            known = known || is_of(&s->procedures[i], ids[k]);
        }
        if (!known) {
            return ob_fail(err, OB_ERR_USAGE,
                           "run %s holds no procedure, evaluation or requirement '%.*s'", s->run.id,
                           OB_SHOW(ob_span_sub(ids[k], 0, OB_QUOTE_MAX)));
        }
    }
    for (size_t i = 0; i < s->procedures_count; i++) {
        bool wanted = false;
        for (size_t k = 0; k < count; k++) {
            wanted = wanted || is_of(&s->procedures[i], ids[k]);
        }
        if (wanted) {
            kept[kept_count++] = s->procedures[i];
        }
    }
    s->procedures = kept;
    s->procedures_count = kept_count;
    return true;
}

/* What a requirement came to among the procedures that are left: the worst of them. */
static bool judge(const ob_summary *s, ob_requirement_view *q, ob_arena *arena, bool *any,
                  ob_err *err)
{
    *any = false;
    for (size_t i = 0; i < s->procedures_count; i++) {
        const ob_procedure_view *v = &s->procedures[i];
        if (!ob_span_is(v->requirement, q->id) || (*any && v->outcome >= q->outcome)) {
            continue;
        }
        *any = true;
        q->outcome = v->outcome;
        if (!ob_arena_printf(arena, &q->reason, err, "%.*s: %.*s", OB_SHOW(v->id),
                             OB_SHOW(v->reason))) {
            return false;
        }
    }
    return true;
}

static bool keep_requirements(ob_summary *s, ob_requirement_view *kept, ob_pillar_view *pillars,
                              ob_arena *arena, ob_err *err)
{
    size_t count = 0;
    size_t pillars_count = 0;
    bool any = false;
    for (size_t i = 0; i < s->requirements_count; i++) {
        kept[count] = s->requirements[i];
        if (!judge(s, &kept[count], arena, &any, err)) {
            return false;
        }
        count += any;
    }
    s->requirements = kept;
    s->requirements_count = count;
    s->outcome = OB_NOT_APPLICABLE;
    for (size_t p = 0; p < s->pillars_count; p++) {
        ob_pillar_view *v = &pillars[pillars_count];
        *v = (ob_pillar_view){
            .id = s->pillars[p].id, .title = s->pillars[p].title, .outcome = OB_NOT_APPLICABLE};
        any = false;
        for (size_t i = 0; i < count; i++) {
            if (ob_span_is(kept[i].pillar, v->id)) {
                any = true;
                v->counts[kept[i].outcome]++;
                v->outcome = kept[i].outcome < v->outcome ? kept[i].outcome : v->outcome;
            }
        }
        s->outcome = any && v->outcome < s->outcome ? v->outcome : s->outcome;
        pillars_count += any;
    }
    s->pillars = pillars;
    s->pillars_count = pillars_count;
    return true;
}

bool ob_summary_only(ob_summary *summary, ob_arena *arena, const ob_span *ids, size_t count,
                     ob_err *err)
{
    ob_summary made = *summary;
    ob_procedure_view *procedures = OB_NEW(arena, ob_procedure_view, made.procedures_count, err);
    ob_requirement_view *requirements =
        OB_NEW(arena, ob_requirement_view, made.requirements_count + 1, err);
    ob_pillar_view *pillars = OB_NEW(arena, ob_pillar_view, made.pillars_count + 1, err);
    if (procedures == NULL || requirements == NULL || pillars == NULL ||
        !keep_procedures(&made, procedures, ids, count, err) ||
        !keep_requirements(&made, requirements, pillars, arena, err)) {
        return false;
    }
    made.trials = 0;
    made.requests = 0;
    for (size_t i = 0; i < made.procedures_count; i++) {
        made.trials += procedures[i].trials;
        made.requests += procedures[i].requests;
    }
    *summary = made;
    return true;
}
