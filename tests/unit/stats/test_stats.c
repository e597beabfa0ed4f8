/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statistics against figures of an independent calculation, and against the properties that
 * make them valid. Error rates and expected lengths are exact: all ways of n trials to hold s hits
 * are followed with their probability, so nothing here is random.
 */
#include "../ob_test.h"

#include <math.h>
#include <ombud/mem.h>
#include <ombud/stats.h>

static ob_eproc process_of(double limit, uint64_t trials, uint64_t hits)
{
    return (ob_eproc){.limit = limit, .trials = trials, .hits = hits};
}

static ob_decision decide_at(double limit, uint64_t trials, uint64_t hits)
{
    ob_eproc p = process_of(limit, trials, hits);
    return ob_eproc_decide(&p, .05);
}

/* One test among 60 that claims FAIL alone needs 60/alpha; PASS stays at 1/alpha. */
static ob_decision decide_of_sixty(double limit, uint64_t trials, uint64_t hits)
{
    ob_eproc p = process_of(limit, trials, hits);
    if (ob_eproc_log_pass(&p) >= log(20)) {
        return OB_BELOW;
    }
    return ob_eproc_log_fail(&p) >= log(1200) ? OB_ABOVE : OB_UNDECIDED;
}

typedef ob_decision (*rule)(double limit, uint64_t trials, uint64_t hits);

#define HITS_MOST 200
#define CAP_MOST  4000

/* Decisions of one rule, kept because each rate walks over the same places. */
typedef struct walk {
    rule decide;
    double limit;
    size_t cap;
    uint8_t known[(CAP_MOST + 1) * HITS_MOST]; /* 1 + decision, 0 = not asked yet */
} walk;

typedef struct outcome {
    double queries;
    double pass;
    double fail;
    double open;
} outcome;

static walk *walk_new(rule decide, double limit, size_t cap)
{
    walk *w = ob_mem_new(sizeof *w);
    assert_non_null(w);
    (void)memset(w, 0, sizeof *w);
    w->decide = decide;
    w->limit = limit;
    w->cap = cap;
    return w;
}

static ob_decision walk_ask(walk *w, size_t n, size_t s)
{
    uint8_t *known = &w->known[n * HITS_MOST + s];
    if (*known == 0) {
        *known = (uint8_t)(1 + w->decide(w->limit, n, s));
    }
    return (ob_decision)(*known - 1);
}

static outcome walk_all(walk *w, double p)
{
    double mass[HITS_MOST] = {1};
    outcome o = {0};
    for (size_t n = 1; n <= w->cap; n++) {
        /* Downwards, so that each place still holds the mass of n - 1. */
        for (size_t s = HITS_MOST; s-- > 0;) {
            double here = mass[s] * (1 - p) + (s > 0 ? mass[s - 1] * p : 0);
            mass[s] = 0;
            if (here < 1e-15) {
                continue;
            }
            assert_true(s < HITS_MOST - 1);
            ob_decision d = walk_ask(w, n, s);
            if (d == OB_UNDECIDED) {
                mass[s] = here;
                continue;
            }
            o.queries += (double)n * here;
            o.pass += d == OB_BELOW ? here : 0;
            o.fail += d == OB_ABOVE ? here : 0;
        }
    }
    for (size_t s = 0; s < HITS_MOST; s++) {
        o.open += mass[s];
    }
    o.queries += (double)w->cap * o.open;
    return o;
}

typedef struct cell {
    double p;
    const char *shown; /* expected queries (PASS %, FAIL %, INCONCLUSIVE %) */
} cell;

static void check_cells(double limit, size_t cap, const cell *cells, size_t count)
{
    walk *w = walk_new(decide_at, limit, cap);
    for (size_t i = 0; i < count; i++) {
        char shown[80];
        outcome o = walk_all(w, cells[i].p);
        (void)snprintf(shown, sizeof shown, "%.0f (P%.0f F%.0f I%.0f)", o.queries, 100 * o.pass,
                       100 * o.fail, 100 * o.open);
        if (strcmp(shown, cells[i].shown) != 0) {
            fail_msg("limit %g, p = %g: %s, wanted %s", limit, cells[i].p, shown, cells[i].shown);
        }
        assert_true(fabs(o.pass + o.fail + o.open - 1) < 1e-9);
    }
    ob_mem_free(w);
}

static void expected_queries_at_five_percent(void **state)
{
    (void)state;
    static const cell cells[] = {
        {0, "65 (P100 F0 I0)"},   {.005, "93 (P100 F0 I0)"}, {.01, "135 (P100 F0 I0)"},
        {.02, "307 (P99 F0 I1)"}, {.05, "937 (P5 F3 I93)"},  {.10, "199 (P0 F100 I0)"},
        {.20, "30 (P0 F100 I0)"}, {.50, "6 (P0 F100 I0)"},
    };
    check_cells(.05, 1000, cells, OB_COUNT(cells));
}

static void expected_queries_at_one_percent(void **state)
{
    (void)state;
    static const cell cells[] = {
        {0, "330 (P100 F0 I0)"},    {.0005, "394 (P100 F0 I0)"}, {.001, "472 (P100 F0 I0)"},
        {.003, "1023 (P99 F0 I0)"}, {.01, "3737 (P5 F3 I93)"},   {.05, "104 (P0 F100 I0)"},
        {.20, "10 (P0 F100 I0)"},
    };
    check_cells(.01, 4000, cells, OB_COUNT(cells));
}

static void expected_queries_at_ten_percent(void **state)
{
    (void)state;
    static const cell cells[] = {
        {0, "32 (P100 F0 I0)"},   {.01, "46 (P100 F0 I0)"}, {.03, "97 (P100 F0 I0)"},
        {.05, "234 (P95 F0 I5)"}, {.10, "563 (P4 F3 I93)"}, {.20, "90 (P0 F100 I0)"},
        {.50, "9 (P0 F100 I0)"},
    };
    check_cells(.10, 600, cells, OB_COUNT(cells));
}

static void wrong_claims_at_the_limit(void **state)
{
    (void)state;
    walk *w = walk_new(decide_at, .05, 1000);
    outcome o = walk_all(w, .05);
    char shown[64];
    (void)snprintf(shown, sizeof shown, "%.1f %.1f %.0f", 100 * o.pass, 100 * o.fail, o.queries);
    assert_string_equal(shown, "4.6 2.6 937");
    ob_mem_free(w);
}

static void price_of_many_claims(void **state)
{
    (void)state;

    static const struct {
        double p;
        long alone;
        long of_sixty;
    } rows[] = {{.1, 199, 415}, {.2, 30, 61}, {.5, 6, 11}};

    walk *alone = walk_new(decide_at, .05, 1000);
    walk *many = walk_new(decide_of_sixty, .05, 1000);
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        assert_int_equal(lround(walk_all(alone, rows[i].p).queries), rows[i].alone);
        assert_int_equal(lround(walk_all(many, rows[i].p).queries), rows[i].of_sixty);
    }
    ob_mem_free(alone);
    ob_mem_free(many);
}

static void zero_hits_pass_at_the_known_number(void **state)
{
    (void)state;

    static const struct {
        double limit;
        uint64_t trials;
    } rows[] = {{.10, 32}, {.05, 65}, {.02, 164}, {.01, 330}, {.005, 662}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_eproc p = {0};
        ob_err err = {0};
        assert_ok(ob_eproc_init(&p, rows[i].limit, &err));
        while (ob_eproc_decide(&p, .05) == OB_UNDECIDED && p.trials < 10000) {
            ob_eproc_add(&p, false);
        }
        assert_int_equal(p.trials, rows[i].trials);
        assert_int_equal(ob_eproc_decide(&p, .05), OB_BELOW);
        /* Hits that are forgiven after twice and four times as many. */
        assert_int_equal(decide_at(rows[i].limit, 2 * p.trials, 0), OB_BELOW);
        assert_int_equal(decide_at(rows[i].limit, 2 * p.trials, 1), OB_UNDECIDED);
        assert_int_equal(decide_at(rows[i].limit, 4 * p.trials, 3), OB_BELOW);
        assert_int_equal(decide_at(rows[i].limit, 4 * p.trials, 4), OB_UNDECIDED);
    }
}

static void limits_outside_are_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_eproc p = {.limit = .3, .trials = 7, .hits = 1};
    const double bad[] = {0, 1, -.1, 1.1, NAN, INFINITY};
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(ob_eproc_init(&p, bad[i], &err), OB_ERR_INPUT, "between 0 and 1");
    }
    assert_int_equal(p.trials, 7); /* untouched */
}

static double log_binomial(uint64_t n, uint64_t s, double p)
{
    return lgamma((double)n + 1) - lgamma((double)s + 1) - lgamma((double)(n - s) + 1) +
           (double)s * log(p) + (double)(n - s) * log1p(-p);
}

/* At the limit itself both values are fair bets: their mean is 1, which is what bounds them. */
static void both_values_are_fair_at_the_limit(void **state)
{
    (void)state;
    const double limits[] = {.005, .05, .1, .5, .9};
    const uint64_t lengths[] = {1, 2, 10, 65, 200};
    for (size_t i = 0; i < OB_COUNT(limits); i++) {
        for (size_t k = 0; k < OB_COUNT(lengths); k++) {
            double pass = 0;
            double fail = 0;
            for (uint64_t s = 0; s <= lengths[k]; s++) {
                ob_eproc p = process_of(limits[i], lengths[k], s);
                double weight = log_binomial(lengths[k], s, limits[i]);
                pass += exp(weight + ob_eproc_log_pass(&p));
                fail += exp(weight + ob_eproc_log_fail(&p));
            }
            assert_true(fabs(pass - 1) < 1e-9);
            assert_true(fabs(fail - 1) < 1e-9);
        }
    }
    ob_eproc start = process_of(.05, 0, 0);
    assert_true(fabs(ob_eproc_log_pass(&start)) < 1e-12);
    assert_true(fabs(ob_eproc_log_fail(&start)) < 1e-12);
}

static void hits_speak_against_and_clean_trials_for_it(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 300; n += 13) {
        for (uint64_t s = 0; s < n; s++) {
            ob_eproc here = process_of(.05, n, s);
            ob_eproc worse = process_of(.05, n, s + 1);
            assert_true(ob_eproc_log_pass(&here) > ob_eproc_log_pass(&worse));
            assert_true(ob_eproc_log_fail(&here) < ob_eproc_log_fail(&worse));
        }
    }
    assert_int_equal(decide_at(.05, 1000, 0), OB_BELOW);
    assert_int_equal(decide_at(.05, 1000, 1000), OB_ABOVE);
    assert_int_equal(decide_at(.05, 0, 0), OB_UNDECIDED);
    /* Far beyond where the ratios themselves would overflow. */
    assert_int_equal(decide_at(.05, 10000000, 0), OB_BELOW);
    assert_int_equal(decide_at(.05, 10000000, 9999999), OB_ABOVE);
}

static void shown_percent(double value, const char *expected)
{
    char shown[32];
    (void)snprintf(shown, sizeof shown, "%.2f", 100 * value);
    assert_string_equal(shown, expected);
}

static void anytime_bounds(void **state)
{
    (void)state;
    double low = 0;
    double high = 0;
    shown_percent(ob_anytime_upper(65, 0, .05), "4.97");
    ob_anytime_interval(65, 0, .05, &low, &high);
    shown_percent(high, "6.03");
    assert_true(low <= 0);
    assert_true(ob_anytime_upper(0, 0, .05) >= 1 && ob_anytime_lower(0, 0, .05) <= 0);
    ob_anytime_interval(0, 0, .05, &low, &high);
    assert_true(low <= 0 && high >= 1);
    for (uint64_t n = 1; n <= 200; n += 7) {
        for (uint64_t s = 0; s <= n; s++) {
            double rate = (double)s / (double)n;
            double upper = ob_anytime_upper(n, s, .05);
            double lower = ob_anytime_lower(n, s, .05);
            ob_anytime_interval(n, s, .05, &low, &high);
            /* Stricter confidence is wider, and looking at any time costs something. */
            assert_true(low <= lower && lower <= rate && rate <= upper && upper <= high);
            assert_true(upper >= ob_exact_upper(n, s, .05) - 1e-9);
            assert_true(lower <= ob_exact_lower(n, s, .05) + 1e-9);
            assert_true(s == n || upper <= ob_anytime_upper(n, s + 1, .05));
            assert_true(s == n || lower <= ob_anytime_lower(n, s + 1, .05));
            assert_true(s > n / 2 || upper < 1);
        }
    }
}

/* What the bounds say and what the decision says are the same claim. */
static void bounds_agree_with_decisions(void **state)
{
    (void)state;
    const double limits[] = {.01, .05, .1, .4};
    for (size_t i = 0; i < OB_COUNT(limits); i++) {
        for (uint64_t n = 1; n <= 700; n += 23) {
            for (uint64_t s = 0; s <= n; s += 1 + s / 8) {
                double upper = ob_anytime_upper(n, s, .05);
                double lower = ob_anytime_lower(n, s, .05);
                ob_decision d = decide_at(limits[i], n, s);
                bool below = upper < limits[i];
                bool above = lower > limits[i];
                if ((d == OB_BELOW) != below || (d == OB_ABOVE) != above) {
                    fail_msg("limit %g, %llu of %llu: decision %d, bounds %.9f %.9f", limits[i],
                             (unsigned long long)s, (unsigned long long)n, (int)d, lower, upper);
                }
            }
        }
    }
}

static void needs_is_what_a_decision_takes(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 65; n++) {
        ob_eproc p = process_of(.05, n, 0);
        assert_int_equal(ob_eproc_needs(&p, .05, 1000), 65 - n);
        assert_int_equal(ob_eproc_needs(&p, .05, 65 - n), 65 - n);
        /* Not reached within the cap: the cap itself. */
        assert_true(n == 64 || ob_eproc_needs(&p, .05, 64 - n) == 64 - n);
    }
    ob_eproc done = process_of(.05, 65, 0);
    assert_int_equal(ob_eproc_needs(&done, .05, 1000), 0);
    ob_eproc never = process_of(.05, 100, 5);
    assert_int_equal(ob_eproc_needs(&never, .05, 5000), 5000);
    const uint64_t cap = 100000;
    for (uint64_t n = 5; n <= 200; n += 5) {
        for (uint64_t s = 0; s <= n; s++) {
            ob_eproc p = process_of(.05, n, s);
            uint64_t more = ob_eproc_needs(&p, .05, cap);
            assert_int_equal(more == 0, ob_eproc_decide(&p, .05) != OB_UNDECIDED);
            assert_true(more <= cap);
            if (more > 0 && more < cap) {
                uint64_t hits = (uint64_t)llround((double)(s * more) / (double)n);
                assert_int_not_equal(decide_at(.05, n + more, s + hits), OB_UNDECIDED);
            }
        }
    }
}

static double binomial_cdf(uint64_t n, uint64_t most, double p)
{
    double sum = 0;
    for (uint64_t s = 0; s <= most; s++) {
        sum += exp(log_binomial(n, s, p));
    }
    return sum;
}

static void fixed_plans(void **state)
{
    (void)state;

    static const struct {
        double p_ok;
        double p_max;
        uint64_t trials;
        uint64_t accept;
    } rows[] = {{.01, .05, 181, 4}, {.001, .01, 628, 2}, {.03, .10, 129, 7}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        uint64_t n = 0;
        uint64_t c = 0;
        ob_fixed_plan(rows[i].p_ok, rows[i].p_max, .05, .05, &n, &c);
        assert_int_equal(n, rows[i].trials);
        assert_int_equal(c, rows[i].accept);
        assert_true(binomial_cdf(n, c, rows[i].p_max) <= .05);
        assert_true(1 - binomial_cdf(n, c, rows[i].p_ok) <= .05);
        assert_true(binomial_cdf(n - 1, c, rows[i].p_max) > .05);
    }
}

static void bounds_of_fixed_sizes(void **state)
{
    (void)state;

    static const struct {
        uint64_t trials;
        const char *exact;
        const char *wilson;
    } rows[] = {{10, "25.89", "21.30"}, {20, "13.91", "11.92"}, {30, "9.50", "8.27"},
                {50, "5.82", "5.13"},   {59, "4.95", "4.39"},   {100, "2.95", "2.63"},
                {299, "1.00", "0.90"},  {300, "0.99", "0.89"},  {1000, "0.30", "0.27"}};

    double low = 0;
    double high = 0;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        shown_percent(ob_exact_upper(rows[i].trials, 0, .05), rows[i].exact);
        ob_wilson(rows[i].trials, 0, 1.645, &low, &high);
        shown_percent(high, rows[i].wilson);
        assert_true(low <= 0);
    }

    /* A set of n judged all well, or all but one: lower bound of its share. */
    static const struct {
        uint64_t n;
        const char *all;
        const char *but_one;
    } sets[] = {
        {29, "90.2", "84.7"}, {59, "95.0", "92.2"}, {99, "97.0", "95.3"}, {149, "98.0", "96.9"}};

    for (size_t i = 0; i < OB_COUNT(sets); i++) {
        char shown[32];
        (void)snprintf(shown, sizeof shown, "%.1f",
                       100 * ob_exact_lower(sets[i].n, sets[i].n, .05));
        assert_string_equal(shown, sets[i].all);
        (void)snprintf(shown, sizeof shown, "%.1f", 100 * (1 - ob_exact_upper(sets[i].n, 1, .05)));
        assert_string_equal(shown, sets[i].but_one);
    }
    for (uint64_t s = 0; s <= 40; s++) {
        double upper = ob_exact_upper(40, s, .05);
        double lower = ob_exact_lower(40, 40 - s, .05);
        assert_true(fabs(upper - (1 - lower)) < 1e-9); /* hits and misses change places */
        ob_wilson(40, s, 1.96, &low, &high);
        assert_true(low <= (double)s / 40 + 1e-12 && (double)s / 40 <= high + 1e-12);
    }
    ob_wilson(0, 0, 1.96, &low, &high);
    assert_true(low <= 0 && high >= 1);
}

/* copies of the clusters 0, 1 and 2 hits of two trials each, as often as told. */
static double effect_of(size_t zeros, size_t ones, size_t twos)
{
    uint64_t sizes[2000];
    uint64_t hits[2000];
    size_t count = zeros + ones + twos;
    assert_true(count <= OB_COUNT(sizes));
    for (size_t i = 0; i < count; i++) {
        sizes[i] = 2;
        hits[i] = i < zeros ? 0 : i < zeros + ones ? 1 : 2;
    }
    return ob_design_effect(sizes, hits, count);
}

static void clusters_cost_what_their_correlation_says(void **state)
{
    (void)state;
    /* Shares 1 : 2 : 1 are two independent draws; 3 : 2 : 3 have correlation .5; 1 : 0 : 1 have 1.
     */
    assert_true(fabs(effect_of(400, 800, 400) - 1) < .01);
    assert_true(fabs(effect_of(600, 400, 600) - 1.5) < .01);
    assert_true(fabs(effect_of(800, 0, 800) - 2) < .01);
    /* Never below 1, however even the clusters are. */
    double even = effect_of(0, 1600, 0);
    assert_true(even >= 1 && even <= 1);
    uint64_t sizes[60];
    uint64_t hits[60];
    for (size_t i = 0; i < 60; i++) {
        sizes[i] = 5;
        hits[i] = i % 10 == 0 ? 5 : 0;
    }
    assert_true(fabs(ob_design_effect(sizes, hits, 60) - 5) < .1);
    /* Where nothing can be told, nothing is charged. */
    double one = ob_design_effect(sizes, hits, 1);
    assert_true(one >= 1 && one <= 1);
    (void)memset(hits, 0, sizeof hits);
    double none = ob_design_effect(sizes, hits, 60);
    assert_true(none >= 1 && none <= 1);
}

static size_t claims_of(const double *e, size_t count, bool *claimed)
{
    double logs[64];
    size_t claims = 0;
    for (size_t i = 0; i < count; i++) {
        logs[i] = e[i] > 0 ? log(e[i]) : -HUGE_VAL;
        claimed[i] = true;
    }
    ob_ebh(logs, count, .05, claimed);
    for (size_t i = 0; i < count; i++) {
        claims += claimed[i];
    }
    return claims;
}

static void many_claims(void **state)
{
    (void)state;
    double e[60] = {0};
    bool claimed[60];
    assert_int_equal(claims_of(e, 60, claimed), 0);
    e[17] = 1200.0001;
    assert_int_equal(claims_of(e, 60, claimed), 1);
    assert_true(claimed[17]);
    e[17] = 1199.9;
    assert_int_equal(claims_of(e, 60, claimed), 0);
    /* Two at half of it carry each other; a third must reach a third of it. */
    e[3] = e[17] = 600.0001;
    assert_int_equal(claims_of(e, 60, claimed), 2);
    assert_true(claimed[3] && claimed[17]);
    e[40] = 399;
    assert_int_equal(claims_of(e, 60, claimed), 2);
    e[40] = 400.0001;
    assert_int_equal(claims_of(e, 60, claimed), 3);
    /* The largest k counts, even where a smaller one fails. */
    for (size_t i = 0; i < 60; i++) {
        e[i] = 20.0001;
    }
    assert_int_equal(claims_of(e, 60, claimed), 60);
    assert_int_equal(claims_of(e, 1, claimed), 1);
    ob_ebh(NULL, 0, .05, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_queries_at_five_percent),
        cmocka_unit_test(expected_queries_at_one_percent),
        cmocka_unit_test(expected_queries_at_ten_percent),
        cmocka_unit_test(wrong_claims_at_the_limit),
        cmocka_unit_test(price_of_many_claims),
        cmocka_unit_test(zero_hits_pass_at_the_known_number),
        cmocka_unit_test(limits_outside_are_refused),
        cmocka_unit_test(both_values_are_fair_at_the_limit),
        cmocka_unit_test(hits_speak_against_and_clean_trials_for_it),
        cmocka_unit_test(anytime_bounds),
        cmocka_unit_test(bounds_agree_with_decisions),
        cmocka_unit_test(needs_is_what_a_decision_takes),
        cmocka_unit_test(fixed_plans),
        cmocka_unit_test(bounds_of_fixed_sizes),
        cmocka_unit_test(clusters_cost_what_their_correlation_says),
        cmocka_unit_test(many_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
