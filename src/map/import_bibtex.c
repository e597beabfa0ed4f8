/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BibTeX: @kind{key, name = {value}, name = "value", name = 2024}. Braces within a value hold words
 * together and are dropped; of macros only the months are known.
 */
#include "map/cited.h"

#include <ombud/text.h>

typedef struct reader {
    const ob_import_file *file;
    ob_arena *arena;
    ob_span text;
    size_t at;
    size_t counted; /* bytes that .line is of */
    size_t line;
} reader;

static size_t line_now(reader *r)
{
    for (; r->counted < r->at && r->counted < r->text.len; r->counted++) {
        r->line += r->text.ptr[r->counted] == '\n';
    }
    return r->line;
}

static bool fail(reader *r, ob_err *err, const char *text)
{
    return ob_import_fail(r->file, line_now(r), err, "%s", text);
}

static char peek(const reader *r)
{
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

static void skip_blanks(reader *r)
{
    while (r->at < r->text.len && (peek(r) == ' ' || (peek(r) >= '\t' && peek(r) <= '\r'))) {
        r->at++;
    }
}

static ob_span word(reader *r)
{
    size_t start = r->at;
    while (r->at < r->text.len && strchr(" \t\r\n\v\f,={}\"#()@", peek(r)) == NULL) {
        r->at++;
    }
    return ob_span_sub(r->text, start, r->at);
}

static bool knows(const ob_import_file *file)
{
    reader r = {.text = file->bytes};
    for (;;) {
        skip_blanks(&r);
        if (peek(&r) != '%') {
            break;
        }
        while (r.at < r.text.len && peek(&r) != '\n') {
            r.at++;
        }
    }
    if (peek(&r) != '@') {
        return false;
    }
    r.at++;
    ob_span kind = word(&r);
    skip_blanks(&r);
    return kind.len > 0 && peek(&r) == '{';
}

/* What stands between braces or quotes, without inner braces. */
static bool delimited(reader *r, ob_span *value, ob_err *err)
{
    char end = peek(r) == '{' ? '}' : '"';
    size_t start = ++r->at;
    size_t depth = 0;
    for (; r->at < r->text.len; r->at++) {
        char c = peek(r);
        if (c == '\\' && r->at + 1 < r->text.len) {
            r->at++;
        } else if (depth == 0 && c == end) {
            break;
        } else if (c == '{') {
            depth++;
        } else if (c == '}') {
            depth -= depth > 0;
        }
    }
    if (r->at >= r->text.len) {
        r->at = start - 1;
        return fail(r, err, "the value that begins here has no end");
    }
    char *copy = OB_NEW(r->arena, char, r->at - start + 1, err);
    size_t used = 0;
    for (size_t i = start; copy != NULL && i < r->at; i++) {
        char c = r->text.ptr[i];
        bool escaped =
            c == '\\' && i + 1 < r->at && strchr("{}&%$#_\"\\", r->text.ptr[i + 1]) != NULL;
        if (escaped) {
            copy[used++] = r->text.ptr[++i];
        } else if (c != '{' && c != '}') {
            copy[used++] = c == '~' ? ' ' : c;
        }
    }
    *value = (ob_span){copy, used};
    r->at++;
    return copy != NULL;
}

/* Values that '#' joins; */
static bool value_of(reader *r, ob_span *value, ob_err *err)
{
    *value = (ob_span){0};
    for (;;) {
        ob_span part = {0};
        skip_blanks(r);
        if (peek(r) == '{' || peek(r) == '"') {
            if (!delimited(r, &part, err)) {
                return false;
            }
        } else {
            part = word(r);
            if (part.len == 0) {
                return fail(r, err, "a value stands in braces or quotes, or is a word");
            }
        }
        ob_span before = *value;
        if (!ob_arena_printf(r->arena, value, err, "%.*s%.*s", OB_SHOW(before), OB_SHOW(part))) {
            return false;
        }
        skip_blanks(r);
        if (peek(r) != '#') {
            return true;
        }
        r->at++;
    }
}

typedef struct fields {
    ob_cited record;
    ob_span year;
    ob_span month;
} fields;

static ob_span *field_of(fields *f, ob_span name)
{
    const struct {
        const char *name;
        ob_span *field;
    } rows[] = {{"title", &f->record.title},
                {"number", &f->record.number},
                {"doi", &f->record.doi},
                {"institution", &f->record.publisher},
                {"organization", &f->record.publisher},
                {"publisher", &f->record.publisher},
                {"date", &f->record.date},
                {"year", &f->year},
                {"month", &f->month},
                {"abstract", &f->record.summary},
                {"note", &f->record.note}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_span_is_nocase(name, ob_span_str(rows[i].name))) {
            return rows[i].field;
        }
    }
    return NULL;
}

static bool date_of(reader *r, fields *f, ob_err *err)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    uint64_t number = 0;
    ob_err none = {0};
    if (f->record.date.len > 0 || f->year.len == 0) {
        return true;
    }
    f->record.date = f->year;
    for (unsigned i = 0; i < OB_COUNT(months); i++) {
        bool named = ob_span_is_nocase(ob_span_sub(f->month, 0, 3), ob_span_str(months[i]));
        number = named ? i + 1 : number;
    }
    if (number == 0 && !ob_span_to_u64(f->month, &number, &none)) {
        return true;
    }
    return number < 1 || number > 12 ||
           ob_arena_printf(r->arena, &f->record.date, err, "%.*s-%02u", OB_SHOW(f->year),
                           (unsigned)number);
}

static bool read_fields(reader *r, fields *f, ob_err *err)
{
    for (;;) {
        ob_span value = {0};
        skip_blanks(r);
        if (peek(r) == ',') {
            r->at++;
            continue;
        }
        if (peek(r) == '}') {
            r->at++;
            return true;
        }
        ob_span name = word(r);
        skip_blanks(r);
        if (name.len == 0 || peek(r) != '=') {
            return fail(r, err, "an entry holds 'name = value,' and ends with '}'");
        }
        r->at++;
        if (!value_of(r, &value, err)) {
            return false;
        }
        ob_span *field = field_of(f, name);
        if (field != NULL && field->len == 0) {
            *field = value;
        }
        skip_blanks(r);
        if (peek(r) != ',' && peek(r) != '}') {
            return fail(r, err, "behind a value stands ',' or '}'");
        }
    }
}

/* @comment, @string and @preamble are not about documents: passed over up to their last brace. */
static bool skip_entry(reader *r, ob_err *err)
{
    ob_span value = {0};
    return delimited(r, &value, err);
}

static bool read_entry(reader *r, const ob_import_sink *sink, ob_err *err)
{
    static const char *const others[] = {"comment", "string", "preamble"};
    fields f = {.record = {.line = line_now(r)}};
    bool other = false;
    r->at++;
    f.record.kind = word(r);
    skip_blanks(r);
    if (f.record.kind.len == 0 || peek(r) != '{') {
        return fail(r, err, "an entry begins as '@kind{key,'");
    }
    for (size_t i = 0; i < OB_COUNT(others); i++) {
        other = other || ob_span_is_nocase(f.record.kind, ob_span_str(others[i]));
    }
    if (other) {
        return skip_entry(r, err);
    }
    r->at++;
    skip_blanks(r);
    f.record.key = word(r);
    if (!read_fields(r, &f, err) || !date_of(r, &f, err)) {
        return false;
    }
    /* The number of an issue is no number of the article in it. */
    if (ob_span_is_nocase(f.record.kind, OB_SPAN("article"))) {
        f.record.number = (ob_span){0};
    }
    return ob_cited_give(&f.record, r->arena, r->file, sink, err);
}

static bool read_entries(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                         ob_err *err)
{
    reader r = {.file = file, .arena = arena, .text = file->bytes, .line = 1};
    if (!ob_import_is_text(file, err)) {
        return false;
    }
    /* What stands between entries is comment. */
    for (; r.at < r.text.len;) {
        if (peek(&r) == '@') {
            if (!read_entry(&r, sink, err)) {
                return false;
            }
        } else {
            r.at++;
        }
    }
    return true;
}

extern const ob_importer ob_importer_bibtex;

const ob_importer ob_importer_bibtex = {
    .id = "bibtex",
    .title = "BibTeX entries of documents",
    .suffixes = ".bib",
    .knows = knows,
    .read = read_entries,
};
