/* SPDX-License-Identifier: Apache-2.0 */
/* In place of score.c: keeps every candidate that its check does not refuse; whatever stands before
 * a segment is a cue. */
#ifndef SCAN_DOUBLE_H
#define SCAN_DOUBLE_H

static void add(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
                const char *rule, int near, obi_tail tail)
{
    if (scan->count == OBI_FOUND_MAX || check == OB_VALID_NO)
        return;
    scan->found[scan->count++] = (obi_candidate){.start = (uint32_t)start,
                                                 .end = (uint32_t)end,
                                                 .rule = rule,
                                                 .kind = (uint16_t)kind,
                                                 .check = (uint8_t)check,
                                                 .near_ = (int16_t)near,
                                                 .tail = (uint8_t)tail};
}

void obi_found(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
               const char *rule, int near)
{
    add(scan, kind, start, end, check, rule, near, OBI_TAIL_NONE);
}

void obi_found_long(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
                    const char *rule, int near, obi_tail tail)
{
    add(scan, kind, start, end, check, rule, near, tail);
}

bool obi_cued(obi_scan *scan, unsigned kind, size_t start)
{
    (void)kind;
    return start >= 2 && scan->from >= 2;
}
#endif
