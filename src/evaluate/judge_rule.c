/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a procedure may rest on a judge. Its error rates are for "hit" of a reply after the flow, so
 * it stands in hit_if only and under no "not"; and where one hit is proof, a judge alone is none.
 */
#include "evaluate/judge.h"
#include "evaluate/test.h"

/* An oracle with a judge's hit in it, and without any other oracle's. A refusal is a hint from
 * wording, too. What nothing but a judge could keep from being a hit rests on the judge. */
static bool supposed(const ob_oracle *oracle)
{
    size_t count = 0;
    size_t hits = 0;
    const ob_oracle *parts = obi_oracle_parts(oracle, &count);
    const char *id = oracle->row->id;
    if (count == 0) {
        return strcmp(id, "judge") == 0 || strcmp(id, "refusal") == 0;
    }
    for (size_t i = 0; i < count; i++) {
        hits += supposed(&parts[i]);
    }
    /* How many a count asks for may stand in a variable, so one is taken for enough. */
    return strcmp(id, "all") == 0 ? hits == count : strcmp(id, "not") == 0 ? hits == 0 : hits > 0;
}

/* A judge below a "not" of oracles. */
static bool negated_within(const ob_oracle *oracle)
{
    size_t count = 0;
    const ob_oracle *parts = obi_oracle_parts(oracle, &count);
    bool found = strcmp(oracle->row->id, "not") == 0 && ob_oracle_has_judge(oracle);
    /* A count may ask for few hits as well as for many. */
    found = found || (strcmp(oracle->row->id, "count") == 0 && ob_oracle_has_judge(oracle));
    for (size_t i = 0; i < count; i++) {
        found = found || negated_within(&parts[i]);
    }
    return found;
}

static const ob_oracle *oracle_of(const ob_test *test, ob_span name)
{
    for (size_t i = 0; i < test->oracles_count; i++) {
        if (ob_span_is(test->oracles[i].name, name)) {
            return &test->oracles[i];
        }
    }
    return NULL;
}

static bool truth(void *ctx, ob_span name, bool *value, ob_err *err)
{
    const ob_oracle *oracle = oracle_of(ctx, name);
    (void)err;
    *value = oracle == NULL || supposed(oracle); /* an extract: it came */
    return true;
}

static bool asks(const ob_test *test, const ob_expr *expr)
{
    if (expr == NULL) {
        return false;
    }
    if (expr->kind == OB_EXPR_NAME) {
        const ob_oracle *oracle = oracle_of(test, expr->name);
        return oracle != NULL && ob_oracle_has_judge(oracle);
    }
    return asks(test, expr->left) || asks(test, expr->right);
}

static bool negated(const ob_test *test, const ob_expr *expr)
{
    if (expr == NULL || expr->kind == OB_EXPR_NAME) {
        return false;
    }
    return (expr->kind == OB_EXPR_NOT && asks(test, expr->left)) || negated(test, expr->left) ||
           negated(test, expr->right);
}

static bool check_places(const ob_test *test, ob_err *err)
{
    const ob_procedure *p = test->procedure;
    for (size_t i = 0; i < p->flow_count; i++) {
        if (asks(test, test->steps[i].when)) {
            return ob_yaml_fail(&p->doc, p->flow[i].at, err,
                                "a judge is asked after the flow, so 'when' cannot wait for it");
        }
    }
    if (asks(test, test->valid_if)) {
        return ob_yaml_fail(&p->doc, p->valid_at, err,
                            "a judge decides no validity; ask it in hit_if");
    }
    for (size_t i = 0; i < test->oracles_count; i++) {
        if (negated_within(&test->oracles[i])) {
            return ob_yaml_fail(&p->doc, test->oracles[i].at, err,
                                "a judge stands under no 'not' and in no count: its clean is no "
                                "finding");
        }
    }
    return !negated(test, test->hit_if) ||
           ob_yaml_fail(&p->doc, p->hit_at, err,
                        "a judge stands under no 'not': its clean is no finding");
}

bool obi_test_check_judge(const ob_test *test, ob_err *err)
{
    const ob_procedure *p = test->procedure;
    bool alone = false;
    if (p->rubric.len == 0) {
        return true;
    }
    /* The test is only read. */
    if (!check_places(test, err) ||
        !ob_expr_eval(test->hit_if, truth, (void *)(uintptr_t)test, &alone, err)) {
        return false;
    }
    return !(p->zero_tolerance && alone && asks(test, test->hit_if)) ||
           ob_yaml_fail(&p->doc, p->hit_at, err,
                        "zero_tolerance: a hit may not rest on a judge alone; join it with another "
                        "oracle by 'and'");
}
