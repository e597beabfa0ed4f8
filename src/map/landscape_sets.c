/* SPDX-License-Identifier: Apache-2.0 */
/* Set relations: of relations.yaml, and of users (readings of the kind "relation", whose JSON has
 * the same keys). */
#include "map/landscape_core.h"

#include <ombud/json.h>
#include <ombud/text.h>

static const char *const keys[] = {"from",   "to",       "set",  "rationale", "strength",
                                   "author", "reviewer", "date", "review",    "note"};

/* Of a file: also the titles of the ends, which are compared with the recorded ones. */
static const char *const yaml_keys[] = {"from",     "to",     "set",        "rationale",
                                        "strength", "author", "reviewer",   "date",
                                        "review",   "note",   "from_title", "to_title"};
static const char *const titles[] = {"from_title", "to_title"};

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
    if (!ob_yaml_known(l->doc, at, yaml_keys, OB_COUNT(yaml_keys), err)) {
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
        if (!obi_map_title_fits(l, ob_yaml_get(at, titles[i]), *ends[i], err)) {
            return false;
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

bool obi_map_set_relations(obi_loader *l, ob_err *err)
{
    static const char *const names[] = {"ombud", "relations"};
    l->doc = &l->docs[OBI_FILE_RELATIONS];
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
    for (size_t i = 0; i < l->relation_readings_count; i++) {
        if (!from_json(l, &l->relation_readings[i], err)) {
            return false;
        }
    }
    return true;
}
