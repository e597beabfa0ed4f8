/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instructions that come out. Of the texts that nobody may see, each row of eight words, or of
 * twelve Han characters, is kept as a hash; three of these rows within 400 characters are a leak.
 * What stands in a text that the service may say counts for nothing.
 *
 * It sees the words that the reader gives passages, so the same for every cut.
 */
#ifndef OB_DETECT_PROMPTS_H
#define OB_DETECT_PROMPTS_H

#include "detect/reader.h"

#include <ombud/detect.h>

#define OBI_SHINGLE_WORDS 8
#define OBI_SHINGLE_HAN   12
/* Rows that are a leak, if they lie within so many bytes (a Han character has three). */
#define OBI_SHINGLES_MIN  3
#define OBI_SHINGLES_NEAR 400

typedef struct obi_prompts {
    uint64_t *rows; /* a hash table with open addressing; 0: free */
    size_t mask;
    size_t count;
    obi_token last[OBI_SHINGLE_HAN];   /* the newest words, in a ring */
    size_t words;                      /* of this text */
    uint64_t starts[OBI_SHINGLES_MIN]; /* of the newest rows that are known, in a ring */
    uint64_t hits;                     /* of this text */
    unsigned quiet;                    /* words since the last one */
    ob_hit leak;                       /* one that may go on; no rule: none */
    unsigned leak_rows;
    bool (*found)(void *ctx, const ob_hit *hit, ob_err *err);
    void *ctx;
} obi_prompts;

/* *prompts is NULL where the options have none. OB_ERR_INPUT for one that is too short to be told
 * from other texts. */
OB_MUST bool obi_prompts_new(obi_prompts **prompts, const ob_scan_options *options, ob_err *err);
void obi_prompts_free(obi_prompts *prompts);
/* A new text. */
void obi_prompts_start(obi_prompts *prompts);
/* The next word. */
OB_MUST bool obi_prompts_word(obi_prompts *prompts, const obi_token *token, ob_err *err);
/* The text ends. */
OB_MUST bool obi_prompts_end(obi_prompts *prompts, ob_err *err);

#endif
