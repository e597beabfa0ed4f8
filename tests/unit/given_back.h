/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is given back, and whether it still holds something that was to be wiped. For tests
 * that are linked with --wrap=free and --wrap=realloc. What libraries that are linked shared keep
 * for themselves is not seen.
 */
#ifndef OB_GIVEN_BACK_H
#define OB_GIVEN_BACK_H

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *__real_realloc(void *old, size_t bytes);
void __real_free(void *old);
void *__wrap_realloc(void *old, size_t bytes);
void __wrap_free(void *old);

/* Of the thread that sets it. */
static _Thread_local struct given_back {
    const char *wanted; /* NULL: nothing is looked for */
    size_t blocks;
    size_t left; /* of these, with what is wanted */
} given_back;

/* Not by memmem: an arena's memory is poisoned where nothing was taken. */
__attribute__((no_sanitize("address"))) static inline void given_back_look(const char *block)
{
    const char *wanted = given_back.wanted;
    if (wanted == NULL || block == NULL) {
        return;
    }
    size_t length = strlen(wanted);
    size_t size = malloc_usable_size((void *)(uintptr_t)block);
    given_back.blocks++;
    for (size_t at = 0; at + length <= size; at++) {
        size_t same = 0;
        while (same < length && block[at + same] == wanted[same]) {
            same++;
        }
        if (same == length) {
            given_back.left++;
            return;
        }
    }
}

/* It may move the bytes and give the old block back unseen, so it counts as if it always did. */
void *__wrap_realloc(void *old, size_t bytes)
{
    given_back_look(old);
    return __real_realloc(old, bytes);
}

void __wrap_free(void *old)
{
    given_back_look(old);
    __real_free(old);
}

#endif
