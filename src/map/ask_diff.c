/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff: for each page that was read after a day, the last reading against the last one up to that
 * day, field by field. A page that is new and names former ids is compared with the page of such a
 * one. When the page was updated and who edits it tell nothing by themselves and are left out.
 */
#include "map/ask.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *const ob_edit_names[OB_EDITS] = {"new",       "renamed", "moved",   "advanced",
                                             "published", "stalled", "stopped", "changed"};

typedef struct entry {
    uint32_t activity;
    const ob_item_reading *reading;
} entry;

typedef struct differ {
    const ob_ask *ask;
    ob_day since;
    entry *entries; /* by id, then day, then as added */
    size_t entries_count;
    ob_edit *changes; /* heap */
    size_t count;
    size_t cap;
} differ;

/* Fields that are one text; their classes are found by name. */
static const struct {
    const char *name;
    size_t offset;
} fields[] = {
    {"id", offsetof(ob_item, id)},
    {"title", offsetof(ob_item, title)},
    {"status", offsetof(ob_item, status)},
    {"approval", offsetof(ob_item, approval)},
    {"type", offsetof(ob_item, type)},
    {"version", offsetof(ob_item, version)},
    {"equivalent", offsetof(ob_item, equivalent)},
    {"timing", offsetof(ob_item, timing)},
    {"members", offsetof(ob_item, members)},
    {"summary", offsetof(ob_item, summary)},
    {"comment", offsetof(ob_item, comment)},
    {"study_period", offsetof(ob_item, study_period)},
    {"group", offsetof(ob_item, group)},
    {"question", offsetof(ob_item, question)},
};

static ob_span field_of(const ob_item *item, size_t i)
{
    ob_span text;
    (void)memcpy(&text, (const char *)item + fields[i].offset, sizeof text);
    return text;
}

static ob_state state_of(ob_span status)
{
    return status.len == 0 ? OB_STATE_NEW : ob_state_of(status);
}

static ob_edit_kind class_of_status(ob_span before, ob_span after)
{
    ob_state old = state_of(before);
    ob_state now = state_of(after);
    bool was_done = old == OB_STATE_APPROVED || old == OB_STATE_PUBLISHED;
    if (now == OB_STATE_APPROVED || now == OB_STATE_PUBLISHED) {
        return was_done ? OB_EDIT_OTHER : OB_EDIT_PUBLISHED;
    }
    if (now == OB_STATE_SUPERSEDED || now == OB_STATE_STOPPED) {
        return OB_EDIT_STOPPED;
    }
    if (now == OB_STATE_CARRIED && old != OB_STATE_CARRIED) {
        return OB_EDIT_STALLED;
    }
    bool stages = ob_state_is_open(old) && ob_state_is_open(now);
    return stages && now > old ? OB_EDIT_ADVANCED : OB_EDIT_OTHER;
}

static ob_edit_kind class_of(const char *field, ob_span before, ob_span after)
{
    if (strcmp(field, "id") == 0) {
        return OB_EDIT_RENAMED;
    }
    if (strcmp(field, "group") == 0 || strcmp(field, "question") == 0 ||
        strcmp(field, "study_period") == 0) {
        return OB_EDIT_MOVED;
    }
    if (strcmp(field, "status") == 0) {
        return class_of_status(before, after);
    }
    if (strcmp(field, "timing") == 0) {
        ob_day old = ob_timing_day(before);
        ob_day now = ob_timing_day(after);
        return old != 0 && now != 0 && ob_day_last(now) > ob_day_last(old) ? OB_EDIT_STALLED
                                                                           : OB_EDIT_OTHER;
    }
    return OB_EDIT_OTHER;
}

static bool add(differ *d, const ob_edit *change, ob_err *err)
{
    void *changes = d->changes;
    if (!ob_array_grow(&changes, &d->cap, d->count, sizeof *d->changes, 10000000, err)) {
        return false;
    }
    d->changes = changes;
    d->changes[d->count++] = *change;
    return true;
}

static bool same_names(ob_names a, ob_names b)
{
    bool same = a.count == b.count;
    for (size_t i = 0; same && i < a.count; i++) {
        same = ob_span_is(a.items[i], b.items[i]);
    }
    return same;
}

static bool compare(differ *d, const entry *before, const entry *after, ob_err *err)
{
    const ob_item *old = &before->reading->item;
    const ob_item *now = &after->reading->item;
    ob_edit change = {.activity = after->activity,
                      .id = now->id,
                      .before_day = before->reading->day,
                      .after_day = after->reading->day};
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        change.field = fields[i].name;
        change.before = field_of(old, i);
        change.after = field_of(now, i);
        change.kind = class_of(change.field, change.before, change.after);
        if (!ob_span_is(change.before, change.after) && !add(d, &change, err)) {
            return false;
        }
    }
    /* Pages of two layouts may write one list in two ways. */
    if (!same_names(old->liaisons, now->liaisons)) {
        change.kind = OB_EDIT_OTHER;
        change.field = "liaison";
        change.before = old->liaison;
        change.after = now->liaison;
        return add(d, &change, err);
    }
    return true;
}

static int compare_nocase(ob_span a, ob_span b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int x = a.ptr[i] >= 'A' && a.ptr[i] <= 'Z' ? a.ptr[i] + 32 : a.ptr[i];
        int y = b.ptr[i] >= 'A' && b.ptr[i] <= 'Z' ? b.ptr[i] + 32 : b.ptr[i];
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static int by_id(const void *x, const void *y)
{
    const entry *a = x;
    const entry *b = y;
    int order = compare_nocase(a->reading->item.id, b->reading->item.id);
    if (order != 0) {
        return order;
    }
    if (a->reading->day != b->reading->day) {
        return a->reading->day < b->reading->day ? -1 : 1;
    }
    return a->reading->seq < b->reading->seq ? -1 : a->reading->seq > b->reading->seq;
}

/* The last reading of an id up to the day; NULL: none. */
static const entry *last_before(const differ *d, ob_span id)
{
    size_t low = 0;
    size_t high = d->entries_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_nocase(d->entries[middle].reading->item.id, id);
        if (order < 0 || (order == 0 && d->entries[middle].reading->day <= d->since)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && compare_nocase(d->entries[low - 1].reading->item.id, id) == 0
               ? &d->entries[low - 1]
               : NULL;
}

static bool page(differ *d, const entry *last, ob_err *err)
{
    const ob_item *item = &last->reading->item;
    const ob_activity *a = &d->ask->map->activities[last->activity];
    const entry *before = last_before(d, item->id);
    ob_day registered = 0;
    for (size_t i = 0; before == NULL && i < item->former.count; i++) {
        before = last_before(d, item->former.items[i]);
    }
    if (before != NULL) {
        return compare(d, before, last, err);
    }
    (void)ob_day_read(ob_span_sub(item->registered, 0, 10), &registered);
    ob_edit change = {.kind = OB_EDIT_NEW,
                      .activity = last->activity,
                      .id = item->id,
                      .after = item->title,
                      .after_day = last->reading->day,
                      .known = a->place.at != NULL || (registered != 0 && registered <= d->since)};
    return add(d, &change, err);
}

static bool is_wanted(const ob_ask *ask, const ob_activity *a)
{
    return (ask->body == OB_NONE || ob_map_body_within(ask->map, a->body, ask->body)) &&
           (ask->topic == OB_NONE || ob_activity_has_topic(a, ask->topic));
}

static bool gather(differ *d, ob_err *err)
{
    const ob_map *m = d->ask->map;
    size_t total = 0;
    for (uint32_t i = 0; i < m->inside_count; i++) {
        total += m->activities[i].readings_count;
    }
    d->entries = OB_NEW(d->ask->arena, entry, total + 1, err);
    if (d->entries == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        for (size_t k = 0; k < m->activities[i].readings_count; k++) {
            d->entries[d->entries_count++] = (entry){i, &m->activities[i].readings[k]};
        }
    }
    if (total > 0) {
        qsort(d->entries, total, sizeof *d->entries, by_id);
    }
    return true;
}

/* The last day up to since that has readings; else the first day that has. */
static ob_day base_day(const differ *d)
{
    ob_day last = 0;
    ob_day first = 0;
    for (size_t i = 0; i < d->entries_count; i++) {
        ob_day day = d->entries[i].reading->day;
        last = day <= d->since && day > last ? day : last;
        first = first == 0 || day < first ? day : first;
    }
    return last != 0 ? last : first;
}

static int in_order(const void *x, const void *y)
{
    const ob_edit *a = x;
    const ob_edit *b = y;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    int order = ob_span_compare(a->id, b->id);
    return order != 0 || a->field == NULL || b->field == NULL ? order : strcmp(a->field, b->field);
}

static bool find_overdue(const differ *d, ob_edits *diff, ob_err *err)
{
    const ob_map *m = d->ask->map;
    uint32_t *overdue = OB_NEW(d->ask->arena, uint32_t, (size_t)m->inside_count + 1, err);
    for (uint32_t i = 0; overdue != NULL && i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        ob_day due = ob_day_last(ob_timing_day(a->timing));
        if (a->readings_count > 0 && ob_activity_is_open(a) && due > d->since && due < m->as_of &&
            is_wanted(d->ask, a)) {
            overdue[diff->overdue_count++] = i;
        }
    }
    diff->overdue = overdue;
    return overdue != NULL;
}

static bool find(differ *d, ob_edits *diff, ob_err *err)
{
    const ob_map *m = d->ask->map;
    if (!gather(d, err)) {
        return false;
    }
    diff->compared_with = base_day(d);
    d->since = diff->compared_with > d->since ? diff->compared_with : d->since;
    for (size_t i = 0; i < d->entries_count; i++) {
        const entry *e = &d->entries[i];
        bool last = i + 1 == d->entries_count ||
                    compare_nocase(e->reading->item.id, e[1].reading->item.id) != 0;
        if (last && e->reading->day > d->since && is_wanted(d->ask, &m->activities[e->activity]) &&
            !page(d, e, err)) {
            return false;
        }
    }
    ob_edit *copy = OB_NEW(d->ask->arena, ob_edit, d->count + 1, err);
    if (copy == NULL) {
        return false;
    }
    if (d->count > 0) {
        qsort(d->changes, d->count, sizeof *d->changes, in_order);
        (void)memcpy(copy, d->changes, d->count * sizeof *copy);
    }
    diff->changes = copy;
    diff->count = d->count;
    return find_overdue(d, diff, err);
}

bool ob_ask_diff(const ob_ask *ask, ob_day since, ob_edits *diff, ob_err *err)
{
    differ d = {.ask = ask, .since = ob_day_last(since)};
    ob_edits made = {0};
    bool good = find(&d, &made, err);
    ob_mem_free(d.changes);
    if (good) {
        *diff = made;
    }
    return good;
}
