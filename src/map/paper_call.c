/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call for contributions: open work that is due or has no date, and topics without a standard.
 * For each: what is asked, by when, and who may have it.
 */
#include "map/paper_parts.h"

#include <string.h>

/* Half a year before its day a draft should be whole. */
#define SOON_DAYS 183

static const ob_paper_rule rules[] = {
    {"focus", OBI_FOCUS_RULE},
    {"contributions",
     "Study groups of ITU-T take contributions until 12 calendar days before the meeting begins: "
     "whole days that lie between, as invitations to SG17, SG13 and SG3 counted them (TSB "
     "Collective letters 7/17 of 2011, 2/17, 3/13 and 2/3 of 2017). The invitation to the meeting "
     "is what counts."},
    {"late", "Open work is late when the last day of its timing is over."},
    {"asked", "Late: text ready to be finished, or a new date. New: an outline, requirements and "
              "use cases. Under study: text for the draft; a draft ready to be finished if it is "
              "due within half a year. In last call: comments. Carried over: text and an editor, "
              "or a proposal to stop."},
    {"gap", "A topic is asked for where the body has neither a standard nor open work on one and "
            "the data are fresh: a gap if no title has its words, else unsure."},
};

typedef struct call {
    obi_scope scope;
    ob_day by; /* when contributions are due; 0: no rule or no meeting is known */
    obi_due due;
    obi_list undated;
    ob_gaps gaps;
} call;

/* The rule of 12 days is that of its study groups. */
static bool is_of_itu(const ob_map *m, uint32_t body)
{
    for (uint32_t b = body; b != OB_NONE; b = m->bodies[b].parent) {
        if (ob_span_is_str(m->bodies[b].id, "itu-t")) {
            return true;
        }
    }
    return false;
}

static bool gather(ob_paper *p, call *c)
{
    const ob_map *m = p->map;
    if (!obi_scope_of(p, &c->scope) ||
        !obi_due_ask(p, &c->scope, ob_day_plus(m->as_of, 365), &c->due) ||
        !ob_ask_gaps(&p->ask, OB_SORT_STANDARD, &c->gaps, &p->err)) {
        return false;
    }
    if (is_of_itu(m, p->body) && p->meeting_day != 0) {
        c->by = ob_day_plus(p->meeting_day, -(OB_CONTRIBUTION_DAYS + 1));
    }
    c->undated = obi_list_make(p);
    for (uint32_t i = 0; i < m->inside_count && p->err.kind == OB_OK; i++) {
        const ob_activity *a = &m->activities[i];
        if (obi_in_scope(m, &c->scope, i) && ob_activity_is_live(a) && ob_activity_is_open(a) &&
            !obi_is_liaison(a) && ob_timing_day(a->timing) == 0 &&
            (p->ask.topic == OB_NONE || ob_activity_has_topic(a, p->ask.topic))) {
            obi_list_add(&c->undated, i);
        }
    }
    return p->err.kind == OB_OK;
}

/* Those of a list that have the topic that was asked for. */
static void keep_topic(const ob_paper *p, obi_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (p->ask.topic == OB_NONE ||
            ob_activity_has_topic(&p->map->activities[list->items[i]], p->ask.topic)) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

static void head(ob_paper *p, const call *c)
{
    ob_paper_heading(p, 1, "What is called for, and by when");
    ob_paper_paragraph(p);
    ob_say_body(p, obi_author(p));
    ob_say(p, " asks the members of ");
    ob_say_body(p, p->body);
    ob_say(p, " for contributions");
    if (p->meeting != OB_NONE) {
        ob_say(p, " to the ");
        ob_say_meeting(p, p->meeting);
    } else if (p->meeting_day != 0) {
        ob_say(p, " to the plenary that begins on ");
        ob_say_day(p, p->meeting_day);
    }
    ob_say_end(p);
    if (c->by != 0) {
        int64_t late = ob_days_late(c->by, p->map->as_of);
        ob_say(p, "they are due on ");
        ob_say_day(p, c->by);
        ob_sayf(p, ", so that %d calendar days lie between; ", OB_CONTRIBUTION_DAYS);
        if (late > 0) {
            ob_sayf(p, "what is sent now is late by %lld day%s", (long long)late,
                    late == 1 ? "" : "s");
        } else {
            ob_sayf(p, "%lld day%s left", (long long)-late, late == -1 ? " is" : "s are");
        }
        ob_cite(p, p->meeting != OB_NONE ? OB_REF_MEETING : OB_REF_BODY,
                p->meeting != OB_NONE ? p->meeting : p->body);
        ob_cite_rule(p, "contributions");
        ob_say_end(p);
    }
    ob_paper_blank(p, c->by != 0 ? "Does the invitation to the meeting give another day?"
                                 : "For which meeting, and by when, are contributions wanted?");
    if (p->meeting_day == 0) {
        obi_say_no_plenary(p);
    }
    ob_paper_blank(p, "To which address are they sent, with which template, and who answers "
                      "questions?");
}

static const char *asked(const ob_paper *p, uint32_t number)
{
    const ob_activity *a = &p->map->activities[number];
    ob_day due = ob_timing_day(a->timing);
    int64_t late = due == 0 ? INT64_MIN : ob_days_late(due, p->map->as_of);
    if (late > 0) {
        return "text ready to be finished, or a new date";
    }
    switch (a->state) {
    case OB_STATE_NEW:
        return "an outline, requirements and use cases";
    case OB_STATE_LAST_CALL:
        return "comments in the last call";
    case OB_STATE_CARRIED:
        return "text and an editor, or a proposal to stop";
    case OB_STATE_STUDY:
        return late >= -SOON_DAYS ? "a draft ready to be finished" : "text for the draft";
    default:
        return "text, and a date";
    }
}

/* Who supports it, as its last page says. */
static ob_span members(const ob_activity *a)
{
    for (size_t i = a->readings_count; i-- > 0;) {
        if (a->readings[i].item.members.len > 0) {
            return a->readings[i].item.members;
        }
    }
    return OB_SPAN("-");
}

static void work_table(ob_paper *p, const char *caption, const obi_list *list)
{
    static const char *const heads[] = {"Due",       "Item",     "Title",
                                        "Asked for", "Question", "Supported by"};
    if (list->count == 0) {
        return;
    }
    ob_paper_table(p, caption, heads, OB_COUNT(heads));
    for (size_t i = 0; i < list->count; i++) {
        const ob_activity *a = &p->map->activities[list->items[i]];
        ob_paper_cell(p);
        obi_say_due(p, list->items[i]);
        ob_paper_cell(p);
        ob_say_activity(p, list->items[i]);
        ob_paper_cell(p);
        ob_say_text(p, a->title.len > 0 ? a->title : OB_SPAN("-"));
        ob_paper_cell(p);
        ob_say(p, asked(p, list->items[i]));
        ob_paper_cell(p);
        ob_say_text(p, a->question.len > 0 ? a->question : OB_SPAN("-"));
        ob_paper_cell(p);
        ob_say_text(p, members(a));
    }
}

static void work(ob_paper *p, const call *c)
{
    size_t dated = c->due.late.count + c->due.next.count;
    ob_paper_heading(p, 1, "Open work");
    ob_paper_paragraph(p);
    ob_say_body(p, p->body);
    ob_say(p, " has ");
    ob_say_count(p, c->due.late.count + c->due.next.count + c->undated.count, "open work item",
                 "open work items");
    ob_say(p, c->scope.only != NULL ? " on AI to contribute to: " : " to contribute to: ");
    if (dated == 0 && c->undated.count > 0) {
        ob_say(p, c->undated.count == 1 ? "it has no date" : "none of them has a date");
    } else {
        obi_say_how_many(p, c->due.late.count, "is late, ", "are late, ");
        obi_say_how_many(p, c->due.next.count, "is due in the year to come, and ",
                         "are due in the year to come, and ");
        obi_say_how_many(p, c->undated.count, "has no date", "have no date");
    }
    if (c->scope.only != NULL) {
        ob_cite_rule(p, "focus");
    }
    if (dated + c->undated.count > 0) {
        ob_cite_rule(p, "asked");
    }
    ob_cite_rule(p, "late");
    ob_say_end(p);
    work_table(p, "Late.", &c->due.late);
    work_table(p, "Due in the year to come.", &c->due.next);
    work_table(p, "Without a date.", &c->undated);
}

/* Texts of others that have the topic. */
static obi_list of_others(ob_paper *p, uint32_t topic)
{
    const ob_map *m = p->map;
    obi_list list = obi_list_make(p);
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (!ob_map_body_within(m, a->body, p->body) && ob_activity_is_live(a) &&
            !ob_activity_is_open(a) && ob_sort_of(a->kind) != OB_SORT_OTHER &&
            ob_activity_has_topic(a, topic)) {
            obi_list_add(&list, i);
        }
    }
    return list;
}

static void gap_row(ob_paper *p, const ob_gap_cell *cell)
{
    obi_list others = of_others(p, cell->topic);
    ob_paper_cell(p);
    ob_say_topic(p, cell->topic);
    ob_paper_cell(p);
    ob_say(p, ob_gap_state_names[cell->state]);
    ob_paper_cell(p);
    ob_say(p, cell->state == OB_GAP_EMPTY
                  ? "a proposal for new work, or why none is needed"
                  : "whether the items beside cover the topic, else a proposal for new work");
    ob_paper_cell(p);
    ob_say(p, cell->likely_count == 0 ? "-" : "");
    ob_say_activities(p, cell->likely, cell->likely_count > 3 ? 3 : cell->likely_count, 0);
    ob_paper_cell(p);
    obi_say_some(p, others.items, others.count, 3);
    ob_cite(p, OB_REF_BODY, cell->body);
}

static void gaps(ob_paper *p, const call *c)
{
    static const char *const heads[] = {"Topic", "State", "Asked for", "Items to look at",
                                        "Texts of others"};
    size_t asked_for = 0;
    size_t stale = 0;
    for (size_t i = 0; i < c->gaps.count; i++) {
        ob_gap_state state = c->gaps.cells[i].state;
        if (obi_has_topic(&c->scope, c->gaps.cells[i].topic)) {
            asked_for += state == OB_GAP_EMPTY || state == OB_GAP_UNSURE;
            stale += state == OB_GAP_STALE;
        }
    }
    ob_paper_heading(p, 1, "Topics without a standard");
    ob_paper_paragraph(p);
    if (stale > 0) {
        ob_say(p, "what is known of ");
        ob_say_body(p, p->body);
        ob_say(p, " on ");
        ob_say_count(p, stale, "topic is", "topics are");
        ob_say(p, " too old to claim a gap: its pages have to be read first");
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
    if (stale == 0 || asked_for > 0) {
        ob_say_body(p, p->body);
        ob_say(p, " is not known to have a standard, or open work on one, on ");
        ob_say_count(p, asked_for, "topic", "topics");
        ob_say(p, c->scope.topics != NULL ? " of AI" : "");
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
    if (asked_for == 0) {
        return;
    }
    ob_paper_table(p, "Topics on which proposals are asked for.", heads, OB_COUNT(heads));
    for (int state = OB_GAP_EMPTY; state >= (int)OB_GAP_UNSURE; state--) {
        for (size_t i = 0; i < c->gaps.count; i++) {
            if ((int)c->gaps.cells[i].state == state &&
                obi_has_topic(&c->scope, c->gaps.cells[i].topic)) {
                gap_row(p, &c->gaps.cells[i]);
            }
        }
    }
}

static void write_call(ob_paper *p)
{
    call c = {0};
    if (!gather(p, &c)) {
        return;
    }
    keep_topic(p, &c.due.late);
    keep_topic(p, &c.due.next);
    const ob_body *b = &p->map->bodies[p->body];
    ob_paper_title(p, "Call for contributions to %.*s",
                   OB_SHOW(b->short_name.len > 0 ? b->short_name : b->id));
    head(p, &c);
    work(p, &c);
    gaps(p, &c);
}

const ob_paper_kind ob_paper_kind_call = {.id = "call",
                                          .title = "Call for contributions",
                                          .flags = OB_PAPER_TAKES_TOPIC,
                                          .rules = rules,
                                          .rules_count = OB_COUNT(rules),
                                          .write = write_call};
