/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clauses as nodes of the graph: those that requirements of the catalogue rest on, and those that a
 * set relation names. All are known before the relations are, as requirements are numbered behind
 * them.
 */
#include "map/landscape_core.h"

#include <ctype.h>
#include <ombud/json.h>
#include <ombud/text.h>
#include <stdlib.h>

/* A requirement rests on a clause, or on a document as a whole. */
typedef struct rest {
    uint32_t requirement; /* OB_NONE: only a set relation names the clause */
    uint32_t activity;
    ob_span clause;
} rest;

/* "10.2a" and "10.2A" are one clause, as they are to those who look for it. */
static int compare_nocase(ob_span a, ob_span b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < least; i++) {
        int x = tolower((unsigned char)a.ptr[i]);
        int y = tolower((unsigned char)b.ptr[i]);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int compare_rests(const void *a, const void *b)
{
    const rest *x = a;
    const rest *y = b;
    if (x->activity != y->activity) {
        return x->activity < y->activity ? -1 : 1;
    }
    int order = compare_nocase(x->clause, y->clause);
    return order != 0                         ? order
           : x->requirement != y->requirement ? (x->requirement < y->requirement ? -1 : 1)
                                              : 0;
}

static bool same_clause(const rest *a, const rest *b)
{
    return a->activity == b->activity && ob_span_is_nocase(a->clause, b->clause);
}

/* "X.1452/10.2": the longest part before a slash that is the name of a document. */
static bool split(const obi_loader *l, ob_span text, rest *r, ob_err *err)
{
    size_t cut = text.len;
    r->activity = OB_NONE;
    while (cut > 0) {
        if (!ob_map_find(l->map, ob_span_sub(text, 0, cut), &r->activity, err)) {
            return false;
        }
        if (r->activity != OB_NONE) {
            break;
        }
        while (cut > 0 && text.ptr[cut - 1] != '/') {
            cut--;
        }
        cut = cut > 0 ? cut - 1 : 0;
    }
    r->clause = cut < text.len ? ob_span_sub(text, cut + 1, text.len) : (ob_span){0};
    return true;
}

static bool rest_on(obi_loader *l, const ob_requirement *q, ob_span family, ob_span text, rest *r,
                    bool *found, ob_err *err)
{
    const ob_scheme *scheme = NULL;
    for (uint32_t i = 0; i < l->map->schemes_count; i++) {
        scheme = ob_span_is(l->schemes[i].id, family) ? &l->schemes[i] : scheme;
    }
    *found = false;
    l->doc = &l->docs[OBI_FILE_SCHEMES];
    if (scheme == NULL) {
        return obi_map_mistake(l, ob_yaml_get(l->doc->root, "schemes"), err,
                               "%.*s of the catalogue refers to the family %.*s, which has no row",
                               OB_SHOW(q->id), OB_SHOW(family));
    }
    if (scheme->activity != OB_NONE) {
        r->activity = scheme->activity;
        r->clause = text;
    } else if (!split(l, text, r, err)) {
        return false;
    }
    if (r->activity == OB_NONE) {
        return obi_map_mistake(l, scheme->place.at, err,
                               "%.*s of the catalogue refers to '%.*s', which nothing here is; "
                               "declare its document in external.yaml",
                               OB_SHOW(q->id), OB_SHOW(text));
    }
    *found = true;
    return true;
}

static bool collect(obi_loader *l, rest *rests, size_t *count, ob_err *err)
{
    const ob_catalogue *c = l->from->catalogue;
    for (size_t i = 0; i < c->requirements_count; i++) {
        const ob_yaml *maps = c->requirements[i].mappings;
        for (size_t k = 0; maps != NULL && k < maps->count; k++) {
            for (size_t n = 0; n < maps->items[k].count; n++) {
                rest r = {.requirement = (uint32_t)i};
                bool found = false;
                if (!rest_on(l, &c->requirements[i], maps->keys[k].text,
                             maps->items[k].items[n].text, &r, &found, err)) {
                    return false;
                }
                if (found) {
                    rests[(*count)++] = r;
                }
            }
        }
    }
    return true;
}

static bool make_clauses(obi_loader *l, const rest *rests, size_t count, ob_err *err)
{
    l->clauses = OB_NEW(l->arena, ob_clause, count, err);
    l->map->clauses = l->clauses;
    for (size_t i = 0; l->clauses != NULL && i < count; i++) {
        const rest *r = &rests[i];
        bool again = i > 0 && same_clause(&rests[i - 1], r);
        if (again || r->clause.len == 0) {
            continue;
        }
        ob_clause *made = &l->clauses[l->map->clauses_count++];
        *made = (ob_clause){.owner = r->activity, .number = r->clause};
        if (!ob_arena_printf(l->arena, &made->id, err, "%.*s#%.*s",
                             OB_SHOW(l->activities[r->activity].id), OB_SHOW(r->clause))) {
            return false;
        }
    }
    return l->clauses != NULL;
}

/* The clause that an end of a relation names, "X.1452#10.2"; what nothing here is, the relation's
 * own reading tells. */
static bool mention(obi_loader *l, ob_span text, rest *rests, size_t *count, ob_err *err)
{
    size_t hash = ob_span_find(text, OB_SPAN("#"), 0);
    rest r = {.requirement = OB_NONE, .activity = OB_NONE};
    if (hash == SIZE_MAX || hash + 1 >= text.len) {
        return true;
    }
    r.clause = ob_span_sub(text, hash + 1, text.len);
    if (!ob_map_find(l->map, ob_span_sub(text, 0, hash), &r.activity, err)) {
        return false;
    }
    if (r.activity != OB_NONE) {
        rests[(*count)++] = r;
    }
    return true;
}

static bool mention_readings(obi_loader *l, rest *rests, size_t *count, ob_err *err)
{
    static const char *const ends[] = {"from", "to"};
    for (size_t i = 0; i < l->relation_readings_count; i++) {
        const ob_reading *reading = &l->relation_readings[i];
        OB_AUTO(ob_arena) scratch = {0};
        ob_json_doc doc = {0};
        /* Most name none, and are not parsed twice. */
        if (ob_span_find(reading->body, OB_SPAN("#"), 0) == SIZE_MAX) {
            continue;
        }
        if (!ob_json_parse(&doc, &scratch, reading->body, err)) {
            return ob_wrap(err, "reading %llu of the store", (unsigned long long)reading->seq);
        }
        for (size_t k = 0; k < OB_COUNT(ends); k++) {
            ob_span text = ob_json_text(doc.root, ends[k]);
            size_t hash = ob_span_find(text, OB_SPAN("#"), 0);
            if (hash != SIZE_MAX && (!ob_arena_dup(l->arena, text, &text, err) ||
                                     !mention(l, text, rests, count, err))) {
                return false;
            }
        }
    }
    return true;
}

static bool mention_file(obi_loader *l, const ob_yaml *list, rest *rests, size_t *count,
                         ob_err *err)
{
    static const char *const ends[] = {"from", "to"};
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        for (size_t k = 0; k < OB_COUNT(ends); k++) {
            const ob_yaml *end = ob_yaml_get(&list->items[i], ends[k]);
            if (end != NULL && end->kind == OB_YAML_SCALAR &&
                !mention(l, end->text, rests, count, err)) {
                return false;
            }
        }
    }
    return true;
}

static int by_subject(const void *a, const void *b)
{
    const ob_reading *x = a;
    const ob_reading *y = b;
    int order = ob_span_compare(x->subject, y->subject);
    if (order == 0) {
        order = ob_span_compare(x->day, y->day);
    }
    return order != 0 ? order : x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* What was said later about the same two goes before: a suggestion is accepted so. */
static void keep_last_relations(obi_loader *l)
{
    size_t kept = 0;
    if (l->relation_readings_count > 0) {
        qsort(l->relation_readings, l->relation_readings_count, sizeof *l->relation_readings,
              by_subject);
    }
    for (size_t i = 0; i < l->relation_readings_count; i++) {
        const ob_reading *r = &l->relation_readings[i];
        bool last = i + 1 == l->relation_readings_count || r->subject.len == 0 ||
                    !ob_span_is(r->subject, r[1].subject);
        if (last) {
            l->relation_readings[kept++] = *r;
        }
    }
    l->relation_readings_count = kept;
}

static size_t count_mappings(const ob_catalogue *c)
{
    size_t most = 0;
    for (size_t i = 0; c != NULL && i < c->requirements_count; i++) {
        const ob_yaml *maps = c->requirements[i].mappings;
        for (size_t k = 0; maps != NULL && k < maps->count; k++) {
            most += maps->items[k].count;
        }
    }
    return most;
}

/* The relations of a rest: what rests on it, and the clause to its document, once. */
static bool relate(obi_loader *l, const rest *r, uint32_t to, bool again, ob_err *err)
{
    bool required = r->requirement != OB_NONE;
    uint32_t owner = ob_map_node_of(l->map, OB_NODE_ACTIVITY, r->activity);
    ob_relation rests_on = {
        .to = to, .type = OB_REL_RESTS_ON, .strength = -1, .origin = OB_ORIGIN_CATALOGUE};
    ob_relation clause_of = {.from = to,
                             .to = owner,
                             .type = OB_REL_CLAUSE_OF,
                             .strength = -1,
                             .origin = required ? OB_ORIGIN_CATALOGUE : OB_ORIGIN_DERIVED};
    if (required) {
        rests_on.from = ob_map_node_of(l->map, OB_NODE_REQUIREMENT, r->requirement);
        if (!obi_relations_add(l, &rests_on, err)) {
            return false;
        }
    }
    return r->clause.len == 0 || again || obi_relations_add(l, &clause_of, err);
}

bool obi_map_clauses(obi_loader *l, ob_err *err)
{
    const ob_catalogue *c = l->from->catalogue;
    const ob_yaml *list = ob_yaml_get(l->docs[OBI_FILE_RELATIONS].root, "relations");
    list = list != NULL && list->kind == OB_YAML_SEQ ? list : NULL;
    size_t count = 0;
    size_t most = count_mappings(c) + (list == NULL ? 0 : list->count * 2);
    l->map->catalogue = c;
    l->map->requirements_count = c == NULL ? 0 : (uint32_t)c->requirements_count;
    keep_last_relations(l);
    rest *rests = OB_NEW(l->arena, rest, most + l->relation_readings_count * 2 + 1, err);
    if (rests == NULL || (c != NULL && !collect(l, rests, &count, err)) ||
        !mention_file(l, list, rests, &count, err) || !mention_readings(l, rests, &count, err)) {
        return false;
    }
    qsort(rests, count, sizeof *rests, compare_rests);
    if (!make_clauses(l, rests, count, err)) {
        return false;
    }
    /* Clauses stand in the order of the rests, so one walk finds them again. */
    uint32_t clause = OB_NONE;
    for (size_t i = 0; i < count; i++) {
        const rest *r = &rests[i];
        bool again = i > 0 && same_clause(&rests[i - 1], r);
        uint32_t to = ob_map_node_of(l->map, OB_NODE_ACTIVITY, r->activity);
        if (r->clause.len > 0) {
            clause = again ? clause : clause == OB_NONE ? 0 : clause + 1;
            to = ob_map_node_of(l->map, OB_NODE_CLAUSE, clause);
        }
        if (!relate(l, r, to, again, err)) {
            return false;
        }
    }
    return true;
}
