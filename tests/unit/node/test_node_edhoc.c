/* SPDX-License-Identifier: Apache-2.0 */
/* EDHOC between client and server over a wire that is made up (RFC 9528, A.2.1; RFC 9668). */
#include "node_pair.h"

static ob_node_identity own;
static ob_node_identity peer;
static ob_node_secret key;

static bool find_server(void *ctx, ob_span id, ob_edhoc_cred *found)
{
    const ob_edhoc_cred *known = ctx;
    *found = *known;
    return ob_span_is(id, known->id);
}

/* A server, and what the client needs to agree on keys with it. */
static ob_edhoc_options begin(void)
{
    ob_err err = {0};
    ob_node_config c;
    start(true);
    assert_ok(ob_node_config_load(&c, &arena, "client.yaml", &err));
    assert_ok(ob_node_identity_read(&own, &arena, &c.edhoc.own, &err));
    assert_ok(ob_node_identity_read(&peer, &arena, &c.edhoc.peers[0], &err));
    assert_ok(ob_node_secret_read(&key, "a.key", &err));
    return (ob_edhoc_options){.method = 3,
                              .suites = {2},
                              .suite_count = 1,
                              .connection_id = OB_SPAN("\x0e"),
                              .own = own.cred,
                              .private_key = {(char *)key.bytes, 32},
                              .find = find_server,
                              .ctx = &peer.cred};
}

static void edhoc_gives_rights_to_who_it_is(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    assert_int_equal(ob_node_key_curve(&key, &own.cred), OB_P256);
    assert_int_equal(ob_node_key_curve(&key, &peer.cred), 0);
    options.suites[0] = 0; /* the server has 2 and 3: it says so */
    options.suites[1] = 2;
    options.suite_count = 2;
    for (unsigned round = 0; round < 20; round++) { /* more than the server remembers */
        assert_ok(ob_node_client_edhoc(&client, &options, false, &made, &err));
        client.context = &made;
        assert_int_equal(get("/sensor"), 205);
        assert_true(last.r.is_protected);
        assert_int_equal(put("on"), 403); /* the right has ended in 2000 */
        assert_int_equal(get("/actuator"), 403);
        client.context = NULL;
    }
    /* Sizes as published for static keys by kid: 37, 45 and 19, and 8 for message 4. */
    assert_int_equal(client.stats.edhoc[2], 45);
    assert_int_equal(client.stats.edhoc[3], 19);
    assert_int_equal(client.stats.edhoc[4], 9);
    options.suites[0] = 2;
    options.suite_count = 1;
    assert_ok(ob_node_client_edhoc(&client, &options, false, &made, &err));
    assert_int_equal(client.stats.edhoc[1], 37);
    /* Message 3 goes along with the request: one exchange less. */
    unsigned before = client.stats.messages_out;
    assert_ok(ob_node_client_edhoc(&client, &options, true, &made, &err));
    client.context = &made;
    assert_int_equal(get("/sensor"), 205);
    assert_true(last.r.is_protected);
    assert_int_equal(client.stats.messages_out - before, 2);
    assert_int_equal(put("on"), 403);
    client.context = NULL;
    assert_ok(ob_node_client_edhoc(&client, &options, true, &made, &err));
    client.first[client.first_at + 5] ^= 1; /* damaged on its way */
    client.context = &made;
    assert_int_equal(get("/sensor"), 400);
    assert_false(last.r.is_protected);
    client.context = NULL;
    options.own = peer.cred; /* whoever is not in the configuration */
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER, "4.00");
    assert_int_equal(w.executed, 0);
    end();
}

/* {33: ...}: an ID_CRED_x as long as one with a chain of certificates. */
static ob_span long_id(uint8_t bytes[1400], char filling)
{
    static char chain[1200];
    memset(chain, filling, sizeof chain);
    obi_cbor_writer c = {.ptr = bytes, .cap = 1400};
    obi_cbor_put_head(&c, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&c, 33);
    obi_cbor_put_bytes(&c, (ob_span){chain, sizeof chain});
    return obi_cbor_written(&c);
}

static void long_messages_of_edhoc_go_in_blocks(void **state)
{
    (void)state;
    static uint8_t ids[2][1400];
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    w.server->trust.peers[0].cred.id = long_id(ids[0], 'a');
    options.own.id = w.server->trust.peers[0].cred.id;
    peer.cred.id = w.server->trust.own.cred.id = long_id(ids[1], 'b');
    for (unsigned round = 0; round < 12; round++) {
        bool combined = round % 2 == 1; /* too long to go along: then before the request */
        unsigned before = client.stats.messages_out;
        w.lose = round < 2 ? 0 : 10;
        assert_ok(ob_node_client_edhoc(&client, &options, combined, &made, &err));
        assert_in_range(client.stats.edhoc[2], 1200, 1300);
        assert_in_range(client.stats.edhoc[3], 1200, 1300);
        client.context = &made;
        assert_int_equal(get("/sensor"), 205);
        assert_true(last.r.is_protected);
        /* Messages 1 and 2 take two exchanges, and an Echo value one; message 3 takes two; then the
         * request. */
        assert_true(w.lose > 0 || client.stats.messages_out - before == 6);
        client.context = NULL;
    }
    w.lose = 0;
    w.from.bytes[0] = 'd'; /* who has not asked for the first block gets no other */
    ob_node_request r = ask(OB_COAP_POST, "coap://127.0.0.1/.well-known/edhoc", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_BLOCK2, OB_SPAN("\x16")};
    assert_int_equal(go(&r), 408);
    static char body[3000] = "\xf5";
    r = ask(OB_COAP_POST, "coap://127.0.0.1/.well-known/edhoc", (ob_span){body, sizeof body});
    assert_int_equal(go(&r), 413);
    end();
}

static unsigned sessions(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < OBI_SESSIONS; i++) {
        count += w.server->sessions[i].used;
    }
    return count;
}

/* A message 1, or what asks for a block of message 2, from w.from; the answer. */
static ob_coap_msg hello(ob_span message_1, ob_span block2, ob_span echo, size_t *len, size_t *back)
{
    static uint16_t id;
    uint8_t bytes[OB_COAP_DATAGRAM_MAX];
    ob_err err = {0};
    ob_span datagram;
    ob_coap_msg answer;
    const ob_coap_msg head = {.type = OB_COAP_CON, .code = OB_COAP_POST, .id = ++id};
    ob_coap_writer c = ob_coap_writer_on(bytes, sizeof bytes);
    ob_coap_begin(&c, &head);
    ob_coap_add(&c, OB_COAP_URI_PATH, OB_SPAN(".well-known"));
    ob_coap_add(&c, OB_COAP_URI_PATH, OB_SPAN("edhoc"));
    if (block2.len > 0) {
        ob_coap_add(&c, OB_COAP_BLOCK2, block2);
    }
    if (echo.len > 0) {
        ob_coap_add(&c, OB_COAP_ECHO, echo);
    }
    ob_coap_payload(&c, message_1);
    assert_ok(ob_coap_end(&c, &datagram, &err));
    w.count = 0;
    ob_node_server_receive(w.server, &w.from, datagram, w.now, WALL);
    assert_int_equal(w.count, 1);
    *len = datagram.len;
    *back = w.lens[w.first];
    assert_ok(ob_coap_read(&answer, (ob_span){(const char *)w.datagrams[w.first], w.lens[w.first]},
                           &err));
    return answer;
}

/* Who holds a forged address gets at most three times of what was sent in its name. */
static void a_long_message_2_waits_for_an_echo(void **state)
{
    (void)state;
    static uint8_t id[1400];
    char echo[8];
    uint8_t out[200] = {0xf5};
    char ephemeral[32] = {1};
    ob_err err = {0};
    ob_edhoc session;
    ob_span made;
    ob_span value;
    size_t len = 0;
    size_t back = 0;
    const ob_edhoc_options options = begin();
    ob_edhoc_start(&session, &options, true);
    assert_ok(ob_edhoc_write_1(&session, (ob_span){ephemeral, 32}, (ob_span){0}, out + 1,
                               sizeof out - 1, &made, &err));
    const ob_span first = {(const char *)out, made.len + 1};
    /* A short one needs none. */
    assert_int_equal(hello(first, (ob_span){0}, (ob_span){0}, &len, &back).code,
                     OB_COAP_CODE(2, 4));
    assert_true(back <= 3 * len);
    w.server->trust.own.cred.id = long_id(id, 'b');
    for (unsigned round = 0; round < 12; round++) { /* more than there is room for sessions */
        ob_coap_msg asks = hello(first, (ob_span){0}, (ob_span){0}, &len, &back);
        assert_int_equal(asks.code, OB_COAP_CODE(4, 1));
        assert_true(ob_coap_find(&asks, OB_COAP_ECHO, &value) && value.len == 8 && back <= 3 * len);
        memcpy(echo, value.ptr, 8);
    }
    assert_int_equal(sessions(), 1); /* that of the short one */
    const ob_span right = {echo, 8};
    w.now += 29999;
    assert_int_equal(hello(first, (ob_span){0}, right, &len, &back).code, OB_COAP_CODE(2, 4));
    assert_true(back > 1024);
    w.now += 60000; /* it is over, and it is nobody else's */
    assert_int_equal(hello(first, (ob_span){0}, right, &len, &back).code, OB_COAP_CODE(4, 1));
    w.from.bytes[0] = 'x';
    assert_int_equal(hello(first, (ob_span){0}, right, &len, &back).code, OB_COAP_CODE(4, 1));
    /* Blocks of 64 bytes need none, but who goes on with longer ones does. */
    assert_int_equal(hello(first, OB_SPAN("\x02"), (ob_span){0}, &len, &back).code,
                     OB_COAP_CODE(2, 4));
    assert_true(back <= 3 * len);
    ob_coap_msg more = hello((ob_span){0}, OB_SPAN("\x16"), (ob_span){0}, &len, &back);
    assert_int_equal(more.code, OB_COAP_CODE(4, 1));
    assert_true(ob_coap_find(&more, OB_COAP_ECHO, &value) && value.len == 8 && back <= 3 * len);
    memcpy(echo, value.ptr, 8);
    assert_int_equal(hello((ob_span){0}, OB_SPAN("\x16"), right, &len, &back).code,
                     OB_COAP_CODE(2, 4));
    assert_int_equal(hello((ob_span){0}, OB_SPAN("\x14"), (ob_span){0}, &len, &back).code,
                     OB_COAP_CODE(2, 4));
    ob_edhoc_wipe(&session);
    w.from.bytes[0] = 'c';
    end();
}

static bool find_nobody(void *ctx, ob_span id, ob_edhoc_cred *found)
{
    (void)ctx;
    (void)id;
    (void)found;
    return false;
}

/* Somebody else under that name. */
static bool find_another(void *ctx, ob_span id, ob_edhoc_cred *found)
{
    (void)ctx;
    (void)id;
    *found = own.cred;
    return true;
}

/* RFC 9528, 5.3.3 and 6 */
static void who_refuses_message_2_says_so(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    ob_coap_msg msg;
    options.find = find_nobody;
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "not known");
    assert_ok(ob_coap_read(&msg, (ob_span){(char *)w.last, w.last_len}, &err));
    assert_int_equal(msg.payload.len, 3); /* C_R, 3, true */
    assert_memory_equal(msg.payload.ptr + 1, "\x03\xf5", 2);
    assert_string_equal(w.said, "a peer ends EDHOC with error 3");
    assert_int_equal(sessions(), 0);
    options.find = find_another;
    assert_fails(ob_node_client_edhoc(&client, &options, true, &made, &err), OB_ERR_PEER,
                 "proof is wrong");
    assert_string_equal(w.said, "a peer ends EDHOC with error 1: refused");
    assert_int_equal(sessions(), 0);
    assert_int_equal(client.first_len, 0);
    /* Of a session that is not there it is refused, and one that cannot be read is no error. */
    ob_node_request r =
        ask(OB_COAP_POST, "coap://127.0.0.1/.well-known/edhoc", OB_SPAN("\x05\x03\xf5"));
    assert_int_equal(go(&r), 400);
    end();
}

/* What the client says does not have to arrive, and does not hold it up. */
static bool deaf_send(void *ctx, ob_span datagram, ob_err *err)
{
    bool is_error = datagram.len > 3 && memcmp(datagram.ptr + datagram.len - 2, "\x03\xf5", 2) == 0;
    return is_error || wire_send(ctx, datagram, err);
}

static void a_refusal_may_be_lost(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    options.find = find_nobody;
    client.wire.send = deaf_send;
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "not known");
    assert_in_range(w.now, 2000, 5000);
    assert_int_equal(client.wait_ms, 93000);
    assert_int_equal(sessions(), 1);
    end();
}

/* The identifier of the session stands within message 2: who cannot read it says nothing. */
static bool garbling_send(void *ctx, ob_span datagram, ob_err *unused)
{
    ob_err err = {0};
    ob_coap_msg msg;
    assert_true(wire_send(ctx, datagram, unused));
    uint8_t *bytes = w.datagrams[w.first];
    assert_ok(ob_coap_read(&msg, (ob_span){(char *)bytes, w.lens[w.first]}, &err));
    bytes[w.lens[w.first] - msg.payload.len] ^= 0x20;
    return true;
}

static void what_is_no_message_2_is_not_answered(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    client.wire.send = garbling_send;
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "one byte string");
    assert_int_equal(client.stats.messages_out, 1);
    end();
}

static void the_reason_of_the_server_is_told(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    options.suites[0] = 0;
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "4.00: no suite of 'suites' is left; it has 2, 3 (error 2)");
    options.suites[0] = 2;
    options.own = peer.cred; /* whoever is not in the configuration */
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "4.00: it does not know who this is (error 3)");
    options.own = own.cred;
    options.private_key = OB_SPAN(KEY_A);
    options.private_key.len = 32;
    assert_fails(ob_node_client_edhoc(&client, &options, false, &made, &err), OB_ERR_PEER,
                 "4.00: refused (error 1)");
    end();
}

static void a_session_waits_for_a_minute(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    for (unsigned late = 0; late < 3; late++) {
        ob_edhoc_options options = begin();
        assert_ok(ob_node_client_edhoc(&client, &options, true, &made, &err));
        assert_int_equal(sessions(), 1);
        assert_int_equal(ob_node_server_wake(w.server), OBI_SESSION_MS);
        client.context = &made;
        w.now = late > 0 ? OBI_SESSION_MS : OBI_SESSION_MS - 1;
        if (late == 2) { /* what is secret goes by itself */
            ob_node_server_tick(w.server, w.now, WALL);
            assert_int_equal(sessions(), 0);
        }
        assert_int_equal(get("/sensor"), late > 0 ? 400 : 205);
        assert_int_equal(sessions(), 0);
        client.context = NULL;
        end();
    }
}

/* The beginnings of what the server expects, and anything behind them. */
static void whatever_comes_is_answered(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_oscore made;
    ob_edhoc_options options = begin();
    static const char heads[] = "\x00\x01\x02\x03\x20\x40\x58\x60\x80\x82\xa1\xc0\xf5\xff";
    unsigned good = 0;
    for (unsigned i = 0; i < 2000; i++) {
        char body[80];
        size_t len = 1 + ob_rng_below(&w.rng, sizeof body - 1);
        if (i % 50 == 0) { /* one more session */
            assert_ok(ob_node_client_edhoc(&client, &options, true, &made, &err));
            ob_oscore_wipe(&made);
        }
        for (size_t k = 0; k < len; k++) {
            body[k] = ob_rng_below(&w.rng, 3) == 0 ? heads[ob_rng_below(&w.rng, sizeof heads - 1)]
                                                   : (char)ob_rng_below(&w.rng, 256);
        }
        switch (ob_rng_below(&w.rng, 4)) {
        case 0: /* message 1, of a method and a suite that are there */
            memcpy(body, "\xf5\x03\x02\x58\x20", len < 5 ? len : 5);
            break;
        case 1: /* message 3 or an error, of a session that is */
            body[0] = (char)w.server->sessions[i % OBI_SESSIONS].id;
            break;
        case 2:
            body[0] = '\xf5';
            break;
        default:
            break;
        }
        ob_node_request r =
            ask(OB_COAP_POST, "coap://127.0.0.1/.well-known/edhoc", (ob_span){body, len});
        unsigned code = go(&r);
        assert_true(code == 204 || code == 400);
        good += code == 204;
        assert_true(sessions() <= OBI_SESSIONS);
    }
    assert_in_range(good, 1, 1999);
    assert_int_equal(w.executed, 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edhoc_gives_rights_to_who_it_is),
        cmocka_unit_test(long_messages_of_edhoc_go_in_blocks),
        cmocka_unit_test(a_long_message_2_waits_for_an_echo),
        cmocka_unit_test(who_refuses_message_2_says_so),
        cmocka_unit_test(a_refusal_may_be_lost),
        cmocka_unit_test(what_is_no_message_2_is_not_answered),
        cmocka_unit_test(the_reason_of_the_server_is_told),
        cmocka_unit_test(a_session_waits_for_a_minute),
        cmocka_unit_test(whatever_comes_is_answered),
    };
    return cmocka_run_group_tests(tests, make_files, NULL);
}
