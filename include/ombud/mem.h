/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory. Only src/base/mem.c calls malloc and free. An arena owns everything that was taken from
 * it until reset or fini; one per run, one per exchange. A zeroed ob_arena with .cap set is valid.
 * Over cap is OB_ERR_LIMIT, never a silent cut. Threads: one arena, one thread.
 */
#ifndef OMBUD_MEM_H
#define OMBUD_MEM_H

#include <ombud/span.h>

OB_BEGIN

/* Heap for owning types (ob_buf, ob_arena). NULL when memory is out. Free accepts NULL. */
OB_MUST OB_API void *ob_mem_new(size_t bytes);
OB_MUST OB_API void *ob_mem_resize(void *old, size_t bytes);
OB_API void ob_mem_free(void *old);
/* Overwrites secrets so that the compiler cannot leave it out. */
OB_API void ob_wipe(void *ptr, size_t bytes);

typedef struct ob_arena {
    size_t cap;  /* most bytes that may be taken, 0 = OB_ARENA_CAP_DEFAULT */
    size_t used; /* bytes taken, for reports */
    bool secret; /* what was taken is wiped before its memory is used again or given back */
    struct ob_arena_block *head;
    struct ob_arena_defer *defers;
} ob_arena;

/* Zeroed memory for count objects of size bytes, aligned for any type; NULL with *err filled on
 * failure. count 0 gives a valid pointer that must not be read. */
OB_MUST OB_API void *ob_arena_take(ob_arena *arena, size_t count, size_t size, ob_err *err);
#define OB_NEW(arena, type, count, err) \
    ((type *)ob_arena_take((arena), (count), sizeof(type), (err)))
/* Copies text into the arena, with a NUL behind it that is not counted. */
OB_MUST OB_API bool ob_arena_dup(ob_arena *arena, ob_span text, ob_span *copy, ob_err *err);
/* printf into the arena; the result is followed by an uncounted NUL. */
OB_MUST OB_API bool ob_arena_printf(ob_arena *arena, ob_span *text, ob_err *err, const char *format,
                                    ...) OB_PRINTF(4, 5);
/* Calls fn(arg) at reset or fini, last registered first. */
OB_MUST OB_API bool ob_arena_defer(ob_arena *arena, void (*fn)(void *arg), void *arg, ob_err *err);
/* Forgets everything taken; keeps the first block for reuse. Poisons under AddressSanitizer. */
OB_API void ob_arena_reset(ob_arena *arena);
OB_API void ob_arena_fini(ob_arena *arena);

/*
 * A growing array: makes room for one more object of size bytes in *items (capacity *cap, used
 * count). Heap-backed; free *items with ob_mem_free. False with OB_ERR_NOMEM or OB_ERR_LIMIT (over
 * max objects) leaves everything as it was.
 */
OB_MUST OB_API bool ob_array_grow(void **items, size_t *cap, size_t count, size_t size, size_t max,
                                  ob_err *err);

OB_END

#endif
