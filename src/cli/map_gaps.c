/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ombud map gaps. For one body, each cell that is not covered, with the search that was made. For
 * all bodies that would be thousands of lines, so the table then tells, topic by topic, who has
 * something; --json has every cell in both cases.
 */
#include "cli/map_ask.h"

static bool read_sort(const ob_map_cli *cli, int *sort, ob_err *err)
{
    const char *text = ob_args_text(cli->args, "kind");
    *sort = text == NULL ? OB_SORTS : ob_text_index(ob_span_str(text), ob_sort_names, OB_SORTS);
    return *sort >= 0 || ob_fail(err, OB_ERR_USAGE,
                                 "--kind: gaps takes standard, report, guidance, regulation or "
                                 "other, not '%.40s'",
                                 text);
}

static void cell_json(const ob_map_cli *cli, ob_json_writer *w, const ob_gaps *gaps,
                      const ob_gap_cell *cell)
{
    ob_jw_object(w, NULL);
    ob_map_json_topic(w, "topic", &cli->map, cell->topic);
    ob_jw_str(w, "kind", ob_sort_names[cell->sort]);
    ob_map_json_body(w, "body", &cli->map, cell->body);
    ob_jw_str(w, "state", ob_gap_state_names[cell->state]);
    ob_jw_u64(w, "texts", cell->texts);
    ob_jw_u64(w, "work", cell->work);
    ob_jw_object(w, "search");
    ob_jw_text(w, "words", gaps->words[cell->topic]);
    ob_jw_u64(w, "looked_at", cell->looked_at);
    ob_map_json_ids(w, "likely", &cli->map, cell->likely, cell->likely_count);
    ob_jw_end(w, true);
    ob_day_json(w, "data_of", cell->data_day);
    if (cell->age_days >= 0) {
        ob_jw_i64(w, "age_days", cell->age_days);
    } else {
        ob_jw_null(w, "age_days");
    }
    ob_jw_end(w, true);
}

static void write_json(ob_map_cli *cli, const ob_ask *ask, const ob_gaps *gaps)
{
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.gaps");
    ob_jw_u64(&w, "fresh_days", ask->fresh_days);
    ob_jw_object(&w, "totals");
    for (int i = 0; i < OB_GAP_STATES; i++) {
        ob_jw_u64(&w, ob_gap_state_names[i], gaps->states[i]);
    }
    ob_jw_end(&w, true);
    ob_jw_array(&w, "cells");
    for (size_t i = 0; i < gaps->count; i++) {
        cell_json(cli, &w, gaps, &gaps->cells[i]);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

/* What the search found: texts with the topic, else titles with the words of the topic's id. */
static bool tell_search(ob_map_cli *cli, const ob_gap_cell *cell, ob_span *text, ob_err *err)
{
    ob_span likely = {0};
    if (cell->texts + cell->work > 0) {
        return ob_map_cell(cli, text, err, "%u published, %u in work", cell->texts, cell->work);
    }
    size_t unknown = 0;
    for (size_t i = 0; i < cell->likely_count; i++) {
        unknown += cli->map.activities[cell->likely[i]].state == OB_STATE_UNKNOWN;
    }
    if (cell->likely_count > 0) {
        return ob_map_ids(cli, cell->likely, cell->likely_count, 3, &likely, err) &&
               ob_map_cell(cli, text, err, "0 of %u; %s: %.*s", cell->looked_at,
                           unknown == 0                    ? "by title"
                           : unknown == cell->likely_count ? "status not known"
                                                           : "by title, or status not known",
                           OB_SHOW(likely));
    }
    return ob_map_cell(cli, text, err, "0 of %u; by title: none", cell->looked_at);
}

static void tell_unmade(ob_map_cli *cli, const ob_gaps *gaps)
{
    bool none[OB_SORTS] = {false};
    for (size_t i = 0; i < gaps->count; i++) {
        none[gaps->cells[i].sort] = gaps->cells[i].looked_at == 0;
    }
    for (int i = 0; i < OB_SORTS; i++) {
        if (none[i]) {
            ob_buf_addf(&cli->out, "no %s of this body is known on any topic\n", ob_sort_names[i]);
        }
    }
}

static bool body_table(ob_map_cli *cli, const ob_gaps *gaps, ob_err *err)
{
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("TOPIC"), OB_SPAN("KIND"), OB_SPAN("STATE"),
                                            OB_SPAN("DATA OF"), OB_SPAN("SEARCH")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < gaps->count; i++) {
        const ob_gap_cell *c = &gaps->cells[i];
        ob_span cells[OB_TABLE_COLUMNS] = {cli->map.topics[c->topic].id,
                                           ob_span_str(ob_sort_names[c->sort]),
                                           ob_span_str(ob_gap_state_names[c->state])};
        /* Kinds of text that a body does not make are told once, below. */
        if (c->state != OB_GAP_COVERED && c->looked_at > 0 &&
            (!ob_map_day(cli, c->data_day, &cells[3], err) ||
             !tell_search(cli, c, &cells[4], err) || !ob_table_add(&table, cells, err))) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    tell_unmade(cli, gaps);
    return true;
}

/* Who has something on one topic and sort: "SG17 11+3, SG21 2". The rest of the bodies by state. */
static bool row_of(ob_map_cli *cli, const ob_gap_cell *row, size_t bodies, ob_table *table,
                   ob_err *err)
{
    OB_AUTO(ob_buf) has = {.max = 1u << 16};
    size_t states[OB_GAP_STATES] = {0};
    ob_span cells[OB_TABLE_COLUMNS] = {cli->map.topics[row->topic].id,
                                       ob_span_str(ob_sort_names[row->sort])};
    for (size_t i = 0; i < bodies; i++) {
        const ob_gap_cell *c = &row[i];
        states[c->state]++;
        /* A body above others repeats them. */
        bool own = false;
        for (uint32_t n = 0; c->texts + c->work > 0 && !own && n < cli->map.inside_count; n++) {
            const ob_activity *a = &cli->map.activities[n];
            own = a->body == c->body && ob_activity_has_topic(a, c->topic) &&
                  ob_sort_of(a->kind) == c->sort;
        }
        if (own) {
            ob_span name = ob_map_short(&cli->map, c->body);
            ob_buf_addf(&has, "%s%.*s %u", has.len > 0 ? ", " : "", OB_SHOW(name), c->texts);
            ob_buf_addf(&has, c->work > 0 ? "+%u" : "", c->work);
        }
    }
    return ob_buf_check(&has, "a row", err) &&
           ob_map_cell(cli, &cells[2], err, "%zu", states[OB_GAP_EMPTY]) &&
           ob_map_cell(cli, &cells[3], err, "%zu", states[OB_GAP_STALE]) &&
           ob_arena_dup(&cli->arena, has.len > 0 ? ob_buf_span(&has) : OB_SPAN("nobody"), &cells[4],
                        err) &&
           ob_table_add(table, cells, err);
}

static bool all_table(ob_map_cli *cli, const ob_gaps *gaps, ob_err *err)
{
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("TOPIC"), OB_SPAN("KIND"), OB_SPAN("GAPS"),
                                            OB_SPAN("STALE"), OB_SPAN("HELD BY (TEXTS+WORK)")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    size_t bodies = 0;
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < gaps->count; i += bodies) {
        const ob_gap_cell *row = &gaps->cells[i];
        for (bodies = 1; i + bodies < gaps->count && row[bodies].topic == row->topic &&
                         row[bodies].sort == row->sort;
             bodies++) {
        }
        if (!row_of(cli, row, bodies, &table, err)) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    return true;
}

static int gaps(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    ob_gaps found = {0};
    int sort = 0;
    if (!ob_map_ask(cli, &ask, &err) || !read_sort(cli, &sort, &err) ||
        !ob_ask_gaps(&ask, sort, &found, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, &ask, &found);
        return OB_EXIT_OK;
    }
    if (!(ask.body == OB_NONE ? all_table(cli, &found, &err) : body_table(cli, &found, &err))) {
        return ob_cli_fail(&err, false);
    }
    ob_buf_addf(&cli->out, "%zu cells: %zu covered, %zu planned, %zu unsure, %zu gaps, %zu stale\n",
                found.count, found.states[OB_GAP_COVERED], found.states[OB_GAP_PLANNED],
                found.states[OB_GAP_UNSURE], found.states[OB_GAP_EMPTY],
                found.states[OB_GAP_STALE]);
    ob_buf_addf(&cli->out, "nothing is claimed from data older than %u days (--fresh)\n",
                ask.fresh_days);
    ob_buf_add_str(&cli->out,
                   ask.body == OB_NONE
                       ? "--body ID shows the cells of one body with their searches\n"
                       : "searched by topic, then for the words of the topic in titles\n");
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_gaps = {
    .name = "gaps", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = gaps};
