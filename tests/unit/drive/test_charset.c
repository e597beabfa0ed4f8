/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/client_core.h"
#include "ob_test.h"

#include <ombud/text.h>

#define HEAD(type) "HTTP/1.1 200 OK\r\nContent-Type: " type "\r\n\r\n"

static void converts(void **state)
{
    (void)state;

    static const struct {
        const char *head;
        const char *body;
        const char *answer;
    } good[] = {
        {HEAD("text/json; charset=GBK"), "\xc4\xe3\xba\xc3", "\u4f60\u597d"},
        /* These bytes are UTF-8, too, of two Cyrillic letters. */
        {HEAD("text/json; charset=GBK"), "\xd3\xaa\xd2\xb5", "\u8425\u4e1a"},
        {HEAD("a/b;x=y; Charset = \"iso-8859-1\""), "\xe9t\xe9", "\u00e9t\u00e9"},
        {HEAD("a/b; charset=ISO-8859-1"), "\u00e9", "\u00e9"},
        /* Not what it says: UTF-8, if it can be. */
        {HEAD("a/b; charset=US-ASCII"), "\u00e9", "\u00e9"},
        {HEAD("a/b; charset=EUC-KR"), "\u00a0", "\u00a0"},
        {HEAD("a/b; charset=X-none"), "\u00e9", "\u00e9"},
        /* Nothing is said, or no name; the reader of JSON refuses it. */
        {HEAD("a/b"), "\xe9", "\xe9"},
        {HEAD("a/b; charset"), "\xe9", "\xe9"},
        {HEAD("a/b; charset=utf-8"), "\xe9", "\xe9"},
        {HEAD("a/b; charset=GBK"), "", ""},
    };

    for (size_t i = 0; i < OB_COUNT(good); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_span answer = {0};
        assert_ok(obi_charset_read(&arena, ob_span_str(good[i].head), ob_span_str(good[i].body),
                                   &answer, &err));
        assert_span(answer, good[i].answer);
    }
}

/* More than one piece of the converter's. */
static void converts_long_ones(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) body = {.max = 100000};
    ob_err err = {0};
    ob_span answer = {0};
    for (unsigned i = 0; i < 20001; i++) {
        ob_buf_add(&body, OB_SPAN("\xd3\xaa"));
    }
    assert_ok(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=gb18030")), ob_buf_span(&body),
                               &answer, &err));
    assert_int_equal(answer.len, 60003);
    assert_int_equal(ob_utf8_bad(answer), SIZE_MAX);
}

static void refuses(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_span answer = {0};
    assert_fails(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=GBK")), OB_SPAN("ab\xff\xff"),
                                  &answer, &err),
                 OB_ERR_PEER, "charset 'GBK', and its byte 2 is neither");
    err = (ob_err){0};
    assert_fails(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=GBK")), OB_SPAN("a\xd3"),
                                  &answer, &err),
                 OB_ERR_PEER, "its byte 1 is neither");
    err = (ob_err){0};
    assert_fails(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=X-none")), OB_SPAN("\xd3"),
                                  &answer, &err),
                 OB_ERR_PEER, "charset 'X-none', which is not converted");
    /* An order to iconv, and a name of a module elsewhere. */
    assert_fails(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=GBK//IGNORE")),
                                  OB_SPAN("ab\xff\xff"), &answer, &err),
                 OB_ERR_PEER, "charset 'GBK//IGNORE', which is not converted");
    assert_fails(obi_charset_read(&arena, OB_SPAN(HEAD("a/b; charset=../../tmp/x")),
                                  OB_SPAN("\xff"), &answer, &err),
                 OB_ERR_PEER, "charset '../../tmp/x', which is not converted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts),
        cmocka_unit_test(converts_long_ones),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
