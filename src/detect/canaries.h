/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planted values of a scanner. They are looked for in each block of the text, so that the lexer
 * makes a segment of them as of a literal (their rule is OBI_RULE_CANARY), and a stream waits where
 * one may have begun; and in the views of segments.
 */
#ifndef OB_DETECT_CANARIES_H
#define OB_DETECT_CANARIES_H

#include "detect/canary.h"
#include "detect/scan.h"

/* The rule of a literal that is a canary. */
#define OBI_RULE_CANARY UINT32_MAX

typedef struct obi_canaries {
    obi_canary *items;
    size_t count;
    obi_signs signs; /* of a block or a view */
    size_t room;     /* bytes of text that they have room for */
    bool digits;     /* one of the canaries has only digits */
    bool others;     /* one has not */
} obi_canaries;

/* OB_ERR_INPUT for a value that cannot be a canary. *canaries is NULL where there are no values. */
OB_MUST bool obi_canaries_new(obi_canaries **canaries, const ob_span *values, size_t count,
                              size_t room, ob_err *err);
void obi_canaries_free(obi_canaries *canaries);

/* Where canaries stand: calls found for each in text from byte from on. False when found is. */
typedef bool obi_canary_place(void *ctx, const obi_canary *canary, size_t form, size_t start,
                              size_t end, ob_err *err);
OB_MUST bool obi_canaries_find(obi_canaries *canaries, ob_span text, size_t from,
                               obi_canary_place *found, void *ctx, ob_err *err);
/* The first byte of text from which on all of it may be the beginning of a canary; text.len: none.
 */
size_t obi_canaries_pending(obi_canaries *canaries, ob_span text, size_t from);

#endif
