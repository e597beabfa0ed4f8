/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The link beside OpenSSL's DTLS and TLS: octets, time, and what callgrind is to count.
 * link octets | speed | instructions; lines of NAME VALUE.
 */
#include "link/cbor.h"
#include "link_peer.h"

#include <ombud/link.h>

#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#define CAP 1280

/* --- What the core asks of a cryptographic library: these functions have names of their own, so
 * that what they cost can be told from the rest.
 * ----------------------------------------------------- */

#define OUTSIDE __attribute__((noipa)) static bool

OUTSIDE outside_hash(void *ctx, int alg, const ob_span *parts, size_t count, uint8_t *out)
{
    return ob_link_libcrypto()->hash(ctx, alg, parts, count, out);
}

OUTSIDE outside_hmac(void *ctx, int hash, ob_span key, const ob_span *parts, size_t count,
                     uint8_t *out)
{
    return ob_link_libcrypto()->hmac(ctx, hash, key, parts, count, out);
}

OUTSIDE outside_seal(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                     uint8_t *bytes, size_t len)
{
    return ob_link_libcrypto()->seal(ctx, aead, key, nonce, aad, bytes, len);
}

OUTSIDE outside_open(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                     uint8_t *bytes, size_t len)
{
    return ob_link_libcrypto()->open(ctx, aead, key, nonce, aad, bytes, len);
}

OUTSIDE outside_public_key(void *ctx, int curve, ob_span private_key, uint8_t *x, uint8_t *y)
{
    return ob_link_libcrypto()->public_key(ctx, curve, private_key, x, y);
}

OUTSIDE outside_agree(void *ctx, int curve, ob_span private_key, ob_span peer_x, uint8_t *out)
{
    return ob_link_libcrypto()->agree(ctx, curve, private_key, peer_x, out);
}

OUTSIDE outside_sign(void *ctx, int alg, int curve, ob_span private_key, const ob_span *parts,
                     size_t count, uint8_t *out, size_t *len)
{
    return ob_link_libcrypto()->sign(ctx, alg, curve, private_key, parts, count, out, len);
}

OUTSIDE outside_verify(void *ctx, int alg, int curve, ob_span x, ob_span y, const ob_span *parts,
                       size_t count, ob_span signature)
{
    return ob_link_libcrypto()->verify(ctx, alg, curve, x, y, parts, count, signature);
}

OUTSIDE outside_random(uint8_t *out, size_t len)
{
    return RAND_bytes(out, (int)len) == 1;
}

static ob_link_crypto crypto;

/* --- The two sides ---------------------------------------------------------------------------- */

typedef struct side {
    ob_edhoc edhoc;
    ob_oscore oscore;
    ob_edhoc_cred own;
    ob_span private_key;
    const struct side *peer;
    uint8_t key[32];
    uint8_t public_key[OB_LINK_PUBLIC_MAX];
    uint8_t id[32];
    uint8_t cred[1024];
} side;

typedef struct run {
    side side[2]; /* the Initiator, the Responder */
    unsigned method;
    int suite;
    size_t octets[4]; /* of the messages 1 to 3 */
    uint8_t bytes[CAP];
    ob_span message;
} run;

static void must(bool good, const char *what)
{
    if (!good) {
        stop(what);
    }
}

static bool find(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    const side *s = ctx;
    *peer = s->peer->own;
    return ob_span_is(id, s->peer->own.id);
}

/* By kid: a CCS with the public key of s->key. */
static void name_by_kid(side *s, int curve, uint8_t kid)
{
    ob_err err = {0};
    uint8_t *x = s->public_key;
    bool point = curve == OB_P256;
    must(crypto.public_key(NULL, curve, s->private_key, x, point ? x + 32 : NULL), "no public key");
    obi_cbor_writer w = {.ptr = s->cred, .cap = sizeof s->cred};
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 2);
    obi_cbor_put_int(&w, 2);
    obi_cbor_put_text(&w, OB_SPAN("node"));
    obi_cbor_put_int(&w, 8);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&w, 1);
    obi_cbor_put_head(&w, OBI_CBOR_MAP, point ? 5 : 4);
    obi_cbor_put_int(&w, 1);
    obi_cbor_put_int(&w, point ? 2 : 1);
    obi_cbor_put_int(&w, 2);
    obi_cbor_put_bytes(&w, (ob_span){(const char *)&kid, 1});
    obi_cbor_put_int(&w, -1);
    obi_cbor_put_int(&w, curve);
    obi_cbor_put_int(&w, -2);
    obi_cbor_put_bytes(&w, (ob_span){(const char *)x, 32});
    if (point) {
        obi_cbor_put_int(&w, -3);
        obi_cbor_put_bytes(&w, (ob_span){(const char *)x + 32, 32});
    }
    must(ob_edhoc_ccs(&s->own, obi_cbor_written(&w), s->id, &err), err.text);
}

/* By x5t: the first 8 bytes of the hash of the certificate that OpenSSL uses, too. */
static void name_by_hash(side *s, const own *o)
{
    ob_err err = {0};
    uint8_t der[900];
    uint8_t *at = der;
    uint8_t digest[32];
    int len = i2d_X509(o->certificate, NULL);
    must(len > 0 && (size_t)len <= sizeof der && i2d_X509(o->certificate, &at) == len,
         "a certificate that is too long");
    (void)SHA256(der, (size_t)len, digest);
    obi_cbor_writer w = {.ptr = s->cred, .cap = sizeof s->cred};
    obi_cbor_put_bytes(&w, (ob_span){(const char *)der, (size_t)len});
    must(ob_edhoc_x509(&s->own, obi_cbor_written(&w), s->public_key, &err), err.text);
    obi_cbor_writer i = {.ptr = s->id, .cap = sizeof s->id};
    obi_cbor_put_head(&i, OBI_CBOR_MAP, 1);
    obi_cbor_put_int(&i, 34);
    obi_cbor_put_head(&i, OBI_CBOR_ARRAY, 2);
    obi_cbor_put_int(&i, OB_SHA_256_64);
    obi_cbor_put_bytes(&i, (ob_span){(const char *)digest, 8});
    s->own.id = obi_cbor_written(&i);
}

static void take_key(side *s, const own *o)
{
    BIGNUM *scalar = NULL;
    size_t len = sizeof s->key;
    if (EVP_PKEY_get_base_id(o->key) == EVP_PKEY_EC) {
        must(EVP_PKEY_get_bn_param(o->key, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1 &&
                 BN_bn2binpad(scalar, s->key, 32) == 32,
             "no private key");
        BN_clear_free(scalar);
    } else {
        must(EVP_PKEY_get_raw_private_key(o->key, s->key, &len) == 1, "no private key");
    }
}

/* own: whose certificates name the sides; NULL: they are named by kid. */
static void prepare(run *r, unsigned method, int suite_number, const own *own)
{
    ob_edhoc_suite suite;
    must(ob_edhoc_suite_of(suite_number, &suite), "no such suite");
    memset(r, 0, sizeof *r);
    r->method = method;
    r->suite = suite_number;
    for (int i = 0; i < 2; i++) {
        side *s = &r->side[i];
        bool is_static = (method & (i == 0 ? 2U : 1U)) != 0;
        int curve = is_static ? suite.curve : suite.sign == OB_EDDSA ? OB_ED25519 : OB_P256;
        s->private_key = (ob_span){(const char *)s->key, sizeof s->key};
        s->peer = &r->side[1 - i];
        if (own != NULL) {
            take_key(s, &own[i]);
            name_by_hash(s, &own[i]);
        } else {
            must(outside_random(s->key, sizeof s->key), "no random numbers");
            s->key[0] &= 0x7f; /* below the order of P-256 */
            name_by_kid(s, curve, i == 0 ? 0x2b : 0x32);
        }
    }
}

static void begin(run *r, int i)
{
    side *s = &r->side[i];
    ob_edhoc_options options = {.crypto = &crypto,
                                .method = r->method,
                                .suites = {r->suite},
                                .suite_count = 1,
                                .connection_id = i == 0 ? OB_SPAN("\x0e") : OB_SPAN("\x0f"),
                                .own = s->own,
                                .private_key = s->private_key,
                                .find = find,
                                .ctx = s};
    ob_edhoc_start(&s->edhoc, &options, i == 0);
}

/* What one side does between a message that arrives and the next that it sends. */
static void step(run *r, int n)
{
    ob_err err = {0};
    ob_span ead;
    ob_edhoc *e = &r->side[n & 1].edhoc;
    uint8_t random[32];
    ob_span ephemeral = {(const char *)random, sizeof random};
    bool good = n > 1 || outside_random(random, sizeof random);
    switch (n) {
    case 0:
        begin(r, 0);
        good =
            good && ob_edhoc_write_1(e, ephemeral, (ob_span){0}, r->bytes, CAP, &r->message, &err);
        break;
    case 1:
        begin(r, 1);
        good = good && ob_edhoc_read_1(e, r->message, &ead, &err) &&
               ob_edhoc_write_2(e, ephemeral, (ob_span){0}, r->bytes, CAP, &r->message, &err);
        break;
    case 2:
        good = ob_edhoc_read_2(e, r->message, &ead, &err) &&
               ob_edhoc_write_3(e, (ob_span){0}, r->bytes, CAP, &r->message, &err) &&
               ob_edhoc_oscore(e, &r->side[0].oscore, &err);
        break;
    default:
        good = ob_edhoc_read_3(e, r->message, &ead, &err) &&
               ob_edhoc_oscore(e, &r->side[1].oscore, &err);
    }
    must(good, err.text);
    if (n < 3) {
        r->octets[n + 1] = r->message.len;
    }
}

static void handshake(run *r)
{
    for (int n = 0; n < 4; n++) {
        step(r, n);
    }
}

/* --- A request and its response --------------------------------------------------------------- */

typedef struct exchange {
    ob_oscore client;
    ob_oscore server;
    ob_oscore_bind asked;
    ob_oscore_bind answered;
    ob_coap_msg request;
    ob_coap_msg response;
    size_t plain[2]; /* octets without protection */
    uint8_t options[2][32];
    uint8_t bytes[CAP];
    uint8_t work[CAP];
    ob_span datagram;
} exchange;

#define SENSOR "{\"celsius\":21.5,\"reading\":7}"

static void exchange_prepare(exchange *x)
{
    ob_err err = {0};
    memset(x, 0, sizeof *x);
    ob_oscore_options o = {.crypto = &crypto,
                           .master_secret = OB_SPAN("sixteen bytes of"),
                           .sender_id = OB_SPAN(""),
                           .recipient_id = OB_SPAN("\x01")};
    must(ob_oscore_init(&x->client, &o, &err), err.text);
    o.sender_id = OB_SPAN("\x01");
    o.recipient_id = OB_SPAN("");
    must(ob_oscore_init(&x->server, &o, &err), err.text);
    ob_coap_writer w = ob_coap_writer_on(x->options[0], sizeof x->options[0]);
    ob_coap_add(&w, OB_COAP_URI_PATH, OB_SPAN("sensor"));
    x->request = (ob_coap_msg){.code = OB_COAP_GET,
                               .id = 7,
                               .token_len = 1,
                               .token = {0x4a},
                               .options = {(const char *)x->options[0], w.len}};
    ob_coap_writer v = ob_coap_writer_on(x->options[1], sizeof x->options[1]);
    ob_coap_add_uint(&v, OB_COAP_CONTENT_FORMAT, 50);
    x->response = (ob_coap_msg){.type = OB_COAP_ACK,
                                .code = OB_COAP_CODE(2, 5),
                                .id = 7,
                                .token_len = 1,
                                .token = {0x4a},
                                .options = {(const char *)x->options[1], v.len},
                                .payload = OB_SPAN(SENSOR)};
    x->plain[0] = 4 + 1 + w.len;
    x->plain[1] = 4 + 1 + v.len + 1 + strlen(SENSOR);
}

/* 0: the client protects, 1: the server opens, 2: it answers, 3: the client opens. */
static void exchange_step(exchange *x, int n)
{
    ob_err err = {0};
    ob_oscore_refusal refusal;
    ob_coap_msg outer;
    ob_coap_msg inner;
    bool good = n == 0 || n == 2 || ob_coap_read(&outer, x->datagram, &err);
    switch (n) {
    case 0:
        good = ob_oscore_request(&x->client, &x->request, &x->asked, x->bytes, CAP, &x->datagram,
                                 &err);
        break;
    case 1:
        good = good && ob_oscore_open_request(&x->server, &outer, x->work, CAP, &inner,
                                              &x->answered, &refusal, &err);
        break;
    case 2:
        good = ob_oscore_response(&x->server, &x->answered, &x->response, false, x->bytes, CAP,
                                  &x->datagram, &err);
        break;
    default:
        good = good &&
               ob_oscore_open_response(&x->client, &x->asked, &outer, x->work, CAP, &inner, &err) &&
               ob_span_is(inner.payload, OB_SPAN(SENSOR));
    }
    must(good, err.text);
}

/* --- Octets ----------------------------------------------------------------------------------- */

static void octets(const own all[2][2])
{
    static run r;
    static exchange x;

    static const struct {
        const char *name;
        unsigned method;
        bool by_hash;
    } rows[] = {{"static-kid", 3, false},
                {"static-x5t", 3, true},
                {"sign-kid", 0, false},
                {"sign-x5t", 0, true}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        prepare(&r, rows[i].method, 2, rows[i].by_hash ? all[0] : NULL);
        handshake(&r);
        printf("%s %zu %zu %zu %zu\n", rows[i].name, r.octets[1] + r.octets[2] + r.octets[3],
               r.octets[1], r.octets[2], r.octets[3]);
    }
    exchange_prepare(&x);
    for (int n = 0; n < 4; n++) {
        exchange_step(&x, n);
        if (n == 0 || n == 2) {
            printf("%s %zu\n", n == 0 ? "request" : "response", x.datagram.len - x.plain[n / 2]);
        }
    }
    for (int edwards = 0; edwards < 2; edwards++) {
        const char *curve = edwards ? "x25519" : "p256";
        for (int datagrams = 0; datagrams < 2; datagrams++) {
            const char *name = datagrams ? "dtls" : "tls";
            const own *who = all[datagrams ? 0 : edwards];
            peer p = peer_make(datagrams, edwards, &who[0], &who[1]);
            connection c = connection_make(&p);
            char text[32] = "thirty-two bytes of a CoAP text";
            printf("%s-%s %zu %zu\n", name, curve, c.octets, c.flights);
            printf("%s-%s-record %zu\n", name, curve,
                   connection_send(c.client, c.server, text, sizeof text) - sizeof text);
            connection_free(&c);
            peer_free(&p);
        }
        printf("certificates-%s %d\n", curve,
               i2d_X509(all[edwards][0].certificate, NULL) +
                   i2d_X509(all[edwards][1].certificate, NULL));
    }
}

/* --- Time ---------------------------------------------------------------------------------------
 */

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#define ROUNDS 5

enum {
    ROWS = 12
};

static double best[ROWS];
static const char *names[ROWS];

/* The time of one of count that took since then, where it is the best so far. */
static void keep(int row, const char *name, double since, int count)
{
    double time = (now() - since) / count;
    names[row] = name;
    if (best[row] <= 0 || time < best[row]) {
        best[row] = time;
    }
}

static void time_handshakes(const own all[2][2], int edwards, int row, int count)
{
    static const char *const titles[2][4] = {
        {"static-p256", "sign-p256", "dtls-p256", "tls-p256"},
        {"static-x25519", "sign-x25519", "dtls-x25519", "tls-x25519"}};
    static run r;
    for (int i = 0; i < 2; i++) {
        prepare(&r, i == 0 ? 3 : 0, edwards ? 0 : 2, i == 0 ? NULL : all[edwards]);
        double since = now();
        for (int n = 0; n < count; n++) {
            handshake(&r);
        }
        keep(row + i, titles[edwards][i], since, count);
    }
    for (int i = 2; i < 4; i++) {
        const own *who = all[i == 2 ? 0 : edwards];
        peer p = peer_make(i == 2, edwards, &who[0], &who[1]);
        double since = now();
        for (int n = 0; n < count; n++) {
            connection c = connection_make(&p);
            connection_free(&c);
        }
        keep(row + i, titles[edwards][i], since, count);
        peer_free(&p);
    }
}

static void time_messages(const own all[2][2], int row, int count)
{
    static exchange x;
    double since = 0;
    ob_err err = {0};
    for (int keeping = 0; keeping < 2; keeping++) {
        ob_link_crypto table;
        must(ob_link_keeping_init(&table, &err), err.text);
        exchange_prepare(&x);
        if (keeping) {
            x.client.crypto = &table;
            x.server.crypto = &table;
        }
        since = now();
        for (int n = 0; n < count; n++) {
            for (int k = 0; k < 4; k++) {
                exchange_step(&x, k);
            }
        }
        keep(row + 3 * keeping, keeping ? "message-oscore-keeping" : "message-oscore", since,
             count);
        ob_oscore_wipe(&x.client);
        ob_oscore_wipe(&x.server);
        ob_link_keeping_fini(&table);
    }
    for (int i = 0; i < 2; i++) {
        uint8_t text[128] = {0};
        peer p = peer_make(i == 0, false, &all[0][0], &all[0][1]);
        connection c = connection_make(&p);
        since = now();
        for (int n = 0; n < count; n++) {
            (void)connection_send(c.client, c.server, text, x.plain[0]);
            (void)connection_send(c.server, c.client, text, x.plain[1]);
        }
        keep(row + 1 + i, i == 0 ? "message-dtls" : "message-tls", since, count);
        connection_free(&c);
        peer_free(&p);
    }
}

/* Ours and the peers in turn, so that other work on the machine slows all; the best round counts.
 */
static void speed(const own all[2][2])
{
    for (int round = 0; round < ROUNDS; round++) {
        time_handshakes(all, 0, 0, 100);
        time_handshakes(all, 1, 4, 100);
        time_messages(all, 8, 10000);
    }
    for (int i = 0; i < ROWS && names[i] != NULL; i++) {
        printf("%s %.1f\n", names[i], 1 / best[i]);
    }
}

/* --- Instructions: callgrind counts within measured() and writes a file at each finished().
 * ------- */

__attribute__((noipa)) static void measured(void (*what)(void *ctx, int n), void *ctx, int n)
{
    what(ctx, n);
    __asm__ volatile("" ::: "memory"); /* no jump: the function is left when it is done */
}

__attribute__((noipa)) static void finished(const char *name)
{
    printf("%s\n", name);
    (void)fflush(stdout);
}

static void run_step(void *ctx, int n)
{
    step(ctx, n);
}

static void run_exchange(void *ctx, int n)
{
    exchange_step(ctx, n);
}

static void instructions(void)
{
    static run r;
    static exchange x;
    static const char *const steps[] = {"request-protect", "request-open", "response-protect",
                                        "response-open"};
    char name[48];
    for (unsigned method = 0; method < 4; method++) {
        for (int suite = 0; suite <= 6; suite++) {
            prepare(&r, method, suite, NULL);
            handshake(&r); /* once before: what libcrypto makes at its first use does not count */
            for (int who = 0; who < 2; who++) {
                for (int n = 0; n < 4; n++) {
                    if ((n & 1) == who) {
                        measured(run_step, &r, n);
                    } else {
                        step(&r, n);
                    }
                }
                (void)snprintf(name, sizeof name, "handshake-%u-%d-%s", method, suite,
                               who == 0 ? "initiator" : "responder");
                finished(name);
            }
        }
    }
    exchange_prepare(&x);
    for (int k = 0; k < 5; k++) {
        for (int n = 0; n < 4; n++) {
            if (n == k - 1) {
                measured(run_exchange, &x, n);
            } else {
                exchange_step(&x, n);
            }
        }
        if (k > 0) {
            finished(steps[k - 1]);
        }
    }
}

int main(int argc, char **argv)
{
    crypto = (ob_link_crypto){.hash = outside_hash,
                              .hmac = outside_hmac,
                              .seal = outside_seal,
                              .open = outside_open,
                              .public_key = outside_public_key,
                              .agree = outside_agree,
                              .sign = outside_sign,
                              .verify = outside_verify};
    if (argc == 2 && strcmp(argv[1], "instructions") == 0) {
        instructions();
        return 0;
    }
    own all[2][2] = {{own_make(false, "meter-0001"), own_make(false, "server-01")},
                     {own_make(true, "meter-0001"), own_make(true, "server-01")}};
    if (argc == 2 && strcmp(argv[1], "octets") == 0) {
        octets(all);
    } else if (argc == 2 && strcmp(argv[1], "speed") == 0) {
        speed(all);
    } else {
        stop("link octets | speed | instructions");
    }
    for (int i = 0; i < 4; i++) {
        own_free(&all[i / 2][i % 2]);
    }
    return 0;
}
