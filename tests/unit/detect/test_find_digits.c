/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers that are digits and separators, and the neighbours that rule them out. */
#include "find_rows.h"

enum {
    D = OBI_SEEN_DIGITS
};

static void finds_cards(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "4111111111111111", D, OB_KIND_PAN, "4111111111111111"},
        {"", "4111 1111 1111 1111", D, OB_KIND_PAN, "4111 1111 1111 1111"},
        {"", "4111-1111-1111-1111", D, OB_KIND_PAN, "4111-1111-1111-1111"},
        {"", "4111.1111.1111.1111", D, OB_KIND_PAN, "4111.1111.1111.1111"},
        {"", "3782 822463 10005", D, OB_KIND_PAN, "3782 822463 10005"},
        {"", "6222 0200 0012 3456 782", D, OB_KIND_PAN, "6222 0200 0012 3456 782"},
        {"", "622202 0000123456782", D, OB_KIND_PAN, "622202 0000123456782"},
        /* Others in the same segment. */
        {"", "I have 5 4111 1111 1111 1111", D, OB_KIND_PAN, "4111 1111 1111 1111"},
        {"", "4111 1111 1111 1111 12/26", D, OB_KIND_PAN, "4111 1111 1111 1111"},
        {"", "4111 1111 1111 1111, 123", D, OB_KIND_PAN, "4111 1111 1111 1111"},
        {"card ", "4111 1111 1111 1111 123", D, OB_KIND_PAN, "4111 1111 1111 1111"},
        /* Part of something else. */
        {"", "x4111111111111111", D, OB_KINDS, NULL},
        {"", "4111111111111111a", D, OB_KINDS, NULL},
        {"", "41111111111111112", D, OB_KINDS, NULL},
        {"", "4111111111111111.5", D, OB_KINDS, NULL},
        {"", "$4111111111111111", D, OB_KINDS, NULL},
        {"", "\u00a34111111111111111", D, OB_KINDS, NULL},
        {"", "#4111111111111111", D, OB_KINDS, NULL},
        {"a card: ", "#4111111111111111", D, OB_KIND_PAN, "#4111111111111111" + 1},
        {"", "a-41111111-1111-1111", D, OB_KINDS, NULL},
        {"", "1234-4111-1111-1111-1111", D, OB_KINDS, NULL},
        {"", "4111_1111_1111_1111", D, OB_KINDS, NULL},
        {"", "37591fec-bcf5-4066-8cf9-89970a212edd", D, OB_KINDS, NULL},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

static void finds_devices_and_sim_cards(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "351234512345679", D, OB_KIND_IMEI, "351234512345679"},
        {"", "35-123451-234567-9", D, OB_KIND_IMEI, "35-123451-234567-9"},
        {"", "IMEI 351234512345679", D, OB_KIND_IMEI, "351234512345679"},
        {"phone ", "IMEI351234512345679", D, OB_KIND_IMEI, "351234512345679"},
        {"IMSI: ", "460001234567890", D, OB_KIND_IMSI, "460001234567890"},
        {"IMSI: ", "460 00 1234567890", D, OB_KIND_IMSI, "460 00 1234567890"},
        {"IMEISV: ", "3512345123456701", D, OB_KIND_IMEISV, "3512345123456701"},
        {"", "8944110000000123453", D, OB_KIND_ICCID, "8944110000000123453"},
        {"", "8944 1100 0000 0123 453", D, OB_KIND_ICCID, "8944 1100 0000 0123 453"},
        {"", "89860012345678901238", D, OB_KIND_ICCID, "89860012345678901238"},
        {"", "8944110000000123453F", D, OB_KIND_ICCID, "8944110000000123453F"},
        {"", "89001012000000000000000000000150", D, OB_KIND_EID,
         "89001012000000000000000000000150"},
        {"", "8900 1012 0000 0000 0000 0000 0000 0150", D, OB_KIND_EID,
         "8900 1012 0000 0000 0000 0000 0000 0150"},
        {"", "89001012000000000000000000000151", D, OB_KINDS, NULL},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

static void finds_identities(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"\u8eab\u4efd\u8bc1\u53f7", "110101190001010014", D, OB_KIND_CN_RIC, "110101190001010014"},
        {"", "11010119000101105X", D, OB_KIND_CN_RIC, "11010119000101105X"},
        {"", "11010119000101105x", D, OB_KIND_CN_RIC, "11010119000101105x"},
        {"", "110101 19000101 105X", D, OB_KIND_CN_RIC, "110101 19000101 105X"},
        {"", "110101190001010015", D, OB_KIND_CN_RIC, NULL},
        {"", "110101900101001", D, OB_KIND_CN_RIC, "110101900101001"},
        {"", "123-45-6789", D, OB_KIND_US_SSN, "123-45-6789"},
        {"", "123.45.6789", D, OB_KIND_US_SSN, "123.45.6789"},
        {"", "123-45-6789-0001", D, OB_KIND_US_SSN, NULL},
        {"", "1123-45-6789", D, OB_KIND_US_SSN, NULL},
        {"", "912-90-3456", D, OB_KIND_US_ITIN, "912-90-3456"},
        {"", "123456780", D, OB_KIND_US_ABA, "123456780"},
        {"", "130-692-544", D, OB_KIND_CA_SIN, "130-692-544"},
        {"", "401 023 2137", D, OB_KIND_UK_NHS, "401 023 2137"},
        {"", "1 90 01 75 012 345 04", D, OB_KIND_FR_NIR, "1 90 01 75 012 345 04"},
        {"", "86 095 742 719", D, OB_KIND_DE_IDNR, "86 095 742 719"},
        {"", "111222333", D, OB_KIND_NL_BSN, "111222333"},
        {"", "90.01.01-999.92", D, OB_KIND_BE_NN, "90.01.01-999.92"},
        {"", "90010112349", D, OB_KIND_PL_PESEL, "90010112349"},
        {"", "900101-1239", D, OB_KIND_SE_PNR, "900101-1239"},
        {"", "756.1234.5678.97", D, OB_KIND_CH_AHV, "756.1234.5678.97"},
        {"", "10000000146", D, OB_KIND_TR_TCKN, "10000000146"},
        {"", "123.456.789-09", D, OB_KIND_BR_CPF, "123.456.789-09"},
        {"", "12.345.678/0001-95", D, OB_KIND_BR_CNPJ, "12.345.678/0001-95"},
        {"", "12.531.909-2", D, OB_KIND_CL_RUT, "12.531.909-2"},
        {"", "900101-1000011", D, OB_KIND_KR_RRN, "900101-1000011"},
        {"", "1234 5678 9018", D, OB_KIND_JP_MYNUM, "1234 5678 9018"},
        {"", "1-1015-00000-12-1", D, OB_KIND_TH_PIN, "1-1015-00000-12-1"},
        {"", "9999 4105 7058", D, OB_KIND_IN_AADHAAR, "9999 4105 7058"},
        {"", "770305-02-1234", D, OB_KIND_MY_NRIC, "770305-02-1234"},
        {"", "3171011708450001", D, OB_KIND_ID_NIK, "3171011708450001"},
        {"", "9001015000085", D, OB_KIND_ZA_ID, "9001015000085"},
        {"", "123 456 782", D, OB_KIND_AU_TFN, "123 456 782"},
        {"", "2123 45670 1", D, OB_KIND_AU_MEDICARE, "2123 45670 1"},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

static void finds_telephones(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "+44 7911 123456", D, OB_KIND_MSISDN, "+44 7911 123456"},
        {"", "(+44) 20 7946 0958", D, OB_KIND_MSISDN, "(+44) 20 7946 0958"},
        {"", "+44 (0)20 7946 0958", D, OB_KIND_MSISDN, "+44 (0)20 7946 0958"},
        {"", "+1 (202) 555-0123", D, OB_KIND_MSISDN, "+1 (202) 555-0123"},
        {"", "+1-202-555-0123x4567", D, OB_KIND_MSISDN, "+1-202-555-0123x4567"},
        {"", "+33 1 23 45 67 89", D, OB_KIND_MSISDN, "+33 1 23 45 67 89"},
        {"", "+3114020", D, OB_KIND_MSISDN, "+3114020"},
        {"", "0044 7911 123456", D, OB_KIND_MSISDN, "0044 7911 123456"},
        {"", "001-202-555-0123", D, OB_KIND_MSISDN, "001-202-555-0123"},
        {"", "(201) 555-0123", D, OB_KIND_MSISDN, "(201) 555-0123"},
        {"", "201.555.0123", D, OB_KIND_MSISDN, "201.555.0123"},
        {"", "201-555-0123 ext. 12", D, OB_KIND_MSISDN, "201-555-0123 ext. 12"},
        {"", "07911 123456", D, OB_KIND_MSISDN, "07911 123456"},
        {"", "06 12 34 56 78", D, OB_KIND_MSISDN, "06 12 34 56 78"},
        {"call me on ", "0171 2345678", D, OB_KIND_MSISDN, "0171 2345678"},
        {"call me on ", "450 0840", D, OB_KIND_MSISDN, "450 0840"},
        {"", "0171 234 5678", D, OB_KIND_MSISDN, "0171 234 5678"},
        {"", "(64) 3591-3246", D, OB_KIND_MSISDN, "(64) 3591-3246"},
        {"", "751-954-9268", D, OB_KIND_MSISDN, "751-954-9268"},
        {"", "+22985751234", D, OB_KIND_MSISDN, "+22985751234"},
        {"", "400-953-2641", D, OB_KIND_MSISDN, NULL},
        {"the phone shows ", "867525000176907", D, OB_KIND_MSISDN, NULL},
        {"numbers ", "04 12 23 34 41 07", D, OB_KIND_MSISDN, NULL},
        {"numbers ", "1 2 3 4 5 6 7 8 9", D, OB_KIND_MSISDN, NULL},
        {"", "078 05 1123", D, OB_KIND_MSISDN, NULL},
        {"call me on ", "28-64-66-98", D, OB_KIND_MSISDN, "28-64-66-98"},
        {"", "+86 138 0013 8000", D, OB_KIND_MSISDN_CN, "+86 138 0013 8000"},
        {"", "8613800138000", D, OB_KIND_MSISDN_CN, "8613800138000"},
        {"", "13800138000", D, OB_KIND_MSISDN_CN, "13800138000"},
        {"", "138-0013-8000", D, OB_KIND_MSISDN_CN, "138-0013-8000"},
        {"", "138 0013 8000 139 0013 9000", D, OB_KIND_MSISDN_CN, "138 0013 8000"},
        {"", "532.123.45.67", D, OB_KIND_MSISDN, "532.123.45.67"},
        {"", "+447700 900 123-Office", D, OB_KIND_MSISDN, "+447700 900 123"},
        {"", "0755-26770000", D, OB_KIND_LANDLINE_CN, "0755-26770000"},
        {"", "(010) 62770000", D, OB_KIND_LANDLINE_CN, "(010) 62770000"},
        {"", "0171 2345678", D, OB_KIND_MSISDN, NULL},
        {"", "450 0840", D, OB_KINDS, NULL},
        {"", "12800138000", D, OB_KIND_MSISDN_CN, NULL},
        {"call me on ", "10.20.123.250", D, OB_KINDS, NULL},
        {"call me on ", "2026-05-11", D, OB_KIND_MSISDN, NULL},
        {"call me on ", "2026-05-11 14:33:41", D, OB_KIND_MSISDN, NULL},
        {"", "10.20.716.3590", D, OB_KINDS, NULL},
        {"", "32.123.45.67", D, OB_KINDS, NULL},
        {"", "https://a.example/13800138000", D, OB_KINDS, NULL},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

static void finds_codes(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"my PIN is ", "4821", D, OB_KIND_PIN, "4821"},
        {"PUK: ", "12345678", D, OB_KIND_PUK, "12345678"},
        {"PUK: ", "1234 5678", D, OB_KIND_PUK, "1234 5678"},
        {"\u9a8c\u8bc1\u7801", "482913", D, OB_KIND_OTP, "482913"},
        {"code: ", "482-913", D, OB_KIND_OTP, "482-913"},
        {"service password ", "246810", D, OB_KIND_SVCPWD, "246810"},
        {"CVV ", "123", D, OB_KIND_CVV, "123"},
        {"transfer code ", "123456", D, OB_KIND_PORT, "123456"},
        {"PIN ", "12", D, OB_KINDS, NULL},
        {"PIN ", "4821a", D, OB_KINDS, NULL},
        {"PIN at ", "12:345", D, OB_KINDS, NULL},
        {"PIN, 1", "2026-05-11", D, OB_KIND_PIN, NULL},
        {"", "482913", D, OB_KINDS, NULL},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

/* What speaks of an amount or a year counts against a code. */
static void codes_lose_beside_amounts(void **state)
{
    (void)state;

    static const struct {
        const char *left;
        const char *segment;
        int near;
    } rows[] = {
        {"my PIN is ", "4821", 0},
        {"no PIN since ", "1998", -600},
        {"the code costs ", "1200", -400},
        {"PIN, ", "5000 MB", -400},
        {"PIN ", "2024", -200},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        char text[200];
        obi_scan scan;
        scan_with(&scan, text, sizeof text, obi_find_digits, rows[i].left, rows[i].segment, D);
        const obi_candidate *pin = scan_longest(&scan, OB_KIND_PIN);
        assert_non_null(pin);
        assert_int_equal(pin->near_, rows[i].near);
    }
}

static void finds_what_has_more_than_digits(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"at ", "39.9042, 116.4074", D, OB_KIND_GEO, "39.9042, 116.4074"},
        {"at ", "-33.86785,151.20732", D, OB_KIND_GEO, "-33.86785,151.20732"},
        {"at ", "139.9042, 116.4074", D, OB_KIND_GEO, NULL},
        {"", "+447700900123, 2025-01-31 10:15, 120 s", D, OB_KIND_CDR,
         "+447700900123, 2025-01-31 10:15, 120 s"},
        {"", "13800138000|2025-01-31 10:15:00|35", D, OB_KIND_CDR,
         "13800138000|2025-01-31 10:15:00|35"},
        {"", "13800138000|2025-13-31 10:15:00|35", D, OB_KIND_CDR, NULL},
        {"born on ", "1985-03-12", D, OB_KIND_DOB, "1985-03-12"},
        {"born on ", "12/03/1985", D, OB_KIND_DOB, "12/03/1985"},
        {"born on ", "12 March 1985", D, OB_KIND_DOB, "12 March 1985"},
        {"born on ", "12th March 1985", D, OB_KIND_DOB, "12th March 1985"},
        {"born on ", "March 12, 1985", D, OB_KIND_DOB, "March 12, 1985"},
        {"born on ", "Mar 12th, 1985", D, OB_KIND_DOB, "Mar 12th, 1985"},
        {"born on ", "19850312", D, OB_KIND_DOB, "19850312"},
        {"\u751f\u65e5", "1985\u5e743\u670812\u65e5", D, OB_KIND_DOB, "1985\u5e743\u670812\u65e5"},
        {"born on ", "1985-02-30", D, OB_KIND_DOB, NULL},
        {"born on ", "12 Maple 1985", D, OB_KIND_DOB, NULL},
        {"", "1985-03-12", D, OB_KINDS, NULL},
    };
    check_rows(obi_find_digits, rows, OB_COUNT(rows));
}

/* The most that a segment can hold ends in time, and within the table of findings. */
static void full_segments_are_bounded(void **state)
{
    (void)state;
    static const char *const pieces[] = {"1 ", "12 ", "4111 ", "1-", "+1 ", "0 0", "13800138000 "};
    for (size_t i = 0; i < OB_COUNT(pieces); i++) {
        char segment[OB_HOLD_MAX + 1];
        size_t period = strlen(pieces[i]);
        for (size_t at = 0; at < OB_HOLD_MAX; at++) {
            segment[at] = pieces[i][at % period];
        }
        segment[OB_HOLD_MAX] = '\0';
        char text[OB_HOLD_MAX + 40];
        obi_scan scan;
        scan_with(&scan, text, sizeof text, obi_find_digits, "number ", segment, D);
        assert_true(scan.count <= OBI_FOUND_MAX);
        for (size_t j = 0; j < scan.count; j++) {
            assert_true(scan.found[j].end <= scan.text.len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_cards),
        cmocka_unit_test(finds_devices_and_sim_cards),
        cmocka_unit_test(finds_identities),
        cmocka_unit_test(finds_telephones),
        cmocka_unit_test(finds_codes),
        cmocka_unit_test(codes_lose_beside_amounts),
        cmocka_unit_test(finds_what_has_more_than_digits),
        cmocka_unit_test(full_segments_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
