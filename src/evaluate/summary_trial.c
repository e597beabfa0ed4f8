/* SPDX-License-Identifier: Apache-2.0 */
/* One trial in full: what was said, what came back, and why it is a hit. */
#include "evaluate/summary_build.h"

#define TURNS_MAX 512

typedef struct trial_reader {
    ob_arena *arena;
    ob_turn_view *turns; /* heap until handed over */
    size_t count;
    size_t cap;
} trial_reader;

static bool names_of(const ob_json *body, ob_arena *arena, ob_span *out, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    const ob_json *names = ob_json_get(body, "names");
    for (const ob_json *n = names == NULL ? NULL : names->first; n != NULL; n = n->next) {
        ob_buf_add_str(&text, text.len == 0 ? "" : ", ");
        ob_buf_add(&text, n->key);
    }
    return ob_buf_check(&text, "a list of names", err) &&
           ob_arena_dup(arena, ob_buf_span(&text), out, err);
}

static bool add_turn(trial_reader *r, const ob_record *record, const ob_json *body, ob_err *err)
{
    void *turns = r->turns;
    if (!ob_array_grow(&turns, &r->cap, r->count, sizeof *r->turns, TURNS_MAX, err)) {
        return false;
    }
    r->turns = turns;
    ob_turn_view view = {.actor = ob_json_text(body, "actor"),
                         .session = ob_json_text(body, "session"),
                         .kind = ob_json_text(body, "kind"),
                         .sent = ob_json_text(body, "sent"),
                         .reply = ob_json_text(body, "text"),
                         .lost = ob_json_text(body, "lost"),
                         .status = (int)ob_json_i64(body, "status", 0),
                         .total_ms = ob_json_double(body, "total_ms", 0),
                         .record = record->seq};
    if (!names_of(body, r->arena, &view.names, err)) {
        return false;
    }
    r->turns[r->count++] = view;
    return true;
}

static bool add_findings(trial_reader *r, const ob_json *body, ob_trial_view *view, ob_err *err)
{
    const ob_json *list = ob_json_get(body, "findings");
    size_t count = list == NULL ? 0 : list->count;
    ob_finding_view *findings = OB_NEW(r->arena, ob_finding_view, count, err);
    if (findings == NULL) {
        return false;
    }
    for (const ob_json *f = count == 0 ? NULL : list->first; f != NULL; f = f->next) {
        int64_t turn = ob_json_i64(f, "turn", 0);
        findings[view->findings_count++] =
            (ob_finding_view){.oracle = ob_json_text(f, "oracle"),
                              .why = ob_json_text(f, "why"),
                              .turn = turn < 0 ? SIZE_MAX : (size_t)turn,
                              .start = (size_t)ob_json_i64(f, "start", 0),
                              .end = (size_t)ob_json_i64(f, "end", 0),
                              .steps = ob_json_text(f, "steps")};
    }
    view->findings = findings;
    view->reason = ob_json_text(body, "reason");
    return true;
}

static bool take(trial_reader *r, const ob_record *record, ob_trial_view *view, ob_err *err)
{
    ob_json_doc doc = {0};
    ob_span body = {0};
    if (!ob_arena_dup(r->arena, record->body, &body, err) ||
        !ob_json_parse(&doc, r->arena, body, err)) {
        return false;
    }
    if (record->kind == OB_RECORD_TURN) {
        return add_turn(r, record, doc.root, err);
    }
    if (record->kind == OB_RECORD_START) {
        view->input = ob_json_text(ob_json_get(doc.root, "vars"), "input");
        return true;
    }
    return add_findings(r, doc.root, view, err);
}

bool obi_summary_trial(ob_summary_build *b, ob_store *store, ob_span procedure, uint64_t first,
                       uint64_t last, ob_trial_view *view, ob_err *err)
{
    OB_AUTO_CLOSE(ob_records) it = {0};
    trial_reader r = {.arena = b->arena};
    ob_record_query query = {.run = b->summary->run.id,
                             .kinds =
                                 1u << OB_RECORD_START | 1u << OB_RECORD_TURN | 1u << OB_RECORD_END,
                             .procedure = procedure,
                             .trial = view->trial,
                             .attempt = view->attempt,
                             .first = first,
                             .last = last};
    bool good = ob_records_open(&it, store, &query, err);
    ob_record record;
    while (good && ob_records_next(&it, &record, err)) {
        good = take(&r, &record, view, err);
    }
    good = good && err->kind == OB_OK;
    ob_turn_view *turns = good ? OB_NEW(b->arena, ob_turn_view, r.count, err) : NULL;
    if (turns != NULL) {
        if (r.count > 0) {
            (void)memcpy(turns, r.turns, r.count * sizeof *turns);
        }
        view->turns = turns;
        view->turns_count = r.count;
    }
    ob_mem_free(r.turns);
    return turns != NULL;
}
