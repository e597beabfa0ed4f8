/* SPDX-License-Identifier: Apache-2.0 */
/* Papers: which one, for whom and when; and what follows once all is said. */
#include "map/exchange.h"
#include "map/paper_core.h"

#include <stdlib.h>

#define OB_PAPER(id) &ob_paper_kind_##id,
const ob_paper_kind *const ob_paper_kinds[] = {
#include "map/papers.def"
};
#undef OB_PAPER

const size_t ob_paper_kinds_count = OB_COUNT(ob_paper_kinds);

ob_day ob_day_months_before(ob_day day, unsigned months)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (day == 0) {
        return 0;
    }
    uint32_t count = day / 10000 * 12 + day / 100 % 100 - 1 - months;
    uint32_t year = count / 12;
    uint32_t month = count % 12;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    uint32_t length = month == 1 && leap ? 29u : lengths[month];
    uint32_t date = day % 100 > length ? length : day % 100;
    return year * 10000 + (month + 1) * 100 + date;
}

static bool is_plenary(const ob_meeting *m, uint32_t body)
{
    return m->body == body && ob_span_is_str(m->kind, "plenary");
}

/* It writes papers for the plenary of its parent. */
static bool is_part(const ob_body *b)
{
    return ob_span_is_str(b->kind, "correspondence group") || ob_span_is_str(b->kind, "question");
}

static uint32_t body_of_id(const ob_map *m, const char *id)
{
    for (uint32_t i = 0; i < m->bodies_count; i++) {
        if (ob_span_is_str(m->bodies[i].id, id)) {
            return i;
        }
    }
    return OB_NONE;
}

/* The body whose paper it is, and the group within it. */
static bool choose_body(ob_paper *p, uint32_t body, ob_err *err)
{
    const ob_map *m = p->map;
    static const char *const usual[] = {"cg-aisec-strat", "itu-t-sg17"};
    for (size_t i = 0; body == OB_NONE && i < OB_COUNT(usual); i++) {
        body = body_of_id(m, usual[i]);
    }
    uint32_t group = body != OB_NONE && is_part(&m->bodies[body]) ? body : OB_NONE;
    if (group != OB_NONE && m->bodies[group].parent != OB_NONE) {
        body = m->bodies[group].parent;
    }
    p->group = group == body ? OB_NONE : group;
    p->body = body;
    return body != OB_NONE || ob_fail(err, OB_ERR_USAGE, "the landscape has no SG17: --body ID");
}

static void choose_meeting(ob_paper *p, const ob_paper_from *from)
{
    const ob_map *m = p->map;
    p->meeting = from->meeting;
    p->last = OB_NONE;
    for (uint32_t i = 0; i < m->meetings_count; i++) {
        const ob_meeting *at = &m->meetings[i];
        if (!is_plenary(at, p->body)) {
            continue;
        }
        /* A plenary that only approves one text takes a day and hears no reports. */
        bool whole = at->end > at->start;
        if (ob_day_last(at->start) < m->as_of) {
            p->last = whole ? i : p->last;
        } else if (p->meeting == OB_NONE && from->meeting_day == 0 && whole) {
            p->meeting = i;
        }
    }
    p->meeting_day = p->meeting != OB_NONE ? m->meetings[p->meeting].start : from->meeting_day;
    bool whole_day = p->meeting_day % 100 != 0;
    p->report_due = p->meeting != OB_NONE && m->meetings[p->meeting].report_due != 0
                        ? m->meetings[p->meeting].report_due
                    : whole_day ? ob_day_months_before(p->meeting_day, 1)
                                : 0;
}

static int by_kind_and_id(const void *x, const void *y)
{
    const obi_source *a = x;
    const obi_source *b = y;
    if (a->ref.kind != b->ref.kind) {
        return a->ref.kind < b->ref.kind ? -1 : 1;
    }
    int order = ob_span_compare(a->id, b->id);
    return order != 0 ? order : (a->ref.index > b->ref.index) - (a->ref.index < b->ref.index);
}

static size_t count_refs(const ob_paper *p)
{
    size_t count = 0;
    for (size_t b = 0; b < p->count; b++) {
        for (size_t s = 0; s < p->blocks[b].count; s++) {
            count += p->blocks[b].sentences[s].refs_count;
        }
    }
    return count;
}

static bool add_source(ob_paper *p, obi_source *all, size_t *used, const ob_ref *ref, ob_err *err)
{
    OB_AUTO(ob_buf) id = {.max = 4096};
    all[*used].ref = *ref;
    return ob_ref_id(p, ref, &id, err) &&
           ob_arena_dup(p->arena, ob_buf_span(&id), &all[(*used)++].id, err);
}

static bool make_sources(ob_paper *p, ob_err *err)
{
    size_t count = count_refs(p);
    size_t used = 0;
    obi_source *all = OB_NEW(p->arena, obi_source, count + 1, err);
    ob_ref *refs = OB_NEW(p->arena, ob_ref, count + 1, err);
    bool *cited = OB_NEW(p->arena, bool, p->kind->rules_count + 1, err);
    if (all == NULL || refs == NULL || cited == NULL) {
        return false;
    }
    for (size_t b = 0; b < p->count; b++) {
        for (size_t s = 0; s < p->blocks[b].count; s++) {
            const ob_sentence *said = &p->blocks[b].sentences[s];
            for (size_t i = 0; i < said->refs_count; i++) {
                if (said->refs[i].kind == OB_REF_RULE) {
                    cited[said->refs[i].index] = true;
                } else if (!add_source(p, all, &used, &said->refs[i], err)) {
                    return false;
                }
            }
        }
    }
    qsort(all, used, sizeof *all, by_kind_and_id);
    for (size_t i = 0; i < used; i++) {
        if (i == 0 || by_kind_and_id(&all[i - 1], &all[i]) != 0) {
            refs[p->sources_count++] = all[i].ref;
        }
    }
    for (size_t b = 0; b < p->count; b++) {
        if (p->blocks[b].kind == OB_BLOCK_RULE) {
            cited[p->blocks[b].number] = false;
        }
    }
    p->sources = refs;
    p->rules_cited = cited;
    return true;
}

static bool same_refs(const ob_paper_list *list, const ob_ref *refs, size_t count)
{
    bool same = list->count == count;
    for (size_t i = 0; same && i < count; i++) {
        same = list->refs[i].kind == refs[i].kind && list->refs[i].index == refs[i].index;
    }
    return same;
}

/* The number of a list of the annex, a new one if there is none like it. */
static bool put_list(ob_paper *p, const ob_ref *refs, size_t count, uint32_t *number, ob_err *err)
{
    for (uint32_t i = 0; i < p->lists_count; i++) {
        if (same_refs(&p->lists[i], refs, count)) {
            *number = i + 1;
            return true;
        }
    }
    ob_paper_list *lists = obi_paper_grown(p, (void *)(uintptr_t)p->lists, p->lists_count,
                                           &p->lists_cap, sizeof *lists);
    if (lists == NULL) {
        *err = p->err;
        return false;
    }
    lists[p->lists_count++] = (ob_paper_list){refs, count};
    p->lists = lists;
    *number = p->lists_count;
    return true;
}

/* A row has to be borne out as a sentence has; the ids that no cell shows get a column. */
static bool finish_table(ob_paper *p, ob_block *b, ob_err *err)
{
    size_t rows = b->count / b->columns;
    b->lists = OB_NEW(p->arena, uint32_t, rows + 1, err);
    for (size_t r = 0; b->lists != NULL && r < rows; r++) {
        const ob_ref *refs = NULL;
        size_t hidden = 0;
        bool good = false;
        if (!obi_row_refs(b, r, p->arena, true, &refs, &hidden, err)) {
            return false;
        }
        if (hidden > OB_PAPER_ROW_IDS && !put_list(p, refs, hidden, &b->lists[r], err)) {
            return false;
        }
        b->ids = b->ids || hidden > 0;
        for (size_t c = 0; c < b->columns; c++) {
            const ob_sentence *cell = &b->sentences[r * b->columns + c];
            for (size_t i = 0; i < cell->refs_count; i++) {
                ob_ref_kind kind = cell->refs[i].kind;
                good = good || (kind != OB_REF_TOPIC && kind != OB_REF_RULE);
            }
        }
        if (!good) {
            return ob_fail(err, OB_ERR_BUG, "row %zu of '%.60s' cites nothing", r + 1, b->text.ptr);
        }
    }
    /* Two rows more than there should be are shown all the same. */
    b->shown = rows > OB_PAPER_ROWS + 2 ? OB_PAPER_ROWS : rows;
    b->number = ++p->tables;
    p->annexed += b->shown < rows;
    return b->lists != NULL;
}

static bool finish(ob_paper *p, ob_err *err)
{
    obi_paper_close(p);
    if (p->err.kind != OB_OK) {
        *err = p->err;
        return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        ob_block *b = &p->blocks[i];
        if (b->kind == OB_BLOCK_TABLE && !finish_table(p, b, err)) {
            return false;
        }
        for (size_t s = 0; b->kind != OB_BLOCK_TABLE && s < b->count; s++) {
            ob_sentence *said = &b->sentences[s];
            if (said->refs_count > OB_PAPER_IDS + 1 &&
                !put_list(p, said->refs, said->refs_count, &said->list, err)) {
                return false;
            }
        }
    }
    return make_sources(p, err);
}

static bool name_it(ob_paper *p, ob_err *err)
{
    size_t count = 4;
    for (size_t b = 0; b < p->count; b++) {
        count += 1 + p->blocks[b].count;
    }
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(p->map->as_of, day);
    ob_span *parts = OB_NEW(p->arena, ob_span, count, err);
    if (parts == NULL) {
        return false;
    }
    parts[0] = ob_span_str(p->kind->id);
    parts[1] = ob_span_str(day);
    parts[2] = p->map->bodies[p->body].id;
    parts[3] = p->title;
    count = 4;
    for (size_t b = 0; b < p->count; b++) {
        parts[count++] = p->blocks[b].text;
        for (size_t s = 0; s < p->blocks[b].count; s++) {
            parts[count++] = p->blocks[b].sentences[s].text;
        }
    }
    return ob_uuid(p->uuid, "paper", parts, count, err);
}

bool ob_paper_make(ob_paper *p, const ob_paper_kind *kind, const ob_paper_from *from, ob_err *err)
{
    *p = (ob_paper){.kind = kind,
                    .map = from->map,
                    .arena = from->arena,
                    .with = from->with,
                    .since = from->since};
    if (!choose_body(p, from->body, err)) {
        return false;
    }
    choose_meeting(p, from);
    p->ask = (ob_ask){.map = p->map,
                      .arena = p->arena,
                      .body = p->body,
                      .with = OB_NONE,
                      .topic = (kind->flags & OB_PAPER_TAKES_TOPIC) != 0 ? from->topic : OB_NONE,
                      .fresh_days = from->fresh_days == 0 ? OB_FRESH_DAYS : from->fresh_days};
    const ob_body *who = &p->map->bodies[p->group != OB_NONE ? p->group : p->body];
    ob_paper_title(p, "%s of %.*s", kind->title,
                   OB_SHOW(who->short_name.len > 0 ? who->short_name : who->id));
    kind->write(p);
    return finish(p, err) && name_it(p, err);
}

void ob_paper_fini(ob_paper *p)
{
    if (p != NULL) {
        ob_buf_fini(&p->now);
    }
}
