/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partners: who should be written to. Reasons come from the subjects of overlaps, seen from our
 * side, and from relations between documents. A body that lists us and that we list needs no
 * letter.
 */
#include "map/ask.h"

#include <stdlib.h>
#include <string.h>

const char *const ob_reason_names[OB_REASONS] = {"unlisted", "answer", "remind", "published",
                                                 "relation"};

const uint32_t ob_reason_weights[OB_REASONS] = {4, 3, 2, 2, 1};

typedef struct found {
    uint32_t body;
    ob_reason reason;
} found;

typedef struct finder {
    const ob_ask *ask;
    found *items; /* heap */
    size_t count;
    size_t cap;
} finder;

static bool add(finder *f, uint32_t body, const ob_reason *reason, ob_err *err)
{
    /* A body that is gone reads no letters: the one that took over does, and be it ourselves. */
    body = ob_map_body_now(f->ask->map, body);
    if (ob_map_body_within(f->ask->map, body, f->ask->body) ||
        ob_map_body_within(f->ask->map, f->ask->body, body)) {
        return true;
    }
    void *items = f->items;
    if (!ob_array_grow(&items, &f->cap, f->count, sizeof *f->items, 1000000, err)) {
        return false;
    }
    f->items = items;
    f->items[f->count++] = (found){body, *reason};
    return true;
}

static bool from_subject(finder *f, const ob_subject *s, ob_err *err)
{
    bool we = s->lists[0] == OB_LISTS_YES;
    bool they = s->lists[1] == OB_LISTS_YES;
    ob_reason r = {.topic = s->topic,
                   .ours = s->works[0],
                   .ours_count = s->open[0] > 0 ? s->open[0] : s->count[0],
                   .theirs = s->works[1],
                   .theirs_count = s->open[1] > 0 ? s->open[1] : s->count[1]};
    if (they && !we) {
        r.kind = OB_REASON_ANSWER;
    } else if (we && s->lists[1] == OB_LISTS_NO) {
        r.kind = OB_REASON_REMIND;
    } else if (!we && s->open[0] > 0) {
        r.kind = s->open[1] > 0 ? OB_REASON_UNLISTED : OB_REASON_PUBLISHED;
    } else {
        /* They know of each other, or ours is done and nobody asks for it. */
        return true;
    }
    return add(f, s->body[1], &r, err);
}

static bool from_relation(finder *f, const ob_relation *r, ob_err *err)
{
    const ob_map *m = f->ask->map;
    uint32_t ends[2] = {0};
    if (r->type >= OB_RELS_DOCUMENT || !ob_relation_counts(r) ||
        ob_map_node(m, r->from, &ends[0]) != OB_NODE_ACTIVITY ||
        ob_map_node(m, r->to, &ends[1]) != OB_NODE_ACTIVITY) {
        return true;
    }
    for (int i = 0; i < 2; i++) {
        const ob_activity *ours = &m->activities[ends[i]];
        const ob_activity *theirs = &m->activities[ends[1 - i]];
        if (ours->body == OB_NONE || theirs->body == OB_NONE || !ob_activity_is_live(theirs) ||
            !ob_activity_is_open(ours) || !ob_map_body_within(m, ours->body, f->ask->body) ||
            ob_map_body_within(m, theirs->body, f->ask->body) ||
            ob_map_body_within(m, f->ask->body, theirs->body) ||
            ob_lists_body(m, ends[i], theirs->body) ||
            ob_lists_body(m, ends[i], ob_map_body_now(m, theirs->body))) {
            continue;
        }
        uint32_t *numbers = OB_NEW(f->ask->arena, uint32_t, 2, err);
        if (numbers == NULL) {
            return false;
        }
        numbers[0] = ends[i];
        numbers[1] = ends[1 - i];
        ob_reason reason = {OB_REASON_RELATION, OB_NONE, &numbers[0], 1, &numbers[1], 1};
        if (!add(f, theirs->body, &reason, err)) {
            return false;
        }
    }
    return true;
}

static int by_body(const void *x, const void *y)
{
    const found *a = x;
    const found *b = y;
    if (a->body != b->body) {
        return a->body < b->body ? -1 : 1;
    }
    if (a->reason.kind != b->reason.kind) {
        return a->reason.kind < b->reason.kind ? -1 : 1;
    }
    if (a->reason.topic != b->reason.topic) {
        return a->reason.topic < b->reason.topic ? -1 : 1;
    }
    if (a->reason.ours[0] != b->reason.ours[0]) {
        return a->reason.ours[0] < b->reason.ours[0] ? -1 : 1;
    }
    return a->reason.theirs[0] < b->reason.theirs[0] ? -1
                                                     : a->reason.theirs[0] > b->reason.theirs[0];
}

static int by_weight(const void *x, const void *y)
{
    const ob_partner *a = x;
    const ob_partner *b = y;
    if (a->weight != b->weight) {
        return a->weight > b->weight ? -1 : 1;
    }
    return a->body < b->body ? -1 : a->body > b->body;
}

static uint32_t next_meeting(const ob_map *m, uint32_t body)
{
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        if (m->meetings[i].body == body && ob_day_last(m->meetings[i].start) >= m->as_of) {
            return i;
        }
    }
    return OB_NONE;
}

/* What a body and those that it took over from do on one topic is one reason. */
static bool join(const finder *f, ob_reason *reason, const ob_reason *more, ob_err *err)
{
    uint32_t *theirs =
        OB_NEW(f->ask->arena, uint32_t, reason->theirs_count + more->theirs_count, err);
    if (theirs == NULL) {
        return false;
    }
    memcpy(theirs, reason->theirs, reason->theirs_count * sizeof *theirs);
    memcpy(theirs + reason->theirs_count, more->theirs, more->theirs_count * sizeof *theirs);
    reason->theirs = theirs;
    reason->theirs_count += more->theirs_count;
    return true;
}

static bool group(const finder *f, const ob_partner **partners, size_t *count, ob_err *err)
{
    ob_partner *made = OB_NEW(f->ask->arena, ob_partner, f->count + 1, err);
    ob_reason *reasons = OB_NEW(f->ask->arena, ob_reason, f->count + 1, err);
    size_t used = 0;
    size_t kept = 0;
    if (made == NULL || reasons == NULL) {
        return false;
    }
    for (size_t i = 0; i < f->count; i++) {
        const found *now = &f->items[i];
        if (i == 0 || now[-1].body != now->body) {
            made[used++] = (ob_partner){.body = now->body,
                                        .reasons = &reasons[kept],
                                        .meeting = next_meeting(f->ask->map, now->body)};
        } else if (now->reason.topic != OB_NONE && now[-1].reason.topic == now->reason.topic &&
                   now[-1].reason.kind == now->reason.kind) {
            if (!join(f, &reasons[kept - 1], &now->reason, err)) {
                return false;
            }
            continue;
        }
        reasons[kept++] = now->reason;
        made[used - 1].count++;
        made[used - 1].weight += ob_reason_weights[now->reason.kind];
    }
    if (used > 0) {
        qsort(made, used, sizeof *made, by_weight);
    }
    *partners = made;
    *count = used;
    return true;
}

static bool collect(finder *f, ob_err *err)
{
    const ob_map *m = f->ask->map;
    ob_overlaps overlaps = {0};
    if (!ob_ask_subjects(f->ask, &overlaps, err)) {
        return false;
    }
    for (size_t i = 0; i < overlaps.subjects_count; i++) {
        const ob_subject *s = &overlaps.subjects[i];
        /* Questions and other parts of one body need no letter. */
        if (!ob_map_body_within(m, s->body[1], f->ask->body) && !from_subject(f, s, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < m->relations_count && f->ask->topic == OB_NONE; i++) {
        if (!from_relation(f, &m->relations[i], err)) {
            return false;
        }
    }
    if (f->count > 0) {
        qsort(f->items, f->count, sizeof *f->items, by_body);
    }
    return true;
}

bool ob_ask_partners(const ob_ask *ask, const ob_partner **partners, size_t *count, ob_err *err)
{
    finder f = {.ask = ask};
    bool good = collect(&f, err) && group(&f, partners, count, err);
    ob_mem_free(f.items);
    return good;
}
