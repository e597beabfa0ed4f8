/* SPDX-License-Identifier: Apache-2.0 */
/* The activity report: what was read, what changed, how the work stands, what comes next. */
#include "map/paper_activity.h"

#include <stdlib.h>

/* Items that were read up to the first day and not again since, while others were. */
static obi_list not_again(ob_paper *p, const obi_activity *f)
{
    obi_list list = obi_list_make(p);
    bool others = false;
    for (size_t i = 0; i < f->reads_count; i++) {
        others = others || f->reads[i].last > f->base;
    }
    for (uint32_t i = 0; others && i < p->map->inside_count; i++) {
        const ob_activity *a = &p->map->activities[i];
        if (a->readings_count > 0 && a->readings[a->readings_count - 1].day <= f->base &&
            obi_in_scope(p->map, &f->scope, i)) {
            obi_list_add(&list, i);
        }
    }
    return list;
}

static void read_bodies(ob_paper *p, const obi_activity *f)
{
    for (size_t i = 0; i < f->reads_count; i++) {
        const ob_read_count *r = &f->reads[i];
        if (r->since == 0) {
            continue;
        }
        ob_paper_bullet(p);
        if (r->body == OB_NONE) {
            ob_say(p, "without a group: ");
            ob_cite(p, OB_REF_BODY, p->body);
        } else {
            ob_say_body(p, r->body);
            ob_say(p, ": ");
        }
        ob_say_count(p, r->since, "page", "pages");
        ob_say(p, ", ");
        ob_say_count(p, r->fresh, "of an item without an earlier page",
                     "of items without an earlier page");
        ob_say(p, "; the last on ");
        ob_say_day(p, r->last);
        ob_say_end(p);
    }
}

void obi_activity_read(ob_paper *p, const obi_activity *f)
{
    const ob_body *body = &p->map->bodies[p->body];
    obi_list left = not_again(p, f);
    size_t pages = 0;
    size_t since = 0;
    size_t fresh = 0;
    for (size_t i = 0; i < f->reads_count; i++) {
        pages += f->reads[i].pages;
        since += f->reads[i].since;
        fresh += f->reads[i].fresh;
    }
    ob_paper_heading(p, 1, "What was read");
    ob_paper_paragraph(p);
    ob_say(p, "the landscape is of ");
    ob_say_day(p, p->map->baseline_day);
    ob_say(p, "; its records of ");
    ob_say_body(p, p->body);
    ob_say(p, " were last read in ");
    ob_say_day(p, body->data_day);
    ob_say_end(p);
    ob_say(p, "the store holds ");
    ob_say_count(p, pages, "page", "pages");
    ob_say(p, " of ");
    obi_say_whose(p, &f->scope);
    ob_say(p, pages == 0       ? ""
              : since == 0     ? ", and none was read in the period"
              : since == pages ? ", all read in the period"
                               : ", of which ");
    if (since > 0 && since < pages) {
        ob_say_count(p, since, "was", "were");
        ob_say(p, " read in the period");
    }
    if (since > 0) {
        ob_say(p, "; ");
        obi_say_how_many(p, fresh, "is of an item without an earlier page",
                         "are of items without an earlier page");
    }
    ob_say_end(p);
    if (since > 0 && f->reads_count > 1) {
        read_bodies(p, f);
    }
    if (left.count > 0) {
        ob_paper_paragraph(p);
        ob_say(p, "not read again after ");
        ob_say_day(p, f->base);
        ob_say(p, ": ");
        ob_say_activities(p, left.items, left.count, 6);
        ob_say(p, left.count == 1 ? "; its earlier reading is kept"
                                  : "; their earlier readings are kept");
        ob_say_end(p);
    }
}

static void compared(ob_paper *p, const obi_activity *f)
{
    const obi_changes *c = &f->changes;
    ob_day with = c->edits.compared_with;
    ob_paper_paragraph(p);
    if (with == 0) {
        ob_say(p, "no page of ");
        obi_say_whose(p, &f->scope);
        ob_say(p, " was read, so no two readings can be compared");
        ob_say_end(p);
        return;
    }
    ob_day last = 0;
    for (size_t i = 0; i < f->reads_count; i++) {
        last = f->reads[i].last > last ? f->reads[i].last : last;
    }
    ob_say(p, last <= with ? "all pages of " : "pages of ");
    obi_say_whose(p, &f->scope);
    if (last <= with) {
        ob_say(p, " were read up to ");
        ob_say_day(p, with);
        ob_say(p, ", so none of them can be compared with an earlier one");
    } else {
        ob_say(p, " are compared with those that were read up to ");
        ob_say_day(p, with);
        ob_say(p, with > f->since ? ", the first that there are" : "");
    }
    ob_cite_rule(p, "period");
    ob_say_end(p);
    if (last > with && c->count == 0) {
        ob_say(p, "no page that was read since then says anything else");
        ob_cite(p, OB_REF_BODY, p->body);
        ob_say_end(p);
    }
}

void obi_activity_changes(ob_paper *p, const obi_activity *f)
{
    const obi_changes *c = &f->changes;
    ob_paper_heading(p, 1, "Changes");
    compared(p, f);
    if (c->count > 0) {
        obi_changes_say(p, c);
        obi_changes_table(p, "Changes, field by field.", c);
    }
    if (c->known.count > 0) {
        ob_paper_paragraph(p);
        ob_say(p, "known before, and read for the first time: ");
        ob_say_activities(p, c->known.items, c->known.count, 6);
        ob_say_end(p);
    }
    if (f->dated.count > 0) {
        obi_dated_table(p, "What the landscape dates in the period.", &f->dated);
    }
}

typedef struct row {
    uint32_t topic;
    obi_list open;
    obi_list texts;
    size_t late;
} row;

static int most_open_first(const void *x, const void *y)
{
    const row *a = x;
    const row *b = y;
    if (a->open.count != b->open.count) {
        return a->open.count > b->open.count ? -1 : 1;
    }
    if (a->texts.count != b->texts.count) {
        return a->texts.count > b->texts.count ? -1 : 1;
    }
    return a->topic < b->topic ? -1 : a->topic > b->topic;
}

static void with_topic(ob_paper *p, const obi_list *from, uint32_t topic, obi_list *to)
{
    *to = obi_list_make(p);
    for (size_t i = 0; i < from->count; i++) {
        if (ob_activity_has_topic(&p->map->activities[from->items[i]], topic)) {
            obi_list_add(to, from->items[i]);
        }
    }
}

static row *topic_rows(ob_paper *p, const obi_activity *f, size_t *count)
{
    row *rows = OB_NEW(p->arena, row, (size_t)p->map->topics_count + 1, &p->err);
    for (uint32_t t = 0; rows != NULL && t < p->map->topics_count; t++) {
        row r = {.topic = t};
        with_topic(p, &f->open, t, &r.open);
        with_topic(p, &f->texts, t, &r.texts);
        for (size_t i = 0; i < r.open.count; i++) {
            r.late += obi_list_has(&f->due.late, r.open.items[i]);
        }
        if (r.open.count > 0) {
            rows[(*count)++] = r;
        }
    }
    if (*count > 1) {
        qsort(rows, *count, sizeof *rows, most_open_first);
    }
    return rows;
}

void obi_activity_state(ob_paper *p, const obi_activity *f)
{
    static const char *const heads[] = {"Topic", "Open work", "Items", "Late", "Texts that hold"};
    size_t count = 0;
    row *rows = topic_rows(p, f, &count);
    ob_paper_heading(p, 1, "State of work by topic");
    ob_paper_paragraph(p);
    ob_say_body(p, f->scope.question.len > 0 ? p->group : p->body);
    ob_say(p, " has ");
    ob_say_count(p, f->open.count, "open work item", "open work items");
    ob_say(p, f->scope.only != NULL ? " on AI with " : " with ");
    ob_say_count(p, count, "topic", "topics");
    ob_say(p, ", and ");
    ob_say_count(p, f->texts.count,
                 f->scope.only != NULL ? "text on AI that holds" : "text that holds",
                 f->scope.only != NULL ? "texts on AI that hold" : "texts that hold");
    ob_say_end(p);
    if (rows == NULL || count == 0) {
        return;
    }
    ob_paper_table(p, "Topics with open work, the most first; an item may have several topics.",
                   heads, OB_COUNT(heads));
    for (size_t i = 0; i < count; i++) {
        ob_paper_cell(p);
        ob_say_topic(p, rows[i].topic);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", rows[i].open.count);
        ob_paper_cell(p);
        obi_say_some(p, rows[i].open.items, rows[i].open.count, 3);
        ob_paper_cell(p);
        ob_sayf(p, rows[i].late == 0 ? "-" : "%zu", rows[i].late);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", rows[i].texts.count);
    }
}

void obi_activity_trends(ob_paper *p, const obi_activity *f)
{
    static const char *const heads[] = {"Stage", "Then", "Now", "Items"};
    const ob_trend *t = &f->trend;
    if (t->count == 0) {
        return;
    }
    ob_paper_heading(p, 1, "Trend");
    ob_paper_paragraph(p);
    ob_say_count(p, t->count, "item of ", "items of ");
    obi_say_whose(p, &f->scope);
    ob_say(p, t->count == 1 ? " was read up to " : " were read up to ");
    ob_say_day(p, f->base);
    ob_say(p, " and again after it");
    ob_cite_rule(p, "trend");
    ob_say_end(p);
    ob_paper_table(p, "Stages of these items, then and now.", heads, OB_COUNT(heads));
    for (int s = 0; s < OB_STATES; s++) {
        obi_list now = obi_list_make(p);
        for (size_t i = 0; i < t->count; i++) {
            if ((int)p->map->activities[t->activities[i]].state == s) {
                obi_list_add(&now, t->activities[i]);
            }
        }
        if (t->then[s] == 0 && t->now[s] == 0) {
            continue;
        }
        ob_paper_cell(p);
        ob_say(p, obi_stage((ob_state)s));
        ob_cite(p, OB_REF_BODY, p->body);
        ob_paper_cell(p);
        ob_sayf(p, "%u", t->then[s]);
        ob_paper_cell(p);
        ob_sayf(p, "%u", t->now[s]);
        ob_paper_cell(p);
        obi_say_some(p, now.items, now.count, 4);
    }
}

static void plan_meetings(ob_paper *p)
{
    const ob_map *m = p->map;
    bool any = false;
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *at = &m->meetings[i];
        if (!ob_map_body_within(m, at->body, p->body) || at->start < m->as_of) {
            continue;
        }
        any = true;
        ob_paper_bullet(p);
        ob_say_meeting(p, i);
        if (ob_span_is_str(at->kind, "plenary") && ob_report_due(at) != 0) {
            ob_say(p, ": reports are due on ");
            ob_say_day(p, ob_report_due(at));
            ob_cite_rule(p, "due");
        }
        ob_say_end(p);
    }
    if (!any) {
        ob_paper_paragraph(p);
        obi_say_none_known(p, "meeting", p->body);
    }
}

void obi_activity_plan(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "What comes next");
    plan_meetings(p);
    if (f->due.late.count > 0) {
        obi_due_table(p, "Late.", &f->due.late);
    }
    if (f->due.next.count > 0) {
        obi_due_table(p, "Due in the year to come.", &f->due.next);
    }
    size_t without = 0;
    obi_list open = obi_list_make(p);
    for (size_t i = 0; i < f->open.count; i++) {
        if (ob_timing_day(p->map->activities[f->open.items[i]].timing) == 0) {
            obi_list_add(&open, f->open.items[i]);
            without++;
        }
    }
    if (without > 0) {
        ob_paper_blank(p, "By when are the items without a date planned?");
        ob_say_count(p, without, "open work item has", "open work items have");
        ob_say(p, " no date: ");
        ob_say_activities(p, open.items, open.count, 6);
        ob_say_end(p);
    }
}
