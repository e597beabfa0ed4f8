/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/address.h"
#include "detect/scanner.h"

size_t obi_tail_address(ob_span text, size_t from, bool last, bool *more)
{
    (void)text;
    (void)from;
    (void)last;
    *more = false;
    return 0;
}

void obi_scan_settle(obi_scan *scan)
{
    for (size_t i = 1; i < scan->count; i++)
        for (size_t k = i; k > 0 && scan->found[k].start < scan->found[k - 1].start; k--) {
            obi_candidate t = scan->found[k];
            scan->found[k] = scan->found[k - 1];
            scan->found[k - 1] = t;
        }
    size_t n = 0;
    for (size_t i = 0; i < scan->count; i++) {
        obi_candidate *c = &scan->found[i];
        if (n > 0 && scan->found[n - 1].end > c->start) {
            obi_candidate *o = &scan->found[n - 1];
            if (c->score > o->score ||
                (c->score == o->score && c->end - c->start > o->end - o->start))
                *o = *c;
            continue;
        }
        scan->found[n++] = *c;
    }
    scan->count = n;
}

void obi_found_long(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
                    const char *rule, int near, obi_tail tail)
{
    if (scan->count == OBI_FOUND_MAX)
        return;
    (void)near;
    uint8_t s = check == OB_VALID_YES ? 90 : check == OB_VALID_MAYBE ? 55 : 20;
    scan->found[scan->count++] = (obi_candidate){.start = (uint32_t)start,
                                                 .end = (uint32_t)end,
                                                 .kind = (uint16_t)kind,
                                                 .check = (uint8_t)check,
                                                 .score = s,
                                                 .rule = rule,
                                                 .tail = (uint8_t)tail};
}

void obi_found(obi_scan *scan, unsigned kind, size_t start, size_t end, ob_valid check,
               const char *rule, int near)
{
    obi_found_long(scan, kind, start, end, check, rule, near, OBI_TAIL_NONE);
}

bool obi_cued(obi_scan *scan, unsigned kind, size_t start)
{
    (void)scan;
    (void)kind;
    (void)start;
    return false;
}
