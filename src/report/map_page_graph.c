/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graph: a box a body, a button an activity in it; lines are drawn by the script over what the
 * filters leave. A force layout of hundreds of nodes tells nobody anything; boxes can be read.
 */
#include "report/map_page.h"

#include "report/html.h"

#include <ombud/json.h>
#include <stdlib.h>

static void options(ob_buf *out, const char *id, const char *label)
{
    ob_buf_addf(out, "<label for=\"%s\">%s<select id=\"%s\"><option value=\"\">all</option>", id,
                label, id);
}

static void filters(ob_buf *out, const ob_map *m, const uint32_t *counts)
{
    ob_buf_add_str(out, "<form class=\"filters\" id=\"filters\" hidden>");
    options(out, "f-topic", "Topic");
    for (uint32_t i = 0; i < m->topics_count; i++) {
        ob_buf_addf(out, "<option value=\"%u\">", i);
        obi_html_text(out, m->topics[i].title);
        ob_buf_add_str(out, "</option>");
    }
    ob_buf_add_str(out, "</select></label>");
    options(out, "f-body", "Body");
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        if (counts[i] > 0) {
            ob_buf_addf(out, "<option value=\"%u\">", i);
            obi_html_text(out, m->bodies[i].short_name);
            ob_buf_add_str(out, "</option>");
        }
    }
    ob_buf_add_str(out, "</select></label>");
    options(out, "f-state", "Status");
    ob_buf_add_str(out, "<option value=\"open\" selected>open work</option>");
    for (int i = 0; i < OB_STATES; i++) {
        ob_buf_addf(out, "<option value=\"%s\">%s</option>", ob_state_names[i], ob_state_names[i]);
    }
    ob_buf_add_str(out, "</select></label><label for=\"f-text\">Words<input id=\"f-text\" "
                        "type=\"search\" autocomplete=\"off\"></label>"
                        "<button type=\"reset\">Reset</button>"
                        "<output id=\"shown\" aria-live=\"polite\"></output></form>\n");
}

static void node(ob_buf *out, const ob_map *m, uint32_t i)
{
    const ob_activity *a = &m->activities[i];
    /* What went on elsewhere is no open work, whatever its page says. */
    ob_state state = a->went_on ? OB_STATE_SUPERSEDED : a->state;
    ob_buf_addf(out, "<li><button type=\"button\" class=\"node s-%s\" id=\"a%u\" title=\"",
                ob_state_names[state], i);
    obi_html_text(out, a->title.len > 0 ? a->title : OB_SPAN("Title not known"));
    ob_buf_add_str(out, "\">");
    obi_html_text(out, a->id);
    ob_buf_add_str(out, "</button></li>");
}

static void box(ob_buf *out, const ob_map *m, uint32_t body, const uint32_t *list, size_t count)
{
    ob_buf_addf(out, "<section class=\"box\" id=\"b%u\"><h3 title=\"", body);
    obi_html_text(out, body == OB_NONE ? OB_SPAN("Body not known") : m->bodies[body].name);
    ob_buf_add_str(out, "\">");
    obi_html_text(out, body == OB_NONE ? OB_SPAN("Body not known") : m->bodies[body].short_name);
    ob_buf_addf(out, " <span class=\"soft\">%zu</span></h3><ul>", count);
    for (size_t i = 0; i < count; i++) {
        node(out, m, list[i]);
    }
    ob_buf_add_str(out, "</ul></section>\n");
}

typedef struct group {
    uint32_t body;
    uint32_t count;
} group;

static int compare(const void *a, const void *b)
{
    const group *x = a;
    const group *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return x->body < y->body ? -1 : x->body > y->body;
}

bool obi_map_page_graph(ob_buf *out, ob_arena *arena, const ob_map *m, ob_err *err)
{
    /* One place more for those without a body. */
    size_t most = (size_t)m->bodies_count + 1;
    uint32_t *counts = OB_NEW(arena, uint32_t, most, err);
    uint32_t *list = OB_NEW(arena, uint32_t, m->inside_count, err);
    group *groups = OB_NEW(arena, group, most, err);
    if (counts == NULL || list == NULL || groups == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        const ob_activity *a = &m->activities[i];
        counts[a->body == OB_NONE ? m->bodies_count : a->body] += !a->external;
    }
    for (uint32_t i = 0; i < most; i++) {
        groups[i] = (group){i, counts[i]};
    }
    qsort(groups, most, sizeof *groups, compare);
    ob_buf_add_str(out, "<section aria-labelledby=\"graph\"><h2 id=\"graph\">Who works on what</h2>"
                        "<p>A box is a body, an entry its document or work item. Choose one: lines "
                        "lead to what it is related to. Tab and the arrow keys walk, Escape lets "
                        "go.</p>");
    filters(out, m, counts);
    ob_buf_add_str(out, "<p class=\"key\"><span class=\"node s-new\">open work</span> "
                        "<span class=\"node s-published\">published</span> "
                        "<span class=\"node s-stopped\">stopped, superseded, other</span></p>"
                        "<div class=\"plane\"><div class=\"boxes\" id=\"boxes\">"
                        "<svg id=\"lines\" aria-hidden=\"true\"></svg><div class=\"cols\">\n");
    for (size_t g = 0; g < most && groups[g].count > 0; g++) {
        uint32_t body = groups[g].body == m->bodies_count ? OB_NONE : groups[g].body;
        size_t used = 0;
        for (uint32_t i = 0; i < m->activities_count; i++) {
            if (!m->activities[i].external && m->activities[i].body == body) {
                list[used++] = i;
            }
        }
        box(out, m, body, list, used);
    }
    ob_buf_add_str(out, "</div></div><aside id=\"card\" class=\"card\" aria-live=\"polite\" "
                        "aria-label=\"What is chosen\"><p class=\"soft\">Nothing is "
                        "chosen.</p></aside></div></section>\n");
    return true;
}

/* JSON within a page: '<' must not end it. */
static void add_safe(ob_buf *out, ob_span json)
{
    for (size_t i = 0; i < json.len; i++) {
        if (json.ptr[i] == '<') {
            ob_buf_add_str(out, "\\u003c");
        } else {
            ob_buf_add_char(out, json.ptr[i]);
        }
    }
}

static void activity_data(ob_json_writer *w, const ob_map *m, uint32_t number)
{
    const ob_activity *a = &m->activities[number];
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(a->date, day);
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", a->id);
    ob_jw_text(w, "title", a->title);
    ob_jw_i64(w, "body", a->body == OB_NONE ? -1 : (int64_t)a->body);
    ob_jw_str(w, "state", ob_state_names[a->state]);
    ob_jw_bool(w, "open", ob_activity_is_open(a));
    ob_jw_text(w, "status", a->status);
    ob_jw_text(w, "kind", a->kind);
    ob_jw_str(w, "date", day);
    ob_jw_text(w, "question", a->question);
    ob_jw_text(w, "timing", a->timing);
    ob_jw_text(w, "url", a->url);
    ob_jw_str(w, "evidence", ob_evidence_names[a->evidence]);
    ob_jw_bool(w, "external", a->external);
    ob_jw_array(w, "topics");
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_jw_u64(w, NULL, a->topics[i]);
    }
    ob_jw_end(w, false);
    ob_jw_end(w, true);
}

/* Ends as ["a", 12] or ["b", 3]; what follows from the boxes, and clauses, are left out. */
static void relation_data(ob_json_writer *w, const ob_map *m, const ob_relation *r)
{
    const uint32_t ends[] = {r->from, r->to};
    bool drawn = r->type < OB_RELS_DOCUMENT || r->type == OB_REL_SET;
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        uint32_t index = 0;
        drawn = drawn && ob_map_node(m, ends[i], &index) <= OB_NODE_ACTIVITY;
    }
    if (!drawn || r->review == OB_REVIEW_REJECTED) {
        return;
    }
    ob_jw_array(w, NULL);
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        char id[16];
        uint32_t index = 0;
        bool body = ob_map_node(m, ends[i], &index) == OB_NODE_BODY;
        (void)snprintf(id, sizeof id, "%s%u", body ? "b" : "a", index);
        ob_jw_str(w, NULL, id);
    }
    ob_jw_str(w, NULL, r->type == OB_REL_SET ? ob_set_names[r->set] : ob_relation_names[r->type]);
    ob_jw_str(w, NULL, r->type == OB_REL_SET ? ob_review_names[r->review] : "");
    ob_jw_end(w, false);
}

bool obi_map_page_data(ob_buf *out, const ob_map *m, ob_err *err)
{
    OB_AUTO(ob_buf) json = {.max = out->max};
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    ob_jw_array(&w, "topics");
    for (uint32_t i = 0; i < m->topics_count; i++) {
        ob_jw_text(&w, NULL, m->topics[i].title);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "bodies");
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        const ob_body *b = &m->bodies[i];
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "short", b->short_name);
        ob_jw_text(&w, "name", b->name);
        ob_jw_i64(&w, "up", b->parent == OB_NONE ? -1 : (int64_t)b->parent);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "activities");
    for (uint32_t i = 0; i < m->activities_count; i++) {
        activity_data(&w, m, i);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "relations");
    for (uint32_t i = 0; i < m->relations_count; i++) {
        relation_data(&w, m, &m->relations[i]);
    }
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
    ob_buf_add_str(out, "<script type=\"application/json\" id=\"data\">");
    add_safe(out, ob_buf_span(&json));
    ob_buf_add_str(out, "</script>\n");
    return ob_buf_check(&json, "the data of the page", err);
}
