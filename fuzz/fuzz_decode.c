/* SPDX-License-Identifier: Apache-2.0 */
/* Any text: the views stay within the limits, their maps within the text and in one direction, but
 * for what stands behind an override of direction. */
#include "fuzz.h"

#include "detect/codings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_arena arena = {0};
    ob_views views;
    ob_err err = {0};
    hold(ob_decode_all(&views, &arena, (ob_span){(const char *)data, size}, &err));
    hold(views.count >= 1 && views.count <= OB_VIEWS_MAX && views.bytes <= OB_DECODE_MAX);
    for (size_t i = 0; i < views.count; i++) {
        const ob_view *view = &views.items[i];
        bool falls = view->map[0] > view->map[view->text.len];
        hold(view->depth <= OB_DECODE_DEPTH_MAX && (i == 0) == (view->depth == 0));
        for (size_t k = 0; k <= view->text.len; k++) {
            hold(view->map[k] <= size);
            hold(k == 0 || (view->steps & OBI_STEP(bidi)) != 0 ||
                 (falls ? view->map[k] <= view->map[k - 1] : view->map[k] >= view->map[k - 1]));
        }
    }
    ob_arena_fini(&arena);
    return 0;
}
