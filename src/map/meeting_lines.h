/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a meeting's summary: marks, numbers of sections, counts; only its readers include this.
 */
#ifndef OB_MAP_MEETING_LINES_H
#define OB_MAP_MEETING_LINES_H

#include "map/meeting.h"

/* Does a line have these words, in capitals or not? */
bool obi_line_holds(ob_span text, const char *words);
/* Without the mark of a list; *mark tells that there was one. */
ob_span obi_line_bare(ob_span text, bool *mark);
/* "1. Hot topics", "2 Next meetings", "2.1 virtual": the length of the number, 0 if there is none.
 */
size_t obi_line_section(ob_span text);
/* The sum of the numbers and number words of a sentence, up to where it refers to an annex; -1. */
int64_t obi_line_sum(ob_span text);
/* The number directly behind words, "TAP approval (5)" or "Contributions: 77"; -1. */
int64_t obi_line_number_behind(ob_span text, const char *words);
/* The number in front of words, "42 outgoing liaison statements"; -1. */
int64_t obi_line_number_before(ob_span text, const char *words);

/* Reads id, group, kind, title, place and days; *at is the first cell behind them. */
OB_MUST bool obi_meeting_heading(ob_meeting_page *meeting, ob_arena *arena,
                                 const ob_page_text *page, size_t *at, ob_err *err);

#endif
