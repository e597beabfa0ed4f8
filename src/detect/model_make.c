/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/model_make.h"

#include <math.h>
#include <stdlib.h>

#define ROUNDS 100
/* Of so many weights the largest one may be cut off. The large ones say most: with one in 1000 cut
 * off a third of the attacks that were found at the same alarms was lost. */
#define CUT_ONE_OF 20000

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

double obi_model_quantise(const double *weights, size_t count, int8_t *out, double *scratch)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (weights[i] != 0) {
            scratch[used++] = fabs(weights[i]);
        }
    }
    if (used == 0) {
        memset(out, 0, count);
        return 0;
    }
    qsort(scratch, used, sizeof *scratch, by_size);
    double step = scratch[used - 1 - used / CUT_ONE_OF] / 127;
    for (size_t i = 0; i < count; i++) {
        double steps = weights[i] / step;
        out[i] = (int8_t)lround(steps > 127 ? 127 : steps < -127 ? -127 : steps);
    }
    return step;
}

/* A point of its language counts, and one of another by share. */
static double weight_of(const obi_model_point *point, unsigned lang, double share)
{
    return lang == OBI_LANGS || point->lang == lang ? 1 : share;
}

static double loss_of(const obi_model_point *points, size_t count, const double *weights,
                      const double targets[2], obi_model_curve c)
{
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        double z = c.bias + c.slope * points[i].raw;
        double t = targets[points[i].attack];
        loss += weights[i] * (z > 0 ? (1 - t) * z + log1p(exp(-z)) : -t * z + log1p(exp(z)));
    }
    return loss;
}

/* Newton's method with halved steps: the loss is convex in two numbers. */
static obi_model_curve fit(const obi_model_point *points, size_t count, const double *weights,
                           const double targets[2])
{
    obi_model_curve c = {0};
    double loss = loss_of(points, count, weights, targets, c);
    for (unsigned round = 0; round < ROUNDS; round++) {
        double g0 = 0, g1 = 0, h00 = 1e-9, h01 = 0, h11 = 1e-9;
        for (size_t i = 0; i < count; i++) {
            double x = points[i].raw;
            double p = 1 / (1 + exp(-(c.bias + c.slope * x)));
            double d = weights[i] * (p - targets[points[i].attack]);
            double v = weights[i] * p * (1 - p);
            g0 += d;
            g1 += d * x;
            h00 += v;
            h01 += v * x;
            h11 += v * x * x;
        }
        double det = h00 * h11 - h01 * h01;
        double bias = -(h11 * g0 - h01 * g1) / det;
        double slope = -(h00 * g1 - h01 * g0) / det;
        double share = 1;
        obi_model_curve next = c;
        double less = loss;
        for (unsigned halved = 0; halved < 20; halved++) {
            next = (obi_model_curve){c.bias + share * bias, c.slope + share * slope};
            less = loss_of(points, count, weights, targets, next);
            if (less < loss) {
                break;
            }
            share /= 2;
        }
        if (!(less < loss)) {
            break;
        }
        c = next;
        loss = less;
    }
    return c.slope >= 0 ? c : (obi_model_curve){0};
}

static obi_model_curve fit_of(const obi_model_point *points, size_t count, unsigned lang)
{
    double all[2] = {0};
    double own[2] = {0};
    for (size_t i = 0; i < count; i++) {
        all[points[i].attack]++;
        own[points[i].attack] += points[i].lang == lang;
    }
    double *weights = ob_mem_new((count + 1) * sizeof *weights);
    if (weights == NULL || all[0] == 0 || all[1] == 0) {
        ob_mem_free(weights);
        return (obi_model_curve){0};
    }
    double total[2] = {0};
    for (size_t i = 0; i < count; i++) {
        bool attack = points[i].attack;
        double others = all[attack] - own[attack];
        weights[i] = weight_of(&points[i], lang, others > 50 ? 50 / others : 1);
        total[attack] += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        weights[i] /= total[points[i].attack];
    }
    const double targets[2] = {1 / (total[0] + 2), (total[1] + 1) / (total[1] + 2)};
    obi_model_curve curve = fit(points, count, weights, targets);
    ob_mem_free(weights);
    return curve;
}

obi_model_curve obi_model_calibrate(const obi_model_point *points, size_t count)
{
    return fit_of(points, count, OBI_LANGS);
}

void obi_model_calibrate_langs(const obi_model_point *points, size_t count,
                               obi_model_curve out[OBI_LANGS])
{
    for (unsigned lang = 0; lang < OBI_LANGS; lang++) {
        out[lang] = fit_of(points, count, lang);
    }
}

static int32_t fixed(double value)
{
    double scaled = value * 65536;
    return scaled >= INT32_MAX   ? INT32_MAX
           : scaled <= INT32_MIN ? INT32_MIN
                                 : (int32_t)lround(scaled);
}

obi_model_line obi_model_line_of(obi_model_curve curve, double step)
{
    return (obi_model_line){.bias = fixed(curve.bias), .slope = fixed(curve.slope * step)};
}
