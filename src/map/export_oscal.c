/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An OSCAL 1.2.1 mapping collection: a mapping for each two documents and each state of review, a
 * map for each statement. Documents are resources of the back matter. OSCAL knows neither strength
 * nor reviewers; those are properties of ours.
 */
#include "map/export.h"
#include "map/oscal.h"

#include <ombud/json.h>
#include <ombud/text.h>
#include <stdlib.h>

const char *const obi_oscal_sets[OB_SETS] = {"subset-of", "superset-of", "equal-to",
                                             "intersects-with", "no-relationship"};
const int obi_oscal_props[5] = {OB_ST_STRENGTH, OB_ST_REVIEW, OB_ST_AUTHOR, OB_ST_REVIEWER,
                                OB_ST_DATE};

/* Status of a mapping: what others need to know before they use it. */
static const char *const statuses[] = {"complete", "draft", "deprecated"};

typedef struct side {
    ob_span document;
    ob_span id;
    const char *end; /* or NULL: a clause */
} side;

typedef struct row {
    const ob_statement *s;
    side sides[2];
    int status;
} row;

static side side_of(ob_span end)
{
    side s = {0};
    ob_end_split(end, &s.document, &s.id);
    if (ob_span_has_prefix(end, OB_SPAN("R-"))) {
        return (side){OB_SPAN(OBI_OSCAL_CATALOGUE), end, OBI_OSCAL_END_REQUIREMENT};
    }
    return s.id.len > 0 ? s : (side){end, end, OBI_OSCAL_END_WHOLE};
}

static int status_of(const ob_statement *s)
{
    int review = ob_text_index(s->text[OB_ST_REVIEW], ob_review_names, OB_REVIEWS);
    return review == OB_REVIEW_REJECTED ? 2 : review >= OB_REVIEW_REVIEWED ? 0 : 1;
}

static int group_order(const row *x, const row *y)
{
    int order = ob_span_compare(x->sides[0].document, y->sides[0].document);
    order = order != 0 ? order : ob_span_compare(x->sides[1].document, y->sides[1].document);
    return order != 0 ? order : x->status - y->status;
}

static int compare(const void *a, const void *b)
{
    const row *x = a;
    const row *y = b;
    int order = group_order(x, y);
    return order != 0 ? order : x->s < y->s ? -1 : x->s > y->s;
}

static bool add_uuid(ob_json_writer *w, const char *kind, const ob_span *parts, size_t count,
                     ob_err *err)
{
    char uuid[OB_UUID_MAX];
    if (!ob_uuid(uuid, kind, parts, count, err)) {
        return false;
    }
    ob_jw_str(w, "uuid", uuid);
    return true;
}

static void add_prop(ob_json_writer *w, const char *name, ob_span value)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "name", name);
    ob_jw_str(w, "ns", OBI_OSCAL_NS);
    ob_jw_text(w, "value", value);
    ob_jw_end(w, true);
}

static bool add_reference(ob_json_writer *w, const char *key, ob_span document, ob_err *err)
{
    char href[OB_UUID_MAX + 1] = "#";
    if (!ob_uuid(href + 1, "resource", &document, 1, err)) {
        return false;
    }
    ob_jw_object(w, key);
    ob_jw_str(w, "type", "catalog");
    ob_jw_str(w, "href", href);
    ob_jw_end(w, true);
    return true;
}

static void add_item(ob_json_writer *w, const char *key, const side *s)
{
    ob_jw_array(w, key);
    ob_jw_object(w, NULL);
    ob_jw_str(w, "type", "control");
    ob_jw_text(w, "id-ref", s->id);
    if (s->end != NULL) {
        ob_jw_array(w, "props");
        add_prop(w, OBI_OSCAL_END, ob_span_str(s->end));
        ob_jw_end(w, false);
    }
    ob_jw_end(w, true);
    ob_jw_end(w, false);
}

static bool add_map(ob_json_writer *w, const row *r, ob_err *err)
{
    const ob_span *text = r->s->text;
    int set = ob_text_index(text[OB_ST_SET], ob_set_names, OB_SETS);
    ob_jw_object(w, NULL);
    if (!add_uuid(w, "map", text, OB_ST_KEYS, err)) {
        return false;
    }
    if (text[OB_ST_RATIONALE].len > 0) {
        ob_jw_text(w, "matching-rationale", text[OB_ST_RATIONALE]);
    }
    ob_jw_str(w, "relationship", obi_oscal_sets[set]);
    add_item(w, "sources", &r->sides[0]);
    add_item(w, "targets", &r->sides[1]);
    ob_jw_array(w, "props");
    for (size_t i = 0; i < OB_COUNT(obi_oscal_props); i++) {
        int key = obi_oscal_props[i];
        if (text[key].len > 0) {
            add_prop(w, ob_statement_keys[key], text[key]);
        }
    }
    ob_jw_end(w, false);
    if (text[OB_ST_NOTE].len > 0) {
        ob_jw_text(w, "remarks", text[OB_ST_NOTE]);
    }
    ob_jw_end(w, true);
    return true;
}

static bool add_mappings(ob_json_writer *w, const row *rows, size_t count, ob_err *err)
{
    ob_jw_array(w, "mappings");
    for (size_t i = 0; i < count;) {
        const row *first = &rows[i];
        const ob_span parts[] = {first->sides[0].document, first->sides[1].document,
                                 ob_span_str(statuses[first->status])};
        ob_jw_object(w, NULL);
        if (!add_uuid(w, "mapping", parts, OB_COUNT(parts), err)) {
            return false;
        }
        ob_jw_str(w, "status", statuses[first->status]);
        if (!add_reference(w, "source-resource", parts[0], err) ||
            !add_reference(w, "target-resource", parts[1], err)) {
            return false;
        }
        ob_jw_array(w, "maps");
        for (; i < count && group_order(first, &rows[i]) == 0; i++) {
            if (!add_map(w, &rows[i], err)) {
                return false;
            }
        }
        ob_jw_end(w, false);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    return true;
}

static int compare_spans(const void *a, const void *b)
{
    return ob_span_compare(*(const ob_span *)a, *(const ob_span *)b);
}

static void add_links(const ob_export *e, ob_json_writer *w, ob_span document)
{
    uint32_t activity = OB_NONE;
    ob_err unknown = {0};
    if (!ob_map_find(e->map, document, &activity, &unknown) || activity == OB_NONE ||
        e->map->activities[activity].url.len == 0) {
        return;
    }
    ob_jw_array(w, "rlinks");
    ob_jw_object(w, NULL);
    ob_jw_text(w, "href", e->map->activities[activity].url);
    ob_jw_end(w, true);
    ob_jw_end(w, false);
}

static bool add_resources(const ob_export *e, ob_json_writer *w, const row *rows, size_t count,
                          ob_err *err)
{
    ob_span *names = OB_NEW(e->arena, ob_span, count * 2, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < count * 2; i++) {
        names[i] = rows[i / 2].sides[i % 2].document;
    }
    qsort(names, count * 2, sizeof *names, compare_spans);
    ob_jw_object(w, "back-matter");
    ob_jw_array(w, "resources");
    for (size_t i = 0; i < count * 2; i++) {
        ob_span title = {0};
        if (i > 0 && ob_span_is(names[i], names[i - 1])) {
            continue;
        }
        if (!ob_fold_blanks(e->arena, ob_end_title(e->map, names[i]), &title, err)) {
            return false;
        }
        ob_jw_object(w, NULL);
        if (!add_uuid(w, "resource", &names[i], 1, err)) {
            return false;
        }
        ob_jw_text(w, "title", title.len > 0 ? title : names[i]);
        ob_jw_array(w, "document-ids");
        ob_jw_object(w, NULL);
        ob_jw_text(w, "identifier", names[i]);
        ob_jw_end(w, true);
        ob_jw_end(w, false);
        add_links(e, w, names[i]);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    ob_jw_end(w, true);
    return true;
}

static void add_head(ob_json_writer *w, const char *day, int status)
{
    char time[32];
    (void)snprintf(time, sizeof time, "%sT00:00:00Z", day);
    ob_jw_object(w, "metadata");
    ob_jw_str(w, "title", "Set relations between documents");
    ob_jw_str(w, "last-modified", time);
    ob_jw_str(w, "version", day);
    ob_jw_str(w, "oscal-version", "1.2.1");
    ob_jw_end(w, true);
    ob_jw_object(w, "provenance");
    ob_jw_str(w, "method", "human");
    ob_jw_str(w, "matching-rationale", "semantic");
    ob_jw_str(w, "status", status == 0 ? "complete" : "not-complete");
    ob_jw_str(
        w, "mapping-description",
        "Each map compares what two texts ask for: the source is a subset, a superset, equal, "
        "intersects, or has no relation. The rationale above holds where a map names none. "
        "Strength, 0 to 10, author, reviewer, date and state of review are properties.");
    ob_jw_end(w, true);
}

static bool write_collection(const ob_export *e, ob_buf *out, ob_err *err)
{
    size_t count = e->statements->count;
    char day[OB_DAY_TEXT_MAX];
    int worst = 0;
    ob_buf all = {.max = OB_EXPORT_MAX};
    /* Large collections are for programs only. */
    ob_json_writer w = {.out = out, .indent = count > 5000 ? 0 : 2};
    row *rows = OB_NEW(e->arena, row, count, err);
    if (rows == NULL) {
        return false;
    }
    if (count == 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       "there is no set relation, and an OSCAL mapping collection needs one");
    }
    for (size_t i = 0; i < count; i++) {
        const ob_statement *s = &e->statements->items[i];
        rows[i] =
            (row){s, {side_of(s->text[OB_ST_FROM]), side_of(s->text[OB_ST_TO])}, status_of(s)};
        worst = rows[i].status > worst ? rows[i].status : worst;
        ob_statement_write(&all, s);
    }
    qsort(rows, count, sizeof *rows, compare);
    ob_day_write(e->map->as_of, day);
    ob_jw_object(&w, NULL);
    ob_jw_object(&w, "mapping-collection");
    const ob_span parts[] = {ob_span_str(day), ob_buf_span(&all)};
    bool good = ob_buf_check(&all, "the relations", err) &&
                add_uuid(&w, "collection", parts, OB_COUNT(parts), err);
    ob_buf_fini(&all);
    if (!good) {
        return false;
    }
    add_head(&w, day, worst);
    if (!add_mappings(&w, rows, count, err) || !add_resources(e, &w, rows, count, err)) {
        return false;
    }
    ob_jw_end(&w, true);
    ob_jw_end(&w, true);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the collection", err);
}

extern const ob_exporter ob_exporter_oscal;

const ob_exporter ob_exporter_oscal = {.id = "oscal-mapping",
                                       .title =
                                           "set relations as an OSCAL 1.2.1 mapping collection",
                                       .write = write_collection};
