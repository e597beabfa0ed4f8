/* SPDX-License-Identifier: Apache-2.0 */
/* The graph for programs that draw and measure graphs: nodes and edges with their attributes. */
#include "map/export.h"

enum {
    ID,
    KIND,
    TITLE,
    BODY,
    STATE,
    SUCCESSOR,
    KEYS_OF_NODES,
    TYPE = KEYS_OF_NODES,
    SET,
    RATIONALE,
    STRENGTH,
    REVIEW,
    ORIGIN,
    KEYS
};

static const char *const keys[KEYS] = {"id",        "kind",      "title",  "body",
                                       "state",     "successor", "type",   "set",
                                       "rationale", "strength",  "review", "origin"};
static const char *const kinds[] = {"body", "activity", "clause", "requirement"};
static const char *const origins[] = {"baseline", "reading", "user", "catalogue", "derived"};

static void add(ob_buf *out, int key, ob_span text)
{
    if (text.len > 0) {
        ob_buf_addf(out, "   <data key=\"%s\">", keys[key]);
        ob_buf_add_html(out, text);
        ob_buf_add_str(out, "</data>\n");
    }
}

static void add_node(ob_buf *out, const ob_map *m, uint32_t node)
{
    uint32_t index = 0;
    ob_node_kind kind = ob_map_node(m, node, &index);
    const ob_activity *a = kind == OB_NODE_ACTIVITY ? &m->activities[index] : NULL;
    ob_buf_addf(out, "  <node id=\"n%u\">\n", node);
    add(out, ID, ob_map_node_id(m, node));
    add(out, KIND, ob_span_str(kinds[kind]));
    if (kind == OB_NODE_BODY) {
        uint32_t heir = m->bodies[index].successor;
        add(out, TITLE, m->bodies[index].name);
        add(out, SUCCESSOR, heir == OB_NONE ? ((ob_span){0}) : m->bodies[heir].id);
    } else if (a != NULL) {
        add(out, TITLE, a->title);
        add(out, BODY, a->body == OB_NONE ? ((ob_span){0}) : m->bodies[a->body].id);
        add(out, STATE, ob_span_str(ob_state_names[a->state]));
    }
    ob_buf_add_str(out, "  </node>\n");
}

static void add_edge(ob_buf *out, const ob_map *m, uint32_t number)
{
    const ob_relation *r = &m->relations[number];
    ob_buf_addf(out, "  <edge id=\"e%u\" source=\"n%u\" target=\"n%u\">\n", number, r->from, r->to);
    add(out, TYPE, ob_span_str(ob_relation_names[r->type]));
    if (r->type == OB_REL_SET) {
        add(out, SET, ob_span_str(ob_set_names[r->set]));
        if (r->rationale != OB_RATIONALE_UNSAID) {
            add(out, RATIONALE, ob_span_str(ob_rationale_names[r->rationale]));
        }
        if (r->strength >= 0) {
            ob_buf_addf(out, "   <data key=\"%s\">%d</data>\n", keys[STRENGTH], r->strength);
        }
        add(out, REVIEW, ob_span_str(ob_review_names[r->review]));
    }
    add(out, ORIGIN, ob_span_str(origins[r->origin]));
    ob_buf_add_str(out, "  </edge>\n");
}

static bool write_graph(const ob_export *e, ob_buf *out, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(e->map->as_of, day);
    ob_buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                        " <key id=\"as_of\" for=\"graph\" attr.name=\"as_of\" "
                        "attr.type=\"string\"/>\n");
    for (int k = 0; k < KEYS; k++) {
        ob_buf_addf(out, " <key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
                    keys[k], k < KEYS_OF_NODES ? "node" : "edge", keys[k],
                    k == STRENGTH ? "int" : "string");
    }
    ob_buf_addf(out,
                " <graph id=\"map\" edgedefault=\"directed\">\n"
                "  <data key=\"as_of\">%s</data>\n",
                day);
    for (uint32_t i = 0; i < e->map->nodes_count; i++) {
        add_node(out, e->map, i);
    }
    for (uint32_t i = 0; i < e->map->relations_count; i++) {
        add_edge(out, e->map, i);
    }
    ob_buf_add_str(out, " </graph>\n</graphml>\n");
    return ob_buf_check(out, "the graph", err);
}

extern const ob_exporter ob_exporter_graphml;

const ob_exporter ob_exporter_graphml = {
    .id = "graphml", .title = "the whole graph", .write = write_graph};
