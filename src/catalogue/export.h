/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue as a document for people: the whole of it as Markdown or HTML, or one entry as text
 * for a terminal of 80 columns. One walk over the data writes all three forms.
 */
#ifndef OB_CATALOGUE_EXPORT_H
#define OB_CATALOGUE_EXPORT_H

#include "catalogue/catalogue.h"

#include <ombud/buf.h>

typedef enum ob_page_style {
    OB_PAGE_PLAIN,
    OB_PAGE_MARKDOWN,
    OB_PAGE_HTML
} ob_page_style;

typedef struct ob_page {
    ob_buf *out;
    ob_page_style style;
    bool zh; /* Chinese headings, labels and titles; texts where they exist */
    const ob_catalogue *catalogue;
    ob_buf field; /* plain: the field being written, wrapped at its end */
} ob_page;

/* The document: threats, requirements, evaluation guidelines, and what they refer to. */
void ob_catalogue_export(ob_page *page);
/* One entry of any kind with its links; false if there is no such id. */
bool ob_catalogue_show(ob_page *page, ob_span id);

/* Inside: forms of a page. */
const char *obi_say(const ob_page *page, const char *english);
ob_span obi_pick(const ob_page *page, ob_span text, ob_span text_zh);
void obi_heading(ob_page *page, unsigned depth, ob_span id, ob_span title);
void obi_field(ob_page *page, const char *label, ob_span text);
void obi_field_open(ob_page *page, const char *label);
/* With what it is of, as in "Pass (2 enhanced): ". */
void obi_field_open_of(ob_page *page, const char *label, ob_span id, const ob_word *word);
void obi_field_add(ob_page *page, ob_span text);
void obi_field_link(ob_page *page, ob_span id);
void obi_field_close(ob_page *page);
void obi_para(ob_page *page, ob_span text);
/* Rows are maps of the same keys, as in the plans. */
void obi_table(ob_page *page, const ob_yaml *rows);
void obi_page_head(ob_page *page, ob_span title);
void obi_page_tail(ob_page *page);
/* Inside: entries. whole: with what the document leaves to other entries. */
void obi_entry_threat(ob_page *page, const ob_threat *t, bool whole);
void obi_entry_requirement(ob_page *page, const ob_requirement *q, bool whole);
void obi_entry_evaluation(ob_page *page, const ob_evaluation *e, bool whole);
void obi_entry_procedure(ob_page *page, const ob_procedure *p);
void obi_entry_rubric(ob_page *page, const ob_rubric *q);
void obi_entry_metric(ob_page *page, const ob_metric *m);
void obi_entry_plan(ob_page *page, const ob_plan *p);
void obi_entry_incident(ob_page *page, const ob_incident *i);
void obi_entry_source(ob_page *page, const ob_source *s);
void obi_field_word(ob_page *page, const ob_word *word);

#endif
