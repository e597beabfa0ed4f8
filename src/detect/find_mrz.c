/* SPDX-License-Identifier: Apache-2.0 */
/* The machine readable zone of passports, cards and visas: two or three lines of one length. */
#include "detect/pieces.h"

static size_t line_end(ob_span text, size_t at)
{
    while (at < text.len && (obi_is(text.ptr[at], OBI_ALNUM) || text.ptr[at] == '<')) {
        at++;
    }
    return at;
}

/* Behind the blanks or the line feed between two lines. */
static size_t next_line(ob_span text, size_t at)
{
    if (at + 1 < text.len && text.ptr[at] == '\r' && text.ptr[at + 1] == '\n') {
        return at + 2;
    }
    return at < text.len && (text.ptr[at] == '\n' || text.ptr[at] == ' ') ? at + 1 : text.len;
}

/* Lines of len bytes from start on, at most 3; *end is set behind the last one. */
static size_t count_lines(ob_span text, size_t start, size_t len, size_t *end)
{
    size_t lines = 0;
    size_t at = start;
    while (lines < 3 && at < text.len && line_end(text, at) == at + len) {
        lines++;
        *end = at + len;
        at = next_line(text, at + len);
    }
    return lines;
}

static bool try_lines(obi_scan *scan, size_t start, size_t end)
{
    OB_UNSET char value[OB_CANONICAL_MAX];
    size_t used = 0;
    ob_span raw = ob_span_sub(scan->text, start, end);
    if (!ob_canonical(OB_KIND_MRZ, raw, value, sizeof value, &used) ||
        ob_validate(OB_KIND_MRZ, (ob_span){value, used}) != OB_VALID_YES) {
        return false;
    }
    obi_found(scan, OB_KIND_MRZ, start, end, OB_VALID_YES, "mrz", 0);
    return true;
}

/* The zone that begins at start, else its line there alone, of which the second one is known by its
 * check digits; behind what was found, or 0. */
static size_t try_zone(obi_scan *scan, size_t start, size_t len)
{
    size_t end = start + len;
    size_t lines = count_lines(scan->text, start, len, &end);
    size_t wanted = len == 30 ? 3 : 2;
    if (lines >= wanted) {
        end = start;
        for (size_t i = 0; i < wanted; i++) {
            end = line_end(scan->text, i == 0 ? start : next_line(scan->text, end));
        }
        if (try_lines(scan, start, end)) {
            return end;
        }
    }
    return len != 30 && try_lines(scan, start, start + len) ? start + len : 0;
}

void obi_find_mrz(obi_scan *scan)
{
    ob_span text = scan->text;
    size_t at = scan->from;
    if (obi_scan_tally(scan)->angles == 0) {
        return; /* there is hardly one without a filler */
    }
    while (at < text.len) {
        size_t end = line_end(text, at);
        size_t len = end - at;
        size_t behind = len == 30 || len == 36 || len == 44 ? try_zone(scan, at, len) : 0;
        at = behind > 0 ? behind : end > at ? end : at + 1;
    }
}
