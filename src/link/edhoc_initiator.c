/* SPDX-License-Identifier: Apache-2.0 */
/* The Initiator of EDHOC, RFC 9528 section 5. */
#include "link/edhoc.h"
#include "link/edhoc_hello.h"

#include <ombud/mem.h>

bool ob_edhoc_write_1(ob_edhoc *session, ob_span ephemeral, ob_span ead, uint8_t *out, size_t cap,
                      ob_span *message, ob_err *err)
{
    ob_edhoc *s = session;
    const ob_edhoc_options *o = &s->options;
    uint8_t x[32];
    if (!obi_edhoc_in(s, true, OB_EDHOC_NEW, err)) {
        return false;
    }
    if (o->method > 3 || o->suite >= o->suite_count || o->suite_count > OB_EDHOC_SUITES_MAX ||
        !ob_edhoc_suite_of(o->suites[o->suite], &s->suite) ||
        o->connection_id.len > OB_EDHOC_ID_MAX || ephemeral.len != sizeof s->ephemeral) {
        return ob_fail(err, OB_ERR_USAGE,
                       "EDHOC: method, suite, identifier or ephemeral key "
                       "cannot be");
    }
    s->method = (uint8_t)o->method;
    memcpy(s->ephemeral, ephemeral.ptr, sizeof s->ephemeral);
    if (!o->crypto->public_key(o->crypto->ctx, s->suite.curve, ephemeral, x, NULL)) {
        return obi_edhoc_fail(s, 0, "this ephemeral key cannot be used; draw another one", err);
    }
    obi_cbor_writer w = {.ptr = out, .cap = cap};
    obi_cbor_put_int(&w, s->method);
    if (o->suite > 0) {
        obi_cbor_put_head(&w, OBI_CBOR_ARRAY, o->suite + 1);
    }
    for (size_t i = 0; i <= o->suite; i++) {
        obi_cbor_put_int(&w, o->suites[i]);
    }
    obi_cbor_put_bytes(&w, (ob_span){(const char *)x, sizeof x});
    obi_edhoc_put_id(&w, o->connection_id);
    obi_cbor_put_raw(&w, ead);
    ob_span made = obi_cbor_written(&w);
    if (w.full || !o->crypto->hash(o->crypto->ctx, s->suite.hash, &made, 1, s->message_1)) {
        return obi_edhoc_fail(s, 0, "message 1 does not fit", err);
    }
    s->state = OB_EDHOC_SENT_1;
    *message = made;
    return true;
}

/* Message 2 is one byte string: the ephemeral key, then the ciphertext. */
static bool open_2(ob_edhoc *s, ob_span message, ob_err *err)
{
    ob_span sealed;
    obi_cbor_reader r = {.text = message};
    size_t coord = ob_link_coord_of(s->suite.curve);
    if (!obi_cbor_bytes(&r, &sealed) || !obi_cbor_done(&r) || sealed.len <= coord ||
        sealed.len - coord > sizeof s->plain) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 2 is not one byte string that fits",
                              err);
    }
    memcpy(s->peer_ephemeral, sealed.ptr, coord);
    s->plain_len = sealed.len - coord;
    if (!obi_edhoc_agree_2(s, ob_span_sub(sealed, 0, coord))) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED,
                              "the ephemeral key of message 2 is no point "
                              "of the curve",
                              err);
    }
    memcpy(s->plain, sealed.ptr + coord, s->plain_len);
    return obi_edhoc_stream_2(s) ||
           obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 2 is too long", err);
}

bool ob_edhoc_read_2(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err)
{
    ob_edhoc *s = session;
    obi_edhoc_plain plain;
    if (!obi_edhoc_in(s, true, OB_EDHOC_SENT_1, err) || !open_2(s, message, err)) {
        return false;
    }
    if (!obi_edhoc_read_plain(s, 2, &plain)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 2 cannot be read", err);
    }
    if (obi_edhoc_is_peer_id(s, s->options.connection_id)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "both sides chose the same identifier", err);
    }
    return obi_edhoc_believe(s, 2, &plain, err) &&
           obi_edhoc_step(s, OB_EDHOC_READ_2, ead, plain.ead);
}

bool ob_edhoc_write_3(ob_edhoc *session, ob_span ead, uint8_t *out, size_t cap, ob_span *message,
                      ob_err *err)
{
    ob_edhoc *s = session;
    if (!obi_edhoc_in(s, true, OB_EDHOC_READ_2, err)) {
        return false;
    }
    /* Key and nonce of message 3 come from PRK_3e2m and TH_3, before the own static key joins. */
    uint8_t prk[OB_LINK_HASH_MAX];
    memcpy(prk, s->prk, sizeof prk);
    ob_span peer = {(const char *)s->peer_ephemeral, sizeof s->peer_ephemeral};
    bool ok = !obi_edhoc_is_static(s, 3) ||
              obi_edhoc_mix(s, OBI_SALT_4E3M, s->options.private_key, peer) ||
              obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "the own static key does not work", err);
    ok = ok && obi_edhoc_write_plain(s, 3, ead, err) &&
         obi_edhoc_seal_3(s, prk, out, cap, message, err);
    ob_wipe(prk, sizeof prk);
    return ok;
}

bool ob_edhoc_read_4(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err)
{
    ob_edhoc *s = session;
    if (!obi_edhoc_in(s, true, OB_EDHOC_DONE, err) || !obi_edhoc_open(s, 4, message, err)) {
        return false;
    }
    obi_cbor_reader r = {.text = {(const char *)s->plain, s->plain_len}};
    return obi_edhoc_read_ead(s, &r, ead) ||
           obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 4 cannot be read", err);
}
