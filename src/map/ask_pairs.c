/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlaps, document by document: two documents of two bodies are near when they share a topic and
 * a word of their titles that few titles have, or two such words, or when a relation joins them.
 * What is shared counts by its information, log2(all / those that have it).
 */
#include "map/ask_overlaps.h"
#include "map/ask_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAIRS_MAX = 1000000,
    RARE_LEAST = 40, /* a word of up to so many titles is always a rare one */
    RARE_PART = 50   /* else one that no more than 1 in so many has */
};

#define BITS_LEAST 5.0

typedef struct finder {
    const ob_ask *ask;
    const ob_sort *sorts;
    obi_words words;
    uint32_t *topic_counts;
    uint32_t *shared; /* rare words shared with the document at hand, by activity */
    double *bits;
    uint32_t *types; /* of relations to it, a bit each */
    uint32_t *touched;
    size_t touched_count;
    ob_pair *pairs; /* heap */
    size_t count;
    size_t cap;
} finder;

static bool is_rare(const finder *f, uint32_t word)
{
    uint32_t most = f->ask->map->inside_count / RARE_PART;
    uint32_t count = f->words.words[word].count;
    return count > 1 && count <= (most > RARE_LEAST ? most : RARE_LEAST);
}

static double information(const finder *f, uint32_t count)
{
    return log2((double)f->ask->map->inside_count / (double)(count == 0 ? 1 : count));
}

/* Relations that say that two documents are of one subject. A reference alone does not. */
static bool joins(const ob_relation *r)
{
    return ob_relation_counts(r) &&
           (r->type == OB_REL_EQUIVALENT_TO || r->type == OB_REL_COMPLEMENTS ||
            r->type == OB_REL_CONTINUED_AS || r->type == OB_REL_CONTINUES ||
            r->type == OB_REL_FORMERLY_WORK_ITEM || r->type == OB_REL_RELATED ||
            (r->type == OB_REL_SET && r->set != OB_SET_NONE));
}

static void touch(finder *f, uint32_t other)
{
    if (f->shared[other] == 0 && f->types[other] == 0) {
        f->touched[f->touched_count++] = other;
    }
}

static void look_at_words(finder *f, uint32_t one)
{
    for (uint32_t i = f->words.first[one]; i < f->words.first[one + 1]; i++) {
        uint32_t word = f->words.numbers[i];
        if (!is_rare(f, word)) {
            continue;
        }
        double bits = information(f, f->words.words[word].count);
        for (uint32_t k = f->words.titles_first[word]; k < f->words.titles_first[word + 1]; k++) {
            uint32_t other = f->words.titles[k];
            touch(f, other);
            f->shared[other]++;
            f->bits[other] += bits;
        }
    }
}

static void look_at_relations(finder *f, uint32_t one)
{
    const ob_map *m = f->ask->map;
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, one);
    for (int back = 0; back < 2; back++) {
        const ob_edges *edges = back == 1 ? &m->in : &m->out;
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            uint32_t other = 0;
            if (!ob_relation_counts(r) ||
                ob_map_node(m, back == 1 ? r->from : r->to, &other) != OB_NODE_ACTIVITY ||
                other >= m->inside_count) {
                continue;
            }
            touch(f, other);
            f->types[other] |= 1u << (unsigned)r->type;
            if (joins(r)) {
                f->shared[other] += 1000; /* near whatever the titles say */
                f->bits[other] += 10.0;
            }
        }
    }
}

static bool relation_types(const finder *f, uint32_t types, ob_pair *p, ob_err *err)
{
    size_t count = 0;
    for (unsigned i = 0; i < OB_RELS; i++) {
        count += types >> i & 1u;
    }
    ob_span *names = OB_NEW(f->ask->arena, ob_span, count + 1, err);
    if (names == NULL) {
        return false;
    }
    p->types = (ob_names){names, 0};
    for (unsigned i = 0; i < OB_RELS; i++) {
        if ((types >> i & 1u) != 0) {
            names[p->types.count++] = ob_span_str(ob_relation_names[i]);
        }
    }
    return true;
}

static bool what_is_shared(const finder *f, ob_pair *p, ob_err *err)
{
    const ob_map *m = f->ask->map;
    const ob_activity *a = &m->activities[p->activity[0]];
    const ob_activity *b = &m->activities[p->activity[1]];
    uint32_t start = f->words.first[p->activity[0]];
    uint32_t end = f->words.first[p->activity[0] + 1];
    ob_span *topics = OB_NEW(f->ask->arena, ob_span, a->topics_count + 1, err);
    ob_span *words = OB_NEW(f->ask->arena, ob_span, (size_t)(end - start) + 1, err);
    if (topics == NULL || words == NULL) {
        return false;
    }
    p->topics = (ob_names){topics, 0};
    p->words = (ob_names){words, 0};
    for (size_t i = 0; i < a->topics_count; i++) {
        if (ob_activity_has_topic(b, a->topics[i])) {
            topics[p->topics.count++] = m->topics[a->topics[i]].id;
            p->score += information(f, f->topic_counts[a->topics[i]]);
        }
    }
    for (uint32_t i = start; i < end; i++) {
        uint32_t word = f->words.numbers[i];
        bool shared = false;
        for (uint32_t k = f->words.first[p->activity[1]];
             k < f->words.first[p->activity[1] + 1] && !shared; k++) {
            shared = f->words.numbers[k] == word;
        }
        if (shared && is_rare(f, word)) {
            words[p->words.count++] = f->words.words[word].text;
        }
    }
    return true;
}

static ob_lists lists(const ob_map *m, uint32_t one, uint32_t other)
{
    return ob_lists_body(m, one, m->activities[other].body) ? OB_LISTS_YES
           : !ob_activity_is_open(&m->activities[one])      ? OB_LISTS_DONE
           : ob_lists_known(m, one)                         ? OB_LISTS_NO
                                                            : OB_LISTS_UNKNOWN;
}

static bool add_pair(finder *f, uint32_t one, uint32_t other, bool swap, ob_err *err)
{
    const ob_map *m = f->ask->map;
    void *pairs = f->pairs;
    ob_pair p = {.activity = {swap ? other : one, swap ? one : other}, .score = f->bits[other]};
    if (!what_is_shared(f, &p, err) || !relation_types(f, f->types[other], &p, err)) {
        return false;
    }
    bool near = f->shared[other] >= 2 || p.topics.count > 0;
    if (!near || p.score < BITS_LEAST) {
        return true;
    }
    p.lists[0] = lists(m, p.activity[0], p.activity[1]);
    p.lists[1] = lists(m, p.activity[1], p.activity[0]);
    if (!ob_array_grow(&pairs, &f->cap, f->count, sizeof *f->pairs, PAIRS_MAX, err)) {
        return false;
    }
    f->pairs = pairs;
    f->pairs[f->count++] = p;
    return true;
}

/* Open work, and work that went on as another: that one names it still. */
static bool starts(const finder *f, uint32_t one)
{
    const ob_activity *a = &f->ask->map->activities[one];
    return (obi_is_work(a, f->sorts[one]) && ob_activity_is_open(a)) ||
           (a->went_on && a->body != OB_NONE && f->sorts[one] != OB_SORT_OTHER);
}

/* Are two near enough in life? What went on counts beside what it has a relation to. */
static bool may_pair(const finder *f, uint32_t one, uint32_t other)
{
    const ob_activity *a = &f->ask->map->activities[one];
    const ob_activity *b = &f->ask->map->activities[other];
    return a->went_on || b->went_on
               ? f->types[other] != 0 && (obi_is_work(b, f->sorts[other]) || b->went_on)
               : obi_is_work(b, f->sorts[other]);
}

/* Pairs of which one is open; with the other open, too, it is found once. */
static bool pairs_of(finder *f, uint32_t one, ob_err *err)
{
    const ob_map *m = f->ask->map;
    const ob_activity *a = &m->activities[one];
    bool good = true;
    f->touched_count = 0;
    look_at_words(f, one);
    look_at_relations(f, one);
    for (size_t i = 0; i < f->touched_count; i++) {
        uint32_t other = f->touched[i];
        const ob_activity *b = &m->activities[other];
        bool swap = false;
        bool first = !starts(f, other) || one < other;
        bool topic = f->ask->topic == OB_NONE || (ob_activity_has_topic(a, f->ask->topic) &&
                                                  ob_activity_has_topic(b, f->ask->topic));
        if (good && f->shared[other] > 0 && other != one && first && topic &&
            may_pair(f, one, other) && obi_bodies_wanted(f->ask, a->body, b->body, &swap)) {
            /* Without a body to look from, the lower number of a body comes first. */
            swap = f->ask->body == OB_NONE && f->ask->with == OB_NONE ? b->body < a->body : swap;
            good = add_pair(f, one, other, swap, err);
        }
        f->shared[other] = 0;
        f->bits[other] = 0.0;
        f->types[other] = 0;
    }
    return good;
}

static int nearest_first(const void *x, const void *y)
{
    const ob_pair *a = x;
    const ob_pair *b = y;
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->activity[0] != b->activity[0]) {
        return a->activity[0] < b->activity[0] ? -1 : 1;
    }
    return a->activity[1] < b->activity[1] ? -1 : a->activity[1] > b->activity[1];
}

static bool find_all(finder *f, ob_err *err)
{
    const ob_map *m = f->ask->map;
    ob_arena *arena = f->ask->arena;
    size_t most = (size_t)m->inside_count + 1;
    f->topic_counts = OB_NEW(arena, uint32_t, (size_t)m->topics_count + 1, err);
    f->shared = OB_NEW(arena, uint32_t, most, err);
    f->bits = OB_NEW(arena, double, most, err);
    f->types = OB_NEW(arena, uint32_t, most, err);
    f->touched = OB_NEW(arena, uint32_t, most, err);
    if (f->topic_counts == NULL || f->shared == NULL || f->bits == NULL || f->types == NULL ||
        f->touched == NULL || !obi_words_make(&f->words, arena, m, err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        for (size_t k = 0; k < m->activities[i].topics_count; k++) {
            f->topic_counts[m->activities[i].topics[k]]++;
        }
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        if (starts(f, i) && !pairs_of(f, i, err)) {
            return false;
        }
    }
    return true;
}

bool obi_ask_pairs(const ob_ask *ask, const ob_sort *sorts, ob_overlaps *overlaps, ob_err *err)
{
    finder f = {.ask = ask, .sorts = sorts};
    bool good = find_all(&f, err);
    ob_pair *copy = good ? OB_NEW(ask->arena, ob_pair, f.count + 1, err) : NULL;
    if (copy != NULL && f.count > 0) {
        qsort(f.pairs, f.count, sizeof *f.pairs, nearest_first);
        (void)memcpy(copy, f.pairs, f.count * sizeof *copy);
    }
    ob_mem_free(f.pairs);
    overlaps->pairs = copy;
    overlaps->pairs_count = f.count;
    return copy != NULL;
}
