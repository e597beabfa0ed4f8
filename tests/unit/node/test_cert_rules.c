/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each rule of the certificate profile: a certificate that is good breaks none, and for each rule
 * there is one that breaks this rule and no other.
 */
#include "cert_changes.h"

#include <ombud/sys.h>

#include <stdlib.h>

typedef struct row {
    ob_cert_rule_id rule;
    ob_cert_role role;
    void (*before)(scene *s); /* before it is made */
    void (*change)(scene *s); /* then it is signed again */
    void (*after)(scene *s);  /* then it is read */
} row;

#define BEFORE(rule, role)                                        \
    {                                                             \
        OB_CERT_RULE_##rule, OB_CERT_##role, b_##rule, NULL, NULL \
    }
#define CHANGE(rule, role)                                        \
    {                                                             \
        OB_CERT_RULE_##rule, OB_CERT_##role, NULL, c_##rule, NULL \
    }
#define AFTER(rule, role)                                         \
    {                                                             \
        OB_CERT_RULE_##rule, OB_CERT_##role, NULL, NULL, a_##rule \
    }
#define AS(rule, role, change)                                  \
    {                                                           \
        OB_CERT_RULE_##rule, OB_CERT_##role, NULL, change, NULL \
    }

static const row rows[] = {
    AFTER(encoding, DEVICE),
    CHANGE(version, DEVICE),
    CHANGE(serial_positive, DEVICE),
    CHANGE(serial_length, DEVICE),
    AFTER(serial_unique, DEVICE),
    AFTER(algorithms_same, DEVICE),
    AFTER(signature_strong, DEVICE),
    AS(issuer_name, DEVICE, c_unsigned_name),
    CHANGE(subject_name, SERVER),
    CHANGE(device_serial, DEVICE),
    CHANGE(device_serial_form, DEVICE),
    BEFORE(started, DEVICE),
    BEFORE(ended, DEVICE),
    CHANGE(time_form, DEVICE),
    BEFORE(lasting, DEVICE),
    BEFORE(key_kind, DEVICE),
    BEFORE(key_strength, SERVER),
    BEFORE(key_constrained, DEVICE),
    AFTER(key_own, DEVICE),
    AFTER(unique_ids, DEVICE),
    CHANGE(extension_twice, DEVICE),
    CHANGE(extension_syntax, DEVICE),
    CHANGE(extension_known, DEVICE),
    CHANGE(not_critical, DEVICE),
    CHANGE(no_authority, DEVICE),
    CHANGE(authority, AUTHORITY),
    CHANGE(authority_critical, AUTHORITY),
    CHANGE(path_length_place, DEVICE),
    CHANGE(usage_there, DEVICE),
    CHANGE(usage_critical, DEVICE),
    CHANGE(usage_purpose, DEVICE),
    CHANGE(usage_no_signing, SERVER),
    CHANGE(usage_authority, AUTHORITY),
    CHANGE(usage_fits, DEVICE),
    CHANGE(purpose_device, DEVICE),
    CHANGE(purpose_server, SERVER),
    CHANGE(subject_key, DEVICE),
    AS(subject_key_authority, AUTHORITY, c_subject_key),
    CHANGE(authority_key, DEVICE),
    CHANGE(alt_name_critical, SERVER),
    CHANGE(alt_name_form, SERVER),
    {OB_CERT_RULE_hardware_form, OB_CERT_DEVICE, b_hardware, c_hardware_form, NULL},
    CHANGE(server_name, SERVER),
    BEFORE(server_host, SERVER),
    BEFORE(revocation_pointer, DEVICE),
    BEFORE(issuer_there, DEVICE),
    BEFORE(anchored, DEVICE),
    BEFORE(signature, DEVICE),
    CHANGE(names_chain, DEVICE),
    CHANGE(keys_chain, DEVICE),
    AFTER(path_length, DEVICE),
    BEFORE(nested, DEVICE),
    BEFORE(list_there, DEVICE),
    BEFORE(list_signed, DEVICE),
    BEFORE(list_current, DEVICE),
    CHANGE(revoked, DEVICE),
};

static void play(scene *s, const row *r)
{
    scene_begin(s, r->role);
    if (r->before != NULL) {
        r->before(s);
    }
    s->cert = make(&s->issue, s->key, s->root, s->sign_key);
    if (r->change != NULL) {
        r->change(s);
        assert_true(X509_sign(s->cert, s->sign_key, EVP_sha256()) > 0);
    }
    put_der(&s->der, s->cert);
    if (r->after != NULL) {
        r->after(s);
    }
}

/* Broken rules must be that one alone; OB_CERT_RULES: none. asked: of the end of the path. */
static void expect(scene *s, const row *r, bool *asked)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) said = {.max = 65536};
    ob_cert_set set = {0};
    ob_cert_answer answer = {0};
    scene_set(s, &set);
    assert_ok(
        ob_cert_check(&(ob_cert_ask){.set = &set, .at_ms = s->at, .role = r->role, .host = s->host},
                      &arena, &answer, &err));
    bool found = r->rule == OB_CERT_RULES;
    bool only = true;
    for (size_t i = 0; i < answer.count; i++) {
        const ob_cert_look *look = &answer.looks[i];
        for (size_t k = 0; k < look->finding_count; k++) {
            ob_buf_addf(&said, " %s(%.*s)", ob_cert_rule_of(look->findings[k].rule)->id,
                        OB_SHOW(look->findings[k].detail));
            found = found || look->findings[k].rule == r->rule;
            only = only && look->findings[k].rule == r->rule;
            assert_true(look->findings[k].detail.len > 0);
        }
        for (size_t k = 0; k < OB_CERT_RULES; k++) {
            asked[k] = asked[k] || look->verdicts[k] == OB_CERT_KEPT;
        }
    }
    if (!found || !only) {
        fail_msg("wanted %s, found%.*s",
                 r->rule == OB_CERT_RULES ? "none" : ob_cert_rule_of(r->rule)->id,
                 OB_SHOW(ob_buf_span(&said)));
    }
    assert_int_equal(answer.must + answer.should > 0, r->rule != OB_CERT_RULES);
    ob_cert_set_fini(&set);
}

static void each_rule_is_broken_alone(void **state)
{
    (void)state;
    bool seen[OB_CERT_RULES] = {false};
    bool asked[OB_CERT_RULES] = {false};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        scene s;
        play(&s, &rows[i]);
        expect(&s, &rows[i], asked);
        scene_end(&s);
        assert_false(seen[rows[i].rule]);
        seen[rows[i].rule] = true;
    }
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        if (!seen[i]) {
            fail_msg("no certificate breaks %s", ob_cert_rule_of((ob_cert_rule_id)i)->id);
        }
    }
}

static void long_chain(scene *s)
{
    a_path_length(s);
    set_basic(s->root, true, 1, 1);
    assert_true(X509_sign(s->root, s->root_key, EVP_sha256()) > 0);
    s->host = "meter.example";
}

static void b_good_hardware(scene *s)
{
    b_hardware(s);
    s->issue.ocsp = OB_SPAN("http://ocsp.example/");
}

/* What the authority makes is as the rules want it, and each rule is asked of some of it. */
static void what_is_good_breaks_none(void **state)
{
    (void)state;
    static const row good[] = {
        {OB_CERT_RULES, OB_CERT_DEVICE, NULL, NULL, NULL},
        {OB_CERT_RULES, OB_CERT_SERVER, NULL, NULL, NULL},
        {OB_CERT_RULES, OB_CERT_AUTHORITY, NULL, NULL, NULL},
        {OB_CERT_RULES, OB_CERT_DEVICE, b_good_hardware, NULL, NULL},
        {OB_CERT_RULES, OB_CERT_SERVER, NULL, NULL, long_chain},
    };
    bool asked[OB_CERT_RULES] = {false};
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        scene s;
        play(&s, &good[i]);
        expect(&s, &good[i], asked);
        scene_end(&s);
    }
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        if (!asked[i]) {
            fail_msg("nothing keeps %s", ob_cert_rule_of((ob_cert_rule_id)i)->id);
        }
    }
}

/* Ids are told apart, clauses are given, texts fit a line of the manual. */
static void rows_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        const ob_cert_rule *rule = ob_cert_rule_of((ob_cert_rule_id)i);
        assert_true(rule->roles != 0 && rule->roles < 8 && rule->clause[0] != '\0');
        assert_true(strlen(rule->says) < 160 && strlen(rule->mend) < 100);
        assert_true(rule->x1112[0] >= '7' && rule->x1112[0] <= '8');
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(rule->id, ob_cert_rule_of((ob_cert_rule_id)k)->id);
        }
    }
}

/* The table of the manual: the same rows in the same order. */
static void the_manual_has_the_same_rows(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) page = {.max = (size_t)1 << 20};
    OB_AUTO(ob_buf) table = {.max = (size_t)1 << 20};
    char path[4096];
    const char *root = getenv("OB_SOURCE_ROOT");
    (void)snprintf(path, sizeof path, "%s/doc/link.md", root == NULL ? "." : root);
    assert_ok(ob_file_read(path, &page, &err));
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        const ob_cert_rule *rule = ob_cert_rule_of((ob_cert_rule_id)i);
        bool d = (rule->roles & OB_CERT_DEVICE) != 0;
        bool s = (rule->roles & OB_CERT_SERVER) != 0;
        bool a = (rule->roles & OB_CERT_AUTHORITY) != 0;
        ob_buf_addf(&table, "| `%s` | %s | %s%s%s%s%s | %s | %s | %s |\n", rule->id,
                    rule->must ? "must" : "should", d ? "D" : "", d && (s || a) ? " " : "",
                    s ? "S" : "", s && a ? " " : "", a ? "A" : "", rule->says, rule->clause,
                    rule->x1112);
    }
    if (ob_span_find(ob_buf_span(&page), ob_buf_span(&table), 0) == SIZE_MAX) {
        fail_msg("doc/link.md needs these rows:\n%.*s", OB_SHOW(ob_buf_span(&table)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(the_manual_has_the_same_rows),
        cmocka_unit_test(what_is_good_breaks_none),
        cmocka_unit_test(each_rule_is_broken_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
