/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Check digits, each by the standard that names it in valid_core.h. Bytes outside the alphabet make
 * a check fail; they never index a table.
 */
#include "detect/valid_core.h"

bool obi_luhn(ob_span digits)
{
    unsigned sum = 0;
    bool twice = false;
    for (size_t i = digits.len; i-- > 0; twice = !twice) {
        if (!obi_is(digits.ptr[i], OBI_DIGIT)) {
            return false;
        }
        unsigned digit = obi_digit(digits, i) << twice;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return digits.len > 1 && sum % 10 == 0;
}

bool obi_luhn16(ob_span hex)
{
    unsigned sum = 0;
    bool twice = false;
    for (size_t i = hex.len; i-- > 0; twice = !twice) {
        unsigned digit = obi_value36(hex.ptr[i]);
        if (digit > 15) {
            return false;
        }
        digit <<= twice;
        sum += digit > 15 ? digit - 15 : digit;
    }
    return hex.len > 1 && sum % 16 == 0;
}

/* The product of the dihedral group of order 10: 0 to 4 are turns, 5 to 9 reflections. */
static unsigned dihedral(unsigned a, unsigned b)
{
    unsigned turn = a < 5 ? (a + b) % 5 : (a + 5 - b % 5) % 5;
    return (a < 5) == (b < 5) ? turn : turn + 5;
}

bool obi_verhoeff(ob_span digits)
{
    static const uint8_t once[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    unsigned sum = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!obi_is(digits.ptr[digits.len - 1 - i], OBI_DIGIT)) {
            return false;
        }
        unsigned digit = obi_digit(digits, digits.len - 1 - i);
        for (size_t turn = 0; turn < i % 8; turn++) {
            digit = once[digit];
        }
        sum = dihedral(sum, digit);
    }
    return digits.len > 1 && sum == 0;
}

unsigned obi_mod97(ob_span text, unsigned before)
{
    unsigned rest = before % 97;
    for (size_t i = 0; i < text.len; i++) {
        unsigned value = obi_value36(text.ptr[i]);
        if (value > 35) {
            return 98; /* no remainder, so no check compares equal */
        }
        rest = (rest * (value > 9 ? 100U : 10U) + value) % 97;
    }
    return rest;
}

bool obi_mod11_2(ob_span text)
{
    unsigned rest = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool ten = i + 1 == text.len && text.ptr[i] == 'X';
        if (!ten && !obi_is(text.ptr[i], OBI_DIGIT)) {
            return false;
        }
        rest = (rest * 2 + (ten ? 10 : obi_digit(text, i))) % 11;
    }
    return text.len > 1 && rest == 1;
}

bool obi_mod11_10(ob_span digits)
{
    unsigned product = 10;
    for (size_t i = 0; i + 1 < digits.len; i++) {
        if (!obi_is(digits.ptr[i], OBI_DIGIT)) {
            return false;
        }
        unsigned sum = (product + obi_digit(digits, i)) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return digits.len > 1 && obi_is(digits.ptr[digits.len - 1], OBI_DIGIT) &&
           (product + obi_digit(digits, digits.len - 1)) % 10 == 1;
}

bool obi_mod31_3(ob_span text)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    unsigned sum = 0;
    unsigned weight = 1;
    for (size_t i = 0; i < text.len; i++) {
        const char *place = memchr(alphabet, text.ptr[i], sizeof alphabet - 1);
        if (place == NULL) {
            return false;
        }
        unsigned value = (unsigned)(place - alphabet);
        sum += i + 1 == text.len ? value : value * weight;
        weight = weight * 3 % 31;
    }
    return text.len == 18 && sum % 31 == 0;
}

bool obi_ean13(ob_span digits)
{
    static const uint8_t weights[13] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1};
    return digits.len == 13 && obi_all(digits, OBI_DIGIT) &&
           obi_weighted(digits, weights, OB_COUNT(weights)) % 10 == 0;
}

bool obi_mrz_check(ob_span text, char check)
{
    static const uint8_t weights[3] = {7, 3, 1};
    unsigned sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned value = text.ptr[i] == '<' ? 0 : obi_value36(text.ptr[i]);
        if (value > 35) {
            return false;
        }
        sum += value * weights[i % 3];
    }
    return (unsigned char)check == '0' + sum % 10;
}

unsigned obi_weighted(ob_span text, const uint8_t *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count && i < text.len; i++) {
        sum += obi_digit(text, i) * weights[i];
    }
    return sum;
}
