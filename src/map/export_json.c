/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything, for other programs and for another store: the landscape as it stands on the day, the
 * set relations, and all readings word for word. An import takes the readings, and the set
 * relations that are of neither the baseline nor a reading.
 */
#include "map/export.h"

#include <ombud/json.h>

static ob_span body_id(const ob_map *m, uint32_t body)
{
    return body == OB_NONE ? ((ob_span){0}) : m->bodies[body].id;
}

static void add_bodies(ob_json_writer *w, const ob_map *m)
{
    ob_jw_array(w, "bodies");
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        const ob_body *b = &m->bodies[i];
        ob_jw_object(w, NULL);
        ob_jw_text(w, "id", b->id);
        ob_jw_text(w, "name", b->name);
        ob_jw_text(w, "short", b->short_name);
        ob_jw_text_or_null(w, "parent", body_id(m, b->parent));
        ob_jw_text_or_null(w, "successor", body_id(m, b->successor));
        ob_jw_text_or_null(w, "kind", b->kind);
        ob_jw_text_or_null(w, "url", b->url);
        ob_day_json(w, "data_of", b->data_day);
        ob_jw_bool(w, "verified", b->verified);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static void add_activity(ob_json_writer *w, const ob_map *m, const ob_activity *a)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", a->id);
    ob_jw_text_or_null(w, "body", body_id(m, a->body));
    ob_jw_text_or_null(w, "title", a->title);
    ob_jw_text_or_null(w, "kind", a->kind);
    ob_jw_text_or_null(w, "status", a->status);
    ob_jw_str(w, "state", ob_state_names[a->state]);
    ob_day_json(w, "date", a->date);
    ob_jw_text_or_null(w, "edition", a->edition);
    ob_jw_text_or_null(w, "question", a->question);
    ob_jw_text_or_null(w, "timing", a->timing);
    ob_jw_text_or_null(w, "approval", a->approval);
    ob_day_json(w, "registered", a->registered);
    ob_jw_texts(w, "former_ids", a->former.items, a->former.count);
    ob_jw_array(w, "topics");
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_jw_text(w, NULL, m->topics[a->topics[i]].id);
    }
    ob_jw_end(w, false);
    ob_jw_text_or_null(w, "summary", a->summary);
    ob_jw_text_or_null(w, "url", a->url);
    ob_jw_text_or_null(w, "note", a->note);
    ob_jw_bool(w, "verified", a->verified);
    ob_jw_str(w, "evidence", ob_evidence_names[a->evidence]);
    ob_jw_bool(w, "external", a->external);
    ob_jw_end(w, true);
}

static void add_meetings(ob_json_writer *w, const ob_map *m)
{
    ob_jw_array(w, "meetings");
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *one = &m->meetings[i];
        ob_jw_object(w, NULL);
        ob_jw_text(w, "id", one->id);
        ob_jw_text_or_null(w, "body", body_id(m, one->body));
        ob_jw_text_or_null(w, "kind", one->kind);
        ob_jw_text_or_null(w, "title", one->title);
        ob_day_json(w, "start", one->start);
        ob_day_json(w, "end", one->end);
        ob_jw_text_or_null(w, "place", one->where);
        ob_jw_text_or_null(w, "status", one->status);
        ob_day_json(w, "report_due", one->report_due);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static void add_relations(ob_json_writer *w, const ob_map *m)
{
    ob_jw_array(w, "relations");
    for (uint32_t i = 0; i < m->relations_count; i++) {
        const ob_relation *r = &m->relations[i];
        if (r->type != OB_REL_SET) {
            ob_jw_object(w, NULL);
            ob_jw_text(w, "from", ob_map_node_id(m, r->from));
            ob_jw_str(w, "type", ob_relation_names[r->type]);
            ob_jw_text(w, "to", ob_map_node_id(m, r->to));
            ob_jw_end(w, true);
        }
    }
    ob_jw_end(w, false);
}

static void add_sets(ob_json_writer *w, const ob_statements *list)
{
    ob_jw_array(w, "sets");
    for (size_t i = 0; i < list->count; i++) {
        ob_jw_object(w, NULL);
        for (int k = 0; k < OB_ST_KEYS; k++) {
            if (list->items[i].text[k].len > 0) {
                ob_jw_text(w, ob_statement_keys[k], list->items[i].text[k]);
            }
        }
        ob_jw_str(w, "origin", list->items[i].user ? "reading" : "baseline");
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static bool add_readings(ob_json_writer *w, const ob_export *e, ob_err *err)
{
    ob_reading *all = NULL;
    size_t count = 0;
    char until[OB_DAY_TEXT_MAX];
    ob_day_write(ob_day_last(e->map->as_of), until);
    const ob_reading_query query = {.until = ob_span_str(until)};
    if (e->store != NULL && !ob_store_readings(e->store, e->arena, &query, &all, &count, err)) {
        return false;
    }
    ob_jw_array(w, "readings");
    for (size_t i = 0; i < count; i++) {
        char hex[65];
        ob_digest_hex(&all[i].digest, hex);
        ob_jw_object(w, NULL);
        ob_jw_text(w, "kind", all[i].kind);
        ob_jw_text(w, "subject", all[i].subject);
        ob_jw_text(w, "date", all[i].day);
        ob_jw_text(w, "source", all[i].source);
        ob_jw_str(w, "sha256", hex);
        ob_jw_raw(w, "body", all[i].body);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    return true;
}

static bool write_all(const ob_export *e, ob_buf *out, ob_err *err)
{
    const ob_map *m = e->map;
    ob_json_writer w = {.out = out, .indent = 1};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "format", "ombud.map.export");
    ob_jw_u64(&w, "version", 1);
    ob_day_json(&w, "as_of", m->as_of);
    ob_day_json(&w, "baseline", m->baseline_day);
    ob_jw_array(&w, "topics");
    for (uint32_t i = 0; i < m->topics_count; i++) {
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "id", m->topics[i].id);
        ob_jw_text(&w, "title", m->topics[i].title);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    add_bodies(&w, m);
    ob_jw_array(&w, "activities");
    for (uint32_t i = 0; i < m->activities_count; i++) {
        add_activity(&w, m, &m->activities[i]);
    }
    ob_jw_end(&w, false);
    add_meetings(&w, m);
    add_relations(&w, m);
    add_sets(&w, e->statements);
    if (!add_readings(&w, e, err)) {
        return false;
    }
    ob_jw_end(&w, true);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the export", err);
}

extern const ob_exporter ob_exporter_json;

const ob_exporter ob_exporter_json = {
    .id = "json", .title = "everything, readings word for word", .write = write_all};
