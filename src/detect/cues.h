/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words before a place that say what stands there (cues.def). Pure. A look costs
 * some hundred nanoseconds, so a family asks when all else fits.
 */
#ifndef OB_DETECT_CUES_H
#define OB_DETECT_CUES_H

#include <ombud/span.h>

typedef enum obi_cue_group {
#define OB_CUE_GROUP(group, act) OBI_CUE_##group,
#include "detect/cues.def"
#undef OB_CUE_GROUP
    OBI_CUE_GROUPS,
    OBI_CUE_NONE = OBI_CUE_GROUPS
} obi_cue_group;

typedef enum obi_cue_act {
    OBI_CUE_NAMES,     /* names a kind */
    OBI_CUE_AGAINST,   /* speaks against numbers of any kind */
    OBI_CUE_TELEPHONE, /* speaks against telephone numbers: those of a hotline */
    OBI_CUE_RELEASE,   /* as AGAINST, and against IP addresses: a version */
    OBI_CUE_QUANTITY   /* speaks against few digits: an amount, a speed */
} obi_cue_act;

extern const uint8_t obi_cue_acts[OBI_CUE_GROUPS]; /* obi_cue_act */

enum {
    OBI_CUE_STRONG = 1,
    OBI_CUE_BEFORE = 2, /* a sentence ends between the word and the place */
    OBI_CUE_ASKED = 4,  /* that sentence is a question */
    OBI_CUE_USED = 8    /* another number stands between: the word belongs to that one */
};

/* A word that was found. */
typedef struct obi_cue {
    uint8_t group;    /* obi_cue_group */
    uint8_t flags;    /* OBI_CUE_STRONG ... */
    uint8_t distance; /* characters between it and the place */
} obi_cue;

#define OBI_CUES_MAX  8  /* of one place; those farther away are dropped */
#define OBI_CUE_REACH 24 /* characters that may stand between */

/* The words that end within OBI_CUE_REACH characters before the end of left, nearest first. Looks
 * at 96 bytes at most. Returns how many. */
size_t obi_cues_before(ob_span left, obi_cue cues[OBI_CUES_MAX]);
/* The same; any: by the way for texts of any script also where that for ASCII would serve. Both
 * lead to the same words. */
size_t obi_cues_read(ob_span left, bool any, obi_cue cues[OBI_CUES_MAX]);

#endif
