/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text helpers: UTF-8 and names. Nothing is allocated.
 */
#ifndef OMBUD_TEXT_H
#define OMBUD_TEXT_H

#include <ombud/buf.h>

OB_BEGIN

/* Byte offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong
 * forms, up to U+10FFFF), or SIZE_MAX. */
OB_API size_t ob_utf8_bad(ob_span text);
/* Decodes one code point at *pos and moves *pos behind it. On a bad byte gives 0xFFFD and moves on
 * by one. Returns false at the end. */
OB_API bool ob_utf8_next(ob_span text, size_t *pos, uint32_t *rune);
/* Writes the UTF-8 form of rune (at most 4 bytes) to out; returns the number of bytes. */
OB_API size_t ob_utf8_put(uint32_t rune, char out[4]);
/* Line and column, both from 1, columns in code points, of a byte offset. */
OB_API void ob_text_place(ob_span text, size_t offset, size_t *line, size_t *column);
/* The name among count names that is nearest to word (Damerau-Levenshtein, at most a third of its
 * length away), or NULL: for "did you mean". */
OB_API const char *ob_text_nearest(ob_span word, const char *const *names, size_t count);
/* Index of word among names, or -1. */
OB_API int ob_text_index(ob_span word, const char *const *names, size_t count);
/* The value of a character of base64, in either alphabet (RFC 4648, 4 and 5): 0 to 63, or -1. */
OB_API int ob_base64_value(char c);
/* Decodes base64 up to the first character that is none, as padding is not: out has room for three
 * quarters of text. Returns the number of bytes. */
OB_API size_t ob_base64_read(ob_span text, char *out);
/* Formats wall time in ms since 1970 as RFC 3339 UTC with milliseconds. */
OB_API void ob_time_format(int64_t wall_ms, char out[32]);
/* Parses an RFC 3339 date ("2026-11-24") or date-time with Z; a date is its first instant. */
OB_MUST OB_API bool ob_time_parse(ob_span text, int64_t *wall_ms, ob_err *err);

OB_END

#endif
