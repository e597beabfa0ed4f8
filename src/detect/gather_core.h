/* SPDX-License-Identifier: Apache-2.0 */
/* What adds a word to a gather, for gather.c and for the short way through plain text. */
#ifndef OB_DETECT_GATHER_CORE_H
#define OB_DETECT_GATHER_CORE_H

#include "detect/model.h"

/* Whether a sentence begins with a word, by its gap and flags. */
static inline bool obi_begins(uint32_t gap, uint32_t flags)
{
    if ((gap & (OBI_GAP_STOP | OBI_GAP_PARAGRAPH)) != 0) {
        return true;
    }
    /* A line that goes on with a small letter was only wrapped. */
    return (gap & OBI_GAP_LINE) != 0 &&
           ((flags & (OBI_TOKEN_CAPITAL | OBI_TOKEN_DIGIT | OBI_TOKEN_HAN | OBI_TOKEN_ARABIC |
                      OBI_TOKEN_HANGUL)) != 0 ||
            (gap & (OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_CURLY | OBI_GAP_HASH | OBI_GAP_STAR |
                    OBI_GAP_DASH | OBI_GAP_QUOTE)) != 0);
}

static inline bool obi_begins_sentence(const obi_token *token)
{
    return obi_begins(token->gap, token->flags);
}

/* What Han characters in a row mean counts for the first of them. key: of these, and it was met;
 * first: the weight of that; sum: of all. */
static inline void obi_weigh_han(const obi_lexicon *lexicon, uint64_t key, uint8_t *first,
                                 unsigned *sum)
{
    uint8_t weight = obi_lexicon_weight(lexicon, key);
    if (weight > *first) {
        *sum += (unsigned)(weight - *first);
        *first = weight;
    }
}

/* What a word may mean, by itself (key) or with the one before it. */
static inline uint8_t obi_weigh(const obi_lexicon *lexicon, uint64_t before, uint64_t key,
                                uint32_t gap)
{
    const uint32_t marks = OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_HASH;
    uint64_t pair = obi_key_pair(before, key);
    if (!(obi_lexicon_met(lexicon, key) | obi_lexicon_met(lexicon, pair)) && (gap & marks) == 0) {
        return 0;
    }
    uint8_t alone = obi_lexicon_weight(lexicon, key);
    if ((gap & marks) != 0 && (alone > 0 || (gap & OBI_GAP_PIPE) != 0)) {
        return OBI_WEIGHT_MIN; /* it may be a role in brackets */
    }
    uint8_t both = obi_lexicon_weight(lexicon, pair);
    return alone > both ? alone : both;
}

/* The key of a word that is not plain as it stands. */
uint64_t obi_gather_odd_key(const obi_token *token, const char *folded);

#endif
