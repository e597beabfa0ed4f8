/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of work between a day and as_of, as far as readings show it. What was read only once
 * shows no change and counts for none; nothing is concluded from what the baseline may have said
 * earlier.
 */
#ifndef OB_MAP_NEWS_H
#define OB_MAP_NEWS_H

#include "map/ask.h"

/* only: by activity, does it count? NULL: all do. */

/* Stages then and now of what was read up to the day and again after it. */
typedef struct ob_trend {
    const uint32_t *activities; /* by number */
    size_t count;
    uint32_t then[OB_STATES];
    uint32_t now[OB_STATES];
} ob_trend;

/* Within .body and .topic. */
OB_MUST bool ob_ask_trend(const ob_ask *ask, const bool *only, ob_day since, ob_trend *trend,
                          ob_err *err);

/* How a cell of gaps, a topic and a sort of text within .body, changed. */
typedef enum ob_turn_kind {
    OB_TURN_CLOSED, /* no text that holds then, one now */
    OB_TURN_BEGUN,  /* nothing then, open work now */
    OB_TURN_OPENED, /* a text that held, or open work, then; neither now */
    OB_TURN_LOST    /* a text that held then; only open work now */
} ob_turn_kind;

#define OB_TURNS 4
extern const char *const ob_turn_names[OB_TURNS];

typedef struct ob_turn {
    ob_turn_kind kind;
    uint32_t topic;
    ob_sort sort;
    const uint32_t *by; /* activities whose stage changed it */
    size_t by_count;
} ob_turn;

/* .body has to be one. By kind, topic, sort. An opened one says that nothing of what is known is
 * left: whether the data are fresh enough to call that a gap, ob_ask_gaps tells. */
OB_MUST bool ob_ask_turns(const ob_ask *ask, ob_day since, const ob_turn **turns, size_t *count,
                          ob_err *err);

/* Readings of a body and those below it, up to as_of. */
typedef struct ob_read_count {
    uint32_t body;
    size_t pages; /* all of them */
    size_t since; /* those after the day */
    size_t fresh; /* activities whose first reading is after the day */
    ob_day last;  /* when the last was read */
} ob_read_count;

/* One a body that has an activity with a reading, the most pages after the day first. Only those
 * within .body. */
OB_MUST bool ob_ask_readings(const ob_ask *ask, const bool *only, ob_day since,
                             const ob_read_count **counts, size_t *count, ob_err *err);

#endif
