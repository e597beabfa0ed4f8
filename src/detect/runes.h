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
    OBI_RUNE_HIDING = 7 /* tag characters and bidi overrides, variation selectors 17 to 256: there
                           is hardly an honest use in a chat */
};

#define OBI_RUNE_PAGE  128
#define OBI_RUNE_PAGES 212

/* The pages, and for each 128 code points which of them holds their answers. */
extern const uint8_t obi_rune_places[0x20000 / OBI_RUNE_PAGE];
extern const uint8_t obi_rune_pages[OBI_RUNE_PAGES][OBI_RUNE_PAGE];

/* As obi_rune, beyond the table. */
uint8_t obi_rune_far(uint32_t rune);

/* What a code point is; below 0x80 there is no answer, as the lexer knows ASCII by itself. */
static inline uint8_t obi_rune(uint32_t rune)
{
    if (rune < 0x20000) {
        return obi_rune_pages[obi_rune_places[rune / OBI_RUNE_PAGE]][rune % OBI_RUNE_PAGE];
    }
    return obi_rune_far(rune);
}

/* The same from the three bytes of a rune from U+1000 to U+FFFF, which the caller knows to be
 * well formed: what most Chinese text consists of. */
static inline uint8_t obi_rune3(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    unsigned place = (at[0] & 15U) << 5 | (at[1] & 63U) >> 1;
    return obi_rune_pages[obi_rune_places[place]][(at[1] & 1U) << 6 | (at[2] & 63U)];
}

#endif
