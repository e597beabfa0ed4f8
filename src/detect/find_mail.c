/* SPDX-License-Identifier: Apache-2.0 */
/* E-mail addresses, and SIP addresses, which have the same sign. */
#include "detect/pieces.h"

/* What an address has left of its sign in practice. RFC 5322 allows more, but in running text "=",
 * "/", "*" and the like stand in front of addresses rather than within. */
static bool is_local(char c)
{
    return obi_is(c, OBI_TOKEN) || (unsigned char)c >= 0x80 || c == '.' || c == '+' || c == '%' ||
           c == '\'';
}

static bool is_host(char c)
{
    return obi_is(c, OBI_ALNUM) || (unsigned char)c >= 0x80 || c == '.' || c == '-';
}

/* The first byte of a name that ends before sign. */
static size_t local_start(const obi_scan *scan, size_t sign)
{
    size_t start = sign;
    while (start > scan->from && is_local(scan->text.ptr[start - 1])) {
        start--;
    }
    while (start < sign && obi_one_of(scan->text.ptr[start], ".%+-'")) {
        start++;
    }
    return start;
}

/* Appends to text of OB_HOLD_MAX bytes; false if it does not fit. */
static bool append(char *text, size_t *len, ob_span bytes)
{
    if (bytes.len > OB_HOLD_MAX - *len) {
        return false;
    }
    (void)memcpy(text + *len, bytes.ptr, bytes.len);
    *len += bytes.len;
    return true;
}

/*
 * Judges the address with its labels in ASCII: one with other characters is written as its encoded
 * form begins (RFC 5891); what stands behind "xn--" does not matter to the validator.
 */
static ob_valid check_address(ob_span address, size_t sign)
{
    char text[OB_HOLD_MAX];
    size_t len = 0;
    bool fits = append(text, &len, ob_span_sub(address, 0, sign));
    ob_span host = ob_span_sub(address, sign + 1, address.len);
    ob_span label = {0};
    for (char before = '@'; fits && ob_span_cut(&host, '.', &label); before = '.') {
        bool foreign = false;
        for (size_t i = 0; i < label.len; i++) {
            foreign = foreign || (unsigned char)label.ptr[i] >= 0x80;
        }
        fits = append(text, &len, (ob_span){&before, 1}) &&
               append(text, &len, foreign ? OB_SPAN("xn--x") : label);
    }
    return fits ? ob_validate(OB_KIND_EMAIL, (ob_span){text, len}) : OB_VALID_NO;
}

/* "name@host.example.The next sentence": the last label is a word that begins one. */
static size_t without_sentence(ob_span text, size_t sign, size_t end)
{
    size_t dot = end - 1;
    while (dot > sign && text.ptr[dot] != '.') {
        dot--;
    }
    bool capital = dot + 2 < end && obi_is(text.ptr[dot + 1], OBI_UPPER) &&
                   obi_is(text.ptr[dot + 2], OBI_LOWER);
    return dot > sign + 1 && capital && obi_is(text.ptr[dot - 1], OBI_LOWER) ? dot : end;
}

/* "git@host:path" is a place of a repository; what has "//" and a colon before it is the password
 * of an address, which is a secret. */
static bool is_other(const obi_scan *scan, size_t start, size_t sign, size_t end)
{
    ob_span text = scan->text;
    ob_span local = ob_span_sub(text, start, sign);
    bool path = end < text.len ? text.ptr[end] == ':' : scan->next == ':';
    if (ob_span_is_str(local, "git") && path) {
        return true;
    }
    ob_span left = ob_span_sub(text, scan->from, start);
    size_t slashes = ob_span_find(left, OB_SPAN("://"), 0);
    return slashes != SIZE_MAX && left.ptr[left.len - 1] == ':' && slashes + 3 < left.len;
}

static bool is_scheme(ob_span left, const char *scheme)
{
    size_t len = strlen(scheme);
    size_t at = left.len - len;
    return left.len >= len &&
           ob_span_is_nocase(ob_span_sub(left, at, left.len), ob_span_str(scheme)) &&
           (at == 0 || !obi_is(left.ptr[at - 1], OBI_ALNUM));
}

/* Where "sip:" stands before a name, its beginning; SIZE_MAX if it does not. */
static size_t sip_start(const obi_scan *scan, size_t sign)
{
    size_t at = sign;
    while (at > scan->from && scan->text.ptr[at - 1] != '"') {
        at--;
        if (scan->text.ptr[at] != ':') {
            continue;
        }
        ob_span left = ob_span_sub(scan->text, scan->from, at + 1);
        if (is_scheme(left, "sip:")) {
            return at - 3;
        }
        if (is_scheme(left, "sips:")) {
            return at - 4;
        }
    }
    return SIZE_MAX;
}

static void found_sip(obi_scan *scan, size_t start, size_t sign)
{
    ob_span text = scan->text;
    size_t end = sign + 1;
    while (end < text.len && is_host(text.ptr[end])) {
        end++;
    }
    size_t port = end < text.len && text.ptr[end] == ':' ? obi_run(text, end + 1, OBI_DIGIT) : end;
    end = port > end + 1 ? port : end;
    while (end > sign + 1 && obi_one_of(text.ptr[end - 1], ".-")) {
        end--;
    }
    obi_found(scan, OB_KIND_SIPURI, start, end,
              ob_validate(OB_KIND_SIPURI, ob_span_sub(text, start, end)), "sipuri", 0);
}

/* The digits of a subscription at the host of its network (TS 23.003, 13.3), or the name of a
 * permanent identifier. True if it is one. */
static bool found_telecom(obi_scan *scan, size_t start, size_t end)
{
    ob_span value = ob_span_sub(scan->text, start, end);
    ob_kind kind = OB_KIND_SIPURI;
    if (ob_span_has_prefix(value, OB_SPAN("nai-"))) {
        kind = OB_KIND_SUPI;
    } else if (value.len < 40 || !obi_is(value.ptr[0], OBI_DIGIT)) {
        return false;
    }
    ob_valid check = ob_validate(kind, value);
    if (check != OB_VALID_YES) {
        return false;
    }
    obi_found(scan, kind, start, end, check, ob_kind_rows[kind].id, 0);
    return true;
}

static void try_mail(obi_scan *scan, size_t sign)
{
    ob_span text = scan->text;
    size_t start = local_start(scan, sign);
    size_t end = sign + 1;
    while (end < text.len && is_host(text.ptr[end])) {
        end++;
    }
    bool cut = end == text.len && (scan->seen & OBI_SEEN_CUT) != 0;
    while (end > sign + 1 && obi_one_of(text.ptr[end - 1], ".-")) {
        end--;
    }
    bool glued = end < text.len && (text.ptr[end] == '_' || text.ptr[end] == '@');
    if (start == sign || end <= sign + 3 || end - start > OB_HOLD_MAX || cut || glued) {
        return;
    }
    size_t sip = sip_start(scan, sign);
    if (sip != SIZE_MAX) {
        found_sip(scan, sip, sign);
        return;
    }
    if (is_other(scan, start, sign, end) || found_telecom(scan, start, end)) {
        return;
    }
    size_t shorter = without_sentence(text, sign, end);
    ob_valid check = check_address(ob_span_sub(text, start, end), sign - start);
    if (check != OB_VALID_YES && shorter != end) {
        end = shorter;
        check = check_address(ob_span_sub(text, start, end), sign - start);
    }
    if (check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_EMAIL, start, end, check, "email", 0);
    }
}

void obi_find_mail(obi_scan *scan)
{
    size_t at = scan->from;
    for (;;) {
        const char *sign = memchr(scan->text.ptr + at, '@', scan->text.len - at);
        if (sign == NULL) {
            return;
        }
        at = (size_t)(sign - scan->text.ptr);
        try_mail(scan, at++);
    }
}
