/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of a number by how many digits it has. Where several have the same length (15 digits:
 * IMEI, IMSI, card; nine: the numbers of five countries) each that can hold is reported: the check
 * digits and the cues decide by their scores.
 */
#include "detect/find_digits.h"

/* Hundredths of log-odds on top of what score.c knows of the kind. */
typedef struct kind_row {
    uint8_t kind;    /* 0 ends a list: no address is made of digits */
    int16_t plain;   /* without separators */
    int16_t grouped; /* in a grouping that the kind is written in */
} kind_row;

/* Separators that only this kind of number has prove about as much as a check digit. */
#define TELLING 100
/* A bare number of a length that order numbers have. */
#define COMMON (-100)

static const kind_row kinds[OBI_NUMBER_MAX + 2][9] = {
    [8] = {{OB_KIND_CL_RUT, COMMON, TELLING}},
    [9] = {{OB_KIND_US_SSN, COMMON, TELLING},
           {OB_KIND_US_ITIN, COMMON, TELLING},
           {OB_KIND_US_ABA, COMMON, 0},
           {OB_KIND_CA_SIN, COMMON, 0},
           {OB_KIND_NL_BSN, COMMON, 0},
           {OB_KIND_AU_TFN, COMMON, 0},
           {OB_KIND_CL_RUT, COMMON, TELLING}},
    [10] = {{OB_KIND_UK_NHS, COMMON, 0},
            {OB_KIND_AU_MEDICARE, COMMON, TELLING},
            {OB_KIND_SE_PNR, COMMON, TELLING}},
    [11] = {{OB_KIND_BR_CPF, COMMON, TELLING},
            {OB_KIND_DE_IDNR, COMMON, TELLING},
            {OB_KIND_BE_NN, COMMON, TELLING},
            {OB_KIND_PL_PESEL, 0, TELLING},
            {OB_KIND_TR_TCKN, COMMON, 0},
            {OB_KIND_AU_MEDICARE, COMMON, TELLING}},
    [12] = {{OB_KIND_IN_AADHAAR, COMMON, TELLING},
            {OB_KIND_JP_MYNUM, COMMON, 0},
            {OB_KIND_MY_NRIC, 0, TELLING},
            {OB_KIND_SE_PNR, 0, TELLING},
            {OB_KIND_PAN, COMMON, 0}},
    [13] = {{OB_KIND_KR_RRN, 0, TELLING},
            {OB_KIND_TH_PIN, COMMON, TELLING},
            {OB_KIND_ZA_ID, 0, TELLING},
            {OB_KIND_CH_AHV, TELLING, TELLING},
            {OB_KIND_PAN, COMMON, 0}},
    [14] = {{OB_KIND_IMSI, 0, 0}, {OB_KIND_PAN, 0, 0}, {OB_KIND_BR_CNPJ, COMMON, TELLING}},
    [15] = {{OB_KIND_IMEI, 0, TELLING},
            {OB_KIND_IMSI, 0, 0},
            {OB_KIND_PAN, 0, 0},
            {OB_KIND_FR_NIR, 0, TELLING},
            {OB_KIND_CN_RIC, 0, 0}},
    [16] = {{OB_KIND_PAN, 0, 0}, {OB_KIND_IMEISV, 0, 0}, {OB_KIND_ID_NIK, 0, 0}},
    [17] = {{OB_KIND_PAN, 0, 0}},
    [18] = {{OB_KIND_CN_RIC, 0, 0}, {OB_KIND_ICCID, 0, 0}, {OB_KIND_PAN, 0, 0}},
    [19] = {{OB_KIND_PAN, 0, 0}, {OB_KIND_ICCID, 0, 0}},
    [20] = {{OB_KIND_ICCID, 0, 0}},
    [32] = {{OB_KIND_EID, 0, 0}},
};

/* Cards are written in fours, or as the issuer prints them; what is grouped otherwise is rarely
 * one. First digits of 8 and 9 are rare on cards and common in references. */
static int card_near(const obi_digits *number)
{
    static const char *const printed[] = {"444",   "4441", "4442", "4443", "4444", "44441", "44442",
                                          "44443", "465",  "464",  "66",   "67",   "613",   "4645"};
    int near = number->text[0] == '8' || number->text[0] == '9' ? -200 : 0;
    bool known = number->count == 1;
    for (size_t i = 0; i < OB_COUNT(printed); i++) {
        known = known || obi_number_sizes(number, printed[i]);
    }
    return near + (known ? 0 : -150);
}

static void try_kind(obi_digits *number, const kind_row *row)
{
    char canonical[OBI_NUMBER_MAX + 2];
    const obi_scan *scan = number->scan;
    ob_kind kind = (ob_kind)row->kind;
    ob_span value = {number->text, number->len};
    size_t written = number->end - number->start;
    bool grouped = written > number->len;
    if (grouped) {
        size_t len = 0;
        if (!ob_canonical(kind, ob_span_sub(scan->text, number->start, number->end), canonical,
                          sizeof canonical, &len)) {
            return;
        }
        value = (ob_span){canonical, len};
    }
    ob_valid check = ob_validate(kind, value);
    if (check == OB_VALID_NO && !obi_cued(number->scan, kind, number->start)) {
        return;
    }
    int near = grouped ? row->grouped : row->plain;
    near += kind == OB_KIND_PAN ? card_near(number) : 0;
    obi_number_found(number, kind, number->start, number->end, check, ob_kind_rows[kind].id, near);
}

void obi_number_kinds(obi_digits *number)
{
    if (number->len >= OB_COUNT(kinds)) {
        return;
    }
    for (const kind_row *row = kinds[number->len]; row->kind != 0; row++) {
        try_kind(number, row);
    }
}
