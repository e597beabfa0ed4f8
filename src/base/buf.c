/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/buf.h>
#include <ombud/text.h>

#include <stdarg.h>

/* The bytes in cap bytes of memory, or NULL, with the old memory as it was. */
static char *moved(ob_buf *buf, size_t cap)
{
    if (!buf->secret) {
        return ob_mem_resize(buf->ptr, cap);
    }
    char *grown = ob_mem_new(cap);
    if (grown != NULL && buf->ptr != NULL) {
        memcpy(grown, buf->ptr, buf->len + 1);
        ob_wipe(buf->ptr, buf->cap);
        ob_mem_free(buf->ptr);
    }
    return grown;
}

static bool room(ob_buf *buf, size_t more)
{
    if (buf->bad != OB_OK) {
        return false;
    }
    if (more > buf->max || buf->len > buf->max - more) {
        buf->bad = OB_ERR_LIMIT;
        return false;
    }
    size_t needed = buf->len + more + 1;
    if (needed <= buf->cap) {
        return true;
    }
    size_t cap = buf->cap < 256 ? 256 : buf->cap * 2;
    if (cap < needed) {
        cap = needed;
    }
    char *grown = moved(buf, cap);
    if (grown == NULL) {
        buf->bad = OB_ERR_NOMEM;
        return false;
    }
    buf->ptr = grown;
    buf->cap = cap;
    return true;
}

void ob_buf_add(ob_buf *buf, ob_span text)
{
    if (room(buf, text.len)) {
        if (text.len > 0) {
            (void)memcpy(buf->ptr + buf->len, text.ptr, text.len);
        }
        buf->len += text.len;
        buf->ptr[buf->len] = '\0';
    }
}

void ob_buf_add_str(ob_buf *buf, const char *text)
{
    ob_buf_add(buf, ob_span_str(text));
}

void ob_buf_add_char(ob_buf *buf, char c)
{
    if (buf->len + 1 < buf->cap && buf->len < buf->max && buf->bad == OB_OK) {
        buf->ptr[buf->len++] = c;
        buf->ptr[buf->len] = '\0';
        return;
    }
    ob_buf_add(buf, (ob_span){&c, 1});
}

void ob_buf_addf(ob_buf *buf, const char *format, ...)
{
    va_list values;
    /* Most pieces are short; the second pass is for those that are not. */
    char text[128];
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (length < 0) {
        buf->bad = OB_ERR_LIMIT;
        return;
    }
    if ((size_t)length < sizeof text) {
        ob_buf_add(buf, (ob_span){text, (size_t)length});
    } else if (room(buf, (size_t)length)) {
        va_start(values, format);
        (void)vsnprintf(buf->ptr + buf->len, (size_t)length + 1, format, values);
        va_end(values);
        buf->len += (size_t)length;
    }
}

/* Characters that change how the text around them is shown: bidirectional controls, separators. */
static bool is_treacherous(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0xad || rune == 0x61c ||
           (rune >= 0x200b && rune <= 0x200f) || (rune >= 0x2028 && rune <= 0x202e) ||
           (rune >= 0x2060 && rune <= 0x206f) || rune == 0xfeff ||
           (rune >= 0xe0000 && rune <= 0xe0fff);
}

void ob_buf_add_shown(ob_buf *buf, ob_span text, size_t max_bytes)
{
    size_t end = text.len > max_bytes ? max_bytes : text.len;
    size_t at = 0;
    while (at < end) {
        size_t start = at;
        uint32_t rune = 0;
        (void)ob_utf8_next(text, &at, &rune);
        ob_span piece = ob_span_sub(text, start, at);
        if (at > end) {
            break; /* never half a character */
        }
        if (rune == '\n' || rune == '\t' || rune == '\r') {
            ob_buf_add_str(buf, rune == '\n' ? "\\n" : rune == '\t' ? "\\t" : "\\r");
        } else if (rune == '\\') {
            ob_buf_add_str(buf, "\\\\");
        } else if (is_treacherous(rune) || (rune == 0xfffd && piece.len == 1)) {
            for (size_t i = 0; i < piece.len; i++) {
                ob_buf_addf(buf, "\\x%02X", (unsigned)(unsigned char)piece.ptr[i]);
            }
        } else {
            ob_buf_add(buf, piece);
        }
    }
    if (text.len > end || at > end) {
        ob_buf_add_str(buf, "...");
    }
}

void ob_buf_add_html(ob_buf *buf, ob_span text)
{
    size_t at = 0;
    uint32_t rune = 0;
    for (size_t start = 0; ob_utf8_next(text, &at, &rune); start = at) {
        switch (rune) {
        case '&':
            ob_buf_add_str(buf, "&amp;");
            break;
        case '<':
            ob_buf_add_str(buf, "&lt;");
            break;
        case '>':
            ob_buf_add_str(buf, "&gt;");
            break;
        case '"':
            ob_buf_add_str(buf, "&quot;");
            break;
        case '\'':
            ob_buf_add_str(buf, "&#39;");
            break;
        default:
            if ((is_treacherous(rune) && rune != '\n' && rune != '\t') || rune == 0xfffd) {
                ob_buf_add_str(buf, "\xef\xbf\xbd");
            } else {
                ob_buf_add(buf, ob_span_sub(text, start, at));
            }
        }
    }
}

void ob_buf_add_json(ob_buf *buf, ob_span text)
{
    ob_buf_add_char(buf, '"');
    size_t plain = 0; /* start of the stretch that needs no escape */
    uint32_t rune = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        char c = text.ptr[at];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            at++;
            continue;
        }
        (void)ob_utf8_next(text, &at, &rune);
        bool broken = rune == 0xfffd && at - start == 1;
        bool control = rune < 0x20 || (rune >= 0x7f && rune < 0xa0);
        if (!control && rune != '"' && rune != '\\' && !broken) {
            continue;
        }
        ob_buf_add(buf, ob_span_sub(text, plain, start));
        plain = at;
        if (broken) {
            ob_buf_add_str(buf, "\xef\xbf\xbd");
        } else if (rune == '"' || rune == '\\') {
            ob_buf_add_char(buf, '\\');
            ob_buf_add_char(buf, (char)rune);
        } else if (rune == '\n') {
            ob_buf_add_str(buf, "\\n");
        } else if (rune == '\t') {
            ob_buf_add_str(buf, "\\t");
        } else if (rune == '\r') {
            ob_buf_add_str(buf, "\\r");
        } else {
            ob_buf_addf(buf, "\\u%04x", (unsigned)rune);
        }
    }
    ob_buf_add(buf, ob_span_sub(text, plain, text.len));
    ob_buf_add_char(buf, '"');
}

void ob_buf_add_rune(ob_buf *buf, uint32_t rune)
{
    char bytes[4];
    ob_buf_add(buf, (ob_span){bytes, ob_utf8_put(rune, bytes)});
}

void ob_buf_add_hex(ob_buf *buf, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) {
        char pair[2] = {digits[at[i] >> 4], digits[at[i] & 15]};
        ob_buf_add(buf, (ob_span){pair, 2});
    }
}

ob_span ob_buf_span(const ob_buf *buf)
{
    return (ob_span){buf->ptr == NULL ? "" : buf->ptr, buf->len};
}

bool ob_buf_check(const ob_buf *buf, const char *what, ob_err *err)
{
    if (buf->bad == OB_ERR_NOMEM) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for %s", what);
    }
    if (buf->bad != OB_OK) {
        return ob_fail(err, OB_ERR_LIMIT, "%s is larger than %zu bytes", what, buf->max);
    }
    return true;
}

void ob_buf_reset(ob_buf *buf)
{
    buf->len = 0;
    buf->bad = OB_OK;
    if (buf->ptr != NULL) {
        buf->ptr[0] = '\0';
    }
}

void ob_buf_fini(ob_buf *buf)
{
    if (buf != NULL) {
        if (buf->secret && buf->ptr != NULL) {
            ob_wipe(buf->ptr, buf->cap);
        }
        ob_mem_free(buf->ptr);
        buf->ptr = NULL;
        buf->len = 0;
        buf->cap = 0;
    }
}
