/* SPDX-License-Identifier: Apache-2.0 */
/* The plain table: a row a statement, the columns that statements have. */
#include "map/export.h"

static bool write_rows(const ob_export *e, ob_buf *out, ob_err *err)
{
    for (int k = 0; k < OB_ST_KEYS; k++) {
        ob_buf_addf(out, "%s%s", k > 0 ? "," : "", ob_statement_keys[k]);
    }
    ob_buf_add_char(out, '\n');
    for (size_t i = 0; i < e->statements->count; i++) {
        for (int k = 0; k < OB_ST_KEYS; k++) {
            ob_buf_add_str(out, k > 0 ? "," : "");
            ob_cell_add(out, e->statements->items[i].text[k], ',');
        }
        ob_buf_add_char(out, '\n');
    }
    return ob_buf_check(out, "the table", err);
}

extern const ob_exporter ob_exporter_csv;

const ob_exporter ob_exporter_csv = {
    .id = "csv", .title = "set relations as a table", .write = write_rows};
