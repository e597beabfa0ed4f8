/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are no UTF-8, though JSON should be (RFC 8259, 8.1): the charset of Content-Type
 * counts. Some services send UTF-8 under another name; what cannot be read by the name is UTF-8.
 */
#include "drive/client_core.h"

#include <ombud/text.h>

#include <errno.h>
#include <iconv.h>

#define CHARSET_MAX 40

/* The charset that a Content-Type names; false if it names none. What iconv takes for orders, such
 * as "//IGNORE", is no name. */
static bool named_charset(ob_span type, char name[CHARSET_MAX + 1])
{
    ob_span part;
    (void)ob_span_cut(&type, ';', &part);
    while (type.len > 0) {
        ob_span key;
        (void)ob_span_cut(&type, ';', &part);
        if (!ob_span_cut(&part, '=', &key) ||
            !ob_span_is_nocase(ob_span_trim(key), OB_SPAN("charset"))) {
            continue;
        }
        part = ob_span_trim(part);
        if (part.len >= 2 && part.ptr[0] == '"' && part.ptr[part.len - 1] == '"') {
            part = ob_span_sub(part, 1, part.len - 1);
        }
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && strchr("-_.:+", c) == NULL) {
                return false;
            }
        }
        (void)snprintf(name, CHARSET_MAX + 1, "%.*s", OB_SHOW(part));
        return part.len > 0 && part.len <= CHARSET_MAX;
    }
    return false;
}

/* Byte offset of what cannot be converted, or SIZE_MAX. */
static size_t convert(iconv_t way, ob_span body, ob_buf *out)
{
    char piece[4096];
    /* iconv only reads through the pointer. */
    char *in = (char *)(uintptr_t)body.ptr;
    size_t left = body.len;
    size_t room = sizeof piece;
    bool good = true;
    while (good && left > 0 && out->bad == OB_OK) {
        char *to = piece;
        room = sizeof piece;
        good = iconv(way, &in, &left, &to, &room) != (size_t)-1 || errno == E2BIG;
        ob_buf_add(out, (ob_span){piece, sizeof piece - room});
    }
    ob_wipe(piece, sizeof piece);
    return good ? SIZE_MAX : body.len - left;
}

/* What programs say of all their text, whatever it is, so that what can be UTF-8 is. Elsewhere the
 * name counts: two Chinese characters in GBK are often two others in UTF-8. */
static bool is_said_of_all(const char *name)
{
    static const char *const names[] = {"ISO-8859-1", "latin1", "windows-1252", "US-ASCII"};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool obi_charset_read(ob_arena *arena, ob_span head, ob_span body, ob_span *answer, ob_err *err)
{
    char name[CHARSET_MAX + 1];
    bool is_utf8 = ob_utf8_bad(body) == SIZE_MAX;
    if (body.len == 0 || !named_charset(obi_head_value(head, "content-type"), name) ||
        strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0 ||
        (is_utf8 && is_said_of_all(name))) {
        *answer = body;
        return true;
    }
    iconv_t way = iconv_open("UTF-8", name);
    bool known = way != (iconv_t)-1;
    OB_AUTO(ob_buf) text = {.max = body.len * 4 + 16, .secret = true};
    size_t bad = 0;
    if (known) {
        bad = convert(way, body, &text);
        (void)iconv_close(way);
    }
    if (known && bad == SIZE_MAX) {
        return ob_buf_check(&text, "an answer", err) &&
               ob_arena_dup(arena, ob_buf_span(&text), answer, err);
    }
    if (is_utf8) {
        *answer = body;
        return true;
    }
    return known ? ob_fail(err, OB_ERR_PEER,
                           "the answer says charset '%s', and its byte %zu is neither that nor "
                           "UTF-8",
                           name, bad)
                 : ob_fail(err, OB_ERR_PEER,
                           "the answer is no UTF-8 but charset '%s', which this system cannot "
                           "convert",
                           name);
}
