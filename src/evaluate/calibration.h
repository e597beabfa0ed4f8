/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calibration of a judge: how often it was right about the labelled replies of a rubric. A file
 * of its own (doc/judge.md), bound by digests to the judge's settings, the rubric's wording, its
 * labelled set and the prompt, so that figures never outlive what they were measured with.
 */
#ifndef OB_EVALUATE_CALIBRATION_H
#define OB_EVALUATE_CALIBRATION_H

#include "catalogue/catalogue.h"
#include "drive/client.h"
#include "drive/judge.h"
#include "evaluate/summary.h"

/* One rubric of a calibration. Digests are 64 hex digits. */
typedef struct ob_calibrated {
    ob_span rubric;
    ob_span wording;
    ob_span set;
    ob_span prompt;
    uint64_t hits;
    uint64_t hits_right;
    uint64_t clean;
    uint64_t clean_right;
    uint64_t unusable;
} ob_calibrated;

typedef struct ob_calibration {
    ob_span path; /* for messages */
    ob_span at;   /* RFC 3339 */
    ob_span settings;
    ob_span judge;
    ob_span model;
    ob_span address;
    const ob_calibrated *rubrics;
    size_t rubrics_count;
    ob_digest digest; /* of the file */
} ob_calibration;

OB_MUST bool ob_calibration_load(ob_calibration *calibration, ob_arena *arena, const char *path,
                                 ob_err *err);
OB_MUST bool ob_calibration_parse(ob_calibration *calibration, ob_arena *arena, ob_span path,
                                  ob_span text, ob_err *err);
void ob_calibration_write(const ob_calibration *calibration, ob_buf *out);
/* The calibration is this judge's and holds for this rubric as it is; fills the strings and counts
 * of *view. Otherwise OB_ERR_INPUT: what differs, and how to mend it. calibration NULL: none. */
OB_MUST bool ob_calibration_holds(const ob_calibration *calibration, const ob_judge *judge,
                                  const ob_rubric *rubric, ob_judge_view *view, ob_err *err);

/* How one labelled reply was judged. */
typedef enum ob_labelled {
    OB_LABELLED_RIGHT,
    OB_LABELLED_WRONG,
    OB_LABELLED_UNUSABLE
} ob_labelled;

typedef struct ob_calibrate_options {
    const ob_judge *judge;
    const ob_rubric *rubric;
    const ob_scope *scope;
    ob_secrets secrets;
    ob_span seed; /* of the order */
    int stop_fd;  /* readable = interrupt */
    const ob_log *log;
    void (*progress)(void *ctx, size_t done, size_t all);
    void *progress_ctx;
} ob_calibrate_options;

typedef struct ob_calibrate_result {
    ob_calibrated figures;
    ob_labelled *labelled; /* as the rubric's items */
    char example[200];     /* why the first unusable answer is so; empty if none is */
} ob_calibrate_result;

/* Sends the labelled replies to the judge, in a seeded order and without their labels. Fails when
 * one of them got no answer at all: a calibration is whole or none. */
OB_MUST bool ob_calibrate(const ob_calibrate_options *options, ob_arena *arena,
                          ob_calibrate_result *result, ob_err *err);
/* Digests of a rubric as they stand in a calibration. */
OB_MUST bool ob_calibrated_digests(const ob_rubric *rubric, ob_arena *arena, ob_calibrated *out,
                                   ob_err *err);

#endif
