/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of two kinds, told apart by the columns that the first line names: set relations (from,
 * to, set, ...) and documents or work items (id, title, ...), as a spreadsheet holds them.
 */
#include "map/exchange.h"

#include <stddef.h>

/* Columns of documents; the names are those of ombud map show. */
static const struct {
    const char *name;
    size_t at;
} fields[] = {
    {"id", offsetof(ob_item, id)},
    {"title", offsetof(ob_item, title)},
    {"status", offsetof(ob_item, status)},
    {"group", offsetof(ob_item, group)},
    {"question", offsetof(ob_item, question)},
    {"timing", offsetof(ob_item, timing)},
    {"approval", offsetof(ob_item, approval)},
    {"kind", offsetof(ob_item, type)},
    {"summary", offsetof(ob_item, summary)},
    {"registered", offsetof(ob_item, registered)},
};

static bool has_words(ob_span line, char delimiter, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ob_span rest = line;
        ob_span cell = {0};
        bool found = false;
        while (!found && ob_span_cut(&rest, delimiter, &cell)) {
            cell = ob_span_trim(cell);
            bool quoted = cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"';
            cell = quoted ? ob_span_sub(cell, 1, cell.len - 1) : cell;
            found = ob_span_is_nocase(cell, ob_span_str(words[i]));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* What stands between the cells: spreadsheets write semicolons where a comma is the point of
 * numbers, and tabs when they copy. 0: the first line names none of our columns. */
static char delimiter_of(const ob_import_file *file)
{
    static const char *const relations[] = {"from", "to", "set"};
    static const char *const documents[] = {"id", "title"};
    ob_span rest = file->bytes;
    ob_span line = {0};
    bool bom = ob_span_has_prefix(rest, OB_SPAN("\xEF\xBB\xBF"));
    rest = ob_span_sub(rest, bom ? 3 : 0, rest.len);
    bool good = ob_span_cut_line(&rest, &line);
    for (const char *at = ",;\t"; good && *at != '\0'; at++) {
        if (has_words(line, *at, relations, OB_COUNT(relations)) ||
            has_words(line, *at, documents, OB_COUNT(documents))) {
            return *at;
        }
    }
    return '\0';
}

static bool knows(const ob_import_file *file)
{
    return delimiter_of(file) != '\0';
}

static bool is_column(ob_span name, bool relations)
{
    bool known = name.len == 0;
    for (size_t k = 0; relations && !known && k < OB_ST_KEYS; k++) {
        known = ob_span_is_nocase(name, ob_span_str(ob_statement_keys[k]));
    }
    for (size_t k = 0; !relations && !known && k < OB_COUNT(fields); k++) {
        known = ob_span_is_nocase(name, ob_span_str(fields[k].name));
    }
    return known;
}

/* A column that nobody asked for would be lost without a word. */
static bool check_columns(const ob_import_file *file, const ob_rows *rows, bool relations,
                          ob_err *err)
{
    for (size_t c = 0; c < rows->columns; c++) {
        OB_AUTO(ob_buf) shown = {.max = 512};
        if (is_column(rows->cells[c], relations)) {
            continue;
        }
        ob_buf_add_shown(&shown, rows->cells[c], 40);
        return ob_import_fail(file, rows->lines[0], err, "no column is called '%.*s'; %s",
                              OB_SHOW(ob_buf_span(&shown)),
                              relations ? "there are from, to, set, rationale, strength, review, "
                                          "author, reviewer, date, note"
                                        : "there are id, title, status, group, question, timing, "
                                          "approval, kind, summary, registered");
    }
    return true;
}

static bool read_relations(const ob_import_file *file, ob_arena *arena, const ob_rows *rows,
                           const ob_import_sink *sink, ob_err *err)
{
    ob_statements list __attribute__((cleanup(ob_statements_fini))) = {0};
    for (size_t i = 0; i < rows->count; i++) {
        ob_span text[OB_ST_KEYS];
        const char *wrong = NULL;
        for (int k = 0; k < OB_ST_KEYS; k++) {
            text[k] =
                ob_cell_plain(ob_rows_cell(rows, i, ob_rows_column(rows, ob_statement_keys[k])));
        }
        if (!ob_statements_add(&list, arena, text, &wrong, err)) {
            return false;
        }
        if (wrong != NULL) {
            return ob_import_fail(file, rows->lines[i + 1], err, "%s", wrong);
        }
    }
    return ob_statements_give(&list, arena, file, sink, err);
}

static bool read_documents(const ob_import_file *file, ob_arena *arena, const ob_rows *rows,
                           const ob_import_sink *sink, ob_err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        ob_item item = {.reported = true};
        for (size_t k = 0; k < OB_COUNT(fields); k++) {
            ob_span text = ob_rows_cell(rows, i, ob_rows_column(rows, fields[k].name));
            if (!ob_fold_blanks(arena, ob_cell_plain(text), &text, err)) {
                return false;
            }
            (void)memcpy((char *)&item + fields[k].at, &text, sizeof text);
        }
        if (item.id.len == 0 || item.title.len == 0) {
            return ob_import_fail(file, rows->lines[i + 1], err, "a row needs id and title");
        }
        if (!ob_item_give(&item, file, sink, err)) {
            return false;
        }
    }
    return true;
}

static bool read_table(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                       ob_err *err)
{
    ob_rows rows = {0};
    if (!ob_import_is_text(file, err) ||
        !ob_rows_read(&rows, arena, file, file->bytes, 1, delimiter_of(file), err)) {
        return false;
    }
    bool relations = ob_rows_column(&rows, "from") != SIZE_MAX;
    return check_columns(file, &rows, relations, err) &&
           (relations ? read_relations(file, arena, &rows, sink, err)
                      : read_documents(file, arena, &rows, sink, err));
}

extern const ob_importer ob_importer_csv;

const ob_importer ob_importer_csv = {
    .id = "csv",
    .title = "tables of relations or of documents",
    .suffixes = ".csv .tsv",
    .knows = knows,
    .read = read_table,
};
