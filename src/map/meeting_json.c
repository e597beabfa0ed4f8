/* SPDX-License-Identifier: Apache-2.0 */
/* The form in which readings of meetings are stored. */
#include "map/meeting.h"

#include <ombud/json.h>

static void add_day(ob_json_writer *w, const char *key, ob_day day)
{
    char text[OB_DAY_TEXT_MAX];
    ob_day_write(day, text);
    ob_jw_str(w, key, text);
}

static void add_text(ob_json_writer *w, const char *key, ob_span text)
{
    if (text.len > 0) {
        ob_jw_text(w, key, text);
    }
}

void ob_meeting_write(ob_buf *out, const ob_meeting_page *m)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    ob_jw_text(&w, "id", m->id);
    ob_jw_text(&w, "group", m->group);
    ob_jw_text(&w, "kind", m->kind);
    ob_jw_text(&w, "title", m->title);
    add_text(&w, "place", m->place);
    add_day(&w, "start", m->start);
    add_day(&w, "end", m->end);
    ob_jw_texts(&w, "topics", m->topics.items, m->topics.count);
    ob_jw_object(&w, "outputs");
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        if (m->outputs[i] >= 0) {
            ob_jw_i64(&w, ob_output_names[i], m->outputs[i]);
        }
    }
    ob_jw_end(&w, true);
    ob_jw_array(&w, "groups");
    for (size_t i = 0; i < m->groups_count; i++) {
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "name", m->groups[i].name);
        add_text(&w, "state", m->groups[i].state);
        add_text(&w, "tor", m->groups[i].tor);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "future");
    for (size_t i = 0; i < m->future_count; i++) {
        ob_jw_object(&w, NULL);
        add_day(&w, "start", m->future[i].start);
        add_day(&w, "end", m->future[i].end);
        ob_jw_text(&w, "text", m->future[i].text);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
}

static size_t count_of(const ob_json *list)
{
    return list == NULL || list->kind != OB_JSON_ARRAY ? 0 : list->count;
}

static bool read_lists(ob_meeting_page *m, ob_arena *arena, const ob_json *root, ob_err *err)
{
    const ob_json *topics = ob_json_get(root, "topics");
    const ob_json *groups = ob_json_get(root, "groups");
    const ob_json *future = ob_json_get(root, "future");
    ob_span *topic = OB_NEW(arena, ob_span, count_of(topics), err);
    ob_cg *cg = topic == NULL ? NULL : OB_NEW(arena, ob_cg, count_of(groups), err);
    ob_future *f = cg == NULL ? NULL : OB_NEW(arena, ob_future, count_of(future), err);
    if (f == NULL) {
        return false;
    }
    m->topics.items = topic;
    m->groups = cg;
    m->future = f;
    for (const ob_json *at = count_of(topics) > 0 ? topics->first : NULL; at != NULL;
         at = at->next) {
        topic[m->topics.count++] = at->text;
    }
    for (const ob_json *at = count_of(groups) > 0 ? groups->first : NULL; at != NULL;
         at = at->next) {
        cg[m->groups_count++] =
            (ob_cg){ob_json_text(at, "name"), ob_json_text(at, "state"), ob_json_text(at, "tor")};
    }
    for (const ob_json *at = count_of(future) > 0 ? future->first : NULL; at != NULL;
         at = at->next) {
        ob_future *made = &f[m->future_count++];
        made->text = ob_json_text(at, "text");
        (void)ob_day_read(ob_json_text(at, "start"), &made->start);
        (void)ob_day_read(ob_json_text(at, "end"), &made->end);
    }
    return true;
}

bool ob_meeting_parse(ob_meeting_page *meeting, ob_arena *arena, ob_span json, ob_err *err)
{
    ob_json_doc doc = {0};
    ob_meeting_page m = {0};
    if (!ob_json_parse(&doc, arena, json, err)) {
        return false;
    }
    m.id = ob_json_text(doc.root, "id");
    m.group = ob_json_text(doc.root, "group");
    m.kind = ob_json_text(doc.root, "kind");
    m.title = ob_json_text(doc.root, "title");
    m.place = ob_json_text(doc.root, "place");
    const ob_json *outputs = ob_json_get(doc.root, "outputs");
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        m.outputs[i] = ob_json_i64(outputs, ob_output_names[i], -1);
    }
    if (m.id.len == 0 || !ob_day_read(ob_json_text(doc.root, "start"), &m.start) ||
        !ob_day_read(ob_json_text(doc.root, "end"), &m.end)) {
        return ob_fail(err, OB_ERR_INPUT, "a meeting without id or days");
    }
    if (!read_lists(&m, arena, doc.root, err)) {
        return false;
    }
    *meeting = m;
    return true;
}
