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
    NEED_HEX_RUN = 8,    /* sixteen hexadecimal digits with no other letters between */
    /* Looked at in short texts only: in long ones they are always met. */
    NEED_PERCENT = 16, /* three signs */
    NEED_ENTITY = 32,  /* an ampersand */
    NEED_ESCAPE = 64,  /* a backslash */
    NEED_APART = 128,  /* five signs between separators */
    NEED_WORDS = 256   /* five separators, or a byte beyond ASCII */
} need;

/* The order of decoding: what points at hiding first, whole-text turns last, so that a limit takes
 * the least telling views. Each decoder stands here once. */
static const struct {
    const ob_coding *coding;
    uint64_t step;
    unsigned need;
} order[] = {
    {&ob_coding_zero_width, OBI_STEP(zero_width), NEED_HIGH}, /* and all else that folds */
    {&ob_coding_variation, OBI_STEP(variation), NEED_HIGH},
    {&ob_coding_bidi, OBI_STEP(bidi), NEED_HIGH},
    {&ob_coding_base64, OBI_STEP(base64), NEED_BASE64_RUN},
    {&ob_coding_hex, OBI_STEP(hex), NEED_HEX_RUN},
    {&ob_coding_percent, OBI_STEP(percent), NEED_PERCENT},
    {&ob_coding_html, OBI_STEP(html), NEED_ENTITY},
    {&ob_coding_escape, OBI_STEP(escape), NEED_ESCAPE},
    {&ob_coding_spacing, OBI_STEP(spacing), NEED_APART},
    {&ob_coding_digit_words, OBI_STEP(digit_words), NEED_WORDS},
    {&ob_coding_rot13, OBI_STEP(rot13), NEED_NOTHING},
    {&ob_coding_leet, OBI_STEP(leet), NEED_LEET},
    {&ob_coding_reversed, OBI_STEP(reversed), NEED_NOTHING},
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
           (base64_most >= 11 ? NEED_BASE64_RUN : 0U) | (hex_most >= 16 ? NEED_HEX_RUN : 0U) |
           NEED_PERCENT | NEED_ENTITY | NEED_ESCAPE | NEED_APART | NEED_WORDS;
}

/* How many of base64 and of hexadecimal digits must be in a row. */
#define BASE64_RUN 15
#define HEX_RUN    16

/* Whether a byte has none of these classes, or is not there. */
static bool is_none(ob_span text, size_t at, unsigned classes)
{
    return at >= text.len || (obi_class(text.ptr[at]) & classes) == 0;
}

/* A run of base64 characters of which one is no hexadecimal digit or hyphen. A run that is long
 * enough has a byte at a multiple of its length, so most bytes need no look. */
static bool has_base64(ob_span text)
{
    for (size_t i = BASE64_RUN - 1; i < text.len; i += BASE64_RUN) {
        if (is_none(text, i, OBI_BASE64)) {
            continue;
        }
        size_t start = i;
        bool more = false;
        while (start > 0 && !is_none(text, start - 1, OBI_BASE64)) {
            start--;
        }
        for (i = start; !is_none(text, i, OBI_BASE64); i++) {
            more = more || ((obi_class(text.ptr[i]) & OBI_HEX) == 0 && text.ptr[i] != '-');
        }
        if (more && i - start >= BASE64_RUN) {
            return true;
        }
        /* The next place of a run that begins behind i. */
    }
    return false;
}

/* Eight pairs of hexadecimal digits in a stretch without other letters. No text has bytes below
 * 0x20, but for a few; of random bytes every eighth is one. */
static bool is_hex(ob_span stretch)
{
    size_t pairs = 0;
    char high = 0;
    for (size_t i = 0; i < stretch.len; i++) {
        char c = stretch.ptr[i];
        if ((obi_class(c) & OBI_HEX) == 0) {
            high = 0;
        } else if (high == 0) {
            high = c;
        } else {
            int low = obi_hex_value(c);
            pairs++;
            if (high == '1' || (high == '0' && low != 0x9 && low != 0xa && low != 0xd)) {
                return false;
            }
            high = 0;
        }
    }
    return pairs >= HEX_RUN / 2;
}

/* As has_base64, for stretches. */
static bool has_hex(ob_span text)
{
    for (size_t i = HEX_RUN - 1; i < text.len; i += HEX_RUN) {
        if (!is_none(text, i, OBI_NO_HEX)) {
            continue;
        }
        size_t start = i;
        while (start > 0 && is_none(text, start - 1, OBI_NO_HEX)) {
            start--;
        }
        while (i < text.len && is_none(text, i, OBI_NO_HEX)) {
            i++;
        }
        if (i - start >= HEX_RUN && is_hex(ob_span_sub(text, start, i))) {
            return true;
        }
    }
    return false;
}

static bool has_percents(ob_span text)
{
    unsigned count = 0;
    for (const char *at = text.ptr, *end = text.ptr + text.len;
         count < 3 && at < end && (at = memchr(at, '%', (size_t)(end - at))) != NULL; at++) {
        count++;
    }
    return count >= 3;
}

/* How many signs stand between two separators, times OBI_SEPARATOR. */
static unsigned signs_apart(ob_span text)
{
    unsigned apart = 0;
    unsigned first = 0; /* the classes of the two bytes before */
    unsigned second = OBI_SEPARATOR;
    for (size_t i = 0; i < text.len; i++) {
        unsigned is = obi_class(text.ptr[i]);
        /* Behind a byte beyond ASCII there need be none. */
        apart += first & ~second & (is | second / (OBI_HIGH / OBI_SEPARATOR)) & OBI_SEPARATOR;
        first = second;
        second = is;
    }
    return apart + (first & ~second & OBI_SEPARATOR);
}

static unsigned needs_strict(ob_span text)
{
    unsigned classes = 0;
    unsigned separators = 0;
    unsigned digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned is = obi_class(text.ptr[i]);
        classes |= is;
        separators += is & OBI_SEPARATOR;
        digits += is & OBI_HEX;
    }
    /* Of ASCII there are no more signs apart than separators, and one at the end. */
    bool high = (classes & OBI_HIGH) != 0;
    return (high ? NEED_HIGH : 0U) | ((classes & OBI_LEET) != 0 ? NEED_LEET : 0U) |
           ((high || separators >= 4 * OBI_SEPARATOR) && signs_apart(text) >= 5 * OBI_SEPARATOR
                ? NEED_APART
                : 0U) |
           (separators >= 5 * OBI_SEPARATOR || high ? NEED_WORDS : 0U) |
           (has_base64(text) ? NEED_BASE64_RUN : 0U) |
           (digits >= HEX_RUN * OBI_HEX && has_hex(text) ? NEED_HEX_RUN : 0U) |
           (has_percents(text) ? NEED_PERCENT : 0U) |
           (ob_span_find(text, OB_SPAN("&"), 0) != SIZE_MAX ? NEED_ENTITY : 0U) |
           (ob_span_find(text, OB_SPAN("\\"), 0) != SIZE_MAX ? NEED_ESCAPE : 0U);
}

uint64_t obi_decode_signs(ob_span text, uint64_t mask)
{
    unsigned met = needs_strict(text);
    uint64_t all = 0;
    for (size_t k = 0; k < OB_COUNT(order); k++) {
        all |= (order[k].need & ~met) == 0 ? order[k].step & mask : 0;
    }
    return all;
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

/* A number, or a token of letters and digits. */
static bool has_token(ob_span text)
{
    size_t digits = 0;
    size_t run = 0;
    for (size_t i = 0; i < text.len; i++) {
        digits += obi_is_digit(text.ptr[i]);
        run = obi_is_alnum(text.ptr[i]) ? run + 1 : 0;
        if (digits >= 6 || run >= 16) {
            return true;
        }
    }
    return false;
}

/* Whether the view that step gave is worth a look. */
static bool is_worth(const ob_view *view, uint64_t step)
{
    if (step == OBI_STEP(digit_words)) {
        return has_token(view->text);
    }
    return (step != OBI_STEP(base64) && step != OBI_STEP(hex)) || obi_mostly_text(view->text);
}

bool obi_decode_more(ob_views *views, uint64_t first, uint64_t mask, bool strict, ob_err *err)
{
    for (size_t i = 0; i < views->count && views->items[i].depth < OB_DECODE_DEPTH_MAX; i++) {
        ob_span text = views->items[i].text;
        uint64_t chosen = views->items[i].depth == 0 ? first : mask;
        /* What the text itself needs is in first already. */
        unsigned met = !strict                      ? needs_met(text)
                       : views->items[i].depth == 0 ? ~0U
                                                    : needs_strict(text);
        for (size_t k = 0; k < OB_COUNT(order); k++) {
            size_t count = views->count;
            if ((order[k].need & ~met) != 0 || (order[k].step & chosen) == 0) {
                continue;
            }
            if (!order[k].coding->decode(views, &views->items[i], err)) {
                return ob_wrap(err, "undo %s", order[k].coding->name);
            }
            if (strict && views->count > count && !is_worth(&views->items[count], order[k].step)) {
                views->bytes -= views->items[count].text.len;
                views->count = count;
            }
        }
    }
    return true;
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
    if (!obi_decode_more(&all, UINT64_MAX, UINT64_MAX, false, err)) {
        return false;
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
