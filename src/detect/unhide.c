/* SPDX-License-Identifier: Apache-2.0 */
/* Views of a segment: the decoders that its signs call for, with what stands before as context. */
#include "detect/unhide.h"

#include "detect/codings.h"

#define VIEWS_MAX 16 /* of one segment */

#define FOLDS (OBI_STEP(zero_width) | OBI_STEP(variation))
#define CODES                                                                                 \
    (OBI_STEP(base64) | OBI_STEP(bidi) | OBI_STEP(hex) | OBI_STEP(percent) | OBI_STEP(html) | \
     OBI_STEP(escape) | OBI_STEP(spacing) | OBI_STEP(digit_words))

/* Puts what stands before the decoded part in front of it. Some decoders keep the text around what
 * they decode, others only what came out. */
static bool add_context(const obi_scan *scan, ob_arena *arena, ob_view *view, ob_err *err)
{
    size_t before = (view->steps & OBI_STEP(bidi)) != 0 ? scan->from : view->map[0];
    size_t len = before + view->text.len;
    char *text = OB_NEW(arena, char, len, err);
    uint32_t *map = OB_NEW(arena, uint32_t, len + 1, err);
    if (text == NULL || map == NULL) {
        return false;
    }
    memcpy(text, scan->text.ptr, before);
    memcpy(text + before, view->text.ptr, view->text.len);
    for (size_t i = 0; i < before; i++) {
        map[i] = (uint32_t)i;
    }
    memcpy(map + before, view->map, (view->text.len + 1) * sizeof *map);
    view->text = (ob_span){text, len};
    view->map = map;
    return true;
}

bool obi_unhide(const obi_scan *scan, ob_arena *arena, ob_views *views, ob_err *err)
{
    ob_span text = ob_span_sub(scan->text, scan->from, scan->text.len);
    uint64_t first = ((scan->seen & OBI_SEEN_FOLDS) != 0 ? FOLDS : 0) |
                     ((scan->seen & OBI_SEEN_CODED) != 0 ? CODES : 0);
    ob_views all = {.arena = arena, .cap = VIEWS_MAX, .most = 4 * text.len};
    first = obi_decode_signs(text, first);
    if (first == 0) {
        *views = all;
        return true;
    }
    all.items = OB_NEW(arena, ob_view, all.cap, err);
    uint32_t *map = OB_NEW(arena, uint32_t, text.len + 1, err);
    if (all.items == NULL || map == NULL) {
        return false;
    }
    for (size_t i = 0; i <= text.len; i++) {
        map[i] = (uint32_t)(scan->from + i);
    }
    all.items[all.count++] = (ob_view){.text = text, .map = map};
    if (!obi_decode_more(&all, first, FOLDS | CODES, true, err)) {
        return false;
    }
    for (size_t i = 1; i < all.count; i++) {
        if (!add_context(scan, arena, &all.items[i], err)) {
            return false;
        }
    }
    *views = all;
    return true;
}
