/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluations, and the links that have to agree in both directions. */
#include "catalogue/reader.h"

#include <ombud/text.h>

static bool read_mode(obi_reader *r, const ob_yaml *node, ob_evaluation *e, ob_err *err)
{
    static const char *const modes[] = {"single-turn", "multi-turn", "config-probe", "drill",
                                        "fault",       "load",       "offline",      "passive",
                                        "protocol",    "soak"};
    ob_span rest = {0};
    if (!obi_text(r, node, "mode", &e->mode, err)) {
        return false;
    }
    rest = e->mode;
    while (rest.len > 0) {
        size_t and_at = ob_span_find(rest, OB_SPAN(" and "), 0);
        ob_yaml one = *ob_yaml_get(node, "mode");
        one.text = ob_span_sub(rest, 0, and_at);
        rest = ob_span_sub(rest, and_at == SIZE_MAX ? rest.len : and_at + 5, rest.len);
        if (!obi_word(r, &one, "mode", modes, OB_COUNT(modes), err)) {
            return false;
        }
    }
    return true;
}

static bool read_pass(obi_reader *r, const ob_yaml *node, ob_evaluation *e, ob_err *err)
{
    static const char *const names[OB_LEVELS] = {"basic", "enhanced", "high"};
    const ob_yaml *pass = ob_yaml_get(node, "pass");
    if (pass != NULL && pass->kind == OB_YAML_MAP) {
        e->pass_by_level = true;
        if (!obi_known(r, pass, names, OB_LEVELS, err)) {
            return false;
        }
        for (size_t i = 0; i < OB_LEVELS; i++) {
            if (!obi_text(r, pass, names[i], &e->pass[i], err)) {
                return false;
            }
        }
        return true;
    }
    bool good = obi_text(r, node, "pass", &e->pass[0], err);
    e->pass[1] = e->pass[0];
    e->pass[2] = e->pass[0];
    return good;
}

static bool read_fixed_plan(obi_reader *r, const ob_yaml *node, ob_evaluation *e, ob_err *err)
{
    static const char *const keys[] = {"plan", "size"};
    const obi_table plans = obi_table_plans(r->c);
    const ob_yaml *fixed = NULL;
    const void *found = NULL;
    if (!ob_yaml_need(r->doc, node, "fixed_plan", &fixed, err)) {
        return obi_took(r, err);
    }
    if (fixed->kind != OB_YAML_MAP) {
        return obi_mistake(r, fixed, err, "fixed_plan is a map; write {plan: SP-.., size: ..}");
    }
    return obi_known(r, fixed, keys, OB_COUNT(keys), err) &&
           obi_text(r, fixed, "plan", &e->plan, err) &&
           obi_text(r, fixed, "size", &e->plan_size, err) &&
           (e->plan.len == 0 || obi_resolve(r, &plans, ob_yaml_get(fixed, "plan"), &found, err));
}

/* E-FE-01 and E-FE-01b are of R-FE-01. */
static bool same_number(ob_span evaluation, ob_span requirement)
{
    return ob_span_is(ob_span_sub(evaluation, 2, 7), ob_span_sub(requirement, 2, 7));
}

static bool read_evaluation(obi_reader *r, const ob_yaml *node, const obi_table *before,
                            ob_evaluation *e, ob_err *err)
{
    static const char *const keys[] = {"id",          "requirement",    "mode", "stimulus",
                                       "stimulus_zh", "observation_zh", "pass", "observation",
                                       "metrics",     "fixed_plan"};
    const obi_table requirements = obi_table_requirements(r->c);
    const obi_table metrics = obi_table_metrics(r->c);
    const void *found = NULL;
    ob_span requirement = {0};
    if (!obi_known(r, node, keys, OB_COUNT(keys), err) ||
        !obi_id(r, node, "E-AA-99", before, &e->id, err) ||
        !obi_text(r, node, "requirement", &requirement, err) ||
        (requirement.len > 0 &&
         !obi_resolve(r, &requirements, ob_yaml_get(node, "requirement"), &found, err)) ||
        !read_mode(r, node, e, err) || !obi_text(r, node, "stimulus", &e->stimulus, err) ||
        !obi_text_maybe(r, node, "stimulus_zh", &e->stimulus_zh, err) ||
        !obi_text(r, node, "observation", &e->observation, err) ||
        !obi_text_maybe(r, node, "observation_zh", &e->observation_zh, err) ||
        !read_pass(r, node, e, err) || !obi_list(r, node, "metrics", true, &e->metrics, err) ||
        !read_fixed_plan(r, node, e, err)) {
        return false;
    }
    e->requirement = found;
    for (size_t i = 0; i < e->metrics->count; i++) {
        const void *metric = NULL;
        if (!obi_resolve(r, &metrics, &e->metrics->items[i], &metric, err)) {
            return false;
        }
    }
    return found == NULL || e->id.len == 0 || same_number(e->id, requirement) ||
           obi_mistake(r, ob_yaml_get(node, "requirement"), err,
                       "%.*s has another number than %.*s; change one of them", OB_SHOW(e->id),
                       OB_SHOW(requirement));
}

bool obi_read_evaluations(obi_reader *r, ob_err *err)
{
    const ob_yaml *list = NULL;
    obi_table before = obi_table_evaluations(r->c);
    if (!obi_open(r, OBI_EVALUATIONS, &list, err)) {
        return false;
    }
    ob_evaluation *items = OB_NEW(r->arena, ob_evaluation, list->count, err);
    before.items = items;
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        const ob_yaml *node = &list->items[i];
        before.count = i;
        items[i].at = node;
        items[i].metrics = &obi_empty_list;
        if (node->kind != OB_YAML_MAP
                ? !obi_mistake(r, node, err, "must be a map; write '- id: ...'")
                : !read_evaluation(r, node, &before, &items[i], err)) {
            return false;
        }
    }
    r->c->evaluations = items;
    r->c->evaluations_count = items == NULL ? 0 : list->count;
    return items != NULL;
}

/* Both directions: each list that leads back names what leads here, and the other way round. */

static bool check_threat(obi_reader *r, const ob_threat *t, ob_err *err)
{
    const obi_table requirements = obi_table_requirements(r->c);
    r->doc = &r->docs[OBI_THREATS];
    for (size_t i = 0; t->countered_by != NULL && i < t->countered_by->count; i++) {
        const ob_yaml *at = &t->countered_by->items[i];
        const void *found = NULL;
        if (!obi_resolve(r, &requirements, at, &found, err)) {
            return false;
        }
        const ob_requirement *q = found;
        if (q != NULL && q->threat_ids != NULL && t->id.len > 0 &&
            !ob_yaml_holds(q->threat_ids, t->id) &&
            !obi_mistake(r, at, err,
                         "%.*s does not name this threat; add %.*s to threats of %.*s, or take it "
                         "out here",
                         OB_SHOW(q->id), OB_SHOW(t->id), OB_SHOW(q->id))) {
            return false;
        }
    }
    return true;
}

static bool check_requirement(obi_reader *r, const ob_requirement *q, ob_err *err)
{
    const obi_table evaluations = obi_table_evaluations(r->c);
    const obi_table threats = obi_table_threats(r->c);
    r->doc = &r->docs[OBI_REQUIREMENTS];
    for (size_t i = 0; q->threat_ids != NULL && i < q->threat_ids->count; i++) {
        const ob_yaml *at = &q->threat_ids->items[i];
        const ob_threat *t = obi_find(&threats, at->text);
        if (t != NULL && t->countered_by != NULL && q->id.len > 0 &&
            !ob_yaml_holds(t->countered_by, q->id) &&
            !obi_mistake(
                r, at, err,
                "%.*s does not name this requirement; add %.*s to countered_by of %.*s, or "
                "take it out here",
                OB_SHOW(t->id), OB_SHOW(q->id), OB_SHOW(t->id))) {
            return false;
        }
    }
    for (size_t i = 0; q->evaluations != NULL && i < q->evaluations->count; i++) {
        const ob_yaml *at = &q->evaluations->items[i];
        const void *found = NULL;
        if (!obi_resolve(r, &evaluations, at, &found, err)) {
            return false;
        }
        const ob_evaluation *e = found;
        if (e != NULL && e->requirement != NULL && e->requirement != q &&
            !obi_mistake(r, at, err, "%.*s is an evaluation of %.*s; take it out here",
                         OB_SHOW(e->id), OB_SHOW(e->requirement->id))) {
            return false;
        }
    }
    return true;
}

bool obi_check_links(obi_reader *r, ob_err *err)
{
    const ob_catalogue *c = r->c;
    for (size_t i = 0; i < c->threats_count; i++) {
        if (!check_threat(r, &c->threats[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < c->requirements_count; i++) {
        if (!check_requirement(r, &c->requirements[i], err)) {
            return false;
        }
    }
    r->doc = &r->docs[OBI_EVALUATIONS];
    for (size_t i = 0; i < c->evaluations_count; i++) {
        const ob_evaluation *e = &c->evaluations[i];
        const ob_requirement *q = e->requirement;
        if (q != NULL && q->evaluations != NULL && e->id.len > 0 &&
            !ob_yaml_holds(q->evaluations, e->id) &&
            !obi_mistake(r, ob_yaml_get(e->at, "requirement"), err,
                         "%.*s does not name this evaluation; add %.*s to evaluations of %.*s",
                         OB_SHOW(q->id), OB_SHOW(e->id), OB_SHOW(q->id))) {
            return false;
        }
    }
    return true;
}

bool obi_check_procedure(obi_reader *r, const ob_procedure *p, bool *usable, ob_err *err)
{
    const obi_table evaluations = obi_table_evaluations(r->c);
    const ob_yaml *at = ob_yaml_get(p->doc.root, "evaluation");
    const void *found = NULL;
    r->doc = &p->doc;
    *usable = false;
    if (!obi_resolve(r, &evaluations, at, &found, err)) {
        return false;
    }
    const ob_evaluation *e = found;
    if (e == NULL || e->requirement == NULL) {
        return true;
    }
    const obi_table rubrics = obi_table_rubrics(r->c);
    if (p->rubric.len > 0 && !obi_resolve(r, &rubrics, p->rubric_at, &found, err)) {
        return false;
    }
    *usable = true;
    return e->requirement->testable ||
           obi_mistake(r, at, err,
                       "%.*s is not for testing; add test to the methods of %.*s, or take another "
                       "evaluation",
                       OB_SHOW(e->requirement->id), OB_SHOW(e->requirement->id));
}
