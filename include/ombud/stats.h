/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statistics of verdicts: a two-sided e-process for "is the hit rate below the limit", anytime
 * intervals, and the fixed plans they replace. Pure functions of numbers: no clock, no randomness,
 * no allocation. Rates are in 0 .. 1; alpha is the probability of each wrong claim.
 */
#ifndef OMBUD_STATS_H
#define OMBUD_STATS_H

#include <ombud/err.h>

OB_BEGIN

typedef enum ob_decision {
    OB_UNDECIDED,
    OB_BELOW,
    OB_ABOVE
} ob_decision;

#define OB_EPROC_PASS_GRID 7
#define OB_EPROC_FAIL_GRID 8

/*
 * Mixture likelihood ratios against the boundary p = limit (evaluation guideline of this project;
 * Ville 1939; Howard, Ramdas, McAuliffe, Sekhon 2021). E_pass reaches 1/alpha with probability at
 * most alpha if p >= limit, E_fail likewise if p <= limit, however often one looks.
 */
typedef struct ob_eproc {
    double limit; /* E_pass is against this rate */
    double above; /* E_fail is against this one, beyond it where the oracle errs; 0 = the limit */
    uint64_t trials;
    uint64_t hits;
} ob_eproc;

/* limit in (0, 1), else OB_ERR_INPUT. */
OB_MUST OB_API bool ob_eproc_init(ob_eproc *process, double limit, ob_err *err);
/* Two boundaries, 0 < below <= above < 1: with an imperfect oracle the rate of hits seen says that
 * the limit is kept only below the one, and that it is not only above the other. */
OB_MUST OB_API bool ob_eproc_init_between(ob_eproc *process, double below, double above,
                                          ob_err *err);
OB_API void ob_eproc_add(ob_eproc *process, bool hit);
/* Natural logarithms of E_pass and E_fail; -INFINITY where the value is 0. */
OB_API double ob_eproc_log_pass(const ob_eproc *process);
OB_API double ob_eproc_log_fail(const ob_eproc *process);
OB_API ob_decision ob_eproc_decide(const ob_eproc *process, double alpha);
/* How many more trials an undecided process needs if the observed rate goes on (at least 1; at
 * most cap; 0 when decided already). */
OB_API uint64_t ob_eproc_needs(const ob_eproc *process, double alpha, uint64_t cap);

/* One-sided anytime bounds of the hit rate: {p0 : E(p0) < 1/alpha}. No trials: 0 and 1. */
OB_API double ob_anytime_upper(uint64_t trials, uint64_t hits, double alpha);
OB_API double ob_anytime_lower(uint64_t trials, uint64_t hits, double alpha);
/* Two-sided anytime interval with coverage 1 - alpha (2/alpha each side). */
OB_API void ob_anytime_interval(uint64_t trials, uint64_t hits, double alpha, double *low,
                                double *high);

/* Smallest (n, c) with P(X <= c | p_max) <= beta and P(X > c | p_ok) <= alpha: the fixed plan. */
OB_API void ob_fixed_plan(double p_ok, double p_max, double alpha, double beta, uint64_t *trials,
                          uint64_t *accept);
/* Clopper-Pearson one-sided bounds at level alpha. */
OB_API double ob_exact_upper(uint64_t trials, uint64_t hits, double alpha);
OB_API double ob_exact_lower(uint64_t trials, uint64_t hits, double alpha);
/* Wilson score interval with normal quantile z. */
OB_API void ob_wilson(uint64_t trials, uint64_t hits, double z, double *low, double *high);
/* Design effect 1 + (m - 1) rho of count clusters (sizes and hits of each), at least 1. */
OB_API double ob_design_effect(const uint64_t *sizes, const uint64_t *hits, size_t count);
/* e-BH (Wang, Ramdas 2022): marks claimed[i] for the largest k with e_(k) >= count/(k alpha).
 * Takes natural logarithms. */
OB_API void ob_ebh(const double *log_e, size_t count, double alpha, bool *claimed);

/*
 * Sequential sign test of paired trials (Ville 1939; method of mixtures, Robbins 1970). Only pairs
 * that differ count: "more" of them went the one way, "less" the other. If more is no likelier than
 * less, whatever came before, then each bet q > 1/2 makes (2q)^more (2(1-q))^less a
 * supermartingale, and so is their mixture over OB_SIGN_GRID values of q: it reaches 1/alpha with
 * probability at most alpha, however often one looks. The other side is the same call with the
 * counts exchanged.
 */
#define OB_SIGN_GRID 5

/* Natural logarithm of E; 0 without a pair that differs. */
OB_API double ob_sign_log_e(uint64_t more, uint64_t less);
/* How many further pairs, all of them "more", would reach 1/alpha; at most cap, 0 if reached. */
OB_API uint64_t ob_sign_needs(uint64_t more, uint64_t less, double alpha, uint64_t cap);

OB_END

#endif
