/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/map_ask.h"

#include <stdarg.h>

bool ob_map_option_body(ob_map_cli *cli, const char *option, uint32_t *body, ob_err *err)
{
    const char *text = ob_args_text(cli->args, option);
    *body = OB_NONE;
    if (text == NULL) {
        return true;
    }
    ob_span near = {0};
    if (!ob_map_body_named(&cli->map, ob_span_str(text), body, err)) {
        return false;
    }
    if (*body != OB_NONE) {
        return true;
    }
    return ob_map_near_body(&cli->map, &cli->arena, ob_span_str(text), &near, err) &&
           ob_fail(err, OB_ERR_USAGE, "--%s: no body is called '%.40s'%s%.*s%s", option, text,
                   near.len > 0 ? "; did you mean '" : "", OB_SHOW(near),
                   near.len > 0 ? "'?" : "; 'ombud map export --format json' has all of them");
}

bool ob_map_topic_named(ob_map_cli *cli, const char *text, uint32_t *topic, ob_err *err)
{
    const ob_map *m = &cli->map;
    uint32_t found = ob_map_topic(m, ob_span_str(text));
    if (found != OB_NONE) {
        *topic = found;
        return true;
    }
    const char **names = OB_NEW(&cli->arena, const char *, (size_t)m->topics_count + 1, err);
    if (names == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->topics_count; i++) {
        ob_span name = {0};
        if (!ob_arena_dup(&cli->arena, m->topics[i].id, &name, err)) {
            return false;
        }
        names[i] = name.ptr;
    }
    const char *near = ob_text_nearest(ob_span_str(text), names, m->topics_count);
    return near != NULL
               ? ob_fail(err, OB_ERR_USAGE,
                         "--topic: no topic has the id '%.40s'; did you mean '%s'?", text, near)
               : ob_fail(err, OB_ERR_USAGE,
                         "--topic: no topic has the id '%.40s'; they stand in "
                         "%.100s/topics.yaml",
                         text, cli->folder.ptr);
}

bool ob_map_ask(ob_map_cli *cli, ob_ask *ask, ob_err *err)
{
    const char *topic = ob_args_text(cli->args, "topic");
    uint64_t fresh = OB_FRESH_DAYS;
    if (!ob_args_number(cli->args, "fresh", 0, 100000, &fresh, err)) {
        return false;
    }
    *ask = (ob_ask){
        .map = &cli->map, .arena = &cli->arena, .topic = OB_NONE, .fresh_days = (uint32_t)fresh};
    if (topic != NULL && !ob_map_topic_named(cli, topic, &ask->topic, err)) {
        return false;
    }
    if (ob_args_count(cli->args, "topic") > 1) {
        return ob_fail(err, OB_ERR_USAGE, "--topic: one topic, please");
    }
    return ob_map_option_body(cli, "body", &ask->body, err) &&
           ob_map_option_body(cli, "with", &ask->with, err);
}

void ob_map_json_open(ob_map_cli *cli, ob_json_writer *w, const char *format)
{
    *w = (ob_json_writer){.out = &cli->out, .indent = 2};
    ob_jw_object(w, NULL);
    ob_jw_str(w, "format", format);
    ob_jw_u64(w, "version", 1);
    ob_day_json(w, "as_of", cli->map.as_of);
    ob_day_json(w, "landscape", cli->map.baseline_day);
}

void ob_map_json_close(ob_map_cli *cli, ob_json_writer *w)
{
    ob_jw_end(w, true);
    ob_buf_add_char(&cli->out, '\n');
}

void ob_map_json_topic(ob_json_writer *w, const char *key, const ob_map *map, uint32_t topic)
{
    ob_jw_text_or_null(w, key, topic == OB_NONE ? ((ob_span){0}) : map->topics[topic].id);
}

void ob_map_json_body(ob_json_writer *w, const char *key, const ob_map *map, uint32_t body)
{
    ob_jw_text_or_null(w, key, body == OB_NONE ? ((ob_span){0}) : map->bodies[body].id);
}

void ob_map_json_ids(ob_json_writer *w, const char *key, const ob_map *map, const uint32_t *numbers,
                     size_t count)
{
    ob_jw_array(w, key);
    for (size_t i = 0; i < count; i++) {
        ob_jw_text(w, NULL, map->activities[numbers[i]].id);
    }
    ob_jw_end(w, false);
}

bool ob_map_ids(ob_map_cli *cli, const uint32_t *numbers, size_t count, size_t most, ob_span *text,
                ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = 1u << 20};
    size_t shown = count > most + 1 ? most : count;
    for (size_t i = 0; i < shown; i++) {
        ob_buf_add_str(&out, i == 0 ? "" : ", ");
        ob_buf_add(&out, cli->map.activities[numbers[i]].id);
    }
    if (shown < count) {
        ob_buf_addf(&out, " and %zu more", count - shown);
    }
    return ob_buf_check(&out, "a list of ids", err) &&
           ob_arena_dup(&cli->arena, ob_buf_span(&out), text, err);
}

bool ob_map_names(ob_map_cli *cli, ob_names names, ob_span *text, ob_err *err)
{
    OB_AUTO(ob_buf) out = {.max = 1u << 20};
    for (size_t i = 0; i < names.count; i++) {
        ob_buf_add_str(&out, i == 0 ? "" : ", ");
        ob_buf_add(&out, names.items[i]);
    }
    return ob_buf_check(&out, "a list of names", err) &&
           ob_arena_dup(&cli->arena, ob_buf_span(&out), text, err);
}

ob_span ob_map_short(const ob_map *map, uint32_t body)
{
    if (body == OB_NONE) {
        return OB_SPAN("-");
    }
    const ob_body *b = &map->bodies[body];
    return b->short_name.len > 0 ? b->short_name : b->id;
}

bool ob_map_day(ob_map_cli *cli, ob_day day, ob_span *text, ob_err *err)
{
    char written[OB_DAY_TEXT_MAX];
    ob_day_write(day, written);
    return ob_arena_dup(&cli->arena, day == 0 ? OB_SPAN("never") : ob_span_str(written), text, err);
}

bool ob_map_cell(ob_map_cli *cli, ob_span *cell, ob_err *err, const char *format, ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return ob_arena_dup(&cli->arena, ob_span_str(length < 0 ? "" : text), cell, err);
}

void ob_map_table(ob_map_cli *cli, const ob_table *table)
{
    if (table->count > 1) {
        ob_table_write(table, &cli->out, ob_map_width());
    }
}

bool ob_map_wrap(ob_map_cli *cli, const char *title, ob_span list, ob_err *err)
{
    OB_AUTO(ob_buf) shown = {.max = 1u << 22};
    ob_buf_add_str(&shown, title);
    ob_buf_add_shown(&shown, list, SIZE_MAX);
    if (!ob_buf_check(&shown, "a list", err)) {
        return false;
    }
    ob_span rest = ob_buf_span(&shown);
    size_t width = ob_map_width();
    for (bool first = true; rest.len > 0; first = false) {
        size_t room = width > 24 ? width - (first ? 0 : 2) : 24;
        size_t end = rest.len;
        if (end > room) {
            /* The last comma that fits, or the first if none does. */
            end = room;
            while (end > 0 && rest.ptr[end - 1] != ',') {
                end--;
            }
            size_t comma = ob_span_find(rest, OB_SPAN(","), 0);
            end = end > 0 ? end : comma == SIZE_MAX ? rest.len : comma + 1;
        }
        ob_buf_add_str(&cli->out, first ? "" : "  ");
        ob_buf_add(&cli->out, ob_span_sub(rest, 0, end));
        ob_buf_add_char(&cli->out, '\n');
        rest = ob_span_trim(ob_span_sub(rest, end, rest.len));
    }
    return true;
}
