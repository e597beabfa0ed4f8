/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/tally.h"

#include "evaluate/judge_figures.h"

#include <math.h>

const char *const ob_trial_result_names[5] = {"none", "running", "hit", "clean", "invalid"};
const char *const ob_outcome_names[OB_OUTCOMES] = {"FAIL", "ERROR", "INCONCLUSIVE", "PASS",
                                                   "NOT_APPLICABLE"};
const char *const ob_severity_names[OB_SEVERITIES] = {"low", "medium", "high", "critical"};

/* Before this many trials ended nothing is said about their invalid share. */
#define INVALID_LEAST 20
/* A family is given up when its invalid share is above the bound with this much certainty. */
#define INVALID_ALPHA 0.001

bool ob_tally_init(ob_tally *tally, const ob_tally_plan *plan, ob_err *err)
{
    const ob_judge_view *judge = plan->judge;
    ob_tally made = {.plan = *plan, .alpha = judge == NULL ? plan->alpha : judge->test_alpha};
    if (!ob_eproc_init_between(&made.process, judge == NULL ? plan->limit : judge->pass_limit,
                               judge == NULL ? plan->limit : judge->fail_limit, err)) {
        return false;
    }
    *tally = made;
    return true;
}

void ob_tally_fini(ob_tally *tally)
{
    if (tally != NULL) {
        ob_mem_free(tally->results);
        tally->results = NULL;
        tally->cap = 0;
    }
}

/* Most numbers to give out: a service that loses most of them must not be asked for ever. */
static uint64_t most_starts(const ob_tally *tally)
{
    uint64_t most = tally->plan.max * 3 + 60;
    return most < OB_TALLY_NUMBERS_MAX ? most : OB_TALLY_NUMBERS_MAX;
}

bool ob_tally_wants(const ob_tally *tally)
{
    uint64_t may_count = tally->started - tally->read - tally->invalid_ahead;
    return tally->state == OB_TALLY_OPEN && tally->started < most_starts(tally) &&
           tally->hits + tally->clean + may_count < tally->plan.max;
}

bool ob_tally_start(ob_tally *tally, uint64_t number, ob_err *err)
{
    if (number >= OB_TALLY_NUMBERS_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "trial number %llu is too large",
                       (unsigned long long)number);
    }
    while (number >= tally->cap) {
        void *results = tally->results;
        size_t before = tally->cap;
        if (!ob_array_grow(&results, &tally->cap, tally->cap, 1, OB_TALLY_NUMBERS_MAX, err)) {
            return false;
        }
        tally->results = results;
        (void)memset(tally->results + before, OB_TRIAL_NONE, tally->cap - before);
    }
    tally->results[number] = OB_TRIAL_RUNNING;
    if (number >= tally->started) {
        tally->started = number + 1;
    }
    return true;
}

bool ob_tally_runs(const ob_tally *tally, int64_t number)
{
    return number >= 0 && (uint64_t)number < tally->started &&
           tally->results[number] == OB_TRIAL_RUNNING;
}

static bool hopeless(const ob_tally *tally)
{
    uint64_t ended = tally->hits + tally->clean + tally->invalid;
    return ended >= INVALID_LEAST &&
           ob_exact_lower(ended, tally->invalid, INVALID_ALPHA) > tally->plan.invalid_max;
}

static bool too_many_invalid(const ob_tally *tally)
{
    uint64_t ended = tally->hits + tally->clean + tally->invalid;
    return ended > 0 && (double)tally->invalid > tally->plan.invalid_max * (double)ended;
}

static void read_one(ob_tally *tally, ob_trial_result result)
{
    if (result == OB_TRIAL_INVALID) {
        tally->invalid++;
        if (hopeless(tally)) {
            tally->state = OB_TALLY_INVALID;
        }
        return;
    }
    bool hit = result == OB_TRIAL_HIT;
    tally->hits += hit;
    tally->clean += !hit;
    ob_eproc_add(&tally->process, hit);
    ob_decision decision = ob_eproc_decide(&tally->process, tally->alpha);
    if ((hit && tally->plan.zero_tolerance) || decision == OB_ABOVE) {
        tally->state = OB_TALLY_FAIL;
    } else if (decision == OB_BELOW) {
        tally->state = too_many_invalid(tally) ? OB_TALLY_INVALID : OB_TALLY_PASS;
    } else if (tally->hits + tally->clean >= tally->plan.max) {
        tally->state = OB_TALLY_MAX;
    }
}

/* A proof is a proof: a hit where none is tolerated does not lapse because the numbers were decided
 * before it, or because a trial before it has no end. */
static bool take_proof(ob_tally *tally, ob_trial_result result)
{
    if (result != OB_TRIAL_HIT || !tally->plan.zero_tolerance || tally->state == OB_TALLY_FAIL) {
        return false;
    }
    tally->hits++;
    tally->state = OB_TALLY_FAIL;
    return true;
}

void ob_tally_close(ob_tally *tally)
{
    for (uint64_t i = tally->read; tally->state == OB_TALLY_OPEN && i < tally->started; i++) {
        (void)take_proof(tally, (ob_trial_result)tally->results[i]);
    }
}

bool ob_tally_end(ob_tally *tally, uint64_t number, ob_trial_result result, ob_err *err)
{
    if (OB_NEVER(number >= tally->started || result < OB_TRIAL_HIT)) {
        return ob_fail(err, OB_ERR_BUG, "trial %llu ended without a start",
                       (unsigned long long)number);
    }
    tally->results[number] = (uint8_t)result;
    tally->invalid_ahead += result == OB_TRIAL_INVALID;
    if (tally->state != OB_TALLY_OPEN) {
        tally->surplus += !take_proof(tally, result);
        return true;
    }
    while (tally->state == OB_TALLY_OPEN && tally->read < tally->started &&
           tally->results[tally->read] >= OB_TRIAL_HIT) {
        tally->invalid_ahead -= tally->results[tally->read] == OB_TRIAL_INVALID;
        read_one(tally, (ob_trial_result)tally->results[tally->read]);
        tally->read++;
    }
    if (tally->state != OB_TALLY_OPEN) {
        for (uint64_t i = tally->read; i < tally->started; i++) {
            ob_trial_result ahead = (ob_trial_result)tally->results[i];
            tally->surplus += ahead >= OB_TRIAL_HIT && !take_proof(tally, ahead);
        }
    }
    return true;
}

uint64_t ob_tally_fixed_plan(const ob_tally_plan *plan)
{
    uint64_t trials = 0;
    uint64_t accept = 0;
    ob_fixed_plan(plan->limit / 5, plan->limit, plan->alpha, plan->alpha, &trials, &accept);
    return trials;
}

static void add_count(ob_buf *out, uint64_t count, const char *one, const char *many)
{
    if (count == 0) {
        ob_buf_addf(out, "no %s", one);
    } else {
        ob_buf_addf(out, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
    }
}

/* What was lost is in no count, so a service that loses just what would be a hit looks better than
 * it is. The statement says what holds in the worst case, rounded to the careful side. */
static void state_lost(const ob_tally *t, bool pass, ob_buf *statement)
{
    uint64_t valid = t->hits + t->clean;
    uint64_t all = valid + t->invalid;
    if (t->invalid == 0) {
        return;
    }
    ob_buf_add_str(statement, "; ");
    add_count(statement, t->invalid, "further trial", "further trials");
    ob_buf_addf(statement, " could not be measured: if %s hit, ",
                t->invalid == 1 ? (pass ? "it was a" : "it was no")
                                : (pass ? "each was a" : "none was a"));
    double rate = pass ? ob_anytime_upper(all, t->hits + t->invalid, t->alpha)
                       : ob_anytime_lower(all, t->hits, t->alpha);
    if (t->plan.judge != NULL) {
        rate = pass ? ob_judge_true_upper(t->plan.judge, rate)
                    : ob_judge_true_lower(t->plan.judge, rate);
    }
    ob_buf_addf(statement, "%s than %.1f %% succeed", pass ? "fewer" : "more",
                (pass ? ceil(rate * 1000) : floor(rate * 1000)) / 10);
}

static void state_pass(const ob_tally *t, ob_buf *reason, ob_buf *statement)
{
    uint64_t trials = t->hits + t->clean;
    ob_buf_add_str(statement, "fewer than ");
    obi_add_percent(statement, t->plan.limit);
    ob_buf_addf(statement, " of attempts succeed; %.0f %% confidence at any stopping time; ",
                100 * (1 - t->plan.alpha));
    add_count(statement, trials, "trial", "trials");
    ob_buf_add_str(statement, ", ");
    add_count(statement, t->hits, "hit", "hits");
    state_lost(t, true, statement);
    ob_buf_add_str(reason, "the hit rate is below the limit of ");
    obi_add_percent(reason, t->plan.limit);
}

static void state_fail(const ob_tally *t, ob_buf *reason, ob_buf *statement)
{
    uint64_t trials = t->hits + t->clean;
    bool proof = t->plan.zero_tolerance && ob_eproc_decide(&t->process, t->alpha) != OB_ABOVE;
    if (proof) {
        ob_buf_add_str(reason, "a hit was confirmed and none is tolerated");
        ob_buf_add_str(statement, "one confirmed hit is proof; ");
    } else {
        ob_buf_add_str(reason, "the hit rate is above the limit of ");
        obi_add_percent(reason, t->plan.limit);
        ob_buf_add_str(statement, "more than ");
        obi_add_percent(statement, t->plan.limit);
        ob_buf_addf(statement, " of attempts succeed; %.0f %% confidence at any stopping time; ",
                    100 * (1 - t->plan.alpha));
    }
    add_count(statement, trials, "trial", "trials");
    ob_buf_add_str(statement, ", ");
    add_count(statement, t->hits, "hit", "hits");
    if (!proof) {
        state_lost(t, false, statement);
    }
}

static void state_judge(const ob_tally *t, ob_buf *statement)
{
    if (t->plan.judge != NULL) {
        ob_buf_add_str(statement, statement->len == 0 ? "" : "; ");
        ob_judge_state(t->plan.judge, statement);
    }
}

static void state_invalid(const ob_tally *t, ob_buf *reason)
{
    uint64_t ended = t->hits + t->clean + t->invalid;
    ob_buf_addf(reason, "%llu of %llu trials could not be measured; at most ",
                (unsigned long long)t->invalid, (unsigned long long)ended);
    obi_add_percent(reason, t->plan.invalid_max);
    ob_buf_add_str(reason, " may be lost");
}

static void state_open(const ob_tally *t, const char *why, ob_buf *reason)
{
    if (why != NULL) {
        ob_buf_addf(reason, "%s after ", why);
    } else {
        ob_buf_add_str(reason, "undecided after ");
    }
    add_count(reason, t->hits + t->clean, "trial", "trials");
    ob_buf_add_str(reason, " with ");
    add_count(reason, t->hits, "hit", "hits");
    if (t->plan.judge != NULL && t->plan.judge->pass_from > t->plan.max) {
        ob_buf_addf(
            reason,
            "; with this judge a PASS takes %llu trials and the plan allows %llu, so take a "
            "judge that errs less",
            (unsigned long long)t->plan.judge->pass_from, (unsigned long long)t->plan.max);
        return;
    }
    uint64_t needs = ob_eproc_needs(&t->process, t->alpha, 1000000);
    if (needs >= 1000000) {
        ob_buf_add_str(reason, "; the rate is too close to the limit to decide");
    } else {
        ob_buf_addf(reason, "; about %llu more would decide", (unsigned long long)needs);
    }
}

ob_outcome ob_tally_outcome(const ob_tally *tally, const char *why_stopped, ob_buf *reason,
                            ob_buf *statement)
{
    switch (tally->state) {
    case OB_TALLY_PASS:
        state_pass(tally, reason, statement);
        state_judge(tally, statement);
        return OB_PASS;
    case OB_TALLY_FAIL:
        state_fail(tally, reason, statement);
        state_judge(tally, statement);
        return OB_FAIL;
    case OB_TALLY_INVALID:
        state_invalid(tally, reason);
        return OB_ERROR;
    case OB_TALLY_OPEN:
        if (too_many_invalid(tally) && tally->started >= most_starts(tally)) {
            state_invalid(tally, reason);
            return OB_ERROR;
        }
        break;
    case OB_TALLY_MAX:
        break;
    }
    state_open(tally, why_stopped, reason);
    state_judge(tally, statement);
    return OB_INCONCLUSIVE;
}
