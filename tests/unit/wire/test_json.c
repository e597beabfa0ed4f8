/* SPDX-License-Identifier: Apache-2.0 */
/* JSON by RFC 8259: what is taken, what is refused and where, and what survives the way back. */
#include "../ob_test.h"

#include <math.h>
#include <ombud/json.h>

static const ob_json *tree(ob_arena *arena, ob_span text)
{
    ob_err err = {0};
    ob_json_doc doc = {0};
    if (!ob_json_parse(&doc, arena, text, &err)) {
        fail_msg("'%.*s': %s", OB_SHOW(text), err.text);
    }
    return doc.root;
}

static void good_texts(void **state)
{
    (void)state;
    static const char *const good[] = {"null",
                                       "true",
                                       "false",
                                       " \t\r\n0 ",
                                       "-0",
                                       "0.0",
                                       "1e0",
                                       "1E+2",
                                       "-1.5e-10",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       "[ ]",
                                       "{ }",
                                       "[1,2]",
                                       "[[],[[]]]",
                                       "{\"a\":1}",
                                       "{\"\":{\"\":[]}}",
                                       "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\uD83D\\uDE00\"",
                                       "\"\\u0000\"",
                                       "\"\\ud800\"",
                                       "\"\x7f\"",
                                       "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\"",
                                       "12345678901234567890",
                                       "1e999",
                                       "[null , true ,false,\"x\" , -0.1e+1]"};
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        OB_AUTO(ob_arena) arena = {0};
        assert_non_null(tree(&arena, ob_span_str(good[i])));
    }
}

typedef struct bad_text {
    const char *text;
    size_t at;
    const char *why;
} bad_text;

static const bad_text bad_texts[] = {
    {"nul!", 3, "unknown word"},
    {"True", 0, "a value is wanted"},
    {"truefalse", 4, "behind the value"},
    {"nan", 1, "unknown word"},
    {"Infinity", 0, "a value is wanted"},
    {"+1", 0, "a value is wanted"},
    {".5", 0, "a value is wanted"},
    {"01", 1, "must not begin with 0"},
    {"-01", 2, "must not begin with 0"},
    {"-x", 1, "needs a digit"},
    {"1.x", 2, "behind its point"},
    {"1ex", 2, "an exponent"},
    {"1e+x", 3, "an exponent"},
    {"0x10", 1, "behind the value"},
    {"1 2", 2, "behind the value"},
    {"'a'", 0, "a value is wanted"},
    {"\"a\tb\"", 2, "control character"},
    {"\"a\nb\"", 2, "control character"},
    {"\"\\x41\"", 2, "unknown escape"},
    {"\"\\'\"", 2, "unknown escape"},
    {"\"\\u12g4\"", 5, "four hex digits"},
    {"\"\\u-123\"", 3, "four hex digits"},
    {"\"\x80\"", 1, "invalid UTF-8"},
    {"\"\xc0\xaf\"", 1, "invalid UTF-8"},         /* overlong */
    {"\"\xed\xa0\x80\"", 1, "invalid UTF-8"},     /* a surrogate */
    {"\"\xf4\x90\x80\x80\"", 1, "invalid UTF-8"}, /* above U+10FFFF */
    {"\"ab\xff\"", 3, "invalid UTF-8"},
    {"[1,]", 3, "a value is wanted"},
    {"[,1]", 1, "a value is wanted"},
    {"[1 2]", 3, "',' or ']'"},
    {"[1}", 2, "',' or ']'"},
    {"]", 0, "a value is wanted"},
    {"}", 0, "a value is wanted"},
    {"{\"a\":1,}", 7, "a key in quotes"},
    {"{a:1}", 1, "a key in quotes"},
    {"{1:1}", 1, "a key in quotes"},
    {"{,}", 1, "a key in quotes"},
    {"{\"a\" 1}", 5, "':' is wanted"},
    {"{\"a\",1}", 4, "':' is wanted"},
    {"{\"a\":1 \"b\":2}", 7, "',' or '}'"},
    {"{\"a\":1]", 6, "',' or '}'"},
    {"{\"a\":}", 5, "a value is wanted"},
    {"[] []", 3, "behind the value"},
    {"// no\n1", 0, "a value is wanted"},
    {"[1]/* no */", 3, "behind the value"},
    {"\xef\xbb\xbf[]", 0, "a value is wanted"}, /* RFC 8259, 8.1: no byte order mark */
    {"\xc2\xa0[]", 0, "a value is wanted"},     /* no white space of ours */
    {"\f1", 0, "a value is wanted"},
    {"", 0, "the text ends early"},
    {"  ", 2, "the text ends early"},
};

static void bad_texts_are_refused_at_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(bad_texts); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_json_doc doc = {0};
        char wanted[120];
        (void)snprintf(wanted, sizeof wanted, "byte %zu: ", bad_texts[i].at);
        assert_fails(ob_json_parse(&doc, &arena, ob_span_str(bad_texts[i].text), &err),
                     OB_ERR_INPUT, bad_texts[i].why);
        if (strncmp(err.text, wanted, strlen(wanted)) != 0) {
            fail_msg("'%s': '%s', wanted '%s%s'", bad_texts[i].text, err.text, wanted,
                     bad_texts[i].why);
        }
        assert_null(doc.root);
    }
    /* A NUL between tokens is a byte like any other, not the end. */
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_json_doc doc = {0};
    assert_fails(ob_json_parse(&doc, &arena, OB_SPAN("1\0"), &err), OB_ERR_INPUT,
                 "byte 1: something stands behind the value");
    assert_fails(ob_json_parse(&doc, &arena, OB_SPAN("\"\\\0\""), &err), OB_ERR_INPUT,
                 "byte 2: unknown escape");
    assert_fails(ob_json_parse(&doc, &arena, OB_SPAN("\"\0\""), &err), OB_ERR_INPUT,
                 "byte 1: a control character");
}

/* Once it broke, the parser stays broken at the same place. */
static void a_broken_parser_stays_broken(void **state)
{
    (void)state;
    ob_json_parser p;
    ob_json_token token;
    ob_json_start(&p, OB_SPAN("[1 2]"));
    assert_int_equal(ob_json_next(&p, &token), OB_DONE);
    assert_int_equal(ob_json_next(&p, &token), OB_DONE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ob_json_next(&p, &token), OB_BAD);
        assert_int_equal(p.at, 3);
    }
}

static const char *const whole[] = {
    "{\"a\":[1,-2.5e+3,\"x\\n\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":null,\"d\":true,\"e\":false}}",
    "[\"\xc3\xa9\", \"\xe2\x82\xac\" ,\"\xf0\x9f\x98\x80\"]",
    "  [ [ ] , { } , \"\" ]",
    "\"\\\\\\\"\\/\"",
};

static void every_cut_ends_early(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(whole); i++) {
        ob_span text = ob_span_str(whole[i]);
        for (size_t cut = 0; cut < text.len; cut++) {
            OB_AUTO(ob_arena) arena = {0};
            OB_AUTO(ob_buf) copy = {.max = 1000}; /* of its own, so that a read behind it shows */
            ob_err err = {0};
            ob_json_doc doc = {0};
            char wanted[60];
            ob_buf_add(&copy, ob_span_sub(text, 0, cut));
            (void)snprintf(wanted, sizeof wanted, "byte %zu: the text ends early", cut);
            assert_fails(ob_json_parse(&doc, &arena, ob_buf_span(&copy), &err), OB_ERR_INPUT,
                         wanted);
        }
    }
}

static void the_way_back_gives_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(whole); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) once = {.max = 1000};
        OB_AUTO(ob_buf) twice = {.max = 1000};
        const ob_json *root = tree(&arena, ob_span_str(whole[i]));
        ob_json_write(&once, root);
        const ob_json *again = tree(&arena, ob_buf_span(&once));
        assert_true(ob_json_equal(root, again));
        ob_json_write(&twice, again);
        assert_true(ob_span_is(ob_buf_span(&once), ob_buf_span(&twice)));
    }
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 1000};
    ob_json_write(
        &out,
        tree(&arena, OB_SPAN(" { \"b\" : [ 1.50 , \"\\u0041\\u0001\\/\" ] , \"a\" : { } } ")));
    assert_span(ob_buf_span(&out), "{\"b\":[1.50,\"A\\u0001/\"],\"a\":{}}");
}

static void strings_are_unescaped(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    assert_span(tree(&arena, OB_SPAN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""))->text, "\"\\/\b\f\n\r\t");
    assert_span(tree(&arena, OB_SPAN("\"\\u00E9\\u20ac\\uD83D\\uDE00\""))->text,
                "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    /* Surrogates that do not pair, in each order. */
    assert_span(tree(&arena, OB_SPAN("\"\\ud83dx\""))->text, "\xef\xbf\xbdx");
    assert_span(tree(&arena, OB_SPAN("\"\\ude00\\ud83d\""))->text, "\xef\xbf\xbd\xef\xbf\xbd");
    assert_span(tree(&arena, OB_SPAN("\"\\ud83d\\ud83d\\ude00\""))->text,
                "\xef\xbf\xbd\xf0\x9f\x98\x80");
    assert_span(tree(&arena, OB_SPAN("\"\\ud83d\\n\""))->text, "\xef\xbf\xbd\n");
}

static void numbers_keep_their_text(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) out = {.max = 1000};
    const ob_json *root = tree(&arena, OB_SPAN("{\"iccid\":89314404000123456789,\"x\":1.10}"));
    assert_span(ob_json_get(root, "iccid")->text, "89314404000123456789");
    assert_int_equal(ob_json_get(root, "iccid")->kind, OB_JSON_NUMBER);
    ob_json_write(&out, root);
    assert_span(ob_buf_span(&out), "{\"iccid\":89314404000123456789,\"x\":1.10}");
}

static void duplicate_keys_are_told(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_json_doc doc = {0};
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("{\"a\":1,\"b\":{\"a\":2},\"a\":3}"), &err));
    assert_int_equal(doc.duplicate_at, 23); /* of the value behind the second key */
    assert_int_equal(doc.root->count, 3);
    assert_span(ob_json_get(doc.root, "a")->text, "3");
    assert_span(ob_json_at(doc.root, OB_SPAN("/a"))->text, "3");
    assert_span(ob_json_at(doc.root, OB_SPAN("/b/a"))->text, "2");
    /* The same name in another spelling is the same name. */
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("{\"a\":1,\"\\u0061\":2}"), &err));
    assert_int_not_equal(doc.duplicate_at, SIZE_MAX);
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("[{\"a\":1},{\"a\":2}]"), &err));
    assert_int_equal(doc.duplicate_at, SIZE_MAX);
    /* Large objects go another way; the place is the first duplicate's there too. */
    OB_AUTO(ob_buf) large = {.max = 100000};
    ob_buf_add_str(&large, "{");
    for (int i = 0; i < 1000; i++) {
        ob_buf_addf(&large, "\"k%d\":%d,", i, i);
    }
    size_t members = large.len;
    ob_buf_add_str(&large, "\"z\":0}");
    assert_ok(ob_json_parse(&doc, &arena, ob_buf_span(&large), &err));
    assert_int_equal(doc.duplicate_at, SIZE_MAX);
    large.len = members;
    ob_buf_add_str(&large, "\"k500\":0,\"k3\":0,\"k500\":1}");
    assert_ok(ob_json_parse(&doc, &arena, ob_buf_span(&large), &err));
    assert_int_equal(doc.duplicate_at, members + strlen("\"k500\":"));
    assert_span(ob_json_get(doc.root, "k500")->text, "1");
}

static void a_nul_is_told(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_json_doc doc = {0};
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("[\"a\\u0000b\"]"), &err));
    assert_true(doc.has_nul);
    assert_int_equal(doc.root->first->text.len, 3);
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("{\"a\\u0000\":1}"), &err));
    assert_true(doc.has_nul);
    assert_ok(ob_json_parse(&doc, &arena, OB_SPAN("[\"\\u0001\\\\u0000\"]"), &err));
    assert_false(doc.has_nul);
    /* It is written so that it survives. */
    OB_AUTO(ob_buf) out = {.max = 100};
    ob_json_write(&out, tree(&arena, OB_SPAN("\"a\\u0000b\"")));
    assert_span(ob_buf_span(&out), "\"a\\u0000b\"");
}

/* RFC 6901, 5, and the edges around it. */
static void pointers(void **state)
{
    (void)state;

    static const struct {
        const char *pointer;
        const char *value; /* NULL: nothing is there */
    } rows[] = {
        {"/foo/0", "\"bar\""},
        {"/foo/1", "\"baz\""},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/e^f", "3"},
        {"/g|h", "4"},
        {"/i\\j", "5"},
        {"/k\"l", "6"},
        {"/ ", "7"},
        {"/m~0n", "8"},
        {"/foo", "[\"bar\",\"baz\"]"},
        {"/foo/2", NULL},
        {"/foo/-", NULL},
        {"/foo/00", NULL},
        {"/foo/01", NULL},
        {"/foo/+1", NULL},
        {"/foo/-1", NULL},
        {"/foo/", NULL},
        {"foo", NULL},
        {"/none", NULL},
        {"/foo/0/x", NULL},
        {"/foo/0/", NULL},
        {"//", NULL},
        {"/fo", NULL},
        {"/fooo", NULL},
        {"/~01", "9"},
        {"/foo/99999999999999999999", NULL},
    };

    OB_AUTO(ob_arena) arena = {0};
    ob_span text = OB_SPAN("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
                           "\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9}");
    const ob_json *root = tree(&arena, text);
    assert_ptr_equal(ob_json_at(root, OB_SPAN("")), root);
    assert_null(ob_json_at(NULL, OB_SPAN("/a")));
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        const ob_json *found = ob_json_at(root, ob_span_str(rows[i].pointer));
        OB_AUTO(ob_buf) shown = {.max = 100};
        if (found != NULL) {
            ob_json_write(&shown, found);
        }
        if ((found == NULL) != (rows[i].value == NULL)) {
            fail_msg("'%s' finds %s", rows[i].pointer, found == NULL ? "nothing" : "something");
        }
        if (found != NULL) {
            assert_span(ob_buf_span(&shown), rows[i].value);
        }
    }
}

static void members_are_found(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    const ob_json *root = tree(&arena, OB_SPAN("{\"t\":\"x\",\"n\":5,\"o\":{}}"));
    assert_span(ob_json_text(root, "t"), "x");
    assert_int_equal(ob_json_text(root, "n").len, 0);
    assert_int_equal(ob_json_text(root, "none").len, 0);
    assert_null(ob_json_get(NULL, "t"));
    assert_null(ob_json_get(ob_json_get(root, "n"), "t"));
    assert_int_equal(ob_json_get(root, "n")->at, 13);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_json_doc doc = {0};
    char text[2 * OB_JSON_DEPTH_MAX + 4];
    (void)memset(text, '[', OB_JSON_DEPTH_MAX + 1);
    (void)memset(text + OB_JSON_DEPTH_MAX + 1, ']', OB_JSON_DEPTH_MAX + 1);
    ob_span most = {text + 1, 2 * (size_t)OB_JSON_DEPTH_MAX};
    assert_ok(ob_json_parse(&doc, &arena, most, &err));
    OB_AUTO(ob_buf) out = {.max = 1000};
    ob_json_write(&out, doc.root);
    assert_true(ob_span_is(ob_buf_span(&out), most));
    assert_fails(
        ob_json_parse(&doc, &arena, (ob_span){text, 2 * (size_t)OB_JSON_DEPTH_MAX + 2}, &err),
        OB_ERR_INPUT, "byte " OB_STR(OB_JSON_DEPTH_MAX) ": nested too deep");
    /* Mixed levels keep apart which bracket closes what. */
    OB_AUTO(ob_buf) mixed = {.max = 10000};
    for (int i = 0; i < OB_JSON_DEPTH_MAX / 2; i++) {
        ob_buf_add_str(&mixed, "[{\"a\":");
    }
    ob_buf_add_str(&mixed, "1");
    for (int i = 0; i < OB_JSON_DEPTH_MAX / 2; i++) {
        ob_buf_add_str(&mixed, "}]");
    }
    assert_ok(ob_json_parse(&doc, &arena, ob_buf_span(&mixed), &err));
}

static void equality(void **state)
{
    (void)state;

    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } rows[] = {
        {"1", "1.0", true},
        {"100", "1e2", true},
        {"-0", "0", true},
        {"1", "2", false},
        {"12345678901234567890", "12345678901234567891", false},
        {"9007199254740993", "9007199254740992", false},
        {"1e400", "1e401", false},
        {"1e-400", "1e-401", false},
        {"1", "\"1\"", false},
        {"null", "false", false},
        {"true", "false", false},
        {"\"\\u0041\"", "\"A\"", true},
        {"\"a\"", "\"a\\u0000\"", false},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"[]", "{}", false},
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3,\"a\":1,\"b\":2}", true},
        {"{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3,\"a\":1,\"b\":4}", false},
        /* Of duplicates none may hide what the other side has. */
        {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}", true},
        {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", false},
        {"{\"a\":1,\"a\":1,\"b\":0}", "{\"a\":1,\"b\":0,\"a\":3}", false},
        {"{\"a\":1,\"a\":3,\"b\":0}", "{\"b\":0,\"a\":1,\"a\":3}", true},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        const ob_json *a = tree(&arena, ob_span_str(rows[i].a));
        const ob_json *b = tree(&arena, ob_span_str(rows[i].b));
        assert_true(ob_json_equal(a, a) && ob_json_equal(b, b));
        if (ob_json_equal(a, b) != rows[i].equal || ob_json_equal(b, a) != rows[i].equal) {
            fail_msg("%s and %s: not %s both ways", rows[i].a, rows[i].b,
                     rows[i].equal ? "equal" : "different");
        }
    }
}

static void write_all(ob_json_writer *w)
{
    ob_jw_object(w, NULL);
    ob_jw_text(w, "text", OB_SPAN("q\" b\\ \n \x01 \0 \xff \xe2\x82\xac </script>"));
    ob_jw_str(w, "k\"ey\n", "v");
    ob_jw_u64(w, "most", UINT64_MAX);
    ob_jw_i64(w, "least", INT64_MIN);
    ob_jw_bool(w, "yes", true);
    ob_jw_null(w, "nothing");
    ob_jw_array(w, "doubles");
    ob_jw_double(w, NULL, 0.05);
    ob_jw_double(w, NULL, -1e300);
    ob_jw_double(w, NULL, (double)NAN);
    ob_jw_double(w, NULL, (double)INFINITY);
    ob_jw_end(w, false);
    ob_jw_array(w, "empty");
    ob_jw_end(w, false);
    ob_jw_object(w, "inner");
    ob_jw_raw(w, "raw", OB_SPAN("[1,{}]"));
    ob_jw_object(w, "o");
    ob_jw_end(w, true);
    ob_jw_end(w, true);
    ob_jw_end(w, true);
}

static void what_the_writer_writes_can_be_read(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) compact = {.max = 10000};
    OB_AUTO(ob_buf) indented = {.max = 10000};
    ob_json_writer a = {.out = &compact};
    ob_json_writer b = {.out = &indented, .indent = 2};
    write_all(&a);
    write_all(&b);
    assert_true(a.depth == 0 && b.depth == 0);
    const ob_json *root = tree(&arena, ob_buf_span(&compact));
    assert_true(ob_json_equal(root, tree(&arena, ob_buf_span(&indented))));
    assert_true(ob_span_is(ob_json_text(root, "text"),
                           OB_SPAN("q\" b\\ \n \x01 \0 \xef\xbf\xbd \xe2\x82\xac </script>")));
    assert_span(ob_json_text(root, "k\"ey\n"), "v");
    assert_span(ob_json_get(root, "most")->text, "18446744073709551615");
    assert_span(ob_json_get(root, "least")->text, "-9223372036854775808");
    assert_span(ob_json_at(root, OB_SPAN("/doubles/0"))->text, "0.05");
    assert_int_equal(ob_json_at(root, OB_SPAN("/doubles/2"))->kind, OB_JSON_NULL);
    assert_int_equal(ob_json_at(root, OB_SPAN("/doubles/3"))->kind, OB_JSON_NULL);
    assert_int_equal(ob_json_at(root, OB_SPAN("/inner/raw"))->count, 2);
    assert_int_equal(root->count, 9);
    OB_AUTO(ob_buf) small = {.max = 100};
    ob_json_writer c = {.out = &small, .indent = 2};
    ob_jw_object(&c, NULL);
    ob_jw_u64(&c, "a", 1);
    ob_jw_array(&c, "b");
    ob_jw_end(&c, false);
    ob_jw_end(&c, true);
    assert_span(ob_buf_span(&small), "{\n  \"a\": 1,\n  \"b\": []\n}");
}

static void a_writer_over_its_depth_says_so(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = 10000};
    ob_json_writer w = {.out = &out};
    for (int i = 0; i < OB_JSON_DEPTH_MAX; i++) {
        ob_jw_array(&w, NULL);
    }
    assert_ok(ob_buf_check(&out, "it", &err));
    ob_jw_array(&w, NULL);
    assert_fails(ob_buf_check(&out, "it", &err), OB_ERR_LIMIT, "it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_texts),
        cmocka_unit_test(bad_texts_are_refused_at_their_place),
        cmocka_unit_test(a_broken_parser_stays_broken),
        cmocka_unit_test(every_cut_ends_early),
        cmocka_unit_test(the_way_back_gives_the_same),
        cmocka_unit_test(strings_are_unescaped),
        cmocka_unit_test(numbers_keep_their_text),
        cmocka_unit_test(duplicate_keys_are_told),
        cmocka_unit_test(a_nul_is_told),
        cmocka_unit_test(pointers),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(equality),
        cmocka_unit_test(what_the_writer_writes_can_be_read),
        cmocka_unit_test(a_writer_over_its_depth_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
