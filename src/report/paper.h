/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal as paper: columns, wrapped lines, colours of outcomes. */
#ifndef OB_REPORT_PAPER_H
#define OB_REPORT_PAPER_H

#include "report/report.h"

#define OBI_PAPER_NARROW 64 /* below it bounds and counts are left out: the id matters more */

typedef struct obi_paper {
    ob_buf *out;
    unsigned width;
    bool colour;
} obi_paper;

/* Of the width asked for, or the nearest that a report can be written in. */
obi_paper obi_paper_of(const ob_terminal_style *style, ob_buf *out);

/* obi_report_carry for a line. */
void obi_paper_carry(const obi_paper *p, const ob_buf *part);
/* For the next line in the same room. */
void obi_paper_again(const obi_paper *p, ob_buf *part);

void obi_paper_blanks(obi_paper *p, unsigned count);
/* A word of ours in the colour of an outcome, filled up to width. */
void obi_paper_paint(obi_paper *p, ob_outcome outcome, const char *text, unsigned width);
/* Foreign text, escaped, in a cell of a table, cut or filled up to width. */
void obi_paper_cell(obi_paper *p, ob_span foreign, unsigned width);
/* A figure of ours at the right of its cell. */
void obi_paper_cell_right(obi_paper *p, const ob_buf *text, unsigned width);
/* Takes blanks at the end of what was written back. */
void obi_paper_trim(obi_paper *p);
/* Words of text, which is escaped already, in lines behind indent blanks. Words too long for a line
 * are cut in pieces. */
void obi_paper_wrap(obi_paper *p, unsigned indent, ob_span text);
/* The same with foreign text, which is escaped here; nothing for an empty one. */
void obi_paper_wrap_foreign(obi_paper *p, unsigned indent, ob_span foreign);

#endif
