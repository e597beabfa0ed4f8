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

/* What one pass over a short text sees. */
typedef struct signs {
    unsigned classes;
    unsigned percents;
    unsigned separators;
    unsigned apart;
    size_t run;   /* of base64 characters */
    bool more;    /* one of them is no hexadecimal digit or hyphen */
    size_t pairs; /* of hexadecimal digits */
    bool half;    /* the first digit of a pair was read */
    char high;    /* it */
    bool control; /* a pair is a control character */
    unsigned needs;
} signs;

static void see_hex(signs *s, char c, unsigned is)
{
    if ((is & OBI_HEX) == 0) {
        s->half = false;
        if ((is & OBI_NO_HEX) != 0) {
            s->needs |= s->pairs >= 8 && !s->control ? NEED_HEX_RUN : 0U;
            s->pairs = 0;
            s->control = false;
        }
        return;
    }
    s->half = !s->half;
    /* No text has bytes below 0x20, but for a few; of random bytes every eighth is one. */
    int low = obi_hex_value(c);
    s->control = s->control ||
                 (!s->half &&
                  (s->high == '1' || (s->high == '0' && low != 0x9 && low != 0xa && low != 0xd)));
    s->high = c;
    s->pairs += !s->half;
}

static void see_base64(signs *s, char c, unsigned is)
{
    if ((is & OBI_BASE64) != 0) {
        s->run++;
        s->more = s->more || ((is & OBI_HEX) == 0 && c != '-');
        return;
    }
    s->needs |= s->run >= 15 && s->more ? NEED_BASE64_RUN : 0U;
    s->run = 0;
    s->more = false;
}

static unsigned needs_strict(ob_span text)
{
    signs s = {0};
    unsigned before = OBI_SEPARATOR;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        unsigned is = obi_class(c);
        s.classes |= is;
        s.percents += c == '%';
        s.separators += (is & OBI_SEPARATOR) != 0;
        s.apart += (before & OBI_SEPARATOR) != 0 && (is & OBI_SEPARATOR) == 0 &&
                   (i + 1 == text.len || (obi_class(text.ptr[i + 1]) & OBI_SEPARATOR) != 0 ||
                    (is & OBI_HIGH) != 0);
        s.needs |= c == '&' ? NEED_ENTITY : c == '\\' ? NEED_ESCAPE : 0U;
        see_base64(&s, c, is);
        see_hex(&s, c, is);
        before = is;
    }
    see_base64(&s, ' ', 0);
    see_hex(&s, 'z', OBI_NO_HEX);
    bool high = (s.classes & OBI_HIGH) != 0;
    return s.needs | (high ? NEED_HIGH : 0U) | ((s.classes & OBI_LEET) != 0 ? NEED_LEET : 0U) |
           (s.percents >= 3 ? NEED_PERCENT : 0U) | (s.apart >= 5 ? NEED_APART : 0U) |
           (s.separators >= 5 || high ? NEED_WORDS : 0U);
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
