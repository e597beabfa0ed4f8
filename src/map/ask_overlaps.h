/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two files of the question overlaps. */
#ifndef OB_MAP_ASK_OVERLAPS_H
#define OB_MAP_ASK_OVERLAPS_H

#include "map/ask.h"

/* Two bodies that the question is about, neither part of the other. *swap: the asked one is the
 * second. */
bool obi_bodies_wanted(const ob_ask *ask, uint32_t a, uint32_t b, bool *swap);
/* A text or work on a subject: live, of a known body, and no letter or group. */
bool obi_is_work(const ob_activity *activity, ob_sort sort);
OB_MUST bool obi_ask_pairs(const ob_ask *ask, const ob_sort *sorts, ob_overlaps *overlaps,
                           ob_err *err);

#endif
