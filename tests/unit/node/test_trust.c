/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EDHOC with certificates that an authority issued: who is let in, and who is not because the
 * certificate is not valid yet, is over, was revoked, is of another authority, or of another use.
 */
#include "cert_test.h"
#include "node/trust.h"
#include "node_test.h"

static wire w;
static ob_node_client client;
static ob_arena arena;
static ob_node_config server_config;
static ob_node_config client_config;
static ob_node_trust trust;
static ob_node_found found;
static ob_edhoc_options options;
static int64_t client_wall; /* what the client's clock says */
static ob_err why;
static char said[400]; /* the last line of the server */
static scene base;     /* root, other root, list, keys */

static void put_pem(const char *name, X509 *cert)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    assert_ok(ob_authority_pem(cert, &text, &err));
    assert_ok(ob_file_write(name, ob_buf_span(&text), 0644, &err));
}

static void put_list(X509 *revoked)
{
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    X509_CRL *list = NULL;
    assert_ok(ob_authority_list(base.root, base.root_key, NULL, revoked, WALL - DAY, WALL + DAY,
                                &list, &err));
    assert_ok(ob_authority_list_pem(list, &text, &err));
    assert_ok(ob_file_write("root.crl", ob_buf_span(&text), 0644, &err));
    X509_CRL_free(list);
}

/* A certificate of the root for a key whose bytes all are digit, in NAME.crt and NAME.key. */
static X509 *give(const char *name, char digit, ob_issue issue, const char *serial)
{
    ob_err err = {0};
    char file[32];
    char hex[65];
    EVP_PKEY *key = key_of(digit);
    issue.serial = ob_span_str(serial);
    X509 *cert = make(&issue, key, base.root, base.sign_key);
    (void)snprintf(file, sizeof file, "%s.crt", name);
    put_pem(file, cert);
    for (size_t i = 0; i < 32; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)digit);
    }
    (void)snprintf(file, sizeof file, "%s.key", name);
    assert_ok(ob_file_write(file, ob_span_str(hex), 0600, &err));
    EVP_PKEY_free(key);
    return cert;
}

static int make_files(void **state)
{
    (void)state;
    go_away();
    scene_begin(&base, OB_CERT_DEVICE);
    put_pem("root.crt", base.root);
    put_pem("other.crt", base.other_root);
    put_file("server.yaml",
             "ombud: 1\nedhoc:\n  key: b.key\n  certificate: b.crt\n  send-certificate: true\n"
             "  authority: root.crt\n  revoked: root.crl\n  peers:\n"
             "  - {name: devices, serial: \"*\"}\n"
             "  - {name: display, serial: SN-D}\n"
             "rights:\n- {who: devices, resource: /sensor, methods: [GET]}\n"
             "- {who: display, resource: /actuator, methods: [GET]}\n",
             0644);
    put_file("client.yaml",
             "ombud: 1\nedhoc:\n  key: a.key\n  certificate: a.crt\n  send-certificate: true\n"
             "  authority: root.crt\n  peers:\n  - {name: server, serial: SN-B}\n",
             0644);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    scene_end(&base);
    return 0;
}

static bool find_server(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    (void)ctx;
    why = (ob_err){0};
    return ob_node_trust_find(&trust, id, client_wall, (options.method & 1) != 0, &found, peer,
                              &why);
}

static void open_client(const char *path, unsigned method)
{
    ob_err err = {0};
    assert_ok(ob_node_config_load(&client_config, &arena, path, &err));
    trust = (ob_node_trust){0};
    assert_ok(ob_node_trust_open(&trust, &arena, &client_config.edhoc, &err));
    options = (ob_edhoc_options){.method = method,
                                 .suites = {2},
                                 .suite_count = 1,
                                 .connection_id = OB_SPAN("\x0e"),
                                 .own = trust.own.cred,
                                 .private_key = {(char *)trust.key.bytes, trust.key.len},
                                 .find = find_server};
    client_wall = WALL;
}

static void say(void *ctx, const char *line)
{
    (void)ctx;
    if (strstr(line, "certificate") != NULL) {
        (void)snprintf(said, sizeof said, "%s", line);
    }
}

static void begin(unsigned method)
{
    said[0] = '\0';
    ob_err err = {0};
    w = (wire){.from = {.len = 1, .bytes = "c"}};
    assert_ok(ob_rng_init(&w.rng, OB_SPAN("trust"), (ob_span){0}, &err));
    assert_ok(ob_node_config_load(&server_config, &arena, "server.yaml", &err));
    assert_ok(ob_node_server_open(&w.server,
                                  &(ob_node_server_options){.config = &server_config,
                                                            .arena = &arena,
                                                            .send = wire_to_client,
                                                            .say = say,
                                                            .ctx = &w},
                                  0, &err));
    assert_ok(
        ob_node_client_init(&client, &(ob_node_wire){&w, wire_send, wire_wait, wire_now}, &err));
    open_client("client.yaml", method);
}

static void end(void)
{
    ob_node_trust_close(&trust);
    ob_node_server_close(w.server);
    ob_arena_fini(&arena);
}

static unsigned get(ob_oscore *context, const char *path)
{
    ob_err err = {0};
    char uri[64];
    ob_node_uri read;
    ob_node_request request = {.method = OB_COAP_GET};
    ob_node_response response = {.body = {.max = 1000}, .location = {.max = 64}};
    (void)snprintf(uri, sizeof uri, "coap://x%s", path);
    assert_ok(ob_node_uri_read(&read, &arena, ob_span_str(uri), &err));
    memcpy(request.options, read.options, sizeof read.options);
    request.option_count = read.option_count;
    client.context = context;
    assert_ok(ob_node_client_do(&client, &request, &response, &err));
    client.context = NULL;
    ob_buf_fini(&response.body);
    ob_buf_fini(&response.location);
    return (response.code >> 5) * 100U + (response.code & 31U);
}

/* The handshake; part NULL: it succeeds, else it fails on the client's side with that. */
static void shake(ob_oscore *made, const char *part)
{
    ob_err err = {0};
    bool good = ob_node_client_edhoc(&client, &options, false, made, &err);
    if (good != (part == NULL) ||
        (part != NULL && strstr(err.text, part) == NULL && strstr(why.text, part) == NULL)) {
        fail_msg("wanted %s: %s; %s", part == NULL ? "success" : part, err.text, why.text);
    }
}

static void give_good(void)
{
    X509_free(give("a", 0x31, issue_of(OB_CERT_DEVICE, 0x21), "SN-A"));
    X509_free(give("b", 0x32, issue_of(OB_CERT_DEVICE, 0x22), "SN-B"));
    put_list(NULL);
}

static void who_has_a_good_certificate_is_let_in(void **state)
{
    (void)state;
    give_good();
    for (unsigned method = 0; method < 4; method++) {
        ob_oscore made = {0};
        begin(method);
        shake(&made, NULL);
        assert_int_equal(found.peer, 0);
        assert_int_equal(get(&made, "/sensor"), 205);
        assert_int_equal(get(&made, "/actuator"), 403); /* another serial number may */
        end();
    }
    X509_free(give("a", 0x31, issue_of(OB_CERT_DEVICE, 0x21), "SN-D"));
    ob_oscore made = {0};
    begin(0);
    shake(&made, NULL);
    assert_int_equal(get(&made, "/actuator"), 205);
    assert_int_equal(get(&made, "/sensor"), 403);
    end();
}

/* Devices that share a name in the table keep their own keys. */
static void devices_of_one_name_are_told_apart(void **state)
{
    (void)state;
    ob_oscore first = {0};
    ob_oscore second = {0};
    give_good();
    begin(0);
    shake(&first, NULL);
    ob_node_trust_close(&trust);
    X509_free(give("a", 0x34, issue_of(OB_CERT_DEVICE, 0x24), "SN-E"));
    open_client("client.yaml", 0);
    shake(&second, NULL);
    assert_int_equal(get(&first, "/sensor"), 205);
    assert_int_equal(get(&second, "/sensor"), 205);
    end();
}

/* The client is told 4.00, the server's log says why, and nothing is let in. */
static void refuse(const char *part, unsigned method)
{
    ob_oscore made = {0};
    begin(method);
    shake(&made, "refused EDHOC with 4.00");
    assert_int_equal(get(NULL, "/sensor"), 401);
    if (strstr(said, part) == NULL) {
        fail_msg("wanted '%s', the server said '%s'", part, said);
    }
    end();
}

static void who_has_not_is_refused(void **state)
{
    (void)state;
    ob_issue issue = issue_of(OB_CERT_DEVICE, 0x21);
    give_good();
    issue.until_ms = WALL - 1000;
    X509_free(give("a", 0x31, issue, "SN-A"));
    refuse("has expired", 0);
    issue = issue_of(OB_CERT_DEVICE, 0x21);
    issue.from_ms = WALL + DAY / 2;
    X509_free(give("a", 0x31, issue, "SN-A"));
    refuse("not yet valid", 0);
    issue = issue_of(OB_CERT_DEVICE, 0x21);
    X509 *cert = give("a", 0x31, issue, "SN-A");
    put_list(cert);
    X509_free(cert);
    refuse("certificate revoked", 0);
    put_list(NULL);
    base.sign_key = base.other_key; /* the same names, another key */
    X509_free(give("a", 0x31, issue, "SN-A"));
    base.sign_key = base.root_key;
    refuse("signature failure", 0);
    issue.agrees = false;
    X509_free(give("a", 0x31, issue, "SN-A"));
    refuse("keyUsage does not allow this", 2);
    refuse("keyUsage does not allow this", 3);
    issue = issue_of(OB_CERT_AUTHORITY, 0x21);
    X509_free(give("a", 0x31, issue, "SN-A"));
    refuse("keyUsage does not allow this", 0);
    issue = issue_of(OB_CERT_DEVICE, 0x21);
    X509_free(give("a", 0x31, issue, "SN-A"));
    ob_oscore made = {0};
    begin(0);
    shake(&made, NULL); /* and all is well again */
    end();
}

/* A certificate among revocation lists would be one of an authority that nobody named. */
static void lists_stand_alone(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    give_good();
    assert_ok(ob_file_read("root.crl", &text, &err));
    assert_ok(ob_authority_pem(base.other_root, &text, &err));
    assert_ok(ob_file_write("root.crl", ob_buf_span(&text), 0644, &err));
    assert_ok(ob_node_config_load(&server_config, &arena, "server.yaml", &err));
    trust = (ob_node_trust){0};
    assert_fails(ob_node_trust_open(&trust, &arena, &server_config.edhoc, &err), OB_ERR_INPUT,
                 "root.crl has a certificate, too");
    put_pem("root.crl", base.other_root);
    assert_fails(ob_node_trust_open(&trust, &arena, &server_config.edhoc, &err), OB_ERR_INPUT,
                 "root.crl has no revocation list");
    put_list(NULL);
    assert_ok(ob_node_trust_open(&trust, &arena, &server_config.edhoc, &err));
    assert_int_equal(trust.authorities.list_count, 1);
    ob_node_trust_close(&trust);
    ob_arena_fini(&arena);
}

/* The client looks at the server's certificate by its own clock. */
static void a_server_that_has_not_is_refused(void **state)
{
    (void)state;
    ob_oscore made = {0};
    give_good();
    begin(0);
    client_wall = WALL + 301 * DAY;
    shake(&made, "has expired");
    client_wall = WALL - 2 * DAY;
    shake(&made, "not yet valid");
    client_wall = WALL + 299 * DAY;
    shake(&made, NULL);
    end();
    X509_free(give("b", 0x32, issue_of(OB_CERT_DEVICE, 0x22), "SN-X"));
    begin(0);
    shake(&made, "no peer with the serial number");
    end();
    put_file("client.yaml",
             "ombud: 1\nedhoc:\n  key: a.key\n  certificate: a.crt\n  send-certificate: true\n"
             "  authority: other.crt\n  peers:\n  - {name: server, serial: \"*\"}\n",
             0644);
    begin(0);
    shake(&made, "not trusted");
    end();
    /* A certificate that is named as a whole is trusted without an authority. */
    put_file("client.yaml",
             "ombud: 1\nedhoc:\n  key: a.key\n  certificate: a.crt\n  send-certificate: true\n"
             "  peers:\n  - {name: server, certificate: b.crt}\n",
             0644);
    begin(0);
    shake(&made, NULL);
    client_wall = WALL + 301 * DAY;
    shake(&made, "not valid now");
    end();
    put_file("client.yaml",
             "ombud: 1\nedhoc:\n  key: a.key\n  certificate: a.crt\n  send-certificate: true\n"
             "  peers:\n  - {name: server, certificate: a.crt}\n",
             0644);
    begin(0);
    shake(&made, "no authority is named");
    end();
}

static void chains_that_are_none(void **state)
{
    (void)state;
    ob_err err = {0};
    static const char *const bad[] = {"",
                                      "\xa1\x18\x22\x41\x00",
                                      "\xa1\x18\x21\x41\x30",
                                      "\xa1\x18\x21\x81\x41\x30",
                                      "\xa1\x18\x21\x80",
                                      "\xa1\x18\x21\xa0"};
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_cert_set set = {0};
        ob_span first = {0};
        size_t len = strlen(bad[i]) + (i == 1 ? 1 : 0);
        assert_fails(ob_node_chain_read((ob_span){bad[i], len}, &set, &first, &err), OB_ERR_PEER,
                     "");
        ob_cert_set_fini(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_a_good_certificate_is_let_in),
        cmocka_unit_test(devices_of_one_name_are_told_apart),
        cmocka_unit_test(who_has_not_is_refused),
        cmocka_unit_test(a_server_that_has_not_is_refused),
        cmocka_unit_test(chains_that_are_none),
        cmocka_unit_test(lists_stand_alone),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
