/* SPDX-License-Identifier: Apache-2.0 */
/* OSCORE: the keys of RFC 8613 Appendix C, messages there and back, replays, restarts. */
#include "link/oscore.h"
#include "ob_test.h"

#include <ombud/link.h>

#define CAP 512

/* The context of RFC 8613, C.1, of its client. */
static ob_oscore_options of_client(void)
{
    return (ob_oscore_options){
        .master_secret =
            OB_SPAN("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"),
        .master_salt = OB_SPAN("\x9e\x7c\xa9\x22\x23\x78\x63\x40"),
        .recipient_id = OB_SPAN("\x01"),
    };
}

static void pair(ob_oscore *client, ob_oscore *server, int aead)
{
    ob_err err = {0};
    ob_oscore_options options = of_client();
    options.aead = aead;
    assert_ok(ob_oscore_init(client, &options, &err));
    options.sender_id = options.recipient_id;
    options.recipient_id = (ob_span){0};
    assert_ok(ob_oscore_init(server, &options, &err));
}

/* RFC 8613, C.1.1 and C.4 */
static void keys_and_a_request_of_the_standard(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    ob_coap_msg msg;
    ob_oscore_bind bind;
    uint8_t out[CAP];
    ob_span made;
    pair(&client, &server, 0);
    assert_memory_equal(client.sender_key,
                        "\xf0\x91\x0e\xd7\x29\x5e\x6a\xd4\xb5\x4f\xc7\x93\x15\x43\x02\xff", 16);
    assert_memory_equal(client.recipient_key,
                        "\xff\xb1\x4e\x09\x3c\x94\xc9\xca\xc9\x47\x16\x48\xb4\xf9\x87\x10", 16);
    assert_memory_equal(client.common_iv, "\x46\x22\xd4\xdd\x6d\x94\x41\x68\xee\xfb\x54\x98\x7c",
                        13);
    assert_ok(
        ob_coap_read(&msg, OB_SPAN("\x44\x01\x5d\x1f\x00\x00\x39\x74\x39localhost\x83tv1"), &err));
    client.sequence = 20;
    assert_ok(ob_oscore_request(&client, &msg, &bind, out, sizeof out, &made, &err));
    assert_true(ob_span_is(
        made, OB_SPAN("\x44\x02\x5d\x1f\x00\x00\x39\x74\x39localhost\x62\x09\x14\xff\x61\x2f\x10"
                      "\x92\xf1\x77\x6f\x1c\x16\x68\xb3\x82\x5e")));
    assert_int_equal(client.sequence, 21);
}

static ob_span write_request(uint8_t bytes[CAP], ob_coap_msg *msg, bool observe, ob_span echo)
{
    ob_err err = {0};
    ob_span made;
    ob_coap_msg head = {.code = OB_COAP_PUT, .id = 7, .token_len = 1, .token = {9}};
    ob_coap_writer w = ob_coap_writer_on(bytes, CAP);
    ob_coap_begin(&w, &head);
    ob_coap_add(&w, OB_COAP_URI_HOST, OB_SPAN("example.org"));
    if (observe) {
        ob_coap_add_uint(&w, OB_COAP_OBSERVE, 0);
    }
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("valve"));
    if (echo.len > 0) {
        ob_coap_add(&w, OB_COAP_ECHO, echo);
    }
    ob_coap_payload(&w, OB_SPAN("open"));
    assert_ok(ob_coap_end(&w, &made, &err));
    assert_ok(ob_coap_read(msg, made, &err));
    return made;
}

static void messages_go_there_and_back_with_each_algorithm(void **state)
{
    (void)state;
    static const int all[] = {OB_AES_CCM_16_64_128, OB_AES_CCM_16_128_128, OB_AES_GCM_128,
                              OB_AES_GCM_192,       OB_AES_GCM_256,        OB_AES_CCM_16_64_256,
                              OB_CHACHA20_POLY1305, OB_AES_CCM_16_128_256, OB_AES_CCM_64_64_128,
                              OB_AES_CCM_64_128_256};
    for (size_t i = 0; i < OB_COUNT(all); i++) {
        ob_err err = {0};
        ob_oscore client;
        ob_oscore server;
        uint8_t plain[CAP];
        uint8_t sealed[CAP];
        uint8_t work[CAP];
        ob_coap_msg msg;
        ob_coap_msg outer;
        ob_coap_msg inner;
        ob_oscore_bind asks;
        ob_oscore_bind answers;
        ob_oscore_refusal refusal;
        ob_span made;
        ob_span path;
        pair(&client, &server, all[i]);
        (void)write_request(plain, &msg, false, (ob_span){0});
        assert_ok(ob_oscore_request(&client, &msg, &asks, sealed, sizeof sealed, &made, &err));
        assert_int_equal(ob_span_find(made, OB_SPAN("valve"), 0), SIZE_MAX);
        assert_ok(ob_coap_read(&outer, made, &err));
        assert_int_equal(outer.code, OB_COAP_POST);
        assert_ok(ob_oscore_open_request(&server, &outer, work, sizeof work, &inner, &answers,
                                         &refusal, &err));
        assert_int_equal(inner.code, OB_COAP_PUT);
        assert_true(ob_coap_find(&inner, OB_COAP_URI_PATH, &path));
        assert_span(path, "valve");
        assert_true(ob_coap_find(&inner, OB_COAP_URI_HOST, &path));
        assert_span(inner.payload, "open");
        /* The same again is a replay. */
        assert_fails(ob_oscore_open_request(&server, &outer, work, sizeof work, &inner, &answers,
                                            &refusal, &err),
                     OB_ERR_PEER, "Replay detected");
        assert_int_equal(refusal.code, OB_COAP_CODE(4, 1));
        /* Two answers: the second may not have the nonce of the first. */
        for (size_t round = 0; round < 2; round++) {
            ob_coap_msg answer = {.type = OB_COAP_ACK,
                                  .code = OB_COAP_CODE(2, 4),
                                  .id = 7,
                                  .payload = OB_SPAN("done")};
            assert_ok(ob_oscore_response(&server, &answers, &answer, false, sealed, sizeof sealed,
                                         &made, &err));
            assert_ok(ob_coap_read(&outer, made, &err));
            assert_true(ob_coap_find(&outer, OB_COAP_OSCORE, &path));
            assert_int_equal(path.len, round == 0 ? 0 : 2);
            assert_ok(
                ob_oscore_open_response(&client, &asks, &outer, work, sizeof work, &inner, &err));
            assert_span(inner.payload, "done");
        }
    }
}

static void a_changed_byte_is_noticed(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    uint8_t plain[CAP];
    uint8_t sealed[CAP];
    uint8_t work[CAP];
    ob_coap_msg msg;
    ob_coap_msg inner;
    ob_oscore_bind bind;
    ob_oscore_refusal refusal;
    ob_span made;
    pair(&client, &server, 0);
    (void)write_request(plain, &msg, false, (ob_span){0});
    assert_ok(ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err));
    assert_ok(ob_coap_read(&msg, made, &err));
    for (size_t i = 0; i < msg.payload.len; i++) {
        size_t at = made.len - msg.payload.len + i;
        sealed[at] ^= 1;
        assert_fails(
            ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err),
            OB_ERR_PEER, "Decryption failed");
        assert_int_equal(refusal.code, OB_COAP_CODE(4, 0));
        sealed[at] ^= 1;
    }
    /* Nothing of that moved the window. */
    assert_ok(
        ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err));
}

static void after_a_restart_an_echo_proves_that_a_request_is_new(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    uint8_t plain[CAP];
    uint8_t sealed[CAP];
    uint8_t work[CAP];
    ob_coap_msg msg;
    ob_coap_msg inner;
    ob_oscore_bind bind;
    ob_oscore_bind asks;
    ob_oscore_refusal refusal;
    ob_span made;
    ob_span echo = OB_SPAN("12345678");
    pair(&client, &server, 0);
    ob_oscore_restart(&server, 100);
    (void)write_request(plain, &msg, false, (ob_span){0});
    assert_ok(ob_oscore_request(&client, &msg, &asks, sealed, sizeof sealed, &made, &err));
    assert_ok(ob_coap_read(&msg, made, &err));
    assert_ok(
        ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err));
    assert_false(ob_oscore_is_fresh(&server, &inner, &bind, echo));
    uint8_t earlier[CAP];
    ob_coap_msg first;
    memcpy(earlier, sealed, made.len);
    assert_ok(ob_coap_read(&first, (ob_span){(const char *)earlier, made.len}, &err));
    /* The challenge is protected under a number of its own. */
    ob_coap_msg answer = {.code = OB_COAP_CODE(4, 1)};
    uint8_t other[CAP];
    assert_ok(ob_oscore_response(&server, &bind, &answer, false, other, sizeof other, &made, &err));
    assert_int_equal(server.sequence, 101);
    /* It is sent again: not fresh a second time either. With the echo it is. */
    (void)write_request(plain, &msg, false, echo);
    assert_ok(ob_oscore_request(&client, &msg, &asks, sealed, sizeof sealed, &made, &err));
    assert_ok(ob_coap_read(&msg, made, &err));
    assert_ok(
        ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err));
    assert_false(ob_oscore_is_fresh(&server, &inner, &bind, OB_SPAN("87654321")));
    assert_true(ob_oscore_is_fresh(&server, &inner, &bind, echo));
    assert_fails(
        ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err),
        OB_ERR_PEER, "Replay detected");
    /* The window begins there: what came before may have been executed before the restart. */
    assert_fails(
        ob_oscore_open_request(&server, &first, work, sizeof work, &inner, &bind, &refusal, &err),
        OB_ERR_PEER, "Replay detected");
}

static void numbers_end_where_they_are_reserved(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    uint8_t plain[CAP];
    uint8_t sealed[CAP];
    ob_coap_msg msg;
    ob_oscore_bind bind;
    ob_span made;
    pair(&client, &server, 0);
    (void)write_request(plain, &msg, false, (ob_span){0});
    ob_oscore_reserve(&client, 1);
    assert_ok(ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err));
    assert_fails(ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err),
                 OB_ERR_LIMIT, "number 1 is not reserved");
    ob_oscore_reserve(&client, UINT64_MAX);
    client.sequence = OB_OSCORE_SEQUENCE_MAX;
    assert_ok(ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err));
    assert_fails(ob_oscore_request(&client, &msg, &bind, sealed, sizeof sealed, &made, &err),
                 OB_ERR_LIMIT, "used up");
}

static void an_old_notification_is_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    uint8_t plain[CAP];
    uint8_t sealed[3][CAP];
    uint8_t work[CAP];
    ob_coap_msg msg;
    ob_coap_msg inner;
    ob_oscore_bind asks;
    ob_oscore_bind bind;
    ob_oscore_refusal refusal;
    ob_span made[3];
    pair(&client, &server, 0);
    (void)write_request(plain, &msg, true, (ob_span){0});
    assert_ok(ob_oscore_request(&client, &msg, &asks, sealed[0], CAP, &made[0], &err));
    assert_ok(ob_coap_read(&msg, made[0], &err));
    assert_int_equal(msg.code, OB_COAP_FETCH);
    assert_ok(
        ob_oscore_open_request(&server, &msg, work, sizeof work, &inner, &bind, &refusal, &err));
    assert_true(bind.observing);
    for (size_t i = 0; i < 3; i++) {
        uint8_t bytes[CAP];
        ob_coap_msg note;
        ob_span text;
        ob_coap_writer w = ob_coap_writer_on(bytes, sizeof bytes);
        ob_coap_msg head = {.type = OB_COAP_NON, .code = OB_COAP_CODE(2, 5)};
        ob_coap_begin(&w, &head);
        ob_coap_add_uint(&w, OB_COAP_OBSERVE, (uint32_t)i + 1);
        assert_ok(ob_coap_end(&w, &text, &err));
        assert_ok(ob_coap_read(&note, text, &err));
        assert_ok(ob_oscore_response(&server, &bind, &note, false, sealed[i], CAP, &made[i], &err));
    }
    static const size_t order[] = {0, 2, 1};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(ob_coap_read(&msg, made[order[i]], &err));
        if (order[i] == 1) {
            assert_fails(
                ob_oscore_open_response(&client, &asks, &msg, work, sizeof work, &inner, &err),
                OB_ERR_PEER, "older");
        } else {
            assert_ok(
                ob_oscore_open_response(&client, &asks, &msg, work, sizeof work, &inner, &err));
        }
    }
}

static void what_cannot_be_is_said(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore context;
    ob_oscore_options options = of_client();
    options.recipient_id = (ob_span){0};
    assert_fails(ob_oscore_init(&context, &options, &err), OB_ERR_INPUT, "same id");
    options.recipient_id = OB_SPAN("12345678");
    assert_fails(ob_oscore_init(&context, &options, &err), OB_ERR_INPUT, "7 bytes at most");
    options.recipient_id = OB_SPAN("1");
    options.aead = 99;
    assert_fails(ob_oscore_init(&context, &options, &err), OB_ERR_INPUT, "no AEAD algorithm 99");
    options.aead = 0;
    options.master_secret = (ob_span){0};
    assert_fails(ob_oscore_init(&context, &options, &err), OB_ERR_INPUT, "master secret is empty");
}

/* The first notification may go under the number of the request, but only the first. */
static void a_notification_without_a_number_comes_first_and_once(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    uint8_t plain[CAP];
    uint8_t sealed[CAP];
    uint8_t work[CAP];
    uint8_t aad[OBI_OSCORE_AAD_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    ob_coap_msg msg;
    ob_coap_msg inner;
    ob_oscore_bind asks;
    ob_span made;
    pair(&client, &server, 0);
    (void)write_request(plain, &msg, true, (ob_span){0});
    assert_ok(ob_oscore_request(&client, &msg, &asks, sealed, CAP, &made, &err));
    /* 2.05 with an empty Observe option, under the nonce of the request */
    uint8_t bytes[2 + OB_LINK_TAG_MAX] = {OB_COAP_CODE(2, 5), OB_COAP_OBSERVE << 4};
    obi_oscore_nonce(&server, (ob_span){(char *)asks.kid, asks.kid_len},
                     (ob_span){(char *)asks.piv, asks.piv_len}, nonce);
    assert_true(server.crypto->seal(server.crypto->ctx, server.aead, server.sender_key, nonce,
                                    obi_oscore_aad(&server, &asks, aad), bytes, 2));
    ob_coap_msg head = {.type = OB_COAP_NON, .code = OB_COAP_CODE(2, 5)};
    ob_coap_writer w = ob_coap_writer_on(sealed, sizeof sealed);
    ob_coap_begin(&w, &head);
    ob_coap_add_uint(&w, OB_COAP_OBSERVE, 1);
    ob_coap_add(&w, OB_COAP_OSCORE, (ob_span){0});
    ob_coap_payload(&w, (ob_span){(char *)bytes, 2U + server.sizes.tag});
    assert_ok(ob_coap_end(&w, &made, &err));
    assert_ok(ob_coap_read(&msg, made, &err));
    for (unsigned i = 0; i < 4; i++) {
        ob_oscore_bind bind = asks;
        bind.observing = i != 0;
        bind.notified_any = i == 1;
        bind.used = i == 2;
        if (i < 3) {
            assert_fails(
                ob_oscore_open_response(&client, &bind, &msg, work, sizeof work, &inner, &err),
                OB_ERR_PEER, i == 0 ? "not asked for" : "older");
        } else {
            assert_ok(
                ob_oscore_open_response(&client, &bind, &msg, work, sizeof work, &inner, &err));
            assert_true(bind.used && !bind.notified_any);
        }
    }
}

/* Protected by hand, for what is inside is none of a message. */
static ob_span seal_by_hand(ob_oscore *client, ob_span plain, uint8_t out[CAP])
{
    ob_err err = {0};
    uint8_t aad[OBI_OSCORE_AAD_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    uint8_t sealed[CAP];
    ob_span made;
    ob_oscore_bind bind = {.piv_len = 1, .piv = {5}};
    ob_coap_msg head = {.code = OB_COAP_POST, .id = 7};
    memcpy(sealed, plain.ptr, plain.len);
    obi_oscore_nonce(client, (ob_span){0}, (ob_span){(char *)bind.piv, 1}, nonce);
    assert_true(client->crypto->seal(client->crypto->ctx, client->aead, client->sender_key, nonce,
                                     obi_oscore_aad(client, &bind, aad), sealed, plain.len));
    ob_coap_writer w = ob_coap_writer_on(out, CAP);
    ob_coap_begin(&w, &head);
    ob_coap_add(&w, OB_COAP_OSCORE, OB_SPAN("\x09\x05"));
    ob_coap_payload(&w, (ob_span){(char *)sealed, plain.len + client->sizes.tag});
    assert_ok(ob_coap_end(&w, &made, &err));
    return made;
}

static void what_is_refused_is_not_left_behind(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore client;
    ob_oscore server;
    ob_oscore_bind bind;
    ob_oscore_refusal refusal;
    ob_coap_msg outer;
    ob_coap_msg inner;
    uint8_t out[CAP];
    uint8_t work[CAP];
    pair(&client, &server, 0);
    for (unsigned i = 0; i < 2; i++) { /* no option; and one for which there is no room */
        ob_span plain = i == 0 ? OB_SPAN("\x01\xf0secret") : OB_SPAN("\x01\xb9my-secret");
        size_t cap = i == 0 ? CAP : plain.len + server.sizes.tag;
        assert_ok(ob_coap_read(&outer, seal_by_hand(&client, plain, out), &err));
        memset(work, 0, sizeof work);
        err = (ob_err){0};
        assert_false(
            ob_oscore_open_request(&server, &outer, work, cap, &inner, &bind, &refusal, &err));
        assert_int_equal(refusal.code, i == 0 ? OB_COAP_CODE(4, 2) : OB_COAP_CODE(4, 13));
        assert_int_equal(ob_span_find((ob_span){(char *)work, CAP}, OB_SPAN("secret"), 0),
                         SIZE_MAX);
    }
    ob_span good = OB_SPAN("\x01\xb9my-secret"); /* and it is one where there is */
    assert_ok(ob_coap_read(&outer, seal_by_hand(&client, good, out), &err));
    assert_ok(ob_oscore_open_request(&server, &outer, work, CAP, &inner, &bind, &refusal, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_a_request_of_the_standard),
        cmocka_unit_test(messages_go_there_and_back_with_each_algorithm),
        cmocka_unit_test(a_changed_byte_is_noticed),
        cmocka_unit_test(after_a_restart_an_echo_proves_that_a_request_is_new),
        cmocka_unit_test(numbers_end_where_they_are_reserved),
        cmocka_unit_test(an_old_notification_is_refused),
        cmocka_unit_test(a_notification_without_a_number_comes_first_and_once),
        cmocka_unit_test(what_cannot_be_is_said),
        cmocka_unit_test(what_is_refused_is_not_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
