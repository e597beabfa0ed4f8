/* SPDX-License-Identifier: Apache-2.0 */
/* CoAP messages: what is read is what was written, and what is damaged is refused with its place.
 */
#include "ob_test.h"

#include <ombud/coap.h>

static const ob_coap_msg request = {
    .type = OB_COAP_CON, .code = OB_COAP_GET, .id = 0x1234, .token_len = 2, .token = {0xab, 0xcd}};

static void a_message_is_read_as_it_was_written(void **state)
{
    (void)state;
    ob_err err = {0};
    char bytes[700];
    char text[300];
    ob_span datagram;
    ob_coap_msg msg;
    ob_coap_option option;
    memset(text, 'x', sizeof text);
    ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
    ob_coap_begin(&w, &request);
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("meter"));
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN(""));
    ob_coap_add_uint(&w, OB_COAP_ACCEPT, 60);
    ob_coap_add(&w, OB_COAP_ECHO, (ob_span){text, 13});
    ob_coap_add(&w, OB_COAP_NO_RESPONSE, (ob_span){text, 268});
    ob_coap_add(&w, 65000, (ob_span){text, 269});
    ob_coap_payload(&w, OB_SPAN("21.5"));
    assert_ok(ob_coap_end(&w, &datagram, &err));
    assert_ok(ob_coap_read(&msg, datagram, &err));
    assert_int_equal(msg.code, OB_COAP_GET);
    assert_int_equal(msg.id, 0x1234);
    assert_int_equal(msg.token_len, 2);
    assert_span(msg.payload, "21.5");

    static const struct {
        uint16_t number;
        size_t len;
    } wanted[] = {{11, 5}, {11, 0}, {17, 1}, {252, 13}, {258, 268}, {65000, 269}};

    ob_coap_iter it = ob_coap_options(&msg);
    for (size_t i = 0; i < OB_COUNT(wanted); i++) {
        assert_true(ob_coap_next(&it, &option));
        assert_int_equal(option.number, wanted[i].number);
        assert_int_equal(option.value.len, wanted[i].len);
    }
    assert_false(ob_coap_next(&it, &option));
    uint32_t accept = 0;
    assert_true(ob_coap_find_uint(&msg, OB_COAP_ACCEPT, &accept));
    assert_int_equal(accept, 60);
    assert_false(ob_coap_find_uint(&msg, OB_COAP_ECHO, &accept));
}

/* RFC 7252, 5.4.3 */
static void numbers_are_no_longer_than_they_may_be(void **state)
{
    (void)state;

    static const struct {
        uint16_t number;
        size_t most;
    } rows[] = {{OB_COAP_OBSERVE, 3},    {OB_COAP_URI_PORT, 2}, {OB_COAP_CONTENT_FORMAT, 2},
                {OB_COAP_MAX_AGE, 4},    {OB_COAP_ACCEPT, 2},   {OB_COAP_HOP_LIMIT, 1},
                {OB_COAP_BLOCK2, 3},     {OB_COAP_BLOCK1, 3},   {OB_COAP_SIZE1, 4},
                {OB_COAP_NO_RESPONSE, 1}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        for (size_t len = 0; len <= 5; len++) {
            uint8_t bytes[32];
            uint32_t value = 7;
            ob_coap_msg msg = {0};
            ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
            ob_coap_add(&w, rows[i].number, (ob_span){"\0\0\0\0", len});
            msg.options = (ob_span){(char *)bytes, w.len};
            assert_int_equal(ob_coap_find_uint(&msg, rows[i].number, &value), len <= rows[i].most);
            assert_int_equal(value, len <= rows[i].most ? 0 : 7);
        }
    }
}

static void damaged_messages_are_refused(void **state)
{
    (void)state;

    const struct {
        ob_span bytes;
        const char *why;
    } bad[] = {
        {OB_SPAN(""), "byte 0: a CoAP message has 4 bytes"},
        {OB_SPAN("\x40\x01\x00"), "byte 3: a CoAP message has 4 bytes"},
        {OB_SPAN("\x80\x01\x00\x01"), "byte 0: version 2"},
        {OB_SPAN("\x49\x01\x00\x01xxxxxxxxx"), "8 are the most"},
        {OB_SPAN("\x42\x01\x00\x01x"), "the message ends before"},
        {OB_SPAN("\x40\x00\x00\x01\xb1x"), "byte 4: an empty message"},
        {OB_SPAN("\x40\x01\x00\x01\xb5meter\xff"), "byte 10: a payload marker"},
        {OB_SPAN("\x40\x01\x00\x01\xb5mete"), "byte 4: an option that is damaged"},
        {OB_SPAN("\x40\x01\x00\x01\xb1x\xf1x"), "byte 6: an option that is damaged"},
        {OB_SPAN("\x40\x01\x00\x01\xe0\xff"), "byte 4: an option that is damaged"},
        {OB_SPAN("\x40\x01\x00\x01\xe0\xfe\xf2\x10"), "byte 7: an option that is damaged"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_err err = {0};
        ob_coap_msg msg;
        assert_fails(ob_coap_read(&msg, bad[i].bytes, &err), OB_ERR_PEER, bad[i].why);
    }
}

static void a_writer_that_is_full_or_out_of_order_says_so(void **state)
{
    (void)state;
    ob_err err = {0};
    char bytes[8];
    ob_span datagram;
    ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
    ob_coap_begin(&w, &request);
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("meter"));
    assert_fails(ob_coap_end(&w, &datagram, &err), OB_ERR_LIMIT, "does not fit into 8 bytes");
    char more[40];
    w = ob_coap_writer_on(more, sizeof more);
    ob_coap_begin(&w, &request);
    ob_coap_add(&w, OB_COAP_URI_QUERY, OB_SPAN("a"));
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("b"));
    assert_fails(ob_coap_end(&w, &datagram, &err), OB_ERR_LIMIT, "does not fit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_read_as_it_was_written),
        cmocka_unit_test(numbers_are_no_longer_than_they_may_be),
        cmocka_unit_test(damaged_messages_are_refused),
        cmocka_unit_test(a_writer_that_is_full_or_out_of_order_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
