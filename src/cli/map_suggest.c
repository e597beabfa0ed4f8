/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map suggest: documents whose words are alike, kept in the store as suggestions; and accept
 * and reject, which say what came of them. */
#include "cli/map_ask.h"
#include "map/suggest.h"

#include <stdlib.h>

#define AUTHOR "ombud map suggest"

static bool open_to_write(ob_map_cli *cli, ob_err *err)
{
    ob_store_close(&cli->store);
    cli->store = (ob_store){0};
    return ob_map_open_store(cli, true, err) && ob_store_readings_begin(&cli->store, err);
}

/* What BM25 tells is that the wording is alike, so the rationale is syntactic, and that two texts
 * have something in common, so the relation is the weakest that says this. */
static bool keep(ob_map_cli *cli, const ob_suggestion *all, size_t count, size_t *added,
                 ob_err *err)
{
    const ob_map *m = &cli->map;
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(cli->as_of, day);
    for (size_t i = 0; i < count; i++) {
        char note[32];
        bool new = false;
        (void)snprintf(note, sizeof note, "likeness %.2f", all[i].likeness);
        ob_entry entry = {.from = m->activities[all[i].activity[0]].id,
                          .to = m->activities[all[i].activity[1]].id,
                          .set = OB_SPAN("intersects"),
                          .rationale = OB_SPAN("syntactic"),
                          .author = OB_SPAN(AUTHOR),
                          .date = ob_span_str(day),
                          .review = OB_SPAN("suggested"),
                          .note = ob_span_str(note)};
        if (!ob_entry_add(&cli->store, &entry, &new, err)) {
            return false;
        }
        *added += new;
    }
    return true;
}

static bool store_new(ob_map_cli *cli, size_t *added, ob_err *err)
{
    ob_ask ask = {0};
    const ob_suggestion *all = NULL;
    size_t count = 0;
    uint64_t most = 0;
    if (!ob_map_ask(cli, &ask, err) || !ob_args_number(cli->args, "most", 1, 100000, &most, err) ||
        !ob_ask_suggest(&ask, (size_t)most, &all, &count, err)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    if (!open_to_write(cli, err)) {
        return false;
    }
    if (!keep(cli, all, count, added, err)) {
        ob_store_readings_rollback(&cli->store);
        return false;
    }
    return ob_store_readings_commit(&cli->store, err);
}

static ob_span title_of(const ob_map *m, ob_span id)
{
    uint32_t activity = OB_NONE;
    ob_err ignored = {0};
    return ob_map_find(m, id, &activity, &ignored) && activity != OB_NONE
               ? m->activities[activity].title
               : (ob_span){0};
}

static bool list(ob_map_cli *cli, const ob_entry *entries, size_t count, size_t added, ob_err *err)
{
    const ob_map *m = &cli->map;
    size_t open = 0;
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("SUGGESTION"), OB_SPAN("FROM"), OB_SPAN("TO"),
                                            OB_SPAN("NOTE"), OB_SPAN("TITLES")};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char id[OB_SUGGESTION_ID_MAX];
        ob_span cells[OB_TABLE_COLUMNS] = {{0}, entries[i].from, entries[i].to, entries[i].note};
        if (!ob_span_is_str(entries[i].review, "suggested")) {
            continue;
        }
        open++;
        if (!ob_entry_id(id, &entries[i], err) || !ob_map_cell(cli, &cells[0], err, "%s", id) ||
            !ob_map_cell(cli, &cells[4], err, "%.*s | %.*s", OB_SHOW(title_of(m, entries[i].from)),
                         OB_SHOW(title_of(m, entries[i].to))) ||
            !ob_table_add(&table, cells, err)) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    ob_buf_addf(&cli->out,
                "%zu suggestion%s, %zu of them new; none is in an answer before 'ombud map accept "
                "ID --reviewer NAME'\n",
                open, open == 1 ? "" : "s", added);
    ob_map_foot(cli, &cli->out);
    return true;
}

static void entry_json(ob_json_writer *w, const ob_map *m, const char *id, const ob_entry *e)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "id", id);
    ob_jw_text(w, "from", e->from);
    ob_jw_text_or_null(w, "from_title", title_of(m, e->from));
    ob_jw_text(w, "to", e->to);
    ob_jw_text_or_null(w, "to_title", title_of(m, e->to));
    ob_jw_text(w, "set", e->set);
    ob_jw_text_or_null(w, "rationale", e->rationale);
    ob_jw_text_or_null(w, "strength", e->strength);
    ob_jw_text_or_null(w, "author", e->author);
    ob_jw_text_or_null(w, "reviewer", e->reviewer);
    ob_jw_text_or_null(w, "date", e->date);
    ob_jw_text(w, "review", e->review);
    ob_jw_text_or_null(w, "note", e->note);
    ob_jw_end(w, true);
}

static bool write_json(ob_map_cli *cli, const ob_entry *entries, size_t count, size_t added,
                       ob_err *err)
{
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.suggest");
    ob_jw_u64(&w, "added", added);
    ob_jw_array(&w, "suggestions");
    for (size_t i = 0; i < count; i++) {
        char id[OB_SUGGESTION_ID_MAX];
        if (!ob_span_is_str(entries[i].review, "suggested")) {
            continue;
        }
        if (!ob_entry_id(id, &entries[i], err)) {
            return false;
        }
        entry_json(&w, &cli->map, id, &entries[i]);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
    return true;
}

/* The most alike first: all notes of ours are written alike. */
static int most_alike(const void *x, const void *y)
{
    const ob_entry *a = x;
    const ob_entry *b = y;
    int order = ob_span_compare(b->note, a->note);
    order = order != 0 ? order : ob_span_compare(a->from, b->from);
    return order != 0 ? order : ob_span_compare(a->to, b->to);
}

static int suggest(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_entry *entries = NULL;
    size_t count = 0;
    size_t added = 0;
    if (!store_new(cli, &added, &err) ||
        (cli->store.core != NULL &&
         !ob_entries_read(&cli->store, &cli->arena, cli->as_of, &entries, &count, &err))) {
        return ob_cli_fail(&err, false);
    }
    if (count > 0) {
        qsort(entries, count, sizeof *entries, most_alike);
    }
    if (!(ob_args_flag(cli->args, "json") ? write_json(cli, entries, count, added, &err)
                                          : list(cli, entries, count, added, &err))) {
        return ob_cli_fail(&err, false);
    }
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_suggest = {
    .name = "suggest", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = suggest};

/* Accepting and rejecting */

static bool find_entry(ob_map_cli *cli, ob_entry *entry, ob_err *err)
{
    ob_span wanted = ob_map_word(cli, 0);
    ob_entry *entries = NULL;
    size_t count = 0;
    if (cli->store.core != NULL &&
        !ob_entries_read(&cli->store, &cli->arena, cli->as_of, &entries, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char id[OB_SUGGESTION_ID_MAX];
        if (!ob_entry_id(id, &entries[i], err)) {
            return false;
        }
        if (ob_span_is_nocase(wanted, ob_span_str(id))) {
            *entry = entries[i];
            return true;
        }
    }
    return ob_fail(err, OB_ERR_USAGE,
                   "the store has no suggestion '%.*s' up to that day; 'ombud map suggest' lists "
                   "them",
                   OB_SHOW(ob_span_sub(wanted, 0, 40)));
}

static bool take_word(const ob_map_cli *cli, const char *option, const char *const *words,
                      size_t count, ob_span *text, ob_err *err)
{
    const char *given = ob_args_text(cli->args, option);
    if (given == NULL) {
        return true;
    }
    *text = ob_span_str(given);
    if (ob_text_index(*text, words, count) >= 0) {
        return true;
    }
    const char *near = ob_text_nearest(*text, words, count);
    return ob_fail(err, OB_ERR_USAGE, "--%s: there is no '%.40s'%s%s%s", option, given,
                   near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                   near == NULL ? "" : "'?");
}

static bool judge(const ob_map_cli *cli, const char *review, char day[OB_DAY_TEXT_MAX], ob_entry *e,
                  ob_err *err)
{
    const char *reviewer = ob_args_text(cli->args, "reviewer");
    const char *strength = ob_args_text(cli->args, "strength");
    const char *note = ob_args_text(cli->args, "note");
    uint64_t value = 0;
    ob_day_write(cli->as_of, day);
    if (reviewer == NULL || ob_span_trim(ob_span_str(reviewer)).len == 0) {
        return ob_fail(err, OB_ERR_USAGE, "who says so? --reviewer NAME");
    }
    if (strength != NULL && !ob_args_number(cli->args, "strength", 0, 10, &value, err)) {
        return false;
    }
    e->reviewer = ob_span_trim(ob_span_str(reviewer));
    e->review = ob_span_str(review);
    e->date = ob_span_str(day);
    e->strength = strength == NULL ? e->strength : ob_span_str(strength);
    e->note = note == NULL ? e->note : ob_span_str(note);
    return take_word(cli, "set", ob_set_names, OB_SETS, &e->set, err) &&
           take_word(cli, "rationale", ob_rationale_names + 1, OB_RATIONALES - 1, &e->rationale,
                     err);
}

static int settle(ob_map_cli *cli, const char *review)
{
    ob_err err = {0};
    ob_entry entry = {0};
    char day[OB_DAY_TEXT_MAX];
    bool added = false;
    if (!find_entry(cli, &entry, &err) || !judge(cli, review, day, &entry, &err) ||
        !open_to_write(cli, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (!ob_entry_add(&cli->store, &entry, &added, &err)) {
        ob_store_readings_rollback(&cli->store);
        return ob_cli_fail(&err, false);
    }
    if (!ob_store_readings_commit(&cli->store, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        ob_json_writer w;
        char id[OB_SUGGESTION_ID_MAX];
        if (!ob_entry_id(id, &entry, &err)) {
            return ob_cli_fail(&err, false);
        }
        ob_map_json_open(cli, &w, "ombud.map.review");
        ob_jw_array(&w, "suggestions");
        entry_json(&w, &cli->map, id, &entry);
        ob_jw_end(&w, false);
        ob_map_json_close(cli, &w);
        return OB_EXIT_OK;
    }
    ob_buf_addf(&cli->out, "%s by ", review);
    ob_buf_add_shown(&cli->out, entry.reviewer, 100);
    ob_buf_addf(&cli->out, ": %.*s -%.*s-> %.*s%s\n", OB_SHOW(entry.from), OB_SHOW(entry.set),
                OB_SHOW(entry.to), added ? "" : " (the store had this already)");
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

static int accept_it(ob_map_cli *cli)
{
    return settle(cli, "accepted");
}

static int reject_it(ob_map_cli *cli)
{
    return settle(cli, "rejected");
}

const ob_map_verb ob_map_verb_accept = {.name = "accept",
                                        .wants = OB_MAP_WANTS_MAP,
                                        .words_min = 1,
                                        .words_max = 1,
                                        .takes = "the id of a suggestion",
                                        .run = accept_it};

const ob_map_verb ob_map_verb_reject = {.name = "reject",
                                        .wants = OB_MAP_WANTS_MAP,
                                        .words_min = 1,
                                        .words_max = 1,
                                        .takes = "the id of a suggestion",
                                        .run = reject_it};
