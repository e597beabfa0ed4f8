/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a comparison share while it is put together. */
#ifndef OB_EVALUATE_DIFF_CORE_H
#define OB_EVALUATE_DIFF_CORE_H

#include "evaluate/diff.h"
#include "evaluate/tally.h"

typedef struct obi_diff_trial {
    uint64_t first_record; /* of the attempt: its start */
    uint64_t last_record;  /* its end */
    uint32_t input;        /* index into the procedure's inputs */
    uint32_t coding;       /* a checksum of its name */
    int32_t attempt;
    uint8_t result; /* ob_trial_result; OB_TRIAL_NONE: it did not end */
    bool confirmed;
} obi_diff_trial;

typedef struct obi_diff_trials {
    obi_diff_trial *items; /* heap, by number */
    size_t cap;
} obi_diff_trials;

/* All trials of a run, one list for each of its procedures. */
typedef struct obi_diff_side {
    ob_store *store;
    const ob_summary *summary;
    obi_diff_trials *lists; /* heap, as many as the summary has procedures */
} obi_diff_side;

OB_MUST bool obi_diff_side_read(obi_diff_side *side, ob_err *err);
void obi_diff_side_fini(obi_diff_side *side);
/* An empty list for a procedure that the run does not hold. */
obi_diff_trials obi_diff_side_list(const obi_diff_side *side, const ob_procedure_view *view);

/* Counts the pairs of a procedure that is paired. */
OB_MUST bool obi_diff_pair(ob_diff_procedure *p, ob_arena *arena, const obi_diff_trials *before,
                           const obi_diff_trials *now, ob_err *err);
/* Fills fresh and gone. */
OB_MUST bool obi_diff_find(ob_diff_procedure *p, ob_arena *arena, const obi_diff_side *before,
                           const obi_diff_side *now, ob_err *err);
/* A hit of the list was confirmed. */
bool obi_diff_confirmed(const obi_diff_trials *list);

/* It was measured: it applied, and at least one trial was valid. */
bool obi_diff_is_tested(const ob_procedure_view *view);
/* Claims of all procedures together, then change and statement of each. */
OB_MUST bool obi_diff_judge(ob_diff_procedure *list, size_t count, double alpha,
                            const bool *confirmed_now, ob_arena *arena, ob_err *err);

#endif
