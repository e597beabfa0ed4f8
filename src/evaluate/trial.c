/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trial at work: a small machine that sends one exchange at a time and goes on when it has ended.
 *
 *   FLOW      the procedure's steps; before a step whatever it stands on: the actor's account, its
 *             login, its session. Such ground work is not judged and may be tried three times.
 *   JUDGE     when an oracle wants to know what a judge says of a reply.
 *   REREAD    after a hit that would be proof: the reading calls behind the last turn once more.
 *   ATTACH    after a hit: back-end calls that the procedure wants beside the evidence.
 *   TEARDOWN  after the end was recorded: sessions ended, accounts removed.
 *
 * A lost reply of a judged turn makes the trial invalid; it is never asked again. When the run
 * stops, a trial in between is left without an end; a resumed run does it again as a new attempt.
 */
#include "evaluate/trial.h"
#include "evaluate/form.h"
#include "evaluate/record.h"

/* Exchanges */

/* The run cannot go on with this trial; tells whether that was the case. */
static bool stopped(ob_trial *t, const ob_reply *reply)
{
    if (reply->lost == OB_LOST_STOPPED) {
        obi_trial_abandon(t);
        return true;
    }
    if (reply->lost == OB_LOST_BUDGET && t->phase == PHASE_JUDGE) {
        t->e->judge_spent = true; /* what asks no judge goes on */
        obi_trial_abandon(t);
        return true;
    }
    if (reply->lost == OB_LOST_BUDGET) {
        ob_engine_stop(t->e, "the request budget is spent");
        obi_trial_abandon(t);
        return true;
    }
    if (reply->lost == OB_LOST_SCOPE) {
        ob_err err = {0};
        (void)ob_fail(&err, OB_ERR_SCOPE, "%s", reply->why);
        obi_trial_broken(t, &err);
        return true;
    }
    return false;
}

static void on_done(void *ctx, const ob_reply *reply)
{
    ob_trial *t = ctx;
    if (!stopped(t, reply)) {
        t->arrived(t, reply);
    }
}

static bool send_call(ob_trial *t, const ob_call_template *call, const char *kind, ob_span say,
                      actor_state *actor, session_state *session,
                      void (*arrived)(ob_trial *, const ob_reply *), ob_err *err)
{
    bool writes = t->family->procedure->effect > OB_EFFECT_READ || (call != NULL && call->writes);
    const ob_flow_step *step = &t->family->procedure->flow[t->step];
    bool judged = arrived == obi_on_said || arrived == obi_on_called;
    t->call = (ob_call){.call = call,
                        .kind = kind,
                        .say = say,
                        .any_status = judged && step->any_answer,
                        .vars = judged && call != NULL ? &t->values
                                : session != NULL      ? &session->vars
                                : actor != NULL        ? &actor->vars
                                                       : &t->obs.vars,
                        .lane = t->lane,
                        .jar = actor == NULL ? NULL : &actor->jar,
                        .writes = writes,
                        .owner = t,
                        .done = on_done,
                        .ctx = t};
    if (session != NULL) {
        t->call.history = session->history;
        t->call.history_count = session->history_count;
    }
    t->call_actor = actor;
    t->call_session = session;
    t->arrived = arrived;
    return ob_client_send(&t->e->client, &t->call, err);
}

/* Steps */

static actor_state *find_actor(ob_trial *t, ob_span name)
{
    for (size_t i = 0; i < t->actors_count; i++) {
        if (ob_span_is(t->actors[i].fixture->name, name)) {
            return &t->actors[i];
        }
    }
    return NULL;
}

/* NULL only when out of memory. session.key is our own name for the conversation, for services that
 * let the client choose it; it depends on seed, trial and attempt, so a resumed run repeats none.
 */
static session_state *find_session(ob_trial *t, actor_state *actor, ob_span name, ob_err *err)
{
    for (size_t i = 0; i < t->sessions_count; i++) {
        if (t->sessions[i].actor == actor && ob_span_is(t->sessions[i].name, name)) {
            return &t->sessions[i];
        }
    }
    char what[32];
    ob_rng rng;
    ob_span key = {0};
    (void)snprintf(what, sizeof what, "session %zu", t->sessions_count);
    session_state *s = &t->sessions[t->sessions_count];
    *s = (session_state){.name = name, .actor = actor};
    s->vars = (ob_vars){.outer = &actor->vars, .arena = &t->arena};
    OB_AUTO(ob_buf) text = {.max = 64};
    t->sessions_count++;
    if (!t->e->o->service->uses_session_key) {
        return s;
    }
    if (!ob_engine_rng(t->e, t->family, t->number, t->attempt, what, &rng, err) ||
        !ob_form_fill(OB_SPAN("{{hex:16}}{{hex:16}}"), &rng, &text, err) ||
        !ob_arena_dup(&t->arena, ob_buf_span(&text), &key, err) ||
        !ob_vars_set(&s->vars, OB_SPAN("session.key"), key, false, err)) {
        return NULL;
    }
    return s;
}

typedef enum sent_state {
    SENT,
    NOTHING_TO_SEND,
    SEND_FAILED
} sent_state;

static sent_state sent_or_not(bool good)
{
    return good ? SENT : SEND_FAILED;
}

/* Whatever must be there before the step: account, login, session. */
static sent_state prepare(ob_trial *t, actor_state *actor, session_state *session, bool login,
                          ob_err *err)
{
    const ob_service *service = t->e->o->service;
    if (!actor->created && service->actor_create.present) {
        return sent_or_not(send_call(t, &service->actor_create, "create", (ob_span){"", 0}, actor,
                                     NULL, obi_on_created, err));
    }
    if (login && !actor->logged_in && service->login.present) {
        return sent_or_not(send_call(t, &service->login, "login", (ob_span){"", 0}, actor, NULL,
                                     obi_on_logged_in, err));
    }
    if (session != NULL && !session->open && service->session_open.present) {
        return sent_or_not(send_call(t, &service->session_open, "open", (ob_span){"", 0}, actor,
                                     session, obi_on_opened, err));
    }
    return NOTHING_TO_SEND;
}

/* A text names something that no reply gave: this trial cannot be done, the run goes on. */
static sent_state cannot_fill(ob_trial *t, const ob_err *err)
{
    if (err->kind != OB_ERR_INPUT) {
        return SEND_FAILED;
    }
    obi_trial_invalid(t, err->text);
    return SENT;
}

static sent_state say_step(ob_trial *t, const ob_flow_step *step, actor_state *actor, ob_err *err)
{
    session_state *session = find_session(t, actor, step->session, err);
    ob_span text = {0};
    if (session == NULL) {
        return SEND_FAILED;
    }
    sent_state state = prepare(t, actor, session, true, err);
    if (state != NOTHING_TO_SEND) {
        return state;
    }
    if (!ob_oracle_expand(&t->obs, step->text, &text, err)) {
        return cannot_fill(t, err);
    }
    unsigned parts = obi_trial_parts(t, step);
    text = parts > 1 ? ob_choice_part(text, t->part, parts) : text;
    return sent_or_not(send_call(t, NULL, "say", text, actor, session, obi_on_said, err));
}

/* The step's values as call.NAME; all of them together are what the actor says. */
static bool fill_values(ob_trial *t, const ob_flow_step *step, const ob_call_template *call,
                        const ob_vars *outer, ob_span *said_text, ob_err *err)
{
    OB_AUTO(ob_buf) all = {.max = OB_REQUEST_MAX};
    t->values = (ob_vars){.outer = outer, .arena = &t->arena};
    for (size_t i = 0; i < call->asks_count; i++) {
        if (!ob_vars_set(&t->values, call->asks[i], (ob_span){"", 0}, false, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < step->values_count; i++) {
        ob_span value = {0};
        if (!ob_oracle_expand(&t->obs, step->values[i].value, &value, err) ||
            !ob_vars_set(&t->values, step->values[i].name, value, false, err)) {
            return false;
        }
        ob_buf_add_str(&all, i > 0 ? "\n" : "");
        ob_buf_add(&all, value);
    }
    return ob_buf_check(&all, "the values of a call", err) &&
           ob_arena_dup(&t->arena, ob_buf_span(&all), said_text, err);
}

static sent_state http_step(ob_trial *t, const ob_flow_step *step, actor_state *actor, ob_err *err)
{
    const ob_call_template *call = ob_service_backend(t->e->o->service, step->text);
    if (call == NULL) {
        (void)ob_fail(err, OB_ERR_BUG, "the service file has no back-end call '%.*s'",
                      OB_SHOW(step->text));
        return SEND_FAILED;
    }
    /* A ledger is read with the back office's rights; only what asks for the actor's own login or
     * session gets them. */
    session_state *session = NULL;
    if (call->uses_session && (session = find_session(t, actor, step->session, err)) == NULL) {
        return SEND_FAILED;
    }
    ob_span text = {"", 0};
    sent_state state = prepare(t, actor, session, call->uses_login || call->uses_session, err);
    if (state != NOTHING_TO_SEND) {
        return state;
    }
    if (!fill_values(t, step, call, session == NULL ? &actor->vars : &session->vars, &text, err)) {
        return cannot_fill(t, err);
    }
    return sent_or_not(
        send_call(t, call, call->name.ptr, text, actor, session, obi_on_called, err));
}

/* A call that may be made again to see whether it shows the same. */
static bool is_reading(const ob_trial *t, const ob_flow_step *step)
{
    const ob_call_template *call =
        step->kind == OB_STEP_HTTP ? ob_service_backend(t->e->o->service, step->text) : NULL;
    return call != NULL && !call->writes;
}

static sent_state flow_step(ob_trial *t, ob_err *err)
{
    const ob_flow_step *step = &t->family->procedure->flow[t->step];
    actor_state *actor = find_actor(t, step->actor);
    bool go = true;
    if (t->repeats == 0 && t->tries == 0 &&
        !ob_test_when(&t->family->test, t->step, &t->obs, &go, err)) {
        return SEND_FAILED;
    }
    if (!go || (t->phase == PHASE_REREAD && !is_reading(t, step))) {
        t->repeats = 0;
        t->step++;
        return NOTHING_TO_SEND;
    }
    if (!obi_trial_late_input(t, step, err)) {
        return cannot_fill(t, err);
    }
    switch (step->kind) {
    case OB_STEP_SAY:
        return say_step(t, step, actor, err);
    case OB_STEP_HTTP:
        return http_step(t, step, actor, err);
    case OB_STEP_WAIT:
        return sent_or_not(ob_client_after(
            &t->e->client, (uint64_t)((double)step->wait_ms * t->e->o->service->time_scale),
            obi_on_waited, t, err));
    case OB_STEP_END: {
        session_state *session = find_session(t, actor, step->session, err);
        if (session == NULL) {
            return SEND_FAILED;
        }
        if (session->ended || !session->open || !t->e->o->service->session_end.present) {
            session->ended = true;
            obi_trial_next_step(t);
            return NOTHING_TO_SEND;
        }
        return sent_or_not(send_call(t, &t->e->o->service->session_end, "end", (ob_span){"", 0},
                                     actor, session, obi_on_session_ended, err));
    }
    }
    return NOTHING_TO_SEND;
}

/* First reading step behind the last turn; flow_count if there is none. */
static size_t reread_from(const ob_procedure *p)
{
    size_t from = 0;
    bool reads = false;
    for (size_t i = 0; i < p->flow_count; i++) {
        if (p->flow[i].kind == OB_STEP_SAY) {
            from = i + 1;
            reads = false;
        }
        reads = reads || p->flow[i].kind == OB_STEP_HTTP;
    }
    return reads ? from : p->flow_count;
}

/* Judges; true when the trial is to be finished. */
static bool judge(ob_trial *t)
{
    ob_err err = {0};
    const ob_procedure *p = t->family->procedure;
    if (!ob_test_judge(&t->family->test, &t->obs, &t->judgement, &err)) {
        obi_trial_broken(t, &err);
        return false;
    }
    if (t->judgement.asks != NULL) {
        t->before_judge = t->phase;
        t->phase = PHASE_JUDGE;
        return true;
    }
    if (t->phase == PHASE_REREAD) {
        if (t->judgement.result != OB_TRIAL_HIT) {
            t->judgement = (ob_judgement){.result = OB_TRIAL_INVALID};
            (void)snprintf(t->judgement.reason, sizeof t->judgement.reason,
                           "a second reading of the back office did not show it again");
        }
    } else if (t->judgement.result == OB_TRIAL_HIT && p->zero_tolerance &&
               reread_from(p) < p->flow_count) {
        t->phase = PHASE_REREAD;
        t->reread = true;
        t->step = reread_from(p);
        t->repeats = 0;
        return true;
    }
    if (t->judgement.result == OB_TRIAL_HIT && p->attach_count > 0) {
        t->phase = PHASE_ATTACH;
        return true;
    }
    obi_trial_finish(t);
    return false;
}

static void attached(ob_trial *t, const ob_reply *reply)
{
    ob_err err = {0};
    t->attached++;
    if (!obi_trial_keep(t, reply, false, &err)) {
        obi_trial_broken(t, &err);
        return;
    }
    obi_trial_go_on(t);
}

/* The next back-end call for the evidence of a hit; what the service lacks is left out. */
static sent_state attach(ob_trial *t, ob_err *err)
{
    const ob_procedure *p = t->family->procedure;
    for (; t->attached < p->attach_count; t->attached++) {
        const ob_call_template *call = ob_service_backend(t->e->o->service, p->attach[t->attached]);
        if (call != NULL && !call->writes && call->asks_count == 0 && t->actors_count > 0) {
            return sent_or_not(send_call(t, call, call->name.ptr, (ob_span){"", 0}, &t->actors[0],
                                         NULL, attached, err));
        }
    }
    return NOTHING_TO_SEND;
}

/* Sessions first, then accounts; false when nothing is left to do. */
static sent_state teardown(ob_trial *t, ob_err *err)
{
    const ob_service *service = t->e->o->service;
    for (size_t i = 0; i < t->sessions_count; i++) {
        session_state *s = &t->sessions[i];
        if (s->open && !s->ended && service->session_end.present) {
            return sent_or_not(send_call(t, &service->session_end, "end", (ob_span){"", 0},
                                         s->actor, s, obi_on_session_ended, err));
        }
    }
    for (size_t i = 0; i < t->actors_count; i++) {
        actor_state *a = &t->actors[i];
        if (a->created && !a->cleaned && service->actor_remove.present) {
            return sent_or_not(send_call(t, &service->actor_remove, "remove", (ob_span){"", 0}, a,
                                         NULL, obi_on_removed, err));
        }
    }
    return NOTHING_TO_SEND;
}

void obi_trial_go_on(ob_trial *t)
{
    ob_err err = {0};
    for (;;) {
        sent_state state = NOTHING_TO_SEND;
        if (t->phase == PHASE_TEARDOWN) {
            state = teardown(t, &err);
            if (state == NOTHING_TO_SEND) {
                if (!obi_trial_note_left(t, &err)) {
                    obi_trial_broken(t, &err);
                    return;
                }
                obi_trial_leave(t);
                return;
            }
        } else if (t->phase == PHASE_JUDGE) {
            state = sent_or_not(obi_trial_ask_judge(t, on_done, &err));
        } else if (t->phase == PHASE_ATTACH) {
            state = attach(t, &err);
            if (state == NOTHING_TO_SEND) {
                obi_trial_finish(t);
                return;
            }
        } else if (t->step < t->family->procedure->flow_count) {
            state = flow_step(t, &err);
        } else if (!judge(t)) {
            return;
        }
        if (state == SENT) {
            return;
        }
        if (state == SEND_FAILED) {
            obi_trial_broken(t, &err);
            return;
        }
    }
}

/* Beginning */

static ob_trial *trial_new(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                           int64_t rerun_of, ob_err *err)
{
    ob_trial *t = ob_mem_new(sizeof *t);
    if (t == NULL) {
        (void)ob_fail(err, OB_ERR_NOMEM, "out of memory for a trial");
        return NULL;
    }
    *t = (ob_trial){.e = e,
                    .family = family,
                    .lane = e->lanes++,
                    .number = number,
                    .attempt = attempt,
                    .rerun_of = rerun_of,
                    .next = e->trials,
                    .link = &e->trials};
    if (e->trials != NULL) {
        e->trials->link = &t->next;
    }
    e->trials = t;
    if (!obi_trial_make(t, err)) {
        obi_trial_free(t);
        return NULL;
    }
    return t;
}

bool ob_trial_begin(ob_engine *e, ob_family *family, int64_t number, int32_t attempt,
                    int64_t rerun_of, ob_err *err)
{
    ob_trial *t = trial_new(e, family, number, attempt, rerun_of, err);
    if (t == NULL) {
        return false;
    }
    if (!obi_record_start(e, family, number, attempt, rerun_of, &t->choice, &t->obs.vars, err)) {
        obi_trial_free(t);
        return false;
    }
    t->first_record = ob_store_last(e->o->store);
    family->running++;
    family->starts++;
    e->running++;
    e->judged_running += family->judge != NULL;
    obi_trial_go_on(t);
    return true;
}

ob_family *obi_trial_family(const ob_trial *trial, int64_t *number, int32_t *attempt)
{
    *number = trial->number;
    *attempt = trial->attempt;
    return trial->family;
}

ob_observation *obi_trial_seen(ob_trial *trial, ob_span *saying)
{
    /* A judge is told what the service said. */
    *saying = trial->phase == PHASE_JUDGE ? (ob_span){"", 0} : trial->call.say;
    return &trial->obs;
}

bool ob_trial_preview(ob_engine *e, ob_family *family, ob_buf *out, ob_err *err)
{
    ob_trial *t = trial_new(e, family, 0, 1, -1, err);
    if (t == NULL) {
        return false;
    }
    const ob_service *service = e->o->service;
    const ob_flow_step *step = &family->procedure->flow[0];
    actor_state *actor = find_actor(t, step->actor);
    session_state *session = find_session(t, actor, step->session, err);
    ob_call call = {.kind = "say", .vars = session == NULL ? NULL : &session->vars};
    bool good = session != NULL;
    if (service->actor_create.present) {
        call.call = &service->actor_create;
    } else if (service->login.present) {
        call.call = &service->login;
    } else if (service->session_open.present) {
        call.call = &service->session_open;
    } else if (good && step->kind == OB_STEP_SAY) {
        good = ob_oracle_expand(&t->obs, step->text, &call.say, err);
    } else {
        call.call = ob_service_backend(service, step->text);
    }
    good = good && ob_client_preview(&e->client, &call, out, err);
    obi_trial_free(t);
    return good;
}
