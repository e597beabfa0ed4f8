/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of relations in the store. */
#include "map/suggest.h"

#include <ombud/json.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} fields[] = {
    {"from", offsetof(ob_entry, from)},         {"to", offsetof(ob_entry, to)},
    {"set", offsetof(ob_entry, set)},           {"rationale", offsetof(ob_entry, rationale)},
    {"strength", offsetof(ob_entry, strength)}, {"author", offsetof(ob_entry, author)},
    {"reviewer", offsetof(ob_entry, reviewer)}, {"date", offsetof(ob_entry, date)},
    {"review", offsetof(ob_entry, review)},     {"note", offsetof(ob_entry, note)},
};

bool ob_entry_parse(ob_entry *entry, ob_arena *arena, ob_span json, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    ob_json_doc doc = {0};
    ob_entry made = {0};
    if (!ob_json_parse(&doc, &scratch, json, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        const ob_json *value = ob_json_get(doc.root, fields[i].name);
        ob_span text = {0};
        if (value != NULL && (value->kind == OB_JSON_STRING || value->kind == OB_JSON_NUMBER) &&
            !ob_arena_dup(arena, value->text, &text, err)) {
            return false;
        }
        (void)memcpy((char *)&made + fields[i].offset, &text, sizeof text);
    }
    *entry = made;
    return true;
}

void ob_entry_write(ob_buf *out, const ob_entry *entry)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        ob_span text;
        (void)memcpy(&text, (const char *)entry + fields[i].offset, sizeof text);
        if (text.len > 0) {
            ob_jw_text(&w, fields[i].name, text);
        }
    }
    ob_jw_end(&w, true);
}

bool ob_entry_subject(ob_span *subject, ob_arena *arena, const ob_entry *entry, ob_err *err)
{
    return ob_arena_printf(arena, subject, err, "%.*s -> %.*s", OB_SHOW(entry->from),
                           OB_SHOW(entry->to));
}

bool ob_entry_id(char id[OB_SUGGESTION_ID_MAX], const ob_entry *entry, ob_err *err)
{
    const ob_span parts[] = {entry->from, OB_SPAN("\n"), entry->to};
    ob_digest digest = {0};
    char hex[65];
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err)) {
        return false;
    }
    ob_digest_hex(&digest, hex);
    (void)snprintf(id, OB_SUGGESTION_ID_MAX, "S-%.8s", hex);
    return true;
}

static int by_subject(const void *x, const void *y)
{
    const ob_reading *a = x;
    const ob_reading *b = y;
    int order = ob_span_compare(a->subject, b->subject);
    if (order == 0) {
        order = ob_span_compare(a->day, b->day);
    }
    return order != 0 ? order : a->seq < b->seq ? -1 : a->seq > b->seq;
}

bool ob_entries_read(ob_store *store, ob_arena *arena, ob_day until, ob_entry **entries,
                     size_t *count, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX] = "";
    ob_reading *readings = NULL;
    size_t total = 0;
    size_t used = 0;
    if (until != 0) {
        ob_day_write(ob_day_last(until), day);
    }
    ob_reading_query query = {.kind = OB_SPAN("relation"), .until = ob_span_str(day)};
    if (!ob_store_readings(store, arena, &query, &readings, &total, err)) {
        return false;
    }
    ob_entry *made = OB_NEW(arena, ob_entry, total + 1, err);
    if (made == NULL) {
        return false;
    }
    if (total > 0) {
        qsort(readings, total, sizeof *readings, by_subject);
    }
    for (size_t i = 0; i < total; i++) {
        bool last = i + 1 == total || !ob_span_is(readings[i].subject, readings[i + 1].subject);
        if (last && !ob_entry_parse(&made[used++], arena, readings[i].body, err)) {
            return ob_wrap(err, "reading %llu of the store", (unsigned long long)readings[i].seq);
        }
    }
    *entries = made;
    *count = used;
    return true;
}

bool ob_entry_add(ob_store *store, const ob_entry *entry, bool *added, ob_err *err)
{
    OB_AUTO(ob_arena) scratch = {0};
    OB_AUTO(ob_buf) body = {.max = 1u << 16};
    ob_reading reading = {.kind = OB_SPAN("relation"),
                          .day = entry->date,
                          .source = entry->reviewer.len > 0 ? entry->reviewer : entry->author};
    ob_entry_write(&body, entry);
    if (!ob_buf_check(&body, "a relation", err) ||
        !ob_entry_subject(&reading.subject, &scratch, entry, err)) {
        return false;
    }
    reading.body = ob_buf_span(&body);
    return ob_sha256(&reading.body, 1, &reading.digest, err) &&
           ob_store_reading_add(store, &reading, added, err);
}
