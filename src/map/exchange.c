/* SPDX-License-Identifier: Apache-2.0 */
#include "map/exchange.h"

#include "map/landscape_core.h"

#include <ombud/text.h>
#include <stdlib.h>

const char *const ob_statement_keys[OB_ST_KEYS] = {
    "from", "to", "set", "rationale", "strength", "review", "author", "reviewer", "date", "note"};

void ob_statements_fini(ob_statements *list)
{
    ob_mem_free(list->items);
    *list = (ob_statements){0};
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool ob_fold_blanks(ob_arena *arena, ob_span text, ob_span *folded, ob_err *err)
{
    bool fine = text.len == 0 || (!is_blank(text.ptr[0]) && !is_blank(text.ptr[text.len - 1]));
    for (size_t i = 0; fine && i < text.len; i++) {
        fine = !is_blank(text.ptr[i]) || (text.ptr[i] == ' ' && text.ptr[i + 1] != ' ');
    }
    if (fine) {
        *folded = text;
        return true;
    }
    char *copy = OB_NEW(arena, char, text.len + 1, err);
    size_t used = 0;
    for (size_t i = 0; copy != NULL && i < text.len; i++) {
        if (!is_blank(text.ptr[i])) {
            copy[used++] = text.ptr[i];
        } else if (used > 0 && copy[used - 1] != ' ') {
            copy[used++] = ' ';
        }
    }
    used -= used > 0 && copy[used - 1] == ' ';
    *folded = (ob_span){copy, used};
    return copy != NULL;
}

static bool has_control(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

/* What is wrong with the texts, and the words of it as we write them. */
static bool canonical(ob_statement *s, ob_arena *arena, const char **wrong, ob_err *err)
{
    ob_relation r = {.strength = -1};
    char day[OB_DAY_TEXT_MAX];
    for (int i = 0; i < OB_ST_KEYS; i++) {
        if (has_control(s->text[i]) || ob_utf8_bad(s->text[i]) != SIZE_MAX) {
            *wrong = "a text holds a control character or is not UTF-8";
            return true;
        }
    }
    if (s->text[OB_ST_FROM].len == 0 || s->text[OB_ST_TO].len == 0) {
        *wrong = "a relation needs both ends";
        return true;
    }
    if (ob_span_is(s->text[OB_ST_FROM], s->text[OB_ST_TO])) {
        *wrong = "from and to are the same";
        return true;
    }
    *wrong = obi_relation_wrong(s->text, &r);
    if (*wrong != NULL) {
        return true;
    }
    s->text[OB_ST_REVIEW] = ob_span_str(ob_review_names[r.review]);
    if (r.rationale == OB_RATIONALE_UNSAID) {
        s->text[OB_ST_RATIONALE] = (ob_span){0};
    }
    ob_day_write(r.date, day);
    return ob_arena_dup(arena, ob_span_str(day), &s->text[OB_ST_DATE], err) &&
           (r.strength < 0 ||
            ob_arena_printf(arena, &s->text[OB_ST_STRENGTH], err, "%d", r.strength));
}

static bool add(ob_statements *list, const ob_statement *s, ob_err *err)
{
    void *items = list->items;
    if (!ob_array_grow(&items, &list->cap, list->count, sizeof *s, OB_STATEMENTS_MAX, err)) {
        return false;
    }
    list->items = items;
    list->items[list->count++] = *s;
    return true;
}

bool ob_statements_add(ob_statements *list, ob_arena *arena, const ob_span text[OB_ST_KEYS],
                       const char **wrong, ob_err *err)
{
    ob_statement s = {.user = true};
    *wrong = NULL;
    for (int i = 0; i < OB_ST_KEYS; i++) {
        if (!ob_fold_blanks(arena, text[i], &s.text[i], err)) {
            return false;
        }
    }
    return canonical(&s, arena, wrong, err) && (*wrong != NULL || add(list, &s, err));
}

static int compare(const void *a, const void *b)
{
    const ob_statement *x = a;
    const ob_statement *y = b;
    int order = 0;
    for (int i = 0; order == 0 && i < OB_ST_KEYS; i++) {
        order = ob_span_compare(x->text[i], y->text[i]);
    }
    return order != 0 ? order : (int)x->user - (int)y->user;
}

void ob_statements_sort(ob_statements *list)
{
    size_t kept = 0;
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof *list->items, compare);
    }
    for (size_t i = 0; i < list->count; i++) {
        ob_statement last = kept > 0 ? list->items[kept - 1] : (ob_statement){0};
        last.user = list->items[i].user;
        if (kept == 0 || compare(&last, &list->items[i]) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

/* How the map writes a node. Of two documents of one id the one that the id does not find is named
 * with its edition. */
static bool node_text(const ob_map *map, ob_arena *arena, uint32_t node, ob_span *text, ob_err *err)
{
    uint32_t index = 0;
    uint32_t found = OB_NONE;
    *text = ob_map_node_id(map, node);
    if (ob_map_node(map, node, &index) != OB_NODE_ACTIVITY) {
        return true;
    }
    const ob_activity *a = &map->activities[index];
    return ob_map_find(map, a->id, &found, err) &&
           (found == index || a->edition.len == 0 ||
            ob_arena_printf(arena, text, err, "%.*s (%.*s)", OB_SHOW(a->id), OB_SHOW(a->edition)));
}

static bool end_text(const ob_map *map, ob_arena *arena, ob_span *text, ob_err *err)
{
    uint32_t node = OB_NONE;
    ob_span document = {0};
    ob_span clause = {0};
    if (!ob_map_find_node(map, *text, &node, err)) {
        return false;
    }
    if (node != OB_NONE) {
        return node_text(map, arena, node, text, err);
    }
    ob_end_split(*text, &document, &clause);
    if (clause.len == 0 || !ob_map_find(map, document, &node, err)) {
        return clause.len == 0;
    }
    if (node == OB_NONE) {
        return true;
    }
    return node_text(map, arena, ob_map_node_of(map, OB_NODE_ACTIVITY, node), &document, err) &&
           ob_arena_printf(arena, text, err, "%.*s#%.*s", OB_SHOW(document), OB_SHOW(clause));
}

static bool add_baseline(ob_statements *list, ob_arena *arena, const ob_map *map,
                         const ob_relation *r, ob_err *err)
{
    const char *wrong = NULL;
    ob_span text[OB_ST_KEYS] = {0};
    char day[OB_DAY_TEXT_MAX];
    ob_day_write(r->date, day);
    text[OB_ST_SET] = ob_span_str(ob_set_names[r->set]);
    text[OB_ST_RATIONALE] = ob_span_str(ob_rationale_names[r->rationale]);
    text[OB_ST_REVIEW] = ob_span_str(ob_review_names[r->review]);
    text[OB_ST_AUTHOR] = r->author;
    text[OB_ST_REVIEWER] = r->reviewer;
    text[OB_ST_NOTE] = r->note;
    if (!node_text(map, arena, r->from, &text[OB_ST_FROM], err) ||
        !node_text(map, arena, r->to, &text[OB_ST_TO], err) ||
        !ob_arena_dup(arena, ob_span_str(day), &text[OB_ST_DATE], err) ||
        (r->strength >= 0 &&
         !ob_arena_printf(arena, &text[OB_ST_STRENGTH], err, "%d", r->strength)) ||
        !ob_statements_add(list, arena, text, &wrong, err)) {
        return false;
    }
    if (wrong == NULL) {
        list->items[list->count - 1].user = false;
    }
    return wrong == NULL || ob_fail(err, OB_ERR_INPUT, "%.*s to %.*s: %s",
                                    OB_SHOW(text[OB_ST_FROM]), OB_SHOW(text[OB_ST_TO]), wrong);
}

static int by_subject(const void *a, const void *b)
{
    const ob_reading *x = a;
    const ob_reading *y = b;
    int order = ob_span_compare(x->subject, y->subject);
    order = order != 0 ? order : ob_span_compare(x->day, y->day);
    return order != 0 ? order : x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* What somebody wrote into a store and is not in order is passed over, as the map does. */
static bool add_reading(ob_statements *list, ob_arena *arena, const ob_map *map,
                        const ob_reading *r, ob_err *err)
{
    ob_json_doc doc = {0};
    const char *wrong = NULL;
    ob_span text[OB_ST_KEYS] = {0};
    if (!ob_json_parse(&doc, arena, r->body, err)) {
        return ob_wrap(err, "reading %llu of the store", (unsigned long long)r->seq);
    }
    ob_statement_texts(doc.root, text);
    return end_text(map, arena, &text[OB_ST_FROM], err) &&
           end_text(map, arena, &text[OB_ST_TO], err) &&
           ob_statements_add(list, arena, text, &wrong, err);
}

bool ob_statements_of(ob_statements *list, ob_arena *arena, const ob_map *map, ob_store *store,
                      ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    ob_reading *readings = NULL;
    size_t count = 0;
    for (uint32_t i = 0; i < map->relations_count; i++) {
        const ob_relation *r = &map->relations[i];
        if (r->type == OB_REL_SET && r->origin == OB_ORIGIN_BASELINE &&
            !add_baseline(list, arena, map, r, err)) {
            return false;
        }
    }
    ob_day_write(ob_day_last(map->as_of), day);
    const ob_reading_query query = {.kind = OB_SPAN("relation"), .until = ob_span_str(day)};
    if (store != NULL && !ob_store_readings(store, arena, &query, &readings, &count, err)) {
        return false;
    }
    if (count > 0) {
        qsort(readings, count, sizeof *readings, by_subject);
    }
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || !ob_span_is(readings[i].subject, readings[i + 1].subject);
        if (last && !add_reading(list, arena, map, &readings[i], err)) {
            return false;
        }
    }
    ob_statements_sort(list);
    return true;
}

void ob_statement_write(ob_buf *out, const ob_statement *statement)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    for (int i = 0; i < OB_ST_KEYS; i++) {
        if (statement->text[i].len > 0) {
            ob_jw_text(&w, ob_statement_keys[i], statement->text[i]);
        }
    }
    ob_jw_end(&w, true);
}

void ob_statement_texts(const ob_json *object, ob_span text[OB_ST_KEYS])
{
    for (int i = 0; i < OB_ST_KEYS; i++) {
        const ob_json *value = ob_json_get(object, ob_statement_keys[i]);
        bool has =
            value != NULL && (value->kind == OB_JSON_STRING || value->kind == OB_JSON_NUMBER);
        text[i] = has ? value->text : (ob_span){0};
    }
}

bool ob_statement_foreign(ob_arena *arena, ob_span text[OB_ST_KEYS], ob_err *err)
{
    ob_span strength = ob_span_trim(text[OB_ST_STRENGTH]);
    text[OB_ST_STRENGTH] = strength;
    if (strength.len == 0 || text[OB_ST_REVIEWER].len > 0) {
        return true;
    }
    text[OB_ST_STRENGTH] = (ob_span){0};
    return ob_arena_printf(arena, &text[OB_ST_NOTE], err,
                           "%.*s%sThe file gives the strength %.*s and names no reviewer.",
                           OB_SHOW(text[OB_ST_NOTE]), text[OB_ST_NOTE].len > 0 ? " " : "",
                           OB_SHOW(strength));
}

void ob_end_split(ob_span end, ob_span *document, ob_span *clause)
{
    size_t at = ob_span_find(end, OB_SPAN("#"), 0);
    bool both = at != SIZE_MAX && at > 0 && at + 1 < end.len;
    *document = both ? ob_span_sub(end, 0, at) : end;
    *clause = both ? ob_span_sub(end, at + 1, end.len) : (ob_span){0};
}
