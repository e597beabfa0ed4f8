/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside a run: families (a procedure at work), trials (a flow at work), and what they share. Only
 * the files of this folder include it.
 */
#ifndef OB_EVALUATE_ENGINE_H
#define OB_EVALUATE_ENGINE_H

#include "evaluate/run.h"
#include "evaluate/screen.h"
#include "evaluate/test.h"

/* Reruns of a hit are numbered from here, so that the tally never takes them for trials. */
#define OB_RERUN_BASE ((int64_t)100000000)

struct ob_trial;

typedef struct ob_family {
    const ob_procedure *procedure;
    const char *not_applicable;
    const char *not_tested;     /* it is, but something is missing to test it */
    const ob_rubric *rubric;    /* by which a judge is asked, or NULL */
    const ob_judge_view *judge; /* its figures; NULL: none is asked */
    ob_test test;
    ob_tally tally;
    uint64_t next;         /* next number to give out */
    const uint32_t *order; /* permutation of the inputs */
    unsigned running;
    bool exclusive;   /* its faults hit everybody, so nothing else may run meanwhile */
    bool reruns_made; /* for the first hit only */
    bool planned;     /* by the evidence of a resumed run */

    struct ob_rerun {
        int64_t number;
        int64_t of;
    } reruns[32];

    size_t reruns_count;
    size_t reruns_next;
    int32_t *attempts; /* heap, by number: attempts so far */
    size_t attempts_cap;
    uint64_t *broken; /* heap: numbers that a killed run left without an end */
    size_t broken_count;
    size_t broken_cap;
    uint64_t requests;
    uint64_t starts;
} ob_family;

typedef struct ob_engine {
    const ob_run_options *o;
    ob_arena arena;
    ob_client client;
    bool client_open;
    ob_client judge; /* on the loop of client */
    bool judge_open;
    bool judge_spent;        /* its budget */
    unsigned judged_running; /* trials at work that will ask it */
    ob_family *families;
    size_t families_count;
    size_t turn; /* round robin */
    ob_kb kb;
    bool kb_wanted;
    bool keep_raw;         /* what the detectors find is stored as it came */
    ob_screen screen;      /* the detectors */
    char clean_head[1024]; /* the last head that held nothing to mask */
    size_t clean_head_len;
    char run[40];
    char key[65]; /* hex of 256 random bits: seeds all planted values */
    ob_span seed;
    ob_span own_host;
    bool in_transaction;
    bool stopping;
    const char *why_stopped;
    unsigned running;
    uint64_t started_ns;
    uint64_t deadline_ns;
    uint64_t progress_ns;
    uint64_t first_requests; /* of earlier sittings of a resumed run */
    uint64_t lanes;          /* given to trials */
    struct ob_trial *trials; /* at work, a list */
} ob_engine;

/* Appends a record; opens a transaction when none is open. */
OB_MUST bool ob_engine_append(ob_engine *e, const ob_record *record, ob_err *err);
OB_MUST bool ob_engine_commit(ob_engine *e, ob_err *err);
/* Ends the run with this error once control is back in the loop. */
void ob_engine_abort(ob_engine *e, const ob_err *err);
/* No new trials; what is in flight ends. why is a constant. */
void ob_engine_stop(ob_engine *e, const char *why);
/* A trial has ended and is gone: start others. */
void ob_engine_trial_gone(ob_engine *e, ob_family *family);
OB_MUST bool ob_engine_rng(const ob_engine *e, const ob_family *family, int64_t number,
                           int32_t attempt, const char *what, ob_rng *rng, ob_err *err);

/* Starts a trial (rerun_of -1: none). It frees itself and calls ob_engine_trial_gone. */
OB_MUST bool ob_trial_begin(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                            int64_t rerun_of, ob_err *err);
/* Frees a trial that will never go on, because the loop has ended. */
void ob_trial_drop(struct ob_trial *trial);
/* The next request of a fresh trial as it would leave; for --dry-run. */
OB_MUST bool ob_trial_preview(ob_engine *e, ob_family *family, ob_buf *out, ob_err *err);

/* Input and coding of a trial: a function of seed, procedure and number alone. */
typedef struct ob_choice {
    const ob_input *input;
    size_t input_index;
    ob_span coding; /* names, "none" */
    unsigned parts; /* turns that the text is said in, at least 1 */
    ob_span text;   /* expanded and encoded */
    bool late;      /* the text names what a step extracts; it is made when it is said */
} ob_choice;

OB_MUST bool ob_choice_make(const ob_engine *e, const ob_family *family, int64_t number,
                            const ob_vars *vars, ob_arena *arena, ob_choice *choice, ob_err *err);

/* Sets input.NAME for the input's further fields. */
OB_MUST bool ob_choice_fields(const ob_choice *choice, ob_vars *vars, ob_err *err);
/* Part number part of parts of text: cut behind a blank where one is near, never in a character.
 */
ob_span ob_choice_part(ob_span text, unsigned part, unsigned parts);

/* plan.c */
unsigned obi_requests_per_trial(const ob_run_options *o, const ob_procedure *p);
bool obi_is_selected(const ob_run_options *o, const ob_procedure *p);
OB_MUST bool obi_check_ids(const ob_run_options *o, ob_err *err);
/* The scope allows all effects of p; else what it lacks. */
OB_MUST bool obi_has_leave(const ob_run_options *o, const ob_procedure *p, ob_err *err);
/* Why p is not tested for want of the owner's leave; untouched where there is leave, and where the
 * user named what to test: then the whole run is refused instead. */
OB_MUST bool obi_leave_of(const ob_run_options *o, const ob_procedure *p, ob_arena *arena,
                          const char **not_tested, ob_err *err);
/* run_judge.c: neither without the service's doing nor for want of a judge left out. */
bool obi_is_executed(const ob_family *f);
/* Figures of the judge that p asks, or why it is not tested; neither if it asks none. Fails where
 * the calibration does not hold. */
OB_MUST bool obi_judge_of(const ob_run_options *o, const ob_procedure *p, ob_arena *arena,
                          const ob_judge_view **view, const char **not_tested, ob_err *err);
OB_MUST bool obi_judge_family(ob_engine *e, ob_family *f, ob_err *err);
/* Opens the judge's client, if some family asks it. */
OB_MUST bool obi_judge_open(ob_engine *e, ob_hooks hooks, ob_err *err);
/* Requests of this sitting, those to the judge included. */
uint64_t obi_requests(const ob_engine *e);

/* The outcome of checking a hit against what the store holds. */
typedef struct ob_confirmation {
    bool again;      /* the oracles say hit over the stored bytes */
    unsigned decoys; /* planted values of the same form that were searched */
    unsigned decoy_hits;
    bool told_before; /* the actor had sent or been told the value */
    bool confirmed;
    char why_not[160];
} ob_confirmation;

/* first: the record with which the attempt began; seen: what the trial saw. Where the oracles say
 * hit again and something was masked, *judgement becomes what they say of the stored bytes, so that
 * its places are those of the evidence; it lives in seen's arena. */
OB_MUST bool ob_confirm(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                        uint64_t first, const ob_observation *seen, ob_judgement *judgement,
                        ob_confirmation *confirmation, ob_err *err);

#endif
