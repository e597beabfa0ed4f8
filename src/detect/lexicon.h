/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the words of injections mean: concepts, each with words of many languages
 * (injection_words*.def). A small table tells what a word can weigh from its first bytes, or from
 * those of two words in a row; few words of honest texts weigh anything, so most windows are never
 * looked up.
 */
#ifndef OB_DETECT_LEXICON_H
#define OB_DETECT_LEXICON_H

#include "detect/matter.h"

#include <ombud/mem.h>

typedef enum obi_concept {
#define OB_CONCEPT(name, weight) OBI_MEANS_##name,
#include "detect/concepts.def"
#include "detect/concepts_claim.def"
#include "detect/concepts_output.def"
#undef OB_CONCEPT
    OBI_CONCEPTS
} obi_concept;

/* A set of concepts. */
__extension__ typedef unsigned __int128 obi_set;
#define OBI_SET(name) ((obi_set)1 << OBI_MEANS_##name)

/* The first concept of a set that has one. */
static inline unsigned obi_set_first(obi_set set)
{
    uint64_t low = (uint64_t)set;
    return low != 0 ? (unsigned)__builtin_ctzll(low)
                    : 64U + (unsigned)__builtin_ctzll((uint64_t)(set >> 64));
}

/* So many bytes of a word choose what it is compared with: all of one in Latin letters, and of one
 * in another script the first letters, as stems of six bytes must do. Of Han text two or three
 * characters do. */
#define OBI_KEY_BYTES    16
#define OBI_KEY_STEM     6
#define OBI_WEIGHT_SLOTS 32768
#define OBI_MET_BITS     131072
#define OBI_KNOWN_BITS   262144
#define OBI_LANG_SLOTS   1024
_Static_assert(OBI_MET_BITS / 64 == 1 << (64 - 53), "obi_lexicon_at chooses one of them");
/* A rule wants so many concepts at most, and there are so many rules at most. */
#define OBI_RULE_SETS 3
#define OBI_RULE_BITS 256

typedef struct obi_entry {
    const char *text; /* plain */
    uint8_t len;
    uint8_t concept;
    uint8_t words; /* that it covers; of Han text characters */
    bool stem;     /* its last word may go on */
} obi_entry;

typedef struct obi_lexicon {
    uint64_t known[OBI_KNOWN_BITS / 64]; /* whether a key may be one of entries */
    uint64_t met[OBI_MET_BITS / 64];     /* the keys in weights so: small, and seldom wrong */
    uint16_t weights[OBI_WEIGHT_SLOTS];  /* 12 bits of a key's hash and its weight; 0: free */
    uint16_t *first;                     /* of the entries that share a slot; one more at the end */
    obi_entry *entries;
    size_t count;
    obi_matter_words *matter;
    /* Bit r of rules[k][c]: what rule r wants in place k may be concept c. */
    uint64_t rules[OBI_RULE_SETS][OBI_CONCEPTS][OBI_RULE_BITS / 64];
    uint16_t
        langs[OBI_LANG_SLOTS]; /* of a frequent small word 12 bits of its hash and its language */
} obi_lexicon;

/* Built once for a detector; lives in arena. */
OB_MUST bool obi_lexicon_build(obi_lexicon **lexicon, ob_arena *arena, ob_err *err);

/*
 * The plain form of a folded word, by which it is compared: accents and hamzas dropped, digits
 * within letters as the letters they look like. out: OBI_TOKEN_MAX bytes; returns how many.
 */
size_t obi_plain(ob_span folded, uint32_t flags, char *out);

/* The key of a plain word, or of two or three Han characters in a row. OBI_KEY_BYTES can be read
 * there; those behind len do not count. */
static inline uint64_t obi_key(const char *plain, size_t len)
{
    uint64_t half[2];
    unsigned char first = (unsigned char)plain[0];
    bool stem = first >= 0xc0 && (first < 0xe3 || first > 0xe9);
    memcpy(half, plain, sizeof half);
    len = stem && len > OBI_KEY_STEM ? OBI_KEY_STEM : len;
    if (len <= 8) {
        return len == 0 ? 0 : half[0] << (64 - 8 * len) >> (64 - 8 * len);
    }
    half[1] = len >= 16 ? half[1] : half[1] << (128 - 8 * len) >> (128 - 8 * len);
    return half[0] ^ half[1] * UINT64_C(0xc2b2ae3d27d4eb4f);
}

/* The same for Han characters whose three bytes are given, lowest first; third 0: of two. */
static inline uint64_t obi_key_han(uint64_t first, uint64_t second, uint64_t third)
{
    uint64_t half = first | second << 24 | third << 48;
    return half ^ (third >> 16) * UINT64_C(0xc2b2ae3d27d4eb4f);
}

/* The key of a phrase from those of its first two words. */
static inline uint64_t obi_key_pair(uint64_t first, uint64_t second)
{
    return (first ^ second << 9 ^ second >> 55) * UINT64_C(0xff51afd7ed558ccd);
}

/* The hash of a key, of which the parts below choose bits and slots. */
static inline uint64_t obi_key_hash(uint64_t key)
{
    return key * UINT64_C(0x9e3779b97f4a7c15);
}

static inline uint32_t obi_key_slot(uint64_t key)
{
    return (uint32_t)(obi_key_hash(key) >> 49);
}

/* The two bits of one number that stand for a key: OBI_MET_BITS / 64 of them, the top bits of the
 * hash choose. */
static inline size_t obi_lexicon_at(uint64_t hash)
{
    return hash >> 53;
}

static inline uint64_t obi_lexicon_bits(uint64_t hash)
{
    return (uint64_t)1 << (hash >> 47 & 63) | (uint64_t)1 << (hash >> 41 & 63);
}

/* Whether a key may be in the table of weights; nearly always not. */
static inline bool obi_lexicon_met(const obi_lexicon *lexicon, uint64_t key)
{
    uint64_t hash = obi_key_hash(key);
    uint64_t bits = lexicon->met[obi_lexicon_at(hash)];
    return ((bits >> (hash >> 47 & 63)) & (bits >> (hash >> 41 & 63)) & 1) != 0;
}

/* What a word, or two in a row, can weigh: from its key. */
static inline uint8_t obi_lexicon_weight(const obi_lexicon *lexicon, uint64_t key)
{
    uint64_t hash = obi_key_hash(key);
    if (!obi_lexicon_met(lexicon, key)) {
        return 0;
    }
    uint32_t tag = (uint32_t)(hash >> 33) & 0xfff0U;
    for (uint32_t slot = obi_key_slot(key);; slot = (slot + 1) % OBI_WEIGHT_SLOTS) {
        uint32_t found = lexicon->weights[slot];
        if (found == 0 || (found ^ tag) < 16) {
            return found & 15U;
        }
    }
}

/* The language of a frequent small word by its hash; OBI_LANG_OTHER for all others. */
static inline unsigned obi_lexicon_lang(const obi_lexicon *lexicon, uint32_t hash)
{
    uint16_t found = lexicon->langs[hash % OBI_LANG_SLOTS];
    return (found ^ hash >> 16) >> 4 == 0 ? found & 15U : OBI_LANG_OTHER;
}

/* The first bytes of a word in two numbers, zeros behind them, without a branch on how long it is.
 */
static inline void obi_halves_ascii(const char *plain, size_t len, uint64_t halves[2])
{
    static const uint8_t masks[2 * OBI_KEY_BYTES] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                     255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t mask[2];
    memcpy(halves, plain, 2 * sizeof halves[0]);
    memcpy(mask, masks + OBI_KEY_BYTES - (len < OBI_KEY_BYTES ? len : OBI_KEY_BYTES), sizeof mask);
    halves[0] &= mask[0];
    halves[1] &= mask[1];
}

static inline uint64_t obi_key_halves(const uint64_t halves[2])
{
    return halves[0] ^ halves[1] * UINT64_C(0xc2b2ae3d27d4eb4f);
}

/* obi_key of a word that is ASCII. */
static inline uint64_t obi_key_ascii(const char *plain, size_t len)
{
    uint64_t halves[2];
    obi_halves_ascii(plain, len, halves);
    return obi_key_halves(halves);
}

/* What is in a window. Bit i of at[c]: concept c begins at word i. */
typedef struct obi_meaning {
    uint64_t at[OBI_CONCEPTS];
    obi_set seen;                    /* concepts that are there */
    uint8_t words[OBI_WINDOW_WORDS]; /* how many the longest phrase from there covers */
    obi_matter matter;               /* zeros, until obi_matter_read */
} obi_meaning;

/* Looks all words of a window up. */
void obi_lexicon_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning);

#endif
