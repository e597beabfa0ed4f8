/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map show of what is no activity: a clause, a requirement, a body. */
#include "cli/map_ask.h"

/* What a body works on is a list of its own; here are only the numbers. */
static bool is_shown(const ob_relation *r, bool in)
{
    return r->type != OB_REL_WORK_OF && (r->type != OB_REL_LIAISON_WITH || !in) &&
           r->type != OB_REL_PUBLISHED_BY && r->type != OB_REL_PRODUCED_BY;
}

typedef struct view {
    const char *kind;
    ob_span title;
    ob_span document; /* of a clause */
    uint32_t body;
} view;

static view view_of(const ob_map *m, uint32_t node)
{
    static const char *const kinds[] = {"body", "activity", "clause", "requirement"};
    uint32_t index = 0;
    ob_node_kind kind = ob_map_node(m, node, &index);
    view v = {.kind = kinds[kind], .body = OB_NONE};
    if (kind == OB_NODE_BODY) {
        v.title = m->bodies[index].name;
        v.body = index;
    } else if (kind == OB_NODE_CLAUSE) {
        const ob_activity *owner = &m->activities[m->clauses[index].owner];
        v.title = owner->title;
        v.document = owner->id;
        v.body = owner->body;
    } else if (kind == OB_NODE_REQUIREMENT) {
        v.title = m->catalogue->requirements[index].title;
    }
    return v;
}

static void work_of(const ob_map *m, uint32_t body, uint64_t *all, uint64_t *open)
{
    *all = 0;
    *open = 0;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        bool its = ob_map_body_within(m, m->activities[i].body, body);
        *all += its;
        *open += its && ob_activity_is_open(&m->activities[i]);
    }
}

static void line(ob_buf *out, const char *name, ob_span text)
{
    if (text.len > 0) {
        ob_buf_addf(out, "  %-12s", name);
        ob_buf_add_shown(out, text, SIZE_MAX);
        ob_buf_add_char(out, '\n');
    }
}

/* Who took over from a body, and from whom it took over. */
static void heirs_text(ob_buf *out, const ob_map *m, uint32_t body)
{
    OB_AUTO(ob_buf) text = {.max = 65536};
    uint32_t heir = m->bodies[body].successor;
    if (heir != OB_NONE) {
        ob_buf_addf(&text, "%.*s; it has the work of this one now", OB_SHOW(m->bodies[heir].id));
        line(out, "successor", ob_buf_span(&text));
    }
    ob_buf_reset(&text);
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        if (m->bodies[i].successor == body) {
            ob_buf_addf(&text, "%s%.*s", text.len > 0 ? ", " : "", OB_SHOW(m->bodies[i].id));
        }
    }
    line(out, "took over", ob_buf_span(&text));
}

static void node_json(ob_map_cli *cli, uint32_t node, const view *v)
{
    const ob_map *m = &cli->map;
    uint64_t all = 0;
    uint64_t open = 0;
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.node");
    ob_jw_text(&w, "id", ob_map_node_id(m, node));
    ob_jw_str(&w, "kind", v->kind);
    ob_jw_text_or_null(&w, "title", v->title);
    ob_jw_text_or_null(&w, "document", v->document);
    ob_map_json_body(&w, "body", m, v->body);
    if (node < m->bodies_count) {
        uint32_t heir = m->bodies[node].successor;
        ob_map_json_body(&w, "successor", m, heir);
        work_of(m, node, &all, &open);
        ob_jw_u64(&w, "activities", all);
        ob_jw_u64(&w, "open", open);
    }
    ob_jw_array(&w, "relations");
    for (int in = 0; in < 2; in++) {
        const ob_edges *edges = in ? &m->in : &m->out;
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            if (!is_shown(r, in)) {
                continue;
            }
            ob_jw_object(&w, NULL);
            ob_jw_str(&w, "type", ob_relation_names[r->type]);
            if (r->type == OB_REL_SET) {
                ob_jw_str(&w, "set", ob_set_names[r->set]);
                ob_jw_str(&w, "review", ob_review_names[r->review]);
            }
            ob_jw_str(&w, "direction", in ? "in" : "out");
            ob_jw_text(&w, "id", ob_map_node_id(m, in ? r->from : r->to));
            ob_jw_end(&w, true);
        }
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

/* One line a relation: they are few, and each has its review. */
static void relations_text(ob_buf *out, const ob_map *m, uint32_t node)
{
    bool first = true;
    for (int in = 0; in < 2; in++) {
        const ob_edges *edges = in ? &m->in : &m->out;
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            OB_AUTO(ob_buf) text = {.max = 65536};
            if (!is_shown(r, in)) {
                continue;
            }
            ob_buf_addf(&text, "%.*s%s%s%s%.*s",
                        OB_SHOW(in ? ob_map_node_id(m, r->from) : OB_SPAN("")), in ? " " : "",
                        r->type == OB_REL_SET ? ob_set_names[r->set] : ob_relation_names[r->type],
                        in ? "" : " ", OB_SHOW(in ? OB_SPAN("") : ob_map_node_id(m, r->to)));
            if (r->review != OB_REVIEW_STATED) {
                ob_buf_addf(&text, " (%s)", ob_review_names[r->review]);
            }
            line(out, first ? "relations" : "", ob_buf_span(&text));
            first = false;
        }
    }
}

void ob_map_show_node(ob_map_cli *cli, uint32_t node)
{
    const ob_map *m = &cli->map;
    ob_buf *out = &cli->out;
    view v = view_of(m, node);
    if (ob_args_flag(cli->args, "json")) {
        node_json(cli, node, &v);
        return;
    }
    ob_buf_add_shown(out, ob_map_node_id(m, node), SIZE_MAX);
    ob_buf_add_char(out, '\n');
    line(out, "kind", ob_span_str(v.kind));
    line(out, v.document.len > 0 ? "clause of" : "title",
         v.document.len > 0 ? v.document : v.title);
    line(out, "title", v.document.len > 0 ? v.title : (ob_span){0});
    if (node < m->bodies_count) {
        OB_AUTO(ob_buf) text = {.max = 256};
        uint64_t all = 0;
        uint64_t open = 0;
        work_of(m, node, &all, &open);
        ob_buf_addf(&text, "%llu documents and work items, %llu of them open (map list --body)",
                    (unsigned long long)all, (unsigned long long)open);
        line(out, "short", m->bodies[node].short_name);
        heirs_text(out, m, node);
        line(out, "work", ob_buf_span(&text));
        line(out, "address", m->bodies[node].url);
        line(out, "note", m->bodies[node].note);
    } else if (v.body != OB_NONE) {
        line(out, "body", m->bodies[v.body].name);
    }
    relations_text(out, m, node);
    ob_map_foot(cli, out);
}
