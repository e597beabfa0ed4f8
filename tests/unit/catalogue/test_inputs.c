/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/inputs.h"
#include "ob_test.h"
#include "scratch.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[SCRATCH_MAX];
static char other[SCRATCH_MAX];

/* The value of inputs: in a document of its own, read against the two folders. */
static bool read_one(ob_arena *arena, const char *text, bool with_other, ob_inputs *inputs,
                     ob_err *err)
{
    ob_yaml_doc doc = {0};
    ob_digest digest = {{0}};
    const char *const folders[] = {other};
    const ob_input_folders named = {folders, with_other ? 1 : 0};
    return ob_yaml_parse(&doc, arena, OB_SPAN("p.yaml"), ob_span_str(text), OB_INPUT_FILE_MAX,
                         err) &&
           ob_inputs_read(inputs, &doc, doc.root, folder, &named, arena, &digest, err);
}

static void put(const char *where, const char *name, ob_span text)
{
    char path[SCRATCH_FILE_MAX];
    ob_err err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", where, name);
    assert_ok(ob_file_write(path, text, 0600, &err));
}

static void good(ob_arena *arena, const char *text, ob_inputs *inputs)
{
    ob_err err = {0};
    assert_ok(read_one(arena, text, true, inputs, &err));
}

static void bad(const char *text, const char *part)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_inputs inputs = {0};
    ob_err err = {0};
    assert_fails(read_one(&arena, text, true, &inputs, &err), OB_ERR_INPUT, part);
}

/* As a trial says it. */
static void assert_filled(const ob_input *input, const char *wanted)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    ob_buf_add(&text, input->text);
    ob_input_fill(input, &text);
    assert_span(ob_buf_span(&text), wanted);
}

static void test_list(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_inputs in = {0};
    good(&arena, "{list: [a, {text: b, lang: zh, kind: k, answer: \"42\"}, {text: 界a, fill: 9}]}",
         &in);
    assert_int_equal(in.count, 3);
    assert_span(in.items[0].text, "a");
    assert_span(in.items[0].lang, "en");
    assert_span(in.items[1].lang, "zh");
    assert_span(in.items[1].kind, "k");
    assert_int_equal(in.items[1].fields_count, 1);
    assert_span(in.items[1].fields[0].name, "answer");
    assert_span(in.items[1].fields[0].value, "42");
    assert_filled(&in.items[2], "界a界a"); /* a third character would be cut in half */
    assert_int_equal(in.items[2].fields_count, 0);
    good(&arena, "{list: [ab], fill: 5}", &in);
    assert_filled(&in.items[0], "ababa");
    good(&arena, "{list: [{text: ab, fill: 5}, abcdefgh, 界界], fill: 4}", &in);
    assert_filled(&in.items[0], "abab");
    assert_filled(&in.items[1], "abcd");
    assert_filled(&in.items[2], "界");
    good(&arena, "{list: [{text: ab, fill: 3}], fill: 8}", &in);
    assert_filled(&in.items[0], "abaabaab");
    bad("{list: []}", "at least one item");
    bad("{list: [{kind: a}]}", "p.yaml:1:9: ");
    bad("{list: [{text: a, Big: b}]}", "'Big' is no name");
    bad("{list: [{text: a, b: [c]}]}", "'b' is one text or number");
    bad("{list: [\"{{x}} \"], fill: 9}", "without {{names}}");
    bad("{list: [a], file: b.csv}", "exactly one of list, file and matrix");
    bad("{list: [a], most: 2}", "most");
}

static void test_matrix(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_inputs in = {0};
    good(&arena, "{matrix: {lang: [en, zh], object: [bill, ticket, call], text: [\"Show {{x}}\"]}}",
         &in);
    assert_int_equal(in.count, 6);
    assert_span(in.items[0].lang, "en");
    assert_span(in.items[5].lang, "zh");
    assert_span(in.items[5].text, "Show {{x}}");
    assert_false(in.items[5].literal);
    assert_int_equal(in.items[5].fields_count, 1);
    assert_span(in.items[4].lang, "zh");
    assert_span(in.items[4].fields[0].name, "object");
    assert_span(in.items[4].fields[0].value, "ticket");
    bad("{matrix: {a: []}}", "an axis is a list");
    bad("{matrix: {a: [[b]]}}", "one text or number");
    bad("{matrix: [a]}", "map of axis");
    OB_AUTO(ob_buf) big = {.max = 100000};
    ob_buf_add_str(&big, "{matrix: {");
    for (int axis = 0; axis < 2; axis++) {
        ob_buf_addf(&big, "%s%c: [a", axis > 0 ? ", " : "", 'a' + axis);
        for (int i = 1; i < 64 + axis; i++) {
            ob_buf_add_str(&big, ", a");
        }
        ob_buf_add_str(&big, "]");
    }
    ob_buf_add_str(&big, "}}");
    bad(big.ptr, "more than 4096 items");
}

static void test_csv(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_inputs in = {0};
    put(folder, "a.csv",
        OB_SPAN("\xEF\xBB\xBFprompt,category,expected\r\n\"Say \"\"hi\"\",\r\nplease\",x,1\r\n\r\n"
                "{{two}},y,2\r\nthree,x,3"));
    good(&arena,
         "{file: a.csv, columns: {text: prompt, kind: category, answer: expected}, lang: zh}", &in);
    assert_int_equal(in.count, 3);
    assert_span(in.items[0].text, "Say \"hi\",\r\nplease");
    assert_span(in.items[0].kind, "x");
    assert_span(in.items[1].text, "{{two}}");
    assert_true(in.items[1].literal);
    assert_span(in.items[2].lang, "zh");
    assert_span(in.items[2].fields[0].name, "answer");
    assert_span(in.items[2].fields[0].value, "3");
    good(&arena, "{file: a.csv, column: prompt, where: {category: x}}", &in);
    assert_int_equal(in.count, 2);
    assert_span(in.items[1].text, "three");
    good(&arena, "{file: a.csv, column: prompt, most: 1}", &in);
    assert_int_equal(in.count, 1);
    bad("{file: a.csv}", "a.csv:1:1: no column 'text'; there are: prompt, category, expected");
    bad("{file: a.csv, column: prompt, where: {category: z}}", "no item fits where");
    bad("{file: a.csv, column: prompt, where: {cat: z}}", "no column 'cat'");
    bad("{file: a.csv, column: prompt, columns: {text: a}}", "leave one of the two out");
    bad("{file: a.csv, column: prompt, delimiter: abc}", "delimiter is one character, or tab");
    bad("{file: a.csv, items: /a}", "items");
    put(folder, "b.dat", OB_SPAN("text\tk\nhello\tx\n"));
    good(&arena, "{file: b.dat, format: csv, delimiter: tab}", &in);
    assert_span(in.items[0].text, "hello");
    bad("{file: b.dat}", "format: yaml, csv, json, jsonl or text");
    put(folder, "c.csv", OB_SPAN("text,k\na,b,c\n"));
    bad("{file: c.csv}", "c.csv:2:1: this row has not as many columns as the header");
    put(folder, "c.csv", OB_SPAN("text\nok\nsay \"a\"\n"));
    bad("{file: c.csv}", "c.csv:3:5: a quote within a value");
    put(folder, "c.csv", OB_SPAN("text\n\"open\n"));
    bad("{file: c.csv}", "c.csv:2:1: a quote that is not closed");
    put(folder, "c.csv", OB_SPAN("text\n\"a\"b\n"));
    bad("{file: c.csv}", "c.csv:2:4: text behind a closing quote");
    put(folder, "c.csv", OB_SPAN("text\n\"\"\n"));
    bad("{file: c.csv}", "c.csv:2:1: an empty text");
    put(folder, "c.csv", OB_SPAN("text\na\xFF\n"));
    bad("{file: c.csv}", "c.csv:2:2: no UTF-8");
    put(folder, "c.csv", OB_SPAN("text\n"));
    bad("{file: c.csv}", "at least one is wanted");
}

static void test_json(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_inputs in = {0};
    put(folder, "a.json", OB_SPAN("{\"x\": [\"a\", \"b\"], \"y\": [{\"text\": \"c\", \"n\": 5}]}"));
    good(&arena, "{file: a.json}", &in);
    assert_int_equal(in.count, 3);
    assert_span(in.items[1].kind, "x");
    assert_span(in.items[2].text, "c");
    assert_span(in.items[2].kind, "y");
    good(&arena, "{file: a.json, items: /y, columns: {size: n}}", &in);
    assert_int_equal(in.count, 1);
    assert_span(in.items[0].fields[0].value, "5");
    bad("{file: a.json, items: /z}", "nothing is at '/z'");
    bad("{file: a.json, items: /y/0}", "no list of items under 'text'");
    bad("{file: a.json, items: /y, column: prompt}",
        "a.json:1:25: no text or number under 'prompt'");
    bad("{file: a.json, items: /x, where: {k: v}}", "no item fits where");
    put(folder, "b.json", OB_SPAN("[\"a\",\n3]"));
    bad("{file: b.json}", "b.json:2:1: an item is a string or an object");
    put(folder, "b.json", OB_SPAN("[\"a\""));
    bad("{file: b.json}", "byte 4");
    put(folder, "a.jsonl", OB_SPAN("\"one\"\n\n{\"text\": \"two\\n\"}\r\n"));
    good(&arena, "{file: a.jsonl}", &in);
    assert_int_equal(in.count, 2);
    assert_span(in.items[1].text, "two\n");
    put(folder, "b.jsonl", OB_SPAN("\"one\"\nnope\n"));
    bad("{file: b.jsonl}", "b.jsonl:2: each line is one JSON value");
}

static void test_text(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) big = {.max = 100000};
    ob_inputs in = {0};
    put(folder, "a.txt", OB_SPAN("\xEF\xBB\xBFone\r\n\n  \ntwo"));
    good(&arena, "{file: a.txt, kind: plain}", &in);
    assert_int_equal(in.count, 2);
    assert_span(in.items[0].text, "one");
    assert_span(in.items[1].text, "two");
    assert_span(in.items[1].kind, "plain");
    for (int i = 0; i < 65537; i++) {
        ob_buf_add_char(&big, 'a');
    }
    put(folder, "b.txt", ob_buf_span(&big));
    bad("{file: b.txt}", "b.txt:1:1: a text of more than 65536 bytes");
    bad("{file: a.txt, column: a}", "column");
    put(folder, "a.yaml", OB_SPAN("ombud: 1\nitems: [\"{{x}}\", b]\n"));
    good(&arena, "{file: a.yaml, most: 1}", &in);
    assert_int_equal(in.count, 1);
    assert_false(in.items[0].literal);
}

static void test_places(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    char path[SCRATCH_FILE_MAX];
    ob_inputs in = {0};
    ob_err err = {0};
    put(other, "there.txt", OB_SPAN("there\n"));
    good(&arena, "{file: there.txt}", &in);
    assert_span(in.items[0].text, "there");
    assert_fails(read_one(&arena, "{file: there.txt}", false, &in, &err), OB_ERR_INPUT,
                 "no file 'there.txt'; name its folder with --inputs DIR (searched: /");
    bad("{file: /etc/passwd, format: text}", "must lie below");
    bad("{file: a/../../b.txt}", "must lie below");
    bad("{file: .., format: text}", "must lie below");
    put(folder, "a..b.txt", OB_SPAN("dots in a name are no way up\n"));
    good(&arena, "{file: a..b.txt}", &in);
    (void)snprintf(path, sizeof path, "%s/out.txt", folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    bad("{file: out.txt}", "a link that leads out of its folder");
    (void)snprintf(path, sizeof path, "%s/in.txt", folder);
    assert_int_equal(symlink("a..b.txt", path), 0);
    good(&arena, "{file: in.txt}", &in);
    /* A folder whose name begins as ours does is another one. */
    (void)snprintf(path, sizeof path, "%s-2", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put(path, "x.txt", OB_SPAN("x\n"));
    char link[SCRATCH_FILE_MAX];
    (void)snprintf(link, sizeof link, "%s/near.txt", folder);
    char target[SCRATCH_FILE_MAX + 8];
    (void)snprintf(target, sizeof target, "%s/x.txt", path);
    assert_int_equal(symlink(target, link), 0);
    bad("{file: near.txt}", "a link that leads out of its folder");
}

static int start(void **state)
{
    (void)state;
    return scratch_make(folder) != 0 || scratch_make(other) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list), cmocka_unit_test(test_matrix), cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json), cmocka_unit_test(test_text),   cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
