/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map partners: who should be written to, and why. */
#include "cli/map_ask.h"

enum {
    REASONS_SHOWN = 6
};

static void reason_json(const ob_map *m, ob_json_writer *w, const ob_reason *r)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "kind", ob_reason_names[r->kind]);
    ob_map_json_topic(w, "topic", m, r->topic);
    ob_map_json_ids(w, "ours", m, r->ours, r->ours_count);
    ob_map_json_ids(w, "theirs", m, r->theirs, r->theirs_count);
    ob_jw_end(w, true);
}

static void write_json(ob_map_cli *cli, const ob_ask *ask, const ob_partner *partners, size_t count)
{
    const ob_map *m = &cli->map;
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.partners");
    ob_map_json_body(&w, "body", m, ask->body);
    ob_jw_array(&w, "partners");
    for (size_t i = 0; i < count; i++) {
        const ob_partner *p = &partners[i];
        ob_jw_object(&w, NULL);
        ob_map_json_body(&w, "body", m, p->body);
        ob_jw_text(&w, "name", m->bodies[p->body].name);
        ob_jw_u64(&w, "weight", p->weight);
        ob_jw_text_or_null(&w, "next_meeting",
                           p->meeting == OB_NONE ? ((ob_span){0}) : m->meetings[p->meeting].id);
        ob_day_json(&w, "next_meeting_start",
                    p->meeting == OB_NONE ? 0 : m->meetings[p->meeting].start);
        ob_jw_array(&w, "reasons");
        for (size_t k = 0; k < p->count; k++) {
            reason_json(m, &w, &p->reasons[k]);
        }
        ob_jw_end(&w, false);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

static const char *const sentences[OB_REASONS] = {
    "no list names the other", "they list us, not we them", "we list them, not they us",
    "their text is out", "related, and no liaison"};

static bool reason_row(ob_map_cli *cli, const ob_reason *r, ob_table *table, ob_err *err)
{
    ob_span ours = {0};
    ob_span theirs = {0};
    ob_span cells[OB_TABLE_COLUMNS] = {OB_SPAN(" "), ob_span_str(sentences[r->kind]),
                                       r->topic == OB_NONE ? OB_SPAN("-")
                                                           : cli->map.topics[r->topic].id};
    return ob_map_ids(cli, r->ours, r->ours_count, 3, &ours, err) &&
           ob_map_ids(cli, r->theirs, r->theirs_count, 3, &theirs, err) &&
           ob_map_cell(cli, &cells[3], err, "%.*s | %.*s", OB_SHOW(ours), OB_SHOW(theirs)) &&
           ob_table_add(table, cells, err);
}

static bool show(ob_map_cli *cli, const ob_partner *p, bool all, ob_err *err)
{
    const ob_map *m = &cli->map;
    OB_AUTO(ob_buf) name = {.max = 4096};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 4};
    size_t shown = all || p->count <= REASONS_SHOWN + 1 ? p->count : REASONS_SHOWN;
    ob_buf_add_shown(&name, m->bodies[p->body].name, SIZE_MAX);
    ob_buf_addf(&cli->out, "%.*s", OB_SHOW(ob_buf_span(&name)));
    if (p->meeting != OB_NONE) {
        char day[OB_DAY_TEXT_MAX];
        ob_day_write(m->meetings[p->meeting].start, day);
        ob_buf_addf(&cli->out, "; meets from %s", day);
    }
    ob_buf_add_char(&cli->out, '\n');
    for (size_t i = 0; i < shown; i++) {
        if (!reason_row(cli, &p->reasons[i], &table, err)) {
            return false;
        }
    }
    ob_table_write(&table, &cli->out, ob_map_width());
    if (shown < p->count) {
        ob_buf_addf(&cli->out, "   and %zu reasons more (--all)\n", p->count - shown);
    }
    return ob_buf_check(&name, "a name", err);
}

static int partners(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    const ob_partner *found = NULL;
    size_t count = 0;
    if (!ob_map_ask(cli, &ask, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ask.body == OB_NONE) {
        (void)ob_fail(&err, OB_ERR_USAGE, "map partners needs to know who writes: --body SG17");
        return ob_cli_usage("map", &err);
    }
    uint32_t now = ob_map_body_now(ask.map, ask.body);
    if (now != ask.body) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--body: %.*s is gone; %.*s took over and writes now",
                      OB_SHOW(ask.map->bodies[ask.body].id), OB_SHOW(ask.map->bodies[now].id));
        return ob_cli_usage("map", &err);
    }
    if (!ob_ask_partners(&ask, &found, &count, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, &ask, found, count);
        return OB_EXIT_OK;
    }
    for (size_t i = 0; i < count; i++) {
        if (!show(cli, &found[i], ob_args_flag(cli->args, "all"), &err)) {
            return ob_cli_fail(&err, false);
        }
    }
    ob_buf_addf(&cli->out, "%zu bodies to write to, the weightiest reasons first; ours | theirs\n",
                count);
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_partners = {
    .name = "partners", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = partners};
