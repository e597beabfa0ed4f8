/* SPDX-License-Identifier: Apache-2.0 */
/* A trial at work; shared by trial.c, which runs it, and its parts. */
#ifndef OB_EVALUATE_TRIAL_H
#define OB_EVALUATE_TRIAL_H

#include "evaluate/engine.h"

#define GROUND_TRIES 3
#define HISTORY_MAX  400

typedef enum trial_phase {
    PHASE_FLOW,
    PHASE_JUDGE,
    PHASE_REREAD,
    PHASE_ATTACH,
    PHASE_TEARDOWN
} trial_phase;

typedef struct actor_state {
    const ob_fixture *fixture;
    ob_vars vars; /* actor.NAME */
    ob_jar jar;
    bool created;
    bool logged_in;
    bool removed;
    bool cleaned; /* removal was tried */
} actor_state;

typedef struct session_state {
    ob_span name;
    actor_state *actor;
    bool open;
    bool ended;
    ob_vars vars; /* session.NAME, over the actor's */
    ob_turn *history;
    size_t history_count;
    size_t history_cap;
} session_state;

typedef struct ob_trial {
    struct ob_trial *next;
    struct ob_trial **link;
    ob_engine *e;
    ob_family *family;
    uint64_t lane; /* all its exchanges reach the same process of a local program */
    int64_t number;
    int32_t attempt;
    uint64_t first_record;
    int64_t rerun_of;
    ob_arena arena;
    ob_observation obs;
    actor_state *actors;
    size_t actors_count;
    session_state *sessions; /* one per (actor, name) of the flow at most */
    size_t sessions_count;
    ob_choice choice;
    trial_phase phase;
    trial_phase before_judge; /* where to go on once it has answered */
    unsigned judged;          /* questions put to the judge */
    size_t step;
    unsigned repeats; /* of the step at hand */
    unsigned part;    /* of a text that is said in several turns */
    ob_span replies;  /* to its earlier parts */
    size_t attached;  /* back-end calls read again for the evidence */
    ob_vars values;   /* call.NAME of a back-end call */
    unsigned tries;   /* of the ground work at hand */
    bool reread;      /* was done */
    bool relogged;
    ob_judgement judgement;
    ob_call call;
    actor_state *call_actor;
    session_state *call_session;
    void (*arrived)(struct ob_trial *t, const ob_reply *reply);
} ob_trial;

/* trial.c: the next thing to do; sends at most one exchange. */
void obi_trial_go_on(ob_trial *t);
/* trial_reply.c: what an exchange gave goes to the observation and the store; judged: also to the
 * names that the step extracts. */
OB_MUST bool obi_trial_keep(ob_trial *t, const ob_reply *reply, bool judged, ob_err *err);
void obi_trial_next_step(ob_trial *t);
/* The turns that a step's text is said in. */
unsigned obi_trial_parts(const ob_trial *t, const ob_flow_step *step);
/* One for each kind of exchange; each goes on with the trial. */
void obi_on_created(ob_trial *t, const ob_reply *reply);
void obi_on_logged_in(ob_trial *t, const ob_reply *reply);
void obi_on_opened(ob_trial *t, const ob_reply *reply);
void obi_on_said(ob_trial *t, const ob_reply *reply);
void obi_on_called(ob_trial *t, const ob_reply *reply);
void obi_on_waited(void *ctx);
void obi_on_session_ended(ob_trial *t, const ob_reply *reply);
void obi_on_removed(ob_trial *t, const ob_reply *reply);
/* trial_end.c */
void obi_trial_free(ob_trial *t);
void obi_trial_leave(ob_trial *t);
/* Our own failure: the whole run ends with it. */
void obi_trial_broken(ob_trial *t, const ob_err *err);
OB_MUST bool obi_trial_note_left(ob_trial *t, ob_err *err);
/* The run stops in between: no end is recorded. */
void obi_trial_abandon(ob_trial *t);
/* Confirms a hit, records the end, tells the tally, and begins to tidy up. */
void obi_trial_finish(ob_trial *t);
void obi_trial_invalid(ob_trial *t, const char *reason);
/* trial_judge.c: sends what judgement.asks lacks; done is the client's callback of all exchanges.
 */
OB_MUST bool obi_trial_ask_judge(ob_trial *t, void (*done)(void *ctx, const ob_reply *reply),
                                 ob_err *err);
/* trial_make.c: fixtures, planted values, accounts, input and variables of a fresh trial. */
OB_MUST bool obi_trial_make(ob_trial *t, ob_err *err);
/* The input again, when it names what a step extracted and this step says it. */
OB_MUST bool obi_trial_late_input(ob_trial *t, const ob_flow_step *step, ob_err *err);

#endif
