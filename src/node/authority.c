/* SPDX-License-Identifier: Apache-2.0 */
#include "node/authority.h"

#include "node/cert_parts.h"
#include "node/uri.h"

#include <ombud/link.h>

#include <arpa/inet.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <time.h>

#define KEY_ID_LEN 20

static bool out_of_memory(ob_err *err)
{
    ERR_clear_error();
    return ob_fail(err, OB_ERR_NOMEM, "libcrypto cannot make the certificate");
}

/* --- keys --- */

static EVP_PKEY *point_key(ob_span private_key)
{
    const ob_link_crypto *crypto = ob_link_libcrypto();
    uint8_t point[65] = {4};
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = NULL;
    if (!crypto->public_key(crypto->ctx, OB_P256, private_key, point + 1, point + 33)) {
        return NULL;
    }
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    BIGNUM *scalar = BN_secure_new(); /* its copy in params is cleared, too */
    if (build != NULL && ctx != NULL && scalar != NULL &&
        BN_bin2bn((const uint8_t *)private_key.ptr, (int)private_key.len, scalar) != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) ==
            1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1 &&
        (params = OSSL_PARAM_BLD_to_param(build)) != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    OSSL_PARAM_free(params);
    BN_clear_free(scalar);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_BLD_free(build);
    return key;
}

bool ob_authority_key(int curve, ob_span private_key, EVP_PKEY **made, ob_err *err)
{
    EVP_PKEY *key = NULL;
    if (private_key.len == 32) {
        key = curve == OB_P256 ? point_key(private_key)
                               : EVP_PKEY_new_raw_private_key(
                                     curve == OB_ED25519 ? EVP_PKEY_ED25519 : EVP_PKEY_X25519, NULL,
                                     (const uint8_t *)private_key.ptr, private_key.len);
    }
    ERR_clear_error();
    if (key == NULL) {
        return ob_fail(err, OB_ERR_INPUT, "this is no private key of 32 bytes for that curve");
    }
    *made = key;
    return true;
}

/* --- fields --- */

static bool is_printable(ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
            (c == '\0' || strchr(" '()+,-./:=?", c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool check_url(ob_span url, const char *whose, ob_err *err)
{
    size_t at = url.len == 0 ? SIZE_MAX : ob_node_url_fault(url);
    return at == SIZE_MAX || ob_fail(err, OB_ERR_USAGE,
                                     "the URL of the %s is wrong from byte %zu on; it is like "
                                     "http://crl.example/lab.crl, with %%20 for a blank",
                                     whose, at);
}

static bool check(const ob_issue *issue, ob_err *err)
{
    if (!check_url(issue->crl, "revocation list", err) ||
        !check_url(issue->ocsp, "responder (OCSP)", err)) {
        return false;
    }
    if (issue->host.len > 0 && !ob_node_is_host(issue->host)) {
        return ob_fail(err, OB_ERR_USAGE,
                       "a server is reached under a name such as gate.example or an address");
    }
    if (issue->serial.len > 64 || !is_printable(issue->serial)) {
        return ob_fail(err, OB_ERR_USAGE,
                       "the serial number of a device has 1 to 64 letters, digits and "
                       "' ( ) + , - . / : = ?");
    }
    if (issue->name.len > 64) {
        return ob_fail(err, OB_ERR_USAGE, "the name has more than 64 bytes");
    }
    if ((issue->role == OB_CERT_DEVICE ? issue->serial : issue->name).len == 0) {
        return ob_fail(err, OB_ERR_USAGE, "%s",
                       issue->role == OB_CERT_DEVICE ? "a device needs its serial number"
                                                     : "it needs a name");
    }
    if (issue->role == OB_CERT_SERVER && issue->host.len == 0) {
        return ob_fail(err, OB_ERR_USAGE, "a server needs the name under which it is reached");
    }
    return issue->until_ms >= issue->from_ms ||
           ob_fail(err, OB_ERR_USAGE, "it ends before it begins");
}

static bool add_name(X509_NAME *name, int nid, int type, ob_span text)
{
    return text.len == 0 || X509_NAME_add_entry_by_NID(name, nid, type, (const uint8_t *)text.ptr,
                                                       (int)text.len, -1, 0) == 1;
}

static bool set_fields(X509 *cert, const ob_issue *issue, EVP_PKEY *key, X509 *issuer, ob_err *err)
{
    X509_NAME *subject = X509_NAME_new();
    uint8_t bytes[OB_ISSUE_NUMBER_LEN];
    memcpy(bytes, issue->number, sizeof bytes);
    bytes[0] = (uint8_t)((bytes[0] & 0x3f) | 0x40); /* positive, and of one length */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool named = subject != NULL &&
                 add_name(subject, NID_serialNumber, V_ASN1_PRINTABLESTRING, issue->serial) &&
                 add_name(subject, NID_commonName, MBSTRING_UTF8, issue->name);
    bool good =
        named && number != NULL && X509_set_version(cert, 2) == 1 &&
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL &&
        X509_set_subject_name(cert, subject) == 1 &&
        X509_set_issuer_name(cert, issuer == NULL ? subject : X509_get_subject_name(issuer)) == 1 &&
        ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(issue->from_ms / 1000)) != NULL &&
        (issue->until_ms == INT64_MAX
             ? ASN1_TIME_set_string(X509_getm_notAfter(cert), "99991231235959Z") == 1
             : ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(issue->until_ms / 1000)) != NULL) &&
        X509_set_pubkey(cert, key) == 1;
    BN_free(number);
    X509_NAME_free(subject);
    ERR_clear_error();
    return good || (named ? out_of_memory(err)
                          : ob_fail(err, OB_ERR_USAGE, "the name is no text in UTF-8"));
}

/* --- extensions --- */

static bool add_ext(X509 *cert, int nid, void *value, bool critical)
{
    return value != NULL && X509_add1_ext_i2d(cert, nid, value, critical, X509V3_ADD_APPEND) == 1;
}

static bool add_constraints(X509 *cert, bool authority)
{
    BASIC_CONSTRAINTS *basic = BASIC_CONSTRAINTS_new();
    if (basic != NULL) {
        basic->ca = authority ? 0xff : 0;
    }
    bool good = add_ext(cert, NID_basic_constraints, basic, true);
    BASIC_CONSTRAINTS_free(basic);
    return good;
}

static bool add_usage(X509 *cert, const ob_issue *issue, const EVP_PKEY *key)
{
    int kind = EVP_PKEY_get_base_id(key);
    ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
    bool good = bits != NULL;
    if (issue->role == OB_CERT_AUTHORITY) {
        good = good && ASN1_BIT_STRING_set_bit(bits, 5, 1) == 1 &&
               ASN1_BIT_STRING_set_bit(bits, 6, 1) == 1;
    } else {
        bool agrees = kind == EVP_PKEY_X25519 || (kind == EVP_PKEY_EC && issue->agrees);
        good = good && (kind == EVP_PKEY_X25519 || ASN1_BIT_STRING_set_bit(bits, 0, 1) == 1) &&
               (!agrees || ASN1_BIT_STRING_set_bit(bits, 4, 1) == 1);
    }
    good = good && add_ext(cert, NID_key_usage, bits, true);
    ASN1_BIT_STRING_free(bits);
    return good;
}

static bool add_purposes(X509 *cert, ob_cert_role role)
{
    EXTENDED_KEY_USAGE *purposes = sk_ASN1_OBJECT_new_null();
    bool good = purposes != NULL;
    /* A device speaks first and is spoken to. */
    if (role == OB_CERT_DEVICE) {
        good = good && sk_ASN1_OBJECT_push(purposes, OBJ_nid2obj(NID_client_auth)) > 0;
    }
    good = good && sk_ASN1_OBJECT_push(purposes, OBJ_nid2obj(NID_server_auth)) > 0 &&
           add_ext(cert, NID_ext_key_usage, purposes, false);
    sk_ASN1_OBJECT_free(purposes);
    return good;
}

/* The first 160 bits of SHA-256 over the key (RFC 7093, 2, method 1). */
static bool key_id(const X509 *cert, ASN1_OCTET_STRING *id)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    return id != NULL && X509_pubkey_digest(cert, EVP_sha256(), digest, &len) == 1 &&
           ASN1_OCTET_STRING_set(id, digest, KEY_ID_LEN) == 1;
}

static bool add_key_ids(X509 *cert, X509 *issuer)
{
    ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
    AUTHORITY_KEYID *above = AUTHORITY_KEYID_new();
    const X509 *from = issuer == NULL ? cert : issuer;
    /* The identifier that the issuer has, however it was made. */
    const ASN1_OCTET_STRING *known = issuer == NULL ? NULL : X509_get0_subject_key_id(issuer);
    bool good =
        key_id(cert, own) && add_ext(cert, NID_subject_key_identifier, own, false) &&
        above != NULL && (above->keyid = ASN1_OCTET_STRING_new()) != NULL &&
        (known != NULL ? ASN1_STRING_copy(above->keyid, known) == 1 : key_id(from, above->keyid)) &&
        add_ext(cert, NID_authority_key_identifier, above, false);
    AUTHORITY_KEYID_free(above);
    ASN1_OCTET_STRING_free(own);
    return good;
}

/* A URI or a DNS name. */
static GENERAL_NAME *text_name(int type, ob_span text)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    if (name == NULL || value == NULL || ASN1_STRING_set(value, text.ptr, (int)text.len) != 1) {
        GENERAL_NAME_free(name);
        ASN1_IA5STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, type, value);
    return name;
}

static GENERAL_NAME *host_name(ob_span host)
{
    char text[256];
    uint8_t address[16];
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(ob_span_sub(host, 0, 255)));
    size_t len = inet_pton(AF_INET, text, address) == 1    ? 4
                 : inet_pton(AF_INET6, text, address) == 1 ? 16
                                                           : 0;
    if (len == 0) {
        return text_name(GEN_DNS, host);
    }
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    if (name == NULL || value == NULL || ASN1_OCTET_STRING_set(value, address, (int)len) != 1) {
        GENERAL_NAME_free(name);
        ASN1_OCTET_STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_IPADD, value);
    return name;
}

/* otherName 1.3.6.1.5.5.7.8.4, HardwareModuleName (RFC 4108, 5): type and serial number. */
static GENERAL_NAME *hardware_name(ob_span type, ob_span serial)
{
    char text[128];
    uint8_t der[256];
    (void)snprintf(text, sizeof text, "%.*s", OB_SHOW(ob_span_sub(type, 0, 127)));
    ASN1_OBJECT *object = OBJ_txt2obj(text, 1);
    ASN1_OBJECT *kind = OBJ_txt2obj("1.3.6.1.5.5.7.8.4", 1);
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_TYPE *value = ASN1_TYPE_new();
    ASN1_STRING *sequence = ASN1_STRING_new();
    size_t oid = object == NULL ? 0 : OBJ_length(object);
    bool good = object != NULL && kind != NULL && name != NULL && value != NULL &&
                sequence != NULL && oid > 0 && oid + serial.len < 120;
    if (good) {
        size_t len = 0;
        der[len++] = V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED;
        der[len++] = (uint8_t)(oid + serial.len + 4);
        der[len++] = V_ASN1_OBJECT;
        der[len++] = (uint8_t)oid;
        memcpy(der + len, OBJ_get0_data(object), oid);
        len += oid;
        der[len++] = V_ASN1_OCTET_STRING;
        der[len++] = (uint8_t)serial.len;
        memcpy(der + len, serial.ptr, serial.len);
        good = ASN1_STRING_set(sequence, der, (int)(len + serial.len)) == 1;
    }
    if (good) {
        ASN1_TYPE_set(value, V_ASN1_SEQUENCE, sequence);
        sequence = NULL;
        good = GENERAL_NAME_set0_othername(name, kind, value) == 1;
        kind = good ? NULL : kind;
        value = good ? NULL : value;
    }
    ASN1_STRING_free(sequence);
    ASN1_TYPE_free(value);
    ASN1_OBJECT_free(kind);
    ASN1_OBJECT_free(object);
    if (!good) {
        GENERAL_NAME_free(name);
    }
    return good ? name : NULL;
}

static bool push_name(GENERAL_NAMES *names, GENERAL_NAME *name)
{
    if (name != NULL && names != NULL && sk_GENERAL_NAME_push(names, name) > 0) {
        return true;
    }
    GENERAL_NAME_free(name);
    return false;
}

static bool add_alt_names(X509 *cert, const ob_issue *issue)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool good =
        names != NULL && (issue->host.len == 0 || push_name(names, host_name(issue->host))) &&
        (issue->hardware.len == 0 ||
         push_name(names, hardware_name(issue->hardware, issue->serial))) &&
        (sk_GENERAL_NAME_num(names) == 0 || add_ext(cert, NID_subject_alt_name, names, false));
    GENERAL_NAMES_free(names);
    return good;
}

/* Of the two forms of a distribution point's name the full one. */
static bool choose_full(DIST_POINT_NAME *name)
{
    name->type = 0;
    return true;
}

static bool add_pointers(X509 *cert, const ob_issue *issue)
{
    CRL_DIST_POINTS *points = CRL_DIST_POINTS_new();
    AUTHORITY_INFO_ACCESS *access = AUTHORITY_INFO_ACCESS_new();
    bool good = points != NULL && access != NULL;
    if (good && issue->crl.len > 0) {
        DIST_POINT *point = DIST_POINT_new();
        good = point != NULL && (point->distpoint = DIST_POINT_NAME_new()) != NULL &&
               (point->distpoint->name.fullname = GENERAL_NAMES_new()) != NULL &&
               choose_full(point->distpoint) &&
               push_name(point->distpoint->name.fullname, text_name(GEN_URI, issue->crl)) &&
               sk_DIST_POINT_push(points, point) > 0;
        if (!good) {
            DIST_POINT_free(point);
        }
        good = good && add_ext(cert, NID_crl_distribution_points, points, false);
    }
    if (good && issue->ocsp.len > 0) {
        ACCESS_DESCRIPTION *one = ACCESS_DESCRIPTION_new();
        GENERAL_NAME *where = text_name(GEN_URI, issue->ocsp);
        if (one != NULL && where != NULL) {
            ASN1_OBJECT_free(one->method);
            one->method = OBJ_nid2obj(NID_ad_OCSP);
            GENERAL_NAME_free(one->location);
            one->location = where;
            where = NULL;
        }
        good = one != NULL && where == NULL && sk_ACCESS_DESCRIPTION_push(access, one) > 0;
        if (!good) {
            ACCESS_DESCRIPTION_free(one);
        }
        GENERAL_NAME_free(where);
        good = good && add_ext(cert, NID_info_access, access, false);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    CRL_DIST_POINTS_free(points);
    return good;
}

/* --- signing --- */

/* Ed25519 hashes by itself. */
static const EVP_MD *digest_for(const EVP_PKEY *key)
{
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? NULL : EVP_sha256();
}

bool ob_authority_issue(const ob_issue *issue, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                        X509 **made, ob_err *err)
{
    if (!check(issue, err)) {
        return false;
    }
    X509 *cert = X509_new();
    EVP_PKEY *by = issuer == NULL ? key : issuer_key;
    if (cert == NULL || !set_fields(cert, issue, key, issuer, err)) {
        X509_free(cert);
        return err->kind != OB_OK ? false : out_of_memory(err);
    }
    if (!add_constraints(cert, issue->role == OB_CERT_AUTHORITY) || !add_usage(cert, issue, key) ||
        (issue->role != OB_CERT_AUTHORITY && !add_purposes(cert, issue->role)) ||
        !add_key_ids(cert, issuer) || !add_pointers(cert, issue)) {
        X509_free(cert);
        return out_of_memory(err);
    }
    if (!add_alt_names(cert, issue)) {
        X509_free(cert);
        ERR_clear_error();
        return ob_fail(err, OB_ERR_USAGE,
                       "the type of the hardware is written like 1.3.6.1.4.1.99999.1");
    }
    if (X509_sign(cert, by, digest_for(by)) <= 0) {
        X509_free(cert);
        ERR_clear_error();
        return ob_fail(err, OB_ERR_INPUT, "the key of the authority cannot sign");
    }
    *made = cert;
    return true;
}

/* --- lists --- */

static bool set_list(X509_CRL *list, X509 *issuer, int64_t at_ms, int64_t next_ms)
{
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(at_ms / 1000));
    ASN1_TIME *next = ASN1_TIME_set(NULL, (time_t)(next_ms / 1000));
    AUTHORITY_KEYID *by = AUTHORITY_KEYID_new();
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(issuer);
    bool good =
        from != NULL && next != NULL && by != NULL && X509_CRL_set_version(list, 1) == 1 &&
        X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer)) == 1 &&
        X509_CRL_set1_lastUpdate(list, from) == 1 && X509_CRL_set1_nextUpdate(list, next) == 1 &&
        (id == NULL || ((by->keyid = ASN1_OCTET_STRING_dup(id)) != NULL &&
                        X509_CRL_add1_ext_i2d(list, NID_authority_key_identifier, by, 0, 0) == 1));
    AUTHORITY_KEYID_free(by);
    ASN1_TIME_free(next);
    ASN1_TIME_free(from);
    return good;
}

/* The number grows with each list (RFC 5280, 5.2.3). */
static bool set_number(X509_CRL *list, X509_CRL *old)
{
    ASN1_INTEGER *before =
        old == NULL ? NULL : X509_CRL_get_ext_d2i(old, NID_crl_number, NULL, NULL);
    BIGNUM *number = before == NULL ? BN_new() : ASN1_INTEGER_to_BN(before, NULL);
    ASN1_INTEGER *next = NULL;
    bool good = number != NULL && BN_add_word(number, 1) == 1 &&
                (next = BN_to_ASN1_INTEGER(number, NULL)) != NULL &&
                X509_CRL_add1_ext_i2d(list, NID_crl_number, next, 0, 0) == 1;
    ASN1_INTEGER_free(next);
    BN_free(number);
    ASN1_INTEGER_free(before);
    return good;
}

static bool add_entry(X509_CRL *list, const ASN1_INTEGER *number, const ASN1_TIME *when)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *copy = ASN1_INTEGER_dup(number);
    ASN1_TIME *time = ASN1_STRING_dup(when);
    bool good = entry != NULL && copy != NULL && time != NULL &&
                X509_REVOKED_set_serialNumber(entry, copy) == 1 &&
                X509_REVOKED_set_revocationDate(entry, time) == 1 &&
                X509_CRL_add0_revoked(list, entry) == 1;
    if (!good) {
        X509_REVOKED_free(entry);
    }
    ASN1_TIME_free(time);
    ASN1_INTEGER_free(copy);
    return good;
}

static bool copy_entries(X509_CRL *list, X509_CRL *old)
{
    STACK_OF(X509_REVOKED) *entries = old == NULL ? NULL : X509_CRL_get_REVOKED(old);
    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        if (!add_entry(list, X509_REVOKED_get0_serialNumber(entry),
                       X509_REVOKED_get0_revocationDate(entry))) {
            return false;
        }
    }
    return true;
}

static bool check_entry(const X509 *issuer, X509_CRL *old, X509 *cert, ob_err *err)
{
    X509_REVOKED *entry = NULL;
    if (X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(issuer)) != 0) {
        return ob_fail(err, OB_ERR_INPUT, "another authority issued this certificate");
    }
    if (old != NULL && X509_CRL_get0_by_cert(old, &entry, cert) == 1) {
        return ob_fail(err, OB_ERR_INPUT, "it is revoked already");
    }
    return true;
}

bool ob_authority_list(X509 *issuer, EVP_PKEY *issuer_key, X509_CRL *old, X509 *cert, int64_t at_ms,
                       int64_t next_ms, X509_CRL **made, ob_err *err)
{
    if (cert != NULL && !check_entry(issuer, old, cert, err)) {
        return false;
    }
    X509_CRL *list = X509_CRL_new();
    bool good = list != NULL && set_list(list, issuer, at_ms, next_ms) && set_number(list, old) &&
                copy_entries(list, old) &&
                (cert == NULL ||
                 add_entry(list, X509_get0_serialNumber(cert), X509_CRL_get0_lastUpdate(list))) &&
                X509_CRL_sort(list) == 1 &&
                X509_CRL_sign(list, issuer_key, digest_for(issuer_key)) > 0;
    if (!good) {
        X509_CRL_free(list);
        return out_of_memory(err);
    }
    *made = list;
    return true;
}

/* --- PEM --- */

static bool take(BIO *bio, int written, ob_buf *out, ob_err *err)
{
    const char *bytes = NULL;
    long len = written == 1 ? BIO_get_mem_data(bio, &bytes) : 0;
    ob_buf_add(out, (ob_span){bytes, (size_t)len});
    BIO_free(bio);
    return len > 0 ? ob_buf_check(out, "the PEM", err) : out_of_memory(err);
}

bool ob_authority_pem(X509 *cert, ob_buf *out, ob_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return take(bio, bio == NULL ? 0 : PEM_write_bio_X509(bio, cert), out, err);
}

bool ob_authority_list_pem(X509_CRL *list, ob_buf *out, ob_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return take(bio, bio == NULL ? 0 : PEM_write_bio_X509_CRL(bio, list), out, err);
}
