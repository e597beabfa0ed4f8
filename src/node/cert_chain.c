/* SPDX-License-Identifier: Apache-2.0 */
/* The path from a certificate to an authority, the rules about it, and the decision to trust it. */
#include "node/cert_parts.h"

#include <ombud/text.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#define NOT_ASKED OB_CERT_NOT_ASKED

static bool same_name(const X509_NAME *a, const X509_NAME *b)
{
    return X509_NAME_cmp(a, b) == 0;
}

static bool signed_by(X509 *cert, X509 *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    bool good = key != NULL && X509_verify(cert, key) == 1;
    ERR_clear_error();
    return good;
}

/* Whether the authorityKeyIdentifier of cert is the subjectKeyIdentifier of other; false where one
 * of them is not there, too. */
static bool same_key_id(X509 *cert, X509 *other)
{
    const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id(cert);
    const ASN1_OCTET_STRING *found = X509_get0_subject_key_id(other);
    return wanted != NULL && found != NULL && ASN1_OCTET_STRING_cmp(wanted, found) == 0;
}

/* How well other does as the issuer of cert; 0: not at all. It is found by its name or its key
 * identifier; a name that is wrong, or a signature that is, is told by a rule. */
static unsigned fit(X509 *cert, X509 *other)
{
    bool name = same_name(X509_get_issuer_name(cert), X509_get_subject_name(other));
    bool id = same_key_id(cert, other);
    bool made = (name || id) && signed_by(cert, other);
    return !name && !made ? 0U : (name ? 2U : 0U) + (made ? 4U : 0U) + (id ? 1U : 0U);
}

static size_t find_issuer(const ob_cert_set *set, size_t cert)
{
    size_t best = OB_CERT_NONE;
    unsigned most = 0;
    for (size_t i = 0; i < set->count; i++) {
        unsigned good = i == cert ? 0 : fit(set->certs[cert], set->certs[i]);
        if (good > most) {
            most = good;
            best = i;
        }
    }
    return best;
}

/* The certificate that issued none of the others; a peer sends it first. */
static size_t find_end(const ob_cert_ask *ask, const ob_cert_look *looks)
{
    const ob_cert_set *set = ask->set;
    size_t first = OB_CERT_NONE;
    for (size_t i = set->count; i-- > 0;) {
        first = set->given[i] ? i : first;
    }
    if (ask->first || first == OB_CERT_NONE) {
        return first;
    }
    for (size_t i = 0; i < set->count; i++) {
        bool issued = false;
        for (size_t k = 0; k < set->count; k++) {
            issued = issued || (k != i && looks[k].issuer == i);
        }
        if (set->given[i] && !issued) {
            return i;
        }
    }
    return first;
}

void obi_cert_link(const ob_cert_ask *ask, ob_cert_look *looks)
{
    const ob_cert_set *set = ask->set;
    for (size_t i = 0; i < set->count; i++) {
        X509 *cert = set->certs[i];
        looks[i].cert = i;
        looks[i].depth = OB_CERT_NONE;
        looks[i].self_signed = same_name(X509_get_issuer_name(cert), X509_get_subject_name(cert)) &&
                               signed_by(cert, cert);
        looks[i].issuer = looks[i].self_signed ? i : find_issuer(set, i);
    }
    size_t at = find_end(ask, looks);
    for (size_t depth = 0; at != OB_CERT_NONE && looks[at].depth == OB_CERT_NONE; depth++) {
        looks[at].depth = depth;
        at = looks[at].issuer;
    }
}

/* --- rules --- */

ob_cert_verdict obi_cert_look_issuer_there(const obi_cert *c)
{
    bool anchors = false;
    for (size_t i = 0; i < c->ask->set->count; i++) {
        anchors = anchors || c->ask->set->anchor[i];
    }
    if (!anchors || c->look->self_signed || c->ask->set->anchor[c->look->cert]) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, c->issuer != NULL, "it is not");
}

/* Asked of the last certificate of the path. */
ob_cert_verdict obi_cert_look_anchored(const obi_cert *c)
{
    const ob_cert_set *set = c->ask->set;
    bool anchors = false;
    for (size_t i = 0; i < set->count; i++) {
        anchors = anchors || set->anchor[i];
    }
    /* A path that goes on, or whose next certificate is missing, has another rule. */
    if (!anchors || c->look->depth == OB_CERT_NONE || !c->look->self_signed) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, set->anchor[c->look->cert], "it ends at another one");
}

ob_cert_verdict obi_cert_look_signature(const obi_cert *c)
{
    const X509_ALGOR *outer = NULL;
    X509_get0_signature(NULL, &outer, c->x509);
    if (c->issuer == NULL || c->look->self_signed || /* it counts as one only with a good one */
        X509_ALGOR_cmp(X509_get0_tbs_sigalg(c->x509), outer) != 0) {
        return NOT_ASKED; /* by which algorithm is not known: algorithms-same tells */
    }
    return obi_cert_say(c, signed_by(c->x509, c->issuer), "another key made it");
}

ob_cert_verdict obi_cert_look_names_chain(const obi_cert *c)
{
    if (c->issuer == NULL || X509_NAME_entry_count(X509_get_issuer_name(c->x509)) == 0) {
        return NOT_ASKED; /* issuer-name tells that it is empty */
    }
    return obi_cert_say(c,
                        same_name(X509_get_issuer_name(c->x509), X509_get_subject_name(c->issuer)),
                        "the names differ");
}

ob_cert_verdict obi_cert_look_keys_chain(const obi_cert *c)
{
    const AUTHORITY_KEYID *id = c->exts[OBI_EXT_AUTHORITY_KEY].value;
    const ASN1_OCTET_STRING *above = c->above == NULL ? NULL : c->above[OBI_EXT_SUBJECT_KEY].value;
    if (id == NULL || id->keyid == NULL || above == NULL) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, ASN1_OCTET_STRING_cmp(id->keyid, above) == 0, "they differ");
}

ob_cert_verdict obi_cert_look_path_length(const obi_cert *c)
{
    const BASIC_CONSTRAINTS *basic = c->exts[OBI_EXT_BASIC].value;
    if (basic == NULL || basic->pathlen == NULL || c->look->depth == OB_CERT_NONE) {
        return NOT_ASKED;
    }
    long most = ASN1_INTEGER_get(basic->pathlen);
    return obi_cert_say(c, most >= 0 && c->below <= (unsigned long)most, "%u below, %ld allowed",
                        c->below, most);
}

/* --- revocation lists --- */

ob_cert_verdict obi_cert_look_list_there(const obi_cert *c)
{
    if (c->ask->set->list_count == 0 || c->look->self_signed) {
        return NOT_ASKED;
    }
    return obi_cert_say(c, c->list != NULL, "it is not");
}

ob_cert_verdict obi_cert_look_list_signed(const obi_cert *c)
{
    uint32_t bits = 0;
    if (c->list == NULL || c->issuer == NULL) {
        return NOT_ASKED;
    }
    EVP_PKEY *key = X509_get0_pubkey(c->issuer);
    bool good = key != NULL && X509_CRL_verify(c->list, key) == 1;
    ERR_clear_error();
    if (good && c->above != NULL && obi_cert_usage(c->above, &bits) && (bits & KU_CRL_SIGN) == 0) {
        return obi_cert_say(c, false, "keyUsage of the issuer has no cRLSign");
    }
    return obi_cert_say(c, good, "another key made its signature");
}

ob_cert_verdict obi_cert_look_list_current(const obi_cert *c)
{
    int64_t from = 0;
    int64_t until = 0;
    if (c->list == NULL) {
        return NOT_ASKED;
    }
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(c->list);
    if (!ob_cert_time(X509_CRL_get0_lastUpdate(c->list), &from) ||
        (next != NULL && !ob_cert_time(next, &until))) {
        return obi_cert_say(c, false, "its dates cannot be read");
    }
    if (from > c->ask->at_ms) {
        return obi_cert_say(c, false, "it is of a later date");
    }
    return obi_cert_say(c, next != NULL && c->ask->at_ms <= until + 999, "%s",
                        next == NULL ? "it has no nextUpdate" : "a newer one should be there");
}

ob_cert_verdict obi_cert_look_revoked(const obi_cert *c)
{
    X509_REVOKED *entry = NULL;
    int64_t when = 0;
    if (c->list == NULL) {
        return NOT_ASKED;
    }
    if (X509_CRL_get0_by_cert(c->list, &entry, c->x509) == 1 && entry != NULL) {
        char shown[32] = "at an unknown time";
        if (ob_cert_time(X509_REVOKED_get0_revocationDate(entry), &when)) {
            ob_time_format(when, shown);
        }
        return obi_cert_say(c, false, "it was revoked %s", shown);
    }
    return OB_CERT_KEPT;
}

/* --- trust --- */

typedef struct building {
    X509_STORE *store;
    X509_STORE_CTX *ctx;
    STACK_OF(X509) * others;
} building;

static bool fill(building *b, const ob_cert_set *chain, const ob_cert_set *trusted)
{
    b->store = X509_STORE_new();
    b->ctx = X509_STORE_CTX_new();
    b->others = sk_X509_new_null();
    bool good = b->store != NULL && b->ctx != NULL && b->others != NULL;
    for (size_t i = 0; good && i < trusted->count; i++) {
        good = !trusted->anchor[i] || X509_STORE_add_cert(b->store, trusted->certs[i]) == 1;
    }
    for (size_t i = 0; good && i < trusted->list_count; i++) {
        good = X509_STORE_add_crl(b->store, trusted->lists[i]) == 1;
    }
    for (size_t i = 1; good && i < chain->count; i++) {
        good = sk_X509_push(b->others, chain->certs[i]) > 0; /* borrowed */
    }
    return good && X509_STORE_CTX_init(b->ctx, b->store, chain->certs[0], b->others) == 1;
}

/* An anchor need not be self-signed; 112 bits are level 2 of libcrypto. */
static void set_rules(const building *b, const ob_cert_set *trusted, int64_t at_ms)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(b->ctx);
    unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN;
    if (trusted->list_count > 0) {
        flags |= X509_V_FLAG_CRL_CHECK;
    }
    (void)X509_VERIFY_PARAM_set_flags(param, flags);
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    X509_VERIFY_PARAM_set_time(param, (time_t)(at_ms / 1000));
}

bool ob_cert_trust(const ob_cert_set *chain, const ob_cert_set *trusted, int64_t at_ms,
                   uint32_t usage, ob_err *err)
{
    building b = {0};
    bool good = false;
    if (chain->count == 0) {
        return ob_fail(err, OB_ERR_PEER, "there is no certificate");
    }
    if (!fill(&b, chain, trusted)) {
        (void)ob_fail(err, OB_ERR_NOMEM, "a path of certificates cannot be built");
    } else {
        set_rules(&b, trusted, at_ms);
        good = X509_verify_cert(b.ctx) == 1;
        if (!good) {
            (void)ob_fail(err, OB_ERR_PEER, "the certificate is not trusted: %s",
                          X509_verify_cert_error_string(X509_STORE_CTX_get_error(b.ctx)));
        } else if ((X509_get_key_usage(chain->certs[0]) & usage) == 0) {
            good = ob_fail(err, OB_ERR_PEER,
                           "the certificate is not trusted: its keyUsage does not allow this");
        }
    }
    ERR_clear_error();
    X509_STORE_CTX_free(b.ctx);
    sk_X509_free(b.others);
    X509_STORE_free(b.store);
    return good;
}
