/* SPDX-License-Identifier: Apache-2.0 */
/* What a segment hides is seen in a view that leads back to it; what hides nothing gives none. */
#include "ob_test.h"

#include "detect/codings.h"
#include "detect/unhide.h"

typedef struct hidden {
    const char *left;
    const char *segment;
    unsigned seen;
    const char *value;  /* that a view holds */
    const char *origin; /* the bytes of the segment that it stands for */
    uint64_t steps;
} hidden;

#define FOLDS OBI_SEEN_FOLDS
#define CODED OBI_SEEN_CODED

static const hidden rows[] = {
    {"card ", "\uff14\uff11\uff11\uff11", FOLDS, "4111", "\uff14\uff11\uff11\uff11",
     OBI_STEP(full_width)},
    {"", "x 4\u200b1\u00ad1\ufe0f1 y", FOLDS, "4111", "4\u200b1\u00ad1\ufe0f1",
     OBI_STEP(zero_width)},
    {"", "AK\u0406\u0410", FOLDS, "AKIA", "AK\u0406\u0410", OBI_STEP(homoglyph)},
    {"", "\U000e0034\U000e0031", FOLDS, "41", "\U000e0034\U000e0031", OBI_STEP(tag_chars)},
    {"", "\u2463\u2460\U0001d7cf", FOLDS, "411", "\u2463\u2460\U0001d7cf", OBI_STEP(circled)},
    {"my SSN is ", "NTQ3LTQwLTIxODk=", CODED, "547-40-2189", "NTQ3LTQwLTIxODk", OBI_STEP(base64)},
    {"\u53f7\u7801", "3533332d34302d32313839", CODED, "533-40-2189", "3533332d34302d32313839",
     OBI_STEP(hex)},
    {"is ", "%34%31%31%31", CODED, "4111", "%34%31%31%31", OBI_STEP(percent)},
    {"is ", "&#52;&#49;&#x31;", CODED, "411", "&#52;&#49;&#x31;", OBI_STEP(html)},
    {"is ", "\\u0034\\u0031", CODED, "41", "\\u0034\\u0031", OBI_STEP(escape)},
    {"is ", "4 1 1 1   2 2 was", CODED, "4111 22", "4 1 1 1   2 2", OBI_STEP(spacing)},
    {"is ", "4 1 - 1 1 2 2", CODED, "41-1122", "4 1 - 1 1 2 2", OBI_STEP(spacing)},
    {"is ", "four one one six dos cero", CODED, "411620", "four one one six dos cero",
     OBI_STEP(digit_words)},
    {"", "\u5e7a\u4e09\u516b\u3007\u96f6 \u5169\u8086", CODED, "1380024",
     "\u5e7a\u4e09\u516b\u3007\u96f6 \u5169\u8086", OBI_STEP(digit_words)},
    {"is ", "\u202e98 21-34\u202c", CODED, "43-12 89", "\u202e98 21-34\u202c", OBI_STEP(bidi)},
    {"is ", "ab \u202e98 21-34\u202c cd", CODED, "12", "21", OBI_STEP(bidi)},
    /* Twice: base64 of full-width digits. */
    {"is ", "77yU77yR77yR77yR77yR77yR", CODED, "411111", "77yU77yR77yR77yR77yR77yR",
     OBI_STEP(base64) | OBI_STEP(full_width)},
};

static void look_at(obi_scan *scan, char *text, size_t cap, const char *left, const char *segment,
                    unsigned seen)
{
    int len = snprintf(text, cap, "%s%s", left, segment);
    assert_true(len >= 0 && (size_t)len < cap);
    *scan = (obi_scan){.text = {text, (size_t)len}, .from = strlen(left), .seen = seen};
}

static void hidden_is_seen(void **state)
{
    (void)state;
    static obi_scan scan;
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        const hidden *row = &rows[i];
        char text[400];
        ob_arena arena = {0};
        ob_views views = {0};
        ob_err err;
        bool found = false;
        look_at(&scan, text, sizeof text, row->left, row->segment, row->seen);
        assert_ok(obi_unhide(&scan, &arena, &views, &err));
        for (size_t k = 1; k < views.count; k++) {
            const ob_view *view = &views.items[k];
            assert_true(ob_span_has_prefix(view->text, ob_span_str(row->left)));
            size_t at = ob_span_find(view->text, ob_span_str(row->value), scan.from);
            size_t first = 0;
            size_t behind = 0;
            if (at == SIZE_MAX || view->steps != row->steps) {
                continue;
            }
            ob_view_place(view, at, at + strlen(row->value), &first, &behind);
            assert_span(ob_span_sub(scan.text, first, behind), row->origin);
            found = true;
        }
        if (!found) {
            fail_msg("%s is not seen in %s", row->value, row->segment);
        }
        ob_arena_fini(&arena);
    }
}

/* Nothing to undo, or nothing that is text when it is undone. */
static void plain_gives_nothing(void **state)
{
    (void)state;
    static obi_scan scan;
    static const char *const plain[] = {
        "9f86d081884c7d659a2feaa0c55ad015",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "550e8400-e29b-41d4-a716-446655440000",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "IMEI 356938035643809",
        "12 Maple Street",
        "a b c",
        "one two",
        "50% of 20%",
    };
    for (size_t i = 0; i < OB_COUNT(plain); i++) {
        char text[400];
        ob_arena arena = {0};
        ob_views views = {0};
        ob_err err;
        look_at(&scan, text, sizeof text, "trace ", plain[i], FOLDS | CODED);
        assert_ok(obi_unhide(&scan, &arena, &views, &err));
        if (views.count > 1) {
            fail_msg("%s hides '%.*s'", plain[i], OB_SHOW(views.items[1].text));
        }
        ob_arena_fini(&arena);
    }
}

/* The signs that were not seen are not looked for. */
static void signs_choose(void **state)
{
    (void)state;
    static obi_scan scan;
    char text[400];
    ob_arena arena = {0};
    ob_views views = {0};
    ob_err err;
    look_at(&scan, text, sizeof text, "", "NTQ3LTQwLTIxODk= \uff14", FOLDS);
    assert_ok(obi_unhide(&scan, &arena, &views, &err));
    assert_true(views.count > 1);
    assert_int_equal(views.items[1].steps, OBI_STEP(full_width));
    look_at(&scan, text, sizeof text, "", "NTQ3LTQwLTIxODk= \uff14", CODED);
    assert_ok(obi_unhide(&scan, &arena, &views, &err));
    assert_true(views.count > 1);
    assert_int_equal(views.items[1].steps, OBI_STEP(base64));
    ob_arena_fini(&arena);
}

/* Whatever is encoded by one or two of the codings: every byte of every view lies in the text. */
static void places_lie_inside(void **state)
{
    (void)state;
    static obi_scan scan;
    ob_rng rng;
    ob_err err;
    assert_ok(ob_rng_init(&rng, OB_SPAN("unhide"), OB_SPAN("places"), &err));
    OB_AUTO(ob_buf) once = {.max = 1 << 16};
    OB_AUTO(ob_buf) twice = {.max = 1 << 16};
    size_t seen = 0;
    for (size_t round = 0; round < 4000; round++) {
        char value[40];
        (void)snprintf(value, sizeof value, "+44 79%08u", (unsigned)ob_rng_below(&rng, 100000000));
        const ob_coding *inner = ob_codings[ob_rng_below(&rng, ob_codings_count)];
        const ob_coding *outer = ob_codings[ob_rng_below(&rng, ob_codings_count)];
        ob_buf_reset(&once);
        ob_buf_reset(&twice);
        ob_buf_add_str(&twice, "my number is ");
        size_t from = twice.len;
        assert_ok(inner->encode(ob_span_str(value), &rng, &once, &err));
        assert_ok(outer->encode(ob_buf_span(&once), &rng, &twice, &err));
        ob_span text = ob_span_sub(ob_buf_span(&twice), 0, from + OB_HOLD_MAX);
        scan = (obi_scan){.text = text, .from = from, .seen = FOLDS | CODED};
        ob_arena arena = {0};
        ob_views views = {0};
        assert_ok(obi_unhide(&scan, &arena, &views, &err));
        assert_true(views.bytes <= 4 * (text.len - from));
        for (size_t i = 1; i < views.count; i++) {
            const ob_view *view = &views.items[i];
            for (size_t k = 0; k < view->text.len; k++) {
                size_t first = 0;
                size_t behind = 0;
                ob_view_place(view, k, k + 1, &first, &behind);
                assert_true(first <= behind && behind <= text.len);
            }
            seen++;
        }
        ob_arena_fini(&arena);
    }
    assert_true(seen > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_is_seen),
        cmocka_unit_test(plain_gives_nothing),
        cmocka_unit_test(signs_choose),
        cmocka_unit_test(places_lie_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
