/* SPDX-License-Identifier: Apache-2.0 */
/* Letters set apart by one and the same separator: "O M B", "O-M-B", "O. M. B" is not. */
#include "detect/codings.h"

#define SIGNS_MIN 5

static bool is_separator(uint32_t rune)
{
    switch (rune) {
    case ' ':
    case '.':
    case '-':
    case '_':
    case '|':
    case '/':
    case '*':
    case ',':
    case '\n':
    case 0xb7:
    case 0x2022:
    case 0x2009:
    case 0x200b:
        return true;
    default:
        return false;
    }
}

static bool encode(ob_span text, ob_rng *rng, ob_buf *out, ob_err *err)
{
    static const uint32_t separators[] = {' ', ' ', '.', '-', '_', 0xb7, 0x200b};
    uint32_t separator = separators[ob_rng_below(rng, OB_COUNT(separators))];
    uint32_t rune = 0;
    bool first = true;
    for (size_t pos = 0, start = 0; ob_utf8_next(text, &pos, &rune); start = pos) {
        if (!first) {
            ob_buf_add_rune(out, separator);
        }
        ob_buf_add(out, ob_span_sub(text, start, pos));
        first = false;
    }
    return ob_buf_check(out, "encoded text", err);
}

typedef struct run {
    size_t start;
    size_t end;  /* behind the last sign */
    size_t next; /* where another run may start */
    size_t signs;
} run;

/* Most text: where no run of two signs begins, as within a word, or only two, as around a blank.
 * The next place to look at, or pos. */
static size_t skip_plain(ob_span text, size_t pos)
{
    const char *at = text.ptr + pos;
    if (pos + 3 >= text.len || ((obi_class(at[0]) | obi_class(at[1])) & OBI_HIGH) != 0) {
        return pos;
    }
    if ((obi_class(at[1]) & OBI_SEPARATOR) == 0) {
        return pos + 1;
    }
    bool plain = ((obi_class(at[2]) | obi_class(at[3])) & OBI_HIGH) == 0;
    return plain && at[3] != at[1] ? pos + 2 : pos;
}

/* The run of sign, separator, sign, separator, ... at start. */
static run run_at(ob_span text, size_t start)
{
    run found = {.start = start, .end = start, .next = start};
    uint32_t separator = 0;
    uint32_t rune = 0;
    size_t pos = start;
    for (;;) {
        size_t sign = pos;
        if (!ob_utf8_next(text, &pos, &rune)) {
            found.next = text.len;
            return found;
        }
        found.end = pos;
        found.signs += rune < 0x80 ? obi_is_alnum((char)rune) : !is_separator(rune);
        size_t behind = pos;
        if (!ob_utf8_next(text, &behind, &rune)) {
            found.next = text.len;
            return found;
        }
        if (separator == 0 && is_separator(rune)) {
            separator = rune;
        }
        if (rune != separator || separator == 0) {
            /* The sign may be the first of the next run, unless this is where we began. */
            found.next = sign > start ? sign : pos;
            return found;
        }
        pos = behind;
    }
}

static bool decode(ob_views *views, const ob_view *from, ob_err *err)
{
    ob_span text = from->text;
    obi_weave weave = {0};
    size_t last = 0;
    for (size_t pos = 0; pos < text.len;) {
        size_t plain = skip_plain(text, pos);
        if (plain > pos) {
            pos = plain;
            continue;
        }
        run found = run_at(text, pos);
        pos = found.next;
        if (found.signs < SIGNS_MIN) {
            continue;
        }
        if (weave.views == NULL && !obi_weave_start(&weave, views, from)) {
            return true;
        }
        uint32_t rune = 0;
        size_t behind = found.start;
        for (size_t at = found.start; at < found.end;) {
            size_t sign = at;
            (void)ob_utf8_next(text, &at, &rune);
            /* The last sign is the first letter of the next word: "1 2 3 was". */
            bool glued = at == found.end && at < text.len && obi_is_alnum(text.ptr[sign]) &&
                         obi_is_alnum(text.ptr[at]);
            if (glued && !obi_weave_part(&weave, behind, err)) {
                return false;
            }
            if (!obi_weave_copy(&weave, sign, at, err)) {
                return false;
            }
            behind = at;
            (void)ob_utf8_next(text, &at, &rune);
        }
        if (!obi_weave_part(&weave, found.end, err)) {
            return false;
        }
        last = found.end;
        pos = found.end > pos ? found.end : pos;
    }
    return weave.views == NULL || obi_weave_done(&weave, last, OBI_STEP(spacing), 0, err);
}

const ob_coding ob_coding_spacing = {
    .name = "spacing",
    .title = "Letters set apart",
    .encode = encode,
    .decode = decode,
};
