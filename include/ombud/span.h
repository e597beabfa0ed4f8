/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ob_span: borrowed bytes. It never owns, is passed by value, and need not end in NUL. A zero span
 * is empty. Functions that only look cannot fail.
 */
#ifndef OMBUD_SPAN_H
#define OMBUD_SPAN_H

#include <ombud/err.h>
#include <string.h>

OB_BEGIN

typedef struct ob_span {
    const char *ptr;
    size_t len;
} ob_span;

/* A span over a string literal, usable as an initializer and as an expression. */
#ifdef __cplusplus
#    define OB_SPAN(literal) (ob_span{(literal), sizeof(literal) - 1})
#else
#    define OB_SPAN(literal) ((ob_span){(literal), sizeof(literal) - 1})
#endif
/* Two arguments for a "%.*s" conversion. */
#define OB_SHOW(span) \
    ((int)((span).len > 0x7fffffff ? 0x7fffffff : (span).len)), ((span).ptr ? (span).ptr : "")

/* The span over a terminated string; NULL gives the empty span. Borrows. */
OB_API ob_span ob_span_str(const char *text);

/* The next ones are a few instructions, so they stand here; the library has them, too. */

/* The bytes from start (clamped) up to, not including, end (clamped). Borrows. */
OB_API inline ob_span ob_span_sub(ob_span span, size_t start, size_t end)
{
    if (span.len == 0) {
        return span; /* perhaps without a pointer, to which nothing may be added */
    }
    end = end > span.len ? span.len : end;
    start = start > span.len ? span.len : start;
    ob_span part = {span.ptr + start, start < end ? end - start : 0};
    return part;
}

OB_API inline bool ob_span_is(ob_span a, ob_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

OB_API inline bool ob_span_has_prefix(ob_span span, ob_span prefix)
{
    return span.len >= prefix.len && ob_span_is(ob_span_sub(span, 0, prefix.len), prefix);
}

/* Without the byte order mark that some programs put before UTF-8. Borrows. */
OB_API inline ob_span ob_span_skip_mark(ob_span text)
{
    return ob_span_has_prefix(text, OB_SPAN("\xef\xbb\xbf")) ? ob_span_sub(text, 3, text.len)
                                                             : text;
}

OB_API inline bool ob_span_has_suffix(ob_span span, ob_span suffix)
{
    return span.len >= suffix.len &&
           ob_span_is(ob_span_sub(span, span.len - suffix.len, span.len), suffix);
}

OB_API bool ob_span_is_str(ob_span a, const char *b);
/* Equality that ignores the case of ASCII letters. */
OB_API bool ob_span_is_nocase(ob_span a, ob_span b);
/* Byte offset of the first occurrence of needle at or after from; SIZE_MAX if there is none. An
 * empty needle is found at from. */
OB_API size_t ob_span_find(ob_span span, ob_span needle, size_t from);
/* As ob_span_find, ignoring the case of ASCII letters. */
OB_API size_t ob_span_find_nocase(ob_span span, ob_span needle, size_t from);
/* -1, 0, 1 in byte order, a prefix before the longer text. */
OB_API int ob_span_compare(ob_span a, ob_span b);
/* Without ASCII white space at both ends. Borrows. */
OB_API ob_span ob_span_trim(ob_span span);
/* Takes the next piece up to separator off *rest; false at the end. "a,,b" gives "a", "", "b";
 * an empty *rest gives nothing. */
OB_API bool ob_span_cut(ob_span *rest, char separator, ob_span *piece);
/* Takes the next line, without LF or CR LF, off *rest; false at the end. */
OB_API bool ob_span_cut_line(ob_span *rest, ob_span *line);
/* Strict decimal numbers: the whole span, no sign for u64, no white space. Locale never matters.
 * Fails with OB_ERR_INPUT; the text does not name the place, wrap it. */
OB_MUST OB_API bool ob_span_to_u64(ob_span span, uint64_t *value, ob_err *err);
OB_MUST OB_API bool ob_span_to_i64(ob_span span, int64_t *value, ob_err *err);
OB_MUST OB_API bool ob_span_to_double(ob_span span, double *value, ob_err *err);

OB_END

#endif
