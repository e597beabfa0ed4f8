/* SPDX-License-Identifier: Apache-2.0 */
#include "map/export.h"

#define OB_EXPORTER(id) extern const ob_exporter ob_exporter_##id;
#include "map/exporters.def"
#undef OB_EXPORTER
#define OB_EXPORTER(id) &ob_exporter_##id,
const ob_exporter *const ob_exporters[] = {
#include "map/exporters.def"
};
#undef OB_EXPORTER
const size_t ob_exporters_count = OB_COUNT(ob_exporters);

const ob_exporter *ob_exporter_named(const char *id)
{
    for (size_t i = 0; i < ob_exporters_count; i++) {
        if (strcmp(ob_exporters[i]->id, id) == 0) {
            return ob_exporters[i];
        }
    }
    return NULL;
}

bool ob_statement_holds(const ob_statement *statement)
{
    ob_span review = statement->text[OB_ST_REVIEW];
    return !ob_span_is(review, OB_SPAN("suggested")) && !ob_span_is(review, OB_SPAN("rejected"));
}

ob_span ob_end_title(const ob_map *map, ob_span end)
{
    uint32_t node = OB_NONE;
    uint32_t index = 0;
    ob_err unknown = {0}; /* an end without a title is one without a title, whatever the reason */
    if (!ob_map_find_node(map, end, &node, &unknown) || node == OB_NONE) {
        return (ob_span){0};
    }
    switch (ob_map_node(map, node, &index)) {
    case OB_NODE_BODY:
        return map->bodies[index].name;
    case OB_NODE_ACTIVITY:
        return map->activities[index].title;
    case OB_NODE_CLAUSE:
        return map->activities[map->clauses[index].owner].title;
    case OB_NODE_REQUIREMENT:
        break;
    }
    return (ob_span){0};
}
