/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory runs out at each allocation in turn: the answer is OB_ERR_NOMEM, nothing leaks (the leak
 * checker of the build watches), and what the caller holds stays as it was. Linked with
 * --wrap=malloc and --wrap=realloc; cmocka's own allocations are counted only while armed.
 */
#include "ob_test.h"

#include <ombud/json.h>
#include <ombud/sse.h>

void *__real_malloc(size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

static size_t calls_left = SIZE_MAX; /* before one fails; SIZE_MAX: none does */
static bool failed;

static bool next_fails(void)
{
    if (calls_left == SIZE_MAX) {
        return false;
    }
    if (calls_left == 0) {
        failed = true;
        return true; /* and so do all that follow */
    }
    calls_left--;
    return false;
}

void *__wrap_malloc(size_t bytes)
{
    return next_fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return next_fails() ? NULL : __real_realloc(old, bytes);
}

/* Escapes (a buffer each), an object that is hashed, and several arena blocks. */
static void sample(ob_buf *out)
{
    ob_buf_add_str(out, "{\"esc\\n\":\"\\u20ac\",\"list\":[");
    for (int i = 0; i < 200; i++) {
        ob_buf_addf(out, "%s\"\\t%d\"", i == 0 ? "" : ",", i);
    }
    ob_buf_add_str(out, "]");
    for (int i = 0; i < 40; i++) {
        ob_buf_addf(out, ",\"key%d\":{\"a\":%d}", i, i);
    }
    ob_buf_add_str(out, "}");
}

static void parsing_without_memory(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) text = {.max = 1 << 16};
    sample(&text);
    size_t round = 0;
    for (;; round++) {
        static const ob_json before = {.kind = OB_JSON_NULL};
        ob_json_doc doc = {.root = &before, .duplicate_at = 42, .has_nul = true};
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        failed = false;
        calls_left = round;
        bool good = ob_json_parse(&doc, &arena, ob_buf_span(&text), &err);
        calls_left = SIZE_MAX;
        assert_true(good == !failed);
        if (good) {
            assert_int_equal(doc.root->count, 42);
            assert_true(doc.duplicate_at == SIZE_MAX);
            break;
        }
        assert_int_equal(err.kind, OB_ERR_NOMEM);
        assert_ptr_equal(doc.root, &before);
        assert_int_equal(doc.duplicate_at, 42);
        assert_true(doc.has_nul);
    }
    assert_true(round > 200); /* one for each escaped string at least */
}

static void equality_without_memory(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) a = {.max = 4000};
    OB_AUTO(ob_buf) b = {.max = 4000};
    ob_json_doc left = {0};
    ob_json_doc right = {0};
    ob_json_doc other = {0};
    ob_err err = {0};
    for (int i = 0; i < 50; i++) {
        ob_buf_addf(&a, "%c\"%d\":%d", i == 0 ? '{' : ',', i, i);
        ob_buf_addf(&b, "%c\"%d\":%d", i == 0 ? '{' : ',', 49 - i, 49 - i);
    }
    ob_buf_add_str(&a, "}");
    ob_buf_add_str(&b, "}");
    assert_ok(ob_json_parse(&left, &arena, ob_buf_span(&a), &err));
    assert_ok(ob_json_parse(&right, &arena, ob_buf_span(&b), &err));
    OB_AUTO(ob_buf) c = {.max = 4000}; /* trees borrow, so a text of its own */
    ob_buf_add(&c, ob_buf_span(&b));
    c.ptr[c.len - 2] = '7'; /* the last member, "0": 0 before */
    assert_ok(ob_json_parse(&other, &arena, ob_buf_span(&c), &err));
    failed = false;
    calls_left = 0;
    bool same = ob_json_equal(left.root, right.root);
    bool differs = !ob_json_equal(left.root, other.root);
    calls_left = SIZE_MAX;
    assert_true(failed);
    assert_true(same);
    assert_true(differs);
}

static void writing_without_memory(void **state)
{
    (void)state;
    size_t round = 0;
    for (;; round++) {
        OB_AUTO(ob_buf) out = {.max = 1 << 16};
        ob_json_writer w = {.out = &out};
        ob_err err = {0};
        failed = false;
        calls_left = round;
        ob_jw_array(&w, NULL);
        for (uint64_t i = 0; i < 500; i++) {
            ob_jw_u64(&w, NULL, i);
        }
        ob_jw_end(&w, false);
        calls_left = SIZE_MAX;
        if (!failed) {
            assert_ok(ob_buf_check(&out, "the text", &err));
            break;
        }
        assert_fails(ob_buf_check(&out, "the text", &err), OB_ERR_NOMEM, "the text");
    }
    assert_true(round > 2);
}

static void events_without_memory(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) stream = {.max = 4000};
    ob_buf_add_str(&stream, "id: 7\nevent: word\ndata: ");
    for (int i = 0; i < 300; i++) {
        ob_buf_add_char(&stream, 'x');
    }
    ob_buf_add_str(&stream, "\ndata: y\n\n");
    size_t round = 0;
    for (;; round++) {
        OB_AUTO(ob_sse) sse;
        ob_sse_event event = {0};
        ob_span input = ob_buf_span(&stream);
        ob_sse_init(&sse);
        failed = false;
        calls_left = round;
        ob_step step = ob_sse_feed(&sse, &input, &event);
        calls_left = SIZE_MAX;
        if (!failed) {
            assert_int_equal(step, OB_DONE);
            assert_int_equal(event.data.len, 302);
            assert_span(event.id, "7");
            break;
        }
        assert_int_equal(step, OB_BAD);
        assert_int_equal(ob_sse_feed(&sse, &input, &event), OB_BAD);
    }
    assert_true(round > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing_without_memory),
        cmocka_unit_test(equality_without_memory),
        cmocka_unit_test(writing_without_memory),
        cmocka_unit_test(events_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
