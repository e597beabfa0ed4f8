/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSSOM, the table of the ontology people: a header in comments, then tabs. Ids become CURIEs of
 * one prefix, with everything but letters, digits, '.', '-' and '_' as %XX. Rationale, strength and
 * review are not in its model and go into extension slots.
 */
#include "map/export.h"
#include "map/sssom.h"

#include <ombud/text.h>

const char *const obi_sssom_columns[OBI_SSSOM_COLUMNS] = {
    "subject_id",   "subject_label",         "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "author_label", "reviewer_label",     "mapping_date",
    "comment",      "ext_rationale",         "ext_strength", "ext_review"};
const int obi_sssom_keys[OBI_SSSOM_COLUMNS] = {-1,
                                               -1,
                                               -1,
                                               -1,
                                               -1,
                                               -1,
                                               -1,
                                               OB_ST_AUTHOR,
                                               OB_ST_REVIEWER,
                                               OB_ST_DATE,
                                               OB_ST_NOTE,
                                               OB_ST_RATIONALE,
                                               OB_ST_STRENGTH,
                                               OB_ST_REVIEW};
const char *const obi_sssom_predicates[OB_SETS] = {"skos:broadMatch", "skos:narrowMatch",
                                                   "skos:exactMatch", "skos:relatedMatch",
                                                   "skos:relatedMatch"};

static void add_curie(ob_buf *out, ob_span id)
{
    ob_buf_add_str(out, OBI_SSSOM_PREFIX);
    for (size_t i = 0; i < id.len; i++) {
        unsigned char c = (unsigned char)id.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '.' || c == '-' || c == '_';
        ob_buf_addf(out, plain ? "%c" : "%%%02X", c);
    }
}

static void add_cell(const ob_export *e, const ob_statement *s, int column, ob_buf *out)
{
    int set = ob_text_index(s->text[OB_ST_SET], ob_set_names, OB_SETS);
    if (obi_sssom_keys[column] >= 0) {
        ob_cell_add(out, s->text[obi_sssom_keys[column]], '\t');
        return;
    }
    switch (column) {
    case 0:
        add_curie(out, s->text[OB_ST_FROM]);
        break;
    case OBI_SSSOM_FROM_TITLE:
        ob_cell_add(out, ob_end_title(e->map, s->text[OB_ST_FROM]), '\t');
        break;
    case OBI_SSSOM_PREDICATE:
        ob_buf_add_str(out, obi_sssom_predicates[set]);
        break;
    case OBI_SSSOM_MODIFIER:
        ob_buf_add_str(out, set == OB_SET_NONE ? OBI_SSSOM_NOT : "");
        break;
    case OBI_SSSOM_TO_TITLE:
        ob_cell_add(out, ob_end_title(e->map, s->text[OB_ST_TO]), '\t');
        break;
    case OBI_SSSOM_JUSTIFICATION:
        ob_buf_add_str(out, "semapv:ManualMappingCuration");
        break;
    default:
        add_curie(out, s->text[OB_ST_TO]);
        break;
    }
}

/* The same rows of the same day are the same set. */
static bool head(const ob_export *e, ob_span rows, ob_buf *out, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    char uuid[OB_UUID_MAX];
    ob_day_write(e->map->as_of, day);
    const ob_span parts[] = {ob_span_str(day), rows};
    if (!ob_uuid(uuid, "sssom", parts, OB_COUNT(parts), err)) {
        return false;
    }
    ob_buf_addf(out,
                "#mapping_set_id: urn:uuid:%s\n"
                "#mapping_set_title: Set relations between documents\n"
                "#license: https://w3id.org/sssom/license/unspecified\n"
                "#mapping_date: %s\n"
                "#mapping_tool: Ombud\n"
                "#curie_map:\n"
                "#  doc: " OB_MAP_URN "#document/\n"
                "#  semapv: https://w3id.org/semapv/vocab/\n"
                "#  skos: http://www.w3.org/2004/02/skos/core#\n"
                "#extension_definitions:\n",
                uuid, day);
    for (int c = OBI_SSSOM_COLUMNS - 3; c < OBI_SSSOM_COLUMNS; c++) {
        ob_buf_addf(out,
                    "#  - slot_name: %s\n"
                    "#    property: " OB_MAP_URN "#slot/%s\n",
                    obi_sssom_columns[c], obi_sssom_columns[c] + 4);
    }
    return true;
}

static bool write_rows(const ob_export *e, ob_buf *out, ob_err *err)
{
    OB_AUTO(ob_buf) rows = {.max = out->max};
    for (int c = 0; c < OBI_SSSOM_COLUMNS; c++) {
        ob_buf_addf(&rows, "%s%s", c > 0 ? "\t" : "", obi_sssom_columns[c]);
    }
    ob_buf_add_char(&rows, '\n');
    for (size_t i = 0; i < e->statements->count; i++) {
        const ob_statement *s = &e->statements->items[i];
        for (int c = 0; ob_statement_holds(s) && c < OBI_SSSOM_COLUMNS; c++) {
            ob_buf_add_str(&rows, c > 0 ? "\t" : "");
            add_cell(e, s, c, &rows);
            ob_buf_add_str(&rows, c + 1 == OBI_SSSOM_COLUMNS ? "\n" : "");
        }
    }
    if (!ob_buf_check(&rows, "the table", err) || !head(e, ob_buf_span(&rows), out, err)) {
        return false;
    }
    ob_buf_add(out, ob_buf_span(&rows));
    return ob_buf_check(out, "the table", err);
}

extern const ob_exporter ob_exporter_sssom;

const ob_exporter ob_exporter_sssom = {
    .id = "sssom", .title = "set relations as an SSSOM table", .write = write_rows};
