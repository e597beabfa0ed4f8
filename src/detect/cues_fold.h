/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text before a place, as cue words are compared with it: lower case, no accents, look-alikes
 * of Latin letters as Latin letters, and nothing of what is no letter and no digit: where such
 * blanks stood a bit tells, so that a word is compared by its bytes and once more by its blanks.
 * Texts of ASCII, most of all, are folded by their bits, 8 bytes at once (cues_ascii.c); the others
 * rune by rune (cues_fold.c). Both lead to the same words, which tests/unit/detect/test_cues.c
 * shows.
 */
#ifndef OB_DETECT_CUES_FOLD_H
#define OB_DETECT_CUES_FOLD_H

#include <ombud/span.h>

enum {
    OBI_FOLD_BYTES = 96,      /* that are looked at */
    OBI_FOLD_CHARACTERS = 48, /* ... and characters: the reach and the longest word */
    OBI_FOLD_DIGITS = 4       /* of a word that is a value rather than a name */
};

/* A bit a byte; the first 64 in [0]. */
typedef struct obi_bits {
    uint64_t of[2];
} obi_bits;

typedef struct obi_fold {
    char text[OBI_FOLD_BYTES + 16];         /* behind len eight blanks, then anything */
    uint8_t character[OBI_FOLD_BYTES + 16]; /* how many stand before; for first bytes of characters
                                             */
    obi_bits edge;                          /* a word ends before it, for scripts with blanks */
    obi_bits start;                         /* a word that is looked for may begin here */
    obi_bits blank;    /* one or more blanks stand before it, or nothing does */
    size_t len;        /* of text */
    size_t characters; /* of all that was folded */
    size_t from;     /* in text: no word that ends up to here is near enough; 0: it is not known */
    size_t sentence; /* characters before the end of the last sentence but the open one, or 0 */
    size_t value;    /* characters before the last word with OBI_FOLD_DIGITS digits, or 0 */
    bool asked;      /* that sentence is a question */
    bool ascii;
    /* Of ASCII: what the three above are read from, when a word was found. */
    bool read;
    ob_span source;
    uint64_t letters;
    uint64_t digits;
} obi_fold;

static inline bool obi_bit(const obi_bits *bits, size_t at)
{
    return (bits->of[at / 64] >> at % 64 & 1) != 0;
}

static inline void obi_bit_set(obi_bits *bits, size_t at)
{
    bits->of[at / 64] |= UINT64_C(1) << at % 64;
}

/* The 64 bits from at on. */
static inline uint64_t obi_bits_from(const obi_bits *bits, size_t at)
{
    return at < 64 ? bits->of[0] >> at | bits->of[1] << 1 << (63 - at) : bits->of[1] >> at % 64;
}

/* The first bit from at on; 128 if there is none. */
static inline size_t obi_bit_next(const obi_bits *bits, size_t at)
{
    for (size_t i = at / 64; i < 2; at = ++i * 64) {
        uint64_t rest = bits->of[i] >> at % 64;
        if (rest != 0) {
            return at + (size_t)__builtin_ctzll(rest);
        }
    }
    return 128;
}

/* Eight bytes, the first one lowest. */
static inline uint64_t obi_fold_load(const char *from)
{
    uint64_t word = 0;
    memcpy(&word, from, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The word is one that a full stop may shorten: "no. 5", "Mr. X", "d. o. b."; in lower case. */
bool obi_fold_abbreviation(ob_span word);

/* Folds the last characters of left. False: there is nothing to look for. */
bool obi_fold_any(obi_fold *to, ob_span left);
/* The same for a text of which the last OBI_FOLD_CHARACTERS bytes are ASCII; *ascii is set to
 * whether they are, and if not nothing else is done. */
bool obi_fold_ascii(obi_fold *to, ob_span left, bool *ascii);
/* Sets sentence, asked and value of a folded text of ASCII. */
void obi_fold_read(obi_fold *to);

#endif
