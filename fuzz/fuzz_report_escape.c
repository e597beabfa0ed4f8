/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way of foreign bytes to each medium. HTML: no tag begins, no attribute ends, valid UTF-8
 * without control characters, and unescaped there are as many characters as went in. JSON: a text
 * that parses to what went in. A terminal: printable, on one line, nothing that turns or hides
 * text.
 */
#include "fuzz.h"

#include <ombud/json.h>

static size_t characters(ob_span text, bool escaped)
{
    size_t count = 0;
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune); count++) {
        if (escaped && rune == '&') {
            size_t end = ob_span_find(text, OB_SPAN(";"), at);
            hold(end != SIZE_MAX && end - at <= 4);
            at = end + 1;
        }
    }
    return count;
}

static void check_html(ob_span text)
{
    OB_AUTO(ob_buf) html = {.max = 8 * text.len + 16};
    ob_buf_add_html(&html, text);
    ob_span out = ob_buf_span(&html);
    for (size_t i = 0; i < out.len; i++) {
        unsigned char c = (unsigned char)out.ptr[i];
        hold(c != '<' && c != '>' && c != '"' && c != '\'' && c != 0x7f);
        hold(c >= 0x20 || c == '\t' || c == '\n');
    }
    hold(html.bad == OB_OK && ob_utf8_bad(out) == SIZE_MAX);
    hold(characters(out, true) == characters(text, false));
}

static void check_json(ob_span text)
{
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) json = {.max = 8 * text.len + 16};
    OB_AUTO(ob_buf) again = {.max = 8 * text.len + 16};
    ob_json_doc doc = {0};
    ob_err err = {0};
    size_t a = 0;
    size_t b = 0;
    uint32_t x = 0;
    uint32_t y = 0;
    ob_buf_add_json(&json, text);
    hold(json.bad == OB_OK && ob_json_parse(&doc, &arena, ob_buf_span(&json), &err));
    hold(doc.root->kind == OB_JSON_STRING);
    while (ob_utf8_next(text, &a, &x)) {
        hold(ob_utf8_next(doc.root->text, &b, &y) && x == y);
    }
    hold(b == doc.root->text.len);
    /* No bare control character, so it stays on one line. */
    for (size_t i = 0; i < json.len; i++) {
        hold((unsigned char)json.ptr[i] >= 0x20);
    }
    ob_json_write(&again, doc.root);
    hold(ob_span_is(ob_buf_span(&again), ob_buf_span(&json)));
}

static void check_shown(ob_span text, size_t max)
{
    OB_AUTO(ob_buf) shown = {.max = 4 * text.len + 16};
    ob_buf_add_shown(&shown, text, max);
    ob_span out = ob_buf_span(&shown);
    size_t at = 0;
    uint32_t rune = 0;
    hold(shown.bad == OB_OK && ob_utf8_bad(out) == SIZE_MAX && out.len <= 4 * max + 3);
    while (ob_utf8_next(out, &at, &rune)) {
        hold(rune >= 0x20 && !(rune >= 0x7f && rune < 0xa0) && rune != 0xfeff);
        hold(!(rune >= 0x200b && rune <= 0x200f) && !(rune >= 0x2028 && rune <= 0x202e));
        hold(!(rune >= 0x2060 && rune <= 0x206f) && !(rune >= 0xe0000 && rune <= 0xe007f));
    }
    hold(text.len <= max || ob_span_has_suffix(out, OB_SPAN("...")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_span text = {(const char *)data, size};
    check_html(text);
    check_json(text);
    check_shown(text, size + 1);
    check_shown(text, size / 2);
    return 0;
}
