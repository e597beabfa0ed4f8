/* SPDX-License-Identifier: Apache-2.0 */
/* The form in which readings of work items are stored. Keys stay what they are for ever; a later
 * version may add some. */
#include "map/item.h"

#include <ombud/json.h>
#include <ombud/text.h>

typedef struct field {
    const char *key;
    size_t at;
} field;

static const field fields[] = {
    {"id", offsetof(ob_item, id)},
    {"title", offsetof(ob_item, title)},
    {"status", offsetof(ob_item, status)},
    {"group", offsetof(ob_item, group)},
    {"question", offsetof(ob_item, question)},
    {"study_period", offsetof(ob_item, study_period)},
    {"timing", offsetof(ob_item, timing)},
    {"approval", offsetof(ob_item, approval)},
    {"type", offsetof(ob_item, type)},
    {"version", offsetof(ob_item, version)},
    {"equivalent", offsetof(ob_item, equivalent)},
    {"liaison", offsetof(ob_item, liaison)},
    {"members", offsetof(ob_item, members)},
    {"summary", offsetof(ob_item, summary)},
    {"comment", offsetof(ob_item, comment)},
    {"registered", offsetof(ob_item, registered)},
    {"updated", offsetof(ob_item, updated)},
};

static const field lists[] = {
    {"former_ids", offsetof(ob_item, former)},
    {"liaisons", offsetof(ob_item, liaisons)},
};

static ob_span text_at(const ob_item *item, size_t at)
{
    ob_span text;
    (void)memcpy(&text, (const char *)item + at, sizeof text);
    return text;
}

void ob_item_write(ob_buf *out, const ob_item *item)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        ob_span text = text_at(item, fields[i].at);
        if (text.len > 0) {
            ob_jw_text(&w, fields[i].key, text);
        }
    }
    for (size_t i = 0; i < OB_COUNT(lists); i++) {
        ob_names names;
        (void)memcpy(&names, (const char *)item + lists[i].at, sizeof names);
        if (names.count > 0) {
            ob_jw_texts(&w, lists[i].key, names.items, names.count);
        }
    }
    if (item->editors > 0) {
        ob_jw_u64(&w, "editors", item->editors);
    }
    if (item->cut) {
        ob_jw_bool(&w, "cut", true);
    }
    if (item->reported) {
        ob_jw_bool(&w, "reported", true);
    }
    ob_jw_end(&w, true);
}

/* The text of a string token: as it stands, or unescaped into the arena. */
static bool take_text(const ob_json_token *token, ob_arena *arena, ob_span *text, ob_err *err)
{
    OB_AUTO(ob_buf) plain = {.max = OB_PAGE_MAX};
    if (!token->escaped) {
        *text = token->raw;
        return true;
    }
    return ob_json_unescape(token->raw, &plain, err) &&
           ob_buf_check(&plain, "a field of a reading", err) &&
           ob_arena_dup(arena, ob_buf_span(&plain), text, err);
}

/* Readings are many and are read at each start, so no tree is made of them. */
typedef struct parsing {
    ob_json_parser parser;
    ob_json_token token;
    ob_arena *arena;
    ob_item *item;
    size_t field; /* where the next one probably is: they are written in this order */
} parsing;

static bool next(parsing *p, ob_err *err)
{
    if (ob_json_next(&p->parser, &p->token) == OB_DONE) {
        return true;
    }
    return ob_fail(err, OB_ERR_INPUT, "byte %zu: %s", p->parser.at, p->parser.why);
}

/* The strings of a list; what else stands there is left out. The bracket was taken. */
static bool take_list(parsing *p, ob_names *names, ob_err *err)
{
    size_t cap = 8;
    size_t count = 0;
    size_t depth = 1;
    ob_span *items = OB_NEW(p->arena, ob_span, cap, err);
    while (items != NULL && depth > 0) {
        if (!next(p, err)) {
            return false;
        }
        ob_json_kind kind = p->token.kind;
        depth += kind == OB_JSON_ARRAY || kind == OB_JSON_OBJECT;
        depth -= kind == OB_JSON_ARRAY_END || kind == OB_JSON_OBJECT_END;
        if (kind != OB_JSON_STRING || depth != 1) {
            continue;
        }
        if (count == cap) {
            ob_span *more = OB_NEW(p->arena, ob_span, cap * 2, err);
            if (more == NULL) {
                return false;
            }
            (void)memcpy(more, items, count * sizeof *items);
            items = more;
            cap *= 2;
        }
        if (!take_text(&p->token, p->arena, &items[count++], err)) {
            return false;
        }
    }
    *names = (ob_names){items, count};
    return items != NULL;
}

/* Passes over a value of which the first token was taken. */
static bool pass(parsing *p, ob_err *err)
{
    size_t depth = p->token.kind == OB_JSON_ARRAY || p->token.kind == OB_JSON_OBJECT;
    while (depth > 0) {
        if (!next(p, err)) {
            return false;
        }
        ob_json_kind kind = p->token.kind;
        depth += kind == OB_JSON_ARRAY || kind == OB_JSON_OBJECT;
        depth -= kind == OB_JSON_ARRAY_END || kind == OB_JSON_OBJECT_END;
    }
    return true;
}

/* The value of a member; keys that we do not know are those of later versions. */
static bool take_member(parsing *p, ob_span key, ob_err *err)
{
    char *item = (char *)p->item;
    ob_json_kind kind = p->token.kind;
    for (size_t k = 0; kind == OB_JSON_STRING && k < OB_COUNT(fields); k++) {
        size_t i = (p->field + k) % OB_COUNT(fields);
        if (ob_span_is_str(key, fields[i].key)) {
            p->field = i + 1;
            ob_span text = {0};
            if (!take_text(&p->token, p->arena, &text, err)) {
                return false;
            }
            (void)memcpy(item + fields[i].at, &text, sizeof text);
            return true;
        }
    }
    for (size_t i = 0; kind == OB_JSON_ARRAY && i < OB_COUNT(lists); i++) {
        if (ob_span_is_str(key, lists[i].key)) {
            ob_names names = {0};
            if (!take_list(p, &names, err)) {
                return false;
            }
            (void)memcpy(item + lists[i].at, &names, sizeof names);
            return true;
        }
    }
    if (kind == OB_JSON_NUMBER && ob_span_is_str(key, "editors")) {
        return ob_span_to_u64(p->token.raw, &p->item->editors, err);
    }
    if (kind == OB_JSON_BOOL) {
        p->item->cut = ob_span_is_str(key, "cut") ? p->token.truth : p->item->cut;
        p->item->reported = ob_span_is_str(key, "reported") ? p->token.truth : p->item->reported;
    }
    return pass(p, err);
}

bool ob_item_parse(ob_item *item, ob_arena *arena, ob_span json, ob_err *err)
{
    ob_item made = {0};
    parsing p = {.arena = arena, .item = &made};
    ob_json_start(&p.parser, json);
    if (!next(&p, err)) {
        return false;
    }
    if (p.token.kind != OB_JSON_OBJECT) {
        return ob_fail(err, OB_ERR_INPUT, "a work item is an object");
    }
    for (;;) {
        ob_span key = {0};
        if (!next(&p, err)) {
            return false;
        }
        if (p.token.kind == OB_JSON_OBJECT_END) {
            break;
        }
        if (!take_text(&p.token, arena, &key, err) || !next(&p, err) ||
            !take_member(&p, key, err)) {
            return false;
        }
    }
    if (!next(&p, err)) { /* nothing stands behind it */
        return false;
    }
    if (made.id.len == 0 || made.title.len == 0) {
        return ob_fail(err, OB_ERR_INPUT, "a work item without id or title");
    }
    *item = made;
    return true;
}
