/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages as cells of text. A page comes as HTML, or as text that was copied or converted from it:
 * plain lines, lines between bars, tables with tabs. Both become a list of cells, each with its
 * line in the file; white space is folded, entities are undone, bars and empty cells are gone.
 */
#ifndef OB_MAP_PAGE_H
#define OB_MAP_PAGE_H

#include <ombud/buf.h>

#define OB_PAGE_MAX       ((size_t)4 << 20)
#define OB_PAGE_CELLS_MAX 100000

typedef struct ob_cell {
    ob_span text;  /* UTF-8, folded, not empty */
    uint32_t line; /* in the file, from 1 */
    bool row;      /* the first of its line or table row */
    bool tab;      /* parted from the one before by a tab, which may be a blank of the text */
} ob_cell;

typedef struct ob_page_text {
    ob_span name; /* of the file, for messages */
    const ob_cell *cells;
    size_t count;
    uint32_t lines; /* of the file */
    bool html;
} ob_page_text;

/* UTF-8, UTF-16, and what is neither as Windows-1252 if no byte forbids it. NUL, an empty file and
 * one over OB_PAGE_MAX are mistakes. Everything lives in the arena. */
OB_MUST bool ob_page_read(ob_page_text *page, ob_arena *arena, ob_span name, ob_span bytes,
                          ob_err *err);
/* Fails with "NAME:LINE: text"; line 0: without a line. */
bool ob_page_fail_at(const ob_page_text *page, uint32_t line, ob_err *err, const char *where,
                     const char *format, ...) OB_PRINTF(5, 6);
#define ob_page_fail(page, line, err, ...) \
    ob_page_fail_at((page), (line), (err), OB_WHERE, __VA_ARGS__)

#endif
