/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of a number by how many digits it has. Where several have the same length (15 digits:
 * IMEI, IMSI, card; nine: the numbers of five countries) each that can hold is reported: the check
 * digits and the cues decide by their scores.
 */
#include "detect/find_digits.h"

/* 0 ends a list: no address is made of digits. */
static const uint8_t kinds[OBI_NUMBER_MAX + 2][8] = {
    [8] = {OB_KIND_CL_RUT},
    [9] = {OB_KIND_US_SSN, OB_KIND_US_ITIN, OB_KIND_US_ABA, OB_KIND_CA_SIN, OB_KIND_NL_BSN,
           OB_KIND_AU_TFN, OB_KIND_CL_RUT},
    [10] = {OB_KIND_UK_NHS, OB_KIND_AU_MEDICARE, OB_KIND_SE_PNR},
    [11] = {OB_KIND_BR_CPF, OB_KIND_DE_IDNR, OB_KIND_BE_NN, OB_KIND_PL_PESEL, OB_KIND_TR_TCKN,
            OB_KIND_AU_MEDICARE},
    [12] = {OB_KIND_IN_AADHAAR, OB_KIND_JP_MYNUM, OB_KIND_MY_NRIC, OB_KIND_SE_PNR, OB_KIND_PAN},
    [13] = {OB_KIND_KR_RRN, OB_KIND_TH_PIN, OB_KIND_ZA_ID, OB_KIND_CH_AHV, OB_KIND_PAN},
    [14] = {OB_KIND_IMSI, OB_KIND_PAN, OB_KIND_BR_CNPJ},
    [15] = {OB_KIND_IMEI, OB_KIND_IMSI, OB_KIND_PAN, OB_KIND_FR_NIR, OB_KIND_CN_RIC},
    [16] = {OB_KIND_PAN, OB_KIND_IMEISV, OB_KIND_ID_NIK},
    [17] = {OB_KIND_PAN},
    [18] = {OB_KIND_CN_RIC, OB_KIND_ICCID, OB_KIND_PAN},
    [19] = {OB_KIND_PAN, OB_KIND_ICCID},
    [20] = {OB_KIND_ICCID},
    [32] = {OB_KIND_EID},
};

/* Cards are written in fours, or as the issuer prints them; what is grouped otherwise is rarely
 * one. First digits of 8 and 9 are rare on cards and common in references. */
static int card_near(const obi_digits *number)
{
    static const uint32_t printed[] = {0x444,   0x4441, 0x4442, 0x4443, 0x4444, 0x44441, 0x44442,
                                       0x44443, 0x465,  0x464,  0x66,   0x67,   0x6d,    0x4645};
    int near = number->text[0] == '8' || number->text[0] == '9' ? -200 : 0;
    bool known = number->count == 1;
    for (size_t i = 0; i < OB_COUNT(printed); i++) {
        known = known || number->shape == printed[i];
    }
    return near + (known ? 0 : -150);
}

/* What only a look at the value tells. */
static int value_near(const obi_digits *number, ob_kind kind)
{
    if (kind == OB_KIND_PAN) {
        return card_near(number);
    }
    /* Numbers for a time, of strangers, are few, and the key is two digits of fifteen. */
    return kind == OB_KIND_FR_NIR && number->text[0] > '2' && number->count == 1 ? -250 : 0;
}

static void try_kind(obi_digits *number, ob_kind kind)
{
    ob_valid check = ob_validate(kind, (ob_span){number->text, number->len});
    if (check == OB_VALID_NO && !obi_number_cued(number, kind, number->start)) {
        return;
    }
    /* The canonical form is number->text: between the groups stand separators only. Whether the
     * kind is written in such groups is asked last, because most values fail their check first. */
    OB_UNSET char canonical[OBI_NUMBER_MAX + 2];
    ob_span written = ob_span_sub(number->scan->text, number->start, number->end);
    size_t len = 0;
    if (written.len == number->len ||
        ob_canonical(kind, written, canonical, sizeof canonical, &len)) {
        obi_number_found(number, kind, number->start, number->end, check, ob_kind_rows[kind].id,
                         value_near(number, kind));
    }
}

void obi_number_kinds(obi_digits *number)
{
    if (number->len >= OB_COUNT(kinds)) {
        return;
    }
    for (const uint8_t *kind = kinds[number->len]; *kind != 0; kind++) {
        try_kind(number, (ob_kind)*kind);
    }
}
