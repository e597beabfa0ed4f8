/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error value. A fallible function returns bool, is OB_MUST and takes "ob_err *err" last,
 * never NULL. On success it leaves *err untouched, on failure it fills it and returns false.
 * Start with "ob_err err = {0};". Nothing has to be freed. Callers branch on kind only.
 */
#ifndef OMBUD_ERR_H
#define OMBUD_ERR_H

#include <ombud/defs.h>

OB_BEGIN

typedef enum ob_err_kind {
    OB_OK,
    OB_ERR_USAGE,     /* the command line is wrong */
    OB_ERR_INPUT,     /* a file or a text from outside is wrong */
    OB_ERR_SCOPE,     /* the owner's permission does not cover it; nothing was sent */
    OB_ERR_IO,        /* the operating system refused */
    OB_ERR_PEER,      /* the other side of a connection misbehaved */
    OB_ERR_TIMEOUT,   /* a time limit was reached */
    OB_ERR_STORE,     /* the evidence store refused or is damaged */
    OB_ERR_LIMIT,     /* a limit of limits.h or of a service file was reached */
    OB_ERR_CANCELLED, /* somebody asked us to stop */
    OB_ERR_NOMEM,
    OB_ERR_BUG /* a broken invariant of ours */
} ob_err_kind;

typedef struct ob_err {
    ob_err_kind kind;
    int code;          /* errno, SQLite or curl code; 0 if none */
    const char *where; /* "file.c:line" of the first report; a constant */
    char text[256];    /* one sentence, outermost context first, always terminated */
} ob_err;

#define OB_STR2(x) #x
#define OB_STR(x)  OB_STR2(x)
#define OB_WHERE   (__FILE_NAME__ ":" OB_STR(__LINE__))

/* Fills *err with kind and a printf text; returns false. Use the macro ob_fail. A text that is too
 * long is cut at the end with "...". */
OB_API bool ob_fail_at(ob_err *err, ob_err_kind kind, const char *where, const char *format, ...)
    OB_PRINTF(4, 5);
#define ob_fail(err, kind, ...) ob_fail_at((err), (kind), OB_WHERE, __VA_ARGS__)

/* As ob_fail, with an errno-like code; appends ": " and strerror(code) to the text. */
OB_API bool ob_fail_code_at(ob_err *err, ob_err_kind kind, int code, const char *where,
                            const char *format, ...) OB_PRINTF(5, 6);
#define ob_fail_errno(err, code, ...) \
    ob_fail_code_at((err), OB_ERR_IO, (code), OB_WHERE, __VA_ARGS__)

/* Puts a printf context in front of the text that err holds ("context: text"); returns false. */
OB_API bool ob_wrap(ob_err *err, const char *format, ...) OB_PRINTF(2, 3);

/* The constant name of a kind, such as "input". */
OB_API const char *ob_err_kind_name(ob_err_kind kind);

/*
 * A condition that cannot hold unless Ombud itself is wrong. Stops a debug build, is false-y cheap
 * in a release build where the caller returns OB_ERR_BUG, and constant under coverage.
 */
#if defined(OB_COVERAGE)
#    define OB_NEVER(x) (0)
#elif defined(OB_DEBUG)
#    define OB_NEVER(x) ((x) ? (__builtin_trap(), 1) : 0)
#else
#    define OB_NEVER(x) (__builtin_expect(!!(x), 0))
#endif

OB_END

#endif
