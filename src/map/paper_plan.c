/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from how a body stands: directions, recommendations, days, requirements. */
#include "map/paper_parts.h"
#include "map/paper_points.h"
#include "map/paper_strategy.h"

#include <stdlib.h>

/* Open work by its timing. */
typedef enum when {
    WHEN_LATE,
    WHEN_BEFORE, /* the meeting, where one is known */
    WHEN_AFTER,
    WHEN_UNKNOWN
} when;

static when when_of(const ob_paper *p, uint32_t activity)
{
    ob_day due = ob_timing_day(p->map->activities[activity].timing);
    return due == 0                                      ? WHEN_UNKNOWN
           : ob_day_last(due) < p->map->as_of            ? WHEN_LATE
           : p->meeting_day != 0 && due < p->meeting_day ? WHEN_BEFORE
                                                         : WHEN_AFTER;
}

static size_t select_when(ob_paper *p, const obi_facts *f, when which, uint32_t **items)
{
    size_t count = 0;
    *items = OB_NEW(p->arena, uint32_t, f->ours.open + 1, &p->err);
    for (size_t i = 0; *items != NULL && i < f->ours.open; i++) {
        if (when_of(p, f->ours.items[i]) == which) {
            (*items)[count++] = f->ours.items[i];
        }
    }
    return count;
}

void obi_say_timing(ob_paper *p, const obi_facts *f)
{
    uint32_t *items = NULL;
    size_t count = select_when(p, f, WHEN_LATE, &items);
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "finish, or date anew, what is late: ");
        ob_say_activities(p, items, count, 5);
        ob_cite_rule(p, "late");
        ob_say_end(p);
    }
    count = select_when(p, f, WHEN_BEFORE, &items);
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "have ready for the meeting what is due before it: ");
        ob_say_activities(p, items, count, 5);
        ob_say_end(p);
    }
    count = select_when(p, f, WHEN_UNKNOWN, &items);
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "give a timing to ");
        ob_say_count(p, count, "open work item for which none is known: ",
                     "open work items for which none is known: ");
        ob_say_activities(p, items, count, 4);
        ob_say_end(p);
    }
}

static void say_works(ob_paper *p, const obi_works *w, size_t from, size_t most)
{
    size_t count = w->count - from < most ? w->count - from : most;
    ob_say_activities(p, w->items + from, count, 0);
}

static void tactic(ob_paper *p, const obi_stand *s)
{
    size_t texts = s->rival_works.open;
    switch (s->direction) {
    case OBI_LEAD:
        ob_say(p, "finish ");
        ob_say_activities(p, s->ours.items, s->ours.open, 3);
        if (s->rival != OB_NONE) {
            ob_say(p, " and tell ");
            ob_say_body(p, s->rival);
        }
        break;
    case OBI_ALIGN:
        ob_say(p, "agree on the split with ");
        ob_say_body(p, s->rival);
        ob_say(p, ": ");
        ob_say_activities(p, s->ours.items, s->ours.open, 2);
        ob_say(p, " here, ");
        say_works(p, &s->rival_works, 0, 2);
        ob_say(p, " there");
        break;
    case OBI_KEEP:
        ob_say(p, "keep up to date: ");
        ob_say_activities(p, s->ours.items, s->ours.count, 2);
        break;
    case OBI_ADOPT:
        ob_say(p, "refer to ");
        if (texts < s->rival_works.count) {
            say_works(p, &s->rival_works, texts, 2);
            ob_say(p, " of ");
            ob_say_body(p, s->rival);
        } else {
            say_works(p, &s->theirs, s->theirs.open, 2);
        }
        break;
    case OBI_WATCH:
        ob_say(p, "read again before the meeting: ");
        say_works(p, &s->theirs, 0, 2);
        break;
    }
}

void obi_say_directions(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Topic", "Direction", "Tactic"};
    static const char *const names[OBI_DIRECTIONS] = {"Lead", "Align", "Keep", "Adopt", "Watch"};
    ob_paper_heading(p, 1, "Directions and tactics");
    ob_paper_show_rule(p, "direction");
    ob_paper_show_rule(p, "tactic");
    ob_paper_table(p, "Directions by topic.", heads, OB_COUNT(heads));
    for (size_t d = 0; d < OBI_DIRECTIONS; d++) {
        for (size_t i = 0; i < f->stands_count; i++) {
            const obi_stand *s = &f->stands[i];
            if (s->direction != (obi_direction)d) {
                continue;
            }
            ob_paper_cell(p);
            ob_say_topic(p, s->topic);
            ob_paper_cell(p);
            ob_say(p, names[d]);
            ob_paper_cell(p);
            tactic(p, s);
        }
    }
    ob_paper_blank(p, "For which topics is another direction wanted, and why?");
    obi_beside_stand(p, f);
}

static const char *const whys[OB_REASONS] = {
    "no list names the other", "lists us, we do not list it", "we list it, its list lacks us",
    "its text is out", "related, without a liaison"};

/* A row: the weightiest kind of reason, and all that it names. */
static void partner_row(ob_paper *p, const ob_partner *partner)
{
    ob_reason_kind kind = partner->reasons[0].kind;
    size_t topics = 0;
    ob_paper_cell(p);
    ob_say_body(p, partner->body);
    ob_paper_cell(p);
    ob_say(p, whys[kind]);
    ob_paper_cell(p);
    for (size_t i = 0; i < partner->count; i++) {
        const ob_reason *r = &partner->reasons[i];
        if (r->kind == kind && r->topic != OB_NONE && topics++ < 3) {
            ob_say_text(p, ob_span_str(topics == 1 ? "" : ", "));
            ob_say_topic(p, r->topic);
        }
    }
    if (topics > 3) {
        ob_sayf(p, " and %zu more", topics - 3);
    }
    for (int side = 0; side < 2; side++) {
        const ob_reason *first = &partner->reasons[0];
        ob_paper_cell(p);
        ob_say_activities(p, side == 0 ? first->ours : first->theirs,
                          side == 0 ? first->ours_count : first->theirs_count, 2);
    }
    for (size_t i = 1; i < partner->count; i++) {
        if (partner->reasons[i].kind == kind) {
            ob_cite_activities(p, partner->reasons[i].ours, partner->reasons[i].ours_count);
            ob_cite_activities(p, partner->reasons[i].theirs, partner->reasons[i].theirs_count);
        }
    }
}

void obi_table_partners(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Write to", "Because", "Topics", "Ours", "Theirs"};
    ob_paper_table(p,
                   "Bodies to write to, by weight; of several reasons the weightiest stands here.",
                   heads, OB_COUNT(heads));
    for (size_t i = 0; i < f->partners_count; i++) {
        partner_row(p, &f->partners[i]);
    }
}

/* Relations, topics, words; a word that is a topic, too, stands once. */
static void say_shared(ob_paper *p, const ob_pair *pair)
{
    size_t said = 0;
    for (size_t i = 0; i < pair->types.count; i++) {
        ob_say_text(p, ob_span_str(said++ == 0 ? "" : ", "));
        ob_say_text(p, pair->types.items[i]);
    }
    for (size_t i = 0; i < pair->topics.count; i++) {
        uint32_t topic = ob_map_topic(p->map, pair->topics.items[i]);
        ob_span name = topic == OB_NONE ? ((ob_span){0}) : p->map->topics[topic].short_name;
        ob_say_text(p, ob_span_str(said++ == 0 ? "" : ", "));
        ob_say_text(p, name.len > 0 ? name : pair->topics.items[i]);
    }
    for (size_t i = 0; i < pair->words.count; i++) {
        if (ob_map_topic(p->map, pair->words.items[i]) == OB_NONE) {
            ob_say_text(p, ob_span_str(said++ == 0 ? "" : ", "));
            ob_say_text(p, pair->words.items[i]);
        }
    }
}

void obi_table_pairs(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Ours", "Theirs", "Body", "Shared", "Bits"};
    ob_paper_table(p, "Open work of the body, and what is nearest to it elsewhere.", heads,
                   OB_COUNT(heads));
    for (size_t i = 0; i < f->pairs_count; i++) {
        const ob_pair *pair = &f->pairs[i];
        ob_paper_cell(p);
        ob_say_activity(p, pair->activity[0]);
        ob_paper_cell(p);
        ob_say_titled(p, pair->activity[1]);
        ob_paper_cell(p);
        ob_say_body(p, p->map->activities[pair->activity[1]].body);
        ob_paper_cell(p);
        say_shared(p, pair);
        ob_paper_cell(p);
        ob_sayf(p, "%.0f", pair->score);
    }
}

static void recommend_gaps(ob_paper *p, const obi_facts *f)
{
    for (size_t i = 0; i < f->stands_count; i++) {
        const obi_stand *s = &f->stands[i];
        if (!obi_is_gap(s)) {
            continue;
        }
        ob_paper_bullet(p);
        ob_say(p, "decide whether to register work on ");
        ob_say_topic(p, s->topic);
        ob_say(p, ": ");
        ob_say_body(p, p->body);
        ob_say(p, " has nothing there, others have ");
        ob_say_count(p, s->theirs.open, "open work item", "open work items");
        ob_say(p, " and ");
        ob_say_count(p, s->theirs.count - s->theirs.open, "published text", "published texts");
        ob_cite_activities(p, s->theirs.items, s->theirs.count);
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
}

/* The nearest work of others for each open work item; the first few of them. */
static void recommend_pairs(ob_paper *p, const obi_facts *f)
{
    size_t said = 0;
    for (size_t i = 0; i < f->pairs_count && said < 3; i++) {
        const ob_pair *pair = &f->pairs[i];
        bool seen = false;
        for (size_t k = 0; k < i; k++) {
            seen = seen || f->pairs[k].activity[0] == pair->activity[0];
        }
        if (seen) {
            continue;
        }
        ob_paper_bullet(p);
        ob_say(p, "compare ");
        ob_say_activity(p, pair->activity[0]);
        ob_say(p, " with ");
        ob_say_activity(p, pair->activity[1]);
        ob_say(p, " of ");
        ob_say_body(p, p->map->activities[pair->activity[1]].body);
        ob_say(p, ", the nearest to it, and narrow or merge what both say");
        ob_cite_rule(p, "near");
        ob_say_end(p);
        said++;
    }
}

/* What to do about a partner, up to the topics. */
static void say_step(ob_paper *p, const ob_partner *partner)
{
    static const char *const steps[OB_REASONS] = {"open a liaison with ", "answer ", "remind ",
                                                  "write to ", "write to "};
    const ob_reason *first = &partner->reasons[0];
    uint32_t topics[3];
    size_t count = 0;
    ob_say(p, steps[first->kind]);
    ob_say_body(p, partner->body);
    for (size_t i = 0; i < partner->count && count < OB_COUNT(topics); i++) {
        const ob_reason *r = &partner->reasons[i];
        if (r->kind == first->kind && r->topic != OB_NONE) {
            topics[count++] = r->topic;
            ob_cite_activities(p, r->ours, r->ours_count);
            ob_cite_activities(p, r->theirs, r->theirs_count);
        }
    }
    if (count > 0) {
        ob_say(p, " on ");
        ob_say_topics(p, topics, count, 0);
    }
}

static void recommend_partner(ob_paper *p, const ob_partner *partner)
{
    ob_paper_bullet(p);
    say_step(p, partner);
    switch (partner->reasons[0].kind) {
    case OB_REASON_UNLISTED:
        ob_say(p, ": both are at work there, and neither is known to list the other");
        break;
    case OB_REASON_ANSWER:
        ob_say(p, ": it lists ");
        ob_say_body(p, p->body);
        ob_say(p, ", which does not list it");
        break;
    case OB_REASON_REMIND:
        ob_say(p, ": ");
        ob_say_body(p, p->body);
        ob_say(p, " lists it, and its own list lacks ");
        ob_say_body(p, p->body);
        break;
    case OB_REASON_PUBLISHED:
        ob_say(p, ": its texts are out, and ");
        ob_say_body(p, p->body);
        ob_say(p, " is at work there without a liaison");
        break;
    case OB_REASON_RELATION:
        ob_say(p, ": work of ");
        ob_say_body(p, p->body);
        ob_say(p, " has a relation to its documents, and no liaison is kept");
        break;
    }
    ob_cite_rule(p, "partner");
    ob_say_end(p);
}

/* The first three, and all that wait for an answer: that costs least. */
static void recommend_partners(ob_paper *p, const obi_facts *f)
{
    for (size_t i = 0; i < f->partners_count; i++) {
        if (i < 3 || f->partners[i].reasons[0].kind == OB_REASON_ANSWER) {
            recommend_partner(p, &f->partners[i]);
        }
    }
}

void obi_say_recommendations(ob_paper *p, const obi_facts *f)
{
    ob_paper_heading(p, 1, "Recommendations");
    recommend_partners(p, f);
    recommend_pairs(p, f);
    recommend_gaps(p, f);
    if (f->stale_count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "read the pages of ");
        ob_say_bodies(p, f->stale, f->stale_count, 5);
        ob_say(p, " again before the next meeting");
        ob_cite_rule(p, "stale");
        ob_say_end(p);
    }
    obi_table_partners(p, f);
    obi_table_pairs(p, f);
    ob_paper_blank(p, "Which of these recommendations does the group make?");
    obi_beside_partners(p, f);
}

/* A row of the timeline: a work item, or what is said of the meeting. */
typedef struct due {
    ob_day day;
    const char *state;
    const char *what; /* NULL: an activity */
    uint32_t activity;
} due;

static int by_day(const void *x, const void *y)
{
    const due *a = x;
    const due *b = y;
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return (a->activity > b->activity) - (a->activity < b->activity);
}

static size_t collect_due(const ob_paper *p, const obi_facts *f, due *rows)
{
    ob_day today = p->map->as_of;
    size_t count = 0;
    if (p->report_due != 0) {
        rows[count++] = (due){p->report_due, p->report_due < today ? "late" : "to come",
                              "Activity report to the plenary", 0};
    }
    if (p->meeting_day != 0) {
        rows[count++] = (due){p->meeting_day, p->meeting_day < today ? "begun" : "to come",
                              "Plenary begins", 0};
    }
    for (size_t i = 0; i < f->ours.open; i++) {
        uint32_t item = f->ours.items[i];
        when w = when_of(p, item);
        if (w != WHEN_UNKNOWN) {
            const ob_activity *a = &p->map->activities[item];
            rows[count++] = (due){ob_timing_day(a->timing),
                                  w == WHEN_LATE ? "late" : obi_stage(a->state), NULL, item};
        }
    }
    return count;
}

void obi_say_timeline(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Day", "State", "What"};
    due *rows = OB_NEW(p->arena, due, f->ours.open + 2, &p->err);
    if (rows == NULL) {
        return;
    }
    size_t count = collect_due(p, f, rows);
    qsort(rows, count, sizeof *rows, by_day);
    ob_paper_heading(p, 1, "Timeline");
    obi_say_meeting(p);
    ob_paper_table(p, "What is due.", heads, OB_COUNT(heads));
    for (size_t i = 0; i < count; i++) {
        ob_paper_cell(p);
        ob_say_day(p, rows[i].day);
        ob_paper_cell(p);
        ob_say(p, rows[i].state);
        ob_paper_cell(p);
        if (rows[i].what == NULL) {
            ob_say_titled(p, rows[i].activity);
            continue;
        }
        ob_say(p, rows[i].what);
        ob_cite(p, OB_REF_BODY, p->body);
        if (p->meeting != OB_NONE) {
            ob_cite(p, OB_REF_MEETING, p->meeting);
        }
    }
}

void obi_say_meeting(ob_paper *p)
{
    ob_paper_paragraph(p);
    if (p->meeting_day == 0) {
        ob_say(p, "the landscape has no plenary of ");
        ob_say_body(p, p->body);
        ob_say(p, " from ");
        ob_say_day(p, p->map->as_of);
        ob_say(p, " on");
        if (p->last != OB_NONE) {
            ob_say(p, "; the last one known is the ");
            ob_say_meeting(p, p->last);
        }
        ob_say_end(p);
        ob_paper_blank(p, "When does the next plenary begin? The activity report is due a month "
                          "before.");
        obi_beside_plenaries(p);
        return;
    }
    if (p->meeting != OB_NONE) {
        ob_say(p, "the meeting is the ");
        ob_say_meeting(p, p->meeting);
    } else {
        ob_say(p, "the plenary of ");
        ob_say_body(p, p->body);
        ob_say(p, " begins on ");
        ob_say_day(p, p->meeting_day);
        ob_say(p, ", as given for this paper");
    }
    ob_cite(p, OB_REF_BODY, p->body);
    ob_say_end(p);
    if (p->report_due != 0) {
        bool late = p->report_due < p->map->as_of;
        ob_say(p, "the activity report ");
        ob_say(p, late ? "was due on " : "is due on ");
        ob_say_day(p, p->report_due);
        if (late && p->meeting_day >= p->map->as_of) {
            ob_sayf(p, ", %lld days ago, and is late unless it was sent",
                    (long long)(ob_day_count(p->map->as_of) - ob_day_count(p->report_due)));
        }
        ob_cite(p, OB_REF_BODY, p->group != OB_NONE ? p->group : p->body);
        if (p->meeting != OB_NONE) {
            ob_cite(p, OB_REF_MEETING, p->meeting);
        }
        ob_cite_rule(p, "due");
        ob_say_end(p);
    }
}

void obi_say_requirements(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Document", "Requirements", "Which"};
    const ob_coverage *c = &f->coverage;
    if (c->bodies_count == 0) {
        return;
    }
    ob_paper_heading(p, 1, "Requirements of the catalogue");
    ob_paper_table(p, "Documents of the body that requirements rest on.", heads, OB_COUNT(heads));
    for (size_t i = 0; i < c->rows_count; i++) {
        uint32_t index = 0;
        const ob_cover *row = &c->rows[i];
        if (ob_map_node(p->map, row->node, &index) != OB_NODE_ACTIVITY ||
            p->map->activities[index].body == OB_NONE ||
            !ob_map_body_within(p->map, p->map->activities[index].body, p->body)) {
            continue;
        }
        ob_paper_cell(p);
        ob_say_titled(p, index);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", row->count);
        ob_paper_cell(p);
        ob_say_requirements(p, row->requirements, row->count, 8);
    }
    ob_paper_paragraph(p);
    ob_say(p, "most requirements rest on documents of others: ");
    size_t bodies = c->bodies_count < 4 ? c->bodies_count : 4;
    for (size_t i = 0; i < bodies; i++) {
        ob_say_text(p, ob_span_str(i == 0 ? "" : i + 1 == bodies ? " and " : ", "));
        ob_say_body(p, c->bodies[i].body);
        ob_sayf(p, " (%zu of %u)", c->bodies[i].requirements, p->map->requirements_count);
    }
    ob_cite_rule(p, "rests");
    ob_say_end(p);
    uint32_t *items = OB_NEW(p->arena, uint32_t, c->unused_count + 1, &p->err);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < c->unused_count; i++) {
        if (f->ai[c->unused[i]]) {
            items[count++] = c->unused[i];
        }
    }
    if (count > 0) {
        ob_say(p, "no requirement rests on ");
        ob_say_count(p, count, "open work item of ", "open work items of ");
        ob_say_body(p, p->body);
        ob_say(p, ": ");
        ob_say_activities(p, items, count, 5);
        ob_cite_rule(p, "rests");
        ob_say_end(p);
    }
}
