/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of letters and digits, machine readable zones, plates. */
#include "find_rows.h"

enum {
    WORD = OBI_SEEN_DIGITS | OBI_SEEN_MIXED
};

static void finds_national_ids(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"Hong Kong ID: ", "A123456(3)", WORD, OB_KIND_HK_ID, "A123456(3)"},
        {"HKID ", "AB987654(3)", WORD, OB_KIND_HK_ID, "AB987654(3)"},
        {"HKID ", "A1234563", WORD, OB_KIND_HK_ID, "A1234563"},
        {"\u9999\u6e2f\u8eab\u4efd\u8bc1", "A123456\uff083\uff09", WORD, OB_KIND_HK_ID,
         "A123456\uff083\uff09"},
        {"HKID ", "A123456(3", WORD, OB_KIND_HK_ID, "A123456(3"},
        {"NRIC: ", "S1234567D", WORD, OB_KIND_SG_NRIC, "S1234567D"},
        {"NRIC: ", "s1234567d", WORD, OB_KIND_SG_NRIC, "s1234567d"},
        {"\u53f0\u6e7e\u8eab\u5206\u8bc1", "A123456789", WORD, OB_KIND_TW_ID, "A123456789"},
        {"passport no. ", "E00000012", WORD, OB_KIND_CN_PASSPORT, "E00000012"},
        {"passport no. ", "EA0000012", WORD, OB_KIND_CN_PASSPORT, "EA0000012"},
        {"PAN card: ", "ABCPE1234F", WORD, OB_KIND_IN_PAN, "ABCPE1234F"},
        {"NI number: ", "AB 12 34 56 C", WORD, OB_KIND_UK_NINO, "AB 12 34 56 C"},
        {"NI number: ", "AB123456C", WORD, OB_KIND_UK_NINO, "AB123456C"},
        {"mi DNI: ", "12345678Z", WORD, OB_KIND_ES_DNI, "12345678Z"},
        {"mi DNI: ", "12.345.678-Z", WORD, OB_KIND_ES_DNI, "12.345.678-Z"},
        {"mi NIE: ", "X-1234567-L", WORD, OB_KIND_ES_NIE, "X-1234567-L"},
        {"codice fiscale ", "RCCMNL83S18D969H", WORD, OB_KIND_IT_CF, "RCCMNL83S18D969H"},
        {"codice fiscale ", "rccmnl83s18d969h", WORD, OB_KIND_IT_CF, "rccmnl83s18d969h"},
        {"CURP: ", "BOXW310820HNERXN09", WORD, OB_KIND_MX_CURP, "BOXW310820HNERXN09"},
        {"CNPJ ", "12.ABC.345/01DE-35", WORD, OB_KIND_BR_CNPJ, "12.ABC.345/01DE-35"},
        {"RUT ", "12.345.605-K", WORD, OB_KIND_CL_RUT, "12.345.605-K"},
        {"NIR ", "1 90 01 2A 999 999 61", WORD, OB_KIND_FR_NIR, "1 90 01 2A 999 999 61"},
    };
    check_rows(obi_find_alnum, rows, OB_COUNT(rows));
}

static void finds_companies_cars_and_accounts(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"IBAN ", "DE89 3704 0044 0532 0130 00", WORD, OB_KIND_IBAN, "DE89 3704 0044 0532 0130 00"},
        {"IBAN ", "GB82WEST12345698765432", WORD, OB_KIND_IBAN, "GB82WEST12345698765432"},
        {"IBAN: ", "gb82 west 1234 5698 7654 32", WORD, OB_KIND_IBAN,
         "gb82 west 1234 5698 7654 32"},
        /* What stands behind in the same segment is not part of it. */
        {"", "IBAN DE89 3704 0044 0532 0130 00 15", WORD, OB_KIND_IBAN,
         "DE89 3704 0044 0532 0130 00"},
        {"", "IBAN DE89 3704 0044 0532 0130 01", WORD, OB_KIND_IBAN, NULL},
        {"VIN: ", "1M8GDM9AXKP042788", WORD, OB_KIND_VIN, "1M8GDM9AXKP042788"},
        {"VIN: ", "1M8GDM9A1KP042788", WORD, OB_KIND_VIN, NULL},
        {"\u4fe1\u7528\u4ee3\u7801", "91110000000000001H", WORD, OB_KIND_CN_USCC,
         "91110000000000001H"},
        {"BTC: ", "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu", WORD, OB_KIND_BTC,
         "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"},
        {"BTC: ", "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3", WORD, OB_KIND_BTC,
         "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3"},
        {"ETH wallet: ", "0x0102030405060708090a0B0c0d0e0f1011121314", WORD, OB_KIND_ETH,
         "0x0102030405060708090a0B0c0d0e0f1011121314"},
        {"MEID: ", "A00000001234565", WORD, OB_KIND_MEID, "A00000001234565"},
        {"MEID: ", "A0000000123456", WORD, OB_KIND_MEID, "A0000000123456"},
        {"", "A0000000123456", WORD, OB_KIND_MEID, NULL},
        {"SIM authentication key Ki: ", "00112233445566778899AABBCCDDEEFF", WORD, OB_KIND_KI,
         "00112233445566778899AABBCCDDEEFF"},
        {"", "00112233445566778899AABBCCDDEEFF", WORD, OB_KIND_KI, NULL},
    };
    check_rows(obi_find_alnum, rows, OB_COUNT(rows));
}

/* Parts of longer words, other groupings, hashes, and values that are cut. */
static void leaves_other_words_alone(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"", "XS1234567D", WORD, OB_KIND_SG_NRIC, NULL},
        {"", "S1234567DX", WORD, OB_KIND_SG_NRIC, NULL},
        {"", "\u00e9S1234567D", WORD, OB_KIND_SG_NRIC, NULL},
        {"", "S1234567D\u00e9", WORD, OB_KIND_SG_NRIC, NULL},
        {"", "S1234567D", WORD | OBI_SEEN_REST, OB_KIND_SG_NRIC, NULL},
        {"", "S1234567D", WORD | OBI_SEEN_CUT, OB_KIND_SG_NRIC, NULL},
        {"", "S12-34567D", WORD, OB_KIND_SG_NRIC, NULL},
        {"", "550e8400-e29b-41d4-a716-446655440000", WORD, OB_KINDS, NULL},
        {"", "9f86d081884c7d659a2feaa0c55ad015", WORD, OB_KINDS, NULL},
        {"", "ORD-20260131-000123", WORD, OB_KINDS, NULL},
        {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709", WORD, OB_KINDS, NULL},
        {"", "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAv", WORD, OB_KINDS, NULL},
    };
    check_rows(obi_find_alnum, rows, OB_COUNT(rows));
}

static void finds_machine_readable_zones(void **state)
{
    (void)state;
#define LINE1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define LINE2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define CARD1 "I<UTOD231458907<<<<<<<<<<<<<<<"
#define CARD2 "7408122F1204159UTO<<<<<<<<<<<6"
#define CARD3 "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    static const find_row rows[] = {
        {"", LINE1 "\n" LINE2, WORD, OB_KIND_MRZ, LINE1 "\n" LINE2},
        {"", LINE1 "\r\n" LINE2, WORD, OB_KIND_MRZ, LINE1 "\r\n" LINE2},
        {"MRZ: ", LINE1 "\n" LINE2 "\nX", WORD, OB_KIND_MRZ, LINE1 "\n" LINE2},
        {"", LINE2, WORD, OB_KIND_MRZ, LINE2},
        {"", CARD1 "\n" CARD2 "\n" CARD3, WORD, OB_KIND_MRZ, CARD1 "\n" CARD2 "\n" CARD3},
        {"", CARD1 "\n" CARD2, WORD, OB_KIND_MRZ, NULL},
        {"", LINE1, WORD, OB_KINDS, NULL},
        {"", "L898902C36UTO7408122F1204159ZE184226B<<<<<11", WORD, OB_KINDS, NULL},
        {"", "X" LINE2, WORD, OB_KINDS, NULL},
    };
    check_rows(obi_find_mrz, rows, OB_COUNT(rows));
}

static void finds_plates(void **state)
{
    (void)state;
    static const find_row rows[] = {
        {"\u8f66\u724c", "\u4eacA12345", OBI_SEEN_HAN, OB_KIND_CN_PLATE, "\u4eacA12345"},
        {"\u8f66\u724c", "\u6caaA\u00b7RW2UX", OBI_SEEN_HAN, OB_KIND_CN_PLATE,
         "\u6caaA\u00b7RW2UX"},
        {"\u8f66\u724c", "\u7ca4BD12345", OBI_SEEN_HAN, OB_KIND_CN_PLATE, "\u7ca4BD12345"},
        {"\u8f66\u724c", "\u4eacA1234\u8b66", OBI_SEEN_HAN, OB_KIND_CN_PLATE, "\u4eacA1234\u8b66"},
        {"", "\u4eacA123", OBI_SEEN_HAN, OB_KINDS, NULL},
        {"", "\u4eacA1234567", OBI_SEEN_HAN, OB_KINDS, NULL},
        {"", "\u4e2dA12345", OBI_SEEN_HAN, OB_KINDS, NULL},
    };
    check_rows(obi_find_plate, rows, OB_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_national_ids),
        cmocka_unit_test(leaves_other_words_alone),
        cmocka_unit_test(finds_companies_cars_and_accounts),
        cmocka_unit_test(finds_machine_readable_zones),
        cmocka_unit_test(finds_plates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
