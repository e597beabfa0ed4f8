/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The normal form: one pass drops what is invisible and folds compatibility forms, look-alikes and
 * digits of other scripts to what they look like or stand for. The rows of this family share it,
 * and the steps of the view tell which of them changed something.
 */
#include "detect/codings.h"
#include "detect/runes.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Cyrillic, Greek and a few others that look like a Latin letter; sorted by code point.
 * scripts/rune-table reads this table. */
static const struct {
    uint16_t rune;
    char plain;
} alike[] = {
    {0x0131, 'i'}, {0x0251, 'a'}, {0x0261, 'g'}, {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'},
    {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'}, {0x039a, 'K'}, {0x039c, 'M'}, {0x039d, 'N'},
    {0x039f, 'O'}, {0x03a1, 'P'}, {0x03a4, 'T'}, {0x03a5, 'Y'}, {0x03a7, 'X'}, {0x03b1, 'a'},
    {0x03b9, 'i'}, {0x03bd, 'v'}, {0x03bf, 'o'}, {0x03c1, 'p'}, {0x03c5, 'u'}, {0x03c7, 'x'},
    {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'},
    {0x041a, 'K'}, {0x041c, 'M'}, {0x041d, 'H'}, {0x041e, 'O'}, {0x0420, 'P'}, {0x0421, 'C'},
    {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043e, 'o'},
    {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'},
    {0x0458, 'j'}, {0x04bb, 'h'}, {0x04cf, 'l'}, {0x0501, 'd'}, {0x051b, 'q'}, {0x051d, 'w'},
    {0x0555, 'O'}, {0x0578, 'n'}, {0x057d, 'u'}, {0x0581, 'g'}, {0x0585, 'o'}, {0x13aa, 'G'},
    {0x13b3, 'W'}, {0x13d4, 'V'}, {0x13de, 'L'}, {0x13df, 'C'}, {0x2010, '-'}, {0x2011, '-'},
    {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2212, '-'},
};

static char alike_plain(uint32_t rune)
{
    size_t low = 0;
    for (size_t high = OB_COUNT(alike); low < high;) {
        size_t middle = (low + high) / 2;
        if (alike[middle].rune == rune) {
            return alike[middle].plain;
        }
        if (alike[middle].rune < rune) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

static bool is_styled(uint32_t rune)
{
    return (rune >= 0x1d400 && rune <= 0x1d7ff) || (rune >= 0x2460 && rune <= 0x24ff) ||
           (rune >= 0x1f100 && rune <= 0x1f1ff) || (rune >= 0x2776 && rune <= 0x2793) ||
           (rune >= 0x2100 && rune <= 0x214f);
}

/* Regional signs, two of which make a flag, have no compatibility form. For the lexer they are
 * symbols; here they are letters. */
static char flag_letter(uint32_t rune)
{
    return rune >= 0x1f1e6 && rune < 0x1f1e6 + 26 ? (char)('A' + (rune - 0x1f1e6)) : '\0';
}

/* The step by which rune became one character of ASCII. */
static uint64_t step_to_plain(uint32_t rune, char plain)
{
    if (is_styled(rune)) {
        return OBI_STEP(circled);
    }
    if (obi_is_digit(plain) && rune > 0xff && (rune < 0x2070 || rune > 0x2089) &&
        (rune < 0xff10 || rune > 0xff19) && (rune < 0x1fbf0 || rune > 0x1fbf9)) {
        return OBI_STEP(digit_script);
    }
    return alike_plain(rune) != 0 ? OBI_STEP(homoglyph) : OBI_STEP(full_width);
}

/* The compatibility form in out, if it is short; its length, or 0. What it looks like in turn is
 * the business of the next round. */
static size_t compatible(const UNormalizer2 *form, uint32_t rune, char out[16])
{
    UChar wide[8];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = unorm2_getDecomposition(form, (UChar32)rune, wide, OB_COUNT(wide), &status);
    if (U_FAILURE(status) || count <= 0) {
        return 0;
    }
    UChar composed[8];
    count = unorm2_normalize(form, wide, count, composed, OB_COUNT(composed), &status);
    if (U_FAILURE(status)) {
        return 0;
    }
    int32_t len = 0;
    u_strToUTF8(out, 12, &len, composed, count, &status);
    char same[4];
    bool stays = len == (int32_t)ob_utf8_put(rune, same) && memcmp(out, same, (size_t)len) == 0;
    return U_FAILURE(status) || stays ? 0 : (size_t)len;
}

/* Most of Chinese and Korean text, which has no other form. */
static bool is_plain_block(uint32_t rune)
{
    return (rune >= 0x3400 && rune < 0xa000) || (rune >= 0xac00 && rune < 0xd7a4);
}

/* What rune becomes: *len bytes in out (0: dropped) and the step that did it; 0 if it stays. */
static uint64_t fold_rune(const UNormalizer2 *form, uint32_t rune, char out[16], size_t *len)
{
    if (is_plain_block(rune)) {
        return 0;
    }
    uint8_t is = obi_rune(rune);
    *len = 1;
    if (is > OBI_RUNE_HIDING) {
        out[0] = (char)is;
        return step_to_plain(rune, (char)is);
    }
    if (is == OBI_RUNE_HIDING && rune >= 0xe0020 && rune < 0xe007f) {
        out[0] = (char)(rune - 0xe0000);
        return OBI_STEP(tag_chars);
    }
    if (is == OBI_RUNE_HIDING || is == OBI_RUNE_INVISIBLE) {
        *len = 0;
        return OBI_STEP(zero_width);
    }
    if ((out[0] = flag_letter(rune)) != 0) {
        return OBI_STEP(circled);
    }
    *len = compatible(form, rune, out);
    if (*len > 0) {
        return is_styled(rune) ? OBI_STEP(circled) : OBI_STEP(full_width);
    }
    if (u_charType((UChar32)rune) == U_OTHER_NUMBER) {
        double value = u_getNumericValue((UChar32)rune);
        if (value >= 10 && value <= 10) {
            *len = 2;
            out[0] = '1';
            out[1] = '0';
            return is_styled(rune) ? OBI_STEP(circled) : OBI_STEP(digit_script);
        }
    }
    return 0;
}

bool obi_fold_all(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = NULL;
    obi_weave weave = {0};
    uint64_t steps = 0;
    size_t copied = 0;
    for (size_t pos = 0; pos < text.len;) {
        if ((unsigned char)text.ptr[pos] < 0x80) {
            pos++;
            continue;
        }
        if (form == NULL &&
            ((form = unorm2_getNFKCInstance(&status)) == NULL || U_FAILURE(status))) {
            return ob_fail(err, OB_ERR_BUG, "no Unicode data: %s", u_errorName(status));
        }
        size_t start = pos;
        uint32_t rune = 0;
        char out[16];
        size_t len = 0;
        (void)ob_utf8_next(text, &pos, &rune);
        uint64_t step = fold_rune(form, rune, out, &len);
        if (step == 0) {
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        steps |= step;
        if (!obi_weave_copy(&weave, copied, start, err) ||
            (len > 0 && !obi_weave_put(&weave, (ob_span){out, len}, start, err))) {
            return false;
        }
        copied = pos;
    }
    return weave.views == NULL || (obi_weave_copy(&weave, copied, text.len, err) &&
                                   obi_weave_done(&weave, text.len, steps, from->turned, err));
}

static bool encode_homoglyph(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    /* Every second letter at the most would leave short canaries as they are: so three of four. */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        uint32_t pick = 0;
        size_t seen = 0;
        for (size_t k = 0; obi_is_alpha(c) && k < OB_COUNT(alike); k++) {
            if (alike[k].plain == c && ob_rng_below(rng, ++seen) == 0) {
                pick = alike[k].rune;
            }
        }
        if (pick != 0 && ob_rng_below(rng, 4) != 0) {
            ob_buf_add_rune(out, pick);
        } else {
            ob_buf_add_char(out, c);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_zero_width(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const uint32_t hidden[] = {0x200b, 0x200c, 0x200d, 0x2060, 0xad, 0xfeff, 0x2062};
    uint32_t rune = 0;
    for (size_t pos = 0, start = 0; ob_utf8_next(text, &pos, &rune); start = pos) {
        if (start > 0) {
            ob_buf_add_rune(out, hidden[ob_rng_below(rng, OB_COUNT(hidden))]);
        }
        ob_buf_add(out, ob_span_sub(text, start, pos));
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_tag_chars(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    (void)rng;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 && c < 0x7f) {
            ob_buf_add_rune(out, 0xe0000U + c);
        } else {
            ob_buf_add_char(out, text.ptr[i]);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_full_width(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    (void)rng;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c > 0x20 && c < 0x7f) {
            ob_buf_add_rune(out, 0xff01U + c - 0x21);
        } else {
            ob_buf_add_char(out, text.ptr[i]);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_circled(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    bool bold = ob_rng_below(rng, 2) == 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        uint32_t offset = (unsigned char)c;
        if (c >= 'A' && c <= 'Z') {
            ob_buf_add_rune(out, (bold ? 0x1d400U : 0x24b6U) + offset - 'A');
        } else if (c >= 'a' && c <= 'z') {
            ob_buf_add_rune(out, (bold ? 0x1d41aU : 0x24d0U) + offset - 'a');
        } else if (obi_is_digit(c)) {
            ob_buf_add_rune(out, bold       ? 0x1d7ceU + offset - '0'
                                 : c == '0' ? 0x24eaU
                                            : 0x2460U + offset - '1');
        } else {
            ob_buf_add_char(out, c);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool encode_digit_script(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const uint32_t zeros[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xe50};
    uint32_t zero = zeros[ob_rng_below(rng, OB_COUNT(zeros))];
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (obi_is_digit(c)) {
            ob_buf_add_rune(out, zero + (uint32_t)(c - '0'));
        } else {
            ob_buf_add_char(out, c);
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

#define ROW(id, words)                 \
    const ob_coding ob_coding_##id = { \
        .name = #id,                   \
        .title = (words),              \
        .encode = encode_##id,         \
        .decode = obi_fold_all,        \
    }

ROW(circled, "Circled and mathematical letters");
ROW(digit_script, "Digits of another script");
ROW(full_width, "Full-width and other compatibility forms");
ROW(homoglyph, "Letters that look alike");
ROW(tag_chars, "Invisible tag characters");
ROW(zero_width, "Invisible characters between letters");
