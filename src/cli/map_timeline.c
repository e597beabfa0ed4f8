/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map timeline: what was in the last year, what is due, what is late. */
#include "cli/map_ask.h"

#define YEAR 10000u /* of a day, YYYYMMDD */

static bool read_day(const ob_map_cli *cli, const char *option, ob_day *day, ob_err *err)
{
    const char *text = ob_args_text(cli->args, option);
    return text == NULL || ob_day_read(ob_span_str(text), day) ||
           ob_fail(err, OB_ERR_USAGE, "--%s is a date such as 2026-11-24, not '%.40s'", option,
                   text);
}

static void what_json(ob_json_writer *w, const ob_map *m, ob_span id, ob_span title, uint32_t body,
                      ob_span status)
{
    ob_jw_text(w, "id", id);
    ob_jw_text_or_null(w, "title", title);
    ob_map_json_body(w, "body", m, body);
    ob_jw_text_or_null(w, "status", status);
}

static void write_json(ob_map_cli *cli, ob_day since, ob_day until, const ob_event *events,
                       size_t count)
{
    const ob_map *m = &cli->map;
    ob_json_writer w;
    ob_map_json_open(cli, &w, "ombud.map.timeline");
    ob_day_json(&w, "since", since);
    ob_day_json(&w, "until", until);
    ob_jw_array(&w, "events");
    for (size_t i = 0; i < count; i++) {
        const ob_event *e = &events[i];
        ob_jw_object(&w, NULL);
        ob_day_json(&w, "date", e->day);
        ob_jw_str(&w, "kind", ob_event_names[e->kind]);
        if (e->activity == OB_NONE) {
            const ob_meeting *meeting = &m->meetings[e->meeting];
            what_json(&w, m, meeting->id, meeting->title, meeting->body, meeting->status);
        } else {
            const ob_activity *a = &m->activities[e->activity];
            what_json(&w, m, a->id, a->title, a->body, a->status);
        }
        ob_jw_bool(&w, "late", e->late);
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_map_json_close(cli, &w);
}

static bool row(ob_map_cli *cli, const ob_event *e, ob_table *table, ob_err *err)
{
    const ob_map *m = &cli->map;
    ob_span cells[OB_TABLE_COLUMNS] = {{0}};
    if (!ob_map_day(cli, e->day, &cells[0], err)) {
        return false;
    }
    if (e->activity == OB_NONE) {
        const ob_meeting *meeting = &m->meetings[e->meeting];
        cells[1] = ob_span_str(ob_event_names[e->kind]);
        cells[2] = ob_map_short(m, meeting->body);
        cells[3] = meeting->id;
        cells[4] = meeting->title;
    } else {
        const ob_activity *a = &m->activities[e->activity];
        cells[1] = e->late                      ? OB_SPAN("LATE")
                   : e->kind == OB_EVENT_STATUS ? ob_span_str(ob_state_names[a->state])
                                                : ob_span_str(ob_event_names[e->kind]);
        cells[2] = ob_map_short(m, a->body);
        cells[3] = a->id;
        cells[4] = a->title;
    }
    return ob_table_add(table, cells, err);
}

static int timeline(ob_map_cli *cli)
{
    ob_err err = {0};
    ob_ask ask = {0};
    const ob_event *events = NULL;
    size_t count = 0;
    size_t late = 0;
    ob_day since = cli->map.as_of > YEAR ? cli->map.as_of - YEAR : 0;
    ob_day until = 0;
    ob_table table __attribute__((cleanup(ob_table_fini))) = {.arena = &cli->arena, .columns = 5};
    const ob_span head[OB_TABLE_COLUMNS] = {OB_SPAN("DATE"), OB_SPAN("WHAT"), OB_SPAN("BODY"),
                                            OB_SPAN("ID"), OB_SPAN("TITLE")};
    if (!ob_map_ask(cli, &ask, &err) || !read_day(cli, "since", &since, &err) ||
        !read_day(cli, "until", &until, &err) ||
        !ob_ask_timeline(&ask, since, until, &events, &count, &err)) {
        return ob_cli_fail(&err, false);
    }
    if (ob_args_flag(cli->args, "json")) {
        write_json(cli, since, until, events, count);
        return OB_EXIT_OK;
    }
    bool good = ob_table_add(&table, head, &err);
    for (size_t i = 0; good && i < count; i++) {
        late += events[i].late;
        good = row(cli, &events[i], &table, &err);
    }
    if (!good) {
        return ob_cli_fail(&err, false);
    }
    ob_map_table(cli, &table);
    ob_buf_addf(&cli->out, "%zu events, %zu late; ", count, late);
    ob_map_foot(cli, &cli->out);
    return OB_EXIT_OK;
}

const ob_map_verb ob_map_verb_timeline = {
    .name = "timeline", .wants = OB_MAP_WANTS_MAP, .takes = "options only", .run = timeline};
