/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/han.h"
#include "ob_test.h"

#include <ombud/text.h>

static unsigned open_at_end(const char *text)
{
    ob_span span = ob_span_str(text);
    return obi_han_open(span, span.len);
}

static void opens(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        unsigned answer; /* without OBI_HAN_BEGINS */
    } rows[] = {
        {"", OBI_HAN_NONE},
        {"a", OBI_HAN_NONE},
        {"\u6211", OBI_HAN_NONE},
        {"\u6211\u53eb", OBI_HAN_NAME},
        {"\u59d3\u540d", OBI_HAN_NAME},
        {"\u6237\u4e3b", OBI_HAN_NAME},
        {"\u6211\u662f", OBI_HAN_NAME},
        {"\u4f4f\u5728", OBI_HAN_ADDRESS},
        {"\u5b89\u88c5\u5730\u5740", OBI_HAN_ADDRESS},
        {"\u4f60\u4f4f\u5728\u5317\u4eac", OBI_HAN_ADDRESS | OBI_HAN_PLACE | OBI_HAN_PLATE},
        {"\u6df1\u5733", OBI_HAN_ADDRESS | OBI_HAN_PLACE},
        {"\u81fa\u5317", OBI_HAN_ADDRESS | OBI_HAN_PLACE},
        {"\u4eac", OBI_HAN_PLATE},
        {"\u5bbd\u5e26", OBI_HAN_NONE},
        {"\u8bdd\u8d39", OBI_HAN_NONE},
        {"\xe5\x8f", OBI_HAN_NONE},
        {"\x80\x80\x80", OBI_HAN_NONE},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if ((open_at_end(rows[i].text) & ~(unsigned)OBI_HAN_BEGINS) != rows[i].answer) {
            fail_msg("row %zu: %u", i, open_at_end(rows[i].text));
        }
    }
    assert_true(open_at_end("\u6df1") & OBI_HAN_BEGINS);
    assert_false(open_at_end("\u7684") & OBI_HAN_BEGINS);
    /* What stands behind end is not read. */
    assert_int_equal(obi_han_open(OB_SPAN("\u59d3\u540d"), 3), OBI_HAN_NONE);
}

/* How many characters of text an open name or address would hold, and the rest is let go. */
static size_t held(const char *text, bool name, bool colon)
{
    ob_span span = ob_span_str(text);
    size_t at = 0;
    uint32_t rune = 0;
    size_t count = 0;
    for (size_t start = 0; ob_utf8_next(span, &at, &rune); start = at, count++) {
        ob_span before = ob_span_sub(span, 0, start);
        if (name ? !obi_han_name_goes_on(before, colon, rune)
                 : !obi_han_address_goes_on(before, rune)) {
            break;
        }
    }
    return count;
}

static void goes_on(void **state)
{
    (void)state;
    assert_int_equal(held("\u738b\u5c0f\u660e\u3002", true, false), 3);
    assert_int_equal(held("\u738b\u5c0f\u660e\u7684\u8d26\u5355", true, false), 3);
    assert_int_equal(held("\u6628\u5929\u529e", true, false), 0);
    assert_int_equal(held("\u963f\u6c64\u6c64", true, true), 3);
    assert_int_equal(held("\u738b\u738b\u738b\u738b\u738b\u738b\u738b", true, false), 6);
    assert_int_equal(held("\u5317\u4eac\u7684\u5bbd\u5e26", false, false), 2);
    assert_int_equal(held("\u5317\u4eac\u5e02\u671d\u9633\u533a12\u53f7\u3002", false, false), 9);
    assert_int_equal(held("\u5317\u5317\u5317\u5317\u5317\u5317\u5317\u5317\u5317\u5317\u5317\u5317"
                          "\u5317\u5317\u5317\u5317\u5317\u5317\u5317",
                          false, false),
                     OBI_HAN_LOOSE_MAX);
    assert_true(obi_han_between(0xff1a) && obi_han_between(0x662f) && !obi_han_between('x'));
}

static void words_of_names(void **state)
{
    (void)state;
    assert_int_equal(obi_han_surname(OB_SPAN("\u738b\u5c0f")), 1);
    assert_int_equal(obi_han_surname(OB_SPAN("\u6b27\u9633\u5a1c")), 2);
    assert_int_equal(obi_han_surname(OB_SPAN("\u7684\u5c0f")), 0);
    assert_int_equal(obi_han_surname(OB_SPAN("")), 0);
    assert_true(obi_han_no_name(OB_SPAN("\u5173\u7cfb\u53f7")));
    assert_false(obi_han_no_name(OB_SPAN("\u738b\u5c0f")));
    assert_int_equal(obi_han_name_label(OB_SPAN("\u59d3\u540d"), 6), 2);
    assert_int_equal(obi_han_name_label(OB_SPAN("\u5ba2\u6237"), 6), 1);
    assert_int_equal(obi_han_name_label(OB_SPAN("\u5730\u5740"), 6), 0);
    assert_true(obi_han_address_label(OB_SPAN("\u5730\u5740"), 6));
    assert_true(obi_han_given(0x4f1f) && obi_han_unit(0x8def) && obi_han_name_stop(0x7684));
    assert_false(obi_han_given(0x7684) || obi_han_unit(0x7684) || obi_han_name_stop(0x4f1f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens),
        cmocka_unit_test(goes_on),
        cmocka_unit_test(words_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
