/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sequential sign test: which way do pairs differ? Each value depends on the two counts alone,
 * so nothing is accumulated and the order of the pairs does not matter.
 *
 * The first point is a bet on "all go one way", large enough that five of five suffice at 5 %; a
 * fair value without any other bet would be 2^5 = 32 there and 0 after one pair of the other way.
 * The others keep the value alive when a few pairs go the other way.
 */
#include <ombud/stats.h>

#include <math.h>

static const struct {
    double at; /* chance of "more" under this bet, above 1/2 */
    double weight;
} grid[OB_SIGN_GRID] = {
    {1.0, .40}, {15.0 / 16, .20}, {7.0 / 8, .15}, {3.0 / 4, .15}, {5.0 / 8, .10}};

double ob_sign_log_e(uint64_t more, uint64_t less)
{
    double terms[OB_SIGN_GRID];
    double most = -HUGE_VAL;
    double sum = 0;
    for (size_t i = 0; i < OB_SIGN_GRID; i++) {
        double q = grid[i].at;
        terms[i] = q >= 1 && less > 0 ? -HUGE_VAL : log(grid[i].weight) + (double)more * log(2 * q);
        if (q < 1 && less > 0) {
            terms[i] += (double)less * log(2 * (1 - q));
        }
        most = terms[i] > most ? terms[i] : most;
    }
    for (size_t i = 0; i < OB_SIGN_GRID; i++) {
        sum += exp(terms[i] - most);
    }
    return most + log(sum);
}

uint64_t ob_sign_needs(uint64_t more, uint64_t less, double alpha, uint64_t cap)
{
    double bound = -log(alpha);
    uint64_t needs = 0;
    while (needs < cap && ob_sign_log_e(more + needs, less) < bound) {
        needs++;
    }
    return needs;
}
