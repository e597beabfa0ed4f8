/* SPDX-License-Identifier: Apache-2.0 */
/* A server and a client with keys, peers and rights, over the wire of node_test.h. */
#ifndef OB_NODE_PAIR_H
#define OB_NODE_PAIR_H

#include "link/cbor.h"
#include "node/server_parts.h"
#include "node_test.h"

#define SECRET "0102030405060708090a0b0c0d0e0f10\n"

static wire w;
static ob_node_client client;
static ob_arena arena;
static ob_node_config config;

/* A CCS with that name and kid for the key in text, as hexadecimal digits. */
static inline void make_ccs(const char *key, uint8_t kid, char hex[400])
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

static inline int make_files(void **state)
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
                   "  - {name: gate, credential: \"%s\"}\n",
                   a, b);
    put_file("client.yaml", text, 0644);
    return 0;
}

static uint32_t sensor_ms;

static inline void start(bool with_config)
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
                                                            .say = wire_say,
                                                            .executed = wire_executed,
                                                            .sensor_ms = sensor_ms,
                                                            .ctx = &w},
                                  0, &err));
    assert_ok(
        ob_node_client_init(&client, &(ob_node_wire){&w, wire_send, wire_wait, wire_now}, &err));
}

static inline void end(void)
{
    assert_null(ob_node_server_broken(w.server));
    ob_node_server_close(w.server);
    ob_arena_fini(&arena);
}

static inline ob_node_request ask(uint8_t method, const char *uri, ob_span payload)
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
static inline unsigned go(const ob_node_request *request)
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

static inline unsigned get(const char *path)
{
    char uri[100];
    (void)snprintf(uri, sizeof uri, "coap://127.0.0.1%s", path);
    ob_node_request r = ask(OB_COAP_GET, uri, (ob_span){0});
    return go(&r);
}

static inline unsigned put(const char *what)
{
    ob_node_request r = ask(OB_COAP_PUT, "coap://127.0.0.1/actuator", ob_span_str(what));
    return go(&r);
}

static ob_oscore oscore;
static ob_node_state numbers;

static inline void protect(void)
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

#endif
