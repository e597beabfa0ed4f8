/* SPDX-License-Identifier: Apache-2.0 */
/* What the readings of a store say goes before what the files say. */
#include "map/landscape_core.h"

#include <stdlib.h>

/* How young a page says it is itself, as a day: pages of several study periods are often read on
 * one day. 0: it does not say. */
static ob_day own_day(const ob_item *item)
{
    ob_day period = 0;
    ob_day updated = 0;
    (void)ob_day_read(ob_span_sub(item->study_period, 0, 4), &period);
    (void)ob_day_read(ob_span_sub(item->updated, 0, 10), &updated);
    return period > updated ? period : updated;
}

static int by_time(const void *a, const void *b)
{
    const obi_read *x = a;
    const obi_read *y = b;
    int order = ob_span_compare(x->reading->day, y->reading->day);
    if (order != 0) {
        return order;
    }
    if (x->own_day != y->own_day) {
        return x->own_day < y->own_day ? -1 : 1;
    }
    return x->reading->seq < y->reading->seq ? -1 : x->reading->seq > y->reading->seq;
}

static int by_activity(const void *a, const void *b)
{
    const obi_read *x = a;
    const obi_read *y = b;
    return x->activity != y->activity ? (x->activity < y->activity ? -1 : 1) : by_time(a, b);
}

bool obi_map_fetch(obi_loader *l, ob_err *err)
{
    char until[OB_DAY_TEXT_MAX] = "";
    ob_reading *items = NULL;
    size_t count = 0;
    if (l->from->store == NULL) {
        return true;
    }
    if (l->from->as_of != 0) {
        ob_day_write(ob_day_last(l->from->as_of), until);
    }
    ob_reading_query query = {.kind = OB_SPAN("item"), .until = ob_span_str(until)};
    if (!ob_store_readings(l->from->store, l->arena, &query, &items, &count, err)) {
        return false;
    }
    l->items = OB_NEW(l->arena, obi_read, count, err);
    for (size_t i = 0; l->items != NULL && i < count; i++) {
        l->items[i].reading = &items[i];
        if (!ob_item_parse(&l->items[i].item, l->arena, items[i].body, err)) {
            return ob_wrap(err, "reading %llu of the store", (unsigned long long)items[i].seq);
        }
        l->items[i].own_day = own_day(&l->items[i].item);
    }
    l->items_count = count;
    if (l->items != NULL && count > 0) {
        qsort(l->items, count, sizeof *l->items, by_time);
    }
    query.kind = OB_SPAN("meeting");
    if (l->items == NULL ||
        !ob_store_readings(l->from->store, l->arena, &query, &l->meeting_readings,
                           &l->meeting_readings_count, err)) {
        return false;
    }
    query.kind = OB_SPAN("relation");
    return ob_store_readings(l->from->store, l->arena, &query, &l->relation_readings,
                             &l->relation_readings_count, err);
}

static bool holds(ob_names names, ob_span name)
{
    for (size_t i = 0; i < names.count; i++) {
        if (ob_span_is(names.items[i], name)) {
            return true;
        }
    }
    return false;
}

/* Former ids: those known so far, those of the page, and the id itself when it was another one. */
static bool add_former(obi_loader *l, ob_activity *a, const ob_item *item, ob_span old, ob_err *err)
{
    ob_span *names = OB_NEW(l->arena, ob_span, a->former.count + item->former.count + 1, err);
    size_t count = 0;
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < a->former.count; i++) {
        names[count++] = a->former.items[i];
    }
    for (size_t i = 0; i <= item->former.count; i++) {
        ob_span name = i < item->former.count ? item->former.items[i] : old;
        if (name.len > 0 && !ob_span_is_nocase(name, a->id) &&
            !holds((ob_names){names, count}, name)) {
            names[count++] = name;
        }
    }
    a->former = (ob_names){names, count};
    return true;
}

/* The activity that a page is about: by its id, or by a former one that is still work. */
static bool find(obi_loader *l, const ob_item *item, uint32_t *number, ob_err *err)
{
    if (!ob_map_find(l->map, item->id, number, err)) {
        return false;
    }
    for (size_t i = 0; *number == OB_NONE && i < item->former.count; i++) {
        uint32_t other = OB_NONE;
        if (!ob_map_find(l->map, item->former.items[i], &other, err)) {
            return false;
        }
        /* A number that was published since is another text: X.1037 became a Supplement, and there
         * is a Recommendation X.1037. */
        if (other != OB_NONE && (ob_state_is_open(l->activities[other].state) ||
                                 l->activities[other].state == OB_STATE_UNKNOWN)) {
            *number = other;
        }
    }
    return true;
}

static ob_span kind_of(const ob_item *item, ob_state state)
{
    if (ob_state_is_open(state) && ob_span_is_nocase(item->type, OB_SPAN("Recommendation"))) {
        return OB_SPAN("draft Recommendation");
    }
    return ob_span_is_nocase(item->type, OB_SPAN("Technical report")) ? OB_SPAN("Technical Report")
                                                                      : item->type;
}

static ob_state state_of(const ob_item *item)
{
    return item->status.len == 0 ? OB_STATE_NEW : ob_state_of(item->status);
}

/* "Approved on 2020-03-26 [...]" */
static ob_day day_within(ob_span text)
{
    ob_day day = 0;
    for (size_t i = 0; i + 10 <= text.len; i++) {
        if (ob_day_read(ob_span_sub(text, i, i + 10), &day)) {
            return day;
        }
    }
    return 0;
}

/* Two spellings of one name? */
static bool same_name(ob_span a, ob_span b, bool *same, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    ob_doc_name x = {0};
    ob_doc_name y = {0};
    if (ob_span_is(a, b)) {
        *same = true;
        return true;
    }
    if (!ob_doc_name_read(&x, &scratch, a, err) || !ob_doc_name_read(&y, &scratch, b, err)) {
        return false;
    }
    *same = ob_span_is(x.key, y.key);
    return true;
}

static bool apply(obi_loader *l, ob_activity *a, const ob_item *item, ob_err *err)
{
    ob_state state = state_of(item);
    ob_span old = a->id;
    bool renamed = !ob_span_is_nocase(a->id, item->id) && holds(item->former, a->id);
    a->id = renamed || a->id.len == 0 ? item->id : a->id;
    if (!add_former(l, a, item, renamed ? old : (ob_span){0}, err)) {
        return false;
    }
    a->summary = item->summary.len > 0 && a->summary.len == 0 ? item->summary : a->summary;
    /* What others report adds what was not known, and takes back nothing that was seen. */
    if (item->reported && (a->place.at != NULL || a->verified)) {
        return true;
    }
    if (!item->reported && a->place.at == NULL) {
        a->verified = true;
        a->evidence = OB_EVIDENCE_PAGE;
    }
    /* A page that lags behind does not take back a publication, nor does one of a name that the
     * landscape knows as a former one. */
    bool published = a->state == OB_STATE_PUBLISHED || a->state == OB_STATE_SUPERSEDED;
    bool same = true;
    if (!same_name(a->id, item->id, &same, err)) {
        return false;
    }
    if (!a->read && (published || !same)) {
        return true;
    }
    a->title = item->title;
    a->kind = kind_of(item, state);
    a->status = item->status;
    a->state = state;
    a->date = day_within(item->status) != 0 ? day_within(item->status) : a->date;
    a->timing = item->timing;
    a->approval = item->approval;
    a->question = item->question.len > 0 ? item->question : a->question;
    a->summary = item->summary.len > 0 ? item->summary : a->summary;
    (void)ob_day_read(ob_span_sub(item->registered, 0, 10), &a->registered);
    a->read = true;
    if (item->group.len > 0) {
        uint32_t body = OB_NONE;
        if (!ob_map_find_body(l->map, item->group, &body, err)) {
            return false;
        }
        a->body = body != OB_NONE ? body : a->body;
    }
    return true;
}

/* The readings of each activity, side by side. */
static bool hand_out(obi_loader *l, ob_err *err)
{
    ob_item_reading *all = OB_NEW(l->arena, ob_item_reading, l->items_count, err);
    if (all == NULL) {
        return false;
    }
    qsort(l->items, l->items_count, sizeof *l->items, by_activity);
    for (size_t i = 0; i < l->items_count; i++) {
        const ob_reading *r = l->items[i].reading;
        ob_activity *a = &l->activities[l->items[i].activity];
        all[i] = (ob_item_reading){
            .source = r->source, .seq = r->seq, .digest = r->digest, .item = l->items[i].item};
        (void)ob_day_read(r->day, &all[i].day);
        a->readings = a->readings_count == 0 ? &all[i] : a->readings;
        a->readings_count++;
    }
    return true;
}

bool obi_map_apply_items(obi_loader *l, ob_err *err)
{
    for (size_t i = 0; i < l->items_count; i++) {
        const ob_item *item = &l->items[i].item;
        uint32_t number = OB_NONE;
        if (!find(l, item, &number, err)) {
            return false;
        }
        if (number == OB_NONE) {
            number = l->map->activities_count++;
            l->map->inside_count++;
            l->activities[number] = (ob_activity){
                .body = OB_NONE, .id = item->id, .url = {0}, .evidence = OB_EVIDENCE_SECONDARY};
        }
        l->items[i].activity = number;
        if (!apply(l, &l->activities[number], item, err) ||
            !obi_names_add_activity(l, number, err)) {
            return false;
        }
    }
    return l->items_count == 0 || hand_out(l, err);
}

static int by_start(const void *a, const void *b)
{
    const ob_meeting *x = a;
    const ob_meeting *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return ob_span_compare(x->id, y->id);
}

/* A summary that was read, and whose it is. */
typedef struct summary {
    const ob_reading *reading;
    ob_meeting_page *page;
    uint32_t body;
} summary;

static bool is_of(const ob_meeting *m, const summary *s)
{
    return m->body == s->body &&
           (m->body != OB_NONE || (m->page != NULL && ob_span_is(m->page->group, s->page->group)));
}

/* How surely a page is about a meeting, 0: not at all. A group meets twice in a month, but never
 * twice at a time; beside its plenary there may be a workshop. */
static unsigned likeness(const ob_meeting *m, const summary *s)
{
    bool start = m->start == s->page->start;
    bool touches = m->start <= s->page->end && s->page->start <= m->end;
    bool kind = ob_span_is(m->kind, s->page->kind);
    return !is_of(m, s) ? 0U : start && kind ? 3U : touches && kind ? 2U : start ? 1U : 0U;
}

/* Was it announced for another week of the month, and has no page of its own? */
static bool was_moved(const ob_meeting *m, const summary *s, const summary *all, size_t count)
{
    bool own = m->page != NULL || !ob_span_is_str(m->status, "announced") ||
               !ob_span_is(m->kind, s->page->kind) || m->start / 100 != s->page->start / 100;
    for (size_t i = 0; i < count && !own; i++) {
        own = likeness(m, &all[i]) > 0;
    }
    return !own && is_of(m, s);
}

/* The meeting that a page is about. NULL: a new one. */
static ob_meeting *meeting_of(obi_loader *l, const summary *s, const summary *all, size_t count)
{
    ob_meeting *best = NULL;
    unsigned most = 0;
    for (uint32_t i = 0; i < l->map->meetings_count; i++) {
        unsigned like = likeness(&l->meetings[i], s);
        best = like > most ? &l->meetings[i] : best;
        most = like > most ? like : most;
    }
    for (uint32_t i = 0; i < l->map->meetings_count && best == NULL; i++) {
        best = was_moved(&l->meetings[i], s, all, count) ? &l->meetings[i] : NULL;
    }
    return best;
}

/* "sg5-2025-05-03": what TSB tells the meetings of a group apart by is the first day, too. The
 * landscape's own have the month alone where they were the only ones. */
static bool make_meeting(obi_loader *l, const summary *s, ob_meeting **made, ob_err *err)
{
    ob_meeting *m = &l->meetings[l->map->meetings_count];
    *m = (ob_meeting){.body = s->body,
                      .kind = s->page->kind,
                      .title = s->page->title,
                      .start = s->page->start,
                      .verified = true};
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        m->outputs[i] = -1;
    }
    l->map->meetings_count++;
    *made = m;
    return ob_arena_printf(l->arena, &m->id, err, "%.*s-%02u", OB_SHOW(s->page->id),
                           m->start % 100);
}

/* Summaries are written of meetings that were held; what was announced may have changed. */
static void take_days(ob_meeting *m, const ob_meeting_page *page)
{
    m->report_due = m->start == page->start ? m->report_due : 0;
    m->start = page->start;
    m->end = page->end;
    m->where = page->place.len > 0 ? page->place : m->where;
    m->status = OB_SPAN("held");
}

static bool apply_meeting(obi_loader *l, const summary *s, const summary *all, size_t count,
                          ob_err *err)
{
    const ob_meeting_page *page = s->page;
    ob_meeting *m = meeting_of(l, s, all, count);
    if (m == NULL && !make_meeting(l, s, &m, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_OUTPUTS; i++) {
        m->outputs[i] = page->outputs[i] >= 0 ? page->outputs[i] : m->outputs[i];
    }
    take_days(m, page);
    m->page = page;
    (void)ob_day_read(s->reading->day, &m->page_day);
    return true;
}

/* Pages are not always imported in the order in which they were read. */
static int by_reading(const void *a, const void *b)
{
    const ob_reading *x = a;
    const ob_reading *y = b;
    int order = ob_span_compare(x->day, y->day);
    return order != 0 ? order : x->seq < y->seq ? -1 : x->seq > y->seq;
}

bool obi_map_apply_meetings(obi_loader *l, ob_err *err)
{
    size_t count = l->meeting_readings_count;
    summary *all = OB_NEW(l->arena, summary, count + 1, err);
    if (all == NULL) {
        return false;
    }
    if (count > 0) {
        qsort(l->meeting_readings, count, sizeof *l->meeting_readings, by_reading);
    }
    for (size_t i = 0; i < count; i++) {
        const ob_reading *r = &l->meeting_readings[i];
        all[i].reading = r;
        all[i].page = OB_NEW(l->arena, ob_meeting_page, 1, err);
        if (all[i].page == NULL || !ob_meeting_parse(all[i].page, l->arena, r->body, err) ||
            !ob_map_find_body(l->map, all[i].page->group, &all[i].body, err)) {
            return ob_wrap(err, "reading %llu of the store", (unsigned long long)r->seq);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!apply_meeting(l, &all[i], all, count, err)) {
            return false;
        }
    }
    if (l->map->meetings_count > 0) {
        qsort(l->meetings, l->map->meetings_count, sizeof *l->meetings, by_start);
    }
    return true;
}
