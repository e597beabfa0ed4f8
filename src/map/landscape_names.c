/* SPDX-License-Identifier: Apache-2.0 */
/* Finding by name: spellings, former names, editions. */
#include "map/landscape_core.h"

#include <ombud/text.h>

static uint32_t hash_of(ob_span key)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.ptr[i]) * 0x100000001b3u;
    }
    return (uint32_t)(hash ^ hash >> 32);
}

bool obi_names_make(struct obi_names_table **table, ob_arena *arena, size_t most, ob_err *err)
{
    uint32_t size = 64;
    while (size < most * 2 && size < 1u << 30) {
        size *= 2;
    }
    struct obi_names_table *made = OB_NEW(arena, struct obi_names_table, 1, err);
    obi_name_slot *slots = made == NULL ? NULL : OB_NEW(arena, obi_name_slot, size, err);
    if (slots == NULL) {
        return false;
    }
    *made = (struct obi_names_table){slots, size - 1};
    *table = made;
    return true;
}

void obi_names_add(struct obi_names_table *table, ob_span key, uint32_t number, bool former)
{
    uint32_t at = hash_of(key) & table->mask;
    if (key.len == 0) {
        return;
    }
    while (table->slots[at].key.len > 0) {
        if (table->slots[at].number == number && ob_span_is(table->slots[at].key, key)) {
            table->slots[at].former = table->slots[at].former && former;
            return;
        }
        at = (at + 1) & table->mask;
    }
    table->slots[at] = (obi_name_slot){key, number, former};
}

/* *at counts the slots that were looked at. */
const obi_name_slot *obi_names_next(const struct obi_names_table *table, ob_span key, uint32_t *at)
{
    uint32_t start = hash_of(key);
    for (;;) {
        const obi_name_slot *slot = &table->slots[(start + *at) & table->mask];
        if (slot->key.len == 0 || key.len == 0) {
            return NULL;
        }
        (*at)++;
        if (ob_span_is(slot->key, key)) {
            return slot;
        }
    }
}

bool obi_names_add_activity(obi_loader *l, uint32_t number, ob_err *err)
{
    const ob_activity *a = &l->activities[number];
    ob_doc_name name = {0};
    if (!ob_doc_name_read(&name, l->arena, a->id, err)) {
        return false;
    }
    obi_names_add(l->map->names, name.key, number, false);
    for (size_t i = 0; i < a->former.count; i++) {
        if (!ob_doc_name_read(&name, l->arena, a->former.items[i], err)) {
            return false;
        }
        obi_names_add(l->map->names, name.key, number, true);
    }
    return true;
}

static bool edition_fits(ob_span named, const ob_activity *a)
{
    char day[OB_DAY_TEXT_MAX];
    if (named.len == 0 || a->edition.len > 0) {
        return ob_edition_fits(named, a->edition);
    }
    ob_day_write(a->date, day);
    return a->date == 0 || ob_edition_fits(named, ob_span_str(day));
}

bool ob_map_find(const ob_map *map, ob_span text, uint32_t *activity, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {.cap = 65536};
    ob_doc_name name = {0};
    uint32_t best = OB_NONE;
    unsigned best_rank = 0;
    uint32_t at = 0;
    const obi_name_slot *slot = NULL;
    if (text.len > 1000) {
        *activity = OB_NONE;
        return true;
    }
    if (!ob_doc_name_read(&name, &scratch, text, err)) {
        return false;
    }
    while ((slot = obi_names_next(map->names, name.key, &at)) != NULL) {
        const ob_activity *a = &map->activities[slot->number];
        /* An own id goes before a former one, the landscape before what is outside. */
        unsigned rank = (slot->former ? 1u : 3u) + (a->external ? 0u : 1u);
        bool exact = ob_span_is_nocase(a->id, text);
        rank = exact ? 5 : rank;
        if ((exact || edition_fits(name.edition, a)) && rank > best_rank) {
            best = slot->number;
            best_rank = rank;
        }
    }
    *activity = best;
    return true;
}

bool ob_map_body_named(const ob_map *map, ob_span text, uint32_t *body, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {.cap = 65536};
    ob_span key = {0};
    uint32_t at = 0;
    if (text.len > 1000) {
        *body = OB_NONE;
        return true;
    }
    if (!ob_body_key(&scratch, text, &key, err)) {
        return false;
    }
    const obi_name_slot *slot = obi_names_next(map->body_names, key, &at);
    *body = slot == NULL ? OB_NONE : slot->number;
    return true;
}

bool ob_map_find_body(const ob_map *map, ob_span text, uint32_t *body, ob_err *err)
{
    uint32_t found = OB_NONE;
    for (ob_span rest = ob_span_trim(ob_span_sub(text, 0, 1000));
         rest.len > 0 && found == OB_NONE;) {
        if (!ob_map_body_named(map, rest, &found, err)) {
            return false;
        }
        size_t cut = rest.len;
        while (cut > 0 && strchr(" /,", rest.ptr[cut - 1]) == NULL) {
            cut--;
        }
        rest = ob_span_trim(ob_span_sub(rest, 0, cut > 0 ? cut - 1 : 0));
    }
    *body = found;
    return true;
}

uint32_t ob_map_topic(const ob_map *map, ob_span id)
{
    for (uint32_t i = 0; i < map->topics_count; i++) {
        if (ob_span_is(map->topics[i].id, id)) {
            return i;
        }
    }
    return OB_NONE;
}

/* "sg5-2025-05" is "sg5-2025-05-03", as long as that month has no other one. */
static bool is_in_month(ob_span id, ob_span month)
{
    return month.len > 3 && id.len == month.len + 3 && id.ptr[month.len] == '-' &&
           ob_span_is_nocase(ob_span_sub(id, 0, month.len), month);
}

uint32_t ob_map_meeting(const ob_map *map, ob_span id)
{
    uint32_t found = OB_NONE;
    size_t count = 0;
    for (uint32_t i = 0; i < map->meetings_count; i++) {
        if (ob_span_is_nocase(map->meetings[i].id, id)) {
            return i;
        }
        if (is_in_month(map->meetings[i].id, id)) {
            found = i;
            count++;
        }
    }
    return count == 1 ? found : OB_NONE;
}

bool ob_map_near(const ob_map *map, ob_arena *arena, ob_span text, ob_span *near, ob_err *err)
{
    const char **names = OB_NEW(arena, const char *, map->activities_count, err);
    ob_span copy = {0};
    if (names == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < map->activities_count; i++) {
        if (!ob_arena_dup(arena, map->activities[i].id, &copy, err)) {
            return false;
        }
        names[i] = copy.ptr;
    }
    const char *found = ob_text_nearest(text, names, map->activities_count);
    *near = ob_span_str(found);
    return true;
}

bool ob_map_near_body(const ob_map *map, ob_arena *arena, ob_span text, ob_span *near, ob_err *err)
{
    const char **names = OB_NEW(arena, const char *, (size_t)map->bodies_count * 2, err);
    size_t count = 0;
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < (size_t)map->bodies_count * 2; i++) {
        const ob_body *b = &map->bodies[i / 2];
        ob_span copy = {0};
        ob_span name = i % 2 == 0 ? b->id : b->short_name;
        if (name.len > 0) {
            if (!ob_arena_dup(arena, name, &copy, err)) {
                return false;
            }
            names[count++] = copy.ptr;
        }
    }
    *near = ob_span_str(ob_text_nearest(text, names, count));
    return true;
}

/* Nodes */

ob_node_kind ob_map_node(const ob_map *map, uint32_t node, uint32_t *index)
{
    const uint32_t counts[] = {map->bodies_count, map->activities_count, map->clauses_count};
    for (int kind = 0; kind < 3; kind++) {
        if (node < counts[kind]) {
            *index = node;
            return (ob_node_kind)kind;
        }
        node -= counts[kind];
    }
    *index = node;
    return OB_NODE_REQUIREMENT;
}

uint32_t ob_map_node_of(const ob_map *map, ob_node_kind kind, uint32_t index)
{
    switch (kind) {
    case OB_NODE_BODY:
        return index;
    case OB_NODE_ACTIVITY:
        return map->bodies_count + index;
    case OB_NODE_CLAUSE:
        return map->bodies_count + map->activities_count + index;
    case OB_NODE_REQUIREMENT:
        break;
    }
    return map->bodies_count + map->activities_count + map->clauses_count + index;
}

ob_span ob_map_node_id(const ob_map *map, uint32_t node)
{
    uint32_t index = 0;
    switch (ob_map_node(map, node, &index)) {
    case OB_NODE_BODY:
        return map->bodies[index].id;
    case OB_NODE_ACTIVITY:
        return map->activities[index].id;
    case OB_NODE_CLAUSE:
        return map->clauses[index].id;
    case OB_NODE_REQUIREMENT:
        break;
    }
    return map->catalogue->requirements[index].id;
}

/* The first clause of an activity, or of the one behind it. */
static uint32_t first_clause(const ob_map *map, uint32_t owner)
{
    uint32_t low = 0;
    uint32_t high = map->clauses_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (map->clauses[middle].owner < owner) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool ob_map_find_node(const ob_map *map, ob_span text, uint32_t *node, ob_err *err)
{
    uint32_t found = OB_NONE;
    size_t hash = ob_span_find(text, OB_SPAN("#"), 0);
    for (uint32_t i = 0; i < map->requirements_count; i++) {
        if (ob_span_is_nocase(map->catalogue->requirements[i].id, text)) {
            *node = ob_map_node_of(map, OB_NODE_REQUIREMENT, i);
            return true;
        }
    }
    if (!ob_map_find(map, ob_span_sub(text, 0, hash), &found, err)) {
        return false;
    }
    if (hash != SIZE_MAX) {
        ob_span number = ob_span_sub(text, hash + 1, text.len);
        for (uint32_t i = found == OB_NONE ? map->clauses_count : first_clause(map, found);
             i < map->clauses_count && map->clauses[i].owner == found; i++) {
            if (ob_span_is_nocase(map->clauses[i].number, number)) {
                *node = ob_map_node_of(map, OB_NODE_CLAUSE, i);
                return true;
            }
        }
        *node = OB_NONE;
        return true;
    }
    if (found != OB_NONE) {
        *node = ob_map_node_of(map, OB_NODE_ACTIVITY, found);
        return true;
    }
    return ob_map_body_named(map, text, node, err);
}

bool ob_map_body_within(const ob_map *map, uint32_t body, uint32_t above)
{
    /* Parents stand in no order, but their chain has no ring: the loader saw to it. */
    for (; body != OB_NONE; body = map->bodies[body].parent) {
        if (body == above) {
            return true;
        }
    }
    return false;
}

uint32_t ob_map_body_now(const ob_map *map, uint32_t body)
{
    while (body != OB_NONE && map->bodies[body].successor != OB_NONE) {
        body = map->bodies[body].successor;
    }
    return body;
}

ob_day ob_map_age(const ob_map *map, const ob_activity *activity)
{
    if (activity->readings_count > 0) {
        return activity->readings[activity->readings_count - 1].day;
    }
    return activity->body == OB_NONE ? map->baseline_day : map->bodies[activity->body].data_day;
}

bool ob_activity_has_topic(const ob_activity *activity, uint32_t topic)
{
    for (size_t i = 0; i < activity->topics_count; i++) {
        if (activity->topics[i] == topic) {
            return true;
        }
    }
    return false;
}
