/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words around names and addresses: cues in front of a name, particles within, and words that are
 * in none. The lists are in scripts/name-table. Pure functions of the text; nothing is allocated.
 */
#ifndef OB_DETECT_NAME_WORDS_H
#define OB_DETECT_NAME_WORDS_H

#include <ombud/span.h>

/* c is among the characters of set, which is a constant: the loop becomes a test of bits. */
static inline bool obi_among(char c, const char *set)
{
    bool found = false;
    for (size_t i = 0, len = strlen(set); i < len; i++) {
        found |= set[i] == c;
    }
    return found;
}

/* How a cue binds, tightest first. */
typedef enum obi_name_cue {
    OBI_NAME_NONE,
    OBI_NAME_SURE,   /* "my name is": one word will do, also without a capital */
    OBI_NAME_LOW,    /* "mr", "dear": one word with a capital */
    OBI_NAME_TITLE,  /* "Ms": as above, if the cue itself has a capital */
    OBI_NAME_FAMILY, /* "my wife": one word with a capital */
    OBI_NAME_LABEL,  /* "account holder": one word behind a colon, or two */
    OBI_NAME_ALONE,  /* "name": as LABEL, if no word stands before it */
    OBI_NAME_WEAK,   /* "this is": two words, none of them a common one */
    OBI_NAME_GREET,  /* "hi": as WEAK, or one word in front of a comma */
    OBI_NAME_SIGN    /* "Regards": behind a comma or in the next line */
} obi_name_cue;

/* The cue that ends at end of text; *start is where it begins. */
obi_name_cue obi_name_cue_at(ob_span text, size_t end, size_t *start);

/* A label in letters, such as "Name:", or "my name is", announces a name that begins at pos. */
bool obi_name_announced(ob_span text, size_t pos);

/* Of a word in lower case. */
bool obi_name_particle(ob_span word);
/* The same for a word in any case. */
bool obi_name_particle_any(ob_span word);
bool obi_common_word(ob_span word);      /* it is in no name and in no address */
bool obi_name_stop(ob_span word);        /* it is in no name: common, or of places */
bool obi_name_low_stop(ob_span word);    /* it ends a name without capitals */
bool obi_street(ob_span word);           /* "street": behind the name of one */
bool obi_street_plain(ob_span word);     /* "close": as obi_street, but an ordinary word as well */
bool obi_street_first(ob_span word);     /* "rue": in front of the name of one */
bool obi_street_first_any(ob_span word); /* of a word of either case, at most 48 bytes */
bool obi_address_unit(ob_span word);     /* "apt", "floor": a number or a letter follows */
/* "IL", "ON": as it is written in an address. */
bool obi_region(ob_span word);

/* Writes word with its ASCII, Latin-1 and Cyrillic capitals made small to out (cap bytes); the
 * result is empty where it does not fit. */
ob_span obi_small(ob_span word, char *out, size_t cap);
/* The rune at the front of word is a capital: Latin, Greek, Cyrillic. */
bool obi_capital(ob_span word);

#endif
