/* SPDX-License-Identifier: Apache-2.0 */
/* National identifiers of Asia. */
#include "detect/valid_core.h"

/* First two digits of an area (GB/T 2260): province-level divisions; 83 and 91 came later. */
static bool is_province(unsigned two)
{
    static const uint8_t provinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                        35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                        53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91};
    return memchr(provinces, (int)two, sizeof provinces) != NULL;
}

/* GB 11643-1999: area, birth date, order, check. The form before it has a short year and no check.
 */
ob_valid obi_valid_cn_ric(ob_span value)
{
    if (obi_run(value, 0, OBI_DIGIT) < (value.len == 18 ? 17U : 15U) ||
        !is_province(obi_number(value, 0, 2)) || obi_number(value, 2, 4) == 0) {
        return OB_VALID_NO;
    }
    if (value.len == 15) {
        return obi_maybe_if(obi_birth(1900 + obi_number(value, 6, 2), obi_number(value, 8, 2),
                                      obi_number(value, 10, 2)));
    }
    return obi_yes_if(
        value.len == 18 &&
        obi_birth(obi_number(value, 6, 4), obi_number(value, 10, 2), obi_number(value, 12, 2)) &&
        obi_mod11_2(value));
}

/* GB 32100-2015: registering body, type, area of six digits, organisation, check. */
ob_valid obi_valid_cn_uscc(ob_span value)
{
    return obi_yes_if(obi_all(ob_span_sub(value, 2, 8), OBI_DIGIT) && obi_mod31_3(value));
}

/* Letters 10 to 35 or a blank of 36, then digits, by weights 9 to 2; the check digit counts once.
 */
ob_valid obi_valid_hk_id(ob_span value)
{
    size_t letters = value.len - 7;
    if (!obi_shape(value, letters == 1 ? "A999999X" : "AA999999X")) {
        return OB_VALID_NO;
    }
    unsigned sum = 9 * (letters == 1 ? 36 : obi_value36(value.ptr[0])) +
                   8 * obi_value36(value.ptr[letters - 1]);
    for (size_t i = 0; i < 6; i++) {
        sum += (7 - (unsigned)i) * obi_digit(value, letters + i);
    }
    unsigned check = obi_value36(value.ptr[value.len - 1]);
    return obi_yes_if(check <= 10 && (sum + check) % 11 == 0);
}

/* The letter is a place, as two digits. Residents have 8 or 9 behind it, until 2021 a letter A to D
 * of which the second digit counts. */
ob_valid obi_valid_tw_id(ob_span value)
{
    static const uint8_t places[26] = {10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                       22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};
    static const uint8_t weights[9] = {8, 7, 6, 5, 4, 3, 2, 1, 1};
    if (!obi_is(value.ptr[0], OBI_UPPER) || !obi_all(ob_span_sub(value, 2, 10), OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    char second = value.ptr[1];
    unsigned place = places[value.ptr[0] - 'A'];
    unsigned sum = place / 10 + place % 10 * 9;
    if (second == '1' || second == '2' || second == '8' || second == '9') {
        sum += (unsigned)(second - '0') * weights[0];
    } else if (second >= 'A' && second <= 'D') {
        sum += (unsigned)(second - 'A') * weights[0];
    } else {
        return OB_VALID_NO;
    }
    sum += obi_weighted(ob_span_sub(value, 2, 10), weights + 1, 8);
    return obi_yes_if(sum % 10 == 0);
}

/* Birth date, century and sex, place, check. Numbers given out since October 2020 are random
 * behind the seventh digit, so the check proves nothing against the young, nor against foreigners
 * (5 to 8), who get theirs when they come. */
ob_valid obi_valid_kr_rrn(ob_span value)
{
    static const uint8_t weights[12] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    if (!obi_all(value, OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned mark = obi_digit(value, 6);
    unsigned year = obi_number(value, 0, 2);
    unsigned century = mark == 3 || mark == 4 || mark == 7 || mark == 8 ? 2000 : 1900;
    if (mark < 1 || mark > 8 ||
        !obi_birth(century + year, obi_number(value, 2, 2), obi_number(value, 4, 2))) {
        return OB_VALID_NO;
    }
    unsigned check = (11 - obi_weighted(value, weights, OB_COUNT(weights)) % 11) % 10;
    if (check == obi_digit(value, 12) && obi_number(value, 7, 2) <= 96) {
        return OB_VALID_YES;
    }
    return obi_maybe_if(mark >= 5 || (century == 2000 && year >= 20));
}

ob_valid obi_valid_jp_mynum(ob_span value)
{
    static const uint8_t weights[11] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    if (!obi_all(value, OBI_DIGIT) || obi_uniform(value)) {
        return OB_VALID_NO;
    }
    unsigned rest = obi_weighted(value, weights, OB_COUNT(weights)) % 11;
    return obi_yes_if((rest <= 1 ? 0 : 11 - rest) == obi_digit(value, 11));
}

/* S and T by one table of letters, F and G by another, T and G with 4 more; M (from 2022) with 3
 * more by a third. */
ob_valid obi_valid_sg_nric(ob_span value)
{
    static const uint8_t weights[7] = {2, 7, 6, 5, 4, 3, 2};
    if (!obi_shape(value, "A9999999A")) {
        return OB_VALID_NO;
    }
    unsigned sum = obi_weighted(ob_span_sub(value, 1, 8), weights, OB_COUNT(weights));
    char last = value.ptr[8];
    switch (value.ptr[0]) {
    case 'S':
        return obi_yes_if("JZIHGFEDCBA"[sum % 11] == last);
    case 'T':
        return obi_yes_if("JZIHGFEDCBA"[(sum + 4) % 11] == last);
    case 'F':
        return obi_yes_if("XWUTRQPNMLK"[sum % 11] == last);
    case 'G':
        return obi_yes_if("XWUTRQPNMLK"[(sum + 4) % 11] == last);
    case 'M':
        return obi_yes_if("XWUTRQPNJLK"[(sum + 3) % 11] == last);
    default:
        return OB_VALID_NO;
    }
}

/* Kind of person, province and district, serial, check. */
ob_valid obi_valid_th_pin(ob_span value)
{
    static const uint8_t weights[12] = {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    if (!obi_all(value, OBI_DIGIT) || value.ptr[0] == '0' || value.ptr[0] == '9') {
        return OB_VALID_NO;
    }
    unsigned province = obi_number(value, 1, 2);
    unsigned check = (11 - obi_weighted(value, weights, OB_COUNT(weights)) % 11) % 10;
    return obi_yes_if(province >= 10 && province <= 96 && check == obi_digit(value, 12));
}

/* Does not begin with 0 or 1 and does not read the same from behind (UIDAI). */
ob_valid obi_valid_in_aadhaar(ob_span value)
{
    bool mirrored = true;
    for (size_t i = 0; i < value.len / 2; i++) {
        mirrored = mirrored && value.ptr[i] == value.ptr[value.len - 1 - i];
    }
    return obi_yes_if(value.ptr[0] >= '2' && !mirrored && obi_verhoeff(value));
}

/* The fourth letter is the kind of holder; 0000 is not given out. */
ob_valid obi_valid_in_pan(ob_span value)
{
    return obi_maybe_if(obi_shape(value, "AAAAA9999A") && obi_one_of(value.ptr[3], "ABCFGHJKLPT") &&
                        obi_number(value, 5, 4) != 0);
}

/* Birth date, place of birth (a state, or a country from 60 on), serial. No check digit. */
ob_valid obi_valid_my_nric(ob_span value)
{
    if (!obi_all(value, OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned place = obi_number(value, 6, 2);
    bool known = place != 0 && !(place >= 17 && place <= 20) && place != 69 && place != 70 &&
                 place != 73 && place != 80 && place != 81 && !(place >= 94 && place <= 97);
    return obi_maybe_if(known && obi_birth_short(obi_number(value, 0, 2), obi_number(value, 2, 2),
                                                 obi_number(value, 4, 2)));
}

/* Province, regency, district, birth date with 40 more on the day for women, serial. */
ob_valid obi_valid_id_nik(ob_span value)
{
    static const uint8_t provinces[] = {11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33,
                                        34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65, 71, 72,
                                        73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97};
    if (!obi_all(value, OBI_DIGIT) ||
        memchr(provinces, (int)obi_number(value, 0, 2), sizeof provinces) == NULL ||
        obi_number(value, 2, 2) == 0 || obi_number(value, 4, 2) == 0 ||
        obi_number(value, 12, 4) == 0) {
        return OB_VALID_NO;
    }
    unsigned day = obi_number(value, 6, 2);
    return obi_maybe_if(obi_birth_short(obi_number(value, 10, 2), obi_number(value, 8, 2),
                                        day > 40 ? day - 40 : day));
}
