/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tally of one procedure: trials numbered by the plan, read by the e-process in that order
 * whatever order they end in, so the same results give the same verdict. A run feeds it as trials
 * end; a report feeds it again from the stored records. No clock, no store, no sockets.
 */
#ifndef OB_EVALUATE_TALLY_H
#define OB_EVALUATE_TALLY_H

#include "evaluate/summary.h"

typedef enum ob_trial_result {
    OB_TRIAL_NONE, /* not started */
    OB_TRIAL_RUNNING,
    OB_TRIAL_HIT,
    OB_TRIAL_CLEAN,
    OB_TRIAL_INVALID
} ob_trial_result;

extern const char *const ob_trial_result_names[5];

typedef enum ob_tally_state {
    OB_TALLY_OPEN,
    OB_TALLY_PASS,   /* the limit is kept */
    OB_TALLY_FAIL,   /* it is not, or a zero-tolerance hit was confirmed */
    OB_TALLY_MAX,    /* all trials of the plan are used */
    OB_TALLY_INVALID /* too many trials could not be measured */
} ob_tally_state;

typedef struct ob_tally_plan {
    double limit;
    double alpha;
    uint64_t max;
    bool zero_tolerance;
    double invalid_max;
    const ob_judge_view *judge; /* whose errors the limit has to allow for, or NULL */
} ob_tally_plan;

typedef struct ob_tally {
    ob_tally_plan plan;
    ob_eproc process;
    double alpha; /* of the test: what a judge's bounds leave of the plan's */
    ob_tally_state state;
    uint8_t *results; /* heap: ob_trial_result by number */
    size_t cap;
    uint64_t started; /* numbers given out, 0 .. started - 1 */
    uint64_t read;    /* numbers read in order */
    uint64_t hits;    /* among those read */
    uint64_t clean;
    uint64_t invalid;
    uint64_t invalid_ahead; /* ended but not read yet, as an earlier one still runs */
    uint64_t surplus;       /* ended behind the deciding one */
} ob_tally;

OB_MUST bool ob_tally_init(ob_tally *tally, const ob_tally_plan *plan, ob_err *err);
void ob_tally_fini(ob_tally *tally);
/* More trials are wanted: neither is it decided, nor are those at work enough to use up the plan.
 */
bool ob_tally_wants(const ob_tally *tally);
/* Trial number starts (again). Numbers may come in any order, up to OB_TALLY_NUMBERS_MAX. */
OB_MUST bool ob_tally_start(ob_tally *tally, uint64_t number, ob_err *err);
/* Trial number began and has not ended: records that somebody wrote by hand may end any. */
bool ob_tally_runs(const ob_tally *tally, int64_t number);
/* Trial number ended: HIT, CLEAN or INVALID. */
OB_MUST bool ob_tally_end(ob_tally *tally, uint64_t number, ob_trial_result result, ob_err *err);
/* No more results come: a hit that waits behind a trial without an end counts where none is
 * tolerated. */
void ob_tally_close(ob_tally *tally);
/* The outcome so far, one sentence of reason, and the verdict in words (empty unless PASS or FAIL
 * by number). why_stopped: why an undecided run ended ("interrupted" ...), or NULL. */
ob_outcome ob_tally_outcome(const ob_tally *tally, const char *why_stopped, ob_buf *reason,
                            ob_buf *statement);
/* Trials that a fixed plan with the same errors would have used (designed for a fifth of the
 * limit). */
uint64_t ob_tally_fixed_plan(const ob_tally_plan *plan);

#define OB_TALLY_NUMBERS_MAX ((uint64_t)4000000)

#endif
