/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal bytes, in one run or with separators or a 0x or \x in front of each. */
#include "detect/codings.h"

#define STRETCH_MIN 8

static bool encode(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const char *const before[] = {"", "", "", "0x", "\\x"};
    static const char *const between[] = {"", " ", ":", " ", ""};
    static const char *const digits[] = {"0123456789abcdef", "0123456789ABCDEF"};
    size_t kind = ob_rng_below(rng, OB_COUNT(before));
    const char *digit = digits[ob_rng_below(rng, 2)];
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        ob_buf_add_str(out, i == 0 ? "" : between[kind]);
        ob_buf_add_str(out, before[kind]);
        ob_buf_add_char(out, digit[c >> 4]);
        ob_buf_add_char(out, digit[c & 15]);
    }
    return ob_buf_check(out, "encoded text", err);
}

static bool is_mark(char c)
{
    return c == 'x' || c == 'X';
}

/* Behind what may stand in front of a byte: one or two separators, then 0x or \x. */
static size_t skip_between(ob_span text, size_t pos)
{
    size_t end = pos;
    for (unsigned i = 0; i < 2 && end < text.len && strchr(" ,:-;\n\t", text.ptr[end]) != NULL &&
                         text.ptr[end] != '\0';
         i++) {
        end++;
    }
    if (end + 1 < text.len && (text.ptr[end] == '0' || text.ptr[end] == '\\') &&
        is_mark(text.ptr[end + 1])) {
        end += 2;
    }
    return end;
}

static bool byte_at(ob_span text, size_t pos, char *byte)
{
    if (pos + 1 >= text.len) {
        return false;
    }
    int high = obi_hex_value(text.ptr[pos]);
    int low = obi_hex_value(text.ptr[pos + 1]);
    if (high < 0 || low < 0) {
        return false;
    }
    *byte = (char)(high * 16 + low);
    return true;
}

/* The end of the run of bytes at start; fills the first bytes into probe. */
static size_t run_end(ob_span text, size_t start, size_t *count, bool *textlike)
{
    char window[64];
    size_t held = 0;
    size_t pos = start;
    size_t end = start;
    char byte = 0;
    *count = 0;
    *textlike = false;
    while (byte_at(text, pos, &byte)) {
        if (held == sizeof window) {
            memmove(window, window + 32, 32);
            held = 32;
        }
        window[held++] = byte;
        (*count)++;
        if ((held == sizeof window) && !*textlike) {
            *textlike = obi_textlike(window, held);
        }
        end = pos + 2;
        pos = skip_between(text, end);
    }
    *textlike = *textlike || obi_textlike(window, held);
    return end;
}

static bool decode(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t last = 0;
    for (size_t pos = 0; pos < text.len;) {
        char byte = 0;
        bool glued = pos > 0 && obi_is_alnum(text.ptr[pos - 1]) && !is_mark(text.ptr[pos - 1]);
        if (glued || !byte_at(text, pos, &byte)) {
            pos++;
            continue;
        }
        size_t count = 0;
        bool textlike = false;
        size_t end = run_end(text, pos, &count, &textlike);
        if (count >= STRETCH_MIN && textlike) {
            if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
                return true;
            }
            for (size_t at = pos; at < end; at = skip_between(text, at + 2)) {
                if (!byte_at(text, at, &byte)) {
                    break;
                }
                if (!obi_weave_put(&weave, (ob_span){&byte, 1}, at, err)) {
                    return false;
                }
            }
            if (!obi_weave_part(&weave, end, err)) {
                return false;
            }
            last = end;
        }
        pos = end;
    }
    return weave.views == NULL || obi_weave_done(&weave, last, OBI_STEP(hex), 0, err);
}

const ob_coding ob_coding_hex = {
    .name = "hex",
    .title = "Hexadecimal",
    .encode = encode,
    .decode = decode,
};
