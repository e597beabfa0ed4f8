/* SPDX-License-Identifier: Apache-2.0 */
#include "map/news.h"

#include <stdlib.h>

const char *const ob_turn_names[OB_TURNS] = {"closed", "begun", "opened", "lost"};

typedef enum class_of_work {
    CLASS_NOTHING,
    CLASS_WORK,
    CLASS_TEXT
} class_of_work;

static bool is_wanted(const ob_ask *ask, const bool *only, uint32_t number)
{
    const ob_activity *a = &ask->map->activities[number];
    return (only == NULL || only[number]) &&
           (ask->body == OB_NONE || ob_map_body_within(ask->map, a->body, ask->body)) &&
           (ask->topic == OB_NONE || ob_activity_has_topic(a, ask->topic));
}

/* A page of the work programme that has no status is that of new work. */
static ob_state state_of(const ob_item *item)
{
    return item->status.len == 0 && !item->reported ? OB_STATE_NEW : ob_state_of(item->status);
}

/* The last reading up to a day; NULL: none. */
static const ob_item_reading *reading_at(const ob_activity *a, ob_day day)
{
    const ob_item_reading *last = NULL;
    for (size_t i = 0; i < a->readings_count && a->readings[i].day <= day; i++) {
        last = &a->readings[i];
    }
    return last;
}

/* Read up to the day and again after it? */
static bool was_read_twice(const ob_activity *a, ob_day day)
{
    return a->readings_count > 1 && a->readings[0].day <= day &&
           a->readings[a->readings_count - 1].day > day;
}

bool ob_ask_trend(const ob_ask *ask, const bool *only, ob_day since, ob_trend *trend, ob_err *err)
{
    const ob_map *m = ask->map;
    ob_trend made = {0};
    uint32_t *list = OB_NEW(ask->arena, uint32_t, (size_t)m->inside_count + 1, err);
    if (list == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        const ob_item_reading *then = reading_at(a, since);
        if (then != NULL && is_wanted(ask, only, i) && was_read_twice(a, since)) {
            list[made.count++] = i;
            made.then[state_of(&then->item)]++;
            made.now[state_of(&a->readings[a->readings_count - 1].item)]++;
        }
    }
    made.activities = list;
    *trend = made;
    return true;
}

static class_of_work class_of(ob_state state)
{
    if (ob_state_is_open(state)) {
        return CLASS_WORK;
    }
    bool holds =
        state == OB_STATE_APPROVED || state == OB_STATE_PUBLISHED || state == OB_STATE_CONTINUOUS;
    return holds ? CLASS_TEXT : CLASS_NOTHING;
}

/* What it was then. What no reading shows is taken as it is now, so that it changes nothing. */
static class_of_work class_then(const ob_activity *a, ob_day since)
{
    const ob_item_reading *then = reading_at(a, since);
    bool is_new = a->readings_count > 0 && then == NULL && a->place.at == NULL &&
                  a->registered != 0 && a->registered > since;
    if (is_new) {
        return CLASS_NOTHING;
    }
    if (then == NULL || !was_read_twice(a, since)) {
        return class_of(a->state);
    }
    /* The baseline may know more than pages that lag behind; only a change of these counts. */
    class_of_work before = class_of(state_of(&then->item));
    class_of_work after = class_of(state_of(&a->readings[a->readings_count - 1].item));
    return before != after ? before : class_of(a->state);
}

typedef struct cell {
    uint32_t then[CLASS_TEXT + 1];
    uint32_t now[CLASS_TEXT + 1];
} cell;

typedef struct turner {
    const ob_ask *ask;
    ob_day since;
    cell *cells; /* [topic][sort] */
} turner;

static bool has_changed(const turner *t, const ob_activity *a)
{
    return class_then(a, t->since) != class_of(a->state);
}

/* Liaison statements and terms of reference are no texts on a subject. */
static bool counts(const turner *t, uint32_t number)
{
    return is_wanted(t->ask, NULL, number) &&
           ob_sort_of(t->ask->map->activities[number].kind) != OB_SORT_OTHER;
}

static bool turn_of(const cell *c, ob_turn_kind *kind)
{
    bool text_then = c->then[CLASS_TEXT] > 0;
    bool text_now = c->now[CLASS_TEXT] > 0;
    bool work_then = c->then[CLASS_WORK] > 0;
    bool work_now = c->now[CLASS_WORK] > 0;
    if (!text_then && text_now) {
        *kind = OB_TURN_CLOSED;
    } else if (!text_then && !work_then && work_now) {
        *kind = OB_TURN_BEGUN;
    } else if ((text_then || work_then) && !text_now && !work_now) {
        *kind = OB_TURN_OPENED;
    } else if (text_then && !text_now) {
        *kind = OB_TURN_LOST;
    } else {
        return false;
    }
    return true;
}

static bool find_by(const turner *t, ob_turn *turn, ob_err *err)
{
    const ob_map *m = t->ask->map;
    uint32_t *list = OB_NEW(t->ask->arena, uint32_t, (size_t)m->inside_count + 1, err);
    for (uint32_t i = 0; list != NULL && i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        if (counts(t, i) && ob_sort_of(a->kind) == turn->sort &&
            ob_activity_has_topic(a, turn->topic) && has_changed(t, a)) {
            list[turn->by_count++] = i;
        }
    }
    turn->by = list;
    return list != NULL;
}

static int in_order(const void *x, const void *y)
{
    const ob_turn *a = x;
    const ob_turn *b = y;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->topic != b->topic) {
        return a->topic < b->topic ? -1 : 1;
    }
    return a->sort < b->sort ? -1 : a->sort > b->sort;
}

bool ob_ask_turns(const ob_ask *ask, ob_day since, const ob_turn **turns, size_t *count,
                  ob_err *err)
{
    const ob_map *m = ask->map;
    turner t = {.ask = ask, .since = since};
    size_t cells = (size_t)m->topics_count * OB_SORTS;
    ob_turn *list = OB_NEW(ask->arena, ob_turn, cells + 1, err);
    size_t used = 0;
    t.cells = OB_NEW(ask->arena, cell, cells + 1, err);
    if (list == NULL || t.cells == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        for (size_t k = 0; counts(&t, i) && k < a->topics_count; k++) {
            cell *c = &t.cells[(size_t)a->topics[k] * OB_SORTS + (size_t)ob_sort_of(a->kind)];
            c->then[class_then(a, since)]++;
            c->now[class_of(a->state)]++;
        }
    }
    for (size_t i = 0; i < cells; i++) {
        ob_turn turn = {.topic = (uint32_t)(i / OB_SORTS), .sort = (ob_sort)(i % OB_SORTS)};
        bool wanted = ask->topic == OB_NONE || ask->topic == turn.topic;
        if (wanted && turn_of(&t.cells[i], &turn.kind)) {
            if (!find_by(&t, &turn, err)) {
                return false;
            }
            list[used++] = turn;
        }
    }
    if (used > 0) {
        qsort(list, used, sizeof *list, in_order);
    }
    *turns = list;
    *count = used;
    return true;
}

static int most_first(const void *x, const void *y)
{
    const ob_read_count *a = x;
    const ob_read_count *b = y;
    if (a->since != b->since) {
        return a->since > b->since ? -1 : 1;
    }
    if (a->pages != b->pages) {
        return a->pages > b->pages ? -1 : 1;
    }
    return a->body < b->body ? -1 : a->body > b->body;
}

bool ob_ask_readings(const ob_ask *ask, const bool *only, ob_day since,
                     const ob_read_count **counts, size_t *count, ob_err *err)
{
    const ob_map *m = ask->map;
    /* The last one is for pages that name no group. */
    ob_read_count *list = OB_NEW(ask->arena, ob_read_count, (size_t)m->bodies_count + 1, err);
    size_t used = 0;
    if (list == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        ob_read_count *c = &list[a->body == OB_NONE ? m->bodies_count : a->body];
        for (size_t k = 0; is_wanted(ask, only, i) && k < a->readings_count; k++) {
            ob_day day = a->readings[k].day;
            c->pages++;
            c->since += day > since;
            c->fresh += k == 0 && day > since;
            c->last = day > c->last ? day : c->last;
        }
    }
    for (uint32_t i = 0; i <= m->bodies_count; i++) {
        if (list[i].pages > 0) {
            list[i].body = i == m->bodies_count ? OB_NONE : i;
            list[used++] = list[i];
        }
    }
    if (used > 0) {
        qsort(list, used, sizeof *list, most_first);
    }
    *counts = list;
    *count = used;
    return true;
}
