/* SPDX-License-Identifier: Apache-2.0 */
/* What the last reading of an item says that the one before did not. */
#include "report/map_page.h"

#include "report/html.h"

typedef struct field {
    const char *name;
    size_t at;
} field;

static const field fields[] = {
    {"id", offsetof(ob_item, id)},
    {"title", offsetof(ob_item, title)},
    {"status", offsetof(ob_item, status)},
    {"timing", offsetof(ob_item, timing)},
    {"group", offsetof(ob_item, group)},
    {"Question", offsetof(ob_item, question)},
    {"approval", offsetof(ob_item, approval)},
    {"type", offsetof(ob_item, type)},
    {"version", offsetof(ob_item, version)},
    {"liaisons", offsetof(ob_item, liaison)},
    {"summary", offsetof(ob_item, summary)},
};

static ob_span text_of(const ob_item *item, size_t at)
{
    ob_span text;
    (void)memcpy(&text, (const char *)item + at, sizeof text);
    return text;
}

static void row(ob_buf *out, const ob_activity *a, const field *f, ob_span before, ob_span after)
{
    const ob_item_reading *last = &a->readings[a->readings_count - 1];
    char days[2][OB_DAY_TEXT_MAX];
    ob_day_write(last[-1].day, days[0]);
    ob_day_write(last->day, days[1]);
    ob_buf_add_str(out, "<tr><th scope=\"row\">");
    obi_html_text(out, a->id);
    ob_buf_addf(out, "</th><td data-name=\"Field\">%s</td><td data-name=\"Before (%s)\">", f->name,
                days[0]);
    obi_html_text_or(out, before, "nothing");
    ob_buf_addf(out, "</td><td data-name=\"After (%s)\">", days[1]);
    obi_html_text_or(out, after, "nothing");
    ob_buf_addf(out, "</td><td data-name=\"Read\" class=\"num\">%s, then %s</td></tr>\n", days[0],
                days[1]);
}

static const char head[] =
    "<table><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Field</th>"
    "<th scope=\"col\">Before</th><th scope=\"col\">After</th><th scope=\"col\">Read</th></tr>"
    "</thead><tbody>\n";

void obi_map_page_changes(ob_buf *out, const ob_map *m)
{
    size_t twice = 0;
    size_t rows = 0;
    ob_buf_add_str(out, "<section aria-labelledby=\"changes\"><h2 id=\"changes\">Changes since the "
                        "reading before</h2>");
    for (uint32_t i = 0; i < m->activities_count; i++) {
        const ob_activity *a = &m->activities[i];
        twice += a->readings_count > 1;
        for (size_t k = 0; a->readings_count > 1 && k < OB_COUNT(fields); k++) {
            const ob_item_reading *last = &a->readings[a->readings_count - 1];
            ob_span before = text_of(&last[-1].item, fields[k].at);
            ob_span after = text_of(&last->item, fields[k].at);
            if (!ob_span_is(before, after)) {
                ob_buf_add_str(out, rows++ == 0 ? head : "");
                row(out, a, &fields[k], before, after);
            }
        }
    }
    ob_buf_add_str(out, rows > 0 ? "</tbody></table>" : "");
    if (twice == 0) {
        ob_buf_add_str(out,
                       "<p>No item was read twice yet. Import the pages again after some time, "
                       "and what changed stands here.</p>");
    } else {
        ob_buf_addf(out,
                    "<p class=\"soft\">%zu item%s read more than once; %zu difference%s "
                    "between the last two readings.</p>",
                    twice, twice == 1 ? " was" : "s were", rows, rows == 1 ? "" : "s");
    }
    ob_buf_add_str(out, "</section>\n");
}
