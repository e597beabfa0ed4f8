/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links that carry values away. Honest links carry some, too: numbers of articles and orders,
 * campaigns, sizes of pictures, commits. What counts is what decodes to text, sentences, places
 * that a program is to fill in, and, where nobody has to click, any value at all.
 */
#include "detect/link.h"
#include "detect/valid_core.h"

#include <ombud/detect.h>

/* From so many bytes on what decodes to text has not done so by accident. */
#define CODED_MIN 12

static int value64(char c)
{
    return obi_is(c, OBI_UPPER)   ? c - 'A'
           : obi_is(c, OBI_LOWER) ? c - 'a' + 26
           : obi_is(c, OBI_DIGIT) ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

/* Text as people write it: printable, mostly letters, digits and blanks. */
static bool is_text(const unsigned char *bytes, size_t len)
{
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] >= 0x7f || (bytes[i] < ' ' && bytes[i] != '\n')) {
            return false;
        }
        plain += obi_is((char)bytes[i], OBI_ALNUM) || bytes[i] == ' ';
    }
    return len > 0 && plain * 10 >= len * 7;
}

static bool is_base64_text(ob_span value)
{
    unsigned char out[OB_HOLD_MAX];
    uint32_t bits = 0;
    unsigned have = 0;
    size_t len = 0;
    size_t kinds = 0;
    while (value.len > 0 && value.ptr[value.len - 1] == '=') {
        value.len--;
    }
    for (size_t i = 0; i < value.len && len < sizeof out; i++) {
        int v = value64(value.ptr[i]);
        if (v < 0) {
            return false;
        }
        kinds |= obi_is(value.ptr[i], OBI_UPPER) ? 1U : obi_is(value.ptr[i], OBI_LOWER) ? 2U : 0U;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[len++] = (unsigned char)(bits >> have & 255);
        }
    }
    return value.len >= CODED_MIN && kinds == 3 && is_text(out, len);
}

static bool is_hex_text(ob_span value)
{
    unsigned char out[OB_HOLD_MAX];
    size_t len = 0;
    if (value.len < CODED_MIN || value.len % 2 != 0 || !obi_all(value, OBI_HEX)) {
        return false;
    }
    for (size_t i = 0; i + 1 < value.len && len < sizeof out; i += 2) {
        unsigned high = (unsigned)value.ptr[i] % 32 + (obi_is(value.ptr[i], OBI_DIGIT) ? 0U : 9U);
        unsigned low =
            (unsigned)value.ptr[i + 1] % 32 + (obi_is(value.ptr[i + 1], OBI_DIGIT) ? 0U : 9U);
        high = obi_is(value.ptr[i], OBI_DIGIT) ? obi_digit(value, i) : high;
        low = obi_is(value.ptr[i + 1], OBI_DIGIT) ? obi_digit(value, i + 1) : low;
        out[len++] = (unsigned char)((high << 4 | low) & 255);
    }
    return is_text(out, len) && !obi_all(value, OBI_DIGIT);
}

/* A place that somebody, or a model, is to fill in: "{data}", "[SUMMARY]", "<secret>", "$x". */
static bool is_place(ob_span value)
{
    if (value.len < 2) {
        return false;
    }
    char c = value.ptr[0];
    bool escaped = c == '%' && value.len > 3 &&
                   (ob_span_is_nocase(ob_span_sub(value, 1, 3), OB_SPAN("7b")) ||
                    ob_span_is_nocase(ob_span_sub(value, 1, 3), OB_SPAN("5b")) ||
                    ob_span_is_nocase(ob_span_sub(value, 1, 3), OB_SPAN("3c")));
    return escaped || obi_one_of(c, "{[<") ||
           (c == '$' && obi_is(value.ptr[1], OBI_LETTER | OBI_SIGN)) ||
           (c == '%' && obi_is(value.ptr[1], OBI_UPPER) && value.ptr[value.len - 1] == '%');
}

/* Words with "+", "%20" or "_" between: how many. */
static unsigned words_of(ob_span value)
{
    unsigned words = 0;
    bool inside = false;
    for (size_t i = 0; i < value.len; i++) {
        bool blank = value.ptr[i] == '+' || value.ptr[i] == '_';
        if (value.ptr[i] == '%' && i + 2 < value.len &&
            ob_span_is(ob_span_sub(value, i + 1, i + 3), OB_SPAN("20"))) {
            blank = true;
            i += 2;
        }
        words += !blank && !inside;
        inside = !blank;
    }
    return words;
}

static bool is_named(ob_span key, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (ob_span_is_nocase(key, ob_span_str(*names))) {
            return true;
        }
    }
    return false;
}

/* Sizes, versions and languages of pictures and pages. */
static bool is_harmless(ob_span key, ob_span value)
{
    static const char *const names[] = {
        "w",    "h",      "width", "height", "v",    "ver",      "version", "s",
        "size", "fit",    "auto",  "format", "fm",   "dpr",      "q",       "quality",
        "lang", "locale", "page",  "hl",     "crop", "theme",    "style",   "color",
        "logo", "branch", "t",     "ts",     "raw",  "download", "alt",     NULL};
    return value.len == 0 || (value.len <= 12 && is_named(key, names));
}

static bool is_telling(ob_span key)
{
    static const char *const names[] = {
        "data",    "leak",         "exfil",   "secret",    "secrets", "prompt",   "conversation",
        "history", "chat",         "cookie",  "cookies",   "context", "ctx",      "dump",
        "stolen",  "payload",      "summary", "message",   "msg",     "c",        "d",
        "x",       "info",         "creds",   "pass",      "pwd",     "password", "key",
        "apikey",  "instructions", "system",  "user_data", "name",    "email",    "phone",
        "address", "pin",          "otp",     "card",      "iban",    NULL};
    return is_named(key, names);
}

static void look_value(ob_span key, ob_span value, bool image, obi_against *all)
{
    if (is_place(value)) {
        obi_against_add(all, image ? 450 : 300, "link/place");
    }
    if (is_base64_text(value) || is_hex_text(value)) {
        obi_against_add(all, image ? 450 : 300, "link/coded");
    }
    unsigned words = words_of(value);
    if (words >= 4 && value.len >= 20 && (image || is_telling(key))) {
        obi_against_add(all, image ? 400 : 200, "link/sentence");
    }
    if (!image && is_telling(key) && key.len > 1 && value.len >= 8) {
        obi_against_add(all, 0, "link/value");
    }
    if (image && !is_harmless(key, value)) {
        obi_against_add(all, is_telling(key) ? 300 : 150, "link/value");
    }
}

static void look_query(ob_span query, bool image, obi_against *all)
{
    ob_span pair;
    while (ob_span_cut(&query, '&', &pair)) {
        size_t equal = ob_span_find(pair, OB_SPAN("="), 0);
        ob_span key = ob_span_sub(pair, 0, equal);
        if (equal == SIZE_MAX) { /* "?SGVsbG8": all of it is the value */
            look_value(ob_span_sub(pair, 0, 0), pair, image, all);
        } else {
            look_value(key, ob_span_sub(pair, equal + 1, pair.len), image, all);
        }
    }
}

/* Of a path only what decodes to text counts, and places to fill in. */
static void look_path(ob_span path, bool image, obi_against *all)
{
    ob_span part;
    while (ob_span_cut(&path, '/', &part)) {
        size_t dot = ob_span_find(part, OB_SPAN("."), 0);
        ob_span name = ob_span_sub(part, 0, dot);
        if ((name.len >= 16 && is_base64_text(name)) || is_hex_text(name)) {
            obi_against_add(all, image ? 400 : 250, "link/coded");
        }
        if (image && is_place(part)) {
            obi_against_add(all, 450, "link/place");
        }
    }
}

void obi_link_data(const ob_url *url, bool image, obi_against *all)
{
    ob_span rest = ob_span_sub(url->whole, (size_t)(url->host.ptr + url->host.len - url->whole.ptr),
                               url->whole.len);
    size_t query = ob_span_find(rest, OB_SPAN("?"), 0);
    size_t hash = ob_span_find(rest, OB_SPAN("#"), 0);
    size_t path = query < hash ? query : hash;
    look_path(ob_span_sub(rest, 0, path), image, all);
    look_query(url->query, image, all);
    if (hash != SIZE_MAX) {
        look_query(ob_span_sub(rest, hash + 1, rest.len), image, all);
    }
}
