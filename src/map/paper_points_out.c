/* SPDX-License-Identifier: Apache-2.0 */
/* Points of a SWOT that come from others: opportunities and threats. */
#include "map/paper_points.h"

static const char *be(size_t count)
{
    return count == 1 ? "is" : "are";
}

/* Partners with a reason of a kind. */
static uint32_t *partners_with(ob_paper *p, const obi_facts *f, ob_reason_kind kind, size_t *count)
{
    uint32_t *bodies = OB_NEW(p->arena, uint32_t, f->partners_count + 1, &p->err);
    *count = 0;
    for (size_t i = 0; bodies != NULL && i < f->partners_count; i++) {
        bool has = false;
        for (size_t k = 0; k < f->partners[i].count; k++) {
            has = has || f->partners[i].reasons[k].kind == kind;
        }
        if (has) {
            bodies[(*count)++] = f->partners[i].body;
        }
    }
    return bodies;
}

static void cite_reasons(ob_paper *p, const obi_facts *f, ob_reason_kind kind)
{
    for (size_t i = 0; i < f->partners_count; i++) {
        for (size_t k = 0; k < f->partners[i].count; k++) {
            const ob_reason *r = &f->partners[i].reasons[k];
            if (r->kind == kind) {
                ob_cite_activities(p, r->ours, r->ours_count);
                ob_cite_activities(p, r->theirs, r->theirs_count);
            }
        }
    }
    ob_cite_rule(p, "partner");
}

bool obi_answer_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *bodies = partners_with(p, f, OB_REASON_ANSWER, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_bodies(p, bodies, count, 5);
    ob_say(p, count == 1 ? " lists " : " list ");
    ob_say_body(p, p->body);
    ob_say(p, " as a liaison, and the work of ");
    ob_say_body(p, p->body);
    ob_say(p, " on the same topics does not list ");
    ob_say(p, count == 1 ? "it: an answer is enough" : "them: an answer is enough");
    cite_reasons(p, f, OB_REASON_ANSWER);
    ob_say_end(p);
    return true;
}

bool obi_unlisted_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *bodies = partners_with(p, f, OB_REASON_UNLISTED, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_bodies(p, bodies, count, 5);
    ob_sayf(p, " %s at work on topics of ", be(count));
    ob_say_body(p, p->body);
    ob_say(p, ", and there neither side is known to list the other");
    cite_reasons(p, f, OB_REASON_UNLISTED);
    ob_say_end(p);
    return true;
}

bool obi_published_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *bodies = partners_with(p, f, OB_REASON_PUBLISHED, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_bodies(p, bodies, count, 5);
    ob_sayf(p, " %s published on topics on which ", count == 1 ? "has" : "have");
    ob_say_body(p, p->body);
    ob_say(p, " is still at work, without a liaison");
    cite_reasons(p, f, OB_REASON_PUBLISHED);
    ob_say_end(p);
    return true;
}

static bool adopts(const obi_stand *s)
{
    return s->direction == OBI_ADOPT;
}

bool obi_adopt_point(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *topics = obi_pick_topics(p, f, adopts, &count);
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "on ");
    ob_say_topics(p, topics, count, 0);
    ob_say(p, ", others have published, so that ");
    ob_say_body(p, p->body);
    ob_say(p, " can refer to their texts");
    for (size_t i = 0; i < f->stands_count; i++) {
        const obi_stand *s = &f->stands[i];
        if (adopts(s)) {
            ob_cite_activities(p, s->theirs.items + s->theirs.open,
                               s->theirs.count - s->theirs.open);
        }
    }
    ob_cite_rule(p, "direction");
    ob_say_end(p);
    return true;
}

/* Open work of the body that requirements could rest on. */
bool obi_unused_point(ob_paper *p, const obi_facts *f)
{
    uint32_t *items = OB_NEW(p->arena, uint32_t, f->coverage.unused_count + 1, &p->err);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < f->coverage.unused_count; i++) {
        if (f->ai[f->coverage.unused[i]]) {
            items[count++] = f->coverage.unused[i];
        }
    }
    if (count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say_count(p, count, "open work item of ", "open work items of ");
    ob_say_body(p, p->body);
    ob_sayf(p, " %s no requirement of the catalogue yet, and can take them up: ",
            count == 1 ? "bears" : "bear");
    ob_say_activities(p, items, count, 5);
    ob_cite_rule(p, "rests");
    ob_say_end(p);
    return true;
}

static bool outnumbered(const obi_stand *s)
{
    return s->ours.open > 0 && s->rival != OB_NONE && s->rival_works.open > s->ours.open;
}

bool obi_outnumbered_point(ob_paper *p, const obi_facts *f)
{
    bool any = false;
    for (size_t i = 0; i < f->stands_count; i++) {
        const obi_stand *s = &f->stands[i];
        if (!outnumbered(s)) {
            continue;
        }
        if (!any) {
            ob_paper_bullet(p);
        }
        ob_say_body(p, s->rival);
        ob_say(p, " has ");
        ob_say_count(p, s->rival_works.open, "open work item", "open work items");
        ob_say(p, " on ");
        ob_say_topic(p, s->topic);
        ob_say(p, ", ");
        ob_say_body(p, p->body);
        ob_say(p, " has ");
        ob_say_number(p, s->ours.open);
        if (obi_is_stale(p, p->map->bodies[s->rival].data_day)) {
            ob_say(p, "; the records of ");
            ob_say_body(p, s->rival);
            ob_say(p, " are stale, last read in ");
            ob_say_day(p, p->map->bodies[s->rival].data_day);
            ob_cite_rule(p, "stale");
        }
        ob_cite_activities(p, s->ours.items, s->ours.open);
        ob_cite_activities(p, s->rival_works.items, s->rival_works.open);
        ob_cite_rule(p, "tactic");
        ob_say_end(p);
        any = true;
    }
    return any;
}

/* The first work of others on a topic that is due before the first one of the body. */
static bool sooner(ob_paper *p, const obi_stand *s)
{
    uint32_t first[2] = {OB_NONE, OB_NONE};
    ob_day days[2] = {0};
    for (int side = 0; side < 2; side++) {
        const obi_works *w = side == 0 ? &s->ours : &s->theirs;
        for (size_t i = 0; i < w->open; i++) {
            ob_day day = ob_timing_day(p->map->activities[w->items[i]].timing);
            if (day >= p->map->as_of && (days[side] == 0 || day < days[side])) {
                days[side] = day;
                first[side] = w->items[i];
            }
        }
    }
    if (first[0] == OB_NONE || first[1] == OB_NONE || days[1] >= days[0]) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "on ");
    ob_say_topic(p, s->topic);
    ob_say(p, ", ");
    ob_say_activity(p, first[1]);
    ob_say(p, " of ");
    ob_say_body(p, p->map->activities[first[1]].body);
    ob_say(p, " is due in ");
    ob_say_day(p, days[1]);
    ob_say(p, ", before ");
    ob_say_activity(p, first[0]);
    ob_say(p, " of ");
    ob_say_body(p, p->body);
    ob_say(p, " in ");
    ob_say_day(p, days[0]);
    ob_say_end(p);
    return true;
}

bool obi_sooner_point(ob_paper *p, const obi_facts *f)
{
    bool any = false;
    for (size_t i = 0; i < f->stands_count; i++) {
        any = sooner(p, &f->stands[i]) || any;
    }
    return any;
}

bool obi_stale_point(ob_paper *p, const obi_facts *f)
{
    if (f->stale_count == 0) {
        return false;
    }
    ob_paper_bullet(p);
    ob_say(p, "the records of ");
    ob_say_bodies(p, f->stale, f->stale_count, 6);
    ob_say(p, " are stale: what changed there is not known, and no gap is claimed from them");
    ob_cite_rule(p, "stale");
    ob_say_end(p);
    return true;
}

void obi_say_unlisted(ob_paper *p, const obi_facts *f)
{
    size_t count = 0;
    uint32_t *bodies = partners_with(p, f, OB_REASON_UNLISTED, &count);
    if (count > 0) {
        ob_paper_bullet(p);
        ob_say(p, "open liaisons with ");
        ob_say_bodies(p, bodies, count, 5);
        ob_sayf(p, ", which %s at work on topics of ", be(count));
        ob_say_body(p, p->body);
        ob_say(p, " where no list names the other");
        cite_reasons(p, f, OB_REASON_UNLISTED);
        ob_say_end(p);
    }
}
