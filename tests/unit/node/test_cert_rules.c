/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each rule of the certificate profile: a certificate that is good breaks none, and for each rule
 * there is one that breaks this rule and no other.
 */
#include "cert_test.h"

#include <ombud/sys.h>

#include <stdlib.h>

static void set_ext(X509 *cert, int nid, void *value, int critical)
{
    while (X509_get_ext_by_NID(cert, nid, -1) >= 0) {
        X509_EXTENSION_free(X509_delete_ext(cert, X509_get_ext_by_NID(cert, nid, -1)));
    }
    if (value != NULL) {
        assert_int_equal(X509_add1_ext_i2d(cert, nid, value, critical, X509V3_ADD_APPEND), 1);
    }
}

static void set_critical(X509 *cert, int nid, int critical)
{
    X509_EXTENSION *ext = X509_get_ext(cert, X509_get_ext_by_NID(cert, nid, -1));
    assert_int_equal(X509_EXTENSION_set_critical(ext, critical), 1);
}

static void set_usage(X509 *cert, uint32_t bits)
{
    ASN1_BIT_STRING *value = ASN1_BIT_STRING_new();
    static const uint32_t order[] = {KU_DIGITAL_SIGNATURE, KU_NON_REPUDIATION, KU_KEY_ENCIPHERMENT,
                                     KU_DATA_ENCIPHERMENT, KU_KEY_AGREEMENT,   KU_KEY_CERT_SIGN,
                                     KU_CRL_SIGN};
    for (int i = 0; i < (int)OB_COUNT(order); i++) {
        if ((bits & order[i]) != 0) {
            assert_int_equal(ASN1_BIT_STRING_set_bit(value, i, 1), 1);
        }
    }
    set_ext(cert, NID_key_usage, value, 1);
    ASN1_BIT_STRING_free(value);
}

static void set_basic(X509 *cert, bool authority, long length, int critical)
{
    BASIC_CONSTRAINTS *value = BASIC_CONSTRAINTS_new();
    value->ca = authority ? 0xff : 0;
    if (length >= 0) {
        value->pathlen = ASN1_INTEGER_new();
        assert_int_equal(ASN1_INTEGER_set(value->pathlen, length), 1);
    }
    set_ext(cert, NID_basic_constraints, value, critical);
    BASIC_CONSTRAINTS_free(value);
}

static void set_purpose(X509 *cert, int nid)
{
    EXTENDED_KEY_USAGE *value = sk_ASN1_OBJECT_new_null();
    assert_true(sk_ASN1_OBJECT_push(value, OBJ_nid2obj(nid)) > 0);
    set_ext(cert, NID_ext_key_usage, value, 0);
    sk_ASN1_OBJECT_free(value);
}

static void set_serial(X509 *cert, const uint8_t *bytes, int len)
{
    BIGNUM *number = BN_bin2bn(bytes, len, NULL);
    assert_non_null(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)));
    BN_free(number);
}

static void set_subject(X509 *cert, int nid, int type, const char *text)
{
    X509_NAME *name = X509_NAME_new();
    if (text != NULL) {
        assert_int_equal(X509_NAME_add_entry_by_NID(name, nid, type, (const uint8_t *)text,
                                                    (int)strlen(text), -1, 0),
                         1);
    }
    assert_int_equal(X509_set_subject_name(cert, name), 1);
    X509_NAME_free(name);
}

/* An extension that nobody knows. */
static void add_own_ext(X509 *cert, int critical)
{
    ASN1_OBJECT *object = OBJ_txt2obj("1.3.6.1.4.1.99999.7", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    assert_int_equal(ASN1_OCTET_STRING_set(value, (const uint8_t *)"\5\0", 2), 1);
    X509_EXTENSION *ext = X509_EXTENSION_create_by_OBJ(NULL, object, critical, value);
    assert_int_equal(X509_add_ext(cert, ext, -1), 1);
    X509_EXTENSION_free(ext);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static void new_key(scene *s, EVP_PKEY *key)
{
    assert_non_null(key);
    EVP_PKEY_free(s->key);
    s->key = key;
}

/* --- the changes, named by the rule that they break --- */

static void c_version(scene *s)
{
    assert_int_equal(X509_set_version(s->cert, 0), 1);
}

static void c_serial_positive(scene *s)
{
    set_serial(s->cert, (const uint8_t *)"", 0);
}

static void c_serial_length(scene *s)
{
    set_serial(s->cert,
               (const uint8_t *)"\x80"
                                "1234567890123456789",
               20);
}

static void c_unsigned_name(scene *s)
{
    X509_NAME *name = X509_NAME_new();
    assert_int_equal(X509_set_issuer_name(s->cert, name), 1);
    X509_NAME_free(name);
    s->lists = false;
}

static void c_subject_name(scene *s)
{
    set_subject(s->cert, 0, 0, NULL);
}

static void c_device_serial(scene *s)
{
    set_subject(s->cert, NID_commonName, V_ASN1_UTF8STRING, "meter");
}

static void c_device_serial_form(scene *s)
{
    set_subject(s->cert, NID_serialNumber, V_ASN1_UTF8STRING, "SN-1");
}

static void b_started(scene *s)
{
    s->at = WALL - 2 * DAY;
}

static void b_ended(scene *s)
{
    s->at = WALL + 301 * DAY;
}

static void c_time_form(scene *s)
{
    assert_int_equal(
        ASN1_GENERALIZEDTIME_set_string(X509_getm_notAfter(s->cert), "20270601000000Z"), 1);
}

static void b_lasting(scene *s)
{
    s->issue.hardware = OB_SPAN("1.3.6.1.4.1.99999.1");
}

static void b_key_kind(scene *s)
{
    new_key(s, EVP_EC_gen("secp256k1"));
}

static void b_key_strength(scene *s)
{
    new_key(s, EVP_RSA_gen(1024));
}

static void b_key_constrained(scene *s)
{
    new_key(s, EVP_RSA_gen(2048));
}

static void c_extension_twice(scene *s)
{
    add_own_ext(s->cert, 0);
    add_own_ext(s->cert, 0);
}

static void c_extension_syntax(scene *s)
{
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    assert_int_equal(ASN1_OCTET_STRING_set(value, (const uint8_t *)"\5\0", 2), 1);
    X509_EXTENSION *ext = X509_EXTENSION_create_by_NID(NULL, NID_info_access, 0, value);
    assert_int_equal(X509_add_ext(s->cert, ext, -1), 1);
    X509_EXTENSION_free(ext);
    ASN1_OCTET_STRING_free(value);
}

static void c_extension_known(scene *s)
{
    add_own_ext(s->cert, 1);
}

static void c_not_critical(scene *s)
{
    set_critical(s->cert, NID_subject_key_identifier, 1);
}

static void c_no_authority(scene *s)
{
    set_basic(s->cert, true, -1, 1);
}

static void c_authority(scene *s)
{
    set_basic(s->cert, false, -1, 1);
}

static void c_authority_critical(scene *s)
{
    set_basic(s->cert, true, -1, 0);
}

static void c_path_length_place(scene *s)
{
    set_basic(s->cert, false, 0, 1);
}

static void c_usage_there(scene *s)
{
    set_ext(s->cert, NID_key_usage, NULL, 0);
}

static void c_usage_critical(scene *s)
{
    set_critical(s->cert, NID_key_usage, 0);
}

static void c_usage_purpose(scene *s)
{
    set_usage(s->cert, KU_NON_REPUDIATION);
}

static void c_usage_no_signing(scene *s)
{
    set_usage(s->cert, KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN);
}

static void c_usage_authority(scene *s)
{
    set_usage(s->cert, KU_CRL_SIGN);
}

static void c_usage_fits(scene *s)
{
    set_usage(s->cert, KU_DIGITAL_SIGNATURE | KU_DATA_ENCIPHERMENT);
}

static void c_purpose_device(scene *s)
{
    set_purpose(s->cert, NID_code_sign);
}

static void c_purpose_server(scene *s)
{
    set_purpose(s->cert, NID_client_auth);
}

static void c_subject_key(scene *s)
{
    set_ext(s->cert, NID_subject_key_identifier, NULL, 0);
}

static void c_authority_key(scene *s)
{
    set_ext(s->cert, NID_authority_key_identifier, NULL, 0);
}

static void c_alt_name_critical(scene *s)
{
    set_critical(s->cert, NID_subject_alt_name, 1);
}

static void add_alt_name(scene *s, int type, const char *bytes, int len, bool alone)
{
    GENERAL_NAMES *names =
        alone ? GENERAL_NAMES_new() : X509_get_ext_d2i(s->cert, NID_subject_alt_name, NULL, NULL);
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value =
        ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    assert_int_equal(ASN1_STRING_set(value, bytes, len), 1);
    GENERAL_NAME_set0_value(name, type, value);
    assert_true(sk_GENERAL_NAME_push(names, name) > 0);
    set_ext(s->cert, NID_subject_alt_name, names, 0);
    GENERAL_NAMES_free(names);
}

static void c_alt_name_form(scene *s)
{
    add_alt_name(s, GEN_IPADD, "12345", 5, false);
}

static void c_server_name(scene *s)
{
    add_alt_name(s, GEN_EMAIL, "a@b.example", 11, true);
}

static void b_server_host(scene *s)
{
    s->host = "other.example";
}

static void b_hardware(scene *s)
{
    s->issue.hardware = OB_SPAN("1.3.6.1.4.1.99999.1");
    s->issue.until_ms = INT64_MAX;
}

static void c_hardware_form(scene *s)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_TYPE *value = ASN1_TYPE_new();
    ASN1_TYPE_set(value, V_ASN1_NULL, NULL);
    assert_int_equal(GENERAL_NAME_set0_othername(name, OBJ_txt2obj("1.3.6.1.5.5.7.8.4", 1), value),
                     1);
    assert_true(sk_GENERAL_NAME_push(names, name) > 0);
    set_ext(s->cert, NID_subject_alt_name, names, 0);
    GENERAL_NAMES_free(names);
}

static void b_revocation_pointer(scene *s)
{
    s->issue.crl = (ob_span){0};
}

static void b_issuer_there(scene *s)
{
    s->anchored = false;
    s->with_other = true;
}

static void b_anchored(scene *s)
{
    s->anchored = false;
    s->with_root = true;
    s->with_other = true;
}

static void b_signature(scene *s)
{
    s->sign_key = s->other_key;
}

static void c_names_chain(scene *s)
{
    assert_int_equal(X509_set_issuer_name(s->cert, X509_get_subject_name(s->other_root)), 1);
    s->lists = false;
}

static void c_keys_chain(scene *s)
{
    AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
    id->keyid = ASN1_OCTET_STRING_new();
    assert_int_equal(ASN1_OCTET_STRING_set(id->keyid, (const uint8_t *)"another", 7), 1);
    set_ext(s->cert, NID_authority_key_identifier, id, 0);
    AUTHORITY_KEYID_free(id);
}

static void b_nested(scene *s)
{
    s->issue.until_ms = WALL + 3651 * DAY;
}

static void new_list(scene *s, X509 *issuer, EVP_PKEY *key, X509 *cert, int64_t until)
{
    ob_err err = {0};
    X509_CRL_free(s->list);
    s->list = NULL;
    assert_ok(ob_authority_list(issuer, key, NULL, cert, WALL - 5 * DAY, until, &s->list, &err));
}

static void b_list_there(scene *s)
{
    new_list(s, s->other_root, s->other_key, NULL, WALL + DAY);
}

static void b_list_signed(scene *s)
{
    new_list(s, s->root, s->other_key, NULL, WALL + DAY);
}

static void b_list_current(scene *s)
{
    new_list(s, s->root, s->root_key, NULL, WALL - DAY);
}

static void c_revoked(scene *s)
{
    new_list(s, s->root, s->root_key, s->cert, WALL + DAY);
}

/* A second certificate of the root, for another device. */
static void add_second(scene *s, uint8_t number, EVP_PKEY *key)
{
    ob_issue issue = issue_of(OB_CERT_DEVICE, number);
    issue.serial = OB_SPAN("SN-2");
    X509 *second = make(&issue, key, s->root, s->root_key);
    put_der(&s->more, second);
    X509_free(second);
}

static void a_serial_unique(scene *s)
{
    add_second(s, 0x22, s->other_key);
}

static void a_key_own(scene *s)
{
    add_second(s, 0x33, s->key);
}

/* --- changes of the bytes --- */

static void a_encoding(scene *s)
{
    assert_true((uint8_t)s->der.ptr[1] == 0x82);
    OB_AUTO(ob_buf) made = {.max = 65536};
    ob_buf_add(&made, (ob_span){"\x30\x83\x00", 3});
    ob_buf_add(&made, ob_span_sub(ob_buf_span(&s->der), 2, s->der.len));
    ob_buf_reset(&s->der);
    ob_buf_add(&s->der, ob_buf_span(&made));
}

static void a_algorithms_same(scene *s)
{
    ob_span oid = OB_SPAN("\x2a\x86\x48\xce\x3d\x04\x03\x02");
    size_t at = ob_span_find(ob_buf_span(&s->der), oid, 0);
    for (size_t next = at; next != SIZE_MAX;
         next = ob_span_find(ob_buf_span(&s->der), oid, at + 1)) {
        at = next;
    }
    s->der.ptr[at + 7] = 3;
}

static void put_element(ob_buf *out, uint8_t tag, ob_span body)
{
    uint8_t head[4] = {tag, 0x82, (uint8_t)(body.len >> 8), (uint8_t)body.len};
    ob_buf_add(out, (ob_span){(char *)head, 4});
    ob_buf_add(out, body);
}

/* libcrypto writes no unique identifiers: put in by hand, before [3], and signed. */
static void a_unique_ids(scene *s)
{
    uint8_t *tbs = NULL;
    int len = i2d_re_X509_tbs(s->cert, &tbs);
    assert_true(len > 4 && tbs[1] == 0x82);
    ob_span body = {(char *)tbs + 4, (size_t)len - 4};
    size_t at = 0;
    while ((uint8_t)body.ptr[at] != 0xa3) { /* from element to element */
        uint8_t first = (uint8_t)body.ptr[at + 1];
        at += first < 0x80    ? 2 + (size_t)first
              : first == 0x81 ? 3 + (size_t)(uint8_t)body.ptr[at + 2]
                              : 4 + ((size_t)(uint8_t)body.ptr[at + 2] << 8) +
                                    (size_t)(uint8_t)body.ptr[at + 3];
    }
    OB_AUTO(ob_buf) inner = {.max = 65536};
    OB_AUTO(ob_buf) whole = {.max = 65536};
    OB_AUTO(ob_buf) signature = {.max = 65536};
    ob_buf_add(&inner, ob_span_sub(body, 0, at));
    ob_buf_add(&inner, (ob_span){"\x81\x02\x00\x01", 4});
    ob_buf_add(&inner, ob_span_sub(body, at, body.len));
    put_element(&whole, 0x30, ob_buf_span(&inner));
    uint8_t made[128];
    size_t made_len = sizeof made;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, s->root_key), 1);
    assert_int_equal(EVP_DigestSign(ctx, made, &made_len, (uint8_t *)whole.ptr, whole.len), 1);
    EVP_MD_CTX_free(ctx);
    ob_buf_add(&whole, (ob_span){"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02", 12});
    uint8_t head[3] = {3, (uint8_t)(made_len + 1), 0};
    ob_buf_add(&whole, (ob_span){(char *)head, 3});
    ob_buf_add(&whole, (ob_span){(char *)made, made_len});
    ob_buf_reset(&s->der);
    put_element(&s->der, 0x30, ob_buf_span(&whole));
    OPENSSL_free(tbs);
}

/* SHA-1: the certificate is signed again by it. */
static void a_signature_strong(scene *s)
{
    assert_true(X509_sign(s->cert, s->root_key, EVP_sha1()) > 0);
    put_der(&s->der, s->cert);
}

/* An authority between the root, which allows none, and the device. */
static void a_path_length(scene *s)
{
    ob_issue issue = issue_of(OB_CERT_AUTHORITY, 0x44);
    issue.name = OB_SPAN("Between");
    issue.serial = (ob_span){0};
    set_basic(s->root, true, 0, 1);
    assert_true(X509_sign(s->root, s->root_key, EVP_sha256()) > 0);
    X509 *between = make(&issue, s->other_key, s->root, s->root_key);
    X509_free(s->cert);
    s->cert = make(&s->issue, s->key, between, s->other_key);
    put_der(&s->der, s->cert);
    put_der(&s->more, between);
    X509_free(between);
    s->lists = false;
}

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
