/* SPDX-License-Identifier: Apache-2.0 */
#include "map/paper_facts.h"

#include <stdlib.h>

enum {
    PAIRS_EACH = 2 /* of one work item: the nearest */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Acronyms are words of their own in capitals; "AIoT" may follow. */
static bool has_acronym(ob_span text)
{
    static const char *const acronyms[] = {"AI", "AIoT", "ML", "LLM", "LLMs", "GenAI"};
    for (size_t i = 0; i < OB_COUNT(acronyms); i++) {
        ob_span word = ob_span_str(acronyms[i]);
        for (size_t at = 0; (at = ob_span_find(text, word, at)) != SIZE_MAX; at++) {
            size_t end = at + word.len;
            if ((at == 0 || !is_letter(text.ptr[at - 1])) &&
                (end == text.len || !is_letter(text.ptr[end]))) {
                return true;
            }
        }
    }
    return false;
}

bool obi_speaks_of_ai(ob_span title)
{
    static const char *const phrases[] = {"artificial intelligence",
                                          "machine learning",
                                          "deep learning",
                                          "federated learning",
                                          "neural net",
                                          "language model",
                                          "generative",
                                          "agentic",
                                          "multi-agent",
                                          "intelligent agent",
                                          "intelligent customer",
                                          "deepfake",
                                          "adversarial"};
    for (size_t i = 0; i < OB_COUNT(phrases); i++) {
        if (ob_span_find_nocase(title, ob_span_str(phrases[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return has_acronym(title);
}

bool obi_is_stale(const ob_paper *p, ob_day day)
{
    int64_t age = ob_age_days(p->map, day);
    return age < 0 || age > (int64_t)p->ask.fresh_days;
}

/* While facts are made. */
typedef struct maker {
    const ob_paper *p;
    const ob_map *m;
    ob_arena *arena;
    bool *ai;
    obi_facts *f;
} maker;

static bool mark_ai(maker *k, ob_err *err)
{
    const ob_map *m = k->m;
    k->ai = OB_NEW(k->arena, bool, (size_t)m->activities_count + 1, err);
    if (k->ai == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        /* Where the title is not known, capitals in the id are all there is: XSTR.saAIoT. */
        bool speaks = a->title.len > 0 ? obi_speaks_of_ai(a->title)
                                       : ob_span_find(a->id, OB_SPAN("AI"), 0) != SIZE_MAX;
        k->ai[i] = speaks && ob_activity_is_live(a) && a->body != OB_NONE &&
                   ob_sort_of(a->kind) != OB_SORT_OTHER;
    }
    k->f->ai = k->ai;
    return true;
}

static bool is_ours(const maker *k, uint32_t body)
{
    return ob_map_body_within(k->m, body, k->p->body);
}

/* Works that pass: of a topic or any, ours or theirs or those of one body; open ones first. */
typedef struct filter {
    uint32_t topic;
    uint32_t body; /* OB_NONE: by .ours */
    bool ours;
} filter;

static bool passes(const maker *k, const filter *by, uint32_t activity)
{
    const ob_activity *a = &k->m->activities[activity];
    return k->ai[activity] && (by->topic == OB_NONE || ob_activity_has_topic(a, by->topic)) &&
           (by->body != OB_NONE ? a->body == by->body : is_ours(k, a->body) == by->ours);
}

static bool collect(const maker *k, const filter *by, obi_works *works, ob_err *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < k->m->inside_count; i++) {
        count += passes(k, by, i);
    }
    uint32_t *items = OB_NEW(k->arena, uint32_t, count + 1, err);
    *works = (obi_works){.items = items};
    for (int open = 1; items != NULL && open >= 0; open--) {
        for (uint32_t i = 0; i < k->m->inside_count; i++) {
            if (passes(k, by, i) && ob_activity_is_open(&k->m->activities[i]) == (open == 1)) {
                items[works->count++] = i;
                works->open += open == 1;
            }
        }
    }
    return items != NULL;
}

static bool find_rival(const maker *k, obi_stand *s, ob_err *err)
{
    const ob_map *m = k->m;
    obi_works best = {0};
    s->rival = OB_NONE;
    for (uint32_t b = 0; b < m->bodies_count; b++) {
        obi_works works = {0};
        if (is_ours(k, b) || k->f->works[b].count == 0) {
            continue;
        }
        if (!collect(k, &(filter){.topic = s->topic, .body = b}, &works, err)) {
            return false;
        }
        s->bodies += works.count > 0;
        s->stale = s->stale || (works.count > 0 && obi_is_stale(k->p, m->bodies[b].data_day));
        if (works.open > best.open || (works.open == best.open && works.count > best.count)) {
            best = works;
            s->rival = b;
        }
    }
    s->rival_works = best;
    return true;
}

static obi_direction direction_of(const obi_stand *s)
{
    if (s->ours.open > 0) {
        bool first = s->rival == OB_NONE ||
                     (s->rival_works.open <= s->ours.open && s->rival_works.count <= s->ours.count);
        return first && !s->stale ? OBI_LEAD : OBI_ALIGN;
    }
    if (s->ours.count > 0) {
        return OBI_KEEP;
    }
    return s->theirs.count > s->theirs.open ? OBI_ADOPT : OBI_WATCH;
}

/* A topic is one of AI if at least three live documents have it, and half of them speak of AI. */
static bool is_ai_topic(const maker *k, uint32_t topic)
{
    size_t all = 0;
    size_t ai = 0;
    for (uint32_t i = 0; i < k->m->inside_count; i++) {
        const ob_activity *a = &k->m->activities[i];
        bool has = ob_activity_is_live(a) && ob_activity_has_topic(a, topic);
        all += has;
        ai += has && k->ai[i];
    }
    return ai >= 3 && 2 * ai >= all;
}

static int more_work(const void *x, const void *y)
{
    const obi_stand *a = x;
    const obi_stand *b = y;
    if ((a->ours.open > 0) != (b->ours.open > 0)) {
        return a->ours.open > 0 ? -1 : 1;
    }
    size_t na = a->ours.count + a->theirs.count;
    size_t nb = b->ours.count + b->theirs.count;
    return na != nb ? (na > nb ? -1 : 1) : (a->topic > b->topic) - (a->topic < b->topic);
}

static bool make_stands(const maker *k, ob_err *err)
{
    obi_stand *stands = OB_NEW(k->arena, obi_stand, (size_t)k->m->topics_count + 1, err);
    ob_gaps gaps = {0};
    size_t used = 0;
    if (stands == NULL || !ob_ask_gaps(&k->p->ask, OB_SORT_STANDARD, &gaps, err)) {
        return false;
    }
    for (uint32_t t = 0; t < k->m->topics_count; t++) {
        obi_stand *s = &stands[used];
        if (!is_ai_topic(k, t)) {
            continue;
        }
        s->topic = t;
        if (!collect(k, &(filter){.topic = t, .body = OB_NONE, .ours = true}, &s->ours, err) ||
            !collect(k, &(filter){.topic = t, .body = OB_NONE}, &s->theirs, err) ||
            !find_rival(k, s, err)) {
            return false;
        }
        for (size_t i = 0; i < gaps.count; i++) {
            s->gap = gaps.cells[i].topic == t ? gaps.cells[i].state : s->gap;
        }
        s->direction = direction_of(s);
        used++;
    }
    qsort(stands, used, sizeof *stands, more_work);
    k->f->stands = stands;
    k->f->stands_count = used;
    return true;
}

static bool make_bodies(const maker *k, ob_err *err)
{
    const ob_map *m = k->m;
    uint32_t *bodies = OB_NEW(k->arena, uint32_t, (size_t)m->bodies_count + 1, err);
    uint32_t *stale = OB_NEW(k->arena, uint32_t, (size_t)m->bodies_count + 1, err);
    obi_works *works = OB_NEW(k->arena, obi_works, (size_t)m->bodies_count + 1, err);
    size_t used = 0;
    if (bodies == NULL || stale == NULL || works == NULL) {
        return false;
    }
    for (uint32_t b = 0; b < m->bodies_count; b++) {
        if (!collect(k, &(filter){.topic = OB_NONE, .body = b}, &works[b], err)) {
            return false;
        }
        if (works[b].count == 0 || is_ours(k, b)) {
            continue;
        }
        size_t at = used++;
        for (; at > 0 && works[bodies[at - 1]].count < works[b].count; at--) {
            bodies[at] = bodies[at - 1];
        }
        bodies[at] = b;
    }
    for (size_t i = 0; i < used; i++) {
        if (obi_is_stale(k->p, m->bodies[bodies[i]].data_day)) {
            stale[k->f->stale_count++] = bodies[i];
        }
    }
    k->f->bodies = bodies;
    k->f->bodies_count = used;
    k->f->stale = stale;
    k->f->works = works;
    return true;
}

static bool keep_ai(const maker *k, const uint32_t **items, size_t *count, ob_err *err)
{
    uint32_t *kept = OB_NEW(k->arena, uint32_t, *count + 1, err);
    size_t used = 0;
    for (size_t i = 0; kept != NULL && i < *count; i++) {
        if (k->ai[(*items)[i]]) {
            kept[used++] = (*items)[i];
        }
    }
    *items = kept;
    *count = used;
    return kept != NULL;
}

static int heavier(const void *x, const void *y)
{
    const ob_partner *a = x;
    const ob_partner *b = y;
    return a->weight != b->weight ? (a->weight > b->weight ? -1 : 1)
                                  : (a->body > b->body) - (a->body < b->body);
}

/* Reasons that AI gives: works of AI on both sides, and its topics. */
static bool filter_partner(const maker *k, const ob_partner *from, ob_partner *to, ob_err *err)
{
    ob_reason *reasons = OB_NEW(k->arena, ob_reason, from->count + 1, err);
    *to = (ob_partner){.body = from->body, .reasons = reasons, .meeting = from->meeting};
    for (size_t i = 0; reasons != NULL && i < from->count; i++) {
        ob_reason r = from->reasons[i];
        bool topic = r.topic == OB_NONE;
        for (size_t t = 0; t < k->f->stands_count; t++) {
            topic = topic || k->f->stands[t].topic == r.topic;
        }
        if (!keep_ai(k, &r.ours, &r.ours_count, err) ||
            !keep_ai(k, &r.theirs, &r.theirs_count, err)) {
            return false;
        }
        if (topic && r.ours_count > 0 && r.theirs_count > 0) {
            reasons[to->count++] = r;
            to->weight += ob_reason_weights[r.kind];
        }
    }
    return reasons != NULL;
}

static bool make_partners(const maker *k, ob_err *err)
{
    const ob_partner *all = NULL;
    size_t count = 0;
    if (!ob_ask_partners(&k->p->ask, &all, &count, err)) {
        return false;
    }
    ob_partner *kept = OB_NEW(k->arena, ob_partner, count + 1, err);
    size_t used = 0;
    for (size_t i = 0; kept != NULL && i < count; i++) {
        if (!filter_partner(k, &all[i], &kept[used], err)) {
            return false;
        }
        used += kept[used].count > 0;
    }
    if (kept != NULL) {
        qsort(kept, used, sizeof *kept, heavier);
    }
    k->f->partners = kept;
    k->f->partners_count = used;
    return kept != NULL;
}

static bool make_pairs(const maker *k, ob_err *err)
{
    ob_overlaps overlaps = {0};
    if (!ob_ask_overlaps(&k->p->ask, &overlaps, err)) {
        return false;
    }
    ob_pair *pairs = OB_NEW(k->arena, ob_pair, overlaps.pairs_count + 1, err);
    for (size_t i = 0; pairs != NULL && i < overlaps.pairs_count; i++) {
        const ob_pair *pair = &overlaps.pairs[i];
        size_t same = 0;
        for (size_t n = 0; n < k->f->pairs_count; n++) {
            same += pairs[n].activity[0] == pair->activity[0];
        }
        if (same < PAIRS_EACH && k->ai[pair->activity[0]] && k->ai[pair->activity[1]] &&
            ob_activity_is_open(&k->m->activities[pair->activity[0]])) {
            pairs[k->f->pairs_count++] = *pair;
        }
    }
    k->f->pairs = pairs;
    return pairs != NULL;
}

bool obi_facts_make(obi_facts *facts, const ob_paper *p, ob_err *err)
{
    obi_facts made = {0};
    maker k = {.p = p, .m = p->map, .arena = p->arena, .f = &made};
    if (!mark_ai(&k, err) || !make_bodies(&k, err) ||
        !collect(&k, &(filter){.topic = OB_NONE, .body = OB_NONE, .ours = true}, &made.ours, err) ||
        !make_stands(&k, err) || !make_partners(&k, err) || !make_pairs(&k, err) ||
        (p->map->catalogue != NULL && !ob_ask_coverage(&p->ask, OB_NONE, &made.coverage, err))) {
        return false;
    }
    *facts = made;
    return true;
}
