/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of subscriptions, SIM cards and devices, and the short codes around them. */
#include "detect/phone.h"
#include "detect/valid_core.h"

/*
 * How many digits the network codes of a mobile country code have, 200 to 799: 2, 3, x for
 * countries that have both, blank for a code that is not allocated (ITU-T E.212 and the Operational
 * Bulletins that list what was assigned).
 */
static const char mnc_lengths[12][51] = {
    "  2 2 2 x   22x 2 22222   2 2 222 22  2 x 2 2 222 ", /* 200 */
    "x    x 2 22 x   2 2 2 2 2 2 2 2 222 2 222 2222 2  ", /* 250 */
    "  3     2 x3333 3             3   3   x 2 3 3 3 3 ", /* 300 */
    "x 3 3 3 3 3 22233 2 2 2 x 3                       ", /* 350 */
    "222 2x    2 22222222222 222222  2 2 222 2x        ", /* 400 */
    "2 2 x222  2     2x  2 2                           ", /* 450 */
    "  x  2    2   22    2    x  2 2     22 22222222222", /* 500 */
    "222222                                            ", /* 550 */
    "  222222222222222222222222222222222222222222 22222", /* 600 */
    "222222 222                                        ", /* 650 */
    "  2 2 2 3 x 2 x 2     x 2     2 3 2 2 x 2 2 2 2 2 ", /* 700 */
    "3                                                 ", /* 750 */
};

bool obi_mcc(ob_span digits, size_t *mnc)
{
    if (digits.len < 3 || !obi_all(ob_span_sub(digits, 0, 3), OBI_DIGIT)) {
        return false;
    }
    unsigned code = obi_number(digits, 0, 3);
    char length = ' ';
    if (code == 1 || code == 901 || code == 991 || code == 999) {
        length = 'x'; /* tests, shared, trials, private networks */
    } else if (code >= 200 && code < 800) {
        length = mnc_lengths[(code - 200) / 50][code % 50];
    }
    *mnc = length == '2' ? 2 : length == '3' ? 3 : 0;
    return length != ' ';
}

ob_valid obi_valid_imsi(ob_span value)
{
    size_t mnc = 0;
    return obi_maybe_if(obi_all(value, OBI_DIGIT) && obi_mcc(value, &mnc) &&
                        !obi_uniform(ob_span_sub(value, 5, value.len)));
}

/* Reporting bodies (GSMA TS.06): the first two digits of a type allocation code; 00 and 02 to 09
 * are for tests. */
static bool is_reporting_body(unsigned two)
{
    static const uint8_t bodies[] = {10, 30, 33, 35, 44, 45, 49, 50,
                                     51, 52, 53, 54, 86, 91, 98, 99};
    return two < 10 || memchr(bodies, (int)two, sizeof bodies) != NULL;
}

ob_valid obi_valid_imei(ob_span value)
{
    if (!obi_luhn(value) || obi_uniform(value)) {
        return OB_VALID_NO;
    }
    return is_reporting_body(obi_number(value, 0, 2)) ? OB_VALID_YES : OB_VALID_MAYBE;
}

ob_valid obi_valid_imeisv(ob_span value)
{
    return obi_maybe_if(obi_all(value, OBI_DIGIT) && !obi_uniform(value) &&
                        is_reporting_body(obi_number(value, 0, 2)));
}

/* 14 hex digits of which the first is a letter, and perhaps a check digit that is never sent. */
ob_valid obi_valid_meid(ob_span value)
{
    if (!obi_shape(value, value.len == 14 ? "AHHHHHHHHHHHHH" : "AHHHHHHHHHHHHHH") ||
        value.ptr[0] > 'F' || obi_uniform(value)) {
        return OB_VALID_NO;
    }
    return value.len == 14 ? OB_VALID_MAYBE : obi_yes_if(obi_luhn16(value));
}

/*
 * ITU-T E.118: 89, country calling code, issuer, account, Luhn digit; 19 digits, and 18 or 20 at
 * some operators. A filler F at the end comes from the nibbles on the card. Some Chinese operators
 * use letters in the account part, and their last character is no Luhn digit.
 */
ob_valid obi_valid_iccid(ob_span value)
{
    ob_span digits = value;
    if (value.len == 20 && value.ptr[19] == 'F') {
        digits.len = 19;
    }
    if (!ob_span_has_prefix(digits, OB_SPAN("89")) || obi_run(digits, 0, OBI_DIGIT) < 6) {
        return OB_VALID_NO;
    }
    /* North America and Russia fill their one digit up to two: 8901, 8907. */
    size_t code = value.ptr[2] == '0' ? 3 : 2;
    if (ob_phone_code_length(ob_span_sub(digits, code, digits.len)) == 0) {
        return OB_VALID_NO;
    }
    if (obi_all(digits, OBI_DIGIT)) {
        return obi_yes_if(obi_luhn(digits));
    }
    return obi_maybe_if(digits.len == 20 && obi_all(digits, OBI_DIGIT | OBI_HEX) &&
                        ob_span_has_prefix(digits, OB_SPAN("8986")));
}

/* GSMA SGP.29: the 32 digits as one number leave 1 when divided by 97. */
ob_valid obi_valid_eid(ob_span value)
{
    return obi_yes_if(obi_all(value, OBI_DIGIT) && obi_mod97(value, 0) == 1);
}

/* 3GPP TS 23.003, 2.2A and 28.7.2. */
ob_valid obi_valid_supi(ob_span value)
{
    ob_span rest = ob_span_sub(value, 5, value.len);
    size_t mnc = 0;
    if (ob_span_has_prefix(value, OB_SPAN("imsi-"))) {
        if (rest.len < 5 || rest.len > 15 || !obi_all(rest, OBI_DIGIT) || !obi_mcc(rest, &mnc)) {
            return OB_VALID_NO;
        }
        return rest.len >= 14 ? OB_VALID_YES : OB_VALID_MAYBE;
    }
    rest = ob_span_sub(value, 4, value.len);
    if (!ob_span_has_prefix(value, OB_SPAN("nai-")) || rest.len < 3) {
        return OB_VALID_NO;
    }
    size_t sign = ob_span_find(rest, OB_SPAN("@"), 0);
    return sign != SIZE_MAX && sign > 0 && obi_host(ob_span_sub(rest, sign + 1, rest.len))
               ? OB_VALID_YES
               : OB_VALID_NO;
}

/* The next part of a value whose parts are joined by hyphens; empty if there is none. */
static ob_span part(ob_span *rest)
{
    ob_span one = {0};
    (void)ob_span_cut(rest, '-', &one);
    return one;
}

/* 3GPP TS 23.003, 2.2B and 28.7.3: suci-TYPE-HOME-ROUTING-SCHEME-KEY-OUTPUT. */
ob_valid obi_valid_suci(ob_span value)
{
    ob_span rest = ob_span_sub(value, 5, value.len);
    size_t mnc = 0;
    if (!ob_span_has_prefix(value, OB_SPAN("suci-"))) {
        return OB_VALID_NO;
    }
    ob_span type = part(&rest);
    if (type.len != 1 || type.ptr[0] < '0' || type.ptr[0] > '7') {
        return OB_VALID_NO;
    }
    ob_span home = part(&rest);
    if (type.ptr[0] == '0') {
        ob_span network = part(&rest);
        if (home.len != 3 || !obi_mcc(home, &mnc) || !obi_all(network, OBI_DIGIT) ||
            (network.len != 2 && network.len != 3) || (mnc != 0 && network.len != mnc)) {
            return OB_VALID_NO;
        }
    } else if (!obi_host(home)) {
        return OB_VALID_NO;
    }
    ob_span routing = part(&rest);
    ob_span scheme = part(&rest);
    ob_span key = part(&rest);
    if (!obi_all(routing, OBI_DIGIT) || routing.len > 4 || scheme.len != 1 ||
        !obi_all(scheme, OBI_HEX) || !obi_all(key, OBI_DIGIT) || key.len > 3 ||
        obi_number(key, 0, key.len) > 255 || rest.len == 0) {
        return OB_VALID_NO;
    }
    return obi_yes_if(scheme.ptr[0] == '0' ? key.len == 1 && key.ptr[0] == '0'
                                           : obi_all(rest, OBI_HEX | OBI_DIGIT));
}

/* A TMSI of 8 hex digits, or a GUTI as 3GPP TS 29.571 writes it. */
ob_valid obi_valid_guti(ob_span value)
{
    size_t mnc = 0;
    if (ob_span_has_prefix(value, OB_SPAN("5g-guti-"))) {
        ob_span rest = ob_span_sub(value, 8, value.len);
        return obi_yes_if((rest.len == 19 || rest.len == 20) && obi_mcc(rest, &mnc) &&
                          obi_run(rest, 0, OBI_DIGIT) >= rest.len - 14 && obi_all(rest, OBI_HEX));
    }
    bool marked = ob_span_has_prefix(value, OB_SPAN("0x"));
    ob_span hex = ob_span_sub(value, marked ? 2 : 0, value.len);
    return obi_maybe_if(hex.len == 8 && obi_all(hex, OBI_HEX) && !obi_uniform(hex));
}

ob_valid obi_valid_ki(ob_span value)
{
    return obi_maybe_if(obi_all(value, OBI_HEX) && obi_looks_random(value));
}

/* GSMA SGP.22, 4.1: LPA:1$host$matching id, then an object id and a flag, each behind a dollar. */
ob_valid obi_valid_lpa(ob_span value)
{
    bool prefix = ob_span_has_prefix(value, OB_SPAN("LPA:"));
    ob_span rest = ob_span_sub(value, prefix ? 4 : 0, value.len);
    ob_span version = {0};
    ob_span host = {0};
    ob_span match = {0};
    ob_span owner = {0};
    if (!ob_span_cut(&rest, '$', &version) || !ob_span_is_str(version, "1") ||
        !ob_span_cut(&rest, '$', &host) || !obi_host(host)) {
        return OB_VALID_NO;
    }
    (void)ob_span_cut(&rest, '$', &match);
    (void)ob_span_cut(&rest, '$', &owner);
    if (obi_run(match, 0, OBI_ALNUM | OBI_SIGN) != match.len ||
        (rest.len > 0 && !ob_span_is_str(rest, "1"))) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < owner.len; i++) {
        if (!obi_is(owner.ptr[i], OBI_DIGIT) && owner.ptr[i] != '.') {
            return OB_VALID_NO;
        }
    }
    return prefix ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* Codes that are digits and nothing else; their rows bound the length. */
static ob_valid digits_only(ob_span value)
{
    return obi_maybe_if(obi_all(value, OBI_DIGIT));
}

ob_valid obi_valid_pin(ob_span value)
{
    return digits_only(value);
}

ob_valid obi_valid_puk(ob_span value)
{
    return digits_only(value);
}

ob_valid obi_valid_otp(ob_span value)
{
    return digits_only(value);
}

ob_valid obi_valid_svcpwd(ob_span value)
{
    return digits_only(value);
}

ob_valid obi_valid_cvv(ob_span value)
{
    return digits_only(value);
}

/* Britain: three letters and six digits. China and North America: digits alone. */
ob_valid obi_valid_port(ob_span value)
{
    return obi_maybe_if(obi_shape(value, "AAA999999") ||
                        (value.len <= 8 && obi_all(value, OBI_DIGIT)));
}

ob_valid obi_valid_msisdn(ob_span value)
{
    return ob_phone_valid(value, NULL, NULL);
}

ob_valid obi_valid_msisdn_cn(ob_span value)
{
    ob_phone phone = {0};
    ob_valid valid = ob_phone_valid(value, "CN", &phone);
    bool mobile = valid != OB_VALID_NO && phone.code == 86 && phone.type == OB_PHONE_MOBILE;
    return mobile ? valid : OB_VALID_NO;
}

/*
 * 0, area code, number of 7 or 8 digits. Beijing is 10, the big cities 20 to 29 but 26, all others
 * three digits from 310 on. Only the area is looked up: what a place dials changes too often.
 */
ob_valid obi_valid_landline_cn(ob_span value)
{
    if (!obi_all(value, OBI_DIGIT) || value.ptr[0] != '0') {
        return OB_VALID_NO;
    }
    unsigned two = obi_number(value, 1, 2);
    if (two == 10 || (two >= 20 && two <= 29 && two != 26)) {
        return obi_maybe_if(value.len == 11);
    }
    static const uint8_t unused[] = {32, 36, 38, 40, 44, 49, 50, 60, 61, 62, 64,
                                     65, 67, 68, 78, 80, 84, 86, 92, 96, 98};
    bool area = two >= 31 && memchr(unused, (int)two, sizeof unused) == NULL;
    return obi_maybe_if(area && value.len >= 11);
}
