/* SPDX-License-Identifier: Apache-2.0 */
/* The security context of OSCORE, RFC 8613 section 3, and what follows from it. */
#include "link/oscore.h"
#include "link/cbor.h"
#include "link/hkdf.h"

#include <ombud/mem.h>

/* info of RFC 8613, 3.2.1: two ids, an algorithm, a type and a length */
#define INFO_MAX (OB_OSCORE_ID_MAX + OB_OSCORE_CONTEXT_MAX + 24)

static bool derive(const ob_oscore *context, int hash, const uint8_t *prk, ob_span id,
                   const char *type, uint8_t *out, size_t len)
{
    uint8_t bytes[INFO_MAX];
    obi_cbor_writer w = {.ptr = bytes, .cap = sizeof bytes};
    obi_cbor_put_head(&w, OBI_CBOR_ARRAY, 5);
    obi_cbor_put_bytes(&w, id);
    if (context->has_id_context) {
        obi_cbor_put_bytes(&w,
                           (ob_span){(const char *)context->id_context, context->id_context_len});
    } else {
        obi_cbor_put_head(&w, OBI_CBOR_SIMPLE, 22);
    }
    obi_cbor_put_int(&w, context->aead);
    obi_cbor_put_text(&w, ob_span_str(type));
    obi_cbor_put_head(&w, OBI_CBOR_UINT, len);
    ob_span info = obi_cbor_written(&w);
    return info.len > 0 && obi_hkdf_expand(context->crypto, hash, prk, &info, 1, out, len);
}

static bool derive_all(ob_oscore *context, int hash, const ob_oscore_options *options)
{
    uint8_t prk[OB_LINK_HASH_MAX];
    bool ok =
        obi_hkdf_extract(context->crypto, hash, options->master_salt, options->master_secret,
                         prk) &&
        derive(context, hash, prk, options->sender_id, "Key", context->sender_key,
               context->sizes.key) &&
        derive(context, hash, prk, options->recipient_id, "Key", context->recipient_key,
               context->sizes.key) &&
        derive(context, hash, prk, (ob_span){0}, "IV", context->common_iv, context->sizes.nonce);
    ob_wipe(prk, sizeof prk);
    return ok;
}

static bool check(const ob_oscore_options *options, int aead, int hash, ob_err *err)
{
    ob_link_aead sizes;
    if (!ob_link_aead_of(aead, &sizes) || ob_link_hash_of(hash) == 0) {
        return ob_fail(err, OB_ERR_INPUT, "no AEAD algorithm %d with HKDF over hash %d", aead,
                       hash);
    }
    size_t most = (size_t)sizes.nonce - 6;
    if (options->sender_id.len > most || options->recipient_id.len > most) {
        return ob_fail(err, OB_ERR_INPUT, "an id has %zu bytes at most with AEAD algorithm %d",
                       most, aead);
    }
    if (ob_span_is(options->sender_id, options->recipient_id)) {
        return ob_fail(err, OB_ERR_INPUT, "sender and recipient have the same id");
    }
    if (options->id_context.len > OB_OSCORE_CONTEXT_MAX || options->window > OB_OSCORE_WINDOW_MAX) {
        return ob_fail(err, OB_ERR_INPUT, "an id context has %d bytes at most, a window %d numbers",
                       OB_OSCORE_CONTEXT_MAX, OB_OSCORE_WINDOW_MAX);
    }
    if (options->master_secret.len == 0) {
        return ob_fail(err, OB_ERR_INPUT, "the master secret is empty");
    }
    return true;
}

static uint8_t keep(uint8_t *to, ob_span from)
{
    if (from.len > 0) {
        memcpy(to, from.ptr, from.len);
    }
    return (uint8_t)from.len;
}

bool ob_oscore_init(ob_oscore *context, const ob_oscore_options *options, ob_err *err)
{
    int aead = options->aead == 0 ? OB_AES_CCM_16_64_128 : options->aead;
    int hash = options->hash == 0 ? OB_SHA_256 : options->hash;
    if (!check(options, aead, hash, err)) {
        return false;
    }
    ob_oscore made = {.crypto = options->crypto == NULL ? ob_link_libcrypto() : options->crypto,
                      .aead = aead,
                      .has_id_context = options->has_id_context,
                      .send_id_context = options->send_id_context && options->has_id_context,
                      .window = options->window == 0 ? 32 : (uint8_t)options->window,
                      .sequence_limit = OB_OSCORE_SEQUENCE_MAX + 1};
    (void)ob_link_aead_of(aead, &made.sizes);
    made.sender_id_len = keep(made.sender_id, options->sender_id);
    made.recipient_id_len = keep(made.recipient_id, options->recipient_id);
    made.id_context_len = keep(made.id_context, options->id_context);
    bool ok = derive_all(&made, hash, options);
    if (ok) {
        *context = made;
    }
    ob_wipe(&made, sizeof made);
    return ok || ob_fail(err, OB_ERR_INPUT, "the keys of a context cannot be derived");
}

void ob_oscore_wipe(ob_oscore *context)
{
    const ob_link_crypto *crypto = context->crypto;
    if (crypto != NULL && crypto->forget != NULL) {
        crypto->forget(crypto->ctx, context->sender_key);
        crypto->forget(crypto->ctx, context->recipient_key);
    }
    ob_wipe(context, sizeof *context);
}

void ob_oscore_reserve(ob_oscore *context, uint64_t limit)
{
    context->sequence_limit =
        limit > OB_OSCORE_SEQUENCE_MAX + 1 ? OB_OSCORE_SEQUENCE_MAX + 1 : limit;
}

void ob_oscore_restart(ob_oscore *context, uint64_t sequence)
{
    context->sequence = sequence;
    context->seen_any = false;
    context->seen = 0;
    context->seen_top = 0;
    context->unsure = true;
}

obi_oscore_class obi_oscore_class_of(uint16_t number)
{
    switch (number) {
    case OB_COAP_URI_HOST:
    case OB_COAP_URI_PORT:
    case OB_COAP_OSCORE:
    case OB_COAP_HOP_LIMIT:
    case OB_COAP_EDHOC:
    case OB_COAP_PROXY_URI:
    case OB_COAP_PROXY_SCHEME:
        return OBI_OSCORE_OUTER;
    case OB_COAP_OBSERVE:
    case OB_COAP_NO_RESPONSE:
        return OBI_OSCORE_BOTH;
    default:
        return OBI_OSCORE_INNER;
    }
}

uint8_t obi_oscore_piv(uint64_t number, uint8_t out[5])
{
    uint8_t len = 1;
    while (len < 5 && number >> 8 * len != 0) {
        len++;
    }
    for (uint8_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(number >> 8 * (len - 1 - i));
    }
    return len;
}

uint64_t obi_oscore_number(ob_span piv)
{
    uint64_t number = 0;
    for (size_t i = 0; i < piv.len; i++) {
        number = number << 8 | (uint8_t)piv.ptr[i];
    }
    return number;
}

void obi_oscore_nonce(const ob_oscore *context, ob_span id, ob_span piv, uint8_t *nonce)
{
    size_t size = context->sizes.nonce;
    memset(nonce, 0, size);
    nonce[0] = (uint8_t)id.len;
    if (id.len > 0) {
        memcpy(nonce + size - 5 - id.len, id.ptr, id.len);
    }
    if (piv.len > 0) {
        memcpy(nonce + size - piv.len, piv.ptr, piv.len);
    }
    for (size_t i = 0; i < size; i++) {
        nonce[i] ^= context->common_iv[i];
    }
}

ob_span obi_oscore_aad(const ob_oscore *context, const ob_oscore_bind *bind,
                       uint8_t out[OBI_OSCORE_AAD_MAX])
{
    uint8_t bytes[OBI_OSCORE_AAD_MAX / 2];
    obi_cbor_writer inner = {.ptr = bytes, .cap = sizeof bytes};
    obi_cbor_put_head(&inner, OBI_CBOR_ARRAY, 5);
    obi_cbor_put_int(&inner, 1); /* the version of OSCORE */
    obi_cbor_put_head(&inner, OBI_CBOR_ARRAY, 1);
    obi_cbor_put_int(&inner, context->aead);
    obi_cbor_put_bytes(&inner, (ob_span){(const char *)bind->kid, bind->kid_len});
    obi_cbor_put_bytes(&inner, (ob_span){(const char *)bind->piv, bind->piv_len});
    obi_cbor_put_bytes(&inner, (ob_span){0}); /* class I options: there are none */
    obi_cbor_writer w = {.ptr = out, .cap = OBI_OSCORE_AAD_MAX};
    obi_cbor_put_head(&w, OBI_CBOR_ARRAY, 3);
    obi_cbor_put_text(&w, OB_SPAN("Encrypt0"));
    obi_cbor_put_bytes(&w, (ob_span){0});
    obi_cbor_put_bytes(&w, obi_cbor_written(&inner));
    return obi_cbor_written(&w);
}

bool ob_oscore_option_read(ob_oscore_option *option, ob_span value, ob_err *err)
{
    ob_oscore_option read = {0};
    unsigned flags = value.len > 0 ? (uint8_t)value.ptr[0] : 0;
    size_t piv = flags & 7;
    size_t at = value.len > 0 ? 1 : 0;
    if (flags & 0xe0 || piv > 5) {
        return ob_fail(err, OB_ERR_PEER, "an OSCORE option with reserved bits (0x%02x)", flags);
    }
    if (value.len > 0 && flags == 0) { /* all absent is the empty value, RFC 8613 6.1 */
        return ob_fail(err, OB_ERR_PEER, "an OSCORE option that says nothing must be empty");
    }
    if (value.len - at < piv) {
        return ob_fail(err, OB_ERR_PEER, "an OSCORE option that ends within its Partial IV");
    }
    read.piv = ob_span_sub(value, at, at + piv);
    at += piv;
    if (piv > 1 && read.piv.ptr[0] == 0) {
        return ob_fail(err, OB_ERR_PEER, "a Partial IV that is longer than it needs to be");
    }
    if (flags & 0x10) {
        size_t len = at < value.len ? (uint8_t)value.ptr[at] : SIZE_MAX;
        if (len == SIZE_MAX || value.len - at - 1 < len) {
            return ob_fail(err, OB_ERR_PEER, "an OSCORE option that ends within its kid context");
        }
        read.has_kid_context = true;
        read.kid_context = ob_span_sub(value, at + 1, at + 1 + len);
        at += 1 + len;
    }
    if (flags & 8) {
        read.has_kid = true;
        read.kid = ob_span_sub(value, at, value.len);
    } else if (at != value.len) {
        return ob_fail(err, OB_ERR_PEER, "an OSCORE option with %zu bytes too many",
                       value.len - at);
    }
    *option = read;
    return true;
}
