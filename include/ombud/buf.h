/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ob_buf: owned bytes that grow up to a compulsory max, with a sticky error: append as often as you
 * like, check once with ob_buf_check. After an error further appends do nothing. Initialize with
 * "{.max = OB_..._MAX}" of limits.h; release with ob_buf_fini.
 */
#ifndef OMBUD_BUF_H
#define OMBUD_BUF_H

#include <ombud/mem.h>

OB_BEGIN

typedef struct ob_buf {
    char *ptr; /* NUL-terminated once anything was added; NULL before */
    size_t len;
    size_t cap;
    size_t max;      /* most bytes it may hold; 0 = nothing fits, which is a defect of the caller */
    bool secret;     /* memory is wiped before it is given back, also when the bytes move to grow */
    ob_err_kind bad; /* OB_OK, OB_ERR_LIMIT or OB_ERR_NOMEM */
} ob_buf;

OB_API void ob_buf_add(ob_buf *buf, ob_span text);
OB_API void ob_buf_add_str(ob_buf *buf, const char *text);
OB_API void ob_buf_add_char(ob_buf *buf, char c);
OB_API void ob_buf_addf(ob_buf *buf, const char *format, ...) OB_PRINTF(2, 3);
/* Appends text for people: printable UTF-8 as it is, everything else (controls, bad bytes, bidi
 * overrides, quote and backslash) as \xHH or \n style escapes, cut at max_bytes of input with
 * "...". This is the one way from foreign bytes to a terminal or an error text. */
OB_API void ob_buf_add_shown(ob_buf *buf, ob_span text, size_t max_bytes);
/* Appends text for HTML: & < > " ' escaped; control characters except tab and line feed and invalid
 * UTF-8 become U+FFFD. This is the one way from foreign bytes to HTML. */
OB_API void ob_buf_add_html(ob_buf *buf, ob_span text);
/* Appends a JSON string with its quotes; invalid UTF-8 becomes U+FFFD, and control characters are
 * escaped, also those above ASCII, which a terminal would obey. */
OB_API void ob_buf_add_json(ob_buf *buf, ob_span text);
/* Appends the UTF-8 form of a code point. */
OB_API void ob_buf_add_rune(ob_buf *buf, uint32_t rune);
OB_API void ob_buf_add_hex(ob_buf *buf, const void *bytes, size_t count);
/* What it holds; borrows until the next change. */
OB_API ob_span ob_buf_span(const ob_buf *buf);
/* False with the sticky error in *err ("WHAT is larger than MAX bytes"). */
OB_MUST OB_API bool ob_buf_check(const ob_buf *buf, const char *what, ob_err *err);
/* Empties it and clears the error; keeps memory and max. */
OB_API void ob_buf_reset(ob_buf *buf);
OB_API void ob_buf_fini(ob_buf *buf);

OB_END

#endif
