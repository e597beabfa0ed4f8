/* SPDX-License-Identifier: Apache-2.0 */
/* Tables in the columns of NIST's template for informative references. */
#include "map/exchange.h"
#include "map/olir.h"

#include <ombud/text.h>

static bool knows(const ob_import_file *file)
{
    ob_span rest = file->bytes;
    ob_span line = {0};
    return ob_span_cut_line(&rest, &line) &&
           ob_span_find_nocase(line, OB_SPAN("Focal Document Element"), 0) != SIZE_MAX &&
           ob_span_find(line, OB_SPAN(","), 0) != SIZE_MAX;
}

/* "Subset of", "subset", "is a subset of": the template's readers take all. Others are left as they
 * are, so that they are refused. */
static ob_span set_of(ob_span text)
{
    static const struct {
        const char *word;
        ob_set set;
    } rows[] = {{"subset", OB_SET_SUBSET},    {"superset", OB_SET_SUPERSET},
                {"equal", OB_SET_EQUAL},      {"intersect", OB_SET_INTERSECTS},
                {"not related", OB_SET_NONE}, {"no relationship", OB_SET_NONE}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_span_find_nocase(text, ob_span_str(rows[i].word), 0) != SIZE_MAX) {
            return ob_span_str(ob_set_names[rows[i].set]);
        }
    }
    return text;
}

static ob_span rationale_of(ob_span text)
{
    for (int i = OB_RATIONALE_SYNTACTIC; i < OB_RATIONALES; i++) {
        if (ob_span_is_nocase(text, ob_span_str(ob_rationale_names[i]))) {
            return ob_span_str(ob_rationale_names[i]);
        }
    }
    return text;
}

static bool read_row(const ob_import_file *file, ob_arena *arena, const ob_rows *rows, size_t row,
                     const size_t columns[OBI_OLIR_COLUMNS], ob_statements *list, ob_err *err)
{
    ob_span text[OB_ST_KEYS] = {0};
    const char *wrong = NULL;
    for (int c = 0; c < OBI_OLIR_COLUMNS; c++) {
        if (obi_olir_keys[c] >= 0) {
            text[obi_olir_keys[c]] = ob_cell_plain(ob_rows_cell(rows, row, columns[c]));
        }
    }
    text[OB_ST_SET] = set_of(text[OB_ST_SET]);
    text[OB_ST_RATIONALE] = rationale_of(text[OB_ST_RATIONALE]);
    if (!ob_statement_foreign(arena, text, err) ||
        !ob_statements_add(list, arena, text, &wrong, err)) {
        return false;
    }
    return wrong == NULL || ob_import_fail(file, rows->lines[row + 1], err, "%s", wrong);
}

static bool read_table(const ob_import_file *file, ob_arena *arena, const ob_import_sink *sink,
                       ob_err *err)
{
    ob_statements list __attribute__((cleanup(ob_statements_fini))) = {0};
    ob_rows rows = {0};
    size_t columns[OBI_OLIR_COLUMNS];
    if (!ob_import_is_text(file, err) ||
        !ob_rows_read(&rows, arena, file, file->bytes, 1, ',', err)) {
        return false;
    }
    for (int c = 0; c < OBI_OLIR_COLUMNS; c++) {
        columns[c] = ob_rows_column(&rows, obi_olir_columns[c]);
        if (c < OBI_OLIR_NEEDED && columns[c] == SIZE_MAX && obi_olir_keys[c] >= 0) {
            return ob_import_fail(file, rows.lines[0], err, "no column is called '%s'",
                                  obi_olir_columns[c]);
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (!read_row(file, arena, &rows, i, columns, &list, err)) {
            return false;
        }
    }
    return ob_statements_give(&list, arena, file, sink, err);
}

extern const ob_importer ob_importer_olir;

const ob_importer ob_importer_olir = {
    .id = "olir",
    .title = "tables in the columns of NIST's OLIR template",
    .suffixes = ".csv",
    .knows = knows,
    .read = read_table,
};
