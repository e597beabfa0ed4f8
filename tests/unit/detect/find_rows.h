/* SPDX-License-Identifier: Apache-2.0 */
/* A table of segments, and what a family must find in each. */
#ifndef FIND_ROWS_H
#define FIND_ROWS_H

#include "scan_help.h"

typedef struct find_row {
    const char *left; /* with a word that names the kind, where it needs one */
    const char *segment;
    unsigned seen;
    ob_kind kind;      /* OB_KINDS: nothing may be found */
    const char *value; /* what the finding covers; NULL: no finding of that kind */
} find_row;

static inline void check_row(family_fn *family, const find_row *row)
{
    char text[OBI_LEFT_MAX + OB_HOLD_MAX + 1];
    obi_scan scan;
    scan_with(&scan, text, sizeof text, family, row->left, row->segment, row->seen);
    for (size_t i = 0; i < scan.count; i++) {
        const obi_candidate *one = &scan.found[i];
        assert_true(one->start >= scan.from && one->start < one->end && one->end <= scan.text.len);
        if (row->kind == OB_KINDS) {
            fail_msg("%s|%s: found %s", row->left, row->segment, ob_kind_rows[one->kind].id);
        }
    }
    if (row->kind == OB_KINDS) {
        return;
    }
    const obi_candidate *best = scan_longest(&scan, row->kind);
    if ((best == NULL) != (row->value == NULL)) {
        fail_msg("%s|%s: %s", row->left, row->segment, best == NULL ? "not found" : "found");
    }
    if (best != NULL) {
        ob_span has = ob_span_sub(scan.text, best->start, best->end);
        if (!ob_span_is_str(has, row->value)) {
            fail_msg("%s|%s: covers '%.*s'", row->left, row->segment, OB_SHOW(has));
        }
    }
}

/* Every row; and every row cut off at each byte, which must not read or report beyond its end. */
static inline void check_rows(family_fn *family, const find_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_row(family, &rows[i]);
        size_t left = strlen(rows[i].left);
        size_t len = left + strlen(rows[i].segment);
        char whole[OBI_LEFT_MAX + OB_HOLD_MAX + 1];
        (void)snprintf(whole, sizeof whole, "%s%s", rows[i].left, rows[i].segment);
        for (size_t end = left; end <= len; end++) {
            char *part = strndup(whole, end); /* its end is the end of an allocation */
            assert_non_null(part);
            obi_scan scan = {.text = {part, end},
                             .from = left,
                             .seen = rows[i].seen | OBI_SEEN_CUT,
                             .cue_at = SIZE_MAX};
            family(&scan);
            for (size_t j = 0; j < scan.count; j++) {
                assert_true(scan.found[j].start >= left && scan.found[j].end <= end &&
                            scan.found[j].start < scan.found[j].end);
            }
            free(part);
        }
    }
}

#endif
