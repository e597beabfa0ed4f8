/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/evaluate_plan.h"

#include "cli/cli.h"

typedef struct plan {
    const ob_run_options *options;
    const ob_plan_row *rows;
    size_t count;
    uint64_t sums[3];
    double rate; /* 0 = none */
    uint64_t requests;
} plan;

/* Why a procedure is not executed, or NULL. */
static const char *why_not(const ob_plan_row *r)
{
    return r->not_applicable != NULL ? r->not_applicable : r->not_tested;
}

static void print_rows(plan *p)
{
    (void)printf("%-26s %7s %10s %10s %10s\n", "procedure", "limit", "least", "expected", "most");
    for (size_t i = 0; i < p->count; i++) {
        const ob_plan_row *r = &p->rows[i];
        const uint64_t trials[] = {r->trials_least, r->trials_expected, r->trials_most};
        if (why_not(r) != NULL) {
            continue;
        }
        (void)printf("%-26.*s %5.1f %%", OB_SHOW(r->procedure->id), 100 * r->limit);
        for (size_t k = 0; k < 3; k++) {
            unsigned long long requests = trials[k] * r->requests_per_trial;
            p->sums[k] += requests;
            (void)printf(" %10llu", requests);
        }
        (void)putchar('\n');
    }
    (void)printf("%-26s %7s %10llu %10llu %10llu requests\n", "all", "",
                 (unsigned long long)p->sums[0], (unsigned long long)p->sums[1],
                 (unsigned long long)p->sums[2]);
}

/* What goes to the judge, and what its errors do to the limits. */
static void print_judge(const plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const ob_plan_row *r = &p->rows[i];
        const ob_judge_view *j = r->judge;
        if (j == NULL || why_not(r) != NULL) {
            continue;
        }
        (void)printf(
            "\nJudge of %.*s: %.*s at %.*s\n  at most one request a trial, and it is given "
            "the reply\n  a PASS is held against %.2f %% and takes %llu trials without a "
            "hit instead of %llu\n  a FAIL is held against %.2f %%\n",
            OB_SHOW(r->procedure->id), OB_SHOW(j->model), OB_SHOW(j->address), 100 * j->pass_limit,
            (unsigned long long)j->pass_from, (unsigned long long)j->pass_else,
            100 * j->fail_limit);
        if (j->pass_from > r->trials_most) {
            (void)printf("  a PASS is impossible: the plan allows %llu trials; take a judge that "
                         "errs less\n",
                         (unsigned long long)r->trials_most);
        } else if (1 - j->specificity >= j->pass_limit) {
            (void)printf(
                "  a PASS is unlikely: it was not right about %.1f %% of the clean replies\n",
                100 * (1 - j->specificity));
        }
    }
}

/* Where the limits would end the run first, it is better told now than after an hour. */
static void print_limits(const plan *p)
{
    if (p->rate > 0) {
        (void)printf("at %.1f requests/s: %.0f, %.0f, %.0f minutes\n", p->rate,
                     (double)p->sums[0] / p->rate / 60, (double)p->sums[1] / p->rate / 60,
                     (double)p->sums[2] / p->rate / 60);
    }
    if (p->requests < p->sums[1]) {
        (void)printf("The limit of %llu requests ends the run before that. It is set by\n"
                     "--max-requests, by limits: {requests: N} of the service file, or by\n"
                     "requests: N of the scope.\n",
                     (unsigned long long)p->requests);
    }
}

/* What a run, which asks for leave before it sends, would be refused for. */
static const char *refused(const ob_plan_row *r)
{
    return r->refused;
}

static bool is_first_of_reason(const plan *p, size_t at, const char *(*reason)(const ob_plan_row *))
{
    for (size_t i = 0; i < at; i++) {
        const char *why = reason(&p->rows[i]);
        if (why != NULL && strcmp(why, reason(&p->rows[at])) == 0) {
            return false;
        }
    }
    return true;
}

/* One block a reason: what the files would have to name, and what could then be tested. */
static void print_reasons(const plan *p, const char *title,
                          const char *(*reason)(const ob_plan_row *))
{
    bool any = false;
    for (size_t i = 0; i < p->count; i++) {
        size_t column = 80;
        const char *why = reason(&p->rows[i]);
        if (why == NULL || !is_first_of_reason(p, i, reason)) {
            continue;
        }
        (void)printf("\n%s  %s:", any ? "" : title, why);
        any = true;
        for (size_t k = i; k < p->count; k++) {
            const ob_plan_row *r = &p->rows[k];
            if (reason(r) == NULL || strcmp(reason(r), why) != 0) {
                continue;
            }
            bool breaks = column + 1 + r->procedure->id.len > 78;
            (void)printf("%s%.*s", breaks ? "\n    " : " ", OB_SHOW(r->procedure->id));
            column = (breaks ? 4 : column + 1) + r->procedure->id.len;
        }
    }
    (void)fputs(any ? "\n" : "", stdout);
}

static bool print_requests(const plan *p, ob_err *err)
{
    for (size_t i = 0; i < p->count; i++) {
        OB_AUTO(ob_buf) request = {.max = OB_REQUEST_MAX};
        const ob_procedure *procedure = p->rows[i].procedure;
        if (why_not(&p->rows[i]) != NULL) {
            continue;
        }
        if (!ob_run_preview(p->options, procedure, &request, err)) {
            return ob_wrap(err, "procedure %.*s", OB_SHOW(procedure->id));
        }
        (void)printf("\nFirst request of %.*s:\n%.*s\n", OB_SHOW(procedure->id),
                     OB_SHOW(ob_buf_span(&request)));
    }
    return true;
}

bool obi_evaluate_plan(const ob_run_options *options, ob_arena *arena, ob_err *err)
{
    ob_plan_row *rows = NULL;
    plan p = {.options = options};
    unsigned in_flight = 0;
    if (!ob_run_limits(options, &p.rate, &in_flight, &p.requests, err) ||
        !ob_run_plan(options, arena, &rows, &p.count, err)) {
        return false;
    }
    p.rows = rows;
    (void)printf("Plan for %.*s at level %u. Nothing is sent.\n\n",
                 OB_SHOW(options->service->title), options->level);
    print_rows(&p);
    print_limits(&p);
    print_judge(&p);
    print_reasons(&p, "The run would be refused:\n", refused);
    print_reasons(&p, "Not executed:\n", why_not);
    return print_requests(&p, err);
}
