/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a code point beyond ASCII is for the lexer and the normal form. The table is made by
 * scripts/rune-table from the Unicode data, so that nothing is computed at start.
 */
#ifndef OB_DETECT_RUNES_H
#define OB_DETECT_RUNES_H

#include <ombud/span.h>

/* Values of obi_rune. From 0x21 to 0x7e: the rune stands for that ASCII character (full width,
 * look-alike, circled, mathematical, a digit of another script); it is folded to it. */
enum {
    OBI_RUNE_ALONE = 0,     /* Han, kana, hangul, Thai, symbols ...: a word of its own */
    OBI_RUNE_WORD = 1,      /* a letter of a script that sets words apart, and marks on it */
    OBI_RUNE_SPACE = 2,     /* white space */
    OBI_RUNE_POINT = 3,     /* punctuation that separates, such as the ideographic comma, and the
                               full-width , ; ! ? ( ) which Chinese text is full of: not folded */
    OBI_RUNE_COLON = 4,     /* the full-width colon and equals sign: behind them stands a value */
    OBI_RUNE_INVISIBLE = 5, /* ignorable: dropped by the normal form */
    OBI_RUNE_NUMERAL = 6,   /* a Chinese numeral that stands for one digit */
    OBI_RUNE_HIDING = 7     /* tag characters and bidi overrides, variation selectors 17 to 256: there
                               is hardly an honest use in a chat */
};

uint8_t obi_rune(uint32_t rune);

#endif
