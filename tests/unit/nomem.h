/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: call number n of malloc and realloc fails, alone or with all that follow.
 * For tests that are linked with --wrap=malloc and --wrap=realloc. Libraries that are linked shared
 * keep their memory; what is swept is ours.
 */
#ifndef OB_NOMEM_H
#define OB_NOMEM_H

#include "ob_test.h"

#include <stdlib.h>

void *__real_malloc(size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

static struct nomem {
    size_t left; /* calls before one fails; SIZE_MAX: none does */
    bool lasting;
    bool struck;
} nomem = {.left = SIZE_MAX};

static bool nomem_next(void)
{
    if (nomem.left == SIZE_MAX || nomem.left-- > 0) {
        return false;
    }
    nomem.left = nomem.lasting ? 0 : SIZE_MAX;
    nomem.struck = true;
    return true;
}

void *__wrap_malloc(size_t bytes)
{
    return nomem_next() ? NULL : __real_malloc(bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return nomem_next() ? NULL : __real_realloc(old, bytes);
}

/* Something that allocates, from nothing and back to nothing. It checks its results itself: whole
 * on success, as they were on failure. */
typedef bool (*nomem_work)(void *ctx, ob_err *err);

static inline bool nomem_try(nomem_work work, void *ctx, size_t n, bool lasting, bool spare)
{
    ob_err err = {0};
    nomem = (struct nomem){.left = n, .lasting = lasting};
    bool good = work(ctx, &err);
    bool struck = nomem.struck;
    nomem = (struct nomem){.left = SIZE_MAX};
    if (!struck) {
        if (!good) {
            fail_msg("without a failure: %s", err.text);
        }
        return false;
    }
    /* What is only shown in an error that did not come about may be missing: the work has checked
     * that its result is whole. */
    if (good ? !spare : err.kind != OB_ERR_NOMEM || strlen(err.text) < 8) {
        fail_msg("allocation %zu: %s, kind %s, '%s'", n, good ? "succeeds" : "fails",
                 ob_err_kind_name(err.kind), err.text);
    }
    err = (ob_err){0};
    if (!work(ctx, &err)) { /* with memory again */
        fail_msg("after allocation %zu: %s", n, err.text);
    }
    return true;
}

/* Every n from 0 by step, until nothing fails any more; tells how many places were swept. spare:
 * the work may also succeed. */
static inline size_t nomem_sweep(const char *what, nomem_work work, void *ctx, size_t step,
                                 bool spare)
{
    size_t points = 0;
    for (int lasting = 0; lasting < 2; lasting++) {
        for (size_t n = 0; nomem_try(work, ctx, n, lasting != 0, spare); n += step) {
            points++;
        }
    }
    print_message("# swept %zu points: memory, %s\n", points, what);
    return points;
}

#endif
