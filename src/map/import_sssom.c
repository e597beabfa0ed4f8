/* SPDX-License-Identifier: Apache-2.0 */
/* SSSOM tables: comment lines, then a table between tabs. */
#include "map/exchange.h"
#include "map/sssom.h"

#include <ombud/text.h>

/* The table behind the comments, and the number of its first line. */
static ob_span table_of(ob_span bytes, size_t *line)
{
    ob_span rest = bytes;
    ob_span one = {0};
    *line = 1;
    while (rest.len > 0 && rest.ptr[0] == '#' && ob_span_cut_line(&rest, &one)) {
        (*line)++;
    }
    return rest;
}

static bool knows(const ob_import_file *file)
{
    size_t number = 0;
    ob_span rest = table_of(file->bytes, &number);
    ob_span line = {0};
    return ob_span_cut_line(&rest, &line) &&
           ob_span_find(line, OB_SPAN("subject_id"), 0) != SIZE_MAX &&
           ob_span_find(line, OB_SPAN("\t"), 0) != SIZE_MAX;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* Our CURIEs become ids again; those of others stay as they are. */
static bool id_of(ob_arena *arena, ob_span curie, ob_span *id, ob_err *err)
{
    *id = curie;
    if (!ob_span_has_prefix(curie, OB_SPAN(OBI_SSSOM_PREFIX))) {
        return true;
    }
    char *copy = OB_NEW(arena, char, curie.len + 1, err);
    size_t used = 0;
    for (size_t i = strlen(OBI_SSSOM_PREFIX); copy != NULL && i < curie.len; i++) {
        bool code = curie.ptr[i] == '%' && i + 2 < curie.len && hex(curie.ptr[i + 1]) >= 0 &&
                    hex(curie.ptr[i + 2]) >= 0;
        copy[used++] =
            code ? (char)(hex(curie.ptr[i + 1]) * 16 + hex(curie.ptr[i + 2])) : curie.ptr[i];
        i += code ? 2 : 0;
    }
    *id = (ob_span){copy, used};
    return copy != NULL;
}

static bool set_of(ob_span predicate, ob_span modifier, ob_span *set)
{
    bool not_ = ob_span_is(modifier, OB_SPAN(OBI_SSSOM_NOT));
    for (int i = 0; i < OB_SETS; i++) {
        if (ob_span_is_str(predicate, obi_sssom_predicates[i]) && not_ == (i == OB_SET_NONE)) {
            *set = ob_span_str(ob_set_names[i]);
            return true;
        }
    }
    /* Near, and no more than that. */
    if (ob_span_is(predicate, OB_SPAN("skos:closeMatch")) && !not_) {
        *set = ob_span_str(ob_set_names[OB_SET_INTERSECTS]);
        return true;
    }
    return false;
}

static bool read_row(const ob_import_file *file, ob_arena *arena, const ob_rows *rows, size_t row,
                     const size_t columns[OBI_SSSOM_COLUMNS], ob_statements *list, ob_err *err)
{
    ob_span text[OB_ST_KEYS] = {0};
    const char *wrong = NULL;
    size_t line = rows->lines[row + 1];
    ob_span predicate = ob_rows_cell(rows, row, columns[OBI_SSSOM_PREDICATE]);
    for (int c = 0; c < OBI_SSSOM_COLUMNS; c++) {
        if (obi_sssom_keys[c] >= 0) {
            text[obi_sssom_keys[c]] = ob_cell_plain(ob_rows_cell(rows, row, columns[c]));
        }
    }
    if (!set_of(predicate, ob_rows_cell(rows, row, columns[OBI_SSSOM_MODIFIER]),
                &text[OB_ST_SET])) {
        OB_AUTO(ob_buf) shown = {.max = 512};
        ob_buf_add_shown(&shown, predicate, 40);
        return ob_import_fail(
            file, line, err,
            "the predicate '%.*s' is none that says how two sets relate: "
            "skos:exactMatch, broadMatch, narrowMatch, relatedMatch or closeMatch",
            OB_SHOW(ob_buf_span(&shown)));
    }
    if (!id_of(arena, ob_rows_cell(rows, row, columns[0]), &text[OB_ST_FROM], err) ||
        !id_of(arena, ob_rows_cell(rows, row, columns[OBI_SSSOM_TO_TITLE - 1]), &text[OB_ST_TO],
               err) ||
        !ob_statement_foreign(arena, text, err) ||
        !ob_statements_add(list, arena, text, &wrong, err)) {
        return false;
    }
    return wrong == NULL || ob_import_fail(file, line, err, "%s", wrong);
}

static bool read_table(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                       ob_err *err)
{
    static const int needed[] = {0, OBI_SSSOM_PREDICATE, OBI_SSSOM_TO_TITLE - 1};
    ob_statements list __attribute__((cleanup(ob_statements_fini))) = {0};
    ob_rows rows = {0};
    size_t columns[OBI_SSSOM_COLUMNS];
    size_t line = 0;
    ob_span table = table_of(file->bytes, &line);
    if (!ob_import_is_text(file, err) ||
        !ob_rows_read(&rows, arena, file, table, line, '\t', err)) {
        return false;
    }
    for (int c = 0; c < OBI_SSSOM_COLUMNS; c++) {
        columns[c] = ob_rows_column(&rows, obi_sssom_columns[c]);
    }
    for (size_t i = 0; i < OB_COUNT(needed); i++) {
        if (columns[needed[i]] == SIZE_MAX) {
            return ob_import_fail(file, line, err, "no column is called '%s'",
                                  obi_sssom_columns[needed[i]]);
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (!read_row(file, arena, &rows, i, columns, &list, err)) {
            return false;
        }
    }
    return ob_statements_give(&list, arena, file, sink, err);
}

extern const ob_importer ob_importer_sssom;

const ob_importer ob_importer_sssom = {
    .id = "sssom",
    .title = "SSSOM tables",
    .suffixes = ".tsv",
    .knows = knows,
    .read = read_table,
};
