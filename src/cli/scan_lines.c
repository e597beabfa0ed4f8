/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of JSON: {"id", "text"} each. The id, a string or a number, comes back as it was written;
 * what stands beside both is left alone. A line that cannot be read is told in its place, and the
 * next one is read.
 */
#include "cli/scan.h"

#include <ombud/json.h>

typedef struct work {
    ob_scan_job *job;
    const char *file;
    uint64_t line;
    ob_buf text; /* the line as far as it was read */
    bool too_long;
    ob_arena arena; /* of one line */
    ob_buf masked;
} work;

typedef struct parts {
    ob_span id; /* as written; "null" where there is none */
    ob_span text;
    const char *wrong; /* NULL: nothing */
    size_t at;         /* of what is wrong, SIZE_MAX: the line as a whole */
} parts;

/* Tells two members of the outermost object; what they hold when something else is wrong behind
 * them is still good for telling which line it was. */
static void read_members(ob_span line, parts *p, ob_json_token *text, unsigned *texts)
{
    ob_json_parser parser;
    ob_json_token token;
    ob_json_token key = {0};
    size_t depth = 0;
    bool first = true;
    ob_json_start(&parser, line);
    while (ob_json_next(&parser, &token) == OB_DONE) {
        if (token.kind == OB_JSON_END) {
            return;
        }
        if (first && token.kind != OB_JSON_OBJECT) {
            p->wrong = "no object {\"id\", \"text\"}";
            p->at = token.at;
            return;
        }
        first = false;
        bool value = depth == 1 && token.kind != OB_JSON_KEY && token.kind != OB_JSON_OBJECT_END;
        if (token.kind == OB_JSON_KEY && depth == 1) {
            key = token;
        }
        if (value && ob_span_is_str(key.raw, "id") &&
            (token.kind == OB_JSON_STRING || token.kind == OB_JSON_NUMBER)) {
            /* A string with its quotes. */
            p->id = token.kind == OB_JSON_NUMBER ? token.raw
                                                 : (ob_span){token.raw.ptr - 1, token.raw.len + 2};
        }
        if (value && ob_span_is_str(key.raw, "text")) {
            *text = token;
            ++*texts;
        }
        depth += token.kind == OB_JSON_OBJECT || token.kind == OB_JSON_ARRAY;
        depth -= token.kind == OB_JSON_OBJECT_END || token.kind == OB_JSON_ARRAY_END;
    }
    p->wrong = parser.why;
    p->at = parser.at;
}

static bool read_line(work *w, ob_span line, parts *p, ob_err *err)
{
    ob_json_token text = {.kind = OB_JSON_NULL};
    unsigned texts = 0;
    *p = (parts){.id = OB_SPAN("null"), .at = SIZE_MAX};
    size_t bad = ob_utf8_bad(line);
    if (w->too_long) {
        p->wrong = "longer than 64 MB";
        return true;
    }
    if (ob_span_trim(line).len == 0) {
        p->wrong = "the line is blank";
        return true;
    }
    read_members(line, p, &text, &texts);
    if (bad != SIZE_MAX) {
        p->wrong = "no UTF-8";
        p->at = bad;
    } else if (p->wrong == NULL && texts == 0) {
        p->wrong = "no member \"text\"";
    } else if (p->wrong == NULL && texts > 1) {
        /* Which of them a reader takes is its own choice, so none of them is the text. */
        p->wrong = "more than one member \"text\"";
        p->at = text.at;
    } else if (p->wrong == NULL && text.kind != OB_JSON_STRING) {
        p->wrong = "\"text\" is no string";
        p->at = text.at;
    }
    if (p->wrong != NULL || !text.escaped) {
        p->text = text.raw;
        return true;
    }
    OB_AUTO(ob_buf) plain = {.max = OB_SCAN_LINE_MAX};
    return ob_json_unescape(text.raw, &plain, err) &&
           ob_arena_dup(&w->arena, ob_buf_span(&plain), &p->text, err);
}

static bool add_error(work *w, const parts *p, ob_err *err)
{
    OB_AUTO(ob_buf) why = {.max = 400};
    OB_AUTO(ob_buf) file = {.max = 400};
    ob_scan_job *job = w->job;
    ob_buf_addf(&why, "line %llu", (unsigned long long)w->line);
    if (p->at != SIZE_MAX) {
        ob_buf_addf(&why, ", byte %zu", p->at + 1);
    }
    ob_buf_addf(&why, ": %s", p->wrong);
    if (job->unread++ == 0) {
        ob_buf_add_shown(&file, ob_span_str(w->file), 80);
        (void)snprintf(job->first_unread, sizeof job->first_unread, "%.*s, %.*s",
                       OB_SHOW(ob_buf_span(&file)), OB_SHOW(ob_buf_span(&why)));
    }
    if (job->form == OB_SCAN_TABLE) {
        return true;
    }
    ob_buf *out = &job->out.text;
    ob_buf_add_str(out, "{\"id\":");
    ob_buf_add(out, p->id);
    ob_buf_add_str(out, job->form == OB_SCAN_JSON ? ",\"findings\":[]" : ",\"text\":null");
    ob_buf_add_str(out, ",\"error\":");
    ob_buf_add_json(out, ob_buf_span(&why));
    ob_buf_add_str(out, "}\n");
    return ob_scan_out_add(&job->out, (ob_span){0}, err);
}

static bool on_text(void *ctx, ob_span released, ob_err *err)
{
    work *w = ctx;
    (void)err;
    ob_buf_add(&w->masked, released);
    return true;
}

static bool on_hit(void *ctx, const ob_hit *hit, ob_err *err)
{
    work *w = ctx;
    (void)err;
    ob_scan_count(w->job, hit);
    return true;
}

static bool on_mask(void *ctx, const ob_hit *hit, ob_span value, const uint8_t digest[32],
                    ob_buf *out, ob_err *err)
{
    work *w = ctx;
    return ob_scan_pseudonym(w->job, hit, value, digest, out, err);
}

static bool redact(work *w, const parts *p, ob_err *err)
{
    ob_scan_job *job = w->job;
    ob_scan_sink sink = {
        .ctx = w, .text = on_text, .hit = on_hit, .mask = job->key.len > 0 ? on_mask : NULL};
    ob_buf_reset(&w->masked);
    ob_scanner_start(job->scanner, &sink);
    if (!ob_scanner_feed(job->scanner, p->text, err) || !ob_scanner_end(job->scanner, err) ||
        !ob_buf_check(&w->masked, "the text", err)) {
        return false;
    }
    ob_buf *out = &job->out.text;
    ob_buf_add_str(out, "{\"id\":");
    ob_buf_add(out, p->id);
    ob_buf_add_str(out, ",\"text\":");
    ob_buf_add_json(out, ob_buf_span(&w->masked));
    ob_buf_add_str(out, "}\n");
    return ob_scan_out_add(&job->out, (ob_span){0}, err);
}

static bool show_rows(work *w, const parts *p, const ob_hit *hits, size_t count, ob_err *err)
{
    uint64_t column = 1;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t start = (size_t)hits[i].start;
        for (; at < start; at++) {
            column += ((unsigned char)p->text.ptr[at] & 0xc0) != 0x80;
        }
        ob_scan_found found = {.hit = &hits[i],
                               .value = ob_span_sub(p->text, start, (size_t)hits[i].end),
                               .file = w->file,
                               .line = w->line,
                               .column = column};
        if (!ob_scan_row(w->job, &found, err)) {
            return false;
        }
    }
    return true;
}

static bool find(work *w, const parts *p, ob_err *err)
{
    const ob_hit *hits = NULL;
    size_t count = 0;
    ob_buf *out = &w->job->out.text;
    if (!ob_scanner_text(w->job->scanner, p->text, &hits, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ob_scan_count(w->job, &hits[i]);
    }
    if (w->job->form == OB_SCAN_TABLE) {
        return show_rows(w, p, hits, count, err);
    }
    ob_buf_add_str(out, "{\"id\":");
    ob_buf_add(out, p->id);
    ob_buf_add_str(out, ",\"findings\":[");
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(out, i == 0 ? "" : ",");
        ob_scan_json(w->job, &hits[i], out);
    }
    ob_buf_add_str(out, "]}\n");
    return ob_scan_out_add(&w->job->out, (ob_span){0}, err);
}

static bool take_line(work *w, ob_err *err)
{
    parts p;
    ob_span line = ob_buf_span(&w->text);
    w->line++;
    w->job->inputs++;
    if (w->line == 1) {
        line = ob_span_skip_mark(line);
    }
    bool good =
        read_line(w, line, &p, err) && (p.wrong != NULL                  ? add_error(w, &p, err)
                                        : w->job->form == OB_SCAN_REDACT ? redact(w, &p, err)
                                                                         : find(w, &p, err));
    ob_arena_reset(&w->arena);
    ob_buf_reset(&w->text);
    w->too_long = false;
    return good;
}

static void add(work *w, ob_span part)
{
    if (w->text.len + part.len > OB_SCAN_LINE_MAX) {
        w->too_long = true;
        ob_buf_reset(&w->text);
    }
    if (!w->too_long) {
        ob_buf_add(&w->text, part);
    }
}

static bool take_piece(work *w, ob_span piece, ob_err *err)
{
    const char *feed = NULL;
    while (piece.len > 0 && (feed = memchr(piece.ptr, '\n', piece.len)) != NULL) {
        size_t length = (size_t)(feed - piece.ptr);
        add(w, ob_span_sub(piece, 0, length));
        if (!ob_buf_check(&w->text, "the line", err) || !take_line(w, err)) {
            return false;
        }
        piece = ob_span_sub(piece, length + 1, piece.len);
    }
    add(w, piece);
    return ob_buf_check(&w->text, "the line", err);
}

static bool scan_pieces(work *w, ob_scan_in *in, ob_err *err)
{
    char piece[OB_SCAN_PIECE];
    size_t got = 0;
    do {
        if (!ob_scan_in_read(w->job, in, piece, &got, err) ||
            !take_piece(w, (ob_span){piece, got}, err)) {
            return false;
        }
    } while (got > 0);
    return (w->text.len == 0 && !w->too_long) || take_line(w, err);
}

bool ob_scan_lines(ob_scan_job *job, ob_scan_in *in, ob_err *err)
{
    work w = {.job = job,
              .file = in->name,
              .text = {.max = OB_SCAN_LINE_MAX},
              .masked = {.max = (size_t)1 << 30}};
    bool good = scan_pieces(&w, in, err);
    ob_buf_fini(&w.text);
    ob_buf_fini(&w.masked);
    ob_arena_fini(&w.arena);
    return good;
}
