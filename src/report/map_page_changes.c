/* SPDX-License-Identifier: Apache-2.0 */
/* What readings say that earlier ones did not: the answer of diff as a table. */
#include "report/map_page.h"

#include "map/ask.h"
#include "report/html.h"

/* The day before the last one that has readings, so that what was read last is compared; where all
 * were read on one day, that day. 0: there are none. */
static ob_day day_before_last(const ob_map *m)
{
    ob_day last = 0;
    ob_day before = 0;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        for (size_t k = 0; k < m->activities[i].readings_count; k++) {
            ob_day day = m->activities[i].readings[k].day;
            if (day > last) {
                before = last;
                last = day;
            } else if (day < last && day > before) {
                before = day;
            }
        }
    }
    return before != 0 ? before : last;
}

static void row(ob_buf *out, const ob_edit *c)
{
    char days[2][OB_DAY_TEXT_MAX];
    bool new = c->kind == OB_EDIT_NEW;
    ob_day_write(c->before_day, days[0]);
    ob_day_write(c->after_day, days[1]);
    ob_buf_add_str(out, "<tr><th scope=\"row\">");
    obi_html_text(out, c->id);
    ob_buf_addf(out,
                "</th><td data-name=\"What\">%s</td><td data-name=\"Field\">%s</td>"
                "<td data-name=\"Before\">",
                ob_edit_names[c->kind], new ? "title" : c->field);
    obi_html_text_or(out, new ? ((ob_span){0}) : c->before,
                     !new       ? "nothing"
                     : c->known ? "known, but not read"
                                : "not there");
    ob_buf_add_str(out, "</td><td data-name=\"After\">");
    obi_html_text_or(out, c->after, "nothing");
    ob_buf_addf(out, "</td><td data-name=\"Read\" class=\"num\">%s%s%s</td></tr>\n", days[0],
                new ? "" : ", then ", days[1]);
}

static const char head[] =
    "<table><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">What</th><th scope=\"col\">"
    "Field</th><th scope=\"col\">Before</th><th scope=\"col\">After</th><th scope=\"col\">Read</th>"
    "</tr></thead><tbody>\n";

static void overdue(ob_buf *out, const ob_map *m, const ob_edits *d)
{
    for (size_t i = 0; i < d->overdue_count; i++) {
        ob_buf_add_str(out, i == 0 ? "<p>Due since then, and still open: " : ", ");
        obi_html_text(out, m->activities[d->overdue[i]].id);
    }
    ob_buf_add_str(out, d->overdue_count > 0 ? ".</p>" : "");
}

bool obi_map_page_changes(ob_buf *out, ob_arena *arena, const ob_map *map, ob_day since,
                          ob_err *err)
{
    const ob_ask ask = {.map = map,
                        .arena = arena,
                        .body = OB_NONE,
                        .with = OB_NONE,
                        .topic = OB_NONE,
                        .fresh_days = OB_FRESH_DAYS};
    ob_day day = since != 0 ? since : day_before_last(map);
    ob_edits d = {0};
    char text[OB_DAY_TEXT_MAX];
    if (day != 0 && !ob_ask_diff(&ask, day, &d, err)) {
        return false;
    }
    ob_buf_add_str(out, "<section aria-labelledby=\"changes\"><h2 id=\"changes\">Changes</h2>");
    ob_buf_add_str(out, d.count > 0 ? head : "");
    for (size_t i = 0; i < d.count; i++) {
        row(out, &d.changes[i]);
    }
    ob_buf_add_str(out, d.count > 0 ? "</tbody></table>" : "");
    ob_day_write(d.compared_with, text);
    if (d.compared_with == 0) {
        ob_buf_add_str(out, "<p>No page was read yet. Import pages, and again after some time, and "
                            "what changed stands here.</p>");
    } else {
        ob_buf_addf(out, "<p class=\"soft\">%zu difference%s from what was read up to %s.</p>",
                    d.count, d.count == 1 ? "" : "s", text);
    }
    overdue(out, map, &d);
    ob_buf_add_str(out, "</section>\n");
    return true;
}
