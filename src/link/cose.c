/* SPDX-License-Identifier: Apache-2.0 */
#include "link/cose.h"
#include "link/cbor.h"
#include "link/hkdf.h"

#include <ombud/mem.h>

/* Labels of headers, RFC 9052 3.1. */
enum {
    LABEL_ALG = 1,
    LABEL_CRIT = 2,
    LABEL_TYPE = 3, /* of the content */
    LABEL_KID = 4,
    LABEL_IV = 5,
    LABEL_PARTIAL_IV = 6
};

static bool wrong(ob_err *err, const char *what)
{
    return ob_fail(err, OB_ERR_PEER, "COSE: %s", what);
}

/* Headers that must be understood: a list, protected, of labels that are known here. */
static bool read_critical(obi_cbor_reader *r, bool is_protected)
{
    uint64_t count = 0;
    if (!is_protected || !obi_cbor_many(r, OBI_CBOR_ARRAY, &count) || count == 0) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        int64_t label = 0;
        if (!obi_cbor_int(r, &label) || label < LABEL_ALG || label > LABEL_PARTIAL_IV) {
            return false;
        }
    }
    return true;
}

/* One header; what is not known is passed over. seen: bit a label that was there. */
static bool read_header(obi_cose *cose, obi_cbor_reader *r, bool is_protected, unsigned *seen,
                        bool *has_alg)
{
    int64_t label = -1;
    ob_span value;
    if (obi_cbor_is(r, OBI_CBOR_TEXT) ? !obi_cbor_skip(r, &value) : !obi_cbor_int(r, &label)) {
        return false;
    }
    if (label >= 0 && label < 32) {
        if (*seen >> label & 1) {
            return false;
        }
        *seen |= 1U << label;
    }
    switch (label) {
    case LABEL_ALG:
        *has_alg = obi_cbor_int(r, &cose->alg);
        return *has_alg;
    case LABEL_KID:
        return obi_cbor_bytes(r, &cose->kid);
    case LABEL_IV:
        return obi_cbor_bytes(r, &cose->iv);
    case LABEL_PARTIAL_IV:
        return obi_cbor_bytes(r, &cose->partial_iv);
    case LABEL_CRIT:
        return read_critical(r, is_protected);
    default:
        return obi_cbor_skip(r, &value);
    }
}

static bool read_headers(obi_cose *cose, ob_span map, bool is_protected, unsigned *seen,
                         bool *has_alg)
{
    obi_cbor_reader r = {.text = map};
    uint64_t pairs = 0;
    if (!obi_cbor_many(&r, OBI_CBOR_MAP, &pairs)) {
        return false;
    }
    for (uint64_t i = 0; i < pairs; i++) {
        if (!read_header(cose, &r, is_protected, seen, has_alg)) {
            return false;
        }
    }
    return obi_cbor_done(&r);
}

/* Tags in front: CWT, then the kind; without any the kind must be given. */
static bool read_tags(obi_cose *cose, obi_cose_kind kind, obi_cbor_reader *r)
{
    obi_cbor_item item;
    while (obi_cbor_is(r, OBI_CBOR_TAG)) {
        if (!obi_cbor_next(r, &item)) {
            return false;
        }
        if (item.value == OBI_COSE_CWT_TAG && !cose->is_cwt && cose->kind == 0) {
            cose->is_cwt = true;
        } else if (item.value >= OBI_COSE_ENCRYPT0 && item.value <= OBI_COSE_SIGN1 &&
                   cose->kind == 0) {
            cose->kind = (obi_cose_kind)item.value;
        } else {
            return false;
        }
    }
    if (cose->kind == 0) {
        cose->kind = kind;
    }
    return cose->kind != 0 && (kind == 0 || cose->kind == kind);
}

static bool read_content(obi_cose *cose, obi_cbor_reader *r)
{
    obi_cbor_item item;
    if (!obi_cbor_next(r, &item)) {
        return false;
    }
    cose->content = item.bytes;
    cose->detached = item.major == OBI_CBOR_SIMPLE && item.value == 22;
    return cose->detached || item.major == OBI_CBOR_BYTES;
}

bool obi_cose_read(obi_cose *cose, obi_cose_kind kind, ob_span message, ob_err *err)
{
    obi_cbor_reader r = {.text = message};
    obi_cose read = {0};
    uint64_t items = 0;
    unsigned seen = 0;
    bool has_alg = false;
    if (!read_tags(&read, kind, &r)) {
        return wrong(err, "another tag than that of COSE_Encrypt0, COSE_Mac0 or COSE_Sign1");
    }
    uint64_t wanted = read.kind == OBI_COSE_ENCRYPT0 ? 3 : 4;
    if (!obi_cbor_many(&r, OBI_CBOR_ARRAY, &items) || items != wanted ||
        !obi_cbor_bytes(&r, &read.protected_) || !obi_cbor_skip(&r, &read.unprotected) ||
        !read_content(&read, &r) || (items == 4 && !obi_cbor_bytes(&r, &read.proof)) ||
        !obi_cbor_done(&r)) {
        return wrong(err, "the message does not have the items of its kind");
    }
    if (read.protected_.len == 1 && read.protected_.ptr[0] == (char)0xa0) {
        read.protected_ = (ob_span){0}; /* two ways to say that there is none */
    }
    if ((read.protected_.len > 0 && !read_headers(&read, read.protected_, true, &seen, &has_alg)) ||
        !read_headers(&read, read.unprotected, false, &seen, &has_alg) ||
        (read.iv.len > 0 && read.partial_iv.len > 0)) {
        return wrong(err, "a header that is damaged, twice there, or critical and not known");
    }
    if (!has_alg) {
        return wrong(err, "no algorithm is named");
    }
    *cose = read;
    return true;
}

/* Hash and bytes of the tag of an HMAC. */
static bool hmac_of(int64_t alg, int *hash, size_t *tag)
{
    *hash = alg == OB_HMAC_384 ? OB_SHA_384 : alg == OB_HMAC_512 ? OB_SHA_512 : OB_SHA_256;
    *tag = alg == OB_HMAC_256_64 ? 8 : ob_link_hash_of(*hash);
    return alg >= OB_HMAC_256_64 && alg <= OB_HMAC_512;
}

bool obi_cose_has_alg(const obi_cose *cose)
{
    int hash = 0;
    size_t tag = 0;
    ob_link_aead sizes;
    if (cose->kind == OBI_COSE_MAC0) {
        return hmac_of(cose->alg, &hash, &tag);
    }
    if (cose->kind == OBI_COSE_SIGN1) {
        return cose->alg == OB_ES256 || cose->alg == OB_ES384 || cose->alg == OB_ES512 ||
               cose->alg == OB_EDDSA;
    }
    return cose->alg > 0 && cose->alg < 256 && ob_link_aead_of((int)cose->alg, &sizes);
}

#define PARTS 6

/* Sig_structure, MAC_structure or Enc_structure (RFC 9052, 4.4, 5.3, 6.3) in parts. */
static void structure(const obi_cose *cose, ob_span external, ob_span content, uint8_t heads[64],
                      ob_span parts[PARTS])
{
    ob_span name = cose->kind == OBI_COSE_SIGN1  ? OB_SPAN("Signature1")
                   : cose->kind == OBI_COSE_MAC0 ? OB_SPAN("MAC0")
                                                 : OB_SPAN("Encrypt0");
    bool encrypts = cose->kind == OBI_COSE_ENCRYPT0;
    obi_cbor_writer first = {.ptr = heads, .cap = 28};
    obi_cbor_put_head(&first, OBI_CBOR_ARRAY, encrypts ? 3 : 4);
    obi_cbor_put_text(&first, name);
    obi_cbor_put_head(&first, OBI_CBOR_BYTES, cose->protected_.len);
    obi_cbor_writer second = {.ptr = heads + 28, .cap = 9};
    obi_cbor_put_head(&second, OBI_CBOR_BYTES, external.len);
    obi_cbor_writer third = {.ptr = heads + 37, .cap = 9};
    obi_cbor_put_head(&third, OBI_CBOR_BYTES, content.len);
    parts[0] = obi_cbor_written(&first);
    parts[1] = cose->protected_;
    parts[2] = obi_cbor_written(&second);
    parts[3] = external;
    parts[4] = encrypts ? ((ob_span){0}) : obi_cbor_written(&third);
    parts[5] = encrypts ? ((ob_span){0}) : content;
}

bool obi_cose_verify(const obi_cose *cose, const ob_link_crypto *crypto, const obi_cose_key *key,
                     ob_span external, ob_span content)
{
    uint8_t heads[64];
    ob_span parts[PARTS];
    if (!obi_cose_has_alg(cose) || cose->kind == OBI_COSE_ENCRYPT0) {
        return false;
    }
    structure(cose, external, cose->detached ? content : cose->content, heads, parts);
    if (cose->kind == OBI_COSE_SIGN1) {
        return crypto->verify(crypto->ctx, (int)cose->alg, key->curve, key->x, key->y, parts, PARTS,
                              cose->proof);
    }
    int hash = 0;
    size_t len = 0;
    uint8_t tag[OB_LINK_HASH_MAX];
    return hmac_of(cose->alg, &hash, &len) &&
           crypto->hmac(crypto->ctx, hash, key->secret, parts, PARTS, tag) &&
           cose->proof.len == len && obi_same_secret(cose->proof.ptr, tag, len);
}

#define AAD_MAX 512

/* Where what is authenticated beside the content is joined, for an AEAD wants it in one piece:
 * here, or, where it is longer, in what the caller's bytes have left. */
typedef struct joined {
    uint8_t own[AAD_MAX];
    uint8_t *spare;
    size_t spare_len;
    ob_span aad;
    ob_link_aead sizes;
    uint8_t nonce[OB_LINK_NONCE_MAX];
} joined;

/* RFC 9052, 3.1: an IV as it is, or a Partial IV, filled up with zeros in front, over the key's. */
static bool make_nonce(const obi_cose *cose, const obi_cose_key *key, joined *j)
{
    size_t size = j->sizes.nonce;
    ob_span partial = cose->partial_iv;
    ob_span base = partial.len > 0 ? key->base_iv : cose->iv;
    if (base.len != size || partial.len > size) {
        return false;
    }
    memcpy(j->nonce, base.ptr, size);
    for (size_t i = 0; i < partial.len; i++) {
        j->nonce[size - partial.len + i] ^= (uint8_t)partial.ptr[i];
    }
    return true;
}

static bool prepare(const obi_cose *cose, const obi_cose_key *key, ob_span external, joined *j)
{
    uint8_t heads[64];
    ob_span parts[PARTS];
    size_t len = 0;
    if (cose->kind != OBI_COSE_ENCRYPT0 || !obi_cose_has_alg(cose) ||
        !ob_link_aead_of((int)cose->alg, &j->sizes) || key->secret.len != j->sizes.key ||
        !make_nonce(cose, key, j)) {
        return false;
    }
    structure(cose, external, (ob_span){0}, heads, parts);
    for (size_t i = 0; i < PARTS; i++) {
        len += parts[i].len;
    }
    bool fits = len <= sizeof j->own;
    obi_cbor_writer w = {.ptr = fits ? j->own : j->spare, .cap = fits ? len : j->spare_len};
    for (size_t i = 0; i < PARTS; i++) {
        obi_cbor_put_raw(&w, parts[i]);
    }
    j->aad = obi_cbor_written(&w);
    return !w.full;
}

bool obi_cose_decrypt(const obi_cose *cose, const ob_link_crypto *crypto, const obi_cose_key *key,
                      ob_span external, uint8_t *work, size_t cap, ob_span *plain)
{
    joined j;
    if (cose->detached || cose->content.len > cap) {
        return false;
    }
    j.spare = work + cose->content.len;
    j.spare_len = cap - cose->content.len;
    if (!prepare(cose, key, external, &j) || cose->content.len < j.sizes.tag) {
        return false;
    }
    size_t len = cose->content.len - j.sizes.tag;
    memcpy(work, cose->content.ptr, cose->content.len);
    if (!crypto->open(crypto->ctx, (int)cose->alg, (const uint8_t *)key->secret.ptr, j.nonce, j.aad,
                      work, len)) {
        ob_wipe(work, cose->content.len);
        return false;
    }
    *plain = (ob_span){(const char *)work, len};
    return true;
}

static bool put_proof(const obi_cose *cose, const ob_link_crypto *crypto, const obi_cose_key *key,
                      ob_span external, obi_cbor_writer *w)
{
    uint8_t heads[64];
    uint8_t proof[OB_LINK_SIGN_MAX];
    ob_span parts[PARTS];
    size_t len = 0;
    int hash = 0;
    structure(cose, external, cose->content, heads, parts);
    bool ok = cose->kind == OBI_COSE_SIGN1
                  ? crypto->sign(crypto->ctx, (int)cose->alg, key->curve, key->private_key, parts,
                                 PARTS, proof, &len)
                  : hmac_of(cose->alg, &hash, &len) &&
                        crypto->hmac(crypto->ctx, hash, key->secret, parts, PARTS, proof);
    if (ok) {
        obi_cbor_put_bytes(w, (ob_span){(const char *)proof, len});
    }
    return ok;
}

static bool put_sealed(const obi_cose *cose, const ob_link_crypto *crypto, const obi_cose_key *key,
                       ob_span external, obi_cbor_writer *w)
{
    joined j;
    ob_link_aead sizes = {0};
    if (!ob_link_aead_of((int)cose->alg, &sizes)) {
        return false;
    }
    obi_cbor_put_head(w, OBI_CBOR_BYTES, cose->content.len + sizes.tag);
    size_t at = w->len;
    obi_cbor_put_raw(w, cose->content);
    if (w->full || w->cap - w->len < sizes.tag) {
        w->full = true;
        return true;
    }
    w->len += sizes.tag;
    j.spare = w->ptr + w->len;
    j.spare_len = w->cap - w->len;
    return prepare(cose, key, external, &j) &&
           crypto->seal(crypto->ctx, (int)cose->alg, (const uint8_t *)key->secret.ptr, j.nonce,
                        j.aad, w->ptr + at, cose->content.len);
}

bool obi_cose_make(const obi_cose *cose, const ob_link_crypto *crypto, const obi_cose_key *key,
                   ob_span external, uint8_t *out, size_t cap, ob_span *message, ob_err *err)
{
    obi_cbor_writer w = {.ptr = out, .cap = cap};
    bool encrypts = cose->kind == OBI_COSE_ENCRYPT0;
    if (!obi_cose_has_alg(cose)) {
        return ob_fail(err, OB_ERR_INPUT, "COSE: algorithm %lld is not there",
                       (long long)cose->alg);
    }
    if (cose->is_cwt) {
        obi_cbor_put_head(&w, OBI_CBOR_TAG, OBI_COSE_CWT_TAG);
    }
    obi_cbor_put_head(&w, OBI_CBOR_TAG, (uint64_t)cose->kind);
    obi_cbor_put_head(&w, OBI_CBOR_ARRAY, encrypts ? 3 : 4);
    obi_cbor_put_bytes(&w, cose->protected_);
    obi_cbor_put_raw(&w, cose->unprotected.len > 0 ? cose->unprotected : OB_SPAN("\xa0"));
    if (!encrypts && cose->detached) {
        obi_cbor_put_head(&w, OBI_CBOR_SIMPLE, 22);
    } else if (!encrypts) {
        obi_cbor_put_bytes(&w, cose->content);
    }
    if (!(encrypts ? put_sealed : put_proof)(cose, crypto, key, external, &w)) {
        ob_wipe(out, w.len);
        return ob_fail(err, OB_ERR_INPUT, "COSE: the key or the nonce does not fit the algorithm");
    }
    if (w.full) {
        ob_wipe(out, w.len);
        return ob_fail(err, OB_ERR_LIMIT, "COSE: a message does not fit into %zu bytes", cap);
    }
    *message = obi_cbor_written(&w);
    return true;
}
