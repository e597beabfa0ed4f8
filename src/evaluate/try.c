/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/try.h"
#include "evaluate/try_show.h"

#include <ombud/limits.h>

#define QUESTION "Hello, what are your opening hours?"

typedef struct attempt {
    ob_client client;
    ob_arena *arena;
    ob_buf *out;
    ob_vars actor;   /* actor.NAME, trial.tag, run.id */
    ob_vars session; /* session.NAME */
    ob_jar jar;
    bool all_good;
    bool last_good;
    bool opened; /* a session, which is ended again */
    ob_err err;
    const ob_service *service;
    obi_tried tried;
    unsigned nothing;   /* optional expressions that gave nothing */
    const char *prefix; /* where extracted values go */
    ob_vars *into;
} attempt;

static void on_done(void *ctx, const ob_reply *reply)
{
    attempt *t = ctx;
    bool fine = obi_try_show(t->out, t->arena, &t->tried, reply, &t->nothing);
    t->last_good = reply->lost == OB_LOST_NONE;
    t->all_good = t->all_good && fine;
    for (size_t i = 0; i < reply->extracted_count; i++) {
        const ob_var *v = &reply->extracted[i];
        if (t->into != NULL &&
            !ob_vars_set_in(t->into, t->prefix, v->name, v->value, v->secret, &t->err)) {
            ob_client_abort(&t->client, &t->err);
        }
    }
}

static bool exchange(attempt *t, const ob_call_template *call, const char *kind, ob_vars *vars,
                     ob_vars *into, const char *prefix, ob_err *err)
{
    ob_call request = {.call = call,
                       .kind = kind,
                       .say = call == NULL ? OB_SPAN(QUESTION) : (ob_span){"", 0},
                       .vars = vars,
                       .jar = &t->jar,
                       .writes = call != NULL && call->writes,
                       .done = on_done,
                       .ctx = t};
    OB_AUTO(ob_buf) sent = {.max = OB_REQUEST_MAX};
    if (!ob_client_preview(&t->client, &request, &sent, err)) {
        return false;
    }
    t->tried = (obi_tried){t->service, call, kind, ob_buf_span(&sent)};
    t->into = into;
    t->prefix = prefix;
    ob_buf_addf(t->out, "%-12s ", kind);
    return ob_client_send(&t->client, &request, err) && ob_client_run(&t->client, err);
}

static bool set_account(attempt *t, const ob_run_options *o, ob_err *err)
{
    static const ob_var fields[] = {{{"name", 4}, {"Test Caller", 11}, false},
                                    {{"phone", 5}, {"+1-202-555-0100", 15}, false},
                                    {{"address", 7}, {"1 Probe Quay", 12}, false}};
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        if (!ob_vars_set_in(&t->actor, "actor", fields[i].name, fields[i].value, false, err)) {
            return false;
        }
    }
    const ob_account *account = o->service->accounts_count > 0 ? o->service->accounts : NULL;
    for (size_t i = 0; account != NULL && i < account->count; i++) {
        const ob_field *f = &account->fields[i];
        ob_span value = f->value.text;
        for (size_t k = 0; f->value.secret.len > 0 && k < o->secrets.count; k++) {
            if (ob_span_is(o->secrets.items[k].name, f->value.secret)) {
                value = o->secrets.items[k].value;
            }
        }
        if (!ob_vars_set_in(&t->actor, "actor", f->name, value, f->value.secret.len > 0, err)) {
            return false;
        }
    }
    ob_span key = {0};
    return ob_arena_printf(t->arena, &key, err, "try-%016llx",
                           (unsigned long long)ob_clock_wall_ms()) &&
           ob_vars_set(&t->session, OB_SPAN("session.key"), key, false, err) &&
           ob_vars_set(&t->actor, OB_SPAN("trial.tag"), OB_SPAN("try"), false, err) &&
           ob_vars_set(&t->actor, OB_SPAN("run.id"), OB_SPAN("try"), false, err);
}

/* What changes nothing and asks for nothing that only a step of a procedure can say. */
static bool can_be_tried(const ob_call_template *call)
{
    return !call->writes && call->asks_count == 0;
}

static bool converse(attempt *t, const ob_run_options *o, ob_err *err)
{
    const ob_service *s = o->service;
    if (s->actor_create.present &&
        !exchange(t, &s->actor_create, "create", &t->actor, &t->actor, "actor", err)) {
        return false;
    }
    if (t->last_good && s->login.present &&
        !exchange(t, &s->login, "login", &t->actor, &t->actor, "actor", err)) {
        return false;
    }
    if (t->last_good && s->session_open.present &&
        !exchange(t, &s->session_open, "open", &t->session, &t->session, "session", err)) {
        return false;
    }
    t->opened = t->last_good && s->session_open.present;
    if (t->last_good && !exchange(t, NULL, "say", &t->session, NULL, NULL, err)) {
        return false;
    }
    /* Each stands alone: one that is lost hides no other. */
    bool good = t->last_good;
    for (size_t i = 0; good && i < s->backend_count; i++) {
        if (can_be_tried(&s->backend[i]) &&
            !exchange(t, &s->backend[i], s->backend[i].name.ptr, &t->session, NULL, NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool tidy(attempt *t, const ob_run_options *o, ob_err *err)
{
    const ob_service *s = o->service;
    if (s->session_end.present && t->opened &&
        !exchange(t, &s->session_end, "end", &t->session, NULL, NULL, err)) {
        return false;
    }
    return !s->actor_remove.present || ob_vars_find(&t->actor, OB_SPAN("actor.id")) == NULL ||
           exchange(t, &s->actor_remove, "remove", &t->actor, NULL, NULL, err);
}

static void sum_up(attempt *t)
{
    ob_buf_add_str(
        t->out, !t->all_good     ? "\nNot all was found. Mend the service file, and try again.\n"
                : t->nothing > 0 ? "\nThe replies were found. What gave nothing is optional: some "
                                   "answers may lack it.\n"
                                 : "\nAll that the service file asks for was found.\n");
}

bool ob_try(const ob_run_options *options, ob_buf *out, bool *all_good, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    attempt t = {.arena = &arena,
                 .service = options->service,
                 .out = out,
                 .all_good = true,
                 .last_good = true};
    t.actor.arena = &arena;
    t.session = (ob_vars){.outer = &t.actor, .arena = &arena};
    t.jar.arena = &arena;
    ob_client_options client = {.service = options->service,
                                .scope = options->scope,
                                .secrets = options->secrets,
                                .run = "try",
                                .max_requests = 40,
                                .log = options->log,
                                .environment = options->environment,
                                .environment_count = options->environment_count};
    /* Accounts that are made and removed are more than reading. */
    ob_effect effect = options->service->actor_create.present ? OB_EFFECT_WRITE : OB_EFFECT_READ;
    bool good = ob_scope_check_effect(options->scope, effect, err) &&
                ob_client_open(&t.client, &client, err);
    if (!good) {
        return false;
    }
    good = set_account(&t, options, err) && converse(&t, options, err) && tidy(&t, options, err);
    if (good) {
        sum_up(&t);
    }
    good = good && ob_buf_check(out, "the output", err);
    ob_client_close(&t.client);
    *all_good = t.all_good;
    return good;
}
