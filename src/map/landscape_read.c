/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files of landscape/: topics, bodies, activities, meetings, families of references. */
#include "map/landscape_fields.h"

#include <ombud/text.h>

enum {
    INDEX,
    TOPICS,
    BODIES,
    MEETINGS,
    SCHEMES,
    EXTERNAL,
    RELATIONS,
    FILES
};

static const char *const lists[] = {NULL,      "topics",   "bodies",   "meetings",
                                    "schemes", "external", "relations"};

static const ob_yaml nothing = {.kind = OB_YAML_SEQ};

/* A file in order has "ombud: 1" and no keys but these. */
static bool open_file(obi_loader *l, size_t file, const char *const *keys, size_t count,
                      ob_err *err)
{
    const ob_yaml *at = NULL;
    uint64_t version = 1;
    l->doc = &l->docs[file];
    return obi_field_known(l, l->doc->root, keys, count, err) &&
           (ob_yaml_need(l->doc, l->doc->root, "ombud", &at, err) || obi_map_took(l, err)) &&
           (ob_yaml_u64(l->doc, l->doc->root, "ombud", 1, 1, &version, err) ||
            obi_map_took(l, err));
}

static bool open_list(obi_loader *l, size_t file, const char *name, const ob_yaml **list,
                      ob_err *err)
{
    const char *const keys[] = {"ombud", name};
    const ob_yaml *at = NULL;
    *list = &nothing;
    if (!open_file(l, file, keys, OB_COUNT(keys), err)) {
        return false;
    }
    at = ob_yaml_get(l->doc->root, name);
    if (at == NULL || at->kind != OB_YAML_SEQ) {
        return obi_map_mistake(l, at == NULL ? l->doc->root : at, err, "%s is a list of entries",
                               name);
    }
    *list = at;
    return true;
}

bool obi_map_read_files(obi_loader *l, ob_err *err)
{
    static const char *const keys[] = {"ombud", "as_of", "data_age", "data_age_else"};
    const ob_yaml *at = NULL;
    const ob_yaml *root = l->docs[INDEX].root;
    if (!open_file(l, INDEX, keys, OB_COUNT(keys), err) ||
        !(ob_yaml_need(l->doc, root, "as_of", &at, err) || obi_map_took(l, err)) ||
        !obi_field_day(l, root, "as_of", &l->map->baseline_day, err) ||
        !obi_field_day(l, root, "data_age_else", &l->data_day_else, err)) {
        return false;
    }
    if (l->map->as_of == 0) {
        l->map->as_of = l->map->baseline_day;
    }
    return true;
}

bool obi_map_read_topics(obi_loader *l, ob_err *err)
{
    static const char *const keys[] = {"id", "short", "title"};
    const ob_yaml *list = NULL;
    if (!open_list(l, TOPICS, lists[TOPICS], &list, err)) {
        return false;
    }
    l->topics = OB_NEW(l->arena, ob_topic, list->count, err);
    l->map->topics = l->topics;
    for (size_t i = 0; l->topics != NULL && i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        ob_topic t = {.place = {l->doc, at}};
        if (!obi_field_known(l, at, keys, OB_COUNT(keys), err) ||
            !obi_field_need(l, at, "id", &t.id, err) ||
            !obi_field_need(l, at, "title", &t.title, err) ||
            !obi_field_text(l, at, "short", &t.short_name, err)) {
            return false;
        }
        if (ob_map_topic(l->map, t.id) != OB_NONE) {
            if (!obi_map_mistake(l, at, err, "the topic %.*s is there already", OB_SHOW(t.id))) {
                return false;
            }
            continue;
        }
        l->topics[l->map->topics_count++] = t;
    }
    return l->topics != NULL;
}

/* Bodies */

static bool read_body(obi_loader *l, const ob_yaml *at, ob_body *b, ob_err *err)
{
    static const char *const keys[] = {"id",       "name",          "short", "aliases",
                                       "parent",   "successor",     "kind",  "url",
                                       "verified", "working_party", "note"};
    return obi_field_known(l, at, keys, OB_COUNT(keys), err) &&
           obi_field_need(l, at, "id", &b->id, err) &&
           obi_field_need(l, at, "name", &b->name, err) &&
           obi_field_need(l, at, "short", &b->short_name, err) &&
           obi_field_names(l, at, "aliases", &b->aliases, err) &&
           obi_field_need(l, at, "kind", &b->kind, err) && obi_field_url(l, at, &b->url, err) &&
           obi_field_text(l, at, "working_party", &b->working_party, err) &&
           obi_field_text(l, at, "note", &b->note, err) &&
           obi_field_bool(l, at, "verified", &b->verified, err);
}

static uint32_t body_with_id(const obi_loader *l, ob_span id)
{
    for (uint32_t i = 0; i < l->map->bodies_count; i++) {
        if (ob_span_is(l->bodies[i].id, id)) {
            return i;
        }
    }
    return OB_NONE;
}

/* A name of a body that another one has is a mistake. */
static bool add_body_name(obi_loader *l, const ob_yaml *at, ob_span name, uint32_t number,
                          ob_err *err)
{
    ob_span key = {0};
    uint32_t slot_at = 0;
    if (!ob_body_key(l->arena, name, &key, err)) {
        return false;
    }
    const obi_name_slot *slot = obi_names_next(l->map->body_names, key, &slot_at);
    if (slot != NULL && slot->number != number) {
        return obi_map_mistake(l, at, err, "'%.*s' is a name of %.*s, too", OB_SHOW(name),
                               OB_SHOW(l->bodies[slot->number].id));
    }
    obi_names_add(l->map->body_names, key, number, false);
    return true;
}

/* The body that a key of each names, into the field that field gives; a chain of them ends. */
static bool resolve_chain(obi_loader *l, const char *key, uint32_t *(*field)(ob_body *body),
                          const char *ring, ob_err *err)
{
    uint32_t count = l->map->bodies_count;
    for (uint32_t i = 0; i < count; i++) {
        const ob_yaml *named = ob_yaml_get(l->bodies[i].place.at, key);
        uint32_t *to = field(&l->bodies[i]);
        *to = named == NULL ? OB_NONE : body_with_id(l, named->text);
        if (named != NULL && *to == OB_NONE &&
            !obi_map_mistake(l, named, err, "no body has the id '%.*s'", OB_SHOW(named->text))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t steps = 0;
        uint32_t up = i;
        for (; up != OB_NONE && steps <= count; steps++) {
            up = *field(&l->bodies[up]);
        }
        if (up != OB_NONE) {
            *field(&l->bodies[i]) = OB_NONE;
            if (!obi_map_mistake(l, l->bodies[i].place.at, err, "%.*s %s", OB_SHOW(l->bodies[i].id),
                                 ring)) {
                return false;
            }
        }
    }
    return true;
}

static uint32_t *parent_of(ob_body *body)
{
    return &body->parent;
}

static uint32_t *successor_of(ob_body *body)
{
    return &body->successor;
}

static bool resolve_bodies(obi_loader *l, ob_err *err)
{
    if (!resolve_chain(l, "parent", parent_of, "is below itself; look at its parents", err) ||
        !resolve_chain(l, "successor", successor_of,
                       "took over from itself; look at its successors", err)) {
        return false;
    }
    const ob_yaml *ages = ob_yaml_get(l->docs[INDEX].root, "data_age");
    for (uint32_t i = 0; i < l->map->bodies_count; i++) {
        l->bodies[i].data_day = l->data_day_else;
        for (uint32_t up = i; up != OB_NONE; up = l->bodies[up].parent) {
            ob_span id = l->bodies[up].id;
            const ob_yaml *age = NULL;
            for (size_t k = 0; ages != NULL && ages->kind == OB_YAML_MAP && k < ages->count; k++) {
                age = ob_span_is(ages->keys[k].text, id) ? &ages->items[k] : age;
            }
            if (age != NULL && ob_day_read(age->text, &l->bodies[i].data_day)) {
                break;
            }
        }
    }
    return true;
}

/* Every entry of data_age is a body of ours and a date. */
static bool check_ages(obi_loader *l, ob_err *err)
{
    const ob_yaml *ages = ob_yaml_get(l->docs[INDEX].root, "data_age");
    ob_day day = 0;
    l->doc = &l->docs[INDEX];
    if (ages != NULL && ages->kind != OB_YAML_MAP) {
        return obi_map_mistake(l, ages, err, "data_age is a map: {BODY: DATE}");
    }
    for (size_t i = 0; ages != NULL && i < ages->count; i++) {
        if ((body_with_id(l, ages->keys[i].text) == OB_NONE &&
             !obi_map_mistake(l, &ages->keys[i], err, "no body has the id '%.*s'",
                              OB_SHOW(ages->keys[i].text))) ||
            (!ob_day_read(ages->items[i].text, &day) &&
             !obi_map_mistake(l, &ages->items[i], err, "a date is needed, such as 2026-11"))) {
            return false;
        }
    }
    return true;
}

bool obi_map_read_bodies(obi_loader *l, ob_err *err)
{
    const ob_yaml *list = NULL;
    size_t names = 0;
    if (!open_list(l, BODIES, lists[BODIES], &list, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *aliases = ob_yaml_get(&list->items[i], "aliases");
        names += 3 + (aliases == NULL ? 0 : aliases->count);
    }
    l->bodies = OB_NEW(l->arena, ob_body, list->count, err);
    l->map->bodies = l->bodies;
    if (l->bodies == NULL || !obi_names_make(&l->map->body_names, l->arena, names, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        uint32_t number = l->map->bodies_count;
        ob_body *b = &l->bodies[number];
        *b = (ob_body){.place = {l->doc, at}, .parent = OB_NONE};
        if (!read_body(l, at, b, err)) {
            return false;
        }
        l->map->bodies_count++;
        if (!add_body_name(l, at, b->id, number, err) ||
            !add_body_name(l, at, b->short_name, number, err)) {
            return false;
        }
        for (size_t k = 0; k < b->aliases.count; k++) {
            if (!add_body_name(l, at, b->aliases.items[k], number, err)) {
                return false;
            }
        }
    }
    return resolve_bodies(l, err) && check_ages(l, err);
}

/* Activities */

static bool topics_of(obi_loader *l, const ob_yaml *map, ob_activity *a, ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(map, "topics");
    if (list == NULL || !obi_field_is_list(list) || list->count == 0) {
        return obi_map_mistake(l, list == NULL ? map : list, err,
                               "topics is a list of at least one topic: [iot]");
    }
    uint32_t *topics = OB_NEW(l->arena, uint32_t, list->count, err);
    for (size_t i = 0; topics != NULL && i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        uint32_t topic = ob_map_topic(l->map, at->text);
        bool again = false;
        for (size_t k = 0; k < a->topics_count; k++) {
            again = again || topics[k] == topic;
        }
        if (topic != OB_NONE && !again) {
            topics[a->topics_count++] = topic;
        } else if (!(again ? obi_map_mistake(l, at, err, "the topic %.*s stands here twice",
                                             OB_SHOW(at->text))
                           : obi_map_mistake(l, at, err, "no topic has the id '%.*s'",
                                             OB_SHOW(at->text)))) {
            return false;
        }
    }
    a->topics = topics;
    return topics != NULL;
}

/* By the exact id, through the table of names: each activity asks. */
static bool body_of(obi_loader *l, const ob_yaml *map, uint32_t *body, ob_err *err)
{
    ob_span id = {0};
    if (!obi_field_need(l, map, "body", &id, err)) {
        return false;
    }
    *body = OB_NONE;
    if (id.len > 0) {
        uint32_t at = 0;
        ob_span key = {0};
        if (!ob_body_key(l->arena, id, &key, err)) {
            return false;
        }
        for (const obi_name_slot *s = NULL;
             *body == OB_NONE && (s = obi_names_next(l->map->body_names, key, &at)) != NULL;) {
            *body = ob_span_is(l->bodies[s->number].id, id) ? s->number : OB_NONE;
        }
        if (*body == OB_NONE) {
            return obi_map_mistake(l, ob_yaml_get(map, "body"), err, "no body has the id '%.*s'",
                                   OB_SHOW(id));
        }
    }
    return true;
}

static bool evidence_of(obi_loader *l, const ob_yaml *map, ob_evidence *evidence, ob_err *err)
{
    int choice = (int)*evidence;
    if (!(ob_yaml_choice(l->doc, map, "evidence", ob_evidence_names, OB_EVIDENCES, &choice, err) ||
          obi_map_took(l, err))) {
        return false;
    }
    *evidence = (ob_evidence)choice;
    return true;
}

static bool read_activity(obi_loader *l, const ob_yaml *at, ob_activity *a, ob_err *err)
{
    static const char *const keys[] = {"id",       "body",       "title",    "kind",   "status",
                                       "date",     "edition",    "question", "timing", "summary",
                                       "approval", "registered", "formerly", "topics", "relations",
                                       "url",      "verified",   "evidence", "note"};
    if (!obi_field_known(l, at, keys, OB_COUNT(keys), err) ||
        !obi_field_need(l, at, "id", &a->id, err) || !body_of(l, at, &a->body, err) ||
        !obi_field_text(l, at, "title", &a->title, err) ||
        !obi_field_need(l, at, "kind", &a->kind, err) ||
        !obi_field_need(l, at, "status", &a->status, err) ||
        !obi_field_day(l, at, "date", &a->date, err) ||
        !obi_field_text(l, at, "edition", &a->edition, err) ||
        !obi_field_text(l, at, "question", &a->question, err) ||
        !obi_field_text(l, at, "timing", &a->timing, err) ||
        !obi_field_text(l, at, "approval", &a->approval, err) ||
        !obi_field_day(l, at, "registered", &a->registered, err) ||
        !obi_field_names(l, at, "formerly", &a->former, err) || !topics_of(l, at, a, err) ||
        !obi_field_text(l, at, "summary", &a->summary, err) ||
        !obi_field_url(l, at, &a->url, err) ||
        !obi_field_bool(l, at, "verified", &a->verified, err) ||
        !evidence_of(l, at, &a->evidence, err) || !obi_field_text(l, at, "note", &a->note, err)) {
        return false;
    }
    a->state = ob_state_of(a->status);
    return true;
}

static bool read_file(obi_loader *l, size_t file, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!open_list(l, file, "activities", &list, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        uint32_t number = l->map->activities_count;
        ob_activity *a = &l->activities[number];
        *a = (ob_activity){.place = {l->doc, at}, .body = OB_NONE};
        if (!read_activity(l, at, a, err)) {
            return false;
        }
        if (a->id.len == 0) {
            continue; /* told */
        }
        l->map->activities_count++;
        l->map->inside_count++;
        if (!obi_names_add_activity(l, number, err)) {
            return false;
        }
    }
    return true;
}

bool obi_map_read_activities(obi_loader *l, ob_err *err)
{
    size_t most = 0;
    size_t names = 0;
    for (size_t f = EXTERNAL; f < l->docs_count; f++) {
        const char *name = f < FILES ? lists[f] : "activities";
        const ob_yaml *list = ob_yaml_get(l->docs[f].root, name);
        for (size_t i = 0;
             f != RELATIONS && list != NULL && list->kind == OB_YAML_SEQ && i < list->count; i++) {
            const ob_yaml *former = ob_yaml_get(&list->items[i], "formerly");
            most++;
            names += 1 + (former == NULL ? 0 : former->count);
        }
    }
    for (size_t i = 0; i < l->items_count; i++) {
        most++;
        names += 2 + l->items[i].item.former.count;
    }
    l->activities = OB_NEW(l->arena, ob_activity, most, err);
    l->map->activities = l->activities;
    if (l->activities == NULL || !obi_names_make(&l->map->names, l->arena, names, err)) {
        return false;
    }
    for (size_t f = FILES; f < l->docs_count; f++) {
        if (!read_file(l, f, err)) {
            return false;
        }
    }
    return true;
}

/* What is outside, but named. */
static bool read_external(obi_loader *l, const ob_yaml *at, ob_activity *a, ob_err *err)
{
    static const char *const keys[] = {"id",  "edition",  "title",    "publisher",
                                       "url", "verified", "evidence", "note"};
    ob_span publisher = {0};
    if (!obi_field_known(l, at, keys, OB_COUNT(keys), err) ||
        !obi_field_need(l, at, "id", &a->id, err) ||
        !obi_field_need(l, at, "title", &a->title, err) ||
        !obi_field_text(l, at, "edition", &a->edition, err) ||
        !obi_field_text(l, at, "publisher", &publisher, err) ||
        !obi_field_url(l, at, &a->url, err) ||
        !obi_field_bool(l, at, "verified", &a->verified, err) ||
        !evidence_of(l, at, &a->evidence, err) || !obi_field_text(l, at, "note", &a->note, err)) {
        return false;
    }
    return publisher.len == 0 || ob_map_find_body(l->map, publisher, &a->body, err);
}

bool obi_map_read_external(obi_loader *l, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!open_list(l, EXTERNAL, lists[EXTERNAL], &list, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        uint32_t number = l->map->activities_count;
        ob_activity *a = &l->activities[number];
        *a = (ob_activity){.place = {l->doc, at},
                           .body = OB_NONE,
                           .external = true,
                           .kind = OB_SPAN("external"),
                           .status = OB_SPAN("published"),
                           .state = OB_STATE_PUBLISHED};
        if (!read_external(l, at, a, err)) {
            return false;
        }
        if (a->id.len > 0) {
            (void)ob_day_read(a->edition, &a->date);
            l->map->activities_count++;
            if (!obi_names_add_activity(l, number, err)) {
                return false;
            }
        }
    }
    return true;
}

/* Meetings */

static bool outputs_of(obi_loader *l, const ob_yaml *map, ob_meeting *m, ob_err *err)
{
    const ob_yaml *outputs = ob_yaml_get(map, "outputs");
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        uint64_t value = 0;
        m->outputs[i] = -1;
        if (outputs == NULL || ob_yaml_get(outputs, ob_output_names[i]) == NULL) {
            continue;
        }
        if (!(ob_yaml_u64(l->doc, outputs, ob_output_names[i], 0, 1000000, &value, err) ||
              obi_map_took(l, err))) {
            return false;
        }
        m->outputs[i] = (int64_t)value;
    }
    return outputs == NULL || obi_field_known(l, outputs, ob_output_names, OB_OUTPUTS, err);
}

static bool read_meeting(obi_loader *l, const ob_yaml *at, ob_meeting *m, ob_err *err)
{
    static const char *const keys[] = {"id",  "body",     "kind",   "title",   "start",
                                       "end", "place",    "status", "outputs", "report_due",
                                       "url", "verified", "note"};
    const ob_yaml *start = NULL;
    if (!obi_field_known(l, at, keys, OB_COUNT(keys), err) ||
        !obi_field_need(l, at, "id", &m->id, err) || !body_of(l, at, &m->body, err) ||
        !obi_field_need(l, at, "kind", &m->kind, err) ||
        !obi_field_need(l, at, "title", &m->title, err) ||
        !(ob_yaml_need(l->doc, at, "start", &start, err) || obi_map_took(l, err)) ||
        !obi_field_day(l, at, "start", &m->start, err) ||
        !obi_field_day(l, at, "end", &m->end, err) ||
        !obi_field_text(l, at, "place", &m->where, err) ||
        !obi_field_need(l, at, "status", &m->status, err) || !outputs_of(l, at, m, err) ||
        !obi_field_day(l, at, "report_due", &m->report_due, err) ||
        !obi_field_url(l, at, &m->url, err) ||
        !obi_field_bool(l, at, "verified", &m->verified, err) ||
        !obi_field_text(l, at, "note", &m->note, err)) {
        return false;
    }
    return m->end == 0 || m->end >= m->start ||
           obi_map_mistake(l, ob_yaml_get(at, "end"), err, "the meeting ends before it starts");
}

bool obi_map_read_meetings(obi_loader *l, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!open_list(l, MEETINGS, lists[MEETINGS], &list, err)) {
        return false;
    }
    l->meetings = OB_NEW(l->arena, ob_meeting, list->count + l->meeting_readings_count, err);
    l->map->meetings = l->meetings;
    for (size_t i = 0; l->meetings != NULL && i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        ob_meeting m = {.place = {l->doc, at}, .body = OB_NONE};
        if (!read_meeting(l, at, &m, err)) {
            return false;
        }
        if (m.id.len > 0 && ob_map_meeting(l->map, m.id) != OB_NONE) {
            if (!obi_map_mistake(l, at, err, "the meeting %.*s is there already", OB_SHOW(m.id))) {
                return false;
            }
            continue;
        }
        l->meetings[l->map->meetings_count++] = m;
    }
    return l->meetings != NULL;
}

bool obi_map_read_schemes(obi_loader *l, ob_err *err)
{
    static const char *const keys[] = {"id", "document"};
    const ob_yaml *list = NULL;
    if (!open_list(l, SCHEMES, lists[SCHEMES], &list, err)) {
        return false;
    }
    l->schemes = OB_NEW(l->arena, ob_scheme, list->count, err);
    l->map->schemes = l->schemes;
    for (size_t i = 0; l->schemes != NULL && i < list->count; i++) {
        const ob_yaml *at = &list->items[i];
        ob_scheme s = {.place = {l->doc, at}, .activity = OB_NONE};
        ob_span document = {0};
        if (!obi_field_known(l, at, keys, OB_COUNT(keys), err) ||
            !obi_field_need(l, at, "id", &s.id, err) ||
            !obi_field_text(l, at, "document", &document, err) ||
            (document.len > 0 && !ob_map_find(l->map, document, &s.activity, err))) {
            return false;
        }
        if (document.len > 0 && s.activity == OB_NONE &&
            !obi_map_mistake(l, ob_yaml_get(at, "document"), err,
                             "no activity and nothing external has the id '%.*s'",
                             OB_SHOW(document))) {
            return false;
        }
        l->schemes[l->map->schemes_count++] = s;
    }
    return l->schemes != NULL;
}
