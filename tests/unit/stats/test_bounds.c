/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals, fixed plans, clusters, and many claims at once. */
#include "ob_test.h"

#include <ombud/stats.h>
#include <ombud/sys.h>

#include <math.h>

static void near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%.10g, wanted %.10g", value, wanted);
    }
}

/* The two sentences of the report about 65 clean trials. */
static void statement_of_a_pass(void **state)
{
    (void)state;
    double low = -1;
    double high = -1;
    near(100 * ob_anytime_upper(65, 0, .05), 4.97, .005);
    ob_anytime_interval(65, 0, .05, &low, &high);
    near(100 * high, 6.03, .005);
    near(low, 0, 0);
    assert_true(ob_anytime_upper(64, 0, .05) > .05);
}

static void nothing_is_known_without_trials(void **state)
{
    (void)state;
    double low = -1;
    double high = -1;
    ob_anytime_interval(0, 0, .05, &low, &high);
    near(low, 0, 0);
    near(high, 1, 0);
    near(ob_anytime_upper(0, 0, .05), 1, 0);
    near(ob_anytime_lower(0, 0, .05), 0, 0);
    near(ob_anytime_upper(50, 50, .05), 1, 0);
    assert_true(ob_anytime_lower(50, 50, .05) > .85);
    ob_wilson(0, 0, 1.96, &low, &high);
    near(low, 0, 0);
    near(high, 1, 0);
}

/* A decision and the bound on its side say the same. */
static void bounds_agree_with_decisions(void **state)
{
    (void)state;
    static const double limits[] = {.01, .05, .2, .6};
    for (size_t i = 0; i < OB_COUNT(limits); i++) {
        size_t below = 0;
        size_t above = 0;
        for (uint64_t n = 1; n < 420; n += 19) {
            for (uint64_t s = 0; s <= n; s += 1 + s / 4) {
                ob_eproc p = {.limit = limits[i], .trials = n, .hits = s};
                ob_decision d = ob_eproc_decide(&p, .05);
                assert_true((d == OB_BELOW) == (ob_anytime_upper(n, s, .05) <= limits[i]));
                assert_true((d == OB_ABOVE) == (ob_anytime_lower(n, s, .05) >= limits[i]));
                below += d == OB_BELOW;
                above += d == OB_ABOVE;
            }
        }
        assert_true(below > 0 && above > 0);
    }
}

static void intervals_move_the_right_way(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 300; n += 13) {
        for (uint64_t s = 0; s <= n; s += 1 + n / 12) {
            double rate = (double)s / (double)n;
            double low = 0;
            double high = 0;
            ob_anytime_interval(n, s, .05, &low, &high);
            assert_true(0 <= low && low <= rate && rate <= high && high <= 1);
            assert_true(s == 0 || s == n || (low < rate && rate < high));
            /* One-sided bounds are inside, a surer interval is outside. */
            assert_true(ob_anytime_upper(n, s, .05) <= high);
            assert_true(ob_anytime_lower(n, s, .05) >= low);
            near(ob_anytime_upper(n, s, .025), high, 1e-12);
            near(ob_anytime_lower(n, s, .025), low, 1e-12);
            assert_true(ob_anytime_upper(n, s, .01) >= high);
            assert_true(ob_anytime_lower(n, s, .01) <= low);
            /* A clean trial more moves both ends down, a hit more up. */
            assert_true(ob_anytime_upper(n + 1, s, .05) <= ob_anytime_upper(n, s, .05));
            assert_true(ob_anytime_lower(n + 1, s, .05) <= ob_anytime_lower(n, s, .05));
            assert_true(ob_anytime_upper(n + 1, s + 1, .05) >= ob_anytime_upper(n, s, .05));
            assert_true(ob_anytime_lower(n + 1, s + 1, .05) >= ob_anytime_lower(n, s, .05));
            /* The price of looking at any time is paid, never saved. */
            assert_true(ob_anytime_upper(n, s, .05) >= ob_exact_upper(n, s, .05) - 1e-12);
            assert_true(ob_anytime_lower(n, s, .05) <= ob_exact_lower(n, s, .05) + 1e-12);
        }
    }
}

/* The mixtures are grids, so an interval narrows to the nearest points of them and not to the rate:
 * a rate that near to a limit is never decided. Figures of the independent program. */
static void intervals_narrow_to_the_grid(void **state)
{
    (void)state;

    static const struct {
        uint64_t trials;
        double lower, upper;
    } rows[] = {{1000, .03098141, .07734503},
                {10000, .04124885, .05971692},
                {1000000, .04285840, .05753762},
                {1000000000, .04287520, .05751559}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        near(ob_anytime_lower(rows[i].trials, rows[i].trials / 20, .05), rows[i].lower, 1e-8);
        near(ob_anytime_upper(rows[i].trials, rows[i].trials / 20, .05), rows[i].upper, 1e-8);
    }
}

static void fixed_bounds_agree(void **state)
{
    (void)state;

    static const struct {
        uint64_t trials, hits;
        double upper, lower, wilson_low, wilson_high; /* 95 % one-sided, z = 1.645 */
    } rows[] = {
        {59, 0, 0.049507609888, 0, 0, 0.043853497288},
        {59, 1, 0.077897921519, 0.000869000072, 0.003789921975, 0.072475321168},
        {181, 4, 0.049855317949, 0.007583091838, 0.009958540155, 0.048319488559},
        {10, 10, 1, 0.741134449107, 0.787028201188, 1},
        {1000, 50, 0.062863403512, 0.039163535926, 0.039827409043, 0.062601440929},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        double low = -1;
        double high = -1;
        near(ob_exact_upper(rows[i].trials, rows[i].hits, .05), rows[i].upper, 1e-10);
        near(ob_exact_lower(rows[i].trials, rows[i].hits, .05), rows[i].lower, 1e-10);
        ob_wilson(rows[i].trials, rows[i].hits, 1.645, &low, &high);
        near(low, rows[i].wilson_low, 1e-10);
        near(high, rows[i].wilson_high, 1e-10);
    }
    /* Without a hit the exact bound has a closed form. */
    for (uint64_t n = 1; n < 1000; n += 37) {
        near(ob_exact_upper(n, 0, .05), 1 - pow(.05, 1 / (double)n), 1e-12);
        near(ob_exact_lower(n, n, .05), pow(.05, 1 / (double)n), 1e-12);
    }
}

/* P(X <= k), by the recurrence of neighbours and not by logarithms. */
static double tail(uint64_t n, uint64_t k, double p)
{
    double term = pow(1 - p, (double)n);
    double sum = term;
    for (uint64_t i = 1; i <= k; i++) {
        term *= (double)(n - i + 1) / (double)i * p / (1 - p);
        sum += term;
    }
    return sum;
}

static void fixed_plans_are_the_smallest(void **state)
{
    (void)state;

    static const struct {
        double p_ok, p_max;
        uint64_t trials, accept;
    } rows[] = {{.01, .05, 181, 4}, {.001, .01, 628, 2}, {.03, .10, 129, 7}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        uint64_t n = 0;
        uint64_t c = 0;
        ob_fixed_plan(rows[i].p_ok, rows[i].p_max, .05, .05, &n, &c);
        assert_int_equal(n, rows[i].trials);
        assert_int_equal(c, rows[i].accept);
        assert_true(tail(n, c, rows[i].p_max) <= .05 && tail(n - 1, c, rows[i].p_max) > .05);
        assert_true(1 - tail(n, c, rows[i].p_ok) <= .05);
        /* With one hit less allowed, no n serves both sides. */
        uint64_t fewer = c;
        while (tail(fewer, c - 1, rows[i].p_max) > .05) {
            fewer++;
        }
        assert_true(1 - tail(fewer, c - 1, rows[i].p_ok) > .05);
    }
}

static void repeats_count_less(void **state)
{
    (void)state;
    static const uint64_t pairs[] = {2, 2, 2, 2};
    static const uint64_t fives[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    static const uint64_t apart[] = {2, 0, 2, 0};
    static const uint64_t mixed[] = {1, 1, 1, 1};
    static const uint64_t all_or_none[] = {5, 0, 0, 0, 5, 0, 0, 0, 0, 0};
    static const uint64_t none[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint64_t ones[] = {1, 1, 1, 1};
    static const uint64_t uneven[] = {1, 3, 5};
    static const uint64_t uneven_hits[] = {1, 0, 3};
    /* By hand: k/(k-1) sum (s_i - p n_i)^2 / (n p (1 - p)). */
    near(ob_design_effect(pairs, apart, 4), 4.0 / 3 * 4 / 2, 1e-12);
    near(ob_design_effect(fives, all_or_none, 10), 10.0 / 9 * 5, 1e-12);
    near(ob_design_effect(uneven, uneven_hits, 3),
         1.5 * (25.0 / 81 + 144.0 / 81 + 49.0 / 81) / (9 * 4.0 / 9 * 5 / 9), 1e-12);
    /* Never below 1: less spread than chance is chance. */
    near(ob_design_effect(pairs, mixed, 4), 1, 0);
    near(ob_design_effect(ones, mixed, 4), 1, 0);
    near(ob_design_effect(fives, none, 10), 1, 0);
    near(ob_design_effect(pairs, apart, 1), 1, 0);
    near(ob_design_effect(NULL, NULL, 0), 1, 0);
}

/* e-BH by its definition: the largest k with the k-th largest e at least count / (k alpha). */
static void by_definition(const double *e, size_t count, double alpha, bool *claimed)
{
    double bound = HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        size_t rank = 0; /* of e[i], from 1, ties at their last */
        for (size_t k = 0; k < count; k++) {
            rank += e[k] >= e[i];
        }
        if (e[i] * (double)rank * alpha >= (double)count && e[i] < bound) {
            bound = e[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        claimed[i] = e[i] >= bound;
    }
}

static void claims_follow_the_definition(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rng rng;
    size_t claims = 0;
    assert_ok(ob_rng_init(&rng, OB_SPAN("claims"), OB_SPAN("ebh"), &err));
    for (int round = 0; round < 2000; round++) {
        double e[20];
        double log_e[20];
        bool claimed[20] = {false};
        bool wanted[20] = {false};
        size_t count = 1 + ob_rng_below(&rng, OB_COUNT(e));
        for (size_t i = 0; i < count; i++) {
            e[i] = pow(10, 4 * ob_rng_unit(&rng) - 1);
            e[i] = ob_rng_below(&rng, 5) == 0 ? 0 : e[i];
            log_e[i] = log(e[i]);
        }
        ob_ebh(log_e, count, .05, claimed);
        by_definition(e, count, .05, wanted);
        for (size_t i = 0; i < count; i++) {
            assert_true(claimed[i] == wanted[i]);
            claims += claimed[i];
        }
    }
    assert_true(claims > 1000);
}

static void claims_by_hand(void **state)
{
    (void)state;
    bool claimed[4] = {true, true, true, true};
    const double single[] = {log(20.001), log(19.999)};
    ob_ebh(single, 1, .05, claimed);
    assert_true(claimed[0]);
    ob_ebh(single + 1, 1, .05, claimed);
    assert_false(claimed[0]);
    /* 25 alone of four is not enough (80 is wanted), four of them are (20). */
    const double four[] = {log(25), log(25), log(25), log(25)};
    ob_ebh(four, 4, .05, claimed);
    assert_true(claimed[0] && claimed[1] && claimed[2] && claimed[3]);
    const double one[] = {-HUGE_VAL, log(25), -HUGE_VAL, 0};
    ob_ebh(one, 4, .05, claimed);
    assert_false(claimed[0] || claimed[1] || claimed[2] || claimed[3]);
    const double strong[] = {log(41), 0, log(41), log(39)};
    ob_ebh(strong, 4, .05, claimed);
    assert_true(claimed[0] && claimed[2] && !claimed[1]);
    assert_true(claimed[3]); /* 4/(3 * 0.05) = 26.7: the third helps itself */
    ob_ebh(NULL, 0, .05, NULL);
}

/* Expected queries when a FAIL of one family among 60 has to stand in e-BH, the others clean. */
static double price(double rate, size_t families)
{
    static double alive[1002];
    double queries = 0;
    double left = 0;
    (void)memset(alive, 0, sizeof alive);
    alive[0] = 1;
    for (uint64_t n = 1; n <= 1000; n++) {
        for (uint64_t s = n; s > 0; s--) {
            alive[s] = alive[s] * (1 - rate) + alive[s - 1] * rate;
        }
        alive[0] *= 1 - rate;
        for (uint64_t s = 0; s <= n; s++) {
            ob_eproc p = {.limit = .05, .trials = n, .hits = s};
            double log_e[60];
            bool claimed[60] = {false};
            if (alive[s] < 1e-13) {
                continue;
            }
            for (size_t i = 0; i < families; i++) {
                log_e[i] = i == 17 % families ? ob_eproc_log_fail(&p) : -HUGE_VAL;
            }
            ob_ebh(log_e, families, .05, claimed);
            if (claimed[17 % families] || ob_eproc_decide(&p, .05) == OB_BELOW) {
                queries += (double)n * alive[s];
                alive[s] = 0;
            }
        }
    }
    for (size_t s = 0; s <= 1000; s++) {
        left += alive[s];
    }
    return queries + 1000 * left;
}

static void price_of_many_families(void **state)
{
    (void)state;
    near(price(.2, 1), 30.0123, 1e-3);
    near(price(.2, 60), 61.3717, 1e-3);
    near(price(.5, 1), 5.9936, 1e-3);
    near(price(.5, 60), 11.1380, 1e-3);
    near(price(.1, 1), 199.0783, 1e-3);
    near(price(.1, 60), 415.1625, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statement_of_a_pass),
        cmocka_unit_test(nothing_is_known_without_trials),
        cmocka_unit_test(bounds_agree_with_decisions),
        cmocka_unit_test(intervals_move_the_right_way),
        cmocka_unit_test(intervals_narrow_to_the_grid),
        cmocka_unit_test(fixed_bounds_agree),
        cmocka_unit_test(fixed_plans_are_the_smallest),
        cmocka_unit_test(repeats_count_less),
        cmocka_unit_test(claims_follow_the_definition),
        cmocka_unit_test(claims_by_hand),
        cmocka_unit_test(price_of_many_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
