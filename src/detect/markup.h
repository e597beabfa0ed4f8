/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a text would run, load or link at its reader, or in a program behind it. A literal
 * (markup.def) tells where it may begin, and Vectorscan finds these with those of the other rules.
 * A grammar then reads on from there, in three answers: no, yes, or not decided by the text so far.
 *
 * The lexer asks first, so that a segment is as long as what the grammar covers, and a stream waits
 * for no more than that; the family asks again, when the segment is there. Most literals stand in
 * honest texts, too ("union", "drop", "<b>"): they get their "no" from the next few bytes.
 */
#ifndef OB_DETECT_MARKUP_H
#define OB_DETECT_MARKUP_H

#include "detect/secrets.h"
/* A grammar looks back that far from its literal, so that it sees the same in a segment. */
#define OBI_MARKUP_LEFT 64

typedef enum obi_fit {
    OBI_FIT_NO,
    OBI_FIT_MORE,
    OBI_FIT_YES
} obi_fit;

/* Where a grammar begins to read. text may begin anywhere before, and end anywhere. */
typedef struct obi_markup_at {
    ob_span text;
    size_t from;  /* nothing before may be part of a finding */
    size_t start; /* of the literal */
    size_t end;
    bool last;  /* nothing follows the text */
    bool whole; /* asked by the lexer: how far a link reaches, whatever speaks for or against it */
    const ob_scan_options *options; /* NULL: none */
} obi_markup_at;

typedef struct obi_mark {
    size_t start;
    size_t end;
    const char *rule;
    uint8_t kind;
    bool sure;     /* the form does nothing else */
    int16_t near_; /* hundredths of log-odds, for what was seen around it */
    uint8_t tail;  /* obi_tail, where text ends before it does */
} obi_mark;

/* Its answer is the same for every longer text, unless it is MORE; and YES is also the answer for
 * the text up to mark->end alone, because that is what a segment holds. mark is set with YES. */
typedef obi_fit obi_grammar(const obi_markup_at *at, obi_mark *mark);

obi_grammar obi_markup_ansi;
obi_grammar obi_markup_cell;
obi_grammar obi_markup_code;
obi_grammar obi_markup_handler;
obi_grammar obi_markup_link;
obi_grammar obi_markup_scheme;
obi_grammar obi_markup_shell_chain;
obi_grammar obi_markup_shell_code;
obi_grammar obi_markup_shell_file;
obi_grammar obi_markup_shell_remove;
obi_grammar obi_markup_shell_reverse;
obi_grammar obi_markup_shell_windows;
obi_grammar obi_markup_sql_equal;
obi_grammar obi_markup_sql_inside;
obi_grammar obi_markup_sql_number;
obi_grammar obi_markup_sql_quote;
obi_grammar obi_markup_sql_query;
obi_grammar obi_markup_sql_statement;
obi_grammar obi_markup_sql_union;
obi_grammar obi_markup_sql_waits;
obi_grammar obi_markup_tag;
obi_grammar obi_markup_template;

/* A row of markup.def. */
typedef struct obi_markup_row {
    const char *head;
    obi_grammar *read;
} obi_markup_row;

extern const obi_markup_row obi_markup_rows[];
extern const size_t obi_markup_count;

/* The rule of a row's obi_literal is its index behind those of the secrets. */
#define OBI_MARKUP_FIRST ((uint32_t)OBI_SECRETS)

/* A row for the first byte of a text, which begins a cell of a table without a literal; NULL where
 * start is not there, or the byte begins no formula. */
const obi_markup_row *obi_markup_first_cell(ob_span text, size_t start);
/* Where the markup ends whose literal is at start; 0: there is none. *more is set where that is not
 * decided. */
size_t obi_markup_reach(const obi_markup_row *row, ob_span text, size_t start, size_t end,
                        bool last, bool *more);

/* Reading on, for the grammars: all stop at the end of the text. */
static inline bool obi_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline size_t obi_skip_blank(ob_span text, size_t at)
{
    while (at < text.len && obi_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

/* What stands before pos, at most OBI_MARKUP_LEFT bytes before the literal. */
static inline ob_span obi_markup_before(const obi_markup_at *at, size_t pos)
{
    size_t least = at->start > OBI_MARKUP_LEFT ? at->start - OBI_MARKUP_LEFT : 0;
    return ob_span_sub(at->text, least, pos);
}

#endif
