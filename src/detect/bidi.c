/* SPDX-License-Identifier: Apache-2.0 */
/* Text behind a right-to-left override (UAX 9), which stands reversed and is shown the right way.
 */
#include "detect/codings.h"

#define OVERRIDE 0x202e
#define POP      0x202c
#define MARK     3 /* bytes of each of these */

static bool is_mark(ob_span text, size_t pos, unsigned rune)
{
    return text.len - pos >= MARK && text.ptr[pos] == '\xe2' && text.ptr[pos + 1] == '\x80' &&
           (unsigned char)text.ptr[pos + 2] == (0x80U | (rune & 63U));
}

/* Where the rune that ends at end begins; a byte that is no part of one stands alone. */
static size_t rune_before(ob_span text, size_t start, size_t end)
{
    size_t pos = end - 1;
    while (pos > start && end - pos < 4 && ((unsigned char)text.ptr[pos] & 0xc0) == 0x80) {
        pos--;
    }
    size_t check = pos;
    uint32_t rune = 0;
    (void)ob_utf8_next(text, &check, &rune);
    return check == end ? pos : end - 1;
}

static bool encode(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    (void)rng;
    ob_buf_add_rune(out, OVERRIDE);
    for (size_t end = text.len; end > 0;) {
        size_t start = rune_before(text, 0, end);
        ob_buf_add(out, ob_span_sub(text, start, end));
        end = start;
    }
    ob_buf_add_rune(out, POP);
    return ob_buf_check(out, "encoded text", err);
}

/* Adds the stretch from start to end backwards. What is found at either end of it takes the marks
 * with it, and a line feed keeps the falling map apart from the rising one behind. */
static bool turn(obi_weave *weave, ob_span text, size_t start, size_t end, size_t behind,
                 ob_err *err)
{
    size_t place = behind;
    for (size_t at = end; at > start;) {
        size_t rune = rune_before(text, start, at);
        if (!obi_weave_put(weave, ob_span_sub(text, rune, at), place, err)) {
            return false;
        }
        place = rune;
        at = rune;
    }
    return obi_weave_part(weave, start - MARK, err);
}

static bool decode(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t copied = 0;
    /* What was turned once and holds another override would have a map that falls and rises. */
    if ((from->steps & (OBI_STEP(bidi) | OBI_STEP(reversed))) != 0) {
        return true;
    }
    for (size_t pos = 0; pos + MARK < text.len; pos++) {
        if (text.ptr[pos] != '\xe2' || !is_mark(text, pos, OVERRIDE)) {
            continue;
        }
        size_t start = pos + MARK;
        size_t end = start;
        while (end < text.len && text.ptr[end] != '\n' && !is_mark(text, end, POP)) {
            end++;
        }
        size_t behind = end < text.len && text.ptr[end] != '\n' ? end + MARK : end;
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        if (!obi_weave_copy(&weave, copied, pos, err) ||
            !turn(&weave, text, start, end, behind, err)) {
            return false;
        }
        copied = behind;
        pos = behind - 1;
    }
    return weave.views == NULL || (obi_weave_copy(&weave, copied, text.len, err) &&
                                   obi_weave_done(&weave, text.len, OBI_STEP(bidi), 0, err));
}

const ob_coding ob_coding_bidi = {
    .name = "bidi",
    .title = "Reversed behind an override of direction",
    .encode = encode,
    .decode = decode,
};
