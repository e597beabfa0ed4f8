/* SPDX-License-Identifier: Apache-2.0 */
/* Server and client over a wire that is made up: plain, OSCORE, EDHOC, blocks, Observe, rights. */
#include "link/cbor.h"
#include "node/server_parts.h"
#include "node_test.h"

#define SECRET "0102030405060708090a0b0c0d0e0f10\n"

static wire w;
static ob_node_client client;
static ob_arena arena;
static ob_node_config config;

/* A CCS with that name and kid for the key in text, as hexadecimal digits. */
static void make_ccs(const char *key, uint8_t kid, char hex[400])
{
    uint8_t secret[32];
    uint8_t x[32];
    uint8_t y[32];
    uint8_t bytes[128];
    size_t len = 0;
    assert_true(ob_node_hex(ob_span_str(key), secret, sizeof secret, &len));
    assert_true(
        ob_link_libcrypto()->public_key(NULL, OB_P256, (ob_span){(char *)secret, 32}, x, y));
    obi_cbor_writer c = {.ptr = bytes, .cap = sizeof bytes};
    obi_cbor_put_head(&c, OBI_CBOR_MAP, 2);
    obi_cbor_put_int(&c, 2);
    obi_cbor_put_text(&c, OB_SPAN("node"));
    obi_cbor_put_int(&c, 8);
    obi_cbor_put_head(&c, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&c, 1);
    obi_cbor_put_head(&c, OBI_CBOR_MAP, 5);
    obi_cbor_put_int(&c, 1);
    obi_cbor_put_int(&c, 2);
    obi_cbor_put_int(&c, 2);
    obi_cbor_put_bytes(&c, (ob_span){(char *)&kid, 1});
    obi_cbor_put_int(&c, -1);
    obi_cbor_put_int(&c, 1);
    obi_cbor_put_int(&c, -2);
    obi_cbor_put_bytes(&c, (ob_span){(char *)x, 32});
    obi_cbor_put_int(&c, -3);
    obi_cbor_put_bytes(&c, (ob_span){(char *)y, 32});
    for (size_t i = 0; i < c.len; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    }
}

#define KEY_A "1111111111111111111111111111111111111111111111111111111111111111"
#define KEY_B "2222222222222222222222222222222222222222222222222222222222222222"

static int make_files(void **state)
{
    (void)state;
    char a[400];
    char b[400];
    static char text[4096];
    go_away();
    put_file("psk.hex", SECRET, 0600);
    put_file("a.key", KEY_A, 0600);
    put_file("b.key", KEY_B, 0600);
    make_ccs(KEY_A, 0x2b, a);
    make_ccs(KEY_B, 0x32, b);
    (void)snprintf(text, sizeof text,
                   "ombud: 1\nstate: server.state\ncontexts:\n"
                   "- {name: meter, sender-id: \"01\", recipient-id: \"\", secret: psk.hex}\n"
                   "edhoc:\n  key: b.key\n  credential: \"%s\"\n  suites: [2, 3]\n"
                   "  message-4: true\n  peers:\n  - {name: display, credential: \"%s\"}\n"
                   "rights:\n"
                   "- {who: anyone, resource: /.well-known/core, methods: [GET]}\n"
                   "- {who: meter, resource: /*, methods: [GET, PUT, POST]}\n"
                   "- {who: display, resource: /sensor, methods: [GET]}\n"
                   "- {who: display, resource: /actuator, methods: [PUT], until: 2000-01-01}\n",
                   b, a);
    put_file("server.yaml", text, 0644);
    (void)snprintf(text, sizeof text,
                   "ombud: 1\nstate: client.state\ncontexts:\n"
                   "- {name: server, sender-id: \"\", recipient-id: \"01\", secret: psk.hex}\n"
                   "edhoc:\n  key: a.key\n  credential: \"%s\"\n  peers:\n"
                   "  - {name: server, credential: \"%s\"}\n",
                   a, b);
    put_file("client.yaml", text, 0644);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    clean_up();
    return 0;
}

static uint32_t sensor_ms;

static void start(bool with_config)
{
    ob_err err = {0};
    w = (wire){.from = {.len = 1, .bytes = "c"}};
    assert_ok(ob_rng_init(&w.rng, OB_SPAN("node"), (ob_span){0}, &err));
    if (with_config) {
        assert_ok(ob_node_config_load(&config, &arena, "server.yaml", &err));
    }
    assert_ok(ob_node_server_open(&w.server,
                                  &(ob_node_server_options){.config = with_config ? &config : NULL,
                                                            .arena = &arena,
                                                            .send = wire_to_client,
                                                            .executed = wire_executed,
                                                            .sensor_ms = sensor_ms,
                                                            .ctx = &w},
                                  0, &err));
    assert_ok(
        ob_node_client_init(&client, &(ob_node_wire){&w, wire_send, wire_wait, wire_now}, &err));
}

static void end(void)
{
    assert_null(ob_node_server_broken(w.server));
    ob_node_server_close(w.server);
    ob_arena_fini(&arena);
}

static ob_node_request ask(uint8_t method, const char *uri, ob_span payload)
{
    ob_err err = {0};
    ob_node_uri read;
    ob_node_request r = {.method = method, .payload = payload};
    assert_ok(ob_node_uri_read(&read, &arena, ob_span_str(uri), &err));
    memcpy(r.options, read.options, sizeof read.options);
    r.option_count = read.option_count;
    return r;
}

typedef struct got {
    ob_node_response r;
    char body[200000];
} got;

static got last;

/* The code of the response as 205; its body in last. */
static unsigned go(const ob_node_request *request)
{
    ob_err err = {0};
    ob_node_response r = {.body = {.max = 100000}, .location = {.max = 100}};
    assert_ok(ob_node_client_do(&client, request, &r, &err));
    (void)snprintf(last.body, sizeof last.body, "%.*s", OB_SHOW(ob_buf_span(&r.body)));
    ob_buf_fini(&r.body);
    ob_buf_fini(&r.location);
    last.r = r;
    return (r.code >> 5) * 100U + (r.code & 31U);
}

static unsigned get(const char *path)
{
    char uri[100];
    (void)snprintf(uri, sizeof uri, "coap://h%s", path);
    ob_node_request r = ask(OB_COAP_GET, uri, (ob_span){0});
    return go(&r);
}

static unsigned put(const char *what)
{
    ob_node_request r = ask(OB_COAP_PUT, "coap://h/actuator", ob_span_str(what));
    return go(&r);
}

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
    ob_node_request r = ask(OB_COAP_POST, "coap://h/sensor", (ob_span){0});
    assert_int_equal(go(&r), 405);
    r = ask(OB_COAP_POST, "coap://h/.well-known/edhoc", OB_SPAN("\xf5"));
    assert_int_equal(go(&r), 404);
    r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_ACCEPT, OB_SPAN("\x3c")};
    assert_int_equal(go(&r), 406);
    r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
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
    ob_node_request r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
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
        r = ask(OB_COAP_PUT, "coap://h/actuator", OB_SPAN("on"));
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
            ob_node_request r = ask(OB_COAP_POST, "coap://h/faults", (ob_span){body, sizes[i]});
            r.has_szx = i % 2 == 0 && sizes[i] < 5000;
            r.szx = 2;
            assert_int_equal(go(&r), 201);
            (void)snprintf(path, sizeof path, "coap://h/faults/%zu", i + 1);
            r = ask(OB_COAP_GET, path, (ob_span){0});
            r.has_szx = i % 3 == 0 && sizes[i] < 5000;
            r.szx = 1;
            assert_int_equal(go(&r), 205);
            assert_int_equal(strlen(last.body), sizes[i]);
            assert_memory_equal(last.body, body, sizes[i]);
            body[sizes[i] - 1] = 'x';
        }
        assert_int_equal(w.executed, OB_COUNT(sizes));
        ob_node_request r = ask(OB_COAP_POST, "coap://h/faults", (ob_span){body, sizeof body});
        assert_int_equal(go(&r), 413);
        assert_int_equal(get("/faults/11"), 404);
        assert_int_equal(get("/faults/0"), 404);
        assert_int_equal(get("/faults"), 205);
        assert_non_null(strstr(last.body, "</faults/10>;sz=65536"));
        end();
    }
}

static ob_oscore oscore;
static ob_node_state numbers;

static void protect(void)
{
    ob_err err = {0};
    ob_node_config c;
    bool known = false;
    assert_ok(ob_node_config_load(&c, &arena, "client.yaml", &err));
    assert_ok(ob_node_context_open(&oscore, &c.contexts[0], NULL, &err));
    assert_ok(ob_node_state_open(&numbers, "client.state", &err));
    assert_ok(ob_node_state_restore(&numbers, &oscore, &known, &err));
    client.context = &oscore;
    client.state = &numbers;
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
        ob_node_request r = ask(OB_COAP_POST, "coap://h/faults", (ob_span){body, sizeof body});
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
    ob_node_request r = ask(OB_COAP_PUT, "coap://h/actuator", OB_SPAN("on"));
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

static void notifications(bool with_oscore, unsigned lose)
{
    ob_err err = {0};
    sensor_ms = 1000;
    start(with_oscore);
    sensor_ms = 0;
    if (with_oscore) {
        protect();
    }
    ob_node_request r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
    ob_node_response n = {.body = {.max = 1000}, .location = {.max = 100}};
    r.observe = true;
    assert_int_equal(go(&r), 205);
    assert_true(last.r.observing);
    w.lose = lose;
    unsigned reading = 0;
    for (unsigned i = 1; i <= 30; i++) {
        char *end_of = NULL;
        assert_ok(ob_node_client_next(&client, &r, &n, &err));
        assert_true(n.observing && n.is_protected == with_oscore);
        unsigned long now = strtoul(strstr(n.body.ptr, "reading") + 9, &end_of, 10);
        assert_true(*end_of == '}' && now > reading && (lose > 0 || now == i));
        reading = (unsigned)now;
    }
    w.lose = 0;
    assert_ok(ob_node_client_forget(&client, &r, &err));
    w.count = 0;
    ob_node_server_tick(w.server, w.now + 2000, WALL);
    assert_int_equal(w.count, 0);
    ob_buf_fini(&n.body);
    ob_buf_fini(&n.location);
    if (with_oscore) {
        ob_node_state_close(&numbers);
    }
    end();
}

/* Requests in between do not end an observation, and none of them takes its token. */
static void an_observation_stands_beside_other_requests(void **state)
{
    (void)state;
    ob_err err = {0};
    sensor_ms = 1000;
    start(true);
    sensor_ms = 0;
    protect();
    ob_node_request r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
    ob_node_response n = {.body = {.max = 1000}, .location = {.max = 100}};
    r.observe = true;
    assert_int_equal(go(&r), 205);
    assert_true(last.r.observing);
    for (unsigned i = 0; i < 600; i++) { /* the tokens of one byte have come round */
        w.now += 100;
        ob_node_server_tick(w.server, w.now, WALL);
        assert_int_equal(get("/actuator"), 205);
        assert_true(client.watching && client.token > i);
    }
    assert_ok(ob_node_client_next(&client, &r, &n, &err));
    assert_true(n.observing && strstr(n.body.ptr, "reading") != NULL);
    ob_buf_fini(&n.body);
    ob_buf_fini(&n.location);
    ob_node_state_close(&numbers);
    end();
}

/* A plain observer whose right ends is told so without protection, and one who rejects a
 * notification that asks for nothing gets no more. */
static void an_observation_ends(void **state)
{
    (void)state;
    for (unsigned reset = 0; reset < 2; reset++) {
        sensor_ms = 1000;
        start(true);
        sensor_ms = 0;
        config.has_rights = true;
        config.rights = &(ob_node_right){.who = OB_SPAN("anyone"),
                                         .resource = OB_SPAN("/sensor"),
                                         .methods = 1U << OB_COAP_GET,
                                         .until_ms = WALL + 2500};
        config.right_count = 1;
        ob_node_request r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
        r.observe = true;
        assert_int_equal(go(&r), 205);
        for (uint64_t now = 1000; now < 9000; now += 1000) {
            ob_node_server_tick(w.server, now, WALL + (int64_t)now);
            if (reset && now == 1000) {
                const uint8_t *m = w.datagrams[w.first];
                char rst[4] = {0x70, 0, (char)m[2], (char)m[3]};
                assert_int_equal(m[0] >> 4 & 3, OB_COAP_NON);
                ob_node_server_receive(w.server, &w.from, (ob_span){rst, 4}, now, WALL);
            }
        }
        assert_int_equal(w.count, reset ? 1 : 3);
        assert_int_equal(w.datagrams[(w.first + w.count - 1) % 64][1],
                         reset ? OB_COAP_CODE(2, 5) : OB_COAP_CODE(4, 1));
        end();
    }
}

/* One who does not acknowledge the eighth notification is forgotten, and one who resets one. */
static void who_is_gone_is_forgotten(void **state)
{
    (void)state;
    for (unsigned reset = 0; reset < 2; reset++) {
        sensor_ms = 1000;
        start(false);
        sensor_ms = 0;
        ob_node_request r = ask(OB_COAP_GET, "coap://h/sensor", (ob_span){0});
        r.observe = true;
        assert_int_equal(go(&r), 205);
        size_t most = 0;
        for (uint64_t now = 0; now < 200000; now += 500) {
            w.now = now;
            ob_node_server_tick(w.server, now, WALL);
            most = w.count > most ? w.count : most;
            if (reset && most == 8) { /* the one that asks for confirmation */
                const uint8_t *m = w.datagrams[(w.first + 7) % 64];
                char rst[4] = {0x70, 0, (char)m[2], (char)m[3]};
                assert_int_equal(m[0] >> 4 & 3, OB_COAP_CON);
                ob_node_server_receive(w.server, &w.from, (ob_span){rst, 4}, now, WALL);
                most++;
            }
        }
        assert_int_equal(w.count, reset ? 8 : 8 + 4); /* it came four times more */
        end();
    }
}

static void who_observes_is_told(void **state)
{
    (void)state;
    notifications(false, 0);
    notifications(true, 0);
    notifications(false, 20);
}

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
    ob_node_request r = ask(OB_COAP_POST, "coap://h/.well-known/edhoc", (ob_span){0});
    r.options[r.option_count++] = (ob_coap_option){OB_COAP_BLOCK2, OB_SPAN("\x16")};
    assert_int_equal(go(&r), 408);
    static char body[3000] = "\xf5";
    r = ask(OB_COAP_POST, "coap://h/.well-known/edhoc", (ob_span){body, sizeof body});
    assert_int_equal(go(&r), 413);
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
        cmocka_unit_test(who_observes_is_told),
        cmocka_unit_test(an_observation_stands_beside_other_requests),
        cmocka_unit_test(an_observation_ends),
        cmocka_unit_test(who_is_gone_is_forgotten),
        cmocka_unit_test(edhoc_gives_rights_to_who_it_is),
        cmocka_unit_test(long_messages_of_edhoc_go_in_blocks),
        cmocka_unit_test(a_message_has_few_octets_more),
        cmocka_unit_test(secrets_that_others_can_read_are_refused),
        cmocka_unit_test(state_files_that_are_damaged_are_refused),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
