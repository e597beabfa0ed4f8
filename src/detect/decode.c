/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/codings.h"

#define OB_CODING(id) &ob_coding_##id,
const ob_coding *const ob_codings[] = {
#include "detect/codings.def"
};
#undef OB_CODING
const size_t ob_codings_count = OBI_CODINGS;

_Static_assert(OBI_CODINGS <= 64, "a steps mask has 64 bits");

/* The order of decoding: what points at hiding first, whole-text turns last, so that a limit takes
 * the least telling views. Each decoder stands here once. */
static const ob_coding *const order[] = {
    &ob_coding_zero_width, /* and all else that folds */
    &ob_coding_variation,  &ob_coding_base64, &ob_coding_hex,      &ob_coding_percent,
    &ob_coding_html,       &ob_coding_escape, &ob_coding_spacing,  &ob_coding_digit_words,
    &ob_coding_rot13,      &ob_coding_leet,   &ob_coding_reversed,
};

const ob_coding *ob_coding_find(ob_span name)
{
    for (size_t i = 0; i < ob_codings_count; i++) {
        if (ob_span_is_str(name, ob_codings[i]->name)) {
            return ob_codings[i];
        }
    }
    return NULL;
}

bool ob_decode_all(ob_views *views, ob_arena *arena, ob_span text, ob_err *err)
{
    if (text.len >= UINT32_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "text of %zu bytes is too long to decode", text.len);
    }
    ob_views all = {.arena = arena, .cap = OB_VIEWS_MAX};
    all.items = OB_NEW(arena, ob_view, all.cap, err);
    uint32_t *map = OB_NEW(arena, uint32_t, text.len + 1, err);
    if (all.items == NULL || map == NULL) {
        return false;
    }
    for (size_t i = 0; i <= text.len; i++) {
        map[i] = (uint32_t)i;
    }
    all.items[all.count++] = (ob_view){.text = text, .map = map};
    for (size_t i = 0; i < all.count && all.items[i].depth < OB_DECODE_DEPTH_MAX; i++) {
        for (size_t k = 0; k < OB_COUNT(order); k++) {
            if (!order[k]->decode(&all, &all.items[i], err)) {
                return ob_wrap(err, "undo %s", order[k]->name);
            }
        }
    }
    *views = all;
    return true;
}

void ob_view_place(const ob_view *view, size_t start, size_t end, size_t *first, size_t *behind)
{
    uint32_t a = view->map[start];
    uint32_t b = view->map[end];
    *first = a < b ? a : b;
    *behind = a < b ? b : a;
}

void ob_steps_show(uint64_t steps, ob_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < ob_codings_count; i++) {
        if ((steps >> i & 1) != 0) {
            ob_buf_add_str(out, any ? ", " : "");
            ob_buf_add_str(out, ob_codings[i]->name);
            any = true;
        }
    }
    if (!any) {
        ob_buf_add_str(out, "as sent");
    }
}
