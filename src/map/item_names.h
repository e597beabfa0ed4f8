/* SPDX-License-Identifier: Apache-2.0 */
/* Names within the fields of a work item's page; only the readers of pages include this. */
#ifndef OB_MAP_ITEM_NAMES_H
#define OB_MAP_ITEM_NAMES_H

#include "map/item.h"

/* Cuts "(ex ...)" off a heading. */
void obi_cut_former(ob_span *id, ob_span *former);
/* "X.1037; X.rev;" as names; what is the id itself is left out. They borrow from text. */
OB_MUST bool obi_split_former(ob_arena *arena, ob_span text, ob_span id, ob_names *names,
                              ob_err *err);
/* A list of liaisons, one name a body, each complete. */
OB_MUST bool obi_split_liaisons(ob_arena *arena, ob_span text, ob_names *names, ob_err *err);

/* Does text, on a line of its own, begin another name of a list that has before already? */
bool obi_begins_liaison(ob_span before, ob_span text);

#endif
