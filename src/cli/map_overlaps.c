/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map overlaps: on which subjects two bodies work, which documents are near each other, and
 * whether the bodies list each other as liaisons. */
#include "cli/map_ask.h"

enum {
    SUBJECTS_SHOWN = 40,
    PAIRS_SHOWN = 20
};

/* null: nobody knows. What is done lists nobody. */
static void lists_json(ob_json_writer *w, ob_lists lists)
{
    if (lists == OB_LISTS_UNKNOWN) {
        ob_jw_null(w, "lists_other");
    } else {
        ob_jw_bool(w, "lists_other", lists == OB_LISTS_YES);
    }
}

static void side_json(const ob_map *m, ob_json_writer *w, const ob_subject *s, int side)
{
    ob_jw_object(w, side == 0 ? "first" : "second");
    ob_map_json_body(w, "body", m, s->body[side]);
    ob_map_json_ids(w, "work", m, s->works[side], s->open[side]);
    ob_map_json_ids(w, "texts", m, &s->works[side][s->open[side]], s->count[side] - s->open[side]);
    lists_json(w, s->lists[side]);
    ob_jw_end(w, true);
}

static void pair_json(const ob_map *m, ob_json_writer *w, const ob_pair *p)
{
    ob_jw_object(w, NULL);
    for (int side = 0; side < 2; side++) {
        const ob_activity *a = &m->activities[p->activity[side]];
        ob_jw_object(w, side == 0 ? "first" : "second");
        ob_jw_text(w, "id", a->id);
        ob_jw_text_or_null(w, "title", a->title);
        ob_map_json_body(w, "body", m, a->body);
        ob_jw_str(w, "state", ob_state_names[a->state]);
        lists_json(w, p->lists[side]);
        ob_jw_end(w, true);
    }
    ob_jw_texts(w, "topics", p->topics.items, p->topics.count);
    ob_jw_texts(w, "words", p->words.items, p->words.count);
    ob_jw_texts(w, "relations", p->types.items, p->types.count);
    ob_jw_double(w, "bits", p->score);
    ob_jw_end(w, true);
}

static void write_json(ob_map_cli *cli, const ob_overlaps *o)
{
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.overlaps");
    ob_jw_array(&w, "subjects");
    for (size_t i = 0; i < o->subjects_count; i++) {
        const ob_subject *s = &o->subjects[i];
        ob_jw_object(&w, NULL);
        ob_map_json_topic(&w, "topic", &cli->map, s->topic);
        ob_jw_bool(&w, "mutual", s->lists[0] == OB_LISTS_YES && s->lists[1] == OB_LISTS_YES);
        side_json(&cli->map, &w, s, 0);
        side_json(&cli->map, &w, s, 1);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_array(&w, "pairs");
    for (size_t i = 0; i < o->pairs_count; i++) {
        pair_json(&cli->map, &w, &o->pairs[i]);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

static const char *const list_words[] = {
    [OB_LISTS_NO] = "no", [OB_LISTS_YES] = "yes", [OB_LISTS_UNKNOWN] = "?", [OB_LISTS_DONE] = "-"};

static bool subjects_table(ob_map_cli *cli, const ob_overlaps *o, size_t most, ob_err *err)
{
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("TOPIC"), OB_SPAN("BODIES"), OB_SPAN("WORK"),
                                            OB_SPAN("LISTS OTHER"), OB_SPAN("DOCUMENTS")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < o->subjects_count && i < most; i++) {
        const ob_subject *s = &o->subjects[i];
        ob_span sides[2] = {{0}, {0}};
        ob_span cells[OB_TABLE_COLUMNS] = {cli->map.topics[s->topic].id};
        if (!ob_map_ids(cli, s->works[0], s->count[0], 4, &sides[0], err) ||
            !ob_map_ids(cli, s->works[1], s->count[1], 4, &sides[1], err) ||
            !ob_map_cell(cli, &cells[1], err, "%.*s, %.*s",
                         OB_SHOW(ob_map_short(&cli->map, s->body[0])),
                         OB_SHOW(ob_map_short(&cli->map, s->body[1]))) ||
            !ob_map_cell(cli, &cells[2], err, "%u, %u", s->open[0], s->open[1]) ||
            !ob_map_cell(cli, &cells[3], err, "%s, %s", list_words[s->lists[0]],
                         list_words[s->lists[1]]) ||
            !ob_map_cell(cli, &cells[4], err, "%.*s | %.*s", OB_SHOW(sides[0]),
                         OB_SHOW(sides[1])) ||
            !ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    return true;
}

static bool why(ob_map_cli *cli, const ob_pair *p, ob_span *text, ob_err *err)
{
    ob_span topics = {0};
    ob_span words = {0};
    ob_span types = {0};
    return ob_map_names(cli, p->topics, &topics, err) && ob_map_names(cli, p->words, &words, err) &&
           ob_map_names(cli, p->types, &types, err) &&
           ob_map_cell(cli, text, err, "%.*s%s%s%.*s%s%s%.*s", OB_SHOW(types),
                       types.len > 0 && words.len + topics.len > 0 ? "; " : "",
                       topics.len > 0 ? "topics: " : "", OB_SHOW(topics),
                       topics.len > 0 && words.len > 0 ? "; " : "", words.len > 0 ? "words: " : "",
                       OB_SHOW(words));
}

static bool pairs_table(ob_map_cli *cli, const ob_overlaps *o, size_t most, ob_err *err)
{
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("FIRST"), OB_SPAN("SECOND"), OB_SPAN("BODIES"),
                                            OB_SPAN("LISTS OTHER"), OB_SPAN("WHY")};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < o->pairs_count && i < most; i++) {
        const ob_pair *p = &o->pairs[i];
        const ob_activity *a = &cli->map.activities[p->activity[0]];
        const ob_activity *b = &cli->map.activities[p->activity[1]];
        ob_span cells[OB_TABLE_COLUMNS] = {a->id, b->id};
        if (!ob_map_cell(cli, &cells[2], err, "%.*s, %.*s",
                         OB_SHOW(ob_map_short(&cli->map, a->body)),
                         OB_SHOW(ob_map_short(&cli->map, b->body))) ||
            !ob_map_cell(cli, &cells[3], err, "%s, %s", list_words[p->lists[0]],
                         list_words[p->lists[1]]) ||
            !why(cli, p, &cells[4], err) || !ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    if (table.count > 1) {
        ob_buf_add_str(&cli->out, "\nDocuments near each other\n");
    }
    ob_map_table(cli, &table);
    return true;
}

static void tell_rest(ob_map_cli *cli, const char *what, size_t count, size_t shown)
{
    if (shown < count) {
        ob_buf_addf(&cli->out, "%zu of %zu %s; --all, --body, --with and --topic show others\n",
                    shown, count, what);
    }
}

static int overlaps(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    ob_overlaps o = {0};
    bool all = ob_args_flag(cli->args, "all");
    if (!ob_map_ask(cli, &ask, &err) || !ob_ask_overlaps(&ask, &o, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, &o);
        return OB_EXIT_OK;
    }
    size_t subjects = all ? SIZE_MAX : SUBJECTS_SHOWN;
    size_t pairs = all ? SIZE_MAX : PAIRS_SHOWN;
    if (o.subjects_count + o.pairs_count == 0) {
        ob_buf_add_str(&cli->out, "no two bodies work on one subject here\n");
    }
    if (!subjects_table(cli, &o, subjects, &err)) {
        return ob_cli_fail(&err, false);
    }
    tell_rest(cli, "subjects", o.subjects_count, subjects);
    if (!pairs_table(cli, &o, pairs, &err)) {
        return ob_cli_fail(&err, false);
    }
    tell_rest(cli, "pairs", o.pairs_count, pairs);
    ob_buf_add_str(&cli->out, "LISTS OTHER, by body: ? no list is known, - nothing is in work\n");
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_overlaps = {
    .name = "overlaps", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = overlaps};
