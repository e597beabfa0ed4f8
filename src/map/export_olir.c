/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of NIST's template for informative references (IR 8278A), and behind them those that
 * the template has not: who says so, who looked at it, when. What is only suggested, or rejected,
 * is no reference and is left out.
 */
#include "map/export.h"
#include "map/olir.h"

#include <ombud/text.h>

const char *const obi_olir_columns[OBI_OLIR_COLUMNS] = {"Focal Document Element",
                                                        "Focal Document Element Description",
                                                        "Rationale",
                                                        "Relationship",
                                                        "Reference Document Element",
                                                        "Reference Document Element Description",
                                                        "Fulfilled By",
                                                        "Group Identifier",
                                                        "Strength of Relationship",
                                                        "Comments",
                                                        "Author",
                                                        "Reviewer",
                                                        "Date",
                                                        "Review"};
const char *const obi_olir_sets[OB_SETS] = {"subset of", "superset of", "equal to",
                                            "intersects with", "not related to"};
const int obi_olir_keys[OBI_OLIR_COLUMNS] = {
    OB_ST_FROM,     -1,         OB_ST_RATIONALE, OB_ST_SET,      OB_ST_TO,   -1,          -1, -1,
    OB_ST_STRENGTH, OB_ST_NOTE, OB_ST_AUTHOR,    OB_ST_REVIEWER, OB_ST_DATE, OB_ST_REVIEW};

static ob_span cell_of(const ob_export *e, const ob_statement *s, int column)
{
    int key = obi_olir_keys[column];
    if (column == OBI_OLIR_FROM_TITLE || column == OBI_OLIR_TO_TITLE) {
        return ob_end_title(e->map, s->text[column == OBI_OLIR_FROM_TITLE ? OB_ST_FROM : OB_ST_TO]);
    }
    if (key == OB_ST_SET) {
        return ob_span_str(obi_olir_sets[ob_text_index(s->text[key], ob_set_names, OB_SETS)]);
    }
    return key < 0 ? ((ob_span){0}) : s->text[key];
}

static bool write_rows(const ob_export *e, ob_buf *out, ob_err *err)
{
    for (int c = 0; c < OBI_OLIR_COLUMNS; c++) {
        ob_buf_addf(out, "%s%s", c > 0 ? "," : "", obi_olir_columns[c]);
    }
    ob_buf_add_char(out, '\n');
    for (size_t i = 0; i < e->statements->count; i++) {
        const ob_statement *s = &e->statements->items[i];
        for (int c = 0; ob_statement_holds(s) && c < OBI_OLIR_COLUMNS; c++) {
            ob_buf_add_str(out, c > 0 ? "," : "");
            ob_cell_add(out, cell_of(e, s, c), ',');
            ob_buf_add_str(out, c + 1 == OBI_OLIR_COLUMNS ? "\n" : "");
        }
    }
    return ob_buf_check(out, "the table", err);
}

extern const ob_exporter ob_exporter_olir;

const ob_exporter ob_exporter_olir = {.id = "olir",
                                      .title =
                                          "set relations in the columns of NIST's OLIR template",
                                      .write = write_rows};
