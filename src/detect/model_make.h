/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of making a model that are arithmetic alone: whatever solver found the weights. */
#ifndef OB_DETECT_MODEL_MAKE_H
#define OB_DETECT_MODEL_MAKE_H

#include "detect/model.h"

/*
 * Rounds count weights to 8 bits and returns what one step is worth. The largest in a thousand
 * weights are cut to 127 steps: one outlier would otherwise leave the others few steps. All
 * weights zero: 0. scratch: room for count numbers.
 */
double obi_model_quantise(const double *weights, size_t count, int8_t *out, double *scratch);

/* One score and what it should have said. */
typedef struct obi_model_point {
    double raw;
    bool attack;
    unsigned lang;
} obi_model_point;

typedef struct obi_model_curve {
    double bias; /* log-odds = bias + slope * raw */
    double slope;
} obi_model_curve;

/*
 * Calibration (Platt 1999, with his targets that avoid certainty): both classes weigh the same, so
 * that log-odds 0 is "as likely an attack as not" for equal numbers of both. The slope is never
 * negative. Points of one class only: all zero.
 */
obi_model_curve obi_model_calibrate(const obi_model_point *points, size_t count);
/*
 * Of each language its own curve, drawn towards that of all points as if those were 50 points of
 * each class more: a language with few texts has that of all.
 */
void obi_model_calibrate_langs(const obi_model_point *points, size_t count,
                               obi_model_curve out[OBI_LANGS]);

/* A curve over steps of size step, for a file. */
obi_model_line obi_model_line_of(obi_model_curve curve, double step);

#endif
