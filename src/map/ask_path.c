/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path: all ways between two nodes. A breadth-first walk from the target gives each node's distance
 * to it; the walk from the start then turns back as soon as the distance is more than the steps
 * that are left, so it does nearly no step that is not part of a way.
 */
#include "map/ask.h"

#include <stdlib.h>
#include <string.h>

enum {
    FAR = 255
};

typedef struct walker {
    const ob_ask *ask;
    uint32_t from;
    uint32_t to;
    size_t steps;
    uint8_t *distance; /* to .to, FAR: no way, or a long one */
    bool *visited;
    ob_hop hops[OB_PATH_STEPS_MAX];
    ob_way *ways; /* heap */
    size_t count;
    size_t cap;
    bool cut;
} walker;

static bool is_body(const ob_map *m, uint32_t node)
{
    return node < m->bodies_count;
}

/* The edges of a node in both directions, as hops: number i of them; false behind the last. */
static bool edge(const ob_map *m, uint32_t node, uint32_t i, ob_hop *hop, uint32_t *other)
{
    uint32_t out = m->out.first[node + 1] - m->out.first[node];
    uint32_t in = m->in.first[node + 1] - m->in.first[node];
    if (i >= out + in) {
        return false;
    }
    hop->back = i >= out;
    hop->relation = i < out ? m->out.numbers[m->out.first[node] + i]
                            : m->in.numbers[m->in.first[node] + i - out];
    const ob_relation *r = &m->relations[hop->relation];
    *other = hop->back ? r->from : r->to;
    return true;
}

static bool measure(walker *w, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t *queue = OB_NEW(w->ask->arena, uint32_t, m->nodes_count, err);
    w->distance = OB_NEW(w->ask->arena, uint8_t, m->nodes_count, err);
    w->visited = OB_NEW(w->ask->arena, bool, m->nodes_count, err);
    if (queue == NULL || w->distance == NULL || w->visited == NULL) {
        return false;
    }
    (void)memset(w->distance, FAR, m->nodes_count);
    size_t head = 0;
    size_t tail = 0;
    queue[tail++] = w->to;
    w->distance[w->to] = 0;
    while (head < tail) {
        uint32_t node = queue[head++];
        ob_hop hop;
        uint32_t other = 0;
        for (uint32_t i = 0; edge(m, node, i, &hop, &other); i++) {
            if (w->distance[other] == FAR && w->distance[node] < FAR - 1 &&
                ob_relation_counts(&m->relations[hop.relation]) &&
                (!is_body(m, other) || other == w->from)) {
                w->distance[other] = (uint8_t)(w->distance[node] + 1);
                queue[tail++] = other;
            }
        }
    }
    return true;
}

/* What follows from the hops of a way for its two ends. */
static void compose(const ob_map *m, ob_way *way)
{
    way->sets = OB_SET_BIT(OB_SET_EQUAL);
    way->composed = true;
    way->weakest = OB_REVIEW_ACCEPTED;
    for (size_t i = 0; i < way->count; i++) {
        const ob_relation *r = &m->relations[way->hops[i].relation];
        if (r->type != OB_REL_SET) {
            way->composed = false;
            way->sets = OB_SET_ANY;
            return;
        }
        ob_set set = way->hops[i].back ? ob_set_turn(r->set) : r->set;
        way->sets = ob_set_compose(way->sets, OB_SET_BIT(set));
        way->weakest = r->review < way->weakest ? r->review : way->weakest;
    }
}

static bool keep(walker *w, size_t count, ob_err *err)
{
    void *ways = w->ways;
    if (w->count == OB_PATH_WAYS_MAX) {
        return ob_fail(err, OB_ERR_LIMIT,
                       "there are more than %d ways of up to %zu steps; ask for fewer with --steps",
                       OB_PATH_WAYS_MAX, w->steps);
    }
    if (!ob_array_grow(&ways, &w->cap, w->count, sizeof *w->ways, OB_PATH_WAYS_MAX, err)) {
        return false;
    }
    w->ways = ways;
    ob_hop *hops = OB_NEW(w->ask->arena, ob_hop, count, err);
    if (hops == NULL) {
        return false;
    }
    (void)memcpy(hops, w->hops, count * sizeof *hops);
    w->ways[w->count] = (ob_way){.hops = hops, .count = count};
    compose(w->ask->map, &w->ways[w->count++]);
    return true;
}

/* At most OB_PATH_STEPS_MAX deep. */
static bool walk(walker *w, uint32_t node, size_t depth,
                 ob_err *err) /* NOLINT(misc-no-recursion) */
{
    const ob_map *m = w->ask->map;
    ob_hop hop;
    uint32_t other = 0;
    w->visited[node] = true;
    for (uint32_t i = 0; edge(m, node, i, &hop, &other); i++) {
        if (w->visited[other] || w->distance[other] == FAR ||
            !ob_relation_counts(&m->relations[hop.relation])) {
            continue;
        }
        if (depth + 1 + w->distance[other] > w->steps) {
            w->cut = true;
            continue;
        }
        w->hops[depth] = hop;
        if (other == w->to ? !keep(w, depth + 1, err) : !walk(w, other, depth + 1, err)) {
            return false;
        }
    }
    w->visited[node] = false;
    return true;
}

/* Both ends touch one body. */
static bool by_bodies(walker *w, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t body = 0;
    uint32_t end = 0;
    for (uint32_t i = 0; w->steps >= 2 && edge(m, w->from, i, &w->hops[0], &body); i++) {
        if (!is_body(m, body) || body == w->to || body == w->from ||
            !ob_relation_counts(&m->relations[w->hops[0].relation])) {
            continue;
        }
        /* From the target's side, because a body has many edges and a document few. */
        ob_hop hop;
        for (uint32_t k = 0; edge(m, w->to, k, &hop, &end); k++) {
            if (end == body && ob_relation_counts(&m->relations[hop.relation])) {
                w->hops[1] = (ob_hop){hop.relation, !hop.back};
                if (!keep(w, 2, err)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static int compare_ways(const void *x, const void *y)
{
    const ob_way *a = x;
    const ob_way *b = y;
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->hops[i].relation != b->hops[i].relation) {
            return a->hops[i].relation < b->hops[i].relation ? -1 : 1;
        }
    }
    return 0;
}

static bool finish(walker *w, ob_ways *ways, ob_err *err)
{
    ob_way *copy = OB_NEW(w->ask->arena, ob_way, w->count + 1, err);
    if (copy == NULL) {
        return false;
    }
    if (w->count > 0) {
        qsort(w->ways, w->count, sizeof *w->ways, compare_ways);
        (void)memcpy(copy, w->ways, w->count * sizeof *copy);
    }
    *ways = (ob_ways){.ways = copy, .count = w->count, .sets = OB_SET_ANY, .cut = w->cut};
    for (size_t i = 0; i < w->count; i++) {
        ways->composed = ways->composed || copy[i].composed;
        ways->sets &= copy[i].sets;
    }
    return true;
}

bool ob_ask_path(const ob_ask *ask, uint32_t from, uint32_t to, size_t steps, ob_ways *ways,
                 ob_err *err)
{
    walker w = {.ask = ask, .from = from, .to = to, .steps = steps};
    if (from == to || steps == 0 || steps > OB_PATH_STEPS_MAX) {
        return ob_fail(err, OB_ERR_USAGE, "a path has two different ends, and from 1 to %d steps",
                       OB_PATH_STEPS_MAX);
    }
    bool good =
        measure(&w, err) && walk(&w, from, 0, err) && by_bodies(&w, err) && finish(&w, ways, err);
    ob_mem_free(w.ways);
    return good;
}

bool ob_ask_sets(const ob_ask *ask, uint32_t from, size_t steps, const ob_set_mask **masks,
                 ob_err *err)
{
    const ob_map *m = ask->map;
    ob_set_mask *before = OB_NEW(ask->arena, ob_set_mask, m->nodes_count, err);
    ob_set_mask *after = OB_NEW(ask->arena, ob_set_mask, m->nodes_count, err);
    if (before == NULL || after == NULL) {
        return false;
    }
    (void)memset(before, OB_SET_ANY, m->nodes_count);
    before[from] = OB_SET_BIT(OB_SET_EQUAL);
    for (size_t step = 0; step < steps; step++) {
        (void)memcpy(after, before, m->nodes_count);
        for (uint32_t i = 0; i < m->relations_count; i++) {
            const ob_relation *r = &m->relations[i];
            if (r->type != OB_REL_SET || !ob_relation_counts(r)) {
                continue;
            }
            /* Nothing follows from a contradiction but that it is one. */
            if (before[r->from] != OB_SET_ANY && before[r->from] != 0) {
                after[r->to] &= ob_set_compose(before[r->from], OB_SET_BIT(r->set));
            }
            if (before[r->to] != OB_SET_ANY && before[r->to] != 0) {
                after[r->from] &= ob_set_compose(before[r->to], OB_SET_BIT(ob_set_turn(r->set)));
            }
        }
        (void)memcpy(before, after, m->nodes_count);
    }
    *masks = before;
    return true;
}
