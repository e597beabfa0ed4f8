/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the extensions of a certificate. */
#include "node/cert_parts.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#define NOT_ASKED OB_CERT_NOT_ASKED

static const int ext_nids[OBI_EXTS] = {
    [OBI_EXT_BASIC] = NID_basic_constraints,
    [OBI_EXT_USAGE] = NID_key_usage,
    [OBI_EXT_PURPOSE] = NID_ext_key_usage,
    [OBI_EXT_SUBJECT_KEY] = NID_subject_key_identifier,
    [OBI_EXT_AUTHORITY_KEY] = NID_authority_key_identifier,
    [OBI_EXT_ALT_NAME] = NID_subject_alt_name,
    [OBI_EXT_POINTS] = NID_crl_distribution_points,
    [OBI_EXT_ACCESS] = NID_info_access,
};

static void free_value(const X509V3_EXT_METHOD *method, void *value)
{
    if (value == NULL) {
        return;
    }
    if (method->it != NULL) {
        ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
    } else {
        method->ext_free(value);
    }
}

void obi_cert_exts_open(obi_cert_ext *exts, const X509 *x509)
{
    for (size_t i = 0; i < OBI_EXTS; i++) {
        int at = X509_get_ext_by_NID(x509, ext_nids[i], -1);
        exts[i] = (obi_cert_ext){.there = at >= 0};
        if (at >= 0) {
            X509_EXTENSION *ext = X509_get_ext(x509, at);
            exts[i].critical = X509_EXTENSION_get_critical(ext) == 1;
            exts[i].value = X509V3_EXT_d2i(ext);
        }
    }
    ERR_clear_error();
}

void obi_cert_exts_close(obi_cert_ext *exts)
{
    for (size_t i = 0; i < OBI_EXTS; i++) {
        free_value(X509V3_EXT_get_nid(ext_nids[i]), exts[i].value);
    }
}

static bool is_bad(const obi_cert_ext *ext)
{
    return ext->there && ext->value == NULL;
}

bool obi_cert_usage(const obi_cert_ext *exts, uint32_t *bits)
{
    const ASN1_BIT_STRING *value = exts[OBI_EXT_USAGE].value;
    if (value == NULL) {
        return false;
    }
    *bits = 0;
    if (value->length > 0) {
        *bits = value->data[0];
    }
    if (value->length > 1) {
        *bits |= (uint32_t)value->data[1] << 8;
    }
    return true;
}

bool obi_cert_is_authority(const obi_cert_ext *exts)
{
    const BASIC_CONSTRAINTS *basic = exts[OBI_EXT_BASIC].value;
    return basic != NULL && basic->ca != 0;
}

/* 1.3.6.1.5.5.7.8.4: id-on-hardwareModuleName */
static bool is_hardware(const ASN1_OBJECT *object)
{
    static const uint8_t oid[] = {0x2b, 6, 1, 5, 5, 7, 8, 4};
    return OBJ_length(object) == sizeof oid && memcmp(OBJ_get0_data(object), oid, sizeof oid) == 0;
}

/* SEQUENCE { OBJECT IDENTIFIER, OCTET STRING }, short enough for heads of two bytes. */
static bool is_module(const ASN1_TYPE *value)
{
    if (value == NULL || value->type != V_ASN1_SEQUENCE) {
        return false;
    }
    const uint8_t *p = value->value.sequence->data;
    size_t len = (size_t)value->value.sequence->length;
    if (len < 6 || p[1] >= 0x80 || (size_t)p[1] + 2 != len || p[2] != V_ASN1_OBJECT) {
        return false;
    }
    size_t second = 4 + (size_t)p[3];
    return p[3] > 0 && second + 2 < len && p[second] == V_ASN1_OCTET_STRING && p[second + 1] > 0 &&
           second + 2 + p[second + 1] == len;
}

bool obi_cert_hardware(const obi_cert_ext *exts, bool *good)
{
    const GENERAL_NAMES *names = exts[OBI_EXT_ALT_NAME].value;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_OTHERNAME && is_hardware(name->d.otherName->type_id)) {
            *good = is_module(name->d.otherName->value);
            return true;
        }
    }
    return false;
}

/* --- all of them --- */

static void ext_name(const X509_EXTENSION *ext, char name[80])
{
    /* The object is only read; libcrypto's signature lacks the const. */
    X509_EXTENSION *copy = X509_EXTENSION_dup(ext);
    if (copy == NULL || OBJ_obj2txt(name, 80, X509_EXTENSION_get_object(copy), 0) <= 0) {
        (void)snprintf(name, 80, "one without a name");
    }
    X509_EXTENSION_free(copy);
}

ob_cert_verdict obi_cert_look_extension_twice(const obi_cert *c)
{
    char name[80];
    for (int i = 0; i < X509_get_ext_count(c->x509); i++) {
        X509_EXTENSION *ext = X509_get_ext(c->x509, i);
        if (X509_get_ext_by_OBJ(c->x509, X509_EXTENSION_get_object(ext), i) >= 0) {
            ext_name(ext, name);
            return obi_cert_say(c, false, "%s", name);
        }
    }
    return OB_CERT_KEPT;
}

ob_cert_verdict obi_cert_look_extension_syntax(const obi_cert *c)
{
    char name[80];
    for (int i = 0; i < X509_get_ext_count(c->x509); i++) {
        X509_EXTENSION *ext = X509_get_ext(c->x509, i);
        const X509V3_EXT_METHOD *method = X509V3_EXT_get(ext);
        void *value = method == NULL ? NULL : X509V3_EXT_d2i(ext);
        const ASN1_OCTET_STRING *bytes = X509_EXTENSION_get_data(ext);
        bool good = method == NULL || value != NULL;
        free_value(method, value);
        if (!good || ASN1_STRING_length(bytes) == 0) {
            ERR_clear_error();
            ext_name(ext, name);
            return obi_cert_say(c, false, "%s", name);
        }
    }
    return OB_CERT_KEPT;
}

/* Those that RFC 5280 has, and that this check or libcrypto's path building acts on. */
ob_cert_verdict obi_cert_look_extension_known(const obi_cert *c)
{
    static const int known[] = {
        NID_basic_constraints,       NID_key_usage,        NID_ext_key_usage,
        NID_subject_key_identifier,  NID_subject_alt_name, NID_authority_key_identifier,
        NID_crl_distribution_points, NID_info_access,      NID_certificate_policies,
        NID_policy_constraints,      NID_name_constraints, NID_policy_mappings,
        NID_inhibit_any_policy,      NID_issuer_alt_name};
    char name[80];
    for (int i = 0; i < X509_get_ext_count(c->x509); i++) {
        X509_EXTENSION *ext = X509_get_ext(c->x509, i);
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(ext));
        bool found = X509_EXTENSION_get_critical(ext) != 1;
        for (size_t k = 0; k < OB_COUNT(known); k++) {
            found = found || (nid == known[k] && nid != NID_undef);
        }
        if (!found) {
            ext_name(ext, name);
            return obi_cert_say(c, false, "%s", name);
        }
    }
    return OB_CERT_KEPT;
}

ob_cert_verdict obi_cert_look_not_critical(const obi_cert *c)
{
    static const struct {
        obi_cert_ext_id id;
        const char *name;
    } rows[] = {{OBI_EXT_SUBJECT_KEY, "subjectKeyIdentifier"},
                {OBI_EXT_AUTHORITY_KEY, "authorityKeyIdentifier"},
                {OBI_EXT_ACCESS, "authorityInfoAccess"}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        if (c->exts[rows[i].id].critical) {
            return obi_cert_say(c, false, "%s", rows[i].name);
        }
    }
    return OB_CERT_KEPT;
}

/* --- basicConstraints --- */

ob_cert_verdict obi_cert_look_no_authority(const obi_cert *c)
{
    return is_bad(&c->exts[OBI_EXT_BASIC])
               ? NOT_ASKED
               : obi_cert_say(c, !obi_cert_is_authority(c->exts), "cA is true");
}

ob_cert_verdict obi_cert_look_authority(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_BASIC];
    return is_bad(ext) ? NOT_ASKED
                       : obi_cert_say(c, obi_cert_is_authority(c->exts), "%s",
                                      ext->there ? "cA is false" : "there are none");
}

ob_cert_verdict obi_cert_look_authority_critical(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_BASIC];
    return ext->there ? obi_cert_say(c, ext->critical, "they are not") : NOT_ASKED;
}

ob_cert_verdict obi_cert_look_path_length_place(const obi_cert *c)
{
    const BASIC_CONSTRAINTS *basic = c->exts[OBI_EXT_BASIC].value;
    if (basic == NULL) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, basic->pathlen == NULL || basic->ca != 0,
                        "cA is false, and it is there");
}

/* --- keyUsage --- */

ob_cert_verdict obi_cert_look_usage_there(const obi_cert *c)
{
    return obi_cert_say(c, c->exts[OBI_EXT_USAGE].there, "there is none");
}

ob_cert_verdict obi_cert_look_usage_critical(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_USAGE];
    return ext->there ? obi_cert_say(c, ext->critical, "it is not") : NOT_ASKED;
}

static int key_id(const obi_cert *c)
{
    const EVP_PKEY *key = X509_get0_pubkey(c->x509);
    return key == NULL ? 0 : EVP_PKEY_get_base_id(key);
}

ob_cert_verdict obi_cert_look_usage_purpose(const obi_cert *c)
{
    uint32_t bits = 0;
    if (!obi_cert_usage(c->exts, &bits)) {
        return NOT_ASKED;
    }
    /* A server with RSA may be asked to decrypt, in TLS before version 1.3. */
    uint32_t wanted = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT |
                      (c->look->role == OB_CERT_SERVER ? (uint32_t)KU_KEY_ENCIPHERMENT : 0U);
    return obi_cert_say(c, (bits & wanted) != 0, "it has neither");
}

ob_cert_verdict obi_cert_look_usage_no_signing(const obi_cert *c)
{
    uint32_t bits = 0;
    if (!obi_cert_usage(c->exts, &bits) || obi_cert_is_authority(c->exts)) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, (bits & KU_KEY_CERT_SIGN) == 0, "keyCertSign is there");
}

ob_cert_verdict obi_cert_look_usage_authority(const obi_cert *c)
{
    uint32_t bits = 0;
    if (is_bad(&c->exts[OBI_EXT_USAGE])) {
        return NOT_ASKED;
    }
    bool there = obi_cert_usage(c->exts, &bits);
    return obi_cert_say(c, there && (bits & KU_KEY_CERT_SIGN) != 0, "%s",
                        there ? "keyCertSign is not there" : "there is none");
}

ob_cert_verdict obi_cert_look_usage_fits(const obi_cert *c)
{
    const uint32_t encipher = KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
    const uint32_t sign =
        KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION | KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    uint32_t bits = 0;
    int key = key_id(c);
    if (!obi_cert_usage(c->exts, &bits)) {
        return NOT_ASKED;
    }
    if (key == EVP_PKEY_EC) {
        return obi_cert_say(c, (bits & encipher) == 0, "encipherment by an elliptic curve");
    }
    if (key == EVP_PKEY_ED25519 || key == EVP_PKEY_ED448) {
        return obi_cert_say(c, (bits & (encipher | KU_KEY_AGREEMENT)) == 0,
                            "encipherment or agreement by a key that signs");
    }
    if (key == EVP_PKEY_X25519 || key == EVP_PKEY_X448) {
        return obi_cert_say(c, (bits & KU_KEY_AGREEMENT) != 0 && (bits & (sign | encipher)) == 0,
                            "a key that agrees has keyAgreement only");
    }
    return OB_CERT_KEPT;
}

/* --- extKeyUsage --- */

static bool has_purpose(const obi_cert *c, int nid)
{
    const EXTENDED_KEY_USAGE *purposes = c->exts[OBI_EXT_PURPOSE].value;
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++) {
        int one = OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, i));
        if (one == nid || one == NID_anyExtendedKeyUsage) {
            return true;
        }
    }
    return false;
}

ob_cert_verdict obi_cert_look_purpose_device(const obi_cert *c)
{
    return c->exts[OBI_EXT_PURPOSE].value == NULL
               ? NOT_ASKED
               : obi_cert_say(c, has_purpose(c, NID_client_auth) || has_purpose(c, NID_server_auth),
                              "it has neither");
}

ob_cert_verdict obi_cert_look_purpose_server(const obi_cert *c)
{
    return c->exts[OBI_EXT_PURPOSE].value == NULL
               ? NOT_ASKED
               : obi_cert_say(c, has_purpose(c, NID_server_auth), "it has not");
}

/* --- key identifiers --- */

ob_cert_verdict obi_cert_look_subject_key(const obi_cert *c)
{
    return obi_cert_say(c, c->exts[OBI_EXT_SUBJECT_KEY].there, "there is none");
}

ob_cert_verdict obi_cert_look_subject_key_authority(const obi_cert *c)
{
    return obi_cert_say(c, c->exts[OBI_EXT_SUBJECT_KEY].there, "there is none");
}

ob_cert_verdict obi_cert_look_authority_key(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_AUTHORITY_KEY];
    const AUTHORITY_KEYID *id = ext->value;
    if (c->look->self_signed || is_bad(ext)) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, id != NULL && id->keyid != NULL, "%s",
                        ext->there ? "it names no key" : "there is none");
}

/* --- subjectAltName --- */

ob_cert_verdict obi_cert_look_alt_name_critical(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_ALT_NAME];
    if (!ext->there || X509_NAME_entry_count(X509_get_subject_name(c->x509)) == 0) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, !ext->critical, "it is");
}

ob_cert_verdict obi_cert_look_alt_name_form(const obi_cert *c)
{
    const GENERAL_NAMES *names = c->exts[OBI_EXT_ALT_NAME].value;
    if (names == NULL) {
        return NOT_ASKED;
    }
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        bool text = name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI;
        int len = text || name->type == GEN_IPADD ? ASN1_STRING_length(name->d.ia5) : 1;
        if (len == 0 || (name->type == GEN_IPADD && len != 4 && len != 16)) {
            return obi_cert_say(c, false, "%s",
                                text ? "an empty name" : "an address of another size");
        }
    }
    return obi_cert_say(c, sk_GENERAL_NAME_num(names) > 0, "it has no name");
}

ob_cert_verdict obi_cert_look_hardware_form(const obi_cert *c)
{
    bool good = false;
    return obi_cert_hardware(c->exts, &good) ? obi_cert_say(c, good, "it has another form")
                                             : NOT_ASKED;
}

ob_cert_verdict obi_cert_look_server_name(const obi_cert *c)
{
    const obi_cert_ext *ext = &c->exts[OBI_EXT_ALT_NAME];
    const GENERAL_NAMES *names = ext->value;
    if (is_bad(ext)) {
        return NOT_ASKED;
    }
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = sk_GENERAL_NAME_value(names, i)->type;
        if (type == GEN_DNS || type == GEN_IPADD) {
            return OB_CERT_KEPT;
        }
    }
    return obi_cert_say(c, false, "%s", ext->there ? "it has neither" : "there is none");
}

ob_cert_verdict obi_cert_look_server_host(const obi_cert *c)
{
    const char *host = c->ask->host;
    if (host == NULL || c->look->depth != 0 || is_bad(&c->exts[OBI_EXT_ALT_NAME])) {
        return NOT_ASKED;
    }
    bool good = X509_check_ip_asc(c->x509, host, 0) == 1 ||
                X509_check_host(c->x509, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;
    ERR_clear_error();
    return obi_cert_say(c, good, "'%.60s' is not", host);
}

/* --- revocation --- */

static bool has_ocsp(const obi_cert *c)
{
    const AUTHORITY_INFO_ACCESS *access = c->exts[OBI_EXT_ACCESS].value;
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(access, i)->method) == NID_ad_OCSP) {
            return true;
        }
    }
    return false;
}

/* A distribution point that names a place, or who signs the list. */
static bool has_point(const obi_cert *c)
{
    const CRL_DIST_POINTS *points = c->exts[OBI_EXT_POINTS].value;
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        const DIST_POINT_NAME *name = point->distpoint;
        if (point->CRLissuer != NULL ||
            (name != NULL && (name->type == 1 ||
                              (name->type == 0 && sk_GENERAL_NAME_num(name->name.fullname) > 0)))) {
            return true;
        }
    }
    return false;
}

ob_cert_verdict obi_cert_look_revocation_pointer(const obi_cert *c)
{
    if (c->look->self_signed || is_bad(&c->exts[OBI_EXT_POINTS]) ||
        is_bad(&c->exts[OBI_EXT_ACCESS])) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, has_point(c) || has_ocsp(c), "there is neither");
}
