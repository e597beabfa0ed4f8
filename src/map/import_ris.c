/* SPDX-License-Identifier: Apache-2.0 */
/* RIS: lines "XX  - value" between TY and ER; a line without a tag goes on with the one before. */
#include "map/cited.h"

static bool is_tag(ob_span line)
{
    return line.len >= 5 && line.ptr[0] >= 'A' && line.ptr[0] <= 'Z' && line.ptr[1] >= '0' &&
           line.ptr[1] <= 'Z' && ob_span_is(ob_span_sub(line, 2, 5), OB_SPAN("  -"));
}

static ob_span skip_mark(ob_span text)
{
    size_t at = ob_span_has_prefix(text, OB_SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    return ob_span_trim(ob_span_sub(text, at, text.len));
}

static bool knows(const ob_import_file *file)
{
    return ob_span_has_prefix(skip_mark(file->bytes), OB_SPAN("TY  -"));
}

/* The field that a tag fills; NULL: none of ours. Of several tags for one field the first stays. */
static ob_span *field_of(ob_cited *r, ob_span tag)
{
    static const struct {
        const char *tags; /* two letters each */
        int field;
    } rows[] = {{"M1IS", 0},   {"DO", 1},   {"ID", 2}, {"TIT1", 3}, {"PB", 4},
                {"DAPYY1", 5}, {"ABN2", 6}, {"N1", 7}, {"SN", 0}};

    ob_span *const fields[] = {&r->number,    &r->doi,  &r->key,     &r->title,
                               &r->publisher, &r->date, &r->summary, &r->note};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        for (const char *at = rows[i].tags; *at != '\0'; at += 2) {
            if (tag.ptr[0] == at[0] && tag.ptr[1] == at[1]) {
                return fields[rows[i].field];
            }
        }
    }
    return NULL;
}

/* An issue or an ISSN is no number of the article in it. */
static bool is_numbered(ob_span kind)
{
    return ob_span_is(kind, OB_SPAN("STAND")) || ob_span_is(kind, OB_SPAN("RPRT")) ||
           ob_span_is(kind, OB_SPAN("GEN"));
}

/* "2024/05/31/" and "2024///" are how RIS writes dates. */
static bool date_of(ob_arena *arena, ob_span text, ob_span *date, ob_err *err)
{
    char *copy = OB_NEW(arena, char, text.len + 1, err);
    size_t used = 0;
    if (copy == NULL) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        copy[used++] = text.ptr[i] == '/' ? '-' : text.ptr[i];
    }
    while (used > 0 && copy[used - 1] == '-') {
        used--;
    }
    *date = (ob_span){copy, used};
    return true;
}

static bool end_record(const ob_import_file *file, ob_arena *arena, ob_cited *r,
                       const ob_import_sink *sink, ob_err *err)
{
    if (!is_numbered(r->kind)) {
        r->number = (ob_span){0};
    }
    return date_of(arena, r->date, &r->date, err) && ob_cited_give(r, arena, file, sink, err);
}

/* Text of the field that is open, from its first line to the end of this one. */
static void go_on(ob_span *field, ob_span line)
{
    if (field != NULL && field->len > 0) {
        field->len = (size_t)(line.ptr + line.len - field->ptr);
    }
}

static bool read_lines(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                       ob_err *err)
{
    ob_cited r = {0};
    ob_span *open = NULL;
    ob_span rest = file->bytes;
    ob_span line = {0};
    size_t number = 0;
    while (ob_span_cut_line(&rest, &line)) {
        number++;
        line = number == 1 ? skip_mark(line) : line;
        ob_span value = ob_span_trim(ob_span_sub(line, 5, line.len));
        if (!is_tag(line)) {
            if (r.line == 0 && ob_span_trim(line).len > 0) {
                return ob_import_fail(file, number, err, "a record begins with 'TY  - '");
            }
            go_on(open, line);
            continue;
        }
        bool begins = ob_span_has_prefix(line, OB_SPAN("TY"));
        bool ends = ob_span_has_prefix(line, OB_SPAN("ER"));
        if (begins != (r.line == 0)) {
            return ob_import_fail(file, number, err, "%s",
                                  begins ? "the record before has no 'ER  - '"
                                         : "a record begins with 'TY  - '");
        }
        open = begins || ends ? NULL : field_of(&r, line);
        if (begins) {
            r = (ob_cited){.line = number, .kind = value};
        } else if (ends) {
            if (!end_record(file, arena, &r, sink, err)) {
                return false;
            }
            r = (ob_cited){0};
        } else if (open != NULL && open->len == 0) {
            *open = value;
        } else {
            open = NULL;
        }
    }
    return r.line == 0 || ob_import_fail(file, number, err, "the last record has no 'ER  - '");
}

static bool read_records(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                         ob_err *err)
{
    return ob_import_is_text(file, err) && read_lines(file, arena, sink, err);
}

extern const ob_importer ob_importer_ris;

const ob_importer ob_importer_ris = {
    .id = "ris",
    .title = "RIS records of documents",
    .suffixes = ".ris",
    .knows = knows,
    .read = read_records,
};
