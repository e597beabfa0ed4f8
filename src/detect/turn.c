/* SPDX-License-Identifier: Apache-2.0 */
/* Codings that turn a text as a whole: rot13, reversal, leet, and letter case. */
#include "detect/codings.h"

static char rot13_char(char c)
{
    if (!obi_is_alpha(c)) {
        return c;
    }
    return obi_lower(c) < 'n' ? (char)(c + 13) : (char)(c - 13);
}

static bool encode_rot13(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    (void)rng;
    for (size_t i = 0; i < text.len; i++) {
        ob_buf_add_char(out, rot13_char(text.ptr[i]));
    }
    return ob_buf_check(out, "encoded text", err);
}

/* Whole-text turns are undone near the root only, and each order of two of them once: they commute,
 * and every one doubles the work below it. */
static bool may_turn(const ob_view *from, uint64_t behind)
{
    return from->depth <= 1 && (from->turned & behind) == 0;
}

static bool decode_rot13(ob_views *views, const ob_view *from, ob_err *err)
{
    obi_weave weave;
    if (!may_turn(from, OBI_STEP(rot13) | OBI_STEP(reversed)) || from->text.len == 0) {
        return true;
    }
    if (!obi_weave_start(&weave, views, from)) {
        return true;
    }
    if (!obi_weave_copy(&weave, 0, from->text.len, err)) {
        return false;
    }
    for (size_t i = 0; i < weave.len; i++) {
        weave.out[i] = rot13_char(weave.out[i]);
    }
    return obi_weave_done(&weave, from->text.len, OBI_STEP(rot13), from->turned | OBI_STEP(rot13),
                          err);
}

static size_t rune_start(ob_span text, size_t end)
{
    size_t pos = end - 1;
    while (pos > 0 && end - pos < 4 && ((unsigned char)text.ptr[pos] & 0xc0) == 0x80) {
        pos--;
    }
    size_t check = pos;
    uint32_t rune = 0;
    (void)ob_utf8_next(text, &check, &rune);
    return check == end ? pos : end - 1;
}

static bool encode_reversed(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    (void)rng;
    for (size_t end = text.len; end > 0;) {
        size_t start = rune_start(text, end);
        ob_buf_add(out, ob_span_sub(text, start, end));
        end = start;
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool decode_reversed(ob_views *views, const ob_view *from, ob_err *err)
{
    obi_weave weave;
    if (!may_turn(from, OBI_STEP(reversed)) || from->text.len < 2) {
        return true;
    }
    if (!obi_weave_start(&weave, views, from)) {
        return true;
    }
    /* Reserves room in one go; the limit may have made it less. */
    if (!obi_weave_copy(&weave, 0, from->text.len, err)) {
        return false;
    }
    size_t len = 0;
    size_t end = from->text.len;
    while (end > 0) {
        size_t start =
            (unsigned char)from->text.ptr[end - 1] < 0x80 ? end - 1 : rune_start(from->text, end);
        if (end - start > weave.len - len) {
            break;
        }
        for (size_t i = start; i < end; i++, len++) {
            weave.out[len] = from->text.ptr[i];
            weave.map[len] = from->map[end];
        }
        end = start;
    }
    weave.len = len;
    return obi_weave_done(&weave, 0, OBI_STEP(reversed), from->turned | OBI_STEP(reversed), err);
}

static const char leet_plain[] = "oieast";
static const char leet_signs[] = "013457";

static bool encode_leet(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    bool all = ob_rng_below(rng, 2) == 0;
    for (size_t i = 0; i < text.len; i++) {
        char lower = obi_lower(text.ptr[i]);
        const char *at = lower == 0 ? NULL : strchr(leet_plain, lower);
        bool turn = at != NULL && (all || ob_rng_below(rng, 4) != 0);
        ob_buf_add_char(out, turn ? leet_signs[at - leet_plain] : text.ptr[i]);
    }
    return ob_buf_check(out, "encoded text", err);
}

/* A word of letters with signs among them: "1gn0r3". Numbers and plain words stay as they are. */
static bool is_leet_word(ob_span word)
{
    size_t letters = 0;
    size_t signs = 0;
    for (size_t i = 0; i < word.len; i++) {
        letters += obi_is_alpha(word.ptr[i]);
        signs += obi_leet_char(word.ptr[i]) != word.ptr[i];
    }
    return word.len >= 3 && letters > 0 && signs > 0 && letters + signs == word.len;
}

static bool is_word_char(char c)
{
    return obi_is_alnum(c) || c == '@' || c == '$';
}

static bool decode_leet(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t copied = 0;
    if (!may_turn(from, OBI_STEP(leet))) {
        return true;
    }
    for (size_t pos = 0; pos < text.len;) {
        size_t end = pos;
        while (end < text.len && is_word_char(text.ptr[end])) {
            end++;
        }
        if (!is_leet_word(ob_span_sub(text, pos, end))) {
            pos = end + 1;
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        if (!obi_weave_copy(&weave, copied, end, err)) {
            return false;
        }
        for (size_t i = weave.len - (weave.full ? 0 : end - pos); i < weave.len; i++) {
            weave.out[i] = obi_leet_char(weave.out[i]);
        }
        copied = end;
        pos = end;
    }
    return weave.views == NULL ||
           (obi_weave_copy(&weave, copied, text.len, err) &&
            obi_weave_done(&weave, text.len, OBI_STEP(leet), from->turned | OBI_STEP(leet), err));
}

static bool encode_case(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        ob_buf_add_char(out, obi_is_alpha(c) && ob_rng_below(rng, 2) == 0 ? (char)(c ^ 32) : c);
    }
    return ob_buf_check(out, "encoded text", err);
}

const ob_coding ob_coding_rot13 = {
    .name = "rot13",
    .title = "Letters moved by thirteen",
    .encode = encode_rot13,
    .decode = decode_rot13,
};

const ob_coding ob_coding_reversed = {
    .name = "reversed",
    .title = "Written backwards",
    .encode = encode_reversed,
    .decode = decode_reversed,
};

const ob_coding ob_coding_leet = {
    .name = "leet",
    .title = "Digits for letters",
    .encode = encode_leet,
    .decode = decode_leet,
};

/* Nothing to undo: every search ignores case. */
const ob_coding ob_coding_case = {
    .name = "case",
    .title = "Random case",
    .encode = encode_case,
};
