/* SPDX-License-Identifier: Apache-2.0 */
#include "drive/scope.h"
#include "ob_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define HEAD "ombud: 1\nscope: trial\nowner: the owner\n"
#define TAIL "effects: [read, write]\nfrom: 2026-11-24\nuntil: 2026-12-24\n"

static struct sockaddr_storage address_of(const char *text, uint16_t port)
{
    struct sockaddr_storage all = {0};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        memcpy(&all, &v4, sizeof v4);
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
        memcpy(&all, &v6, sizeof v6);
    }
    return all;
}

static bool may(const ob_scope *scope, const char *host, const char *ip, uint16_t port)
{
    ob_err err = {0};
    struct sockaddr_storage all = address_of(ip, port);
    bool fine = ob_scope_check_address(scope, ob_span_str(host), (struct sockaddr *)&all, &err);
    assert_true(fine || err.kind == OB_ERR_SCOPE);
    return fine;
}

static void covers_addresses(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_scope scope = {0};
    assert_ok(ob_scope_parse(
        &scope, &arena, OB_SPAN("s.yaml"),
        OB_SPAN(HEAD "addresses: [127.0.0.1, \"10.0.0.0/8\", \"[::1]:8443\", host.example.org, "
                     "\"port.example.org:443\"]\n" TAIL),
        &err));
    assert_true(may(&scope, "x", "127.0.0.1", 1));
    assert_false(may(&scope, "x", "127.0.0.2", 1));
    assert_true(may(&scope, "x", "10.255.0.1", 1));
    assert_true(may(&scope, "x", "::ffff:10.0.0.1", 1));
    assert_false(may(&scope, "x", "11.0.0.1", 1));
    assert_true(may(&scope, "x", "::1", 8443));
    assert_false(may(&scope, "x", "::1", 8444));
    assert_true(may(&scope, "HOST.example.org.", "192.0.2.1", 80));
    assert_false(may(&scope, "other.example.org", "192.0.2.1", 80));
    assert_false(may(&scope, "port.example.org", "192.0.2.1", 80));
    assert_true(may(&scope, "port.example.org", "192.0.2.1", 443));
    assert_ok(ob_scope_check_url(&scope, OB_SPAN("http://10.1.1.1:80/x"), &err));
    ob_scope six = {0};
    assert_ok(ob_scope_parse(&six, &arena, OB_SPAN("s.yaml"),
                             OB_SPAN(HEAD "addresses: [\"::/0\", \"::/64\"]\n" TAIL), &err));
    assert_true(may(&six, "x", "2001:db8::1", 1));
    assert_false(may(&six, "x", "10.0.0.1", 1));
    assert_false(may(&six, "x", "::ffff:10.0.0.1", 1));
    assert_fails(ob_scope_check_url(&scope, OB_SPAN("http://192.0.2.1/"), &err), OB_ERR_SCOPE,
                 "does not cover 192.0.2.1:80");
    assert_fails(ob_scope_check_url(&scope, OB_SPAN("ftp://10.1.1.1/"), &err), OB_ERR_INPUT, "");
    assert_fails(ob_scope_check_url(&scope, OB_SPAN("http://a@10.1.1.1/"), &err), OB_ERR_INPUT, "");
    assert_ok(ob_scope_check_effect(&scope, OB_EFFECT_WRITE, &err));
    assert_fails(ob_scope_check_effect(&scope, OB_EFFECT_FAULT, &err), OB_ERR_SCOPE,
                 "does not allow the effect 'fault'; ask the owner to add it to 'effects'");
    assert_ok(ob_scope_check_time(&scope, scope.from_ms, &err));
    assert_fails(ob_scope_check_time(&scope, scope.until_ms, &err), OB_ERR_SCOPE, "ended at 2026");
    assert_fails(ob_scope_check_time(&scope, scope.from_ms - 1, &err), OB_ERR_SCOPE, "begins only");
}

static void without_a_scope(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_scope none = {0};
    assert_fails(ob_scope_check_effect(&none, OB_EFFECT_WRITE, &err), OB_ERR_SCOPE,
                 "needs a scope file that allows write: --scope FILE");
    assert_true(may(&none, "localhost", "127.1.2.3", 80));
    assert_true(may(&none, "localhost", "::1", 80));
    assert_true(may(&none, "localhost", "::ffff:127.0.0.1", 80));
    assert_false(may(&none, "localhost", "192.0.2.1", 80));
    assert_ok(ob_scope_check_effect(&none, OB_EFFECT_READ, &err));
    assert_fails(ob_scope_check_effect(&none, OB_EFFECT_WRITE, &err), OB_ERR_SCOPE, "allows write");
    assert_fails(ob_scope_check_url(&none, OB_SPAN("http://192.0.2.1"), &err), OB_ERR_SCOPE,
                 "--scope FILE");
}

static void refuses_files(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        const char *says;
    } bad[] = {
        {HEAD TAIL, "needs 'addresses'"},
        {HEAD "adresses: [\"::1\"]\n" TAIL, "s.yaml:4:1: unknown key 'adresses', did you mean"},
        {HEAD "addresses: []\n" TAIL, "1 to 256"},
        {HEAD "addresses: [10.0.0.1/8]\n" TAIL, "bits set"},
        {HEAD "addresses: [10.0.0.0/33]\n" TAIL, "not a network"},
        {HEAD "addresses: [\"http://a.example\"]\n" TAIL, "s.yaml:4:13:"},
        {HEAD "addresses: [\"a.example:0\"]\n" TAIL, "not an address"},
        {HEAD "addresses: [1.2.3.4.5]\n" TAIL, "neither"},
        {HEAD "addresses: [\"::1\"]\neffects: [wirte]\n", "did you mean write"},
        {HEAD "addresses: [\"::1\"]\neffects: [read]\nfrom: 2026-12-24\nuntil: 2026-11-24\n",
         "'until' is not after"},
        {HEAD "addresses: [\"::1\"]\neffects: [read]\nfrom: soon\nuntil: 2026-11-24\n", "a date"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_err err = {0};
        ob_scope scope = {0};
        assert_fails(
            ob_scope_parse(&scope, &arena, OB_SPAN("s.yaml"), ob_span_str(bad[i].text), &err),
            OB_ERR_INPUT, bad[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_addresses),
        cmocka_unit_test(without_a_scope),
        cmocka_unit_test(refuses_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
