/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: tokens that begin with a literal, JSON web tokens, private keys, and what a label
 * announces. The scanner reports the literals; here what follows them is looked at.
 */
#include "detect/secrets.h"

#define NEAR_HEAD  100 /* so that a token is worth more than an address that is coded in it */
#define NEAR_OPEN  300 /* also against the letter that follows, which is its own */
#define OPEN_LEAST 24  /* characters of a token that goes on behind a full segment */

static char behind(const obi_scan *scan, size_t end)
{
    return end < scan->text.len ? scan->text.ptr[end] : scan->next;
}

/* The token goes on behind the segment. */
static bool is_open(const obi_scan *scan, size_t end)
{
    return end == scan->text.len && (scan->seen & OBI_SEEN_CUT) != 0;
}

static void report(obi_scan *scan, unsigned kind, size_t start, size_t end, const char *rule)
{
    if (is_open(scan, end)) {
        obi_found_long(scan, kind, start, end, OB_VALID_YES, rule, NEAR_OPEN, OBI_TAIL_WORD);
    } else {
        obi_found(scan, kind, start, end, OB_VALID_YES, rule, NEAR_HEAD);
    }
}

/* Nothing that belongs to a longer word stands before. */
static bool begins(const obi_scan *scan, size_t start, unsigned flags)
{
    if (start == 0 || (start == scan->from && (scan->seen & OBI_SEEN_REST) == 0)) {
        return start == 0 || !obi_is(scan->text.ptr[start - 1], OBI_ALNUM);
    }
    char before = scan->text.ptr[start - 1];
    if ((flags & OBI_SECRET_URL) != 0) {
        return true;
    }
    if (before == 'n' && start > 1 && scan->text.ptr[start - 2] == '\\') {
        return true; /* a line feed that was escaped */
    }
    return !obi_is(before, OBI_ALNUM) && !obi_one_of(before, "_+") &&
           ((flags & OBI_SECRET_WEAK) == 0 || !obi_one_of(before, "-./"));
}

/* Where a token of the row begins whose literal stands inside; SIZE_MAX if none does. */
static size_t back(const obi_scan *scan, const obi_literal *literal)
{
    static const struct {
        obi_secret_row row;
        unsigned classes;
        unsigned least;
        unsigned most;
        const char *more;
    } rows[] = {
        {OBI_SECRET_ROW_AZURE_AD, OBI_TOKEN, 4, 4, ".~"},
        {OBI_SECRET_ROW_TERRAFORM, OBI_ALNUM, 14, 14, ""},
        {OBI_SECRET_ROW_TELEGRAM, OBI_DIGIT, 8, 10, ""},
        {OBI_SECRET_ROW_MAILCHIMP, OBI_HEX, 32, 32, ""},
        {OBI_SECRET_ROW_MAXMIND, OBI_TOKEN, 36, 36, ""},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if ((uint32_t)rows[i].row != literal->rule) {
            continue;
        }
        size_t start = literal->start;
        while (start > scan->from && (obi_is(scan->text.ptr[start - 1], rows[i].classes) ||
                                      obi_one_of(scan->text.ptr[start - 1], rows[i].more))) {
            start--;
        }
        size_t len = literal->start - start;
        bool digit = rows[i].row != OBI_SECRET_ROW_AZURE_AD ||
                     (len > 0 && obi_is(scan->text.ptr[literal->start - 1], OBI_DIGIT));
        return len >= rows[i].least && len <= rows[i].most && digit ? start : SIZE_MAX;
    }
    return SIZE_MAX;
}

static size_t run(const obi_scan *scan, size_t at, const obi_secret *row)
{
    bool dots = (row->flags & OBI_SECRET_DOTS) != 0;
    while (at < scan->text.len && (obi_is(scan->text.ptr[at], row->classes) ||
                                   (dots && obi_one_of(scan->text.ptr[at], ".~")))) {
        at++;
    }
    while (dots && obi_one_of(scan->text.ptr[at - 1], ".~") && !is_open(scan, at)) {
        at--;
    }
    return at;
}

/* What follows the head has the row's form; *end is moved behind it. */
static bool has_form(const obi_scan *scan, const obi_literal *literal, const obi_secret *row,
                     size_t *end)
{
    size_t stop = run(scan, literal->end, row);
    size_t len = stop - literal->end;
    bool open = is_open(scan, stop) && (row->flags & OBI_SECRET_LONG) != 0 && len >= OPEN_LEAST;
    if (len > row->most || (len < row->least && !open)) {
        return false;
    }
    if ((row->flags & OBI_SECRET_MORE) != 0) {
        while (stop < scan->text.len &&
               (obi_is(scan->text.ptr[stop], OBI_TOKEN) || scan->text.ptr[stop] == '%')) {
            stop++;
        }
        if (stop > literal->end + len && obi_is(scan->text.ptr[literal->end + len], OBI_ALNUM)) {
            return false;
        }
    }
    char next = behind(scan, stop);
    if (!open && (obi_is(next, OBI_ALNUM) || next == '_')) {
        return false;
    }
    /* A file or a host, not the end of a sentence. */
    bool dotted =
        next == '.' && stop + 1 < scan->text.len && obi_is(scan->text.ptr[stop + 1], OBI_LOWER);
    if (dotted && (row->flags & OBI_SECRET_WEAK) != 0) {
        return false;
    }
    *end = stop;
    return true;
}

static bool is_random(ob_span rest, const obi_secret *row)
{
    if ((row->flags & OBI_SECRET_PLAIN) != 0) {
        return true;
    }
    if (row->kind == OB_KIND_KEY_SLACK && (row->flags & OBI_SECRET_CHECK) != 0) {
        /* Numbers of a workspace in front; the secret is the last part. */
        while (rest.len > 0 && obi_run(rest, 0, OBI_ALNUM) < rest.len) {
            size_t part = obi_run(rest, 0, OBI_ALNUM) + 1;
            rest = ob_span_sub(rest, part, rest.len);
        }
    }
    if (obi_secret_placeholder(rest, true) || !obi_looks_random(rest) ||
        obi_entropy(rest) < (rest.len >= 20 ? 2.8 : 2.2)) {
        return false;
    }
    return (row->flags & OBI_SECRET_WEAK) == 0 || obi_secret_random(rest);
}

static void find_token(obi_scan *scan, const obi_literal *literal)
{
    const obi_secret *row = &obi_secrets[literal->rule];
    size_t start = literal->start;
    size_t end = 0;
    if ((row->flags & OBI_SECRET_BACK) != 0) {
        start = back(scan, literal);
    }
    if (start == SIZE_MAX || !begins(scan, start, row->flags) ||
        !has_form(scan, literal, row, &end)) {
        return;
    }
    bool inside = (row->flags & OBI_SECRET_BACK) != 0;
    ob_span rest = ob_span_sub(scan->text, inside ? start : literal->end, end);
    ob_kind kind = (ob_kind)row->kind;
    if (!is_random(rest, row) || obi_secret_published(ob_span_sub(scan->text, start, end)) ||
        ((row->flags & OBI_SECRET_CHECK) != 0 &&
         ob_validate(kind, ob_span_sub(scan->text, start, end)) == OB_VALID_NO) ||
        ((row->flags & OBI_SECRET_LABEL) != 0 &&
         obi_secret_label(scan->text, start, (ob_span){0}) == 0)) {
        return;
    }
    report(scan, kind, (row->flags & OBI_SECRET_HEADLESS) != 0 ? literal->end : start, end,
           row->rule);
}

static bool has_any(ob_span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ob_span_find(text, ob_span_str(list[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/*
 * A JSON web token is two coded objects and a signature with dots between them. The dots may lie
 * behind the segment: then a name that its header always has must be in sight, in one of the three
 * ways that base64 writes it.
 */
static bool is_jwt(const obi_scan *scan, size_t start, size_t end)
{
    static const char *const names[] = {"ImFsZy", "JhbGci", "iYWxnI", "InR5cC", "J0eXAi", "idHlwI"};
    ob_span value = ob_span_sub(scan->text, start, end);
    size_t dot = ob_span_find(value, OB_SPAN("."), 0);
    if (dot == SIZE_MAX) {
        return is_open(scan, end) && value.len >= 60 && has_any(value, names, OB_COUNT(names));
    }
    ob_span payload = ob_span_sub(value, dot + 1, value.len);
    if (dot >= 17 && is_open(scan, end) && has_any(value, names, OB_COUNT(names))) {
        return true;
    }
    ob_span coded = value;
    while (coded.len > 0 && coded.ptr[coded.len - 1] == '=') {
        coded.len--;
    }
    return dot >= 14 && (ob_validate(OB_KIND_KEY_JWT, coded) != OB_VALID_NO ||
                         (payload.len >= 30 && ob_span_has_prefix(payload, OB_SPAN("eyJ")) &&
                          ob_span_find(payload, OB_SPAN("."), 0) != SIZE_MAX));
}

static void find_jwt(obi_scan *scan, const obi_literal *literal)
{
    static const char *const heads[] = {"ZXlKaGJHY2", "ZXlKMGVYQW", "ZXlKcmFXUW"};
    const obi_secret *row = &obi_secrets[literal->rule];
    size_t start = literal->start;
    size_t end = literal->end;
    unsigned dots = 0;
    bool coded = literal->rule == OBI_SECRET_ROW_JWT_CODED;
    if (!begins(scan, start, 0)) {
        return;
    }
    while (end < scan->text.len) {
        char c = scan->text.ptr[end];
        dots += c == '.' ? 1 : 0;
        if (!obi_is(c, OBI_TOKEN | (coded ? OBI_BASE64 : 0)) && (coded || !obi_one_of(c, ".="))) {
            break;
        }
        end++;
    }
    /* The full stop of a sentence; an unsigned token ends with its second dot. */
    if (!is_open(scan, end) && end > start && scan->text.ptr[end - 1] == '.' && dots > 2) {
        end--;
    }
    bool fits = coded ? end - start >= 60 && has_any(ob_span_sub(scan->text, start, start + 10),
                                                     heads, OB_COUNT(heads))
                      : is_jwt(scan, start, end);
    if (fits) {
        report(scan, OB_KIND_KEY_JWT, start, end, row->rule);
    }
}

/* "-----BEGIN ... PRIVATE KEY-----": the head of a block; what follows it is swallowed. */
static void find_pem(obi_scan *scan)
{
    static const char rule[] = "secret/pem";
    size_t start = ob_span_find(scan->text, OB_SPAN("-----BEGIN "), scan->from);
    if (start == SIZE_MAX) {
        return;
    }
    size_t end = ob_span_find(scan->text, OB_SPAN("-----"), start + 11);
    end = end == SIZE_MAX ? SIZE_MAX : end + 5;
    if (end == SIZE_MAX || behind(scan, end) == '-') {
        return;
    }
    if (ob_validate(OB_KIND_KEY_PEM, ob_span_sub(scan->text, start, end)) != OB_VALID_NO) {
        /* Alone it is a quotation, with more behind it a key. */
        ob_valid check = behind(scan, end) == '\0' ? OB_VALID_MAYBE : OB_VALID_YES;
        obi_found_long(scan, OB_KIND_KEY_PEM, start, end, check, rule, 0, OBI_TAIL_PEM);
    }
}

void obi_find_secret(obi_scan *scan)
{
    for (size_t i = 0; i < scan->literal_count; i++) {
        const obi_literal *literal = &scan->literals[i];
        if (literal->rule >= OBI_SECRETS || literal->start < scan->from) {
            continue;
        }
        if (obi_secrets[literal->rule].kind == OB_KIND_KEY_JWT) {
            find_jwt(scan, literal);
        } else {
            find_token(scan, literal);
        }
    }
    if ((scan->seen & OBI_SEEN_BEGIN) != 0) {
        find_pem(scan);
    }
    obi_secret_assignments(scan);
}
