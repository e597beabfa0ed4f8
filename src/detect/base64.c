/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 with either alphabet (RFC 4648, 4 and 5), padded or not, in lines or inside prose. */
#include "detect/codings.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

/* Eight bytes, the shortest canary, without padding. */
#define STRETCH_MIN 11
/* Lines shorter than this are not taken for a folded block. */
#define LINE_MIN 40

static bool encode(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    bool url = ob_rng_below(rng, 2) == 1;
    bool padded = ob_rng_below(rng, 4) != 0;
    for (size_t i = 0; i < text.len; i += 3) {
        size_t have = text.len - i < 3 ? text.len - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (k < have ? (unsigned char)text.ptr[i + k] : 0);
        }
        for (size_t k = 0; k < 4; k++) {
            uint32_t value = group >> (18 - 6 * k) & 63;
            if (k <= have) {
                ob_buf_add_char(out, alphabet[value >= 62 && url ? value + 2 : value]);
            } else if (padded) {
                ob_buf_add_char(out, '=');
            }
        }
    }
    return ob_buf_check(out, "encoded text", err);
}

/* The end of the run of base64 characters at start, over line ends inside folded blocks; *count is
 * the number of characters without line ends. */
static size_t run_end(ob_span text, size_t start, size_t *count)
{
    size_t pos = start;
    size_t line = 0;
    *count = 0;
    for (;;) {
        if (pos < text.len && ob_base64_value(text.ptr[pos]) >= 0) {
            pos++;
            line++;
            (*count)++;
            continue;
        }
        size_t next = pos;
        if (next < text.len && text.ptr[next] == '\r') {
            next++;
        }
        if (line < LINE_MIN || line % 4 != 0 || next + 1 >= text.len || text.ptr[next] != '\n' ||
            ob_base64_value(text.ptr[next + 1]) < 0) {
            return pos;
        }
        pos = next + 1;
        line = 0;
    }
}

/* Decodes the run, skipping the first characters. */
static bool run_decode(obi_weave *weave, ob_span text, size_t start, size_t end, size_t skip,
                       ob_err *err)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t first = start;
    for (size_t pos = start; pos < end; pos++) {
        int value = ob_base64_value(text.ptr[pos]);
        if (value < 0) {
            continue;
        }
        if (skip > 0) {
            skip--;
            first = pos + 1;
            continue;
        }
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have < 8) {
            continue;
        }
        have -= 8;
        char byte = (char)(bits >> have & 255);
        if (!obi_weave_put(weave, (ob_span){&byte, 1}, first, err)) {
            return false;
        }
        first = have == 0 ? pos + 1 : pos;
    }
    return true;
}

/* Bytes of a run that are looked at together, and most of what they decode to that is. */
#define WINDOW 96
#define PROBE  64

/* What so many values decode to, up to PROBE bytes. There are three zeros behind the values. */
static size_t decode_values(const uint8_t *six, size_t count, char probe[PROBE + 2])
{
    size_t whole = count * 6 / 8;
    for (size_t i = 0, made = 0; made < whole && made < PROBE; i += 4, made += 3) {
        uint32_t bits = (uint32_t)six[i] << 18 | (uint32_t)six[i + 1] << 12 |
                        (uint32_t)six[i + 2] << 6 | six[i + 3];
        probe[made] = (char)(bits >> 16);
        probe[made + 1] = (char)(bits >> 8 & 255);
        probe[made + 2] = (char)(bits & 255);
    }
    return whole < PROBE ? whole : PROBE;
}

/* The number of characters to skip at which the run decodes to text, or 4. Glued words in front
 * ("code_QUJD") shift the groups. */
static size_t alignment(ob_span text, size_t start, size_t end)
{
    OB_UNSET uint8_t six[WINDOW + 3];
    OB_UNSET char probe[PROBE + 2];
    size_t best = 4;
    /* Looks at windows along the run: the text may begin behind other bytes. */
    for (size_t at = start; best > 0; at += 64) {
        size_t stop = end - at < WINDOW ? end : at + WINDOW;
        size_t count = 0;
        for (size_t i = at; i < stop; i++) {
            int value = ob_base64_value(text.ptr[i]);
            six[count] = (uint8_t)value;
            count += value >= 0; /* a line end lies between */
        }
        six[count] = six[count + 1] = six[count + 2] = 0;
        for (size_t skip = 0; skip < best && skip <= count; skip++) {
            if (obi_textlike(probe, decode_values(six + skip, count - skip, probe))) {
                best = skip;
            }
        }
        if (stop == end) {
            break;
        }
        /* Whole groups only as long as no line end lies between, which is enough to notice. */
    }
    return best;
}

static bool decode(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t last = 0;
    for (size_t pos = 0; pos < text.len;) {
        if (ob_base64_value(text.ptr[pos]) < 0) {
            pos++;
            continue;
        }
        size_t count = 0;
        size_t end = run_end(text, pos, &count);
        size_t skip = count < STRETCH_MIN ? 4 : alignment(text, pos, end);
        if (skip < 4) {
            if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
                return true;
            }
            if (!run_decode(&weave, text, pos, end, skip, err) ||
                !obi_weave_part(&weave, end, err)) {
                return false;
            }
            last = end;
        }
        pos = end;
    }
    return weave.views == NULL || obi_weave_done(&weave, last, OBI_STEP(base64), 0, err);
}

const ob_coding ob_coding_base64 = {
    .name = "base64",
    .title = "Base64",
    .encode = encode,
    .decode = decode,
};
