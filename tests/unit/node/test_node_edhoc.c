/* SPDX-License-Identifier: Apache-2.0 */
/* EDHOC between client and server over a wire that is made up (RFC 9528, A.2.1; RFC 9668). */
#include "node_pair.h"

static bool find_server(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    const ob_edhoc_cred *known = ctx;
    *peer = *known;
    return ob_span_is(id, known->id);
}

static void edhoc_gives_rights_to_who_it_is(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_node_config c;
    ob_node_identity own;
    ob_node_identity peer;
    ob_node_secret key;
    ob_oscore made;
    start(true);
    assert_ok(ob_node_config_load(&c, &arena, "client.yaml", &err));
    assert_ok(ob_node_identity_read(&own, &arena, &c.edhoc.own, &err));
    assert_ok(ob_node_identity_read(&peer, &arena, &c.edhoc.peers[0], &err));
    assert_ok(ob_node_secret_read(&key, "a.key", &err));
    assert_int_equal(ob_node_key_curve(&key, &own.cred), OB_P256);
    assert_int_equal(ob_node_key_curve(&key, &peer.cred), 0);
    ob_edhoc_options options = {.method = 3,
                                .suites = {0, 2}, /* the server has 2 and 3: it says so */
                                .suite_count = 2,
                                .connection_id = OB_SPAN("\x0e"),
                                .own = own.cred,
                                .private_key = {(char *)key.bytes, 32},
                                .find = find_server,
                                .ctx = &peer.cred};
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
    ob_node_config c;
    ob_node_identity own;
    ob_node_identity peer;
    ob_node_secret key;
    ob_oscore made;
    start(true);
    assert_ok(ob_node_config_load(&c, &arena, "client.yaml", &err));
    assert_ok(ob_node_identity_read(&own, &arena, &c.edhoc.own, &err));
    assert_ok(ob_node_identity_read(&peer, &arena, &c.edhoc.peers[0], &err));
    assert_ok(ob_node_secret_read(&key, "a.key", &err));
    own.cred.id = w.server->trust.peers[0].cred.id = long_id(ids[0], 'a');
    peer.cred.id = w.server->trust.own.cred.id = long_id(ids[1], 'b');
    ob_edhoc_options options = {.method = 3,
                                .suites = {2},
                                .suite_count = 1,
                                .connection_id = OB_SPAN("\x0e"),
                                .own = own.cred,
                                .private_key = {(char *)key.bytes, 32},
                                .find = find_server,
                                .ctx = &peer.cred};
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
        /* Messages 1 and 2 take two exchanges, so does message 3; then the request. */
        assert_true(w.lose > 0 || client.stats.messages_out - before == 5);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edhoc_gives_rights_to_who_it_is),
        cmocka_unit_test(long_messages_of_edhoc_go_in_blocks),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
