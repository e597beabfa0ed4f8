/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment without what separates its letters and digits, for families whose values may be grouped
 * in more than one way; and what stands next to a candidate.
 */
#ifndef OB_DETECT_PIECES_H
#define OB_DETECT_PIECES_H

#include "detect/scan.h"
#include "detect/valid_core.h"

/* A run of ASCII letters and digits. */
typedef struct obi_piece {
    uint16_t flat; /* where it begins in flat */
    uint16_t at;   /* where it begins in scan->text */
    uint16_t len;
} obi_piece;

#define OBI_PIECES_MAX (OB_HOLD_MAX / 2 + 1)

typedef struct obi_pieces {
    size_t len;               /* of flat */
    size_t count;             /* of runs */
    char flat[OB_HOLD_MAX];   /* all letters and digits, letters in upper case */
    uint16_t at[OB_HOLD_MAX]; /* where each stands in scan->text */
    bool last[OB_HOLD_MAX];   /* a run ends with it */
    obi_piece runs[OBI_PIECES_MAX];
} obi_pieces;

/* What does not lie whole in the segment is left out: a run at an end that is cut, or with a letter
 * beyond ASCII at either side. False if no run is left. */
bool obi_pieces_cut(const obi_scan *scan, obi_pieces *pieces);

/* Where flat's characters from to to (exclusive) stand in scan->text. */
static inline ob_span obi_pieces_raw(const obi_scan *scan, const obi_pieces *pieces, size_t from,
                                     size_t to)
{
    return ob_span_sub(scan->text, pieces->at[from], (size_t)pieces->at[to - 1] + 1);
}

/* Whether a letter beyond ASCII ends before at, or begins at it. Characters of scripts that do not
 * set words apart touch identifiers without belonging to them, so they do not count. */
bool obi_letter_before(ob_span text, size_t at);
bool obi_letter_at(ob_span text, size_t at);

/* Bytes start to end hang on a hyphen, a dot or an underscore with a letter or digit behind it: a
 * part of a longer name more often than an identifier. */
bool obi_hangs(ob_span text, size_t start, size_t end);

/* Letters of both cases. */
bool obi_both_cases(ob_span text);

#endif
