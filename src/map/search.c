/* SPDX-License-Identifier: Apache-2.0 */
#include "map/search.h"

static void add(ob_buf *out, ob_span text)
{
    if (text.len > 0) {
        ob_buf_add(out, text);
        ob_buf_add_char(out, ' ');
    }
}

bool ob_map_index(const ob_map *map, ob_index *index, ob_err *err)
{
    OB_AUTO(ob_buf) names = {.max = OB_PAGE_MAX};
    OB_AUTO(ob_buf) topics = {.max = OB_PAGE_MAX};
    OB_AUTO(ob_buf) text = {.max = OB_PAGE_MAX * 2};
    for (uint32_t i = 0; i < map->activities_count; i++) {
        const ob_activity *a = &map->activities[i];
        if (a->external) {
            continue;
        }
        ob_buf_reset(&names);
        ob_buf_reset(&topics);
        ob_buf_reset(&text);
        add(&names, a->id);
        for (size_t k = 0; k < a->former.count; k++) {
            add(&names, a->former.items[k]);
        }
        for (size_t k = 0; k < a->topics_count; k++) {
            add(&topics, map->topics[a->topics[k]].id);
            add(&topics, map->topics[a->topics[k]].title);
        }
        add(&text, a->summary);
        add(&text, a->note);
        if (!ob_buf_check(&names, "names", err) || !ob_buf_check(&topics, "topics", err) ||
            !ob_buf_check(&text, "a text", err) ||
            !ob_index_add(index, i, ob_buf_span(&names), a->title, ob_buf_span(&topics),
                          ob_buf_span(&text), err)) {
            return false;
        }
    }
    return true;
}
