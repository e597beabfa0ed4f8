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

static void print_rows(plan *p)
{
    (void)printf("%-26s %7s %10s %10s %10s\n", "procedure", "limit", "least", "expected", "most");
    for (size_t i = 0; i < p->count; i++) {
        const ob_plan_row *r = &p->rows[i];
        const uint64_t trials[] = {r->trials_least, r->trials_expected, r->trials_most};
        if (r->not_applicable != NULL) {
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

/* A run asks for leave before it sends; a plan tells what it would be refused. */
static void print_refusals(const plan *p)
{
    for (int effect = 0; effect < OB_EFFECTS; effect++) {
        ob_err why = {0};
        size_t column = 80;
        if (ob_scope_check_effect(p->options->scope, (ob_effect)effect, &why)) {
            continue;
        }
        for (size_t i = 0; i < p->count; i++) {
            const ob_procedure *procedure = p->rows[i].procedure;
            if (p->rows[i].not_applicable != NULL || (int)procedure->effect != effect) {
                continue;
            }
            if (column == 80) {
                (void)printf("\nThe run would be refused:\n  %s\n  This is for", why.text);
                column = 12;
            }
            bool breaks = column + 1 + procedure->id.len > 78;
            (void)printf("%s%.*s", breaks ? "\n    " : " ", OB_SHOW(procedure->id));
            column = (breaks ? 4 : column + 1) + procedure->id.len;
        }
        (void)fputs(column == 80 ? "" : "\n", stdout);
    }
}

static bool is_first_of_reason(const plan *p, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (p->rows[i].not_applicable != NULL &&
            strcmp(p->rows[i].not_applicable, p->rows[at].not_applicable) == 0) {
            return false;
        }
    }
    return true;
}

/* One block a reason: what the service file would have to name, and what could then be tested. */
static void print_reasons(const plan *p)
{
    bool any = false;
    for (size_t i = 0; i < p->count; i++) {
        size_t column = 80;
        if (p->rows[i].not_applicable == NULL || !is_first_of_reason(p, i)) {
            continue;
        }
        (void)printf("%s  %s:", any ? "\n" : "\nNot applicable:\n", p->rows[i].not_applicable);
        any = true;
        for (size_t k = i; k < p->count; k++) {
            const ob_plan_row *r = &p->rows[k];
            if (r->not_applicable == NULL ||
                strcmp(r->not_applicable, p->rows[i].not_applicable) != 0) {
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
        if (p->rows[i].not_applicable != NULL) {
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
    print_refusals(&p);
    print_reasons(&p);
    return print_requests(&p, err);
}
