/* SPDX-License-Identifier: Apache-2.0 */
/* Deterministic CBOR: one form only, examples of RFC 8949 Appendix A. */
#include "link/cbor.h"
#include "ob_test.h"

static void numbers_have_one_form(void **state)
{
    (void)state;

    const struct {
        int64_t value;
        ob_span bytes;
    } rows[] = {
        {0, OB_SPAN("\x00")},
        {23, OB_SPAN("\x17")},
        {24, OB_SPAN("\x18\x18")},
        {255, OB_SPAN("\x18\xff")},
        {256, OB_SPAN("\x19\x01\x00")},
        {1000000, OB_SPAN("\x1a\x00\x0f\x42\x40")},
        {1000000000000, OB_SPAN("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00")},
        {-1, OB_SPAN("\x20")},
        {-24, OB_SPAN("\x37")},
        {-25, OB_SPAN("\x38\x18")},
        {-1000, OB_SPAN("\x39\x03\xe7")},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        uint8_t bytes[16];
        int64_t value = 0;
        obi_cbor_writer w = {.ptr = bytes, .cap = sizeof bytes};
        obi_cbor_put_int(&w, rows[i].value);
        assert_true(ob_span_is(obi_cbor_written(&w), rows[i].bytes));
        obi_cbor_reader r = {.text = rows[i].bytes};
        assert_true(obi_cbor_int(&r, &value) && obi_cbor_done(&r));
        assert_true(value == rows[i].value);
    }
}

static void other_forms_are_refused(void **state)
{
    (void)state;
    const ob_span bad[] = {
        OB_SPAN(""),
        OB_SPAN("\x18\x17"),     /* 23 in two bytes */
        OB_SPAN("\x19\x00\xff"), /* 255 in three */
        OB_SPAN("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"),
        OB_SPAN("\x18"),          /* ends */
        OB_SPAN("\x58\x03xx"),    /* a short string in the long form, and it ends */
        OB_SPAN("\x43xx"),        /* ends within */
        OB_SPAN("\x5f\x41x\xff"), /* of no definite length */
        OB_SPAN("\x9f\xff"),
        OB_SPAN("\x1c"),     /* reserved */
        OB_SPAN("\x82\x01"), /* an item is missing */
        OB_SPAN("\xa1\x01"), /* a value is missing */
        OB_SPAN("\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
        OB_SPAN("\xbb\xff\xff\xff\xff\xff\xff\xff\xff"),
        OB_SPAN("\xbb\x80\x00\x00\x00\x00\x00\x00\x00"),     /* twice that is no number of items */
        OB_SPAN("\x81\x81\x81\x81\x81\x81\x81\x81\x81\x01"), /* nine levels */
        OB_SPAN("\xf8\x14"),                                 /* false in two bytes */
    };
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        obi_cbor_reader r = {.text = bad[i]};
        ob_span whole;
        if (obi_cbor_skip(&r, &whole) || r.at != 0) {
            fail_msg("row %zu was read", i);
        }
    }
}

static void an_item_is_skipped_with_all_that_is_in_it(void **state)
{
    (void)state;
    const ob_span good[] = {
        OB_SPAN("\x83\x01\x82\x02\x03\x42xy"),
        OB_SPAN("\xa2\x01\x02\x63"
                "abc\xf6"),
        OB_SPAN("\xd2\x84\x40\xa0\x41x\x41y"),
        OB_SPAN("\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a"),
        OB_SPAN("\x80"),
        OB_SPAN("\x81\x81\x81\x81\x81\x81\x81\x01"),
    };
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        obi_cbor_reader r = {.text = good[i]};
        ob_span whole;
        assert_true(obi_cbor_skip(&r, &whole));
        assert_true(ob_span_is(whole, good[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_one_form),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(an_item_is_skipped_with_all_that_is_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
