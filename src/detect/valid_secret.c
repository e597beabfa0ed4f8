/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that a structure gives away: JSON web tokens, PEM blocks, assignments. */
#include "detect/valid_core.h"

#include <ombud/json.h>
#include <ombud/text.h>

#define JWT_HEAD_MAX 1536 /* decoded bytes of a header that is read; it seldom has 200 */

/* RFC 7515, 4.1.1: a JSON object whose alg is a string that is not empty. */
static bool jwt_head(ob_span text)
{
    ob_json_parser parser;
    ob_json_token token;
    bool found = false;
    bool named = false;
    ob_json_start(&parser, text);
    if (ob_json_next(&parser, &token) != OB_DONE || token.kind != OB_JSON_OBJECT) {
        return false;
    }
    while (ob_json_next(&parser, &token) == OB_DONE) {
        if (token.kind == OB_JSON_END) {
            return found;
        }
        found = found || (named && token.kind == OB_JSON_STRING && token.raw.len > 0);
        named = parser.depth == 1 && token.kind == OB_JSON_KEY && ob_span_is_str(token.raw, "alg");
    }
    return false;
}

ob_valid obi_valid_key_jwt(ob_span value)
{
    ob_span parts[6] = {{0}};
    ob_span rest = value;
    size_t count = 0;
    char head[JWT_HEAD_MAX];
    while (count < OB_COUNT(parts) && ob_span_cut(&rest, '.', &parts[count])) {
        if (obi_run(parts[count], 0, OBI_TOKEN) != parts[count].len) {
            return OB_VALID_NO;
        }
        count++;
    }
    /* Three parts are signed, five encrypted; an unsigned one ends with its second dot. */
    bool unsealed = count == 2 && value.ptr[value.len - 1] == '.';
    if ((count != 3 && count != 5 && !unsealed) || parts[0].len < 16 ||
        (count != 5 && (parts[1].len < 8 || parts[1].ptr[0] != 'e'))) {
        return OB_VALID_NO;
    }
    if (parts[0].len / 4 * 3 + 3 > sizeof head) {
        return obi_maybe_if(parts[0].ptr[0] == 'e');
    }
    size_t len = ob_base64_read(parts[0], head);
    if (!jwt_head((ob_span){head, len})) {
        return OB_VALID_NO;
    }
    return unsealed || parts[2].len < 10 ? OB_VALID_MAYBE : OB_VALID_YES;
}

/* RFC 7468 and its relatives: the head alone may be a quotation, a body behind it makes it a key.
 * In JSON and in shells the line feeds of the body are often written as a backslash and an n. */
ob_valid obi_valid_key_pem(ob_span value)
{
    static const char label[] = "PRIVATE KEY";
    if (!ob_span_has_prefix(value, OB_SPAN("-----BEGIN "))) {
        return OB_VALID_NO;
    }
    size_t name = ob_span_find(value, OB_SPAN(label), 0);
    size_t end = name == SIZE_MAX ? SIZE_MAX : ob_span_find(value, OB_SPAN("-----"), 11);
    if (end == SIZE_MAX || end < name || name > 111) {
        return OB_VALID_NO;
    }
    ob_span between = ob_span_sub(value, 11, name);
    ob_span tail = ob_span_sub(value, name + sizeof label - 1, end);
    for (size_t i = 0; i < between.len; i++) {
        if (!obi_is(between.ptr[i], OBI_UPPER | OBI_DIGIT) && between.ptr[i] != ' ') {
            return OB_VALID_NO;
        }
    }
    if (tail.len > 0 && !ob_span_is_str(tail, " BLOCK")) {
        return OB_VALID_NO;
    }
    size_t signs = 0;
    for (size_t i = end + 5; i < value.len && value.ptr[i] != '-'; i++) {
        signs += obi_is(value.ptr[i], OBI_ALNUM | OBI_BASE64) ? 1 : 0;
    }
    return signs >= 64 ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* The word in front of an assignment that says that a secret follows; where the word ends. */
static size_t secret_word(ob_span text)
{
    static const char *const words[] = {
        "password",   "passwd",       "passphrase",   "secret",       "token",
        "credential", "creds",        "api_key",      "apikey",       "api-key",
        "access_key", "accesskey",    "access-key",   "auth",         "private_key",
        "key",        "\u5bc6\u7801", "\u5bc6\u94a5", "\u4ee4\u724c", "\u53e3\u4ee4",
    };
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        ob_span word = ob_span_str(words[i]);
        size_t at = ob_span_find_nocase(text, word, 0);
        if (at != SIZE_MAX && at <= 50) {
            return at + word.len;
        }
    }
    return SIZE_MAX;
}

/* Behind the sign of an assignment, or SIZE_MAX: quotes and blanks, then one of = : => := or the
 * wide colon, quotes and blanks again. */
static size_t assigned(ob_span text, size_t at)
{
    size_t limit = at + 24;
    bool sign = false;
    while (at < text.len && at < limit && !sign) {
        char c = text.ptr[at];
        if (ob_span_has_prefix(ob_span_sub(text, at, text.len), OB_SPAN("\uff1a"))) {
            sign = true;
            at += 3;
        } else if (c == '=' || c == ':') {
            sign = true;
            at++;
        } else if (obi_is(c, OBI_TOKEN) || obi_one_of(c, " \t.'\"]")) {
            at++;
        } else {
            return SIZE_MAX;
        }
    }
    limit = at + 6;
    while (at < text.len && at < limit && obi_one_of(text.ptr[at], " \t'\"=>")) {
        at++;
    }
    return sign ? at : SIZE_MAX;
}

/* An assignment to a word such as "token" of a value that no word of a language looks like. */
ob_valid obi_valid_key_generic(ob_span value)
{
    size_t at = secret_word(ob_span_sub(value, 0, 90));
    at = at == SIZE_MAX ? SIZE_MAX : assigned(value, at);
    if (at == SIZE_MAX) {
        return OB_VALID_NO;
    }
    ob_span secret = ob_span_sub(value, at, value.len);
    while (secret.len > 0 && obi_one_of(secret.ptr[secret.len - 1], "'\";,")) {
        secret.len--;
    }
    unsigned classes = 0;
    for (size_t i = 0; i < secret.len; i++) {
        char c = secret.ptr[i];
        if (c <= ' ' || c > '~' || c == '\'' || c == '"') {
            return OB_VALID_NO;
        }
        classes |= obi_is(c, OBI_DIGIT)   ? 1
                   : obi_is(c, OBI_UPPER) ? 2
                   : obi_is(c, OBI_LOWER) ? 4
                                          : 8;
    }
    if (secret.len < 10 || secret.len > 150 || (classes & 1) == 0 || (classes & 6) == 0) {
        return OB_VALID_NO;
    }
    double bits = obi_entropy(secret);
    /* Long, of all three kinds of signs, and few of them twice: no word and no number. */
    bool strong = secret.len >= 16 && (classes & 7) == 7 && bits >= 3.5;
    return strong ? OB_VALID_YES : obi_maybe_if(bits >= 3.0);
}
