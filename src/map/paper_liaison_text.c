/* SPDX-License-Identifier: Apache-2.0 */
/* The liaison statement: its form, its text, and what it asks. */
#include "map/paper_liaison.h"

#include <string.h>

#define SUBJECTS_SAID 6

static bool asks(const obi_letter *l)
{
    return l->list.count + l->tell.count + l->twice_count > 0;
}

static void fields(ob_paper *p, const obi_letter *l)
{
    static const char *const heads[] = {"Field", "Value"};
    uint32_t topics[3];
    size_t count = 0;
    for (size_t i = 0; i < l->subjects_count && count < OB_COUNT(topics); i++) {
        topics[count++] = l->subjects[i].topic;
    }
    ob_paper_heading(p, 1, "Form");
    ob_paper_table(p, "Liaison statement.", heads, OB_COUNT(heads));
    ob_paper_cell(p);
    ob_say(p, "From");
    ob_paper_cell(p);
    ob_say_body(p, l->from);
    if (p->group != OB_NONE) {
        ob_say(p, ", prepared by ");
        ob_say_body(p, p->group);
    }
    ob_paper_cell(p);
    ob_say(p, "To");
    ob_paper_cell(p);
    ob_say_body(p, l->to);
    ob_paper_cell(p);
    ob_say(p, "For");
    ob_paper_cell(p);
    ob_say(p, asks(l) ? "action" : "information");
    ob_cite(p, OB_REF_BODY, l->to);
    ob_cite_rule(p, "for");
    ob_paper_cell(p);
    ob_say(p, "Subject");
    ob_paper_cell(p);
    if (count == 0) {
        ob_say(p, "related documents of both");
    } else {
        ob_say(p, "work on ");
        ob_say_topics(p, topics, count, 0);
    }
    ob_cite(p, OB_REF_BODY, l->from);
}

static void form_blanks(ob_paper *p, const obi_letter *l)
{
    uint32_t theirs = ob_meeting_next(p->map, l->to, NULL, p->map->as_of);
    ob_paper_blank(p, "Contact: who answers questions about this statement?");
    ob_paper_blank(p, "Approval: at which meeting was this statement agreed?");
    if (p->meeting != OB_NONE) {
        ob_say(p, "the next plenary of ");
        ob_say_body(p, l->from);
        ob_say(p, " is the ");
        ob_say_meeting(p, p->meeting);
        ob_say_end(p);
    }
    if (!asks(l)) {
        return;
    }
    ob_paper_blank(p, "Deadline: by when is an answer wanted?");
    if (theirs != OB_NONE) {
        ob_say_body(p, l->to);
        ob_say(p, " meets next at the ");
        ob_say_meeting(p, theirs);
        ob_say_end(p);
    } else {
        obi_say_none_known(p, "meeting", l->to);
    }
    if (p->meeting_day != 0) {
        ob_say_body(p, l->from);
        ob_say(p, " meets from ");
        ob_say_day(p, p->meeting_day);
        ob_say(p, ", and contributions to it are due some days before");
        ob_cite_rule(p, "answer");
        ob_say_end(p);
    }
}

/* "SG17 works on X.1 and X.2 and has published X.3". */
static void side(ob_paper *p, uint32_t body, const ob_subject *s, int i)
{
    uint32_t open = s->open[i];
    uint32_t texts = s->count[i] - open;
    ob_say_body(p, body);
    if (open > 0) {
        ob_say(p, " is at work on ");
        ob_say_activities(p, s->works[i], open, 4);
    }
    if (texts > 0) {
        ob_say(p, open > 0 ? " and has " : " has ");
        ob_say_count(p, texts, "text", "texts");
        ob_say(p, " (");
        ob_say_activities(p, s->works[i] + open, texts, 3);
        ob_say(p, ")");
    }
}

/* Which of the open work of one side lists the other. */
static void known(ob_paper *p, const ob_subject *s, int i, uint32_t from, uint32_t to)
{
    obi_list listing = obi_list_make(p);
    for (uint32_t k = 0; k < s->open[i]; k++) {
        if (ob_lists_body(p->map, s->works[i][k], to)) {
            obi_list_add(&listing, s->works[i][k]);
        }
    }
    if (listing.count > 0) {
        ob_say_activities(p, listing.items, listing.count, 4);
        ob_say(p, listing.count == 1 ? " lists " : " list ");
    } else if (s->lists[i] == OB_LISTS_NO) {
        ob_say(p, "no open work of ");
        ob_say_body(p, from);
        ob_say(p, " on it lists ");
    } else if (s->lists[i] == OB_LISTS_UNKNOWN) {
        ob_say(p, "it is not known whether the work of ");
        ob_say_body(p, from);
        ob_say(p, " lists ");
    } else {
        return;
    }
    ob_say_body(p, to);
    ob_say_end(p);
}

static void subjects(ob_paper *p, const obi_letter *l)
{
    if (l->subjects_count == 0) {
        return;
    }
    ob_paper_heading(p, 1, "Work on the same subjects");
    ob_paper_paragraph(p);
    ob_say_body(p, l->from);
    ob_say(p, " would like to draw the attention of ");
    ob_say_body(p, l->to);
    ob_say(p, " to ");
    ob_say_count(p, l->subjects_count, l->scope.topics != NULL ? "subject of AI" : "subject",
                 l->scope.topics != NULL ? "subjects of AI" : "subjects");
    ob_say(p, " on which both have work or texts");
    ob_say(p, l->subjects_count > SUBJECTS_SAID ? "; the first six follow" : "");
    if (l->scope.topics != NULL) {
        ob_cite_rule(p, "focus");
    }
    ob_say_end(p);
    for (size_t i = 0; i < l->subjects_count && i < SUBJECTS_SAID; i++) {
        const ob_subject *s = &l->subjects[i];
        ob_paper_bullet(p);
        ob_say(p, "on ");
        ob_say_topic(p, s->topic);
        ob_say(p, ": ");
        side(p, l->from, s, 0);
        ob_say(p, "; ");
        side(p, s->body[1], s, 1);
        ob_say_end(p);
        known(p, s, 0, l->from, s->body[1]);
        known(p, s, 1, s->body[1], l->from);
    }
}

static void say_relation(ob_paper *p, const ob_relation *r)
{
    static const char *const verbs[OB_RELS] = {
        [OB_REL_SUPERSEDES] = " replaces ",
        [OB_REL_REFERENCES] = " refers to ",
        [OB_REL_EQUIVALENT_TO] = " is equivalent to ",
        [OB_REL_COMPLEMENTS] = " complements ",
        [OB_REL_PART_OF] = " is part of ",
        [OB_REL_CONTINUED_AS] = " went on as ",
        [OB_REL_CONTINUES] = " continues ",
        [OB_REL_FORMERLY_WORK_ITEM] = " was before, as a work item, ",
        [OB_REL_RELATED] = " is related to ",
    };
    static const char *const sets[OB_SETS] = {[OB_SET_SUBSET] = " asks for a part of ",
                                              [OB_SET_SUPERSET] = " asks for all of ",
                                              [OB_SET_EQUAL] = " asks for the same as ",
                                              [OB_SET_INTERSECTS] = " has something of ",
                                              [OB_SET_NONE] = " asks for nothing of "};
    ob_say_node(p, r->from);
    ob_say(p, r->type == OB_REL_SET    ? sets[r->set]
              : verbs[r->type] != NULL ? verbs[r->type]
                                       : " is related to ");
    ob_say_node(p, r->to);
    ob_say(p, r->review == OB_REVIEW_PROPOSED ? " (proposed, not reviewed)" : "");
}

static void related(ob_paper *p, const obi_letter *l)
{
    static const char *const heads[] = {"Relation", "Titles"};
    const ob_map *m = p->map;
    if (l->relations_count == 0) {
        return;
    }
    ob_paper_heading(p, 1, "Related documents");
    ob_paper_table(p, "Relations between documents of the two.", heads, OB_COUNT(heads));
    for (size_t i = 0; i < l->relations_count; i++) {
        const ob_relation *r = &m->relations[l->relations[i]];
        uint32_t a = 0;
        uint32_t b = 0;
        (void)ob_map_node(m, r->from, &a);
        (void)ob_map_node(m, r->to, &b);
        ob_paper_cell(p);
        say_relation(p, r);
        ob_paper_cell(p);
        ob_say_text(p, m->activities[a].title);
        ob_say(p, " / ");
        ob_say_text(p, m->activities[b].title);
    }
}

/* With what we know of it, for the first ones. */
static void tell_one(ob_paper *p, const obi_letter *l, size_t i)
{
    uint32_t number = l->tell.items[i];
    const ob_activity *a = &p->map->activities[number];
    bool last = i + 1 == l->tell.count;
    if (i >= 5) {
        ob_cite(p, OB_REF_ACTIVITY, number);
        if (last) {
            ob_sayf(p, " and %zu more", l->tell.count - 5);
        }
        return;
    }
    ob_say(p, i == 0 ? "" : last ? " and " : ", ");
    ob_say_activity(p, number);
    ob_sayf(p, " (%s, ", obi_stage(a->state));
    if (ob_timing_day(a->timing) == 0) {
        ob_say(p, "no date known)");
    } else {
        ob_say(p, "due ");
        obi_say_due(p, number);
        ob_say(p, ")");
    }
}

static void ask_lists(ob_paper *p, const obi_letter *l)
{
    if (l->list.count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "to add ");
        ob_say_body(p, l->from);
        ob_say(p, " to the liaisons of ");
        ob_say_activities(p, l->list.items, l->list.count, 5);
        ob_cite_rule(p, "list");
        ob_say_end(p);
    }
    if (l->tell.count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "to confirm the status and the date of ");
        for (size_t i = 0; i < l->tell.count; i++) {
            tell_one(p, l, i);
        }
        ob_cite_rule(p, "tell");
        ob_say_end(p);
    }
}

static void ask_terms(ob_paper *p, const obi_letter *l)
{
    uint32_t topics[4];
    size_t count = 0;
    size_t all = 0;
    for (size_t i = 0; i < l->subjects_count; i++) {
        if (l->subjects[i].open[0] + l->subjects[i].open[1] > 0) {
            all++;
            if (count < OB_COUNT(topics)) {
                topics[count++] = l->subjects[i].topic;
            }
        }
    }
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "to align terms and definitions on ");
        ob_say_topics(p, topics, count, 0);
        ob_say(p, all > count ? ", first of all" : "");
        ob_cite(p, OB_REF_BODY, l->to);
        ob_cite_rule(p, "terms");
        ob_say_end(p);
    }
}

/* Those of ours that are near an item of theirs, in their order. */
static obi_list near_it(ob_paper *p, const obi_letter *l, uint32_t theirs)
{
    obi_list ours = obi_list_make(p);
    for (size_t k = 0; k < l->ours.count; k++) {
        for (size_t i = 0; i < l->twice_count; i++) {
            const uint32_t *pair = l->twice[i]->activity;
            uint32_t number = l->ours.items[k];
            if ((pair[0] == theirs && pair[1] == number) ||
                (pair[1] == theirs && pair[0] == number)) {
                obi_list_add(&ours, number);
            }
        }
    }
    return ours;
}

static bool same(const obi_list *a, const obi_list *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof *a->items) == 0);
}

static void say_twice(ob_paper *p, const obi_letter *l, const obi_list *group, const obi_list *ours)
{
    ob_paper_bullet(p);
    ob_say(p, "to look, with ");
    ob_say_body(p, l->from);
    ob_say(p, ", whether ");
    ob_say_activities(p, group->items, group->count, 5);
    ob_say(p, group->count == 1 ? " does the same work as " : " do the same work as ");
    ob_say_activities(p, ours->items, ours->count, 4);
    ob_cite_rule(p, "twice");
    ob_say_end(p);
}

/* One sentence for all of theirs that are near the same ones of ours. */
static void ask_twice(ob_paper *p, const obi_letter *l)
{
    obi_list theirs = obi_list_make(p);
    obi_list said = obi_list_make(p);
    for (size_t i = 0; i < l->twice_count; i++) {
        const uint32_t *pair = l->twice[i]->activity;
        obi_list_add(&theirs, pair[obi_is_between(p, pair[0], pair[1]) ? 1 : 0]);
    }
    obi_list *near = OB_NEW(p->arena, obi_list, theirs.count + 1, &p->err);
    for (size_t k = 0; near != NULL && k < theirs.count; k++) {
        near[k] = near_it(p, l, theirs.items[k]);
    }
    for (size_t k = 0; p->err.kind == OB_OK && k < theirs.count; k++) {
        obi_list group = obi_list_make(p);
        if (near[k].count == 0 || obi_list_has(&said, theirs.items[k])) {
            continue;
        }
        for (size_t i = k; i < theirs.count; i++) {
            if (same(&near[k], &near[i])) {
                obi_list_add(&group, theirs.items[i]);
                obi_list_add(&said, theirs.items[i]);
            }
        }
        say_twice(p, l, &group, &near[k]);
    }
}

static void asked(ob_paper *p, const obi_letter *l)
{
    if (asks(l)) {
        ob_paper_heading(p, 1, "What is asked");
        ob_paper_paragraph(p);
        ob_say_body(p, l->from);
        ob_say(p, " kindly asks ");
        ob_say_body(p, l->to);
        ob_say(p, " to do the following");
        ob_say_end(p);
        ask_lists(p, l);
        ask_twice(p, l);
        ask_terms(p, l);
    }
    if (l->add.count > 0) {
        ob_paper_blank(p, "What does the sender offer? For example, to list the receiver.");
        ob_say_activities(p, l->add.items, l->add.count, 5);
        ob_say(p, l->add.count == 1 ? " is not known to list " : " are not known to list ");
        ob_say_body(p, l->to);
        ob_say_end(p);
    }
}

static void items(ob_paper *p, const char *caption, const obi_list *list, uint32_t other)
{
    static const char *const heads[] = {"Item", "Title", "Stage", "Due", "Lists the other"};
    const ob_map *m = p->map;
    if (list->count == 0) {
        return;
    }
    ob_paper_table(p, caption, heads, OB_COUNT(heads));
    for (size_t i = 0; i < list->count; i++) {
        uint32_t number = list->items[i];
        const ob_activity *a = &m->activities[number];
        bool open = ob_activity_is_open(a);
        ob_paper_cell(p);
        ob_say_activity(p, number);
        ob_paper_cell(p);
        ob_say_text(p, a->title);
        ob_paper_cell(p);
        ob_say(p, obi_stage(a->state));
        ob_paper_cell(p);
        obi_say_due(p, number);
        ob_paper_cell(p);
        ob_say(p, ob_lists_body(m, number, other) ? "yes"
                  : !open                         ? "-"
                  : ob_lists_known(m, number)     ? "no"
                                                  : "not known");
    }
}

void obi_letter_say(ob_paper *p, const obi_letter *l)
{
    fields(p, l);
    form_blanks(p, l);
    subjects(p, l);
    related(p, l);
    asked(p, l);
    ob_paper_heading(p, 1, "Items");
    items(p, "Open work of the sender on these subjects, and its related texts.", &l->ours, l->to);
    items(p, "Work and texts of the receiver on these subjects.", &l->theirs, l->from);
}
