/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Set relations: of relations.yaml, and of users (readings of the kind "relation", whose JSON has
 * the same keys). And the catalogue as a part of the graph.
 */
#include "map/landscape_core.h"

#include <ombud/json.h>
#include <ombud/text.h>
#include <stdlib.h>

enum {
    FILE_RELATIONS = 6
};

static const char *const keys[] = {"from",   "to",       "set",  "rationale", "strength",
                                   "author", "reviewer", "date", "review",    "note"};

/* The words of an entry, from YAML or from JSON. */
typedef struct entry {
    ob_span text[OB_COUNT(keys)];
} entry;

enum {
    FROM,
    TO,
    SET,
    RATIONALE,
    STRENGTH,
    AUTHOR,
    REVIEWER,
    DATE,
    REVIEW,
    NOTE
};

/* What is wrong with an entry, beginning with the key; NULL: nothing. Numbers of the key in *key.
 */
static const char *fill(const entry *e, ob_relation *r, int *key)
{
    int set = ob_text_index(e->text[SET], ob_set_names, OB_SETS);
    int rationale = e->text[RATIONALE].len == 0
                        ? 0
                        : ob_text_index(e->text[RATIONALE], ob_rationale_names, OB_RATIONALES);
    int review = e->text[REVIEW].len == 0
                     ? OB_REVIEW_PROPOSED
                     : ob_text_index(e->text[REVIEW], ob_review_names, OB_REVIEWS);
    ob_err err = {0};
    uint64_t strength = 0;
    *key = SET;
    if (set < 0) {
        return "set is subset, superset, equal, intersects or none";
    }
    *key = RATIONALE;
    if (rationale < 0) {
        return "rationale is syntactic, semantic or functional";
    }
    *key = REVIEW;
    if (review < 1) {
        return "review is suggested, proposed, reviewed, accepted or rejected";
    }
    *key = DATE;
    if (e->text[DATE].len > 0 && !ob_day_read(e->text[DATE], &r->date)) {
        return "date is a date such as 2026-11-24";
    }
    *key = STRENGTH;
    r->strength = -1;
    if (e->text[STRENGTH].len > 0) {
        if (!ob_span_to_u64(e->text[STRENGTH], &strength, &err) || strength > 10) {
            return "strength is a number from 0 to 10";
        }
        if (e->text[REVIEWER].len == 0 || e->text[AUTHOR].len == 0 || r->date == 0 ||
            review < OB_REVIEW_REVIEWED) {
            return "a strength needs author, reviewer, date, and review: reviewed, accepted or "
                   "rejected";
        }
        r->strength = (int)strength;
    }
    *key = REVIEWER;
    if (review >= OB_REVIEW_REVIEWED && e->text[REVIEWER].len == 0) {
        return "what was reviewed names its reviewer";
    }
    r->type = OB_REL_SET;
    r->set = (ob_set)set;
    r->rationale = (ob_rationale)rationale;
    r->review = (ob_review)review;
    r->author = e->text[AUTHOR];
    r->reviewer = e->text[REVIEWER];
    r->note = e->text[NOTE];
    return NULL;
}

const char *obi_relation_wrong(const ob_span text[], ob_relation *r)
{
    static const int order[] = {FROM,   TO,     SET,      RATIONALE, STRENGTH,
                                REVIEW, AUTHOR, REVIEWER, DATE,      NOTE};
    entry e = {0};
    int key = 0;
    for (size_t i = 0; i < OB_COUNT(order); i++) {
        e.text[order[i]] = text[i];
    }
    return fill(&e, r, &key);
}

static bool from_yaml(obi_loader *l, const ob_yaml *at, ob_err *err)
{
    entry e = {0};
    ob_relation r = {.origin = OB_ORIGIN_BASELINE, .place = {l->doc, at}};
    int key = 0;
    if (!ob_yaml_known(l->doc, at, keys, OB_COUNT(keys), err)) {
        return obi_map_took(l, err);
    }
    for (size_t i = 0; i < OB_COUNT(keys); i++) {
        if (!ob_yaml_text(l->doc, at, keys[i], &e.text[i], err)) {
            return obi_map_took(l, err);
        }
    }
    const char *wrong = fill(&e, &r, &key);
    if (wrong != NULL) {
        const ob_yaml *where = ob_yaml_get(at, keys[key]);
        return obi_map_mistake(l, where == NULL ? at : where, err, "%s", wrong);
    }
    uint32_t *const ends[] = {&r.from, &r.to};
    for (int i = FROM; i <= TO; i++) {
        if (!ob_map_find_node(l->map, e.text[i], ends[i], err)) {
            return false;
        }
        /* Requirements are nodes only where a catalogue is; a relation to one waits for it. */
        if (*ends[i] == OB_NONE) {
            bool later = l->map->catalogue == NULL && ob_span_has_prefix(e.text[i], OB_SPAN("R-"));
            const ob_yaml *where = ob_yaml_get(at, keys[i]);
            return later ||
                   obi_map_mistake(l, where == NULL ? at : where, err,
                                   "%s: nothing has the id '%.*s'", keys[i], OB_SHOW(e.text[i]));
        }
    }
    if (r.from == r.to) {
        return obi_map_mistake(l, at, err, "from and to are the same");
    }
    return obi_relations_add(l, &r, err);
}

/* What a user said and no longer resolves is left out: the store is not ours to mend. */
static bool from_json(obi_loader *l, const ob_reading *reading, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    ob_json_doc doc = {0};
    entry e = {0};
    ob_relation r = {.origin = OB_ORIGIN_USER};
    int key = 0;
    if (!ob_json_parse(&doc, &scratch, reading->body, err)) {
        return ob_wrap(err, "reading %llu of the store", (unsigned long long)reading->seq);
    }
    for (size_t i = 0; i < OB_COUNT(keys); i++) {
        const ob_json *value = ob_json_get(doc.root, keys[i]);
        bool has =
            value != NULL && (value->kind == OB_JSON_STRING || value->kind == OB_JSON_NUMBER);
        if (has && !ob_arena_dup(l->arena, value->text, &e.text[i], err)) {
            return false;
        }
    }
    if (fill(&e, &r, &key) != NULL || !ob_map_find_node(l->map, e.text[FROM], &r.from, err) ||
        !ob_map_find_node(l->map, e.text[TO], &r.to, err)) {
        return err->kind == OB_OK;
    }
    return r.from == OB_NONE || r.to == OB_NONE || r.from == r.to || obi_relations_add(l, &r, err);
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

bool obi_map_set_relations(obi_loader *l, ob_err *err)
{
    static const char *const names[] = {"ombud", "relations"};
    l->doc = &l->docs[FILE_RELATIONS];
    const ob_yaml *list = ob_yaml_get(l->doc->root, "relations");
    if (!ob_yaml_known(l->doc, l->doc->root, names, OB_COUNT(names), err) &&
        !obi_map_took(l, err)) {
        return false;
    }
    if (list == NULL || list->kind != OB_YAML_SEQ) {
        return obi_map_mistake(l, list == NULL ? l->doc->root : list, err,
                               "relations is a list of entries");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!from_yaml(l, &list->items[i], err)) {
            return false;
        }
    }
    if (l->relation_readings_count > 0) {
        qsort(l->relation_readings, l->relation_readings_count, sizeof *l->relation_readings,
              by_subject);
    }
    for (size_t i = 0; i < l->relation_readings_count; i++) {
        /* What was said later about the same two goes before: a suggestion is accepted so. */
        const ob_reading *r = &l->relation_readings[i];
        bool last = i + 1 == l->relation_readings_count || r->subject.len == 0 ||
                    !ob_span_is(r->subject, r[1].subject);
        if (last && !from_json(l, r, err)) {
            return false;
        }
    }
    return true;
}

/* The catalogue */

/* A requirement rests on a clause, or on a document as a whole. */
typedef struct rest {
    uint32_t requirement;
    uint32_t activity;
    ob_span clause;
} rest;

static int compare_rests(const void *a, const void *b)
{
    const rest *x = a;
    const rest *y = b;
    if (x->activity != y->activity) {
        return x->activity < y->activity ? -1 : 1;
    }
    int order = ob_span_compare(x->clause, y->clause);
    return order != 0                         ? order
           : x->requirement != y->requirement ? (x->requirement < y->requirement ? -1 : 1)
                                              : 0;
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
    l->doc = &l->docs[4];
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
        bool again = i > 0 && rests[i - 1].activity == r->activity &&
                     ob_span_is(rests[i - 1].clause, r->clause);
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

bool obi_map_catalogue(obi_loader *l, ob_err *err)
{
    const ob_catalogue *c = l->from->catalogue;
    size_t most = 0;
    size_t count = 0;
    if (c == NULL) {
        return true;
    }
    l->map->catalogue = c;
    l->map->requirements_count = (uint32_t)c->requirements_count;
    for (size_t i = 0; i < c->requirements_count; i++) {
        const ob_yaml *maps = c->requirements[i].mappings;
        for (size_t k = 0; maps != NULL && k < maps->count; k++) {
            most += maps->items[k].count;
        }
    }
    rest *rests = OB_NEW(l->arena, rest, most, err);
    if (rests == NULL || !collect(l, rests, &count, err)) {
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
        bool again = i > 0 && rests[i - 1].activity == r->activity &&
                     ob_span_is(rests[i - 1].clause, r->clause);
        uint32_t to = ob_map_node_of(l->map, OB_NODE_ACTIVITY, r->activity);
        if (r->clause.len > 0) {
            clause = again ? clause : clause == OB_NONE ? 0 : clause + 1;
            to = ob_map_node_of(l->map, OB_NODE_CLAUSE, clause);
        }
        ob_relation rests_on = {.from = ob_map_node_of(l->map, OB_NODE_REQUIREMENT, r->requirement),
                                .to = to,
                                .type = OB_REL_RESTS_ON,
                                .strength = -1,
                                .origin = OB_ORIGIN_CATALOGUE};
        ob_relation clause_of = {.from = to,
                                 .to = ob_map_node_of(l->map, OB_NODE_ACTIVITY, r->activity),
                                 .type = OB_REL_CLAUSE_OF,
                                 .strength = -1,
                                 .origin = OB_ORIGIN_CATALOGUE};
        if (!obi_relations_add(l, &rests_on, err) ||
            (r->clause.len > 0 && !again && !obi_relations_add(l, &clause_of, err))) {
            return false;
        }
    }
    return true;
}
