/* SPDX-License-Identifier: Apache-2.0 */
#include <ombud/err.h>

#include <stdarg.h>

/* The text filled its room: dots at its end, behind a whole character. */
static void mark_cut(ob_err *err)
{
    size_t at = sizeof err->text - 4;
    while (at > 0 && ((unsigned char)err->text[at] & 0xc0) == 0x80) {
        at--;
    }
    (void)memcpy(err->text + at, "...", 4);
}

OB_PRINTF(5, 0)

static void put(ob_err *err, ob_err_kind kind, int code, const char *where, const char *format,
                va_list values)
{
    err->kind = kind;
    err->code = code;
    err->where = where;
    int length = vsnprintf(err->text, sizeof err->text, format, values);
    if (length < 0) {
        err->text[0] = '\0';
    } else if ((size_t)length >= sizeof err->text) {
        mark_cut(err);
    }
}

bool ob_fail_at(ob_err *err, ob_err_kind kind, const char *where, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    put(err, kind, 0, where, format, values);
    va_end(values);
    return false;
}

bool ob_fail_code_at(ob_err *err, ob_err_kind kind, int code, const char *where, const char *format,
                     ...)
{
    va_list values;
    va_start(values, format);
    put(err, kind, code, where, format, values);
    va_end(values);
    char reason[96];
    /* The GNU form returns the text, which may be a constant instead of the buffer. */
    const char *text = strerror_r(code, reason, sizeof reason);
    size_t used = strlen(err->text);
    int length = snprintf(err->text + used, sizeof err->text - used, ": %s", text);
    if (length > 0 && used + (size_t)length >= sizeof err->text) {
        mark_cut(err);
    }
    return false;
}

bool ob_wrap(ob_err *err, const char *format, ...)
{
    char inner[sizeof err->text];
    (void)memcpy(inner, err->text, sizeof inner);
    va_list values;
    va_start(values, format);
    put(err, err->kind == OB_OK ? OB_ERR_BUG : err->kind, err->code, err->where, format, values);
    va_end(values);
    size_t used = strlen(err->text);
    int length = snprintf(err->text + used, sizeof err->text - used, ": %s", inner);
    if (length > 0 && used + (size_t)length >= sizeof err->text) {
        mark_cut(err);
    }
    return false;
}

const char *ob_err_kind_name(ob_err_kind kind)
{
    switch (kind) {
    case OB_OK:
        return "ok";
    case OB_ERR_USAGE:
        return "usage";
    case OB_ERR_INPUT:
        return "input";
    case OB_ERR_SCOPE:
        return "scope";
    case OB_ERR_IO:
        return "io";
    case OB_ERR_PEER:
        return "peer";
    case OB_ERR_TIMEOUT:
        return "timeout";
    case OB_ERR_STORE:
        return "store";
    case OB_ERR_LIMIT:
        return "limit";
    case OB_ERR_CANCELLED:
        return "cancelled";
    case OB_ERR_NOMEM:
        return "memory";
    case OB_ERR_BUG:
        return "bug";
    }
    return "unknown";
}
