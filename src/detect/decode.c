/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/codings.h"

#define OB_CODING(id) &ob_coding_##id,
const ob_coding *const ob_codings[] = {
#include "detect/codings.def"
};
#undef OB_CODING
const size_t ob_codings_count = OBI_CODINGS;

_Static_assert(OBI_CODINGS <= 64, "a steps mask has 64 bits");

/* What must be in a text for a decoder to find anything in it. */
typedef enum need {
    NEED_NOTHING = 0,
    NEED_HIGH = 1,       /* a byte beyond ASCII */
    NEED_LEET = 2,       /* a sign that stands for a letter */
    NEED_BASE64_RUN = 4, /* eleven characters of its alphabets in a row */
    NEED_HEX_RUN = 8     /* sixteen hexadecimal digits with no other letters between */
} need;

/* The order of decoding: what points at hiding first, whole-text turns last, so that a limit takes
 * the least telling views. Each decoder stands here once. */
static const struct {
    const ob_coding *coding;
    need need;
} order[] = {
    {&ob_coding_zero_width, NEED_HIGH}, /* and all else that folds */
    {&ob_coding_variation, NEED_HIGH},   {&ob_coding_base64, NEED_BASE64_RUN},
    {&ob_coding_hex, NEED_HEX_RUN},      {&ob_coding_percent, NEED_NOTHING},
    {&ob_coding_html, NEED_NOTHING},     {&ob_coding_escape, NEED_NOTHING},
    {&ob_coding_spacing, NEED_NOTHING},  {&ob_coding_digit_words, NEED_NOTHING},
    {&ob_coding_rot13, NEED_NOTHING},    {&ob_coding_leet, NEED_LEET},
    {&ob_coding_reversed, NEED_NOTHING},
};

/* One pass instead of one for each decoder: most texts have nothing for most of them. */
static unsigned needs_met(ob_span text)
{
    unsigned seen = 0;
    size_t base64 = 0;
    size_t hex = 0;
    size_t base64_most = 0;
    size_t hex_most = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned is = obi_class(text.ptr[i]);
        seen |= is;
        base64 = (is & OBI_BASE64) != 0 ? base64 + 1 : 0;
        base64_most = base64 > base64_most ? base64 : base64_most;
        hex = (is & OBI_NO_HEX) != 0 ? 0 : hex + (is & OBI_HEX) / OBI_HEX;
        hex_most = hex > hex_most ? hex : hex_most;
    }
    return ((seen & OBI_HIGH) != 0 ? NEED_HIGH : 0U) | ((seen & OBI_LEET) != 0 ? NEED_LEET : 0U) |
           (base64_most >= 11 ? NEED_BASE64_RUN : 0U) | (hex_most >= 16 ? NEED_HEX_RUN : 0U);
}

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
        unsigned met = needs_met(all.items[i].text);
        for (size_t k = 0; k < OB_COUNT(order); k++) {
            if ((order[k].need & ~met) == 0 && !order[k].coding->decode(&all, &all.items[i], err)) {
                return ob_wrap(err, "undo %s", order[k].coding->name);
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
