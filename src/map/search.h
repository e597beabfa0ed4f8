/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a landscape, indexed: for search, and for suggestions of what may be related. */
#ifndef OB_MAP_SEARCH_H
#define OB_MAP_SEARCH_H

#include "evidence/index.h"
#include "map/landscape.h"

/* Every activity that is not external, under its number: ids and former ids, title, topics (ids and
 * titles), summary and note. */
OB_MUST bool ob_map_index(const ob_map *map, ob_index *index, ob_err *err);

#endif
