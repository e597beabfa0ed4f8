/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run: one plan executed against one service, with its evidence in a store. ob_run_execute starts
 * or resumes it and returns when it is decided, interrupted or out of budget; the report comes from
 * the store afterwards (ob_summary_load). Nothing is printed: progress goes to a callback.
 */
#ifndef OB_EVALUATE_RUN_H
#define OB_EVALUATE_RUN_H

#include "catalogue/catalogue.h"
#include "drive/client.h"
#include "evaluate/calibration.h"
#include "evaluate/summary.h"

#include <ombud/detect.h>

typedef struct ob_progress {
    size_t families; /* that are executed at all */
    size_t undecided;
    uint64_t trials; /* ended */
    uint64_t hits;
    uint64_t requests; /* sent */
    uint64_t left;     /* requests still expected; 0 when nothing is undecided */
    double eta_s;      /* negative: not known yet */
} ob_progress;

typedef struct ob_run_options {
    const ob_catalogue *catalogue;
    const ob_service *service;
    ob_span service_path;
    const ob_scope *scope;
    ob_secrets secrets;
    const ob_judge *judge; /* NULL: procedures that need one are not tested */
    ob_secrets judge_secrets;
    const ob_calibration *calibration; /* of the judge; NULL = there is none */
    ob_store *store;
    const char *resume;  /* id of the run to go on with; NULL = a new one */
    unsigned level;      /* 1 .. 3 */
    ob_span seed;        /* empty = random; with resume that of the run */
    ob_span operator_;   /* who runs it */
    const ob_span *only; /* procedures, requirements or evaluations by id; none = all */
    size_t only_count;
    const ob_span *except; /* likewise; these are left out */
    size_t except_count;
    const ob_detector *detector; /* NULL: the shipped rules, compiled when they are needed */
    bool keep_raw; /* personal data and secrets in replies are stored as they come; with resume as
                      that run has it */
    uint64_t max_requests; /* 0 = no limit of this run */
    uint64_t max_ms;       /* 0 = no limit */
    double rate;
    unsigned in_flight;
    int stop_fd; /* readable = interrupt; 0 or -1 = none */
    const ob_log *log;
    const ob_var *environment; /* what a local program gets of ours */
    size_t environment_count;
    void (*progress)(void *ctx, const ob_progress *progress);
    void *progress_ctx;
} ob_run_options;

typedef struct ob_run_result {
    char id[40];
    bool interrupted;  /* asked to stop, or out of requests or time */
    uint64_t requests; /* sent in this sitting */
} ob_run_result;

/* What a plan would cost, before anything is sent. */
typedef struct ob_plan_row {
    const ob_procedure *procedure;
    const char *not_applicable; /* why it is not executed, or NULL */
    const char *not_tested;     /* likewise, though it applies */
    const char *refused; /* it was named, so the whole run would be refused for it; or NULL */
    const ob_judge_view *judge; /* asked once a trial at most, or NULL */
    double limit;
    unsigned requests_per_trial;
    uint64_t trials_least;    /* to a FAIL at the first hits, or 1 under zero tolerance */
    uint64_t trials_expected; /* to a PASS without a hit */
    uint64_t trials_most;
} ob_plan_row;

/* The plan: rows in the order of the catalogue. */
OB_MUST bool ob_run_plan(const ob_run_options *options, ob_arena *arena, ob_plan_row **rows,
                         size_t *count, ob_err *err);
/* The limits in force: requests a second (0 = none), exchanges at once, requests in all (UINT64_MAX
 * = no end). */
OB_MUST bool ob_run_limits(const ob_run_options *options, double *rate, unsigned *in_flight,
                           uint64_t *requests, ob_err *err);
/* The first request of a procedure's flow, byte for byte, secrets masked. Nothing is sent. */
OB_MUST bool ob_run_preview(const ob_run_options *options, const ob_procedure *procedure,
                            ob_buf *out, ob_err *err);
/* Executes. A false return means that the run could not go on (store, scope, bug); what was
 * recorded stays and can be resumed. */
OB_MUST bool ob_run_execute(const ob_run_options *options, ob_run_result *result, ob_err *err);

#endif
