/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind with check digits, against a second way to compute them. A row has a shape of which
 * the free places are filled at random and the check characters are found by trying; what holds by
 * the test's own rule must be accepted. Then each character of a digit or letter is replaced by
 * every other one of its class, and the share of these values that is refused must be the known
 * one.
 */
#include "ob_test.h"

#include "detect/validate.h"

#include <ombud/sys.h>

#define VALUES   40 /* made for each row */
#define TEXT_MAX 64

static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static unsigned value(char c)
{
    return (unsigned)(strchr(signs, c) - signs);
}

/* The sum over the text of value times weight; the weights as letters: a is 1, b is 2 ... */
static unsigned sum(const char *text, const char *weights)
{
    unsigned total = 0;
    for (size_t i = 0; weights[i] != '\0'; i++) {
        total += value(text[i]) * (unsigned)(weights[i] - 'a' + 1);
    }
    return total;
}

/* The text as one decimal number, letters as two digits, modulo divisor. */
static unsigned rest(const char *text, size_t len, unsigned divisor)
{
    char digits[2 * TEXT_MAX] = "";
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        used += (size_t)snprintf(digits + used, sizeof digits - used, "%u", value(text[i]));
    }
    unsigned left = 0;
    for (size_t i = 0; i < used; i++) {
        left = (left * 10 + (unsigned)(digits[i] - '0')) % divisor;
    }
    return left;
}

static bool luhn_base(const char *text, unsigned base)
{
    unsigned total = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        unsigned one = value(text[i]);
        unsigned two = one * 2 / base + one * 2 % base;
        total += (len - i) % 2 == 1 ? one : two;
    }
    return total % base == 0;
}

static bool luhn(const char *t)
{
    return luhn_base(t, 10);
}

static bool luhn_swedish(const char *t)
{
    return luhn_base(t + 2, 10);
}

static bool luhn16(const char *t)
{
    return value(t[14]) < 16 && luhn_base(t, 16);
}

static bool eid(const char *t)
{
    return rest(t, 32, 97) == 1;
}

static bool iban(const char *t)
{
    char turned[TEXT_MAX];
    (void)snprintf(turned, sizeof turned, "%s%.4s", t + 4, t);
    return rest(turned, strlen(turned), 97) == 1 && (t[2] != '0' || t[3] > '1') &&
           (t[2] != '9' || t[3] < '9');
}

static bool aba(const char *t)
{
    return sum(t, "cgacgacga") % 10 == 0;
}

/* 2 to the power of the place, modulo 11: 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 1. */
static bool ric(const char *t)
{
    unsigned last = t[17] == 'X' ? 10 : value(t[17]);
    return (t[17] == 'X' || last < 10) && (sum(t, "gijehdbafcgijehdb") + last) % 11 == 1;
}

static bool uscc(const char *t)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const unsigned weights[17] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                         29, 25, 13, 8,  24, 10, 30, 28};
    unsigned total = 0;
    for (size_t i = 0; i < 18; i++) {
        const char *place = strchr(alphabet, t[i]);
        if (place == NULL) {
            return false;
        }
        total += (unsigned)(place - alphabet) * (i == 17 ? 1 : weights[i]);
    }
    return total % 31 == 0;
}

static bool hong_kong(const char *t)
{
    unsigned total = 9 * 36 + 8 * value(t[0]) + sum(t + 1, "gfedcb") + value(t[7]);
    return value(t[7]) < 11 && total % 11 == 0;
}

static bool taiwan(const char *t)
{
    const char *order = "ABCDEFGHJKLMNPQRSTUVXYWZIO"; /* 10 to 35 */
    unsigned place = (unsigned)(strchr(order, t[0]) - order) + 10;
    return (place / 10 + place % 10 * 9 + sum(t + 1, "hgfedcbaa")) % 10 == 0;
}

static bool korea(const char *t)
{
    return (11 - sum(t, "bcdefghibcde") % 11) % 10 == value(t[12]);
}

static bool japan(const char *t)
{
    unsigned left = sum(t, "fedcbgfedcb") % 11;
    return value(t[11]) == (left < 2 ? 0 : 11 - left);
}

static bool singapore(const char *t)
{
    return "ABCDEFGHIZJ"[10 - sum(t + 1, "bgfedcb") % 11] == t[8];
}

static bool thailand(const char *t)
{
    return (11 - sum(t, "mlkjihgfedcb") % 11) % 10 == value(t[12]);
}

static bool verhoeff(const char *t)
{
    static const char *const product[10] = {"0123456789", "1234067895", "2340178956", "3401289567",
                                            "4012395678", "5987604321", "6598710432", "7659821043",
                                            "8765932104", "9876543210"};
    static const char *const turn[8] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                        "9453126870", "4286573901", "2793806415", "7046913258"};
    unsigned state = 0;
    size_t len = strlen(t);
    for (size_t i = 0; i < len; i++) {
        state = value(product[state][value(turn[i % 8][value(t[len - 1 - i])])]);
    }
    return state == 0;
}

static bool nhs(const char *t)
{
    return sum(t, "jihgfedcba") % 11 == 0;
}

static bool france(const char *t)
{
    return (rest(t, 13, 97) + value(t[13]) * 10 + value(t[14])) == 97;
}

static bool germany(const char *t)
{
    unsigned counts[10] = {0};
    unsigned more = 0;
    unsigned state = 10;
    for (size_t i = 0; i < 10; i++) {
        counts[value(t[i])]++;
        state = (state + value(t[i])) % 10;
        state = (state == 0 ? 20 : state * 2) % 11;
    }
    for (size_t i = 0; i < 10; i++) {
        more += counts[i] > 3 ? 9 : counts[i] > 1 ? 1 : 0;
    }
    return more == 1 && (11 - state) % 10 == value(t[10]);
}

static bool dni(const char *t)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[rest(t, 8, 23)] == t[8];
}

static bool nie(const char *t)
{
    char number[TEXT_MAX];
    (void)snprintf(number, sizeof number, "%c%s", "012"[t[0] - 'X'], t + 1);
    return dni(number);
}

static bool italy(const char *t)
{
    static const char odd[] = "BAFHJNPRTVCESULDGIMOQKWZYX"; /* A counts 1, B counts 0, C 5 ... */
    unsigned total = 0;
    for (size_t i = 0; i < 15; i++) {
        unsigned one = value(t[i]) > 9 ? value(t[i]) - 10 : value(t[i]);
        total += i % 2 == 0 ? (unsigned)(odd[one] - 'A') : one;
    }
    return (unsigned)(t[15] - 'A') == total % 26;
}

static bool bsn(const char *t)
{
    return (sum(t, "ihgfedcb") + 11 - value(t[8]) % 11) % 11 == 0;
}

static bool belgium(const char *t)
{
    return rest(t, 9, 97) + value(t[9]) * 10 + value(t[10]) == 97;
}

static bool pesel(const char *t)
{
    return sum(t, "acgiacgiaca") % 10 == 0;
}

static bool ean(const char *t)
{
    return sum(t, "acacacacacaca") % 10 == 0;
}

static bool turkey(const char *t)
{
    unsigned odd = value(t[0]) + value(t[2]) + value(t[4]) + value(t[6]) + value(t[8]);
    unsigned even = value(t[1]) + value(t[3]) + value(t[5]) + value(t[7]);
    unsigned tenth = (odd * 7 + 100 - even) % 10;
    return tenth == value(t[9]) && (odd + even + tenth) % 10 == value(t[10]);
}

static unsigned brazil(unsigned total)
{
    return total * 10 % 11 % 10;
}

static bool cpf(const char *t)
{
    return brazil(sum(t, "jihgfedcb")) == value(t[9]) &&
           brazil(sum(t, "kjihgfedcb")) == value(t[10]);
}

/* A letter counts its code minus 48, which is 7 more than its place among the signs. */
static unsigned cnpj_sum(const char *t, const char *weights)
{
    unsigned total = sum(t, weights);
    for (size_t i = 0; weights[i] != '\0'; i++) {
        total += value(t[i]) > 9 ? 7 * (unsigned)(weights[i] - 'a' + 1) : 0;
    }
    return total;
}

static bool cnpj(const char *t)
{
    return brazil(cnpj_sum(t, "edcbihgfedcb")) == value(t[12]) &&
           brazil(cnpj_sum(t, "fedcbihgfedcb")) == value(t[13]);
}

static bool curp(const char *t)
{
    unsigned total = sum(t, "rqponmlkjihgfedcb") + value(t[17]);
    for (size_t i = 0; i < 17; i++) {
        total += t[i] > 'N' ? 18 - (unsigned)i : 0;
    }
    return total % 10 == 0;
}

static bool rut(const char *t)
{
    unsigned last = t[8] == 'K' ? 10 : value(t[8]);
    return (t[8] == 'K' || last < 10) && (sum(t, "cbgfedcb") + last) % 11 == 0;
}

static bool tfn(const char *t)
{
    return sum(t, "adcgehfij") % 11 == 0;
}

static bool medicare(const char *t)
{
    return sum(t, "acgiacgi") % 10 == value(t[8]);
}

static bool vin(const char *t)
{
    static const char steps[] = "12345678.12345.7.923456789"; /* A to Z */
    static const unsigned weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    unsigned total = 0;
    for (size_t i = 0; i < 17; i++) {
        unsigned one = value(t[i]) > 9 ? (unsigned)(steps[t[i] - 'A'] - '0') : value(t[i]);
        total += one * weights[i];
    }
    return t[8] == (total % 11 == 10 ? 'X' : signs[total % 11]);
}

static unsigned seven(const char *t, size_t start, size_t len)
{
    unsigned total = 0;
    for (size_t i = 0; i < len; i++) {
        total += (t[start + i] == '<' ? 0 : value(t[start + i])) * (i % 3 == 0   ? 7
                                                                    : i % 3 == 1 ? 3
                                                                                 : 1);
    }
    return total % 10;
}

/* The composite digit goes over 10, 7 and 22 characters: the weights begin at 7, 3 and 7 there. */
static bool passport(const char *t)
{
    char all[TEXT_MAX];
    (void)snprintf(all, sizeof all, "%.10s%.7s%.22s", t, t + 13, t + 21);
    return seven(t, 0, 9) == value(t[9]) && seven(t, 13, 6) == value(t[19]) &&
           seven(t, 21, 6) == value(t[27]) && seven(t, 28, 14) == value(t[42]) &&
           seven(all, 0, 39) == value(t[43]);
}

/*
 * d any digit, l any letter, ? a check digit, ! a check sign, everything else itself. refused: how
 * many of a hundred changed values must be refused. It is below 100 where the form has places that
 * the check leaves out (the issue of a Medicare card, the sex and state in a passport), where two
 * remainders share one sign (Brazil, Japan, Korea, Thailand), where a weight has a divisor in
 * common with 10 (Taiwan, Mexico), and where letters share a value (Hong Kong, a CNPJ of letters,
 * vehicles).
 */
static const struct row {
    ob_kind kind;
    const char *shape;
    bool (*holds)(const char *text);
    unsigned refused;
} rows[] = {
    {OB_KIND_AU_MEDICARE, "2ddddddd?1", medicare, 90},
    {OB_KIND_AU_TFN, "dddddddd?", tfn, 100},
    {OB_KIND_BE_NN, "850615ddd??", belgium, 100},
    {OB_KIND_BR_CNPJ, "dddddddddddd??", cnpj, 100},
    {OB_KIND_BR_CNPJ, "llddddddlddd??", cnpj, 97},
    {OB_KIND_BR_CPF, "ddddddddd??", cpf, 99},
    {OB_KIND_CA_SIN, "1ddddddd?", luhn, 100},
    {OB_KIND_CH_AHV, "756ddddddddd?", ean, 100},
    {OB_KIND_CL_RUT, "1ddddddd!", rut, 100},
    {OB_KIND_CN_RIC, "11010119850615ddd!", ric, 100},
    {OB_KIND_CN_USCC, "91110000ddddddddd!", uscc, 100},
    {OB_KIND_DE_IDNR, "1ddddddddd?", germany, 100},
    {OB_KIND_EID, "89001ddddddddddddddddddddddddd??", eid, 100},
    {OB_KIND_ES_DNI, "dddddddd!", dni, 100},
    {OB_KIND_ES_NIE, "Yddddddd!", nie, 100},
    {OB_KIND_FR_NIR, "1850675dddddd??", france, 100},
    {OB_KIND_HK_ID, "ldddddd!", hong_kong, 98},
    {OB_KIND_IBAN, "DE??dddddddddddddddddd", iban, 100},
    {OB_KIND_IBAN, "GB??lllldddddddddddddd", iban, 100},
    {OB_KIND_ICCID, "8986ddddddddddddddd?", luhn, 100},
    {OB_KIND_ICCID, "8944dddddddddddddd?", luhn, 100},
    {OB_KIND_IMEI, "35dddddddddddd?", luhn, 100},
    {OB_KIND_IN_AADHAAR, "2dddddddddd?", verhoeff, 100},
    {OB_KIND_IT_CF, "llllll85H15lddd!", italy, 100},
    {OB_KIND_JP_MYNUM, "ddddddddddd?", japan, 98},
    {OB_KIND_KR_RRN, "85061511dddd?", korea, 97},
    {OB_KIND_MEID, "Adddddddddddd0!", luhn16, 100},
    {OB_KIND_MRZ, "Xdddddddd?UTO900101?F300101?<<<<<<<<<<<<<<0?", passport, 77},
    {OB_KIND_MX_CURP, "llll850615HDFlll0?", curp, 85},
    {OB_KIND_NL_BSN, "1ddddddd?", bsn, 100},
    {OB_KIND_PAN, "4dddddddddddddd?", luhn, 100},
    {OB_KIND_PAN, "62ddddddddddddddd0?", luhn, 100},
    {OB_KIND_PL_PESEL, "850615dddd?", pesel, 100},
    {OB_KIND_SE_PNR, "850615ddd?", luhn, 100},
    {OB_KIND_SE_PNR, "19850615ddd?", luhn_swedish, 100},
    {OB_KIND_SG_NRIC, "Sddddddd!", singapore, 100},
    {OB_KIND_TH_PIN, "11dddddddddd?", thailand, 91},
    {OB_KIND_TR_TCKN, "1dddddddd??", turkey, 100},
    {OB_KIND_TW_ID, "l1ddddddd?", taiwan, 91},
    {OB_KIND_UK_NHS, "4dddddddd?", nhs, 100},
    {OB_KIND_US_ABA, "02dddddd?", aba, 100},
    {OB_KIND_VIN, "1Mdddddd!dddddddd", vin, 95},
    {OB_KIND_ZA_ID, "850615dddd08?", luhn, 100},
};

static bool solve(const struct row *row, char *text, size_t at)
{
    at += strcspn(row->shape + at, "?!");
    if (row->shape[at] == '\0') {
        return row->holds(text);
    }
    for (size_t i = 0; i < (row->shape[at] == '?' ? 10U : 36U); i++) {
        text[at] = signs[i];
        if (solve(row, text, at + 1)) {
            return true;
        }
    }
    return false;
}

/* A random text of the row's shape for which the row's own rule holds. */
static void make(const struct row *row, ob_rng *rng, char *text)
{
    do {
        size_t i = 0;
        for (; row->shape[i] != '\0'; i++) {
            text[i] = row->shape[i] == 'd'   ? signs[ob_rng_below(rng, 10)]
                      : row->shape[i] == 'l' ? signs[10 + ob_rng_below(rng, 26)]
                                             : row->shape[i];
        }
        text[i] = '\0';
    } while (!solve(row, text, 0));
}

static unsigned count_refused(ob_kind kind, char *text, unsigned *tried)
{
    unsigned refused = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        char right = text[i];
        bool digit = right >= '0' && right <= '9';
        size_t first = digit ? 0 : 10;
        size_t behind = right == '<' ? 0 : digit ? 10 : 36;
        for (size_t j = first; j < behind; j++) {
            text[i] = signs[j];
            if (signs[j] != right) {
                ob_valid valid = ob_validate(kind, ob_span_str(text));
                refused += valid == OB_VALID_NO ? 1 : 0;
                ++*tried;
            }
        }
        text[i] = right;
    }
    return refused;
}

static void generated_values_and_single_errors(void **state)
{
    (void)state;

    ob_err err = {0};
    ob_rng rng;
    assert_ok(ob_rng_init(&rng, OB_SPAN("check digits"), OB_SPAN("1"), &err));
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        unsigned refused = 0;
        unsigned tried = 0;
        for (size_t n = 0; n < VALUES; n++) {
            char text[TEXT_MAX];
            make(&rows[i], &rng, text);
            if (ob_validate(rows[i].kind, ob_span_str(text)) != OB_VALID_YES) {
                fail_msg("%s: '%s' is not accepted", ob_kind_rows[rows[i].kind].id, text);
            }
            refused += count_refused(rows[i].kind, text, &tried);
        }
        if (refused * 100 < rows[i].refused * tried) {
            fail_msg("%s %s: %u of %u changed values are refused", ob_kind_rows[rows[i].kind].id,
                     rows[i].shape, refused, tried);
        }
    }
}

/* Version 0 or 5, twenty bytes, the first four bytes of a double digest, to base 58. */
static void make_base58(ob_rng *rng, char *text)
{
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    ob_err err = {0};
    bool zero = ob_rng_below(rng, 2) == 0;
    uint8_t bytes[25] = {zero ? 0 : 5};
    for (size_t i = 1; i < 21; i++) {
        bytes[i] = (uint8_t)(1 + ob_rng_below(rng, 255));
    }
    ob_span front = {(const char *)bytes, 21};
    ob_digest digest;
    assert_ok(ob_sha256(&front, 1, &digest, &err));
    ob_span once = {(const char *)digest.bytes, sizeof digest.bytes};
    assert_ok(ob_sha256(&once, 1, &digest, &err));
    (void)memcpy(bytes + 21, digest.bytes, 4);
    char digits[36] = "";
    for (size_t at = 35; at-- > 0;) {
        unsigned carry = 0;
        for (size_t i = 0; i < sizeof bytes; i++) {
            carry = carry * 256 + bytes[i];
            bytes[i] = (uint8_t)(carry / 58);
            carry %= 58;
        }
        digits[at] = alphabet[carry];
    }
    /* A zero byte in front is a 1; the other 1s in front are nothing. */
    (void)snprintf(text, TEXT_MAX, "%s%s", zero ? "1" : "", digits + strspn(digits, "1"));
}

/* The polynomial by long division of bits, the highest first, over the reflected message. */
static uint32_t crc(const char *text, size_t len)
{
    uint32_t state = 0xffffffff;
    for (size_t i = 0; i < len * 8; i++) {
        uint32_t bit = (uint32_t)(unsigned char)text[i / 8] >> (i % 8) & 1;
        bool top = (state >> 31 ^ bit) != 0;
        state = state << 1 ^ (top ? 0x04c11db7U : 0);
    }
    uint32_t mirrored = 0;
    for (unsigned i = 0; i < 32; i++) {
        mirrored |= (state >> i & 1) << (31 - i);
    }
    return ~mirrored;
}

static void make_github(ob_rng *rng, char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    (void)snprintf(text, TEXT_MAX, "gh%c_", "pousr"[ob_rng_below(rng, 5)]);
    for (size_t i = 4; i < 34; i++) {
        text[i] = alphabet[ob_rng_below(rng, 62)];
    }
    uint32_t left = crc(text + 4, 30);
    for (size_t i = 40; i-- > 34; left /= 62) {
        text[i] = alphabet[left % 62];
    }
    text[40] = '\0';
}

static void long_checks(void **state)
{
    (void)state;

    ob_err err = {0};
    ob_rng rng;
    char text[TEXT_MAX * 2];
    assert_ok(ob_rng_init(&rng, OB_SPAN("check digits"), OB_SPAN("2"), &err));
    for (size_t n = 0; n < 100; n++) {
        make_base58(&rng, text);
        if (ob_validate(OB_KIND_BTC, ob_span_str(text)) != OB_VALID_YES) {
            fail_msg("'%s' is not accepted", text);
        }
        size_t at = 1 + ob_rng_below(&rng, strlen(text) - 1);
        text[at] = text[at] == '2' ? '3' : '2';
        assert_int_equal(ob_validate(OB_KIND_BTC, ob_span_str(text)), OB_VALID_NO);
        make_github(&rng, text);
        assert_int_equal(ob_validate(OB_KIND_KEY_GITHUB, ob_span_str(text)), OB_VALID_YES);
        at = 4 + ob_rng_below(&rng, 36);
        text[at] = text[at] == 'x' ? 'y' : 'x';
        assert_int_equal(ob_validate(OB_KIND_KEY_GITHUB, ob_span_str(text)), OB_VALID_MAYBE);
    }
    /* Examples of BIP 173 and EIP-55: no other sign and no other case in any place. */
    static const char *const fixed[] = {
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"};
    for (size_t i = 0; i < OB_COUNT(fixed); i++) {
        ob_kind kind = fixed[i][0] == 'b' ? OB_KIND_BTC : OB_KIND_ETH;
        assert_int_equal(ob_validate(kind, ob_span_str(fixed[i])), OB_VALID_YES);
        for (size_t at = 2; fixed[i][at] != '\0'; at++) {
            (void)snprintf(text, sizeof text, "%s", fixed[i]);
            bool letter = text[at] >= 'A';
            text[at] = kind == OB_KIND_BTC ? (text[at] == 'q' ? 'p' : 'q')
                       : letter            ? (char)(text[at] ^ 32)
                                           : (text[at] == '9' ? '8' : (char)(text[at] + 1));
            assert_int_equal(ob_validate(kind, ob_span_str(text)), OB_VALID_NO);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_values_and_single_errors),
        cmocka_unit_test(long_checks),
    };
    return cmocka_run_group_tests_name("validate_check", tests, NULL, NULL);
}
