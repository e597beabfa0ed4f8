/* SPDX-License-Identifier: Apache-2.0 */
/* Notes for the terms of reference of a correspondence group. */
#include "map/paper_points.h"
#include "map/paper_strategy.h"

static uint32_t owner(const ob_paper *p)
{
    return p->group != OB_NONE ? p->group : p->body;
}

static void parent(ob_paper *p)
{
    ob_paper_heading(p, 1, "Parent and basis");
    if (p->group != OB_NONE) {
        ob_paper_paragraph(p);
        ob_say_body(p, p->group);
        ob_say(p, " is a group of ");
        ob_say_body(p, p->body);
        ob_say(p, " and reports to its plenary");
        ob_say_end(p);
    }
    obi_say_meeting(p);
    ob_paper_blank(p, "Which document of the plenary sets the group up, and for how long?");
    if (p->group != OB_NONE && p->map->bodies[p->group].note.len > 0) {
        ob_say(p, "the landscape says of ");
        ob_say_body(p, p->group);
        ob_say(p, ": ");
        ob_say_text(p, p->map->bodies[p->group].note);
        ob_say_end(p);
    }
}

static bool is_shared(const obi_stand *s)
{
    return s->ours.open > 0 && s->theirs.open > 0;
}

static bool is_moving(const obi_stand *s)
{
    return s->theirs.open > s->ours.open;
}

static void keep_map(ob_paper *p, const obi_facts *f)
{
    size_t count = f->ours.count;
    for (size_t i = 0; i < f->bodies_count; i++) {
        count += f->works[f->bodies[i]].count;
    }
    ob_paper_bullet(p);
    ob_sayf(p, "keep the map of the %zu documents and work items on AI of ", count);
    ob_say_body(p, p->body);
    ob_sayf(p, " and %zu other bodies", f->bodies_count);
    if (f->stale_count > 0) {
        ob_say(p, ", and first read again the pages of ");
        ob_say_bodies(p, f->stale, f->stale_count, 4);
        ob_say(p, ", which are stale");
        ob_cite_rule(p, "stale");
    }
    for (size_t i = 0; i < f->bodies_count; i++) {
        ob_cite(p, OB_REF_BODY, f->bodies[i]);
    }
    ob_cite_rule(p, "scope");
    ob_say_end(p);
}

static void cite_open(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s))
{
    for (size_t i = 0; i < f->stands_count; i++) {
        if (test(&f->stands[i])) {
            ob_cite_activities(p, f->stands[i].ours.items, f->stands[i].ours.open);
            ob_cite_activities(p, f->stands[i].theirs.items, f->stands[i].theirs.open);
        }
    }
}

/* What the group does on topics of one kind. */
static void mandate_on(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s),
                       const char *text)
{
    size_t count = 0;
    const uint32_t *topics = obi_pick_topics(p, f, test, &count);
    if (count == 0) {
        return;
    }
    ob_paper_bullet(p);
    obi_say_filled(p, text, topics, count);
    if (test == obi_is_gap) {
        ob_cite_rule(p, "gap");
    } else {
        cite_open(p, f, test);
    }
    ob_say_end(p);
}

static void mandate(ob_paper *p, const obi_facts *f)
{
    ob_paper_heading(p, 1, "Mandate");
    keep_map(p, f);
    mandate_on(p, f, obi_is_gap,
               "advise |body| whether to register work on |topics|, on which it has nothing");
    mandate_on(p, f, is_shared,
               "propose who does what on |topics|, where |body| and others are at work");
    if (f->partners_count > 0) {
        uint32_t bodies[5];
        size_t count = 0;
        for (; count < f->partners_count && count < OB_COUNT(bodies); count++) {
            bodies[count] = f->partners[count].body;
        }
        ob_paper_bullet(p);
        ob_say(p, "prepare liaison statements, first to ");
        ob_say_bodies(p, bodies, count, 0);
        ob_cite_rule(p, "partner");
        ob_say_end(p);
    }
    mandate_on(p, f, is_moving,
               "follow the trend where others have more open work than |body|: |topics|");
    ob_paper_blank(p, "What else is the group to do, and what is out of its scope?");
    obi_beside_groups(p);
}

/* A deliverable; day 0: it depends on a meeting that is not known. */
static void deliverable(ob_paper *p, const char *what, ob_day due)
{
    ob_paper_cell(p);
    ob_say(p, what);
    ob_cite(p, OB_REF_BODY, owner(p));
    if (p->meeting != OB_NONE) {
        ob_cite(p, OB_REF_MEETING, p->meeting);
    }
    ob_paper_cell(p);
    if (due != 0) {
        ob_say_day(p, due);
    } else {
        ob_say(p, "not known");
    }
    ob_paper_cell(p);
    ob_say(p, due == 0 ? "needs the day of the plenary" : due < p->map->as_of ? "late" : "open");
}

static void deliverables(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Deliverable", "Due", "State"};
    ob_paper_heading(p, 1, "Deliverables");
    ob_paper_show_rule(p, "due");
    ob_paper_table(p, "What the group delivers; one that is called late may have been sent.", heads,
                   OB_COUNT(heads));
    deliverable(p, "Activity report", p->report_due);
    deliverable(p, "Map of standards on AI security, with gaps and overlaps", p->report_due);
    deliverable(p, "Strategy, with SWOT and recommendations", p->report_due);
    deliverable(p, "Draft liaison statements", p->meeting_day);
    for (size_t i = 0; i < f->partners_count; i++) {
        const ob_partner *partner = &f->partners[i];
        if (partner->meeting == OB_NONE) {
            continue;
        }
        ob_paper_cell(p);
        ob_say(p, "liaison statement to ");
        ob_say_body(p, partner->body);
        ob_cite(p, OB_REF_MEETING, partner->meeting);
        ob_paper_cell(p);
        ob_say_day(p, p->map->meetings[partner->meeting].start);
        ob_paper_cell(p);
        ob_say(p, "it meets from that day on");
    }
    ob_paper_blank(p, "Who edits each of these?");
    obi_beside_questions(p, f);
}

static void methods(ob_paper *p)
{
    static const char *const asked[] = {
        "Who convenes the group?", "How often does it meet, and by what means?",
        "Where are its documents and its mailing list?", "How does it come to a decision?"};
    ob_paper_heading(p, 1, "Working methods");
    for (size_t i = 0; i < OB_COUNT(asked); i++) {
        ob_paper_blank(p, asked[i]);
    }
    ob_say(p, "the landscape names neither a convener nor a mailing list of ");
    ob_say_body(p, owner(p));
    ob_say_end(p);
}

static void write(ob_paper *p)
{
    obi_facts facts = {0};
    if (!obi_facts_make(&facts, p, &p->err)) {
        return;
    }
    parent(p);
    mandate(p, &facts);
    deliverables(p, &facts);
    ob_paper_heading(p, 1, "Participants and partners");
    ob_paper_paragraph(p);
    ob_say(p, "members of ");
    ob_say_body(p, p->body);
    ob_say(p, " take part; the bodies below should be asked to do so");
    for (size_t i = 0; i < facts.partners_count; i++) {
        ob_cite(p, OB_REF_BODY, facts.partners[i].body);
    }
    ob_cite_rule(p, "partner");
    ob_say_end(p);
    obi_table_partners(p, &facts);
    methods(p);
}

const ob_paper_kind ob_paper_kind_tor = {.id = "tor",
                                         .title = "Notes for the terms of reference",
                                         .flags = OB_PAPER_NEEDS_CATALOGUE,
                                         .rules = obi_rules,
                                         .rules_count = OBI_RULES,
                                         .write = write};
