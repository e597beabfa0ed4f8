/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A local program that speaks lines of JSON: what a request line holds, and what expressions see of
 * an answer. doc/service-file.md describes the protocol for those who write such programs.
 */
#include "drive/command.h"
#include "drive/client_core.h"

#include <ombud/json.h>

static void put_var(ob_json_writer *w, const ob_vars *vars, ob_span name, bool masked)
{
    char full[160];
    char mask[32];
    (void)snprintf(full, sizeof full, "actor.%.*s", OB_SHOW(ob_span_sub(name, 0, 150)));
    const ob_var *var = ob_vars_find(vars, ob_span_str(full));
    if (var == NULL) {
        return;
    }
    (void)snprintf(mask, sizeof mask, "sk-...(%zu)", var->value.len);
    ob_jw_text(w, full + strlen("actor."), var->secret && masked ? ob_span_str(mask) : var->value);
}

static bool among(const ob_extract *extracts, size_t count, ob_span name)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is(extracts[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Who speaks: what the account, its creation and its login gave. */
static void put_actor(ob_json_writer *w, const ob_service *s, const ob_vars *vars, bool masked)
{
    const ob_call_template *create = &s->actor_create;
    const ob_call_template *login = &s->login;
    ob_jw_object(w, "actor");
    for (size_t i = 0; s->accounts_count > 0 && i < s->accounts[0].count; i++) {
        put_var(w, vars, s->accounts[0].fields[i].name, masked);
    }
    for (size_t i = 0; i < create->extracts_count; i++) {
        put_var(w, vars, create->extracts[i].name, masked);
    }
    for (size_t i = 0; i < login->extracts_count; i++) {
        if (!among(create->extracts, create->extracts_count, login->extracts[i].name)) {
            put_var(w, vars, login->extracts[i].name, masked);
        }
    }
    ob_jw_end(w, true);
}

static bool put_line(ob_client_core *core, obi_exchange *x, const ob_vars *vars, bool masked,
                     ob_buf *out, ob_err *err)
{
    const ob_service *s = core->o.service;
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    ob_jw_u64(&w, "id", x->line);
    if (x->call.call == NULL) {
        const ob_var *session = ob_vars_find(vars, OB_SPAN("session.id"));
        session = session != NULL ? session : ob_vars_find(vars, OB_SPAN("session.key"));
        ob_jw_text(&w, "say", x->call.say);
        put_actor(&w, s, vars, masked);
        ob_jw_text(&w, "session", session != NULL ? session->value : OB_SPAN(""));
    } else {
        const ob_yaml *node = x->call.call->request.body;
        OB_AUTO(ob_buf) body = {.max = OB_REQUEST_MAX, .secret = true};
        if (node == NULL) {
            ob_buf_add_str(&body, "{}");
        } else if (!obi_request_json(core, x, vars, node, masked, &body, err)) {
            return false;
        }
        if (!ob_buf_check(&body, "a request body", err)) {
            return false;
        }
        ob_jw_str(&w, "call", x->call.kind);
        ob_jw_raw(&w, "body", ob_buf_span(&body));
    }
    ob_jw_end(&w, true);
    return ob_buf_check(out, "a request", err) &&
           (memchr(out->ptr, '\n', out->len) == NULL ||
            ob_fail(err, OB_ERR_BUG, "a request of more than one line"));
}

bool obi_command_build(ob_client_core *core, obi_exchange *x, ob_err *err)
{
    OB_AUTO(ob_buf) line = {.max = OB_REQUEST_MAX, .secret = true};
    OB_AUTO(ob_buf) masked = {.max = OB_REQUEST_MAX};
    OB_AUTO(ob_buf) shown = {.max = OB_REQUEST_MAX * 2};
    ob_vars vars = {0};
    x->line = ++core->lines;
    bool good = obi_request_vars(core, x, &vars, err) &&
                put_line(core, x, &vars, false, &line, err) &&
                put_line(core, x, &vars, true, &masked, err);
    if (good) {
        ob_buf_add_char(&line, '\n');
        obi_mask(core, x, ob_buf_span(&masked), &shown);
        good = ob_buf_check(&line, "a request", err) && ob_buf_check(&shown, "a request", err) &&
               ob_arena_dup(&x->arena, ob_buf_span(&line), &x->wire.body, err) &&
               ob_arena_dup(&x->arena, ob_buf_span(&shown), &x->wire.shown, err);
    }
    x->wire.has_body = true;
    x->wire.host = (ob_span){"", 0};
    return good || ob_wrap(err, "the request '%s'", x->call.kind);
}

/* The id is the protocol's: with it no two readings of the same state would be equal. */
bool obi_command_answer(ob_arena *arena, ob_span line, ob_span *answer, ob_err *err)
{
    ob_json_doc doc = {0};
    OB_AUTO(ob_buf) out = {.max = OB_REPLY_MAX_CEILING * 2, .secret = true};
    ob_span text = {0};
    if (!ob_arena_dup(arena, line, &text, err) || !ob_json_parse(&doc, arena, text, err)) {
        return false;
    }
    ob_buf_add_char(&out, '{');
    for (const ob_json *m = doc.root->first; m != NULL; m = m->next) {
        if (ob_span_is_str(m->key, "id")) {
            continue;
        }
        ob_buf_add_str(&out, out.len == 1 ? "" : ",");
        ob_buf_add_json(&out, m->key);
        ob_buf_add_char(&out, ':');
        ob_json_write(&out, m);
    }
    ob_buf_add_char(&out, '}');
    return ob_buf_check(&out, "an answer", err) &&
           ob_arena_dup(arena, ob_buf_span(&out), answer, err);
}

/* A turn carries one text that names its conversation, so opening one must give it. */
static bool check(ob_service *service, const ob_yaml *root, ob_arena *arena, ob_err *err)
{
    const ob_call_template *open = &service->session_open;
    const ob_yaml *session = ob_yaml_get(root, "session");
    (void)arena;
    if (service->session_send_count > 0) {
        return ob_yaml_fail(&service->doc, ob_yaml_get(session, "send"), err,
                            "'send' is for headers; with 'driver: command' each turn carries "
                            "'session' by itself");
    }
    return !open->present || among(open->extracts, open->extracts_count, OB_SPAN("id")) ||
           ob_yaml_fail(&service->doc, ob_yaml_get(session, "open"), err,
                        "with 'driver: command' it must extract 'id', which becomes the 'session' "
                        "of each turn");
}

const ob_driver ob_driver_command = {
    .id = "command",
    .title = "A local program that speaks lines of JSON",
    .doc = "service-file.md",
    .transport = &obi_transport_program,
    .is_program = true,
    .keeps_session = true,
    .check = check,
    .reply = obi_reply_by_expressions,
};
