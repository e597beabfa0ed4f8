/* SPDX-License-Identifier: Apache-2.0 */
/* What summary.c and summary_trial.c share while a summary is put together. */
#ifndef OB_EVALUATE_SUMMARY_BUILD_H
#define OB_EVALUATE_SUMMARY_BUILD_H

#include "evaluate/tally.h"

#include <ombud/json.h>

typedef struct ob_summary_trial {
    int64_t started_ms;
    uint64_t first_record; /* of the attempt: its start */
    uint64_t last_record;  /* its end */
    uint32_t input;
    int32_t attempt;
    uint8_t result; /* ob_trial_result */
    uint8_t reruns;
    uint8_t reproduced;
    bool confirmed;
} ob_summary_trial;

typedef struct ob_summary_family {
    ob_procedure_view view;
    ob_tally tally;
    ob_span not_applicable;
    ob_span not_tested;
    ob_summary_trial *trials; /* heap, by number */
    size_t trials_cap;
    ob_count_view lost[12];
    size_t lost_count;
} ob_summary_family;

typedef struct ob_summary_build {
    ob_summary *summary;
    ob_arena *arena;
    ob_summary_family *families; /* heap */
    size_t families_count;
    size_t families_cap;
    ob_requirement_view *requirements;
    size_t requirements_count;
    ob_pillar_view *pillars;
    size_t pillars_count;
    ob_span *left_behind; /* heap */
    size_t left_behind_count;
    size_t left_behind_cap;
    ob_span *deviations; /* heap */
    size_t deviations_count;
    size_t deviations_cap;
    ob_span why_stopped;
} ob_summary_build;

/* The judge of a procedure's record, if it has one. */
OB_MUST bool obi_summary_judge(ob_summary_build *b, const ob_json *judge, ob_procedure_view *view,
                               ob_err *err);
/* Bounds of the rate of hits seen become those of the true rate. */
void obi_summary_true_bounds(ob_procedure_view *view);
/* Fills view (trial, attempt and result are set) with input, turns and findings from the records
 * first to last of the store. */
OB_MUST bool obi_summary_trial(ob_summary_build *b, ob_store *store, ob_span procedure,
                               uint64_t first, uint64_t last, ob_trial_view *view, ob_err *err);
/* summary_roll.c: which FAILs hold across the suite; then requirements, pillars and the service. */
OB_MUST bool obi_summary_suite(ob_summary_build *b, ob_err *err);
OB_MUST bool obi_summary_roll_up(ob_summary_build *b, ob_err *err);

#endif
