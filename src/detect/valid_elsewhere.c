/* SPDX-License-Identifier: Apache-2.0 */
/* National identifiers of the Americas, Africa and Australia. */
#include "detect/valid_core.h"

/* Social Security Administration: no area 000, 666 or from 900 on, no group 00, no serial 0000.
 * Three that were printed in public and misused are void. */
ob_valid obi_valid_us_ssn(ob_span value)
{
    static const unsigned spoilt[] = {78051120, 219099999, 457555462};
    if (!obi_all(value, OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned area = obi_number(value, 0, 3);
    for (size_t i = 0; i < OB_COUNT(spoilt); i++) {
        if (obi_number(value, 0, 9) == spoilt[i]) {
            return OB_VALID_NO;
        }
    }
    return obi_maybe_if(area != 0 && area != 666 && area < 900 && obi_number(value, 3, 2) != 0 &&
                        obi_number(value, 5, 4) != 0);
}

ob_valid obi_valid_us_itin(ob_span value)
{
    if (!obi_all(value, OBI_DIGIT) || value.ptr[0] != '9') {
        return OB_VALID_NO;
    }
    unsigned group = obi_number(value, 3, 2);
    return obi_maybe_if((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                        (group >= 90 && group <= 92) || group >= 94);
}

ob_valid obi_valid_ca_sin(ob_span value)
{
    return obi_yes_if(value.ptr[0] != '0' && value.ptr[0] != '8' && obi_luhn(value));
}

/* The check digit that brings the weighted sum to a multiple of 11; 10 and 11 are written 0. */
static unsigned brazil_check(ob_span text, size_t count, unsigned most)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned weight = 2 + (unsigned)(count - 1 - i) % (most - 1);
        /* A letter of a CNPJ counts as its ASCII code minus 48. */
        sum += (unsigned)(text.ptr[i] - '0') * weight;
    }
    unsigned rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
}

ob_valid obi_valid_br_cpf(ob_span value)
{
    return obi_yes_if(obi_all(value, OBI_DIGIT) && !obi_uniform(value) &&
                      brazil_check(value, 9, 11) == obi_digit(value, 9) &&
                      brazil_check(value, 10, 11) == obi_digit(value, 10));
}

ob_valid obi_valid_br_cnpj(ob_span value)
{
    return obi_yes_if(obi_all(ob_span_sub(value, 0, 12), OBI_DIGIT | OBI_UPPER) &&
                      obi_all(ob_span_sub(value, 12, 14), OBI_DIGIT) &&
                      !obi_uniform(ob_span_sub(value, 0, 12)) &&
                      brazil_check(value, 12, 9) == obi_digit(value, 12) &&
                      brazil_check(value, 13, 9) == obi_digit(value, 13));
}

static bool is_mexican_state(char first, char second)
{
    static const char states[] =
        "ASBCBSCCCHCLCMCSDFDGGRGTHGJCMCMNMSNENLNTOCPLQRQTSLSPSRTCTLTSVZYNZS";
    for (size_t i = 0; i + 1 < sizeof states; i += 2) {
        if (states[i] == first && states[i + 1] == second) {
            return true;
        }
    }
    return false;
}

/* Name, birth date, sex, state, consonants, a sign for the century and namesakes, check. In the
 * alphabet of 37 signs the letter behind N, which no CURP has, takes a place of its own. */
ob_valid obi_valid_mx_curp(ob_span value)
{
    if (!obi_shape(value, "AAAA999999AAAAAAX9") || !obi_one_of(value.ptr[10], "HMX") ||
        !is_mexican_state(value.ptr[11], value.ptr[12])) {
        return OB_VALID_NO;
    }
    unsigned year = (obi_is(value.ptr[16], OBI_DIGIT) ? 1900 : 2000) + obi_number(value, 4, 2);
    if (!obi_birth(year, obi_number(value, 6, 2), obi_number(value, 8, 2))) {
        return OB_VALID_NO;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        unsigned number = obi_value36(value.ptr[i]);
        sum += (18 - (unsigned)i) * (number + (value.ptr[i] > 'N' ? 1 : 0));
    }
    return obi_yes_if((10 - sum % 10) % 10 == obi_digit(value, 17));
}

/* Weights 2 to 7 from the right, again and again. */
ob_valid obi_valid_cl_rut(ob_span value)
{
    size_t count = value.len - 1;
    if (!obi_all(ob_span_sub(value, 0, count), OBI_DIGIT) || value.ptr[0] == '0' ||
        obi_uniform(ob_span_sub(value, 0, count))) {
        return OB_VALID_NO;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += obi_digit(value, count - 1 - i) * (2 + (unsigned)i % 6);
    }
    return obi_yes_if("0K987654321"[sum % 11] == value.ptr[count]);
}

/* Birth date, sex, citizenship (0, 1, 2 for refugees), a digit without meaning, Luhn. */
ob_valid obi_valid_za_id(ob_span value)
{
    return obi_yes_if(
        obi_luhn(value) && value.ptr[10] <= '2' &&
        obi_birth_short(obi_number(value, 0, 2), obi_number(value, 2, 2), obi_number(value, 4, 2)));
}

ob_valid obi_valid_au_tfn(ob_span value)
{
    static const uint8_t weights[9] = {1, 4, 3, 7, 5, 8, 6, 9, 10};
    return obi_yes_if(obi_all(value, OBI_DIGIT) && !obi_uniform(value) &&
                      obi_weighted(value, weights, OB_COUNT(weights)) % 11 == 0);
}

/* Eight digits, check, issue of the card, and perhaps the place of the person on it. */
ob_valid obi_valid_au_medicare(ob_span value)
{
    static const uint8_t weights[8] = {1, 3, 7, 9, 1, 3, 7, 9};
    return obi_yes_if(obi_all(value, OBI_DIGIT) && value.ptr[0] >= '2' && value.ptr[0] <= '6' &&
                      (value.len == 10 || value.ptr[10] != '0') &&
                      obi_weighted(value, weights, OB_COUNT(weights)) % 10 == obi_digit(value, 8));
}
