/* SPDX-License-Identifier: Apache-2.0 */
/* The table of markup, how far it reaches, and the family that reports it. */
#include "detect/markup.h"

#include "detect/rules.h"

const obi_markup_row obi_markup_rows[] = {
#define OB_MARKUP(head_, grammar) {(head_), obi_markup_##grammar},
#include "detect/markup.def"
#undef OB_MARKUP
};

const size_t obi_markup_count = OB_COUNT(obi_markup_rows);

static const obi_markup_row first_cell = {"", obi_markup_cell};

const obi_markup_row *obi_markup_first_cell(ob_span text, size_t start)
{
    return start == 0 && text.len > 0 && obi_one_of(text.ptr[0], "=+-@") ? &first_cell : NULL;
}

size_t obi_markup_reach(const obi_markup_row *row, ob_span text, size_t start, size_t end,
                        bool last, bool *more)
{
    obi_mark mark = {0};
    const obi_markup_at at = {
        .text = text, .start = start, .end = end, .last = last, .whole = true};
    obi_fit fit = row->read(&at, &mark);
    *more = *more || (fit == OBI_FIT_MORE && !last);
    return fit == OBI_FIT_YES ? mark.end : 0;
}

static void look(obi_scan *scan, const obi_markup_row *row, size_t start, size_t end)
{
    obi_mark mark = {0};
    const obi_markup_at at = {.text = scan->text,
                              .from = scan->from,
                              .start = start,
                              .end = end,
                              .last = true,
                              .options = scan->options};
    if (row->read(&at, &mark) == OBI_FIT_YES) {
        size_t from = mark.start < scan->from ? scan->from : mark.start;
        obi_tail tail = mark.end == scan->text.len ? (obi_tail)mark.tail : OBI_TAIL_NONE;
        obi_found_long(scan, mark.kind, from, mark.end, mark.sure ? OB_VALID_YES : OB_VALID_MAYBE,
                       mark.rule, mark.near_, tail);
    }
}

void obi_find_markup(obi_scan *scan)
{
    const obi_markup_row *cell = obi_markup_first_cell(scan->text, scan->from);
    if (cell != NULL) {
        look(scan, cell, 0, 0);
    }
    for (size_t i = 0; i < scan->literal_count; i++) {
        const obi_literal *literal = &scan->literals[i];
        size_t row = literal->rule - OBI_MARKUP_FIRST;
        if (literal->rule >= OBI_MARKUP_FIRST && row < obi_markup_count &&
            literal->start >= scan->from) {
            look(scan, &obi_markup_rows[row], literal->start, literal->end);
        }
    }
}
