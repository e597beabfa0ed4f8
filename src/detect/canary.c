/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/canary.h"

#include "detect/codings.h"

#include <unicode/uchar.h>

#define SIGNS_MIN 6
/* More bytes than this between two letters and they do not belong together. */
#define GAP_MAX 8
/* Bytes of echo that are searched in all before we give up on a flood of repeated canaries. */
#define ECHO_WORK ((size_t)256 << 20)

static inline char fold(bool digits_only, char c)
{
    if ((obi_class(c) & OBI_LEET) == 0) {
        return obi_lower(c);
    }
    return digits_only ? c : obi_leet_char(c);
}

static char rot13(char lower)
{
    return !obi_is_alpha(lower) ? lower : lower < 'n' ? (char)(lower + 13) : (char)(lower - 13);
}

bool obi_canary_make(obi_canary *canary, ob_span value, ob_err *err)
{
    if (value.len < OBI_CANARY_MIN || value.len > OBI_CANARY_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "a canary has 8 to 256 bytes, not %zu", value.len);
    }
    obi_canary_form plain = {0};
    size_t digits = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (obi_is_alnum(c)) {
            plain.exact[plain.len++] = obi_lower(c);
            digits += obi_is_digit(c);
        } else if (c != '-' && c != '_' && c != ' ') {
            return ob_fail(err, OB_ERR_INPUT, "a canary holds letters, digits, - _ and space only");
        }
    }
    if (plain.len < SIGNS_MIN) {
        return ob_fail(err, OB_ERR_INPUT, "a canary needs six letters or digits");
    }
    canary->digits_only = digits == plain.len;
    for (size_t kind = 0; kind < OBI_CANARY_FORMS; kind++) {
        obi_canary_form *made = &canary->forms[kind];
        *made = plain;
        made->steps = (kind & 1 ? OBI_STEP(reversed) : 0) | (kind & 2 ? OBI_STEP(rot13) : 0);
        for (size_t i = 0; i < plain.len; i++) {
            char c = plain.exact[kind & 1 ? plain.len - 1 - i : i];
            made->exact[i] = kind & 2 ? rot13(c) : c;
            made->folded[i] = fold(canary->digits_only, made->exact[i]);
        }
    }
    return true;
}

static void add_sign(obi_signs *signs, size_t at, char c)
{
    signs->at[signs->count] = (uint32_t)at;
    signs->signs[signs->count++] = c;
}

void obi_signs_read(obi_signs *signs, ob_span text, size_t from, bool digits_only)
{
    signs->count = 0;
    signs->behind = from;
    for (size_t pos = from; pos < text.len;) {
        char c = text.ptr[pos];
        unsigned is = obi_class(c);
        size_t start = pos++;
        bool sign = (is & (OBI_LETTER | OBI_DIGIT)) != 0 || (!digits_only && (is & OBI_LEET) != 0);
        bool wall = false;
        if ((is & OBI_HIGH) != 0) {
            uint32_t rune = 0;
            pos = start;
            (void)ob_utf8_next(text, &pos, &rune);
            wall = u_isalnum((UChar32)rune);
        }
        if (!sign && !wall) {
            continue;
        }
        if ((wall || start - signs->behind > GAP_MAX) && (wall || signs->count > 0)) {
            add_sign(signs, start > 0 ? start - 1 : 0, '\n');
        }
        signs->behind = pos;
        if (sign) {
            add_sign(signs, start, fold(digits_only, c));
        }
    }
}

static bool is_ignorable(ob_span text, size_t start)
{
    uint32_t rune = 0;
    return ob_utf8_next(text, &start, &rune) &&
           u_hasBinaryProperty((UChar32)rune, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
           !(rune >= 0xe0000 && rune <= 0xe01ef);
}

/* Part of a longer number is not a planted number. */
static bool is_bounded(ob_span text, size_t start, size_t end)
{
    return (start == 0 || !obi_is_alnum(text.ptr[start - 1])) &&
           (end == text.len || !obi_is_alnum(text.ptr[end]));
}

bool obi_canary_next(const obi_canary *canary, size_t form, const obi_signs *signs, ob_span text,
                     size_t *pos, size_t *start, size_t *end)
{
    const obi_canary_form *made = &canary->forms[form];
    while (*pos + made->len <= signs->count) {
        const char *match =
            memmem(signs->signs + *pos, signs->count - *pos, made->folded, made->len);
        if (match == NULL) {
            break;
        }
        size_t first = (size_t)(match - signs->signs);
        *pos = first + 1;
        *start = signs->at[first];
        *end = (size_t)signs->at[first + made->len - 1] + 1;
        if (!canary->digits_only || is_bounded(text, *start, *end)) {
            return true;
        }
    }
    *pos = signs->count;
    return false;
}

size_t obi_canary_pending(const obi_canary *canary, const obi_signs *signs, size_t end)
{
    size_t longest = canary->forms[0].len;
    if (end - signs->behind > GAP_MAX) {
        return signs->count;
    }
    for (size_t len = longest < signs->count ? longest : signs->count; len > 0; len--) {
        const char *tail = signs->signs + signs->count - len;
        for (size_t form = 0; form < OBI_CANARY_FORMS; form++) {
            /* All of a number is one only if no digit follows. */
            bool whole = len == longest && !(canary->digits_only && signs->behind == end);
            if (!whole && memcmp(tail, canary->forms[form].folded, len) == 0) {
                return signs->count - len;
            }
        }
    }
    return signs->count;
}

uint64_t obi_canary_steps(const obi_canary *canary, size_t form, ob_span text, size_t start,
                          size_t end)
{
    const obi_canary_form *made = &canary->forms[form];
    uint64_t steps = made->steps;
    size_t next = 0;
    for (size_t i = start; i < end; i++) {
        unsigned is = obi_class(text.ptr[i]);
        bool sign =
            (is & (OBI_LETTER | OBI_DIGIT)) != 0 || (!canary->digits_only && (is & OBI_LEET) != 0);
        if (sign && next < made->len && obi_lower(text.ptr[i]) != made->exact[next]) {
            steps |= OBI_STEP(leet);
        }
        next += sign;
        if ((unsigned char)text.ptr[i] >= 0xc2 && is_ignorable(text, i)) {
            steps |= OBI_STEP(zero_width);
        }
    }
    if (end - start > made->len && made->steps == 0) {
        size_t gaps = end - start - made->len;
        steps |= gaps * 2 >= made->len ? OBI_STEP(spacing) : 0;
    }
    return steps;
}

/* ob_canary_find: one canary in all views of a text. */
typedef struct search {
    obi_canary canary;
    ob_span text;
    ob_span echoed;
    ob_span last_echo; /* the last form that was found in echoed */
    size_t work;
    obi_signs signs; /* of a view */
    size_t cap;
} search;

static bool signs_room(search *all, ob_arena *arena, size_t need, ob_err *err)
{
    if (all->signs.signs != NULL && need <= all->cap) {
        return true;
    }
    all->cap = need;
    all->signs.signs = OB_NEW(arena, char, need, err);
    all->signs.at = OB_NEW(arena, uint32_t, need, err);
    return all->signs.signs != NULL && all->signs.at != NULL;
}

/* A place may end with invisible characters that the view has dropped behind the canary. */
static void place_trim(ob_span text, size_t start, size_t *end)
{
    while (*end > start) {
        size_t last = *end - 1;
        while (last > start && ((unsigned char)text.ptr[last] & 0xc0) == 0x80) {
            last--;
        }
        if ((unsigned char)text.ptr[last] < 0x80 || !is_ignorable(text, last)) {
            return;
        }
        *end = last;
    }
}

static bool is_echo(search *all, ob_span form, bool *echo, ob_err *err)
{
    *echo = false;
    if (all->echoed.len == 0) {
        return true;
    }
    if (form.len == all->last_echo.len && ob_span_is(form, all->last_echo)) {
        *echo = true;
        return true;
    }
    all->work += all->echoed.len;
    if (all->work > ECHO_WORK) {
        return ob_fail(err, OB_ERR_LIMIT, "too many forms of the canary to compare with the echo");
    }
    *echo = memmem(all->echoed.ptr, all->echoed.len, form.ptr, form.len) != NULL;
    if (*echo) {
        all->last_echo = form;
    }
    return true;
}

static bool judge(search *all, const ob_view *view, size_t form, size_t start, size_t end,
                  ob_canary_hit *hit, bool *found, ob_err *err)
{
    uint64_t turned = all->canary.forms[form].steps;
    uint64_t own = obi_canary_steps(&all->canary, form, view->text, start, end);
    uint64_t steps = (view->steps ^ turned) | (own & ~turned);
    size_t from = 0;
    size_t behind = 0;
    ob_view_place(view, start, end, &from, &behind);
    place_trim(all->text, from, &behind);
    bool echo = false;
    if (!is_echo(all, ob_span_sub(all->text, from, behind), &echo, err)) {
        return false;
    }
    if (!echo) {
        *hit = (ob_canary_hit){.start = from, .end = behind, .steps = steps};
        *found = true;
    }
    return true;
}

static bool view_search(search *all, const ob_view *view, ob_canary_hit *hit, bool *found,
                        ob_err *err)
{
    obi_signs_read(&all->signs, view->text, 0, all->canary.digits_only);
    for (size_t form = 0; form < OBI_CANARY_FORMS; form++) {
        size_t start = 0;
        size_t end = 0;
        for (size_t pos = 0;
             obi_canary_next(&all->canary, form, &all->signs, view->text, &pos, &start, &end);) {
            if (!judge(all, view, form, start, end, hit, found, err)) {
                return false;
            }
            if (*found) {
                return true;
            }
        }
    }
    return true;
}

bool ob_canary_find(ob_arena *arena, ob_span text, ob_span canary, ob_span echoed,
                    ob_canary_hit *hit, bool *found, ob_err *err)
{
    search all = {.text = text, .echoed = echoed};
    ob_views views;
    *found = false;
    if (!obi_canary_make(&all.canary, canary, err) || !ob_decode_all(&views, arena, text, err)) {
        return ob_wrap(err, "look for a canary");
    }
    for (size_t i = 0; i < views.count && !*found; i++) {
        const ob_view *view = &views.items[i];
        if (!signs_room(&all, arena, OBI_SIGNS_ROOM(view->text.len), err) ||
            !view_search(&all, view, hit, found, err)) {
            return ob_wrap(err, "look for a canary");
        }
    }
    return true;
}
