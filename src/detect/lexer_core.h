/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the lexer, between its files: gaps, the segment that grows, and what the parts answer.
 */
#ifndef OB_DETECT_LEXER_CORE_H
#define OB_DETECT_LEXER_CORE_H

#include "detect/lexer.h"

/* Between two words. */
typedef struct obi_gap {
    size_t end;
    unsigned blanks;
    unsigned points;
    unsigned lines;
    bool more; /* it may go on */
    bool wide; /* too wide for anything to belong together */
} obi_gap;

typedef struct obi_cutter {
    obi_lexer *lexer;
    ob_span text;
    bool last;
    obi_segment *segment;
    obi_word word;   /* the last one of the segment */
    uint8_t carried; /* digits stand before a lonely sign, which is the last word */
    uint8_t named;   /* lower-case words of a name that may still follow */
    unsigned digits;
    unsigned singles;
    unsigned numbers; /* number words */
    unsigned numerals;
    unsigned words;
    bool capital; /* one of the words is */
} obi_cutter;

/* Beside the values of obi_han: an operator's rule, whose literal need not be a word. */
#define OBI_BEGINS_RULE 1024u

static inline bool obi_is_cap(unsigned glyph)
{
    return glyph == OBI_GLYPH_UPPER || glyph == OBI_GLYPH_CAPITAL;
}

static inline bool obi_is_low(unsigned glyph)
{
    return glyph == OBI_GLYPH_LOWER || glyph == OBI_GLYPH_LETTER;
}

/* lexer_join.c: what stands between two words, from pos on. */
obi_gap obi_gap_read(ob_span text, size_t pos, bool last);
/* What the word at pos begins with, behind up to two signs; MORE if that is not there yet. */
obi_glyph obi_first_glyph(ob_span text, size_t pos, bool last);
obi_role obi_role_of(ob_span text, const obi_word *word);
/* A word of that role may begin a group, so it is not passed over. */
bool obi_begins_group(obi_role role);
/* Adds a word to the segment, and what it shows. */
void obi_cut_add(obi_cutter *cut, const obi_word *word);
/* Adds what follows, as long as it belongs to the segment. False if more text is needed. */
bool obi_cut_grow(obi_cutter *cut);

/* lexer_word.c: what announces a value at pos. */
typedef enum obi_announce {
    OBI_ANNOUNCE_NONE,
    OBI_ANNOUNCE_WORD, /* "is" and its like in other languages with blanks */
    OBI_ANNOUNCE_SIGN  /* ":", "=", or a word of Chinese */
} obi_announce;

obi_announce obi_announced(ob_span text, size_t pos);
/* A word of plain lower-case letters at pos may be a value: not behind "is", unless it is a name.
 */
bool obi_announced_plain(ob_span text, size_t pos);
/* A sentence begins at pos, so nothing announces what follows. */
bool obi_begins_sentence(ob_span text, size_t pos);
/* The segment that begins with the word at pos. False if more text is needed. */
bool obi_lex_word(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment);

/* lexer_plain.c: behind a word at pos of small letters that nothing makes interesting; or pos. */
size_t obi_skip_lower(const obi_lexer *lexer, ob_span text, size_t pos);
/* The same for the first word of a sentence and for "I", if a plain word follows that is no part of
 * a name. */
size_t obi_skip_capital(const obi_lexer *lexer, ob_span text, size_t pos);
/* The same for a question or an exclamation mark behind Han characters. */
size_t obi_skip_mark(const obi_lexer *lexer, ob_span text, size_t pos);
/* The same for the sign of a list or a heading, in front of a word. */
size_t obi_skip_bullet(const obi_lexer *lexer, ob_span text, size_t pos);
/* Behind the blank at at and the plain words that follow it; at if a literal begins with the blank.
 * Nothing is announced. *stuck: what follows is a capital that obi_skip_capital would not skip. */
size_t obi_skip_plain(obi_lexer *lexer, ob_span text, size_t at, bool *stuck);

/* Where the next literal begins that is not behind at; SIZE_MAX if none does. */
size_t obi_next_literal(obi_lexer *lexer, size_t at);
/* An operator's rule begins at at with a character that begins no word. */
bool obi_rule_begins(obi_lexer *lexer, size_t at);
/* Its segment. */
bool obi_lex_rule(obi_lexer *lexer, ob_span text, size_t pos, bool last, obi_segment *segment);

/* lexer_han.c: Han characters that are held. */
bool obi_lex_han(ob_span text, size_t pos, bool last, unsigned what, bool colon,
                 obi_segment *segment);
bool obi_lex_plate(ob_span text, size_t pos, bool last, obi_segment *segment);
/* What a Han character at *pos begins; 0: nothing, and *pos has moved behind it. */
unsigned obi_han_begins(obi_lexer *lexer, ob_span text, size_t *pos, uint32_t rune, bool last,
                        bool *more);
/* Behind plain text of Han and the like, where nothing begins and nothing is announced: characters,
 * punctuation, and numerals that are words. What may depend on what follows stays in front. */
size_t obi_skip_han(obi_lexer *lexer, ob_span text, size_t at);

#endif
