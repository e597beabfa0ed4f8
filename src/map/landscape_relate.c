/* SPDX-License-Identifier: Apache-2.0 */
/* Relations: those of the files, of readings and of users, of the catalogue; and the graph. */
#include "map/landscape_core.h"

#include <ombud/json.h>
#include <ombud/text.h>
#include <stdlib.h>

bool obi_relations_add(obi_loader *l, const ob_relation *relation, ob_err *err)
{
    void *items = l->relations.items;
    if (!ob_array_grow(&items, &l->relations.cap, l->relations.count, sizeof *relation,
                       OBI_RELATIONS_MAX, err)) {
        return false;
    }
    l->relations.items = items;
    l->relations.items[l->relations.count++] = *relation;
    return true;
}

static bool targets_body(ob_relation_type type)
{
    return type == OB_REL_LIAISON_WITH || type == OB_REL_PRODUCED_BY || type == OB_REL_PUBLISHED_BY;
}

/* The node that a target of a file means. */
static bool resolve(obi_loader *l, const ob_yaml *at, ob_relation_type type, uint32_t *node,
                    ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    uint32_t body = OB_NONE;
    uint32_t activity = OB_NONE;
    *node = OB_NONE;
    if (targets_body(type)) {
        ob_span key = {0};
        uint32_t slot_at = 0;
        if (!ob_body_key(&scratch, at->text, &key, err)) {
            return false;
        }
        const obi_name_slot *slot = obi_names_next(l->map->body_names, key, &slot_at);
        body = slot == NULL ? OB_NONE : slot->number;
    } else if (!ob_map_find(l->map, at->text, &activity, err)) {
        return false;
    }
    if (body != OB_NONE || activity != OB_NONE) {
        *node = body != OB_NONE ? body : ob_map_node_of(l->map, OB_NODE_ACTIVITY, activity);
        return true;
    }
    ob_doc_name name = {0};
    ob_span near = {0};
    if (!ob_doc_name_read(&name, &scratch, at->text, err)) {
        return false;
    }
    if (targets_body(type)) {
        return obi_map_mistake(l, at, err, "no body has the id '%.*s'", OB_SHOW(at->text));
    }
    if (name.edition.len > 0 &&
        (!ob_map_find(l->map, name.plain, &activity, err) || activity != OB_NONE)) {
        char day[OB_DAY_TEXT_MAX] = "";
        ob_span here = activity == OB_NONE ? ((ob_span){0}) : l->activities[activity].edition;
        if (activity != OB_NONE && here.len == 0) {
            ob_day_write(l->activities[activity].date, day);
            here = ob_span_str(day);
        }
        return activity != OB_NONE &&
               obi_map_mistake(l, at, err,
                               "%.*s is not here in the edition %.*s, but in %.*s; declare the "
                               "other one in external.yaml",
                               OB_SHOW(name.plain), OB_SHOW(name.edition), OB_SHOW(here));
    }
    return ob_map_near(l->map, &scratch, at->text, &near, err) &&
           obi_map_mistake(l, at, err, "nothing has the id '%.*s'%s%.*s%s", OB_SHOW(at->text),
                           near.len > 0 ? "; did you mean '"
                                        : "; declare it in external.yaml with title and edition",
                           OB_SHOW(near), near.len > 0 ? "'?" : "");
}

/* A target is an id, or {id: X.1234, title: ..., edition: ...}; the id's text in *id, with the
 * edition behind it. */
static bool target(obi_loader *l, const ob_yaml *at, ob_relation_type type, ob_yaml *id,
                   ob_err *err)
{
    static const char *const keys[] = {"id", "title", "edition"};
    const ob_yaml *name = at;
    *id = *at;
    if (at->kind != OB_YAML_MAP) {
        return true;
    }
    ob_span edition = {0};
    if (targets_body(type) || !ob_yaml_known(l->doc, at, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(l->doc, at, "id", &name, err) ||
        !ob_yaml_text(l->doc, at, "edition", &edition, err)) {
        id->kind = OB_YAML_NULL;
        return targets_body(type) ? obi_map_mistake(l, at, err, "a body is named by its id alone")
                                  : obi_map_took(l, err);
    }
    *id = *name;
    return edition.len == 0 || ob_arena_printf(l->arena, &id->text, err, "%.*s (%.*s)",
                                               OB_SHOW(name->text), OB_SHOW(edition));
}

static bool relate_list(obi_loader *l, uint32_t from, ob_relation_type type, const ob_yaml *list,
                        ob_err *err)
{
    if (list->kind != OB_YAML_SEQ) {
        return obi_map_mistake(l, list, err, "the targets of a relation are a list: [X.1234]");
    }
    for (size_t i = 0; i < list->count; i++) {
        uint32_t to = OB_NONE;
        ob_yaml id = {0};
        if (!target(l, &list->items[i], type, &id, err)) {
            return false;
        }
        if (id.kind == OB_YAML_NULL) {
            continue;
        }
        if (!resolve(l, &id, type, &to, err) ||
            !obi_map_title_fits(l, ob_yaml_get(&list->items[i], "title"), to, err)) {
            return false;
        }
        if (to == from) {
            if (!obi_map_mistake(l, &list->items[i], err, "it names itself")) {
                return false;
            }
            continue;
        }
        ob_relation r = {.from = from,
                         .to = to,
                         .type = type,
                         .strength = -1,
                         .origin = OB_ORIGIN_BASELINE,
                         .place = {l->doc, &list->items[i]}};
        if (to != OB_NONE && !obi_relations_add(l, &r, err)) {
            return false;
        }
    }
    return true;
}

static bool relate_activity(obi_loader *l, uint32_t number, ob_err *err)
{
    const ob_activity *a = &l->activities[number];
    const ob_yaml *map = a->place.at == NULL ? NULL : ob_yaml_get(a->place.at, "relations");
    uint32_t from = ob_map_node_of(l->map, OB_NODE_ACTIVITY, number);
    l->doc = a->place.doc;
    if (map != NULL && map->kind != OB_YAML_MAP) {
        return obi_map_mistake(l, map, err, "relations is a map: {references: [X.1234]}");
    }
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        int type = ob_text_index(map->keys[i].text, ob_relation_names, OB_RELS_DOCUMENT);
        if (type < 0) {
            const char *near =
                ob_text_nearest(map->keys[i].text, ob_relation_names, OB_RELS_DOCUMENT);
            if (!obi_map_mistake(l, &map->keys[i], err, "no relation is called '%.*s'%s%s%s",
                                 OB_SHOW(map->keys[i].text), near == NULL ? "" : "; did you mean '",
                                 near == NULL ? "" : near, near == NULL ? "" : "'?")) {
                return false;
            }
            continue;
        }
        /* What a page lists as liaisons goes before. */
        if ((type != OB_REL_LIAISON_WITH || !a->read) &&
            !relate_list(l, from, (ob_relation_type)type, &map->items[i], err)) {
            return false;
        }
    }
    return true;
}

/* Liaisons, and what a page says an item came out of. */
static bool relate_reading(obi_loader *l, uint32_t number, ob_err *err)
{
    const ob_activity *a = &l->activities[number];
    const ob_item *item = &a->readings[a->readings_count - 1].item;
    ob_relation r = {.from = ob_map_node_of(l->map, OB_NODE_ACTIVITY, number),
                     .strength = -1,
                     .origin = OB_ORIGIN_READING,
                     .date = a->readings[a->readings_count - 1].day};
    for (size_t i = 0; i < item->liaisons.count; i++) {
        uint32_t body = OB_NONE;
        r.type = OB_REL_LIAISON_WITH;
        r.note = item->liaisons.items[i];
        if (!ob_map_find_body(l->map, item->liaisons.items[i], &body, err)) {
            return false;
        }
        r.to = body;
        if (body != OB_NONE && !obi_relations_add(l, &r, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < a->former.count; i++) {
        uint32_t other = OB_NONE;
        r.type = OB_REL_FORMERLY_WORK_ITEM;
        r.note = (ob_span){0};
        if (!ob_map_find(l->map, a->former.items[i], &other, err)) {
            return false;
        }
        r.to = other == OB_NONE ? OB_NONE : ob_map_node_of(l->map, OB_NODE_ACTIVITY, other);
        if (other != OB_NONE && other != number && !obi_relations_add(l, &r, err)) {
            return false;
        }
    }
    return true;
}

/* Work that a study period left open goes on in the next one under another name. Where that is
 * here, too, there is one work and not two. */
static void mark_what_went_on(obi_loader *l)
{
    for (size_t i = 0; i < l->relations.count; i++) {
        const ob_relation *r = &l->relations.items[i];
        bool on = r->type == OB_REL_CONTINUED_AS;
        bool back = r->type == OB_REL_CONTINUES || r->type == OB_REL_FORMERLY_WORK_ITEM;
        uint32_t ends[2] = {0};
        if ((!on && !back) ||
            ob_map_node(l->map, on ? r->from : r->to, &ends[0]) != OB_NODE_ACTIVITY ||
            ob_map_node(l->map, on ? r->to : r->from, &ends[1]) != OB_NODE_ACTIVITY) {
            continue;
        }
        const ob_activity *next = &l->activities[ends[1]];
        l->activities[ends[0]].went_on =
            l->activities[ends[0]].went_on ||
            (l->activities[ends[0]].state == OB_STATE_CARRIED && !next->external &&
             next->state != OB_STATE_UNKNOWN && next->state != OB_STATE_STOPPED);
    }
}

/* The year that ends a text such as "2025-2028"; 0: there is none. */
static int last_year(ob_span text)
{
    int year = 0;
    text = ob_span_trim(text);
    for (size_t i = text.len >= 9 ? text.len - 4 : text.len; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
        year = year * 10 + (text.ptr[i] - '0');
    }
    return year;
}

/* Work that was carried into a study period that is over, too, and of which nothing was seen since:
 * nobody knows what became of it, and it is no open work. A page of one period speaks of the next
 * one, which ends four years later. */
static void mark_what_lapsed(obi_loader *l)
{
    for (uint32_t i = 0; i < l->map->activities_count; i++) {
        ob_activity *a = &l->activities[i];
        int until = last_year(a->status);
        if (until == 0 && a->readings_count > 0) {
            int period = last_year(a->readings[a->readings_count - 1].item.study_period);
            until = period == 0 ? 0 : period + 4;
        }
        const ob_yaml *told = a->place.at == NULL ? NULL : ob_yaml_get(a->place.at, "status");
        if (until == 0 && told != NULL) {
            until = last_year(told->text); /* the page does not tell its period */
        }
        if (a->state == OB_STATE_CARRIED && !a->went_on && until != 0 &&
            until < (int)(l->map->as_of / 10000)) {
            a->state = OB_STATE_UNKNOWN;
        }
    }
}

bool obi_map_relate(obi_loader *l, ob_err *err)
{
    for (uint32_t i = 0; i < l->map->activities_count; i++) {
        const ob_activity *a = &l->activities[i];
        if (!a->external && (!relate_activity(l, i, err) ||
                             (a->readings_count > 0 && !relate_reading(l, i, err)))) {
            return false;
        }
        ob_relation r = {.from = ob_map_node_of(l->map, OB_NODE_ACTIVITY, i),
                         .to = a->body,
                         .type = OB_REL_WORK_OF,
                         .strength = -1,
                         .origin = OB_ORIGIN_DERIVED};
        if (a->body != OB_NONE && !obi_relations_add(l, &r, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < l->map->bodies_count; i++) {
        ob_relation r = {.from = i,
                         .to = l->bodies[i].parent,
                         .type = OB_REL_GROUP_OF,
                         .strength = -1,
                         .origin = OB_ORIGIN_DERIVED};
        if (r.to != OB_NONE && !obi_relations_add(l, &r, err)) {
            return false;
        }
    }
    mark_what_went_on(l);
    mark_what_lapsed(l);
    return true;
}

/* The graph */

static int compare_relations(const void *a, const void *b)
{
    const ob_relation *x = a;
    const ob_relation *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->type != y->type) {
        return x->type < y->type ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    return x->origin < y->origin ? -1 : x->origin > y->origin;
}

/* A page may list one body under two names. */
static bool same(const ob_relation *a, const ob_relation *b)
{
    return a->from == b->from && a->to == b->to && a->type == b->type && a->type != OB_REL_SET;
}

static bool make_edges(obi_loader *l, bool in, ob_edges *edges, ob_err *err)
{
    const ob_map *m = l->map;
    uint32_t *first = OB_NEW(l->arena, uint32_t, (size_t)m->nodes_count + 1, err);
    uint32_t *numbers = OB_NEW(l->arena, uint32_t, m->relations_count, err);
    if (first == NULL || numbers == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->relations_count; i++) {
        first[(in ? m->relations[i].to : m->relations[i].from) + 1]++;
    }
    for (uint32_t i = 0; i < m->nodes_count; i++) {
        first[i + 1] += first[i];
    }
    /* Filled from the back, so that the starts come out right; kept in order of relations. */
    for (uint32_t i = m->relations_count; i-- > 0;) {
        uint32_t node = in ? m->relations[i].to : m->relations[i].from;
        numbers[--first[node + 1]] = i;
    }
    for (uint32_t i = 0; i < m->nodes_count; i++) {
        first[i] = first[i + 1];
    }
    first[m->nodes_count] = m->relations_count;
    *edges = (ob_edges){first, numbers};
    return true;
}

bool obi_map_graph(obi_loader *l, ob_err *err)
{
    size_t kept = 0;
    ob_relation *items = l->relations.items;
    if (l->relations.count > 0) {
        qsort(items, l->relations.count, sizeof *items, compare_relations);
    }
    for (size_t i = 0; i < l->relations.count; i++) {
        if (kept == 0 || !same(&items[kept - 1], &items[i])) {
            items[kept++] = items[i];
        }
    }
    ob_relation *copy = OB_NEW(l->arena, ob_relation, kept, err);
    if (copy == NULL) {
        return false;
    }
    if (kept > 0) {
        (void)memcpy(copy, items, kept * sizeof *copy);
    }
    l->map->relations = copy;
    l->map->relations_count = (uint32_t)kept;
    l->map->nodes_count = ob_map_node_of(l->map, OB_NODE_REQUIREMENT, l->map->requirements_count);
    return make_edges(l, false, &l->map->out, err) && make_edges(l, true, &l->map->in, err);
}
