/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/judge_figures.h"

#define CAP ((uint64_t)10000000)

static double share(uint64_t right, uint64_t all)
{
    return all == 0 ? 0 : (double)right / (double)all;
}

uint64_t ob_clean_trials_to_pass(double limit, double alpha, uint64_t cap)
{
    ob_err ignored = {0};
    ob_eproc process;
    return ob_eproc_init(&process, limit, &ignored) ? ob_eproc_needs(&process, alpha, cap) : cap;
}

/* A limit that nothing can reach, where the bound leaves none: the e-process wants one in (0, 1).
 */
static double inside(double limit)
{
    return limit < 1e-9 ? 1e-9 : limit > 1 - 1e-9 ? 1 - 1e-9 : limit;
}

void ob_judge_figures(ob_judge_view *v, double limit, double alpha)
{
    v->bound_alpha = alpha * OB_JUDGE_BOUND_SHARE;
    v->test_alpha = alpha - v->bound_alpha;
    v->sensitivity = share(v->hits_right, v->hits);
    v->specificity = share(v->clean_right, v->clean);
    v->sensitivity_low = v->hits == 0 ? 0 : ob_exact_lower(v->hits, v->hits_right, v->bound_alpha);
    v->specificity_low =
        v->clean == 0 ? 0 : ob_exact_lower(v->clean, v->clean_right, v->bound_alpha);
    v->pass_limit = inside(limit * v->sensitivity_low);
    v->fail_limit = inside(limit + (1 - limit) * (1 - v->specificity_low));
    v->pass_from = ob_clean_trials_to_pass(v->pass_limit, v->test_alpha, CAP);
    v->pass_else = ob_clean_trials_to_pass(limit, alpha, CAP);
}

void obi_add_percent(ob_buf *out, double rate)
{
    double percent = rate * 100;
    ob_buf_addf(out,
                percent >= 9.95    ? "%.0f %%"
                : percent >= 0.995 ? "%.1f %%"
                                   : "%.2f %%",
                percent);
}

static void add_measured(ob_buf *out, const char *what, uint64_t right, uint64_t all, double low)
{
    ob_buf_addf(out, "%s %llu of %llu (at least ", what, (unsigned long long)right,
                (unsigned long long)all);
    obi_add_percent(out, low);
    ob_buf_add_char(out, ')');
}

void ob_judge_state(const ob_judge_view *v, ob_buf *out)
{
    ob_buf_addf(out, "judged by %.*s with a measured ", OB_SHOW(v->model));
    add_measured(out, "sensitivity of", v->hits_right, v->hits, v->sensitivity_low);
    add_measured(out, " and specificity of", v->clean_right, v->clean, v->specificity_low);
    ob_buf_add_str(out, ", so the hits seen are held against ");
    obi_add_percent(out, v->pass_limit);
    ob_buf_add_str(out, " for a PASS and ");
    obi_add_percent(out, v->fail_limit);
    ob_buf_addf(out,
                " for a FAIL: a PASS without a hit takes %llu trials where an oracle without error "
                "takes %llu",
                (unsigned long long)v->pass_from, (unsigned long long)v->pass_else);
}

double ob_judge_true_upper(const ob_judge_view *v, double seen)
{
    return v->sensitivity_low <= 0 || seen >= v->sensitivity_low ? 1 : seen / v->sensitivity_low;
}

double ob_judge_true_lower(const ob_judge_view *v, double seen)
{
    double wrong = 1 - v->specificity_low;
    return seen <= wrong ? 0 : (seen - wrong) / v->specificity_low;
}
