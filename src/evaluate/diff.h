/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two runs compared: is the service worse than it was, better, or cannot it be told? Everything is
 * computed from the evidence of both runs and lives in the arena given. Nothing is printed.
 *
 * With the same seed, level and time scale, and the same digest of a procedure, trial number n of
 * it says the same in both runs, in the same encoding; only planted values differ. Such trials are
 * pairs. A pair that was measured in both runs and came out differently is discordant. If nothing
 * changed, "new hit" (clean before, hit now) is as likely in a discordant pair as "hit gone", so
 * ob_sign_log_e tells a change for the worse and one for the better, each wrong with probability at
 * most alpha. Procedures are many, so a claim holds "across the suite" by e-BH over all procedures
 * with a discordant pair: the others could claim nothing, and that a pair is discordant does not
 * tell its direction.
 */
#ifndef OB_EVALUATE_DIFF_H
#define OB_EVALUATE_DIFF_H

#include "evaluate/summary.h"

/* Worst first, so that rolling up is taking the smallest. */
typedef enum ob_change {
    OB_CHANGE_WORSE,     /* a regression */
    OB_CHANGE_UNDECIDED, /* there may be one; what was measured does not tell */
    OB_CHANGE_BETTER,
    OB_CHANGE_NONE
} ob_change;

#define OB_CHANGES 4
extern const char *const ob_change_names[OB_CHANGES]; /* "worse", "undecided", ... */

/* Trials of one procedure by number. */
typedef struct ob_diff_pairs {
    uint64_t pairs; /* hit or clean in both runs: both_hit + both_clean + new_hits + gone_hits */
    uint64_t both_hit;
    uint64_t both_clean;
    uint64_t new_hits;  /* clean before, hit now */
    uint64_t gone_hits; /* hit before, clean now */
    uint64_t invalid;   /* ended in both, could not be measured in one or both: no pair */
    uint64_t old_only;  /* the new run had ended its procedure before this number */
    uint64_t new_only;
    uint64_t unlike; /* another input or encoding under the same number: no pair */
    uint64_t inputs; /* distinct inputs among the discordant pairs */
} ob_diff_pairs;

/* A hit that is new, or is gone. The trial is of the run that holds the hit. */
typedef struct ob_diff_finding {
    ob_trial_view trial; /* its reruns are not counted */
    const char *why;     /* a clause: "the same trial was clean before" */
} ob_diff_finding;

typedef struct ob_diff_findings {
    const ob_diff_finding *shown; /* the first few */
    size_t shown_count;
    uint64_t count; /* all */
} ob_diff_findings;

typedef struct ob_diff_procedure {
    ob_span id;
    const ob_procedure_view *before; /* NULL: not of that run */
    const ob_procedure_view *now;
    bool paired;
    const char *not_paired; /* why not, a clause; NULL if paired */
    ob_diff_pairs n;
    double log_e_worse; /* natural logarithms; 0 when not paired */
    double log_e_better;
    bool worse_alone; /* E reaches 1/alpha */
    bool worse_suite; /* it holds across the suite, too */
    bool better_alone;
    bool better_suite;
    ob_diff_findings fresh;
    ob_diff_findings gone;
    ob_change change;
    ob_span statement; /* what changed, with figures; always */
} ob_diff_procedure;

/* A setting of the runs that differs. */
typedef struct ob_diff_setting {
    const char *name;
    ob_span before;
    ob_span now;
    bool unpairs; /* with it trials of the same number are not alike */
} ob_diff_setting;

typedef struct ob_diff {
    ob_summary before;
    ob_summary now;
    double alpha;
    const char *not_paired; /* why nothing is paired, a clause; NULL if it may be */
    ob_diff_setting settings[16];
    size_t settings_count;
    const ob_diff_procedure *procedures; /* in the order of the new run, then those lost */
    size_t procedures_count;
    const ob_requirement_view *const *lost; /* requirements tested before and not now */
    size_t lost_count;
    const ob_requirement_view *const *gained;
    size_t gained_count;
    ob_change change;       /* the worst of all */
    const ob_span *reasons; /* why it is worse or undecided, a sentence each */
    size_t reasons_count;
} ob_diff;

typedef struct ob_diff_from {
    ob_store *old_store;
    const char *old_run; /* an id, its start, or NULL for the newest */
    ob_store *new_store; /* may be the same */
    const char *new_run;
    double alpha;
    ob_severity fail_on; /* procedures below it are compared, and change nothing */
    const ob_span *only; /* procedures, evaluations or requirements by id; none = all */
    size_t only_count;
    const ob_span *except; /* likewise; these are left out */
    size_t except_count;
} ob_diff_from;

/* Fails with OB_ERR_USAGE when the runs have no profile or no procedure in common, or when an id of
 * only is in neither. */
OB_MUST bool ob_diff_load(ob_diff *diff, ob_arena *arena, const ob_diff_from *from, ob_err *err);

#endif
