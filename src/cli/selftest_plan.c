/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/selftest.h"

static const ob_requirement *requirement_of(const ob_catalogue *catalogue, const ob_procedure *p)
{
    return ob_catalogue_evaluation(catalogue, p->evaluation)->requirement;
}

static bool is_called(const ob_catalogue *catalogue, const ob_procedure *p, ob_span id)
{
    return ob_span_is(id, p->id) || ob_span_is(id, p->evaluation) ||
           ob_span_is(id, requirement_of(catalogue, p)->id);
}

static bool choose(ob_selftest_plan *plan, ob_arena *arena, const ob_span *only, size_t only_count,
                   ob_err *err)
{
    const ob_catalogue *c = plan->catalogue;
    const ob_procedure **chosen = OB_NEW(arena, const ob_procedure *, c->procedures_count, err);
    const ob_procedure **judged = OB_NEW(arena, const ob_procedure *, c->procedures_count, err);
    if (chosen == NULL || judged == NULL) {
        return false;
    }
    for (size_t k = 0; k < only_count; k++) {
        bool known = false;
        for (size_t i = 0; i < c->procedures_count; i++) {
            known = known || is_called(c, &c->procedures[i], only[k]);
        }
        if (!known) {
            return ob_fail(err, OB_ERR_USAGE, "no procedure is called '%.*s' or belongs to it",
                           OB_SHOW(ob_span_sub(only[k], 0, 40)));
        }
    }
    for (size_t i = 0; i < c->procedures_count; i++) {
        bool wanted = only_count == 0;
        for (size_t k = 0; k < only_count; k++) {
            wanted = wanted || is_called(c, &c->procedures[i], only[k]);
        }
        if (wanted && c->procedures[i].rubric.len > 0) {
            judged[plan->judged_count++] = &c->procedures[i];
        } else if (wanted) {
            chosen[plan->procedures_count++] = &c->procedures[i];
        }
    }
    plan->procedures = chosen;
    plan->judged = judged;
    return plan->procedures_count > 0 ||
           ob_fail(err, OB_ERR_USAGE, "%.*s needs a judge, and the self-test has none",
                   OB_SHOW(judged[0]->id));
}

/* A procedure is held to the limit of the level that its requirement stands on. */
static bool make_tasks(ob_selftest_plan *plan, ob_arena *arena, ob_err *err)
{
    size_t most = (size_t)plan->seeds * (OB_LEVELS + ob_demo_dials_count);
    ob_selftest_task *tasks = OB_NEW(arena, ob_selftest_task, most, err);
    ob_span *ids = OB_NEW(arena, ob_span, plan->procedures_count * (OB_LEVELS + 1), err);
    if (tasks == NULL || ids == NULL) {
        return false;
    }
    size_t counts[OB_LEVELS] = {0};
    ob_span *alone = ids + plan->procedures_count * OB_LEVELS;
    for (size_t i = 0; i < plan->procedures_count; i++) {
        size_t at = requirement_of(plan->catalogue, plan->procedures[i])->level - 1;
        ids[plan->procedures_count * at + counts[at]++] = plan->procedures[i]->id;
        alone[i] = plan->procedures[i]->id;
    }
    size_t used = 0;
    for (unsigned seed = 1; seed <= plan->seeds; seed++) {
        for (unsigned level = 1; level <= OB_LEVELS; level++) {
            if (counts[level - 1] > 0) {
                tasks[used++] =
                    (ob_selftest_task){.seed = seed,
                                       .level = level,
                                       .dial = -1,
                                       .only = ids + plan->procedures_count * (level - 1),
                                       .only_count = counts[level - 1]};
            }
        }
        for (size_t d = 0; d < ob_demo_dials_count; d++) {
            for (size_t i = 0; i < plan->procedures_count; i++) {
                if (ob_selftest_is_dial_of(plan, d, i)) {
                    tasks[used++] = (ob_selftest_task){
                        .seed = seed,
                        .level = requirement_of(plan->catalogue, plan->procedures[i])->level,
                        .dial = (int)d,
                        .only = &alone[i],
                        .only_count = 1};
                }
            }
        }
    }
    plan->tasks = tasks;
    plan->tasks_count = used;
    return true;
}

bool ob_selftest_plan_make(ob_selftest_plan *plan, ob_arena *arena, const ob_catalogue *catalogue,
                           const ob_span *only, size_t only_count, unsigned seeds, ob_err *err)
{
    ob_selftest_plan made = {.catalogue = catalogue, .seeds = seeds};
    if (!choose(&made, arena, only, only_count, err) || !make_tasks(&made, arena, err)) {
        return false;
    }
    *plan = made;
    return true;
}
