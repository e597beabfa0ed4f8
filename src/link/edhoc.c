/* SPDX-License-Identifier: Apache-2.0 */
/* EDHOC: key schedule, transcript and encodings that both roles share (RFC 9528, 3 and 4). */
#include "link/edhoc.h"
#include "link/hkdf.h"

#include <ombud/mem.h>

bool ob_edhoc_suite_of(int number, ob_edhoc_suite *suite)
{
    static const ob_edhoc_suite suites[] = {
        {OB_AES_CCM_16_64_128, OB_SHA_256, 8, OB_X25519, OB_EDDSA, OB_AES_CCM_16_64_128,
         OB_SHA_256},
        {OB_AES_CCM_16_128_128, OB_SHA_256, 16, OB_X25519, OB_EDDSA, OB_AES_CCM_16_64_128,
         OB_SHA_256},
        {OB_AES_CCM_16_64_128, OB_SHA_256, 8, OB_P256, OB_ES256, OB_AES_CCM_16_64_128, OB_SHA_256},
        {OB_AES_CCM_16_128_128, OB_SHA_256, 16, OB_P256, OB_ES256, OB_AES_CCM_16_64_128,
         OB_SHA_256},
        {OB_CHACHA20_POLY1305, OB_SHA_256, 16, OB_X25519, OB_EDDSA, OB_CHACHA20_POLY1305,
         OB_SHA_256},
        {OB_CHACHA20_POLY1305, OB_SHA_256, 16, OB_P256, OB_ES256, OB_CHACHA20_POLY1305, OB_SHA_256},
        {OB_AES_GCM_128, OB_SHA_256, 16, OB_X25519, OB_ES256, OB_AES_GCM_128, OB_SHA_256},
    };
    if (number < 0 || (size_t)number >= OB_COUNT(suites)) {
        return false;
    }
    *suite = suites[number];
    return true;
}

bool obi_edhoc_fail(ob_edhoc *s, uint8_t error, const char *what, ob_err *err)
{
    s->error = error;
    s->state = OB_EDHOC_FAILED;
    ob_wipe(s->ephemeral, sizeof s->ephemeral);
    ob_wipe(s->prk, sizeof s->prk);
    ob_wipe(s->prk_out, sizeof s->prk_out);
    ob_wipe(s->prk_exporter, sizeof s->prk_exporter);
    ob_wipe(s->plain, sizeof s->plain);
    return ob_fail(err, OB_ERR_PEER, "EDHOC: %s", what);
}

bool obi_edhoc_in(ob_edhoc *s, bool initiator, ob_edhoc_state state, ob_err *err)
{
    return (s->initiator == initiator && s->state == state) ||
           ob_fail(err, OB_ERR_USAGE, "EDHOC: a step that does not come now (state %d)", s->state);
}

void ob_edhoc_start(ob_edhoc *session, const ob_edhoc_options *options, bool initiator)
{
    *session = (ob_edhoc){.options = *options, .initiator = initiator};
    if (options->crypto == NULL) {
        session->options.crypto = ob_link_libcrypto();
    }
}

void ob_edhoc_wipe(ob_edhoc *session)
{
    ob_wipe(session, sizeof *session);
}

ob_span obi_edhoc_th(const ob_edhoc *s)
{
    return (ob_span){(const char *)s->th, ob_link_hash_of(s->suite.hash)};
}

bool obi_edhoc_kdf(const ob_edhoc *s, const uint8_t *prk, int64_t label, const ob_span *context,
                   size_t count, uint8_t *out, size_t len)
{
    uint8_t bytes[32];
    ob_span info[OBI_HKDF_INFO_MAX];
    size_t total = 0;
    if (count + 2 > OBI_HKDF_INFO_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        info[1 + i] = context[i];
        total += context[i].len;
    }
    obi_cbor_writer head = {.ptr = bytes, .cap = 18};
    obi_cbor_put_int(&head, label);
    obi_cbor_put_head(&head, OBI_CBOR_BYTES, total);
    obi_cbor_writer tail = {.ptr = bytes + 18, .cap = sizeof bytes - 18};
    obi_cbor_put_head(&tail, OBI_CBOR_UINT, len);
    info[0] = obi_cbor_written(&head);
    info[1 + count] = obi_cbor_written(&tail);
    return obi_hkdf_expand(s->options.crypto, s->suite.hash, prk, info, count + 2, out, len);
}

bool obi_edhoc_next_th(ob_edhoc *s, ob_span plaintext, ob_span cred)
{
    uint8_t head[4];
    obi_cbor_writer w = {.ptr = head, .cap = sizeof head};
    obi_cbor_put_head(&w, OBI_CBOR_BYTES, obi_edhoc_th(s).len);
    const ob_span parts[] = {obi_cbor_written(&w), obi_edhoc_th(s), plaintext, cred};
    return s->options.crypto->hash(s->options.crypto->ctx, s->suite.hash, parts, OB_COUNT(parts),
                                   s->th);
}

bool obi_edhoc_mix(ob_edhoc *s, int64_t label, ob_span private_key, ob_span peer_x)
{
    const ob_link_crypto *crypto = s->options.crypto;
    uint8_t salt[OB_LINK_HASH_MAX];
    uint8_t secret[OB_LINK_COORD_MAX];
    size_t hash = ob_link_hash_of(s->suite.hash);
    ob_span th = obi_edhoc_th(s);
    bool ok =
        obi_edhoc_kdf(s, s->prk, label, &th, 1, salt, hash) &&
        crypto->agree(crypto->ctx, s->suite.curve, private_key, peer_x, secret) &&
        obi_hkdf_extract(crypto, s->suite.hash, (ob_span){(const char *)salt, hash},
                         (ob_span){(const char *)secret, ob_link_coord_of(s->suite.curve)}, s->prk);
    ob_wipe(salt, sizeof salt);
    ob_wipe(secret, sizeof secret);
    return ok;
}

/* One byte that is the encoding of a small number. */
static bool is_number(ob_span id)
{
    unsigned byte = id.len == 1 ? (uint8_t)id.ptr[0] : 255;
    return byte <= 0x17 || (byte >= 0x20 && byte <= 0x37);
}

void obi_edhoc_put_id(obi_cbor_writer *w, ob_span id)
{
    if (is_number(id)) {
        obi_cbor_put_raw(w, id);
    } else {
        obi_cbor_put_bytes(w, id);
    }
}

/* The identifier that comes next, which must be written in its only form. */
static bool read_id(obi_cbor_reader *r, ob_span *id)
{
    size_t at = r->at;
    obi_cbor_item item;
    if (!obi_cbor_next(r, &item)) {
        return false;
    }
    if (item.major <= OBI_CBOR_NEGATIVE && item.value < 24) {
        *id = ob_span_sub(r->text, at, at + 1);
        return true;
    }
    *id = item.bytes;
    return item.major == OBI_CBOR_BYTES && !is_number(item.bytes);
}

bool obi_edhoc_read_id(obi_cbor_reader *r, uint8_t *id, uint8_t *len)
{
    ob_span read;
    if (!read_id(r, &read) || read.len > OB_EDHOC_ID_MAX) {
        return false;
    }
    if (read.len > 0) {
        memcpy(id, read.ptr, read.len);
    }
    *len = (uint8_t)read.len;
    return true;
}

bool obi_edhoc_read_peer_id(ob_edhoc *s, obi_cbor_reader *r)
{
    s->has_peer_id = obi_edhoc_read_id(r, s->peer_id, &s->peer_id_len);
    return s->has_peer_id;
}

bool obi_edhoc_is_peer_id(const ob_edhoc *s, ob_span id)
{
    return ob_span_is(id, (ob_span){(const char *)s->peer_id, s->peer_id_len});
}

bool obi_edhoc_read_ead(const ob_edhoc *s, obi_cbor_reader *r, ob_span *ead)
{
    size_t at = r->at;
    while (!obi_cbor_done(r)) {
        int64_t label = 0;
        ob_span value;
        if (!obi_cbor_int(r, &label) ||
            (obi_cbor_is(r, OBI_CBOR_BYTES) && !obi_cbor_bytes(r, &value))) {
            return false;
        }
        /* A negative label must be understood. */
        if (label < 0 && (s->options.knows == NULL || !s->options.knows(s->options.ctx, label))) {
            return false;
        }
    }
    *ead = ob_span_sub(r->text, at, r->at);
    return true;
}

/* The kid of an ID_CRED_x that has nothing else; false for any other. */
static bool kid_of(ob_span id, ob_span *kid)
{
    obi_cbor_reader r = {.text = id};
    uint64_t pairs = 0;
    int64_t label = 0;
    return obi_cbor_many(&r, OBI_CBOR_MAP, &pairs) && pairs == 1 && obi_cbor_int(&r, &label) &&
           label == 4 && obi_cbor_bytes(&r, kid) && obi_cbor_done(&r);
}

bool obi_edhoc_write_plain(ob_edhoc *s, unsigned number, ob_span ead, ob_err *err)
{
    uint8_t proof[OB_LINK_SIGN_MAX];
    size_t len = 0;
    ob_span kid;
    if (!obi_edhoc_prove(s, number, ead, proof, &len)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "the own key does not work", err);
    }
    obi_cbor_writer w = {.ptr = s->plain, .cap = sizeof s->plain};
    if (number == 2) {
        obi_edhoc_put_id(&w, s->options.connection_id);
    }
    if (kid_of(s->options.own.id, &kid)) {
        obi_edhoc_put_id(&w, kid);
    } else {
        obi_cbor_put_raw(&w, s->options.own.id);
    }
    obi_cbor_put_bytes(&w, (ob_span){(const char *)proof, len});
    obi_cbor_put_raw(&w, ead);
    s->plain_len = w.len;
    return !w.full || obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a message is too long", err);
}

/* ID_CRED_x: a map, or a kid alone, which is put back into one. */
static bool read_id_cred(ob_edhoc *s, obi_cbor_reader *r, ob_span *id)
{
    ob_span kid;
    if (obi_cbor_is(r, OBI_CBOR_MAP)) {
        return obi_cbor_skip(r, id) && !kid_of(*id, &kid);
    }
    if (!read_id(r, &kid)) {
        return false;
    }
    obi_cbor_writer w = {.ptr = s->id_bytes, .cap = sizeof s->id_bytes};
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 4);
    obi_cbor_put_bytes(&w, kid);
    *id = obi_cbor_written(&w);
    return !w.full;
}

bool obi_edhoc_read_plain(ob_edhoc *s, unsigned number, obi_edhoc_plain *plain)
{
    obi_cbor_reader r = {.text = {(const char *)s->plain, s->plain_len}};
    return (number != 2 || obi_edhoc_read_peer_id(s, &r)) && read_id_cred(s, &r, &plain->id) &&
           obi_cbor_bytes(&r, &plain->proof) && obi_edhoc_read_ead(s, &r, &plain->ead);
}

static bool keys(const ob_edhoc *s, unsigned number, uint8_t *key, uint8_t *nonce,
                 ob_link_aead *sizes)
{
    ob_span th = obi_edhoc_th(s);
    return ob_link_aead_of(s->suite.aead, sizes) &&
           obi_edhoc_kdf(s, s->prk, number == 3 ? OBI_K_3 : OBI_K_4, &th, 1, key, sizes->key) &&
           obi_edhoc_kdf(s, s->prk, number == 3 ? OBI_IV_3 : OBI_IV_4, &th, 1, nonce, sizes->nonce);
}

/* A key of one message: nobody keeps it. */
static void forget(const ob_edhoc *s, uint8_t key[OB_LINK_KEY_MAX])
{
    if (s->options.crypto->forget != NULL) {
        s->options.crypto->forget(s->options.crypto->ctx, key);
    }
    ob_wipe(key, OB_LINK_KEY_MAX);
}

/* ["Encrypt0", h'', TH] */
static ob_span aad_of(const ob_edhoc *s, uint8_t *bytes, size_t cap)
{
    obi_cbor_writer w = {.ptr = bytes, .cap = cap};
    obi_cbor_put_head(&w, OBI_CBOR_ARRAY, 3);
    obi_cbor_put_text(&w, OB_SPAN("Encrypt0"));
    obi_cbor_put_bytes(&w, (ob_span){0});
    obi_cbor_put_bytes(&w, obi_edhoc_th(s));
    return obi_cbor_written(&w);
}

bool obi_edhoc_seal(ob_edhoc *s, unsigned number, uint8_t *out, size_t cap, ob_span *message,
                    ob_err *err)
{
    uint8_t key[OB_LINK_KEY_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    uint8_t aad[OB_LINK_HASH_MAX + 16];
    ob_link_aead sizes;
    if (!keys(s, number, key, nonce, &sizes)) {
        ob_wipe(key, sizeof key);
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "keys cannot be derived", err);
    }
    obi_cbor_writer w = {.ptr = out, .cap = cap};
    obi_cbor_put_head(&w, OBI_CBOR_BYTES, s->plain_len + sizes.tag);
    size_t at = w.len;
    obi_cbor_put_raw(&w, (ob_span){(const char *)s->plain, s->plain_len});
    bool ok = !w.full && cap - w.len >= sizes.tag &&
              s->options.crypto->seal(s->options.crypto->ctx, s->suite.aead, key, nonce,
                                      aad_of(s, aad, sizeof aad), out + at, s->plain_len);
    forget(s, key);
    if (!ok) {
        ob_wipe(out, w.len);
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a message does not fit", err);
    }
    *message = (ob_span){(const char *)out, w.len + sizes.tag};
    return true;
}

bool obi_edhoc_open(ob_edhoc *s, unsigned number, ob_span message, ob_err *err)
{
    uint8_t key[OB_LINK_KEY_MAX];
    uint8_t nonce[OB_LINK_NONCE_MAX];
    uint8_t aad[OB_LINK_HASH_MAX + 16];
    ob_link_aead sizes;
    ob_span sealed;
    obi_cbor_reader r = {.text = message};
    if (!obi_cbor_bytes(&r, &sealed) || !obi_cbor_done(&r) || sealed.len > sizeof s->plain) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a message is not one byte string", err);
    }
    if (!keys(s, number, key, nonce, &sizes) || sealed.len < sizes.tag) {
        ob_wipe(key, sizeof key);
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a message is too short", err);
    }
    memcpy(s->plain, sealed.ptr, sealed.len);
    s->plain_len = sealed.len - sizes.tag;
    bool ok = s->options.crypto->open(s->options.crypto->ctx, s->suite.aead, key, nonce,
                                      aad_of(s, aad, sizeof aad), s->plain, s->plain_len);
    forget(s, key);
    return ok || obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a message cannot be decrypted", err);
}

bool obi_edhoc_finish(ob_edhoc *s)
{
    size_t hash = ob_link_hash_of(s->suite.hash);
    ob_span th = obi_edhoc_th(s);
    bool ok = obi_edhoc_kdf(s, s->prk, OBI_PRK_OUT, &th, 1, s->prk_out, hash) &&
              obi_edhoc_kdf(s, s->prk_out, OBI_PRK_EXPORTER, NULL, 0, s->prk_exporter, hash);
    ob_wipe(s->ephemeral, sizeof s->ephemeral);
    s->state = ok ? OB_EDHOC_DONE : OB_EDHOC_FAILED;
    return ok;
}
