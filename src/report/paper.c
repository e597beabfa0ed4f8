/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper.h"

#include "report/words.h"

#include <ombud/text.h>

#define LEAST_WIDTH 40
#define MOST_WIDTH  160

obi_paper obi_paper_of(const ob_terminal_style *style, ob_buf *out)
{
    unsigned width = style->width == 0 ? 80 : style->width;
    return (obi_paper){.out = out,
                       .width = width < LEAST_WIDTH  ? LEAST_WIDTH
                                : width > MOST_WIDTH ? MOST_WIDTH
                                                     : width,
                       .colour = style->colour};
}

static const char *colour_of(ob_outcome outcome)
{
    switch (outcome) {
    case OB_FAIL:
        return "\x1b[1;31m";
    case OB_ERROR:
        return "\x1b[1;35m";
    case OB_INCONCLUSIVE:
        return "\x1b[33m";
    case OB_PASS:
        return "\x1b[32m";
    case OB_NOT_APPLICABLE:
        break;
    }
    return "\x1b[2m";
}

/* Cells that a terminal gives a character. Rather one too many than one too few. */
static unsigned cells(uint32_t rune)
{
    bool wide = (rune >= 0x1100 && rune <= 0x115f) || (rune >= 0x231a && rune <= 0x231b) ||
                (rune >= 0x2600 && rune <= 0x27bf) || (rune >= 0x2e80 && rune <= 0xa4cf) ||
                (rune >= 0xa960 && rune <= 0xa97c) || (rune >= 0xac00 && rune <= 0xd7a3) ||
                (rune >= 0xf900 && rune <= 0xfaff) || (rune >= 0xfe30 && rune <= 0xfe6f) ||
                (rune >= 0xff00 && rune <= 0xff60) || (rune >= 0xffe0 && rune <= 0xffe6) ||
                rune >= 0x1f000;
    return wide ? 2 : 1;
}

static unsigned cells_of(ob_span text)
{
    unsigned sum = 0;
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        sum += cells(rune);
    }
    return sum;
}

/* The bytes of text that fit into so many cells. */
static size_t fitting(ob_span text, unsigned width)
{
    unsigned sum = 0;
    size_t at = 0;
    uint32_t rune = 0;
    for (size_t start = 0; ob_utf8_next(text, &at, &rune); start = at) {
        sum += cells(rune);
        if (sum > width) {
            return start;
        }
    }
    return text.len;
}

void obi_paper_carry(const obi_paper *p, const ob_buf *part)
{
    obi_report_carry(p->out, part);
}

void obi_paper_again(const obi_paper *p, ob_buf *part)
{
    obi_paper_carry(p, part);
    ob_buf_reset(part);
}

void obi_paper_blanks(obi_paper *p, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        ob_buf_add_char(p->out, ' ');
    }
}

void obi_paper_paint(obi_paper *p, ob_outcome outcome, const char *text, unsigned width)
{
    ob_buf_add_str(p->out, p->colour ? colour_of(outcome) : "");
    ob_buf_add_str(p->out, text);
    ob_buf_add_str(p->out, p->colour ? "\x1b[0m" : "");
    unsigned used = (unsigned)strlen(text);
    obi_paper_blanks(p, used < width ? width - used : 0);
}

void obi_paper_cell(obi_paper *p, ob_span foreign, unsigned width)
{
    OB_AUTO(ob_buf) shown = {.max = 4096};
    ob_buf_add_shown(&shown, foreign, 300);
    ob_span text = ob_buf_span(&shown);
    if (cells_of(text) > width) {
        text = ob_span_sub(text, 0, fitting(text, width - 3));
        ob_buf_add(p->out, text);
        ob_buf_add_str(p->out, "...");
        obi_paper_blanks(p, width - 3 - cells_of(text));
        obi_paper_carry(p, &shown);
        return;
    }
    ob_buf_add(p->out, text);
    obi_paper_blanks(p, width - cells_of(text));
    obi_paper_carry(p, &shown);
}

void obi_paper_cell_right(obi_paper *p, const ob_buf *text, unsigned width)
{
    unsigned used = (unsigned)text->len;
    obi_paper_blanks(p, used < width ? width - used : 0);
    ob_buf_add(p->out, ob_buf_span(text));
}

void obi_paper_trim(obi_paper *p)
{
    while (p->out->len > 0 && p->out->ptr[p->out->len - 1] == ' ') {
        p->out->ptr[--p->out->len] = '\0';
    }
}

void obi_paper_wrap(obi_paper *p, unsigned indent, ob_span text)
{
    unsigned column = 0;
    ob_span word = {0};
    ob_span rest = text;
    while (ob_span_cut(&rest, ' ', &word)) {
        while (word.len > 0) {
            unsigned need = cells_of(word);
            if (column > indent && column + 1 + need > p->width) {
                ob_buf_add_char(p->out, '\n');
                column = 0;
            }
            if (column == 0) {
                obi_paper_blanks(p, indent);
                column = indent;
            } else {
                ob_buf_add_char(p->out, ' ');
                column++;
            }
            size_t fits = fitting(word, p->width - column);
            ob_buf_add(p->out, ob_span_sub(word, 0, fits));
            column += cells_of(ob_span_sub(word, 0, fits));
            word = ob_span_sub(word, fits, word.len);
        }
    }
    ob_buf_add_char(p->out, '\n');
}

void obi_paper_wrap_foreign(obi_paper *p, unsigned indent, ob_span foreign)
{
    OB_AUTO(ob_buf) shown = {.max = 16384};
    if (foreign.len > 0) {
        ob_buf_add_shown(&shown, foreign, 2000);
        obi_paper_wrap(p, indent, ob_buf_span(&shown));
    }
    obi_paper_carry(p, &shown);
}
