/* SPDX-License-Identifier: Apache-2.0 */
/* Topics by bodies: how much there is, and how much of it is open. Bodies with the most stand
 * apart, the others together. */
#include "report/map_page.h"

#include "report/html.h"

#include <stdlib.h>

#define COLUMNS 14

typedef struct column {
    uint32_t body;
    uint32_t count;
} column;

typedef struct cell {
    uint32_t all;
    uint32_t open;
} cell;

static int compare(const void *a, const void *b)
{
    const column *x = a;
    const column *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return x->body < y->body ? -1 : x->body > y->body;
}

static void add_head(ob_buf *out, const ob_map *m, const column *columns, size_t count)
{
    ob_buf_add_str(out,
                   "<section aria-labelledby=\"heat\"><h2 id=\"heat\">Topics and bodies</h2>"
                   "<p>Activities on a topic; behind the slash, how many of them are open "
                   "work. A cell shows them in the graph. An empty cell is where to look, and "
                   "proves no gap: that depends on the age of the data.</p>"
                   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Topics "
                   "and bodies\"><table class=\"heat\"><thead><tr><th scope=\"col\">Topic</th>");
    for (size_t c = 0; c < count; c++) {
        ob_buf_add_str(out, "<th scope=\"col\"><span title=\"");
        obi_html_text(out, m->bodies[columns[c].body].name);
        ob_buf_add_str(out, "\">");
        obi_html_text(out, m->bodies[columns[c].body].short_name);
        ob_buf_add_str(out, "</span></th>");
    }
    ob_buf_add_str(out, "<th scope=\"col\"><span>others</span></th></tr></thead>\n<tbody>");
}

static void add_cell(ob_buf *out, uint32_t topic, uint32_t body, cell n)
{
    unsigned heat = n.all == 0 ? 0u : n.all < 3 ? 1u : n.all < 6 ? 2u : n.all < 12 ? 3u : 4u;
    ob_buf_addf(out, "<td class=\"h%u\">", heat);
    if (n.all == 0) {
        ob_buf_add_str(out, "<span class=\"soft\">0</span></td>");
    } else if (body == OB_NONE) {
        ob_buf_addf(out, "<b>%u</b>/%u</td>", n.all, n.open);
    } else {
        ob_buf_addf(out,
                    "<button type=\"button\" data-topic=\"%u\" data-body=\"%u\"><b>%u</b>/%u"
                    "</button></td>",
                    topic, body, n.all, n.open);
    }
}

bool obi_map_page_heat(ob_buf *out, ob_arena *arena, const ob_map *m, ob_err *err)
{
    column *columns = OB_NEW(arena, column, m->bodies_count, err);
    uint32_t *place = OB_NEW(arena, uint32_t, m->bodies_count, err);
    if (columns == NULL || place == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        columns[i].body = i;
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (!a->external && a->body != OB_NONE) {
            columns[a->body].count++;
        }
    }
    qsort(columns, m->bodies_count, sizeof *columns, compare);
    size_t count = m->bodies_count < COLUMNS ? m->bodies_count : COLUMNS;
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        place[columns[i].body] = i < count ? i : (uint32_t)count;
    }
    add_head(out, m, columns, count);
    for (uint32_t t = 0; t < m->topics_count; t++) {
        cell cells[COLUMNS + 1] = {0};
        for (uint32_t i = 0; i < m->activities_count; i++) {
            const ob_activity *a = &m->activities[i];
            if (!a->external && ob_activity_has_topic(a, t)) {
                cell *n = &cells[a->body == OB_NONE ? count : place[a->body]];
                n->all++;
                n->open += ob_activity_is_open(a);
            }
        }
        ob_buf_add_str(out, "<tr><th scope=\"row\">");
        obi_html_text(out, m->topics[t].title);
        ob_buf_add_str(out, "</th>");
        for (size_t c = 0; c <= count; c++) {
            add_cell(out, t, c < count ? columns[c].body : OB_NONE, cells[c]);
        }
        ob_buf_add_str(out, "</tr>\n");
    }
    ob_buf_add_str(out, "</tbody></table></div></section>\n");
    return true;
}
