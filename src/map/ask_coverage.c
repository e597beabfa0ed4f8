/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coverage: which requirements rest on which clause, document and body; and the other way round,
 * which work no requirement rests on. By way of another document, or by set relations of its own, a
 * requirement reaches a framework as far as these say.
 */
#include "map/ask.h"

#include <stdlib.h>

enum {
    SET_STEPS = 3
};

typedef struct work {
    const ob_ask *ask;
    uint32_t framework;
    bool *used;     /* activities that a requirement rests on */
    bool *rests;    /* requirements that rest on the framework, or on anything */
    size_t *counts; /* requirements of an activity, each once */
} work;

/* The activity of a clause or an activity. */
static uint32_t owner_of(const ob_map *m, uint32_t node)
{
    uint32_t index = 0;
    ob_node_kind kind = ob_map_node(m, node, &index);
    return kind == OB_NODE_CLAUSE     ? m->clauses[index].owner
           : kind == OB_NODE_ACTIVITY ? index
                                      : OB_NONE;
}

/* Requirements by a node that they rest on. */
static bool requirements_of(const ob_ask *ask, uint32_t node, ob_cover *cover, ob_err *err)
{
    const ob_map *m = ask->map;
    uint32_t start = m->in.first[node];
    uint32_t end = m->in.first[node + 1];
    uint32_t *list = OB_NEW(ask->arena, uint32_t, (size_t)(end - start) + 1, err);
    if (list == NULL) {
        return false;
    }
    *cover = (ob_cover){.node = node, .requirements = list};
    for (uint32_t i = start; i < end; i++) {
        const ob_relation *r = &m->relations[m->in.numbers[i]];
        uint32_t requirement = 0;
        if (r->type == OB_REL_RESTS_ON && ob_relation_counts(r) &&
            ob_map_node(m, r->from, &requirement) == OB_NODE_REQUIREMENT) {
            list[cover->count++] = requirement;
        }
    }
    return true;
}

static bool tally(work *w, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t *last = OB_NEW(w->ask->arena, uint32_t, (size_t)m->activities_count + 1, err);
    w->used = OB_NEW(w->ask->arena, bool, (size_t)m->activities_count + 1, err);
    w->rests = OB_NEW(w->ask->arena, bool, (size_t)m->requirements_count + 1, err);
    w->counts = OB_NEW(w->ask->arena, size_t, (size_t)m->activities_count + 1, err);
    if (last == NULL || w->used == NULL || w->rests == NULL || w->counts == NULL) {
        return false;
    }
    for (uint32_t q = 0; q < m->requirements_count; q++) {
        uint32_t node = ob_map_node_of(m, OB_NODE_REQUIREMENT, q);
        for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
            const ob_relation *r = &m->relations[m->out.numbers[i]];
            uint32_t a = r->type == OB_REL_RESTS_ON ? owner_of(m, r->to) : OB_NONE;
            if (a == OB_NONE) {
                continue;
            }
            w->used[a] = true;
            w->rests[q] = w->rests[q] || w->framework == OB_NONE || w->framework == a;
            w->counts[a] += last[a] != q + 1;
            last[a] = q + 1;
        }
    }
    return true;
}

static int more_first(const void *x, const void *y)
{
    const ob_cover *a = x;
    const ob_cover *b = y;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return a->node < b->node ? -1 : a->node > b->node;
}

static int number_first(const void *x, const void *y)
{
    const uint32_t *a = x;
    const uint32_t *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* The requirements of a document: those of all its clauses, each once. */
static bool document(const work *w, uint32_t activity, ob_cover *row, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, activity);
    bool *seen = OB_NEW(w->ask->arena, bool, (size_t)m->requirements_count + 1, err);
    uint32_t *list = OB_NEW(w->ask->arena, uint32_t, w->counts[activity] + 1, err);
    if (seen == NULL || list == NULL) {
        return false;
    }
    *row = (ob_cover){.node = node, .requirements = list};
    for (uint32_t c = 0; c <= m->clauses_count; c++) {
        ob_cover part = {0};
        bool ours = c == m->clauses_count || m->clauses[c].owner == activity;
        uint32_t at = c == m->clauses_count ? node : ob_map_node_of(m, OB_NODE_CLAUSE, c);
        if (ours && !requirements_of(w->ask, at, &part, err)) {
            return false;
        }
        for (size_t i = 0; i < part.count; i++) {
            if (!seen[part.requirements[i]]) {
                seen[part.requirements[i]] = true;
                list[row->count++] = part.requirements[i];
            }
        }
    }
    qsort(list, row->count, sizeof *list, number_first);
    return true;
}

static bool make_rows(const work *w, ob_coverage *c, ob_err *err)
{
    const ob_map *m = w->ask->map;
    size_t most = (size_t)m->clauses_count + m->activities_count + 1;
    ob_cover *rows = OB_NEW(w->ask->arena, ob_cover, most, err);
    if (rows == NULL) {
        return false;
    }
    if (w->framework == OB_NONE) {
        for (uint32_t i = 0; i < m->activities_count; i++) {
            if (w->used[i] && !document(w, i, &rows[c->rows_count++], err)) {
                return false;
            }
        }
        qsort(rows, c->rows_count, sizeof *rows, more_first);
    } else {
        uint32_t node = ob_map_node_of(m, OB_NODE_ACTIVITY, w->framework);
        for (uint32_t i = 0; i < m->clauses_count; i++) {
            if (m->clauses[i].owner == w->framework &&
                !requirements_of(w->ask, ob_map_node_of(m, OB_NODE_CLAUSE, i),
                                 &rows[c->rows_count++], err)) {
                return false;
            }
        }
        if (!requirements_of(w->ask, node, &rows[c->rows_count], err)) {
            return false;
        }
        c->rows_count += rows[c->rows_count].count > 0;
    }
    c->rows = rows;
    return true;
}

/* Do set relations say something about a node? */
static bool has_sets(const ob_map *m, uint32_t node)
{
    for (int in = 0; in < 2; in++) {
        const ob_edges *edges = in ? &m->in : &m->out;
        for (uint32_t i = edges->first[node]; i < edges->first[node + 1]; i++) {
            const ob_relation *r = &m->relations[edges->numbers[i]];
            if (r->type == OB_REL_SET && ob_relation_counts(r)) {
                return true;
            }
        }
    }
    return false;
}

static bool says_nothing(ob_set_mask mask)
{
    return mask == OB_SET_ANY || mask == OB_SET_BIT(OB_SET_NONE);
}

/* Documents that requirements rest on, and that relate to the framework as sets. */
static bool by_documents(const work *w, const ob_set_mask *masks, uint32_t node, ob_cover_by *by,
                         size_t *count, ob_err *err)
{
    const ob_map *m = w->ask->map;
    for (uint32_t i = 0; i < m->activities_count; i++) {
        ob_set_mask mask = masks[ob_map_node_of(m, OB_NODE_ACTIVITY, i)];
        ob_cover row = {0};
        if (!w->used[i] || i == w->framework || says_nothing(mask)) {
            continue;
        }
        if (!document(w, i, &row, err)) {
            return false;
        }
        for (size_t k = 0; k < row.count; k++) {
            if (!w->rests[row.requirements[k]]) {
                by[(*count)++] =
                    (ob_cover_by){row.requirements[k], i, node, ob_set_turn_mask(mask)};
            }
        }
    }
    return true;
}

/* Requirements that themselves relate to the framework or a clause of it as sets. */
static void by_requirements(const work *w, const ob_set_mask *masks, uint32_t node, ob_cover_by *by,
                            size_t *count)
{
    const ob_map *m = w->ask->map;
    for (uint32_t q = 0; q < m->requirements_count; q++) {
        ob_set_mask mask = masks[ob_map_node_of(m, OB_NODE_REQUIREMENT, q)];
        if (!says_nothing(mask)) {
            by[(*count)++] = (ob_cover_by){q, OB_NONE, node, ob_set_turn_mask(mask)};
        }
    }
}

static bool find_by(const work *w, ob_coverage *c, ob_err *err)
{
    const ob_map *m = w->ask->map;
    size_t most = 0;
    size_t nodes = 0;
    if (w->framework == OB_NONE) {
        return true;
    }
    uint32_t document_node = ob_map_node_of(m, OB_NODE_ACTIVITY, w->framework);
    uint32_t *list = OB_NEW(w->ask->arena, uint32_t, (size_t)m->clauses_count + 1, err);
    if (list == NULL) {
        return false;
    }
    list[nodes++] = document_node;
    for (uint32_t i = 0; i < m->clauses_count; i++) {
        uint32_t node = ob_map_node_of(m, OB_NODE_CLAUSE, i);
        if (m->clauses[i].owner == w->framework && has_sets(m, node)) {
            list[nodes++] = node;
        }
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        most += w->counts[i];
    }
    ob_cover_by *by =
        OB_NEW(w->ask->arena, ob_cover_by, most + nodes * m->requirements_count + 1, err);
    for (size_t i = 0; by != NULL && i < nodes; i++) {
        const ob_set_mask *masks = NULL;
        if (!ob_ask_sets(w->ask, list[i], SET_STEPS, &masks, err) ||
            (list[i] == document_node && !by_documents(w, masks, list[i], by, &c->by_count, err))) {
            return false;
        }
        by_requirements(w, masks, list[i], by, &c->by_count);
    }
    c->by = by;
    return by != NULL;
}

static bool make_bodies(const work *w, ob_coverage *c, ob_err *err)
{
    const ob_map *m = w->ask->map;
    ob_cover_body *bodies = OB_NEW(w->ask->arena, ob_cover_body, (size_t)m->bodies_count + 1, err);
    uint32_t *last = OB_NEW(w->ask->arena, uint32_t, (size_t)m->bodies_count + 1, err);
    if (bodies == NULL || last == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        bodies[i].body = i;
    }
    for (uint32_t i = 0; i < m->activities_count; i++) {
        if (w->used[i] && m->activities[i].body != OB_NONE) {
            bodies[m->activities[i].body].documents++;
        }
    }
    for (uint32_t q = 0; q < m->requirements_count; q++) {
        uint32_t node = ob_map_node_of(m, OB_NODE_REQUIREMENT, q);
        for (uint32_t i = m->out.first[node]; i < m->out.first[node + 1]; i++) {
            const ob_relation *r = &m->relations[m->out.numbers[i]];
            uint32_t a = r->type == OB_REL_RESTS_ON ? owner_of(m, r->to) : OB_NONE;
            uint32_t body = a == OB_NONE ? OB_NONE : m->activities[a].body;
            if (body != OB_NONE && last[body] != q + 1) {
                bodies[body].requirements++;
                last[body] = q + 1;
            }
        }
    }
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        ob_cover_body row = bodies[i];
        size_t at = c->bodies_count;
        for (; row.requirements > 0 && at > 0 && bodies[at - 1].requirements < row.requirements;
             at--) {
            bodies[at] = bodies[at - 1];
        }
        if (row.requirements > 0) {
            bodies[at] = row;
            c->bodies_count++;
        }
    }
    c->bodies = bodies;
    return true;
}

static bool make_lists(const work *w, ob_coverage *c, ob_err *err)
{
    const ob_map *m = w->ask->map;
    uint32_t *without = OB_NEW(w->ask->arena, uint32_t, (size_t)m->requirements_count + 1, err);
    uint32_t *unused = OB_NEW(w->ask->arena, uint32_t, (size_t)m->inside_count + 1, err);
    if (without == NULL || unused == NULL) {
        return false;
    }
    for (uint32_t q = 0; q < m->requirements_count; q++) {
        if (!w->rests[q]) {
            without[c->without_count++] = q;
        }
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (!w->used[i] && ob_activity_is_open(a) && ob_sort_of(a->kind) != OB_SORT_OTHER &&
            (w->ask->body == OB_NONE || ob_map_body_within(m, a->body, w->ask->body)) &&
            (w->ask->topic == OB_NONE || ob_activity_has_topic(a, w->ask->topic))) {
            unused[c->unused_count++] = i;
        }
    }
    c->without = without;
    c->unused = unused;
    return true;
}

bool ob_ask_coverage(const ob_ask *ask, uint32_t framework, ob_coverage *coverage, ob_err *err)
{
    work w = {.ask = ask, .framework = framework};
    ob_coverage made = {0};
    if (ask->map->catalogue == NULL) {
        return ob_fail(err, OB_ERR_BUG, "coverage was asked of a map without a catalogue");
    }
    if (!tally(&w, err) || !make_rows(&w, &made, err) || !find_by(&w, &made, err) ||
        !make_bodies(&w, &made, err) || !make_lists(&w, &made, err)) {
        return false;
    }
    *coverage = made;
    return true;
}
