/* SPDX-License-Identifier: Apache-2.0 */
/* A segment without its separators. */
#include "detect/pieces.h"

/* U+00C0 to U+07FF: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic ... as two bytes. Longer forms
 * are Han, kana, Thai, signs and the like. */
static bool is_letter_lead(char c)
{
    unsigned byte = (unsigned char)c;
    return byte >= 0xc3 && byte <= 0xdf;
}

bool obi_letter_before(ob_span text, size_t at)
{
    return at >= 2 && (unsigned char)text.ptr[at - 1] >= 0x80 && is_letter_lead(text.ptr[at - 2]);
}

bool obi_letter_at(ob_span text, size_t at)
{
    return at < text.len && is_letter_lead(text.ptr[at]);
}

bool obi_hangs(ob_span text, size_t start, size_t end)
{
    bool before = start >= 2 && obi_one_of(text.ptr[start - 1], "-_.") &&
                  obi_is(text.ptr[start - 2], OBI_ALNUM);
    bool behind = end + 1 < text.len && obi_one_of(text.ptr[end], "-_.") &&
                  obi_is(text.ptr[end + 1], OBI_ALNUM);
    return before || behind;
}

bool obi_both_cases(ob_span text)
{
    unsigned cases = 0;
    for (size_t i = 0; i < text.len; i++) {
        cases |= obi_class[(unsigned char)text.ptr[i]];
    }
    return (cases & OBI_LETTER) == OBI_LETTER;
}

static bool is_whole(const obi_scan *scan, size_t start, size_t end)
{
    bool begins = start > scan->from || (scan->seen & OBI_SEEN_REST) == 0;
    bool ends = end < scan->text.len || (scan->seen & OBI_SEEN_CUT) == 0;
    return begins && ends && !obi_letter_before(scan->text, start) &&
           !obi_letter_at(scan->text, end);
}

bool obi_pieces_cut(const obi_scan *scan, obi_pieces *pieces)
{
    ob_span text = scan->text;
    size_t len = 0;
    size_t count = 0;
    for (size_t at = scan->from; at < text.len;) {
        if (!obi_is(text.ptr[at], OBI_ALNUM)) {
            at++;
            continue;
        }
        size_t end = at;
        while (end < text.len && obi_is(text.ptr[end], OBI_ALNUM)) {
            end++;
        }
        if (len + (end - at) > OB_HOLD_MAX || count == OBI_PIECES_MAX) {
            break; /* longer than any segment */
        }
        if (is_whole(scan, at, end)) {
            pieces->runs[count++] = (obi_piece){(uint16_t)len, (uint16_t)at, (uint16_t)(end - at)};
            for (; at < end; at++, len++) {
                char c = text.ptr[at];
                pieces->flat[len] = obi_is(c, OBI_LOWER) ? (char)(c - 32) : c;
                pieces->at[len] = (uint16_t)at;
                pieces->last[len] = false;
            }
            pieces->last[len - 1] = true;
        }
        at = end;
    }
    pieces->len = len;
    pieces->count = count;
    return count > 0;
}
