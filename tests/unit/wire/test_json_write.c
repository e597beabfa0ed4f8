/* SPDX-License-Identifier: Apache-2.0 */
/* Equality, the text of a value, and the writer. */
#include "ob_test.h"

#include <ombud/json.h>
#include <ombud/sys.h>

static const ob_json *parse(ob_arena *arena, ob_span text)
{
    ob_json_doc doc = {0};
    ob_err err = {0};
    assert_ok(ob_json_parse(&doc, arena, text, &err));
    return doc.root;
}

static void expect_equal(const char *a, const char *b, bool wanted)
{
    OB_AUTO(ob_arena) arena = {0};
    const ob_json *left = parse(&arena, ob_span_str(a));
    const ob_json *right = parse(&arena, ob_span_str(b));
    if (ob_json_equal(left, right) != wanted || ob_json_equal(right, left) != wanted) {
        fail_msg("%s and %s are %s", a, b, wanted ? "not equal" : "equal");
    }
}

static void equal_values_are_equal(void **state)
{
    (void)state;
    static const char *const equal[][2] = {
        {"1", "1"},
        {"1.50", "1.5"},
        {"1e15", "1000000000000000"},
        {"1E+2", "100.0"},
        {"0.001", "1e-3"},
        {"12.5e-1", "1.25"},
        {"120e1", "1.2e3"},
        {"0", "-0.0e7"},
        {"100200300", "1002003e2"},
        {"0.1002", "1002e-4"},
        {"1e0000000000000000000005", "100000"},
        {"89490200001234567890", "89490200001234567890.0"},
        {"\"\\u0061\"", "\"a\""},
        {"[1,[2.0],{}]", "[1.0,[2],{}]"},
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}"},
        {"{\"\\u0061\":1}", "{\"a\":1}"},
        {"{\"a\":1,\"b\":0,\"a\":2}", "{\"b\":0,\"a\":1,\"a\":2}"},
    };
    static const char *const different[][2] = {
        {"1", "2"},
        {"1", "-1"},
        {"10", "1"},
        {"1.5", "1.05"},
        {"105", "15"},
        {"12", "1.2"},
        {"12", "123"},
        {"1e-400", "0"},
        {"1e400", "1e401"},
        {"0", "null"},
        {"1", "true"},
        {"true", "false"},
        {"1", "\"1\""},
        {"89490200001234567890", "89490200001234567891"},
        {"9007199254740992", "9007199254740993"},
        {"0.1", "0.10000000000000001"},
        {"1e99999999999999999999", "1e99999999999999999998"},
        {"\"a\"", "\"A\""},
        {"[1,2]", "[2,1]"},
        {"[1]", "[1,1]"},
        {"[]", "{}"},
        {"{\"a\":1}", "{\"a\":2}"},
        {"{\"a\":1}", "{\"b\":1}"},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}"},
        /* A name that stands twice hides nothing. */
        {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2}"},
        {"{\"x\":0,\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"x\":0}"},
        {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}"},
        {"{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}"},
    };
    for (size_t i = 0; i < OB_COUNT(equal); i++) {
        expect_equal(equal[i][0], equal[i][1], true);
    }
    for (size_t i = 0; i < OB_COUNT(different); i++) {
        expect_equal(different[i][0], different[i][1], false);
    }
}

/* An object with the members of order, and a changed value at one place (count: none). */
static void put_object(ob_buf *out, const size_t *order, size_t count, size_t changed)
{
    ob_buf_reset(out);
    ob_buf_add_str(out, "{");
    for (size_t i = 0; i < count; i++) {
        ob_buf_addf(out, "%s\"k%zu\":%zu", i == 0 ? "" : ",", order[i],
                    order[i] + (i == changed ? 1000 : 0));
    }
    ob_buf_add_str(out, "}");
}

static void order_of_members_is_free(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rng rng;
    assert_ok(ob_rng_init(&rng, OB_SPAN("order"), OB_SPAN("members"), &err));
    for (size_t round = 0; round < 200; round++) {
        OB_AUTO(ob_buf) a = {.max = 4000};
        OB_AUTO(ob_buf) b = {.max = 4000};
        size_t order[60];
        size_t count = 1 + ob_rng_below(&rng, OB_COUNT(order));
        for (size_t i = 0; i < count; i++) {
            order[i] = i;
        }
        put_object(&a, order, count, count);
        for (size_t i = count; i > 1; i--) {
            size_t k = ob_rng_below(&rng, i);
            size_t kept = order[i - 1];
            order[i - 1] = order[k];
            order[k] = kept;
        }
        put_object(&b, order, count, count);
        expect_equal(a.ptr, b.ptr, true);
        put_object(&b, order, count, ob_rng_below(&rng, count));
        expect_equal(a.ptr, b.ptr, false);
        order[ob_rng_below(&rng, count)] = 999;
        put_object(&b, order, count, count);
        expect_equal(a.ptr, b.ptr, false);
    }
}

/* The same where the members are many enough to be sorted. */
static void many_members_hide_no_duplicate(void **state)
{
    (void)state;
    ob_buf texts[4] = {{.max = 4000}, {.max = 4000}, {.max = 4000}, {.max = 4000}};
    static const char *const ends[] = {"\"d\":1,\"x\":0,\"d\":2", "\"d\":1,\"d\":2,\"x\":0",
                                       "\"d\":2,\"d\":1,\"x\":0", "\"d\":1,\"x\":0,\"x\":0"};
    for (size_t i = 0; i < OB_COUNT(texts); i++) {
        ob_buf_add_str(&texts[i], "{");
        for (size_t k = 0; k < 40; k++) {
            ob_buf_addf(&texts[i], "\"k%zu\":0,", i == 0 ? k : 39 - k);
        }
        ob_buf_addf(&texts[i], "%s}", ends[i]);
    }
    expect_equal(texts[0].ptr, texts[1].ptr, true);
    expect_equal(texts[0].ptr, texts[2].ptr, false);
    expect_equal(texts[0].ptr, texts[3].ptr, false);
    for (size_t i = 0; i < OB_COUNT(texts); i++) {
        ob_buf_fini(&texts[i]);
    }
}

/* A service chooses the order. Compared one by one, these would take 10^11 steps, and the time
 * limit of the suite would end it. */
static void order_costs_little(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) a = {.max = 8 << 20};
    OB_AUTO(ob_buf) b = {.max = 8 << 20};
    size_t count = 300000;
    for (size_t i = 0; i < count; i++) {
        ob_buf_addf(&a, "%c\"%zu\":0", i == 0 ? '{' : ',', i);
        ob_buf_addf(&b, "%c\"%zu\":0", i == 0 ? '{' : ',', count - 1 - i);
    }
    ob_buf_add_str(&a, "}");
    ob_buf_add_str(&b, "}");
    const ob_json *left = parse(&arena, ob_buf_span(&a));
    const ob_json *right = parse(&arena, ob_buf_span(&b));
    assert_int_equal(left->count, count);
    assert_true(ob_json_equal(left, right));
}

static void written_values_read_back(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *written;
    } rows[] = {
        {" [ 1.50 , -0 , 1E+2 , 89490200001234567890 ] ", "[1.50,-0,1E+2,89490200001234567890]"},
        {"{ \"b\" : { } , \"a\" : [ ] , \"a\" : null }", "{\"b\":{},\"a\":[],\"a\":null}"},
        {"[true,false,[[\"\"]]]", "[true,false,[[\"\"]]]"},
        {"\"\\u000a\\\"\\\\\\/\\u0000\\u20ac\"", "\"\\n\\\"\\\\/\\u0000\xe2\x82\xac\""},
        {"\"\\ud800\"", "\"\xef\xbf\xbd\""},
        {"{\"\\n\":1}", "{\"\\n\":1}"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) out = {.max = 1000};
        const ob_json *value = parse(&arena, ob_span_str(rows[i].text));
        ob_json_write(&out, value);
        assert_span(ob_buf_span(&out), rows[i].written);
        assert_true(ob_json_equal(value, parse(&arena, ob_buf_span(&out))));
    }
}

static void write_sample(ob_json_writer *w)
{
    ob_jw_object(w, NULL);
    ob_jw_str(w, "a\"b", "x\n\xff");
    ob_jw_array(w, "list");
    ob_jw_u64(w, NULL, UINT64_MAX);
    ob_jw_i64(w, NULL, INT64_MIN);
    ob_jw_bool(w, NULL, true);
    ob_jw_null(w, NULL);
    ob_jw_object(w, NULL);
    ob_jw_end(w, true);
    ob_jw_array(w, NULL);
    ob_jw_end(w, false);
    ob_jw_end(w, false);
    ob_jw_raw(w, "raw", OB_SPAN("[0]"));
    ob_jw_text(w, "none", (ob_span){NULL, 0});
    ob_jw_text_or_null(w, "no", (ob_span){NULL, 0});
    ob_jw_text_or_null(w, "some", OB_SPAN("y"));
    ob_jw_texts(w, "two", (const ob_span[]){OB_SPAN("z"), {NULL, 0}}, 2);
    ob_jw_end(w, true);
}

static void writer_writes(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) out = {.max = 1000};
    ob_json_writer compact = {.out = &out};
    write_sample(&compact);
    assert_ok(ob_buf_check(&out, "the text", &err));
    assert_span(ob_buf_span(&out),
                "{\"a\\\"b\":\"x\\n\xef\xbf\xbd\",\"list\":[18446744073709551615,"
                "-9223372036854775808,true,null,{},[]],\"raw\":[0],\"none\":\"\",\"no\":null,"
                "\"some\":\"y\",\"two\":[\"z\",\"\"]}");
    OB_AUTO(ob_arena) arena = {0};
    const ob_json *first = parse(&arena, ob_buf_span(&out));
    OB_AUTO(ob_buf) wide = {.max = 1000};
    ob_json_writer indented = {.out = &wide, .indent = 2};
    write_sample(&indented);
    assert_span(ob_buf_span(&wide),
                "{\n  \"a\\\"b\": \"x\\n\xef\xbf\xbd\",\n  \"list\": [\n    18446744073709551615,\n"
                "    -9223372036854775808,\n    true,\n    null,\n    {},\n    []\n  ],\n"
                "  \"raw\": [0],\n  \"none\": \"\",\n  \"no\": null,\n  \"some\": \"y\",\n"
                "  \"two\": [\n    \"z\",\n    \"\"\n  ]\n}");
    assert_true(ob_json_equal(first, parse(&arena, ob_buf_span(&wide))));
}

static void doubles_are_short(void **state)
{
    (void)state;

    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"},
                {0.1, "0.1"},
                {0.0497, "0.0497"},
                {1.0 / 3, "0.3333333333"},
                {1e15, "1e+15"},
                {-2.5, "-2.5"},
                {1e-300 * 1e-300, "0"},
                {__builtin_inf(), "null"},
                {-__builtin_inf(), "null"},
                {__builtin_nan(""), "null"}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_buf) out = {.max = 100};
        ob_json_writer w = {.out = &out};
        ob_jw_double(&w, NULL, rows[i].value);
        assert_span(ob_buf_span(&out), rows[i].text);
    }
}

/* Any calls whatever: either the buffer says that something did not fit, or the levels that are
 * open can be closed and the text is JSON. */
static void writer_cannot_write_nonsense(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rng rng;
    assert_ok(ob_rng_init(&rng, OB_SPAN("nonsense"), OB_SPAN("writer"), &err));
    size_t refused = 0;
    size_t written = 0;
    for (size_t round = 0; round < 20000; round++) {
        OB_AUTO(ob_arena) arena = {0};
        OB_AUTO(ob_buf) out = {.max = 4000};
        bool open[16] = {false}; /* by level: is it an object */
        size_t depth = 0;
        ob_json_writer w = {.out = &out, .indent = (unsigned)ob_rng_below(&rng, 2)};
        size_t calls = 1 + ob_rng_below(&rng, 12);
        for (size_t i = 0; i < calls && out.bad == OB_OK; i++) {
            uint64_t what = ob_rng_below(&rng, 8);
            /* Mostly what fits, or nothing would ever be written. */
            bool fits = ob_rng_below(&rng, 8) != 0;
            bool object = depth > 0 && open[depth - 1];
            const char *key = object == fits ? "k" : NULL;
            if (what < 2) {
                (what == 0 ? ob_jw_object : ob_jw_array)(&w, key);
                open[depth++] = what == 0;
            } else if (what < 4) {
                ob_jw_end(&w, object == fits);
                depth -= depth > 0;
            } else {
                ob_jw_u64(&w, key, what);
            }
        }
        while (out.bad == OB_OK && depth > 0) {
            ob_jw_end(&w, open[--depth]);
        }
        if (out.bad != OB_OK) {
            assert_false(ob_buf_check(&out, "the text", &err));
            refused++;
            continue;
        }
        (void)parse(&arena, ob_buf_span(&out));
        written++;
    }
    assert_true(refused > 1000 && written > 1000);
}

static void misfits_are_refused(void **state)
{
    (void)state;
    for (int row = 0; row < 7; row++) {
        ob_err err = {0};
        OB_AUTO(ob_buf) out = {.max = 4000};
        ob_json_writer w = {.out = &out};
        if (row == 0) {
            ob_jw_u64(&w, "key", 1); /* a root has no key */
        } else if (row == 1) {
            ob_jw_end(&w, true); /* nothing is open */
        } else if (row == 2) {
            ob_jw_u64(&w, NULL, 1);
            ob_jw_u64(&w, NULL, 2); /* a second root */
        } else if (row == 3) {
            ob_jw_object(&w, NULL);
            ob_jw_u64(&w, NULL, 1); /* a member without a key */
        } else if (row == 4) {
            ob_jw_array(&w, NULL);
            ob_jw_u64(&w, "key", 1); /* an item with one */
        } else if (row == 5) {
            ob_jw_object(&w, NULL);
            ob_jw_end(&w, false); /* the other bracket */
        } else {
            for (size_t i = 0; i < OB_JSON_DEPTH_MAX; i++) {
                ob_jw_array(&w, NULL);
            }
            assert_ok(ob_buf_check(&out, "the text", &err));
            ob_jw_array(&w, NULL); /* one level too many */
        }
        assert_fails(ob_buf_check(&out, "the text", &err), OB_ERR_LIMIT, "the text");
    }
}

/* Doubles that are times are written without printf, and no differently. */
static void doubles_are_as_printf_writes_them(void **state)
{
    static const double borders[] = {0.0001, 0.00009999, 9999.999999, 10000,
                                     0.1,    1.0 / 3,    -0.0,        -1};
    (void)state;
    ob_rng rng;
    ob_err err = {0};
    assert_ok(ob_rng_init(&rng, OB_SPAN("doubles"), OB_SPAN(""), &err));
    for (size_t i = 0; i < 20000 + OB_COUNT(borders); i++) {
        double value =
            i < OB_COUNT(borders)
                ? borders[i]
                : (double)ob_rng_below(&rng, (uint64_t)1 << ob_rng_below(&rng, 45)) / 1e6;
        char wanted[40];
        OB_AUTO(ob_buf) out = {.max = 64};
        ob_json_writer w = {.out = &out};
        value = i % 5 == 4 ? -value : value;
        (void)snprintf(wanted, sizeof wanted, "%.10g", value);
        ob_jw_double(&w, NULL, value);
        assert_string_equal(out.ptr, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_are_equal),
        cmocka_unit_test(order_of_members_is_free),
        cmocka_unit_test(many_members_hide_no_duplicate),
        cmocka_unit_test(order_costs_little),
        cmocka_unit_test(written_values_read_back),
        cmocka_unit_test(writer_writes),
        cmocka_unit_test(doubles_are_short),
        cmocka_unit_test(writer_cannot_write_nonsense),
        cmocka_unit_test(doubles_are_as_printf_writes_them),
        cmocka_unit_test(misfits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
