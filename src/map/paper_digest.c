/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digest: short news of a month, or since a day. What changed, in the body and elsewhere; what
 * is due in the next 90 days and what is late; overlaps that are new; data to read again.
 */
#include "map/paper_parts.h"

#include <stdlib.h>

#define DUE_DAYS 90

static const ob_paper_rule rules[] = {
    {"focus", OBI_FOCUS_RULE},
    {"period", "The news are those after the day of --since, or after the day one month before. A "
               "change is what the last reading of a page says that the last one up to then does "
               "not."},
    {"late", "Open work is late when the last day of its timing is over."},
    {"new", "An overlap is new when both have open work on a topic, not both list the other, and "
            "one of the items was registered, dated or read for the first time in the period."},
    {"stale", "Data prove nothing when they were last read longer ago than --fresh days. Bodies "
              "with the most open work come first."},
};

typedef struct digest {
    ob_day since;
    obi_scope own;
    obi_scope other;
    obi_changes ours;
    obi_changes theirs;
    obi_events dated[2]; /* ours, theirs */
    obi_due due;
    ob_overlaps overlaps;
} digest;

static bool gather(ob_paper *p, digest *d)
{
    const ob_map *m = p->map;
    d->since = p->since != 0 ? p->since : ob_day_months_before(m->as_of, 1);
    if (!obi_scope_of(p, &d->own)) {
        return false;
    }
    d->other = (obi_scope){
        .within = OB_NONE, .without = p->body, .only = d->own.only, .topics = d->own.topics};
    return obi_changes_ask(p, &d->own, d->since, &d->ours) &&
           obi_changes_ask(p, &d->other, d->since, &d->theirs) &&
           obi_dated_ask(p, &d->own, d->since, &d->ours.seen, &d->dated[0]) &&
           obi_dated_ask(p, &d->other, d->since, &d->theirs.seen, &d->dated[1]) &&
           obi_due_ask(p, &d->own, ob_day_plus(m->as_of, DUE_DAYS), &d->due) &&
           ob_ask_subjects(&p->ask, &d->overlaps, &p->err);
}

static void news_of(ob_paper *p, const digest *d, const obi_changes *c, const obi_events *dated,
                    bool own)
{
    ob_paper_heading(p, 1, own ? "News of the body" : "News from elsewhere");
    if (c->count == 0 && dated->count == 0) {
        ob_paper_paragraph(p);
        ob_say(p, "nothing that was read since ");
        ob_say_day(p, d->since);
        ob_say(p, d->own.only != NULL ? " changes the work on AI of " : " changes the work of ");
        ob_say(p, own ? "" : "a body other than ");
        ob_say_body(p, p->body);
        ob_cite_rule(p, "period");
        ob_say_end(p);
    }
    obi_changes_say(p, c);
    if (c->known.count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "known before, and read for the first time: ");
        ob_say_activities(p, c->known.items, c->known.count, 6);
        ob_say_end(p);
    }
    if (c->count > 0) {
        obi_changes_table(p, own ? "Changes of the body." : "Changes elsewhere.", c);
    }
    if (dated->count > 0) {
        obi_dated_table(p,
                        own ? "What the landscape dates in the period, of the body."
                            : "What the landscape dates in the period, elsewhere.",
                        dated);
    }
}

static void due_meetings(ob_paper *p)
{
    const ob_map *m = p->map;
    ob_day until = ob_day_plus(m->as_of, DUE_DAYS);
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *at = &m->meetings[i];
        ob_day report = ob_span_is_str(at->kind, "plenary") ? ob_report_due(at) : 0;
        if (!ob_map_body_within(m, at->body, p->body)) {
            continue;
        }
        if (report != 0 && at->start >= m->as_of && report <= until) {
            ob_paper_bullet(p);
            ob_say_day(p, report);
            ob_say(p, ": reports to the ");
            ob_say_meeting(p, i);
            ob_say(p, ob_days_late(report, m->as_of) > 0 ? " were due" : " are due");
            ob_say_end(p);
        }
        if (at->start >= m->as_of && at->start <= until) {
            ob_paper_bullet(p);
            ob_say_day(p, at->start);
            ob_say(p, ": ");
            ob_say_meeting(p, i);
            ob_say(p, " begins");
            ob_say_end(p);
        }
    }
}

static void due(ob_paper *p, const digest *d)
{
    ob_paper_heading(p, 1, "Due and late");
    ob_paper_paragraph(p);
    ob_say_body(p, p->body);
    ob_say(p, " has ");
    ob_say_count(p, d->due.next.count, "work item", "work items");
    ob_say(p, d->own.only != NULL ? " on AI" : "");
    ob_sayf(p, " due in the next %d days, and ", DUE_DAYS);
    obi_say_how_many(p, d->due.late.count, "that is late", "that are late");
    ob_cite_rule(p, "late");
    ob_say_end(p);
    due_meetings(p);
    if (d->due.late.count > 0) {
        obi_due_table(p, "Late.", &d->due.late);
    }
    if (d->due.next.count > 0) {
        obi_due_table(p, "Due next.", &d->due.next);
    }
}

static bool is_new(const digest *d, const ob_activity *a)
{
    bool read = a->readings_count > 0 && a->readings[0].day > d->since && a->place.at == NULL;
    bool dated =
        a->date != 0 && a->date % 100 != 0 && a->date > d->since && a->state == OB_STATE_NEW;
    return read || dated || (a->registered != 0 && a->registered > d->since);
}

/* The new ones of a subject; most subjects have none, and then no list is made. */
static obi_list new_of(ob_paper *p, const digest *d, const ob_subject *s)
{
    obi_list list = {0};
    for (int i = 0; i < 2; i++) {
        for (uint32_t k = 0; k < s->open[i]; k++) {
            if (!is_new(d, &p->map->activities[s->works[i][k]])) {
                continue;
            }
            if (list.items == NULL) {
                list = obi_list_make(p);
            }
            obi_list_add(&list, s->works[i][k]);
        }
    }
    return list;
}

static void overlaps(ob_paper *p, const digest *d)
{
    static const char *const heads[] = {"Topic", "Body", "New", "Our open work", "Their open work"};
    bool any = false;
    ob_paper_heading(p, 1, "New overlaps");
    for (size_t i = 0; i < d->overlaps.subjects_count && p->err.kind == OB_OK; i++) {
        const ob_subject *s = &d->overlaps.subjects[i];
        bool mutual = s->lists[0] == OB_LISTS_YES && s->lists[1] == OB_LISTS_YES;
        obi_list fresh = new_of(p, d, s);
        if (!obi_has_topic(&d->own, s->topic) || s->open[0] == 0 || s->open[1] == 0 || mutual ||
            fresh.count == 0) {
            continue;
        }
        if (!any) {
            ob_paper_table(p, "Both at work, not both list the other, and new in the period.",
                           heads, OB_COUNT(heads));
        }
        any = true;
        ob_paper_cell(p);
        ob_say_topic(p, s->topic);
        ob_paper_cell(p);
        ob_say_body(p, s->body[1]);
        ob_paper_cell(p);
        obi_say_some(p, fresh.items, fresh.count, 3);
        ob_paper_cell(p);
        obi_say_some(p, s->works[0], s->open[0], 3);
        ob_paper_cell(p);
        obi_say_some(p, s->works[1], s->open[1], 3);
    }
    if (!any) {
        ob_paper_paragraph(p);
        ob_say(p, "no overlap of ");
        ob_say_body(p, p->body);
        ob_say(p, " with others is new since ");
        ob_say_day(p, d->since);
        ob_cite_rule(p, "new");
        ob_say_end(p);
    }
}

typedef struct stale {
    uint32_t body;
    size_t open;
    size_t all;
    ob_day last;
} stale;

static int most_open_first(const void *x, const void *y)
{
    const stale *a = x;
    const stale *b = y;
    if (a->open != b->open) {
        return a->open > b->open ? -1 : 1;
    }
    if (a->all != b->all) {
        return a->all > b->all ? -1 : 1;
    }
    return a->body < b->body ? -1 : a->body > b->body;
}

static stale *find_stale(ob_paper *p, size_t *count)
{
    const ob_map *m = p->map;
    stale *rows = OB_NEW(p->arena, stale, (size_t)m->bodies_count + 1, &p->err);
    for (uint32_t b = 0; rows != NULL && b < m->bodies_count; b++) {
        rows[b].body = b;
    }
    for (uint32_t i = 0; rows != NULL && i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        ob_day day = ob_map_age(m, a);
        int64_t age = ob_age_days(m, day);
        bool old = age < 0 || age > (int64_t)p->ask.fresh_days;
        if (a->body == OB_NONE || !old || !ob_activity_is_live(a)) {
            continue;
        }
        stale *s = &rows[a->body];
        s->all++;
        s->open += ob_activity_is_open(a);
        s->last = day > s->last ? day : s->last;
    }
    for (uint32_t b = 0; rows != NULL && b < m->bodies_count; b++) {
        if (rows[b].all > 0) {
            rows[(*count)++] = rows[b];
        }
    }
    if (*count > 1) {
        qsort(rows, *count, sizeof *rows, most_open_first);
    }
    return rows;
}

static void old_data(ob_paper *p)
{
    static const char *const heads[] = {"Body", "Open work", "Items", "Last read"};
    size_t count = 0;
    stale *rows = find_stale(p, &count);
    ob_paper_heading(p, 1, "To read again");
    ob_paper_paragraph(p);
    ob_say(p, "seen from ");
    ob_say_body(p, p->body);
    ob_say(p, ", what is known of ");
    ob_say_count(p, count, "body", "bodies");
    ob_sayf(p, " is older than %u days", p->ask.fresh_days);
    ob_cite_rule(p, "stale");
    ob_say_end(p);
    if (rows == NULL || count == 0) {
        return;
    }
    ob_paper_table(p, "Read these first.", heads, OB_COUNT(heads));
    for (size_t i = 0; i < count && i < OB_PAPER_ROWS; i++) {
        ob_paper_cell(p);
        ob_say_body(p, rows[i].body);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", rows[i].open);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", rows[i].all);
        ob_paper_cell(p);
        ob_say_day(p, rows[i].last);
    }
}

static void write_digest(ob_paper *p)
{
    digest d = {0};
    if (!gather(p, &d)) {
        return;
    }
    const ob_body *b = &p->map->bodies[obi_author(p)];
    ob_paper_title(p, "Digest for %.*s", OB_SHOW(b->short_name.len > 0 ? b->short_name : b->id));
    ob_paper_heading(p, 1, "Period");
    ob_paper_paragraph(p);
    ob_say(p, "news after ");
    ob_say_day(p, d.since);
    ob_say(p, ", for ");
    ob_say_body(p, obi_author(p));
    if (d.own.only != NULL) {
        ob_say(p, ", on AI");
        ob_cite_rule(p, "focus");
    }
    ob_cite_rule(p, "period");
    ob_say_end(p);
    news_of(p, &d, &d.ours, &d.dated[0], true);
    news_of(p, &d, &d.theirs, &d.dated[1], false);
    due(p, &d);
    overlaps(p, &d);
    old_data(p);
}

const ob_paper_kind ob_paper_kind_digest = {.id = "digest",
                                            .title = "Digest",
                                            .flags = OB_PAPER_TAKES_SINCE,
                                            .rules = rules,
                                            .rules_count = OB_COUNT(rules),
                                            .write = write_digest};
