/* SPDX-License-Identifier: Apache-2.0 */
#include "input/csv.h"

void ob_csv_start(ob_csv *csv, ob_span text, char delimiter)
{
    size_t at = ob_span_has_prefix(text, OB_SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    *csv = (ob_csv){.text = text, .delimiter = delimiter, .at = at};
}

static ob_step bad(ob_csv *csv, size_t at, const char *why)
{
    csv->at = at;
    csv->why = why;
    return OB_BAD;
}

/* Bytes of a line end at a place: 0, 1 (LF) or 2 (CR LF). */
static size_t line_end(const ob_csv *csv, size_t at)
{
    if (csv->text.ptr[at] == '\n') {
        return 1;
    }
    return csv->text.ptr[at] == '\r' && at + 1 < csv->text.len && csv->text.ptr[at + 1] == '\n' ? 2
                                                                                                : 0;
}

/* Moves behind what ends the field; false when something else stands there. */
static bool take_end(ob_csv *csv, size_t at, ob_csv_field *field)
{
    csv->open = false;
    if (at == csv->text.len) {
        csv->at = at;
        field->last = true;
        return true;
    }
    size_t end = line_end(csv, at);
    if (end > 0) {
        csv->at = at + end;
        field->last = true;
        return true;
    }
    csv->open = csv->text.ptr[at] == csv->delimiter;
    csv->at = at + 1;
    return csv->open;
}

static ob_step quoted_field(ob_csv *csv, ob_csv_field *field)
{
    size_t start = csv->at + 1;
    field->quoted = true;
    for (size_t i = start; i < csv->text.len; i++) {
        if (csv->text.ptr[i] == '\0') {
            return bad(csv, i, "a NUL byte");
        }
        if (csv->text.ptr[i] != '"') {
            continue;
        }
        if (i + 1 < csv->text.len && csv->text.ptr[i + 1] == '"') {
            field->doubled = true;
            i++;
            continue;
        }
        field->raw = ob_span_sub(csv->text, start, i);
        return take_end(csv, i + 1, field)
                   ? OB_DONE
                   : bad(csv, i + 1, "text behind a closing quote; double the quotes of a value");
    }
    return bad(csv, csv->at, "a quote that is not closed");
}

static ob_step plain_field(ob_csv *csv, ob_csv_field *field)
{
    size_t i = csv->at;
    for (; i < csv->text.len; i++) {
        char c = csv->text.ptr[i];
        if (c == '\0') {
            return bad(csv, i, "a NUL byte");
        }
        if (c == '"') {
            return bad(csv, i, "a quote within a value; put the value in quotes and double it");
        }
        if (c == csv->delimiter || line_end(csv, i) > 0) {
            break;
        }
    }
    field->raw = ob_span_sub(csv->text, csv->at, i);
    (void)take_end(csv, i, field);
    return OB_DONE;
}

ob_step ob_csv_next(ob_csv *csv, ob_csv_field *field)
{
    *field = (ob_csv_field){.at = csv->at};
    if (csv->why != NULL) {
        return OB_BAD;
    }
    if (csv->at == csv->text.len && !csv->open) {
        field->end = true;
        return OB_DONE;
    }
    if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '"') {
        return quoted_field(csv, field);
    }
    return plain_field(csv, field);
}

bool ob_csv_value(const ob_csv_field *field, ob_arena *arena, ob_span *value, ob_err *err)
{
    if (!field->doubled) {
        *value = field->raw;
        return true;
    }
    char *text = OB_NEW(arena, char, field->raw.len, err);
    size_t len = 0;
    for (size_t i = 0; text != NULL && i < field->raw.len; i++) {
        text[len++] = field->raw.ptr[i];
        i += field->raw.ptr[i] == '"';
    }
    *value = (ob_span){text, len};
    return text != NULL;
}
