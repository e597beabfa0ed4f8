/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pieces of the HTML report. Foreign text reaches the page through obi_html_text and nothing
 * else; ids of elements are made by us from numbers, so no foreign text stands in an attribute.
 */
#ifndef OB_REPORT_HTML_H
#define OB_REPORT_HTML_H

#include "evaluate/summary.h"
#include "report/words.h"

/* Most bytes of a reply, and of any other foreign text, that the page shows. */
#define OBI_HTML_REPLY_MAX ((size_t)4096)
#define OBI_HTML_TEXT_MAX  ((size_t)2048)

/* The style sheet in pieces, because a C compiler need not take longer literals. */
extern const char *const obi_report_style[];
extern const size_t obi_report_style_count;

/* Foreign text, escaped, cut at OBI_HTML_TEXT_MAX. */
void obi_html_text(ob_buf *out, ob_span foreign);
/* As obi_html_text; "none" in its place where there is nothing. */
void obi_html_text_or(ob_buf *out, ob_span foreign, const char *none);
/* The outcome as a coloured word. */
void obi_html_badge(ob_buf *out, ob_outcome outcome);
/* "2 FAIL, 4 PASS" as coloured words. */
void obi_html_counts(ob_buf *out, const unsigned counts[OB_OUTCOMES]);
/* The interval against the limit as a drawing. Nothing without trials. */
void obi_html_bar(ob_buf *out, const ob_procedure_view *procedure);
/* <dt>name</dt><dd>, to be closed by "</dd>". */
void obi_html_term(ob_buf *out, const char *name);

/* The class of the style sheet that colours an outcome. */
const char *obi_html_class(ob_outcome outcome);
/* Foreign texts as a list; the sentence none, which is ours, where there are none. */
void obi_html_list(ob_buf *out, const ob_span *items, size_t count, const char *none);

/* The section of the procedure of that number, counted from 0. */
void obi_html_procedure(ob_buf *out, const ob_procedure_view *procedure, size_t number);
/* A trial as a dialogue, its reasons highlighted. */
void obi_html_trial(ob_buf *out, const ob_trial_view *trial);

/* The sections behind the procedures. */
void obi_html_untested(ob_buf *out, const ob_summary *summary);
void obi_html_notes(ob_buf *out, const ob_summary *summary);
void obi_html_check(ob_buf *out, const ob_summary *summary);
void obi_html_words(ob_buf *out);

#endif
