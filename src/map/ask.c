/* SPDX-License-Identifier: Apache-2.0 */
/* What several questions share. */
#include "map/ask.h"

const char *const ob_sort_names[OB_SORTS] = {"standard", "report", "guidance", "regulation",
                                             "other"};

/* The first row that fits decides; a kind fits that holds the text, a short one must be it. */
ob_sort ob_sort_of(ob_span kind)
{
    static const struct {
        const char *holds;
        ob_sort sort;
    } rows[] = {
        {"terms of reference", OB_SORT_OTHER},
        {"liaison", OB_SORT_OTHER},
        {"request", OB_SORT_OTHER},
        {"report", OB_SORT_REPORT},
        {"supplement", OB_SORT_REPORT},
        {"paper", OB_SORT_REPORT},
        {"roadmap", OB_SORT_REPORT},
        {"consultation", OB_SORT_REPORT},
        {"recommendation", OB_SORT_STANDARD},
        {"standard", OB_SORT_STANDARD},
        {"specification", OB_SORT_STANDARD},
        {"internet-draft", OB_SORT_STANDARD},
        {"draft", OB_SORT_STANDARD},
        {"work item", OB_SORT_STANDARD},
        {"framework", OB_SORT_GUIDANCE},
        {"guid", OB_SORT_GUIDANCE},
        {"principles", OB_SORT_GUIDANCE},
        {"mapping", OB_SORT_GUIDANCE},
        {"knowledge base", OB_SORT_GUIDANCE},
        {"certification", OB_SORT_GUIDANCE},
        {"list", OB_SORT_GUIDANCE},
        {"regulation", OB_SORT_REGULATION},
        {"law", OB_SORT_REGULATION},
    };

    static const char *const reports[] = {"TR", "GR", "TP", "SR", "XSTR"};
    static const char *const standards[] = {"TS", "GS", "EN", "ES", "RFC", "IS", "BCP"};

    for (size_t i = 0; i < OB_COUNT(reports); i++) {
        if (ob_span_is_str(kind, reports[i])) {
            return OB_SORT_REPORT;
        }
    }
    for (size_t i = 0; i < OB_COUNT(standards); i++) {
        if (ob_span_is_str(kind, standards[i])) {
            return OB_SORT_STANDARD;
        }
    }
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_span_find_nocase(kind, ob_span_str(rows[i].holds), 0) != SIZE_MAX) {
            return rows[i].sort;
        }
    }
    return OB_SORT_OTHER;
}

int64_t ob_age_days(const ob_map *map, ob_day data_day)
{
    if (data_day == 0) {
        return -1;
    }
    int64_t age = ob_day_count(map->as_of) - ob_day_count(data_day);
    return age < 0 ? 0 : age;
}

bool ob_relation_counts(const ob_relation *relation)
{
    return relation->review != OB_REVIEW_SUGGESTED && relation->review != OB_REVIEW_REJECTED;
}

bool ob_lists_body(const ob_map *map, uint32_t activity, uint32_t body)
{
    uint32_t node = ob_map_node_of(map, OB_NODE_ACTIVITY, activity);
    for (uint32_t i = map->out.first[node]; i < map->out.first[node + 1]; i++) {
        const ob_relation *r = &map->relations[map->out.numbers[i]];
        /* Bodies are the first nodes, so the node of a body is its number. */
        if (r->type == OB_REL_LIAISON_WITH && ob_map_body_within(map, r->to, body)) {
            return true;
        }
    }
    return false;
}

bool ob_lists_known(const ob_map *map, uint32_t activity)
{
    uint32_t node = ob_map_node_of(map, OB_NODE_ACTIVITY, activity);
    for (uint32_t i = map->out.first[node]; i < map->out.first[node + 1]; i++) {
        if (map->relations[map->out.numbers[i]].type == OB_REL_LIAISON_WITH) {
            return true;
        }
    }
    return map->activities[activity].read;
}

bool ob_activity_is_live(const ob_activity *activity)
{
    return !activity->external && !activity->went_on && activity->state != OB_STATE_SUPERSEDED &&
           activity->state != OB_STATE_STOPPED && activity->state != OB_STATE_UNKNOWN;
}
