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

/* Of a word in a script that is not Latin so many bytes choose what it is compared with, as stems
 * must do. */
#define OBI_KEY_STEM     6
#define OBI_WEIGHT_SLOTS 32768
#define OBI_MET_BITS     262144 /* of keys that weigh something, and of all */
#define OBI_MET_PAIRS    256
#define OBI_LANG_SLOTS   1024
_Static_assert(OBI_MET_BITS / 64 == 1 << (64 - 52), "obi_lexicon_at chooses one of them");
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
    uint64_t met[OBI_MET_BITS / 64];   /* whether a key may be in weights: seldom wrong */
    uint64_t known[OBI_MET_BITS / 64]; /* whether it may be one of entries */
    uint64_t bits[OBI_MET_PAIRS];      /* two bits each; a key has those of its hash in the above */
    uint32_t weights[OBI_WEIGHT_SLOTS]; /* 28 bits of a key's hash and its weight; 0: free */
    uint16_t *first;                    /* of the entries that share a slot; one more at the end */
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

/*
 * The key of a word is the hash of its plain form, which mostly is the hash that the reader tells.
 * That of a phrase is made from its first two words, that of Han text from its first two or three
 * characters.
 */
static inline uint64_t obi_key_pair(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

static inline uint64_t obi_key_three(uint64_t pair, uint32_t third)
{
    return pair * UINT64_C(0xc2b2ae3d27d4eb4f) + third;
}

/* The key of a folded word whose plain form may be another one. */
uint32_t obi_key_odd(const obi_token *token, const char *folded);

/* Whether the folded bytes of a word are plain. */
static inline bool obi_is_plain(uint32_t flags)
{
    const uint32_t leet = OBI_TOKEN_DIGIT | OBI_TOKEN_LETTER;
    return (flags & OBI_TOKEN_HAN) != 0 ||
           ((flags & OBI_TOKEN_HIGH) == 0 && (flags & leet) != leet);
}

static inline uint32_t obi_key(const obi_token *token, const char *folded)
{
    return obi_is_plain(token->flags) ? token->hash : obi_key_odd(token, folded);
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

/* The bits below those of the slot, at the place that they have in weights. */
static inline uint32_t obi_key_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 17) & ~(uint32_t)15;
}

/* The number in met and known, and its two bits, that stand for a key. Which two is looked up:
 * shifts by what a hash says cost more. */
static inline size_t obi_lexicon_at(uint64_t hash)
{
    return hash >> 52;
}

static inline uint64_t obi_lexicon_bits(const obi_lexicon *lexicon, uint64_t hash)
{
    return lexicon->bits[hash >> 44 & (OBI_MET_PAIRS - 1)];
}

static inline bool obi_lexicon_has(const obi_lexicon *lexicon, const uint64_t *table, uint64_t key)
{
    uint64_t hash = obi_key_hash(key);
    return (~table[obi_lexicon_at(hash)] & obi_lexicon_bits(lexicon, hash)) == 0;
}

/* Whether a key may be in the table of weights; nearly always not. */
static inline bool obi_lexicon_met(const obi_lexicon *lexicon, uint64_t key)
{
    return obi_lexicon_has(lexicon, lexicon->met, key);
}

/* Whether a key may be one of entries; mostly not. */
static inline bool obi_lexicon_known(const obi_lexicon *lexicon, uint64_t key)
{
    return obi_lexicon_has(lexicon, lexicon->known, key);
}

/* What a word, or two in a row, can weigh: from its key. */
static inline uint8_t obi_lexicon_weight(const obi_lexicon *lexicon, uint64_t key)
{
    uint64_t hash = obi_key_hash(key);
    if (!obi_lexicon_met(lexicon, key)) {
        return 0;
    }
    uint32_t tag = obi_key_tag(hash);
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
