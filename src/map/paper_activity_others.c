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
    bool many = t->by_count > 1;
    const char *word = obi_sort_word(t->sort, many);
    ob_paper_bullet(p);
    ob_say(p, t->kind == OB_TURN_CLOSED  ? "closed: "
              : t->kind == OB_TURN_BEGUN ? "work begun: "
              : t->kind == OB_TURN_LOST  ? "opened again: "
              : stale                    ? "perhaps opened, as the data are old: "
                                         : "opened: ");
    ob_say_activities(p, t->by, t->by_count, 4);
    switch (t->kind) {
    case OB_TURN_CLOSED:
        ob_sayf(p, many ? " are the first %s on " : " is the first %s on ", word);
        break;
    case OB_TURN_BEGUN:
        ob_sayf(p, many ? " are to be the first %s on " : " is to be the first %s on ", word);
        break;
    case OB_TURN_OPENED:
        ob_sayf(p,
                many ? " were the last %s, or work on one, on "
                     : " was the last %s, or work on one, on ",
                word);
        break;
    case OB_TURN_LOST:
        ob_sayf(p,
                many ? " were the last %s that held, and work goes on, on "
                     : " was the last %s that held, and work goes on, on ",
                word);
        break;
    }
    ob_say_topic(p, t->topic);
    ob_say_end(p);
}

/* The topics whose cell has a state. */
static uint32_t *topics_of(ob_paper *p, const obi_activity *f, ob_gap_state state, size_t *count)
{
    uint32_t *topics = OB_NEW(p->arena, uint32_t, (size_t)p->map->topics_count + 1, &p->err);
    for (size_t i = 0; topics != NULL && i < f->gaps.count; i++) {
        if (f->gaps.cells[i].state == state) {
            topics[(*count)++] = f->gaps.cells[i].topic;
        }
    }
    return topics;
}

static void say_cells(ob_paper *p, const obi_activity *f, ob_gap_state state, const char *words)
{
    size_t count = 0;
    uint32_t *topics = topics_of(p, f, state, &count);
    if (topics == NULL || count == 0) {
        return;
    }
    ob_say(p, "on ");
    ob_say_count(p, count, "topic ", "topics ");
    ob_say(p, words);
    ob_say_topics(p, topics, count, 6);
    ob_cite(p, OB_REF_BODY, p->body);
    ob_say_end(p);
}

static void gaps_now(ob_paper *p, const obi_activity *f)
{
    size_t count = 0;
    size_t stale = f->gaps.states[OB_GAP_STALE];
    uint32_t *topics = topics_of(p, f, OB_GAP_EMPTY, &count);
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
    if (count > 0 || stale == 0) {
        ob_say(p, "on ");
        ob_say(p, count == 0 ? "none " : "");
        if (count > 0) {
            ob_say_count(p, count, "", "");
        }
        ob_sayf(p, "of %zu topics %s", f->gaps.count, f->scope.topics != NULL ? "of AI " : "");
        ob_say_body(p, p->body);
        ob_say(p, " has neither a standard nor open work on one");
        if (count > 0) {
            ob_say(p, ": ");
            ob_say_topics(p, topics, count, 6);
        }
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
    say_cells(p, f, OB_GAP_PLANNED, "there is open work and no standard yet: ");
    say_cells(p, f, OB_GAP_UNSURE,
              "it is not sure, as titles have the words of the topic, or an item has it whose "
              "status is not known: ");
    if (stale > 0) {
        ob_say(p, "on ");
        ob_say_count(p, stale, "topic", "topics");
        ob_say(p, " the data of ");
        ob_say_body(p, p->body);
        ob_say(p, " are too old to tell");
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
}

void obi_activity_gaps(ob_paper *p, const obi_activity *f)
{
    ob_paper_heading(p, 1, "Gaps");
    gaps_now(p, f);
    if (f->turns_count == 0) {
        if (p->err.kind == OB_OK) {
            ob_say(p, "no reading ");
            if (f->base != 0) {
                ob_say(p, "since ");
                ob_say_day(p, f->base);
                ob_say(p, " ");
            }
            ob_say(p, "shows that a gap of ");
            ob_say_body(p, p->body);
            ob_say(p, " was closed or opened");
            ob_say_end(p);
        }
        return;
    }
    for (size_t i = 0; i < f->turns_count; i++) {
        turn(p, f, &f->turns[i]);
    }
}

static const char *const reasons[OB_REASONS] = {
    [OB_REASON_UNLISTED] = "no list names the other",
    [OB_REASON_ANSWER] = "they list us, we do not list them",
    [OB_REASON_REMIND] = "we list them, they do not list us",
    [OB_REASON_PUBLISHED] = "their text is out while we are at work",
    [OB_REASON_RELATION] = "documents are related, and no liaison is kept",
};

static void add_all(obi_list *list, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        obi_list_add(list, numbers[i]);
    }
}

/* The weightiest reason, with all topics and items that have it. */
static void partner_row(ob_paper *p, const ob_partner *x)
{
    const ob_map *m = p->map;
    uint32_t *topics = OB_NEW(p->arena, uint32_t, x->count + 1, &p->err);
    obi_list ours = obi_list_make(p);
    obi_list theirs = obi_list_make(p);
    size_t count = 0;
    for (size_t i = 0; topics != NULL && i < x->count && x->reasons[i].kind == x->reasons[0].kind;
         i++) {
        const ob_reason *r = &x->reasons[i];
        if (r->topic != OB_NONE) {
            topics[count++] = r->topic;
        }
        add_all(&ours, r->ours, r->ours_count);
        add_all(&theirs, r->theirs, r->theirs_count);
    }
    ob_paper_cell(p);
    ob_say_body(p, x->body);
    ob_paper_cell(p);
    ob_say(p, reasons[x->reasons[0].kind]);
    ob_paper_cell(p);
    ob_say(p, count == 0 ? "-" : "");
    /* Some are enough: ombud map partners has all. */
    ob_say_topics(p, topics, count > 2 ? 2 : count, 0);
    if (count > 2) {
        ob_sayf(p, "; %zu more", count - 2);
    }
    ob_paper_cell(p);
    obi_say_some(p, ours.items, ours.count, 3);
    ob_paper_cell(p);
    obi_say_some(p, theirs.items, theirs.count, 3);
    ob_paper_cell(p);
    if (x->meeting == OB_NONE) {
        ob_say(p, "-");
    } else {
        ob_say_day(p, m->meetings[x->meeting].start);
        ob_cite(p, OB_REF_MEETING, x->meeting);
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

static bool has_reason(const ob_partner *x, ob_reason_kind kind)
{
    for (size_t i = 0; i < x->count; i++) {
        if (x->reasons[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static void say_reason(ob_paper *p, const obi_activity *f, ob_reason_kind kind, const char *before,
                       const char *behind)
{
    uint32_t *bodies = OB_NEW(p->arena, uint32_t, f->partners_count + 1, &p->err);
    size_t count = 0;
    for (size_t i = 0; bodies != NULL && i < f->partners_count; i++) {
        if (has_reason(&f->partners[i], kind)) {
            bodies[count++] = f->partners[i].body;
        }
    }
    if (count == 0) {
        return;
    }
    ob_paper_bullet(p);
    ob_say(p, before);
    ob_say_body(p, p->body);
    ob_say(p, behind);
    ob_say_bodies(p, bodies, count, 6);
    ob_cite_rule(p, "partner");
    ob_say_end(p);
}

static void say_answered(ob_paper *p, const obi_activity *f)
{
    uint32_t *bodies = OB_NEW(p->arena, uint32_t, (size_t)p->map->bodies_count + 1, &p->err);
    size_t count = 0;
    for (size_t i = 0; bodies != NULL && i < f->overlaps.subjects_count; i++) {
        const ob_subject *s = &f->overlaps.subjects[i];
        if (obi_has_topic(&f->scope, s->topic) && s->lists[0] == OB_LISTS_YES &&
            s->lists[1] == OB_LISTS_YES) {
            count = add_body(bodies, count, s->body[1]);
        }
    }
    ob_paper_bullet(p);
    ob_say(p, count == 0 ? "no body at work on a topic of " : "");
    ob_say_body(p, p->body);
    ob_say(p, count == 0 ? " both lists it and is listed" : " lists them, and they list it: ");
    ob_say_bodies(p, bodies, count, 6);
    ob_say_end(p);
}

/* A letter is due: both are at work and not both list the other. */
static bool needs_letter(const ob_partner *x)
{
    return x->count > 0 && x->reasons[0].kind <= OB_REASON_REMIND;
}

void obi_activity_overlaps(ob_paper *p, const obi_activity *f)
{
    static const char *const heads[] = {"Body",      "Why",         "On",
                                        "Our items", "Their items", "Meets from"};
    size_t letters = 0;
    for (size_t i = 0; i < f->partners_count; i++) {
        letters += needs_letter(&f->partners[i]);
    }
    ob_paper_heading(p, 1, "Overlaps and liaisons");
    ob_paper_paragraph(p);
    ob_say_count(p, letters, "body is", "bodies are");
    ob_say(p, " at work on a topic of ");
    obi_say_whose(p, &f->scope);
    ob_say(p, letters == 1 ? " while it is not so that each lists the other"
                           : " while not both list the other; the lines below go by topic, so "
                             "that a body may stand in several");
    ob_cite_rule(p, "partner");
    ob_say_end(p);
    say_reason(p, f, OB_REASON_UNLISTED, "on a topic of both, no list of ",
               " or of theirs names the other: ");
    say_reason(p, f, OB_REASON_ANSWER, "they list ", ", which does not list them: ");
    say_reason(p, f, OB_REASON_REMIND, "", " lists them, and they do not list it: ");
    say_answered(p, f);
    say_reason(p, f, OB_REASON_PUBLISHED, "their texts are out while ", " is at work: ");
    if (letters > 0) {
        ob_paper_table(p, "Bodies to write to, the weightiest reasons first.", heads,
                       OB_COUNT(heads));
        for (size_t i = 0; i < f->partners_count; i++) {
            if (needs_letter(&f->partners[i])) {
                partner_row(p, &f->partners[i]);
            }
        }
    }
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
    ob_day due = ob_timing_day(a->timing);
    bool wanted = due != 0 || ob_span_find_nocase(a->status, OB_SPAN("action"), 0) != SIZE_MAX;
    uint32_t answer = wanted ? answer_to(p, number) : OB_NONE;
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
    } else if (!wanted) {
        ob_say(p, "-");
    } else if (due != 0 && ob_days_late(due, p->map->as_of) > 0) {
        ob_say(p, "none is known, and the day is over");
    } else {
        ob_say(p, "none is known yet");
    }
}

void obi_activity_statements(ob_paper *p)
{
    static const char *const heads[] = {"Day", "Statement", "Title", "With", "For", "Answer"};
    const ob_map *m = p->map;
    obi_list sent = obi_list_make(p);
    obi_list received = obi_list_make(p);
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (obi_is_liaison(a) && ob_map_body_within(m, a->body, p->body)) {
            obi_list_add(&sent, i);
        } else if (obi_is_liaison(a) && ob_lists_body(m, i, p->body)) {
            obi_list_add(&received, i);
        }
    }
    ob_paper_heading(p, 1, "Liaison statements");
    ob_paper_paragraph(p);
    ob_say(p, "the landscape has ");
    ob_say_count(p, sent.count, "statement of ", "statements of ");
    ob_say_body(p, p->body);
    ob_say(p, received.count == 0 ? ", and none" : " and ");
    if (received.count > 0) {
        ob_say_count(p, received.count, "statement", "statements");
    }
    ob_say(p, " to it");
    ob_cite_rule(p, "answer");
    ob_say_end(p);
    if (sent.count + received.count > 0) {
        ob_paper_table(p, "Liaison statements that are known.", heads, OB_COUNT(heads));
        for (size_t i = 0; i < sent.count + received.count; i++) {
            bool ours = i < sent.count;
            statement_row(p, ours ? sent.items[i] : received.items[i - sent.count], ours);
        }
    }
    ob_paper_blank(p, "Which liaison statements came in or went out in the period that are not "
                      "listed here, and were they answered?");
}
