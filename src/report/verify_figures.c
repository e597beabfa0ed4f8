/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a report say what its evidence says? The chain proves the records only; whoever edits the
 * report alone leaves it whole. So the report is written again from the records and compared:
 * first the outcomes and counts, which are told in plain words, then every other value.
 */
#include "report/table.h"

#include <ombud/json.h>

#include <math.h>

typedef struct check {
    const ob_json *root; /* of the report */
    ob_buf *message;
    bool good;
    char path[400]; /* of the value at hand */
} check;

/* Only the first difference is told: one is enough to distrust the rest. */
static void differs(check *c, const char *what, ob_span id, ob_span said, ob_span shown)
{
    if (!c->good) {
        return;
    }
    c->good = false;
    ob_buf_addf(c->message, "the report was changed after it was written: %s", what);
    if (id.len > 0) {
        ob_buf_add_char(c->message, ' ');
        ob_buf_add_shown(c->message, id, 80);
    }
    ob_buf_add_str(c->message, " is ");
    ob_buf_add_shown(c->message, said.len == 0 ? OB_SPAN("missing") : said, 40);
    ob_buf_add_str(c->message, " in the report, and ");
    ob_buf_add_shown(c->message, shown, 40);
    ob_buf_add_str(c->message, " by the evidence");
}

static void same_outcome(check *c, const char *what, ob_span id, const ob_json *item,
                         ob_outcome outcome)
{
    ob_span said = ob_json_text(item, "outcome");
    if (!ob_span_is_str(said, ob_outcome_names[outcome])) {
        differs(c, what, id, said, ob_span_str(ob_outcome_names[outcome]));
    }
}

static void same_count(check *c, const char *key, ob_span id, const ob_json *item, uint64_t count)
{
    char shown[32];
    char what[64];
    const ob_json *said = ob_json_get(item, key);
    (void)snprintf(shown, sizeof shown, "%llu", (unsigned long long)count);
    (void)snprintf(what, sizeof what, "the number of %s of", key);
    if (said == NULL || said->kind != OB_JSON_NUMBER || !ob_span_is_str(said->text, shown)) {
        differs(c, what, id, said == NULL ? (ob_span){"", 0} : said->text, ob_span_str(shown));
    }
}

static const ob_json *item_of(const ob_json *list, ob_span id)
{
    for (const ob_json *i = list == NULL ? NULL : list->first; i != NULL; i = i->next) {
        if (ob_span_is(ob_json_text(i, "id"), id)) {
            return i;
        }
    }
    return NULL;
}

static void same_length(check *c, const char *key, size_t count)
{
    bool good = c->good;
    const ob_json *list = ob_json_get(c->root, key);
    char said[32];
    char shown[32];
    (void)snprintf(said, sizeof said, "%zu", list == NULL ? 0 : list->count);
    (void)snprintf(shown, sizeof shown, "%zu", count);
    if (strcmp(said, shown) != 0) {
        differs(c, "the number of", ob_span_str(key), ob_span_str(said), ob_span_str(shown));
        ob_buf_add_str(c->message, good ? "; a report that --only narrowed cannot be checked" : "");
    }
}

static void compare(check *c, const ob_summary *s)
{
    same_outcome(c, "the outcome", (ob_span){"", 0}, c->root, s->outcome);
    same_length(c, "procedures", s->procedures_count);
    same_length(c, "requirements", s->requirements_count);
    same_length(c, "pillars", s->pillars_count);
    for (size_t i = 0; c->good && i < s->procedures_count; i++) {
        const ob_procedure_view *p = &s->procedures[i];
        const ob_json *item = item_of(ob_json_get(c->root, "procedures"), p->id);
        same_outcome(c, "the outcome of", p->id, item, p->outcome);
        same_count(c, "trials", p->id, item, p->trials);
        same_count(c, "hits", p->id, item, p->hits);
        same_count(c, "invalid", p->id, item, p->invalid);
    }
    for (size_t i = 0; c->good && i < s->requirements_count; i++) {
        const ob_requirement_view *r = &s->requirements[i];
        same_outcome(c, "the outcome of", r->id,
                     item_of(ob_json_get(c->root, "requirements"), r->id), r->outcome);
    }
    for (size_t i = 0; c->good && i < s->pillars_count; i++) {
        const ob_pillar_view *p = &s->pillars[i];
        same_outcome(c, "the outcome of", p->id, item_of(ob_json_get(c->root, "pillars"), p->id),
                     p->outcome);
    }
}

static ob_span shown_value(const ob_json *value)
{
    if (value == NULL || value->kind == OB_JSON_NULL) {
        return value == NULL ? (ob_span){"", 0} : OB_SPAN("null");
    }
    if (value->kind == OB_JSON_BOOL) {
        return value->truth ? OB_SPAN("true") : OB_SPAN("false");
    }
    if (value->kind == OB_JSON_ARRAY || value->kind == OB_JSON_OBJECT) {
        return value->kind == OB_JSON_ARRAY ? OB_SPAN("a list") : OB_SPAN("an object");
    }
    return value->text.len == 0 ? OB_SPAN("\"\"") : value->text;
}

/* Another program may have written the same number in another way, and the logarithm of another
 * machine may differ in its last digits. */
static bool same_number(const ob_json *said, const ob_json *shown)
{
    ob_err ignored = {0};
    double left = 0;
    double right = 0;
    return ob_span_is(said->text, shown->text) ||
           (ob_span_to_double(said->text, &left, &ignored) &&
            ob_span_to_double(shown->text, &right, &ignored) &&
            fabs(left - right) <= 1e-8 * fabs(right));
}

static bool same_scalar(const ob_json *said, const ob_json *shown)
{
    switch (shown->kind) {
    case OB_JSON_NUMBER:
        return same_number(said, shown);
    case OB_JSON_BOOL:
        return said->truth == shown->truth;
    case OB_JSON_STRING:
        return ob_span_is(said->text, shown->text);
    default:
        return said->count == shown->count; /* nothing under keys is missing, nothing is too many */
    }
}

static const ob_json *member_of(const ob_json *object, ob_span key)
{
    const ob_json *found = object->first;
    while (found != NULL && !ob_span_is(found->key, key)) {
        found = found->next;
    }
    return found;
}

/* length: of the path to the value at hand. */
static void compare_values(check *c, size_t length, const ob_json *said, const ob_json *shown)
{
    c->path[length] = '\0';
    if (said == NULL || said->kind != shown->kind || !same_scalar(said, shown)) {
        differs(c, c->path, (ob_span){"", 0}, shown_value(said), shown_value(shown));
        if (said != NULL && said->count != shown->count) {
            ob_buf_addf(c->message, ", of %zu and %zu values", said->count, shown->count);
        }
        return;
    }
    bool object = shown->kind == OB_JSON_OBJECT;
    const ob_json *item = object ? NULL : said->first;
    size_t number = 0;
    for (const ob_json *s = shown->first; c->good && s != NULL; s = s->next) {
        int more = object ? snprintf(c->path + length, sizeof c->path - length, "%s%.*s",
                                     length == 0 ? "" : ".", OB_SHOW(s->key))
                          : snprintf(c->path + length, sizeof c->path - length, ".%zu", number++);
        size_t end = length + (size_t)more;
        end = end < sizeof c->path ? end : sizeof c->path - 1;
        compare_values(c, end, object ? member_of(said, s->key) : item, s);
        item = item == NULL ? NULL : item->next;
    }
}

static bool compare_all(check *c, const ob_summary *s, ob_arena *arena, ob_err *err)
{
    OB_AUTO(ob_buf) again = {.max = OB_REPORT_MAX};
    ob_span copy = {0};
    ob_json_doc doc = {0};
    if (!ob_report_writer_json.write(s, &again, err) ||
        !ob_arena_dup(arena, ob_buf_span(&again), &copy, err) ||
        !ob_json_parse(&doc, arena, copy, err)) {
        return false;
    }
    compare_values(c, 0, c->root, doc.root);
    if (!c->good) {
        ob_buf_add_str(c->message, " (or another version of ombud wrote it)");
    }
    return true;
}

bool ob_report_verify_figures(ob_store *store, ob_span report_json, ob_buf *message, bool *good,
                              ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    ob_summary summary = {0};
    char id[sizeof summary.run.id];
    if (!ob_json_parse(&doc, &arena, report_json, err)) {
        return ob_wrap(err, "the report");
    }
    ob_span run = ob_json_text(ob_json_get(doc.root, "run"), "id");
    if (run.len >= sizeof id) {
        return ob_fail(err, OB_ERR_INPUT, "the report names no run");
    }
    (void)snprintf(id, sizeof id, "%.*s", OB_SHOW(run));
    if (!ob_summary_load(&summary, &arena, store, id, err)) {
        return false;
    }
    check c = {.root = doc.root, .message = message, .good = true};
    compare(&c, &summary);
    if ((c.good && !compare_all(&c, &summary, &arena, err)) ||
        !ob_buf_check(message, "the answer", err)) {
        return false;
    }
    *good = c.good;
    return true;
}
