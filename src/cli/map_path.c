/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map path A B: all ways in which two things relate, and what set relations prove. */
#include "cli/map_ask.h"

static bool find_end(ob_map_cli *cli, size_t word, uint32_t *node, ob_err *err)
{
    ob_span text = ob_map_word(cli, word);
    uint32_t activity = OB_NONE;
    if (!ob_map_find_node(&cli->map, text, node, err)) {
        return false;
    }
    if (*node != OB_NONE) {
        return true;
    }
    /* Fails with the id that is near. */
    return ob_map_argument(cli, text, &activity, err) &&
           ob_fail(err, OB_ERR_USAGE, "nothing has the id '%.*s'",
                   OB_SHOW(ob_span_sub(text, 0, 60)));
}

static void sets_json(ob_json_writer *w, const char *key, ob_set_mask sets)
{
    ob_jw_array(w, key);
    for (int i = 0; i < OB_SETS; i++) {
        if ((sets & OB_SET_BIT(i)) != 0) {
            ob_jw_str(w, NULL, ob_set_names[i]);
        }
    }
    ob_jw_end(w, false);
}

static void way_json(const ob_map *m, ob_json_writer *w, const ob_way *way)
{
    ob_jw_object(w, NULL);
    ob_jw_array(w, "steps");
    for (size_t i = 0; i < way->count; i++) {
        const ob_relation *r = &m->relations[way->hops[i].relation];
        ob_jw_object(w, NULL);
        ob_jw_text(w, "from", ob_map_node_id(m, r->from));
        ob_jw_text(w, "to", ob_map_node_id(m, r->to));
        ob_jw_str(w, "type", ob_relation_names[r->type]);
        ob_jw_text_or_null(
            w, "set", r->type == OB_REL_SET ? ob_span_str(ob_set_names[r->set]) : ((ob_span){0}));
        ob_jw_str(w, "review", ob_review_names[r->review]);
        ob_jw_bool(w, "against", way->hops[i].back);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    if (way->composed) {
        sets_json(w, "sets", way->sets);
        ob_jw_str(w, "weakest_review", ob_review_names[way->weakest]);
    } else {
        ob_jw_null(w, "sets");
        ob_jw_null(w, "weakest_review");
    }
    ob_jw_end(w, true);
}

static void write_json(ob_map_cli *cli, uint32_t from, uint32_t to, size_t steps,
                       const ob_ways *ways)
{
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.path");
    ob_jw_text(&w, "from", ob_map_node_id(&cli->map, from));
    ob_jw_text(&w, "to", ob_map_node_id(&cli->map, to));
    ob_jw_u64(&w, "steps", steps);
    ob_jw_bool(&w, "longer_possible", ways->cut);
    if (ways->composed) {
        sets_json(&w, "sets", ways->sets);
    } else {
        ob_jw_null(&w, "sets");
    }
    ob_jw_array(&w, "ways");
    for (size_t i = 0; i < ways->count; i++) {
        way_json(&cli->map, &w, &ways->ways[i]);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

/* "subset or intersects" */
static void sets_text(ob_buf *out, ob_set_mask sets)
{
    bool first = true;
    for (int i = 0; i < OB_SETS; i++) {
        if ((sets & OB_SET_BIT(i)) != 0) {
            ob_buf_addf(out, "%s%s", first ? "" : " or ", ob_set_names[i]);
            first = false;
        }
    }
}

/* X.1 -references-> Y.2 <-set:subset- Y.3 */
static void way_text(ob_map_cli *cli, uint32_t from, const ob_way *way)
{
    const ob_map *m = &cli->map;
    ob_buf *out = &cli->out;
    ob_buf_add_str(out, "  ");
    ob_buf_add_shown(out, ob_map_node_id(m, from), SIZE_MAX);
    for (size_t i = 0; i < way->count; i++) {
        const ob_relation *r = &m->relations[way->hops[i].relation];
        bool back = way->hops[i].back;
        ob_buf_addf(out, " %s%s%s%s%s%s ", back ? "<-" : "-", ob_relation_names[r->type],
                    r->type == OB_REL_SET ? ":" : "",
                    r->type == OB_REL_SET ? ob_set_names[r->set] : "",
                    r->review == OB_REVIEW_PROPOSED ? " (proposed)" : "", back ? "-" : "->");
        ob_buf_add_shown(out, ob_map_node_id(m, back ? r->from : r->to), SIZE_MAX);
    }
    if (way->composed && way->count > 1) {
        ob_buf_add_str(out, "\n      so: ");
        sets_text(out, way->sets);
    }
    ob_buf_add_char(out, '\n');
}

static void write_text(ob_map_cli *cli, uint32_t from, uint32_t to, size_t steps,
                       const ob_ways *ways)
{
    ob_buf *out = &cli->out;
    for (size_t i = 0; i < ways->count; i++) {
        if (i == 0 || ways->ways[i].count != ways->ways[i - 1].count) {
            ob_buf_addf(out, "%s%zu step%s\n", i == 0 ? "" : "\n", ways->ways[i].count,
                        ways->ways[i].count == 1 ? "" : "s");
        }
        way_text(cli, from, &ways->ways[i]);
    }
    ob_buf_addf(out, "%s%zu way%s of up to %zu steps%s\n", ways->count > 0 ? "\n" : "", ways->count,
                ways->count == 1 ? "" : "s", steps,
                ways->cut ? "; there may be longer ones (--steps)" : "; there are no longer ones");
    if (ways->composed) {
        ob_buf_add_shown(out, ob_map_node_id(&cli->map, from), SIZE_MAX);
        ob_buf_add_str(out, " against ");
        ob_buf_add_shown(out, ob_map_node_id(&cli->map, to), SIZE_MAX);
        ob_buf_add_str(out, ", as sets: ");
        if (ways->sets == OB_SET_ANY) {
            ob_buf_add_str(out, "nothing follows");
        } else if (ways->sets == 0) {
            ob_buf_add_str(out, "the ways contradict each other");
        } else {
            sets_text(out, ways->sets);
        }
        ob_buf_add_char(out, '\n');
    }
    ob_map_foot(cli, out);
}

static int path(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {.map = &cli->map, .arena = &cli->arena};
    ob_ways ways = {0};
    uint32_t from = 0;
    uint32_t to = 0;
    uint64_t steps = OB_PATH_STEPS;
    if (!ob_args_number(cli->args, "steps", 1, OB_PATH_STEPS_MAX, &steps, &err) ||
        !find_end(cli, 0, &from, &err) || !find_end(cli, 1, &to, &err) ||
        !ob_ask_path(&ask, from, to, (size_t)steps, &ways, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, from, to, (size_t)steps, &ways);
    } else {
        write_text(cli, from, to, (size_t)steps, &ways);
    }
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_path = {.name = "path",
                                      .wants = OB_MAP_WANTS_MAP | OB_MAP_WANTS_CATALOGUE,
                                      .words_min = 2,
                                      .words_max = 2,
                                      .takes = "two ids: path X.sgAIoT Y.4612",
                                      .run = path};
