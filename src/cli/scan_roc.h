/* SPDX-License-Identifier: Apache-2.0 */
/* What "ombud scan evaluate" says of scored texts: thresholds, rates and their intervals, and the
 * same by groups. Scores are hundredths of log-odds; an alarm is a score of the threshold or more.
 */
#ifndef OB_CLI_SCAN_ROC_H
#define OB_CLI_SCAN_ROC_H

#include "input/labelled.h"

#include <ombud/buf.h>

/* Of a text in which nothing was seen at all: below every threshold. */
#define OB_ROC_NOTHING INT32_MIN
/* The threshold that everything else reaches. */
#define OB_ROC_ANYTHING (INT32_MIN + 1)

typedef struct ob_scored {
    const ob_labelled_row *row;
    int32_t score;
} ob_scored;

typedef struct ob_roc_point {
    int32_t threshold;
    size_t found; /* attacks with an alarm */
    size_t attacks;
    size_t alarms; /* honest texts with one */
    size_t honest;
} ob_roc_point;

/* Counts what has an alarm at a threshold. */
ob_roc_point ob_roc_at(const ob_scored *scored, size_t count, int32_t threshold);
/* The least threshold at which at most share of the honest texts have an alarm. scratch: room for
 * count numbers. */
int32_t ob_roc_threshold(const ob_scored *scored, size_t count, double share, int32_t *scratch);

/* The report, as tables for people or as one JSON object. */
OB_MUST bool ob_roc_report(const ob_scored *scored, size_t count, bool json, ob_buf *out,
                           ob_err *err);

#endif
