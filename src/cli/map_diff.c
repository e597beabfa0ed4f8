/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map diff --since DATE: what the readings of the store say that earlier ones did not. */
#include "cli/map_ask.h"

static void change_json(const ob_map *m, ob_json_writer *w, const ob_edit *c)
{
    bool new = c->kind == OB_EDIT_NEW;
    ob_jw_object(w, NULL);
    ob_jw_str(w, "kind", ob_edit_names[c->kind]);
    ob_jw_text(w, "id", c->id);
    ob_jw_text_or_null(w, "field", ob_span_str(c->field == NULL ? "" : c->field));
    ob_jw_text_or_null(w, "before", c->before);
    ob_jw_text_or_null(w, "after", new ? ((ob_span){0}) : c->after);
    ob_jw_text_or_null(w, "title", m->activities[c->activity].title);
    ob_map_json_body(w, "body", m, m->activities[c->activity].body);
    ob_day_json(w, "read_before", c->before_day);
    ob_day_json(w, "read", c->after_day);
    ob_jw_bool(w, "known_before", !new || c->known);
    ob_jw_end(w, true);
}

static void write_json(ob_map_cli *cli, ob_day since, const ob_edits *d)
{
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.diff");
    ob_day_json(&w, "since", since);
    ob_day_json(&w, "compared_with", d->compared_with);
    ob_jw_array(&w, "changes");
    for (size_t i = 0; i < d->count; i++) {
        change_json(&cli->map, &w, &d->changes[i]);
    }
    ob_jw_end(&w, false);
    ob_map_json_ids(&w, "overdue", &cli->map, d->overdue, d->overdue_count);
    ob_map_json_close(cli, &w);
}

static bool row(ob_map_cli *cli, const ob_edit *c, ob_table *table, ob_err *err)
{
    ob_span cells[OB_TABLE_COLUMNS] = {ob_span_str(ob_edit_names[c->kind]), c->id};
    cells[2] = ob_span_str(c->field == NULL ? "-" : c->field);
    if (c->kind == OB_EDIT_NEW) {
        cells[3] = c->after;
        return (!c->known ||
                ob_map_cell(cli, &cells[3], err, "(known before) %.*s", OB_SHOW(c->after))) &&
               ob_table_add(table, cells, err);
    }
    ob_span before = c->before.len > 0 ? c->before : OB_SPAN("nothing");
    ob_span after = c->after.len > 0 ? c->after : OB_SPAN("nothing");
    /* Of a long text the change tells more than its beginning. */
    return ob_map_cell(cli, &cells[3], err, "%.*s%s -> %.*s", OB_SHOW(ob_span_sub(before, 0, 60)),
                       before.len > 60 ? "..." : "", OB_SHOW(after)) &&
           ob_table_add(table, cells, err);
}

static bool write_text(ob_map_cli *cli, const ob_edits *d, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    ob_span overdue = {0};
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 4};
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("WHAT"), OB_SPAN("ID"), OB_SPAN("FIELD"),
                                            OB_SPAN("CHANGE")};
    if (!ob_table_add(&table, head, err)) {
        return false;
    }
    for (size_t i = 0; i < d->count; i++) {
        if (!row(cli, &d->changes[i], &table, err)) {
            return false;
        }
    }
    ob_map_table(cli, &table);
    ob_day_write(d->compared_with, day);
    ob_buf_addf(&cli->out, "%zu change%s against the readings up to %s\n", d->count,
                d->count == 1 ? "" : "s",
                d->compared_with == 0 ? "that day: there are no readings" : day);
    if (d->overdue_count > 0) {
        if (!ob_map_ids(cli, d->overdue, d->overdue_count, SIZE_MAX - 1, &overdue, err) ||
            !ob_map_wrap(cli, "Due since then, and still open: ", overdue, err)) {
            return false;
        }
    }
    ob_map_foot(cli, &cli->out);
    return true;
}

static int diff(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    ob_edits d = {0};
    ob_day since = 0;
    const char *text = ob_args_text(cli->args, "since");
    if (text == NULL || !ob_day_read(ob_span_str(text), &since)) {
        (void)ob_fail(&err, OB_ERR_USAGE, "map diff needs --since DATE, such as 2026-10-31");
        return ob_cli_usage("map", &err);
    }
    if (!ob_map_ask(cli, &ask, &err) || !ob_ask_diff(&ask, since, &d, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, since, &d);
        return OB_EXIT_OK;
    }
    return write_text(cli, &d, &err) ? OB_EXIT_OK : ob_cli_fail(&err, false);
}

const ob_map_verb ob_map_verb_diff = {
    .name = "diff", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = diff};
