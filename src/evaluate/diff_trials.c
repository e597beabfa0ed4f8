/* SPDX-License-Identifier: Apache-2.0 */
/* The trials of two runs, pair by pair, and the hits that are new or gone. */
#include "evaluate/diff_core.h"
#include "evaluate/engine.h"
#include "evaluate/summary_build.h"

#include <ombud/text.h>

#define SHOWN_MAX 5

static uint32_t checksum(ob_span text)
{
    uint32_t sum = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++) {
        sum = (sum ^ (unsigned char)text.ptr[i]) * 16777619U;
    }
    return sum;
}

static bool grow(obi_diff_trials *list, size_t number, ob_err *err)
{
    void *items = list->items;
    while (number >= list->cap) {
        size_t before = list->cap;
        if (!ob_array_grow(&items, &list->cap, list->cap, sizeof *list->items, OB_TALLY_NUMBERS_MAX,
                           err)) {
            return false;
        }
        list->items = items;
        (void)memset(list->items + before, 0, (list->cap - before) * sizeof *list->items);
    }
    return true;
}

static bool take(obi_diff_trials *list, const ob_record *r, const ob_json *body, ob_err *err)
{
    if (r->trial < 0 || r->trial >= OB_RERUN_BASE) {
        return true;
    }
    size_t number = (size_t)r->trial;
    if (!grow(list, number, err)) {
        return false;
    }
    obi_diff_trial *t = &list->items[number];
    if (r->kind == OB_RECORD_START) {
        *t = (obi_diff_trial){.first_record = r->seq,
                              .input = (uint32_t)ob_json_i64(body, "input", 0),
                              .coding = checksum(ob_json_text(body, "coding"))};
        return true;
    }
    int result = ob_text_index(ob_json_text(body, "result"), ob_trial_result_names, 5);
    const ob_json *confirmed = ob_json_get(body, "confirmed");
    t->result = (uint8_t)(result < OB_TRIAL_HIT ? OB_TRIAL_INVALID : result);
    t->last_record = r->seq;
    t->attempt = r->attempt;
    t->confirmed = confirmed != NULL && confirmed->truth;
    return true;
}

static obi_diff_trials *list_of(const obi_diff_side *side, ob_span id)
{
    for (size_t i = 0; i < side->summary->procedures_count; i++) {
        if (ob_span_is(side->summary->procedures[i].id, id)) {
            return &side->lists[i];
        }
    }
    return NULL;
}

bool obi_diff_side_read(obi_diff_side *side, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    OB_AUTO_CLOSE(ob_records) it = {0};
    size_t bytes = (side->summary->procedures_count + 1) * sizeof *side->lists;
    ob_record_query query = {.run = side->summary->run.id,
                             .kinds = 1u << OB_RECORD_START | 1u << OB_RECORD_END,
                             .trial = -1};
    side->lists = ob_mem_new(bytes);
    if (side->lists == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory");
    }
    (void)memset(side->lists, 0, bytes);
    if (!ob_records_open(&it, side->store, &query, err)) {
        return false;
    }
    for (ob_record r; ob_records_next(&it, &r, err);) {
        obi_diff_trials *list = list_of(side, r.procedure);
        ob_json_doc doc = {0};
        ob_arena_reset(&scratch);
        if (list != NULL &&
            (!ob_json_parse(&doc, &scratch, r.body, err) || !take(list, &r, doc.root, err))) {
            return ob_wrap(err, "record %llu", (unsigned long long)r.seq);
        }
    }
    return err->kind == OB_OK;
}

void obi_diff_side_fini(obi_diff_side *side)
{
    for (size_t i = 0; side->lists != NULL && i < side->summary->procedures_count; i++) {
        ob_mem_free(side->lists[i].items);
    }
    ob_mem_free(side->lists);
    side->lists = NULL;
}

obi_diff_trials obi_diff_side_list(const obi_diff_side *side, const ob_procedure_view *view)
{
    const obi_diff_trials none = {0};
    const obi_diff_trials *list = view == NULL ? NULL : list_of(side, view->id);
    return list == NULL ? none : *list;
}

static obi_diff_trial trial_of(const obi_diff_trials *list, size_t number)
{
    const obi_diff_trial none = {0};
    return number < list->cap ? list->items[number] : none;
}

static bool is_valid(obi_diff_trial t)
{
    return t.result == OB_TRIAL_HIT || t.result == OB_TRIAL_CLEAN;
}

static size_t inputs_of(const obi_diff_trials *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->cap; i++) {
        size_t input = list->items[i].input;
        count = input >= count ? input + 1 : count;
    }
    return count;
}

/* Trials that ended count, also those that ended behind the deciding one: which are in flight then
 * does not depend on what they will say. */
bool obi_diff_pair(ob_diff_procedure *p, ob_arena *arena, const obi_diff_trials *before,
                   const obi_diff_trials *now, ob_err *err)
{
    ob_diff_pairs n = {0};
    size_t most = before->cap > now->cap ? before->cap : now->cap;
    bool *seen = OB_NEW(arena, bool, inputs_of(before), err);
    if (seen == NULL) {
        return false;
    }
    for (size_t i = 0; i < most; i++) {
        obi_diff_trial a = trial_of(before, i);
        obi_diff_trial b = trial_of(now, i);
        if (a.result < OB_TRIAL_HIT || b.result < OB_TRIAL_HIT) {
            n.old_only += a.result >= OB_TRIAL_HIT;
            n.new_only += b.result >= OB_TRIAL_HIT;
        } else if (a.input != b.input || a.coding != b.coding) {
            n.unlike++;
        } else if (!is_valid(a) || !is_valid(b)) {
            n.invalid++;
        } else {
            bool hit_before = a.result == OB_TRIAL_HIT;
            bool hit_now = b.result == OB_TRIAL_HIT;
            bool differ = hit_before != hit_now;
            n.pairs++;
            n.both_hit += hit_before && hit_now;
            n.both_clean += !hit_before && !hit_now;
            n.new_hits += !hit_before && hit_now;
            n.gone_hits += hit_before && !hit_now;
            n.inputs += differ && !seen[a.input];
            seen[a.input] = seen[a.input] || differ;
        }
    }
    p->n = n;
    return true;
}

bool obi_diff_confirmed(const obi_diff_trials *list)
{
    for (size_t i = 0; i < list->cap; i++) {
        if (list->items[i].result == OB_TRIAL_HIT && list->items[i].confirmed) {
            return true;
        }
    }
    return false;
}

/* What became of one input in all trials of a run. */
enum {
    SEEN_HIT = 1,
    SEEN_CLEAN = 2
};

/* By input. Empty for a list without trials. */
typedef struct seen_inputs {
    unsigned char *flags;
    size_t count;
} seen_inputs;

static bool see(const obi_diff_trials *list, ob_arena *arena, seen_inputs *seen, ob_err *err)
{
    seen_inputs made = {.count = inputs_of(list)};
    made.flags = OB_NEW(arena, unsigned char, made.count, err);
    for (size_t i = 0; made.flags != NULL && i < list->cap; i++) {
        const obi_diff_trial *t = &list->items[i];
        if (t->result == OB_TRIAL_HIT) {
            made.flags[t->input] |= SEEN_HIT;
        } else if (t->result == OB_TRIAL_CLEAN) {
            made.flags[t->input] |= SEEN_CLEAN;
        }
    }
    *seen = made;
    return made.flags != NULL;
}

static bool any_hit(const obi_diff_trials *list)
{
    for (size_t i = 0; i < list->cap; i++) {
        if (list->items[i].result == OB_TRIAL_HIT) {
            return true;
        }
    }
    return false;
}

typedef struct finder {
    const ob_diff_procedure *p;
    const obi_diff_trials *here;  /* the run that holds the hit */
    const obi_diff_trials *there; /* the other */
    bool fresh;                   /* here is the new run */
    bool same_inputs;             /* an index means the same input in both */
    seen_inputs seen;             /* in the other run */
} finder;

/* Why a hit counts as new (or as gone), or NULL. */
static const char *why(const finder *f, size_t number)
{
    obi_diff_trial t = f->here->items[number];
    if (f->p->paired) {
        obi_diff_trial other = trial_of(f->there, number);
        bool alike = other.input == t.input && other.coding == t.coding;
        if (alike && other.result == OB_TRIAL_HIT) {
            return NULL;
        }
        if (alike && other.result == OB_TRIAL_CLEAN) {
            return f->fresh ? "the same trial was clean before" : "the same trial is clean now";
        }
    }
    if (!f->same_inputs) {
        /* Nothing can be laid side by side, so only the first hits of all are news. */
        bool news = f->fresh && t.confirmed && !any_hit(f->there);
        return news ? "the procedure had no hit before" : NULL;
    }
    unsigned seen = t.input < f->seen.count ? f->seen.flags[t.input] : 0U;
    if ((seen & SEEN_HIT) != 0) {
        return NULL;
    }
    if ((seen & SEEN_CLEAN) != 0) {
        return f->fresh ? "other trials of its input were clean before"
                        : "other trials of its input are clean now";
    }
    return f->fresh && t.confirmed ? "its input was not measured before" : NULL;
}

static bool find(finder *f, ob_arena *arena, const obi_diff_side *side, ob_diff_findings *found,
                 ob_err *err)
{
    ob_diff_findings made = {0};
    ob_diff_finding *shown = OB_NEW(arena, ob_diff_finding, SHOWN_MAX, err);
    ob_summary summary = *side->summary;
    ob_summary_build build = {.summary = &summary, .arena = arena};
    if (shown == NULL || !see(f->there, arena, &f->seen, err)) {
        return false;
    }
    for (size_t i = 0; i < f->here->cap; i++) {
        const obi_diff_trial *t = &f->here->items[i];
        const char *because = t->result == OB_TRIAL_HIT ? why(f, i) : NULL;
        if (because == NULL || made.count++ >= SHOWN_MAX) {
            continue;
        }
        ob_diff_finding *finding = &shown[made.shown_count++];
        *finding = (ob_diff_finding){.trial = {.trial = (int64_t)i,
                                               .attempt = t->attempt,
                                               .result = OB_SPAN("hit"),
                                               .confirmed = t->confirmed},
                                     .why = because};
        if (!obi_summary_trial(&build, side->store, f->p->id, t->first_record, t->last_record,
                               &finding->trial, err)) {
            return false;
        }
    }
    made.shown = shown;
    *found = made;
    return true;
}

bool obi_diff_find(ob_diff_procedure *p, ob_arena *arena, const obi_diff_side *before,
                   const obi_diff_side *now, ob_err *err)
{
    obi_diff_trials a = obi_diff_side_list(before, p->before);
    obi_diff_trials b = obi_diff_side_list(now, p->now);
    bool both = p->before != NULL && p->now != NULL;
    bool same_inputs = both && ob_span_is(p->before->digest, p->now->digest);
    finder fresh = {.p = p, .here = &b, .there = &a, .fresh = true, .same_inputs = same_inputs};
    finder gone = {.p = p, .here = &a, .there = &b, .same_inputs = same_inputs};
    return find(&fresh, arena, now, &p->fresh, err) && find(&gone, arena, before, &p->gone, err);
}
