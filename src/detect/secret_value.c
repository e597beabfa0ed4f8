/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a value can be a secret. Most of what stands behind "password:" in a chat or a log is
 * none: a word of a sentence, a name in a program, a stand-in, a path.
 */
#include "detect/secrets.h"

#define STRONG "!@#$%^&*+=~?" /* signs that no word, path or name has */

typedef struct mix {
    size_t digits;
    size_t upper;
    size_t lower;
    size_t signs;     /* everything else */
    size_t strong;    /* signs that no word, path or name has */
    size_t joints;    /* . - _ / : */
    size_t switches;  /* from one class to another */
    size_t steps;     /* characters that repeat or follow the one before in the alphabet */
    size_t same;      /* most equal characters in a row, letters of either case */
    size_t hex_lower; /* a to f */
    size_t hex_upper;
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
        m->strong += obi_one_of(c, STRONG) ? 1 : 0;
        break;
    }
}

static mix measure(ob_span value)
{
    mix m = {.same = 1};
    size_t same = 1;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        count_one(c, &m);
        if (i > 0) {
            char before = value.ptr[i - 1];
            int step = c - before;
            m.switches += class_of(c) != class_of(before) ? 1 : 0;
            m.steps += step == 0 || step == 1 ? 1 : 0;
            bool equal = step == 0 || ((step == 32 || step == -32) && obi_is(c, OBI_LETTER) &&
                                       obi_is(before, OBI_LETTER));
            same = equal ? same + 1 : 1;
            m.same = same > m.same ? same : m.same;
        }
    }
    return m;
}

/*
 * Keys that vendors print in their own manuals and open source (Stripe's documentation, Google's
 * Firebase libraries and their tests, Algolia's index of packages): whoever sees one has learned
 * nothing. They stand here as FNV-1a hashes, so that no scanner takes this file for a leak.
 */
bool obi_secret_published(ob_span value)
{
    static const uint64_t list[] = {
        UINT64_C(0x08b545962adc7d8b), UINT64_C(0x12113c2e6979f447), UINT64_C(0x294c63f8344d5df1),
        UINT64_C(0x29a336c7244f48dd), UINT64_C(0x43f62e8bcdd84601), UINT64_C(0x515cb771a4238032),
        UINT64_C(0x67e733c2f9035757), UINT64_C(0x6835e0f288832a40), UINT64_C(0x6acbd824bd32bbd4),
        UINT64_C(0x816cd10fdb11ead0), UINT64_C(0x828818f833257868), UINT64_C(0x99b2726346a1e92a),
        UINT64_C(0xadbd04e3fe1b6d49), UINT64_C(0xc73f1e61952e6987), UINT64_C(0xd8e13cded25333c6),
        UINT64_C(0xdb9422f1dd332dcc), UINT64_C(0xddd19c486d095d84), UINT64_C(0xe754678ea2b14ef1),
        UINT64_C(0xe7666dbb286c6c2e),
    };
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < value.len; i++) {
        hash = (hash ^ (unsigned char)value.ptr[i]) * UINT64_C(0x100000001b3);
    }
    for (size_t i = 0; i < OB_COUNT(list); i++) {
        if (list[i] == hash) {
            return true;
        }
    }
    return false;
}

/* Marks of a stand-in, in any case: the first ones are too long to stand in a random value. */
static bool has_mark(ob_span value, bool token)
{
    static const char *const marks[] = {
        "example",     "placeholder", "changeme", "change_me", "redacted", "replace",  "xxxx",
        "****",        "....",        "####",     "abcdefgh",  "sample",   "testtest", "0123456789",
        "_password",   "password_",   "secret_",  "_token",    "token_",   "api_key",  "getenv",
        "process.env", "os.env",      "your_",    "your-",     "insert",   "dummy",    "foobar",
        "username",    "your",        "apikey",   "my-",       "my_",      "here",     "${",
        "$(",          "{{",          "%(",
    };
    size_t count = token ? 25 : OB_COUNT(marks);
    uint64_t has[2] = {0, 0}; /* which characters there are: most marks begin with another one */
    for (size_t i = 0; i < value.len; i++) {
        char c = (char)(value.ptr[i] | (obi_is(value.ptr[i], OBI_UPPER) ? 0x20 : 0));
        has[(unsigned char)c / 64 & 1] |= UINT64_C(1) << (c & 63);
    }
    for (size_t i = 0; i < count; i++) {
        char first = marks[i][0];
        if ((has[(unsigned char)first / 64] >> (first & 63) & 1) != 0 &&
            ob_span_find_nocase(value, ob_span_str(marks[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

bool obi_secret_placeholder(ob_span value, bool token)
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
    return has_mark(value, token);
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

/* A name of parts ("jackson-0.11.2", "prod_v2.eu"): none of them is digits and letters mixed. */
static bool is_named(ob_span value)
{
    size_t pieces = 0;
    size_t start = 0;
    for (size_t i = 0; i <= value.len; i++) {
        if (i < value.len && !obi_one_of(value.ptr[i], ".-_:/")) {
            continue;
        }
        mix m = measure(ob_span_sub(value, start, i));
        pieces += i > start ? 1 : 0;
        if (i - start >= 6 && m.digits > 0 && m.digits < i - start) {
            return false;
        }
        start = i + 1;
    }
    return pieces > 1;
}

/* All that random values have but for their entropy, which costs most. */
static bool is_mixed(ob_span value)
{
    mix m = measure(value);
    size_t letters = m.upper + m.lower;
    if (value.len < 8 || letters == 0 || m.strong > value.len / 4) {
        return false;
    }
    bool hex = m.hex_upper + m.hex_lower == letters && m.signs == 0 && m.digits >= 3 &&
               (m.hex_upper == 0 || m.hex_lower == 0);
    if (hex) {
        return value.len >= 10;
    }
    if (m.digits == 0) {
        /* Letters only: a long run of both cases that no two words make. */
        return value.len >= 20 && m.upper >= 4 && m.lower >= 4 && m.switches * 3 > value.len &&
               m.signs * 6 < value.len;
    }
    return m.switches * 100 >= value.len * 12 && !is_named(value);
}

bool obi_secret_random(ob_span value)
{
    double least = value.len >= 32 ? 3.0 : value.len >= 20 ? 2.9 : value.len >= 14 ? 2.6 : 2.3;
    return is_mixed(value) && obi_entropy(value) >= least;
}

/* Words that stand behind "password:" and say something about it. */
static bool is_common(ob_span value)
{
    static const char *const list[] = {
        "access",    "again",     "blank",     "case",      "change",   "changed",  "character",
        "correct",   "create",    "default",   "disabled",  "does",     "empty",    "enabled",
        "enter",     "error",     "expired",   "failed",    "false",    "field",    "forgot",
        "forgotten", "hidden",    "incorrect", "invalid",   "locked",   "login",    "missing",
        "must",      "needed",    "never",     "none",      "null",     "option",   "optional",
        "please",    "protected", "provided",  "recovery",  "rejected", "required", "reset",
        "resetting", "same",      "secure",    "sensitive", "should",   "string",   "strong",
        "temporary", "true",      "undefined", "unknown",   "updated",  "user",     "valid",
        "weak",      "when",      "wrong",     "yes",       "your",     "admin",    "root",
        "test",      "password",  "passwd",    "username",  "pass",     "token",    "secret",
        "nil",       "redacted",  "masked",
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
    size_t letters = m.upper + m.lower;
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
        bool cased = m.strong > 0 || (m.upper > 0 && m.lower > 0);
        return obi_maybe_if(
            value.len >= 7 && m.digits > 0 && m.signs == m.strong &&
            (cased ? m.switches >= 2 : value.len >= 8 && m.digits >= 2 && letters >= 3));
    }
    if (mixed) {
        /* "4th", "8-char", "2FA": a number in a sentence. */
        bool counts = !strict && obi_is(value.ptr[0], OBI_DIGIT) && m.switches < 2;
        return counts ? OB_VALID_NO : OB_VALID_YES;
    }
    /* Letters only: in a sentence it is a word; behind a sign it may be one that was chosen. */
    if (m.upper > 1 && m.lower > 1 && m.switches >= 3 && m.signs == 0) {
        return OB_VALID_MAYBE;
    }
    return obi_maybe_if(strict && value.len >= 10 && m.upper == 0 && m.signs == 0);
}

static ob_valid token(ob_span value, unsigned label)
{
    mix m = measure(value);
    bool strict = (label & (OBI_LABEL_STRICT | OBI_LABEL_SCHEME)) != 0;
    if (value.len < (strict ? 10U : 12U) || value.len > 2048 || is_place(value, &m) ||
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
    /* Two numbers to base 16: the name and the password of a package server. */
    if (value.len == 17 && value.ptr[8] == ':') {
        return obi_yes_if(obi_all(ob_span_sub(value, 0, 8), OBI_HEX) &&
                          obi_all(ob_span_sub(value, 9, 17), OBI_HEX));
    }
    if (m.digits == value.len) {
        return obi_yes_if(value.len >= 15 && obi_entropy(value) >= 2.0);
    }
    return obi_yes_if(is_uuid(value) || obi_secret_random(value));
}

/* As password(), token(), vendor() and obi_secret_random() refuse it. */
bool obi_secret_never(ob_span value)
{
    size_t digits = 0;
    size_t upper = 0;
    size_t lower = 0;
    size_t strong = 0;
    if (value.len >= 17) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        unsigned class = obi_class[(unsigned char)value.ptr[i]];
        digits += (class & OBI_DIGIT) != 0;
        upper += (class & OBI_UPPER) != 0;
        lower += (class & OBI_LOWER) != 0;
        strong += (class & OBI_ALNUM) == 0 && obi_one_of(value.ptr[i], STRONG);
        if (upper + lower > 0 && digits + strong > 0) {
            return false;
        }
    }
    size_t signs = value.len - digits - upper - lower;
    if (upper + lower == 0) { /* a number that somebody chose, or one of a vendor */
        return (digits < value.len || value.len < 15) &&
               (signs > strong || value.len < 6 || value.len > 12);
    }
    return signs > 0 || ((upper < 2 || lower < 2) && (upper > 0 || value.len < 10));
}

/* No more than password(), token() and vendor() ask for then. */
bool obi_secret_alone(ob_span value)
{
    size_t digits = 0;
    size_t letters = 0;
    size_t weak = 0; /* signs that a password alone does not have */
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        digits += obi_is(c, OBI_DIGIT) ? 1 : 0;
        letters += obi_is(c, OBI_LETTER) ? 1 : 0;
        weak += obi_is(c, OBI_ALNUM) || obi_one_of(c, STRONG) ? 0 : 1;
    }
    if (value.len >= 7 && digits > 0 && letters > 0 && weak == 0) {
        return true;
    }
    return value.len >= 14 &&
           (digits == value.len || value.len == 17 || value.len == 36 || is_mixed(value));
}

ob_valid obi_secret_value(ob_span value, unsigned label)
{
    ob_valid best = OB_VALID_NO;
    ob_valid one = OB_VALID_NO;
    bool form = (label & OBI_LABEL_VENDOR) != 0 && (is_uuid(value) || value.len == 40);
    if (value.len < 5 || (!form && obi_secret_placeholder(value, false)) ||
        obi_secret_published(value)) {
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
