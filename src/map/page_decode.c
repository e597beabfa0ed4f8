/* SPDX-License-Identifier: Apache-2.0 */
#include "map/page_decode.h"

#include <ombud/text.h>

/* Windows-1252, as browsers read pages that say nothing else. */
static bool from_windows(ob_buf *out, ob_span bytes)
{
    static const uint16_t high[32] = {
        0x20ac, 0,      0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
        0x2039, 0x152,  0,      0x17d,  0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0,      0x17e,  0x178};
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        uint32_t rune = c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
        if (c >= 0x80 && rune == 0) {
            return false;
        }
        ob_buf_add_rune(out, rune);
    }
    return true;
}

typedef enum order {
    NO_UTF16,
    LITTLE,
    BIG
} order;

/* Programs of Windows save "Unicode" as UTF-16. Without its mark it is known by its zeros: half of
 * the first bytes are, and all on one side. */
static order utf16_order(ob_span bytes)
{
    size_t zeros[2] = {0, 0};
    size_t look = bytes.len < 64 ? bytes.len : 64;
    if (ob_span_has_prefix(bytes, OB_SPAN("\xff\xfe"))) {
        return LITTLE;
    }
    if (ob_span_has_prefix(bytes, OB_SPAN("\xfe\xff"))) {
        return BIG;
    }
    for (size_t i = 0; i < look; i++) {
        zeros[i % 2] += bytes.ptr[i] == '\0';
    }
    if (look < 8 || (zeros[0] > 0) == (zeros[1] > 0) || (zeros[0] + zeros[1]) * 8 < look * 3) {
        return NO_UTF16;
    }
    return zeros[1] > 0 ? LITTLE : BIG;
}

static uint32_t unit(ob_span bytes, size_t at, order of)
{
    uint32_t first = (unsigned char)bytes.ptr[at];
    uint32_t second = (unsigned char)bytes.ptr[at + 1];
    return of == LITTLE ? second << 8 | first : first << 8 | second;
}

/* False where a surrogate stands alone, a NUL, or half a unit at the end; *line tells where. */
static bool from_utf16(ob_buf *out, ob_span bytes, order of, uint32_t *line)
{
    *line = 1;
    for (size_t at = 0; at + 1 < bytes.len; at += 2) {
        uint32_t rune = unit(bytes, at, of);
        if (rune >= 0xd800 && rune < 0xdc00 && at + 3 < bytes.len) {
            uint32_t low = unit(bytes, at + 2, of);
            bool pair = low >= 0xdc00 && low < 0xe000;
            rune = pair ? 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00) : rune;
            at += pair ? 2 : 0;
        }
        if (rune == 0 || (rune >= 0xd800 && rune < 0xe000)) {
            return false;
        }
        *line += rune == '\n';
        if (at > 0 || rune != 0xfeff) {
            ob_buf_add_rune(out, rune);
        }
    }
    return bytes.len % 2 == 0;
}

/* Line ends of old Macs; where there is a line feed, a carriage return is a blank. */
static void mend_line_ends(ob_buf *out, ob_span *text)
{
    bool feed = text->len > 0 && memchr(text->ptr, '\n', text->len) != NULL;
    if (feed || text->len == 0 || memchr(text->ptr, '\r', text->len) == NULL) {
        return;
    }
    if (out->len == 0) {
        ob_buf_add(out, *text);
        *text = ob_buf_span(out);
    }
    for (size_t i = 0; i < out->len; i++) {
        out->ptr[i] = out->ptr[i] == '\r' ? '\n' : out->ptr[i];
    }
}

/* UTF-8 or Windows-1252. */
static bool from_bytes(const ob_page_text *page, ob_buf *out, ob_span bytes, ob_span *text,
                       ob_err *err)
{
    size_t line = 0;
    size_t column = 0;
    const char *nul = bytes.len == 0 ? NULL : memchr(bytes.ptr, '\0', bytes.len);
    if (nul != NULL) {
        ob_text_place(bytes, (size_t)(nul - bytes.ptr), &line, &column);
        return ob_page_fail(page, (uint32_t)line, err, "a NUL; this is no text, save it as UTF-8");
    }
    *text = ob_span_skip_mark(bytes);
    size_t bad = ob_utf8_bad(bytes);
    if (bad == SIZE_MAX) {
        return true;
    }
    if (!from_windows(out, bytes)) {
        ob_text_place(ob_span_sub(bytes, 0, bad), bad, &line, &column);
        return ob_page_fail(page, (uint32_t)line, err,
                            "neither UTF-8 nor Windows-1252; save it as UTF-8");
    }
    *text = ob_buf_span(out);
    return true;
}

bool obi_page_decode(const ob_page_text *page, ob_buf *out, ob_span bytes, ob_span *text,
                     ob_err *err)
{
    order of = utf16_order(bytes);
    uint32_t line = 0;
    if (bytes.len > OB_PAGE_MAX) {
        return ob_page_fail(page, 0, err, "larger than %zu bytes; no page is", OB_PAGE_MAX);
    }
    if (of == NO_UTF16) {
        if (!from_bytes(page, out, bytes, text, err)) {
            return false;
        }
    } else if (!from_utf16(out, bytes, of, &line)) {
        return ob_page_fail(page, line, err, "UTF-16 that is broken or cut; save it as UTF-8");
    } else {
        *text = ob_buf_span(out);
    }
    mend_line_ends(out, text);
    return ob_buf_check(out, "a page", err);
}
