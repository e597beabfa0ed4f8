/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search works on a compact form of each view: letters and digits only, in one case and with
 * leet signs folded. Instead of turning every view, the canary itself is turned too: rot13 and
 * reversal commute with everything that works letter by letter. A match in the compact form is then
 * judged in the view.
 */
#include "detect/codings.h"

#include <unicode/uchar.h>

#define CANARY_MIN 8
#define CANARY_MAX 256
#define SIGNS_MIN  6
/* More bytes than this between two letters and they do not belong together. */
#define GAP_MAX 8
/* Bytes of echo that are searched in all before we give up on a flood of repeated canaries. */
#define ECHO_WORK ((size_t)256 << 20)

typedef struct pattern {
    char exact[CANARY_MAX]; /* in small letters */
    char folded[CANARY_MAX];
    size_t len;
    uint64_t steps;
} pattern;

typedef struct search {
    pattern patterns[4];
    bool digits_only;
    ob_span text;
    ob_span echoed;
    ob_span last_echo; /* the last form that was found in echoed */
    size_t work;
    char *signs;  /* of the view, folded; '\n' where a gap is too wide */
    uint32_t *at; /* byte of the view for each sign */
    size_t cap;
} search;

static inline char fold(const search *all, char c)
{
    if ((obi_class(c) & OBI_LEET) == 0) {
        return obi_lower(c);
    }
    return all->digits_only ? c : obi_leet_char(c);
}

static char rot13(char lower)
{
    return !obi_is_alpha(lower) ? lower : lower < 'n' ? (char)(lower + 13) : (char)(lower - 13);
}

static bool patterns_make(search *all, ob_span canary, ob_err *err)
{
    if (canary.len < CANARY_MIN || canary.len > CANARY_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "a canary has 8 to 256 bytes, not %zu", canary.len);
    }
    pattern plain = {0};
    size_t digits = 0;
    for (size_t i = 0; i < canary.len; i++) {
        char c = canary.ptr[i];
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
    all->digits_only = digits == plain.len;
    for (size_t kind = 0; kind < OB_COUNT(all->patterns); kind++) {
        pattern *made = &all->patterns[kind];
        *made = plain;
        made->steps = (kind & 1 ? OBI_STEP(reversed) : 0) | (kind & 2 ? OBI_STEP(rot13) : 0);
        for (size_t i = 0; i < plain.len; i++) {
            char c = plain.exact[kind & 1 ? plain.len - 1 - i : i];
            made->exact[i] = kind & 2 ? rot13(c) : c;
            made->folded[i] = fold(all, made->exact[i]);
        }
    }
    return true;
}

static bool signs_room(search *all, ob_arena *arena, size_t need, ob_err *err)
{
    if (all->signs != NULL && need <= all->cap) {
        return true;
    }
    all->cap = need;
    all->signs = OB_NEW(arena, char, need, err);
    all->at = OB_NEW(arena, uint32_t, need, err);
    return all->signs != NULL && all->at != NULL;
}

/* The compact form of a view: never longer than the view. */
static size_t signs_of(search *all, ob_span text)
{
    size_t count = 0;
    size_t behind = 0; /* of the last sign */
    for (size_t pos = 0; pos < text.len;) {
        char c = text.ptr[pos];
        unsigned is = obi_class(c);
        size_t start = pos++;
        bool sign =
            (is & (OBI_LETTER | OBI_DIGIT)) != 0 || (!all->digits_only && (is & OBI_LEET) != 0);
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
        if (wall || start - behind > GAP_MAX) {
            if (wall || count > 0) {
                all->at[count] = (uint32_t)(start > 0 ? start - 1 : 0);
                all->signs[count++] = '\n';
            }
        }
        behind = pos;
        if (sign) {
            all->at[count] = (uint32_t)start;
            all->signs[count++] = fold(all, c);
        }
    }
    return count;
}

static bool is_ignorable(ob_span text, size_t start)
{
    uint32_t rune = 0;
    return ob_utf8_next(text, &start, &rune) &&
           u_hasBinaryProperty((UChar32)rune, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
           !(rune >= 0xe0000 && rune <= 0xe01ef);
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

/* Part of a longer number is not a planted number. */
static bool is_bounded(ob_span text, size_t start, size_t end)
{
    return (start == 0 || !obi_is_alnum(text.ptr[start - 1])) &&
           (end == text.len || !obi_is_alnum(text.ptr[end]));
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

static bool judge(search *all, const ob_view *view, const pattern *made, size_t first,
                  ob_canary_hit *hit, bool *found, ob_err *err)
{
    size_t start = all->at[first];
    size_t end = (size_t)all->at[first + made->len - 1] + 1;
    uint64_t steps = view->steps ^ made->steps;
    for (size_t i = 0; i < made->len; i++) {
        if (obi_lower(view->text.ptr[all->at[first + i]]) != made->exact[i]) {
            steps |= OBI_STEP(leet);
        }
    }
    if (end - start > made->len && made->steps == 0 && (steps & OBI_STEP(spacing)) == 0) {
        size_t gaps = end - start - made->len;
        steps |= gaps * 2 >= made->len ? OBI_STEP(spacing) : 0;
    }
    for (size_t i = start; i < end; i++) {
        if ((unsigned char)view->text.ptr[i] >= 0xc2 && is_ignorable(view->text, i)) {
            steps |= OBI_STEP(zero_width);
        }
    }
    if (all->digits_only && !is_bounded(view->text, start, end)) {
        return true;
    }
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
    size_t count = signs_of(all, view->text);
    for (size_t k = 0; k < OB_COUNT(all->patterns); k++) {
        const pattern *made = &all->patterns[k];
        for (size_t pos = 0; pos + made->len <= count;) {
            const char *match = memmem(all->signs + pos, count - pos, made->folded, made->len);
            if (match == NULL) {
                break;
            }
            size_t first = (size_t)(match - all->signs);
            if (!judge(all, view, made, first, hit, found, err)) {
                return false;
            }
            if (*found) {
                return true;
            }
            pos = first + 1;
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
    if (!patterns_make(&all, canary, err) || !ob_decode_all(&views, arena, text, err)) {
        return ob_wrap(err, "look for a canary");
    }
    for (size_t i = 0; i < views.count && !*found; i++) {
        const ob_view *view = &views.items[i];
        /* A wall and a sign may both follow a gap, so two places a byte at the most. */
        if (!signs_room(&all, arena, view->text.len * 2 + 1, err) ||
            !view_search(&all, view, hit, found, err)) {
            return ob_wrap(err, "look for a canary");
        }
    }
    return true;
}
