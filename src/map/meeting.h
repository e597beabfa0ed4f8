/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Summaries of study group meetings: when and where, what came out in numbers, which correspondence
 * groups, which meetings follow. The pages are prose with bullets and differ from year to year, so
 * everything but the heading may be missing; numbers that a page does not give are -1.
 */
#ifndef OB_MAP_MEETING_H
#define OB_MAP_MEETING_H

#include "map/item.h"
#include "map/name.h"

typedef enum ob_output {
    OB_OUTPUT_TAP_APPROVED,
    OB_OUTPUT_TAP_NOT_APPROVED,
    OB_OUTPUT_TAP_DETERMINED,
    OB_OUTPUT_AAP_CONSENTED,
    OB_OUTPUT_AGREED,
    OB_OUTPUT_NEW_WORK_ITEMS,
    OB_OUTPUT_DISCONTINUED,
    OB_OUTPUT_LIAISON_STATEMENTS,
    OB_OUTPUT_PROGRESSED,
    OB_OUTPUT_PARTICIPANTS,
    OB_OUTPUT_CONTRIBUTIONS
} ob_output;

#define OB_OUTPUTS 11
/* "tap_approved" and so on: keys of files and of JSON. */
extern const char *const ob_output_names[OB_OUTPUTS];

/* A meeting that the page announces. */
typedef struct ob_future {
    ob_day start;
    ob_day end;
    ob_span text; /* the line */
} ob_future;

/* A correspondence group that the page names. */
typedef struct ob_cg {
    ob_span name;  /* "CG-AISEC-STRAT" */
    ob_span state; /* "continued", "re-established", ... or empty */
    ob_span tor;   /* "TD74/P", or empty */
} ob_cg;

typedef struct ob_meeting_page {
    ob_span id;    /* "sg17-2025-04" */
    ob_span group; /* "SG17" */
    ob_span kind;  /* "plenary" or "content week" */
    ob_span title; /* the heading's line */
    ob_span place; /* may be empty */
    ob_day start;
    ob_day end;
    ob_names topics; /* hot topics */
    int64_t outputs[OB_OUTPUTS];
    const ob_cg *groups;
    size_t groups_count;
    const ob_future *future;
    size_t future_count;
} ob_meeting_page;

bool ob_meeting_is(const ob_page_text *page);
OB_MUST bool ob_meeting_read(ob_meeting_page *meeting, ob_arena *arena, const ob_page_text *page,
                             ob_err *err);
void ob_meeting_write(ob_buf *out, const ob_meeting_page *meeting);
OB_MUST bool ob_meeting_parse(ob_meeting_page *meeting, ob_arena *arena, ob_span json, ob_err *err);

/* The first days in a text, as in "22-30 January 2019", "Tuesday 27 August - Thursday 5 September
 * 2019", "9 April 2026, 13:00"; year, if not 0, is the one for days without. *used is what was read
 * of the text. */
bool ob_days_read(ob_span text, uint32_t year, ob_day *start, ob_day *end, size_t *used);
/* "Monday", "Mon". */
bool ob_is_weekday(ob_span word);

#endif
