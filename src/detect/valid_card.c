/* SPDX-License-Identifier: Apache-2.0 */
/* Payment cards and bank accounts. */
#include "detect/valid_core.h"

/* Lengths 12 to 19 of a card number as bits 0 to 7. */
#define LENGTHS(first, last) ((uint8_t)((2U << ((last)-12)) - (1U << ((first)-12))))

/* Issuers by the first six digits, sorted; where two overlap, the lengths of both count (ISO/IEC
 * 7812 and what the schemes publish). */
typedef struct issuer {
    uint32_t first;
    uint32_t last;
    uint8_t lengths;
} issuer;

static const issuer issuers[] = {
    {180000, 180099, LENGTHS(15, 15)}, /* JCB, before 3528 */
    {213100, 213199, LENGTHS(15, 15)},
    {220000, 220499, LENGTHS(16, 19)}, /* Mir */
    {220500, 220599, LENGTHS(16, 16)}, /* Borica */
    {222100, 272099, LENGTHS(16, 16)}, /* Mastercard */
    {300000, 305999, LENGTHS(14, 19)}, /* Diners Club */
    {309500, 309599, LENGTHS(14, 19)},
    {340000, 349999, LENGTHS(15, 15)},                                     /* American Express */
    {352800, 358999, LENGTHS(16, 19)},                                     /* JCB */
    {360000, 369999, LENGTHS(14, 19)},                                     /* Diners Club */
    {370000, 379999, LENGTHS(15, 15)},                                     /* American Express */
    {380000, 399999, LENGTHS(14, 19)},                                     /* Diners Club */
    {400000, 499999, LENGTHS(13, 13) | LENGTHS(16, 16) | LENGTHS(19, 19)}, /* Visa */
    {500000, 509999, LENGTHS(12, 19)}, /* Maestro, Elo, RuPay, Verve, Dankort */
    {510000, 559999, LENGTHS(16, 16)}, /* Mastercard */
    {560000, 599999, LENGTHS(12, 19)}, /* Maestro */
    {600000, 609999, LENGTHS(13, 19)}, /* Discover, RuPay, Hipercard; old cards of China */
    {620000, 629999, LENGTHS(14, 19)}, /* UnionPay */
    {630000, 639999, LENGTHS(12, 19)}, /* Maestro, InterPayment, InstaPayment */
    {640000, 659999, LENGTHS(16, 19)}, /* Discover, RuPay, Troy, Elo */
    {670000, 679999, LENGTHS(12, 19)}, /* Maestro */
    {685800, 685899, LENGTHS(16, 19)}, /* China, before UnionPay */
    {810000, 829999, LENGTHS(16, 19)}, /* UnionPay, RuPay */
    {860000, 860099, LENGTHS(16, 16)}, /* Uzcard */
    {940000, 959999, LENGTHS(16, 19)}, /* China, before UnionPay */
    {979200, 979299, LENGTHS(16, 16)}, /* Troy */
    {986000, 986099, LENGTHS(16, 16)}, /* Humo */
};

ob_valid obi_valid_pan(ob_span value)
{
    if (!obi_luhn(value)) {
        return OB_VALID_NO;
    }
    unsigned six = obi_number(value, 0, 6);
    for (size_t i = 0; i < OB_COUNT(issuers) && issuers[i].first <= six; i++) {
        if (six <= issuers[i].last && (issuers[i].lengths >> (value.len - 12) & 1) != 0) {
            return OB_VALID_YES;
        }
    }
    return OB_VALID_NO;
}

/*
 * Countries of the SWIFT IBAN registry (release 101), sorted: the parts of the account number, each
 * a count and n for digits, a for letters, c for both.
 */
typedef struct iban_country {
    char name[3];
    char form[20];
} iban_country;

static const iban_country iban_countries[] = {
    {"AD", "8n12c"},    {"AE", "19n"},      {"AL", "8n16c"},    {"AT", "16n"},
    {"AZ", "4a20c"},    {"BA", "16n"},      {"BE", "12n"},      {"BG", "4a6n8c"},
    {"BH", "4a14c"},    {"BI", "23n"},      {"BR", "23n1a1c"},  {"BY", "4c4n16c"},
    {"CH", "5n12c"},    {"CR", "18n"},      {"CY", "8n16c"},    {"CZ", "20n"},
    {"DE", "18n"},      {"DJ", "23n"},      {"DK", "14n"},      {"DO", "4c20n"},
    {"EE", "16n"},      {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},
    {"FK", "2a12n"},    {"FO", "14n"},      {"FR", "10n11c2n"}, {"GB", "4a14n"},
    {"GE", "2a16n"},    {"GI", "4a15c"},    {"GL", "14n"},      {"GR", "7n16c"},
    {"GT", "24c"},      {"HN", "4a20n"},    {"HR", "17n"},      {"HU", "24n"},
    {"IE", "4a14n"},    {"IL", "19n"},      {"IQ", "4a15n"},    {"IS", "22n"},
    {"IT", "1a10n12c"}, {"JO", "4a4n18c"},  {"KW", "4a22c"},    {"KZ", "3n13c"},
    {"LB", "4n20c"},    {"LC", "4a24c"},    {"LI", "5n12c"},    {"LT", "16n"},
    {"LU", "3n13c"},    {"LV", "4a13c"},    {"LY", "21n"},      {"MC", "10n11c2n"},
    {"MD", "20c"},      {"ME", "18n"},      {"MK", "3n10c2n"},  {"MN", "16n"},
    {"MR", "23n"},      {"MT", "4a5n18c"},  {"MU", "4a19n3a"},  {"NI", "4a20n"},
    {"NL", "4a10n"},    {"NO", "11n"},      {"OM", "3n16c"},    {"PK", "4a16c"},
    {"PL", "24n"},      {"PS", "4a21c"},    {"PT", "21n"},      {"QA", "4a21c"},
    {"RO", "4a16c"},    {"RS", "18n"},      {"RU", "14n15c"},   {"SA", "2n18c"},
    {"SC", "4a20n3a"},  {"SD", "14n"},      {"SE", "20n"},      {"SI", "15n"},
    {"SK", "20n"},      {"SM", "1a10n12c"}, {"SO", "19n"},      {"ST", "21n"},
    {"SV", "4a20n"},    {"TL", "19n"},      {"TN", "20n"},      {"TR", "6n16c"},
    {"UA", "6n19c"},    {"VA", "18n"},      {"VG", "4a16n"},    {"XK", "16n"},
    {"YE", "4a4n18c"},
};

static bool has_form(ob_span text, const char *form)
{
    size_t at = 0;
    while (*form != '\0') {
        size_t count = 0;
        while (obi_is(*form, OBI_DIGIT)) {
            count = count * 10 + (size_t)(*form++ - '0');
        }
        unsigned classes = *form == 'n'   ? OBI_DIGIT
                           : *form == 'a' ? OBI_UPPER
                                          : OBI_DIGIT | OBI_UPPER;
        form++;
        ob_span piece = ob_span_sub(text, at, at + count);
        if (piece.len != count || !obi_all(piece, classes)) {
            return false;
        }
        at += count;
    }
    return at == text.len;
}

size_t obi_iban_length(ob_span country)
{
    if (country.len != 2) {
        return 0;
    }
    for (size_t i = 0; i < OB_COUNT(iban_countries); i++) {
        if (memcmp(country.ptr, iban_countries[i].name, 2) != 0) {
            continue;
        }
        size_t len = 4;
        size_t count = 0;
        for (const char *form = iban_countries[i].form; *form != '\0'; form++) {
            bool digit = obi_is(*form, OBI_DIGIT);
            len += digit ? 0 : count;
            count = digit ? count * 10 + (size_t)(*form - '0') : 0;
        }
        return len;
    }
    return 0;
}

ob_valid obi_valid_iban(ob_span value)
{
    if (!obi_is(value.ptr[2], OBI_DIGIT) || !obi_is(value.ptr[3], OBI_DIGIT)) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < OB_COUNT(iban_countries); i++) {
        const iban_country *country = &iban_countries[i];
        if (country->name[0] != value.ptr[0] || country->name[1] != value.ptr[1]) {
            continue;
        }
        /* ISO 13616: the first four characters go to the end, the rest is one number. */
        unsigned check = obi_number(value, 2, 2);
        unsigned rest = obi_mod97(ob_span_sub(value, 4, value.len), 0);
        rest = obi_mod97(ob_span_sub(value, 0, 4), rest);
        return obi_yes_if(check >= 2 && check <= 98 && rest == 1 &&
                          has_form(ob_span_sub(value, 4, value.len), country->form));
    }
    return OB_VALID_NO;
}

/* The first two digits name a Federal Reserve district: of banks, of thrifts 20 higher, of
 * electronic transfers 60 higher; 80 is for traveller's cheques, 00 for the government. */
ob_valid obi_valid_us_aba(ob_span value)
{
    static const uint8_t weights[9] = {3, 7, 1, 3, 7, 1, 3, 7, 1};
    if (!obi_all(value, OBI_DIGIT) || obi_uniform(value)) {
        return OB_VALID_NO;
    }
    unsigned two = obi_number(value, 0, 2);
    bool district = two <= 12 || (two >= 21 && two <= 32) || (two >= 61 && two <= 72) || two == 80;
    return obi_yes_if(district && obi_weighted(value, weights, OB_COUNT(weights)) % 10 == 0);
}
