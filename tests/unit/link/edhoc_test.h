/* SPDX-License-Identifier: Apache-2.0 */
/* Two sides of EDHOC that know each other. */
#ifndef OB_EDHOC_TEST_H
#define OB_EDHOC_TEST_H

#include "link/cbor.h"
#include "ob_test.h"

#include <ombud/link.h>

#define CAP 1024

typedef struct side {
    ob_edhoc edhoc;
    uint8_t key[32];
    uint8_t x[32];
    uint8_t y[32];
    uint8_t cred[128];
    uint8_t id[24];
    ob_edhoc_cred own;
    const ob_edhoc_cred *peer;
} side;

static inline bool find(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    const side *s = ctx;
    *peer = *s->peer;
    return ob_span_is(id, s->peer->id);
}

/* A key of that curve and a CCS around it. seed: another key each. */
static inline void make_cred(side *s, int curve, const char *kid, uint8_t seed)
{
    ob_err err = {0};
    const ob_link_crypto *crypto = ob_link_libcrypto();
    bool point = curve == OB_P256;
    memset(s->key, seed, sizeof s->key);
    assert_true(crypto->public_key(NULL, curve, (ob_span){(const char *)s->key, 32}, s->x,
                                   point ? s->y : NULL));
    obi_cbor_writer w = {.ptr = s->cred, .cap = sizeof s->cred};
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 2);
    obi_cbor_put_int(&w, 2);
    obi_cbor_put_text(&w, OB_SPAN("meter"));
    obi_cbor_put_int(&w, 8);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 1);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, point ? 5 : 4);
    obi_cbor_put_int(&w, 1);
    obi_cbor_put_int(&w, point ? 2 : 1);
    obi_cbor_put_int(&w, 2);
    obi_cbor_put_bytes(&w, ob_span_str(kid));
    obi_cbor_put_int(&w, -1);
    obi_cbor_put_int(&w, curve);
    obi_cbor_put_int(&w, -2);
    obi_cbor_put_bytes(&w, (ob_span){(const char *)s->x, 32});
    if (point) {
        obi_cbor_put_int(&w, -3);
        obi_cbor_put_bytes(&w, (ob_span){(const char *)s->y, 32});
    }
    assert_ok(ob_edhoc_ccs(&s->own, obi_cbor_written(&w), s->id, &err));
    assert_true(ob_span_is(s->own.x, (ob_span){(const char *)s->x, 32}));
}

static inline int curve_of(const ob_edhoc_suite *suite, bool is_static)
{
    return is_static ? suite->curve : suite->sign == OB_EDDSA ? OB_ED25519 : OB_P256;
}

static inline void start(side *i, side *r, unsigned method, int suite_number)
{
    ob_edhoc_suite suite;
    assert_true(ob_edhoc_suite_of(suite_number, &suite));
    make_cred(i, curve_of(&suite, (method & 2) != 0), "+", 3); /* "+" is the number -12 */
    make_cred(r, curve_of(&suite, (method & 1) != 0), "long", 4);
    i->peer = &r->own;
    r->peer = &i->own;
    ob_edhoc_options options = {.method = method,
                                .suites = {suite_number},
                                .suite_count = 1,
                                .connection_id = OB_SPAN("\x0e"),
                                .own = i->own,
                                .private_key = {(const char *)i->key, 32},
                                .find = find,
                                .ctx = i};
    ob_edhoc_start(&i->edhoc, &options, true);
    options.connection_id = OB_SPAN("server");
    options.own = r->own;
    options.private_key = (ob_span){(const char *)r->key, 32};
    options.ctx = r;
    ob_edhoc_start(&r->edhoc, &options, false);
}

#define RANDOM_X OB_SPAN("an ephemeral key is 32 bytes,yes")
#define RANDOM_Y OB_SPAN("the other side draws others: 32.")

typedef struct sent {
    uint8_t bytes[CAP];
    ob_span text;
} sent;

#endif
