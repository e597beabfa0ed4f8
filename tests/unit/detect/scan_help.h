/* SPDX-License-Identifier: Apache-2.0 */
/* A family of detectors alone: a segment made by hand, and what is found in it. */
#ifndef SCAN_HELP_H
#define SCAN_HELP_H

#include "ob_test.h"

#include <stdlib.h>
#include <string.h>

#include "detect/scan.h"
#ifndef SCAN_REAL
#    include "scan_double.h"
#endif

typedef void family_fn(obi_scan *scan);

/* Calls the family for a segment with left before it. */
static inline void scan_with(obi_scan *scan, char *text, size_t cap, family_fn *family,
                             const char *left, const char *segment, unsigned seen)
{
    int len = snprintf(text, cap, "%s%s", left, segment);
    assert_true(len >= 0 && (size_t)len < cap);
    *scan = (obi_scan){
        .text = {text, (size_t)len}, .from = strlen(left), .seen = seen, .cue_at = SIZE_MAX};
    family(scan);
}

/* The finding with the most bytes of that kind, or NULL. */
static inline const obi_candidate *scan_longest(const obi_scan *scan, unsigned kind)
{
    const obi_candidate *best = NULL;
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate *one = &scan->found[i];
        if (one->kind == kind &&
            (best == NULL || one->end - one->start > best->end - best->start)) {
            best = one;
        }
    }
    return best;
}

#endif
