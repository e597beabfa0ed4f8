/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the basic fields of a certificate. */
#include "node/cert_parts.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <time.h>

#define NOT_ASKED OB_CERT_NOT_ASKED

ob_cert_verdict obi_cert_look_encoding(const obi_cert *c)
{
    size_t bad = c->ask->set->bad_at[c->look->cert];
    return obi_cert_say(c, bad == OB_CERT_NONE, "byte %zu is not DER", bad);
}

ob_cert_verdict obi_cert_look_version(const obi_cert *c)
{
    long version = X509_get_version(c->x509) + 1;
    return obi_cert_say(c, version == 3, "version %ld", version);
}

ob_cert_verdict obi_cert_look_serial_positive(const obi_cert *c)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(c->x509);
    bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
    bool zero = true;
    for (int i = 0; i < ASN1_STRING_length(serial); i++) {
        zero = zero && ASN1_STRING_get0_data(serial)[i] == 0;
    }
    return obi_cert_say(c, !negative && !zero, "%s", negative ? "negative" : "zero");
}

/* Octets of its DER: the magnitude, and a zero before it where its first bit is set. */
ob_cert_verdict obi_cert_look_serial_length(const obi_cert *c)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(c->x509);
    int len = ASN1_STRING_length(serial);
    len += len > 0 && (ASN1_STRING_get0_data(serial)[0] & 0x80) != 0;
    return obi_cert_say(c, len <= 20, "%d octets", len);
}

ob_cert_verdict obi_cert_look_serial_unique(const obi_cert *c)
{
    const ob_cert_set *set = c->ask->set;
    for (size_t i = 0; i < set->count; i++) {
        if (i != c->look->cert &&
            X509_NAME_cmp(X509_get_issuer_name(set->certs[i]), X509_get_issuer_name(c->x509)) ==
                0 &&
            ASN1_INTEGER_cmp(X509_get0_serialNumber(set->certs[i]),
                             X509_get0_serialNumber(c->x509)) == 0) {
            return obi_cert_say(c, false, "certificate %zu has it, too", i + 1);
        }
    }
    return OB_CERT_KEPT;
}

static void algorithm_name(const X509_ALGOR *algorithm, char name[64])
{
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    if (OBJ_obj2txt(name, 64, object, 0) <= 0) {
        (void)snprintf(name, 64, "none");
    }
}

ob_cert_verdict obi_cert_look_algorithms_same(const obi_cert *c)
{
    const X509_ALGOR *outer = NULL;
    char inside[64];
    char outside[64];
    X509_get0_signature(NULL, &outer, c->x509);
    algorithm_name(X509_get0_tbs_sigalg(c->x509), inside);
    algorithm_name(outer, outside);
    return obi_cert_say(c, X509_ALGOR_cmp(X509_get0_tbs_sigalg(c->x509), outer) == 0,
                        "%s inside, %s outside", inside, outside);
}

/* What the issuer says that it signed by: the name inside, which the signature covers. */
ob_cert_verdict obi_cert_look_signature_strong(const obi_cert *c)
{
    static const int good[] = {NID_ecdsa_with_SHA256,
                               NID_ecdsa_with_SHA384,
                               NID_ecdsa_with_SHA512,
                               NID_ED25519,
                               NID_ED448,
                               NID_sha256WithRSAEncryption,
                               NID_sha384WithRSAEncryption,
                               NID_sha512WithRSAEncryption};
    const X509_ALGOR *inner = X509_get0_tbs_sigalg(c->x509);
    const ASN1_OBJECT *object = NULL;
    char name[64];
    int bits = 0;
    X509_ALGOR_get0(&object, NULL, NULL, inner);
    int nid = OBJ_obj2nid(object);
    bool strong = false;
    for (size_t i = 0; i < OB_COUNT(good); i++) {
        strong = strong || good[i] == nid;
    }
    if (nid == NID_rsassaPss) { /* the hash is among its parameters */
        strong = X509_get_signature_info(c->x509, NULL, NULL, &bits, NULL) == 1 && bits >= 128;
    }
    algorithm_name(inner, name);
    return obi_cert_say(c, strong, "%s", name);
}

ob_cert_verdict obi_cert_look_issuer_name(const obi_cert *c)
{
    return obi_cert_say(c, X509_NAME_entry_count(X509_get_issuer_name(c->x509)) > 0, "it is empty");
}

ob_cert_verdict obi_cert_look_subject_name(const obi_cert *c)
{
    const obi_cert_ext *alt = &c->exts[OBI_EXT_ALT_NAME];
    bool other = c->look->role != OB_CERT_AUTHORITY && alt->there && alt->critical;
    return obi_cert_say(c, X509_NAME_entry_count(X509_get_subject_name(c->x509)) > 0 || other,
                        "it is empty%s",
                        c->look->role == OB_CERT_AUTHORITY ? ""
                        : alt->there                       ? ", and subjectAltName is not critical"
                                                           : ", and so is subjectAltName");
}

/* The attribute with that number in the subject, counted from 0. */
static const ASN1_STRING *serial_attribute(const X509 *x509, int which)
{
    const X509_NAME *subject = X509_get_subject_name(x509);
    int at = -1;
    do {
        at = X509_NAME_get_index_by_NID(subject, NID_serialNumber, at);
    } while (at >= 0 && which-- > 0);
    return at < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
}

ob_span ob_cert_device_serial(const X509 *cert)
{
    const ASN1_STRING *text = serial_attribute(cert, 0);
    ob_span none = {0};
    ob_span found = {text == NULL ? NULL : (const char *)ASN1_STRING_get0_data(text),
                     text == NULL ? 0 : (size_t)ASN1_STRING_length(text)};
    return found.len > 0 ? found : none;
}

ob_cert_verdict obi_cert_look_device_serial(const obi_cert *c)
{
    return obi_cert_say(c, serial_attribute(c->x509, 0) != NULL, "there is none");
}

ob_cert_verdict obi_cert_look_device_serial_form(const obi_cert *c)
{
    const ASN1_STRING *text = serial_attribute(c->x509, 0);
    if (text == NULL) {
        return NOT_ASKED;
    }
    int len = ASN1_STRING_length(text);
    const uint8_t *bytes = ASN1_STRING_get0_data(text);
    bool good = len > 0;
    for (int i = 0; i < len; i++) {
        good = good && bytes[i] != 0 &&
               (strchr(" '()+,-./:=?", bytes[i]) != NULL || (bytes[i] >= '0' && bytes[i] <= '9') ||
                (bytes[i] >= 'A' && bytes[i] <= 'Z') || (bytes[i] >= 'a' && bytes[i] <= 'z'));
    }
    if (serial_attribute(c->x509, 1) != NULL) {
        return obi_cert_say(c, false, "there are several");
    }
    if (ASN1_STRING_type(text) != V_ASN1_PRINTABLESTRING) {
        const char *kind = ASN1_tag2str(ASN1_STRING_type(text));
        return obi_cert_say(c, false, "it is a %s", kind);
    }
    return obi_cert_say(c, good && len <= 64, "%s",
                        len == 0   ? "it is empty"
                        : len > 64 ? "it is too long"
                                   : "it has a character that is none of PrintableString");
}

bool ob_cert_time(const ASN1_TIME *time, int64_t *wall_ms)
{
    struct tm parts = {0};
    if (ASN1_TIME_to_tm(time, &parts) != 1) {
        return false;
    }
    *wall_ms = (int64_t)timegm(&parts) * 1000;
    return true;
}

/* "2026-11-27 10:00:00" */
static void show_time(int64_t wall_ms, char out[40])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts = {0};
    if (gmtime_r(&seconds, &parts) == NULL || strftime(out, 40, "%F %T UTC", &parts) == 0) {
        (void)snprintf(out, 40, "%lld", (long long)wall_ms);
    }
}

ob_cert_verdict obi_cert_look_started(const obi_cert *c)
{
    int64_t from = 0;
    char shown[40];
    if (!ob_cert_time(X509_get0_notBefore(c->x509), &from)) {
        return NOT_ASKED;
    }
    show_time(from, shown);
    return obi_cert_say(c, from <= c->ask->at_ms, "it begins %s", shown);
}

/* The last second counts (RFC 5280 4.1.2.5: inclusive). */
ob_cert_verdict obi_cert_look_ended(const obi_cert *c)
{
    int64_t until = 0;
    char shown[40];
    if (!ob_cert_time(X509_get0_notAfter(c->x509), &until)) {
        return NOT_ASKED;
    }
    show_time(until, shown);
    return obi_cert_say(c, c->ask->at_ms <= until + 999, "it ended %s", shown);
}

static bool time_good(const ASN1_TIME *time, const char **why)
{
    const char *text = (const char *)ASN1_STRING_get0_data(time);
    int len = ASN1_STRING_length(time);
    bool utc = ASN1_STRING_type(time) == V_ASN1_UTCTIME;
    int64_t unused = 0;
    *why = "there are no seconds, or no Z";
    if (len != (utc ? 13 : 15) || text[len - 1] != 'Z') {
        return false;
    }
    *why = "it is no date";
    if (!ob_cert_time(time, &unused)) {
        return false;
    }
    *why = "a year before 2050 is written as GeneralizedTime";
    return utc || memcmp(text, "2050", 4) >= 0;
}

ob_cert_verdict obi_cert_look_time_form(const obi_cert *c)
{
    const char *why = NULL;
    if (!time_good(X509_get0_notBefore(c->x509), &why)) {
        return obi_cert_say(c, false, "notBefore: %s", why);
    }
    return obi_cert_say(c, time_good(X509_get0_notAfter(c->x509), &why), "notAfter: %s", why);
}

static bool has_no_end(const X509 *x509)
{
    const ASN1_TIME *until = X509_get0_notAfter(x509);
    return ASN1_STRING_length(until) == 15 &&
           memcmp(ASN1_STRING_get0_data(until), "99991231235959Z", 15) == 0;
}

ob_cert_verdict obi_cert_look_lasting(const obi_cert *c)
{
    bool good = false;
    if (!obi_cert_hardware(c->exts, &good)) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, has_no_end(c->x509), "it ends %.15s",
                        (const char *)ASN1_STRING_get0_data(X509_get0_notAfter(c->x509)));
}

ob_cert_verdict obi_cert_look_nested(const obi_cert *c)
{
    int64_t from = 0;
    int64_t until = 0;
    int64_t above_from = 0;
    int64_t above_until = 0;
    if (c->issuer == NULL || c->look->self_signed ||
        !ob_cert_time(X509_get0_notBefore(c->x509), &from) ||
        !ob_cert_time(X509_get0_notAfter(c->x509), &until) ||
        !ob_cert_time(X509_get0_notBefore(c->issuer), &above_from) ||
        !ob_cert_time(X509_get0_notAfter(c->issuer), &above_until)) {
        return NOT_ASKED;
    }
    if (from < above_from) {
        return obi_cert_say(c, false, "it begins before its issuer does");
    }
    return obi_cert_say(c, until <= above_until || has_no_end(c->x509),
                        "it ends after its issuer does");
}

/* --- keys --- */

/* The name of the curve, "RSA", or what it is; *size: bits. */
static bool key_name(const obi_cert *c, char name[64], int *size)
{
    EVP_PKEY *key = X509_get0_pubkey(c->x509);
    size_t len = 0;
    if (key == NULL) {
        return false;
    }
    *size = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
        return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, 64, &len) == 1;
    }
    (void)snprintf(name, 64, "%s", OBJ_nid2sn(EVP_PKEY_get_base_id(key)));
    return true;
}

static bool is_curve(const char *name)
{
    return strcmp(name, SN_X9_62_prime256v1) == 0 || strcmp(name, SN_secp384r1) == 0 ||
           strcmp(name, SN_secp521r1) == 0 || strcmp(name, SN_ED25519) == 0 ||
           strcmp(name, SN_ED448) == 0 || strcmp(name, SN_X25519) == 0 ||
           strcmp(name, SN_X448) == 0;
}

static bool is_rsa(const obi_cert *c)
{
    const EVP_PKEY *key = X509_get0_pubkey(c->x509);
    return key != NULL && (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ||
                           EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA_PSS);
}

ob_cert_verdict obi_cert_look_key_kind(const obi_cert *c)
{
    char name[64];
    int size = 0;
    if (!key_name(c, name, &size)) {
        return obi_cert_say(c, false, "the key cannot be read");
    }
    return obi_cert_say(c, is_rsa(c) || is_curve(name), "%s", name);
}

ob_cert_verdict obi_cert_look_key_strength(const obi_cert *c)
{
    char name[64];
    int size = 0;
    if (!key_name(c, name, &size)) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, EVP_PKEY_get_security_bits(X509_get0_pubkey(c->x509)) >= 112,
                        "%s of %d bits", name, size);
}

ob_cert_verdict obi_cert_look_key_constrained(const obi_cert *c)
{
    char name[64];
    int size = 0;
    if (!key_name(c, name, &size)) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, !is_rsa(c), "RSA of %d bits", size);
}

ob_cert_verdict obi_cert_look_key_own(const obi_cert *c)
{
    const ob_cert_set *set = c->ask->set;
    const ASN1_BIT_STRING *own = X509_get0_pubkey_bitstr(c->x509);
    for (size_t i = 0; i < set->count; i++) {
        const ASN1_BIT_STRING *other = X509_get0_pubkey_bitstr(set->certs[i]);
        if (i != c->look->cert && own != NULL && other != NULL &&
            ASN1_STRING_cmp(own, other) == 0 &&
            X509_NAME_cmp(X509_get_subject_name(set->certs[i]), X509_get_subject_name(c->x509)) !=
                0) {
            return obi_cert_say(c, false, "certificate %zu has it, too", i + 1);
        }
    }
    return OB_CERT_KEPT;
}

ob_cert_verdict obi_cert_look_unique_ids(const obi_cert *c)
{
    const ASN1_BIT_STRING *issuer = NULL;
    const ASN1_BIT_STRING *subject = NULL;
    X509_get0_uids(c->x509, &issuer, &subject);
    return obi_cert_say(c, issuer == NULL && subject == NULL, "%s is there",
                        issuer != NULL ? "issuerUniqueID" : "subjectUniqueID");
}
