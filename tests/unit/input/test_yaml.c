/* SPDX-License-Identifier: Apache-2.0 */
#include "input/yaml.h"
#include "ob_test.h"

typedef struct bad {
    ob_span text;
    const char *says;
} bad;

static void refuses_with_place(void **state)
{
    (void)state;
    const bad table[] = {
        {OB_SPAN(""), "f.yaml: byte 0: the file is empty"},
        {OB_SPAN(" \n\t\n"), "byte 0: the file is empty"},
        {OB_SPAN("# only a comment\n"), "holds no document"},
        {OB_SPAN("---\n"), "holds no document"},
        {OB_SPAN("a: \0"), "byte 3: a NUL"},
        {OB_SPAN("a: \xff"), "byte 3: not valid UTF-8"},
        {OB_SPAN("%a\xff"), "byte 2: not valid UTF-8"},
        {OB_SPAN("a: 1\n% b\nc: 2\n"), "f.yaml:2:2: not valid YAML"},
        {OB_SPAN("\r%"), "f.yaml:2:2: not valid YAML"},
        {OB_SPAN("\xef\xbb\xbf%YAML 1.1\n---\na: 1\n"), "f.yaml:1:1: a line that starts with '%'"},
        {OB_SPAN("%TAG ! tag:a.example,2026:\n---\na: 1\n"), "f.yaml:1:1: a line that starts"},
        {OB_SPAN("a: x\xe2\x80\xa8y\n"), "byte 4: an end of a line that only some programs see"},
        {OB_SPAN("a: \xc2\x85y\n"), "byte 3: an end of a line"},
        {OB_SPAN("a: [::1]\n"), "f.yaml:1:5: not valid YAML"},
        {OB_SPAN("a: \"\\ud83d\\ude00\"\n"), "write the character itself"},
        {OB_SPAN("a: \x01"), "byte 3: a control character"},
        {OB_SPAN("a: 1\n---\nb: 2\n"), "f.yaml:2:1: a second document"},
        {OB_SPAN("a: &x 1\n"), "f.yaml:1:4: anchors"},
        {OB_SPAN("a: {b: *x}\n"), "aliases"},
        {OB_SPAN("a: !!str 1\n"), "f.yaml:1:4: tags"},
        {OB_SPAN("<<: {b: 1}\n"), "f.yaml:1:1: merge keys"},
        {OB_SPAN("a: 1\nb: 2\na: 3\n"), "f.yaml:3:1: duplicate key 'a', first at 1:1"},
        {OB_SPAN("{1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, '3': 0}"),
         "f.yaml:1:56: duplicate key '3', first at 1:14"},
        {OB_SPAN("? [a]\n: 1\n"), "f.yaml:1:3: a key must be plain text"},
        {OB_SPAN("{{a: 1}: 2}"), "a key must be plain text"},
        {OB_SPAN("? \n: 1\n"), "a key is empty"},
        {OB_SPAN("a: \"\\0\"\n"), "f.yaml:1:4: the text holds a NUL"},
        {OB_SPAN("a: [1,\n"), "f.yaml:"},
        {OB_SPAN("a:\n\t- b\n"), "f.yaml:2:1: not valid YAML"},
    };
    for (size_t i = 0; i < OB_COUNT(table); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_yaml_doc doc = {0};
        assert_fails(
            ob_yaml_parse(&doc, &arena, OB_SPAN("f.yaml"), table[i].text, OB_INPUT_FILE_MAX, &err),
            OB_ERR_INPUT, table[i].says);
        assert_null(doc.root);
    }
}

/* The last four are rare, and there are libraries that have them wrong. */
static void reads_all_styles(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *value;
        bool quoted;
    } rows[] = {
        {"one\n  two\n\n  three", "one two\nthree", false},
        {"2001:db8::/32", "2001:db8::/32", false},
        {"'it''s \\n \"x\" '", "it's \\n \"x\" ", true},
        {"'one  \n   two\r\n\r\n  three'", "one two\nthree", true},
        {"\"it's \\\"x\\\"\\t\\u4e2d\\U0001f600\"", "it's \"x\"\t\xe4\xb8\xad\xf0\x9f\x98\x80",
         true},
        {"\"one \\\n   two\\\n  \\  three\"", "one two  three", true},
        {"\"one\n% two\"", "one % two", true},
        {"|\n  one\n   two\n\n", "one\n two\n", true},
        {">+\n  one\n  two\n", "one two\n\n", true},
        {"|", "", true},
        {">-\n w\n\n  w\n\n", "w\n\n w", true},
        {"\"x\\   \n y\\\n\n\n z\"", "x  y\n\nz", true},
        {"'''''''''''''''''''''''''''''''''''''''''x'", "''''''''''''''''''''x", true},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) file = {.max = 1000};
        ob_err err = {0};
        ob_yaml_doc doc = {0};
        ob_buf_addf(&file, "- %s\n- b\n", rows[i].text);
        assert_ok(ob_yaml_parse(&doc, &arena, OB_SPAN("f"), ob_buf_span(&file), 1000, &err));
        assert_int_equal(doc.root->count, 2);
        assert_int_equal(doc.root->items[0].quoted, rows[i].quoted);
        assert_int_equal(doc.root->items[0].column, 3);
        assert_span(doc.root->items[0].text, rows[i].value);
        assert_span(doc.root->items[1].text, "b");
    }
}

static void reads_a_tree(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_yaml_doc doc = {0};
    ob_span text = OB_SPAN("\xef\xbb\xbf"
                           "one: 1\ntwo: 'yes'\nthree: [a, {b: ~}]\nvier: |\n  x\n  y\n"
                           "wait: 250ms\nsize: 64KiB\nhalf: 0.5\non: true\nfive:\n");
    assert_ok(ob_yaml_parse(&doc, &arena, OB_SPAN("f"), text, OB_INPUT_FILE_MAX, &err));
    assert_int_equal(doc.root->kind, OB_YAML_MAP);
    assert_int_equal(doc.root->count, 9);
    const ob_yaml *two = ob_yaml_get(doc.root, "two");
    assert_true(two->quoted);
    assert_int_equal(two->line, 2);
    assert_int_equal(two->column, 6);
    const ob_yaml *three = ob_yaml_get(doc.root, "three");
    assert_int_equal(three->count, 2);
    assert_int_equal(ob_yaml_get(&three->items[1], "b")->kind, OB_YAML_NULL);
    assert_span(ob_yaml_get(doc.root, "vier")->text, "x\ny\n");
    assert_int_equal(ob_yaml_get(doc.root, "five")->kind, OB_YAML_NULL);
    uint64_t number = 0;
    uint64_t wait = 0;
    size_t size = 0;
    double half = 0;
    bool on = false;
    assert_ok(ob_yaml_u64(&doc, doc.root, "one", 1, 5, &number, &err));
    assert_ok(ob_yaml_duration(&doc, doc.root, "wait", &wait, &err));
    assert_ok(ob_yaml_bytes(&doc, doc.root, "size", 65536, &size, &err));
    assert_ok(ob_yaml_double(&doc, doc.root, "half", 0, 1, &half, &err));
    assert_ok(ob_yaml_bool(&doc, doc.root, "on", &on, &err));
    assert_ok(ob_yaml_bool(&doc, doc.root, "absent", &on, &err));
    assert_true(number == 1 && wait == 250 && size == 65536 && on && half > 0.4 && half < 0.6);
    assert_fails(ob_yaml_u64(&doc, doc.root, "one", 2, 5, &number, &err), OB_ERR_INPUT,
                 "from 2 to 5, not '1'");
    assert_fails(ob_yaml_bytes(&doc, doc.root, "size", 65535, &size, &err), OB_ERR_INPUT,
                 "at most 65535");
    assert_fails(ob_yaml_bool(&doc, doc.root, "two", &on, &err), OB_ERR_INPUT, "f:2:6:");
    const ob_yaml *node = NULL;
    assert_fails(ob_yaml_need(&doc, doc.root, "five", &node, &err), OB_ERR_INPUT, "needs 'five'");
    assert_fails(ob_yaml_need(&doc, doc.root, "six", &node, &err), OB_ERR_INPUT, "needs 'six'");
    static const char *const names[] = {"one",  "two",  "three", "four", "wait",
                                        "size", "half", "on",    "five"};
    assert_fails(ob_yaml_known(&doc, doc.root, names, OB_COUNT(names), &err), OB_ERR_INPUT,
                 "f:4:1: unknown key 'vier'");
    static const char *const choices[] = {"yes", "no"};
    int choice = -1;
    assert_ok(ob_yaml_choice(&doc, doc.root, "two", choices, 2, &choice, &err));
    assert_int_equal(choice, 0);
    assert_fails(ob_yaml_choice(&doc, doc.root, "on", choices, 2, &choice, &err), OB_ERR_INPUT,
                 "use one of: yes, no");
}

/* Many keys, and nesting on both sides of the limit. */
static void holds_its_limits(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_yaml_doc doc = {0};
    for (size_t depth = OB_YAML_DEPTH_MAX; depth <= OB_YAML_DEPTH_MAX + 1; depth++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) text = {.max = 1 << 20};
        for (size_t i = 0; i < depth * 2; i++) {
            ob_buf_add_char(&text, i < depth ? '[' : ']');
        }
        bool fine = ob_yaml_parse(&doc, &arena, OB_SPAN("f"), ob_buf_span(&text), 1 << 20, &err);
        assert_int_equal(fine, depth == OB_YAML_DEPTH_MAX);
    }
    assert_non_null(strstr(err.text, "f:1:65: nested deeper than 64 levels"));
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 1 << 20};
    for (unsigned i = 0; i < 40000; i++) {
        ob_buf_addf(&text, "key%u: %u\n", i, i);
    }
    assert_ok(ob_yaml_parse(&doc, &arena, OB_SPAN("f"), ob_buf_span(&text), 1 << 20, &err));
    assert_int_equal(doc.root->count, 40000);
    ob_buf_add_str(&text, "key39: 1\n");
    assert_fails(ob_yaml_parse(&doc, &arena, OB_SPAN("f"), ob_buf_span(&text), 1 << 20, &err),
                 OB_ERR_INPUT, "f:40001:1: duplicate key 'key39', first at 40:1");
    assert_fails(ob_yaml_parse(&doc, &arena, OB_SPAN("f"), ob_buf_span(&text), 100, &err),
                 OB_ERR_INPUT, "larger than the limit");
}

static void reads_durations(void **state)
{
    (void)state;
    ob_err err = {0};
    uint64_t ms = 0;
    assert_ok(ob_duration_parse(OB_SPAN("2m"), &ms, &err));
    assert_int_equal(ms, 120000);
    static const char *const wrong[] = {"", "5", "s", "5 s", "-1s", "1d", "1.5s"};
    for (size_t i = 0; i < OB_COUNT(wrong); i++) {
        assert_fails(ob_duration_parse(ob_span_str(wrong[i]), &ms, &err), OB_ERR_INPUT,
                     "no duration");
    }
    assert_fails(ob_duration_parse(OB_SPAN("18446744073709551615h"), &ms, &err), OB_ERR_INPUT,
                 "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_place), cmocka_unit_test(reads_a_tree),
        cmocka_unit_test(reads_all_styles),   cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(reads_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
