/* SPDX-License-Identifier: Apache-2.0 */
/* The base without memory: arenas, buffers, arrays, files. */
#include "nomem.h"
#include "scratch.h"

#include <ombud/sys.h>
#include <ombud/text.h>
#include <unistd.h>

static bool arena_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_arena) arena = {0};
    static const ob_span before = {"before", 6};
    ob_span copy = before;
    ob_span text = before;
    (void)ctx;
    for (int i = 0; i < 40; i++) {
        void *at = ob_arena_take(&arena, 3000, 1, err);
        if (at == NULL) {
            return false;
        }
    }
    bool large = ob_arena_take(&arena, (size_t)300 << 10, 1, err) != NULL;
    bool good = large && ob_arena_dup(&arena, OB_SPAN("a copy"), &copy, err) &&
                ob_arena_printf(&arena, &text, err, "%s-%0300d", "x", 7);
    assert_true(large || copy.ptr == before.ptr);
    if (!good) {
        assert_ptr_equal(text.ptr, before.ptr);
        return false;
    }
    assert_span(copy, "a copy");
    assert_int_equal(text.len, 302);
    return true;
}

static void count_up(void *arg)
{
    (*(int *)arg)++;
}

/* What was deferred runs, what could not be deferred does not. */
static bool defer_work(void *ctx, ob_err *err)
{
    ob_arena arena = {0};
    int ran = 0;
    int asked = 0;
    bool good = true;
    (void)ctx;
    for (int i = 0; good && i < 400; i++) {
        good = ob_arena_defer(&arena, count_up, &ran, err);
        asked += good;
    }
    ob_arena_fini(&arena);
    assert_int_equal(ran, asked);
    return good;
}

static bool buf_work(void *ctx, ob_err *err)
{
    OB_AUTO(ob_buf) buf = {.max = 1 << 20};
    (void)ctx;
    for (int i = 0; i < 3000; i++) {
        ob_buf_addf(&buf, "%d,", i);
        ob_buf_add_shown(&buf, OB_SPAN("\x1b[31m"), 60);
        ob_buf_add_html(&buf, OB_SPAN("<a>"));
        ob_buf_add_json(&buf, OB_SPAN("\"\xff"));
        ob_buf_add_rune(&buf, 0x20ac);
        ob_buf_add_hex(&buf, "ab", 2);
    }
    return ob_buf_check(&buf, "the text", err);
}

static bool array_work(void *ctx, ob_err *err)
{
    void *items = NULL;
    size_t cap = 0;
    bool good = true;
    (void)ctx;
    for (size_t i = 0; good && i < 1000; i++) {
        void *kept = items;
        size_t was = cap;
        good = ob_array_grow(&items, &cap, i, sizeof i, 5000, err);
        assert_true(good || (items == kept && cap == was));
        if (good) {
            ((size_t *)items)[i] = i;
        }
    }
    ob_mem_free(items);
    return good;
}

/* A file that cannot be read whole is not read at all; one that cannot be written is not there. */
static bool file_work(void *ctx, ob_err *err)
{
    const char *path = ctx;
    OB_AUTO(ob_buf) text = {.max = 1 << 20};
    OB_AUTO(ob_buf) back = {.max = 1 << 20};
    for (int i = 0; i < 9000; i++) {
        ob_buf_addf(&text, "%d\n", i);
    }
    bool written =
        ob_buf_check(&text, "the text", err) && ob_file_write(path, ob_buf_span(&text), 0600, err);
    bool good = written && ob_file_read(path, &back, err);
    assert_true(!good || ob_span_is(ob_buf_span(&text), ob_buf_span(&back)));
    assert_true((access(path, F_OK) == 0) == written);
    (void)unlink(path);
    return good;
}

static void base_without_memory(void **state)
{
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    (void)state;
    assert_int_equal(scratch_make(folder), 0);
    (void)snprintf(path, sizeof path, "%s/file", folder);
    assert_true(nomem_sweep("arenas", arena_work, NULL, 1, false) > 8);
    assert_true(nomem_sweep("what is deferred", defer_work, NULL, 1, false) > 3);
    assert_true(nomem_sweep("buffers", buf_work, NULL, 1, false) > 8);
    assert_true(nomem_sweep("arrays", array_work, NULL, 1, false) > 8);
    assert_true(nomem_sweep("files", file_work, path, 1, false) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(base_without_memory)};
    return cmocka_run_group_tests_name("base_nomem", tests, NULL, NULL);
}
