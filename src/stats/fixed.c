/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-size statistics: exact and Wilson bounds, fixed plans, clusters, many claims at once. */
#include <ombud/stats.h>

#include <math.h>

/* log(n!). Plain lgamma writes a global, which two threads would share. */
static double log_factorial(uint64_t n)
{
    int sign = 0;
    return lgamma_r((double)n + 1, &sign);
}

static double log_choose(uint64_t n, uint64_t k)
{
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/* P(X <= k) for X binomial (n, p). */
static double binomial_cdf(uint64_t n, uint64_t k, double p)
{
    if (k >= n || p <= 0) {
        return 1;
    }
    if (p >= 1) {
        return 0;
    }
    double sum = 0;
    for (uint64_t i = 0; i <= k; i++) {
        sum += exp(log_choose(n, i) + (double)i * log(p) + (double)(n - i) * log1p(-p));
    }
    return sum < 1 ? sum : 1;
}

double ob_exact_upper(uint64_t trials, uint64_t hits, double alpha)
{
    double low = 0;
    double high = 1;
    if (hits >= trials) {
        return 1;
    }
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (binomial_cdf(trials, hits, middle) < alpha) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

double ob_exact_lower(uint64_t trials, uint64_t hits, double alpha)
{
    double low = 0;
    double high = 1;
    if (hits == 0) {
        return 0;
    }
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (1 - binomial_cdf(trials, hits - 1, middle) > alpha) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

void ob_wilson(uint64_t trials, uint64_t hits, double z, double *low, double *high)
{
    if (trials == 0) {
        *low = 0;
        *high = 1;
        return;
    }
    double n = (double)trials;
    double p = (double)hits / n;
    double d = 1 + z * z / n;
    double centre = (p + z * z / (2 * n)) / d;
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d;
    *low = centre - half > 0 ? centre - half : 0;
    *high = centre + half < 1 ? centre + half : 1;
}

/* Smallest n with P(X <= c | p_max) <= beta: the left side falls with n. */
static uint64_t smallest_n(uint64_t c, double p_max, double beta)
{
    uint64_t high = c + 1;
    while (binomial_cdf(high, c, p_max) > beta) {
        high *= 2;
    }
    uint64_t low = c;
    while (low + 1 < high) {
        uint64_t middle = low + (high - low) / 2;
        if (binomial_cdf(middle, c, p_max) <= beta) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

#define ACCEPT_MOST 1000

void ob_fixed_plan(double p_ok, double p_max, double alpha, double beta, uint64_t *trials,
                   uint64_t *accept)
{
    for (uint64_t c = 0; c <= ACCEPT_MOST; c++) {
        uint64_t n = smallest_n(c, p_max, beta);
        if (1 - binomial_cdf(n, c, p_ok) <= alpha || c == ACCEPT_MOST) {
            *trials = n;
            *accept = c;
            return;
        }
    }
}

double ob_design_effect(const uint64_t *sizes, const uint64_t *hits, size_t count)
{
    double n = 0;
    double s = 0;
    for (size_t i = 0; i < count; i++) {
        n += (double)sizes[i];
        s += (double)hits[i];
    }
    if (count < 2 || s <= 0 || s >= n || n <= (double)count) {
        return 1;
    }
    /* Variance of a ratio estimate between clusters, over that of n independent trials. */
    double p = s / n;
    double between = 0;
    for (size_t i = 0; i < count; i++) {
        double residual = (double)hits[i] - p * (double)sizes[i];
        between += residual * residual;
    }
    double k = (double)count;
    double variance = k / (k - 1) * between / (n * n);
    double effect = variance / (p * (1 - p) / n);
    return effect > 1 ? effect : 1;
}

void ob_ebh(const double *log_e, size_t count, double alpha, bool *claimed)
{
    size_t most = 0;
    /* k claims hold when at least k values reach count / (k alpha). */
    for (size_t k = 1; k <= count; k++) {
        double bound = log((double)count) - log((double)k) - log(alpha);
        size_t reached = 0;
        for (size_t i = 0; i < count; i++) {
            reached += log_e[i] >= bound;
        }
        if (reached >= k) {
            most = k;
        }
    }
    double last = most == 0 ? 0 : log((double)count) - log((double)most) - log(alpha);
    for (size_t i = 0; i < count; i++) {
        claimed[i] = most > 0 && log_e[i] >= last;
    }
}
