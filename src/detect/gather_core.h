/* SPDX-License-Identifier: Apache-2.0 */
/* What adds a word to a gather, for gather.c and for the short way through plain text. */
#ifndef OB_DETECT_GATHER_CORE_H
#define OB_DETECT_GATHER_CORE_H

#include "detect/model.h"

/* What may stand before a role. */
#define OBI_GAP_MARKS (OBI_GAP_ANGLE | OBI_GAP_SQUARE | OBI_GAP_HASH)

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

/* A weight that word i of the window has at least. */
static inline void obi_weigh_at(obi_gather *g, size_t i, uint8_t weight)
{
    obi_token *word = &g->words[i];
    if (weight > word->weight) {
        g->weight += (unsigned)(weight - word->weight);
        g->weighing |= (uint64_t)1 << i;
        word->weight = weight;
    }
}

/* What a word may mean, by itself (key) or with the one before it (pair), where at least one of
 * these was met or a mark stands before it. */
static inline uint8_t obi_weigh(const obi_lexicon *lexicon, uint32_t key, uint64_t pair,
                                uint32_t gap)
{
    uint8_t alone = obi_lexicon_weight(lexicon, key);
    if ((gap & OBI_GAP_MARKS) != 0 && (alone > 0 || (gap & OBI_GAP_PIPE) != 0)) {
        return OBI_WEIGHT_MIN; /* it may be a role in brackets */
    }
    uint8_t both = obi_lexicon_weight(lexicon, pair);
    return alone > both ? alone : both;
}

/* Whether it is worth that. */
static inline bool obi_may_weigh(const obi_lexicon *lexicon, uint32_t key, uint64_t pair,
                                 uint32_t gap)
{
    unsigned may = gap & OBI_GAP_MARKS; /* no branch: they would be guessed wrong */
    may |= obi_lexicon_met(lexicon, key);
    may |= obi_lexicon_met(lexicon, pair);
    return may != 0;
}

/* Notes what stands before word i of the window; most words have a blank there and nothing else. */
static inline void obi_note_gap(obi_gather *g, size_t i, uint32_t gap)
{
    const uint32_t signs =
        OBI_GAP_PERCENT | OBI_GAP_AND | OBI_GAP_BACK | OBI_GAP_HIDDEN | OBI_GAP_AT;
    g->odd |= (uint64_t)((gap & signs) != 0) << i;
    g->lines |= (uint64_t)((gap & (OBI_GAP_LINE | OBI_GAP_START)) != 0) << i;
}

#endif
