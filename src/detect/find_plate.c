/* SPDX-License-Identifier: Apache-2.0 */
/* Plates of Chinese vehicles: a Han character for the province, a letter, five or six signs. */
#include "detect/pieces.h"

/* Hundredths of log-odds, without the dot that plates have. */
enum {
    LETTERS = -150, /* no digit: may be a word behind a character that means something else */
    NEW = -300      /* Xinjiang's character is also "new", which stands before models of things */
};

/* At the letter behind a character of three bytes. */
static void try_plate(obi_scan *scan, size_t letter)
{
    ob_span text = scan->text;
    char value[OB_CANONICAL_MAX];
    size_t used = 0;
    size_t start = letter - 3;
    size_t end = letter + 1;
    if (ob_span_has_prefix(ob_span_sub(text, end, text.len), OB_SPAN("\u00b7"))) {
        end += 2;
    } else if (ob_span_has_prefix(ob_span_sub(text, end, text.len), OB_SPAN("\u2022"))) {
        end += 3;
    } else if (end < text.len && obi_one_of(text.ptr[end], " -")) {
        end += 1;
    }
    size_t signs = end;
    end = obi_run(text, end, OBI_ALNUM);
    bool digits = obi_run(text, signs, OBI_LETTER) < end;
    if (end - signs == 4 && end + 3 <= text.len) { /* the last one is a Han character */
        end += 3;
    } else if (end - signs != 5 && end - signs != 6) {
        return;
    }
    ob_span raw = ob_span_sub(text, start, end);
    bool cut = end == text.len && (scan->seen & OBI_SEEN_CUT) != 0;
    if (cut || !ob_canonical(OB_KIND_CN_PLATE, raw, value, sizeof value, &used)) {
        return;
    }
    ob_valid check = ob_validate(OB_KIND_CN_PLATE, (ob_span){value, used});
    if (check != OB_VALID_NO) {
        int near = (digits ? 0 : LETTERS) + (ob_span_has_prefix(raw, OB_SPAN("\u65b0")) ? NEW : 0);
        obi_found(scan, OB_KIND_CN_PLATE, start, end, check, "cn-plate",
                  signs > letter + 1 ? 0 : near);
    }
}

void obi_find_plate(obi_scan *scan)
{
    ob_span text = scan->text;
    for (size_t at = scan->from + 3; at < text.len; at++) {
        if (obi_is(text.ptr[at], OBI_LETTER) && (unsigned char)text.ptr[at - 1] >= 0x80 &&
            (unsigned char)text.ptr[at - 3] >= 0xe4 && (unsigned char)text.ptr[at - 3] <= 0xe9) {
            try_plate(scan, at);
        }
    }
}
