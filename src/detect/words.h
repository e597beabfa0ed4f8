/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words, as the lexer sees them: runs of anything but white space, separating signs and characters
 * that stand alone (Han). What is invisible belongs to the word around it.
 */
#ifndef OB_DETECT_WORDS_H
#define OB_DETECT_WORDS_H

#include "detect/scan.h"

/* What a byte begins. */
typedef enum obi_glyph {
    OBI_GLYPH_SIGN, /* of a word: ! # $ % & ' * + - . / : = ? @ \ ^ _ ~ */
    OBI_GLYPH_LOWER,
    OBI_GLYPH_UPPER,
    OBI_GLYPH_DIGIT,
    OBI_GLYPH_LETTER, /* of a word, beyond ASCII, not a capital */
    OBI_GLYPH_CAPITAL,
    OBI_GLYPH_HIDDEN,  /* invisible: part of the word around it */
    OBI_GLYPH_NUMERAL, /* Chinese, of one digit */
    OBI_GLYPH_ALONE,
    OBI_GLYPH_SPACE,
    OBI_GLYPH_LINE, /* line feed, carriage return */
    OBI_GLYPH_POINT,
    OBI_GLYPH_COLON, /* full width: separates, and a value follows */
    OBI_GLYPH_HIGH,  /* only in the table of bytes: see the rune */
    OBI_GLYPH_MORE   /* the rune is not complete */
} obi_glyph;

extern const uint8_t obi_glyphs[256];

typedef struct obi_rune_at {
    uint32_t rune;
    uint8_t len;   /* bytes */
    uint8_t class; /* obi_rune, or the ASCII character */
    uint8_t glyph;
} obi_rune_at;

/* The rune beyond ASCII at pos. Not last: text may go on. */
obi_rune_at obi_rune_look(ob_span text, size_t pos, bool last);

typedef struct obi_word {
    size_t start;
    size_t end;
    uint16_t digits;
    uint16_t lowers;
    uint16_t uppers;
    uint16_t signs;
    uint16_t visible; /* runes that are seen */
    uint16_t letters; /* beyond ASCII, not folded */
    uint16_t folded;  /* stand for an ASCII character whatever stands around them */
    uint16_t alike;   /* look like one, and may be Cyrillic or Greek */
    uint16_t hidden;  /* invisible */
    uint16_t percents;
    uint16_t escapes; /* & and backslashes */
    uint16_t colons;
    uint16_t assigns; /* = and : behind something */
    uint16_t numerals;
    uint8_t first; /* obi_glyph of the first letter or digit, SIGN if there is none */
    bool at;       /* @ or :// */
    bool turned;   /* a bidi override */
    bool full;     /* as many bytes as were allowed: it may go on */
    bool zone;     /* capitals, digits and < only */
} obi_word;

/* Reads the word at pos, at most that many bytes of it (cut at a rune). False if it needs more
 * text: never when it is full. */
bool obi_word_read(ob_span text, size_t pos, size_t most, bool last, obi_word *word);

/* What a few words of prose are to the lexer. */
typedef enum obi_role {
    OBI_ROLE_NONE,
    OBI_ROLE_NUMBER,   /* "four", "cuatro" */
    OBI_ROLE_MONTH,    /* "march", "mars", "marzo" */
    OBI_ROLE_OF,       /* between the parts of a date */
    OBI_ROLE_PARTICLE, /* of names */
    OBI_ROLE_STREET,   /* "rue", "calle": the name of the street follows, and a number stands before
                          or behind */
    OBI_ROLE_IS        /* a value may follow */
} obi_role;

obi_role obi_word_role(ob_span word);

/* A sieve for the words that begin a group (numbers, months, streets): by the first two letters the
 * lengths they have, a bit for each, the ninth for eight and more. */
extern const uint16_t obi_role_groups[26 * 32];

/* A word of that many letters (two or more, all of them small) may begin a group. */
static inline bool obi_may_begin_group(const char *word, size_t len)
{
    unsigned place = ((unsigned)word[0] - 'a') * 32 + (unsigned)word[1] - 'a';
    return (obi_role_groups[place] >> (len < 8 ? len : 8) & 1) != 0;
}

#endif
