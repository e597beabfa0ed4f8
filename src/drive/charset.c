/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are no UTF-8, though JSON should be (RFC 8259, 8.1): the charset of Content-Type
 * counts. Some services send UTF-8 under another name; what cannot be read by the name is UTF-8.
 */
#include "drive/client_core.h"

#include <ombud/text.h>

#include <errno.h>
#include <iconv.h>

#define CHARSET_MAX 40 /* bytes of its name in a message */

/* What is converted. A charset of which nobody has heard loads a module of the C library by a name
 * that the service chose, so only these are. said_of_all: what programs say of all their text,
 * whatever it is, so that what can be UTF-8 is. Elsewhere the name counts: two Chinese characters
 * in GBK are often two others in UTF-8. */
static const struct charset {
    const char *name;
    bool said_of_all;
} charsets[] = {
    {"ISO-8859-1", true},    {"latin1", true},        {"US-ASCII", true},
    {"windows-1252", true},  {"Big5", false},         {"Big5-HKSCS", false},
    {"EUC-JP", false},       {"EUC-KR", false},       {"GB18030", false},
    {"GB2312", false},       {"GBK", false},          {"ISO-8859-2", false},
    {"ISO-8859-3", false},   {"ISO-8859-4", false},   {"ISO-8859-5", false},
    {"ISO-8859-6", false},   {"ISO-8859-7", false},   {"ISO-8859-8", false},
    {"ISO-8859-9", false},   {"ISO-8859-10", false},  {"ISO-8859-11", false},
    {"ISO-8859-13", false},  {"ISO-8859-14", false},  {"ISO-8859-15", false},
    {"ISO-8859-16", false},  {"KOI8-R", false},       {"KOI8-U", false},
    {"Shift_JIS", false},    {"TIS-620", false},      {"UTF-16", false},
    {"UTF-16BE", false},     {"UTF-16LE", false},     {"windows-1250", false},
    {"windows-1251", false}, {"windows-1253", false}, {"windows-1254", false},
    {"windows-1255", false}, {"windows-1256", false}, {"windows-1257", false},
    {"windows-1258", false},
};

static const struct charset *find_charset(ob_span name)
{
    for (size_t i = 0; i < OB_COUNT(charsets); i++) {
        if (ob_span_is_nocase(name, ob_span_str(charsets[i].name))) {
            return &charsets[i];
        }
    }
    return NULL;
}

/* The charset that a Content-Type names, or nothing. */
static ob_span named_charset(ob_span type)
{
    ob_span part;
    (void)ob_span_cut(&type, ';', &part);
    while (type.len > 0) {
        ob_span key;
        (void)ob_span_cut(&type, ';', &part);
        if (ob_span_cut(&part, '=', &key) &&
            ob_span_is_nocase(ob_span_trim(key), OB_SPAN("charset"))) {
            part = ob_span_trim(part);
            bool quoted = part.len >= 2 && part.ptr[0] == '"' && part.ptr[part.len - 1] == '"';
            return quoted ? ob_span_sub(part, 1, part.len - 1) : part;
        }
    }
    return (ob_span){"", 0};
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

bool obi_charset_read(ob_arena *arena, ob_span head, ob_span body, ob_span *answer, ob_err *err)
{
    ob_span name = named_charset(obi_head_value(head, "content-type"));
    const struct charset *charset = find_charset(name);
    bool is_utf8 = ob_utf8_bad(body) == SIZE_MAX;
    *answer = body;
    if (body.len == 0 || name.len == 0 || ob_span_is_nocase(name, OB_SPAN("UTF-8")) ||
        ob_span_is_nocase(name, OB_SPAN("UTF8")) ||
        (is_utf8 && (charset == NULL || charset->said_of_all))) {
        return true;
    }
    iconv_t way = charset == NULL ? (iconv_t)-1 : iconv_open("UTF-8", charset->name);
    OB_AUTO(ob_buf) shown = {.max = 400};
    ob_buf_add_shown(&shown, name, CHARSET_MAX);
    if (way == (iconv_t)-1) {
        return is_utf8 ||
               ob_fail(err, OB_ERR_PEER,
                       "the answer is no UTF-8 but charset '%.*s', which is not converted",
                       OB_SHOW(ob_buf_span(&shown)));
    }
    OB_AUTO(ob_buf) text = {.max = body.len * 4 + 16, .secret = true};
    size_t bad = convert(way, body, &text);
    (void)iconv_close(way);
    if (bad == SIZE_MAX) {
        return ob_buf_check(&text, "an answer", err) &&
               ob_arena_dup(arena, ob_buf_span(&text), answer, err);
    }
    return is_utf8 ||
           ob_fail(err, OB_ERR_PEER,
                   "the answer says charset '%.*s', and its byte %zu is neither that nor UTF-8",
                   OB_SHOW(ob_buf_span(&shown)), bad);
}
