/* SPDX-License-Identifier: Apache-2.0 */
#include "input/labelled.h"

#include <ombud/json.h>
#include <ombud/sys.h>
#include <ombud/text.h>

const ob_labelled_names ob_labelled_names_default = {.text = "text",
                                                     .label = "label",
                                                     .lang = "lang",
                                                     .technique = "technique",
                                                     .where = "where",
                                                     .source = "source",
                                                     .attack = "attack",
                                                     .honest = "honest"};

typedef struct reader {
    ob_labelled_rows *rows;
    ob_arena *arena;
    const ob_labelled_names *names;
    const char *file;
    size_t line_no;
    ob_span line;
} reader;

void ob_labelled_rows_fini(ob_labelled_rows *rows)
{
    ob_mem_free(rows->items);
    *rows = (ob_labelled_rows){0};
}

/* A mistake at a byte of the line; the name of the file and what is quoted come from outside. */
static bool wrong(const reader *r, size_t at, const char *what, ob_span quoted, ob_err *err)
{
    OB_AUTO(ob_buf) shown = {.max = 1024};
    size_t line = 0;
    size_t column = 0;
    ob_text_place(r->line, at, &line, &column);
    ob_buf_add_shown(&shown, ob_span_str(r->file), 100);
    ob_buf_addf(&shown, ":%zu:%zu: %s", r->line_no, column, what);
    if (quoted.len > 0) {
        ob_buf_add_str(&shown, " '");
        ob_buf_add_shown(&shown, quoted, 40);
        ob_buf_add_str(&shown, "'");
    }
    return ob_fail(err, OB_ERR_INPUT, "%.*s", OB_SHOW(ob_buf_span(&shown)));
}

/* JSON and UTF-8, with the place of the first defect. */
static bool check_form(const reader *r, ob_err *err)
{
    ob_json_parser parser;
    ob_json_token token = {.kind = OB_JSON_NULL};
    size_t bad = ob_utf8_bad(r->line);
    if (bad != SIZE_MAX) {
        return wrong(r, bad, "no UTF-8", (ob_span){0}, err);
    }
    ob_json_start(&parser, r->line);
    while (token.kind != OB_JSON_END) {
        if (ob_json_next(&parser, &token) != OB_DONE) {
            return wrong(r, parser.at, parser.why, (ob_span){0}, err);
        }
    }
    return true;
}

/* lang, technique, where, source: short names, or nothing. */
static bool take_name(const reader *r, const ob_json *row, const char *key, ob_span *out,
                      ob_err *err)
{
    const ob_json *value = ob_json_get(row, key);
    if (value == NULL || value->kind == OB_JSON_NULL) {
        return true;
    }
    if (value->kind != OB_JSON_STRING || value->text.len > OB_LABELLED_NAME_MAX) {
        return wrong(r, value->at, "a short name is wanted for", ob_span_str(key), err);
    }
    *out = value->text;
    return true;
}

static bool take_label(const reader *r, const ob_json *row, bool *attack, ob_err *err)
{
    const ob_json *label = ob_json_get(row, r->names->label);
    OB_AUTO(ob_buf) text = {.max = 4096};
    if (label == NULL) {
        return wrong(r, 0, "no member", ob_span_str(r->names->label), err);
    }
    if (label->kind == OB_JSON_STRING) {
        ob_buf_add(&text, label->text);
    } else {
        ob_json_write(&text, label);
    }
    ob_span found = ob_span_sub(ob_buf_span(&text), 0, text.len);
    *attack = ob_span_is_str(found, r->names->attack);
    if (*attack || ob_span_is_str(found, r->names->honest)) {
        return true;
    }
    OB_AUTO(ob_buf) what = {.max = 200};
    ob_buf_addf(&what, "the label is %.40s or %.40s, not", r->names->attack, r->names->honest);
    return wrong(r, label->at, what.ptr == NULL ? "" : what.ptr, found, err);
}

static bool is_text(const ob_json *value)
{
    return value->kind == OB_JSON_STRING && ob_span_trim(value->text).len > 0;
}

/* A list of texts as turns, and as one text with a line for each. */
static bool take_turns(const reader *r, const ob_json *list, ob_labelled_row *row, ob_err *err)
{
    OB_AUTO(ob_buf) all = {.max = OB_LABELLED_FILE_MAX};
    size_t count = list->kind == OB_JSON_ARRAY ? list->count : 0;
    if (count == 0 || count > OB_LABELLED_TURNS_MAX) {
        return wrong(r, list->at, "a list of 1 to 1000 texts is wanted for", OB_SPAN("turns"), err);
    }
    ob_span *turns = OB_NEW(r->arena, ob_span, count, err);
    if (turns == NULL) {
        return false;
    }
    for (const ob_json *turn = list->first; turn != NULL; turn = turn->next) {
        if (!is_text(turn)) {
            return wrong(r, turn->at, "a turn is a text", (ob_span){0}, err);
        }
        turns[row->turn_count++] = turn->text;
        ob_buf_add(&all, turn->text);
        ob_buf_add_char(&all, '\n');
    }
    row->turns = turns;
    return ob_buf_check(&all, "the turns of a talk", err) &&
           ob_arena_dup(r->arena, ob_span_sub(ob_buf_span(&all), 0, all.len - 1), &row->text, err);
}

/* The text, or the turns in its place. */
static bool take_text(const reader *r, const ob_json *from, ob_labelled_row *row, ob_err *err)
{
    const ob_json *text = ob_json_get(from, r->names->text);
    const ob_json *turns = ob_json_get(from, "turns");
    if (text != NULL && turns != NULL) {
        return wrong(r, turns->at, "a text has no turns beside it", (ob_span){0}, err);
    }
    if (turns != NULL) {
        return take_turns(r, turns, row, err);
    }
    if (text == NULL) {
        return wrong(r, 0, "no member", ob_span_str(r->names->text), err);
    }
    if (!is_text(text)) {
        return wrong(r, text->at, "a text is wanted for", ob_span_str(r->names->text), err);
    }
    row->text = text->text;
    return true;
}

static bool read_row(const reader *r, ob_err *err)
{
    ob_json_doc doc;
    ob_labelled_row row = {.file = r->file, .line = r->line_no};
    if (!check_form(r, err)) {
        return false;
    }
    if (!ob_json_parse(&doc, r->arena, r->line, err)) {
        return err->kind == OB_ERR_INPUT ? wrong(r, 0, "no JSON", (ob_span){0}, err) : false;
    }
    if (doc.root->kind != OB_JSON_OBJECT) {
        return wrong(r, 0, "no object {\"text\", \"label\"}", (ob_span){0}, err);
    }
    if (doc.duplicate_at != SIZE_MAX) {
        return wrong(r, doc.duplicate_at, "this member stands twice", (ob_span){0}, err);
    }
    if (!take_text(r, doc.root, &row, err) || !take_label(r, doc.root, &row.attack, err) ||
        !take_name(r, doc.root, r->names->lang, &row.lang, err) ||
        !take_name(r, doc.root, r->names->technique, &row.technique, err) ||
        !take_name(r, doc.root, r->names->where, &row.where, err) ||
        !take_name(r, doc.root, r->names->source, &row.source, err) ||
        !ob_array_grow((void **)&r->rows->items, &r->rows->cap, r->rows->count, sizeof row,
                       OB_LABELLED_ROWS_MAX, err)) {
        return false;
    }
    r->rows->items[r->rows->count++] = row;
    return true;
}

bool ob_labelled_parse(ob_labelled_rows *rows, ob_arena *arena, ob_span text, const char *file,
                       const ob_labelled_names *names, ob_problems *problems, ob_err *err)
{
    reader r = {.rows = rows, .arena = arena, .names = names, .file = file};
    ob_span rest = ob_span_skip_mark(text);
    while (ob_span_cut_line(&rest, &r.line)) {
        r.line_no++;
        if (ob_span_trim(r.line).len > 0 && !read_row(&r, err) &&
            !ob_problems_take(problems, err)) {
            return false;
        }
    }
    return true;
}

bool ob_labelled_load(ob_labelled_rows *rows, ob_arena *arena, const char *path,
                      const ob_labelled_names *names, ob_problems *problems, ob_err *err)
{
    OB_AUTO(ob_buf) file = {.max = OB_LABELLED_FILE_MAX};
    ob_span kept = {0};
    /* Texts without escapes borrow from the file, so it lives as long as the rows. */
    return ob_file_read(path, &file, err) && ob_arena_dup(arena, ob_buf_span(&file), &kept, err) &&
           ob_labelled_parse(rows, arena, kept, path, names, problems, err);
}
