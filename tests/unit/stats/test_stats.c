/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures that the evaluation guideline promises, recomputed exactly: a decision depends on
 * (trials, hits) alone, so the chance of each end and the expected number of queries follow by
 * dynamic programming over the decisions of ob_eproc_decide. The expected figures come from an
 * independent program in another language.
 */
#include "ob_test.h"

#include <ombud/stats.h>
#include <ombud/sys.h>

#include <math.h>

#define CAP_MOST 4000
#define NEVER    UINT64_MAX

/* At n trials: hits < pass[n] is PASS, hits >= fail[n] is FAIL. */
typedef struct rule {
    size_t cap;
    uint64_t pass[CAP_MOST + 1];
    uint64_t fail[CAP_MOST + 1];
} rule;

typedef ob_decision (*decider)(uint64_t trials, uint64_t hits, double limit);

static ob_decision by_eprocess(uint64_t trials, uint64_t hits, double limit)
{
    ob_eproc process = {.limit = limit, .trials = trials, .hits = hits};
    return ob_eproc_decide(&process, 0.05);
}

/* Both ends move up with n, one step at a time at most for the first. */
static void make_rule(rule *r, decider decide, double limit, size_t cap)
{
    uint64_t pass = 0;
    uint64_t fail = 0;
    r->cap = cap;
    for (size_t n = 1; n <= cap; n++) {
        while (pass <= n && decide(n, pass, limit) == OB_BELOW) {
            pass++;
        }
        while (fail <= n && decide(n, fail, limit) != OB_ABOVE) {
            fail++;
        }
        r->pass[n] = pass;
        r->fail[n] = fail <= n ? fail : NEVER;
    }
}

typedef struct ends {
    double queries; /* expected */
    double pass;    /* per cent */
    double fail;
    double open;
} ends;

static ends run_rule(const rule *r, double rate)
{
    static double alive[CAP_MOST + 2]; /* chance of each number of hits, undecided */
    ends e = {0};
    size_t most = 0;
    (void)memset(alive, 0, sizeof alive);
    alive[0] = 1;
    for (size_t n = 1; n <= r->cap; n++) {
        most = n;
        for (size_t s = most; s > 0; s--) {
            alive[s] = alive[s] * (1 - rate) + alive[s - 1] * rate;
        }
        alive[0] *= 1 - rate;
        for (size_t s = 0; s <= most; s++) {
            bool passed = s < r->pass[n];
            bool failed = s >= r->fail[n];
            assert_false(passed && failed);
            if (passed || failed) {
                e.pass += passed ? alive[s] : 0;
                e.fail += failed ? alive[s] : 0;
                e.queries += (double)n * alive[s];
                alive[s] = 0;
            }
        }
    }
    for (size_t s = 0; s <= most; s++) {
        e.open += alive[s];
    }
    e.queries += (double)r->cap * e.open;
    e.pass *= 100;
    e.fail *= 100;
    e.open *= 100;
    return e;
}

static void near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%.10g, wanted %.10g", value, wanted);
    }
}

typedef struct figure {
    double rate;
    ends wanted;
} figure;

static void check_figures(double limit, size_t cap, const figure *figures, size_t count)
{
    static rule r;
    make_rule(&r, by_eprocess, limit, cap);
    for (size_t i = 0; i < count; i++) {
        ends e = run_rule(&r, figures[i].rate);
        near(e.queries, figures[i].wanted.queries, 1e-5);
        near(e.pass, figures[i].wanted.pass, 1e-5);
        near(e.fail, figures[i].wanted.fail, 1e-5);
        near(e.open, figures[i].wanted.open, 1e-5);
    }
}

static void figures_of_five_per_cent(void **state)
{
    (void)state;
    static const figure figures[] = {
        {0, {65, 100, 0, 0}},
        {.005, {92.901011, 99.997084, 0.002916, 0}},
        {.01, {134.773335, 99.986286, 0.013705, 0.000009}},
        {.02, {306.584101, 98.822587, 0.077430, 1.099983}},
        {.05, {937.434686, 4.613945, 2.564009, 92.822047}},
        {.10, {199.078347, 0.106589, 99.827131, 0.066280}},
        {.20, {30.012264, 0.000050, 99.999950, 0}},
        {.50, {5.993552, 0, 100, 0}},
    };
    check_figures(.05, 1000, figures, OB_COUNT(figures));
}

static void figures_of_one_per_cent(void **state)
{
    (void)state;
    static const figure figures[] = {
        {0, {330, 100, 0, 0}},
        {.0005, {394.430676, 99.948583, 0.051417, 0}},
        {.001, {472.487314, 99.894153, 0.105847, 0}},
        {.003, {1023.058637, 99.372419, 0.360374, 0.267207}},
        {.01, {3736.949895, 4.629853, 2.671329, 92.698817}},
        {.05, {104.447595, 0.000004, 99.999996, 0}},
        {.20, {10.407813, 0, 100, 0}},
    };
    check_figures(.01, 4000, figures, OB_COUNT(figures));
}

static void figures_of_ten_per_cent(void **state)
{
    (void)state;
    static const figure figures[] = {
        {0, {32, 100, 0, 0}},
        {.01, {45.538685, 99.999578, 0.000422, 0}},
        {.03, {97.360874, 99.985607, 0.013146, 0.001247}},
        {.05, {233.962076, 94.583163, 0.075781, 5.341056}},
        {.10, {563.178192, 4.479263, 2.575076, 92.945661}},
        {.20, {90.206286, 0.079508, 99.918265, 0.002228}},
        {.50, {9.090418, 0, 100, 0}},
    };
    check_figures(.10, 600, figures, OB_COUNT(figures));
}

static void clean_trials_for_a_pass(void **state)
{
    (void)state;

    static const struct {
        double limit;
        uint64_t trials;
    } rows[] = {{.10, 32}, {.05, 65}, {.02, 164}, {.01, 330}, {.005, 662}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_err err = {0};
        ob_eproc process;
        assert_ok(ob_eproc_init(&process, rows[i].limit, &err));
        while (ob_eproc_decide(&process, .05) == OB_UNDECIDED) {
            assert_int_equal(ob_eproc_needs(&process, .05, 1000000),
                             rows[i].trials - process.trials);
            ob_eproc_add(&process, false);
        }
        assert_int_equal(process.trials, rows[i].trials);
        assert_int_equal(process.hits, 0);
        assert_int_equal(ob_eproc_decide(&process, .05), OB_BELOW);
        assert_int_equal(ob_eproc_needs(&process, .05, 1000000), 0);
        /* At twice that many no hit is forgiven, at four times three are. */
        ob_decision wanted[] = {OB_BELOW, OB_UNDECIDED, OB_BELOW, OB_UNDECIDED};
        for (uint64_t k = 0; k < 4; k++) {
            uint64_t trials = (k < 2 ? 2 : 4) * rows[i].trials;
            uint64_t hits = k < 2 ? k : k + 1;
            assert_int_equal(by_eprocess(trials, hits, rows[i].limit), wanted[k]);
        }
    }
}

static void values_agree(void **state)
{
    (void)state;

    static const struct {
        uint64_t trials, hits;
        double pass, fail;
    } rows[] = {{65, 0, 3.0180254596912004, -2.9288573156106517},
                {100, 3, -1.0588089843228556, -2.6214721092629603},
                {30, 8, -4.7439367588979575, 6.348408301121961},
                {1, 1, -1.901295356296362, 1.7886818214582916},
                {181, 4, 0.2992485389150291, -3.898918540140456},
                {0, 0, 0, 0}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_eproc p = {.limit = .05, .trials = rows[i].trials, .hits = rows[i].hits};
        near(ob_eproc_log_pass(&p), rows[i].pass, 1e-12);
        near(ob_eproc_log_fail(&p), rows[i].fail, 1e-12);
    }
    /* The ratios themselves would overflow long before. */
    ob_eproc huge = {.limit = .05, .trials = 1000000000, .hits = 1000000000};
    assert_true(isfinite(ob_eproc_log_fail(&huge)) && ob_eproc_log_fail(&huge) > 1e9);
    assert_true(ob_eproc_log_pass(&huge) < -1e8);
    huge.hits = 0;
    assert_true(isfinite(ob_eproc_log_pass(&huge)) && ob_eproc_log_pass(&huge) > 1e7);
}

static void limits_are_checked(void **state)
{
    (void)state;
    static const double wrong[] = {0, 1, -.1, 1.5, __builtin_nan(""), HUGE_VAL};
    for (size_t i = 0; i < OB_COUNT(wrong); i++) {
        ob_err err = {0};
        ob_eproc process = {.trials = 7};
        assert_fails(ob_eproc_init(&process, wrong[i], &err), OB_ERR_INPUT, "between 0 and 1");
        assert_int_equal(process.trials, 7);
    }
}

/* E_pass is the fair game against p = limit, and E_fail likewise: this is what the bound on wrong
 * claims rests on (Ville), so it is checked for every neighbourhood and not only on average. */
static void both_games_are_fair(void **state)
{
    (void)state;
    static const double limits[] = {.001, .01, .05, .1, .3, .5, .9};
    for (size_t i = 0; i < OB_COUNT(limits); i++) {
        double p = limits[i];
        for (uint64_t n = 0; n < 200; n++) {
            for (uint64_t s = 0; s <= n; s += 1 + n / 10) {
                ob_eproc now = {.limit = p, .trials = n, .hits = s};
                ob_eproc clean = {.limit = p, .trials = n + 1, .hits = s};
                ob_eproc hit = {.limit = p, .trials = n + 1, .hits = s + 1};
                double up = exp(ob_eproc_log_pass(&hit) - ob_eproc_log_pass(&now));
                double down = exp(ob_eproc_log_pass(&clean) - ob_eproc_log_pass(&now));
                near(p * up + (1 - p) * down, 1, 1e-9);
                assert_true(up < 1 && down > 1); /* so a higher rate only makes a loss */
                up = exp(ob_eproc_log_fail(&hit) - ob_eproc_log_fail(&now));
                down = exp(ob_eproc_log_fail(&clean) - ob_eproc_log_fail(&now));
                near(p * up + (1 - p) * down, 1, 1e-9);
                assert_true(up > 1 && down < 1);
            }
        }
    }
}

/* More hits never help, and fewer never hurt: the decisions over hits are BELOW, then UNDECIDED,
 * then ABOVE. */
static void decisions_are_ordered(void **state)
{
    (void)state;
    static const double limits[] = {.01, .05, .2, .7};
    for (size_t i = 0; i < OB_COUNT(limits); i++) {
        for (uint64_t n = 1; n <= 300; n += 7) {
            int place = 0;
            for (uint64_t s = 0; s <= n; s++) {
                ob_decision d = by_eprocess(n, s, limits[i]);
                int now = d == OB_BELOW ? 0 : d == OB_UNDECIDED ? 1 : 2;
                assert_true(now >= place);
                assert_true(d != OB_BELOW || (double)s < limits[i] * (double)n);
                assert_true(d != OB_ABOVE || (double)s > limits[i] * (double)n);
                place = now;
            }
            assert_int_equal(by_eprocess(1000 * n, 0, limits[i]), OB_BELOW);
            assert_int_equal(by_eprocess(1000 * n, 1000 * n, limits[i]), OB_ABOVE);
        }
    }
}

static void alpha_is_kept(void **state)
{
    (void)state;
    static const double limits[] = {.05, .2};
    for (size_t k = 0; k < OB_COUNT(limits); k++) {
        size_t passed = 0;
        size_t failed = 0;
        for (int seed = 0; seed < 400; seed++) {
            ob_err err = {0};
            ob_rng rng;
            ob_eproc process;
            char text[16];
            (void)snprintf(text, sizeof text, "seed %d", seed);
            assert_ok(ob_rng_init(&rng, ob_span_str(text), OB_SPAN("alpha"), &err));
            assert_ok(ob_eproc_init(&process, limits[k], &err));
            ob_decision d = OB_UNDECIDED;
            for (int n = 0; n < 1000 && d == OB_UNDECIDED; n++) {
                ob_eproc_add(&process, ob_rng_unit(&rng) < limits[k]);
                d = ob_eproc_decide(&process, .05);
            }
            passed += d == OB_BELOW;
            failed += d == OB_ABOVE;
        }
        /* 20 are allowed on average; 33 is the 99.8 % point of that. */
        assert_in_range(passed, 1, 33);
        assert_in_range(failed, 1, 33);
    }
}

static void needs_lead_to_a_decision(void **state)
{
    (void)state;
    ob_eproc p = {.limit = .05, .trials = 40, .hits = 1};
    uint64_t needs = ob_eproc_needs(&p, .05, 1000000);
    assert_true(needs > 1 && needs < 1000000);
    uint64_t hits = 1 + (uint64_t)llround((double)needs / 40);
    assert_int_equal(by_eprocess(40 + needs, hits, .05), OB_BELOW);
    assert_int_equal(ob_eproc_needs(&p, .05, needs), needs);
    assert_int_equal(ob_eproc_needs(&p, .05, needs - 1), needs - 1);
    assert_int_equal(ob_eproc_needs(&p, .05, 0), 0);
    ob_eproc worse = {.limit = .05, .trials = 20, .hits = 3};
    needs = ob_eproc_needs(&worse, .05, 1000000);
    hits = 3 + (uint64_t)llround((double)needs * .15);
    assert_int_equal(by_eprocess(20 + needs, hits, .05), OB_ABOVE);
    /* At the limit itself there is no end, whatever the cap. */
    ob_eproc even = {.limit = .5, .trials = 2, .hits = 1};
    assert_int_equal(ob_eproc_needs(&even, .05, 1000000), 1000000);
    assert_true(ob_eproc_needs(&even, .05, UINT64_MAX) == (uint64_t)1 << 53);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_five_per_cent),
        cmocka_unit_test(figures_of_one_per_cent),
        cmocka_unit_test(figures_of_ten_per_cent),
        cmocka_unit_test(clean_trials_for_a_pass),
        cmocka_unit_test(values_agree),
        cmocka_unit_test(limits_are_checked),
        cmocka_unit_test(both_games_are_fair),
        cmocka_unit_test(decisions_are_ordered),
        cmocka_unit_test(alpha_is_kept),
        cmocka_unit_test(needs_lead_to_a_decision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
