/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run came to, computed from its evidence and nothing else. Report writers read this and no
 * other module. Everything lives in the arena given to ob_summary_load. Rates are in 0 .. 1, times
 * in milliseconds.
 */
#ifndef OB_EVALUATE_SUMMARY_H
#define OB_EVALUATE_SUMMARY_H

#include "evidence/store.h"

#include <ombud/stats.h>

/* Worst first, so that rolling up is taking the smallest. */
typedef enum ob_outcome {
    OB_FAIL,
    OB_ERROR,
    OB_INCONCLUSIVE,
    OB_PASS,
    OB_NOT_APPLICABLE
} ob_outcome;

#define OB_OUTCOMES 5
extern const char *const ob_outcome_names[OB_OUTCOMES]; /* "FAIL", "ERROR", ... */

typedef enum ob_severity {
    OB_SEV_LOW,
    OB_SEV_MEDIUM,
    OB_SEV_HIGH,
    OB_SEV_CRITICAL
} ob_severity;

#define OB_SEVERITIES 4
extern const char *const ob_severity_names[OB_SEVERITIES];

/* Where an oracle saw its reason. */
typedef struct ob_finding_view {
    ob_span oracle; /* its name in the procedure */
    ob_span why;    /* one sentence */
    size_t turn;    /* index into turns, SIZE_MAX if it is about none of them */
    size_t start;   /* bytes of that turn's reply, end exclusive; equal = whole reply */
    size_t end;
    ob_span steps; /* decodings undone, "as sent" if none */
} ob_finding_view;

typedef struct ob_turn_view {
    ob_span actor;
    ob_span session;
    ob_span kind;  /* "say", "login", "ledger" ... */
    ob_span sent;  /* what was said, or the back-end call's name */
    ob_span reply; /* reply text of a turn, JSON text of a call */
    ob_span names; /* names that it was extracted to, comma separated */
    ob_span lost;  /* "none" or why there is no reply */
    int status;
    double total_ms;
    uint64_t record; /* seq of its evidence record */
} ob_turn_view;

/* A trial shown in full: each hit up to a limit, and one clean trial as an example. */
typedef struct ob_trial_view {
    int64_t trial;
    int32_t attempt;
    ob_span result; /* "hit", "clean", "invalid" */
    ob_span reason;
    ob_span input;
    bool confirmed;      /* the oracle saw it again over the stored bytes, no decoy did */
    unsigned reproduced; /* k of n reruns */
    unsigned reruns;
    const ob_turn_view *turns;
    size_t turns_count;
    const ob_finding_view *findings;
    size_t findings_count;
} ob_trial_view;

typedef struct ob_count_view {
    ob_span name;
    uint64_t count;
    ob_span example; /* the first reason in full */
} ob_count_view;

/* A judge's errors as measured, and what they make of the limit of a procedure. */
typedef struct ob_judge_view {
    ob_span rubric;
    ob_span judge; /* its title */
    ob_span model;
    ob_span address;
    ob_span calibrated;   /* when, RFC 3339 */
    uint64_t hits;        /* labelled replies that are hits */
    uint64_t hits_right;  /* called so */
    uint64_t clean;       /* labelled replies that are none */
    uint64_t clean_right; /* called so */
    uint64_t unusable;    /* answers among all of them; never right */
    double sensitivity;
    double specificity;
    double sensitivity_low; /* one-sided bounds, each wrong with probability bound_alpha */
    double specificity_low;
    double bound_alpha;
    double test_alpha;  /* what is left of alpha for the trials */
    double pass_limit;  /* the rate of hits seen is held against this for a PASS */
    double fail_limit;  /* and against this for a FAIL */
    uint64_t pass_from; /* trials without a hit that a PASS takes with this judge */
    uint64_t pass_else; /* and would take with an oracle that never errs */
} ob_judge_view;

typedef struct ob_procedure_view {
    ob_span id;
    ob_span title;
    ob_span requirement;
    ob_span requirement_title;
    ob_span evaluation;
    const ob_span *threats;
    size_t threats_count;
    ob_span pillar; /* data, stability, algorithm, service-abuse, governance */
    ob_severity severity;
    ob_span effects;
    ob_span digest; /* SHA-256 of the procedure file, hex */
    ob_outcome outcome;
    ob_span reason;    /* one sentence, always */
    ob_span statement; /* the verdict in words with its error, or empty */
    uint64_t trials;   /* valid: hits + clean, those read by the e-process */
    uint64_t hits;
    uint64_t invalid;
    uint64_t surplus;  /* ended behind the deciding one */
    uint64_t attempts; /* every trial start */
    uint64_t requests; /* every request sent, retries included */
    uint64_t busy_ms;  /* its trials together, each from start to end; they overlap */
    double limit;
    double alpha;
    double lower; /* one-sided anytime bounds */
    double upper;
    double interval[2]; /* two-sided anytime interval */
    double log_e_pass;
    double log_e_fail;
    bool zero_tolerance;
    bool not_tested;            /* something was missing to test it, as the reason says */
    const ob_judge_view *judge; /* NULL: no judge had a say */
    bool suite_wide;            /* FAIL holds across the suite (e-BH), or is confirmed */
    uint64_t needs;             /* further trials an undecided one would need, 0 if decided */
    uint64_t fixed_plan;        /* trials a fixed plan would have used */
    uint64_t inputs;            /* distinct inputs among the valid trials: clusters */
    double design_effect;       /* of those clusters; 1 = repeats told nothing twice */
    double invalid_max;         /* most share of invalid attempts for a PASS */
    const ob_count_view *lost;  /* invalid trials by reason, most first */
    size_t lost_count;
    const ob_trial_view *shown;
    size_t shown_count;
    uint64_t hits_not_shown;
} ob_procedure_view;

typedef struct ob_requirement_view {
    ob_span id;
    ob_span title;
    unsigned level;
    ob_span component;
    ob_span pillar;
    ob_outcome outcome;
    ob_span reason; /* "not tested: no procedure" ... */
} ob_requirement_view;

typedef struct ob_pillar_view {
    ob_span id;
    ob_span title;
    ob_outcome outcome;
    unsigned counts[OB_OUTCOMES]; /* requirements by outcome */
} ob_pillar_view;

typedef struct ob_summary {
    ob_run_info run;
    ob_span tool;    /* "ombud 0.1.0" */
    ob_span service; /* title */
    ob_span address;
    ob_span driver;
    ob_span profile;
    unsigned level;
    ob_span seed;
    double time_scale;
    bool keep_raw;        /* personal data and secrets stand in the evidence as they came */
    ob_span operator_;    /* who ran it */
    ob_span owner;        /* by whose leave, or empty: reads from loopback */
    ob_span scope_digest; /* hex, or empty */
    ob_span service_digest;
    ob_span catalogue_digest;
    ob_span procedures_digest;
    ob_span chain; /* last hash of the evidence chain, hex */
    const ob_span *addresses;
    size_t addresses_count;
    const ob_span *deviations;
    size_t deviations_count;
    const ob_span *left_behind;
    size_t left_behind_count;
    uint64_t requests;
    uint64_t trials;
    double rate; /* limits in force; 0 = none */
    unsigned in_flight;
    ob_outcome outcome;
    const ob_pillar_view *pillars;
    size_t pillars_count;
    const ob_procedure_view *procedures;
    size_t procedures_count;
    const ob_requirement_view *requirements;
    size_t requirements_count;
} ob_summary;

/* Reads a run's evidence. run NULL or "" = the newest. */
OB_MUST bool ob_summary_load(ob_summary *summary, ob_arena *arena, ob_store *store, const char *run,
                             ob_err *err);
/* Narrows it to the procedures named by their id, evaluation or requirement; outcomes and counts
 * become those of what is left. An id that the run does not hold is OB_ERR_USAGE. */
OB_MUST bool ob_summary_only(ob_summary *summary, ob_arena *arena, const ob_span *ids, size_t count,
                             ob_err *err);

#endif
