/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the characters of a segment, in one pass without a branch: the counts lie side by side in
 * a word, so that a byte is one look at a table and one sum. Segments have OB_HOLD_MAX bytes at
 * most, but views may be longer, so parts of a text are summed up.
 */
#include "detect/scan.h"

enum {
    WIDTH = 10, /* bits of a count */
    PART = (1 << WIDTH) - 1
};

#define ONE(place) (UINT64_C(1) << WIDTH * (place))

#define X1(at, place) [at] = ONE(place)
#define X2(at, place) X1(at, place), X1((at) + 1, place)
#define X8(at, place) X2(at, place), X2((at) + 2, place), X2((at) + 4, place), X2((at) + 6, place)

static const uint64_t ones[256] = {
    X8('0', 0), X2('8', 0), X8('A', 1), X8('I', 1), X8('Q', 1), X2('Y', 1), X8('a', 1),
    X8('i', 1), X8('q', 1), X2('y', 1), X1('.', 2), X1(':', 3), X1('-', 4), X1('<', 5),
};

static uint16_t count_at(uint64_t sums, unsigned place)
{
    return (uint16_t)(sums >> WIDTH * place & PART);
}

const obi_tally *obi_scan_tally(obi_scan *scan)
{
    obi_tally *tally = &scan->tally;
    if (tally->counted) {
        return tally;
    }
    *tally = (obi_tally){.counted = true};
    for (size_t at = scan->from; at < scan->text.len;) {
        size_t end = scan->text.len - at < PART ? scan->text.len : at + PART;
        uint64_t sums = 0;
        for (; at < end; at++) {
            sums += ones[(unsigned char)scan->text.ptr[at]];
        }
        tally->digits = (uint16_t)(tally->digits + count_at(sums, 0));
        tally->letters = (uint16_t)(tally->letters + count_at(sums, 1));
        tally->dots = (uint16_t)(tally->dots + count_at(sums, 2));
        tally->colons = (uint16_t)(tally->colons + count_at(sums, 3));
        tally->hyphens = (uint16_t)(tally->hyphens + count_at(sums, 4));
        tally->angles = (uint16_t)(tally->angles + count_at(sums, 5));
    }
    return tally;
}
