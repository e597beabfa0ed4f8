/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and tokens. Most begin with a literal that their issuer chose so that they can be found;
 * literal, alphabet and length are the proof, unless the rest is plainly a stand-in ("xxxx"). The
 * forms are those that the issuers document and that secret scanners agree on.
 */
#include "detect/valid_core.h"

/* The literal was found and the form fits: a stand-in is no key, but a cue may know better. */
static ob_valid yes_if_random(ob_span secret)
{
    return obi_looks_random(secret) ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* What stands behind the literal, if the value begins with it and the rest is len characters of the
 * classes; the empty span if not. */
static ob_span behind(ob_span value, const char *literal, size_t len, unsigned classes)
{
    ob_span front = ob_span_str(literal);
    ob_span rest = ob_span_sub(value, front.len, value.len);
    bool fits = ob_span_has_prefix(value, front) && rest.len == len && obi_all(rest, classes);
    return fits ? rest : (ob_span){0};
}

ob_valid obi_valid_key_aws(ob_span value)
{
    static const char *const fronts[] = {"AKIA", "ASIA", "ABIA", "ACCA"};
    for (size_t i = 0; i < OB_COUNT(fronts); i++) {
        ob_span rest = behind(value, fronts[i], 16, OBI_BASE32);
        if (rest.len > 0) {
            return yes_if_random(rest);
        }
    }
    ob_span rest = ob_span_sub(value, 4, value.len);
    return ob_span_has_prefix(value, OB_SPAN("A3T")) &&
                   obi_is(value.ptr[3], OBI_UPPER | OBI_DIGIT) && obi_all(rest, OBI_BASE32)
               ? yes_if_random(rest)
               : OB_VALID_NO;
}

static uint32_t crc32(ob_span text)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < text.len; i++) {
        crc ^= (unsigned char)text.ptr[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
        }
    }
    return ~crc;
}

/* The last six of the 36 characters are the CRC-32 of the others to base 62, digits first. */
static bool github_checksum(ob_span rest)
{
    uint64_t number = 0;
    for (size_t i = 30; i < 36; i++) {
        char c = rest.ptr[i];
        unsigned digit = obi_is(c, OBI_LOWER) ? (unsigned)(c - 'a') + 36 : obi_value36(c);
        number = number * 62 + digit;
    }
    return number == crc32(ob_span_sub(rest, 0, 30));
}

ob_valid obi_valid_key_github(ob_span value)
{
    ob_span fine = ob_span_sub(value, 11, value.len);
    if (ob_span_has_prefix(value, OB_SPAN("github_pat_"))) {
        bool fits = fine.len == 82 && obi_all(ob_span_sub(fine, 0, 22), OBI_ALNUM) &&
                    obi_run(fine, 0, OBI_ALNUM | OBI_SIGN) == fine.len &&
                    ob_span_find(fine, OB_SPAN("-"), 0) == SIZE_MAX;
        return fits ? yes_if_random(fine) : OB_VALID_NO;
    }
    ob_span rest = ob_span_sub(value, 4, value.len);
    if (!ob_span_has_prefix(value, OB_SPAN("gh")) || !obi_one_of(value.ptr[2], "pousr") ||
        value.ptr[3] != '_' || rest.len != 36 || !obi_all(rest, OBI_ALNUM)) {
        return OB_VALID_NO;
    }
    /* A wrong checksum: copied badly, made up, or of a kind that has none. */
    return github_checksum(rest) ? OB_VALID_YES : OB_VALID_MAYBE;
}

/* The routable form has a payload, then a dot and nine characters of length and checksum, and in
 * between perhaps a version. */
static bool gitlab_routable(ob_span rest)
{
    size_t dot = obi_run(rest, 0, OBI_TOKEN);
    ob_span tail = ob_span_sub(rest, dot, rest.len);
    if (tail.len == 13 && tail.ptr[0] == '.' && obi_all(ob_span_sub(tail, 1, 3), OBI_ALNUM)) {
        tail = ob_span_sub(tail, 3, tail.len);
    }
    return dot >= 27 && dot <= 300 && tail.len == 10 && tail.ptr[0] == '.' &&
           obi_all(ob_span_sub(tail, 1, 10), OBI_LOWER | OBI_DIGIT);
}

ob_valid obi_valid_key_gitlab(ob_span value)
{
    ob_span rest = ob_span_sub(value, 6, value.len);
    if (!ob_span_has_prefix(value, OB_SPAN("glpat-"))) {
        return OB_VALID_NO;
    }
    return (rest.len == 20 && obi_all(rest, OBI_TOKEN)) || gitlab_routable(rest)
               ? yes_if_random(rest)
               : OB_VALID_NO;
}

/* Groups of 10 to 13 digits, count of them, each with a hyphen in front; moves *at. */
static bool slack_groups(ob_span value, size_t *at, size_t count)
{
    for (; count > 0; count--) {
        size_t end =
            *at < value.len && value.ptr[*at] == '-' ? obi_run(value, *at + 1, OBI_DIGIT) : *at;
        if (end < *at + 11 || end > *at + 14) {
            return false;
        }
        *at = end;
    }
    return true;
}

static bool slack_tail(ob_span value, size_t at)
{
    while (at < value.len && (obi_is(value.ptr[at], OBI_ALNUM) || value.ptr[at] == '-')) {
        at++;
    }
    return at == value.len;
}

static ob_valid slack_hook(ob_span value)
{
    static const char *const paths[] = {"services/", "workflows/", "triggers/"};
    size_t at = ob_span_find(value, OB_SPAN("hooks.slack.com/"), 0);
    ob_span front = ob_span_sub(value, 0, at == SIZE_MAX ? 0 : at);
    if (at == SIZE_MAX || (front.len > 0 && !ob_span_is_str(front, "https://") &&
                           !ob_span_is_str(front, "http://"))) {
        return OB_VALID_NO;
    }
    ob_span path = ob_span_sub(value, at + 16, value.len);
    for (size_t i = 0; i < OB_COUNT(paths); i++) {
        ob_span name = ob_span_str(paths[i]);
        ob_span secret = ob_span_sub(path, name.len, path.len);
        if (ob_span_has_prefix(path, name) && secret.len >= 43 && secret.len <= 56 &&
            obi_all(secret, OBI_ALNUM | OBI_BASE64)) {
            return yes_if_random(secret);
        }
    }
    return OB_VALID_NO;
}

/* Older tokens: numbers of the workspace, the user and the application, some of them left out, then
 * the secret; the newer ones have more of each. */
static bool slack_older(ob_span value)
{
    size_t numbers = 0;
    size_t at = 4;
    size_t last = 0; /* of the last part */
    while (at < value.len && value.ptr[at] == '-') {
        size_t end = obi_run(value, at + 1, OBI_ALNUM);
        bool number = obi_run(value, at + 1, OBI_DIGIT) == end;
        numbers += number && end - at >= 9 ? 1 : 0;
        last = end - at - 1;
        at = end;
    }
    return at == value.len && numbers >= 1 && last >= 10 && last <= 64;
}

ob_valid obi_valid_key_slack(ob_span value)
{
    size_t at = 4;
    ob_span front = ob_span_sub(value, 0, 4);
    if (ob_span_is_str(front, "xoxb") && slack_groups(value, &at, 2) && slack_tail(value, at)) {
        return yes_if_random(ob_span_sub(value, 4, value.len));
    }
    if (ob_span_is_str(front, "xoxb") ||
        (ob_span_has_prefix(front, OB_SPAN("xox")) && obi_one_of(front.ptr[3], "aeoprs"))) {
        return slack_older(value) ? yes_if_random(ob_span_sub(value, 4, value.len)) : OB_VALID_NO;
    }
    if (ob_span_has_prefix(value, OB_SPAN("xapp-"))) {
        /* xapp-1-A0000000000-0000000000000-hex */
        bool fits = value.len >= 40 && obi_is(value.ptr[5], OBI_DIGIT) && value.ptr[6] == '-' &&
                    slack_tail(value, 7);
        return fits ? yes_if_random(ob_span_sub(value, 7, value.len)) : OB_VALID_NO;
    }
    return slack_hook(value);
}

ob_valid obi_valid_key_gcp(ob_span value)
{
    ob_span rest = behind(value, "AIza", 35, OBI_TOKEN);
    return rest.len > 0 ? yes_if_random(rest) : OB_VALID_NO;
}

ob_valid obi_valid_key_stripe(ob_span value)
{
    static const char *const modes[] = {"test_", "live_", "prod_"};
    ob_span rest = ob_span_sub(value, 3, value.len);
    if (!ob_span_has_prefix(value, OB_SPAN("sk_")) && !ob_span_has_prefix(value, OB_SPAN("rk_"))) {
        return OB_VALID_NO;
    }
    for (size_t i = 0; i < OB_COUNT(modes); i++) {
        ob_span secret = ob_span_sub(rest, 5, rest.len);
        if (ob_span_has_prefix(rest, ob_span_str(modes[i])) && secret.len >= 10 &&
            secret.len <= 99 && obi_all(secret, OBI_ALNUM)) {
            return yes_if_random(secret);
        }
    }
    return OB_VALID_NO;
}

ob_valid obi_valid_key_twilio(ob_span value)
{
    ob_span rest = behind(value, "SK", 32, OBI_HEX);
    return rest.len > 0 ? yes_if_random(rest) : OB_VALID_NO;
}

/* Newer OpenAI keys name their kind in front; the old ones have a mark in the middle. */
static ob_valid openai(ob_span value)
{
    static const char *const kinds[] = {"sk-proj-", "sk-svcacct-", "sk-admin-"};
    for (size_t i = 0; i < OB_COUNT(kinds); i++) {
        ob_span front = ob_span_str(kinds[i]);
        ob_span rest = ob_span_sub(value, front.len, value.len);
        if (ob_span_has_prefix(value, front)) {
            return rest.len >= 40 && obi_all(rest, OBI_TOKEN) ? yes_if_random(rest) : OB_VALID_NO;
        }
    }
    ob_span rest = behind(value, "sk-", 48, OBI_ALNUM);
    return rest.len > 0 && ob_span_find(rest, OB_SPAN("T3BlbkFJ"), 0) == 20 ? yes_if_random(rest)
                                                                            : OB_VALID_NO;
}

ob_valid obi_valid_key_llm(ob_span value)
{
    static const char *const anthropic[] = {"sk-ant-api03-", "sk-ant-admin01-"};
    for (size_t i = 0; i < OB_COUNT(anthropic); i++) {
        ob_span rest = behind(value, anthropic[i], 95, OBI_TOKEN);
        if (rest.len > 0 && ob_span_has_suffix(rest, OB_SPAN("AA"))) {
            return yes_if_random(rest);
        }
    }
    ob_span hugging = behind(value, "hf_", 34, OBI_LETTER);
    return hugging.len > 0 ? yes_if_random(hugging) : openai(value);
}

/* 20 characters behind the literal; twelve in old ones. */
ob_valid obi_valid_key_alibaba(ob_span value)
{
    ob_span rest = ob_span_sub(value, 4, value.len);
    if (!ob_span_has_prefix(value, OB_SPAN("LTAI")) || !obi_all(rest, OBI_ALNUM)) {
        return OB_VALID_NO;
    }
    return rest.len == 20 ? yes_if_random(rest) : obi_maybe_if(rest.len == 12);
}
