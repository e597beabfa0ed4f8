/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts a text into segments. What it answers depends on the text alone: where more text could
 * change the answer, it asks for more. It never looks further ahead than OB_HOLD_MAX bytes and a
 * rune.
 */
#ifndef OB_DETECT_LEXER_H
#define OB_DETECT_LEXER_H

#include "detect/words.h"

typedef struct obi_lexer {
    const ob_detector *detector; /* for how far a literal's rule reaches */
    /* Literals of the rules, by start, as far as the text was searched for them. */
    const obi_literal *literals;
    size_t literal_count;
    size_t literal_base; /* where in the text they are counted from */
    size_t literal_next;
    /* What it remembers of the text before. */
    bool rest;     /* the next byte lies within a word that was cut */
    uint8_t label; /* what a Han label just before announces: an obi_han value */
    uint8_t gap;   /* separators since then */
    bool colon;    /* one of them is a colon */
} obi_lexer;

typedef struct obi_segment {
    size_t start;
    size_t end;
    unsigned seen;
    size_t first;   /* of its literals, index into those of the lexer */
    size_t behind;  /* the last of them */
    bool extended;  /* it is longer than it would be, because an operator's rule may cover more */
    size_t natural; /* where it would end */
} obi_segment;

/*
 * The next segment at or behind *at that shows something. True: everything between *at and its
 * start is dull; *at moves to its end. False: everything up to *at is dull, the rest needs more
 * text; at the end of a text that is last, *at is the end.
 */
bool obi_lex(obi_lexer *lexer, ob_span text, size_t *at, bool last, obi_segment *segment);
/* Goes on at at, within an extended segment: what lies behind it is still to be cut. */
void obi_lex_back(obi_lexer *lexer, const obi_segment *segment, size_t at);

#endif
