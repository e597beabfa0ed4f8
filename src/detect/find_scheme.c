/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifiers that say themselves what they are (imsi-, suci-, LPA:, WIFI:, tel:), and names and
 * passwords of a customer's own network that only the words before them tell.
 */
#include "detect/pieces.h"

/* Where a word that begins at start ends; what ends a sentence is not part of it. */
static size_t word_end(ob_span text, size_t start)
{
    size_t end = start;
    while (end < text.len && (unsigned char)text.ptr[end] > ' ' &&
           !obi_one_of(text.ptr[end], "\"(),;<>[]{}|`")) {
        end++;
    }
    while (end > start && obi_one_of(text.ptr[end - 1], ".?!:'")) {
        end--;
    }
    return end;
}

/* Whether a word begins at at: nothing in front that belongs to the same name. */
static bool begins(const obi_scan *scan, size_t at)
{
    return (at > scan->from || (scan->seen & OBI_SEEN_REST) == 0) &&
           (at == 0 ||
            (!obi_is(scan->text.ptr[at - 1], OBI_TOKEN) && !obi_letter_before(scan->text, at)));
}

static bool is_at(ob_span text, size_t at, ob_span head)
{
    return ob_span_is_nocase(ob_span_sub(text, at, at + head.len), head);
}

/* Heads in lower case, as the standards write them; the value is judged in that form. */
static bool try_core(obi_scan *scan, size_t start, ob_kind kind, ob_span head)
{
    OB_UNSET char value[OB_HOLD_MAX];
    ob_span text = scan->text;
    if (!is_at(text, start, head)) {
        return false;
    }
    size_t end = word_end(text, start);
    if (end - start > sizeof value) {
        return true;
    }
    (void)memcpy(value, text.ptr + start, end - start);
    (void)memcpy(value, head.ptr, head.len);
    ob_valid check = ob_validate(kind, (ob_span){value, end - start});
    bool goes_on = end == text.len && (scan->seen & OBI_SEEN_CUT) != 0;
    if (goes_on && kind == OB_KIND_SUCI && check == OB_VALID_YES) {
        obi_found_long(scan, kind, start, end, check, ob_kind_rows[kind].id, 0, OBI_TAIL_WORD);
    } else if (check != OB_VALID_NO) {
        obi_found(scan, kind, start, end, check, ob_kind_rows[kind].id, 0);
    }
    return true;
}

/* An activation code, with "LPA:" or, as people copy it from a letter, without. */
static bool try_lpa(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    bool named = is_at(text, start, OB_SPAN("LPA:"));
    size_t version = start + (named ? 4 : 0);
    if (!is_at(text, version, OB_SPAN("1$"))) {
        return false;
    }
    size_t end = word_end(text, start);
    OB_UNSET char value[OB_HOLD_MAX];
    if (end - start <= sizeof value) {
        (void)memcpy(value, text.ptr + start, end - start);
        (void)memcpy(value, named ? "LPA:" : "1$", named ? 4 : 2);
        ob_valid check = ob_validate(OB_KIND_LPA, (ob_span){value, end - start});
        if (check != OB_VALID_NO) {
            obi_found(scan, OB_KIND_LPA, start, end, check, "lpa", 0);
        }
    }
    return true;
}

/* A number with its country calling code (RFC 3966). Without one, "tel:" may as well be a label,
 * also before a hotline; what stands behind it is then judged by itself. */
static bool try_tel(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    if (!is_at(text, start, OB_SPAN("tel:+"))) {
        return false;
    }
    char value[32] = "tel:+";
    size_t len = 5;
    size_t end = start + 5;
    for (size_t at = end; at < text.len && len < sizeof value; at++) {
        if (obi_is(text.ptr[at], OBI_DIGIT)) {
            value[len++] = text.ptr[at];
            end = at + 1;
        } else if (!obi_one_of(text.ptr[at], "-.()")) {
            break;
        }
    }
    ob_valid check = ob_validate(OB_KIND_SIPURI, (ob_span){value, len});
    bool glued = end < text.len && obi_is(text.ptr[end], OBI_LETTER);
    if (check == OB_VALID_YES && !glued) {
        obi_found(scan, OB_KIND_SIPURI, start, end, check, "sipuri", 0);
    }
    return true;
}

/* The text of a code for a wireless network, which ";" may have cut into segments: then its
 * password is what stands behind "P:", and the head is in front of it. */
static bool try_wifi_code(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    if (is_at(text, start, OB_SPAN("WIFI:"))) {
        size_t end = ob_span_find(text, OB_SPAN(";;"), start);
        end = end == SIZE_MAX ? text.len : end + 2;
        if (ob_validate(OB_KIND_WIFI, ob_span_sub(text, start, end)) == OB_VALID_YES) {
            obi_found(scan, OB_KIND_WIFI, start, end, OB_VALID_YES, "wifi", 0);
            return true;
        }
    }
    size_t head = ob_span_find_nocase(ob_span_sub(text, 0, start + 5), OB_SPAN("WIFI:"), 0);
    size_t sign = is_at(text, start, OB_SPAN("P:")) ? start : SIZE_MAX;
    if (head == start && is_at(text, start + 5, OB_SPAN("P:"))) {
        sign = start + 5;
    }
    if (head == SIZE_MAX || sign == SIZE_MAX ||
        ob_span_find(ob_span_sub(text, head, start), OB_SPAN(" "), 0) != SIZE_MAX) {
        return false;
    }
    size_t end = sign + 2;
    while (end < text.len && (unsigned char)text.ptr[end] > ' ' && text.ptr[end] != ';') {
        end += text.ptr[end] == '\\' && end + 1 < text.len ? 2 : 1;
    }
    size_t len = end - sign - 2;
    if (len >= 8 && len <= 63) {
        obi_found(scan, OB_KIND_WIFI, sign + 2, end, OB_VALID_YES, "wifi", 0);
    }
    return true;
}

typedef struct counts {
    size_t digits;
    size_t upper;
    size_t lower;
    size_t signs;
} counts;

static counts count(ob_span word)
{
    counts sum = {0};
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i];
        unsigned class = obi_class[c];
        sum.digits += (class & OBI_DIGIT) != 0;
        sum.upper += (class & OBI_UPPER) != 0;
        sum.lower += (class & OBI_LOWER) != 0;
        sum.signs += (class & OBI_ALNUM) == 0 && c < 0x80;
    }
    return sum;
}

/* Behind a label: the password of a wireless network. A word of the sentence has no digit, nor
 * capitals inside. */
static void try_passphrase(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    size_t end = start;
    while (end < text.len && (unsigned char)text.ptr[end] > ' ' && text.ptr[end] != '"') {
        end++;
    }
    while (end > start && obi_one_of(text.ptr[end - 1], ".,;:?')`")) {
        end--;
    }
    ob_span word = ob_span_sub(text, start, end);
    if (word.len < 8) {
        return;
    }
    counts has = count(word);
    size_t behind_first = has.upper - (obi_is(word.ptr[0], OBI_UPPER) ? 1 : 0);
    bool like = has.digits > 0 || (behind_first > 0 && has.lower > 0);
    if (!like || !obi_cued(scan, OB_KIND_WIFI, start)) {
        return;
    }
    ob_valid check = ob_validate(OB_KIND_WIFI, word);
    if (check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_WIFI, start, end, check, "wifi", 0);
    }
}

/* Behind a label: an account of a broadband line. Letters with a number, a number with a realm, or
 * a long number. */
static void try_account(obi_scan *scan, size_t start)
{
    ob_span text = scan->text;
    size_t end = word_end(text, start);
    ob_span word = ob_span_sub(text, start, end);
    counts has = count(word);
    size_t letters = has.upper + has.lower;
    bool realm = memchr(word.ptr, '@', word.len) != NULL;
    bool like = has.digits >= 3 && (letters > 0 || realm || (has.digits >= 8 && has.signs == 0));
    if (!like || word.len < 5 || !obi_cued(scan, OB_KIND_BBACCT, start)) {
        return;
    }
    ob_valid check = ob_validate(OB_KIND_BBACCT, word);
    if (check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_BBACCT, start, end, check, "bbacct", 0);
    }
}

/* Eight hexadecimal digits beside a cue. */
static void try_tmsi(obi_scan *scan, size_t start, size_t end)
{
    ob_span text = scan->text;
    bool marked = is_at(text, start, OB_SPAN("0x"));
    size_t hex = marked ? start + 2 : start;
    if (end - hex != 8 || obi_run(text, hex, OBI_HEX) != end ||
        !obi_cued(scan, OB_KIND_GUTI, start)) {
        return;
    }
    char value[10];
    (void)memcpy(value, text.ptr + start, end - start);
    value[1] = marked ? 'x' : value[1];
    ob_valid check = ob_validate(OB_KIND_GUTI, (ob_span){value, end - start});
    if (check != OB_VALID_NO) {
        obi_found(scan, OB_KIND_GUTI, start, end, check, "guti", 0);
    }
}

static bool try_heads(obi_scan *scan, size_t at)
{
    switch (scan->text.ptr[at]) {
    case 'i':
    case 'I':
        return try_core(scan, at, OB_KIND_SUPI, OB_SPAN("imsi-"));
    case 's':
    case 'S':
        return try_core(scan, at, OB_KIND_SUCI, OB_SPAN("suci-"));
    case '5':
        return try_core(scan, at, OB_KIND_GUTI, OB_SPAN("5g-guti-"));
    case 'l':
    case 'L':
    case '1':
        return try_lpa(scan, at);
    case 't':
    case 'T':
        return try_tel(scan, at);
    case 'w':
    case 'W':
    case 'P':
        return try_wifi_code(scan, at);
    default:
        return false;
    }
}

/* Each beginning of a word, and of what stands behind ":" or "=" in one, is a place; all heads end
 * in a sign. */
void obi_find_scheme(obi_scan *scan)
{
    ob_span text = scan->text;
    size_t at = scan->from;
    if ((scan->seen & OBI_SEEN_VALUE) != 0 && begins(scan, at)) {
        if (obi_scan_tally(scan)->digits >= 3) {
            try_account(scan, at);
        }
        try_passphrase(scan, at);
    }
    const obi_tally *has = obi_scan_tally(scan);
    if (has->digits + has->letters < 8 && has->colons + has->hyphens == 0 &&
        ob_span_find(text, OB_SPAN("$"), at) == SIZE_MAX) {
        return; /* no sign of a head, and too short for a number to base 16 */
    }
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && obi_is(text.ptr[end], OBI_ALNUM)) {
            end++;
        }
        if (end == at) {
            at++;
            continue;
        }
        char sign = end < text.len ? text.ptr[end] : '\0';
        bool head = sign == '-' || sign == ':' || sign == '$';
        if ((head || end - at == 8 || end - at == 10) && begins(scan, at) &&
            !(head && try_heads(scan, at))) {
            try_tmsi(scan, at, end);
        }
        at = end;
    }
}
