/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of characters, shapes, dates and entropy for the validators. */
#include "detect/valid_core.h"

#include <math.h>

enum {
    C32 = OBI_BASE32,
    DIGIT = OBI_DIGIT | OBI_HEX,
    UPPER = OBI_UPPER | OBI_BASE32,
    LOWER = OBI_LOWER
};

#define X1(at, set) [at] = (uint8_t)(set)
#define X2(at, set) X1(at, set), X1((at) + 1, set)
#define X4(at, set) X2(at, set), X2((at) + 2, set)
#define X8(at, set) X4(at, set), X4((at) + 4, set)

const uint8_t obi_class[256] = {
    X2('0', DIGIT),           X4('2', DIGIT | C32),     X2('6', DIGIT | C32),     X2('8', DIGIT),
    X4('A', UPPER | OBI_HEX), X2('E', UPPER | OBI_HEX), X8('G', UPPER),           X8('O', UPPER),
    X4('W', UPPER),           X4('a', LOWER | OBI_HEX), X2('e', LOWER | OBI_HEX), X8('g', LOWER),
    X8('o', LOWER),           X4('w', LOWER),           X1('_', OBI_SIGN),        X1('-', OBI_SIGN),
    X1('+', OBI_BASE64),      X1('/', OBI_BASE64),      X1('=', OBI_BASE64),
};

bool obi_all(ob_span text, unsigned classes)
{
    return text.len > 0 && obi_run(text, 0, classes) == text.len;
}

bool obi_shape(ob_span text, const char *shape)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool fits = false;
        switch (shape[i]) {
        case '\0':
            return false;
        case '9':
            fits = obi_is(c, OBI_DIGIT);
            break;
        case 'A':
            fits = obi_is(c, OBI_UPPER);
            break;
        case 'X':
            fits = obi_is(c, OBI_UPPER | OBI_DIGIT);
            break;
        case 'H':
            fits = obi_is(c, OBI_HEX) && !obi_is(c, OBI_LOWER);
            break;
        default:
            fits = c == shape[i];
            break;
        }
        if (!fits) {
            return false;
        }
    }
    return shape[text.len] == '\0';
}

bool obi_uniform(ob_span text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] != text.ptr[0]) {
            return false;
        }
    }
    return true;
}

unsigned obi_number(ob_span text, size_t at, size_t count)
{
    unsigned number = 0;
    for (size_t i = at; i < at + count && i < text.len; i++) {
        number = number * 10 + obi_digit(text, i);
    }
    return number;
}

bool obi_date(unsigned year, unsigned month, unsigned day)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (leap ? 1U : 0U);
}

bool obi_birth(unsigned year, unsigned month, unsigned day)
{
    return year >= OB_BIRTH_YEAR_MIN && year <= OB_BIRTH_YEAR_MAX && obi_date(year, month, day);
}

bool obi_birth_short(unsigned year, unsigned month, unsigned day)
{
    return obi_birth(1900 + year, month, day) || obi_birth(2000 + year, month, day);
}

double obi_entropy(ob_span text)
{
    unsigned counts[256] = {0};
    double sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        counts[(unsigned char)text.ptr[i]]++;
    }
    for (size_t i = 0; i < OB_COUNT(counts); i++) {
        if (counts[i] > 0) {
            sum += counts[i] * log2(counts[i]);
        }
    }
    double len = (double)text.len;
    return text.len == 0 ? 0 : log2(len) - sum / len;
}

bool obi_looks_random(ob_span text)
{
    unsigned different = 0;
    bool seen[256] = {false};
    for (size_t i = 0; i < text.len; i++) {
        different += seen[(unsigned char)text.ptr[i]] ? 0 : 1;
        seen[(unsigned char)text.ptr[i]] = true;
    }
    return different >= 8 || (text.len < 24 && different >= 6);
}
