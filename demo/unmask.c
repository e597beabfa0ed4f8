/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undoes the ways in which an instruction can be hidden, as a model that is too helpful would.
 * These decoders are the service's own: what measures it must not share its mistakes.
 */
#include "core.h"

/* Above this only the text itself is decoded, not what came out of it. */
#define NESTED_MAX ((size_t)16 << 10)

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

static void base64_runs(ob_span text, ob_buf *out)
{
    unsigned bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.ptr[i]);
        if (value < 0) {
            if (text.ptr[i] != '\n' && text.ptr[i] != '\r') {
                bits = 0;
                count = 0;
                ob_buf_add_char(out, ' ');
            }
            continue;
        }
        bits = bits << 6 | (unsigned)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            ob_buf_add_char(out, (char)(bits >> count & 0xff));
        }
    }
}

static void hex_runs(ob_span text, ob_buf *out)
{
    int high = -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '0' && i + 1 < text.len && text.ptr[i + 1] == 'x') {
            i++; /* a prefix, not a digit */
            continue;
        }
        int value = hex_value(text.ptr[i]);
        bool joint =
            text.ptr[i] == ' ' || text.ptr[i] == ':' || text.ptr[i] == '\\' || text.ptr[i] == 'x';
        if (value < 0) {
            high = joint ? high : -1;
        } else if (high < 0) {
            high = value;
        } else {
            ob_buf_add_char(out, (char)(high << 4 | value));
            high = -1;
        }
    }
}

static void rot13(ob_span text, ob_buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'a' && c <= 'z') {
            c = (char)('a' + (c - 'a' + 13) % 26);
        } else if (c >= 'A' && c <= 'Z') {
            c = (char)('A' + (c - 'A' + 13) % 26);
        }
        ob_buf_add_char(out, c);
    }
}

static void reversed(ob_span text, ob_buf *out)
{
    for (size_t end = text.len; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((unsigned char)text.ptr[start] & 0xc0) == 0x80) {
            start--;
        }
        ob_buf_add(out, ob_span_sub(text, start, end));
        end = start;
    }
}

static void percent(ob_span text, ob_buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%' && i + 2 < text.len && hex_value(text.ptr[i + 1]) >= 0 &&
            hex_value(text.ptr[i + 2]) >= 0) {
            ob_buf_add_char(out,
                            (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2])));
            i += 2;
        } else {
            ob_buf_add_char(out, text.ptr[i]);
        }
    }
}

/* Reads up to most digits of a base at *at; the count of them. */
static size_t take_number(ob_span text, size_t *at, int base, size_t most, uint32_t *value)
{
    size_t count = 0;
    *value = 0;
    for (; count < most && *at < text.len; count++, (*at)++) {
        int digit = hex_value(text.ptr[*at]);
        if (digit < 0 || digit >= base) {
            break;
        }
        *value = *value * (uint32_t)base + (uint32_t)digit;
    }
    return count;
}

/* Character references by number, and the few names that spell ASCII signs. */
static void entities(ob_span text, ob_buf *out)
{
    static const struct {
        const char *name;
        char sign;
    } names[] = {{"&amp;", '&'},   {"&lt;", '<'},     {"&gt;", '>'},     {"&quot;", '"'},
                 {"&apos;", '\''}, {"&nbsp;", ' '},   {"&hyphen;", '-'}, {"&dash;", '-'},
                 {"&comma;", ','}, {"&period;", '.'}, {"&lowbar;", '_'}};

    for (size_t i = 0; i < text.len;) {
        ob_span rest = ob_span_sub(text, i, text.len);
        if (ob_span_has_prefix(rest, OB_SPAN("&#"))) {
            bool hex = rest.len > 2 && (rest.ptr[2] == 'x' || rest.ptr[2] == 'X');
            size_t at = i + (hex ? 3 : 2);
            uint32_t rune = 0;
            if (take_number(text, &at, hex ? 16 : 10, 7, &rune) > 0) {
                ob_buf_add_rune(out, rune);
                i = at + (at < text.len && text.ptr[at] == ';');
                continue;
            }
        }
        size_t n = 0;
        while (n < OB_COUNT(names) && !ob_span_has_prefix(rest, ob_span_str(names[n].name))) {
            n++;
        }
        ob_buf_add_char(out, n < OB_COUNT(names) ? names[n].sign : text.ptr[i]);
        i += n < OB_COUNT(names) ? strlen(names[n].name) : 1;
    }
}

/* \u0041, \u{41}, \U00000041, \x41, and surrogates in pairs. */
static void escapes(ob_span text, ob_buf *out)
{
    uint32_t lead = 0;
    for (size_t i = 0; i < text.len;) {
        char kind = text.ptr[i] == '\\' && i + 1 < text.len ? text.ptr[i + 1] : '\0';
        bool braced = kind == 'u' && i + 2 < text.len && text.ptr[i + 2] == '{';
        size_t digits = braced ? 6 : kind == 'u' ? 4 : kind == 'U' ? 8 : kind == 'x' ? 2 : 0;
        size_t at = i + 2 + braced;
        uint32_t rune = 0;
        size_t taken = digits == 0 ? 0 : take_number(text, &at, 16, digits, &rune);
        if (taken == 0 || (!braced && taken < digits)) {
            ob_buf_add_char(out, text.ptr[i++]);
            continue;
        }
        i = at + (braced && at < text.len && text.ptr[at] == '}');
        if (rune >= 0xd800 && rune < 0xdc00) {
            lead = rune;
            continue;
        }
        if (rune >= 0xdc00 && rune < 0xe000 && lead != 0) {
            rune = 0x10000 + ((lead - 0xd800) << 10) + (rune - 0xdc00);
        }
        lead = 0;
        ob_buf_add_rune(out, rune);
    }
}

/* A digit of another script, or -1. */
static int digit_of(uint32_t rune)
{
    static const uint32_t zeros[] = {0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66,
                                     0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
                                     0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810};
    for (size_t i = 0; i < OB_COUNT(zeros); i++) {
        if (rune >= zeros[i] && rune < zeros[i] + 10) {
            return (int)(rune - zeros[i]);
        }
    }
    return rune >= 0x1d7ce && rune <= 0x1d7ff ? (int)((rune - 0x1d7ce) % 10)
           : rune >= 0x2460 && rune <= 0x2468 ? (int)(rune - 0x2460 + 1)
           : rune == 0x24ea                   ? 0
                                              : -1;
}

/* Letters and digits in circles, in full width, as mathematical or hidden signs, of other scripts,
 * and the look-alikes of those that matter here. */
static uint32_t plain(uint32_t rune)
{
    static const struct {
        uint32_t from;
        char to;
    } pairs[] = {
        {0x410, 'A'},  {0x412, 'B'},  {0x415, 'E'},  {0x41c, 'M'},  {0x41e, 'O'},  {0x421, 'C'},
        {0x391, 'A'},  {0x392, 'B'},  {0x395, 'E'},  {0x39c, 'M'},  {0x39f, 'O'},  {0x3f9, 'C'},
        {0x430, 'a'},  {0x435, 'e'},  {0x441, 'c'},  {0x501, 'd'},  {0x43e, 'o'},  {0x3bf, 'o'},
        {0x44c, 'b'},  {0x442, 't'},  {0x251, 'a'},  {0x3b1, 'a'},  {0x3f2, 'c'},  {0x1d04, 'c'},
        {0x555, 'O'},  {0x585, 'o'},  {0x13df, 'C'}, {0x13f4, 'B'}, {0x216d, 'C'}, {0x216e, 'D'},
        {0x216f, 'M'}, {0x217d, 'c'}, {0x217e, 'd'}, {0x4bd, 'e'},  {0x2010, '-'}, {0x2011, '-'},
        {0x2012, '-'}, {0x2013, '-'}, {0x2212, '-'}, {0x2043, '-'}, {0x2d7, '-'}};

    int digit = digit_of(rune);
    if (digit >= 0) {
        return (uint32_t)('0' + digit);
    }
    if (rune >= 0xff01 && rune <= 0xff5e) {
        return rune - 0xff01 + '!';
    }
    if (rune >= 0xe0020 && rune <= 0xe007e) {
        return rune - 0xe0000;
    }
    if (rune >= 0x24b6 && rune <= 0x24cf) {
        return rune - 0x24b6 + 'A';
    }
    if (rune >= 0x24d0 && rune <= 0x24e9) {
        return rune - 0x24d0 + 'a';
    }
    if (rune >= 0x1d400 && rune <= 0x1d6a3) {
        uint32_t letter = (rune - 0x1d400) % 52;
        return letter < 26 ? 'A' + letter : 'a' + letter - 26;
    }
    for (size_t i = 0; i < OB_COUNT(pairs); i++) {
        if (pairs[i].from == rune) {
            return (uint32_t)pairs[i].to;
        }
    }
    return rune;
}

static bool invisible(uint32_t rune)
{
    return rune == 0xad || rune == 0x34f || rune == 0x180e || (rune >= 0x200b && rune <= 0x200f) ||
           (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2060 && rune <= 0x2069) ||
           rune == 0xfeff || (rune >= 0xfe00 && rune <= 0xfe0f) || rune == 0xe0001 ||
           rune == 0xe007f;
}

static void folded(ob_span text, ob_buf *out)
{
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        if (!invisible(rune)) {
            ob_buf_add_rune(out, plain(rune));
        }
    }
}

/* Bytes that hide in variation selectors behind a visible sign: one selector a byte. */
static void selectors(ob_span text, ob_buf *out)
{
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        if (rune >= 0xfe00 && rune <= 0xfe0f) {
            ob_buf_add_char(out, (char)(rune - 0xfe00));
        } else if (rune >= 0xe0100 && rune <= 0xe01ef) {
            ob_buf_add_char(out, (char)(rune - 0xe0100 + 16));
        }
    }
}

/* Letters set apart: where every second character is the same, the others are the text. */
static void closed_up(ob_span text, ob_buf *out)
{
    uint32_t separator = 0;
    uint32_t rune = 0;
    size_t number = 0;
    OB_AUTO(ob_buf) kept = {.max = 1 << 20};
    for (size_t at = 0; ob_utf8_next(text, &at, &rune); number++) {
        if (number % 2 == 0) {
            ob_buf_add_rune(&kept, rune);
            continue;
        }
        separator = number == 1 ? rune : separator;
        if (rune != separator) {
            return;
        }
    }
    ob_buf_add(out, ob_buf_span(&kept));
}

/* Signs that stand for letters of the marker's head: its digits stay as they were sent. */
static void unleeted(ob_span text, ob_buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        bool head = text.ptr[i] == '0' && i + 3 < text.len &&
                    (text.ptr[i + 1] == 'M' || text.ptr[i + 1] == 'm') && text.ptr[i + 3] == '-';
        ob_buf_add_char(out, head ? 'O'
                             : text.ptr[i] == '8' && i + 1 < text.len && text.ptr[i + 1] == '-'
                                 ? 'B'
                                 : text.ptr[i]);
    }
}

static void (*const decoders[])(ob_span text, ob_buf *out) = {
    base64_runs, hex_runs, rot13, reversed, percent, entities, escapes, closed_up, unleeted};

bool obd_unmask(ob_span text, bool (*look)(ob_span reading, void *ctx), void *ctx)
{
    OB_AUTO(ob_buf) clean = {.max = 1 << 21};
    OB_AUTO(ob_buf) once = {.max = 1 << 21};
    OB_AUTO(ob_buf) again = {.max = 1 << 21};
    folded(text, &clean);
    selectors(text, &once);
    if (look(text, ctx) || look(ob_buf_span(&clean), ctx) || look(ob_buf_span(&once), ctx)) {
        return true;
    }
    for (size_t i = 0; i < OB_COUNT(decoders); i++) {
        ob_buf_reset(&once);
        decoders[i](ob_buf_span(&clean), &once);
        ob_buf_reset(&again);
        folded(ob_buf_span(&once), &again);
        if (look(ob_buf_span(&again), ctx)) {
            return true;
        }
    }
    for (size_t i = 0; text.len <= NESTED_MAX && i < OB_COUNT(decoders); i++) {
        for (size_t n = 0; n < OB_COUNT(decoders); n++) {
            ob_buf_reset(&once);
            decoders[i](ob_buf_span(&clean), &once);
            ob_buf_reset(&again);
            folded(ob_buf_span(&once), &again);
            ob_buf_reset(&once);
            decoders[n](ob_buf_span(&again), &once);
            if (look(ob_buf_span(&once), ctx)) {
                return true;
            }
        }
    }
    return false;
}
