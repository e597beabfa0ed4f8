/* SPDX-License-Identifier: Apache-2.0 */
/* The activity report: gaps, overlaps, and liaison statements. */
#include "map/paper_activity.h"

static const ob_gap_cell *cell_of(const obi_activity *f, uint32_t topic)
{
    for (size_t i = 0; i < f->gaps.count; i++) {
        if (f->gaps.cells[i].topic == topic) {
            return &f->gaps.cells[i];
        }
    }
    return NULL;
}

static void turn(ob_paper *p, const obi_activity *f, const ob_turn *t)
{
    const ob_gap_cell *cell = cell_of(f, t->topic);
    bool stale = cell == NULL || cell->state == OB_GAP_STALE;
    ob_paper_bullet(p);
    switch (t->kind) {
    case OB_TURN_CLOSED:
        ob_say(p, "closed: the first ");
        ob_say(p, obi_sort_word(t->sort, false));
        break;
    case OB_TURN_BEGUN:
        ob_say(p, "work begun: on a ");
        ob_say(p, obi_sort_word(t->sort, false));
        break;
    case OB_TURN_OPENED:
        ob_say(p, stale ? "perhaps opened, the data are too old to tell: no "
                        : "opened: there is no ");
        ob_say(p, obi_sort_word(t->sort, false));
        ob_say(p, " and no work on one");
        break;
    case OB_TURN_LOST:
        ob_say(p, "opened again: no ");
        ob_say(p, obi_sort_word(t->sort, false));
        ob_say(p, " holds, and work goes on");
        break;
    }
    ob_say(p, " on ");
    ob_say_topic(p, t->topic);
    ob_say(p, ", by ");
    ob_say_activities(p, t->by, t->by_count, 4);
    ob_say_end(p);
}

static void gaps_now(ob_paper *p, const obi_activity *f)
{
    const ob_map *m = p->map;
    uint32_t *topics = OB_NEW(p->arena, uint32_t, (size_t)m->topics_count + 1, &p->err);
    size_t count = 0;
    size_t stale = 0;
    for (size_t i = 0; topics != NULL && i < f->gaps.count; i++) {
        stale += f->gaps.cells[i].state == OB_GAP_STALE;
        if (f->gaps.cells[i].state == OB_GAP_EMPTY) {
            topics[count++] = f->gaps.cells[i].topic;
        }
    }
    if (topics == NULL) {
        return;
    }
    ob_paper_paragraph(p);
    if (f->gaps.count == 0 || stale == f->gaps.count) {
        ob_say(p, "what is known of ");
        ob_say_body(p, p->body);
        ob_say(p, " is too old to claim a gap, or that there is none");
        ob_cite_rule(p, "gap");
        ob_say_end(p);
        return;
    }
    ob_say_body(p, p->body);
    ob_say(p, " has neither a standard nor open work on one on ");
    ob_say_count(p, count, "topic", "topics");
    ob_sayf(p, " of %u", m->topics_count);
    if (count > 0) {
        ob_say(p, ": ");
        ob_say_topics(p, topics, count, 6);
    }
    ob_cite_rule(p, "gap");
    ob_say_end(p);
    if (stale > 0) {
        ob_say(p, "on ");
        ob_say_count(p, stale, "more topic", "more topics");
        ob_say(p, " the data of ");
        ob_say_body(p, p->body);
        ob_say(p, " are too old to tell");
        ob_say_end(p);
    }
}

void obi_activity_gaps(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Gaps");
    gaps_now(p, f);
    if (f->turns_count == 0) {
        if (p->err.kind == OB_OK) {
            ob_say(p, "no reading since ");
            ob_say_day(p, f->base);
            ob_say(p, " shows that ");
            ob_say_body(p, p->body);
            ob_say(p, " closed one or opened one");
            ob_say_end(p);
        }
        return;
    }
    for (size_t i = 0; i < f->turns_count; i++) {
        turn(p, f, &f->turns[i]);
    }
}

static void lists(ob_paper *p, ob_lists known)
{
    static const char *const words[] = {
        [OB_LISTS_NO] = "no",
        [OB_LISTS_YES] = "yes",
        [OB_LISTS_UNKNOWN] = "not known",
        [OB_LISTS_DONE] = "-",
    };

    ob_say(p, words[known]);
}

/* What is worth a row: both are at work, and at least one does not list the other. */
static bool is_unanswered(const ob_subject *s)
{
    return s->open[0] > 0 && s->open[1] > 0 &&
           (s->lists[0] != OB_LISTS_YES || s->lists[1] != OB_LISTS_YES);
}

static bool is_answered(const ob_subject *s)
{
    return s->lists[0] == OB_LISTS_YES && s->lists[1] == OB_LISTS_YES;
}

static void overlaps_table(ob_paper *p, const obi_activity *f)
{
    static const char *const heads[] = {"Topic",      "Body",         "Our open work",
                                        "Their open work", "We list them", "They list us"};
    ob_paper_table(p, "Both at work, and not both list the other", heads, OB_COUNT(heads));
    for (size_t i = 0; i < f->overlaps.subjects_count; i++) {
        const ob_subject *s = &f->overlaps.subjects[i];
        if (!is_unanswered(s)) {
            continue;
        }
        ob_paper_cell(p);
        ob_say_topic(p, s->topic);
        ob_paper_cell(p);
        ob_say_body(p, s->body[1]);
        ob_paper_cell(p);
        ob_say_activities(p, s->works[0], s->open[0], 3);
        ob_paper_cell(p);
        ob_say_activities(p, s->works[1], s->open[1], 3);
        ob_paper_cell(p);
        lists(p, s->lists[0]);
        ob_paper_cell(p);
        lists(p, s->lists[1]);
    }
}

static size_t add_body(uint32_t *bodies, size_t count, uint32_t body)
{
    for (size_t i = 0; i < count; i++) {
        if (bodies[i] == body) {
            return count;
        }
    }
    bodies[count] = body;
    return count + 1;
}

void obi_activity_overlaps(ob_paper *p, const obi_activity *f)
{
    size_t bodies = (size_t)p->map->bodies_count + 1;
    uint32_t *answered = OB_NEW(p->arena, uint32_t, bodies, &p->err);
    uint32_t *open = OB_NEW(p->arena, uint32_t, bodies, &p->err);
    size_t answered_count = 0;
    size_t open_count = 0;
    size_t rows = 0;
    if (answered == NULL || open == NULL) {
        return;
    }
    for (size_t i = 0; i < f->overlaps.subjects_count; i++) {
        const ob_subject *s = &f->overlaps.subjects[i];
        rows += is_unanswered(s);
        open_count = is_unanswered(s) ? add_body(open, open_count, s->body[1]) : open_count;
        answered_count =
            is_answered(s) ? add_body(answered, answered_count, s->body[1]) : answered_count;
    }
    ob_paper_heading(p, 1, "Overlaps and liaisons");
    ob_paper_paragraph(p);
    ob_say_count(p, open_count, "body is", "bodies are");
    ob_say(p, " at work on a topic of ");
    ob_say_body(p, p->body);
    ob_say(p, " where not both list the other");
    if (open_count > 0) {
        ob_say(p, ": ");
        ob_say_bodies(p, open, open_count, 8);
    }
    ob_cite_rule(p, "partner");
    ob_say_end(p);
    ob_say(p, answered_count == 0 ? "on no topic each lists the other" : "each lists the other: ");
    ob_cite(p, OB_REF_BODY, p->body);
    ob_say_bodies(p, answered, answered_count, 8);
    ob_say_end(p);
    if (rows > 0) {
        overlaps_table(p, f);
    }
}

/* Does it go to the body? */
static bool goes_to(const ob_paper *p, uint32_t statement, uint32_t body)
{
    return ob_lists_body(p->map, statement, body);
}

/* The body that a statement goes to, the first one of its list; OB_NONE: it says none. */
static uint32_t receiver(const ob_paper *p, uint32_t statement)
{
    const ob_map *m = p->map;
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, statement);
    for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
        const ob_relation *r = &m->relations[m->out.numbers[i]];
        if (r->type == OB_REL_LIAISON_WITH && ob_relation_counts(r)) {
            return r->to; /* bodies are the first nodes */
        }
    }
    return OB_NONE;
}

/* A statement of the receiver's to the sender, of a later day; OB_NONE: none is known. */
static uint32_t answer_to(const ob_paper *p, uint32_t statement)
{
    const ob_map *m = p->map;
    const ob_activity *a = &m->activities[statement];
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *b = &m->activities[i];
        if (obi_is_liaison(b) && b->body != OB_NONE && a->body != OB_NONE && b->date > a->date &&
            ob_lists_body(m, statement, b->body) && ob_lists_body(m, i, a->body)) {
            return i;
        }
    }
    return OB_NONE;
}

static void statement_row(ob_paper *p, uint32_t number, bool sent)
{
    const ob_activity *a = &p->map->activities[number];
    uint32_t to = sent ? receiver(p, number) : a->body;
    uint32_t answer = answer_to(p, number);
    ob_day due = ob_timing_day(a->timing);
    ob_paper_cell(p);
    ob_say_day(p, a->date);
    ob_paper_cell(p);
    ob_say_activity(p, number);
    ob_paper_cell(p);
    ob_say_text(p, a->title);
    ob_paper_cell(p);
    ob_say(p, sent ? "to " : "from ");
    if (to == OB_NONE) {
        ob_say(p, "an unknown body");
    } else {
        ob_say_body(p, to);
    }
    ob_paper_cell(p);
    ob_say_text(p, a->status);
    if (due != 0) {
        ob_say(p, ", answer by ");
        ob_say_day(p, due);
    }
    ob_paper_cell(p);
    if (answer != OB_NONE) {
        ob_say_activity(p, answer);
    } else if (due == 0) {
        ob_say(p, "-");
    } else if (ob_days_late(due, p->map->as_of) > 0) {
        ob_say(p, "none is known, and the day is over");
    } else {
        ob_say(p, "none is known yet");
    }
}

void obi_activity_statements(ob_paper *p, const obi_activity *f)
{
    static const char *const heads[] = {"Day", "Statement", "Title", "With", "For", "Answer"};
    const ob_map *m = p->map;
    obi_list sent = obi_list_make(p);
    obi_list received = obi_list_make(p);
    (void)f;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (obi_is_liaison(a) && ob_map_body_within(m, a->body, p->body)) {
            obi_list_add(&sent, i);
        } else if (obi_is_liaison(a) && goes_to(p, i, p->body)) {
            obi_list_add(&received, i);
        }
    }
    ob_paper_heading(p, 1, "Liaison statements");
    ob_paper_paragraph(p);
    ob_say(p, "the landscape has ");
    ob_say_count(p, sent.count, "statement sent", "statements sent");
    ob_say(p, " by ");
    ob_say_body(p, p->body);
    ob_say(p, " and ");
    ob_say_count(p, received.count, "statement sent", "statements sent");
    ob_say(p, " to it");
    ob_cite_rule(p, "answer");
    ob_say_end(p);
    if (sent.count + received.count > 0) {
        ob_paper_table(p, "Liaison statements that are known", heads, OB_COUNT(heads));
        for (size_t i = 0; i < sent.count + received.count; i++) {
            bool ours = i < sent.count;
            statement_row(p, ours ? sent.items[i] : received.items[i - sent.count], ours);
        }
    }
    ob_paper_blank(p, "Which liaison statements came in or went out in the period that are not "
                      "listed here, and were they answered?");
}
