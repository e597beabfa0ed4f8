/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands next to a number and says that it is part of something else: a word, a longer code,
 * an amount, a path. Only ASCII and the leading bytes of UTF-8 are looked at.
 */
#include "detect/find_digits.h"

/* Lead bytes of two: Latin with marks to Arabic, scripts that set words apart by blanks. */
static bool is_word_lead(unsigned char c)
{
    return c >= 0xc3 && c <= 0xdf;
}

/* Signs of currencies: pound and yen; rupee, won, euro and rouble; yen of full width. */
static bool is_currency_before(const obi_scan *scan, size_t end)
{
    const unsigned char *text = (const unsigned char *)scan->text.ptr;
    unsigned char last = end > 0 ? text[end - 1] : 0;
    if (end > 1 && text[end - 2] == 0xc2) {
        return last == 0xa3 || last == 0xa5;
    }
    if (end < 3 || last < 0x80) {
        return false;
    }
    return (text[end - 3] == 0xe2 && text[end - 2] == 0x82 &&
            (last == 0xb9 || last == 0xa9 || last == 0xac || last == 0xbd)) ||
           (text[end - 3] == 0xef && text[end - 2] == 0xbf && last == 0xa5);
}

/* Beyond ASCII: the character that ends at end. */
static obi_edge rune_before(const obi_scan *scan, size_t end)
{
    size_t at = end;
    while (at > 0 && ((unsigned char)scan->text.ptr[at - 1] & 0xc0) == 0x80) {
        at--;
    }
    if (at > 0 && is_word_lead((unsigned char)scan->text.ptr[at - 1])) {
        return OBI_EDGE_DEAD;
    }
    return is_currency_before(scan, end) ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
}

/* The word of letters and digits that ends at end: a label ("IMEI", "No.") has letters only. */
static obi_edge word_before(const obi_scan *scan, size_t end)
{
    size_t at = end;
    while (at > 0 && obi_is(scan->text.ptr[at - 1], OBI_LETTER)) {
        at--;
    }
    if (at > 0 && obi_is(scan->text.ptr[at - 1], OBI_DIGIT)) {
        return OBI_EDGE_DEAD;
    }
    bool glued = at > 0 && (obi_one_of(scan->text.ptr[at - 1], "-_/.@") ||
                            is_word_lead((unsigned char)scan->text.ptr[at - 1]));
    return !glued && end - at >= 2 ? OBI_EDGE_CUE : OBI_EDGE_DEAD;
}

static obi_edge mark_before(const obi_scan *scan, size_t at, size_t len)
{
    char mark = scan->text.ptr[at];
    char c = at > 0 ? scan->text.ptr[at - 1] : ' ';
    bool digit = obi_is(c, OBI_DIGIT);
    bool letter = obi_is(c, OBI_LETTER);
    switch (mark) {
    case '-':
        return digit      ? OBI_EDGE_DEAD
               : letter   ? word_before(scan, at)
               : c == '-' ? OBI_EDGE_CUE
                          : OBI_EDGE_CLEAN;
    case '.':
    case '/':
        return digit || c == '/' || c == '.' ? OBI_EDGE_DEAD
               : letter                      ? word_before(scan, at)
                                             : OBI_EDGE_CUE;
    case ',':
        return digit && len < OBI_LONG_DIGITS ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    case ':':
        return digit && len < OBI_LONG_DIGITS ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    case '#':
    case '\\':
        return OBI_EDGE_CUE;
    case '+':
        return OBI_EDGE_DEAD;
    default:
        return obi_one_of(mark, "_@%&$*^") ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    }
}

obi_edge obi_edge_left(const obi_scan *scan, size_t start, size_t len)
{
    if (start == scan->from && (scan->seen & OBI_SEEN_REST) != 0) {
        return OBI_EDGE_DEAD;
    }
    if (start == 0) {
        return OBI_EDGE_CLEAN;
    }
    char c = scan->text.ptr[start - 1];
    if (obi_is(c, OBI_ALNUM)) {
        return word_before(scan, start);
    }
    if ((unsigned char)c >= 0x80) {
        return rune_before(scan, start);
    }
    /* "US$ 20000000": the sign of a currency may stand apart. */
    if (c == ' ' && start > 1 &&
        (scan->text.ptr[start - 2] == '$' || is_currency_before(scan, start - 1))) {
        return OBI_EDGE_DEAD;
    }
    return mark_before(scan, start - 1, len);
}

static char byte_at(const obi_scan *scan, size_t at)
{
    return at < scan->text.len ? scan->text.ptr[at] : at == scan->text.len ? scan->next : '\0';
}

/* A word of letters up to a blank or the end, as in "1234567-office". */
static obi_edge word_behind(const obi_scan *scan, size_t at)
{
    size_t end = obi_run(scan->text, at, OBI_LETTER);
    char c = byte_at(scan, end);
    bool glued = obi_is(c, OBI_DIGIT) || obi_one_of(c, "-_/@=");
    return end - at >= 2 && !glued ? OBI_EDGE_CUE : OBI_EDGE_DEAD;
}

obi_edge obi_edge_right(const obi_scan *scan, size_t end, size_t len)
{
    if (end == scan->text.len && (scan->seen & OBI_SEEN_CUT) != 0) {
        return OBI_EDGE_DEAD;
    }
    char c = byte_at(scan, end);
    char then = byte_at(scan, end + 1);
    if (obi_is(c, OBI_ALNUM)) {
        return OBI_EDGE_DEAD;
    }
    if ((unsigned char)c >= 0x80) {
        /* A degree sign or a superscript is a unit; a dot in the middle ends a list's entry. */
        bool unit = (unsigned char)c == 0xc2 && (unsigned char)then == 0xb0;
        return is_word_lead((unsigned char)c) || unit ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    }
    switch (c) {
    case '.':
    case '-':
    case '/':
        return obi_is(then, OBI_DIGIT)    ? OBI_EDGE_DEAD
               : obi_is(then, OBI_LETTER) ? word_behind(scan, end + 1)
                                          : OBI_EDGE_CLEAN;
    case ',':
    case ':':
        return obi_is(then, OBI_DIGIT) && len < OBI_LONG_DIGITS ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    case '#':
    case '&':
    case '+':
        return OBI_EDGE_CUE;
    default:
        return obi_one_of(c, "_@%$*^=") ? OBI_EDGE_DEAD : OBI_EDGE_CLEAN;
    }
}
