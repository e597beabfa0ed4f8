/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that stand beside blanks: what a person may want to know before judging. */
#include "map/paper_parts.h"
#include "map/paper_strategy.h"

static void say_some(ob_paper *p, size_t count)
{
    if (count == 0) {
        ob_say(p, "none");
    } else {
        ob_say_number(p, count);
    }
}

void obi_beside_stand(ob_paper *p, const obi_facts *f)
{
    size_t counts[OBI_DIRECTIONS] = {0};
    for (size_t i = 0; i < f->stands_count; i++) {
        counts[f->stands[i].direction]++;
    }
    if (f->stands_count == 0) {
        return;
    }
    ob_say(p, "of ");
    ob_say_count(p, f->stands_count, "topic of AI, ", "topics of AI, ");
    ob_say_body(p, p->body);
    ob_say(p, " leads on ");
    say_some(p, counts[OBI_LEAD]);
    ob_say(p, ", is at work beside others on ");
    say_some(p, counts[OBI_ALIGN]);
    ob_say(p, " and has no open work that speaks of AI on ");
    say_some(p, counts[OBI_KEEP] + counts[OBI_ADOPT] + counts[OBI_WATCH]);
    for (size_t i = 0; i < f->stands_count; i++) {
        ob_cite(p, OB_REF_TOPIC, f->stands[i].topic);
        ob_cite_activities(p, f->stands[i].ours.items, f->stands[i].ours.open);
    }
    ob_cite_rule(p, "direction");
    ob_say_end(p);
}

void obi_beside_partners(ob_paper *p, const obi_facts *f)
{
    size_t unlisted = 0;
    if (f->partners_count == 0) {
        return;
    }
    for (size_t i = 0; i < f->partners_count; i++) {
        unlisted += f->partners[i].reasons[0].kind == OB_REASON_UNLISTED;
        ob_cite(p, OB_REF_BODY, f->partners[i].body);
    }
    ob_say(p, "there is reason to write to ");
    ob_say_count(p, f->partners_count, "body", "bodies");
    ob_say(p, "; with ");
    say_some(p, unlisted);
    ob_say(p, " of them the reason is open work on both sides without a liaison");
    ob_cite_rule(p, "partner");
    ob_say_end(p);
}

/* The first days of the last ones tell how often they come. */
void obi_beside_plenaries(ob_paper *p)
{
    const ob_map *m = p->map;
    uint32_t last[3];
    size_t count = 0;
    for (uint32_t i = m->meetings_count; i-- > 0 && count < OB_COUNT(last);) {
        const ob_meeting *at = &m->meetings[i];
        if (at->body == p->body && ob_span_is_str(at->kind, "plenary") && at->end > at->start &&
            ob_day_last(at->start) < m->as_of) {
            last[count++] = i;
        }
    }
    if (count == 0) {
        return;
    }
    ob_say(p, count == 1 ? "the last plenary of " : "the last plenaries of ");
    ob_say_body(p, p->body);
    ob_say(p, " began on ");
    for (size_t i = count; i-- > 0;) {
        ob_say_day(p, m->meetings[last[i]].start);
        ob_say(p, i == 0 ? "" : i == 1 ? " and " : ", ");
        ob_cite(p, OB_REF_MEETING, last[i]);
    }
    ob_say_end(p);
    obi_say_announced(p);
}

/* The Questions that have the open work, in the order of that. */
void obi_beside_questions(ob_paper *p, const obi_facts *f)
{
    ob_span seen[24];
    size_t count = 0;
    size_t unknown = 0;
    for (size_t i = 0; i < f->ours.open; i++) {
        ob_span question = p->map->activities[f->ours.items[i]].question;
        size_t at = 0;
        while (at < count && !ob_span_is(seen[at], question)) {
            at++;
        }
        unknown += question.len == 0;
        if (question.len > 0 && at == count && count < OB_COUNT(seen)) {
            seen[count++] = question;
        }
    }
    if (count == 0) {
        return;
    }
    ob_say(p, "the open work on AI lies with ");
    for (size_t i = 0; i < count; i++) {
        ob_say_text(p, ob_span_str(i == 0 ? "" : i + 1 == count ? " and " : ", "));
        ob_say_text(p, seen[i]);
    }
    if (unknown > 0) {
        ob_say(p, "; for ");
        ob_say_count(p, unknown, "item the Question is not known",
                     "items the Question is not known");
    }
    ob_cite_activities(p, f->ours.items, f->ours.open);
    ob_say_end(p);
}

void obi_beside_stale(ob_paper *p, const obi_facts *f)
{
    if (f->stale_count == 0) {
        return;
    }
    ob_say(p, "the records of ");
    ob_say_number(p, f->stale_count);
    ob_sayf(p, " of %zu other bodies are stale", f->bodies_count);
    for (size_t i = 0; i < f->stale_count; i++) {
        ob_cite(p, OB_REF_BODY, f->stale[i]);
    }
    ob_cite_rule(p, "stale");
    ob_say_end(p);
}

void obi_beside_groups(ob_paper *p)
{
    const ob_map *m = p->map;
    uint32_t others[16];
    size_t count = 0;
    for (uint32_t i = 0; i < m->bodies_count && count < OB_COUNT(others); i++) {
        if (i != p->group && m->bodies[i].parent == p->body &&
            ob_span_is_str(m->bodies[i].kind, "correspondence group")) {
            others[count++] = i;
        }
    }
    if (count == 0) {
        return;
    }
    ob_say_body(p, p->body);
    ob_say(p, count == 1 ? " has another correspondence group: "
                         : " has other correspondence groups: ");
    ob_say_bodies(p, others, count, 0);
    ob_say_end(p);
}
