/* SPDX-License-Identifier: Apache-2.0 */
/* Passports, machine readable zones, vehicles. */
#include "detect/valid_core.h"

/* Ordinary ones: E or G and 8 digits, or E, a letter and 7; D, P, S (diplomats, officials, service)
 * and 8 digits, or with an E behind it and 7. */
ob_valid obi_valid_cn_passport(ob_span value)
{
    if (!obi_all(ob_span_sub(value, 2, 9), OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    char type = value.ptr[0];
    char second = value.ptr[1];
    bool digit = obi_is(second, OBI_DIGIT);
    bool letter = obi_is(second, OBI_UPPER) && second != 'I' && second != 'O';
    bool official = type == 'D' || type == 'P' || type == 'S';
    return obi_maybe_if((type == 'E' && (digit || letter)) || (type == 'G' && digit) ||
                        (official && (digit || second == 'E')));
}

static bool mrz_field(ob_span line, size_t at, size_t count)
{
    return obi_mrz_check(ob_span_sub(line, at, at + count), line.ptr[at + count]);
}

/* YYMMDD; the parts of a birth date that are not known are fillers. */
static bool mrz_date(ob_span line, size_t at, bool birth)
{
    ob_span date = ob_span_sub(line, at, at + 6);
    if (birth && date.ptr[5] == '<') {
        return obi_run(date, 0, OBI_DIGIT) % 2 == 0;
    }
    return obi_all(date, OBI_DIGIT) && (obi_date(2000 + obi_number(date, 0, 2),
                                                 obi_number(date, 2, 2), obi_number(date, 4, 2)) ||
                                        obi_date(1900 + obi_number(date, 0, 2),
                                                 obi_number(date, 2, 2), obi_number(date, 4, 2)));
}

static bool mrz_sex(char c)
{
    return c == 'M' || c == 'F' || c == '<' || c == 'X';
}

/* One or three letters and fillers: a state. */
static bool mrz_state(ob_span line, size_t at)
{
    size_t letters = obi_run(ob_span_sub(line, at, at + 3), 0, OBI_UPPER);
    return letters == 3 ||
           (letters > 0 && line.ptr[at + letters] == '<' && line.ptr[at + 2] == '<');
}

/* What line 2 of a passport, of a card of two lines and of a visa have in common. */
static bool mrz_line2(ob_span line)
{
    return mrz_field(line, 0, 9) && mrz_state(line, 10) && mrz_field(line, 13, 6) &&
           mrz_date(line, 13, true) && mrz_sex(line.ptr[20]) && mrz_field(line, 21, 6) &&
           mrz_date(line, 21, false);
}

/* The composite digit of line 2 stands at its end and covers number, dates and what follows. */
static bool mrz_composite(ob_span line)
{
    char covered[44];
    size_t len = 0;
    for (size_t i = 0; i + 1 < line.len; i++) {
        if (i < 10 || (i >= 13 && i < 20) || i >= 21) {
            covered[len++] = line.ptr[i];
        }
    }
    return obi_mrz_check((ob_span){covered, len}, line.ptr[line.len - 1]);
}

static bool mrz_passport(ob_span line)
{
    /* Where the optional data is empty, its check digit may be a filler. */
    bool optional =
        line.ptr[42] == '<' ? obi_uniform(ob_span_sub(line, 28, 43)) : mrz_field(line, 28, 14);
    return mrz_line2(line) && optional && mrz_composite(line);
}

/* Three lines of 30 (TD1). A number of more than nine characters goes on in the optional data. */
static bool mrz_card(ob_span text)
{
    ob_span first = ob_span_sub(text, 0, 30);
    ob_span second = ob_span_sub(text, 30, 60);
    char covered[64];
    size_t len = 0;
    for (size_t i = 5; i < 30; i++) {
        covered[len++] = first.ptr[i];
    }
    for (size_t i = 0; i < 29; i++) {
        if (i < 7 || (i >= 8 && i < 15) || i >= 18) {
            covered[len++] = second.ptr[i];
        }
    }
    return obi_one_of(first.ptr[0], "ACI") && mrz_state(first, 2) &&
           (first.ptr[14] == '<' || mrz_field(first, 5, 9)) && mrz_field(second, 0, 6) &&
           mrz_date(second, 0, true) && mrz_sex(second.ptr[7]) && mrz_field(second, 8, 6) &&
           mrz_date(second, 8, false) && mrz_state(second, 15) &&
           obi_mrz_check((ob_span){covered, len}, second.ptr[29]);
}

/* ICAO Doc 9303 parts 4 to 7: TD3 (44 or 2 x 44), TD2 (36 or 2 x 36), TD1 (3 x 30), visas. */
ob_valid obi_valid_mrz(ob_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!obi_is(value.ptr[i], OBI_UPPER | OBI_DIGIT) && value.ptr[i] != '<') {
            return OB_VALID_NO;
        }
    }
    size_t line = value.len == 88 || value.len == 72 ? value.len / 2 : value.len;
    ob_span last = ob_span_sub(value, value.len - line, value.len);
    bool head = last.len == value.len || (obi_is(value.ptr[0], OBI_UPPER) && mrz_state(value, 2));
    if (value.len != line && value.ptr[0] == 'V') {
        return obi_yes_if(head && mrz_line2(last)); /* a visa has no composite digit */
    }
    if (line == 44) {
        return obi_yes_if(head && mrz_passport(last));
    }
    if (line == 36) {
        return obi_yes_if(head && mrz_line2(last) && mrz_composite(last));
    }
    return obi_yes_if(value.len == 90 && mrz_card(value));
}

/*
 * ISO 3779; the ninth character is a check digit in North America (49 CFR 565) and China (GB
 * 16735), which the first one names, and often elsewhere. The tenth, the model year there, is no U,
 * Z or 0.
 */
ob_valid obi_valid_vin(ob_span value)
{
    static const uint8_t values[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                       5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    static const uint8_t weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        char c = value.ptr[i];
        if (!obi_is(c, OBI_UPPER | OBI_DIGIT) || c == 'I' || c == 'O' || c == 'Q') {
            return OB_VALID_NO;
        }
        sum += weights[i] * (obi_is(c, OBI_DIGIT) ? (unsigned)(c - '0') : values[c - 'A']);
    }
    char first = value.ptr[0];
    if (obi_uniform(value) || !obi_all(ob_span_sub(value, 14, 17), OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    if ("0123456789X"[sum % 11] == value.ptr[8]) {
        return OB_VALID_YES;
    }
    bool must = (first >= '1' && first <= '5') || first == 'L';
    bool letters = obi_run(value, 0, OBI_DIGIT) < 11;
    return obi_maybe_if(!must && letters);
}

/* The 31 characters of provinces, in UTF-8, three bytes each. */
static bool is_province(ob_span value)
{
    static const char provinces[] =
        "\u4eac\u6d25\u6caa\u6e1d\u5180\u8c6b\u4e91\u8fbd\u9ed1\u6e58\u7696\u9c81\u65b0\u82cf\u6d59"
        "\u8d63\u9102\u6842\u7518\u664b\u8499\u9655\u5409\u95fd\u8d35\u7ca4\u9752\u85cf\u5ddd\u5b81"
        "\u743c";
    for (size_t i = 0; i + 3 < sizeof provinces; i += 3) {
        if (memcmp(provinces + i, value.ptr, 3) == 0) {
            return true;
        }
    }
    return false;
}

static bool plate_signs(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!obi_is(c, OBI_UPPER | OBI_DIGIT) || c == 'I' || c == 'O') {
            return false;
        }
    }
    return true;
}

/* GA 36-2018: province, letter, five signs; for new energy six, with a letter of its own in front
 * or behind; for police, schools, Hong Kong, Macau and trailers a character at the end. */
ob_valid obi_valid_cn_plate(ob_span value)
{
    static const char *const ends[] = {"\u8b66", "\u5b66", "\u6e2f", "\u6fb3", "\u6302", "\u9886"};
    ob_span signs = ob_span_sub(value, 4, value.len);
    if (!is_province(value) || !obi_is(value.ptr[3], OBI_UPPER) ||
        !plate_signs(ob_span_sub(value, 3, 4))) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < OB_COUNT(ends); i++) {
        if (ob_span_has_suffix(signs, ob_span_str(ends[i]))) {
            signs.len -= 3;
            return obi_maybe_if(signs.len == 4 && plate_signs(signs));
        }
    }
    if (!plate_signs(signs)) {
        return OB_VALID_NO;
    }
    if (signs.len == 6) {
        bool small =
            obi_is(signs.ptr[0], OBI_UPPER) && obi_all(ob_span_sub(signs, 2, 6), OBI_DIGIT);
        bool large =
            obi_is(signs.ptr[5], OBI_UPPER) && obi_all(ob_span_sub(signs, 0, 5), OBI_DIGIT);
        return obi_maybe_if(small || large);
    }
    return obi_maybe_if(signs.len == 5);
}
