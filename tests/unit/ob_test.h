/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way to include cmocka: fixes the order of its headers, and adds checks for our error
 * value and spans. skip() is banned: cmocka 1.1.5 prints it as a failure.
 */
#ifndef OB_TEST_H
#define OB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ombud/err.h>
#include <ombud/span.h>
#include <stdio.h>

/* call is an expression that uses a variable "ob_err err". */
#define assert_ok(call)                                                            \
    do {                                                                           \
        err = (ob_err){0};                                                         \
        if (!(call)) {                                                             \
            fail_msg("%s: %s (%s)", #call, err.text, err.where ? err.where : "?"); \
        }                                                                          \
    } while (0)
/* call fails with that kind and its text holds part. */
#define assert_fails(call, expected_kind, part)                                                \
    do {                                                                                       \
        err = (ob_err){0};                                                                     \
        if (call) {                                                                            \
            fail_msg("%s succeeded", #call);                                                   \
        }                                                                                      \
        if (err.kind != (expected_kind) || strstr(err.text, (part)) == NULL) {                 \
            fail_msg("%s: kind %s, text '%s', wanted '%s'", #call, ob_err_kind_name(err.kind), \
                     err.text, (part));                                                        \
        }                                                                                      \
    } while (0)
#define assert_span(span, text)                                                   \
    do {                                                                          \
        ob_span span_ = (span);                                                   \
        if (!ob_span_is_str(span_, (text))) {                                     \
            fail_msg("%s is '%.*s', wanted '%s'", #span, OB_SHOW(span_), (text)); \
        }                                                                         \
    } while (0)

#endif
