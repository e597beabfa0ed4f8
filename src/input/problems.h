/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes found while data are read. A loader that is given none ends at the first; one that is
 * given a collector tells it each mistake and goes on with the next item, so that a check names all
 * of them at once.
 */
#ifndef OB_INPUT_PROBLEMS_H
#define OB_INPUT_PROBLEMS_H

#include <ombud/err.h>

typedef struct ob_problems {
    void (*tell)(void *ctx, const char *text);
    void *ctx;
    size_t count;
} ob_problems;

/* After a failed read: true when the mistake was told and reading may go on; *err is then clear.
 * False: problems is NULL, or what failed is no mistake in the data (memory, a bug of ours). */
static inline bool ob_problems_take(ob_problems *problems, ob_err *err)
{
    if (problems == NULL || err->kind == OB_ERR_NOMEM || err->kind == OB_ERR_BUG) {
        return false;
    }
    problems->count++;
    problems->tell(problems->ctx, err->text);
    *err = (ob_err){0};
    return true;
}

#endif
