/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the activity report: what it is made of, and its parts. */
#ifndef OB_MAP_PAPER_ACTIVITY_H
#define OB_MAP_PAPER_ACTIVITY_H

#include "map/paper_parts.h"

typedef struct obi_activity {
    obi_scope scope;
    uint32_t last; /* plenary behind which the period begins, or OB_NONE */
    ob_day since;  /* 0: no period is known */
    ob_day base;   /* the day whose readings are compared with */
    obi_changes changes;
    obi_events dated;
    obi_due due;
    obi_list open;
    obi_list texts; /* that hold */
    ob_trend trend;
    const ob_turn *turns;
    size_t turns_count;
    const ob_read_count *reads;
    size_t reads_count;
    ob_gaps gaps; /* of standards */
    ob_overlaps overlaps;
    const ob_partner *partners;
    size_t partners_count;
} obi_activity;

/* The bodies at work on our subjects where no list names the other, the weightiest first, at most
 * so many; *all, unless NULL: how many there are. */
size_t obi_unlisted(const obi_activity *f, uint32_t *bodies, size_t most, size_t *all);

/* A section each. */
void obi_activity_read(ob_paper *p, const obi_activity *f);
void obi_activity_changes(ob_paper *p, const obi_activity *f);
void obi_activity_state(ob_paper *p, const obi_activity *f);
void obi_activity_gaps(ob_paper *p, const obi_activity *f);
void obi_activity_overlaps(ob_paper *p, const obi_activity *f);
void obi_activity_statements(ob_paper *p);
void obi_activity_trends(ob_paper *p, const obi_activity *f);
void obi_activity_plan(ob_paper *p, const obi_activity *f);

#endif
