/* SPDX-License-Identifier: Apache-2.0 */
/* A scanner with the shipped rules, for the tests of passages, and what compares the cuts. */
#ifndef PASSAGE_KIT_H
#define PASSAGE_KIT_H

#include "detect/split_check.h"
#include "ob_test.h"

typedef struct fixture {
    ob_detector *detector;
    ob_scanner *scanner;
    split check;
} fixture;

static inline int make(void **state)
{
    static fixture f;
    ob_err err = {0};
    assert_true(ob_detector_new(&f.detector, (ob_span){0}, NULL, &err));
    assert_true(ob_scanner_new(&f.scanner, f.detector, NULL, &err));
    *state = &f;
    return 0;
}

static inline int drop(void **state)
{
    fixture *f = *state;
    ob_scanner_free(f->scanner);
    ob_detector_free(f->detector);
    ob_buf_fini(&f->check.want);
    return 0;
}

#endif
