/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the self-test: each procedure against the reference service, without its weakness and with
 * it. A plan lists the runs, workers take them one by one and send a record for each procedure of a
 * run, and the figures are sums over records.
 */
#ifndef OB_CLI_SELFTEST_H
#define OB_CLI_SELFTEST_H

#include "catalogue/catalogue.h"
#include "cli/cli.h"
#include "cli/reference.h"
#include "demo.h"

/* Bars; the sensitivity has 19 of 20 seeds. */
#define OB_SELFTEST_SHARE 0.45 /* of the trials of fixed plans, at most */

/* One run of a seed: all procedures of a level at 0, or the one of a dial at its design rate. */
typedef struct ob_selftest_task {
    unsigned seed;
    unsigned level;
    int dial; /* index into ob_demo_dials, or -1 */
    const ob_span *only;
    size_t only_count;
} ob_selftest_task;

typedef struct ob_selftest_plan {
    const ob_catalogue *catalogue;
    const ob_procedure **procedures; /* chosen ones, by id */
    size_t procedures_count;
    const ob_procedure **judged; /* left out: they need a judge, and the self-test has none */
    size_t judged_count;
    const ob_selftest_task *tasks;
    size_t tasks_count;
    unsigned seeds;
    const char *token;
} ob_selftest_plan;

/* Outcomes, and two notices of a worker. */
#define OB_SELFTEST_DONE   100 /* a task is finished */
#define OB_SELFTEST_BROKEN 101 /* a run could not go on: why tells */

/* Goes through a pipe in one piece. */
typedef struct ob_selftest_record {
    uint64_t trials;
    uint64_t fixed_plan;
    uint64_t requests;
    uint32_t task;
    uint32_t procedure; /* index into procedures of the plan */
    int32_t outcome;    /* ob_outcome or a notice */
    int32_t kind;       /* ob_err_kind of a notice */
    char why[240];
} ob_selftest_record;

/* Sums over the runs at 0 or at one dial's design rate. */
typedef struct ob_selftest_sum {
    unsigned counts[OB_OUTCOMES];
    unsigned runs; /* those that were applicable */
    uint64_t trials;
    uint64_t fixed_plan;
} ob_selftest_sum;

typedef struct ob_selftest_row {
    ob_selftest_sum zero;
    ob_selftest_sum dials[OB_DEMO_DIALS_MAX];
    char why[240]; /* of the first run at 0 that came to neither PASS nor NOT_APPLICABLE */
} ob_selftest_row;

typedef struct ob_selftest_figures {
    const ob_selftest_plan *plan;
    ob_selftest_row *rows; /* as the procedures of the plan */
    uint64_t requests;
} ob_selftest_figures;

/* selftest_plan.c */
OB_MUST bool ob_selftest_plan_make(ob_selftest_plan *plan, ob_arena *arena,
                                   const ob_catalogue *catalogue, const ob_span *only,
                                   size_t only_count, unsigned seeds, ob_err *err);

/* selftest_work.c: executes tasks, next counted up among all workers, and ends the process with 0
 * when none are left. folder is the worker's own. */
typedef struct ob_selftest_worker {
    const ob_args *args;
    const ob_selftest_plan *plan;
    const ob_reference *service;
    const char *folder;
    _Atomic(uint32_t) *next;
    int out; /* records go here */
} ob_selftest_worker;

_Noreturn void ob_selftest_work(const ob_selftest_worker *worker);

/* selftest_figures.c */
bool ob_selftest_is_dial_of(const ob_selftest_plan *plan, size_t dial, size_t procedure);
void ob_selftest_add(ob_selftest_figures *figures, const ob_selftest_record *record);
/* Table, queries to verdict, and what misses its bar; true when nothing does. */
bool ob_selftest_table(const ob_selftest_figures *figures, ob_buf *out);
void ob_selftest_json(const ob_selftest_figures *figures, ob_buf *out);

#endif
