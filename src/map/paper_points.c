/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The points of a SWOT, each a fact and what it rests on. A point says itself as one bullet, or
 * tells that there is nothing to say.
 */
#include "map/paper_points.h"

const char *const obi_part_names[OBI_PARTS] = {"Strengths", "Weaknesses", "Opportunities",
                                               "Threats"};

static const char *be(size_t count)
{
    return count == 1 ? "is" : "are";
}

uint32_t *obi_pick_topics(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s),
                          size_t *count)
{
    uint32_t *topics = OB_NEW(p->arena, uint32_t, f->stands_count + 1, &p->err);
    *count = 0;
    for (size_t i = 0; topics != NULL && i < f->stands_count; i++) {
        if (test(&f->stands[i])) {
            topics[(*count)++] = f->stands[i].topic;
        }
    }
    return topics;
}

static void cite_ours(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s))
{
    for (size_t i = 0; i < f->stands_count; i++) {
        if (test(&f->stands[i])) {
            ob_cite_activities(p, f->stands[i].ours.items, f->stands[i].ours.count);
        }
    }
}

static bool leads(const obi_stand *s)
{
    return s->direction == OBI_LEAD;
}

static bool lead_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, leads, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_body(p, p->body);
    ob_say(p, " leads on ");
    ob_say_topics(p, topics, count, 0);
    ob_say(p, ": it has open work, no other body has more, and all records are fresh");
    cite_ours(p, f, leads);
    ob_cite_rule(p, "direction");
    ob_say_end(p);
    return true;
}

static bool alone(const obi_stand *s)
{
    return s->ours.open > 0 && s->theirs.open == 0;
}

static bool alone_and_no_lead(const obi_stand *s)
{
    return alone(s) && !leads(s);
}

static bool say_alone(ob_paper *p, const obi_facts *f, bool (*test)(const obi_stand *s))
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, test, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_body(p, p->body);
    ob_say(p, " is the only body known to be at work on ");
    ob_say_topics(p, topics, count, 0);
    for (size_t i = 0; i < f->stands_count; i++) {
        if (test(&f->stands[i]) && f->stands[i].stale) {
            ob_say(p, ", though some records of others there are stale");
            ob_cite_rule(p, "stale");
            break;
        }
    }
    cite_ours(p, f, test);
    ob_cite_rule(p, "scope");
    ob_say_end(p);
    return true;
}

static bool alone_point(ob_paper *p, const obi_facts *f)
{
    return say_alone(p, f, alone_and_no_lead);
}

static uint32_t *split(ob_paper *p, const obi_works *w, bool (*test)(const ob_paper *, uint32_t),
                       size_t *count)
{
    uint32_t *items = OB_NEW(p->arena, uint32_t, w->count + 1, &p->err);
    *count = 0;
    for (size_t i = 0; items != NULL && i < w->count; i++) {
        if (test(p, w->items[i])) {
            items[(*count)++] = w->items[i];
        }
    }
    return items;
}

static bool is_text(const ob_paper *p, uint32_t activity)
{
    return !ob_activity_is_open(&p->map->activities[activity]);
}

static bool texts_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *texts = split(p, &f->ours, is_text, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_body(p, p->body);
    ob_say(p, " has published ");
    ob_say_count(p, count, "text that speaks of AI: ", "texts that speak of AI: ");
    ob_say_activities(p, texts, count, 6);
    ob_cite_rule(p, "scope");
    ob_say_end(p);
    return true;
}

/* Documents of the body that requirements of the catalogue rest on. */
static bool rests_point(ob_paper *p, const obi_facts *f)
{
    uint32_t documents[8];
    size_t count = 0;
    size_t requirements = 0;
    for (size_t i = 0; i < f->coverage.bodies_count; i++) {
        if (ob_map_body_within(p->map, f->coverage.bodies[i].body, p->body)) {
            requirements += f->coverage.bodies[i].requirements;
        }
    }
    for (size_t i = 0; i < f->coverage.rows_count && count < OB_COUNT(documents); i++) {
        uint32_t index = 0;
        if (ob_map_node(p->map, f->coverage.rows[i].node, &index) == OB_NODE_ACTIVITY &&
            p->map->activities[index].body != OB_NONE &&
            ob_map_body_within(p->map, p->map->activities[index].body, p->body)) {
            documents[count++] = index;
        }
    }
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_sayf(p, "%zu of the %u requirements of the catalogue rest on documents of ", requirements,
            p->map->requirements_count);
    ob_say_body(p, p->body);
    ob_say(p, ": ");
    ob_say_activities(p, documents, count, 0);
    ob_cite_rule(p, "rests");
    ob_say_end(p);
    return true;
}

/* Work of others that lists the body. */
static bool listed_point(ob_paper *p, const obi_facts *f)
{
    const ob_map *m = p->map;
    uint32_t *bodies = OB_NEW(p->arena, uint32_t, (size_t)m->bodies_count + 1, &p->err);
    uint32_t *items = OB_NEW(p->arena, uint32_t, (size_t)m->inside_count + 1, &p->err);
    size_t bodies_count = 0;
    size_t count = 0;
    if (bodies == NULL || items == NULL) {
        return false;
    }
    for (size_t b = 0; b < f->bodies_count; b++) {
        const obi_works *w = &f->works[f->bodies[b]];
        size_t before = count;
        for (size_t i = 0; i < w->open; i++) {
            if (ob_lists_body(m, w->items[i], p->body)) {
                items[count++] = w->items[i];
            }
        }
        if (count > before) {
            bodies[bodies_count++] = f->bodies[b];
        }
    }
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_count(p, count, "open work item of ", "open work items of ");
    ob_say_bodies(p, bodies, bodies_count, 6);
    ob_say(p, count == 1 ? " names " : " name ");
    ob_say_body(p, p->body);
    ob_say(p, " as a liaison: ");
    ob_say_activities(p, items, count, 6);
    ob_say_end(p);
    return true;
}

static bool has_no_day(const ob_paper *p, uint32_t activity)
{
    const ob_activity *a = &p->map->activities[activity];
    return ob_activity_is_open(a) && ob_timing_day(a->timing) == 0;
}

static bool timing_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *items = split(p, &f->ours, has_no_day, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "no timing is known for ");
    if (count == f->ours.open) {
        ob_say(p, "any open work item of ");
    } else {
        ob_sayf(p, "%zu of the %zu open work items of ", count, f->ours.open);
    }
    ob_say_body(p, p->body);
    ob_say(p, " on AI: ");
    ob_say_activities(p, items, count, 4);
    ob_say_end(p);
    return true;
}

static bool is_late(const ob_paper *p, uint32_t activity)
{
    const ob_activity *a = &p->map->activities[activity];
    ob_day due = ob_activity_is_open(a) ? ob_timing_day(a->timing) : 0;
    return due != 0 && ob_day_last(due) < p->map->as_of;
}

static bool late_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *items = split(p, &f->ours, is_late, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_activities(p, items, count, 6);
    ob_sayf(p, " %s past the timing that %s set", be(count), count == 1 ? "was" : "were");
    ob_cite_rule(p, "late");
    ob_say_end(p);
    return true;
}

bool obi_is_gap(const obi_stand *s)
{
    return s->gap == OB_GAP_EMPTY && s->ours.count == 0;
}

static bool gap_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, obi_is_gap, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_body(p, p->body);
    ob_say(p, " has neither a standard nor open work towards one on ");
    ob_say_topics(p, topics, count, 0);
    ob_say(p, ", by records last read in ");
    ob_say_day(p, p->map->bodies[p->body].data_day);
    ob_cite_rule(p, "gap");
    ob_say_end(p);
    return true;
}

static bool is_planned(const obi_stand *s)
{
    return s->gap == OB_GAP_PLANNED && s->ours.open > 0;
}

static bool planned_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, is_planned, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "on ");
    ob_say_topics(p, topics, count, 0);
    ob_say(p, ", ");
    ob_say_body(p, p->body);
    ob_say(p, " is at work on standards and has none yet");
    cite_ours(p, f, is_planned);
    ob_cite_rule(p, "gap");
    ob_say_end(p);
    return true;
}

static bool lists_nobody(const ob_paper *p, uint32_t activity)
{
    const ob_map *m = p->map;
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, activity);
    for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
        if (m->relations[m->out.numbers[i]].type == OB_REL_LIAISON_WITH) {
            return false;
        }
    }
    return ob_activity_is_open(&m->activities[activity]);
}

static bool liaison_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *items = split(p, &f->ours, lists_nobody, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "no liaison is known for ");
    ob_say_activities(p, items, count, 6);
    ob_say_end(p);
    return true;
}

static bool reported(const ob_paper *p, uint32_t activity)
{
    return ob_ref_reported(p, &(ob_ref){.kind = OB_REF_ACTIVITY, .index = activity});
}

static bool reported_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *items = split(p, &f->ours, reported, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_activities(p, items, count, 6);
    ob_sayf(p, " %s known from reports of others only", be(count));
    ob_say_end(p);
    return true;
}

void obi_say_gaps(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, obi_is_gap, &count);
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "decide on ");
        ob_say_topics(p, topics, count, 0);
        ob_say(p, ", on which ");
        ob_say_body(p, p->body);
        ob_say(p, " has nothing: register work, or leave it to others");
        ob_cite_rule(p, "gap");
        ob_say_end(p);
    }
}

/* The weightiest first. */
static obi_point *const points[OBI_PARTS][8] = {
    {lead_point, texts_point, alone_point, rests_point, listed_point},
    {late_point, gap_point, planned_point, timing_point, liaison_point, reported_point},
    {obi_adopt_point, obi_answer_point, obi_unused_point},
    {obi_unlisted_point, obi_outnumbered_point, obi_sooner_point, obi_published_point,
     obi_stale_point},
};

size_t obi_say_part(ob_paper *p, const obi_facts *f, size_t part, size_t most)
{
    size_t said = 0;
    for (size_t i = 0; i < OB_COUNT(points[part]) && points[part][i] != NULL && said < most; i++) {
        said += points[part][i](p, f);
    }
    return said;
}

void obi_say_value(ob_paper *p, const obi_facts *f)
{
    (void)say_alone(p, f, alone);
    (void)rests_point(p, f);
    (void)listed_point(p, f);
}
