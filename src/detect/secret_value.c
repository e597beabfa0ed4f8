/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a value can be a secret. Most of what stands behind "password:" in a chat or a log is
 * none: a word of a sentence, a name in a program, a stand-in, a path.
 */
#include "detect/secrets.h"

typedef struct mix {
    unsigned digits;
    unsigned upper;
    unsigned lower;
    unsigned signs;     /* everything else */
    unsigned strong;    /* signs that no word, path or name has */
    unsigned joints;    /* . - _ / : */
    unsigned switches;  /* from one class to another */
    unsigned steps;     /* characters that repeat or follow the one before in the alphabet */
    unsigned same;      /* most equal characters in a row, letters of either case */
    unsigned hex_lower; /* a to f */
    unsigned hex_upper;
} mix;

static unsigned class_of(char c)
{
    return obi_is(c, OBI_DIGIT) ? 0 : obi_is(c, OBI_UPPER) ? 1 : obi_is(c, OBI_LOWER) ? 2 : 3;
}

static void count_one(char c, mix *m)
{
    switch (class_of(c)) {
    case 0:
        m->digits++;
        break;
    case 1:
        m->upper++;
        m->hex_upper += obi_is(c, OBI_HEX) ? 1 : 0;
        break;
    case 2:
        m->lower++;
        m->hex_lower += obi_is(c, OBI_HEX) ? 1 : 0;
        break;
    default:
        m->signs++;
        m->joints += obi_one_of(c, ".-_/:,'") ? 1 : 0;
        m->strong += obi_one_of(c, "!@#$%^&*+=~?\\") ? 1 : 0;
        break;
    }
}

static mix measure(ob_span value)
{
    mix m = {.same = 1};
    unsigned same = 1;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        count_one(c, &m);
        if (i > 0) {
            char before = value.ptr[i - 1];
            int step = c - before;
            m.switches += class_of(c) != class_of(before) ? 1 : 0;
            m.steps += step == 0 || step == 1 ? 1 : 0;
            bool equal = step == 0 || ((step == 32 || step == -32) && obi_is(c, OBI_LETTER));
            same = equal ? same + 1 : 1;
            m.same = same > m.same ? same : m.same;
        }
    }
    return m;
}

/* Keys that vendors print in their own manuals and open source: whoever sees one has learned
 * nothing. The first eight characters behind the head are enough to know one again. */
static bool is_published(ob_span value)
{
    static const char *const list[] = {
        /* "EXAMPLE" in a value is caught below; these bear no such mark */
        "4eC39HqLyjWDarjtT1zdp7dc",
        "tR3PYbcVNZZ796tH88S4VQ2u",
        "BQokikJOvBiI2HlWgH4olfQ2",
    };
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_find(value, ob_span_str(list[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Marks of a stand-in, in any case. */
static bool has_mark(ob_span value)
{
    static const char *const marks[] = {
        "example",  "placeholder", "your",   "changeme", "change_me",  "redacted", "replace",
        "insert",   "dummy",       "xxxx",   "****",     "....",       "foobar",   "abcdefgh",
        "password", "secret_",     "_token", "token_",   "api_key",    "apikey",   "my-",
        "my_",      "here",        "${",     "$(",       "{{",         "%(",       "process.env",
        "os.env",   "getenv",      "####",   "sample",   "0123456789", "username", "testtest",
    };
    for (size_t i = 0; i < OB_COUNT(marks); i++) {
        if (ob_span_find_nocase(value, ob_span_str(marks[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

bool obi_secret_placeholder(ob_span value)
{
    mix m = measure(value);
    if (value.len == 0 || m.same >= 6 || (value.len >= 12 && m.steps * 2 > value.len)) {
        return true;
    }
    /* $NAME of a shell, %NAME% of another, @name of a template. */
    if (obi_one_of(value.ptr[0], "$%@") &&
        obi_run(value, 1, OBI_ALNUM | OBI_SIGN) >= value.len - 1 && m.digits < 2) {
        return true;
    }
    return has_mark(value) || is_published(value);
}

static bool is_uuid(ob_span value)
{
    if (value.len != 36) {
        return false;
    }
    for (size_t i = 0; i < 36; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? value.ptr[i] != '-' : !obi_is(value.ptr[i], OBI_HEX)) {
            return false;
        }
    }
    return true;
}

bool obi_secret_random(ob_span value)
{
    mix m = measure(value);
    unsigned letters = m.upper + m.lower;
    if (value.len < 8 || letters == 0 || m.strong > value.len / 4) {
        return false;
    }
    bool hex = m.hex_upper + m.hex_lower == letters && m.signs == 0 && m.digits >= 3 &&
               (m.hex_upper == 0 || m.hex_lower == 0);
    double bits = obi_entropy(value);
    double least = value.len >= 32 ? 3.0 : value.len >= 20 ? 2.9 : value.len >= 14 ? 2.6 : 2.3;
    if (bits < least) {
        return false;
    }
    if (hex) {
        return value.len >= 10;
    }
    if (m.digits == 0) {
        /* Letters only: a long run of both cases that no two words make. */
        return value.len >= 20 && m.upper >= 4 && m.lower >= 4 && m.switches * 3 > value.len &&
               m.signs * 6 < value.len;
    }
    return m.switches * 100 >= value.len * 20;
}

/* Words that stand behind "password:" and say something about it. */
static bool is_common(ob_span value)
{
    static const char *const list[] = {
        "access",   "again",     "blank",    "case",      "change",   "changed",  "character",
        "correct",  "create",    "default",  "disabled",  "does",     "empty",    "enabled",
        "enter",    "error",     "expired",  "failed",    "false",    "field",    "forgot",
        "forgotten", "hidden",   "incorrect", "invalid",  "locked",   "login",    "missing",
        "must",     "needed",    "never",    "none",      "null",     "option",   "optional",
        "please",   "protected", "provided", "recovery",  "rejected", "required", "reset",
        "resetting", "same",     "secure",   "sensitive", "should",   "string",   "strong",
        "temporary", "true",     "undefined", "unknown",  "updated",  "user",     "valid",
        "weak",     "when",      "wrong",    "yes",       "your",     "admin",    "root",
        "test",     "pass",      "token",    "secret",    "nil",      "redacted", "masked",
    };
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (ob_span_is_nocase(value, ob_span_str(list[i]))) {
            return true;
        }
    }
    return false;
}

/* name@host.tld */
static bool is_mail(ob_span value)
{
    size_t at = ob_span_find(value, OB_SPAN("@"), 0);
    return at != SIZE_MAX && obi_host(ob_span_sub(value, at + 1, value.len));
}

/* A path, a web address, a file, a call, a member of something. */
static bool is_place(ob_span value, const mix *m)
{
    char c = value.ptr[0];
    if (ob_span_find(value, OB_SPAN("://"), 0) != SIZE_MAX ||
        (obi_one_of(c, "/.~") && ob_span_find(value, OB_SPAN("/"), 0) != SIZE_MAX)) {
        return true;
    }
    bool dotted = ob_span_find(value, OB_SPAN("."), 0) != SIZE_MAX && m->strong == 0;
    return dotted && obi_is(c, OBI_LETTER) && obi_is(value.ptr[value.len - 1], OBI_LETTER) &&
           m->digits * 6 < value.len;
}

static ob_valid password(ob_span value, unsigned label)
{
    mix m = measure(value);
    unsigned letters = m.upper + m.lower;
    bool strict = (label & OBI_LABEL_STRICT) != 0;
    if (value.len < (strict ? 5U : 6U) || value.len > 128 || is_common(value) || is_mail(value) ||
        is_place(value, &m) || is_uuid(value)) {
        return OB_VALID_NO;
    }
    if (letters == 0) {
        /* A number that somebody chose; not a date, an amount or a range. */
        return obi_maybe_if(value.len >= 6 && value.len <= 12 && m.signs == m.strong &&
                            (label & OBI_LABEL_DIRECT) == 0);
    }
    bool mixed = m.digits > 0 || m.strong > 0;
    if ((label & OBI_LABEL_DIRECT) != 0) {
        return obi_maybe_if(value.len >= 7 && m.digits > 0 && m.switches >= 2 && m.joints == 0 &&
                            (m.strong > 0 || (m.upper > 0 && m.lower > 0)));
    }
    if (mixed) {
        /* "4th", "8-char", "2FA": a number in a sentence. */
        bool counts = !strict && obi_is(value.ptr[0], OBI_DIGIT) && m.switches < 2;
        return counts ? OB_VALID_NO : OB_VALID_YES;
    }
    /* Letters only: in a sentence it is a word; behind a sign it may be one that was chosen. */
    if (m.upper > 1 && m.lower > 1 && m.switches >= 3 && m.joints == 0) {
        return OB_VALID_MAYBE;
    }
    return obi_maybe_if(strict && value.len >= 10 && m.upper == 0 && m.joints == 0);
}

static ob_valid token(ob_span value, unsigned label)
{
    mix m = measure(value);
    bool strict = (label & (OBI_LABEL_STRICT | OBI_LABEL_SCHEME)) != 0;
    if (value.len < (strict ? 8U : 12U) || value.len > 2048 || is_place(value, &m) ||
        is_mail(value) || ((label & OBI_LABEL_DIRECT) != 0 && value.len < 16)) {
        return OB_VALID_NO;
    }
    if (is_uuid(value)) {
        return obi_yes_if((label & OBI_LABEL_ID) == 0);
    }
    if ((label & OBI_LABEL_ID) != 0 && (label & OBI_LABEL_VENDOR) == 0) {
        return OB_VALID_NO;
    }
    return obi_yes_if(obi_secret_random(value));
}

static ob_valid vendor(ob_span value, unsigned label)
{
    mix m = measure(value);
    unsigned named = label & (OBI_LABEL_KEY | OBI_LABEL_TOKEN | OBI_LABEL_ID);
    if (((label & OBI_LABEL_STRICT) == 0 && named == 0) || value.len < 14 || value.len > 200 ||
        is_place(value, &m) || is_mail(value)) {
        return OB_VALID_NO;
    }
    if (m.digits == value.len) {
        return obi_yes_if(value.len >= 15 && obi_entropy(value) >= 2.0);
    }
    return obi_yes_if(is_uuid(value) || obi_secret_random(value));
}

ob_valid obi_secret_value(ob_span value, unsigned label)
{
    ob_valid best = OB_VALID_NO;
    ob_valid one = OB_VALID_NO;
    bool form = (label & OBI_LABEL_VENDOR) != 0 && (is_uuid(value) || value.len == 40);
    if (value.len < 5 || (!form && obi_secret_placeholder(value))) {
        return OB_VALID_NO;
    }
    if ((label & OBI_LABEL_PASSWORD) != 0 && (label & (OBI_LABEL_ID | OBI_LABEL_KEY)) == 0) {
        best = password(value, label);
    }
    if ((label & OBI_LABEL_TOKEN) != 0) {
        one = token(value, label);
        best = one > best ? one : best;
    }
    if ((label & OBI_LABEL_VENDOR) != 0) {
        one = vendor(value, label);
        best = one > best ? one : best;
    }
    if ((label & OBI_LABEL_KEY) != 0 && (label & OBI_LABEL_DIRECT) == 0 && value.len >= 20) {
        one = obi_maybe_if(obi_secret_random(value) && !is_uuid(value));
        best = one > best ? one : best;
    }
    return best;
}
