/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sign test's error rates, exact by dynamic programming over the number of pairs that went the
 * one way. The expected figures come from an independent program in another language.
 */
#include "ob_test.h"

#include <ombud/stats.h>
#include <ombud/sys.h>

#include <math.h>

#define PAIRS_MOST 1000

static void near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%.10g, wanted %.10g", value, wanted);
    }
}

/* Chance that E ever reaches 1/alpha among so many pairs, each "more" with chance p. */
static double reaches(double alpha, size_t pairs, double p)
{
    static double alive[PAIRS_MOST + 2]; /* by number of "more" */
    double bound = -log(alpha);
    double reached = 0;
    (void)memset(alive, 0, sizeof alive);
    alive[0] = 1;
    for (size_t n = 1; n <= pairs; n++) {
        for (size_t more = n; more > 0; more--) {
            alive[more] = alive[more] * (1 - p) + alive[more - 1] * p;
        }
        alive[0] *= 1 - p;
        for (size_t more = n + 1; more-- > 0 && ob_sign_log_e(more, n - more) >= bound;) {
            reached += alive[more];
            alive[more] = 0;
        }
    }
    return reached;
}

static void a_fair_bet(void **state)
{
    (void)state;
    near(ob_sign_log_e(0, 0), 0, 1e-12);
    near(exp(ob_sign_log_e(5, 0)), 21.3411, 5e-5);
    /* Before each pair the two ends are worth as much as what one holds. */
    for (uint64_t more = 0; more < 40; more++) {
        for (uint64_t less = 0; less < 40; less++) {
            double now = exp(ob_sign_log_e(more, less));
            double up = exp(ob_sign_log_e(more + 1, less));
            double down = exp(ob_sign_log_e(more, less + 1));
            near((up + down) / 2 / now, 1, 1e-12);
            assert_true(up > now && down < now);
        }
    }
}

/* Pairs of the one way that decide at 5 %, by pairs of the other way. */
static void how_many_decide(void **state)
{
    (void)state;
    static const uint64_t wanted[] = {5, 10, 13, 15, 17, 20, 22, 24, 25, 27, 29, 31};
    for (uint64_t less = 0; less < OB_COUNT(wanted); less++) {
        assert_int_equal(ob_sign_needs(0, less, .05, 1000), wanted[less]);
        assert_int_equal(ob_sign_needs(3, less, .05, 1000), wanted[less] - 3);
    }
    assert_int_equal(ob_sign_needs(5, 0, .05, 1000), 0);
    assert_int_equal(ob_sign_needs(0, 0, .001, 1000), 11);
    assert_int_equal(ob_sign_needs(0, 0, .05, 3), 3);
}

static void errors_keep_their_bound(void **state)
{
    (void)state;
    static const double alphas[] = {.2, .1, .05, .01, .001};
    for (size_t i = 0; i < OB_COUNT(alphas); i++) {
        for (double p = .3; p < .51; p += .1) {
            double wrong = reaches(alphas[i], PAIRS_MOST, p);
            assert_true(wrong > 0 && wrong <= alphas[i]);
        }
    }
    near(reaches(.05, 300, .5), .0441, 5e-5);
    /* The bound is the mixture's and not a matter of luck: it is nearly used up. */
    assert_true(reaches(.05, PAIRS_MOST, .5) > .04);
    assert_true(reaches(.001, PAIRS_MOST, .5) > .0005);
}

static void differences_are_found(void **state)
{
    (void)state;
    near(reaches(.05, 300, .6), .695, 5e-4);
    near(reaches(.05, 40, .75), .732, 5e-4);
    near(reaches(.05, 5, 1), 1, 1e-12);
    near(reaches(.05, 4, 1), 0, 0);
}

static void large_counts_stay_finite(void **state)
{
    (void)state;
    assert_true(isfinite(ob_sign_log_e(4000000, 0)));
    assert_true(isfinite(ob_sign_log_e(4000000, 4000000)));
    assert_true(ob_sign_log_e(4000000, 4000000) < -1000);
    assert_true(ob_sign_log_e(0, 4000000) < -1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fair_bet),
        cmocka_unit_test(how_many_decide),
        cmocka_unit_test(errors_keep_their_bound),
        cmocka_unit_test(differences_are_found),
        cmocka_unit_test(large_counts_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
