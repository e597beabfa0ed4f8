/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that pass the way to HTML begin no tag, end no attribute, and are valid UTF-8 without
 * control characters; unescaping what is left gives as many characters as went in.
 */
#include <ombud/text.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t characters(ob_span text, bool escaped)
{
    size_t count = 0;
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune); count++) {
        if (escaped && rune == '&') {
            size_t end = ob_span_find(text, OB_SPAN(";"), at);
            if (end == SIZE_MAX || end - at > 4) {
                abort();
            }
            at = end + 1;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_buf) html = {.max = (size_t)64 << 20};
    ob_span text = {(const char *)data, size};
    ob_buf_add_html(&html, text);
    ob_span out = ob_buf_span(&html);
    for (size_t i = 0; i < out.len; i++) {
        unsigned char c = (unsigned char)out.ptr[i];
        if (c == '<' || c == '>' || c == '"' || c == '\'' || c == 0x7f ||
            (c < 0x20 && c != '\t' && c != '\n')) {
            abort();
        }
    }
    if (html.bad != OB_OK || ob_utf8_bad(out) != SIZE_MAX ||
        characters(out, true) != characters(text, false)) {
        abort();
    }
    return 0;
}
