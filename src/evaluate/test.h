/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A procedure made ready: oracles, patterns and expressions compiled, names checked. Judging needs
 * only this and an observation. Also the procedure's own controls, which run without a service.
 */
#ifndef OB_EVALUATE_TEST_H
#define OB_EVALUATE_TEST_H

#include "evaluate/expr.h"
#include "evaluate/oracle.h"
#include "evaluate/pattern.h"
#include "evaluate/tally.h"

typedef struct ob_test_step {
    const ob_expr *when;
    const ob_pattern *const *patterns; /* one per take; NULL where it is no regex */
} ob_test_step;

typedef struct ob_test {
    const ob_procedure *procedure;
    const ob_oracle *oracles;
    size_t oracles_count;
    const ob_test_step *steps; /* as procedure->flow */
    const ob_expr *valid_if;
    const ob_expr *hit_if;
} ob_test;

#define OB_FINDINGS_MAX 16

typedef struct ob_judgement {
    ob_trial_result result;
    char reason[200];
    ob_finding findings[OB_FINDINGS_MAX];
    size_t findings_count;
    bool oracle_failed;    /* invalid because an oracle could not tell */
    const ob_oracle *asks; /* because no judge was asked yet; NULL otherwise */
} ob_judgement;

OB_MUST bool ob_test_compile(ob_test *test, ob_arena *arena, const ob_procedure *procedure,
                             ob_err *err);
/* As ob_test_compile; with problems, every mistake is told there. Then the answer is false and *err
 * is clear. */
OB_MUST bool ob_test_compile_with(ob_test *test, ob_arena *arena, const ob_procedure *procedure,
                                  ob_problems *problems, ob_err *err);
/* Never fails for what the service did: an oracle that cannot tell makes the trial invalid. */
OB_MUST bool ob_test_judge(const ob_test *test, ob_observation *obs, ob_judgement *judgement,
                           ob_err *err);
/* What may rest on a judge; judge_rule.c. The test is compiled. */
OB_MUST bool obi_test_check_judge(const ob_test *test, ob_err *err);
/* Truth of a step's "when" so far. */
OB_MUST bool ob_test_when(const ob_test *test, size_t step, ob_observation *obs, bool *go,
                          ob_err *err);
/* Extracts what step takes from text (and head) of the observation's last turn. */
OB_MUST bool ob_test_take(const ob_test *test, size_t step, ob_observation *obs, ob_span text,
                          ob_span body, ob_span head, ob_err *err);
/* Runs the positive and negative controls; fails at the first that is judged wrongly, with its
 * place in the file, or tells all of them to problems. */
OB_MUST bool ob_test_controls(const ob_test *test, ob_problems *problems, ob_err *err);

#endif
