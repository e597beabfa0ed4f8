/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of the ITU-T work programme: what it says about one work item. All layouts are read by one
 * rule: a label, then its value up to the next label, whether they stand in one line, in lines of
 * their own, between bars, or in cells of an HTML table. Fields where the page is silent ("-", or
 * nothing) are empty. Names of editors are counted and not kept.
 */
#ifndef OB_MAP_ITEM_H
#define OB_MAP_ITEM_H

#include "map/page.h"

#define OB_ITEM_LISTS_MAX 64

typedef struct ob_names {
    const ob_span *items;
    size_t count;
} ob_names;

typedef struct ob_item {
    ob_span id;      /* "X.1129"; the heading may be "X.1129 (ex X.mt-integrity)" */
    ob_names former; /* "X.mt-integrity" */
    ob_span title;
    ob_span status; /* as on the page */
    ob_span approval;
    ob_span type;
    ob_span version;
    ob_span equivalent;
    ob_span timing;
    ob_span liaison;   /* as on the page */
    ob_names liaisons; /* one a body; what a list leaves out is filled in: "ITU-T SG13 SG16" is
                        * "ITU-T SG13" and "ITU-T SG16" */
    ob_span members;   /* as on the page */
    ob_span summary;
    ob_span comment;
    ob_span study_period; /* "2025-2028"; these three from the line above the table */
    ob_span group;        /* "SG17" */
    ob_span question;     /* "Q6/17" */
    ob_span registered;   /* "2023-03-06 08:41:14" */
    ob_span updated;
    uint64_t editors;
    bool cut;      /* the page ends with its summary */
    bool reported; /* not of a page: somebody's table or list of documents says so */
} ob_item;

/* Is this a page of a work item? Then it is worth to be read as one. */
bool ob_item_is(const ob_page_text *page);
/* Everything lives in the arena. Fails with NAME:LINE: and what is missing or twice. */
OB_MUST bool ob_item_read(ob_item *item, ob_arena *arena, const ob_page_text *page, ob_err *err);
/* One JSON object, the form in which readings are stored; and back. */
void ob_item_write(ob_buf *out, const ob_item *item);
OB_MUST bool ob_item_parse(ob_item *item, ob_arena *arena, ob_span json, ob_err *err);

#endif
