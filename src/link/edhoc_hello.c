/* SPDX-License-Identifier: Apache-2.0 */
#include "link/edhoc_hello.h"
#include "link/hkdf.h"

#include <ombud/mem.h>

bool obi_edhoc_agree_2(ob_edhoc *s, ob_span g_y)
{
    const ob_link_crypto *crypto = s->options.crypto;
    size_t hash = ob_link_hash_of(s->suite.hash);
    uint8_t secret[OB_LINK_COORD_MAX];
    uint8_t heads[8];
    obi_cbor_writer first = {.ptr = heads, .cap = 4};
    obi_cbor_writer second = {.ptr = heads + 4, .cap = 4};
    obi_cbor_put_head(&first, OBI_CBOR_BYTES, g_y.len);
    obi_cbor_put_head(&second, OBI_CBOR_BYTES, hash);
    const ob_span parts[] = {obi_cbor_written(&first),
                             g_y,
                             obi_cbor_written(&second),
                             {(const char *)s->message_1, hash}};
    ob_span own = {(const char *)s->ephemeral, sizeof s->ephemeral};
    ob_span peer = {(const char *)s->peer_ephemeral, ob_link_coord_of(s->suite.curve)};
    bool ok = crypto->hash(crypto->ctx, s->suite.hash, parts, OB_COUNT(parts), s->th) &&
              crypto->agree(crypto->ctx, s->suite.curve, own, peer, secret) &&
              obi_hkdf_extract(crypto, s->suite.hash, obi_edhoc_th(s),
                               (ob_span){(const char *)secret, peer.len}, s->prk);
    ob_wipe(secret, sizeof secret);
    return ok;
}

bool obi_edhoc_stream_2(ob_edhoc *s)
{
    uint8_t stream[OB_EDHOC_MESSAGE_MAX];
    ob_span th = obi_edhoc_th(s);
    bool ok = obi_edhoc_kdf(s, s->prk, OBI_KEYSTREAM_2, &th, 1, stream, s->plain_len);
    for (size_t i = 0; ok && i < s->plain_len; i++) {
        s->plain[i] ^= stream[i];
    }
    ob_wipe(stream, sizeof stream);
    return ok;
}

bool obi_edhoc_believe(ob_edhoc *s, unsigned number, const obi_edhoc_plain *plain, ob_err *err)
{
    ob_span ephemeral = {(const char *)s->ephemeral, sizeof s->ephemeral};
    ob_edhoc_cred peer = {0};
    if (s->options.find == NULL || !s->options.find(s->options.ctx, plain->id, &peer)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNKNOWN_CRED, "the other side's credential is not known",
                              err);
    }
    s->peer = peer;
    /* The proof is over what was sent, which is the same item in another place of memory. */
    s->peer.id = plain->id;
    if (obi_edhoc_is_static(s, number) &&
        !obi_edhoc_mix(s, number == 2 ? OBI_SALT_3E2M : OBI_SALT_4E3M, ephemeral, peer.x)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED,
                              "the other side's static key is no point of "
                              "the curve",
                              err);
    }
    if (!obi_edhoc_check(s, number, plain->ead, plain->proof)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "the other side's proof is wrong", err);
    }
    return obi_edhoc_next_th(s, (ob_span){(const char *)s->plain, s->plain_len}, s->peer.cred) ||
           obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a hash cannot be computed", err);
}

bool obi_edhoc_step(ob_edhoc *s, ob_edhoc_state state, ob_span *ead, ob_span value)
{
    s->state = state;
    if (ead != NULL) {
        *ead = value;
    }
    return true;
}

bool obi_edhoc_seal_3(ob_edhoc *s, const uint8_t *prk_3e2m, uint8_t *out, size_t cap,
                      ob_span *message, ob_err *err)
{
    uint8_t prk_4e3m[OB_LINK_HASH_MAX];
    memcpy(prk_4e3m, s->prk, sizeof prk_4e3m);
    memcpy(s->prk, prk_3e2m, sizeof s->prk);
    ob_span made;
    bool ok = obi_edhoc_seal(s, 3, out, cap, &made, err);
    memcpy(s->prk, prk_4e3m, sizeof s->prk);
    ob_wipe(prk_4e3m, sizeof prk_4e3m);
    if (!ok) {
        ob_wipe(s->prk, sizeof s->prk);
        return false;
    }
    if (!obi_edhoc_next_th(s, (ob_span){(const char *)s->plain, s->plain_len},
                           s->options.own.cred) ||
        !obi_edhoc_finish(s)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "keys cannot be derived", err);
    }
    *message = made;
    return true;
}
