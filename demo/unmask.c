/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undoes the ways in which an instruction can be hidden, as a model that is too helpful would.
 * These decoders are the service's own: what measures it must not share its mistakes.
 */
#include "core.h"

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
    ob_buf_add_char(out, '\n');
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
    ob_buf_add_char(out, '\n');
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
    ob_buf_add_char(out, '\n');
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
    ob_buf_add_char(out, '\n');
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
    ob_buf_add_char(out, '\n');
}

/* Look-alikes of the letters and digits that matter here. */
static uint32_t plain(uint32_t rune)
{
    static const struct {
        uint32_t from;
        char to;
    } pairs[] = {{0x410, 'A'},  {0x412, 'B'},  {0x415, 'E'}, {0x41c, 'M'},  {0x41e, 'O'},
                 {0x421, 'C'},  {0x391, 'A'},  {0x392, 'B'}, {0x395, 'E'},  {0x39c, 'M'},
                 {0x39f, 'O'},  {0x430, 'a'},  {0x435, 'e'}, {0x441, 'c'},  {0x501, 'd'},
                 {0x43e, 'o'},  {0x3bf, 'o'},  {0x44c, 'b'}, {0x442, 't'},  {0x251, 'a'},
                 {0x3b1, 'a'},  {0x555, 'O'},  {0x585, 'o'}, {0x13df, 'C'}, {0x2010, '-'},
                 {0x2011, '-'}, {0x2013, '-'}, {0x2212, '-'}};

    if (rune >= 0xff01 && rune <= 0xff5e) {
        return rune - 0xff01 + '!';
    }
    if (rune >= 0xe0020 && rune <= 0xe007e) {
        return rune - 0xe0000;
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
    return rune == 0xad || (rune >= 0x200b && rune <= 0x200f) ||
           (rune >= 0x2060 && rune <= 0x2064) || rune == 0xfeff ||
           (rune >= 0xfe00 && rune <= 0xfe0f);
}

static void folded(ob_span text, ob_buf *out)
{
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        if (!invisible(rune)) {
            ob_buf_add_rune(out, plain(rune));
        }
    }
    ob_buf_add_char(out, '\n');
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
    ob_buf_add_char(out, '\n');
}

void obd_unmask(ob_span text, ob_buf *out)
{
    OB_AUTO(ob_buf) fold = {.max = 1 << 20};
    ob_buf_add(out, text);
    ob_buf_add_char(out, '\n');
    folded(text, &fold);
    ob_span clean = ob_buf_span(&fold);
    ob_buf_add(out, clean);
    base64_runs(clean, out);
    hex_runs(clean, out);
    rot13(clean, out);
    reversed(clean, out);
    percent(clean, out);
    closed_up(clean, out);
}
