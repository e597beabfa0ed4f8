/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the family for letters and digits share. */
#ifndef OB_DETECT_FIND_ALNUM_H
#define OB_DETECT_FIND_ALNUM_H

#include "detect/pieces.h"

/* A place where a value may begin: at a run's beginning. */
typedef struct obi_alnum {
    obi_scan *scan;
    const obi_pieces *pieces;
    size_t flat; /* the place, in pieces->flat */
} obi_alnum;

/* Reports the len letters and digits from the place on if they are grouped as the kind may be. */
void obi_alnum_try(obi_alnum *look, ob_kind kind, size_t len, int near);

/* Whether a word ends behind them: else there is nothing to report. */
bool obi_alnum_ends(const obi_alnum *look, size_t len);

/* An account number, as long as its country has it: what stands behind is not part of it. */
void obi_alnum_iban(obi_alnum *look);
/* 14 or 15 and 32 hexadecimal digits; without a check digit only beside a cue. */
void obi_alnum_meid(obi_alnum *look);
void obi_alnum_ki(obi_alnum *look);
/* word: a whole run from the place on. */
void obi_alnum_wallet(obi_alnum *look, ob_span word);

#endif
