/* SPDX-License-Identifier: Apache-2.0 */
/* What a check looks at beyond names that resolve: that id, edition, date, address and title fit
 * each other, and that nothing is there twice. */
#include "map/landscape_core.h"

#include <stdlib.h>

/* "https://www.itu.int/rec/T-REC-X.1010-202505-I": the id and the month that the address says. */
static bool check_address(obi_loader *l, const ob_activity *a, ob_err *err)
{
    size_t at = ob_span_find(a->url, OB_SPAN("T-REC-"), 0);
    ob_day said = 0;
    ob_day edition = 0;
    ob_doc_name name = {0};
    if (at == SIZE_MAX) {
        return true;
    }
    ob_span rest = ob_span_sub(a->url, at + 6, a->url.len);
    size_t dash = ob_span_find(rest, OB_SPAN("-"), 0);
    if (!ob_doc_name_read(&name, l->arena, a->id, err)) {
        return false;
    }
    ob_doc_name address = {0};
    if (!ob_doc_name_read(&address, l->arena, ob_span_sub(rest, 0, dash), err)) {
        return false;
    }
    if (!ob_span_is(name.key, address.key) &&
        !obi_map_mistake(l, ob_yaml_get(a->place.at, "url"), err,
                         "the address is that of %.*s, the id is %.*s", OB_SHOW(address.plain),
                         OB_SHOW(a->id))) {
        return false;
    }
    ob_span month = dash == SIZE_MAX ? ((ob_span){0}) : ob_span_sub(rest, dash + 1, dash + 7);
    char text[8];
    if (month.len != 6 || !ob_day_read(a->edition, &edition)) {
        return true;
    }
    (void)snprintf(text, sizeof text, "%.4s-%.2s", month.ptr, month.ptr + 4);
    return !ob_day_read(ob_span_str(text), &said) || said == edition ||
           obi_map_mistake(l, ob_yaml_get(a->place.at, "url"), err,
                           "the address is that of %s, the edition is %.*s", text,
                           OB_SHOW(a->edition));
}

static bool check_edition(obi_loader *l, const ob_activity *a, ob_err *err)
{
    ob_day edition = 0;
    bool month = ob_day_read(a->edition, &edition) && edition % 10000 != 0;
    if (!month || a->date % 10000 == 0 || edition / 100 == a->date / 100 || a->external) {
        return true;
    }
    return obi_map_mistake(l, ob_yaml_get(a->place.at, "edition"), err,
                           "the edition %.*s and the date of %.*s do not fit", OB_SHOW(a->edition),
                           OB_SHOW(a->id));
}

static bool same_edition(const ob_activity *a, const ob_activity *b)
{
    return a->edition.len == 0 || b->edition.len == 0 || ob_edition_fits(a->edition, b->edition);
}

/* Another entry with the same name, in whatever spelling. Each pair is told at the later one. */
static bool check_double(obi_loader *l, uint32_t number, ob_err *err)
{
    const ob_activity *a = &l->activities[number];
    ob_doc_name name = {0};
    uint32_t at = 0;
    if (!ob_doc_name_read(&name, l->arena, a->id, err)) {
        return false;
    }
    for (const obi_name_slot *s = NULL;
         (s = obi_names_next(l->map->names, name.key, &at)) != NULL;) {
        const ob_activity *b = &l->activities[s->number];
        if (s->number == number || b->place.at == NULL) {
            continue;
        }
        if (!s->former && s->number < number && same_edition(a, b)) {
            return obi_map_mistake(l, ob_yaml_get(a->place.at, "id"), err,
                                   "'%.*s' is there already as '%.*s', line %u of %.*s",
                                   OB_SHOW(a->id), OB_SHOW(b->id), b->place.at->line,
                                   OB_SHOW(b->place.doc->name));
        }
        if (s->former && !a->external &&
            !obi_map_mistake(l, ob_yaml_get(a->place.at, "id"), err,
                             "'%.*s' is a former name of %.*s, line %u of %.*s", OB_SHOW(a->id),
                             OB_SHOW(b->id), b->place.at->line, OB_SHOW(b->place.doc->name))) {
            return false;
        }
    }
    return true;
}

/* The same title in the same body, of the same kind: mostly one text under two names. */
typedef struct title {
    ob_span key;
    uint32_t number;
} title;

static int by_title(const void *a, const void *b)
{
    const title *x = a;
    const title *y = b;
    int order = ob_span_compare(x->key, y->key);
    return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

static bool check_titles(obi_loader *l, ob_err *err)
{
    title *titles = OB_NEW(l->arena, title, l->map->activities_count, err);
    size_t count = 0;
    if (titles == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < l->map->activities_count; i++) {
        const ob_activity *a = &l->activities[i];
        if (a->title.len == 0 || a->external || a->place.at == NULL) {
            continue;
        }
        titles[count].number = i;
        if (!ob_body_key(l->arena, a->title, &titles[count++].key, err)) {
            return false;
        }
    }
    qsort(titles, count, sizeof *titles, by_title);
    for (size_t i = 1; i < count; i++) {
        const ob_activity *a = &l->activities[titles[i - 1].number];
        const ob_activity *b = &l->activities[titles[i].number];
        if (!ob_span_is(titles[i - 1].key, titles[i].key) || a->body != b->body ||
            !ob_span_is(a->kind, b->kind)) {
            continue;
        }
        l->doc = b->place.doc;
        if (!obi_map_mistake(l, ob_yaml_get(b->place.at, "title"), err,
                             "%.*s has the title of %.*s, line %u of %.*s", OB_SHOW(b->id),
                             OB_SHOW(a->id), a->place.at->line, OB_SHOW(a->place.doc->name))) {
            return false;
        }
    }
    return true;
}

/* Are two titles the same but for capitals, blanks and signs? */
static bool same_title(ob_span a, ob_span b, bool *same, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {.cap = (size_t)1 << 20};
    ob_span x = {0};
    ob_span y = {0};
    if (!ob_body_key(&scratch, a, &x, err) || !ob_body_key(&scratch, b, &y, err)) {
        return false;
    }
    *same = ob_span_is(x, y);
    return true;
}

/* The title that is recorded for a node; empty: none is known. */
static ob_span recorded(const ob_map *m, uint32_t node)
{
    uint32_t index = 0;
    switch (ob_map_node(m, node, &index)) {
    case OB_NODE_ACTIVITY:
        return m->activities[index].title;
    case OB_NODE_BODY:
        return m->bodies[index].name;
    case OB_NODE_REQUIREMENT:
        return m->catalogue->requirements[index].title;
    case OB_NODE_CLAUSE:
        break;
    }
    return (ob_span){0};
}

bool obi_map_title_fits(obi_loader *l, const ob_yaml *at, uint32_t node, ob_err *err)
{
    ob_span known = at == NULL || node == OB_NONE ? ((ob_span){0}) : recorded(l->map, node);
    bool same = true;
    if (known.len > 0 && !same_title(known, at->text, &same, err)) {
        return false;
    }
    return same || obi_map_mistake(l, at, err, "the title of %.*s is '%.*s'",
                                   OB_SHOW(ob_map_node_id(l->map, node)), OB_SHOW(known));
}

/* What is declared as external, and was read since under another title. */
static bool check_external(obi_loader *l, const ob_activity *a, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {.cap = 65536};
    ob_doc_name name = {0};
    uint32_t at = 0;
    if (!a->external || !ob_doc_name_read(&name, &scratch, a->id, err)) {
        return !a->external;
    }
    for (const obi_name_slot *s = NULL;
         (s = obi_names_next(l->map->names, name.key, &at)) != NULL;) {
        const ob_activity *b = &l->activities[s->number];
        if (b->place.at == NULL && !s->former && same_edition(a, b) &&
            !obi_map_title_fits(l, ob_yaml_get(a->place.at, "title"),
                                ob_map_node_of(l->map, OB_NODE_ACTIVITY, s->number), err)) {
            return false;
        }
    }
    return true;
}

/* What was read about a text of the files has its title. The mistake stands where the files have
 * the text, as the store is not ours to mend. */
static bool check_readings(obi_loader *l, const ob_activity *a, ob_err *err)
{
    const ob_yaml *mine = ob_yaml_get(a->place.at, "title");
    for (size_t i = 0; mine != NULL && i < a->readings_count; i++) {
        const ob_item_reading *r = &a->readings[i];
        bool same_id = false;
        bool same = true;
        if (!same_title(r->item.id, a->id, &same_id, err) ||
            (same_id && !same_title(r->item.title, mine->text, &same, err))) {
            return false;
        }
        if (!same &&
            !obi_map_mistake(l, mine, err, "reading %llu, %.*s, has another title for %.*s: '%.*s'",
                             (unsigned long long)r->seq, OB_SHOW(r->source), OB_SHOW(a->id),
                             OB_SHOW(r->item.title))) {
            return false;
        }
    }
    return true;
}

bool obi_map_check(obi_loader *l, ob_err *err)
{
    for (uint32_t i = 0; i < l->map->activities_count; i++) {
        const ob_activity *a = &l->activities[i];
        if (a->place.at == NULL) {
            continue;
        }
        l->doc = a->place.doc;
        if (!check_address(l, a, err) || !check_edition(l, a, err) || !check_double(l, i, err) ||
            !check_external(l, a, err) || !check_readings(l, a, err)) {
            return false;
        }
    }
    return check_titles(l, err);
}
