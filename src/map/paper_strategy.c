/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strategy of a group: where its body stands, and what follows from that. What follows is by
 * rules that the paper prints; what only people can decide is a blank.
 */
#include "map/paper_strategy.h"

static void scope(ob_paper *p, const obi_facts *f)
{
    size_t all = f->ours.count;
    size_t open = f->ours.open;
    for (size_t i = 0; i < f->bodies_count; i++) {
        all += f->works[f->bodies[i]].count;
        open += f->works[f->bodies[i]].open;
    }
    ob_paper_heading(p, 1, "Scope and basis");
    ob_paper_paragraph(p);
    ob_say(p, "this strategy is for the work of ");
    ob_say_body(p, p->body);
    ob_say(p, " on the security of AI and on AI that serves security");
    if (p->group != OB_NONE) {
        ob_say(p, "; it is drawn up by ");
        ob_say_body(p, p->group);
    }
    ob_say_end(p);
    ob_sayf(p, "it rests on %zu documents and work items that speak of AI, %zu of them open, of ",
            all, open);
    ob_say_body(p, p->body);
    ob_say(p, " and ");
    ob_say_count(p, f->bodies_count, "other body", "other bodies");
    ob_say(p, ", and on ");
    ob_say_count(p, f->stands_count, "topic", "topics");
    ob_cite_activities(p, f->ours.items, f->ours.count);
    for (size_t i = 0; i < f->bodies_count; i++) {
        ob_cite_activities(p, f->works[f->bodies[i]].items, f->works[f->bodies[i]].count);
    }
    ob_cite_rule(p, "scope");
    ob_say_end(p);
    if (f->stale_count > 0) {
        ob_say(p, "the records of ");
        ob_say_bodies(p, f->stale, f->stale_count, 5);
        ob_say(p, " are stale: what this paper says of them may have changed");
        ob_cite_rule(p, "stale");
        ob_say_end(p);
    }
    ob_paper_blank(p, "What is the vision: what is this body to be known for in AI security at the "
                      "end of the study period?");
    obi_beside_stand(p, f);
}

static void figures_of_bodies(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Body", "Open work", "Published", "Topics of AI",
                                        "Last read"};
    ob_paper_table(p, "Bodies by their documents and work items that speak of AI.", heads,
                   OB_COUNT(heads));
    for (size_t i = 0; i <= f->bodies_count; i++) {
        uint32_t body = i == 0 ? p->body : f->bodies[i - 1];
        const obi_works *w = i == 0 ? &f->ours : &f->works[body];
        size_t topics = 0;
        for (size_t t = 0; t < f->stands_count; t++) {
            bool has = false;
            for (size_t k = 0; k < w->count; k++) {
                has = has ||
                      ob_activity_has_topic(&p->map->activities[w->items[k]], f->stands[t].topic);
            }
            topics += has;
        }
        ob_paper_cell(p);
        ob_say_body(p, body);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", w->open);
        ob_cite_activities(p, w->items, w->count);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", w->count - w->open);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", topics);
        ob_paper_cell(p);
        ob_say_day(p, p->map->bodies[body].data_day);
    }
}

static void counts(ob_paper *p, const obi_works *w)
{
    ob_paper_cell(p);
    ob_sayf(p, "%zu, %zu", w->open, w->count - w->open);
    ob_cite_activities(p, w->items, w->count);
}

static void figures_of_topics(ob_paper *p, const obi_facts *f)
{
    static const char *const heads[] = {"Topic", "This body: open, published",
                                        "Others: open, published", "Other bodies",
                                        "Most at work there: open, published"};
    ob_paper_table(p, "Topics of AI; those that the body is at work on come first.", heads,
                   OB_COUNT(heads));
    for (size_t i = 0; i < f->stands_count; i++) {
        const obi_stand *s = &f->stands[i];
        ob_paper_cell(p);
        ob_say_topic(p, s->topic);
        counts(p, &s->ours);
        counts(p, &s->theirs);
        ob_paper_cell(p);
        ob_sayf(p, "%zu", s->bodies);
        ob_paper_cell(p);
        if (s->rival != OB_NONE) {
            ob_say_body(p, s->rival);
            ob_sayf(p, ": %zu, %zu", s->rival_works.open,
                    s->rival_works.count - s->rival_works.open);
        } else {
            ob_say(p, "none");
        }
    }
}

/* Topics by direction; the works of the body on them are cited. */
static size_t topics_of(ob_paper *p, const obi_facts *f, obi_direction direction, uint32_t **topics)
{
    size_t count = 0;
    *topics = OB_NEW(p->arena, uint32_t, f->stands_count + 1, &p->err);
    for (size_t i = 0; *topics != NULL && i < f->stands_count; i++) {
        if (f->stands[i].direction == direction) {
            (*topics)[count++] = f->stands[i].topic;
        }
    }
    return count;
}

static void cite_stands(ob_paper *p, const obi_facts *f, obi_direction direction, bool theirs)
{
    for (size_t i = 0; i < f->stands_count; i++) {
        const obi_stand *s = &f->stands[i];
        if (s->direction == direction) {
            ob_cite_activities(p, s->ours.items, s->ours.count);
            if (theirs) {
                ob_cite_activities(p, s->rival_works.items, s->rival_works.count);
            }
        }
    }
    ob_cite_rule(p, "direction");
}

void obi_say_filled(ob_paper *p, const char *text, const uint32_t *topics, size_t count)
{
    ob_span piece = {0};
    for (ob_span rest = ob_span_str(text); ob_span_cut(&rest, '|', &piece);) {
        if (ob_span_is_str(piece, "body")) {
            ob_say_body(p, p->body);
        } else if (ob_span_is_str(piece, "topics")) {
            ob_say_topics(p, topics, count, 0);
        } else {
            ob_sayf(p, "%.*s", OB_SHOW(piece));
        }
    }
}

static void objectives(ob_paper *p, const obi_facts *f)
{
    static const struct {
        obi_direction direction;
        bool theirs; /* it rests on what others do, too */
        const char *text;
    } rows[] = {
        {OBI_LEAD, false,
         "keep the lead of |body| on |topics|: bring what is under way there to approval"},
        {OBI_ALIGN, true,
         "agree with the other bodies who does what on |topics|, where |body| is at work beside "
         "them"},
        {OBI_KEEP, false,
         "keep the texts of |body| on |topics| up to date: nothing is under way there"},
        {OBI_ADOPT, true,
         "refer to what others have published on |topics|, where |body| has neither texts nor "
         "open work that speak of AI"},
    };

    ob_paper_heading(p, 1, "Strategic objectives");
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        uint32_t *topics = NULL;
        size_t count = topics_of(p, f, rows[i].direction, &topics);
        if (count > 0) {
            ob_paper_bullet(p);
            obi_say_filled(p, rows[i].text, topics, count);
            cite_stands(p, f, rows[i].direction, rows[i].theirs);
            ob_say_end(p);
        }
    }
    obi_say_unlisted(p, f);
    obi_say_gaps(p, f);
    obi_say_timing(p, f);
    ob_paper_blank(p, "Which of these objectives come first?");
    obi_beside_partners(p, f);
}

/* Both sides may state it: a pair counts once. */
static size_t note_pair(uint32_t *ours, uint32_t *theirs, size_t count, uint32_t one,
                        uint32_t other)
{
    for (size_t i = 0; i < count; i++) {
        if (ours[i] == one && theirs[i] == other) {
            return 0;
        }
    }
    ours[count] = one;
    theirs[count] = other;
    return 1;
}

/* Texts that are standards of another body, too. */
static void common_texts(ob_paper *p)
{
    const ob_map *m = p->map;
    uint32_t *ours = OB_NEW(p->arena, uint32_t, (size_t)m->inside_count + 1, &p->err);
    uint32_t *theirs = OB_NEW(p->arena, uint32_t, (size_t)m->relations_count + 1, &p->err);
    size_t count = 0;
    if (ours == NULL || theirs == NULL) {
        return;
    }
    for (uint32_t i = 0; i < m->relations_count && count < m->inside_count; i++) {
        const ob_relation *r = &m->relations[i];
        uint32_t ends[2] = {0};
        if (r->type != OB_REL_EQUIVALENT_TO || !ob_relation_counts(r) ||
            ob_map_node(m, r->from, &ends[0]) != OB_NODE_ACTIVITY ||
            ob_map_node(m, r->to, &ends[1]) != OB_NODE_ACTIVITY) {
            continue;
        }
        for (int k = 0; k < 2; k++) {
            const ob_activity *one = &m->activities[ends[k]];
            const ob_activity *other = &m->activities[ends[1 - k]];
            if (ob_activity_is_live(one) && one->body != OB_NONE && other->body != OB_NONE &&
                ob_map_body_within(m, one->body, p->body) &&
                !ob_map_body_within(m, other->body, p->body)) {
                count += note_pair(ours, theirs, count, ends[k], ends[1 - k]);
                break;
            }
        }
    }
    if (count == 0) {
        return;
    }
    ob_paper_bullet(p);
    ob_say_count(p, count, "text of ", "texts of ");
    ob_say_body(p, p->body);
    ob_say(p, count == 1 ? " is a standard of another body, too: "
                         : " are standards of others, too: ");
    for (size_t i = 0; i < count; i++) {
        ob_say_text(p, ob_span_str(i == 0 ? "" : i + 1 == count ? " and " : ", "));
        ob_say_activity(p, ours[i]);
        ob_say(p, " as ");
        ob_say_activity(p, theirs[i]);
    }
    ob_say_end(p);
}

static void swot(ob_paper *p, const obi_facts *f)
{
    ob_paper_heading(p, 1, "SWOT in brief");
    for (size_t part = 0; part < OBI_PARTS; part++) {
        ob_paper_heading(p, 2, obi_part_names[part]);
        if (obi_say_part(p, f, part, 2) == 0) {
            ob_paper_bullet(p);
            ob_say(p, "the landscape shows none of this kind for ");
            ob_say_body(p, p->body);
            ob_say_end(p);
        }
    }
}

static void write(ob_paper *p)
{
    obi_facts facts = {0};
    if (!obi_facts_make(&facts, p, &p->err)) {
        return;
    }
    scope(p, &facts);
    ob_paper_heading(p, 1, "The landscape in figures");
    figures_of_bodies(p, &facts);
    figures_of_topics(p, &facts);
    objectives(p, &facts);
    ob_paper_heading(p, 1, "Value proposition");
    common_texts(p);
    obi_say_value(p, &facts);
    ob_paper_blank(p, "What does a member gain by bringing its AI security work to this body?");
    swot(p, &facts);
    obi_say_directions(p, &facts);
    obi_say_recommendations(p, &facts);
    obi_say_timeline(p, &facts);
    obi_say_requirements(p, &facts);
    ob_paper_heading(p, 1, "Resources and risks");
    ob_paper_blank(p, "Who does the work: editors, rapporteurs, meetings, means?");
    obi_beside_questions(p, &facts);
    ob_paper_blank(p, "Which risks does the body accept, and until when?");
    obi_beside_stale(p, &facts);
}

const ob_paper_kind ob_paper_kind_strategy = {.id = "strategy",
                                              .title = "Strategy",
                                              .flags = OB_PAPER_NEEDS_CATALOGUE,
                                              .rules = obi_rules,
                                              .rules_count = OBI_RULES,
                                              .write = write};
