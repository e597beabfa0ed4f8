/* SPDX-License-Identifier: Apache-2.0 */
#include "map/due.h"

#define DAY_MS ((int64_t)86400000)

static bool is_full(ob_day day)
{
    return day % 100 != 0 && day / 100 % 100 != 0;
}

ob_day ob_day_plus(ob_day day, int64_t days)
{
    return is_full(day) ? ob_day_of_ms((ob_day_count(day) + days) * DAY_MS) : 0;
}

int64_t ob_days_late(ob_day due, ob_day as_of)
{
    return ob_day_count(as_of) - ob_day_count(ob_day_last(due));
}

ob_day ob_report_due(const ob_meeting *meeting)
{
    if (meeting->report_due != 0) {
        return meeting->report_due;
    }
    return is_full(meeting->start) ? ob_day_months_before(meeting->start, 1) : 0;
}

static bool fits(const ob_meeting *meeting, uint32_t body, const char *kind)
{
    return meeting->body == body && (kind == NULL || ob_span_is_str(meeting->kind, kind));
}

uint32_t ob_meeting_next(const ob_map *map, uint32_t body, const char *kind, ob_day day)
{
    for (uint32_t i = 0; i < map->meetings_count; i++) {
        if (fits(&map->meetings[i], body, kind) && map->meetings[i].start >= day) {
            return i;
        }
    }
    return OB_NONE;
}
