/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of inputs that others wrote: CSV, JSON, JSONL and plain text. Each becomes rows of named
 * values; what is done with a row is the same for all. Their texts are taken literally, so that
 * braces in a collection of prompts are no templates of ours.
 */
#include "catalogue/inputs_core.h"

#include "input/csv.h"

#include <ombud/text.h>

typedef struct loader {
    const ob_inputs_source *s;
    ob_arena *arena; /* of the result */
    ob_arena scratch;
    ob_span text;
    ob_input *items; /* heap */
    size_t count;
    size_t cap;
} loader;

/* One row: a text alone, named columns, or an object. */
typedef struct row {
    size_t at; /* byte offset */
    bool single;
    ob_span text;
    const ob_span *names; /* csv */
    const ob_span *values;
    size_t count;
    const ob_json *object;
    ob_span kind; /* of the list that it stands in, or empty */
} row;

static bool fail(const loader *l, size_t at, ob_err *err, const char *what, ob_span quoted,
                 const char *how)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    size_t line = 0;
    size_t column = 0;
    ob_text_place(l->text, at, &line, &column);
    ob_buf_add_shown(&shown, quoted, OB_QUOTE_MAX);
    return ob_fail(err, OB_ERR_INPUT, "%.*s:%zu:%zu: %s%s%.*s%s%s%s", OB_SHOW(l->s->path), line,
                   column, what, quoted.len > 0 ? " '" : "", OB_SHOW(ob_buf_span(&shown)),
                   quoted.len > 0 ? "'" : "", how[0] == '\0' ? "" : "; ", how);
}

/* Finds a column; false when it is not there or holds no plain value. */
static bool cell(const row *r, ob_span name, ob_span *value)
{
    for (size_t i = 0; i < r->count; i++) {
        if (ob_span_is(r->names[i], name)) {
            *value = r->values[i];
            return true;
        }
    }
    for (const ob_json *m = r->object == NULL ? NULL : r->object->first; m != NULL; m = m->next) {
        if (!ob_span_is(m->key, name)) {
            continue;
        }
        if (m->kind == OB_JSON_STRING || m->kind == OB_JSON_NUMBER) {
            *value = m->text;
        } else if (m->kind == OB_JSON_BOOL) {
            *value = m->truth ? OB_SPAN("true") : OB_SPAN("false");
        } else {
            return false;
        }
        return true;
    }
    return false;
}

static bool copy_cell(const loader *l, const row *r, ob_span column, ob_span *out, ob_err *err)
{
    ob_span value = {0};
    if (column.len == 0) {
        return true;
    }
    if (!cell(r, column, &value)) {
        return fail(l, r->at, err, "no text or number under", column,
                    "correct the name in the procedure, or the row");
    }
    return ob_arena_dup(l->arena, value, out, err);
}

static bool read_fields(const loader *l, const row *r, ob_input *input, ob_err *err)
{
    if (l->s->fields_count == 0) {
        return true;
    }
    ob_var *fields = OB_NEW(l->arena, ob_var, l->s->fields_count, err);
    for (size_t i = 0; fields != NULL && i < l->s->fields_count; i++) {
        fields[i].name = l->s->fields[i].name;
        if (!copy_cell(l, r, l->s->fields[i].value, &fields[i].value, err)) {
            return false;
        }
    }
    input->fields = fields;
    input->fields_count = l->s->fields_count;
    return fields != NULL;
}

static bool is_wanted(const loader *l, const row *r)
{
    for (size_t i = 0; i < l->s->where_count; i++) {
        ob_span value = {0};
        if (!cell(r, l->s->where[i].name, &value) || !ob_span_is(value, l->s->where[i].value)) {
            return false;
        }
    }
    return true;
}

static bool is_full(const loader *l)
{
    return l->s->most > 0 && l->count >= l->s->most;
}

static bool add_row(loader *l, const row *r, ob_err *err)
{
    ob_input input = {.kind = l->s->kind, .lang = l->s->lang, .literal = true};
    if (is_full(l) || !is_wanted(l, r)) {
        return true;
    }
    if (l->count == OB_INPUTS_MAX) {
        return fail(l, r->at, err, "more than 1000000 items", (ob_span){0},
                    "take fewer of them with most: or where:");
    }
    if (r->single ? !ob_arena_dup(l->arena, r->text, &input.text, err)
                  : !copy_cell(l, r, l->s->text_column, &input.text, err)) {
        return false;
    }
    if (input.text.len == 0 || input.text.len > OB_INPUTS_TEXT_MAX) {
        return fail(l, r->at, err,
                    input.text.len == 0 ? "an empty text" : "a text of more than 65536 bytes",
                    (ob_span){0}, "shorten, fill or remove the item");
    }
    if (r->single && (l->s->fields_count > 0 || l->s->where_count > 0 ||
                      l->s->kind_column.len > 0 || l->s->lang_column.len > 0)) {
        return fail(l, r->at, err, "a text alone has no columns", (ob_span){0},
                    "leave out columns and where");
    }
    if (r->kind.len > 0 && !ob_arena_dup(l->arena, r->kind, &input.kind, err)) {
        return false;
    }
    if (!copy_cell(l, r, l->s->kind_column, &input.kind, err) ||
        !copy_cell(l, r, l->s->lang_column, &input.lang, err) || !read_fields(l, r, &input, err) ||
        !ob_array_grow((void **)&l->items, &l->cap, l->count, sizeof input, OB_INPUTS_MAX, err)) {
        return false;
    }
    l->items[l->count++] = input;
    return true;
}

/* CSV */

/* One record into cells; *count 0 at the end. Empty lines are no records. */
static bool read_record(const loader *l, ob_csv *csv, ob_arena *arena, ob_span *cells,
                        size_t *count, size_t *at, ob_err *err)
{
    ob_csv_field field = {0};
    *count = 0;
    do {
        if (ob_csv_next(csv, &field) != OB_DONE) {
            return fail(l, csv->at, err, csv->why, (ob_span){0}, "");
        }
        if (field.end) {
            return true;
        }
        if (*count == OB_INPUTS_COLUMNS_MAX) {
            return fail(l, field.at, err, "more than 256 columns", (ob_span){0},
                        "is the delimiter right?");
        }
        *at = *count == 0 ? field.at : *at;
        if (!ob_csv_value(&field, arena, &cells[*count], err)) {
            return false;
        }
        bool blank = field.last && *count == 0 && field.raw.len == 0 && !field.quoted;
        *count += !blank;
    } while (!field.last || *count == 0);
    return true;
}

static bool has_column(const ob_span *names, size_t count, ob_span name)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_is(names[i], name)) {
            return true;
        }
    }
    return name.len == 0;
}

static bool need_column(const loader *l, const ob_span *names, size_t count, ob_span name,
                        ob_err *err)
{
    OB_AUTO(ob_buf) all = {.max = (size_t)1 << 20};
    OB_AUTO(ob_buf) how = {.max = (size_t)1 << 20};
    if (has_column(names, count, name)) {
        return true;
    }
    for (size_t i = 0; i < count && i < 12; i++) {
        ob_buf_add_str(&all, i > 0 ? ", " : "");
        ob_buf_add_shown(&all, names[i], 20);
    }
    ob_buf_addf(&how, "there are: %.*s", OB_SHOW(ob_buf_span(&all)));
    return ob_buf_check(&how, "the columns", err) &&
           fail(l, 0, err, "no column", name, how.ptr == NULL ? "" : how.ptr);
}

/* All columns that the procedure asks for are in the header. */
static bool check_header(const loader *l, const ob_span *names, size_t count, ob_err *err)
{
    const ob_inputs_source *s = l->s;
    if (!need_column(l, names, count, s->text_column, err) ||
        !need_column(l, names, count, s->kind_column, err) ||
        !need_column(l, names, count, s->lang_column, err)) {
        return false;
    }
    for (size_t i = 0; i < s->fields_count; i++) {
        if (!need_column(l, names, count, s->fields[i].value, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < s->where_count; i++) {
        if (!need_column(l, names, count, s->where[i].name, err)) {
            return false;
        }
    }
    return true;
}

static bool read_csv(loader *l, ob_err *err)
{
    ob_csv csv;
    ob_span names[OB_INPUTS_COLUMNS_MAX];
    ob_span cells[OB_INPUTS_COLUMNS_MAX];
    OB_AUTO(ob_arena) line = {0};
    size_t count = 0;
    size_t columns = 0;
    size_t at = 0;
    ob_csv_start(&csv, l->text, l->s->delimiter);
    if (!read_record(l, &csv, &l->scratch, names, &columns, &at, err) ||
        !check_header(l, names, columns, err)) {
        return false;
    }
    while (!is_full(l)) {
        ob_arena_reset(&line);
        if (!read_record(l, &csv, &line, cells, &count, &at, err)) {
            return false;
        }
        if (count == 0) {
            break;
        }
        if (count != columns) {
            return fail(l, at, err, "this row has not as many columns as the header", (ob_span){0},
                        "put values that hold the delimiter in quotes");
        }
        row r = {.at = at, .names = names, .values = cells, .count = count};
        if (!add_row(l, &r, err)) {
            return false;
        }
    }
    return true;
}

/* JSON, JSONL and text */

static bool add_json(loader *l, const ob_json *item, size_t at, ob_span kind, ob_err *err)
{
    row r = {.at = at, .kind = kind};
    if (item->kind == OB_JSON_STRING) {
        r.single = true;
        r.text = item->text;
    } else if (item->kind == OB_JSON_OBJECT) {
        r.object = item;
    } else {
        return fail(l, at, err, "an item is a string or an object", (ob_span){0}, "");
    }
    return add_row(l, &r, err);
}

static bool add_list(loader *l, const ob_json *list, ob_span kind, ob_err *err)
{
    for (const ob_json *item = list->first; item != NULL && !is_full(l); item = item->next) {
        if (!add_json(l, item, item->at, kind, err)) {
            return false;
        }
    }
    return true;
}

static bool read_json(loader *l, ob_err *err)
{
    ob_json_doc doc = {0};
    if (!ob_json_parse(&doc, &l->scratch, l->text, err)) {
        return ob_wrap(err, "%.*s", OB_SHOW(l->s->path));
    }
    const ob_json *list = ob_json_at(doc.root, l->s->pointer);
    if (list == NULL) {
        return fail(l, 0, err, "nothing is at", l->s->pointer, "items: is a JSON Pointer, as /a/b");
    }
    if (list->kind == OB_JSON_ARRAY) {
        return add_list(l, list, (ob_span){0}, err);
    }
    if (list->kind != OB_JSON_OBJECT) {
        return fail(l, list->at, err, "no list of items", (ob_span){0},
                    "name one with items: /json/pointer");
    }
    for (const ob_json *m = list->first; m != NULL; m = m->next) {
        if (m->kind != OB_JSON_ARRAY) {
            return fail(l, m->at, err, "no list of items under", m->key,
                        "name one with items: /json/pointer");
        }
        if (!add_list(l, m, m->key, err)) {
            return false;
        }
    }
    return true;
}

static bool read_lines(loader *l, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    ob_span rest = l->text;
    ob_span line = {0};
    size_t at = ob_span_has_prefix(rest, OB_SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    rest = ob_span_sub(rest, at, rest.len);
    for (; !is_full(l) && ob_span_cut_line(&rest, &line); at = l->text.len - rest.len) {
        ob_json_doc doc = {0};
        row r = {.at = at, .single = true, .text = line};
        bool good = true;
        if (ob_span_trim(line).len == 0) {
            continue;
        }
        ob_arena_reset(&scratch);
        if (l->s->format == OB_INPUTS_TEXT) {
            good = add_row(l, &r, err);
        } else if (!ob_json_parse(&doc, &scratch, line, err)) {
            size_t number = 0;
            size_t column = 0;
            ob_text_place(l->text, at, &number, &column);
            return ob_wrap(err, "%.*s:%zu: each line is one JSON value", OB_SHOW(l->s->path),
                           number);
        } else {
            good = add_json(l, doc.root, at, (ob_span){0}, err);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool read_rows(loader *l, ob_err *err)
{
    size_t bad = ob_utf8_bad(l->text);
    if (bad != SIZE_MAX) {
        return fail(l, bad, err, "no UTF-8", (ob_span){0}, "convert the file to UTF-8");
    }
    bool good = l->s->format == OB_INPUTS_CSV    ? read_csv(l, err)
                : l->s->format == OB_INPUTS_JSON ? read_json(l, err)
                                                 : read_lines(l, err);
    if (good && l->count == 0) {
        return ob_fail(err, OB_ERR_INPUT, "%.*s: no item%s", OB_SHOW(l->s->path),
                       l->s->where_count > 0 ? " fits where:" : ", at least one is wanted");
    }
    return good;
}

bool obi_inputs_file(const ob_inputs_source *source, ob_inputs *inputs, ob_arena *arena,
                     ob_digest *digest, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = OB_INPUTS_FILE_MAX};
    loader l = {.s = source, .arena = arena};
    if (!ob_file_read(source->path.ptr, &text, err)) {
        return false;
    }
    l.text = ob_buf_span(&text);
    bool good = ob_sha256(&l.text, 1, digest, err) && read_rows(&l, err);
    ob_input *items = good ? OB_NEW(arena, ob_input, l.count, err) : NULL;
    for (size_t i = 0; items != NULL && i < l.count; i++) {
        items[i] = l.items[i];
    }
    ob_mem_free(l.items);
    ob_arena_fini(&l.scratch);
    *inputs = (ob_inputs){items, items == NULL ? 0 : l.count};
    return items != NULL;
}
