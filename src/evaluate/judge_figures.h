/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a judge's measured errors make of a limit. A hit rate p is seen as p Se + (1 - p)(1 - Sp),
 * so a PASS is held against limit * Se_low, and a FAIL against limit + (1 - limit)(1 - Sp_low);
 * either is right whatever the other error is. A fifth of alpha goes to the bounds, the rest to the
 * trials: a wrong PASS needs a wrong Se_low or a wrong test, a wrong FAIL a wrong Sp_low or a wrong
 * test, so each is wrong with probability alpha at most (Boole's inequality). A fifth, because the
 * labelled set is fixed and trials cost: of all shares it takes about the fewest of them.
 */
#ifndef OB_EVALUATE_JUDGE_FIGURES_H
#define OB_EVALUATE_JUDGE_FIGURES_H

#include "evaluate/summary.h"

#define OB_JUDGE_BOUND_SHARE 0.2

/* Fills in all that follows from the counts of *view, the limit and alpha. */
void ob_judge_figures(ob_judge_view *view, double limit, double alpha);
/* "judged by M, which ...": what a statement says of it. */
void ob_judge_state(const ob_judge_view *view, ob_buf *out);
/* The bounds of the true rate that follow from those of the rate of hits seen. */
double ob_judge_true_upper(const ob_judge_view *view, double seen);
double ob_judge_true_lower(const ob_judge_view *view, double seen);
/* Trials without a hit that a PASS takes; at most cap. */
uint64_t ob_clean_trials_to_pass(double limit, double alpha, uint64_t cap);
/* "97 %", "0.33 %": two digits that say something. */
void obi_add_percent(ob_buf *out, double rate);

#endif
