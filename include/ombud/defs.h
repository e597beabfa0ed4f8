/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes and small macros that every header of Ombud uses. No types, no functions.
 */
#ifndef OMBUD_DEFS_H
#define OMBUD_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#    define OB_BEGIN extern "C" {
#    define OB_END   }
#else
#    define OB_BEGIN
#    define OB_END
#endif

/* A result that may not be ignored. */
#define OB_MUST __attribute__((warn_unused_result))
/* Part of libombud's binary interface; everything else is hidden. */
#define OB_API __attribute__((visibility("default")))
/* Argument number fmt is a printf format, its values start at number first. */
#define OB_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* A large variable that is filled before it is read: where a build clears variables, not this one.
 */
#if defined(__has_attribute)
#    if __has_attribute(uninitialized)
#        define OB_UNSET __attribute__((uninitialized))
#    endif
#endif
#ifndef OB_UNSET
#    define OB_UNSET
#endif

/* Runs NAME_fini or NAME_close when the variable leaves its scope. Declare it with "= {0}". */
#define OB_AUTO(type)       __attribute__((cleanup(type##_fini))) type
#define OB_AUTO_CLOSE(type) __attribute__((cleanup(type##_close))) type

#define OB_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Three answers of every parser that is fed in pieces. */
typedef enum ob_step {
    OB_MORE, /* all bytes so far are fine; feed more */
    OB_DONE, /* one complete unit was read */
    OB_BAD   /* the input is wrong; the object tells the byte offset */
} ob_step;

#endif
