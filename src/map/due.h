/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days that follow from meetings. A report to a plenary is due one calendar month before it begins,
 * on the day of the same number, or on the last day of a month that has no such day. Contributions
 * are due a number of calendar days before the meeting begins.
 */
#ifndef OB_MAP_DUE_H
#define OB_MAP_DUE_H

#include "map/paper.h"

/* Study groups of ITU-T want contributions 12 calendar days before a meeting, and their invitations
 * count whole days: so many lie between the last day for contributions and the first of the
 * meeting. */
#define OB_CONTRIBUTION_DAYS 12

/* Calendar days later, or earlier if negative. A day whose month or day is not known gives 0. */
ob_day ob_day_plus(ob_day day, int64_t days);
/* Days from one to the other; a month or a year counts as its last day, so that nothing is late
 * before it is over. */
int64_t ob_days_late(ob_day due, ob_day as_of);

/* The day by which the report to a meeting is due: what the landscape says, else computed. */
ob_day ob_report_due(const ob_meeting *meeting);
/* The first meeting of the body, not of those below it, that begins on the day or later; kind:
 * "plenary", or NULL for any. OB_NONE: none is known. */
uint32_t ob_meeting_next(const ob_map *map, uint32_t body, const char *kind, ob_day day);

#endif
