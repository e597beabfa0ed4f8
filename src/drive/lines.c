/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/lines.h"

#include <ombud/json.h>

#define OPEN_MAX 100000

void obi_lines_init(obi_lines *lines, size_t line_max)
{
    *lines = (obi_lines){.line = {.max = line_max}};
}

void obi_lines_fini(obi_lines *lines)
{
    ob_buf_fini(&lines->line);
    ob_mem_free(lines->open);
    *lines = (obi_lines){0};
}

static void remove_at(obi_lines *lines, size_t at)
{
    lines->given_up -= lines->open[at].given_up;
    lines->open_count--;
    (void)memmove(&lines->open[at], &lines->open[at + 1],
                  (lines->open_count - at) * sizeof *lines->open);
}

/* Place of a request, or open_count. */
static size_t find(const obi_lines *lines, uint64_t id)
{
    size_t at = 0;
    while (at < lines->open_count && lines->open[at].id != id) {
        at++;
    }
    return at;
}

bool obi_lines_expect(obi_lines *lines, uint64_t id, ob_err *err)
{
    void *open = lines->open;
    bool good = ob_array_grow(&open, &lines->open_cap, lines->open_count, sizeof *lines->open,
                              OPEN_MAX, err);
    lines->open = open;
    if (!good) {
        return false;
    }
    lines->open[lines->open_count++] = (obi_open_request){.id = id};
    return true;
}

void obi_lines_unexpect(obi_lines *lines, uint64_t id)
{
    size_t at = find(lines, id);
    if (at < lines->open_count) {
        remove_at(lines, at);
    }
}

void obi_lines_give_up(obi_lines *lines, uint64_t id)
{
    size_t at = find(lines, id);
    if (at == lines->open_count || lines->open[at].given_up) {
        return;
    }
    lines->open[at].given_up = true;
    lines->given_up++;
    for (size_t i = 0; lines->given_up > OBI_LINES_GIVEN_UP; i++) {
        if (lines->open[i].given_up) {
            remove_at(lines, i);
            return;
        }
    }
}

bool obi_lines_is_partial(const obi_lines *lines)
{
    return !lines->told && lines->line.len > 0;
}

/* What a line says of the request that it answers. */
typedef enum says {
    SAYS_NONSENSE,
    SAYS_NOTHING,
    SAYS_ID,
    SAYS_OTHER_ID /* one that no request of ours can have */
} says;

static says read_id(const ob_json_token *token, uint64_t *id)
{
    ob_err ignored = {0};
    bool digits = token->kind == OB_JSON_NUMBER || token->kind == OB_JSON_STRING;
    if (token->kind == OB_JSON_NULL) {
        return SAYS_NOTHING;
    }
    return digits && ob_span_to_u64(token->raw, id, &ignored) && *id > 0 ? SAYS_ID : SAYS_OTHER_ID;
}

/* Walks the whole line, so that half an object is no answer. The last "id" counts, as elsewhere. */
static says read_line(ob_span text, uint64_t *id)
{
    ob_json_parser parser;
    ob_json_token token = {0};
    size_t depth = 0;
    says result = SAYS_NOTHING;
    bool is_id = false;
    ob_json_start(&parser, text);
    for (bool first = true;; first = false) {
        if (ob_json_next(&parser, &token) != OB_DONE || (first && token.kind != OB_JSON_OBJECT)) {
            return SAYS_NONSENSE;
        }
        if (is_id) {
            result = read_id(&token, id);
        }
        is_id = depth == 1 && token.kind == OB_JSON_KEY && ob_span_is_str(token.raw, "id");
        switch (token.kind) {
        case OB_JSON_OBJECT:
        case OB_JSON_ARRAY:
            depth++;
            break;
        case OB_JSON_OBJECT_END:
        case OB_JSON_ARRAY_END:
            depth--;
            break;
        case OB_JSON_END:
            return result;
        case OB_JSON_NULL:
        case OB_JSON_BOOL:
        case OB_JSON_NUMBER:
        case OB_JSON_STRING:
        case OB_JSON_KEY:
            break;
        }
    }
}

static obi_line take(obi_lines *lines, size_t at, ob_span text)
{
    obi_open_request request = lines->open[at];
    remove_at(lines, at);
    return (obi_line){
        .kind = request.given_up ? OBI_LINE_LATE : OBI_LINE_ANSWER, .id = request.id, .text = text};
}

static obi_line match(obi_lines *lines, ob_span text)
{
    uint64_t id = 0;
    size_t at = lines->open_count;
    switch (read_line(text, &id)) {
    case SAYS_NONSENSE:
        return (obi_line){.kind = OBI_LINE_NONSENSE, .text = text};
    case SAYS_NOTHING:
        if (lines->gives_ids) {
            break;
        }
        return lines->open_count == 0 ? (obi_line){.kind = OBI_LINE_UNASKED, .text = text}
                                      : take(lines, 0, text);
    case SAYS_ID:
        at = find(lines, id);
        break;
    case SAYS_OTHER_ID:
        break;
    }
    if (at == lines->open_count) {
        return (obi_line){.kind = OBI_LINE_STRAY, .text = text};
    }
    lines->gives_ids = true;
    return take(lines, at, text);
}

ob_step obi_lines_feed(obi_lines *lines, ob_span *bytes, obi_line *line)
{
    while (bytes->len > 0) {
        if (lines->told) {
            ob_buf_reset(&lines->line);
            lines->told = false;
        }
        size_t end = ob_span_find(*bytes, OB_SPAN("\n"), 0);
        ob_buf_add(&lines->line, ob_span_sub(*bytes, 0, end));
        if (lines->line.bad != OB_OK) {
            return OB_BAD;
        }
        *bytes = ob_span_sub(*bytes, end == SIZE_MAX ? bytes->len : end + 1, bytes->len);
        if (end == SIZE_MAX) {
            return OB_MORE;
        }
        lines->told = true;
        ob_span text = ob_span_trim(ob_buf_span(&lines->line));
        if (text.len > 0) {
            *line = match(lines, text);
            return OB_DONE;
        }
    }
    return lines->line.bad == OB_OK ? OB_MORE : OB_BAD;
}
