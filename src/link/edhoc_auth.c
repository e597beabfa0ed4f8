/* SPDX-License-Identifier: Apache-2.0 */
/* How the sides of EDHOC prove who they are: Signature_or_MAC_2 and _3, RFC 9528 5.3.2, 5.4.2. */
#include "link/edhoc.h"
#include "link/hkdf.h"

#include <ombud/mem.h>

/* What a proof is about. */
typedef struct claim {
    unsigned number;
    const ob_edhoc_cred *cred;
    ob_span id; /* C_R; only a proof in message 2 has it */
    ob_span ead;
} claim;

bool obi_edhoc_is_static(const ob_edhoc *s, unsigned number)
{
    return number == 2 ? (s->method & 1) != 0 : (s->method & 2) != 0;
}

static size_t mac_len(const ob_edhoc *s, unsigned number)
{
    return obi_edhoc_is_static(s, number) ? s->suite.mac : ob_link_hash_of(s->suite.hash);
}

static bool make_mac(const ob_edhoc *s, const claim *c, uint8_t *mac)
{
    uint8_t bytes[OB_EDHOC_ID_MAX + 8];
    uint8_t head[4];
    obi_cbor_writer id = {.ptr = bytes, .cap = sizeof bytes};
    if (c->number == 2) {
        obi_edhoc_put_id(&id, c->id);
    }
    obi_cbor_writer w = {.ptr = head, .cap = sizeof head};
    obi_cbor_put_head(&w, OBI_CBOR_BYTES, obi_edhoc_th(s).len);
    const ob_span context[] = {obi_cbor_written(&id), c->cred->id,   obi_cbor_written(&w),
                               obi_edhoc_th(s),       c->cred->cred, c->ead};
    return obi_edhoc_kdf(s, s->prk, c->number == 2 ? OBI_MAC_2 : OBI_MAC_3, context,
                         OB_COUNT(context), mac, mac_len(s, c->number));
}

#define SIGNED_PARTS 8

/* Sig_structure of COSE_Sign1 (RFC 9052, 4.4) in parts; heads: bytes for what lies between. */
static void signed_parts(const ob_edhoc *s, const claim *c, ob_span mac, uint8_t heads[48],
                         ob_span parts[SIGNED_PARTS])
{
    ob_span th = obi_edhoc_th(s);
    obi_cbor_writer first = {.ptr = heads, .cap = 24};
    obi_cbor_put_head(&first, OBI_CBOR_ARRAY, 4);
    obi_cbor_put_text(&first, OB_SPAN("Signature1"));
    obi_cbor_put_head(&first, OBI_CBOR_BYTES, c->cred->id.len);
    uint8_t th_head[4];
    obi_cbor_writer inner = {.ptr = th_head, .cap = sizeof th_head};
    obi_cbor_put_head(&inner, OBI_CBOR_BYTES, th.len);
    obi_cbor_writer second = {.ptr = heads + 24, .cap = 16};
    obi_cbor_put_head(&second, OBI_CBOR_BYTES, inner.len + th.len + c->cred->cred.len + c->ead.len);
    obi_cbor_put_raw(&second, obi_cbor_written(&inner));
    obi_cbor_writer third = {.ptr = heads + 40, .cap = 8};
    obi_cbor_put_head(&third, OBI_CBOR_BYTES, mac.len);
    parts[0] = obi_cbor_written(&first);
    parts[1] = c->cred->id;
    parts[2] = obi_cbor_written(&second);
    parts[3] = th;
    parts[4] = c->cred->cred;
    parts[5] = c->ead;
    parts[6] = obi_cbor_written(&third);
    parts[7] = mac;
}

static int sign_curve(const ob_edhoc *s)
{
    return s->suite.sign == OB_EDDSA ? OB_ED25519 : OB_P256;
}

bool obi_edhoc_prove(ob_edhoc *s, unsigned number, ob_span ead, uint8_t *out, size_t *len)
{
    const ob_link_crypto *crypto = s->options.crypto;
    claim c = {
        .number = number, .cred = &s->options.own, .id = s->options.connection_id, .ead = ead};
    uint8_t mac[OB_LINK_HASH_MAX];
    uint8_t heads[48];
    ob_span parts[SIGNED_PARTS];
    if (!make_mac(s, &c, mac)) {
        return false;
    }
    if (obi_edhoc_is_static(s, number)) {
        *len = mac_len(s, number);
        memcpy(out, mac, *len);
        return true;
    }
    signed_parts(s, &c, (ob_span){(const char *)mac, mac_len(s, number)}, heads, parts);
    return crypto->sign(crypto->ctx, s->suite.sign, sign_curve(s), s->options.private_key, parts,
                        SIGNED_PARTS, out, len);
}

bool obi_edhoc_check(ob_edhoc *s, unsigned number, ob_span ead, ob_span proof)
{
    const ob_link_crypto *crypto = s->options.crypto;
    claim c = {.number = number,
               .cred = &s->peer,
               .id = {(const char *)s->peer_id, s->peer_id_len},
               .ead = ead};
    uint8_t mac[OB_LINK_HASH_MAX];
    uint8_t heads[48];
    ob_span parts[SIGNED_PARTS];
    size_t len = mac_len(s, number);
    if (!make_mac(s, &c, mac)) {
        return false;
    }
    if (obi_edhoc_is_static(s, number)) {
        return proof.len == len && obi_same_secret(proof.ptr, mac, len);
    }
    signed_parts(s, &c, (ob_span){(const char *)mac, len}, heads, parts);
    return crypto->verify(crypto->ctx, s->suite.sign, sign_curve(s), s->peer.x, s->peer.y, parts,
                          SIGNED_PARTS, proof);
}
