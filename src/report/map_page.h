/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map as one HTML file that asks nothing of the network: a graph of bodies and their work with
 * filters, a heat map of topics and bodies, a timeline, and what readings changed. All of it stands
 * in the page without script; the script filters, draws the lines and tells of what is chosen.
 */
#ifndef OB_REPORT_MAP_PAGE_H
#define OB_REPORT_MAP_PAGE_H

#include "map/landscape.h"

/* since: changes are those against what was read up to this day; 0: up to the day before the last
 * one with readings. */
OB_MUST bool ob_map_page(ob_buf *out, ob_arena *arena, const ob_map *map, ob_day since,
                         ob_err *err);

/* The sections, one file each. */
OB_MUST bool obi_map_page_graph(ob_buf *out, ob_arena *arena, const ob_map *map, ob_err *err);
OB_MUST bool obi_map_page_data(ob_buf *out, const ob_map *map, ob_err *err);
OB_MUST bool obi_map_page_heat(ob_buf *out, ob_arena *arena, const ob_map *map, ob_err *err);
OB_MUST bool obi_map_page_time(ob_buf *out, ob_arena *arena, const ob_map *map, ob_err *err);
OB_MUST bool obi_map_page_changes(ob_buf *out, ob_arena *arena, const ob_map *map, ob_day since,
                                  ob_err *err);

/* The assets in pieces, because a C compiler need not take longer literals. */
extern const char *const obi_map_page_style[];
extern const size_t obi_map_page_style_count;
extern const char *const obi_map_page_script[];
extern const size_t obi_map_page_script_count;

#endif
