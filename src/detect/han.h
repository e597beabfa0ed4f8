/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When Han text is held back. It has no blanks and no capitals, so what could be a name or an
 * address shows by words only: a label in front, or the name of a place. The lexer asks here for
 * each Han character; the common answer is no and costs one look into a bitmap.
 *
 * The lists are in scripts/han-table. Pure functions of the text; nothing is allocated.
 */
#ifndef OB_DETECT_HAN_H
#define OB_DETECT_HAN_H

#include <endian.h>
#include <ombud/span.h>

/* Answers of obi_han_open, several at once. */
enum {
    OBI_HAN_NONE = 0,
    OBI_HAN_NAME = 1,    /* a label for a name ends here: "wo jiao", "xingming" */
    OBI_HAN_ADDRESS = 2, /* a label for an address ends here, or OBI_HAN_PLACE */
    OBI_HAN_PLATE = 4,   /* the character begins plates of vehicles, if a letter follows */
    OBI_HAN_PLACE = 8,   /* the last two characters begin a place of the gazetteer: the address
                            begins with them, OBI_HAN_PLACE_LEN bytes before end */
    OBI_HAN_BEGINS = 16  /* the character may be the first one of a place: to be held until the next
                            one tells (OBI_HAN_PLACE) */
};

#define OBI_HAN_PLACE_LEN 6

/* What opens at end, where a Han character of before was just completed. Only bytes before end are
 * read, at most the last 16. */
unsigned obi_han_open(ob_span before, size_t end);

/* The character behind rune tells whether something begins with it. */
bool obi_han_waits(uint32_t rune);

#define OBI_HAN_FIRST 0x4e00u
#define OBI_HAN_WORDS 328u /* of a bitmap: 64 bits each, for 0x5200 characters */
#define OBI_HAN_SIEVE 128u /* words of the sieve of pairs */

extern const uint64_t obi_han_steps[OBI_HAN_WORDS * 2]; /* two bits a character: see below */
extern const uint64_t obi_han_sieve[OBI_HAN_SIEVE];

/* The rune of three bytes at ptr, where there are four; 0 if it is another one. */
static inline uint32_t obi_rune_of_four(const char *ptr)
{
    uint32_t four = 0;
    memcpy(&four, ptr, 4);
    four = le32toh(four);
    uint32_t rune = (four & 15) << 12 | (four >> 2 & 0xfc0) | (four >> 16 & 63);
    return (four & 0xc0c0f0) == 0x8080e0 ? rune : 0;
}

/* Answers of obi_han_step. */
enum {
    OBI_HAN_OPENS = 1, /* a label may end with the character, or it is the second one of a place */
    OBI_HAN_NUMERAL = 2
};

/* A character from U+4E00 to U+9FFF. */
static inline unsigned obi_han_step(uint32_t rune)
{
    uint32_t place = rune - OBI_HAN_FIRST;
    return (unsigned)(obi_han_steps[place / 32] >> place % 32 * 2) & 3;
}

/* With second, which opens something, a label may end whose last character but one is first, or a
 * place begins with the two. Of other pairs obi_han_open tells nothing but what waits for the next
 * character. */
static inline bool obi_han_pair(uint32_t first, uint32_t second)
{
    uint32_t place = (first * 0x9e3779b1u ^ second * 0x85ebca6bu) >> 19; /* as in han-table */
    return (obi_han_sieve[place / 64] >> place % 64 & 1) != 0;
}

/* What may stand between a label and its value, several of them: a colon of either width, blanks,
 * "is", "called". */
bool obi_han_between(uint32_t rune);

/* Whether next can belong to a name of which name is there already (empty at first, without what
 * stands between). A name is at most six characters, or twelve with a dot inside; one that begins
 * with no surname is a name only behind a colon, which the caller knows. */
bool obi_han_name_goes_on(ob_span name, bool colon, uint32_t next);

/* Whether next can belong to an address of which address is there already. It ends at words that
 * are in no address, and OBI_HAN_LOOSE_MAX characters behind the last word for a division. */
bool obi_han_address_goes_on(ob_span address, uint32_t next);

#define OBI_HAN_LOOSE_MAX 16

/* Characters at the front of text that are a surname: 0, 1 or 2. */
size_t obi_han_surname(ob_span text);
bool obi_han_given(uint32_t rune);     /* given names are made of it */
bool obi_han_name_stop(uint32_t rune); /* it is in no name */
bool obi_han_unit(uint32_t rune);      /* a division, a road, a part of a building */
/* The two characters at the front of text begin a word that is no name: "gaoxing", "guanyu". */
bool obi_han_no_name(ob_span text);
/* How a label for a name that ends at end binds: 2 tight (almost nothing but a name follows), 1
 * loose, 0 there is none. */
unsigned obi_han_name_label(ob_span before, size_t end);
bool obi_han_address_label(ob_span before, size_t end);
/* The two characters at the front of text begin a place. */
bool obi_han_place(ob_span text);

/* A Han character: the blocks that names and addresses are written with. */
static inline bool obi_is_han(uint32_t rune)
{
    return (rune >= 0x4e00 && rune <= 0x9fff) || (rune >= 0x3400 && rune <= 0x4dbf);
}

#endif
