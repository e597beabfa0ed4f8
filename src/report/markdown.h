/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign text in Markdown as GitHub and GitLab read it, where a word may be markup, a link, a
 * mention of a person or a reference to an issue. None of it is so in code, so that is where
 * foreign text stands; only a text of plainly harmless words is left as prose. These functions are
 * the one way from foreign bytes to Markdown. Markup of our own beside them must not end in a
 * backslash or a backtick.
 */
#ifndef OB_REPORT_MARKDOWN_H
#define OB_REPORT_MARKDOWN_H

#include "evaluate/summary.h"

/* Most bytes of a foreign text that stand in a line, and in a block. */
#define OBI_MD_LINE_MAX  ((size_t)500)
#define OBI_MD_BLOCK_MAX ((size_t)600)
/* From here on details are left out: GitHub takes 65,536 characters as a comment. */
#define OBI_MD_FULL ((size_t)45000)
#define OBI_MD_MOST ((size_t)60000) /* and from here on rows */

/* A code span on one line; fit for a cell of a table, too. "none" for an empty text. */
void obi_md_code(ob_buf *out, ob_span foreign, bool in_table);
/* As prose where nothing in it could be read as markup, else a code span. Not at the start of a
 * line. */
void obi_md_text(ob_buf *out, ob_span foreign);
/* A fenced block of its own lines. */
void obi_md_block(ob_buf *out, ob_span foreign);
/* Opens folded details, headed by a word of ours in bold and an id, which may be empty. */
void obi_md_fold(ob_buf *out, const char *word, ob_span id);
/* Closes them. */
void obi_md_unfold(ob_buf *out);
/* A trial: why it is a hit and what was said. */
void obi_md_trial(ob_buf *out, const ob_trial_view *trial);

#endif
