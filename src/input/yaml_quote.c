/* SPDX-License-Identifier: Apache-2.0 */
#include "input/yaml_quote.h"

#include "detect/codings.h"

#include <ombud/text.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* Passes line breaks and the blanks around them; returns how many breaks. */
static size_t pass_breaks(ob_span source, size_t *at)
{
    size_t breaks = 0;
    while (*at < source.len && (is_blank(source.ptr[*at]) || is_break(source.ptr[*at]))) {
        bool both = source.ptr[*at] == '\r' && *at + 1 < source.len && source.ptr[*at + 1] == '\n';
        breaks += is_break(source.ptr[*at]);
        *at += both ? 2 : 1;
    }
    return breaks;
}

/* Folds the line breaks at *at: blanks around them go, one break is a space, n breaks are n - 1
 * line feeds. Blanks before byte kept of out were written as escapes: they stay. */
static size_t fold(ob_span source, size_t *at, char *out, size_t used, size_t kept)
{
    while (used > kept && is_blank(out[used - 1])) {
        used--;
    }
    size_t breaks = pass_breaks(source, at);
    if (breaks == 1) {
        out[used++] = ' ';
    }
    for (size_t i = 1; i < breaks; i++) {
        out[used++] = '\n';
    }
    return used;
}

bool obi_yaml_single_quoted(ob_span source, ob_arena *arena, ob_span *value, ob_err *err)
{
    size_t end = 0;
    while (end < source.len &&
           (source.ptr[end] != '\'' || (end + 1 < source.len && source.ptr[end + 1] == '\''))) {
        end += source.ptr[end] == '\'' ? 2 : 1;
    }
    if (OB_NEVER(end >= source.len)) {
        return ob_fail(err, OB_ERR_BUG, "a text in single quotes has no end");
    }
    char *out = OB_NEW(arena, char, end + 1, err);
    if (out == NULL) {
        return false;
    }
    size_t used = 0;
    source.len = end;
    for (size_t at = 0; at < end;) {
        if (is_break(source.ptr[at])) {
            used = fold(source, &at, out, used, 0);
        } else {
            out[used++] = source.ptr[at];
            at += source.ptr[at] == '\'' ? 2 : 1;
        }
    }
    *value = (ob_span){out, used};
    return true;
}

/* The number of count hexadecimal digits; UINT32_MAX if they are not there. */
static uint32_t hex_at(ob_span source, size_t at, size_t count)
{
    uint32_t value = 0;
    if (source.len < count || at > source.len - count) {
        return UINT32_MAX;
    }
    for (size_t i = at; i < at + count; i++) {
        int digit = obi_hex_value(source.ptr[i]);
        if (digit < 0) {
            return UINT32_MAX;
        }
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

/* The character of an escape with digits, which begin at *at. Two halves of a pair of UTF-16 are
 * one character, as in JSON. */
static uint32_t take_number(ob_span source, size_t *at, size_t digits)
{
    uint32_t rune = hex_at(source, *at, digits);
    *at += digits;
    if (digits == 4 && rune >= 0xd800 && rune < 0xdc00) {
        uint32_t low = hex_at(source, *at + 2, 4);
        if (low < 0xdc00 || low > 0xdfff) {
            return UINT32_MAX;
        }
        *at += 6;
        rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
    }
    return rune;
}

/* The character of the escape whose letter is at *at; UINT32_MAX: there is no such escape. */
static uint32_t take_escape(ob_span source, size_t *at)
{
    static const uint32_t meant[128] = {
        ['0'] = 0,    ['a'] = '\a',  ['b'] = '\b', ['t'] = '\t', ['\t'] = '\t',  ['n'] = '\n',
        ['v'] = '\v', ['f'] = '\f',  ['r'] = '\r', ['e'] = 0x1b, [' '] = ' ',    ['"'] = '"',
        ['/'] = '/',  ['\\'] = '\\', ['N'] = 0x85, ['_'] = 0xa0, ['L'] = 0x2028, ['P'] = 0x2029,
    };
    unsigned char c = *at < source.len ? (unsigned char)source.ptr[*at] : 0xff;
    *at += 1;
    switch (c) {
    case 'x':
        return take_number(source, at, 2);
    case 'u':
        return take_number(source, at, 4);
    case 'U':
        return take_number(source, at, 8);
    default:
        return c < sizeof meant / sizeof meant[0] && (meant[c] != 0 || c == '0') ? meant[c]
                                                                                 : UINT32_MAX;
    }
}

static size_t end_of_double(ob_span source)
{
    size_t end = 0;
    while (end < source.len && source.ptr[end] != '"') {
        end += source.ptr[end] == '\\' ? 2 : 1;
    }
    return end;
}

bool obi_yaml_double_quoted(ob_span source, ob_arena *arena, ob_span *value, ob_err *err)
{
    size_t end = end_of_double(source);
    if (OB_NEVER(end >= source.len)) {
        return ob_fail(err, OB_ERR_BUG, "a text in double quotes has no end");
    }
    /* No escape grows by more than a half: \L and \P are three bytes of UTF-8. */
    char *out = OB_NEW(arena, char, end + end / 2 + 1, err);
    if (out == NULL) {
        return false;
    }
    size_t used = 0;
    size_t kept = 0;
    source.len = end;
    for (size_t at = 0; at < end;) {
        if (is_break(source.ptr[at])) {
            used = fold(source, &at, out, used, kept);
        } else if (source.ptr[at] != '\\') {
            out[used++] = source.ptr[at++];
        } else if (at + 1 < end && is_break(source.ptr[at + 1])) {
            at++;
            for (size_t breaks = pass_breaks(source, &at); breaks > 1; breaks--) {
                out[used++] = '\n';
            }
            kept = used;
        } else {
            at++;
            uint32_t rune = take_escape(source, &at);
            if (OB_NEVER(rune > 0x10ffff)) {
                return ob_fail(err, OB_ERR_BUG, "an escape in double quotes was not refused");
            }
            used += ob_utf8_put(rune, out + used);
            kept = used;
        }
    }
    *value = (ob_span){out, used};
    return true;
}
