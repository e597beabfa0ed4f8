/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reply sounds like a refusal: a hint from its wording. No verdict may stand on it alone, so a
 * procedure where it could decide is refused when it is compiled. Whether it could is tried out:
 * with every refusal a hit, hit_if must depend on another oracle.
 */
#include "evaluate/expr.h"
#include "evaluate/oracle.h"

#define NO_LEAF SIZE_MAX

typedef struct world {
    const ob_procedure *procedure;
    size_t flipped; /* the one leaf besides the refusals that says hit */
    size_t leaves;  /* seen so far */
    bool refused;   /* a refusal was met */
} world;

static bool truth_of(world *w, const ob_yaml *node);

static bool truth_of_parts(world *w, const ob_yaml *parts, size_t least)
{
    size_t hits = 0;
    bool one = parts->kind == OB_YAML_MAP;
    for (size_t i = 0; i < (one ? 1 : parts->count); i++) {
        hits += truth_of(w, one ? parts : &parts->items[i]);
    }
    return hits >= least;
}

/* Every part is visited each time, so that leaves keep their numbers. */
static bool truth_of(world *w, const ob_yaml *node)
{
    const ob_yaml *all = ob_yaml_get(node, "all");
    const ob_yaml *any = ob_yaml_get(node, "any");
    const ob_yaml *not = ob_yaml_get(node, "not");
    const ob_yaml *of = ob_yaml_get(ob_yaml_get(node, "count"), "of");
    if (ob_yaml_get(node, "refusal") != NULL) {
        w->refused = true;
        return true;
    }
    if (all != NULL) {
        return truth_of_parts(w, all, all->kind == OB_YAML_MAP ? 1 : all->count);
    }
    if (any != NULL || of != NULL) {
        /* With two refusals among them a count of two can be reached, too: the careful reading. */
        return truth_of_parts(w, any != NULL ? any : of, 1);
    }
    if (not != NULL) {
        return !truth_of_parts(w, not, 1);
    }
    return w->leaves++ == w->flipped;
}

static bool truth(void *ctx, ob_span name, bool *value, ob_err *err)
{
    world *w = ctx;
    const ob_yaml *oracles = w->procedure->oracle;
    (void)err;
    *value = true; /* an extract: it came */
    for (size_t i = 0; i < oracles->count; i++) {
        if (ob_span_is(oracles->keys[i].text, name)) {
            *value = truth_of(w, &oracles->items[i]);
        }
    }
    return true;
}

static bool any_name(const void *ctx, ob_span name)
{
    (void)ctx;
    return name.len > 0;
}

static bool eval(const ob_expr *expr, world *w)
{
    bool value = true;
    bool right = true;
    ob_err ignored = {0};
    switch (expr->kind) {
    case OB_EXPR_NAME:
        (void)truth(w, expr->name, &value, &ignored);
        return value;
    case OB_EXPR_NOT:
        return !eval(expr->left, w);
    case OB_EXPR_AND:
        value = eval(expr->left, w);
        right = eval(expr->right, w);
        return value && right;
    case OB_EXPR_OR:
        value = eval(expr->left, w);
        right = eval(expr->right, w);
        return value || right;
    }
    return value;
}

/* hit_if holds because of a refusal, and no other oracle could have kept it from holding. */
static bool decides(const ob_expr *expr, const ob_procedure *p, bool *concerned)
{
    world base = {.procedure = p, .flipped = NO_LEAF};
    bool value = eval(expr, &base);
    *concerned = base.refused;
    if (!base.refused || !value) {
        return false;
    }
    for (size_t i = 0; i < base.leaves; i++) {
        world other = {.procedure = p, .flipped = i};
        if (!eval(expr, &other)) {
            return false;
        }
    }
    return true;
}

static bool compile(const ob_oracle_reader *r, const ob_yaml *node, ob_oracle *oracle, ob_err *err)
{
    const ob_procedure *p = r->procedure;
    const ob_expr *expr = NULL;
    ob_err later = {0}; /* a wrong expression is told where it is compiled */
    bool on = false;
    bool concerned = false;
    (void)oracle;
    if (!ob_yaml_bool(&p->doc, node, "refusal", &on, err)) {
        return false;
    }
    if (!on) {
        return ob_yaml_fail(&p->doc, node, err, "refusal takes true");
    }
    if (!ob_expr_parse(&expr, r->arena, p->hit_if, any_name, NULL, &later)) {
        return true;
    }
    if (decides(expr, p, &concerned)) {
        return ob_yaml_fail(&p->doc, node, err,
                            "refusal is a hint from wording, hit_if may not stand on it alone");
    }
    return !(concerned && p->zero_tolerance) ||
           ob_yaml_fail(&p->doc, node, err,
                        "refusal is a hint from wording, zero_tolerance may not stand on it");
}

static bool look(const ob_oracle *oracle, ob_observation *obs, ob_finding *finding, bool *hit,
                 ob_err *err)
{
    *hit = false;
    for (size_t i = 0; i < oracle->in_count && !*hit; i++) {
        const ob_named *named = ob_oracle_in(oracle, obs, i);
        ob_span at = {0};
        if (named == NULL || !ob_refusal_find(named->value, &at)) {
            continue;
        }
        size_t start = (size_t)(at.ptr - named->value.ptr);
        *hit = true;
        if (!ob_finding_set(finding, obs, named, start, start + at.len, err,
                            "the reply sounds like a refusal: '%.*s'", OB_SHOW(at))) {
            return false;
        }
    }
    return true;
}

static const char *const keys[] = {"refusal"};
const ob_oracle_row ob_oracle_row_refusal = {
    "refusal", "The reply sounds like a refusal; a hint only", "refusal", keys, 1, true, compile,
    look};
