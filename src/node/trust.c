/* SPDX-License-Identifier: Apache-2.0 */
#include "node/trust.h"

#include "link/cbor.h"

#include <ombud/mem.h>

#include <openssl/x509v3.h>

#define X5CHAIN 33

/* {33: certificate} or {33: [certificate, ...]}: what a peer needs to check it. The authority at
 * the end of a path is not sent: who trusts it has it. */
static bool name_by_chain(ob_node_trust *trust, ob_arena *arena, const char *path, ob_err *err)
{
    ob_cert_set set = {0};
    size_t last = 1;
    obi_cbor_writer w = {.cap = OB_EDHOC_MESSAGE_MAX};
    w.ptr = OB_NEW(arena, uint8_t, w.cap, err);
    if (w.ptr == NULL || !ob_cert_set_load(&set, path, false, err)) {
        return false;
    }
    for (size_t i = 1; i < set.count; i++) {
        bool root = X509_NAME_cmp(X509_get_issuer_name(set.certs[i]),
                                  X509_get_subject_name(set.certs[i])) == 0;
        last = root ? last : i + 1;
    }
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, X5CHAIN);
    if (last > 1) {
        obi_cbor_put_head(&w, OBI_CBOR_ARRAY, last);
    }
    for (size_t i = 0; i < last && i < set.count; i++) {
        uint8_t *der = NULL;
        int len = i2d_X509(set.certs[i], &der);
        obi_cbor_put_bytes(&w, (ob_span){(const char *)der, len > 0 ? (size_t)len : 0});
        OPENSSL_free(der);
    }
    ob_cert_set_fini(&set);
    trust->own.cred.id = obi_cbor_written(&w);
    return !w.full || ob_fail(err, OB_ERR_INPUT, "%s is too long for a message of EDHOC", path);
}

/* Whether some suite has static Diffie-Hellman or signatures on that curve. */
static bool is_usable(const ob_node_edhoc *e, int curve)
{
    for (size_t i = 0; i < e->suite_count; i++) {
        ob_edhoc_suite suite;
        if (ob_edhoc_suite_of(e->suites[i], &suite) &&
            (curve == suite.curve || curve == (suite.sign == OB_EDDSA ? OB_ED25519 : OB_P256))) {
            return true;
        }
    }
    return false;
}

static bool open_own(ob_node_trust *trust, ob_arena *arena, ob_err *err)
{
    const ob_node_edhoc *e = trust->config;
    if (!ob_node_secret_read(&trust->key, e->key_file.ptr, err) ||
        !ob_node_identity_read(&trust->own, arena, &e->own, err)) {
        return false;
    }
    int curve = ob_node_key_curve(&trust->key, &trust->own.cred);
    if (curve == 0) {
        return ob_fail(err, OB_ERR_INPUT, "the key in %s does not belong to the credential",
                       e->key_file.ptr);
    }
    if (!is_usable(e, curve)) {
        return ob_fail(err, OB_ERR_INPUT, "the key in %s is of %s, which no suite of 'suites' uses",
                       e->key_file.ptr,
                       curve == OB_P256     ? "P-256"
                       : curve == OB_X25519 ? "X25519"
                                            : "Ed25519");
    }
    return !e->send_certificate || name_by_chain(trust, arena, e->own.certificate_file.ptr, err);
}

static bool open_authorities(ob_node_trust *trust, ob_err *err)
{
    const ob_node_edhoc *e = trust->config;
    ob_cert_set *set = &trust->authorities;
    if (e->authority_file.len > 0 && !ob_cert_set_load(set, e->authority_file.ptr, true, err)) {
        return false;
    }
    if (e->authority_file.len > 0 && set->count == 0) {
        return ob_fail(err, OB_ERR_INPUT, "%s has no certificate", e->authority_file.ptr);
    }
    return e->revoked_file.len == 0 || ob_cert_lists_load(set, e->revoked_file.ptr, err);
}

bool ob_node_trust_open(ob_node_trust *trust, ob_arena *arena, const ob_node_edhoc *config,
                        ob_err *err)
{
    trust->config = config;
    if (!open_own(trust, arena, err) || !open_authorities(trust, err)) {
        ob_node_trust_close(trust);
        return false;
    }
    for (size_t i = 0; i < config->peer_count; i++) {
        trust->peers[i].name = config->peers[i].name;
        if (config->peers[i].serial.len == 0 &&
            !ob_node_identity_read(&trust->peers[i], arena, &config->peers[i], err)) {
            ob_node_trust_close(trust);
            return false;
        }
    }
    return true;
}

void ob_node_trust_close(ob_node_trust *trust)
{
    ob_node_secret_fini(&trust->key);
    ob_cert_set_fini(&trust->authorities);
}

bool ob_node_chain_read(ob_span id, ob_cert_set *chain, ob_span *first, ob_err *err)
{
    obi_cbor_reader r = {.text = id};
    uint64_t pairs = 0;
    uint64_t count = 1;
    int64_t label = 0;
    if (!obi_cbor_many(&r, OBI_CBOR_MAP, &pairs) || pairs != 1 || !obi_cbor_int(&r, &label) ||
        label != X5CHAIN ||
        (obi_cbor_is(&r, OBI_CBOR_ARRAY) && !obi_cbor_many(&r, OBI_CBOR_ARRAY, &count))) {
        return ob_fail(err, OB_ERR_PEER, "no chain of certificates was sent");
    }
    for (uint64_t i = 0; i < count && i < OB_CERTS_MAX; i++) {
        size_t at = r.at;
        ob_span der;
        if (!obi_cbor_bytes(&r, &der) ||
            !ob_cert_set_read(chain, "the certificate that was sent", der, false, err)) {
            err->kind = OB_ERR_PEER;
            return err->text[0] != '\0'
                       ? false
                       : ob_fail(err, OB_ERR_PEER, "a chain that is none was sent");
        }
        if (i == 0) {
            *first = ob_span_sub(id, at, r.at);
        }
    }
    return (count > 0 && obi_cbor_done(&r)) ||
           ob_fail(err, OB_ERR_PEER, "a chain that is none was sent");
}

/* Whether the whole credential of a peer, which the configuration has, is meant. */
static bool is_named(const ob_node_identity *peer, ob_span id, ob_span first)
{
    return peer->cred.id.len > 0 &&
           (ob_span_is(peer->cred.id, id) || (first.len > 0 && ob_span_is(peer->cred.cred, first)));
}

static size_t find_serial(const ob_node_trust *trust, ob_span serial)
{
    size_t any = OB_CERT_NONE;
    for (size_t i = 0; i < trust->config->peer_count; i++) {
        ob_span wanted = trust->config->peers[i].serial;
        if (serial.len > 0 && ob_span_is(wanted, serial)) {
            return i;
        }
        any = ob_span_is_str(wanted, "*") ? i : any;
    }
    return any;
}

static bool find_issued(const ob_node_trust *trust, const ob_cert_set *chain, ob_span first,
                        int64_t wall_ms, bool is_static, ob_node_found *found, ob_edhoc_cred *cred,
                        ob_err *err)
{
    if (trust->authorities.count == 0) {
        return ob_fail(err, OB_ERR_PEER, "a certificate was sent, and no authority is named");
    }
    if (!ob_cert_trust(chain, &trust->authorities, wall_ms,
                       is_static ? KU_KEY_AGREEMENT : KU_DIGITAL_SIGNATURE, err)) {
        return false;
    }
    found->peer = find_serial(trust, ob_cert_device_serial(chain->certs[0]));
    if (found->peer == OB_CERT_NONE) {
        return ob_fail(err, OB_ERR_PEER, "no peer with the serial number of the certificate");
    }
    if (first.len == 0 || first.len > sizeof found->cred ||
        !ob_sha256(&first, 1, &found->digest, err)) {
        return ob_fail(err, OB_ERR_PEER, "the certificate is too long");
    }
    memcpy(found->cred, first.ptr, first.len);
    return ob_edhoc_x509(cred, (ob_span){(const char *)found->cred, first.len}, found->key, err);
}

bool ob_node_trust_find(const ob_node_trust *trust, ob_span id, int64_t wall_ms, bool is_static,
                        ob_node_found *found, ob_edhoc_cred *cred, ob_err *err)
{
    ob_cert_set chain = {0};
    ob_span first = {0};
    ob_err no_chain = {0};
    bool sent = ob_node_chain_read(id, &chain, &first, &no_chain);
    bool good = false;
    found->digest = (ob_digest){0};
    for (size_t i = 0; i < trust->config->peer_count; i++) {
        const ob_node_identity *p = &trust->peers[i];
        if (is_named(p, id, sent ? first : (ob_span){0})) {
            found->peer = i;
            *cred = p->cred;
            good = (wall_ms >= p->from_ms && wall_ms < p->until_ms) ||
                   ob_fail(err, OB_ERR_PEER, "the certificate of '%.*s' is not valid now",
                           OB_SHOW(ob_span_sub(p->name, 0, 40)));
            ob_cert_set_fini(&chain);
            return good;
        }
    }
    good = sent ? find_issued(trust, &chain, first, wall_ms, is_static, found, cred, err)
                : ob_fail(err, OB_ERR_PEER, "a credential that no peer has");
    ob_cert_set_fini(&chain);
    return good;
}
