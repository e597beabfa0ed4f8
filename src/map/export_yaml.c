/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user added, as files in the form of landscape/, for a contribution: relations.yaml, and
 * activities/BODY.yaml with the entries of what was read. Entries stand sorted, one value a line,
 * so that two people's files merge as text.
 */
#include "map/export.h"

#include <stdlib.h>

/* Every text in single quotes: then no word means anything to YAML. */
static void add_text(ob_buf *out, ob_span text)
{
    ob_buf_add_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') {
            ob_buf_add_char(out, '\'');
        }
        ob_buf_add_char(out, text.ptr[i]);
    }
    ob_buf_add_char(out, '\'');
}

static bool add_field(ob_buf *out, ob_arena *arena, const char *key, ob_span text, bool needed,
                      ob_err *err)
{
    ob_span folded = {0};
    if (!ob_fold_blanks(arena, text, &folded, err)) {
        return false;
    }
    if (folded.len > 0 || needed) {
        ob_buf_addf(out, "    %s: ", key);
        add_text(out, folded);
        ob_buf_add_char(out, '\n');
    }
    return true;
}

static void add_day(ob_buf *out, const char *key, ob_day day)
{
    char shown[OB_DAY_TEXT_MAX];
    ob_day_write(day, shown);
    if (shown[0] != '\0') {
        ob_buf_addf(out, "    %s: %s\n", key, shown);
    }
}

static bool write_relations(const ob_export *e, const ob_export_sink *sink, ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = OB_EXPORT_MAX};
    size_t count = 0;
    ob_buf_add_str(&out, "# SPDX-License-Identifier: Apache-2.0\nombud: 1\nrelations:\n");
    for (size_t i = 0; i < e->statements->count; i++) {
        const ob_statement *s = &e->statements->items[i];
        bool first = true;
        count += s->user;
        for (int k = 0; s->user && k < OB_ST_KEYS; k++) {
            if (s->text[k].len > 0) {
                ob_buf_addf(&out, "  %s %s: ", first ? "-" : " ", ob_statement_keys[k]);
                add_text(&out, s->text[k]);
                ob_buf_add_char(&out, '\n');
                first = false;
            }
        }
    }
    return ob_buf_check(&out, "the relations", err) &&
           (count == 0 || sink->take(sink->ctx, OB_SPAN("relations.yaml"), ob_buf_span(&out), err));
}

static void add_list(ob_buf *out, const char *key, ob_names names)
{
    if (names.count > 0) {
        ob_buf_addf(out, "    %s:\n", key);
    }
    for (size_t i = 0; i < names.count; i++) {
        ob_buf_add_str(out, "      - ");
        add_text(out, names.items[i]);
        ob_buf_add_char(out, '\n');
    }
}

static void add_topics(ob_buf *out, const ob_map *m, const ob_activity *a)
{
    if (a->topics_count == 0) {
        ob_buf_add_str(out, "    topics: []\n");
        return;
    }
    ob_buf_add_str(out, "    topics:\n");
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_buf_add_str(out, "      - ");
        add_text(out, m->topics[a->topics[i]].id);
        ob_buf_add_char(out, '\n');
    }
}

/* Relations of the file format; edges stand by type. An item that it came out of is in formerly. */
static void add_relations(ob_buf *out, const ob_map *m, uint32_t node)
{
    bool any = false;
    int open = -1;
    for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
        const ob_relation *r = &m->relations[m->out.numbers[i]];
        bool mine = r->type < OB_RELS_DOCUMENT &&
                    (r->origin == OB_ORIGIN_BASELINE || r->type == OB_REL_LIAISON_WITH);
        if (!mine) {
            continue;
        }
        ob_buf_add_str(out, any ? "" : "    relations:\n");
        any = true;
        if (open != (int)r->type) {
            ob_buf_addf(out, "      %s:\n", ob_relation_names[r->type]);
            open = (int)r->type;
        }
        ob_buf_add_str(out, "        - ");
        add_text(out, ob_map_node_id(m, r->to));
        ob_buf_add_char(out, '\n');
    }
}

static bool add_activity(const ob_export *e, ob_buf *out, uint32_t number, ob_err *err)
{
    const ob_map *m = e->map;
    const ob_activity *a = &m->activities[number];
    ob_span body = a->body == OB_NONE ? ((ob_span){0}) : m->bodies[a->body].id;
    ob_buf_add_str(out, "  - id: ");
    add_text(out, a->id);
    ob_buf_add_char(out, '\n');
    if (!add_field(out, e->arena, "body", body, true, err) ||
        !add_field(out, e->arena, "title", a->title, true, err) ||
        !add_field(out, e->arena, "kind", a->kind, true, err) ||
        !add_field(out, e->arena, "status", a->status.len > 0 ? a->status : OB_SPAN("new"), true,
                   err)) {
        return false;
    }
    add_day(out, "date", a->date);
    if (!add_field(out, e->arena, "edition", a->edition, false, err) ||
        !add_field(out, e->arena, "question", a->question, false, err) ||
        !add_field(out, e->arena, "timing", a->timing, false, err) ||
        !add_field(out, e->arena, "approval", a->approval, false, err)) {
        return false;
    }
    add_day(out, "registered", a->registered);
    add_list(out, "formerly", a->former);
    add_topics(out, m, a);
    add_relations(out, m, ob_map_node_of(m, OB_NODE_ACTIVITY, number));
    bool good = add_field(out, e->arena, "url", a->url, false, err);
    ob_buf_addf(out, "    verified: %s\n    evidence: %s\n", a->verified ? "true" : "false",
                ob_evidence_names[a->evidence]);
    return good && add_field(out, e->arena, "note", a->note, false, err);
}

typedef struct entry {
    const ob_activity *activity;
    uint32_t number;
} entry;

static int compare(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    if (x->activity->body != y->activity->body) {
        return x->activity->body < y->activity->body ? -1 : 1;
    }
    int order = ob_span_compare(x->activity->id, y->activity->id);
    return order != 0 ? order : x->number < y->number ? -1 : 1;
}

static bool write_body(const ob_export *e, const ob_export_sink *sink, const entry *list,
                       size_t count, ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = OB_EXPORT_MAX};
    uint32_t body = list->activity->body;
    ob_span path = {0};
    ob_buf_add_str(&out, "# SPDX-License-Identifier: Apache-2.0\nombud: 1\nactivities:\n");
    for (size_t i = 0; i < count; i++) {
        if (!add_activity(e, &out, list[i].number, err)) {
            return false;
        }
    }
    ob_span id = body == OB_NONE ? OB_SPAN("body-not-known") : e->map->bodies[body].id;
    return ob_arena_printf(e->arena, &path, err, "activities/%.*s.yaml", OB_SHOW(id)) &&
           ob_buf_check(&out, "the activities", err) &&
           sink->take(sink->ctx, path, ob_buf_span(&out), err);
}

static bool write_files(const ob_export *e, const ob_export_sink *sink, ob_err *err)
{
    const ob_map *m = e->map;
    size_t count = 0;
    entry *list = OB_NEW(e->arena, entry, m->activities_count, err);
    if (list == NULL || !write_relations(e, sink, err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        if (m->activities[i].read) { /* else its readings say nothing new */
            list[count++] = (entry){&m->activities[i], i};
        }
    }
    qsort(list, count, sizeof *list, compare);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && list[end].activity->body == list[i].activity->body) {
            end++;
        }
        if (!write_body(e, sink, &list[i], end - i, err)) {
            return false;
        }
        i = end;
    }
    return true;
}

extern const ob_exporter ob_exporter_yaml;

const ob_exporter ob_exporter_yaml = {
    .id = "yaml", .title = "what you added, as files of a landscape", .write_files = write_files};
