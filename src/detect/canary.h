/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Planted values, as the oracles of an evaluation and the scanner look for them. The search works
 * on a compact form of a text: letters and digits only, in one case and with leet signs folded.
 * Instead of turning the text, the canary itself is turned: rot13 and reversal commute with
 * everything that works letter by letter. A match in the compact form is then judged in the text.
 */
#ifndef OB_DETECT_CANARY_H
#define OB_DETECT_CANARY_H

#include <ombud/decode.h>

#define OBI_CANARY_MIN 8
#define OBI_CANARY_MAX 256
/* Plain, reversed, rot13, both. */
#define OBI_CANARY_FORMS 4

typedef struct obi_canary_form {
    char exact[OBI_CANARY_MAX]; /* in small letters */
    char folded[OBI_CANARY_MAX];
    size_t len;
    uint64_t steps;
} obi_canary_form;

typedef struct obi_canary {
    obi_canary_form forms[OBI_CANARY_FORMS];
    bool digits_only;
} obi_canary;

/* The compact form of a text. */
typedef struct obi_signs {
    char *signs;  /* '\n' where letters do not belong together */
    uint32_t *at; /* byte of the text for each */
    size_t count;
    size_t behind; /* the last letter or digit */
} obi_signs;

/* Room that the signs of so many bytes need. */
#define OBI_SIGNS_ROOM(bytes) ((bytes)*2 + 1)

/* OB_ERR_INPUT for a value that is no canary. */
OB_MUST bool obi_canary_make(obi_canary *canary, ob_span value, ob_err *err);
/* Fills signs, whose arrays have room for text from byte from on. */
void obi_signs_read(obi_signs *signs, ob_span text, size_t from, bool digits_only);
/* The next match of a form at or behind *pos of the signs, which moves behind its beginning. */
bool obi_canary_next(const obi_canary *canary, size_t form, const obi_signs *signs, ob_span text,
                     size_t *pos, size_t *start, size_t *end);
/* The first sign from which on all signs are the beginning of a form, and no more than gap bytes
 * follow the last one; signs->count if there is none. */
size_t obi_canary_pending(const obi_canary *canary, const obi_signs *signs, size_t end);
/* What was undone to see the canary between these bytes, which match that form. */
uint64_t obi_canary_steps(const obi_canary *canary, size_t form, ob_span text, size_t start,
                          size_t end);

#endif
