/* SPDX-License-Identifier: Apache-2.0 */
/* The form in which readings of work items are stored. Keys stay what they are for ever; a later
 * version may add some. */
#include "map/item.h"

#include <ombud/json.h>

typedef struct field {
    const char *key;
    size_t at;
} field;

static const field fields[] = {
    {"id", offsetof(ob_item, id)},
    {"title", offsetof(ob_item, title)},
    {"status", offsetof(ob_item, status)},
    {"group", offsetof(ob_item, group)},
    {"question", offsetof(ob_item, question)},
    {"study_period", offsetof(ob_item, study_period)},
    {"timing", offsetof(ob_item, timing)},
    {"approval", offsetof(ob_item, approval)},
    {"type", offsetof(ob_item, type)},
    {"version", offsetof(ob_item, version)},
    {"equivalent", offsetof(ob_item, equivalent)},
    {"liaison", offsetof(ob_item, liaison)},
    {"members", offsetof(ob_item, members)},
    {"summary", offsetof(ob_item, summary)},
    {"comment", offsetof(ob_item, comment)},
    {"registered", offsetof(ob_item, registered)},
    {"updated", offsetof(ob_item, updated)},
};

static const field lists[] = {
    {"former_ids", offsetof(ob_item, former)},
    {"liaisons", offsetof(ob_item, liaisons)},
};

static ob_span text_at(const ob_item *item, size_t at)
{
    ob_span text;
    (void)memcpy(&text, (const char *)item + at, sizeof text);
    return text;
}

void ob_item_write(ob_buf *out, const ob_item *item)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        ob_span text = text_at(item, fields[i].at);
        if (text.len > 0) {
            ob_jw_text(&w, fields[i].key, text);
        }
    }
    for (size_t i = 0; i < OB_COUNT(lists); i++) {
        ob_names names;
        (void)memcpy(&names, (const char *)item + lists[i].at, sizeof names);
        if (names.count > 0) {
            ob_jw_array(&w, lists[i].key);
            for (size_t k = 0; k < names.count; k++) {
                ob_jw_text(&w, NULL, names.items[k]);
            }
            ob_jw_end(&w, false);
        }
    }
    if (item->editors > 0) {
        ob_jw_u64(&w, "editors", item->editors);
    }
    if (item->cut) {
        ob_jw_bool(&w, "cut", true);
    }
    if (item->reported) {
        ob_jw_bool(&w, "reported", true);
    }
    ob_jw_end(&w, true);
}

static bool names_from(const ob_json *object, const char *key, ob_arena *arena, ob_names *names,
                       ob_err *err)
{
    const ob_json *list = ob_json_get(object, key);
    if (list == NULL || list->kind != OB_JSON_ARRAY) {
        return true;
    }
    ob_span *items = OB_NEW(arena, ob_span, list->count, err);
    size_t count = 0;
    for (const ob_json *at = list->first; items != NULL && at != NULL; at = at->next) {
        items[count++] = at->text;
    }
    *names = (ob_names){items, count};
    return items != NULL;
}

bool ob_item_parse(ob_item *item, ob_arena *arena, ob_span json, ob_err *err)
{
    ob_json_doc doc = {0};
    ob_item made = {0};
    if (!ob_json_parse(&doc, arena, json, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(fields); i++) {
        ob_span text = ob_json_text(doc.root, fields[i].key);
        (void)memcpy((char *)&made + fields[i].at, &text, sizeof text);
    }
    if (!names_from(doc.root, "former_ids", arena, &made.former, err) ||
        !names_from(doc.root, "liaisons", arena, &made.liaisons, err)) {
        return false;
    }
    const ob_json *cut = ob_json_get(doc.root, "cut");
    made.editors = (uint64_t)ob_json_i64(doc.root, "editors", 0);
    made.cut = cut != NULL && cut->truth;
    const ob_json *reported = ob_json_get(doc.root, "reported");
    made.reported = reported != NULL && reported->truth;
    if (made.id.len == 0 || made.title.len == 0) {
        return ob_fail(err, OB_ERR_INPUT, "a work item without id or title");
    }
    *item = made;
    return true;
}
