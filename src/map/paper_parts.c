/* SPDX-License-Identifier: Apache-2.0 */
#include "map/paper_parts.h"

#include "map/paper_facts.h"

#include <string.h>

bool obi_in_scope(const ob_map *map, const obi_scope *scope, uint32_t activity)
{
    const ob_activity *a = &map->activities[activity];
    return (scope->within == OB_NONE || ob_map_body_within(map, a->body, scope->within)) &&
           (scope->without == OB_NONE || !ob_map_body_within(map, a->body, scope->without)) &&
           (scope->only == NULL || scope->only[activity]) &&
           (scope->question.len == 0 || ob_span_find(a->question, scope->question, 0) != SIZE_MAX);
}

static bool focus(ob_paper *p, obi_scope *scope)
{
    const ob_map *m = p->map;
    obi_facts facts = {0};
    bool *only = OB_NEW(p->arena, bool, (size_t)m->activities_count + 1, &p->err);
    bool *topics = OB_NEW(p->arena, bool, (size_t)m->topics_count + 1, &p->err);
    if (only == NULL || topics == NULL || !obi_facts_make(&facts, p, &p->err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->inside_count; i++) {
        const ob_activity *a = &m->activities[i];
        only[i] = a->title.len > 0 ? obi_speaks_of_ai(a->title)
                                   : ob_span_find(a->id, OB_SPAN("AI"), 0) != SIZE_MAX;
    }
    for (size_t i = 0; i < facts.stands_count; i++) {
        topics[facts.stands[i].topic] = true;
    }
    scope->only = only;
    scope->topics = topics;
    return true;
}

bool obi_scope_of(ob_paper *p, obi_scope *scope)
{
    *scope = (obi_scope){.within = p->body, .without = OB_NONE};
    if (p->err.kind != OB_OK) {
        return false;
    }
    if (p->group == OB_NONE) {
        return true;
    }
    const ob_body *group = &p->map->bodies[p->group];
    if (ob_span_is_str(group->kind, "question")) {
        scope->question = group->short_name;
    }
    return !obi_speaks_of_ai(group->name) || focus(p, scope);
}

bool obi_has_topic(const obi_scope *scope, uint32_t topic)
{
    return scope->topics == NULL || scope->topics[topic];
}

void obi_say_whose(ob_paper *p, const obi_scope *scope)
{
    ob_say_body(p, scope->question.len > 0 ? p->group : p->body);
    ob_say_text(p, scope->only != NULL ? OB_SPAN(" on AI") : OB_SPAN(""));
}

bool obi_is_liaison(const ob_activity *a)
{
    return ob_span_find_nocase(a->kind, OB_SPAN("liaison"), 0) != SIZE_MAX;
}

uint32_t obi_author(const ob_paper *p)
{
    return p->group != OB_NONE ? p->group : p->body;
}

obi_list obi_list_make(ob_paper *p)
{
    return (obi_list){
        .items = OB_NEW(p->arena, uint32_t, (size_t)p->map->activities_count + 1, &p->err)};
}

bool obi_list_has(const obi_list *list, uint32_t activity)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == activity) {
            return true;
        }
    }
    return false;
}

void obi_list_add(obi_list *list, uint32_t activity)
{
    if (list->items != NULL && !obi_list_has(list, activity)) {
        list->items[list->count++] = activity;
    }
}

const char *obi_stage(ob_state state)
{
    static const char *const words[OB_STATES] = {
        "stage unknown", "new",       "under study", "in last call", "carried over",
        "approved",      "published", "continuous",  "replaced",     "stopped"};
    return words[state];
}

const char *obi_sort_word(ob_sort sort, bool many)
{
    static const char *const one[OB_SORTS] = {"standard", "report", "guidance text", "regulation",
                                              "other text"};
    static const char *const more[OB_SORTS] = {"standards", "reports", "guidance texts",
                                               "regulations", "other texts"};
    return many ? more[sort] : one[sort];
}

void obi_say_how_many(ob_paper *p, size_t count, const char *is, const char *are)
{
    if (count == 0) {
        ob_say(p, "none ");
        ob_say(p, is);
    } else {
        ob_say_count(p, count, is, are);
    }
}

void obi_say_some(ob_paper *p, const uint32_t *numbers, size_t count, size_t most)
{
    size_t named = count > most + 1 ? most : count;
    ob_say(p, count == 0 ? "-" : "");
    if (named == count) {
        ob_say_activities(p, numbers, named, 0);
        return;
    }
    for (size_t i = 0; i < named; i++) {
        ob_say(p, i == 0 ? "" : ", ");
        ob_say_activity(p, numbers[i]);
    }
    ob_sayf(p, " and %zu more", count - named);
}

void obi_say_due(ob_paper *p, uint32_t activity)
{
    const ob_activity *a = &p->map->activities[activity];
    ob_day due = ob_timing_day(a->timing);
    if (due == 0) {
        ob_say(p, "-");
        return;
    }
    ob_say_day(p, due);
    if (ob_activity_is_open(a) && ob_days_late(due, p->map->as_of) > 0) {
        ob_say(p, " (late)");
    }
}

void obi_say_lateness(ob_paper *p, ob_day due)
{
    int64_t late = ob_days_late(due, p->map->as_of);
    if (late > 0) {
        ob_sayf(p, "it is late by %lld day%s", (long long)late, late == 1 ? "" : "s");
    } else if (late == 0) {
        ob_say(p, "today is the last day");
    } else {
        ob_sayf(p, "it is in time, with %lld day%s left", (long long)-late, late == -1 ? "" : "s");
    }
}

static ob_ask ask_within(const ob_paper *p, const obi_scope *scope)
{
    return (ob_ask){.map = p->map,
                    .arena = p->arena,
                    .body = scope->within,
                    .with = OB_NONE,
                    .topic = OB_NONE,
                    .fresh_days = p->ask.fresh_days};
}

bool obi_dated_ask(ob_paper *p, const obi_scope *scope, ob_day since, const obi_list *but,
                   obi_events *events)
{
    const ob_map *m = p->map;
    const ob_ask ask = ask_within(p, scope);
    const ob_event *all = NULL;
    size_t count = 0;
    if (p->err.kind != OB_OK ||
        !ob_ask_timeline(&ask, ob_day_plus(since, 1), m->as_of, &all, &count, &p->err)) {
        return false;
    }
    events->items = OB_NEW(p->arena, ob_event, count + 1, &p->err);
    /* Of two on one day the first stays first. */
    for (size_t i = count; events->items != NULL && i-- > 0;) {
        size_t first = i;
        while (first > 0 && all[first - 1].day == all[i].day) {
            first--;
        }
        for (size_t k = first; k <= i; k++) {
            const ob_event *e = &all[k];
            /* A year alone does not say that it was in the period. */
            bool within = ob_day_count(e->day) > ob_day_count(since);
            if (within && (e->kind == OB_EVENT_STATUS || e->kind == OB_EVENT_REGISTERED) &&
                obi_in_scope(m, scope, e->activity) &&
                !obi_is_liaison(&m->activities[e->activity]) && !obi_list_has(but, e->activity)) {
                events->items[events->count++] = *e;
            }
        }
        i = first;
    }
    return events->items != NULL;
}

void obi_dated_table(ob_paper *p, const char *caption, const obi_events *events)
{
    static const char *const heads[] = {"Day", "Item", "Title", "What"};
    ob_paper_table(p, caption, heads, OB_COUNT(heads));
    for (size_t i = 0; i < events->count; i++) {
        const ob_event *e = &events->items[i];
        const ob_activity *a = &p->map->activities[e->activity];
        ob_paper_cell(p);
        ob_say_day(p, e->day);
        ob_paper_cell(p);
        ob_say_activity(p, e->activity);
        ob_paper_cell(p);
        ob_say_text(p, a->title);
        ob_paper_cell(p);
        if (e->kind == OB_EVENT_REGISTERED) {
            ob_say(p, "registered as a work item");
        } else {
            ob_say(p, obi_stage(a->state));
        }
    }
}

bool obi_due_ask(ob_paper *p, const obi_scope *scope, ob_day until, obi_due *due)
{
    const ob_map *m = p->map;
    const ob_ask ask = ask_within(p, scope);
    const ob_event *all = NULL;
    size_t count = 0;
    due->late = obi_list_make(p);
    due->next = obi_list_make(p);
    if (p->err.kind != OB_OK || !ob_ask_timeline(&ask, m->as_of, until, &all, &count, &p->err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const ob_event *e = &all[i];
        if (e->kind == OB_EVENT_DUE && obi_in_scope(m, scope, e->activity) &&
            !obi_is_liaison(&m->activities[e->activity])) {
            obi_list_add(e->late ? &due->late : &due->next, e->activity);
        }
    }
    return true;
}

void obi_due_table(ob_paper *p, const char *caption, const obi_list *list)
{
    static const char *const heads[] = {"Due", "Item", "Title", "Question", "Stage"};
    ob_paper_table(p, caption, heads, OB_COUNT(heads));
    for (size_t i = 0; i < list->count; i++) {
        const ob_activity *a = &p->map->activities[list->items[i]];
        ob_paper_cell(p);
        obi_say_due(p, list->items[i]);
        ob_paper_cell(p);
        ob_say_activity(p, list->items[i]);
        ob_paper_cell(p);
        ob_say_text(p, a->title);
        ob_paper_cell(p);
        ob_say_text(p, a->question.len > 0 ? a->question : OB_SPAN("-"));
        ob_paper_cell(p);
        ob_say(p, obi_stage(a->state));
    }
}

void obi_say_announced(ob_paper *p)
{
    const ob_map *m = p->map;
    const ob_meeting *last = NULL;
    size_t said = 0;
    /* They are sorted by day. */
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        last =
            m->meetings[i].body == p->body && m->meetings[i].page != NULL ? &m->meetings[i] : last;
    }
    for (size_t i = 0; last != NULL && i < last->page->future_count && said < 5; i++) {
        const ob_future *future = &last->page->future[i];
        if (future->start <= m->as_of) {
            continue;
        }
        if (said++ == 0) {
            ob_say(p, "the summary of the ");
            ob_say_meeting(p, (uint32_t)(last - m->meetings));
            ob_say(p, " announces: ");
        } else {
            ob_say(p, "; ");
        }
        ob_say_text(p, future->text);
    }
    if (said > 0) {
        ob_say_end(p);
    }
}

void obi_say_none_known(ob_paper *p, const char *what, uint32_t body)
{
    ob_sayf(p, "the landscape knows no %s of ", what);
    ob_say_body(p, body);
    ob_say(p, " from ");
    ob_say_day(p, p->map->as_of);
    ob_say(p, " on");
    ob_say_end(p);
}

void obi_say_no_plenary(ob_paper *p)
{
    obi_say_none_known(p, "plenary", p->body);
    obi_say_announced(p);
}
