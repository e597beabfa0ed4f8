/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that a label announces ("password: ...", "api_key=..."), passwords in addresses
 * (scheme://user:password@host), and user:password behind an option. The finding is the value
 * alone.
 */
#include "detect/breaks.h"
#include "detect/secrets.h"

static const char rule_assigned[] = "secret/assignment";
static const char rule_address[] = "secret/address";
static const char rule_option[] = "secret/option";

static void report(obi_scan *scan, size_t start, size_t end, ob_valid check, const char *rule)
{
    if (end == scan->text.len && (scan->seen & OBI_SEEN_CUT) != 0) {
        obi_found_long(scan, OB_KIND_KEY_GENERIC, start, end, check, rule, 0, OBI_TAIL_WORD);
    } else {
        obi_found(scan, OB_KIND_KEY_GENERIC, start, end, check, rule, 0);
    }
}

/* Quotes around a value, and signs at its end that belong to the sentence. */
static void trim(ob_span text, size_t *start, size_t *end)
{
    while (*start < *end && obi_one_of(text.ptr[*start], "'\\")) {
        ++*start;
    }
    while (*start < *end && obi_one_of(text.ptr[*end - 1], ".:'\\?")) {
        --*end;
    }
}

/* It begins as a token of a vendor does and is none: too short, or refused by its check. */
static bool is_stump(const obi_scan *scan, size_t start, size_t end)
{
    for (size_t i = 0; i < scan->literal_count; i++) {
        const obi_literal *literal = &scan->literals[i];
        if (literal->start != start || literal->rule >= OBI_SECRETS) {
            continue;
        }
        const obi_secret *row = &obi_secrets[literal->rule];
        if ((row->flags & OBI_SECRET_WEAK) == 0 && row->head_len >= 4 &&
            (end - start < (size_t)row->head_len + row->least ||
             (row->flags & OBI_SECRET_CHECK) != 0)) {
            return true;
        }
    }
    return false;
}

/* A token with a head of its own has been found there: it says more than a label. */
static bool is_taken(const obi_scan *scan, size_t start, size_t end)
{
    for (size_t i = 0; i < scan->count; i++) {
        const obi_candidate *other = &scan->found[i];
        if (other->start < end && start < other->end && other->check == OB_VALID_YES &&
            ob_span_has_prefix(ob_span_str(other->rule), OB_SPAN("secret/"))) {
            return true;
        }
    }
    return false;
}

static bool take_value(obi_scan *scan, size_t start, size_t end)
{
    trim(scan->text, &start, &end);
    if (end < start + 5) {
        return false;
    }
    if (is_taken(scan, start, end)) {
        return true;
    }
    char next = end < scan->text.len ? scan->text.ptr[end] : scan->next;
    ob_span value = ob_span_sub(scan->text, start, end);
    if (obi_secret_never(value)) { /* sooner told than what stands before it */
        return false;
    }
    unsigned label = obi_secret_label(scan->text, start, value);
    if (label == 0 || next == '(' || (next == '[' && (label & OBI_LABEL_STRICT) != 0) ||
        is_stump(scan, start, end)) {
        return false;
    }
    ob_valid check = obi_secret_value(value, label);
    if (check != OB_VALID_NO) {
        report(scan, start, end, check, rule_assigned);
    }
    return check != OB_VALID_NO;
}

/* "1234567890123456|abc...": an application and its token; the bar sets words apart. */
static bool take_barred(obi_scan *scan, size_t start, size_t end)
{
    size_t digits = 0;
    if (start < 2 || scan->text.ptr[start - 1] != '|') {
        return false;
    }
    while (start > digits + 1 && obi_is(scan->text.ptr[start - 2 - digits], OBI_DIGIT)) {
        digits++;
    }
    ob_span value = ob_span_sub(scan->text, start, end);
    if (digits < 13 || digits > 20 || value.len < 20 || value.len > 60 ||
        !obi_all(value, OBI_TOKEN) || !obi_secret_random(value)) {
        return false;
    }
    report(scan, start, end, OB_VALID_YES, "secret/barred");
    return true;
}

/* A token of a chat robot: its number to base 64, the time and a signature, with dots between. */
static bool take_robot(obi_scan *scan, size_t start, size_t end)
{
    ob_span value = ob_span_sub(scan->text, start, end);
    if (value.len < 57) {
        return false;
    }
    size_t one = obi_run(value, 0, OBI_TOKEN);
    size_t two = obi_run(value, one + 1, OBI_TOKEN);
    size_t three = obi_run(value, two + 1, OBI_TOKEN);
    if (!obi_one_of(value.ptr[0], "MNO") || one < 23 || one > 28 || two != one + 7 ||
        three < two + 28 || three > two + 39 || three != value.len || value.ptr[one] != '.' ||
        value.ptr[two] != '.' || !obi_secret_random(ob_span_sub(value, two + 1, three))) {
        return false;
    }
    report(scan, start, end, OB_VALID_YES, "secret/robot");
    return true;
}

/* The password of scheme://user:password@host, from behind the "://" on. */
static bool take_address(obi_scan *scan, size_t from, size_t end)
{
    size_t stop = from;
    size_t at = SIZE_MAX;
    size_t colon = SIZE_MAX;
    while (stop < end && !obi_one_of(scan->text.ptr[stop], "?#")) {
        char c = scan->text.ptr[stop];
        if (c == '/') {
            break;
        }
        at = c == '@' ? stop : at;
        colon = c == ':' && colon == SIZE_MAX ? stop : colon;
        stop++;
    }
    if (at == SIZE_MAX || colon == SIZE_MAX || colon + 3 > at || at + 1 >= end) {
        return false;
    }
    ob_span value = ob_span_sub(scan->text, colon + 1, at);
    static const char *const words[] = {"password", "pass", "pwd",   "passwd",
                                        "secret",   "xxx",  "token", "..."};
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        if (ob_span_is_nocase(value, ob_span_str(words[i]))) {
            return false;
        }
    }
    if (obi_secret_placeholder(value, false)) {
        return false;
    }
    obi_found(scan, OB_KIND_KEY_GENERIC, colon + 1, at, OB_VALID_YES, rule_address, 0);
    return true;
}

/* "-u user:password" and "--user user:password". */
static bool take_option(obi_scan *scan, size_t start, size_t end)
{
    size_t colon = ob_span_find(ob_span_sub(scan->text, 0, end), OB_SPAN(":"), start);
    if (colon == SIZE_MAX) {
        return false;
    }
    ob_span left = ob_span_sub(scan->text, 0, start);
    while (left.len > 0 && obi_one_of(left.ptr[left.len - 1], " '\"=")) {
        left.len--;
    }
    if (left.len == start || (!ob_span_has_suffix(left, OB_SPAN(" -u")) &&
                              !ob_span_has_suffix(left, OB_SPAN("--user")))) {
        return false;
    }
    size_t from = colon + 1;
    trim(scan->text, &from, &end);
    if (from >= end) {
        /* The user may be an API key, without a password. */
        from = start;
        end = colon;
    }
    ob_valid check =
        obi_secret_value(ob_span_sub(scan->text, from, end), OBI_LABEL_PASSWORD | OBI_LABEL_STRICT);
    if (check == OB_VALID_NO || (from == start && end - from < 8)) {
        return false;
    }
    report(scan, from, end, OB_VALID_YES, rule_option);
    return true;
}

/* "name=value" in one word; in an address "&" ends it. */
static void take_inner(obi_scan *scan, size_t start, size_t end)
{
    unsigned tries = 0;
    for (size_t i = start + 1; i + 1 < end && tries < 6; i++) {
        char c = scan->text.ptr[i];
        if ((c != '=' && c != ':') || obi_one_of(scan->text.ptr[i + 1], "/=:>")) {
            continue;
        }
        size_t stop = i + 1;
        while (stop < end && scan->text.ptr[stop] != '&') {
            stop++;
        }
        tries++;
        if (take_value(scan, i + 1, stop)) {
            return;
        }
    }
}

/* ":" or "=" stands before, behind blanks and quotes. */
static bool is_assigned(ob_span text, size_t start)
{
    while (start > 0 && obi_one_of(text.ptr[start - 1], " '\"")) {
        start--;
    }
    return start > 0 && obi_one_of(text.ptr[start - 1], ":=");
}

/* What a word has. */
enum {
    HAS_LETTER = 1,
    HAS_ODD = 2, /* something that no plain word has: digits, signs, capitals inside */
    HAS_COLON = 4,
    HAS_EQUALS = 8
};

static unsigned sign_of(char c)
{
    unsigned class = obi_class[(unsigned char)c];
    return (class & OBI_LETTER) != 0 ? HAS_LETTER | ((class & OBI_UPPER) != 0 ? HAS_ODD : 0U)
           : c == ':'                ? HAS_COLON
           : c == '='                ? HAS_EQUALS | HAS_ODD
           : obi_one_of(c, ".'-!?")  ? 0U
                                     : HAS_ODD;
}

static void take_word(obi_scan *scan, size_t start, size_t end, unsigned has)
{
    ob_span word = ob_span_sub(scan->text, start, end);
    /* A number by itself is no secret unless something announces it. */
    unsigned both = HAS_LETTER | HAS_ODD;
    if (word.len < 5 || (start == scan->from && (scan->seen & OBI_SEEN_REST) != 0) ||
        ((has & both) != both && (scan->seen & OBI_SEEN_VALUE) == 0 &&
         !is_assigned(scan->text, start))) {
        return;
    }
    size_t scheme = (has & HAS_COLON) != 0 ? ob_span_find(word, OB_SPAN("://"), 0) : SIZE_MAX;
    if (scheme != SIZE_MAX) {
        if (!take_address(scan, start + scheme + 3, end)) {
            take_inner(scan, start + scheme + 3, end);
        }
        return;
    }
    bool colon = (has & HAS_COLON) != 0;
    if ((!colon || !take_option(scan, start, end)) && !take_barred(scan, start, end) &&
        !take_robot(scan, start, end) && !take_value(scan, start, end) &&
        (has & (HAS_COLON | HAS_EQUALS)) != 0) {
        take_inner(scan, start, end);
    }
}

void obi_secret_assignments(obi_scan *scan)
{
    ob_span text = scan->text;
    for (size_t at = scan->from; at < text.len;) {
        if (!obi_is_plain(text.ptr[at])) {
            at++;
            continue;
        }
        /* A capital in front is nothing odd. */
        unsigned has = obi_is(text.ptr[at], OBI_LETTER) ? HAS_LETTER : sign_of(text.ptr[at]);
        size_t end = at + 1;
        while (end < text.len && obi_is_plain(text.ptr[end])) {
            has |= sign_of(text.ptr[end++]);
        }
        take_word(scan, at, end, has);
        at = end;
    }
}
