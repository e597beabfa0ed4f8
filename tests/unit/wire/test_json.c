/* SPDX-License-Identifier: Apache-2.0 */
#include "ob_test.h"

#include <ombud/json.h>

typedef struct sample {
    ob_span text;
    const char *error; /* NULL: the text is right */
} sample;

#define CUT "the text ends early"
/* A constant initializer, which the compound literal of OB_SPAN is not. */
#define TEXT(literal)                  \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

/* RFC 8259, production by production, and the usual ways to miss it. */
static const sample samples[] = {
    {TEXT("null"), NULL},
    {TEXT(" \t\r\ntrue\n"), NULL},
    {TEXT("\"\""), NULL},
    {TEXT("[]"), NULL},
    {TEXT("{}"), NULL},
    {TEXT("[ 1 , [ ] , { } ]"), NULL},
    {TEXT("{\"\":{\"a\":[false]}}"), NULL},
    {TEXT("[0,-0,0.0,-1.5e+10,1E-2,10e0]"), NULL},
    {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\""), NULL},
    {TEXT("\"\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\""), NULL},
    {TEXT("\"\xef\xbf\xbd\""), NULL}, /* U+FFFD itself is no error */
    {TEXT("\"\\ud800\""), NULL},      /* a lone surrogate is bad taste and legal */

    {TEXT(""), "byte 0: " CUT},
    {TEXT(" \n"), "byte 2: " CUT},
    {TEXT("["), "byte 1: " CUT},
    {TEXT("{\"a\""), "byte 4: " CUT},
    {TEXT("{\"a\":"), "byte 5: " CUT},
    {TEXT("[1,"), "byte 3: " CUT},
    {TEXT("\"ab"), "byte 3: " CUT},
    {TEXT("\"\\"), "byte 2: " CUT},
    {TEXT("\"\\u00e"), "byte 6: " CUT},
    {TEXT("\"\xe2\x82"), "byte 3: " CUT},
    {TEXT("\"\xf0\x9f\x98"), "byte 4: " CUT},
    {TEXT("tru"), "byte 3: " CUT},
    {TEXT("-"), "byte 1: " CUT},
    {TEXT("[1."), "byte 3: " CUT},
    {TEXT("[1e+"), "byte 4: " CUT},

    {TEXT("[1,]"), "byte 3: a value is wanted"},
    {TEXT("[,1]"), "byte 1: a value is wanted"},
    {TEXT("{\"a\":1,}"), "byte 7: a key in quotes is wanted"},
    {TEXT("{a:1}"), "byte 1: a key in quotes is wanted"},
    {TEXT("{1:1}"), "byte 1: a key in quotes is wanted"},
    {TEXT("{\"a\" 1}"), "byte 5: ':' is wanted"},
    {TEXT("{\"a\":1 \"b\":2}"), "byte 7: ',' or '}' is wanted"},
    {TEXT("{\"a\":1]"), "byte 6: ',' or '}' is wanted"},
    {TEXT("[1 2]"), "byte 3: ',' or ']' is wanted"},
    {TEXT("[1}"), "byte 2: ',' or ']' is wanted"},
    {TEXT("1 2"), "byte 2: something stands behind the value"},
    {TEXT("{}]"), "byte 2: something stands behind the value"},
    {TEXT("null\0"), "byte 4: something stands behind the value"},
    {TEXT("01"), "byte 1: a number must not begin with 0"},
    {TEXT("-01"), "byte 2: a number must not begin with 0"},
    {TEXT("+1"), "byte 0: a value is wanted"},
    {TEXT(".5"), "byte 0: a value is wanted"},
    {TEXT("-x"), "byte 1: a number needs a digit"},
    {TEXT("1.e5"), "byte 2: a number needs a digit behind its point"},
    {TEXT("[1ex]"), "byte 3: an exponent needs a digit"},
    {TEXT("0x10"), "byte 1: something stands behind the value"},
    {TEXT("NaN"), "byte 0: a value is wanted"},
    {TEXT("trUe"), "byte 2: unknown word"},
    {TEXT("True"), "byte 0: a value is wanted"},
    {TEXT("'a'"), "byte 0: a value is wanted"},
    {TEXT("// a\n1"), "byte 0: a value is wanted"},
    {TEXT("\xef\xbb\xbf{}"), "byte 0: a value is wanted"}, /* byte order mark */
    {TEXT("\"a\nb\""), "byte 2: a control character"},
    {TEXT("\"a\0b\""), "byte 2: a control character"},
    {TEXT("\"\x1f\""), "byte 1: a control character"},
    {TEXT("\"\\x\""), "byte 2: unknown escape"},
    {TEXT("\"\\\0\""), "byte 2: unknown escape"},
    {TEXT("\"\\u00g0\""), "byte 5: \\u needs four hex digits"},
    {TEXT("\"\\u12\""), "byte 5: \\u needs four hex digits"},
    {TEXT("\"ab\xff\""), "byte 3: invalid UTF-8"},
    {TEXT("\"\x80\""), "byte 1: invalid UTF-8"},
    {TEXT("\"\xc0\x80\""), "byte 1: invalid UTF-8"},
    {TEXT("\"\xe2\x82\""), "byte 1: invalid UTF-8"},
    {TEXT("\"\xed\xa0\x80\""), "byte 1: invalid UTF-8"}, /* a surrogate */
    {TEXT("\"\xf4\x90\x80\x80\""), "byte 1: invalid UTF-8"},
    /* Nothing that could follow would make these right, so they are not cut. */
    {TEXT("\"\xe0\x80"), "byte 1: invalid UTF-8"},
    {TEXT("\"\xed\xa0"), "byte 1: invalid UTF-8"},
    {TEXT("\"\xf0\x80"), "byte 1: invalid UTF-8"},
    {TEXT("\"\xf4\x90"), "byte 1: invalid UTF-8"},
    {TEXT("\"\xf5\x80"), "byte 1: invalid UTF-8"},
    {TEXT("\"\xc1"), "byte 1: invalid UTF-8"},
    {TEXT("{\"\xff\":1}"), "byte 2: invalid UTF-8"},
};

static void texts_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_COUNT(samples); i++) {
        const sample *s = &samples[i];
        OB_AUTO(ob_arena) arena = {0};
        ob_json_doc doc = {0};
        ob_err err = {0};
        bool good = ob_json_parse(&doc, &arena, s->text, &err);
        if (good != (s->error == NULL)) {
            fail_msg("row %zu '%.*s': %s", i, OB_SHOW(s->text), good ? "accepted" : err.text);
        }
        if (!good && (err.kind != OB_ERR_INPUT || strstr(err.text, s->error) != err.text)) {
            fail_msg("row %zu: '%s', wanted '%s'", i, err.text, s->error);
        }
        assert_true(good == (doc.root != NULL)); /* untouched on failure */
    }
}

/* What is right becomes "ends early" at every cut, and nothing else, so that a caller can tell a
 * reply that broke off from one that is wrong. */
static void every_cut_is_told(void **state)
{
    (void)state;
    ob_span text =
        OB_SPAN(" {\"a\\n\xe2\x82\xac\":[1.5e-3,true,null,\"\\u00e9\\ud83d\\ude00\xf0\x9f"
                "\x98\x80\"],\"b\":{\"c\":false,\"d\":-0}}");
    for (size_t cut = 0; cut < text.len; cut++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_json_doc doc = {0};
        ob_err err = {0};
        char *copy = ob_mem_new(cut); /* its own size, so that a read behind it is seen */
        assert_non_null(copy);
        (void)memcpy(copy, text.ptr, cut);
        bool good = ob_json_parse(&doc, &arena, (ob_span){copy, cut}, &err);
        ob_mem_free(copy);
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "byte %zu: " CUT, cut);
        assert_false(good);
        assert_string_equal(err.text, wanted);
    }
}

static const ob_json *parse(ob_arena *arena, ob_span text, ob_json_doc *doc)
{
    ob_err err = {0};
    assert_ok(ob_json_parse(doc, arena, text, &err));
    return doc->root;
}

static void values_are_kept(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    ob_span text =
        OB_SPAN("{\"iccid\":89490200001234567890,\"price\":1.50,\"plain\":\"abc\","
                "\"esc\":\"\\u20ac\\ud83d\\ude00\\ud800x\\udc00\\ud800\\u0041\\/\",\"t\":true}");
    const ob_json *root = parse(&arena, text, &doc);
    assert_int_equal(root->count, 5);
    assert_span(ob_json_get(root, "iccid")->text, "89490200001234567890");
    assert_span(ob_json_get(root, "price")->text, "1.50");
    assert_span(ob_json_text(root, "esc"),
                "\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"
                "A/");
    assert_true(ob_json_get(root, "t")->truth);
    /* What holds no escape is borrowed, not copied. */
    const char *plain = ob_json_text(root, "plain").ptr;
    assert_true(plain > text.ptr && plain < text.ptr + text.len);
    assert_int_equal(ob_json_get(root, "plain")->at, plain - text.ptr - 1);
    assert_int_equal(ob_json_get(root, "iccid")->key_at, 1);
    assert_int_equal(ob_json_get(root, "iccid")->at, 9);
    assert_int_equal(ob_json_text(root, "price").len, 0); /* not a string */
    assert_null(ob_json_get(root, "none"));
    assert_null(ob_json_get(NULL, "none"));
    assert_null(ob_json_get(ob_json_get(root, "price"), "none"));
    assert_true(doc.duplicate_at == SIZE_MAX);
    assert_false(doc.has_nul);
}

static void numbers_are_read_or_fall_back(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    const ob_json *root =
        parse(&arena,
              OB_SPAN("{\"least\":-9223372036854775808,\"over\":9223372036854775808,"
                      "\"half\":0.5,\"text\":\"7\",\"huge\":1e999}"),
              &doc);
    assert_true(ob_json_i64(root, "least", 3) == INT64_MIN);
    assert_int_equal(ob_json_i64(root, "over", 3), 3);
    assert_int_equal(ob_json_i64(root, "half", 3), 3);
    assert_int_equal(ob_json_i64(root, "text", 3), 3);
    assert_int_equal(ob_json_i64(root, "none", 3), 3);
    assert_int_equal(ob_json_i64(NULL, "none", 3), 3);
    assert_true(ob_json_double(root, "half", 3) * 2 == 1);
    assert_true(ob_json_double(root, "text", 3) == 3);
    assert_true(ob_json_double(root, "huge", 3) == 3);
}

static void nul_is_told(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    const ob_json *root = parse(&arena, OB_SPAN("[\"a\\u0000b\"]"), &doc);
    assert_true(doc.has_nul);
    assert_int_equal(root->first->text.len, 3);
    (void)parse(&arena, OB_SPAN("{\"\\u0000\":1}"), &doc);
    assert_true(doc.has_nul);
    (void)parse(&arena, OB_SPAN("[\"\\\\u0000\"]"), &doc);
    assert_false(doc.has_nul);
}

static void duplicates_are_placed(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    const ob_json *root = parse(&arena, OB_SPAN("{\"a\":1,\"b\":2,\"a\":3}"), &doc);
    assert_int_equal(doc.duplicate_at, 13);
    assert_int_equal(root->count, 3);
    assert_span(ob_json_get(root, "a")->text, "3");
    (void)parse(&arena, OB_SPAN("{\"a\":{\"x\":1,\"\\u0078\":2},\"a\":3}"), &doc);
    assert_int_equal(doc.duplicate_at, 12); /* the same name in another spelling, and the first */
    (void)parse(&arena, OB_SPAN("{\"a\":1,\"a\":2,\"b\":{\"x\":1,\"x\":2}}"), &doc);
    assert_int_equal(doc.duplicate_at, 7); /* though the inner object ends before */
    (void)parse(&arena, OB_SPAN("[{\"a\":1},{\"a\":1}]"), &doc);
    assert_true(doc.duplicate_at == SIZE_MAX);
    /* Around the size from which names are hashed, with every place of the second one. */
    for (size_t count = 14; count < 20; count++) {
        for (size_t again = 1; again <= count; again++) {
            OB_AUTO(ob_buf) text = {.max = 1000};
            size_t wanted = SIZE_MAX;
            ob_buf_add_str(&text, "{");
            for (size_t i = 0; i < count; i++) {
                ob_buf_add_str(&text, i == 0 ? "" : ",");
                wanted = i == again ? text.len : wanted;
                ob_buf_addf(&text, "\"k%zu\":%zu", i == again ? again / 2 : i, i);
            }
            ob_buf_add_str(&text, "}");
            (void)parse(&arena, ob_buf_span(&text), &doc);
            assert_true(doc.duplicate_at == wanted);
        }
    }
}

static void pointers_lead(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_json_doc doc = {0};
    /* The document of RFC 6901, 5, and arrays. */
    const ob_json *root = parse(
        &arena,
        OB_SPAN("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
                "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9,\"o\":{\"\":{\"\":10}}}"),
        &doc);

    static const struct {
        const char *pointer;
        const char *text; /* NULL: nothing there */
    } rows[] = {{"/foo/0", "bar"},
                {"/foo/1", "baz"},
                {"/", "0"},
                {"/a~1b", "1"},
                {"/c%d", "2"},
                {"/e^f", "3"},
                {"/g|h", "4"},
                {"/i\\j", "5"},
                {"/k\"l", "6"},
                {"/ ", "7"},
                {"/m~0n", "8"},
                {"/~01", "9"},
                {"/o//", "10"},
                {"/foo/2", NULL},
                {"/foo/-", NULL},
                {"/foo/00", NULL},
                {"/foo/01", NULL},
                {"/foo/", NULL},
                {"/foo/+1", NULL},
                {"foo", NULL},
                {"/~1", NULL},
                {"/foo/0/0", NULL},
                {"/fo", NULL},
                {"/fooo", NULL},
                {"/foo/18446744073709551616", NULL}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        const ob_json *at = ob_json_at(root, ob_span_str(rows[i].pointer));
        if ((at == NULL) != (rows[i].text == NULL)) {
            fail_msg("'%s' leads %s", rows[i].pointer, at == NULL ? "nowhere" : "somewhere");
        }
        if (at != NULL) {
            assert_span(at->text, rows[i].text);
        }
    }
    assert_ptr_equal(ob_json_at(root, OB_SPAN("")), root);
    assert_null(ob_json_at(NULL, OB_SPAN("")));
}

static void depth_is_bounded(void **state)
{
    (void)state;
    for (size_t depth = OB_JSON_DEPTH_MAX - 1; depth <= OB_JSON_DEPTH_MAX + 1; depth++) {
        for (int object = 0; object < 2; object++) {
            OB_AUTO(ob_arena) arena = {0};
            OB_AUTO(ob_buf) text = {.max = 4000};
            ob_json_doc doc = {0};
            ob_err err = {0};
            for (size_t i = 0; i < depth; i++) {
                ob_buf_add_str(&text, object ? "{\"a\":" : "[");
            }
            ob_buf_add_str(&text, object ? "0" : "");
            for (size_t i = 0; i < depth; i++) {
                ob_buf_add_char(&text, object ? '}' : ']');
            }
            if (depth <= OB_JSON_DEPTH_MAX) {
                assert_ok(ob_json_parse(&doc, &arena, ob_buf_span(&text), &err));
                continue;
            }
            assert_fails(ob_json_parse(&doc, &arena, ob_buf_span(&text), &err), OB_ERR_INPUT,
                         "nested too deep");
        }
    }
    /* A million brackets cost no stack. */
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 1 << 20};
    ob_json_doc doc = {0};
    ob_err err = {0};
    for (size_t i = 0; i < 1 << 20; i++) {
        ob_buf_add_char(&text, '[');
    }
    assert_fails(ob_json_parse(&doc, &arena, ob_buf_span(&text), &err), OB_ERR_INPUT,
                 "byte 128: nested too deep");
}

static void parser_stays_where_it_broke(void **state)
{
    (void)state;
    ob_json_parser parser;
    ob_json_token token = {.kind = OB_JSON_NULL};
    ob_json_start(&parser, OB_SPAN("[1,x]"));
    assert_int_equal(ob_json_next(&parser, &token), OB_DONE);
    assert_int_equal(token.kind, OB_JSON_ARRAY);
    assert_int_equal(ob_json_next(&parser, &token), OB_DONE);
    assert_int_equal(token.kind, OB_JSON_NUMBER);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ob_json_next(&parser, &token), OB_BAD);
        assert_int_equal(parser.at, 3);
    }
    ob_json_start(&parser, OB_SPAN("{} "));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ob_json_next(&parser, &token), OB_DONE);
        assert_int_equal(token.kind, i == 0   ? OB_JSON_OBJECT
                                     : i == 1 ? OB_JSON_OBJECT_END
                                              : OB_JSON_END);
    }
}

static void arena_limit_is_told(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {.cap = 4096};
    OB_AUTO(ob_buf) text = {.max = 4000};
    ob_json_doc doc = {0};
    ob_err err = {0};
    ob_buf_add_str(&text, "[0");
    for (int i = 0; i < 200; i++) {
        ob_buf_add_str(&text, ",0");
    }
    ob_buf_add_str(&text, "]");
    assert_fails(ob_json_parse(&doc, &arena, ob_buf_span(&text), &err), OB_ERR_LIMIT, "4096");
    assert_null(doc.root);
}

static void numbers_are_told_from_look_alikes(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-1", "2.50", "1e3", "89860012345678901234"};
    static const char *const bad[] = {"",   "01", "+1",  ".5", "1.", " 1",
                                      "1 ", "1e", "0x1", "1a", "nan"};
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        assert_true(ob_json_is_number(ob_span_str(good[i])));
    }
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_false(ob_json_is_number(ob_span_str(bad[i])));
    }
}

/* Strings are passed over eight bytes at a time; each byte is seen wherever it stands. */
static void every_byte_at_every_place(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 20; len++) {
        for (size_t at = 0; at < len; at++) {
            for (unsigned c = 0; c < 256; c++) {
                char text[32] = "\"";
                ob_json_parser parser;
                ob_json_token token = {0};
                (void)memset(text + 1, 'a', len);
                text[1 + at] = (char)c;
                text[1 + len] = '"';
                ob_json_start(&parser, (ob_span){text, len + 2});
                ob_step step = ob_json_next(&parser, &token);
                bool plain = c >= 0x20 && c < 0x80 && c != '\\';
                assert_int_equal(step, plain ? OB_DONE : OB_BAD);
                if (plain) {
                    assert_int_equal(token.raw.len, c == '"' ? at : len);
                } else if (c == '\\') {
                    assert_true(parser.at >= at + 2);
                } else if (c < 0x20 || at + 4 < len) {
                    assert_int_equal(parser.at, at + 1);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_at_every_place),
        cmocka_unit_test(numbers_are_told_from_look_alikes),
        cmocka_unit_test(texts_are_told_apart),
        cmocka_unit_test(every_cut_is_told),
        cmocka_unit_test(values_are_kept),
        cmocka_unit_test(numbers_are_read_or_fall_back),
        cmocka_unit_test(nul_is_told),
        cmocka_unit_test(duplicates_are_placed),
        cmocka_unit_test(pointers_lead),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(parser_stays_where_it_broke),
        cmocka_unit_test(arena_limit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
