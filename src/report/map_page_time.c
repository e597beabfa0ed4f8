/* SPDX-License-Identifier: Apache-2.0 */
/* The timeline: by quarter, meetings and when reports to them are due, work that is due, and what
 * was approved or published; from two years before the day to three years behind it. */
#include "report/map_page.h"

#include "report/html.h"

#include <stdlib.h>

typedef enum what {
    MEETING,
    REPORT,
    DUE,
    LATE,
    OUT
} what;

static const char *const words[] = {"meeting", "reports due", "work due", "late", "out"};
static const char *const classes[] = {"none", "open", "said", "fail", "pass"};

typedef struct event {
    ob_day day;
    what kind;
    uint32_t number;
} event;

typedef struct events {
    event *items;
    size_t count;
} events;

static int compare(const void *a, const void *b)
{
    const event *x = a;
    const event *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return x->kind != y->kind ? (int)x->kind - (int)y->kind
                              : (x->number < y->number ? -1 : x->number > y->number);
}

static void add(events *e, const ob_map *m, ob_day day, what kind, uint32_t number)
{
    uint32_t year = m->as_of / 10000;
    if (day / 10000 + 2 >= year && day / 10000 <= year + 3 && day / 100 % 100 > 0) {
        e->items[e->count++] = (event){day, kind, number};
    }
}

static ob_day due_of(const ob_activity *a)
{
    ob_day day = 0;
    ob_span rest = ob_span_trim(a->timing);
    ob_span word = {0};
    return ob_span_cut(&rest, ' ', &word) && ob_day_read(word, &day) ? day : 0;
}

static void collect(events *e, const ob_map *m)
{
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        add(e, m, m->meetings[i].start, MEETING, i);
        add(e, m, m->meetings[i].report_due, REPORT, i);
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        const ob_activity *a = &m->activities[i];
        ob_day due = due_of(a);
        bool out = a->state == OB_STATE_PUBLISHED || a->state == OB_STATE_APPROVED;
        if (!a->external && ob_activity_is_open(a) && due != 0) {
            add(e, m, due, ob_day_last(due) < m->as_of ? LATE : DUE, i);
        } else if (!a->external && out) {
            add(e, m, a->date, OUT, i);
        }
    }
    qsort(e->items, e->count, sizeof *e->items, compare);
}

static uint32_t quarter(ob_day day)
{
    return day / 10000 * 4 + (day / 100 % 100 - 1) / 3;
}

static void add_event(ob_buf *out, const ob_map *m, const event *e)
{
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(e->day, day);
    ob_buf_addf(out, "<li><span class=\"num\">%s</span> <span class=\"badge %s\">%s</span> ", day,
                classes[e->kind], words[e->kind]);
    if (e->kind <= REPORT) {
        obi_html_text(out, m->meetings[e->number].title);
    } else {
        ob_buf_addf(out, "<a href=\"#a%u\">", e->number);
        obi_html_text(out, m->activities[e->number].id);
        ob_buf_add_str(out, "</a> ");
        obi_html_text(out, m->activities[e->number].title);
    }
    ob_buf_add_str(out, "</li>");
}

bool obi_map_page_time(ob_buf *out, ob_arena *arena, const ob_map *m, ob_err *err)
{
    events e = {.items =
                    OB_NEW(arena, event, (size_t)m->meetings_count * 2 + m->activities_count, err)};
    if (e.items == NULL) {
        return false;
    }
    collect(&e, m);
    ob_buf_add_str(out,
                   "<section aria-labelledby=\"time\"><h2 id=\"time\">Timeline</h2><p>Two years "
                   "back and three ahead, by quarter. Dates that give only a year are left "
                   "out.</p><div class=\"quarters\">\n");
    for (size_t i = 0; i < e.count;) {
        uint32_t q = quarter(e.items[i].day);
        size_t end = i;
        while (end < e.count && quarter(e.items[end].day) == q) {
            end++;
        }
        bool near = q + 1 >= quarter(m->as_of) && q <= quarter(m->as_of) + 1;
        ob_buf_addf(out,
                    "<details%s><summary><b>%u, quarter %u</b>%s <span class=\"meter\" "
                    "style=\"width:%zupx\"></span> <span class=\"soft\">%zu</span></summary><ul>",
                    near ? " open" : "", q / 4, q % 4 + 1,
                    q == quarter(m->as_of) ? " <span class=\"badge open\">now</span>" : "",
                    (end - i) * 3 < 240 ? (end - i) * 3 : 240, end - i);
        for (; i < end; i++) {
            add_event(out, m, &e.items[i]);
        }
        ob_buf_add_str(out, "</ul></details>\n");
    }
    ob_buf_addf(out, "</div>%s</section>\n", e.count == 0 ? "<p>Nothing has a date here.</p>" : "");
    return true;
}
