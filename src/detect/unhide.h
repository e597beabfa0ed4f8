/* SPDX-License-Identifier: Apache-2.0 */
/* What a segment hides. */
#ifndef OB_DETECT_UNHIDE_H
#define OB_DETECT_UNHIDE_H

#include "detect/scan.h"

/*
 * The views of a segment in which hiding is undone, at most three steps deep and four times its
 * bytes. views->items[0] is the segment as it stands, the others begin with the text before what
 * was decoded, so that cues are there; views->count is 0 or 1 where nothing is hidden. Maps lead to
 * scan->text. What the views are made of lives in arena. Which codings are tried is said by
 * scan->seen (OBI_SEEN_FOLDS, OBI_SEEN_CODED).
 */
OB_MUST bool obi_unhide(const obi_scan *scan, ob_arena *arena, ob_views *views, ob_err *err);

#endif
