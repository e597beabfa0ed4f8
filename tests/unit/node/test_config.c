/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations: mistakes are told with their place; the rights table. */
#include "node/client.h"
#include "node/config.h"
#include "ob_test.h"

#define CRED                                                                       \
    "a108a101a50102024132200121582082db834ff2ddec4d94d681baff54723b650ae96b07ebe1" \
    "aced9f137e9b174b4b225820246958c8ab8276fe3f29b770e756db0e479c0a024f5cbd89666284fe962908e2"
#define FORTY        "1234567890123456789012345678901234567890"
#define RIGHT(where) "ombud: 1\nrights: [{who: anyone, resource: " where ", methods: [GET]}]\n"
#define CONTEXT      "- {name: a, sender-id: \"01\", recipient-id: \"\", secret: k}\n"

static void mistakes_have_a_place(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *wanted;
    } rows[] = {
        {"{}", "f.yaml:1:1: "},
        {"ombud: 2\n", "f.yaml:1:8: "},
        {"ombud: 1\nstat: x\n", "f.yaml:2:1: "},
        {"ombud: 1\ncontexts:\n" CONTEXT, "f.yaml:3:1: contexts need 'state'"},
        {"ombud: 1\nstate: s\ncontexts: []\n", "f.yaml:3:11: 'contexts' must be a list"},
        {"ombud: 1\nstate: s\ncontexts:\n" CONTEXT CONTEXT, "f.yaml:5:10: this name is taken"},
        {"ombud: 1\nstate: s\ncontexts:\n" CONTEXT
         "- {name: b, sender-id: \"02\", recipient-id: \"\", secret: k}\n",
         "f.yaml:5:3: 'a' has the same recipient-id"},
        {"ombud: 1\nstate: s\ncontexts:\n- {name: a, sender-id: \"01\", secret: k}\n",
         "needs recipient-id"},
        {"ombud: 1\nstate: s\ncontexts:\n- {name: a, sender-id: 01, recipient-id: \"\", secret: "
         "k}\n",
         "f.yaml:4:24: 'sender-id' needs quotes"},
        {"ombud: 1\nstate: s\ncontexts:\n- {name: a, sender-id: \"0g\", secret: k}\n",
         "f.yaml:4:24: 'sender-id' is written in pairs"},
        {"ombud: 1\nstate: s\ncontexts:\n- {name: a, sender-id: \"0102030405060708\", secret: k}\n",
         "at most 7"},
        {"ombud: 1\nstate: s\ncontexts:\n"
         "- {name: a, sender-id: \"\", recipient-id: \"\", secret: k}\n",
         "are the same"},
        {"ombud: 1\nstate: s\ncontexts:\n"
         "- {name: a, sender-id: \"\", recipient-id: \"01\", secret: k, aead: ROT13}\n",
         "f.yaml:4:65: "},
        {"ombud: 1\nstate: s\ncontexts:\n- {name: anyone, sender-id: \"\", secret: k}\n",
         "f.yaml:4:10: this name is taken"},
        {"ombud: 1\nedhoc: {key: k}\n", "needs one of 'credential' and 'certificate'"},
        {"ombud: 1\nedhoc: {key: k, credential: \"a0\"}\n", "f.yaml:2:29: this is no CCS"},
        {"ombud: 1\nedhoc: {key: k, credential: \"" CRED "\"}\n", "needs peers"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, credential: \"" CRED "\"}\n", "needs one of"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, suites: [2, 7], peers: [{name: p, "
         "certificate: d}]}\n",
         "'suites' holds numbers from 0 to 6"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, methods: [3, 3], peers: [{name: p, "
         "certificate: d}]}\n",
         "each once"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, peers: [{name: p, serial: S}]}\n",
         "f.yaml:2:59: 'serial' needs 'authority'"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, authority: a, peers: [{name: p, serial: "
         "\"\"}]}\n",
         "'serial' must be a text that is not empty"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, authority: a, peers: [{name: p, serial: S, "
         "certificate: d}]}\n",
         "needs one of 'credential' and 'certificate', or 'serial'"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, authority: a, peers: [{name: p, serial: S}, "
         "{name: q, serial: S}]}\n",
         "'p' has this serial number"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, revoked: r, peers: [{name: p, certificate: "
         "d}]}\n",
         "'revoked' needs 'authority'"},
        {"ombud: 1\nedhoc: {key: k, credential: \"" CRED "\", send-certificate: true}\n",
         "'send-certificate' needs 'certificate'"},
        {"ombud: 1\nstate: s\ncontexts:\n" CONTEXT
         "edhoc: {key: k, certificate: c, peers: [{name: b, certificate: d}, {name: a, "
         "certificate: d}]}\n",
         "f.yaml:5:75: a context has this name, and its rights go with it; give the peer a name"},
        {"ombud: 1\nedhoc: {key: k, certificate: c, peers: [{name: a, credential: \"" CRED
         "\"}, {name: b, credential: \"" CRED "\"}]}\n",
         "'a' has a key with this kid; make one of the two with another"},
        {"ombud: 1\nrights: x\n", "f.yaml:2:9: 'rights' must be a list"},
        {"ombud: 1\nrights: [{who: a, resource: /x, methods: [GET]}]\n",
         "f.yaml:2:16: nobody has this name"},
        {"ombud: 1\nrights: [{who: anyone, resource: x, methods: [GET]}]\n",
         "a resource is a path"},
        {RIGHT("x/"), "f.yaml:2:34: a resource is a path"},
        {RIGHT("/*/x"), "f.yaml:2:34: a resource is a path"},
        {RIGHT("/x?y"), "f.yaml:2:34: a right is for a path"},
        {RIGHT("\"/x#y\""), "f.yaml:2:34: a right is for a path"},
        {RIGHT("/x/"), "f.yaml:2:34: no resource here has an empty segment"},
        {RIGHT("//x"), "empty segment"},
        {RIGHT("//*"), "empty segment"},
        {RIGHT("/x/../y"), "no request has a segment . or .."},
        {RIGHT("/%2E/y"), "no request has a segment . or .."},
        {RIGHT("/x%"), "f.yaml:2:34: a % has two hexadecimal digits behind it"},
        {RIGHT("/x%4"), "two hexadecimal digits"},
        {RIGHT("/x%4g"), "two hexadecimal digits"},
        {RIGHT("/x%2fy"), "%2F or %00"},
        {RIGHT("/x%00"), "%2F or %00"},
        {RIGHT("/" FORTY FORTY), "more than 63 bytes"},
        {RIGHT("/x, methods: [GETT]}]\n#"), "unknown method"},
        {"ombud: 1\nrights: [{who: anyone, resource: /x}]\n", "needs methods"},
        {"ombud: 1\nrights: [{who: anyone, resource: /x, methods: [GET], until: soon}]\n",
         "'until' must be a date"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_node_config config = {0};
        ob_err err = {0};
        assert_fails(ob_node_config_parse(&config, &arena, OB_SPAN("f.yaml"),
                                          ob_span_str(rows[i].text), &err),
                     OB_ERR_INPUT, rows[i].wanted);
    }
}

static void what_no_row_allows_is_denied(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_node_config c = {0};
    ob_err err = {0};
    assert_true(ob_node_may(&c, OB_SPAN("x"), OB_SPAN("/x"), OB_COAP_PUT, 0)); /* no table */
    assert_ok(ob_node_config_parse(
        &c, &arena, OB_SPAN("dir/f.yaml"),
        OB_SPAN("ombud: 1\nstate: s\ncontexts:\n" CONTEXT "rights:\n"
                "- {who: a, resource: /x, methods: [GET, iPATCH], until: 1970-01-02}\n"
                "- {who: anyone, resource: /y/*, methods: [PUT]}\n"
                "- {who: a, resource: /%7a%3F%20z/%252a, methods: [GET]}\n"
                "- {who: a, resource: /, methods: [POST]}\n"),
        &err));
    assert_span(c.state_file, "dir/s");
    assert_span(c.contexts[0].secret_file, "dir/k");

    static const struct {
        const char *who;
        const char *path;
        uint8_t method;
        int64_t when;
        bool may;
    } rows[] = {
        {"a", "/x", OB_COAP_GET, 0, true},
        {"a", "/x", OB_COAP_GET, 86399999, true},
        {"a", "/x", OB_COAP_GET, 86400000, false},
        {"a", "/x", OB_COAP_IPATCH, 0, true},
        {"a", "/x", OB_COAP_PUT, 0, false},
        {"a", "/x", 32, 0, false},
        {"a", "/x/y", OB_COAP_GET, 0, false},
        {"a", "/xx", OB_COAP_GET, 0, false},
        {"a", "", OB_COAP_GET, 0, false},
        {OB_NODE_ANYONE, "/x", OB_COAP_GET, 0, false},
        {OB_NODE_ANYONE, "/y", OB_COAP_PUT, 0, true},
        {OB_NODE_ANYONE, "/y/z", OB_COAP_PUT, 0, true},
        {OB_NODE_ANYONE, "/yz", OB_COAP_PUT, 0, false},
        {"a", "/y/z", OB_COAP_PUT, 0, true},
        {"a", "/y/z", OB_COAP_GET, 0, false},
        {"a", "/z? z/%2a", OB_COAP_GET, 0, true},
        {"a", "/%7a%3F%20z/%252a", OB_COAP_GET, 0, false},
        {"a", "", OB_COAP_POST, 0, true},
        {"a", "/", OB_COAP_POST, 0, false},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_node_may(&c, ob_span_str(rows[i].who), ob_span_str(rows[i].path), rows[i].method,
                        rows[i].when) != rows[i].may) {
            fail_msg("row %zu", i);
        }
    }
}

/* The options as "NUMBER=VALUE ", one behind the other. */
static const char *shown(const ob_node_uri *u)
{
    static char text[1000];
    size_t used = 0;
    for (size_t i = 0; i < u->option_count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%u=%.*s ", u->options[i].number,
                                 OB_SHOW(u->options[i].value));
    }
    text[used] = '\0';
    return text;
}

/* RFC 7252, 6.4 */
static void addresses_of_resources(void **state)
{
    (void)state;
    OB_AUTO(ob_arena) arena = {0};
    ob_err err = {0};
    ob_node_uri u;

    static const struct {
        const char *uri;
        const char *options;
    } rows[] = {
        {"coap://[::1]:7/a%2fb//c?x=1&y", "11=a/b 11= 11=c 15=x=1 15=y "},
        {"coap://127.0.0.1", ""},
        {"CoAP://127.0.0.1/", ""},
        {"coap://127.0.0.1/a", "11=a "},
        {"coap://127.0.0.1/a/", "11=a 11= "},
        {"coap://127.0.0.1//", "11= 11= "},
        {"coap://127.0.0.1/a/./b/../c", "11=a 11=c "},
        {"coap://127.0.0.1/a/%2e%2E/b", "11=b "},
        {"coap://127.0.0.1/a/b/..", "11=a 11= "},
        {"coap://127.0.0.1/a/.", "11=a 11= "},
        {"coap://127.0.0.1/../..", ""},
        {"coap://127.0.0.1/.../..a/.well-known", "11=... 11=..a 11=.well-known "},
        {"coap://127.0.0.1?", "15= "},
        {"coap://127.0.0.1/?//&?%26&", "15=// 15=?& 15= "},
        {"coap://H%61ll:9/x", "3=hall 11=x "},
        {"coap://127.0.0.1.example/", "3=127.0.0.1.example "},
        {"coap://127.0.0.127.0.0.1/", "3=127.0.0.127.0.0.1 "},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        assert_ok(ob_node_uri_read(&u, &arena, ob_span_str(rows[i].uri), &err));
        assert_string_equal(shown(&u), rows[i].options);
        assert_int_equal(u.has_name, strncmp(rows[i].options, "3=", 2) == 0);
    }
    assert_ok(ob_node_uri_read(&u, &arena, OB_SPAN("coap://[::1]:7/"), &err));
    assert_span(u.host, "::1");
    assert_int_equal(u.port, 7);
    assert_ok(ob_node_uri_read(&u, &arena, OB_SPAN("coap://[fe80::1%eth0]/"), &err));
    assert_span(u.host, "fe80::1%eth0");
    assert_ok(ob_node_uri_read(&u, &arena, OB_SPAN("coap://g%61te.example/"), &err));
    assert_span(u.host, "gate.example");
    assert_ok(ob_node_uri_read(&u, &arena, OB_SPAN("coap://h"), &err));
    assert_int_equal(u.port, 5683);
    static const char *const bad[] = {"",
                                      "coaps://h/",
                                      "coap://",
                                      "coap://h:0/",
                                      "coap://h:65536/",
                                      "coap://h:x",
                                      "coap://u@h/",
                                      "coap://[::1/",
                                      "coap://[a.b]/",
                                      "coap://a%00b/",
                                      "coap://h/%",
                                      "coap://h/%1",
                                      "coap://h/%zz",
                                      "coap://h%/",
                                      "coap://h/#x",
                                      "coap://h/a b",
                                      "coap://h/a\nb",
                                      "coap://h/{id}"};
    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        assert_fails(ob_node_uri_read(&u, &arena, ob_span_str(bad[i]), &err), OB_ERR_USAGE, "URI");
    }
}

static void addresses_for_others(void **state)
{
    (void)state;

    static const struct {
        const char *url;
        size_t fault;
    } rows[] = {
        {"http://a/", SIZE_MAX},
        {"https://crl.example:8080", SIZE_MAX},
        {"http://192.0.2.1/a%20b?c=d&e", SIZE_MAX},
        {"ldap://[2001:db8::1]:389/cn=x,o=y?list;binary", SIZE_MAX},
        {"ldap:///cn=x,o=y", SIZE_MAX},
        {"coap+tcp://a/", SIZE_MAX},
        {"", 0},
        {"a", 1},
        {"/a", 0},
        {"://a", 0},
        {"1http://a", 0},
        {"ht tp://a", 2},
        {"http:/a", 4},
        {"http://", 7},
        {"http:///a", 7},
        {"http://a b/", 7},
        {"http://u@a/", 7},
        {"http://a:/", 7},
        {"http://a:0/", 7},
        {"http://a:65536/", 7},
        {"http://*.a/", 7},
        {"http://[::1/", 7},
        {"http://[a]/", 7},
        {"http://[::1]x/", 7},
        {"http://::1/", 7},
        {"http://a/b c", 10},
        {"http://a/b#c", 10},
        {"http://a/b%2", 10},
        {"http://a/b%2g", 10},
        {"http://a/\x01", 9},
        {"http://a/\xc3\xa4", 9},
        {"http://a/<", 9},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (ob_node_url_fault(ob_span_str(rows[i].url)) != rows[i].fault) {
            fail_msg("%s: %zu", rows[i].url, ob_node_url_fault(ob_span_str(rows[i].url)));
        }
    }
    static const char *const hosts[] = {"a", "A-1.b2", "*.example", "192.0.2.1", "::1", "xn--a"};
    static const char *const none[] = {"",    ".",   "a.", "a.*", "*a.b",
                                       "a_b", "a b", "-a", "a-",  "[::1]"};
    for (size_t i = 0; i < OB_COUNT(hosts); i++) {
        assert_true(ob_node_is_host(ob_span_str(hosts[i])));
    }
    for (size_t i = 0; i < OB_COUNT(none); i++) {
        assert_false(ob_node_is_host(ob_span_str(none[i])));
    }
    assert_false(ob_node_is_host(OB_SPAN("a\0b")));
    assert_false(ob_node_is_host(OB_SPAN("192.0.2.1\0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(what_no_row_allows_is_denied),
        cmocka_unit_test(addresses_of_resources),
        cmocka_unit_test(addresses_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
