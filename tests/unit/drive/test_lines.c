/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/lines.h"
#include "ob_test.h"

static const char *const names[OBI_LINE_KINDS] = {"answer", "late", "stray", "unasked", "nonsense"};

/* What comes out of the text, as "answer 7, late 3, ..."; step bytes at a time. */
static void feed(obi_lines *lines, const char *text, size_t step, ob_buf *out)
{
    ob_span all = ob_span_str(text);
    ob_buf_reset(out);
    while (all.len > 0) {
        ob_span piece = ob_span_sub(all, 0, step);
        obi_line line;
        ob_step got;
        all = ob_span_sub(all, piece.len, all.len);
        while ((got = obi_lines_feed(lines, &piece, &line)) == OB_DONE) {
            ob_buf_addf(out, "%s%s %u", out->len == 0 ? "" : ", ", names[line.kind],
                        (unsigned)line.id);
        }
        if (got == OB_BAD) {
            ob_buf_addf(out, "%sbad", out->len == 0 ? "" : ", ");
            return;
        }
        assert_int_equal(piece.len, 0);
    }
}

typedef struct row {
    const char *about;
    unsigned expected; /* requests 1 .. expected are open */
    unsigned given_up; /* one of them, 0 = none */
    const char *text;
    const char *gives;
} row;

static const row rows[] = {
    {"in order, without ids", 2, 0, "{\"reply\":\"a\"}\n{\"reply\":\"b\"}\n", "answer 1, answer 2"},
    {"out of order, with ids", 3, 0, "{\"id\":3}\n{\"reply\":1,\"id\":1}\r\n{\"id\":\"2\"}\n",
     "answer 3, answer 1, answer 2"},
    {"null is no id", 2, 0, "{\"id\":null}\n{\"id\":2}\n", "answer 1, answer 2"},
    {"a late answer without id keeps its turn", 2, 1, "{\"reply\":\"a\"}\n{\"reply\":\"b\"}\n",
     "late 1, answer 2"},
    {"a late answer with id", 2, 1, "{\"id\":2}\n{\"id\":1}\n", "answer 2, late 1"},
    {"who gives ids gives them always", 3, 0, "{\"id\":2}\n{\"reply\":\"x\"}\n{\"id\":1}\n",
     "answer 2, stray 0, answer 1"},
    {"an unknown id is nobody's and proves nothing", 1, 0,
     "{\"id\":77}\n{\"id\":\"c-1\"}\n{\"id\":1.5}\n{\"id\":[1]}\n{}\n",
     "stray 0, stray 0, stray 0, stray 0, answer 1"},
    {"the same answer twice", 2, 0, "{\"id\":1}\n{\"id\":1}\n", "answer 1, stray 0"},
    {"nothing was asked", 0, 0, "{\"ready\":true}\n{\"id\":1}\n", "unasked 0, stray 0"},
    {"nonsense", 1, 0, "hello\n[1]\n7\n{\"a\":\n{} {}\n{\"a\":1}\n",
     "nonsense 0, nonsense 0, nonsense 0, nonsense 0, nonsense 0, answer 1"},
    {"an id further in is none", 2, 0, "{\"a\":{\"id\":2}}\n{\"a\":[{\"id\":9}],\"id\":2}\n",
     "answer 1, answer 2"},
    {"the last id counts", 2, 0, "{\"id\":1,\"id\":2}\n", "answer 2"},
    {"empty lines and half a line", 1, 0, "\n \r\n\n{\"id\":1}\n{\"id\":2", "answer 1"},
    {"a line that is too long", 2, 0,
     "{\"id\":1}\n{\"id\":2,\"reply\":\"0123456789012345678901234567890123456789012345678\"}\n",
     "answer 1, bad"},
};

static void matches(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) out = {.max = 4096};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        for (size_t step = 1; step <= 100; step += step < 4 ? 1 : 48) {
            obi_lines lines;
            ob_err err = {0};
            obi_lines_init(&lines, 64);
            for (unsigned id = 1; id <= rows[i].expected; id++) {
                assert_ok(obi_lines_expect(&lines, id, &err));
            }
            obi_lines_give_up(&lines, rows[i].given_up);
            feed(&lines, rows[i].text, step, &out);
            if (!ob_span_is_str(ob_buf_span(&out), rows[i].gives)) {
                print_error("%s, %zu bytes at a time: %s\n", rows[i].about, step, out.ptr);
            }
            assert_span(ob_buf_span(&out), rows[i].gives);
            obi_lines_fini(&lines);
        }
    }
}

static void keeps_text(void **state)
{
    (void)state;
    obi_lines lines;
    obi_line line;
    ob_err err = {0};
    ob_span text = OB_SPAN(" {\"reply\": \"a\\nb\"} \r\n{");
    obi_lines_init(&lines, 64);
    assert_ok(obi_lines_expect(&lines, 5, &err));
    assert_false(obi_lines_is_partial(&lines));
    assert_int_equal(obi_lines_feed(&lines, &text, &line), OB_DONE);
    assert_span(line.text, "{\"reply\": \"a\\nb\"}");
    assert_false(obi_lines_is_partial(&lines));
    assert_int_equal(obi_lines_feed(&lines, &text, &line), OB_MORE);
    assert_true(obi_lines_is_partial(&lines));
    obi_lines_fini(&lines);
}

/* A request that never left leaves no trace; of those given up only so many keep their turn. */
static void forgets(void **state)
{
    (void)state;
    obi_lines lines;
    obi_line line;
    ob_err err = {0};
    ob_span text = OB_SPAN("{}\n{}\n");
    obi_lines_init(&lines, 64);
    assert_ok(obi_lines_expect(&lines, 1, &err));
    obi_lines_unexpect(&lines, 1);
    for (uint64_t id = 2; id <= OBI_LINES_GIVEN_UP + 4; id++) {
        assert_ok(obi_lines_expect(&lines, id, &err));
        obi_lines_give_up(&lines, id);
        obi_lines_give_up(&lines, id);
    }
    assert_int_equal(lines.open_count, OBI_LINES_GIVEN_UP);
    assert_int_equal(obi_lines_feed(&lines, &text, &line), OB_DONE);
    assert_int_equal(line.kind, OBI_LINE_LATE);
    assert_int_equal(line.id, 5);
    obi_lines_fini(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches),
        cmocka_unit_test(keeps_text),
        cmocka_unit_test(forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
