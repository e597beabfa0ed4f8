/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suggest: each document is looked for by its own words. What it scores with itself is the measure
 * of what others score, so that long and short titles compare; a pair gets the mean of both ways.
 */
#include "map/search.h"
#include "map/suggest.h"

#include <ombud/sys.h>
#include <stdlib.h>
#include <string.h>

enum {
    HITS = 16,        /* looked at for each document */
    SUMMARY_MAX = 400 /* bytes of a summary that are asked with */
};

typedef struct finder {
    const ob_ask *ask;
    ob_index *index;
    ob_suggestion *items; /* heap; one a hit, the lower number first */
    size_t count;
    size_t cap;
} finder;

static bool take_part(const ob_ask *ask, uint32_t one, uint32_t other)
{
    const ob_map *m = ask->map;
    const ob_activity *a = &m->activities[one];
    const ob_activity *b = &m->activities[other];
    bool ours = ask->body == OB_NONE || ob_map_body_within(m, a->body, ask->body) ||
                ob_map_body_within(m, b->body, ask->body);
    bool topic = ask->topic == OB_NONE ||
                 (ob_activity_has_topic(a, ask->topic) && ob_activity_has_topic(b, ask->topic));
    return ours && topic && (a->body != b->body || ask->body != OB_NONE) &&
           ob_activity_is_live(a) && ob_activity_is_live(b) &&
           ob_sort_of(a->kind) != OB_SORT_OTHER && ob_sort_of(b->kind) != OB_SORT_OTHER;
}

/* Any relation between the two, whatever its state. */
static bool related(const ob_map *m, uint32_t one, uint32_t other)
{
    uint32_t ends[2] = {ob_map_node_of(m, OB_NODE_ACTIVITY, one),
                        ob_map_node_of(m, OB_NODE_ACTIVITY, other)};
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = m->out.first[ends[turn]]; i < m->out.first[ends[turn] + 1]; i++) {
            if (m->relations[m->out.numbers[i]].to == ends[1 - turn]) {
                return true;
            }
        }
    }
    return false;
}

static bool words_of(const ob_map *m, uint32_t number, ob_buf *out, ob_err *err)
{
    const ob_activity *a = &m->activities[number];
    ob_buf_reset(out);
    ob_buf_add(out, a->title);
    for (size_t i = 0; i < a->topics_count; i++) {
        ob_buf_add_char(out, ' ');
        ob_buf_add(out, m->topics[a->topics[i]].id);
    }
    ob_buf_add_char(out, ' ');
    ob_buf_add(out, ob_span_sub(a->summary, 0, SUMMARY_MAX));
    return ob_buf_check(out, "words", err);
}

static bool add(finder *f, uint32_t one, uint32_t other, double part, ob_err *err)
{
    void *items = f->items;
    if (!ob_array_grow(&items, &f->cap, f->count, sizeof *f->items, 10000000, err)) {
        return false;
    }
    f->items = items;
    f->items[f->count++] =
        (ob_suggestion){{one < other ? one : other, one < other ? other : one}, part / 2};
    return true;
}

static bool look(finder *f, uint32_t number, ob_buf *words, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    const ob_map *m = f->ask->map;
    ob_match *matches = NULL;
    size_t count = 0;
    double self = 0.0;
    if (!words_of(m, number, words, err) ||
        !ob_index_search(f->index, &scratch, ob_buf_span(words), OB_INDEX_ANY, HITS, &matches,
                         &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        self = matches[i].number == number ? -matches[i].rank : self;
    }
    for (size_t i = 0; i < count && self > 0.0; i++) {
        uint32_t other = matches[i].number;
        double part = -matches[i].rank / self;
        if (other != number && take_part(f->ask, number, other) && !related(m, number, other) &&
            !add(f, number, other, part > 1.0 ? 1.0 : part, err)) {
            return false;
        }
    }
    return true;
}

static int by_pair(const void *x, const void *y)
{
    const ob_suggestion *a = x;
    const ob_suggestion *b = y;
    return memcmp(a->activity, b->activity, sizeof a->activity);
}

static int most_alike(const void *x, const void *y)
{
    const ob_suggestion *a = x;
    const ob_suggestion *b = y;
    if (a->likeness != b->likeness) {
        return a->likeness > b->likeness ? -1 : 1;
    }
    if (a->activity[0] != b->activity[0]) {
        return a->activity[0] < b->activity[0] ? -1 : 1;
    }
    return a->activity[1] < b->activity[1] ? -1 : a->activity[1] > b->activity[1];
}

/* One of each pair, with both halves of its likeness. */
static void join(finder *f)
{
    size_t kept = 0;
    if (f->count > 0) {
        qsort(f->items, f->count, sizeof *f->items, by_pair);
    }
    for (size_t i = 0; i < f->count; i++) {
        if (kept > 0 && by_pair(&f->items[kept - 1], &f->items[i]) == 0) {
            f->items[kept - 1].likeness += f->items[i].likeness;
        } else {
            f->items[kept++] = f->items[i];
        }
    }
    f->count = kept;
    if (kept > 0) {
        qsort(f->items, kept, sizeof *f->items, most_alike);
    }
}

static bool find(finder *f, ob_err *err)
{
    const ob_map *m = f->ask->map;
    OB_AUTO(ob_buf) words = {.max = 1u << 16};
    if (!ob_index_open(f->index, err) || !ob_map_index(m, f->index, err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        if (m->activities[i].title.len > 0 && !look(f, i, &words, err)) {
            return false;
        }
    }
    join(f);
    return true;
}

bool ob_ask_suggest(const ob_ask *ask, size_t most, const ob_suggestion **suggestions,
                    size_t *count, ob_err *err)
{
    OB_AUTO_CLOSE(ob_index) index = {0};
    finder f = {.ask = ask, .index = &index};
    bool good = find(&f, err);
    size_t used = 0;
    while (used < f.count && used < most && f.items[used].likeness >= OB_LIKENESS_LEAST) {
        used++;
    }
    ob_suggestion *copy = good ? OB_NEW(ask->arena, ob_suggestion, used + 1, err) : NULL;
    if (copy != NULL && used > 0) {
        (void)memcpy(copy, f.items, used * sizeof *copy);
    }
    ob_mem_free(f.items);
    if (copy != NULL) {
        *suggestions = copy;
        *count = used;
    }
    return copy != NULL;
}
