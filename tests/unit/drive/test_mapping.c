/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/mapping.h"
#include "ob_test.h"

#include <stdlib.h>

static void admits(void **state)
{
    (void)state;
    static const char *const fine[] = {
        ".",
        ".a.b",
        ".a[0]",
        ".a[-1]",
        ".[1:3]",
        "..|.x?",
        ".a // \"none\"",
        "[.a[]|select(.n == 1)]",
        "{env: .a, \"k\": .b, c, def: (.d|length)}",
        "if .a then .b elif .c then 1 else null end",
        "map(.x) | join(\", \")",
        ".a + \"b\"",
        "test(\"a\"; \"i\")",
        ".env",
        ".a | not and true",
        "[.tools[]? | {name: .n, args: (.a | fromjson)}]",
        "1.5e3",
        "\"\\u00e4\\n\"",
    };
    for (size_t i = 0; i < OB_COUNT(fine); i++) {
        ob_err err = {0};
        size_t at = 0;
        assert_ok(ob_mapping_check(ob_span_str(fine[i]), &at, &err));
    }
}

static void refuses(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        size_t at;
    } bad[] = {
        {"env", 0},
        {"$ENV.A", 0},
        {".a|env.HOME", 3},
        {"def f: 1; f", 0},
        {"import \"a\" as b;", 0},
        {"input", 0},
        {"[range(9)]", 1},
        {".a|while(true; .)", 3},
        {"repeat(.)", 0},
        {"limit(1; .)", 0},
        {".a = 1", 3},
        {".a |= 1", 3},
        {".a += 1", 3},
        {".a //= 1", 3},
        {"\"\\(env)\"", 1},
        {"@base64", 0},
        {". # x", 2},
        {".a) | (env", 2},
        {"(.a", 3},
        {"[.a)", 3},
        {"{a: env}", 4},
        {"{(env): 1}", 2},
        {"a::b", 0},
        {".a * 2", 3},
        {"1.foo", 2},
        {". as $x | 1", 2},
        {"reduce .[] as $x (0; .)", 0},
        {"try error", 0},
        {"gsub(\"a\";\"b\")", 0},
        {"", 0},
        {"  ", 0},
        {"\"abc", 0},
        {"if . then 1", 11},
        {"1 end", 2},
        {"then", 0},
        {". ?// 1", 2},
        {"$__loc__", 0},
        {"ltrimstr2", 0},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_err err = {0};
        size_t at = 999;
        assert_fails(ob_mapping_check(ob_span_str(bad[i].text), &at, &err), OB_ERR_INPUT, "");
        if (at != bad[i].at) {
            fail_msg("%s: byte %zu, wanted %zu", bad[i].text, at, bad[i].at);
        }
    }
}

static void runs_one_program(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_mapping *mapping = NULL;
    size_t bad = 0;
    const ob_span list[] = {OB_SPAN(".reply"), OB_SPAN(".tools"), OB_SPAN(".n[]"),
                            OB_SPAN(".a.b | length")};
    (void)setenv("HOME", "/nonexistent", 1);
    assert_ok(ob_mapping_new(&mapping, &arena, list, OB_COUNT(list), &bad, &err));
    assert_string_equal(getenv("HOME"), "/nonexistent");
    ob_span json = OB_SPAN("{\"reply\": \"h\\u00e9\\\"\", \"tools\": [1, {\"a\": 2}], \"n\": [], "
                           "\"a\": 1}");
    ob_span result = {0};
    ob_span text = {0};
    for (int round = 0; round < 2; round++) {
        assert_ok(ob_mapping_run(mapping, &arena, 0, json, &result, &text, &err));
        assert_span(text, "h\xc3\xa9\"");
        assert_span(result, "\"h\xc3\xa9\\\"\"");
        assert_ok(ob_mapping_run(mapping, &arena, 1, json, &result, &text, &err));
        assert_span(result, "[1,{\"a\":2}]");
        assert_int_equal(text.len, 0);
        assert_fails(ob_mapping_run(mapping, &arena, 2, json, &result, &text, &err), OB_ERR_PEER,
                     "gives nothing");
        assert_fails(ob_mapping_run(mapping, &arena, 3, json, &result, &text, &err), OB_ERR_PEER,
                     "fails on this reply");
        assert_fails(ob_mapping_run(mapping, &arena, 0, OB_SPAN("{\"a\":"), &result, &text, &err),
                     OB_ERR_PEER, "not valid JSON");
        assert_fails(ob_mapping_run(mapping, &arena, 0, OB_SPAN("{}"), &result, &text, &err),
                     OB_ERR_PEER, "null");
    }
    const ob_span wrong[] = {OB_SPAN(".a"), OB_SPAN("map")};
    assert_fails(ob_mapping_new(&mapping, &arena, wrong, 2, &bad, &err), OB_ERR_INPUT,
                 "expression 'map': jq refuses it");
    assert_int_equal(bad, 1);
}

/* Plain paths are walked without jq; what they lead to is the same with it. */
static void plain_paths_are_as_jq(void **state)
{
    static const char *const replies[] = {
        "{\"a\": {\"b\": \"plain\"}}",
        "{\"a\": {\"b\": \"\\\"quoted\\\" \\\\ \\n\\t\\r \\u0007 \\u007f \\u00e9 "
        "\\ud83d\\ude42\"}}",
        "{\"a\": {\"b\": 1.50}}",
        "{\"a\": {\"b\": {\"c\": [1, \"x\", null]}}}",
        "{\"a\": {\"b\": null}}",
        "{\"a\": {}}",
        "{\"a\": null}",
        "{\"a\": \"text\"}",
        "{\"a\": [1]}",
        "{\"a\": {\"b\": \"first\"}, \"a\": {\"b\": \"second\"}}",
        "{\"a\": {\"b\": \"x\\u0000y\"}}",
        "null",
        "[1]",
        "\"s\"",
    };
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_mapping *walked = NULL;
    ob_mapping *asked = NULL;
    size_t bad = 0;
    const ob_span plain[] = {OB_SPAN(".a.b")};
    const ob_span piped[] = {OB_SPAN(".a | .b")};
    (void)setenv("HOME", "/nonexistent", 1);
    assert_ok(ob_mapping_new(&walked, &arena, plain, 1, &bad, &err));
    assert_ok(ob_mapping_new(&asked, &arena, piped, 1, &bad, &err));
    for (size_t i = 0; i < OB_COUNT(replies); i++) {
        ob_span results[2] = {{0}};
        ob_span texts[2] = {{0}};
        ob_err errs[2] = {{0}};
        ob_span json = ob_span_str(replies[i]);
        bool one = ob_mapping_run(walked, &arena, 0, json, &results[0], &texts[0], &errs[0]);
        bool two = ob_mapping_run(asked, &arena, 0, json, &results[1], &texts[1], &errs[1]);
        if (one != two || !ob_span_is(results[0], results[1]) || !ob_span_is(texts[0], texts[1])) {
            fail_msg("reply %zu: %.*s, jq gives %.*s", i, OB_SHOW(results[0]), OB_SHOW(results[1]));
        }
        assert_string_equal(errs[0].text, errs[1].text);
    }
    assert_string_equal(getenv("HOME"), "/nonexistent");
}

/* jq rounds long numbers; where a path leads to them no digit is lost: one may be what tells two
 * records apart, or the id to ask for next. */
static void keeps_every_digit(void **state)
{
    static const struct {
        const char *path;
        const char *result;
    } rows[] = {
        {".id", "89460811111111111117"},
        {".sum", "0.10000000000000000001"},
        {".", "{\"id\":89460811111111111117,\"sum\":0.10000000000000000001,\"n\":1.50,\"in\":"
              "{\"list\":[1,9007199254740993]}}"},
        {".in", "{\"list\":[1,9007199254740993]}"},
        {".in.list", "[1,9007199254740993]"},
        {".n", "1.5"},
    };

    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    (void)setenv("HOME", "/nonexistent", 1);
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_mapping *mapping = NULL;
        ob_span result = {0};
        ob_span text = {0};
        size_t bad = 0;
        const ob_span path = ob_span_str(rows[i].path);
        assert_ok(ob_mapping_new(&mapping, &arena, &path, 1, &bad, &err));
        assert_ok(ob_mapping_run(mapping, &arena, 0,
                                 OB_SPAN("{\"id\": 89460811111111111117, \"sum\": "
                                         "0.10000000000000000001, \"n\": 1.50, \"in\": "
                                         "{\"list\": [1, 9007199254740993]}}"),
                                 &result, &text, &err));
        assert_span(result, rows[i].result);
        assert_int_equal(text.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admits),
        cmocka_unit_test(refuses),
        cmocka_unit_test(plain_paths_are_as_jq),
        cmocka_unit_test(keeps_every_digit),
        cmocka_unit_test(runs_one_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
