/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/limits.h>
#include <ombud/span.h>

#include <errno.h>
#include <locale.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

ob_span ob_span_str(const char *text)
{
    return (ob_span){text, text == NULL ? 0 : strlen(text)};
}

bool ob_span_is_str(ob_span a, const char *b)
{
    return ob_span_is(a, ob_span_str(b));
}

/* For callers into which they are not put. */
extern ob_span ob_span_sub(ob_span span, size_t start, size_t end);
extern bool ob_span_is(ob_span a, ob_span b);
extern bool ob_span_has_prefix(ob_span span, ob_span prefix);
extern ob_span ob_span_skip_mark(ob_span text);
extern bool ob_span_has_suffix(ob_span span, ob_span suffix);

bool ob_span_is_nocase(ob_span a, ob_span b)
{
    if (a.len != b.len || a.ptr == NULL || b.ptr == NULL) {
        return a.len == b.len; /* without a pointer both are empty */
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

size_t ob_span_find(ob_span span, ob_span needle, size_t from)
{
    if (from > span.len || needle.len > span.len - from) {
        return SIZE_MAX;
    }
    if (needle.len == 0) {
        return from;
    }
    const char *at = memmem(span.ptr + from, span.len - from, needle.ptr, needle.len);
    return at == NULL ? SIZE_MAX : (size_t)(at - span.ptr);
}

size_t ob_span_find_nocase(ob_span span, ob_span needle, size_t from)
{
    if (from > span.len || needle.len > span.len - from) {
        return SIZE_MAX;
    }
    for (size_t i = from; i + needle.len <= span.len; i++) {
        if (ob_span_is_nocase(ob_span_sub(span, i, i + needle.len), needle)) {
            return i;
        }
    }
    return SIZE_MAX;
}

int ob_span_compare(ob_span a, ob_span b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order == 0) {
        order = a.len < b.len ? -1 : a.len > b.len;
    }
    return order < 0 ? -1 : order > 0;
}

ob_span ob_span_trim(ob_span span)
{
    size_t start = 0;
    size_t end = span.len;
    while (start < end && is_space(span.ptr[start])) {
        start++;
    }
    while (end > start && is_space(span.ptr[end - 1])) {
        end--;
    }
    return ob_span_sub(span, start, end);
}

bool ob_span_cut(ob_span *rest, char separator, ob_span *piece)
{
    if (rest->ptr == NULL || rest->len == SIZE_MAX) {
        return false;
    }
    if (rest->len == 0) {
        rest->ptr = NULL;
        return false;
    }
    const char *at = memchr(rest->ptr, separator, rest->len);
    if (at == NULL) {
        *piece = *rest;
        *rest = (ob_span){NULL, 0};
        return true;
    }
    size_t length = (size_t)(at - rest->ptr);
    *piece = (ob_span){rest->ptr, length};
    rest->ptr += length + 1;
    rest->len -= length + 1;
    return true;
}

bool ob_span_cut_line(ob_span *rest, ob_span *line)
{
    if (!ob_span_cut(rest, '\n', line)) {
        return false;
    }
    if (line->len > 0 && line->ptr[line->len - 1] == '\r') {
        line->len--;
    }
    return true;
}

/* The text may come from anywhere and the message go to a terminal. Not ob_buf_add_shown: this file
 * is part of what runs on small devices, without buffers. */
static bool fail_shown(ob_err *err, ob_span text, const char *what)
{
    static const char digits[] = "0123456789ABCDEF";
    char shown[4 * OB_QUOTE_MAX + 4];
    size_t len = 0;
    for (size_t i = 0; i < text.len && i < OB_QUOTE_MAX; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= ' ' && c < 0x7f && c != '\\') {
            shown[len++] = (char)c;
        } else {
            const char escape[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
            (void)memcpy(shown + len, escape, sizeof escape);
            len += sizeof escape;
        }
    }
    (void)memcpy(shown + len, text.len > OB_QUOTE_MAX ? "..." : "",
                 text.len > OB_QUOTE_MAX ? 4 : 1);
    return ob_fail(err, OB_ERR_INPUT, "'%s' is not %s", shown, what);
}

bool ob_span_to_u64(ob_span span, uint64_t *value, ob_err *err)
{
    uint64_t sum = 0;
    if (span.len == 0) {
        return ob_fail(err, OB_ERR_INPUT, "a number is missing");
    }
    for (size_t i = 0; i < span.len; i++) {
        char c = span.ptr[i];
        if (c < '0' || c > '9') {
            return fail_shown(err, span, "a whole number");
        }
        if (__builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(c - '0'), &sum)) {
            return ob_fail(err, OB_ERR_INPUT, "the number is too large");
        }
    }
    *value = sum;
    return true;
}

bool ob_span_to_i64(ob_span span, int64_t *value, ob_err *err)
{
    bool negative = span.len > 0 && span.ptr[0] == '-';
    uint64_t size = 0;
    if (!ob_span_to_u64(ob_span_sub(span, negative ? 1 : 0, span.len), &size, err)) {
        return false;
    }
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return ob_fail(err, OB_ERR_INPUT, "the number is too large");
    }
    *value = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

bool ob_span_to_double(ob_span span, double *value, ob_err *err)
{
    /* strtod takes more than decimal numbers, so the form is checked here; and it follows the
     * language that the program has chosen, but for the one named to it. "C" is always there. */
    char text[64];
    size_t digits = 0;
    bool good = span.len > 0 && span.len < sizeof text;
    for (size_t i = 0; good && i < span.len; i++) {
        char c = span.ptr[i];
        digits += c >= '0' && c <= '9';
        good = (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
    }
    if (!good || digits == 0) {
        return fail_shown(err, span, "a number");
    }
    (void)memcpy(text, span.ptr, span.len);
    text[span.len] = '\0';
    char *end = NULL;
    errno = 0;
    locale_t plain = newlocale(LC_ALL_MASK, "C", NULL);
    double number = strtod_l(text, &end, plain);
    freelocale(plain);
    if (*end != '\0' || errno == ERANGE) {
        return ob_fail(err, OB_ERR_INPUT, "'%s' is not a number", text);
    }
    *value = number;
    return true;
}
