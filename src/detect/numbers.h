/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people write them: digits with separators, English words, Chinese numerals. */
#ifndef OB_DETECT_NUMBERS_H
#define OB_DETECT_NUMBERS_H

#include <ombud/span.h>

typedef struct obi_number {
    int64_t value; /* in ten-thousandths */
    size_t end;
    bool word;    /* in English words */
    bool chinese; /* in Chinese numerals */
} obi_number;

/* The number that starts at pos; false if there is none or it is no plain number (a version, a
 * time). */
bool obi_number_at(ob_span text, size_t pos, obi_number *number);
/* A digit that may begin a number: not inside a word, code, time or decimal. */
bool obi_number_starts(ob_span text, size_t pos);

#endif
