/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The e-process: two discrete mixtures of likelihood ratios against p = limit, or against a limit
 * each. Each value depends on (trials, hits) alone, so nothing is accumulated and nothing drifts.
 * Logarithms throughout: at a million trials the ratios themselves would overflow.
 */
#include <ombud/stats.h>

#include <math.h>

typedef struct point {
    double at; /* pass: as a share of the limit; fail: as a share of the way from it to 1 */
    double weight;
} point;

static const point pass_grid[OB_EPROC_PASS_GRID] = {
    {0, .40},       {1.0 / 32, .10}, {1.0 / 16, .10}, {1.0 / 8, .12},
    {1.0 / 4, .12}, {1.0 / 2, .10},  {3.0 / 4, .06}};
static const point fail_grid[OB_EPROC_FAIL_GRID] = {
    {1.0 / 64, .10}, {1.0 / 32, .12}, {1.0 / 16, .15}, {1.0 / 8, .18},
    {1.0 / 4, .18},  {1.0 / 2, .15},  {3.0 / 4, .06},  {1.0, .06}};

bool ob_eproc_init(ob_eproc *process, double limit, ob_err *err)
{
    return ob_eproc_init_between(process, limit, limit, err);
}

bool ob_eproc_init_between(ob_eproc *process, double below, double above, ob_err *err)
{
    if (!(below > 0 && above < 1 && below <= above)) {
        return ob_fail(err, OB_ERR_INPUT, "a limit lies between 0 and 1, not at %g",
                       below > 0 ? above : below);
    }
    *process = (ob_eproc){.limit = below, .above = above};
    return true;
}

void ob_eproc_add(ob_eproc *process, bool hit)
{
    process->trials++;
    process->hits += hit;
}

/* log(w) + s log(q/p) + f log((1-q)/(1-p)); -INFINITY where the ratio is 0. */
static double log_term(double limit, double q, double weight, uint64_t hits, uint64_t clean)
{
    if ((q <= 0 && hits > 0) || (q >= 1 && clean > 0)) {
        return -HUGE_VAL;
    }
    double sum = log(weight);
    if (hits > 0) {
        sum += (double)hits * log(q / limit);
    }
    if (clean > 0) {
        sum += (double)clean * (log1p(-q) - log1p(-limit));
    }
    return sum;
}

static double log_sum(const double *terms, size_t count)
{
    double most = -HUGE_VAL;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        most = terms[i] > most ? terms[i] : most;
    }
    if (isinf(most)) {
        return most;
    }
    for (size_t i = 0; i < count; i++) {
        sum += exp(terms[i] - most);
    }
    return most + log(sum);
}

static double log_pass(double limit, uint64_t trials, uint64_t hits)
{
    double terms[OB_EPROC_PASS_GRID];
    for (size_t i = 0; i < OB_EPROC_PASS_GRID; i++) {
        terms[i] =
            log_term(limit, pass_grid[i].at * limit, pass_grid[i].weight, hits, trials - hits);
    }
    return log_sum(terms, OB_EPROC_PASS_GRID);
}

static double log_fail(double limit, uint64_t trials, uint64_t hits)
{
    double terms[OB_EPROC_FAIL_GRID];
    for (size_t i = 0; i < OB_EPROC_FAIL_GRID; i++) {
        double q = limit + fail_grid[i].at * (1 - limit);
        terms[i] = log_term(limit, q, fail_grid[i].weight, hits, trials - hits);
    }
    return log_sum(terms, OB_EPROC_FAIL_GRID);
}

static double above_of(const ob_eproc *p)
{
    return p->above > 0 ? p->above : p->limit;
}

double ob_eproc_log_pass(const ob_eproc *process)
{
    return log_pass(process->limit, process->trials, process->hits);
}

double ob_eproc_log_fail(const ob_eproc *process)
{
    return log_fail(above_of(process), process->trials, process->hits);
}

static ob_decision decide(const ob_eproc *p, uint64_t trials, uint64_t hits, double alpha)
{
    double bound = -log(alpha);
    if (log_pass(p->limit, trials, hits) >= bound) {
        return OB_BELOW;
    }
    return log_fail(above_of(p), trials, hits) >= bound ? OB_ABOVE : OB_UNDECIDED;
}

ob_decision ob_eproc_decide(const ob_eproc *process, double alpha)
{
    return decide(process, process->trials, process->hits, alpha);
}

/* Is it decided after more trials, if hits come at the rate seen so far? */
static bool decided_after(const ob_eproc *p, double alpha, uint64_t more)
{
    double rate = p->trials == 0 ? 0 : (double)p->hits / (double)p->trials;
    uint64_t trials = p->trials + more;
    uint64_t hits = p->hits + (uint64_t)llround(rate * (double)more);
    return decide(p, trials, hits, alpha) != OB_UNDECIDED;
}

/* Beyond, a double skips whole numbers, and sums would leave 64 bits. */
#define NEEDS_MOST ((uint64_t)1 << 53)

uint64_t ob_eproc_needs(const ob_eproc *process, double alpha, uint64_t cap)
{
    if (ob_eproc_decide(process, alpha) != OB_UNDECIDED) {
        return 0;
    }
    cap = cap < NEEDS_MOST ? cap : NEEDS_MOST;
    uint64_t high = 1;
    while (high < cap && !decided_after(process, alpha, high)) {
        high *= 2;
    }
    uint64_t low = high / 2;
    if (high >= cap) {
        if (cap == 0 || !decided_after(process, alpha, cap)) {
            return cap;
        }
        high = cap;
    }
    while (low + 1 < high) {
        uint64_t middle = low + (high - low) / 2;
        if (decided_after(process, alpha, middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

/*
 * Bounds: E_pass(p0) grows with p0 above the observed rate, so the largest p0 that is not refuted
 * is found by halving; likewise below it for E_fail.
 */
static double upper_at(uint64_t trials, uint64_t hits, double log_bound)
{
    if (trials == 0 || hits >= trials) {
        return 1;
    }
    double low = (double)hits / (double)trials;
    double high = 1;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (middle > 0 && middle < 1 && log_pass(middle, trials, hits) >= log_bound) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

static double lower_at(uint64_t trials, uint64_t hits, double log_bound)
{
    if (trials == 0 || hits == 0) {
        return 0;
    }
    double low = 0;
    double high = (double)hits / (double)trials;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (middle > 0 && middle < 1 && log_fail(middle, trials, hits) < log_bound) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

double ob_anytime_upper(uint64_t trials, uint64_t hits, double alpha)
{
    return upper_at(trials, hits, -log(alpha));
}

double ob_anytime_lower(uint64_t trials, uint64_t hits, double alpha)
{
    return lower_at(trials, hits, -log(alpha));
}

void ob_anytime_interval(uint64_t trials, uint64_t hits, double alpha, double *low, double *high)
{
    *low = lower_at(trials, hits, -log(alpha / 2));
    *high = upper_at(trials, hits, -log(alpha / 2));
}
