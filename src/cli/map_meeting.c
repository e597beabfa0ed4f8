/* SPDX-License-Identifier: Apache-2.0 */
/* ombud map show of a meeting: when, where, what came out, what it announced. */
#include "cli/map.h"

#include <ombud/json.h>

static void page_json(ob_json_writer *w, const ob_meeting *meeting)
{
    static const ob_meeting_page none;
    const ob_meeting_page *page = meeting->page == NULL ? &none : meeting->page;
    ob_jw_texts(w, "hot_topics", page->topics.items, page->topics.count);
    ob_jw_array(w, "groups");
    for (size_t i = 0; i < page->groups_count; i++) {
        ob_jw_object(w, NULL);
        ob_jw_text(w, "name", page->groups[i].name);
        ob_jw_text_or_null(w, "state", page->groups[i].state);
        ob_jw_text_or_null(w, "tor", page->groups[i].tor);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
    ob_jw_array(w, "announced");
    for (size_t i = 0; i < page->future_count; i++) {
        ob_jw_object(w, NULL);
        ob_day_json(w, "start", page->future[i].start);
        ob_day_json(w, "end", page->future[i].end);
        ob_jw_text(w, "text", page->future[i].text);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static void meeting_json(ob_map_cli *cli, const ob_meeting *meeting)
{
    const ob_map *m = &cli->map;
    ob_json_writer w = {.out = &cli->out, .indent = 2};
    ob_jw_object(&w, NULL);
    ob_jw_text(&w, "id", meeting->id);
    ob_jw_text(&w, "title", meeting->title);
    ob_jw_text_or_null(&w, "body",
                       meeting->body == OB_NONE ? ((ob_span){0}) : m->bodies[meeting->body].id);
    ob_jw_text(&w, "kind", meeting->kind);
    ob_day_json(&w, "start", meeting->start);
    ob_day_json(&w, "end", meeting->end);
    ob_jw_text_or_null(&w, "place", meeting->where);
    ob_jw_text_or_null(&w, "status", meeting->status);
    ob_day_json(&w, "report_due", meeting->report_due);
    ob_jw_object(&w, "outputs");
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        if (meeting->outputs[i] >= 0) {
            ob_jw_i64(&w, ob_output_names[i], meeting->outputs[i]);
        }
    }
    ob_jw_end(&w, true);
    page_json(&w, meeting);
    ob_jw_text_or_null(&w, "url", meeting->url);
    ob_jw_bool(&w, "verified", meeting->verified);
    ob_jw_text_or_null(&w, "note", meeting->note);
    ob_day_json(&w, "read", meeting->page_day);
    ob_day_json(&w, "as_of", m->as_of);
    ob_jw_str(&w, "format", "ombud.map.meeting");
    ob_jw_u64(&w, "version", 1);
    ob_jw_end(&w, true);
    ob_buf_add_char(&cli->out, '\n');
}

static void line(ob_buf *out, const char *name, ob_span text)
{
    if (text.len > 0) {
        ob_buf_addf(out, "  %-12s", name);
        ob_buf_add_shown(out, text, SIZE_MAX);
        ob_buf_add_char(out, '\n');
    }
}

static void page_text(ob_buf *out, const ob_meeting_page *page)
{
    OB_AUTO(ob_buf) text = {.max = OB_MAP_OUTPUT_MAX};
    for (size_t i = 0; i < page->topics.count; i++) {
        line(out, i == 0 ? "hot topics" : "", page->topics.items[i]);
    }
    for (size_t i = 0; i < page->groups_count; i++) {
        const ob_cg *cg = &page->groups[i];
        ob_buf_reset(&text);
        ob_buf_addf(&text, "%.*s%s%.*s%s%.*s", OB_SHOW(cg->name), cg->state.len > 0 ? ": " : "",
                    OB_SHOW(cg->state), cg->tor.len > 0 ? ", terms of reference " : "",
                    OB_SHOW(cg->tor));
        line(out, i == 0 ? "groups" : "", ob_buf_span(&text));
    }
    for (size_t i = 0; i < page->future_count; i++) {
        line(out, i == 0 ? "announced" : "", page->future[i].text);
    }
}

void ob_map_show_meeting(ob_map_cli *cli, uint32_t number)
{
    const ob_meeting *meeting = &cli->map.meetings[number];
    ob_buf *out = &cli->out;
    OB_AUTO(ob_buf) text = {.max = OB_MAP_OUTPUT_MAX};
    char start[OB_DAY_TEXT_MAX];
    char end[OB_DAY_TEXT_MAX];
    if (ob_args_flag(cli->args, "json")) {
        meeting_json(cli, meeting);
        return;
    }
    ob_day_write(meeting->start, start);
    ob_day_write(meeting->end, end);
    ob_buf_add_shown(out, meeting->id, SIZE_MAX);
    ob_buf_add_char(out, '\n');
    line(out, "title", meeting->title);
    line(out, "body",
         meeting->body == OB_NONE ? ((ob_span){0}) : cli->map.bodies[meeting->body].name);
    ob_buf_addf(&text, "%s%s%s", start, end[0] == '\0' ? "" : " to ", end);
    line(out, "days", ob_buf_span(&text));
    line(out, "place", meeting->where);
    line(out, "kind", meeting->kind);
    line(out, "status", meeting->status);
    ob_day_write(meeting->report_due, end);
    line(out, "reports due", ob_span_str(end));
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        if (meeting->outputs[i] >= 0) {
            ob_buf_reset(&text);
            /* "tap_approved" is "TAP approved" for people. */
            const char *name = ob_output_names[i];
            size_t short_form = strncmp(name, "tap_", 4) == 0   ? 3
                                : strncmp(name, "aap_", 4) == 0 ? 3
                                                                : 0;
            ob_buf_addf(&text, "%lld ", (long long)meeting->outputs[i]);
            for (size_t k = 0; name[k] != '\0'; k++) {
                ob_buf_add_char(&text, name[k] == '_'   ? ' '
                                       : k < short_form ? (char)(name[k] - 'a' + 'A')
                                                        : name[k]);
            }
            line(out, "output", ob_buf_span(&text));
        }
    }
    if (meeting->page != NULL) {
        page_text(out, meeting->page);
    }
    line(out, "address", meeting->url);
    line(out, "note", meeting->note);
    ob_map_foot(cli, out);
}
