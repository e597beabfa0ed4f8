/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of a run: whose figures hold for which procedure, and the client that asks it. */
#include "evaluate/engine.h"
#include "evaluate/judge_figures.h"

/* The judge's attempts are numbered far behind those at the service. */
#define FIRST_ID ((uint64_t)1 << 40)

bool obi_is_executed(const ob_family *f)
{
    return f->not_applicable == NULL && f->not_tested == NULL;
}

bool obi_judge_of(const ob_run_options *o, const ob_procedure *p, ob_arena *arena,
                  const ob_judge_view **view, const char **not_tested, ob_err *err)
{
    if (p->rubric.len == 0) {
        return true;
    }
    if (o->judge == NULL) {
        *not_tested = "not tested: needs a judge";
        return true;
    }
    const ob_rubric *rubric = ob_catalogue_rubric(o->catalogue, p->rubric);
    ob_judge_view *made = OB_NEW(arena, ob_judge_view, 1, err);
    if (OB_NEVER(rubric == NULL)) {
        return ob_fail(err, OB_ERR_BUG, "procedure %.*s has no rubric", OB_SHOW(p->id));
    }
    if (made == NULL || !ob_calibration_holds(o->calibration, o->judge, rubric, made, err)) {
        return false;
    }
    ob_judge_figures(made, p->limit[o->level - 1], p->alpha);
    *view = made;
    return true;
}

bool obi_judge_family(ob_engine *e, ob_family *f, ob_err *err)
{
    f->rubric = ob_catalogue_rubric(e->o->catalogue, f->procedure->rubric);
    return f->not_applicable != NULL ||
           obi_judge_of(e->o, f->procedure, &e->arena, &f->judge, &f->not_tested, err);
}

bool obi_judge_open(ob_engine *e, ob_hooks hooks, ob_err *err)
{
    bool wanted = false;
    for (size_t i = 0; i < e->families_count; i++) {
        wanted = wanted || e->families[i].judge != NULL;
    }
    if (!wanted) {
        return true;
    }
    ob_client_options options = {.service = &e->o->judge->service,
                                 .scope = e->o->scope,
                                 .secrets = e->o->judge_secrets,
                                 .hooks = hooks,
                                 .run = e->run,
                                 .log = e->o->log,
                                 .beside = &e->client,
                                 .first_id = FIRST_ID,
                                 .helper = true};
    if (!ob_client_open(&e->judge, &options, err)) {
        return ob_wrap(err, "the judge");
    }
    e->judge_open = true;
    /* A reply may repeat what the service was sent; its secrets are hidden here, too. */
    for (size_t i = 0; i < e->o->secrets.count; i++) {
        if (!ob_client_hide(&e->judge, e->o->secrets.items[i].value, err)) {
            return false;
        }
    }
    return true;
}

uint64_t obi_requests(const ob_engine *e)
{
    return (e->client_open ? ob_client_requests(&e->client) : 0) +
           (e->judge_open ? ob_client_requests(&e->judge) : 0);
}
