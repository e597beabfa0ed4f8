/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: the normal form leads back into it in order, leaves ASCII alone, and takes all that the
 * table of runes promises to take. */
#include "fuzz.h"

#include "detect/codings.h"
#include "detect/runes.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Whether the compatibility form of a rune of text has that rune in it, beside others. */
static bool brings(ob_span text, uint32_t wanted)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *forms = unorm2_getNFKDInstance(&code);
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune);) {
        UChar form[64];
        code = U_ZERO_ERROR;
        int32_t len = unorm2_getDecomposition(forms, (UChar32)rune, form, 64, &code);
        if (U_SUCCESS(code) && len > 1 && u_memchr32(form, (UChar32)wanted, len) != NULL) {
            return true;
        }
    }
    return false;
}

/* Invisible runes are gone, and what stands for a character of ASCII became it: but for what a
 * compatibility form of several runes brought in, which the next round sees, and for a rune that
 * dropping what was between broken bytes put together. */
static void look(ob_span before, ob_span after)
{
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(after, &pos, &rune);) {
        char bytes[4];
        ob_span same = {bytes, ob_utf8_put(rune, bytes)};
        uint8_t is = rune < 0x80 ? OBI_RUNE_ALONE : obi_rune(rune);
        bool gone = is >= OBI_RUNE_INVISIBLE && is != OBI_RUNE_NUMERAL;
        hold(!gone || ob_utf8_bad(before) != SIZE_MAX ||
             ob_span_find(before, same, 0) == SIZE_MAX || brings(before, rune));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_arena arena = {0};
    ob_view items[2] = {{.text = {(const char *)data, size}}};
    ob_views views = {.arena = &arena, .items = items, .count = 1, .cap = 2};
    ob_err err = {0};
    uint32_t *map = OB_NEW(&arena, uint32_t, size + 1, &err);
    hold(map != NULL);
    for (size_t i = 0; i <= size; i++) {
        map[i] = (uint32_t)i;
    }
    items[0].map = map;
    hold(obi_fold_all(&views, &items[0], &err));
    bool ascii = true;
    for (size_t i = 0; i < size; i++) {
        ascii = ascii && data[i] < 0x80;
    }
    hold(!ascii || views.count == 1);
    if (views.count == 2) {
        const ob_view *view = &items[1];
        hold(view->steps != 0);
        for (size_t k = 0; k <= view->text.len; k++) {
            hold(view->map[k] <= size && (k == 0 || view->map[k] >= view->map[k - 1]));
        }
        look(items[0].text, view->text);
    }
    ob_arena_fini(&arena);
    return 0;
}
