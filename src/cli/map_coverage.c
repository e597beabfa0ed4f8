/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map coverage [DOCUMENT]: which requirements rest on what, and what nobody rests on. */
#include "cli/map_ask.h"

enum {
    UNUSED_SHOWN = 40
};

static void requirements_json(const ob_map *m, ob_json_writer *w, const char *key,
                              const uint32_t *list, size_t count)
{
    ob_jw_array(w, key);
    for (size_t i = 0; i < count; i++) {
        ob_jw_text(w, NULL, m->catalogue->requirements[list[i]].id);
    }
    ob_jw_end(w, false);
}

static void sets_json(ob_json_writer *w, ob_set_mask sets)
{
    ob_jw_array(w, "sets");
    for (int i = 0; i < OB_SETS; i++) {
        if ((sets & OB_SET_BIT(i)) != 0) {
            ob_jw_str(w, NULL, ob_set_names[i]);
        }
    }
    ob_jw_end(w, false);
}

static uint32_t body_of(const ob_map *m, uint32_t node)
{
    uint32_t index = 0;
    ob_node_kind kind = ob_map_node(m, node, &index);
    index = kind == OB_NODE_CLAUSE ? m->clauses[index].owner : index;
    return m->activities[index].body;
}

static void write_json(ob_map_cli *cli, uint32_t framework, const ob_coverage *c)
{
    const ob_map *m = &cli->map;
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.coverage");
    ob_jw_text_or_null(&w, "document",
                       framework == OB_NONE ? ((ob_span){0}) : m->activities[framework].id);
    ob_jw_u64(&w, "requirements", m->requirements_count);
    ob_jw_array(&w, "rows");
    for (size_t i = 0; i < c->rows_count; i++) {
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "id", ob_map_node_id(m, c->rows[i].node));
        ob_map_json_body(&w, "body", m, body_of(m, c->rows[i].node));
        requirements_json(m, &w, "requirements", c->rows[i].requirements, c->rows[i].count);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "by_way_of");
    for (size_t i = 0; i < c->by_count; i++) {
        ob_jw_object(&w, NULL);
        ob_jw_text(&w, "requirement", m->catalogue->requirements[c->by[i].requirement].id);
        ob_jw_text_or_null(&w, "document",
                           c->by[i].by == OB_NONE ? ((ob_span){0}) : m->activities[c->by[i].by].id);
        ob_jw_text(&w, "reaches", ob_map_node_id(m, c->by[i].reaches));
        sets_json(&w, c->by[i].sets);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    requirements_json(m, &w, "without", c->without, c->without_count);
    ob_jw_array(&w, "bodies");
    for (size_t i = 0; i < c->bodies_count; i++) {
        ob_jw_object(&w, NULL);
        ob_map_json_body(&w, "body", m, c->bodies[i].body);
        ob_jw_u64(&w, "documents", c->bodies[i].documents);
        ob_jw_u64(&w, "requirements", c->bodies[i].requirements);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_map_json_ids(&w, "unused_work", m, c->unused, c->unused_count);
    ob_map_json_close(cli, &w);
}

static bool list_requirements(ob_map_cli *cli, const uint32_t *list, size_t count, ob_span *text,
                              ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = 1u << 20};
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_str(&out, i == 0 ? "" : ", ");
        ob_buf_add(&out, cli->map.catalogue->requirements[list[i]].id);
    }
    return ob_buf_check(&out, "a list of requirements", err) &&
           ob_arena_dup(&cli->arena, ob_buf_span(&out), text, err);
}

static bool rows_table(ob_map_cli *cli, const ob_coverage *c, ob_err *err)
{
    const ob_map *m = &cli->map;
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("RESTS ON"), OB_SPAN("BODY"), OB_SPAN("COUNT"),
                                            OB_SPAN("REQUIREMENTS")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 4};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < c->rows_count; i++) {
        const ob_cover *row = &c->rows[i];
        ob_span cells[OB_TABLE_COLUMNS] = {ob_map_node_id(m, row->node),
                                           ob_map_short(m, body_of(m, row->node))};
        if (!ob_map_cell(cli, &cells[2], err, "%zu", row->count) ||
            !list_requirements(cli, row->requirements, row->count, &cells[3], err) ||
            !ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    return true;
}

static bool by_table(ob_map_cli *cli, const ob_coverage *c, ob_err *err)
{
    const ob_map *m = &cli->map;
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("REQUIREMENT"), OB_SPAN("BY WAY OF"),
                                            OB_SPAN("REACHES"), OB_SPAN("AS")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 4};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < c->by_count; i++) {
        const ob_cover_by *by = &c->by[i];
        OB_AUTO(ob_buf) sets = {.max = 256};
        for (int s = 0; s < OB_SETS; s++) {
            if ((by->sets & OB_SET_BIT(s)) != 0) {
                ob_buf_addf(&sets, "%s%s", sets.len > 0 ? " or " : "", ob_set_names[s]);
            }
        }
        ob_span cells[OB_TABLE_COLUMNS] = {m->catalogue->requirements[by->requirement].id,
                                           by->by == OB_NONE ? OB_SPAN("-")
                                                             : m->activities[by->by].id,
                                           ob_map_node_id(m, by->reaches)};
        if (!ob_buf_check(&sets, "sets", err) ||
            !ob_arena_dup(&cli->arena,
                          by->sets == 0 ? OB_SPAN("contradiction") : ob_buf_span(&sets), &cells[3],
                          err) ||
            !ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    if (c->by_count > 0) {
        ob_buf_add_char(&cli->out, '\n');
    }
    ob_map_table(cli, &table);
    return true;
}

static bool tell_bodies(ob_map_cli *cli, const ob_coverage *c, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 1u << 16};
    for (size_t i = 0; i < c->bodies_count; i++) {
        ob_buf_addf(&text, "%s%.*s %zu", i == 0 ? "" : ", ",
                    OB_SHOW(ob_map_short(&cli->map, c->bodies[i].body)), c->bodies[i].requirements);
    }
    return ob_buf_check(&text, "bodies", err) &&
           ob_map_wrap(cli, "By body: ", ob_buf_span(&text), err);
}

/* Documents that requirements rest on though a newer one is out. */
static void tell_replaced(ob_map_cli *cli, const ob_coverage *c)
{
    const ob_map *m = &cli->map;
    for (size_t i = 0; i < c->rows_count; i++) {
        uint32_t node = c->rows[i].node;
        uint32_t index = 0;
        if (ob_map_node(m, node, &index) != OB_NODE_ACTIVITY ||
            m->activities[index].state != OB_STATE_SUPERSEDED) {
            continue;
        }
        ob_buf_add_shown(&cli->out, m->activities[index].id, SIZE_MAX);
        ob_buf_add_str(&cli->out, " was replaced");
        const char *between = " by ";
        for (uint32_t k = m->in.first[node]; k < m->in.first[node + 1]; k++) {
            const ob_relation *r = &m->relations[m->in.numbers[k]];
            if (r->type == OB_REL_SUPERSEDES) {
                ob_buf_add_str(&cli->out, between);
                ob_buf_add_shown(&cli->out, ob_map_node_id(m, r->from), SIZE_MAX);
                between = ", ";
            }
        }
        ob_buf_add_str(&cli->out, "; the requirements rest on it still\n");
    }
}

static bool tell_lists(ob_map_cli *cli, uint32_t framework, const ob_coverage *c, ob_err *err)
{
    ob_span text = {0};
    char title[80];
    uint32_t all = cli->map.requirements_count;
    size_t shown = ob_args_flag(cli->args, "all") ? SIZE_MAX - 1 : UNUSED_SHOWN;
    ob_buf_addf(&cli->out, "\n%u of %u requirements rest on %s\n", all - (uint32_t)c->without_count,
                all, framework == OB_NONE ? "a document" : "it");
    if (framework != OB_NONE) {
        return true;
    }
    if (c->without_count > 0 &&
        (!list_requirements(cli, c->without, c->without_count, &text, err) ||
         !ob_map_wrap(cli, "Not: ", text, err))) {
        return false;
    }
    (void)snprintf(title, sizeof title,
                   "Work that no requirement rests on (%zu): ", c->unused_count);
    tell_replaced(cli, c);
    return tell_bodies(cli, c, err) &&
           ob_map_ids(cli, c->unused, c->unused_count, shown, &text, err) &&
           ob_map_wrap(cli, title, text, err);
}

static int coverage(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    ob_coverage c = {0};
    uint32_t framework = OB_NONE;
    bool named = cli->args->words_count > 1;
    if (!ob_map_ask(cli, &ask, &err) ||
        (named && !ob_map_argument(cli, ob_map_word(cli, 0), &framework, &err)) ||
        !ob_ask_coverage(&ask, framework, &c, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, framework, &c);
        return OB_EXIT_OK;
    }
    if (!rows_table(cli, &c, &err) || !by_table(cli, &c, &err) ||
        !tell_lists(cli, framework, &c, &err)) {
        return ob_cli_fail(&err, false);
    }
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_coverage = {.name = "coverage",
                                          .wants = OB_MAP_WANTS_MAP | OB_MAP_WANTS_CATALOGUE,
                                          .words_max = 1,
                                          .takes = "no more than the id of a document",
                                          .run = coverage};
