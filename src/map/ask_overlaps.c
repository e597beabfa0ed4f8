/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlaps: subjects on which two bodies work. Everything is done topic by topic: the works of a
 * topic side by side by body, and a table that tells for each of these bodies whom its works list.
 */
#include "map/ask_overlaps.h"
#include "map/ask_words.h"

#include <string.h>

bool obi_is_work(const ob_activity *a, ob_sort sort)
{
    return a->body != OB_NONE && ob_activity_is_live(a) && sort != OB_SORT_OTHER;
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
    uint32_t count;
    uint32_t open;
    bool known;  /* it is known of some work whom it lists */
    bool *lists; /* bodies that its works list, and those above them */
} side;

/* The bodies of one topic, by number. */
typedef struct table {
    side *sides;
    size_t count;
} table;

enum {
    RANKS = 12
};

typedef struct finder {
    const ob_ask *ask;
    const ob_sort *sorts;
    const uint32_t *first; /* works of topic t: numbers[first[t]] ... */
    const uint32_t *numbers;
    uint32_t *side_of; /* by body */
    table *tables;     /* by topic */
    size_t starts[RANKS + 1];
    ob_subject *subjects; /* NULL while they are counted */
} finder;

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

/* The bodies of a topic that are asked for, each with how many works it has there. */
static bool find_sides(finder *f, uint32_t topic, ob_err *err)
{
    const ob_map *m = f->ask->map;
    table *t = &f->tables[topic];
    uint32_t *counts = OB_NEW(f->ask->arena, uint32_t, (size_t)m->bodies_count + 1, err);
    if (counts == NULL) {
        return false;
    }
    for (uint32_t i = f->first[topic]; i < f->first[topic + 1]; i++) {
        uint32_t body = m->activities[f->numbers[i]].body;
        t->count += counts[body]++ == 0;
    }
    t->sides = OB_NEW(f->ask->arena, side, t->count + 1, err);
    bool *marks = OB_NEW(f->ask->arena, bool, t->count * m->bodies_count + 1, err);
    uint32_t *works =
        OB_NEW(f->ask->arena, uint32_t, (size_t)(f->first[topic + 1] - f->first[topic]) + 1, err);
    if (t->sides == NULL || marks == NULL || works == NULL) {
        return false;
    }
    size_t used = 0;
    for (uint32_t b = 0; b < m->bodies_count; b++) {
        if (counts[b] > 0) {
            t->sides[used] =
                (side){.body = b, .works = works, .lists = &marks[used * m->bodies_count]};
            works += counts[b];
            f->side_of[b] = (uint32_t)used++;
        }
    }
    return true;
}

/* Sorts the works of a topic by body, open ones first, in the order of their numbers. */
static bool split_topic(finder *f, uint32_t topic, ob_err *err)
{
    const ob_map *m = f->ask->map;
    if (!find_sides(f, topic, err)) {
        return false;
    }
    for (int open = 1; open >= 0; open--) {
        for (uint32_t i = f->first[topic]; i < f->first[topic + 1]; i++) {
            const ob_activity *a = &m->activities[f->numbers[i]];
            side *s = &f->tables[topic].sides[f->side_of[a->body]];
            if (ob_activity_is_open(a) == (open == 1)) {
                s->works[s->count++] = f->numbers[i];
                s->open += open == 1;
                s->known = s->known || (open == 1 && ob_lists_known(m, f->numbers[i]));
                mark_lists(m, s, f->numbers[i]);
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

/* What needs doing most first: both at work before one; no liaison, then one way; what is known
 * before what is not. */
static size_t rank_of(const side *a, const side *b)
{
    ob_lists there = lists(a, b);
    ob_lists back = lists(b, a);
    size_t listed = (size_t)(there == OB_LISTS_YES) + (size_t)(back == OB_LISTS_YES);
    bool unknown = there == OB_LISTS_UNKNOWN || back == OB_LISTS_UNKNOWN;
    return (a->open > 0 && b->open > 0 ? 0u : 6u) + listed * 2 + unknown;
}

static void take_pair(finder *f, uint32_t topic, const side *a, const side *b)
{
    size_t rank = rank_of(a, b);
    if (f->subjects == NULL) {
        f->starts[rank + 1]++;
        return;
    }
    f->subjects[f->starts[rank]++] = (ob_subject){.topic = topic,
                                                  .body = {a->body, b->body},
                                                  .works = {a->works, b->works},
                                                  .count = {a->count, b->count},
                                                  .open = {a->open, b->open},
                                                  .lists = {lists(a, b), lists(b, a)}};
}

static void pair_sides(finder *f, const table *t, uint32_t topic)
{
    for (size_t x = 0; x < t->count; x++) {
        for (size_t y = x + 1; y < t->count; y++) {
            const side *a = &t->sides[x];
            const side *b = &t->sides[y];
            bool swap = false;
            if (a->open + b->open > 0 && obi_bodies_wanted(f->ask, a->body, b->body, &swap)) {
                take_pair(f, topic, swap ? b : a, swap ? a : b);
            }
        }
    }
}

/* Works of each topic, by number. */
static bool by_topic(finder *w, ob_err *err)
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
            for (size_t k = 0; obi_is_work(a, w->sorts[i]) && k < a->topics_count; k++) {
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

/* All pairs are looked at twice: to know how many each rank has, and to put each into its place. */
static bool collect(finder *f, ob_overlaps *out, ob_err *err)
{
    const ob_map *m = f->ask->map;
    f->side_of = OB_NEW(f->ask->arena, uint32_t, (size_t)m->bodies_count + 1, err);
    f->tables = OB_NEW(f->ask->arena, table, (size_t)m->topics_count + 1, err);
    if (f->side_of == NULL || f->tables == NULL || !by_topic(f, err)) {
        return false;
    }
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t t = 0; t < m->topics_count; t++) {
            bool asked = f->ask->topic == OB_NONE || f->ask->topic == t;
            if (asked && turn == 0 && !split_topic(f, t, err)) {
                return false;
            }
            pair_sides(f, &f->tables[t], t);
        }
        for (size_t r = 0; turn == 0 && r < RANKS; r++) {
            f->starts[r + 1] += f->starts[r];
        }
        if (turn == 0) {
            out->subjects_count = f->starts[RANKS];
            f->subjects = OB_NEW(f->ask->arena, ob_subject, out->subjects_count + 1, err);
        }
        if (f->subjects == NULL) {
            return false;
        }
    }
    out->subjects = f->subjects;
    return true;
}

bool ob_ask_subjects(const ob_ask *ask, ob_overlaps *overlaps, ob_err *err)
{
    finder f = {.ask = ask};
    ob_overlaps made = {0};
    if (!obi_sorts_make(&f.sorts, ask->arena, ask->map, err) || !collect(&f, &made, err)) {
        return false;
    }
    *overlaps = made;
    return true;
}

bool ob_ask_overlaps(const ob_ask *ask, ob_overlaps *overlaps, ob_err *err)
{
    ob_overlaps made = {0};
    const ob_sort *sorts = NULL;
    if (!ob_ask_subjects(ask, &made, err) || !obi_sorts_make(&sorts, ask->arena, ask->map, err) ||
        !obi_ask_pairs(ask, sorts, &made, err)) {
        return false;
    }
    *overlaps = made;
    return true;
}
