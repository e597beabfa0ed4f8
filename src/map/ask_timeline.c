/* SPDX-License-Identifier: Apache-2.0 */
/* timeline: meetings, what is due to them, and the days of documents and work items. */
#include "map/ask.h"

#include <stdlib.h>

const char *const ob_event_names[OB_EVENTS] = {"meeting", "report-due", "status", "registered",
                                               "due"};

ob_day ob_timing_day(ob_span timing)
{
    ob_day day = 0;
    ob_span word = {0};
    while (ob_span_cut(&timing, ' ', &word)) {
        if (word.len > 0) {
            return ob_day_read(word, &day) ? day : 0;
        }
    }
    return 0;
}

typedef struct list {
    ob_event *events;
    size_t count;
    ob_day since;
    ob_day until;
} list;

static void add(list *l, const ob_event *event)
{
    /* A month counts as a whole: it belongs to the range if any of its days does. */
    bool within = ob_day_last(event->day) >= l->since &&
                  (l->until == 0 || event->day <= ob_day_last(l->until));
    if (event->day != 0 && (within || event->late)) {
        l->events[l->count++] = *event;
    }
}

static bool wanted(const ob_ask *ask, uint32_t body)
{
    return ask->body == OB_NONE || ob_map_body_within(ask->map, body, ask->body);
}

static int by_day(const void *x, const void *y)
{
    const ob_event *a = x;
    const ob_event *b = y;
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->meeting != b->meeting) {
        return a->meeting < b->meeting ? -1 : 1;
    }
    return a->activity < b->activity ? -1 : a->activity > b->activity;
}

bool ob_ask_timeline(const ob_ask *ask, ob_day since, ob_day until, const ob_event **events,
                     size_t *count, ob_err *err)
{
    const ob_map *m = ask->map;
    list l = {.since = since, .until = until};
    l.events = OB_NEW(ask->arena, ob_event,
                      3 * (size_t)m->inside_count + 2 * (size_t)m->meetings_count + 1, err);
    if (l.events == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->meetings_count && ask->topic == OB_NONE; i++) {
        const ob_meeting *meeting = &m->meetings[i];
        if (wanted(ask, meeting->body)) {
            add(&l, &(ob_event){meeting->start, OB_EVENT_MEETING, OB_NONE, i, false});
            add(&l, &(ob_event){meeting->report_due, OB_EVENT_REPORT_DUE, OB_NONE, i, false});
        }
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (!wanted(ask, a->body) ||
            (ask->topic != OB_NONE && !ob_activity_has_topic(a, ask->topic))) {
            continue;
        }
        ob_day due = ob_activity_is_open(a) ? ob_timing_day(a->timing) : 0;
        bool late = due != 0 && ob_day_last(due) < m->as_of;
        /* The date of what was replaced is that of its text, not of the day it was replaced. */
        if (a->state != OB_STATE_SUPERSEDED) {
            add(&l, &(ob_event){a->date, OB_EVENT_STATUS, i, OB_NONE, false});
        }
        add(&l, &(ob_event){a->registered, OB_EVENT_REGISTERED, i, OB_NONE, false});
        add(&l, &(ob_event){due, OB_EVENT_DUE, i, OB_NONE, late});
    }
    if (l.count > 0) {
        qsort(l.events, l.count, sizeof *l.events, by_day);
    }
    *events = l.events;
    *count = l.count;
    return true;
}
