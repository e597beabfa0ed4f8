/* SPDX-License-Identifier: Apache-2.0 */
/* National identifiers of Europe and Turkey. */
#include "detect/valid_core.h"

/* Letters that are not used in front (HMRC), and pairs that are not given out. */
ob_valid obi_valid_uk_nino(ob_span value)
{
    static const char pairs[][3] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
    if (!obi_shape(value, "AA999999A") || value.ptr[8] > 'D' ||
        obi_one_of(value.ptr[0], "DFIQUV") || obi_one_of(value.ptr[1], "DFIOQUV")) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < OB_COUNT(pairs); i++) {
        if (value.ptr[0] == pairs[i][0] && value.ptr[1] == pairs[i][1]) {
            return OB_VALID_NO;
        }
    }
    return OB_VALID_MAYBE;
}

/*
 * Weights 10 to 1 bring the sum to a multiple of 11. Numbers begin with 01 to 31 (a birthday, in
 * Scotland), 32 to 39 (Northern Ireland), 4, 6, 7 (England, Wales, Isle of Man), 999 (tests); a
 * check that holds elsewhere is weaker.
 */
ob_valid obi_valid_uk_nhs(ob_span value)
{
    static const uint8_t weights[10] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    if (!obi_all(value, OBI_DIGIT) || obi_uniform(value) ||
        obi_weighted(value, weights, OB_COUNT(weights)) % 11 != 0) {
        return OB_VALID_NO;
    }
    unsigned two = obi_number(value, 0, 2);
    bool scotland = two >= 1 && two <= 31 && obi_date(2000, obi_number(value, 2, 2), two);
    bool known = scotland || (two >= 32 && two <= 49) || (two >= 60 && two <= 79) ||
                 obi_number(value, 0, 3) == 999;
    return known ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* Sex, year, month, department, commune, order, key; 2A counts as 19 and 2B as 18. Months from 20
 * on stand for a date that is not known. */
ob_valid obi_valid_fr_nir(ob_span value)
{
    char corsica = value.ptr[6];
    bool island = value.ptr[5] == '2' && (corsica == 'A' || corsica == 'B');
    if (!obi_all(ob_span_sub(value, 0, 6), OBI_DIGIT) || !obi_one_of(value.ptr[0], "123478") ||
        (!island && !obi_is(corsica, OBI_DIGIT)) ||
        !obi_all(ob_span_sub(value, 7, 15), OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned month = obi_number(value, 3, 2);
    if (month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50)) {
        return OB_VALID_NO;
    }
    unsigned rest = obi_mod97(ob_span_sub(value, 0, 5), 0);
    rest = island ? (rest * 100 + (corsica == 'A' ? 19 : 18)) % 97
                  : obi_mod97(ob_span_sub(value, 5, 7), rest);
    rest = obi_mod97(ob_span_sub(value, 7, 13), rest);
    return obi_yes_if(obi_number(value, 13, 2) == 97 - rest);
}

/* Among the first ten digits one occurs two or three times, all others once at most. */
ob_valid obi_valid_de_idnr(ob_span value)
{
    unsigned counts[10] = {0};
    unsigned repeated = 0;
    if (!obi_all(value, OBI_DIGIT) || value.ptr[0] == '0') {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < 10; i++) {
        counts[obi_digit(value, i)]++;
    }
    for (size_t i = 0; i < 10; i++) {
        if (counts[i] > 3) {
            return OB_VALID_NO;
        }
        repeated += counts[i] > 1 ? 1 : 0;
    }
    return obi_yes_if(repeated == 1 && obi_mod11_10(value));
}

static bool dni_letter(unsigned number, char letter)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == letter;
}

ob_valid obi_valid_es_dni(ob_span value)
{
    return obi_yes_if(obi_shape(value, "99999999A") && obi_number(value, 0, 8) != 0 &&
                      dni_letter(obi_number(value, 0, 8), value.ptr[8]));
}

ob_valid obi_valid_es_nie(ob_span value)
{
    if (!obi_shape(value, "A9999999A") || value.ptr[0] < 'X') {
        return OB_VALID_NO;
    }
    unsigned front = (unsigned)(value.ptr[0] - 'X');
    return obi_yes_if(dni_letter(front * 10000000 + obi_number(value, 1, 7), value.ptr[8]));
}

/* A digit, or the letter that stands for it where two people would have the same code; 99 else. */
static unsigned omocode(char c)
{
    static const char letters[] = "LMNPQRSTUV";
    const char *place = memchr(letters, c, sizeof letters - 1);
    return obi_is(c, OBI_DIGIT) ? (unsigned)(c - '0')
           : place != NULL      ? (unsigned)(place - letters)
                                : 99;
}

static bool cf_date(ob_span value)
{
    static const char months[] = "ABCDEHLMPRST";
    const char *month = memchr(months, value.ptr[8], sizeof months - 1);
    unsigned year[2] = {omocode(value.ptr[6]), omocode(value.ptr[7])};
    unsigned day[2] = {omocode(value.ptr[9]), omocode(value.ptr[10])};
    if (month == NULL || year[0] > 9 || year[1] > 9 || day[0] > 9 || day[1] > 9) {
        return false;
    }
    unsigned number = day[0] * 10 + day[1];
    return obi_birth_short(year[0] * 10 + year[1], (unsigned)(month - months) + 1,
                           number > 40 ? number - 40 : number);
}

/* Name, year, month letter, day (40 more for women), place, check by two tables of values. */
ob_valid obi_valid_it_cf(ob_span value)
{
    static const uint8_t odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    if (!obi_shape(value, "AAAAAAXXAXXAXXXA") || !cf_date(value) || omocode(value.ptr[12]) > 9 ||
        omocode(value.ptr[13]) > 9 || omocode(value.ptr[14]) > 9) {
        return OB_VALID_NO;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < 15; i++) {
        char c = value.ptr[i];
        unsigned number = (unsigned)(c - (obi_is(c, OBI_DIGIT) ? '0' : 'A')) % 26;
        sum += i % 2 == 0 ? odd[number] : number;
    }
    return obi_yes_if((char)('A' + sum % 26) == value.ptr[15]);
}

ob_valid obi_valid_nl_bsn(ob_span value)
{
    /* The last digit counts minus 1, which is 10 modulo 11. */
    static const uint8_t weights[9] = {9, 8, 7, 6, 5, 4, 3, 2, 10};
    return obi_yes_if(obi_all(value, OBI_DIGIT) && obi_number(value, 0, 9) >= 10000000 &&
                      !obi_uniform(value) &&
                      obi_weighted(value, weights, OB_COUNT(weights)) % 11 == 0);
}

/* Birth date (the month may be 0 where it is not known, 20 or 40 more for people who are registered
 * otherwise), serial, key: 97 minus the rest, with a 2 in front for births from 2000. */
ob_valid obi_valid_be_nn(ob_span value)
{
    if (!obi_all(value, OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned year = obi_number(value, 0, 2);
    unsigned month = obi_number(value, 2, 2);
    unsigned day = obi_number(value, 4, 2);
    unsigned key = obi_number(value, 9, 2);
    ob_span nine = ob_span_sub(value, 0, 9);
    month -= month >= 40 ? 40 : month >= 20 ? 20 : 0;
    bool old = key == 97 - obi_mod97(nine, 0);
    bool young = key == 97 - obi_mod97(nine, 2) && 2000 + year <= OB_BIRTH_YEAR_MAX;
    if (month > 12 || day > 31 || obi_number(value, 6, 3) == 0 || (!old && !young)) {
        return OB_VALID_NO;
    }
    bool known = month == 0 || day == 0 || (old && obi_birth(1900 + year, month, day)) ||
                 (young && obi_birth(2000 + year, month, day));
    return obi_yes_if(known);
}

/* The month says the century: 80 more for the 1800s, 20 more for the 2000s. */
ob_valid obi_valid_pl_pesel(ob_span value)
{
    static const uint8_t weights[11] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
    if (!obi_all(value, OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    unsigned month = obi_number(value, 2, 2);
    unsigned year = (month < 20 ? 1900 : 2000) + obi_number(value, 0, 2);
    bool born = month < 40 && obi_birth(year, month % 20, obi_number(value, 4, 2));
    return obi_yes_if(born && obi_weighted(value, weights, OB_COUNT(weights)) % 10 == 0);
}

/* Ten digits, or twelve with the century; coordination numbers have 60 more on the day. */
ob_valid obi_valid_se_pnr(ob_span value)
{
    size_t at = value.len - 10;
    if (!obi_all(value, OBI_DIGIT) || value.len == 11) {
        return OB_VALID_NO;
    }
    unsigned year = obi_number(value, 0, at + 2);
    unsigned month = obi_number(value, at + 2, 2);
    unsigned day = obi_number(value, at + 4, 2);
    day -= day > 60 ? 60 : 0;
    bool born = at == 2 ? obi_birth(year, month, day) : obi_birth_short(year, month, day);
    return obi_yes_if(born && obi_luhn(ob_span_sub(value, at, value.len)));
}

ob_valid obi_valid_ch_ahv(ob_span value)
{
    return obi_yes_if(ob_span_has_prefix(value, OB_SPAN("756")) && obi_ean13(value));
}

ob_valid obi_valid_tr_tckn(ob_span value)
{
    static const uint8_t tenth[9] = {7, 9, 7, 9, 7, 9, 7, 9, 7}; /* 9 is minus 1 modulo 10 */
    static const uint8_t all[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    return obi_yes_if(obi_all(value, OBI_DIGIT) && value.ptr[0] != '0' &&
                      obi_weighted(value, tenth, OB_COUNT(tenth)) % 10 == obi_digit(value, 9) &&
                      obi_weighted(value, all, OB_COUNT(all)) % 10 == obi_digit(value, 10));
}
