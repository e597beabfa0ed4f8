/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds, its examples, canonical forms, number plans and classes of addresses. */
#include "ob_test.h"

#include "detect/phone.h"

#include <ombud/mem.h>

static void the_table_is_in_order(void **state)
{
    (void)state;

    for (size_t i = 0; i < OB_KINDS; i++) {
        const ob_kind_row *row = &ob_kind_rows[i];
        assert_int_equal(ob_kind_find(ob_span_str(row->id)), i);
        assert_true(row->title[0] != '\0' && row->least > 0 && row->least <= row->most);
        assert_true(strlen(row->region) == 0 || strlen(row->region) == 2);
        assert_int_equal(strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(row->id));
        if (i > 0) {
            assert_true(strcmp(ob_kind_rows[i - 1].id, row->id) < 0);
        }
    }
    assert_int_equal(ob_kind_find(OB_SPAN("pan")), OB_KIND_PAN);
    assert_int_equal(ob_kind_rows[OB_KIND_KEY_PEM].class, OB_CLASS_SECRET);
    assert_int_equal(ob_kind_rows[OB_KIND_PAN].class, OB_CLASS_PII);
    assert_int_equal(ob_kind_find(OB_SPAN("pa")), OB_KINDS);
    assert_int_equal(ob_kind_find(OB_SPAN("")), OB_KINDS);
    assert_int_equal(ob_validate(OB_KINDS, OB_SPAN("4111111111111111")), OB_VALID_NO);
}

static ob_valid judge(ob_kind kind, ob_span raw)
{
    char out[512];
    size_t len = 0;
    if (!ob_canonical(kind, raw, out, sizeof out, &len)) {
        return OB_VALID_NO;
    }
    char again[512];
    size_t same = 0;
    assert_true(ob_canonical(kind, (ob_span){out, len}, again, sizeof again, &same));
    assert_true(ob_span_is((ob_span){out, len}, (ob_span){again, same}));
    return ob_validate(kind, (ob_span){out, len});
}

static void examples(void **state)
{
    (void)state;

    static const struct {
        ob_kind kind;
        ob_valid wanted;
        const char *text;
    } rows[] = {

#define EXAMPLE(kind, wanted, text) {OB_KIND_##kind, OB_VALID_##wanted, text},
#include "examples.def"
#undef EXAMPLE
    };
    bool passes[OB_KINDS] = {false};
    bool fails[OB_KINDS] = {false};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_valid valid = judge(rows[i].kind, ob_span_str(rows[i].text));
        if (valid != rows[i].wanted) {
            fail_msg("%s '%s' is %d, wanted %d", ob_kind_rows[rows[i].kind].id, rows[i].text,
                     (int)valid, (int)rows[i].wanted);
        }
        passes[rows[i].kind] = passes[rows[i].kind] || valid != OB_VALID_NO;
        fails[rows[i].kind] = fails[rows[i].kind] || valid == OB_VALID_NO;
    }
    for (size_t i = 0; i < OB_KINDS; i++) {
        if (!passes[i] || !fails[i]) {
            fail_msg("%s has no example that passes or none that fails", ob_kind_rows[i].id);
        }
    }
}

static void canonical_forms(void **state)
{
    (void)state;

    static const struct {
        ob_kind kind;
        const char *raw;
        const char *wanted; /* NULL: refused */
    } rows[] = {
        {OB_KIND_US_SSN, "123-45-6789", "123456789"},
        {OB_KIND_US_SSN, "123 45 6789", "123456789"},
        {OB_KIND_US_SSN, "123456789", "123456789"},
        {OB_KIND_US_SSN, "12-345-6789", NULL},
        {OB_KIND_US_SSN, "123-45-678-9", NULL},
        {OB_KIND_US_SSN, "123-45-67890", NULL},
        {OB_KIND_US_SSN, "123-45-678", NULL},
        {OB_KIND_US_SSN, "123-45", NULL},
        {OB_KIND_US_SSN, "", NULL},
        {OB_KIND_PAN, "4111-1111-1111-1111", "4111111111111111"},
        {OB_KIND_PAN, "4111-1111-1111-1111-", NULL},
        {OB_KIND_PAN, "-4111-1111-1111-1111", NULL},
        {OB_KIND_PAN, "4111,1111,1111,1111", NULL},
        {OB_KIND_HK_ID, "ab987654(3)", "AB9876543"},
        {OB_KIND_MSISDN, "+44 (0) 20 7946 0000", "+442079460000"},
        {OB_KIND_MSISDN, "(0755) 2345 6789", "075523456789"},
        {OB_KIND_MSISDN, "+44 20 7946 0000 (", NULL},
        {OB_KIND_MAC, "02-00-5e-10-00-01", "02005E100001"},
        {OB_KIND_BR_CNPJ, "12.abc.345/01de-35", "12ABC34501DE35"},
        {OB_KIND_EMAIL, "User@Example.com", "User@Example.com"},
        {OB_KIND_MRZ,
         "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< "
         "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
         "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<"
         "10"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        char out[OB_CANONICAL_MAX] = "untouched";
        size_t len = 77;
        bool good = ob_canonical(rows[i].kind, ob_span_str(rows[i].raw), out, sizeof out, &len);
        if (good != (rows[i].wanted != NULL)) {
            fail_msg("%s: %d", rows[i].raw, good);
        }
        if (good) {
            assert_span(((ob_span){out, len}), rows[i].wanted);
        } else {
            assert_string_equal(out, "untouched");
            assert_int_equal(len, 77);
        }
    }
    char small[8];
    size_t len = 77;
    assert_false(ob_canonical(OB_KIND_US_SSN, OB_SPAN("123456789"), small, sizeof small, &len));
    assert_false(ob_canonical(OB_KINDS, OB_SPAN("123456789"), small, sizeof small, &len));
    assert_int_equal(len, 77);
}

/* Nothing, one byte too few or too many, and ten thousand bytes are none of any kind. */
static void lengths(void **state)
{
    (void)state;

    static char many[20000];
    for (size_t fill = 0; fill < 4; fill++) {
        (void)memset(many, "7A< "[fill], sizeof many);
        for (size_t i = 0; i < OB_KINDS; i++) {
            const ob_kind_row *row = &ob_kind_rows[i];
            ob_span text = {many, 0};
            assert_int_equal(ob_validate((ob_kind)i, text), OB_VALID_NO);
            assert_int_equal(ob_validate((ob_kind)i, (ob_span){0}), OB_VALID_NO);
            text.len = row->least - 1U;
            assert_int_equal(ob_validate((ob_kind)i, text), OB_VALID_NO);
            text.len = row->most + 1U;
            assert_int_equal(ob_validate((ob_kind)i, text), OB_VALID_NO);
            text.len = 10000;
            assert_int_equal(ob_validate((ob_kind)i, text), OB_VALID_NO);
            /* Every length within the bounds is read to its end and no further. */
            for (size_t len = row->least; len <= row->most && len <= 400; len++) {
                char *exact = ob_mem_new(len);
                (void)memcpy(exact, many, len);
                (void)ob_validate((ob_kind)i, (ob_span){exact, len});
                ob_mem_free(exact);
            }
        }
    }
}

static void phones(void **state)
{
    (void)state;

    static const struct {
        const char *digits;
        const char *region;
        ob_valid valid;
        ob_phone phone;
    } rows[] = {
        {"+447700900123", NULL, OB_VALID_YES, {OB_PHONE_MOBILE, 44, 3}},
        {"07700900123", "GB", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 44, 1}},
        {"7700900123", "GB", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 44, 0}},
        {"07700900123", NULL, OB_VALID_NO, {0}},
        {"00447700900123", NULL, OB_VALID_MAYBE, {OB_PHONE_MOBILE, 44, 4}},
        {"011447700900123", "US", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 44, 5}},
        {"2025550123", "US", OB_VALID_MAYBE, {OB_PHONE_EITHER, 1, 0}},
        {"12025550123", "US", OB_VALID_MAYBE, {OB_PHONE_EITHER, 1, 1}},
        {"+12025550123", "CN", OB_VALID_YES, {OB_PHONE_EITHER, 1, 2}},
        {"+11025550123", NULL, OB_VALID_MAYBE, {OB_PHONE_UNKNOWN, 1, 2}},
        {"+1202555012", NULL, OB_VALID_NO, {0}},
        {"+18005550123", NULL, OB_VALID_MAYBE, {OB_PHONE_OTHER, 1, 2}},
        {"13800138000", "CN", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 86, 0}},
        {"8613800138000", "CN", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 86, 2}},
        {"075523456789", "CN", OB_VALID_MAYBE, {OB_PHONE_FIXED, 86, 1}},
        {"0612345678", "FR", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 33, 1}},
        {"0236618300", "IT", OB_VALID_MAYBE, {OB_PHONE_FIXED, 39, 0}},
        {"+390236618300", NULL, OB_VALID_YES, {OB_PHONE_FIXED, 39, 3}},
        {"89123456789", "RU", OB_VALID_MAYBE, {OB_PHONE_MOBILE, 7, 1}},
        {"+", NULL, OB_VALID_NO, {0}},
        {"+4", NULL, OB_VALID_NO, {0}},
        {"+44x7700900123", NULL, OB_VALID_NO, {0}},
        {"123456", "ZZ", OB_VALID_NO, {0}},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_phone phone = {0};
        ob_valid valid = ob_phone_valid(ob_span_str(rows[i].digits), rows[i].region, &phone);
        if (valid != rows[i].valid || phone.type != rows[i].phone.type ||
            phone.code != rows[i].phone.code || phone.national != rows[i].phone.national) {
            fail_msg("%s: valid %d, type %d, code %u, national at %zu", rows[i].digits, (int)valid,
                     (int)phone.type, phone.code, phone.national);
        }
        assert_int_equal(ob_phone_valid(ob_span_str(rows[i].digits), rows[i].region, NULL), valid);
    }
    assert_int_equal(ob_phone_code_length(OB_SPAN("1202")), 1);
    assert_int_equal(ob_phone_code_length(OB_SPAN("4930")), 2);
    assert_int_equal(ob_phone_code_length(OB_SPAN("3531")), 3);
    assert_int_equal(ob_phone_code_length(OB_SPAN("2101")), 0);
    assert_int_equal(ob_phone_code_length(OB_SPAN("44")), 0);
}

static void addresses(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        ob_ip_class class;
    } rows[] = {
        {"0.0.0.0", OB_IP_UNSPECIFIED},
        {"127.0.0.1", OB_IP_LOOPBACK},
        {"10.1.2.3", OB_IP_PRIVATE},
        {"172.31.0.1", OB_IP_PRIVATE},
        {"172.32.0.1", OB_IP_PUBLIC},
        {"100.64.0.1", OB_IP_PRIVATE},
        {"192.168.1.1", OB_IP_PRIVATE},
        {"169.254.1.1", OB_IP_LINK_LOCAL},
        {"192.0.2.1", OB_IP_DOCUMENTATION},
        {"203.0.113.9", OB_IP_DOCUMENTATION},
        {"198.51.100.9", OB_IP_DOCUMENTATION},
        {"224.0.0.1", OB_IP_MULTICAST},
        {"255.255.255.255", OB_IP_RESERVED},
        {"8.8.8.8", OB_IP_PUBLIC},
        {"::", OB_IP_UNSPECIFIED},
        {"::1", OB_IP_LOOPBACK},
        {"2001:db8::1", OB_IP_DOCUMENTATION},
        {"3fff:abc::1", OB_IP_DOCUMENTATION},
        {"fe80::1", OB_IP_LINK_LOCAL},
        {"fd00::1", OB_IP_PRIVATE},
        {"ff02::1", OB_IP_MULTICAST},
        {"2606:4700::1111", OB_IP_PUBLIC},
        {"::ffff:10.0.0.1", OB_IP_PRIVATE},
        {"64:ff9b::1", OB_IP_PUBLIC},
        {"4000::1", OB_IP_RESERVED},
        {"1.2.3", OB_IP_NONE},
        {":::", OB_IP_NONE},
        {"1:2:3:4:5:6:7:8:9", OB_IP_NONE},
        {"12345::", OB_IP_NONE},
        {"", OB_IP_NONE},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_ip_class class = ob_ip_classify(ob_span_str(rows[i].text));
        if (class != rows[i].class) {
            fail_msg("%s: %d", rows[i].text, (int)class);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_in_order),
        cmocka_unit_test(examples),
        cmocka_unit_test(canonical_forms),
        cmocka_unit_test(lengths),
        cmocka_unit_test(phones),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
