/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a scene, each of which breaks one rule: b_ before the certificate is made, c_ before
 * it is signed again, a_ of the bytes that are read. For one test alone. */
#ifndef OB_CERT_CHANGES_H
#define OB_CERT_CHANGES_H

#include "cert_test.h"

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

#endif
