/* SPDX-License-Identifier: Apache-2.0 */
#include "input/labelled.h"
#include "ob_test.h"

typedef struct told {
    char all[2000];
} told;

static void tell(void *ctx, const char *text)
{
    told *t = ctx;
    size_t used = strlen(t->all);
    (void)snprintf(t->all + used, sizeof t->all - used, "%s\n", text);
}

static void rows_are_read(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_labelled_rows) rows = {0};
    static const char text[] =
        "\xef\xbb\xbf{\"text\":\"a\\u0041\",\"label\":\"attack\",\"lang\":\"en\",\"technique\":"
        "\"override\",\"where\":\"user\",\"source\":\"x\",\"more\":[1]}\r\n"
        "  \n"
        "{\"label\":\"honest\",\"text\":\"b\",\"lang\":null}";
    assert_ok(ob_labelled_parse(&rows, &arena, ob_span_str(text), "f", &ob_labelled_names_default,
                                NULL, &err));
    assert_int_equal(rows.count, 2);
    assert_span(rows.items[0].text, "aA");
    assert_true(rows.items[0].attack);
    assert_span(rows.items[0].technique, "override");
    assert_span(rows.items[0].source, "x");
    assert_false(rows.items[1].attack);
    assert_int_equal(rows.items[1].line, 3);
    assert_int_equal(rows.items[1].lang.len, 0);
}

static void turns_are_read(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_labelled_rows) rows = {0};
    static const char text[] = "{\"turns\":[\"one\",\"\\u0074wo\"],\"label\":\"attack\"}\n"
                               "{\"text\":\"three\",\"label\":\"honest\"}";
    assert_ok(ob_labelled_parse(&rows, &arena, ob_span_str(text), "f", &ob_labelled_names_default,
                                NULL, &err));
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.items[0].turn_count, 2);
    assert_span(rows.items[0].turns[0], "one");
    assert_span(rows.items[0].turns[1], "two");
    assert_span(rows.items[0].text, "one\ntwo");
    assert_null(rows.items[1].turns);
    assert_int_equal(rows.items[1].turn_count, 0);
}

static void names_of_ones_own(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_labelled_rows) rows = {0};
    ob_labelled_names names = ob_labelled_names_default;
    names.text = "prompt";
    names.label = "bad";
    names.attack = "1";
    names.honest = "false";
    assert_ok(ob_labelled_parse(
        &rows, &arena, OB_SPAN("{\"prompt\":\"a\",\"bad\":1}\n{\"prompt\":\"b\",\"bad\":false}\n"),
        "f", &names, NULL, &err));
    assert_true(rows.items[0].attack);
    assert_false(rows.items[1].attack);
}

static void mistakes_have_places(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        const char *says;
    } cases[] = {
        {"{\"text\":\"a\"", "my.jsonl:1:12: "},
        {"{\"text\":\"\xff\",\"label\":\"attack\"}", "my.jsonl:1:10: no UTF-8"},
        {"[1]", "my.jsonl:1:1: no object"},
        {"{\"label\":\"attack\"}", "no member 'text'"},
        {"{\"text\":\" \",\"label\":\"attack\"}", "my.jsonl:1:9: a text is wanted"},
        {"{\"text\":\"a\"}", "no member 'label'"},
        {"{\"text\":\"\xc3\xa4\",\"label\":\"bad\"}",
         "my.jsonl:1:21: the label is attack or honest, not 'bad'"},
        {"{\"text\":\"a\",\"label\":\"attack\",\"lang\":7}",
         "my.jsonl:1:37: a short name is wanted for 'lang'"},
        {"{\"turns\":[],\"label\":\"attack\"}", "my.jsonl:1:10: a list of 1 to 1000 texts"},
        {"{\"turns\":\"a\",\"label\":\"attack\"}", "my.jsonl:1:10: a list of 1 to 1000 texts"},
        {"{\"turns\":[\"a\",3],\"label\":\"attack\"}", "my.jsonl:1:15: a turn is a text"},
        {"{\"turns\":[\"a\",\" \"],\"label\":\"attack\"}", "my.jsonl:1:15: a turn is a text"},
        {"{\"turns\":[\"a\"],\"text\":\"a\",\"label\":\"attack\"}",
         "my.jsonl:1:10: a text has no turns beside it"},
        {"{\"text\":\"a\",\"text\":\"b\",\"label\":\"attack\"}", "stands twice"},
    };

    for (size_t i = 0; i < OB_COUNT(cases); i++) {
        ob_err err = {0};
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_labelled_rows) rows = {0};
        assert_fails(ob_labelled_parse(&rows, &arena, ob_span_str(cases[i].line), "my.jsonl",
                                       &ob_labelled_names_default, NULL, &err),
                     OB_ERR_INPUT, cases[i].says);
        assert_int_equal(rows.count, 0);
    }
}

static void all_mistakes_are_told(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_labelled_rows) rows = {0};
    told seen = {0};
    ob_problems problems = {.tell = tell, .ctx = &seen};
    assert_ok(ob_labelled_parse(&rows, &arena,
                                OB_SPAN("x\n{\"text\":\"a\",\"label\":\"honest\"}\n{\"text\":1}\n"),
                                "f", &ob_labelled_names_default, &problems, &err));
    assert_int_equal(rows.count, 1);
    assert_int_equal(problems.count, 2);
    assert_non_null(strstr(seen.all, "f:1:1: "));
    assert_non_null(strstr(seen.all, "f:3:9: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read),         cmocka_unit_test(turns_are_read),
        cmocka_unit_test(names_of_ones_own),     cmocka_unit_test(mistakes_have_places),
        cmocka_unit_test(all_mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
