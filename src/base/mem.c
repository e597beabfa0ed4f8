/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only file that calls malloc and free. Arena blocks double in size up to a ceiling; an object
 * larger than the ceiling gets a block of its own behind the current one.
 */
#include <ombud/limits.h>
#include <ombud/mem.h>

#include <stdarg.h>

#if defined(__SANITIZE_ADDRESS__)
#    define OB_ASAN 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define OB_ASAN 1
#    endif
#endif
#ifdef OB_ASAN
#    include <sanitizer/asan_interface.h>
#else
#    define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#    define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define BLOCK_FIRST ((size_t)4 << 10)
#define BLOCK_MOST  ((size_t)256 << 10)
#define ALIGNMENT   _Alignof(max_align_t)

struct ob_arena_block {
    struct ob_arena_block *next;
    size_t size; /* of bytes */
    size_t used;
    _Alignas(max_align_t) char bytes[];
};

struct ob_arena_defer {
    struct ob_arena_defer *next;
    void (*fn)(void *arg);
    void *arg;
};

void *ob_mem_new(size_t bytes)
{
    return malloc(bytes == 0 ? 1 : bytes);
}

void *ob_mem_resize(void *old, size_t bytes)
{
    return realloc(old, bytes == 0 ? 1 : bytes);
}

void ob_mem_free(void *old)
{
    free(old);
}

void ob_wipe(void *ptr, size_t bytes)
{
    if (bytes > 0) {
        explicit_bzero(ptr, bytes);
    }
}

static struct ob_arena_block *block_new(ob_arena *arena, size_t bytes, ob_err *err)
{
    size_t size = arena->head == NULL ? BLOCK_FIRST : arena->head->size * 2;
    if (size > BLOCK_MOST) {
        size = BLOCK_MOST;
    }
    if (size < bytes) {
        size = bytes;
    }
    struct ob_arena_block *block = ob_mem_new(sizeof *block + size);
    if (block == NULL) {
        (void)ob_fail(err, OB_ERR_NOMEM, "out of memory (%zu bytes)", size);
        return NULL;
    }
    block->size = size;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    if (arena->head != NULL && bytes > BLOCK_MOST / 2) {
        /* A large object must not end the use of the current block. */
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

/* As ob_arena_take, with whatever the memory held. */
static void *take(ob_arena *arena, size_t count, size_t size, ob_err *err)
{
    size_t bytes = 0;
    size_t cap = arena->cap == 0 ? OB_ARENA_CAP_DEFAULT : arena->cap;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * ALIGNMENT) {
        (void)ob_fail(err, OB_ERR_LIMIT, "an object is too large");
        return NULL;
    }
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (bytes == 0) {
        bytes = ALIGNMENT;
    }
    if (bytes > cap || arena->used > cap - bytes) {
        (void)ob_fail(err, OB_ERR_LIMIT, "more than %zu bytes of working memory", cap);
        return NULL;
    }
    struct ob_arena_block *block = arena->head;
    if (block == NULL || block->size - block->used < bytes) {
        block = block_new(arena, bytes, err);
        if (block == NULL) {
            return NULL;
        }
    }
    char *at = block->bytes + block->used;
    ASAN_UNPOISON_MEMORY_REGION(at, bytes);
    block->used += bytes;
    arena->used += bytes;
    return at;
}

void *ob_arena_take(ob_arena *arena, size_t count, size_t size, ob_err *err)
{
    void *at = take(arena, count, size, err);
    return at == NULL ? NULL : memset(at, 0, count * size);
}

bool ob_arena_dup(ob_arena *arena, ob_span text, ob_span *copy, ob_err *err)
{
    if (text.len == SIZE_MAX) {
        return ob_fail(err, OB_ERR_LIMIT, "an object is too large");
    }
    char *at = take(arena, text.len + 1, 1, err);
    if (at == NULL) {
        return false;
    }
    if (text.len > 0) {
        (void)memcpy(at, text.ptr, text.len);
    }
    at[text.len] = '\0';
    *copy = (ob_span){at, text.len};
    return true;
}

bool ob_arena_printf(ob_arena *arena, ob_span *text, ob_err *err, const char *format, ...)
{
    va_list values;
    va_list again;
    char small[128];
    va_start(values, format);
    va_copy(again, values);
    int length = vsnprintf(small, sizeof small, format, values);
    va_end(values);
    char *at = length < 0 ? NULL : take(arena, (size_t)length + 1, 1, err);
    if (at != NULL) {
        if ((size_t)length < sizeof small) {
            (void)memcpy(at, small, (size_t)length + 1);
        } else {
            (void)vsnprintf(at, (size_t)length + 1, format, again);
        }
        *text = (ob_span){at, (size_t)length};
    }
    va_end(again);
    if (length < 0) {
        return ob_fail(err, OB_ERR_BUG, "a text could not be formatted");
    }
    return at != NULL;
}

bool ob_arena_defer(ob_arena *arena, void (*fn)(void *arg), void *arg, ob_err *err)
{
    struct ob_arena_defer *defer = OB_NEW(arena, struct ob_arena_defer, 1, err);
    if (defer == NULL) {
        return false;
    }
    *defer = (struct ob_arena_defer){.next = arena->defers, .fn = fn, .arg = arg};
    arena->defers = defer;
    return true;
}

/* The objects of a block are gone. */
static void block_clear(const ob_arena *arena, struct ob_arena_block *block)
{
    if (arena->secret) {
        ob_wipe(block->bytes, block->used);
    }
    block->used = 0;
}

static void run_defers(ob_arena *arena)
{
    while (arena->defers != NULL) {
        struct ob_arena_defer *defer = arena->defers;
        arena->defers = defer->next;
        defer->fn(defer->arg);
    }
}

void ob_arena_reset(ob_arena *arena)
{
    run_defers(arena);
    struct ob_arena_block *keep = NULL;
    for (struct ob_arena_block *block = arena->head; block != NULL;) {
        struct ob_arena_block *next = block->next;
        block_clear(arena, block);
        if (keep == NULL && block->size <= BLOCK_MOST) {
            keep = block;
        } else {
            ob_mem_free(block);
        }
        block = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        ASAN_POISON_MEMORY_REGION(keep->bytes, keep->size);
    }
    arena->head = keep;
    arena->used = 0;
}

void ob_arena_fini(ob_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    run_defers(arena);
    while (arena->head != NULL) {
        struct ob_arena_block *next = arena->head->next;
        block_clear(arena, arena->head);
        ob_mem_free(arena->head);
        arena->head = next;
    }
    arena->used = 0;
}

bool ob_array_grow(void **items, size_t *cap, size_t count, size_t size, size_t max, ob_err *err)
{
    if (count < *cap) {
        return true;
    }
    if (count >= max) {
        return ob_fail(err, OB_ERR_LIMIT, "more than %zu items", max);
    }
    size_t wanted = *cap < 8 ? 8 : *cap * 2;
    if (wanted > max) {
        wanted = max;
    }
    size_t bytes = 0;
    if (__builtin_mul_overflow(wanted, size, &bytes)) {
        return ob_fail(err, OB_ERR_LIMIT, "an array is too large");
    }
    void *grown = ob_mem_resize(*items, bytes);
    if (grown == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory (%zu bytes)", bytes);
    }
    *items = grown;
    *cap = wanted;
    return true;
}
