/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers of letters and digits: national ones, vehicles, companies, bank accounts. Which kinds
 * a value can be is told by how many letters and digits it begins with; only then are grouping and
 * check looked at.
 */
#include "detect/find_alnum.h"

/* Terms for what only the family sees, in hundredths of log-odds. */
enum {
    HANGS = -250, /* part of a longer name */
    LOWER = -100, /* in lower case, as hashes are */
    BARE = -150,  /* without the separators that people write it with */
};

/* Where the text of a candidate ends with what belongs to a digit in brackets. */
static size_t closing(const obi_scan *scan, size_t end)
{
    return ob_span_has_prefix(ob_span_sub(scan->text, end, scan->text.len), OB_SPAN(")")) ? end + 1
           : ob_span_has_prefix(ob_span_sub(scan->text, end, scan->text.len), OB_SPAN("\uff09"))
               ? end + 3
               : end;
}

bool obi_alnum_ends(const obi_alnum *look, size_t len)
{
    size_t to = look->flat + len;
    return to <= look->pieces->len && look->pieces->last[to - 1];
}

void obi_alnum_try(obi_alnum *look, ob_kind kind, size_t len, int near)
{
    const obi_pieces *pieces = look->pieces;
    OB_UNSET char value[OB_CANONICAL_MAX];
    size_t used = 0;
    if (!obi_alnum_ends(look, len)) {
        return;
    }
    ob_span raw = obi_pieces_raw(look->scan, pieces, look->flat, look->flat + len);
    if (raw.len > 2 * len || obi_both_cases(raw) ||
        !ob_canonical(kind, raw, value, sizeof value, &used) || used != len) {
        return;
    }
    size_t start = pieces->at[look->flat];
    size_t end = start + raw.len;
    near += obi_hangs(look->scan->text, start, end) ? HANGS : 0;
    bool hash = kind == OB_KIND_VIN || kind == OB_KIND_CN_USCC || kind == OB_KIND_BR_CNPJ;
    near += hash && obi_run(raw, 0, OBI_DIGIT | OBI_LOWER) == raw.len &&
                    obi_run(raw, 0, OBI_DIGIT) < raw.len
                ? LOWER
                : 0;
    obi_found(look->scan, kind, start, end, ob_validate(kind, (ob_span){value, used}),
              ob_kind_rows[kind].id, near);
}

/* The check digit stands in brackets, of which the closing one may be behind the segment, and which
 * are full width in Chinese text. */
static void try_hk_id(obi_alnum *look, size_t letters)
{
    const obi_pieces *pieces = look->pieces;
    size_t to = look->flat + letters + 7;
    if (to > pieces->len || !pieces->last[to - 1]) {
        return;
    }
    ob_span raw = obi_pieces_raw(look->scan, pieces, look->flat, to);
    size_t number = letters + 6;
    size_t start = pieces->at[look->flat];
    bool bracket = false;
    ob_span between = ob_span_sub(raw, number, raw.len - 1);
    if (obi_run(raw, 0, OBI_ALNUM) == number) {
        bracket = ob_span_is_str(between, "(") || ob_span_is_str(between, " (") ||
                  ob_span_is_str(between, "\uff08");
    }
    if (!bracket) {
        obi_alnum_try(look, OB_KIND_HK_ID, letters + 7, BARE);
        return;
    }
    ob_span value = {pieces->flat + look->flat, letters + 7};
    if (!obi_both_cases(raw)) {
        obi_found(look->scan, OB_KIND_HK_ID, start, closing(look->scan, start + raw.len),
                  ob_validate(OB_KIND_HK_ID, value), "hk-id", 0);
    }
}

/* A digit in front: the letter of a Spanish identity number and the K of a Chilean one stand at the
 * end. */
static void behind_digits(obi_alnum *look, size_t digits)
{
    const char *flat = look->pieces->flat + look->flat;
    size_t left = look->pieces->len - look->flat;
    if (digits == 8 && left > 8) {
        obi_alnum_try(look, OB_KIND_ES_DNI, 9, 0);
    }
    if ((digits == 7 || digits == 8) && left > digits && flat[digits] == 'K') {
        obi_alnum_try(look, OB_KIND_CL_RUT, digits + 1, 0);
    }
    if (digits == 6 && left >= 15 && flat[5] == '2' && (flat[6] == 'A' || flat[6] == 'B')) {
        obi_alnum_try(look, OB_KIND_FR_NIR, 15, 0);
    }
}

/* A letter and digits. */
static void behind_one(obi_alnum *look, size_t digits)
{
    char first = look->pieces->flat[look->flat];
    if (digits == 6 || digits == 7) {
        try_hk_id(look, 1);
    }
    if (digits == 7) {
        bool spain = first >= 'X';
        if (spain || obi_one_of(first, "STFGM")) {
            obi_alnum_try(look, spain ? OB_KIND_ES_NIE : OB_KIND_SG_NRIC, 9, 0);
        }
    }
    if (digits == 8 && obi_one_of(first, "EGDPS")) {
        obi_alnum_try(look, OB_KIND_CN_PASSPORT, 9, 0);
    }
    if (digits == 9) {
        obi_alnum_try(look, OB_KIND_TW_ID, 10, 0);
    }
}

/* Two letters and digits. */
static void behind_two(obi_alnum *look, size_t digits)
{
    const char *flat = look->pieces->flat + look->flat;
    if (digits == 6 || digits == 7) {
        try_hk_id(look, 2);
    }
    if (digits == 6) {
        obi_alnum_try(look, OB_KIND_UK_NINO, 9, 0);
    }
    if (digits == 7 && (flat[0] == 'E' || flat[1] == 'E')) {
        obi_alnum_try(look, OB_KIND_CN_PASSPORT, 9, 0);
    }
    if (digits == 8 && flat[1] <= 'D') {
        obi_alnum_try(look, OB_KIND_TW_ID, 10, 0);
    }
    if (digits >= 2) {
        obi_alnum_iban(look);
    }
}

/* The kinds of which a letter may stand nearly anywhere: by length. */
static void by_length(obi_alnum *look, size_t letters, size_t digits)
{
    const obi_pieces *pieces = look->pieces;
    const char *flat = pieces->flat + look->flat;
    size_t left = pieces->len - look->flat;
    size_t run = 0; /* how long the first run is */
    while (!pieces->last[look->flat + run]) {
        run++;
    }
    run++;
    if (left >= 14 && run <= 14 && digits < 14 && letters < 12 && obi_is(flat[12], OBI_DIGIT) &&
        obi_is(flat[13], OBI_DIGIT)) {
        obi_alnum_try(look, OB_KIND_BR_CNPJ, 14, run == 14 ? BARE : 0);
    }
    if (left >= 17 && run <= 17 && digits < 17) {
        obi_alnum_try(look, OB_KIND_VIN, 17, 0);
    }
    if (left >= 18 && run <= 18 && letters <= 2 && obi_is(flat[2], OBI_DIGIT) &&
        obi_is(flat[7], OBI_DIGIT)) {
        bool bare = digits >= 18;
        if (!bare || (obi_alnum_ends(look, 18) &&
                      obi_cued(look->scan, OB_KIND_CN_USCC, pieces->at[look->flat]))) {
            obi_alnum_try(look, OB_KIND_CN_USCC, 18, 0);
        }
    }
    if (left >= 14 && run <= 15 && flat[0] >= 'A' && flat[0] <= 'F') {
        obi_alnum_meid(look);
    }
    if (left >= 32 && (run & (run - 1)) == 0 && run <= 32) {
        obi_alnum_ki(look);
    }
}

static void look_at(obi_alnum *look)
{
    const obi_pieces *pieces = look->pieces;
    ob_span flat = {pieces->flat + look->flat, pieces->len - look->flat};
    size_t letters = obi_run(flat, 0, OBI_UPPER);
    if (letters > 11 && letters < 26) { /* a word; a wallet may begin with more letters by chance */
        return;
    }
    size_t digits = obi_run(flat, letters, OBI_DIGIT) - letters;
    switch (letters) {
    case 0:
        behind_digits(look, digits);
        break;
    case 1:
        behind_one(look, digits);
        break;
    case 2:
        behind_two(look, digits);
        break;
    case 4:
        if (digits == 6) {
            obi_alnum_try(look, OB_KIND_MX_CURP, 18, 0);
        }
        break;
    case 5:
        if (digits == 4) {
            obi_alnum_try(look, OB_KIND_IN_PAN, 10, 0);
        }
        break;
    default:
        if (letters >= 6) { /* digits of a name may be letters */
            obi_alnum_try(look, OB_KIND_IT_CF, 16, 0);
        }
        break;
    }
    by_length(look, letters, digits);
}

/* Letters and digits, or digits enough for a company's code or a key; no kind has less than eight.
 */
static bool is_worth(obi_scan *scan)
{
    const obi_tally *has = obi_scan_tally(scan);
    return has->digits >= 4 && has->digits + has->letters >= 8 &&
           (has->letters > 0 || has->digits >= 18);
}

void obi_find_alnum(obi_scan *scan)
{
    OB_UNSET obi_pieces pieces;
    if (!is_worth(scan) || !obi_pieces_cut(scan, &pieces)) {
        return;
    }
    obi_alnum look = {.scan = scan, .pieces = &pieces};
    for (size_t i = 0; i < pieces.count; i++) {
        look.flat = pieces.runs[i].flat;
        if (pieces.len - look.flat >= 8) {
            look_at(&look);
        }
        if (pieces.runs[i].len >= 26) {
            obi_alnum_wallet(&look, ob_span_sub(scan->text, pieces.runs[i].at,
                                                (size_t)pieces.runs[i].at + pieces.runs[i].len));
        }
    }
}
