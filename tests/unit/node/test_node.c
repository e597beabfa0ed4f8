/* SPDX-License-Identifier: Apache-2.0 */
/* Server and client over a wire that is made up: resources, blocks, OSCORE, rights, files. */
#include "node_pair.h"

static void the_resources(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(get("/sensor"), 205);
    assert_string_equal(last.body, "{\"celsius\":19.5,\"reading\":0}");
    assert_int_equal(get("/actuator"), 205);
    assert_string_equal(last.body, "off");
    assert_int_equal(put("on"), 204);
    assert_int_equal(get("/actuator"), 205);
    assert_string_equal(last.body, "on");
    assert_int_equal(put("perhaps"), 400);
    assert_int_equal(get("/nothing"), 404);
    assert_int_equal(get("/sensor/more"), 404);
    assert_int_equal(get("/.well-known/core"), 205);
    assert_non_null(strstr(last.body, "</sensor>;rt=\"temperature\";ct=50;obs"));
    assert_null(strstr(last.body, "edhoc"));
    ob_node_request r = ask(OB_COAP_POST, "coap://127.0.0.1/sensor", (ob_span){0});
    assert_int_equal(go(&r), 405);
    r = ask(OB_COAP_POST, "coap://127.0.0.1/.well-known/edhoc", OB_SPAN("\xf5"));
    assert_int_equal(go(&r), 404);
    r = ask(OB_COAP_GET, "coap://127.0.0.1/sensor", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_ACCEPT, OB_SPAN("\x3c")};
    assert_int_equal(go(&r), 406);
    r = ask(OB_COAP_GET, "coap://127.0.0.1/sensor", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){2049, OB_SPAN("critical")};
    assert_int_equal(go(&r), 402);
    r.options[1] = (ob_coap_option){OB_COAP_PROXY_URI, OB_SPAN("coap://elsewhere")};
    assert_int_equal(go(&r), 505);
    assert_int_equal(w.executed, 1);
    end();
}

/* Bodies of each size around the edges of blocks, over a wire that loses, plain. */
/* RFC 7252, 5.4.1 and 5.4.5. */
static void options_that_must_be_understood_are(void **state)
{
    (void)state;
    ob_err err = {0};
    start(false);
    ob_node_request r = ask(OB_COAP_GET, "coap://127.0.0.1/sensor", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_ACCEPT, OB_SPAN("\x32")};
    assert_int_equal(go(&r), 205);
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_ACCEPT, OB_SPAN("\x32")};
    assert_int_equal(go(&r), 402);
    r.options[--r.option_count - 1].value = OB_SPAN("\0\0\x32");
    assert_int_equal(go(&r), 402);
    /* GET /sensor with option 9999: confirmable, and not */
    char message[] = "\x41\x01\x70\x00T\xb6sensor\xe0\x26\x01";
    ob_span datagram = {message, sizeof message - 1};
    ob_node_server_receive(w.server, &w.from, datagram, w.now, WALL);
    assert_int_equal(w.count, 1);
    message[0] = '\x51';
    message[3] = '\x01';
    ob_node_server_receive(w.server, &w.from, datagram, w.now, WALL);
    assert_int_equal(w.count, 1);
    message[sizeof message - 2] = '\x02'; /* 10000: it need not be understood */
    message[3] = '\x02';
    ob_node_server_receive(w.server, &w.from, datagram, w.now, WALL);
    assert_int_equal(w.count, 2);
    w.count = 0;
    for (w.strange = 9999; w.strange <= 10000; w.strange++) {
        ob_node_response response = {.body = {.max = 100}, .location = {.max = 100}};
        r = ask(OB_COAP_PUT, "coap://127.0.0.1/actuator", OB_SPAN("on"));
        if (w.strange % 2 == 1) {
            assert_fails(ob_node_client_do(&client, &r, &response, &err), OB_ERR_PEER, "9999");
        } else {
            assert_ok(ob_node_client_do(&client, &r, &response, &err));
        }
        ob_buf_fini(&response.body);
        ob_buf_fini(&response.location);
    }
    end();
}

static void reports_go_up_and_down_in_blocks(void **state)
{
    (void)state;
    static char body[65537];
    static const size_t sizes[] = {1, 15, 16, 17, 1023, 1024, 1025, 2048, 4097, 65536};
    memset(body, 'x', sizeof body);
    for (unsigned lose = 0; lose <= 5; lose += 5) {
        start(false);
        w.lose = lose;
        for (size_t i = 0; i < OB_COUNT(sizes); i++) {
            char path[40];
            body[sizes[i] - 1] = 'z';
            ob_node_request r =
                ask(OB_COAP_POST, "coap://127.0.0.1/faults", (ob_span){body, sizes[i]});
            r.has_szx = i % 2 == 0 && sizes[i] < 5000;
            r.szx = 2;
            assert_int_equal(go(&r), 201);
            (void)snprintf(path, sizeof path, "coap://127.0.0.1/faults/%zu", i + 1);
            r = ask(OB_COAP_GET, path, (ob_span){0});
            r.has_szx = i % 3 == 0 && sizes[i] < 5000;
            r.szx = 1;
            assert_int_equal(go(&r), 205);
            assert_int_equal(strlen(last.body), sizes[i]);
            assert_memory_equal(last.body, body, sizes[i]);
            body[sizes[i] - 1] = 'x';
        }
        assert_int_equal(w.executed, OB_COUNT(sizes));
        ob_node_request r =
            ask(OB_COAP_POST, "coap://127.0.0.1/faults", (ob_span){body, sizeof body});
        assert_int_equal(go(&r), 413);
        assert_int_equal(get("/faults/11"), 404);
        assert_int_equal(get("/faults/0"), 404);
        assert_int_equal(get("/faults"), 205);
        assert_non_null(strstr(last.body, "</faults/10>;sz=65536"));
        end();
    }
}

static void oscore_and_the_rights_table(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3; round++) { /* the second and third are restarts */
        start(true);
        assert_int_equal(get("/sensor"), 401);
        assert_int_equal(get("/nothing"), 401);
        assert_int_equal(get("/.well-known/core"), 205);
        protect();
        unsigned before = client.stats.messages_out;
        assert_int_equal(put("on"), 204);
        /* after a restart a challenge comes first */
        assert_int_equal(client.stats.messages_out - before, round == 0 ? 1 : 2);
        assert_true(last.r.is_protected);
        assert_int_equal(w.executed, 1);
        /* what was executed is not executed again, with the same message id or another one */
        ob_node_server_receive(w.server, &w.from, (ob_span){(char *)w.last, w.last_len}, w.now,
                               WALL);
        w.last[2] ^= 0x55; /* far from those that the client uses next */
        ob_node_server_receive(w.server, &w.from, (ob_span){(char *)w.last, w.last_len}, w.now,
                               WALL);
        assert_int_equal(w.executed, 1);
        assert_int_equal(w.count, 2);
        w.count = 0;
        assert_int_equal(get("/actuator"), 205);
        assert_string_equal(last.body, "on");
        static char body[3000];
        memset(body, 'b', sizeof body);
        ob_node_request r =
            ask(OB_COAP_POST, "coap://127.0.0.1/faults", (ob_span){body, sizeof body});
        assert_int_equal(go(&r), 201);
        assert_int_equal(get("/faults/1"), 205);
        assert_int_equal(strlen(last.body), sizeof body);
        ob_node_state_close(&numbers);
        end();
    }
}

/* A proxy between the two may cut a protected message into blocks (RFC 8613, 4.1.3.4.2). */
static void a_protected_request_may_come_in_blocks(void **state)
{
    (void)state;
    ob_err err = {0};
    start(true);
    protect();
    ob_node_response response = {.body = {.max = 100}, .location = {.max = 100}};
    ob_node_request r = ask(OB_COAP_PUT, "coap://127.0.0.1/actuator", OB_SPAN("on"));
    client.wait_ms = 1000;
    assert_int_equal(put("off"), 204);
    assert_int_equal(w.executed, 1);
    w.lose = 100;
    assert_fails(ob_node_client_do(&client, &r, &response, &err), OB_ERR_TIMEOUT, "");
    w.lose = 0;
    for (unsigned round = 0; round < 2; round++) { /* the second is a replay */
        ob_coap_msg msg;
        ob_coap_msg answer;
        ob_span option;
        ob_span slice;
        ob_coap_block block = {0};
        assert_ok(ob_coap_read(&msg, (ob_span){(char *)w.last, w.last_len}, &err));
        assert_true(ob_coap_find(&msg, OB_COAP_OSCORE, &option));
        msg.id = (uint16_t)(msg.id + 100 * round);
        for (; ob_coap_block_slice(msg.payload, &block, &slice); block.number++) {
            uint8_t out[100];
            ob_span datagram;
            ob_coap_writer writer = ob_coap_writer_on(out, sizeof out);
            msg.id++;
            ob_coap_begin(&writer, &msg);
            ob_coap_add(&writer, OB_COAP_OSCORE, option);
            ob_coap_add_uint(&writer, OB_COAP_BLOCK1, ob_coap_block_value(&block));
            ob_coap_payload(&writer, slice);
            assert_ok(ob_coap_end(&writer, &datagram, &err));
            ob_node_server_receive(w.server, &w.from, datagram, w.now, WALL);
            assert_int_equal(w.count, 1);
            assert_ok(ob_coap_read(&answer,
                                   (ob_span){(char *)w.datagrams[w.first], w.lens[w.first]}, &err));
            w.count = 0;
            bool end_of = !block.more;
            assert_int_equal(ob_coap_find(&answer, OB_COAP_OSCORE, &slice), end_of && round == 0);
            assert_int_equal(answer.code, !end_of      ? OB_COAP_CODE(2, 31)
                                          : round == 0 ? OB_COAP_CODE(2, 4)
                                                       : OB_COAP_CODE(4, 1));
        }
        assert_in_range(block.number, 2, 3);
        assert_int_equal(w.executed, 2);
    }
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    ob_node_state_close(&numbers);
    end();
}

/* Somebody on the way who answers instead of the server. */
static struct {
    uint8_t code;
    size_t most;   /* bytes of a payload that it lets through */
    unsigned from; /* messages that it lets through before that */
    uint8_t szx;   /* of the Block1 option in its answer; 7: none */
    bool has_echo;
    bool executes; /* the server gets the message, too, and its answer is kept back */
    unsigned answered;
} between;

static bool between_send(void *ctx, ob_span datagram, ob_err *unused)
{
    uint8_t out[64];
    ob_err err = {0};
    (void)unused;
    ob_coap_msg msg;
    ob_span made;
    assert_ok(ob_coap_read(&msg, datagram, &err));
    if (between.from > 0 || msg.payload.len <= between.most) {
        between.from -= between.from > 0 ? 1 : 0;
        return wire_send(ctx, datagram, &err);
    }
    if (between.executes) {
        assert_ok(wire_send(ctx, datagram, &err));
        w.count = 0;
    }
    between.answered++;
    msg.type = OB_COAP_ACK;
    msg.code = between.code;
    ob_coap_writer o = ob_coap_writer_on(out, sizeof out);
    ob_coap_begin(&o, &msg);
    if (between.szx < 7) {
        ob_coap_add_uint(&o, OB_COAP_BLOCK1, between.szx);
    }
    if (between.has_echo) {
        ob_coap_add(&o, OB_COAP_ECHO, OB_SPAN("echo"));
    }
    assert_ok(ob_coap_end(&o, &made, &err));
    wire_to_client(&w, &w.from, made);
    return true;
}

/* RFC 7959, 2.9.3 */
static void smaller_blocks_are_tried_where_they_are_wanted(void **state)
{
    (void)state;
    static char body[5001];

    static const struct {
        size_t size;
        size_t most;
        unsigned from;
        uint8_t szx;
        unsigned code;
        unsigned answered;
    } rows[] = {
        {1000, 64, 0, 2, 201, 1}, /* a message that is whole */
        {5000, 64, 0, 2, 201, 1}, /* blocks */
        {5000, 64, 3, 2, 201, 1}, /* in the midst of it */
        {5000, 64, 0, 3, 413, 2}, /* what it asks for is still too large for it */
        {5000, 64, 0, 6, 413, 1}, /* not smaller */
        {1000, 64, 0, 6, 413, 1}, {5000, 64, 0, 7, 413, 1}, /* it does not say */
    };

    memset(body, 'b', sizeof body - 1);
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        start(false);
        memset(&between, 0, sizeof between);
        between.code = OB_COAP_CODE(4, 13);
        between.most = rows[i].most;
        between.from = rows[i].from;
        between.szx = rows[i].szx;
        client.wire.send = between_send;
        ob_node_request r =
            ask(OB_COAP_POST, "coap://127.0.0.1/faults", (ob_span){body, rows[i].size});
        assert_int_equal(go(&r), rows[i].code);
        assert_int_equal(between.answered, rows[i].answered);
        assert_int_equal(w.executed, rows[i].code == 201);
        if (rows[i].code == 201) {
            assert_int_equal(get("/faults/1"), 205);
            assert_int_equal(strlen(last.body), rows[i].size);
        }
        end();
    }
}

/* A response that is not protected may be anybody's: the request was executed and is not made again
 * for it. */
static void nobody_on_the_way_has_a_request_repeated(void **state)
{
    (void)state;
    for (unsigned echo = 0; echo < 2; echo++) {
        static char body[500];
        start(true);
        protect();
        assert_int_equal(get("/sensor"), 205); /* past the challenge, if there is one */
        memset(body, 'b', sizeof body);
        memset(&between, 0, sizeof between);
        between.code = echo ? OB_COAP_CODE(4, 1) : OB_COAP_CODE(4, 13);
        between.szx = echo ? 7 : 2;
        between.has_echo = echo;
        between.executes = true;
        client.wire.send = between_send;
        ob_node_request r =
            ask(OB_COAP_POST, "coap://127.0.0.1/faults", (ob_span){body, sizeof body});
        assert_int_equal(go(&r), echo ? 401 : 413);
        assert_false(last.r.is_protected);
        assert_int_equal(between.answered, 1);
        assert_int_equal(w.executed, 1);
        ob_node_state_close(&numbers);
        end();
    }
}

/* One block of a body as a message of its own; the code of the answer. */
static unsigned put_block(const char *path, unsigned number, bool more, uint32_t size1,
                          const char *payload)
{
    ob_err err = {0};
    static uint16_t id = 1000;
    uint8_t out[OB_COAP_DATAGRAM_MAX];
    ob_coap_msg msg = {.code = OB_COAP_POST, .id = id++, .token_len = 1, .token = "u"};
    ob_coap_block block = {.number = number, .more = more, .szx = 0};
    ob_coap_msg answer;
    ob_span made;
    ob_coap_writer o = ob_coap_writer_on(out, sizeof out);
    ob_coap_begin(&o, &msg);
    ob_coap_add(&o, OB_COAP_URI_PATH, ob_span_str(path));
    ob_coap_add_uint(&o, OB_COAP_BLOCK1, ob_coap_block_value(&block));
    if (size1 > 0) {
        ob_coap_add_uint(&o, OB_COAP_SIZE1, size1);
    }
    ob_coap_payload(&o, ob_span_str(payload));
    assert_ok(ob_coap_end(&o, &made, &err));
    w.count = 0;
    ob_node_server_receive(w.server, &w.from, made, w.now, WALL);
    assert_int_equal(w.count, 1);
    assert_ok(
        ob_coap_read(&answer, (ob_span){(char *)w.datagrams[w.first], w.lens[w.first]}, &err));
    w.count = 0;
    return (answer.code >> 5) * 100U + (answer.code & 31U);
}

/* Whose upload is refused at its beginning goes on with nothing of another one's. */
static void an_upload_is_of_one_client(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(put_block("faults", 0, true, 20, "a secret of mine"), 231);
    assert_int_equal(put_block("faults", 1, false, 0, "half"), 201);
    w.from.bytes[0] = 'd'; /* somebody else */
    assert_int_equal(put_block("faults", 0, true, 1000000, "sixteen bytes..."), 413);
    assert_int_equal(put_block("faults", 1, false, 0, "x"), 408);
    assert_int_equal(get("/faults/2"), 404);
    /* The places that are in use, and the one that is taken from the oldest. */
    for (unsigned i = 0; i <= OBI_UPLOADS; i++) {
        w.from.bytes[0] = (uint8_t)('e' + i);
        assert_int_equal(put_block("faults", 0, true, 0, "another secret.."), 231);
        w.now++;
    }
    w.from.bytes[0] = 'z';
    assert_int_equal(put_block("faults", 0, true, 1000000, "sixteen bytes..."), 413);
    assert_int_equal(put_block("faults", 1, false, 0, "x"), 408);
    w.from.bytes[0] = 'f'; /* the second of them still has its place */
    assert_int_equal(put_block("faults", 1, false, 0, "half"), 201);
    end();
}

static void a_message_has_few_octets_more(void **state)
{
    (void)state;
    start(true);
    ob_err err = {0};
    (void)unlink("client.state");
    protect();
    assert_int_equal(get("/sensor"), 401 - 196); /* past the challenge, if there is one */
    uint64_t out = client.stats.octets_out;
    uint64_t in = client.stats.octets_in;
    assert_int_equal(get("/sensor"), 205);
    out = client.stats.octets_out - out;
    in = client.stats.octets_in - in;
    /* Header 4, token 1, Uri-Path 7; and header 4, token 1, format 2, marker 1, 28. */
    print_message("# OSCORE adds %d octets to a request, %d to a response\n", (int)out - 12,
                  (int)in - 36);
    assert_in_range(out - 12, 11, 14);
    assert_in_range(in - 36, 9, 12);
    ob_node_state_close(&numbers);
    (void)err;
    end();
}

static void secrets_that_others_can_read_are_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_node_secret secret;
    put_file("psk.hex", SECRET, 0640);
    assert_int_equal(chmod("psk.hex", 0640), 0);
    assert_fails(ob_node_secret_read(&secret, "psk.hex", &err), OB_ERR_INPUT, "chmod 600");
    assert_int_equal(chmod("psk.hex", 0600), 0);
    assert_ok(ob_node_secret_read(&secret, "psk.hex", &err));
    put_file("psk.hex", "0102\n", 0600);
    assert_fails(ob_node_secret_read(&secret, "psk.hex", &err), OB_ERR_INPUT, "16 to 128 bytes");
    put_file("psk.hex", "0102030405060708090a0b0c0d0e0f1z\n", 0600);
    assert_fails(ob_node_secret_read(&secret, "psk.hex", &err), OB_ERR_INPUT, "hexadecimal");
    assert_null(strstr(err.text, "0102"));
    assert_fails(ob_node_secret_read(&secret, ".", &err), OB_ERR_INPUT, "regular");
    put_file("psk.hex", SECRET, 0600);
}

/* RFC 8613, 3.3: the same numbers under the same key would give two messages away. */
static void no_two_contexts_have_one_key(void **state)
{
    (void)state;

    static const struct {
        const char *second; /* context */
        bool good;
    } rows[] = {
        {"sender-id: \"01\", recipient-id: \"03\"", false},
        {"sender-id: \"04\", recipient-id: \"03\"", true},
        {"sender-id: \"01\", recipient-id: \"03\", id-context: \"aa\"", true},
        {"sender-id: \"01\", recipient-id: \"03\", salt: \"aa\"", true},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_err err = {0};
        char text[400];
        (void)snprintf(text, sizeof text,
                       "ombud: 1\nstate: two.state\ncontexts:\n"
                       "- {name: a, sender-id: \"01\", recipient-id: \"02\", secret: psk.hex}\n"
                       "- {name: b, %s, secret: psk.hex}\n",
                       rows[i].second);
        assert_ok(
            ob_node_config_parse(&config, &arena, OB_SPAN("two.yaml"), ob_span_str(text), &err));
        ob_node_server_options options = {
            .config = &config, .arena = &arena, .send = wire_to_client, .ctx = &w};
        if (rows[i].good) {
            assert_ok(ob_node_server_open(&w.server, &options, 0, &err));
            ob_node_server_close(w.server);
        } else {
            assert_fails(ob_node_server_open(&w.server, &options, 0, &err), OB_ERR_INPUT,
                         "two.yaml: contexts 'a' and 'b' have one secret and one sender-id");
        }
        ob_arena_fini(&arena);
        (void)unlink("two.state");
        (void)unlink("two.state.lock");
    }
}

static void state_files_that_are_damaged_are_refused(void **state)
{
    (void)state;
    ob_err err = {0};
    static ob_node_state s;
#define DIGEST "0000000000000000000000000000000000000000000000000000000000000001"
    static const char *const good[] = {
        "ombud link state 1\nend 0\n",
        "ombud link state 1\n" DIGEST " 64\nend 1\n",
        "ombud link state 1\n" DIGEST " 1099511627776\nend 1\n",
    };
    static const char *const bad[] = {
        "",
        "ombud link state 2\nend 0\n",
        "ombud link state 1\n",
        "ombud link state 1\n" DIGEST " 64\n",
        "ombud link state 1\n" DIGEST " 64\nend 2\n",
        "ombud link state 1\n" DIGEST " 1099511627777\nend 1\n",
        "ombud link state 1\n" DIGEST " -1\nend 1\n",
        "ombud link state 1\n" DIGEST " 1\n" DIGEST " 2\nend 2\n",
        "ombud link state 1\nend 0\nmore\n",
        "ombud link state 1\n\0end 0\n",
    };
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        assert_ok(ob_node_state_parse(&s, ob_span_str(good[i]), "s", &err));
    }
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(ob_node_state_parse(&s, ob_span_str(bad[i]), "s", &err), OB_ERR_INPUT,
                     "damaged");
    }
    static ob_node_state t;
    assert_ok(ob_node_state_open(&s, "server.state", &err));
    assert_fails(ob_node_state_open(&t, "server.state", &err), OB_ERR_IO, "another process");
    ob_node_state_close(&s);
    assert_ok(ob_node_state_open(&t, "server.state", &err));
    ob_node_state_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_resources),
        cmocka_unit_test(options_that_must_be_understood_are),
        cmocka_unit_test(reports_go_up_and_down_in_blocks),
        cmocka_unit_test(oscore_and_the_rights_table),
        cmocka_unit_test(a_protected_request_may_come_in_blocks),
        cmocka_unit_test(smaller_blocks_are_tried_where_they_are_wanted),
        cmocka_unit_test(nobody_on_the_way_has_a_request_repeated),
        cmocka_unit_test(an_upload_is_of_one_client),
        cmocka_unit_test(a_message_has_few_octets_more),
        cmocka_unit_test(secrets_that_others_can_read_are_refused),
        cmocka_unit_test(no_two_contexts_have_one_key),
        cmocka_unit_test(state_files_that_are_damaged_are_refused),
    };
    return cmocka_run_group_tests(tests, make_files, NULL);
}
