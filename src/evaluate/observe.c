/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/observe.h"

#define TURNS_MAX  4096
#define NAMES_MAX  4096
#define CLAIMS_MAX 100000

void ob_observation_fini(ob_observation *obs)
{
    if (obs != NULL) {
        ob_mem_free(obs->turns);
        ob_mem_free(obs->names);
        obs->turns = NULL;
        obs->names = NULL;
        obs->turns_count = obs->turns_cap = 0;
        obs->names_count = obs->names_cap = 0;
    }
}

bool ob_observation_add(ob_observation *obs, const ob_seen *seen, ob_err *err)
{
    void *turns = obs->turns;
    if (!ob_array_grow(&turns, &obs->turns_cap, obs->turns_count, sizeof *seen, TURNS_MAX, err)) {
        return false;
    }
    obs->turns = turns;
    ob_seen copy = *seen;
    if (!ob_arena_dup(obs->arena, seen->actor, &copy.actor, err) ||
        !ob_arena_dup(obs->arena, seen->session, &copy.session, err) ||
        !ob_arena_dup(obs->arena, seen->kind, &copy.kind, err) ||
        !ob_arena_dup(obs->arena, seen->sent, &copy.sent, err) ||
        !ob_arena_dup(obs->arena, seen->text, &copy.text, err) ||
        !ob_arena_dup(obs->arena, seen->body, &copy.body, err) ||
        !ob_arena_dup(obs->arena, seen->head, &copy.head, err) ||
        !ob_arena_dup(obs->arena, seen->lost, &copy.lost, err)) {
        return false;
    }
    obs->turns[obs->turns_count++] = copy;
    return true;
}

bool ob_observation_name_at(ob_observation *obs, ob_span name, ob_span value, size_t turn,
                            ob_err *err)
{
    ob_named named = {.turn = turn};
    if (!ob_arena_dup(obs->arena, value, &named.value, err) ||
        /* Later texts may say it as {{name}}. */
        (obs->vars.arena != NULL && !ob_vars_set(&obs->vars, name, value, false, err))) {
        return false;
    }
    for (size_t i = 0; i < obs->names_count; i++) {
        if (ob_span_is(obs->names[i].name, name)) {
            named.name = obs->names[i].name;
            obs->names[i] = named;
            return true;
        }
    }
    void *names = obs->names;
    if (!ob_arena_dup(obs->arena, name, &named.name, err) ||
        !ob_array_grow(&names, &obs->names_cap, obs->names_count, sizeof named, NAMES_MAX, err)) {
        return false;
    }
    obs->names = names;
    obs->names[obs->names_count++] = named;
    return true;
}

bool ob_observation_name(ob_observation *obs, ob_span name, ob_span value, ob_err *err)
{
    if (OB_NEVER(obs->turns_count == 0)) {
        return ob_fail(err, OB_ERR_BUG, "a name without an exchange");
    }
    return ob_observation_name_at(obs, name, value, obs->turns_count - 1, err);
}

const ob_named *ob_observation_find(const ob_observation *obs, ob_span name)
{
    for (size_t i = 0; i < obs->names_count; i++) {
        if (ob_span_is(obs->names[i].name, name)) {
            return &obs->names[i];
        }
    }
    return NULL;
}

/* All strings, however deep: a knowledge base may be nested as its owner likes. */
static void collect(const ob_json *value, unsigned depth, ob_buf *out)
{
    if (value->kind == OB_JSON_STRING) {
        ob_buf_add(out, value->text);
        ob_buf_add_char(out, '\n');
    }
    for (const ob_json *item = value->first; item != NULL && depth < OB_JSON_DEPTH_MAX;
         item = item->next) {
        collect(item, depth + 1, out);
    }
}

bool ob_kb_read(ob_kb *kb, ob_arena *arena, ob_span json, ob_err *err)
{
    ob_json_doc doc = {0};
    OB_AUTO(ob_buf) text = {.max = OB_REPLY_MAX_CEILING};
    if (!ob_json_parse(&doc, arena, json, err)) {
        return ob_wrap(err, "the knowledge base");
    }
    collect(doc.root, 0, &text);
    ob_kb read = {.present = true};
    if (!ob_buf_check(&text, "the knowledge base", err) ||
        !ob_arena_dup(arena, ob_buf_span(&text), &read.text, err)) {
        return false;
    }
    size_t count = 0;
    ob_claim claim;
    for (size_t at = 0; count < CLAIMS_MAX && ob_claim_next(read.text, &at, &claim);) {
        count++;
    }
    ob_claim *claims = OB_NEW(arena, ob_claim, count, err);
    if (claims == NULL) {
        return false;
    }
    for (size_t at = 0; read.claims_count < count && ob_claim_next(read.text, &at, &claim);) {
        claims[read.claims_count++] = claim;
    }
    read.claims = claims;
    *kb = read;
    return true;
}
