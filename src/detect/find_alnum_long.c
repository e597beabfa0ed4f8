/* SPDX-License-Identifier: Apache-2.0 */
/* Longer values of letters and digits: bank accounts, hexadecimal keys and devices, wallets. */
#include "detect/find_alnum.h"

void obi_alnum_iban(obi_alnum *look)
{
    const obi_pieces *pieces = look->pieces;
    size_t len = obi_iban_length((ob_span){pieces->flat + look->flat, 2});
    if (len > 0) {
        obi_alnum_try(look, OB_KIND_IBAN, len, 0);
    }
}

static bool is_hex(const obi_alnum *look, size_t len)
{
    const obi_pieces *pieces = look->pieces;
    ob_span flat = {pieces->flat + look->flat, pieces->len - look->flat};
    return flat.len >= len && obi_all(ob_span_sub(flat, 0, len), OBI_HEX);
}

void obi_alnum_meid(obi_alnum *look)
{
    const obi_pieces *pieces = look->pieces;
    if (is_hex(look, 14) && (pieces->last[look->flat + 13] || is_hex(look, 15)) &&
        (obi_alnum_ends(look, 15) || obi_alnum_ends(look, 14)) &&
        obi_cued(look->scan, OB_KIND_MEID, pieces->at[look->flat])) {
        obi_alnum_try(look, OB_KIND_MEID, 15, 0);
        obi_alnum_try(look, OB_KIND_MEID, 14, 0);
    }
}

void obi_alnum_ki(obi_alnum *look)
{
    if (is_hex(look, 32) && obi_alnum_ends(look, 32) &&
        obi_cued(look->scan, OB_KIND_KI, look->pieces->at[look->flat])) {
        obi_alnum_try(look, OB_KIND_KI, 32, 0);
    }
}

void obi_alnum_wallet(obi_alnum *look, ob_span word)
{
    size_t start = look->pieces->at[look->flat];
    ob_kind kind = OB_KINDS;
    if (word.len == 42 && ob_span_has_prefix(word, OB_SPAN("0x"))) {
        kind = OB_KIND_ETH;
    } else if (word.len <= 90 && (word.ptr[0] == 'b' || word.ptr[0] == 'B')) {
        kind = OB_KIND_BTC;
    } else if (word.len <= 35 && (word.ptr[0] == '1' || word.ptr[0] == '3') &&
               obi_both_cases(word)) {
        kind = OB_KIND_BTC;
    }
    if (kind == OB_KINDS) {
        return;
    }
    ob_valid check = ob_validate(kind, word);
    /* A failed check is reported for Ethereum alone: there the head and the length say much. */
    if (check != OB_VALID_NO || (kind == OB_KIND_ETH && obi_run(word, 2, OBI_HEX) == 42)) {
        obi_found(look->scan, kind, start, start + word.len, check, ob_kind_rows[kind].id, 0);
    }
}
