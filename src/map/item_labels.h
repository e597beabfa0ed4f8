/* SPDX-License-Identifier: Apache-2.0 */
/* The labels of a work item's page, and what else stands on it; only its readers include this. */
#ifndef OB_MAP_ITEM_LABELS_H
#define OB_MAP_ITEM_LABELS_H

#include "map/page.h"

typedef enum obi_label {
    OBI_WORK_ITEM,
    OBI_TITLE,
    OBI_STATUS,
    OBI_APPROVAL,
    OBI_TYPE,
    OBI_VERSION,
    OBI_PROVISIONAL,
    OBI_EQUIVALENT,
    OBI_TIMING,
    OBI_LIAISON,
    OBI_MEMBERS,
    OBI_SUMMARY,
    OBI_COMMENT,
    OBI_REFERENCES,
    OBI_CONTACTS,
    OBI_JUSTIFICATION,
    OBI_REGISTERED,
    OBI_UPDATED,
    OBI_LABELS
} obi_label;

/* The label that a cell begins with, OBI_LABELS if there is none; what stands behind its colon in
 * *rest. bare: pages whose tables have labels without colon; such a label fills its cell. */
obi_label obi_label_of(const ob_cell *cell, bool bare, ob_span *rest);
/* Its first spelling, which messages name. */
const char *obi_label_name(obi_label of);
/* Does no cell have "Work item:", but one its name alone, at the start of a row? */
bool obi_labels_are_bare(const ob_page_text *page);
/* "Words:" that is no label known here: what follows belongs to none of the known ones. all: also
 * with something behind the colon. */
bool obi_is_other_label(const ob_cell *cell, bool all);

/* "[2025-2028] : [SG17] : [Q6/17]", or without brackets. */
bool obi_is_banner(ob_span text);
/* Takes what the banner, or a piece of it in a cell of its own, says; what is known stays. */
void obi_read_banner(ob_span text, ob_span *period, ob_span *group, ob_span *question);
/* What a page shows where there is nothing to say: nothing, dashes of any kind, "n/a", "none". */
bool obi_is_silent(ob_span text);
/* Buttons and hints of the page between the fields. */
bool obi_is_furniture(ob_span text);
/* The foot that all pages of the site have. */
bool obi_is_foot(ob_span text);
/* A line about a person: "(name), Editor". */
bool obi_is_person(ob_span text);

#endif
