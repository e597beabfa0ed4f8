/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a procedure, and what each takes out of a reply. */
#include "catalogue/procedure_core.h"

#include <ombud/text.h>

static bool read_take(const obi_procedure_reader *r, const ob_yaml *node, ob_named_take *take,
                      ob_err *err)
{
    static const char *const keys[] = {"regex", "json", "header"};
    take->at = node;
    if (node->kind == OB_YAML_SCALAR) {
        if (ob_span_is_str(node->text, "text")) {
            take->take = OB_TAKE_TEXT;
            return true;
        }
        if (ob_span_is_str(node->text, "json")) {
            take->take = OB_TAKE_JSON;
            return true;
        }
    } else if (node->kind == OB_YAML_MAP && node->count == 1) {
        int which = ob_text_index(node->keys[0].text, keys, OB_COUNT(keys));
        if (which >= 0 && node->items[0].kind == OB_YAML_SCALAR) {
            take->take = (ob_take)(which + OB_TAKE_REGEX);
            take->what = node->items[0].text;
            return true;
        }
    }
    return ob_yaml_fail(r->doc, node, err,
                        "an extract is text, json, {regex: ..}, {json: /pointer} or {header: ..}");
}

static bool read_takes(const obi_procedure_reader *r, const ob_yaml *node, ob_flow_step *step,
                       ob_err *err)
{
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "extract is a map of name to what is taken");
    }
    ob_named_take *takes = OB_NEW(r->arena, ob_named_take, node->count, err);
    if (takes == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!obi_procedure_name_of(r, &node->keys[i], &takes[i].name, err) ||
            !read_take(r, &node->items[i], &takes[i], err)) {
            return false;
        }
    }
    step->takes = takes;
    step->takes_count = node->count;
    return true;
}

/* The actor of a step: the named one, or the only one there is. */
static bool read_actor(const obi_procedure_reader *r, const ob_yaml *node, ob_flow_step *step,
                       ob_err *err)
{
    if (!ob_yaml_text(r->doc, node, "as", &step->actor, err)) {
        return false;
    }
    size_t actors = 0;
    for (size_t i = 0; i < r->p->fixtures_count; i++) {
        const ob_fixture *f = &r->p->fixtures[i];
        if (f->kind != OB_FIXTURE_ACTOR) {
            continue;
        }
        actors++;
        if (step->actor.len == 0) {
            step->actor = f->name;
        } else if (ob_span_is(step->actor, f->name)) {
            return true;
        }
    }
    if (ob_yaml_get(node, "as") == NULL && actors == 1) {
        return true;
    }
    if (step->kind == OB_STEP_WAIT) {
        return true;
    }
    return ob_yaml_fail(r->doc, node, err,
                        actors == 0 ? "fixtures holds no actor for this step"
                                    : "as: names no actor of fixtures");
}

/* http: NAME, or {call: NAME, KEY: TEXT, ...}. */
static bool read_http(const obi_procedure_reader *r, const ob_yaml *node, ob_flow_step *step,
                      ob_err *err)
{
    const ob_yaml *http = ob_yaml_get(node, "http");
    const ob_yaml *call = NULL;
    if (http == NULL || http->kind != OB_YAML_MAP) {
        return ob_yaml_text(r->doc, node, "http", &step->text, err);
    }
    ob_var *values = OB_NEW(r->arena, ob_var, http->count, err);
    if (values == NULL || !ob_yaml_need(r->doc, http, "call", &call, err) ||
        !ob_yaml_text(r->doc, http, "call", &step->text, err)) {
        return false;
    }
    for (size_t i = 0; i < http->count; i++) {
        ob_span name = {0};
        if (&http->items[i] == call) {
            continue;
        }
        if (!obi_procedure_name_of(r, &http->keys[i], &name, err)) {
            return false;
        }
        if (http->items[i].kind != OB_YAML_SCALAR) {
            return ob_yaml_fail(r->doc, &http->items[i], err, "a value of a call is one text");
        }
        ob_var *value = &values[step->values_count++];
        value->value = http->items[i].text;
        if (!ob_arena_printf(r->arena, &value->name, err, "call.%.*s", OB_SHOW(name))) {
            return false;
        }
    }
    step->values = values;
    return true;
}

static bool read_step(const obi_procedure_reader *r, const ob_yaml *node, ob_flow_step *step,
                      ob_err *err)
{
    static const char *const keys[] = {"as",   "session", "say",    "expect", "extract",
                                       "http", "wait",    "repeat", "when",   "end_session"};
    static const char *const expects[] = {"reply", "any"};
    static const char *const kinds[] = {"say", "http", "wait", "end_session"};
    int expect = 0;
    uint64_t repeat = 1;
    size_t found = 0;
    step->at = node;
    step->session = OB_SPAN("main");
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(kinds); i++) {
        if (ob_yaml_get(node, kinds[i]) != NULL) {
            step->kind = (ob_step_kind)i;
            found++;
        }
    }
    if (found != 1) {
        return ob_yaml_fail(r->doc, node, err,
                            "a step has exactly one of say, http, wait and end_session");
    }
    if (!ob_yaml_text(r->doc, node, "say", &step->text, err) || !read_http(r, node, step, err) ||
        !ob_yaml_duration(r->doc, node, "wait", &step->wait_ms, err) ||
        !ob_yaml_text(r->doc, node, "session", &step->session, err) ||
        !ob_yaml_text(r->doc, node, "end_session", &step->session, err) ||
        !ob_yaml_text(r->doc, node, "when", &step->when, err) ||
        !ob_yaml_choice(r->doc, node, "expect", expects, OB_COUNT(expects), &expect, err) ||
        !ob_yaml_u64(r->doc, node, "repeat", 1, 50, &repeat, err)) {
        return false;
    }
    step->any_answer = expect == 1;
    step->repeat = (unsigned)repeat;
    return read_actor(r, node, step, err) && read_takes(r, ob_yaml_get(node, "extract"), step, err);
}

bool obi_procedure_flow(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node->kind != OB_YAML_SEQ || node->count == 0) {
        return ob_yaml_fail(r->doc, node, err, "flow is a list of steps with at least one");
    }
    ob_flow_step *flow = OB_NEW(r->arena, ob_flow_step, node->count, err);
    if (flow == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!obi_procedure_told(r, read_step(r, &node->items[i], &flow[i], err), err)) {
            return false;
        }
    }
    r->p->flow = flow;
    r->p->flow_count = node->count;
    return true;
}
