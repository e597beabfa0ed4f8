/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a text is made of, so that it can be masked without breaking it: one JSON document, lines of
 * which some are JSON (server-sent events, the lines of a program), or plain text.
 */
#include "evaluate/screen.h"

#include <ombud/json.h>

#define PARTS_MAX ((size_t)1 << 24)
#define PATHS_MAX 32 /* strings of a stream that are put together; further ones are not */

typedef struct level {
    uint32_t path;
    uint32_t index; /* of an array: the next item */
    uint32_t key;   /* of an object: the member at hand */
    bool object;
} level;

static uint32_t mix(uint32_t path, ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        path = (path ^ (unsigned char)text.ptr[i]) * 16777619U; /* FNV-1a */
    }
    return path;
}

static bool add_part(obi_parts *parts, obi_part part, ob_err *err)
{
    void *items = parts->items;
    if (!ob_array_grow(&items, &parts->cap, parts->count, sizeof part, PARTS_MAX, err)) {
        return false;
    }
    parts->items = items;
    parts->items[parts->count++] = part;
    return true;
}

/* The path of the value that comes next. */
static uint32_t value_path(level *at)
{
    char index[16];
    int len = snprintf(index, sizeof index, "#%u", at->index++);
    return at->object ? mix(at->path, (ob_span){(const char *)&at->key, sizeof at->key})
                      : mix(at->path, (ob_span){index, (size_t)len});
}

static bool add_token(obi_parts *parts, const ob_json_token *token, uint32_t path, ob_err *err)
{
    uint32_t start = (uint32_t)(token->raw.ptr - parts->text.ptr);
    obi_part part = {.start = start,
                     .end = start + (uint32_t)token->raw.len,
                     .path = path,
                     .kind = token->kind == OB_JSON_NUMBER ? OBI_PART_NUMBER : OBI_PART_STRING,
                     .escaped = token->escaped};
    return token->raw.len == 0 || add_part(parts, part, err);
}

/* Adds the strings and numbers of a document; *json: whether it is one. */
static bool add_document(obi_parts *parts, ob_span text, bool *json, ob_err *err)
{
    size_t before = parts->count;
    level levels[OB_JSON_DEPTH_MAX + 2] = {{.path = 2166136261U}};
    level *at = levels;
    ob_json_parser parser;
    ob_json_token token;
    ob_json_start(&parser, text);
    *json = true;
    while (*json) {
        if (ob_json_next(&parser, &token) != OB_DONE) {
            parts->count = before;
            *json = false;
        } else if (token.kind == OB_JSON_END) {
            parts->documents++;
            return true;
        } else if (token.kind == OB_JSON_ARRAY_END || token.kind == OB_JSON_OBJECT_END) {
            at--;
        } else if (token.kind == OB_JSON_KEY) {
            at->key = mix(2166136261U, token.raw);
            if (!add_token(parts, &token, 0, err)) {
                return false;
            }
        } else {
            uint32_t path = value_path(at);
            if (token.kind == OB_JSON_ARRAY || token.kind == OB_JSON_OBJECT) {
                *++at = (level){.path = path, .object = token.kind == OB_JSON_OBJECT};
            } else if ((token.kind == OB_JSON_STRING || token.kind == OB_JSON_NUMBER) &&
                       !add_token(parts, &token, path, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool looks_like_json(ob_span text)
{
    return text.len > 1 && (text.ptr[0] == '{' || text.ptr[0] == '[' || text.ptr[0] == '"');
}

static bool add_line(obi_parts *parts, ob_span line, ob_err *err)
{
    ob_span rest = line;
    bool json = false;
    if (ob_span_has_prefix(rest, OB_SPAN("data:"))) {
        rest = ob_span_sub(rest, 5, rest.len);
    }
    rest = ob_span_trim(rest);
    if (looks_like_json(rest) && !add_document(parts, rest, &json, err)) {
        return false;
    }
    uint32_t start = (uint32_t)(line.ptr - parts->text.ptr);
    obi_part plain = {.start = start, .end = start + (uint32_t)line.len};
    return json || line.len == 0 || add_part(parts, plain, err);
}

static bool cut(obi_parts *parts, ob_err *err)
{
    ob_span rest = ob_span_trim(ob_span_skip_mark(parts->text));
    bool json = false;
    if (looks_like_json(rest) && !add_document(parts, rest, &json, err)) {
        return false;
    }
    if (json) {
        return true;
    }
    ob_span line;
    rest = parts->text;
    while (ob_span_cut_line(&rest, &line)) {
        if (!add_line(parts, line, err)) {
            return false;
        }
    }
    if (parts->documents == 0) { /* a value may stand across the lines of a plain text */
        parts->count = 0;
        return add_part(parts, (obi_part){.end = (uint32_t)parts->text.len}, err);
    }
    return true;
}

/* A view in the making. */
typedef struct maker {
    const obi_parts *parts;
    char *text;
    uint32_t *map;
    size_t len;
    ob_buf escape;
} maker;

static void put_plain(maker *m, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        m->map[m->len] = (uint32_t)i;
        m->text[m->len++] = m->parts->text.ptr[i];
    }
}

/* Bytes of the escape that begins at byte at of the part. */
static size_t escape_length(ob_span text, size_t at, size_t end)
{
    size_t len = at + 1 < end && text.ptr[at + 1] == 'u' ? 6 : 2;
    bool high = len == 6 && at + 12 <= end &&
                (text.ptr[at + 2] == 'd' || text.ptr[at + 2] == 'D') &&
                strchr("89abAB", text.ptr[at + 3]) != NULL && text.ptr[at + 6] == '\\' &&
                text.ptr[at + 7] == 'u';
    len = high ? 12 : len;
    return at + len <= end ? len : end - at;
}

static bool put_part(maker *m, const obi_part *part, ob_err *err)
{
    ob_span text = m->parts->text;
    if (!part->escaped) {
        put_plain(m, part->start, part->end);
        return true;
    }
    for (size_t at = part->start; at < part->end;) {
        size_t stop = at;
        while (stop < part->end && text.ptr[stop] != '\\') {
            stop++;
        }
        put_plain(m, at, stop);
        at = stop;
        if (at < part->end) {
            size_t len = escape_length(text, at, part->end);
            ob_buf_reset(&m->escape);
            if (!ob_json_unescape(ob_span_sub(text, at, at + len), &m->escape, err)) {
                return false;
            }
            for (size_t i = 0; i < m->escape.len && i < len; i++) {
                m->map[m->len] = (uint32_t)at;
                m->text[m->len++] = m->escape.ptr[i];
            }
            at += len;
        }
    }
    return true;
}

/* No view is longer than the bytes that it is made of. */
static bool maker_open(maker *m, const obi_parts *parts, ob_arena *arena, size_t most, ob_err *err)
{
    *m = (maker){.parts = parts, .escape = {.max = 64}};
    m->text = OB_NEW(arena, char, most + 1, err);
    m->map = m->text == NULL ? NULL : OB_NEW(arena, uint32_t, most + 1, err);
    return m->map != NULL;
}

static bool whole_view(obi_parts *parts, obi_screen_view *view, ob_arena *arena, ob_err *err)
{
    bool escaped = false;
    size_t behind = 0;
    maker m = {0};
    view->pieces = OB_NEW(arena, obi_piece, parts->count, err);
    view->pieces_count = parts->count;
    view->text = parts->text;
    for (size_t i = 0; view->pieces != NULL && i < parts->count; i++) {
        view->pieces[i] = (obi_piece){(uint32_t)i, parts->items[i].start, parts->items[i].end};
        escaped = escaped || parts->items[i].escaped;
    }
    if (view->pieces == NULL || !escaped) {
        return view->pieces != NULL;
    }
    bool good = maker_open(&m, parts, arena, parts->text.len, err);
    for (size_t i = 0; good && i < parts->count; i++) {
        put_plain(&m, behind, parts->items[i].start);
        view->pieces[i].start = (uint32_t)m.len;
        good = put_part(&m, &parts->items[i], err);
        view->pieces[i].end = (uint32_t)m.len;
        behind = parts->items[i].end;
    }
    if (good) {
        put_plain(&m, behind, parts->text.len);
        view->text = (ob_span){m.text, m.len};
        view->map = m.map;
    }
    ob_buf_fini(&m.escape);
    return good;
}

static ob_span part_text(const obi_parts *parts, const obi_part *part)
{
    return ob_span_sub(parts->text, part->start, part->end);
}

/* The strings at the path of part number first. What every document repeats is no stream of text.
 */
static bool joined_view(obi_parts *parts, size_t first, obi_screen_view *view, ob_arena *arena,
                        ob_err *err)
{
    uint32_t path = parts->items[first].path;
    size_t count = 0;
    size_t bytes = 0;
    bool differs = false;
    for (size_t i = first; i < parts->count; i++) {
        const obi_part *part = &parts->items[i];
        if (part->kind == OBI_PART_STRING && part->path == path) {
            count++;
            bytes += part->end - part->start;
            differs = differs ||
                      !ob_span_is(part_text(parts, part), part_text(parts, &parts->items[first]));
        }
    }
    maker m = {0};
    if (count < 2 || !differs) {
        return true;
    }
    view->pieces = OB_NEW(arena, obi_piece, count, err);
    bool good = view->pieces != NULL && maker_open(&m, parts, arena, bytes, err);
    for (size_t i = first; good && i < parts->count; i++) {
        const obi_part *part = &parts->items[i];
        if (part->kind == OBI_PART_STRING && part->path == path) {
            uint32_t start = (uint32_t)m.len;
            good = put_part(&m, part, err);
            view->pieces[view->pieces_count++] = (obi_piece){(uint32_t)i, start, (uint32_t)m.len};
        }
    }
    view->text = (ob_span){m.text, m.len};
    view->map = m.map;
    view->joined = true;
    ob_buf_fini(&m.escape);
    return good;
}

bool obi_parts_make(obi_parts *parts, ob_arena *arena, ob_span text, ob_err *err)
{
    uint32_t seen[PATHS_MAX] = {0};
    size_t paths = 0;
    *parts = (obi_parts){.text = text};
    if (text.len > UINT32_MAX - 1) {
        return ob_fail(err, OB_ERR_LIMIT, "a text of %zu bytes is too long to be screened",
                       text.len);
    }
    parts->views = OB_NEW(arena, obi_screen_view, PATHS_MAX + 1, err);
    if (parts->views == NULL || !cut(parts, err) ||
        !whole_view(parts, &parts->views[0], arena, err)) {
        return false;
    }
    parts->views_count = 1;
    for (size_t i = 0; parts->documents > 1 && i < parts->count && paths < PATHS_MAX; i++) {
        const obi_part *part = &parts->items[i];
        bool known = part->kind != OBI_PART_STRING || part->path == 0;
        for (size_t k = 0; k < paths; k++) {
            known = known || seen[k] == part->path;
        }
        if (known) {
            continue;
        }
        seen[paths++] = part->path;
        obi_screen_view *view = &parts->views[parts->views_count];
        if (!joined_view(parts, i, view, arena, err)) {
            return false;
        }
        parts->views_count += view->joined;
    }
    return true;
}

void obi_parts_fini(obi_parts *parts)
{
    ob_mem_free(parts->items);
    *parts = (obi_parts){0};
}
