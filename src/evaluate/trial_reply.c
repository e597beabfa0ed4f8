/* SPDX-License-Identifier: Apache-2.0 */
/* What each reply of a trial means: kept as evidence, taken over, and the way on from there. */
#include "evaluate/record.h"
#include "evaluate/trial.h"

static ob_span kind_span(const ob_trial *t)
{
    return ob_span_str(t->call.kind);
}

/* Keeps what an exchange gave: in the observation and in the store. */
bool obi_trial_keep(ob_trial *t, const ob_reply *reply, bool judged, ob_err *err)
{
    ob_span text = reply->text;
    if (t->call.call != NULL && reply->extracted_count > 0) {
        text = reply->extracted[0].secret ? (ob_span){"", 0} : reply->shown[0];
    } else if (t->call.call == NULL && reply->lost != OB_LOST_NONE) {
        text = reply->body; /* an error page is what the caller saw */
    }
    if (t->call.call != NULL && t->call.any_status) {
        text = reply->body; /* whatever came is what is looked at */
    }
    ob_seen seen = {.actor =
                        t->call_actor == NULL ? (ob_span){"", 0} : t->call_actor->fixture->name,
                    .session = t->call_session == NULL ? (ob_span){"", 0} : t->call_session->name,
                    .kind = kind_span(t),
                    .sent = t->call.say,
                    .text = text,
                    .body = reply->body,
                    .head = reply->head,
                    .lost = ob_span_str(ob_lost_names[reply->lost]),
                    .status = reply->status,
                    .first_byte_ms = reply->first_byte_ms,
                    .first_token_ms = reply->first_token_ms,
                    .max_gap_ms = reply->max_gap_ms,
                    .total_ms = reply->total_ms,
                    .attempt_id = reply->attempt_id,
                    .step = t->step};
    if (!ob_observation_add(&t->obs, &seen, err)) {
        return false;
    }
    if (judged && t->replies.len > 0 &&
        !ob_arena_printf(&t->arena, &text, err, "%.*s\n%.*s", OB_SHOW(t->replies), OB_SHOW(text))) {
        return false;
    }
    if (judged &&
        !ob_test_take(&t->family->test, t->step, &t->obs, text, reply->body, reply->head, err)) {
        return false;
    }
    return obi_record_turn(t->e, t->family, t->number, t->attempt, &t->obs, reply, err);
}

/* Takes over what a call extracted: "actor.id" for the actor, "victim.id" for the procedure. */
static bool take_over(ob_trial *t, const ob_reply *reply, ob_vars *vars, const char *prefix,
                      ob_err *err)
{
    for (size_t i = 0; i < reply->extracted_count; i++) {
        const ob_var *v = &reply->extracted[i];
        if (!ob_vars_set_in(vars, prefix, v->name, v->value, v->secret, err)) {
            return false;
        }
        if (v->secret || t->call_actor == NULL || t->call_session != NULL) {
            continue;
        }
        ob_span name = {0};
        if (!ob_arena_printf(&t->arena, &name, err, "%.*s.%.*s",
                             OB_SHOW(t->call_actor->fixture->name), OB_SHOW(v->name)) ||
            !ob_vars_set(&t->obs.vars, name, v->value, false, err)) {
            return false;
        }
    }
    return true;
}

/* Ground work: three tries, then the trial is invalid. True: it worked, go on. */
static bool ground(ob_trial *t, const ob_reply *reply, const char *what)
{
    ob_err err = {0};
    if (!obi_trial_keep(t, reply, false, &err)) {
        obi_trial_broken(t, &err);
        return false;
    }
    if (reply->lost == OB_LOST_NONE) {
        t->tries = 0;
        return true;
    }
    if (++t->tries < GROUND_TRIES) {
        obi_trial_go_on(t);
        return false;
    }
    char reason[200];
    (void)snprintf(reason, sizeof reason, "%s failed: %.150s", what, reply->why);
    obi_trial_invalid(t, reason);
    return false;
}

void obi_on_created(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    if (!ground(t, reply, "creating the account")) {
        return;
    }
    t->call_actor->created = true;
    if (!take_over(t, reply, &t->call_actor->vars, "actor", &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_go_on(t);
}

void obi_on_logged_in(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    if (!ground(t, reply, "logging in")) {
        return;
    }
    t->call_actor->logged_in = true;
    if (!take_over(t, reply, &t->call_actor->vars, "actor", &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_go_on(t);
}

void obi_on_opened(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    if (!ground(t, reply, "opening a session")) {
        return;
    }
    t->call_session->open = true;
    if (!take_over(t, reply, &t->call_session->vars, "session", &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_go_on(t);
}

void obi_trial_next_step(ob_trial *t)
{
    const ob_flow_step *step = &t->family->procedure->flow[t->step];
    if (t->phase == PHASE_FLOW && ++t->repeats < step->repeat) {
        return;
    }
    t->repeats = 0;
    t->step++;
}

static bool remember(session_state *s, ob_arena *arena, bool assistant, ob_span text, ob_err *err)
{
    void *turns = s->history;
    if (!ob_array_grow(&turns, &s->history_cap, s->history_count, sizeof(ob_turn), HISTORY_MAX,
                       err)) {
        return false;
    }
    s->history = turns;
    ob_turn turn = {.assistant = assistant};
    if (!ob_arena_dup(arena, text, &turn.text, err)) {
        return false;
    }
    s->history[s->history_count++] = turn;
    return true;
}

/* A loss that a step with "expect: any" wants to see: the service did answer, or let us wait. */
static bool is_observation(const ob_reply *reply)
{
    return reply->status > 0 || reply->lost == OB_LOST_FIRST_BYTE || reply->lost == OB_LOST_TOTAL;
}

/* The turns that a step's text is said in. */
unsigned obi_trial_parts(const ob_trial *t, const ob_flow_step *step)
{
    return ob_span_is_str(step->text, "{{input}}") ? t->choice.parts : 1;
}

void obi_on_said(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    const ob_flow_step *step = &t->family->procedure->flow[t->step];
    if (reply->status == 401 && t->e->o->service->login.present && !t->relogged) {
        /* The login ran out: nothing was judged yet, so it may be renewed once. */
        t->relogged = true;
        t->call_actor->logged_in = false;
        if (!obi_trial_keep(t, reply, false, &err)) {
            obi_trial_broken(t, &err);
            return;
        }
        obi_trial_go_on(t);
        return;
    }
    bool any = step->any_answer && is_observation(reply);
    bool last = t->part + 1 >= obi_trial_parts(t, step) || reply->lost != OB_LOST_NONE;
    if (!obi_trial_keep(t, reply, last && (reply->lost == OB_LOST_NONE || any), &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    if (reply->lost != OB_LOST_NONE && !any) {
        char reason[200];
        (void)snprintf(reason, sizeof reason, "lost (%s): %.150s", ob_lost_names[reply->lost],
                       reply->why);
        obi_trial_invalid(t, reason);
        return;
    }
    if (!remember(t->call_session, &t->arena, false, t->call.say, &err) ||
        !remember(t->call_session, &t->arena, true, reply->text, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    if (!last) {
        t->part++;
        if (!ob_arena_printf(&t->arena, &t->replies, &err, "%.*s%s%.*s", OB_SHOW(t->replies),
                             t->replies.len > 0 ? "\n" : "", OB_SHOW(reply->text))) {
            obi_trial_broken(t, &err);
            return;
        }
    } else {
        t->part = 0;
        t->replies = (ob_span){"", 0};
        obi_trial_next_step(t);
    }
    obi_trial_go_on(t);
}

void obi_on_called(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    bool any = t->call.any_status && is_observation(reply);
    if (reply->lost != OB_LOST_NONE && !any) {
        char what[96];
        (void)snprintf(what, sizeof what, "the back-end call '%s'", t->call.kind);
        (void)ground(t, reply, what);
        return;
    }
    t->tries = 0;
    if (!obi_trial_keep(t, reply, true, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_next_step(t);
    obi_trial_go_on(t);
}

void obi_on_waited(void *ctx)
{
    ob_trial *t = ctx;
    if (t->e->stopping) {
        obi_trial_abandon(t);
        return;
    }
    obi_trial_next_step(t);
    obi_trial_go_on(t);
}

void obi_on_session_ended(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    t->call_session->ended = true;
    if (!obi_trial_keep(t, reply, false, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    if (t->phase != PHASE_TEARDOWN) {
        obi_trial_next_step(t);
    }
    obi_trial_go_on(t);
}

void obi_on_removed(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    t->call_actor->removed = reply->lost == OB_LOST_NONE;
    bool again = !t->call_actor->removed && ++t->tries < GROUND_TRIES;
    t->call_actor->cleaned = !again;
    if (!again) {
        t->tries = 0;
    }
    if (!obi_trial_keep(t, reply, false, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_go_on(t);
}
