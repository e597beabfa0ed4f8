/* SPDX-License-Identifier: Apache-2.0 */
/* EDHOC: each method with each suite, both sides; damaged messages, suites that do not fit. */
#include "edhoc_test.h"

static void a_session_with_each_method_and_suite(void **state)
{
    (void)state;
    for (unsigned method = 0; method < 4; method++) {
        for (int suite = 0; suite <= 6; suite++) {
            ob_err err = {0};
            side i = {0};
            side r = {0};
            sent m[5];
            ob_span ead;
            ob_oscore client;
            ob_oscore server;
            uint8_t keys[2][40];
            start(&i, &r, method, suite);
            assert_ok(ob_edhoc_write_1(&i.edhoc, RANDOM_X, OB_SPAN("\x01"), m[1].bytes, CAP,
                                       &m[1].text, &err));
            assert_ok(ob_edhoc_read_1(&r.edhoc, m[1].text, &ead, &err));
            assert_span(ead, "\x01");
            assert_ok(ob_edhoc_write_2(&r.edhoc, RANDOM_Y, (ob_span){0}, m[2].bytes, CAP,
                                       &m[2].text, &err));
            assert_ok(ob_edhoc_read_2(&i.edhoc, m[2].text, &ead, &err));
            assert_int_equal(ead.len, 0);
            assert_ok(ob_edhoc_write_3(&i.edhoc, OB_SPAN("\x02\x41x"), m[3].bytes, CAP, &m[3].text,
                                       &err));
            assert_ok(ob_edhoc_read_3(&r.edhoc, m[3].text, &ead, &err));
            assert_span(ead, "\x02\x41x");
            assert_ok(ob_edhoc_write_4(&r.edhoc, (ob_span){0}, m[4].bytes, CAP, &m[4].text, &err));
            assert_ok(ob_edhoc_read_4(&i.edhoc, m[4].text, &ead, &err));
            for (size_t round = 0; round < 2; round++) {
                assert_ok(ob_edhoc_export(&i.edhoc, 77, OB_SPAN("c"), keys[0], 40, &err));
                assert_ok(ob_edhoc_export(&r.edhoc, 77, OB_SPAN("c"), keys[1], 40, &err));
                assert_memory_equal(keys[0], keys[1], 40);
                assert_ok(ob_edhoc_oscore(&i.edhoc, &client, &err));
                assert_ok(ob_edhoc_oscore(&r.edhoc, &server, &err));
                assert_memory_equal(client.sender_key, server.recipient_key, client.sizes.key);
                assert_memory_equal(client.recipient_key, server.sender_key, client.sizes.key);
                assert_ok(ob_edhoc_update(&i.edhoc, OB_SPAN("new"), &err));
                assert_ok(ob_edhoc_update(&r.edhoc, OB_SPAN("new"), &err));
            }
        }
    }
}

/* Published sizes of a handshake with static keys named by kid: 37, 45 and 19 bytes. */
static void the_smallest_handshake_has_101_bytes(void **state)
{
    (void)state;
    ob_err err = {0};
    side i = {0};
    side r = {0};
    sent m[4];
    ob_span ead;
    start(&i, &r, 3, 2);
    make_cred(&r, OB_P256, "2", 4);
    r.edhoc.options.own = r.own;
    r.edhoc.options.connection_id = OB_SPAN("\x0f");
    assert_ok(
        ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m[1].bytes, CAP, &m[1].text, &err));
    assert_ok(ob_edhoc_read_1(&r.edhoc, m[1].text, &ead, &err));
    assert_ok(
        ob_edhoc_write_2(&r.edhoc, RANDOM_Y, (ob_span){0}, m[2].bytes, CAP, &m[2].text, &err));
    assert_ok(ob_edhoc_read_2(&i.edhoc, m[2].text, &ead, &err));
    assert_ok(ob_edhoc_write_3(&i.edhoc, (ob_span){0}, m[3].bytes, CAP, &m[3].text, &err));
    assert_int_equal(m[1].text.len, 37);
    assert_int_equal(m[2].text.len, 45);
    assert_int_equal(m[3].text.len, 19);
}

static void no_changed_byte_gets_through(void **state)
{
    (void)state;
    static const unsigned methods[] = {0, 3};
    for (size_t k = 0; k < OB_COUNT(methods); k++) {
        ob_err err = {0};
        side i = {0};
        side r = {0};
        sent m[4];
        ob_span ead;
        start(&i, &r, methods[k], 2);
        assert_ok(
            ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m[1].bytes, CAP, &m[1].text, &err));
        assert_ok(ob_edhoc_read_1(&r.edhoc, m[1].text, &ead, &err));
        assert_ok(
            ob_edhoc_write_2(&r.edhoc, RANDOM_Y, (ob_span){0}, m[2].bytes, CAP, &m[2].text, &err));
        for (size_t at = 0; at < m[2].text.len; at++) {
            ob_edhoc copy = i.edhoc;
            m[2].bytes[at] ^= 4;
            assert_false(ob_edhoc_read_2(&copy, m[2].text, &ead, &err));
            assert_int_equal(copy.state, OB_EDHOC_FAILED);
            m[2].bytes[at] ^= 4;
        }
        assert_ok(ob_edhoc_read_2(&i.edhoc, m[2].text, &ead, &err));
        assert_ok(ob_edhoc_write_3(&i.edhoc, (ob_span){0}, m[3].bytes, CAP, &m[3].text, &err));
        for (size_t at = 0; at < m[3].text.len; at++) {
            ob_edhoc copy = r.edhoc;
            m[3].bytes[at] ^= 4;
            assert_false(ob_edhoc_read_3(&copy, m[3].text, &ead, &err));
            m[3].bytes[at] ^= 4;
        }
        assert_ok(ob_edhoc_read_3(&r.edhoc, m[3].text, &ead, &err));
    }
}

static void steps_keep_their_order(void **state)
{
    (void)state;
    ob_err err = {0};
    side i = {0};
    side r = {0};
    sent m;
    ob_span ead;
    uint8_t key[16];
    start(&i, &r, 3, 2);
    assert_fails(ob_edhoc_write_3(&i.edhoc, (ob_span){0}, m.bytes, CAP, &m.text, &err),
                 OB_ERR_USAGE, "does not come now");
    assert_fails(ob_edhoc_write_1(&r.edhoc, RANDOM_X, (ob_span){0}, m.bytes, CAP, &m.text, &err),
                 OB_ERR_USAGE, "does not come now");
    assert_fails(ob_edhoc_export(&i.edhoc, 0, (ob_span){0}, key, 16, &err), OB_ERR_USAGE,
                 "no keys");
    assert_ok(ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m.bytes, CAP, &m.text, &err));
    assert_ok(ob_edhoc_read_1(&r.edhoc, m.text, &ead, &err));
    assert_fails(ob_edhoc_read_1(&r.edhoc, m.text, &ead, &err), OB_ERR_USAGE, "does not come now");
}

static void the_sides_agree_on_a_suite(void **state)
{
    (void)state;
    ob_err err = {0};
    side i = {0};
    side r = {0};
    sent m;
    sent error;
    ob_span ead;
    size_t next = 0;
    start(&i, &r, 3, 2);
    i.edhoc.options.suites[0] = 6;
    i.edhoc.options.suites[1] = 2;
    i.edhoc.options.suite_count = 2;
    ob_edhoc_options again = i.edhoc.options;
    assert_ok(ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m.bytes, CAP, &m.text, &err));
    assert_false(ob_edhoc_read_1(&r.edhoc, m.text, &ead, &err));
    assert_int_equal(r.edhoc.error, OB_EDHOC_WRONG_SUITE);
    assert_ok(ob_edhoc_error(&r.edhoc, (ob_span){0}, error.bytes, CAP, &error.text, &err));
    assert_true(ob_span_is(error.text, OB_SPAN("\x02\x02")));
    assert_true(ob_edhoc_next_suite(&i.edhoc, error.text, &next));
    assert_int_equal(next, 1);
    /* A Responder that supports what was wanted more says no to a step down. */
    again.suite = next;
    ob_edhoc_start(&i.edhoc, &again, true);
    assert_ok(ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m.bytes, CAP, &m.text, &err));
    ob_edhoc_options both = r.edhoc.options;
    both.suites[1] = 6;
    both.suite_count = 2;
    ob_edhoc_start(&r.edhoc, &both, false);
    assert_false(ob_edhoc_read_1(&r.edhoc, m.text, &ead, &err));
    assert_int_equal(r.edhoc.error, OB_EDHOC_WRONG_SUITE);
}

static void who_is_not_known_is_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    side i = {0};
    side r = {0};
    side other = {0};
    sent m[3];
    ob_span ead;
    start(&i, &r, 3, 2);
    make_cred(&other, OB_P256, "who", 9);
    i.peer = &other.own;
    assert_ok(
        ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m[1].bytes, CAP, &m[1].text, &err));
    assert_ok(ob_edhoc_read_1(&r.edhoc, m[1].text, &ead, &err));
    assert_ok(
        ob_edhoc_write_2(&r.edhoc, RANDOM_Y, (ob_span){0}, m[2].bytes, CAP, &m[2].text, &err));
    assert_fails(ob_edhoc_read_2(&i.edhoc, m[2].text, &ead, &err), OB_ERR_PEER, "not known");
    assert_ok(ob_edhoc_error(&i.edhoc, (ob_span){0}, m[1].bytes, CAP, &m[1].text, &err));
    assert_true(ob_span_is(m[1].text, OB_SPAN("\x03\xf5")));
}

static void what_an_error_says_is_read(void **state)
{
    (void)state;

    const struct {
        ob_span message;
        bool good;
        int64_t code;
        const char *text;
        size_t suites;
    } rows[] = {
        {OB_SPAN("\x01\x62no"), true, OB_EDHOC_UNSPECIFIED, "no", 0},
        {OB_SPAN("\x01\x60"), true, OB_EDHOC_UNSPECIFIED, "", 0},
        {OB_SPAN("\x02\x02"), true, OB_EDHOC_WRONG_SUITE, "", 1},
        {OB_SPAN("\x02\x82\x02\x03"), true, OB_EDHOC_WRONG_SUITE, "", 2},
        {OB_SPAN("\x03\xf5"), true, OB_EDHOC_UNKNOWN_CRED, "", 0},
        {OB_SPAN("\x20\xa1\x01\x02"), true, -1, "", 0},
        {OB_SPAN(""), false, 0, "", 0},
        {OB_SPAN("\x00\x60"), false, 0, "", 0}, /* success */
        {OB_SPAN("\x01"), false, 0, "", 0},
        {OB_SPAN("\x01\x42no"), false, 0, "", 0},
        {OB_SPAN("\x01\x63no"), false, 0, "", 0},
        {OB_SPAN("\x01\x62no\x01"), false, 0, "", 0},
        {OB_SPAN("\x02\x80"), false, 0, "", 0},
        {OB_SPAN("\x02\x82\x02"), false, 0, "", 0},
        {OB_SPAN("\x02\x60"), false, 0, "", 0},
        {OB_SPAN("\x03"), false, 0, "", 0},
        {OB_SPAN("\x42no"), false, 0, "", 0}, /* message 3 */
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_edhoc_problem p = {0};
        assert_int_equal(ob_edhoc_error_read(&p, rows[i].message), rows[i].good);
        assert_int_equal(p.code, rows[i].code);
        assert_span(p.text, rows[i].text);
        assert_int_equal(p.suite_count, rows[i].suites);
    }
    char many[2 + 30 + 1] = "\x02\x98\x1e"; /* thirty suites */
    ob_edhoc_problem p = {0};
    memset(many + 3, 3, 30);
    assert_true(ob_edhoc_error_read(&p, (ob_span){many, sizeof many}));
    assert_int_equal(p.suite_count, OB_EDHOC_PEER_SUITES_MAX);
}

static void critical_data_that_nobody_knows_end_a_session(void **state)
{
    (void)state;
    ob_err err = {0};
    side i = {0};
    side r = {0};
    sent m;
    ob_span ead;
    start(&i, &r, 3, 2);
    assert_ok(ob_edhoc_write_1(&i.edhoc, RANDOM_X, OB_SPAN("\x20"), m.bytes, CAP, &m.text, &err));
    assert_fails(ob_edhoc_read_1(&r.edhoc, m.text, &ead, &err), OB_ERR_PEER, "cannot be read");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_with_each_method_and_suite),
        cmocka_unit_test(the_smallest_handshake_has_101_bytes),
        cmocka_unit_test(no_changed_byte_gets_through),
        cmocka_unit_test(steps_keep_their_order),
        cmocka_unit_test(the_sides_agree_on_a_suite),
        cmocka_unit_test(who_is_not_known_is_refused),
        cmocka_unit_test(what_an_error_says_is_read),
        cmocka_unit_test(critical_data_that_nobody_knows_end_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
