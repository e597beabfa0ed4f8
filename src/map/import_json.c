/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ombud map export --format json wrote: its readings come back word for word, each with its
 * own day, and so do set relations that somebody added to the file.
 */
#include "map/exchange.h"

#include <ombud/text.h>

#define FORMAT "ombud.map.export"

static bool knows(const ob_import_file *file)
{
    ob_span text = ob_span_trim(file->bytes);
    return text.len > 0 && text.ptr[0] == '{' &&
           ob_span_find(ob_span_sub(text, 0, 400), OB_SPAN(FORMAT), 0) != SIZE_MAX;
}

static size_t line_of(const ob_import_file *file, const ob_json *at)
{
    size_t line = 1;
    size_t column = 1;
    ob_text_place(file->bytes, at == NULL ? 0 : at->at, &line, &column);
    return line;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool digest_from(ob_span hex, ob_digest *digest)
{
    bool good = hex.len == sizeof digest->bytes * 2;
    for (size_t i = 0; good && i < sizeof digest->bytes; i++) {
        int high = digit(hex.ptr[i * 2]);
        int low = digit(hex.ptr[i * 2 + 1]);
        good = high >= 0 && low >= 0;
        digest->bytes[i] = (uint8_t)(good ? high * 16 + low : 0);
    }
    return good;
}

/* A body that the map could not read would break every later command, so it is looked at here. */
static const char *wrong_body(const ob_reading *r)
{
    OB_AUTO(ob_arena) scratch = {0};
    ob_err err = {0};
    if (ob_span_is(r->kind, OB_SPAN("item"))) {
        ob_item item = {0};
        return ob_item_parse(&item, &scratch, r->body, &err) ? NULL : "its body is no work item";
    }
    if (ob_span_is(r->kind, OB_SPAN("meeting"))) {
        ob_meeting_page page = {0};
        return ob_meeting_parse(&page, &scratch, r->body, &err) ? NULL : "its body is no meeting";
    }
    return ob_span_is(r->kind, OB_SPAN("relation"))
               ? NULL
               : "its kind is none of item, meeting and relation";
}

static bool read_reading(const ob_import_file *file, const ob_json *at, const ob_import_sink *sink,
                         ob_err *err)
{
    OB_AUTO(ob_buf) body = {.max = OB_PAGE_MAX * 2};
    ob_reading r = {.kind = ob_json_text(at, "kind"),
                    .subject = ob_json_text(at, "subject"),
                    .day = ob_json_text(at, "date"),
                    .source = ob_json_text(at, "source")};
    const ob_json *inner = ob_json_get(at, "body");
    ob_day day = 0;
    char shown[OB_DAY_TEXT_MAX];
    if (r.subject.len == 0 || inner == NULL || inner->kind != OB_JSON_OBJECT) {
        return ob_import_fail(file, line_of(file, at), err,
                              "a reading needs kind, subject, date, source, sha256 and body");
    }
    if (!ob_day_read(r.day, &day) || !digest_from(ob_json_text(at, "sha256"), &r.digest)) {
        return ob_import_fail(file, line_of(file, at), err,
                              "a reading needs a date such as 2026-11-24 and the SHA-256 of what "
                              "was read");
    }
    ob_day_write(day, shown);
    ob_json_write(&body, inner);
    r.day = ob_span_str(shown);
    r.body = ob_buf_span(&body);
    if (!ob_buf_check(&body, "a reading", err)) {
        return false;
    }
    const char *wrong = wrong_body(&r);
    return wrong == NULL ? sink->take(sink->ctx, &r, err)
                         : ob_import_fail(file, line_of(file, at), err, "a reading: %s", wrong);
}

static bool read_sets(const ob_import_file *file, ob_arena *arena, const ob_json *root,
                      const ob_import_sink *sink, ob_err *err)
{
    ob_statements list __attribute__((cleanup(ob_statements_fini))) = {0};
    const ob_json *sets = ob_json_get(root, "sets");
    for (const ob_json *at = sets == NULL ? NULL : sets->first; at != NULL; at = at->next) {
        ob_span text[OB_ST_KEYS];
        const char *wrong = NULL;
        if (ob_json_get(at, "origin") != NULL) {
            continue;
        }
        ob_statement_texts(at, text);
        if (!ob_statements_add(&list, arena, text, &wrong, err)) {
            return false;
        }
        if (wrong != NULL) {
            return ob_import_fail(file, line_of(file, at), err, "%s", wrong);
        }
    }
    return ob_statements_give(&list, arena, file, sink, err);
}

static bool read_export(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                        ob_err *err)
{
    ob_json_doc doc = {0};
    if (!ob_import_json(&doc, arena, file, err)) {
        return false;
    }
    const ob_json *list = ob_json_get(doc.root, "readings");
    if (!ob_span_is(ob_json_text(doc.root, "format"), OB_SPAN(FORMAT)) ||
        ob_json_i64(doc.root, "version", 0) != 1) {
        return ob_import_fail(file, 1, err, "it is not of the format " FORMAT ", version 1");
    }
    for (const ob_json *at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
        if (!read_reading(file, at, sink, err)) {
            return false;
        }
    }
    return read_sets(file, arena, doc.root, sink, err);
}

extern const ob_importer ob_importer_json;

const ob_importer ob_importer_json = {
    .id = "json",
    .title = "what map export --format json wrote",
    .suffixes = ".json",
    .knows = knows,
    .read = read_export,
};
