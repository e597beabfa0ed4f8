/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map list and ombud map search: activities by what they are, and by words. */
#include "cli/map_ask.h"
#include "map/search.h"

#include <unistd.h>

typedef struct filter {
    uint32_t body; /* OB_NONE: any */
    uint32_t topics[32];
    size_t topics_count;
    ob_span status; /* words of the status */
    int state;      /* -1: any */
    bool open;
    ob_span kind;
    ob_span question;
} filter;

static bool read_filter(ob_map_cli *cli, filter *f, ob_err *err)
{
    const char *status = ob_args_text(cli->args, "status");
    *f = (filter){.state = -1};
    f->kind = ob_span_str(ob_args_text(cli->args, "kind"));
    f->question = ob_span_str(ob_args_text(cli->args, "question"));
    f->topics_count = ob_args_count(cli->args, "topic");
    if (status != NULL) {
        f->open = strcmp(status, "open") == 0;
        f->state = ob_text_index(ob_span_str(status), ob_state_names, OB_STATES);
        f->status = f->open || f->state >= 0 ? ((ob_span){0}) : ob_span_str(status);
    }
    if (f->topics_count > OB_COUNT(f->topics)) {
        return ob_fail(err, OB_ERR_USAGE, "--topic: no more than %zu topics, please",
                       OB_COUNT(f->topics));
    }
    for (size_t i = 0; i < f->topics_count; i++) {
        if (!ob_map_topic_named(cli, ob_args_nth(cli->args, "topic", i), &f->topics[i], err)) {
            return false;
        }
    }
    return ob_map_option_body(cli, "body", &f->body, err);
}

static bool fits(const ob_map *m, const filter *f, const ob_activity *a)
{
    for (size_t i = 0; i < f->topics_count; i++) {
        if (!ob_activity_has_topic(a, f->topics[i])) {
            return false;
        }
    }
    return !a->external && (f->body == OB_NONE || ob_map_body_within(m, a->body, f->body)) &&
           (f->state < 0 || (int)a->state == f->state) && (!f->open || ob_activity_is_open(a)) &&
           (f->status.len == 0 || ob_span_find_nocase(a->status, f->status, 0) != SIZE_MAX) &&
           (f->kind.len == 0 || ob_span_find_nocase(a->kind, f->kind, 0) != SIZE_MAX) &&
           (f->question.len == 0 || ob_span_is_nocase(a->question, f->question));
}

static void item_json(ob_json_writer *w, const ob_map *m, const ob_activity *a, const double *rank)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "id", a->id);
    ob_jw_text_or_null(w, "title", a->title);
    ob_jw_text_or_null(w, "status", a->status);
    ob_jw_str(w, "state", ob_state_names[a->state]);
    ob_jw_text_or_null(w, "body", a->body == OB_NONE ? ((ob_span){0}) : m->bodies[a->body].id);
    ob_jw_text_or_null(w, "kind", a->kind);
    ob_jw_text_or_null(w, "question", a->question);
    ob_jw_text_or_null(w, "timing", a->timing);
    ob_day_json(w, "date", a->date);
    ob_jw_text_or_null(w, "edition", a->edition);
    ob_jw_array(w, "topics");
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_jw_text(w, NULL, m->topics[a->topics[i]].id);
    }
    ob_jw_end(w, false);
    ob_jw_bool(w, "verified", a->verified);
    if (rank != NULL) {
        ob_jw_double(w, "score", -*rank);
    }
    ob_jw_end(w, true);
}

/* Writes the activities of these numbers; matches, if not NULL, has their ranks. */
static bool write_all(ob_map_cli *cli, const char *format, const uint32_t *numbers, size_t count,
                      const ob_match *matches, ob_err *err)
{
    const ob_map *m = &cli->map;
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 4};
    if (ob_args_flag(cli->args, "json")) {
        ob_json_writer w = {.out = &cli->out, .indent = 2};
        ob_jw_object(&w, NULL);
        ob_jw_str(&w, "format", format);
        ob_jw_u64(&w, "version", 1);
        ob_day_json(&w, "as_of", m->as_of);
        ob_jw_array(&w, "items");
        for (size_t i = 0; i < count; i++) {
            item_json(&w, m, &m->activities[numbers[i]], matches == NULL ? NULL : &matches[i].rank);
        }
        ob_jw_end(&w, false);
        ob_jw_end(&w, true);
        ob_buf_add_char(&cli->out, '\n');
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        const ob_activity *a = &m->activities[numbers[i]];
        const ob_span cells[OB_TABLE_COLUMNS] = {
            a->id, ob_map_group(m, a), ob_span_str(ob_state_names[a->state]),
            a->title.len > 0 ? a->title : OB_SPAN("(title not known)")};
        if (!ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    ob_table_write(&table, &cli->out, ob_map_width());
    ob_buf_addf(&cli->out, "%zu of %u; ", count, m->inside_count);
    ob_map_foot(cli, &cli->out);
    return true;
}

static int list(ob_map_cli *cli)
{
    ob_err err = {0};
    filter f;
    size_t count = 0;
    uint32_t *numbers = OB_NEW(&cli->arena, uint32_t, cli->map.activities_count, &err);
    if (numbers == NULL || !read_filter(cli, &f, &err)) {
        return ob_cli_fail(&err, false);
    }
    for (uint32_t i = 0; i < cli->map.activities_count; i++) {
        if (fits(&cli->map, &f, &cli->map.activities[i])) {
            numbers[count++] = i;
        }
    }
    return write_all(cli, "ombud.map.list", numbers, count, NULL, &err) ? OB_EXIT_OK
                                                                        : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_list = {
    .name = "list", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = list};

/* Where the words stand side by side first, then what has all; where nothing has, what has some. */
static bool look_up(ob_map_cli *cli, ob_span words, ob_match **matches, size_t *count, ob_err *err)
{
    OB_AUTO_CLOSE(ob_index) index = {0};
    size_t most = cli->map.activities_count;
    size_t used = 0;
    bool *seen = OB_NEW(&cli->arena, bool, most, err);
    ob_match *all = OB_NEW(&cli->arena, ob_match, most, err);
    if (seen == NULL || all == NULL || !ob_index_open(&index, err) ||
        !ob_map_index(&cli->map, &index, err)) {
        return false;
    }
    for (int how = OB_INDEX_PHRASE; how <= OB_INDEX_ANY && (how < OB_INDEX_ANY || used == 0);
         how++) {
        ob_match *found = NULL;
        size_t more = 0;
        if (!ob_index_search(&index, &cli->arena, words, (ob_index_how)how, most, &found, &more,
                             err)) {
            return false;
        }
        for (size_t i = 0; i < more; i++) {
            if (!seen[found[i].number]) {
                seen[found[i].number] = true;
                all[used++] = found[i];
            }
        }
    }
    *matches = all;
    *count = used;
    return true;
}

static int search(ob_map_cli *cli)
{
    ob_err err = {0};
    filter f;
    OB_AUTO(ob_buf) words = {.max = 65536};
    ob_match *matches = NULL;
    size_t count = 0;
    size_t kept = 0;
    for (size_t i = 1; i < cli->args->words_count; i++) {
        ob_buf_add_str(&words, cli->args->words[i]);
        ob_buf_add_char(&words, ' ');
    }
    if (!ob_buf_check(&words, "the words", &err) || !read_filter(cli, &f, &err) ||
        !look_up(cli, ob_buf_span(&words), &matches, &count, &err)) {
        return ob_cli_fail(&err, false);
    }
    uint32_t *numbers = OB_NEW(&cli->arena, uint32_t, count, &err);
    for (size_t i = 0; numbers != NULL && i < count; i++) {
        if (fits(&cli->map, &f, &cli->map.activities[matches[i].number])) {
            numbers[kept] = matches[i].number;
            matches[kept++] = matches[i];
        }
    }
    return numbers != NULL && write_all(cli, "ombud.map.search", numbers, kept, matches, &err)
               ? OB_EXIT_OK
               : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_search = {.name = "search",
                                        .wants = OB_MAP_WANTS_MAP,
                                        .words_min = 1,
                                        .words_max = SIZE_MAX,
                                        .takes = "words to look for",
                                        .run = search};
