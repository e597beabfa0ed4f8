/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the words of injections mean: concepts, each with words of many languages
 * (injection_words*.def). A small table tells what a word can weigh from its first bytes; few words
 * of honest texts weigh anything, so most windows are never looked up.
 */
#ifndef OB_DETECT_LEXICON_H
#define OB_DETECT_LEXICON_H

#include "detect/passage.h"

#include <ombud/mem.h>

typedef enum obi_concept {
#define OB_CONCEPT(name, weight) OBI_MEANS_##name,
#include "detect/concepts.def"
#undef OB_CONCEPT
    OBI_CONCEPTS
} obi_concept;

/* A set of concepts. */
#define OBI_SET(name) ((uint64_t)1 << OBI_MEANS_##name)

/* Tokens of at most so many bytes of a word choose what it is compared with. */
#define OBI_KEY_BYTES    6
#define OBI_WEIGHT_SLOTS 32768
#define OBI_LANG_SLOTS   1024

typedef struct obi_entry {
    const char *text; /* plain */
    uint8_t len;
    uint8_t concept;
    uint8_t words; /* that it covers; of Han text characters */
    bool stem;     /* its last word may go on */
} obi_entry;

typedef struct obi_lexicon {
    uint8_t weights[OBI_WEIGHT_SLOTS];
    uint16_t *first; /* of the entries that share a slot; one more at the end */
    obi_entry *entries;
    size_t count;
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

/* The key of a plain word, or of two Han characters in a row. */
static inline uint64_t obi_key(const char *plain, size_t len)
{
    char bytes[8] = {0};
    memcpy(bytes, plain, len < OBI_KEY_BYTES ? len : OBI_KEY_BYTES);
    uint64_t key = 0;
    memcpy(&key, bytes, sizeof key);
    return key;
}

static inline uint32_t obi_key_slot(uint64_t key)
{
    return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 49);
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
    uint64_t seen;                   /* concepts that are there */
    uint8_t words[OBI_WINDOW_WORDS]; /* how many the longest phrase from there covers */
} obi_meaning;

/* Looks all words of a window up. */
void obi_lexicon_read(const obi_lexicon *lexicon, const obi_window *window, obi_meaning *meaning);

#endif
