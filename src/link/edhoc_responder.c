/* SPDX-License-Identifier: Apache-2.0 */
/* The Responder of EDHOC, RFC 9528 section 5. */
#include "link/edhoc.h"
#include "link/edhoc_hello.h"

#include <ombud/mem.h>

static bool supports(const ob_edhoc *s, int64_t suite)
{
    for (size_t i = 0; i < s->options.suite_count; i++) {
        if (s->options.suites[i] == suite) {
            return true;
        }
    }
    return false;
}

/* SUITES_I: one number, or an array of two and more, whose last is the one that was selected. It
 * must be the first of them that this side supports. *good: it is. */
static bool read_suites(const ob_edhoc *s, obi_cbor_reader *r, int64_t *selected, bool *good)
{
    uint64_t count = 1;
    bool earlier = false;
    if (obi_cbor_is(r, OBI_CBOR_ARRAY) &&
        (!obi_cbor_many(r, OBI_CBOR_ARRAY, &count) || count < 2)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        earlier = earlier || (i > 0 && supports(s, *selected));
        if (!obi_cbor_int(r, selected)) {
            return false;
        }
    }
    *good = !earlier && supports(s, *selected);
    return true;
}

/* The rest of message 1: G_X, C_I, EAD_1. */
static bool read_rest(ob_edhoc *s, obi_cbor_reader *r, ob_span *x, ob_span *ead)
{
    return obi_cbor_bytes(r, x) && obi_edhoc_read_peer_id(s, r) && obi_edhoc_read_ead(s, r, ead);
}

/* Any key will do to see whether x is a point of the curve. */
static bool is_point(ob_edhoc *s, ob_span x)
{
    const ob_link_crypto *crypto = s->options.crypto;
    uint8_t secret[OB_LINK_COORD_MAX];
    uint8_t key[32] = {1};
    key[31] = 1;
    return x.len == ob_link_coord_of(s->suite.curve) &&
           crypto->agree(crypto->ctx, s->suite.curve, (ob_span){(const char *)key, sizeof key}, x,
                         secret);
}

bool ob_edhoc_read_1(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err)
{
    ob_edhoc *s = session;
    const ob_link_crypto *crypto = s->options.crypto;
    obi_cbor_reader r = {.text = message};
    int64_t method = -1;
    int64_t suite = -1;
    bool good = false;
    ob_span x;
    ob_span found;
    unsigned methods = s->options.methods == 0 ? 15 : s->options.methods;
    if (!obi_edhoc_in(s, false, OB_EDHOC_NEW, err)) {
        return false;
    }
    if (!obi_cbor_int(&r, &method) || !read_suites(s, &r, &suite, &good)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 1 cannot be read", err);
    }
    if (method < 0 || method > 3 || (methods >> method & 1) == 0) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "a method that is not accepted", err);
    }
    if (!good || !ob_edhoc_suite_of((int)suite, &s->suite)) {
        return obi_edhoc_fail(s, OB_EDHOC_WRONG_SUITE, "a cipher suite that is not the right one",
                              err);
    }
    if (!read_rest(s, &r, &x, &found)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 1 cannot be read", err);
    }
    if (!is_point(s, x) || !crypto->hash(crypto->ctx, s->suite.hash, &message, 1, s->message_1)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED,
                              "the ephemeral key of message 1 is no point "
                              "of the curve",
                              err);
    }
    s->method = (uint8_t)method;
    memcpy(s->peer_ephemeral, x.ptr, x.len);
    return obi_edhoc_step(s, OB_EDHOC_READ_1, ead, found);
}

/* Message 2 from s->plain. The keystream comes from PRK_2e and TH_2; afterwards the transcript goes
 * on, with the PRK that the session has. */
static bool seal_2(ob_edhoc *s, const uint8_t *prk_2e, ob_span g_y, uint8_t *out, size_t cap,
                   ob_span *message)
{
    uint8_t prk_3e2m[OB_LINK_HASH_MAX];
    memcpy(prk_3e2m, s->prk, sizeof prk_3e2m);
    memcpy(s->prk, prk_2e, sizeof s->prk);
    obi_cbor_writer w = {.ptr = out, .cap = cap};
    obi_cbor_put_head(&w, OBI_CBOR_BYTES, g_y.len + s->plain_len);
    obi_cbor_put_raw(&w, g_y);
    size_t at = w.len;
    obi_cbor_put_raw(&w, (ob_span){(const char *)s->plain, s->plain_len});
    bool ok = !w.full && obi_edhoc_stream_2(s);
    if (ok) {
        uint8_t *sealed = out + at; /* and the plaintext comes back for the transcript */
        for (size_t i = 0; i < s->plain_len; i++) {
            uint8_t plain = sealed[i];
            sealed[i] = s->plain[i];
            s->plain[i] = plain;
        }
        ok = obi_edhoc_next_th(s, (ob_span){(const char *)s->plain, s->plain_len},
                               s->options.own.cred);
    }
    memcpy(s->prk, prk_3e2m, sizeof prk_3e2m);
    ob_wipe(prk_3e2m, sizeof prk_3e2m);
    if (!ok) {
        ob_wipe(out, w.len);
        return false;
    }
    *message = obi_cbor_written(&w);
    return true;
}

bool ob_edhoc_write_2(ob_edhoc *session, ob_span ephemeral, ob_span ead, uint8_t *out, size_t cap,
                      ob_span *message, ob_err *err)
{
    ob_edhoc *s = session;
    const ob_edhoc_options *o = &s->options;
    uint8_t y[32];
    if (!obi_edhoc_in(s, false, OB_EDHOC_READ_1, err)) {
        return false;
    }
    if (o->connection_id.len > OB_EDHOC_ID_MAX || ephemeral.len != sizeof s->ephemeral ||
        obi_edhoc_is_peer_id(s, o->connection_id)) {
        return ob_fail(err, OB_ERR_USAGE,
                       "EDHOC: an identifier of one's own that differs from the "
                       "peer's, and 32 bytes for a key, are wanted");
    }
    memcpy(s->ephemeral, ephemeral.ptr, sizeof s->ephemeral);
    ob_span g_y = {(const char *)y, sizeof y};
    ob_span peer = {(const char *)s->peer_ephemeral, sizeof s->peer_ephemeral};
    if (!o->crypto->public_key(o->crypto->ctx, s->suite.curve, ephemeral, y, NULL) ||
        !obi_edhoc_agree_2(s, g_y)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "this ephemeral key cannot be used", err);
    }
    uint8_t prk_2e[OB_LINK_HASH_MAX];
    memcpy(prk_2e, s->prk, sizeof prk_2e);
    bool ok = !obi_edhoc_is_static(s, 2) || obi_edhoc_mix(s, OBI_SALT_3E2M, o->private_key, peer) ||
              obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "the own static key does not work", err);
    ok = ok && obi_edhoc_write_plain(s, 2, ead, err) &&
         (seal_2(s, prk_2e, g_y, out, cap, message) ||
          obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 2 does not fit", err));
    ob_wipe(prk_2e, sizeof prk_2e);
    return ok && obi_edhoc_step(s, OB_EDHOC_SENT_2, NULL, (ob_span){0});
}

bool ob_edhoc_read_3(ob_edhoc *session, ob_span message, ob_span *ead, ob_err *err)
{
    ob_edhoc *s = session;
    obi_edhoc_plain plain;
    if (!obi_edhoc_in(s, false, OB_EDHOC_SENT_2, err) || !obi_edhoc_open(s, 3, message, err)) {
        return false;
    }
    if (!obi_edhoc_read_plain(s, 3, &plain)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "message 3 cannot be read", err);
    }
    if (!obi_edhoc_believe(s, 3, &plain, err)) {
        return false;
    }
    if (!obi_edhoc_finish(s)) {
        return obi_edhoc_fail(s, OB_EDHOC_UNSPECIFIED, "keys cannot be derived", err);
    }
    return obi_edhoc_step(s, OB_EDHOC_DONE, ead, plain.ead);
}

bool ob_edhoc_write_4(ob_edhoc *session, ob_span ead, uint8_t *out, size_t cap, ob_span *message,
                      ob_err *err)
{
    ob_edhoc *s = session;
    if (!obi_edhoc_in(s, false, OB_EDHOC_DONE, err)) {
        return false;
    }
    if (ead.len > sizeof s->plain) {
        return ob_fail(err, OB_ERR_LIMIT, "EDHOC: %zu bytes of authorization data", ead.len);
    }
    if (ead.len > 0) {
        memcpy(s->plain, ead.ptr, ead.len);
    }
    s->plain_len = ead.len;
    return obi_edhoc_seal(s, 4, out, cap, message, err);
}
