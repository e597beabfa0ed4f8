/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlaps: subjects on which two bodies work. Everything is done topic by topic: the works of a
 * topic side by side by body, and a table that tells for each of these bodies whom its works list.
 */
#include "map/ask_overlaps.h"

#include <string.h>

bool obi_is_work(const ob_activity *a)
{
    return a->body != OB_NONE && ob_activity_is_live(a) && ob_sort_of(a->kind) != OB_SORT_OTHER;
}

bool obi_bodies_wanted(const ob_ask *ask, uint32_t a, uint32_t b, bool *swap)
{
    const ob_map *m = ask->map;
    *swap = false;
    if (a == b || ob_map_body_within(m, a, b) || ob_map_body_within(m, b, a)) {
        return false;
    }
    for (int turn = 0; turn < 2; turn++) {
        uint32_t one = turn == 0 ? a : b;
        uint32_t other = turn == 0 ? b : a;
        if ((ask->body == OB_NONE || ob_map_body_within(m, one, ask->body)) &&
            (ask->with == OB_NONE || ob_map_body_within(m, other, ask->with))) {
            *swap = turn == 1;
            return true;
        }
    }
    return false;
}

/* One body within one topic. */
typedef struct side {
    uint32_t body;
    uint32_t *works;
    size_t count;
    size_t open;
    bool known;  /* it is known of some work whom it lists */
    bool *lists; /* bodies that its works list, and those above them */
} side;

/* The rows of all subjects, growing; moved to the arena in order at the end. */
typedef struct rows {
    ob_subject *items; /* heap */
    size_t count;
    size_t cap;
} rows;

enum {
    SUBJECTS_MAX = 4000000,
    RANKS = 12
};

typedef struct topic_works {
    const ob_ask *ask;
    const uint32_t *first; /* works of topic t: numbers[first[t]] ... */
    const uint32_t *numbers;
    side *sides;
    uint32_t *side_of; /* by body */
    uint32_t *works;
    bool *lists;
    size_t count;
} topic_works;

static void mark_lists(const ob_map *m, side *s, uint32_t activity)
{
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, activity);
    for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
        const ob_relation *r = &m->relations[m->out.numbers[i]];
        for (uint32_t b = r->type == OB_REL_LIAISON_WITH ? r->to : OB_NONE; b != OB_NONE;
             b = m->bodies[b].parent) {
            s->lists[b] = true;
        }
    }
}

/* Sorts the works of a topic by body, open ones first, in the order of their numbers. */
static bool split_topic(topic_works *w, uint32_t topic, ob_err *err)
{
    const ob_map *m = w->ask->map;
    size_t total = w->first[topic + 1] - w->first[topic];
    w->count = 0;
    w->works = OB_NEW(w->ask->arena, uint32_t, total + 1, err);
    if (w->works == NULL) {
        return false;
    }
    for (uint32_t b = 0; b < m->bodies_count; b++) {
        w->side_of[b] = OB_NONE;
    }
    for (uint32_t i = w->first[topic]; i < w->first[topic + 1]; i++) {
        uint32_t body = m->activities[w->numbers[i]].body;
        if (w->side_of[body] == OB_NONE) {
            w->side_of[body] = (uint32_t)w->count;
            w->sides[w->count] = (side){
                .body = body, .lists = &w->lists[w->count * m->bodies_count]};
            (void)memset(w->sides[w->count].lists, 0, m->bodies_count);
            w->count++;
        }
        w->sides[w->side_of[body]].count++;
    }
    uint32_t *at = w->works;
    for (size_t i = 0; i < w->count; i++) {
        w->sides[i].works = at;
        at += w->sides[i].count;
        w->sides[i].count = 0;
    }
    for (int open = 1; open >= 0; open--) {
        for (uint32_t i = w->first[topic]; i < w->first[topic + 1]; i++) {
            const ob_activity *a = &m->activities[w->numbers[i]];
            side *s = &w->sides[w->side_of[a->body]];
            if (ob_state_is_open(a->state) == (open == 1)) {
                s->works[s->count++] = w->numbers[i];
                s->open += (size_t)open;
                s->known = s->known || (open == 1 && ob_lists_known(m, w->numbers[i]));
                mark_lists(m, s, w->numbers[i]);
            }
        }
    }
    return true;
}

static ob_lists lists(const side *one, const side *other)
{
    return one->lists[other->body] ? OB_LISTS_YES
           : one->open == 0        ? OB_LISTS_DONE
           : one->known            ? OB_LISTS_NO
                                   : OB_LISTS_UNKNOWN;
}

static bool add_subject(rows *all, uint32_t topic, const side *a, const side *b, ob_err *err)
{
    void *items = all->items;
    if (!ob_array_grow(&items, &all->cap, all->count, sizeof *all->items, SUBJECTS_MAX, err)) {
        return false;
    }
    all->items = items;
    all->items[all->count++] =
        (ob_subject){.topic = topic,
                     .body = {a->body, b->body},
                     .works = {a->works, b->works},
                     .count = {a->count, b->count},
                     .open = {a->open, b->open},
                     .lists = {lists(a, b), lists(b, a)}};
    return true;
}

static bool pair_sides(rows *all, const topic_works *w, uint32_t topic, ob_err *err)
{
    const ob_map *m = w->ask->map;
    for (uint32_t x = 0; x < m->bodies_count; x++) {
        const side *a = w->side_of[x] == OB_NONE ? NULL : &w->sides[w->side_of[x]];
        for (uint32_t y = x + 1; a != NULL && y < m->bodies_count; y++) {
            const side *b = w->side_of[y] == OB_NONE ? NULL : &w->sides[w->side_of[y]];
            bool swap = false;
            if (b == NULL || a->open + b->open == 0 || !obi_bodies_wanted(w->ask, x, y, &swap)) {
                continue;
            }
            if (!add_subject(all, topic, swap ? b : a, swap ? a : b, err)) {
                return false;
            }
        }
    }
    return true;
}

/* Works of each topic, by number. */
static bool by_topic(topic_works *w, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t *first = OB_NEW(w->ask->arena, uint32_t, (size_t)m->topics_count + 2, err);
    size_t total = 0;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        total += m->activities[i].topics_count;
    }
    uint32_t *numbers = first == NULL ? NULL : OB_NEW(w->ask->arena, uint32_t, total + 1, err);
    if (numbers == NULL) {
        return false;
    }
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < m->inside_count; i++) {
            const ob_activity *a = &m->activities[i];
            for (size_t k = 0; obi_is_work(a) && k < a->topics_count; k++) {
                if (turn == 0) {
                    first[a->topics[k] + 2]++;
                } else {
                    numbers[first[a->topics[k] + 1]++] = i;
                }
            }
        }
        for (uint32_t t = 0; turn == 0 && t < m->topics_count; t++) {
            first[t + 2] += first[t + 1];
        }
    }
    w->first = first;
    w->numbers = numbers;
    return true;
}

/* What needs doing most first: both at work before one; no liaison, then one way; what is known
 * before what is not. */
static size_t rank_of(const ob_subject *s)
{
    bool both = s->open[0] > 0 && s->open[1] > 0;
    size_t listed =
        (size_t)(s->lists[0] == OB_LISTS_YES) + (size_t)(s->lists[1] == OB_LISTS_YES);
    bool unknown = s->lists[0] == OB_LISTS_UNKNOWN || s->lists[1] == OB_LISTS_UNKNOWN;
    return (both ? 0u : 6u) + listed * 2 + unknown;
}

static bool in_order(const rows *all, const ob_ask *ask, ob_overlaps *out, ob_err *err)
{
    size_t starts[RANKS + 1] = {0};
    ob_subject *sorted = OB_NEW(ask->arena, ob_subject, all->count + 1, err);
    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < all->count; i++) {
        starts[rank_of(&all->items[i]) + 1]++;
    }
    for (size_t r = 0; r < RANKS; r++) {
        starts[r + 1] += starts[r];
    }
    for (size_t i = 0; i < all->count; i++) {
        sorted[starts[rank_of(&all->items[i])]++] = all->items[i];
    }
    out->subjects = sorted;
    out->subjects_count = all->count;
    return true;
}

static bool collect(rows *all, topic_works *w, ob_err *err)
{
    const ob_map *m = w->ask->map;
    size_t bodies = (size_t)m->bodies_count + 1;
    w->sides = OB_NEW(w->ask->arena, side, bodies, err);
    w->side_of = w->sides == NULL ? NULL : OB_NEW(w->ask->arena, uint32_t, bodies, err);
    w->lists = w->side_of == NULL ? NULL : OB_NEW(w->ask->arena, bool, bodies * bodies, err);
    if (w->lists == NULL || !by_topic(w, err)) {
        return false;
    }
    for (uint32_t t = 0; t < m->topics_count; t++) {
        if ((w->ask->topic == OB_NONE || w->ask->topic == t) &&
            (!split_topic(w, t, err) || !pair_sides(all, w, t, err))) {
            return false;
        }
    }
    return true;
}

bool ob_ask_overlaps(const ob_ask *ask, ob_overlaps *overlaps, ob_err *err)
{
    rows all = {0};
    topic_works w = {.ask = ask};
    ob_overlaps made = {0};
    bool good = collect(&all, &w, err) && in_order(&all, ask, &made, err) &&
                obi_ask_pairs(ask, &made, err);
    ob_mem_free(all.items);
    if (good) {
        *overlaps = made;
    }
    return good;
}
