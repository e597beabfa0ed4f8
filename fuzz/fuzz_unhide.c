/* SPDX-License-Identifier: Apache-2.0 */
/* A segment behind its left context (the first byte says where it begins and what was seen): the
 * views stay within the limits, and every part of them leads to a part of the text. */
#include "fuzz.h"

#include "detect/unhide.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static obi_scan scan;
    ob_arena arena = {0};
    ob_views views = {0};
    ob_err err = {0};
    if (size == 0) {
        return 0;
    }
    size_t len = size - 1 > OBI_LEFT_MAX + OB_HOLD_MAX ? OBI_LEFT_MAX + OB_HOLD_MAX : size - 1;
    size_t from = (data[0] & 63U) > len ? len : data[0] & 63U;
    scan.text = (ob_span){(const char *)data + 1, len};
    scan.from = from;
    scan.seen = (data[0] & 64U) != 0 ? OBI_SEEN_FOLDS | OBI_SEEN_CODED : OBI_SEEN_CODED;
    scan.seen = (data[0] & 128U) != 0 ? OBI_SEEN_FOLDS : scan.seen;
    hold(obi_unhide(&scan, &arena, &views, &err));
    hold(views.count <= OB_VIEWS_MAX && views.bytes <= 4 * (len - from));
    for (size_t i = 1; i < views.count; i++) {
        const ob_view *view = &views.items[i];
        hold(view->depth >= 1 && view->depth <= OB_DECODE_DEPTH_MAX && view->steps != 0);
        for (size_t k = 0; k <= view->text.len; k++) {
            hold(view->map[k] <= len);
        }
        for (size_t k = 0; k + 1 <= view->text.len; k++) {
            size_t first = 0;
            size_t behind = 0;
            ob_view_place(view, k, k + 1, &first, &behind);
            hold(first <= behind && behind <= len);
        }
        hold(ob_span_is(ob_span_sub(view->text, 0, from), ob_span_sub(scan.text, 0, from)));
    }
    ob_arena_fini(&arena);
    return 0;
}
